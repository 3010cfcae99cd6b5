"""Paths of an SVG in whole hundredths of a unit: read as matplotlib writes them, thinned out, written in few bytes.

What two machines compute differently in the last bits of a float is the same here before anything is decided about it.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator

Point = tuple[int, int]  # in hundredths of a unit, y downwards


def hundredths(value: str) -> int:
    """A coordinate in hundredths of a unit. An exact half is one here too: matplotlib has cut it to six decimals."""
    return math.floor(float(value) * 100 + 0.5)


def printed(value: int) -> str:
    """Hundredths as a decimal number: ``-.5``, ``12``."""
    whole, rest = divmod(abs(value), 100)
    text = f"{whole or ''}.{rest:02}".rstrip("0") if rest else str(whole)
    return f"-{text}" if value < 0 else text


def _segments(d: str) -> Iterator[tuple[str, list[Point]]]:
    """Each command of a path as matplotlib writes it, absolute and fully spelt: ``M x y L x y C x y x y x y z``."""
    tokens = d.split()
    starts = [i for i, token in enumerate(tokens) if token.isalpha()]
    for start, end in itertools.pairwise([*starts, len(tokens)]):
        numbers = [hundredths(token) for token in tokens[start + 1 : end]]
        yield tokens[start], list(zip(numbers[::2], numbers[1::2], strict=True))


def radius_of(d: str) -> int:
    """The radius, if the path is matplotlib's circle of eight curves around the origin, else 0."""
    (_, start), *rest = _segments(d)
    curves = [points[-1] for command, points in rest if command == "C"]
    radii = [math.hypot(*point) for point in (*start, *curves)]
    return round(radii[0]) if len(curves) == 8 and max(radii) - min(radii) < 2 else 0


def relative(d: str, offset: Point = (0, 0)) -> str:
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
        numbers = " ".join(map(printed, values)).replace(" -", "-")
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
