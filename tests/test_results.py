"""Printed digits, verdicts, and what may not be a result."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from figures.errors import FiguresError, ResultError, UnknownResult
from figures.record import Record, data_digest, differences, find, from_json, to_json
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
        (28996.2, 760, "", "29000", "800"),
        (28996.2, 1234, "", "29000", "1200"),
        (-0.42, 0.03, "", "−0.42", "0.03"),
        (-0.001, 0.03, "", "0.00", "0.03"),
        (0.0213, 0.0031, "ポイント", "2.1ポイント", "0.3"),
        (4.4e-7, 3.1e-8, "", "0.00000044", "0.00000003"),
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


@given(st.floats(-1e6, 1e6), st.floats(1e-6, 1e6))
@settings(deadline=None, derandomize=True)
def test_the_printed_value_is_within_half_a_digit(mean: float, error: float) -> None:
    assume(error > 1e-5 * abs(mean))  # smaller spreads drown in the eight kept digits
    number = Number(spread(mean, error))
    printed = float(number.text.replace("−", "-"))
    place = len(number.error_text.partition(".")[2])
    half = 0.5 * 10.0**-place if place else 0.5 * 10 ** (len(number.error_text) - len(number.error_text.rstrip("0")))
    assert abs(printed - number.value) <= half * 1.000001
    digits = number.error_text.replace(".", "").strip("0")
    assert len(digits) <= 2
    assert len(digits) == 1 or digits.startswith("1")


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
    assert differences(RECORD, other) == ["toy.exact: 442人 → 443人"]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"experiment": "x"}', '{"experiment": "x", "results": {"a": {}}}'])
def test_what_is_no_record(text: str) -> None:
    with pytest.raises(FiguresError):
        from_json(text)


def test_the_nearest_name_is_suggested() -> None:
    with pytest.raises(UnknownResult, match="'large' のことですか"):
        find({"toy": RECORD}, "toy.lareg")
    with pytest.raises(UnknownResult, match="あるのは cells, exact, large, line, mean"):
        find({"toy": RECORD}, "toy.zzzzz")
