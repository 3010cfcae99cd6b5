"""The map of the field: one SVG, drawn from the relations of the glossary's terms, narrow enough for a phone.

A tree stands at the left: each term below its broader one, the line thinner at every step down, as this blog's
ornament has it. A term without a broader one hangs, on a dotted line, below a term that it is otherwise related to. At
the right, arcs join what is the same on a condition (solid), opposite (dashed), or easily confused (dotted). Terms are
links.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import escape

from markupsafe import Markup

from hooks.terms import Term

WIDTH, ROW, APART = 344, 27, 12  # units; on a phone one of them is one pixel
LEFT, INDENT, GAP = 4, 15, 6
RIGHT = 262  # where the arcs begin
SIGN = 13  # a full-width character; a Latin one is about half
STROKES = (5, 3, 2, 1.2, 0.8)  # by depth
ARCS = {"synonyms": "", "opposites": "6 3", "confused_with": "1.5 3"}
HANGS_ON = ("opposites", "synonyms", "confused_with", "related", "appears_with")


@dataclass
class _Node:
    term: Term
    depth: int = 0
    dotted: bool = False
    children: list[_Node] = field(default_factory=list)

    def __len__(self) -> int:
        return 1 + sum(map(len, self.children))


def field_map(terms: list[Term], links: Mapping[str, str]) -> Markup:
    """The drawing; ``links`` are the addresses by headword."""
    rows = [node for root in _forest(terms) for node in _walk(root)]
    places, y = {}, 0
    for node in rows:
        y += ROW if node.depth else ROW + APART
        places[node.term.term] = y
    height = y + ROW // 2
    body = "".join([*_branches(rows, places), *_arcs(rows, places), *_labels(rows, places, links)])
    return Markup(
        f'<svg class="field-map" viewBox="0 0 {WIDTH} {height}" role="group" aria-label="用語のつながり">{body}</svg>'
    )


def _forest(terms: list[Term]) -> list[_Node]:
    """Every term once: below its first broader term, else below what it is related to; the largest tree first."""
    nodes = {term.term: _Node(term) for term in terms}
    roots: list[str] = []
    alone: list[str] = []
    for name, node in nodes.items():
        if broader := next(iter(node.term.relations["broader"]), None):
            nodes[broader].children.append(node)
        else:
            (roots if node.term.relations["narrower"] else alone).append(name)
    placed = {name for root in roots for name in (node.term.term for node in _walk(nodes[root]))}
    while alone:
        hung = [(name, place) for name in alone if (place := _hook(nodes[name].term, placed))]
        if not hung:  # a group that is related to nothing in the trees
            hung, roots = [], [*roots, alone[0]]
            placed.add(alone.pop(0))
        for name, place in hung:
            nodes[name].dotted = True
            nodes[place].children.append(nodes[name])
            placed |= {node.term.term for node in _walk(nodes[name])}
            alone.remove(name)
    for name in roots:
        _deepen(nodes[name], 0)
    return sorted((nodes[name] for name in roots), key=lambda node: -len(node))


def _hook(term: Term, placed: set[str]) -> str | None:
    return next((name for kind in HANGS_ON for name in term.relations[kind] if name in placed), None)


def _deepen(node: _Node, depth: int) -> None:
    node.depth = depth
    for child in node.children:
        _deepen(child, depth + 1)


def _walk(node: _Node) -> Iterator[_Node]:
    yield node
    for child in sorted(node.children, key=lambda child: child.dotted):
        yield from _walk(child)


def _branches(rows: list[_Node], places: Mapping[str, int]) -> Iterator[str]:
    """From each term down to its children."""
    for node in rows:
        x, y = LEFT + node.depth * INDENT, places[node.term.term]
        for child in node.children:
            to = places[child.term.term]
            look = ' stroke-dasharray="1.5 3"' if child.dotted else ""
            width = 1 if child.dotted else STROKES[min(node.depth, len(STROKES) - 1)]
            yield f'<path d="M{x} {y + ROW // 3}V{to}h{INDENT - GAP // 2}" stroke-width="{width}"{look}/>'


def _arcs(rows: list[_Node], places: Mapping[str, int]) -> Iterator[str]:
    for node in rows:
        for kind, dashes in ARCS.items():
            for name in node.term.relations[kind]:
                start, end = places[node.term.term], places[name]
                if start < end:
                    out = RIGHT + min(16 + (end - start) ** 0.5 * 2, WIDTH - RIGHT - 2)
                    look = f' stroke-dasharray="{dashes}"' if dashes else ""
                    curve = f"M{RIGHT} {start}C{out:.0f} {start} {out:.0f} {end} {RIGHT} {end}"
                    yield f'<path class="field-map__arc" d="{curve}"{look}/>'


def _labels(rows: list[_Node], places: Mapping[str, int], links: Mapping[str, str]) -> Iterator[str]:
    """The terms, and a hairline from those that an arc begins at."""
    for node in rows:
        term, x, y = node.term, LEFT + node.depth * INDENT, places[node.term.term]
        if any(term.relations[kind] for kind in ARCS):
            end = x + sum(SIGN if ord(sign) > 0x2FF else SIGN * 0.6 for sign in term.term) + GAP
            yield f'<path class="field-map__rule" d="M{end:.0f} {y}H{RIGHT}"/>'
        weight = "" if node.depth else ' font-weight="600"'
        text = f'<text x="{x}" y="{y + 5}"{weight}>{escape(term.term)}</text>'
        yield f'<a href="{escape(links[term.term])}">{text}</a>'
