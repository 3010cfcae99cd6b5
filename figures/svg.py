"""From matplotlib's SVG to a small inline one: text as text, colours as CSS variables, no id but the panel's own.

matplotlib writes a document: a global style, metadata, ids like ``figure_1``, colours as hexes, six decimals. Many
figures share one page here, in a light and a dark theme, so its XML is read and written anew.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from figures.errors import ResultError
from figures.letters import TEXT_SIZE, Line, refuse_collisions
from figures.outlines import hundredths, printed, radius_of, relative

DROPPED = ("font-family", "font-variant", "font-stretch")  # the page's font


@dataclass(frozen=True)
class Shape:
    """One drawn thing: what it is (``geometry``) apart from how it looks (``style``)."""

    tag: str
    geometry: dict[str, str]
    style: dict[str, str]
    text: str | None = None


@dataclass
class Reader:
    """What reading one drawing needs: its palette (hex -> CSS value), its namespace, and what was met so far."""

    palette: Mapping[str, str]
    namespace: str
    definitions: dict[str, ET.Element]
    clips: dict[str, str] = field(default_factory=dict)  # id in matplotlib's SVG -> id here

    def shapes(self, parent: ET.Element, clip: str | None = None) -> Iterator[Shape]:
        """All that is drawn below ``parent``, in order; ``ResultError`` for what has no place in a figure."""
        for element in parent:
            tag = element.tag.rpartition("}")[2]
            own_clip = element.get("clip-path", clip)
            if tag == "g":
                yield from self.shapes(element, own_clip)
            elif tag == "text":
                yield self.text(element)
            elif tag in ("path", "use"):
                style = self.style(element)
                if style.keys() & {"fill", "stroke"}:
                    if own_clip:
                        style["clip-path"] = f"url(#{self.clip(own_clip)})"
                    yield self.path(element, style) if tag == "path" else self.marker(element, style)
            elif tag not in ("defs", "metadata"):
                raise ResultError(f"SVGの <{tag}> は使えません。線、面、点、文字で描いてください。")

    def clip(self, reference: str) -> str:
        """The id here of a clip path that matplotlib refers to as ``url(#…)``."""
        return self.clips.setdefault(reference[5:-1], f"{self.namespace}-clip{len(self.clips)}")

    def style(self, element: ET.Element) -> dict[str, str]:
        """The style as presentation attributes (a style attribute would need an exception in the page's CSP)."""
        given = dict(item.split(": ", 1) for item in element.get("style", "").split("; ") if item)
        given.setdefault("fill", "#000000")  # matplotlib leaves out what is SVG's default
        kept = {}
        for name, value in given.items():
            if name in ("fill", "stroke"):
                if value != "none":
                    kept[name] = self.colour(value)
            elif name == "stroke-dasharray":
                kept[name] = value.replace(",", " ")
            elif name not in DROPPED and (name, value) != ("stroke-dashoffset", "0"):
                kept[name] = value
        return kept

    def colour(self, value: str) -> str:
        """The CSS value of a hex of the palette."""
        if value not in self.palette:
            raise ResultError(f"色 {value} は配色にありません。figures/strokes.py の COLOURS の色で描いてください。")
        return self.palette[value]

    def text(self, element: ET.Element) -> Shape:
        """One line of text, level and large enough, in the page's font."""
        style = self.style(element)
        if "rotate(" in (turn := element.get("transform", "")) and float(turn.split("(")[1].split()[0]):
            raise ResultError(f"文字「{element.text}」が回っています。文字は横書きのまま置いてください。")
        size = float(style.pop("font-size").removesuffix("px"))
        if size < TEXT_SIZE:
            raise ResultError(f"文字「{element.text}」の大きさが{size:g}です。{TEXT_SIZE}以上にしてください。")
        if size > TEXT_SIZE:
            style["font-size"] = f"{size / TEXT_SIZE:g}em"
        if style.get("text-anchor") == "start":
            del style["text-anchor"]
        geometry = {name: printed(hundredths(element.get(name, "0"))) for name in ("x", "y")}
        return Shape("text", geometry, style, element.text)

    def path(self, element: ET.Element, style: dict[str, str]) -> Shape:
        """A path that is drawn once."""
        return Shape("path", {"d": relative(element.get("d", ""))}, style)

    def marker(self, element: ET.Element, style: dict[str, str]) -> Shape:
        """A use of a defined path, as a circle if it is one, else as the path itself, moved."""
        definition = self.definitions[element.get("{http://www.w3.org/1999/xlink}href", "")[1:]].get("d", "")
        x, y = hundredths(element.get("x", "0")), hundredths(element.get("y", "0"))
        if radius := radius_of(definition):
            return Shape("circle", {"cx": printed(x), "cy": printed(y), "r": printed(radius)}, style)
        return Shape("path", {"d": relative(definition, (x, y))}, style)

    def clip_paths(self) -> Iterator[ET.Element]:
        """Those that were referred to."""
        for there, here in self.clips.items():
            made = ET.Element("clipPath", {"id": here})
            for part in self.definitions[there]:
                if outline := part.get("d"):
                    ET.SubElement(made, "path", {"d": relative(outline)})
                else:
                    sides = {side: printed(hundredths(part.get(side, "0"))) for side in ("x", "y", "width", "height")}
                    ET.SubElement(made, "rect", sides)
            yield made


def inline(source: str, namespace: str, palette: Mapping[str, str], growth: float) -> str:
    """Rebuild matplotlib's SVG ``source`` so that it can stand in a page among others.

    Args:
        source: a document as matplotlib writes it with ``svg.fonttype: none``.
        namespace: beginning of every id.
        palette: hex -> CSS value.
        growth: factor by which the page may enlarge text, up to which no two may overlap.

    Raises:
        ResultError: a colour outside the palette, an image, turned, small or overlapping text.
    """
    document = ET.fromstring(source)
    reader = Reader(palette, namespace, {e.get("id", ""): e for e in document.iter()})
    shapes = list(reader.shapes(document))
    frame = document.get("viewBox", "").split()
    refuse_collisions([_line(shape) for shape in shapes if shape.text], float(frame[2]), float(frame[3]), growth)
    root = ET.Element(
        "svg",
        {
            "class": "plot-panel",
            "viewBox": " ".join(frame),
            "width": frame[2],
            "font-size": str(TEXT_SIZE),
            "fill": "none",
            "stroke-linejoin": "round",
        },
    )
    for style, alike in itertools.groupby(shapes, key=lambda shape: shape.style):
        run = list(alike)
        parent = ET.SubElement(root, "g", style) if len(run) > 1 else root
        for shape in run:
            element = ET.SubElement(parent, shape.tag, shape.geometry | ({} if len(run) > 1 else style))
            element.text = shape.text
    root.extend(reader.clip_paths())
    return ET.tostring(root, encoding="unicode").replace(" />", "/>")


def _line(text: Shape) -> Line:
    size = TEXT_SIZE * float(text.style.get("font-size", "1em")[:-2])
    left = {"middle": 0.5, "end": 1.0}.get(text.style.get("text-anchor", ""), 0.0)
    return Line(text.text or "", float(text.geometry["x"]), float(text.geometry["y"]), size, left)
