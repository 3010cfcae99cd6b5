"""Printed digits, verdicts, and what may not be a result."""

from __future__ import annotations

import math
import re
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from figures.changes import describe
from figures.errors import FiguresError, ResultError, UnknownResult
from figures.record import Record, data_digest, find, from_json, to_json
from figures.results import Claim, Figure, Number, Table, keep


def spread(mean: float, error: float) -> list[float]:
    """Two values with this mean and this standard error of the mean."""
    return [mean - error, mean + error]


@pytest.mark.parametrize(
    ("mean", "error", "unit", "text", "error_text"),
    [
        # After the rule of the Particle Data Group for one or two digits, worked by hand.
        (0.873, 0.0041, "%", "87.3%", "0.4"),
        (8.4, 0.17, "個", "8.40個", "0.17"),
        (56.13, 0.42, "", "56.1", "0.4"),
        (0.827, 0.119, "", "0.83", "0.12"),
        (0.827, 0.96, "", "0.8", "1.0"),
        (0.827, 0.0996, "", "0.83", "0.10"),
        (28996.2, 760, "", "29,000", "800"),
        (28996.2, 1234, "", "29,000", "1,200"),
        (1234567.8, 12.3, "円", "1,234,568円", "12"),
        (3.2e8, 2.1e6, "", "3.20×10⁸", "0.02×10⁸"),
        (-2.3456e-5, 1.234e-7, "", "−2.346×10⁻⁵", "0.012×10⁻⁵"),
        (1e-9, 3.1e-6, "", "0×10⁻⁶", "3×10⁻⁶"),
        (4e-7, 3e-8, "%", "4.0×10⁻⁵%", "0.3×10⁻⁵"),
        (-0.42, 0.03, "", "−0.42", "0.03"),
        (-0.001, 0.03, "", "0.00", "0.03"),
        (0.0213, 0.0031, "ポイント", "2.1ポイント", "0.3"),
        (4.4e-7, 3.1e-8, "", "4.4×10⁻⁷", "0.3×10⁻⁷"),
        (0.00011, 0.00003, "", "0.00011", "0.00003"),
    ],
)
def test_the_standard_error_decides_the_digits(
    mean: float, error: float, unit: str, text: str, error_text: str
) -> None:
    number = Number(spread(mean, error), unit)
    assert number.text == text
    assert number.error_text == error_text


def test_the_standard_error_is_the_textbooks() -> None:
    values = [2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0]  # population standard deviation 2, mean 5
    assert Number(values).standard_error == pytest.approx(2 / math.sqrt(7), rel=1e-7)
    assert Number(values).value == 5


def test_exact_values_and_values_without_spread() -> None:
    assert Number(442, "人", digits=0).text == "442人"
    assert Number(0.76923077, digits=3).text == "0.769"
    assert Number([10, 10, 10], "個").text == "10個"
    assert Number([0.25, 0.25]).error_text == "0"
    assert Number(442, digits=0).error_text == ""


