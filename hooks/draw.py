"""Draw what a receipt shows in lines: the fingerprint of a record, and the values of single runs as dots.

Strings of SVG, with no library. A strip places its dots in percent of its own width: on a phone it gets narrower, while
dots and text keep their size. Colours come from the style sheet.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from figures.digits import scaled_by_unit
from figures.results import Number

HEIGHT = 34.0  # px of a strip
MANY = 40  # runs from which on dots are smaller
NARROW = 2.8  # px that one percent of a strip has on a phone: dots that would touch there lie above one another
CROWD = 5  # dots above one another that can be counted; a larger pile of equal values has its count written on it
LABELS = 40  # characters that the labels of an axis may have in all, on a phone
SHARE = 4  # an axis is shared if each of its numbers spreads over a quarter of it at least
METHODS = {"l1": "l1", "l2": "l2", "en": "en", "elastic": "en", "none": "none"}
SUPERIOR = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True)
class Strip:
    """One number: all its values, or no picture where there is no axis for them."""

    name: str
    label: str
    number: Number
    svg: Markup

    @property
    def method(self) -> str:
        """The method whose colour it has: the one that its name speaks of (``l1_zeros``, but not ``l1_vs_l2``)."""
        spoken = {METHODS[word] for word in self.name.split("_") if word in METHODS}
        return spoken.pop() if len(spoken) == 1 else ""


@dataclass(frozen=True)
class Panel:
    """Strips on one topic over one axis. ``unit`` is also the power of ten that the axis leaves out."""

    topic: str
    unit: str
    strips: list[Strip]
    axis: Markup


@dataclass(frozen=True)
class Axis:
    """From the first to the last tick."""

    ticks: list[Decimal]

    @property
    def power(self) -> int:
        """The power of ten that very large and very small values leave to the unit."""
        largest = max(map(abs, self.ticks)).adjusted()
        return largest if not -4 < largest < 6 else 0

    @property
    def labels(self) -> list[str]:
        """The ticks as they are printed."""
        return [f"{tick.scaleb(-self.power):f}".replace("-", "−") for tick in self.ticks]

    def percent(self, value: float | Decimal) -> float:
        """Where a value stands, in percent of the width."""
        low, high = self.ticks[0], self.ticks[-1]
        return round(float(100 * (Decimal(repr(value) if isinstance(value, float) else value) - low) / (high - low)), 2)


def fingerprint(digest: str) -> Markup:
    """A bar and a gap for each hexadecimal digit: two bits are the bar's width, two the gap's."""
    x, bars = 0, ""
    for digit in digest:
        width, gap = 1 + int(digit, 16) // 4, 1 + int(digit, 16) % 4
        bars += f"M{x} 0h{width}v44h-{width}z"
        x += width + gap
    box = f'viewBox="0 0 {x - gap} 44" preserveAspectRatio="none"'
    return Markup(f'<svg class="bars" {box} aria-hidden="true"><path d="{bars}"/></svg>')


def topic(number: Number) -> tuple[str, str]:
    """Topic and label of a number: ``検証誤差、L1`` is one of several on ``検証誤差``; '' for a topic of its own."""
    head, _, rest = number.about.partition("、")
    return (head, rest) if rest else ("", number.about)


def panels(numbers: Mapping[str, Number]) -> list[Panel]:
    """All numbers that were measured more than once; those of one topic, unit and scale share an axis."""
    measured = {name: number for name, number in numbers.items() if number.digits is None}
    shared: list[list[str]] = []
    # Without spread a number fits wherever it lies near; so it comes last.
    for name in sorted(measured, key=lambda name: not measured[name].standard_error):
        group = next((group for group in shared if _alike([measured[other] for other in [*group, name]])), None)
        if group is None:
            shared.append([name])
        else:
            group.append(name)
    order = list(measured)
    groups = sorted((sorted(group, key=order.index) for group in shared), key=lambda group: order.index(group[0]))
    return [_panel({name: measured[name] for name in group}) for group in groups]


def _alike(numbers: list[Number]) -> bool:
    spans = [max(number.values) - min(number.values) for number in numbers if number.standard_error]
    every = [value for number in numbers for value in number.values]
    alike = {(topic(number)[0], number.unit) for number in numbers}
    on_topic = len(alike) == 1 and topic(numbers[0])[0] != ""
    return on_topic and bool(spans) and max(every) - min(every) <= SHARE * min(spans)


def _panel(numbers: Mapping[str, Number]) -> Panel:
    scaled = {name: [scaled_by_unit(value, number.unit) for value in number.values] for name, number in numbers.items()}
    every = [value for values in scaled.values() for value in values]
    first = next(iter(numbers.values()))
    head = topic(first)[0] if len(numbers) > 1 else first.about
    labels = {name: topic(number)[1] if len(numbers) > 1 else "" for name, number in numbers.items()}
    if min(every) == max(every):
        strips = [Strip(name, labels[name], number, Markup()) for name, number in numbers.items()]
        return Panel(head, "", strips, Markup())
    axis = _axis(min(every), max(every), whole=all(value == value.to_integral_value() for value in every))
    unit = " ".join(filter(None, (f"×10{str(axis.power).translate(SUPERIOR)}" if axis.power else "", first.unit)))
    svgs = {name: _strip(number, scaled[name], axis) for name, number in numbers.items()}
    strips = [Strip(name, labels[name], number, svgs[name]) for name, number in numbers.items()]
    return Panel(head, unit, strips, _scale(axis))


def _axis(low: Decimal, high: Decimal, whole: bool) -> Axis:
    """Round values around all of them, as many as have room for their labels; no fractions where all are counts."""
    power = (high - low).adjusted() - 1
    for step in (Decimal(digit).scaleb(power + more) for more in range(4) for digit in (1, 2, 5)):
        if whole and step < 1:
            continue
        first, last = math.floor(low / step), math.ceil(high / step)
        if last - first > 6:
            continue
        axis = Axis([step * index for index in range(first, last + 1)])
        if sum(len(label) + 2 for label in axis.labels) <= LABELS:
            break
    return axis


def _strip(number: Number, values: list[Decimal], axis: Axis) -> Markup:
    """Dots on a line, each above those that it would touch; a line at the mean, a band of one standard error."""
    radius = 3.4 if number.n < MANY else 2.4
    places = [axis.percent(value) for value in values]
    levels = _levels(places, 2 * radius / NARROW)
    pitch = min(2 * radius, (HEIGHT - 2 * radius) / max(*levels, 1))
    counts = _counts(places, 2 * radius / NARROW) if max(levels) >= CROWD else {}
    height = HEIGHT + (16 if counts else 0)
    mean, error = scaled_by_unit(number.value, number.unit), scaled_by_unit(number.standard_error, number.unit)
    left, middle, right = (axis.percent(value) for value in (mean - error, mean, mean + error))
    top, dots = height - HEIGHT, zip(places, levels, strict=True)
    shapes = [
        f'<line class="ground" x2="100%" y1="{height:g}" y2="{height:g}"/>',
        f'<rect x="{left:g}%" width="{right - left:.4g}%" y="{top:g}" height="{HEIGHT:g}"/>' if error else "",
        f'<line class="mean" x1="{middle:g}%" x2="{middle:g}%" y1="{top:g}" y2="{height:g}"/>',
        *(f'<circle cx="{x:g}%" cy="{height - radius - 1 - up * pitch:.4g}" r="{radius}"/>' for x, up in dots),
        *(
            f'<text x="{x:g}%" y="{height - 2 * radius - 5 - (count - 1) * pitch:.4g}">{count}回</text>'
            for x, count in counts.items()
        ),
    ]
    span = f"{min(values):f}から{max(values):f}まで".replace("-", "−")
    label = Markup('role="img" aria-label="平均{}、{}回の値は{}"').format(number.text, number.n, span)
    return _svg("strip", height, label, shapes)


def _levels(places: Iterable[float], touch: float) -> list[int]:
    """How many dots lie below each, laid down in the order of the runs."""
    rows: list[list[float]] = []
    levels = []
    for x in places:
        level = next((i for i, row in enumerate(rows) if all(abs(x - other) >= touch for other in row)), len(rows))
        if level == len(rows):
            rows.append([])
        rows[level].append(x)
        levels.append(level)
    return levels


def _counts(places: Iterable[float], touch: float) -> dict[float, int]:
    """The piles that are too high to be counted, where every pile stands alone, as far as their counts have room."""
    piles = sorted(Counter(places).items())
    if any(right - left < touch for (left, _), (right, _) in itertools.pairwise(piles)):
        return {}
    chosen: dict[float, int] = {}
    for x, count in sorted(piles, key=lambda pile: -pile[1]):
        if count > CROWD and all(abs(x - other) > 30 / NARROW for other in chosen):
            chosen[x] = count
    return dict(sorted(chosen.items()))


def _scale(axis: Axis) -> Markup:
    shapes = ['<line x2="100%" y1=".5" y2=".5"/>']
    for tick, label in zip(axis.ticks, axis.labels, strict=True):
        x = f"{axis.percent(tick):g}%"
        shapes.append(f'<line x1="{x}" x2="{x}" y2="6"/><text x="{x}" y="19">{label}</text>')
    return _svg("axis", 24, Markup('aria-hidden="true"'), shapes)


def _svg(kind: str, height: float, attributes: Markup, shapes: Iterable[str]) -> Markup:
    """Shapes hold numbers only; what an experiment named is in ``attributes``, escaped."""
    opening = f'<svg class="{kind}" width="100%" height="{height:g}" {attributes}>'
    return Markup(opening + "".join(shapes) + "</svg>")
