"""The values of a record as CSV, a row a value, for whoever wants to compute on: a spreadsheet, pandas, R.

    result, kind, about, unit, run, value, relation, other

``run`` counts from 0 in the order of the seeds. A number has its value, as the record keeps it: with the units % and
ポイント a share, 0.873 for 87.3%. A claim has both sides of its comparison: value, relation, other. Tables and
figures are made of the same numbers and have no rows.
"""

from __future__ import annotations

import csv
import io

from figures.record import Record
from figures.results import SIGNIFICANT_DIGITS, Claim, Number

COLUMNS = ("result", "kind", "about", "unit", "run", "value", "relation", "other")
MARK = "\ufeff"  # at the head of a file tells Excel that it is UTF-8; pandas passes over it


def csv_of(record: Record) -> str:
    """All values of all seeds; equal records give equal text."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for name, result in record.results.items():
        if isinstance(result, Number):
            for run, value in enumerate(result.values):
                writer.writerow([name, "number", result.about, result.unit, run, _digits(value), "", ""])
        elif isinstance(result, Claim):
            for run, (left, right) in enumerate(zip(result.left, result.right, strict=True)):
                compared = (_digits(left), result.relation, _digits(right))
                writer.writerow([name, "claim", result.about, "", run, *compared])
    return MARK + text.getvalue()


def _digits(value: float) -> str:
    return f"{value:.{SIGNIFICANT_DIGITS}g}"
