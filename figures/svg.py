"""From matplotlib's SVG to a small inline one: text as text, colours as CSS variables, no id but the panel's own.

matplotlib writes a document: a global style, metadata, ids like ``figure_1``, colours as hexes, six decimals. Many
figures share one page here, in a light and a dark theme, so its XML is read and written anew. Coordinates become
whole hundredths of a unit before anything is decided about them: what two machines compute differently in the last bits
of a float is then the same.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from xml.etree import ElementTree as ET

from matplotlib.font_manager import get_font
from matplotlib.ft2font import FT2Font, LoadFlags
from matplotlib_fontja import get_font_ttf_path  # type: ignore[import-untyped]

from figures.errors import ResultError

FONT, FONT_FILE = "IPAexGothic", get_font_ttf_path()  # for measuring only
TEXT_SIZE = 12.5  # units; the smallest there is, and what the page's style sheet may enlarge
DROPPED = ("font-family", "font-variant", "font-stretch")  # the page's font

Point = tuple[int, int]  # in hundredths of a unit, y downwards
Box = tuple[float, float, float, float]  # left, right, top, bottom


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
            raise ResultError(f"色 {value} は配色にありません。figures/plot.py の COLOURS の色で描いてください。")
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
        geometry = {name: _print(_hundredths(element.get(name, "0"))) for name in ("x", "y")}
        return Shape("text", geometry, style, element.text)

    def path(self, element: ET.Element, style: dict[str, str]) -> Shape:
        """A path that is drawn once."""
        return Shape("path", {"d": _path(element.get("d", ""))}, style)

    def marker(self, element: ET.Element, style: dict[str, str]) -> Shape:
        """A use of a defined path, as a circle if it is one, else as the path itself, moved."""
        definition = self.definitions[element.get("{http://www.w3.org/1999/xlink}href", "")[1:]].get("d", "")
        x, y = _hundredths(element.get("x", "0")), _hundredths(element.get("y", "0"))
        if radius := _radius(definition):
            return Shape("circle", {"cx": _print(x), "cy": _print(y), "r": _print(radius)}, style)
        return Shape("path", {"d": _path(definition, (x, y))}, style)

    def clip_paths(self) -> Iterator[ET.Element]:
        """Those that were referred to."""
        for there, here in self.clips.items():
            made = ET.Element("clipPath", {"id": here})
            for part in self.definitions[there]:
                if path := part.get("d"):
                    ET.SubElement(made, "path", {"d": _path(path)})
                else:
                    sides = {side: _print(_hundredths(part.get(side, "0"))) for side in ("x", "y", "width", "height")}
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
    _refuse_collisions([shape for shape in shapes if shape.tag == "text"], float(frame[2]), float(frame[3]), growth)
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


# --- text ---


@cache
def _font() -> FT2Font:
    return get_font(FONT_FILE)


def text_width(text: str, size: float = TEXT_SIZE) -> float:
    """Width in units, in the font of matplotlib-fontja, which runs slightly wider than those of readers.

    Raises:
        ResultError: a character that the font lacks, and readers' fonts may lack too.
    """
    font = _font()
    for character in text:
        if not font.get_char_index(ord(character)):
            raise ResultError(f"文字 {character!r}（U+{ord(character):04X}）の字形がありません。別の字にしてください。")
    font.set_size(size, 72)
    font.set_text(text, 0.0, flags=LoadFlags.NO_HINTING)
    return float(font.get_width_height()[0]) / 64


def _box(text: Shape, growth: float) -> Box:
    size = TEXT_SIZE * float(text.style.get("font-size", "1em")[:-2]) * growth
    width = text_width(text.text or "", size)
    x, y = float(text.geometry["x"]), float(text.geometry["y"])
    left = x - width * {"middle": 0.5, "end": 1.0}.get(text.style.get("text-anchor", ""), 0.0)
    return left, left + width, y - 0.85 * size, y + 0.12 * size


def _refuse_collisions(texts: Iterable[Shape], width: float, height: float, growth: float) -> None:
    """``ResultError`` where two texts would overlap, also when enlarged, or one leaves the panel."""
    texts = [text for text in texts if text.text]
    for text in texts:
        left, right, top, bottom = _box(text, 1.0)
        if left < -1 or right > width + 1 or top < 0 or bottom > height:
            raise ResultError(f"「{text.text}」がパネルからはみ出します。短くしてください。")
    for (one, a), (two, b) in itertools.combinations([(text.text, _box(text, growth)) for text in texts], 2):
        if a[0] < b[1] and b[0] < a[1] and a[2] < b[3] and b[2] < a[3]:
            raise ResultError(f"「{one}」と「{two}」が重なります。離すか、どちらかを外してください。")


# --- coordinates ---


def _hundredths(value: str) -> int:
    """A coordinate in hundredths of a unit. An exact half is one here too: matplotlib has cut it to six decimals."""
    return math.floor(float(value) * 100 + 0.5)


def _print(hundredths: int) -> str:
    whole, rest = divmod(abs(hundredths), 100)
    text = f"{whole or ''}.{rest:02}".rstrip("0") if rest else str(whole)
    return f"-{text}" if hundredths < 0 else text


def _segments(d: str) -> Iterator[tuple[str, list[Point]]]:
    """Each command of a path as matplotlib writes it, absolute and fully spelt: ``M x y L x y C x y x y x y z``."""
    tokens = d.split()
    starts = [i for i, token in enumerate(tokens) if token.isalpha()]
    for start, end in itertools.pairwise([*starts, len(tokens)]):
        numbers = [_hundredths(token) for token in tokens[start + 1 : end]]
        yield tokens[start], list(zip(numbers[::2], numbers[1::2], strict=True))


def _radius(d: str) -> int:
    """The radius, if the path is matplotlib's circle of eight curves around the origin, else 0."""
    (_, start), *rest = _segments(d)
    curves = [points[-1] for command, points in rest if command == "C"]
    radii = [math.hypot(*point) for point in (*start, *curves)]
    return round(radii[0]) if len(curves) == 8 and max(radii) - min(radii) < 2 else 0


