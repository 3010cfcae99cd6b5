"""The numbers under a figure: few rows on the page, all of them in the file, the same digits everywhere."""

from __future__ import annotations

import csv
import io
import itertools
import xml.etree.ElementTree as etree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hooks import figure_table


@given(st.integers(1, 3000))
def test_rows_are_thinned_evenly_and_keep_both_ends(n: int) -> None:
    kept = figure_table.thinned(n)
    assert len(kept) <= figure_table.MOST_ROWS
    assert (kept[0], kept[-1]) == (0, n - 1)
    steps = [b - a for a, b in itertools.pairwise(kept)]
    assert len(set(steps[:-1])) <= 1
    if n <= figure_table.MOST_ROWS:
        assert kept == list(range(n))


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        (-11.404793, "−11.4"),
        (0.0012589254, "0.001259"),
        (123456.0, "123500"),
        (0.0, "0"),
        (-3, "−3"),
        ("L1-ball", "L1-ball"),
    ],
)
def test_four_digits_no_exponent_and_words_as_they_are(cell: float | int | str, shown: str) -> None:
    assert figure_table.printed(cell) == shown


def test_the_file_has_every_row_of_every_panel_at_full_digits() -> None:
    tables = {"左": {"λ": [i / 7 for i in range(99)], "a": [1] * 99}, "右": {"λ": [0.5], "b": [None]}}
    rows = list(csv.DictReader(io.StringIO(figure_table.csv_of_tables(tables).removeprefix("\ufeff"))))
    assert len(rows) == 100
    assert rows[1] == {"panel": "左", "λ": "0.14285714", "a": "1", "b": ""}
    assert rows[-1] == {"panel": "右", "λ": "0.5", "a": "", "b": ""}


def test_a_shortened_table_says_so_and_a_whole_one_does_not() -> None:
    def text(rows: int) -> str:
        whole = etree.Element("figure", {"id": "figure-toy"})
        picture = etree.SubElement(whole, "div")
        figure_table.complete(whole, picture, {"題": {"x": list(range(rows))}}, "/toy.csv", str)
        assert len(whole.findall(".//tbody/tr")) == len(figure_table.thinned(rows))
        return "".join(whole.itertext())

    assert "一部です" in text(100)
    assert "一部です" not in text(10)
