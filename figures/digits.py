"""How a measured value is printed: to the place of its standard error, in the way Japanese text sets numbers.

The standard error is printed with one digit, or two when it begins with 1; the value to the same place. Thousands are
parted by commas; what is smaller than 0.0001, or 10⁸ and larger, is written with a power of ten, unless it is exact.
The minus sign is U+2212, which is as wide as a digit and is read as minus.

Source: for the digits the rule of the Particle Data Group, Review of Particle Physics, Introduction, 5.3 (rounding),
with its 354 in place of a leading 1 only.
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

# What a unit does to a value before it is printed: a share of 0.873 is 87.3 %, a difference of shares is in points.
SCALES = {"%": 100, "ポイント": 100}
# Units that would be printed as they are and mean another thing, or the same in another width.
MISSPELLED = {"％": "%", "パーセント": "%", "pt": "ポイント", "pp": "ポイント", "パーセントポイント": "ポイント"}
SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def printed(value: float, unit: str, mean: float, error: float, digits: int | None) -> str:
    """Print ``value``, which is the mean or its standard error, without the unit.

    Args:
        value: what to print.
        unit: decides whether it is a share.
        mean: of the number that it belongs to.
        error: its standard error; both of them are printed to one place, with one power of ten.
        digits: decimals of an exact value, which has no error.
    """
    place, exponent = _place(scaled_by_unit(error, unit), digits), 0
    largest = max(abs(scaled_by_unit(mean, unit)), scaled_by_unit(error, unit))
    if digits is None and largest and not Decimal("0.0001") <= largest < 10**8:
        exponent = largest.adjusted()
    scaled = scaled_by_unit(value, unit).scaleb(-exponent)
    if place is not None:
        scaled = _round_to(scaled, place - exponent)
    text = f"{scaled:,f}"
    if place is None and "." in text:
        text = text.rstrip("0").rstrip(".")
    if not scaled:
        text = text.lstrip("-")
    return text.replace("-", "−") + (f"×10{str(exponent).translate(SUPERSCRIPT)}" if exponent else "")


def scaled_by_unit(value: float, unit: str) -> Decimal:
    """The value in the unit that is printed, digit by digit: 0.873 is 87.3 %."""
    return Decimal(repr(value)) * SCALES.get(unit, 1)


def _place(error: Decimal, digits: int | None) -> int | None:
    """The power of ten of the last printed digit; None when the spread is zero and all digits count."""
    if digits is not None:
        return -digits
    if not error:
        return None
    # Round to two digits before asking for the first one: 0.0996 is 0.10 and begins with 1.
    two = _round_to(error, error.adjusted() - 1)
    return two.adjusted() - (1 if str(two.scaleb(-two.adjusted())).startswith("1") else 0)


def _round_to(value: Decimal, place: int) -> Decimal:
    """Round to a multiple of ``10**place`` and write it without an exponent."""
    rounded = value.quantize(Decimal(1).scaleb(place), rounding=ROUND_HALF_EVEN)
    return rounded.quantize(Decimal(1)) if place > 0 else rounded