def read(text: str) -> Fraction:
    """The number that a reader sees."""
    digits, _, power = text.partition("×10")
    exponent = int(power.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")) or 0)
    assert re.fullmatch(r"−?(\d{1,3}(,\d{3})*|\d{1,3})(\.\d+)?", digits), digits
    return Fraction(digits.replace("−", "-").replace(",", "")) * Fraction(10) ** exponent


@given(
    st.floats(-1, 1),
    st.floats(0.001, 1),
    st.integers(-12, 12),
    st.integers(-5, 5),
    st.sampled_from(["", "個", "%", "ポイント", "倍"]),
)
@settings(deadline=None, derandomize=True, max_examples=500)
def test_the_printed_value_is_within_half_a_digit(mean: float, error: float, scale: int, ratio: int, unit: str) -> None:
    """Over twenty-four orders of magnitude, with errors far smaller and far larger than the mean."""
    mean, error = mean * 10.0**scale, error * 10.0 ** (scale + ratio)
    assume(error > 1e-5 * abs(mean))  # smaller spreads drown in the eight kept digits
    number = Number(spread(mean, error), unit)
    factor = 100 if unit in ("%", "ポイント") else 1
    printed, printed_error = read(number.text.removesuffix(unit)), read(number.error_text)
    # The printed error says where the last digit stands: it has one digit, or two when it begins with 1.
    significant = str(printed_error.numerator * 10**40 // printed_error.denominator).rstrip("0")
    assert len(significant) == 1 or (len(significant) == 2 and significant[0] == "1")
    true_error = Fraction(number.standard_error) * factor
    first = Fraction(10) ** math.floor(math.log10(true_error))
    step = first / 10 if round(float(true_error / first), 1) < 2 else first
    if round(float(true_error / first), 1) >= 10:
        step = first
    assert abs(printed_error - true_error) <= step / 2 * Fraction(1000001, 1000000)
    assert abs(printed - Fraction(number.value) * factor) <= step / 2 * Fraction(1000001, 1000000)
    assert ("×10" in number.text) == ("×10" in number.error_text)
    assert not number.text.startswith("−0") or printed != 0


@given(st.integers(-(10**7), 10**7), st.integers(0, 4))
def test_exact_values_are_printed_whole(value: int, digits: int) -> None:
    exact = value / 10**digits
    assert read(Number(exact, digits=digits).text) == Fraction(value, 10**digits)


@pytest.mark.parametrize("unit", ["％", "パーセント", "pt"])
def test_a_unit_has_one_spelling(unit: str) -> None:
    with pytest.raises(ResultError, match=f"単位 '{unit}'"):
        Number([0.1, 0.2], unit)


@pytest.mark.parametrize("values", [[math.nan, 1], [math.inf, 1], [-math.inf, 1], [], 1.5])
def test_what_is_no_number(values: object) -> None:
    with pytest.raises(ResultError):
        Number(values)  # type: ignore[arg-type]


def test_digits_are_for_exact_values() -> None:
    with pytest.raises(ResultError, match="digits"):
        Number([1, 2], digits=1)


def test_eight_digits_are_kept_and_minus_zero_is_zero() -> None:
    assert keep(0.123456789) == 0.12345679
    assert math.copysign(1, keep(-0.0)) == 1
    assert Number([1 / 3, 2 / 3]).values == (0.33333333, 0.66666667)


@pytest.mark.parametrize(
    ("left", "relation", "right", "share", "text", "true"),
    [
        ([1, 2, 3], ">", 0, 1.0, "3/3", True),
        ([1, 2, 0], ">", 0, 1.0, "2/3", False),
        ([1, 2, 0], ">", 0, 0.6, "2/3", True),
        ([1, 2], "<", [2, 1], 0.5, "1/2", True),
        ([0.1 + 0.2], "==", 0.3, 1.0, "1/1", True),
        ([1] * 18 + [0] * 2, ">", 0, 0.9, "18/20", True),
        ([1] * 17 + [0] * 3, ">", 0, 0.9, "17/20", False),
        ([1], "!=", 1, 1.0, "0/1", False),
        ([1, 2], "<=", 2, 1.0, "2/2", True),
        ([2, 1], ">=", 2, 1.0, "1/2", False),
    ],
)
def test_a_claim_counts_seeds(
    left: list[float], relation: str, right: object, share: float, text: str, true: bool
) -> None:
    claim = Claim(left, relation, right, share)  # type: ignore[arg-type]
    assert (claim.text, claim.true) == (text, true)


@pytest.mark.parametrize(
    "arguments",
    [([1], "≧", 1), ([1, 2], "<", [1, 2, 3]), ([1], "<", 1, 0), ([1], "<", 1, 1.5), ([math.nan], "<", 1)],
)
def test_what_is_no_claim(arguments: tuple[object, ...]) -> None:
    with pytest.raises(ResultError):
        Claim(*arguments)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("left", "relation", "margin", "distance", "true"),
    [
        # differences 1, 2, 3: mean 2, standard error 1/√3
        ([1, 2, 3], ">", 3.0, 2 * math.sqrt(3), True),
        ([1, 2, 3], ">=", 3.5, 2 * math.sqrt(3), False),
        ([1, 2, 3], "<", 0.0, -2 * math.sqrt(3), False),
        ([-1, -2, -3], "<", 3.0, 2 * math.sqrt(3), True),
        ([2, 2], ">", 9.0, math.inf, True),
        ([0, 0], ">=", 1.0, 0.0, False),
    ],
)
def test_a_margin_is_in_standard_errors_of_the_difference(
    left: list[float], relation: str, margin: float, distance: float, true: bool
) -> None:
    claim = Claim(left, relation, 0, margin=margin)  # type: ignore[arg-type]
    assert claim.distance == pytest.approx(distance, rel=1e-7)
    assert claim.true == true
    assert from_json(to_json(Record("toy", {"c": claim}))).results["c"] == claim


@pytest.mark.parametrize(("left", "relation", "margin"), [([1, 2], "==", 1), ([1], ">", 1), ([1, 2], ">", -1)])
def test_what_has_no_margin(left: list[float], relation: str, margin: float) -> None:
    with pytest.raises(ResultError, match="margin"):
        Claim(left, relation, 0, margin=margin)  # type: ignore[arg-type]


def test_tables_and_figures_say_what_they_show() -> None:
    with pytest.raises(ResultError, match="行がありません"):
        Table(["", "a"], {}, "c")
    with pytest.raises(ResultError, match="2列"):
        Table(["", "a"], {"r": ["x", "y"]}, "c")
    with pytest.raises(ResultError, match="alt"):
        Figure({"p": [1]}, "t", "c", " ")


RECORD = Record(
    "toy",
    {
        "mean": Number([0.871, 0.879, 0.869], "%", "正解率"),
        "exact": Number(442, "人", digits=0),
        "large": Claim([1, 2, 3], ">", 0, 0.9, "比べる"),
        "cells": Table(["", "値"], {"L1": ["mean"]}, "表"),
        "line": Figure({"左": [1.5, 2], "右": {"a": (1, 2)}}, "見出し", "見どころ", "代わり"),
    },
    {"large": "0/3"},
)


def test_a_record_survives_writing_and_reading() -> None:
    text = to_json(RECORD)
    again = from_json(text)
    assert to_json(again) == text
    assert again.results["mean"] == RECORD.results["mean"]
    assert again.falsified == {"large": "0/3"}
    assert again.results["line"].data_sha256 == data_digest({"左": [1.5, 2], "右": {"a": [1, 2]}})  # type: ignore[union-attr]


def test_one_changed_value_is_few_changed_lines() -> None:
    other = Record("toy", {**RECORD.results, "exact": Number(443, "人", digits=0)}, RECORD.falsified)
    pairs = zip(to_json(RECORD).splitlines(), to_json(other).splitlines(), strict=True)
    changed = [before.strip().split(":")[0] for before, after in pairs if before != after]
    assert changed == ['"text"', '"value"', '"values"']
    assert describe(RECORD, other) == ["toy.exact: 442人 → 443人"]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"experiment": "x"}', '{"experiment": "x", "results": {"a": {}}}'])
def test_what_is_no_record(text: str) -> None:
    with pytest.raises(FiguresError):
        from_json(text)


def test_the_nearest_name_is_suggested() -> None:
    with pytest.raises(UnknownResult, match="'large' のことですか"):
        find({"toy": RECORD}, "toy.lareg")
    with pytest.raises(UnknownResult, match="あるのは cells, exact, large, line, mean"):
        find({"toy": RECORD}, "toy.zzzzz")