def _path(d: str, offset: Point = (0, 0)) -> str:
    """The path in relative commands, moved by ``offset``, without points that make no difference."""
    out: list[str] = []
    here = start = (0, 0)
    last = ""
    for command, points in _thinned(_segments(d)):
        if command == "z":
            out.append("z")
            here, last = start, ""
            continue
        moved = [(x + offset[0], y + offset[1]) for x, y in points]
        letter, values = command.lower(), [c for x, y in moved for c in (x - here[0], y - here[1])]
        if letter == "l" and 0 in values:
            letter, values = ("h", values[:1]) if values[1] == 0 else ("v", values[1:])
        numbers = " ".join(map(_print, values)).replace(" -", "-")
        implied = letter == last or (letter, last) == ("l", "m")
        out.append(letter + numbers if not implied else numbers if numbers[0] == "-" else f" {numbers}")
        here, last = moved[-1], letter
        start = here if command == "M" else start
    return "".join(out)


def _thinned(segments: Iterable[tuple[str, list[Point]]]) -> Iterator[tuple[str, list[Point]]]:
    """The same with every run of straight lines thinned out."""
    run: list[Point] = []
    for command, points in segments:
        if command == "L":
            run.extend(points)
            continue
        yield from (("L", [point]) for point in _thin(run)[1:])
        yield command, points
        run = points[-1:]
    yield from (("L", [point]) for point in _thin(run)[1:])


def _thin(line: list[Point]) -> list[Point]:
    """Drop the points within 0.03 units of a straight line (Douglas and Peucker 1973), in whole numbers."""
    if len(line) < 3:
        return line
    (x0, y0), (x1, y1) = line[0], line[-1]
    dx, dy = x1 - x0, y1 - y0
    length2 = dx * dx + dy * dy

    def distance2(point: Point) -> int:
        """Squared distance from the chord, times ``length2`` unless that is zero."""
        x, y = point[0] - x0, point[1] - y0
        along = x * dx + y * dy
        if not length2:
            return x * x + y * y
        if 0 <= along <= length2:
            return (x * dy - y * dx) ** 2
        return (x * x + y * y if along < 0 else (x - dx) ** 2 + (y - dy) ** 2) * length2

    furthest = max(range(len(line)), key=lambda i: distance2(line[i]))
    if distance2(line[furthest]) <= 9 * max(length2, 1):
        return [line[0], line[-1]]
    return _thin(line[: furthest + 1])[:-1] + _thin(line[furthest:])
