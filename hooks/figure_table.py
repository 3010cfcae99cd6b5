"""What stands under a figure: its numbers as a table behind a fold, and a button that shows it at full width.

Both work in HTML alone. The figure is not copied for its large view: it is the popover, which the style sheet leaves in
its place as long as it is closed. Escape and a click beside it close it.
"""

from __future__ import annotations

import csv
import io
import xml.etree.ElementTree as etree
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from markdown.util import AtomicString
from markupsafe import Markup

from figures.csv_of import MARK
from figures.results import SIGNIFICANT_DIGITS

MOST_ROWS, MOST_COLUMNS = 26, 12  # of a panel, on the page; the file has all
PRINTED_DIGITS = 4

Cell = float | int | str | None
Table = Mapping[str, Sequence[Cell]]  # head of a column -> its values


def complete(
    whole: etree.Element, picture: etree.Element, tables: Mapping[str, Table], file: str, store: Callable[[str], str]
) -> None:
    """Put the picture of the figure ``whole`` into its large view, and the button and the table behind them.

    Args:
        whole: the ``<figure>``, with an id.
        picture: the child of ``whole`` that holds the panels.
        tables: title of a panel -> its columns; a panel that noted none is left out.
        file: address of the CSV with all rows.
        store: keeps raw HTML from being escaped, and its address from being taken for one that the author wrote.
    """
    name = f"{whole.get('id', '')}-large"
    view = etree.Element("div", {"class": "plot-view", "id": name, "popover": "auto"})
    whole.insert(list(whole).index(picture), view)
    whole.remove(picture)
    view.append(picture)
    close = {"class": "plot-close", "type": "button", "popovertarget": name, "popovertargetaction": "hide"}
    etree.SubElement(view, "button", close).text = "閉じる"
    more = etree.SubElement(whole, "div", {"class": "plot-more", "data-search-exclude": ""})
    button = etree.SubElement(more, "button", {"class": "plot-open", "type": "button", "popovertarget": name})
    button.text = "大きく見る"
    tables = {title: columns for title, columns in tables.items() if columns}
    if not tables:
        return
    fold = etree.SubElement(more, "details", {"class": "plot-data"})
    etree.SubElement(fold, "summary").text = "この図のデータ"
    whole_there = [_append(fold, title, columns) for title, columns in tables.items()]
    link = Markup('<a href="{}" download>すべての行のCSV</a>').format(file)
    note = etree.SubElement(fold, "p")
    note.text = AtomicString(("" if all(whole_there) else "ここにあるのは一部です。") + store(link))


def _append(fold: etree.Element, title: str, columns: Table) -> bool:
    """One panel as a table; whether it has all of the panel's rows and columns there."""
    heads = list(columns)[:MOST_COLUMNS]
    rows = list(zip(*(columns[head] for head in heads), strict=True))
    kept = thinned(len(rows))
    table = etree.SubElement(etree.SubElement(fold, "div", {"tabindex": "0"}), "table", {"class": "plot-table"})
    etree.SubElement(table, "caption").text = AtomicString(title)
    head_row = etree.SubElement(etree.SubElement(table, "thead"), "tr")
    for head in heads:
        etree.SubElement(head_row, "th", {"scope": "col"}).text = AtomicString(head)
    body = etree.SubElement(table, "tbody")
    for place in kept:
        row = etree.SubElement(body, "tr")
        for cell in rows[place]:
            etree.SubElement(row, "td").text = AtomicString(printed(cell))
    return len(kept) == len(rows) and len(heads) == len(columns)


def thinned(n: int) -> list[int]:
    """The rows that are shown of ``n``: all, or as many evenly spaced ones as may be, the first and last among them."""
    if n <= MOST_ROWS:
        return list(range(n))
    every = -(-(n - 1) // (MOST_ROWS - 1))
    return [*range(0, n - 1, every), n - 1]


def printed(cell: Cell) -> str:
    """Four significant digits and a minus as wide as a digit; counts and words as they are."""
    if isinstance(cell, float):
        text = f"{Decimal(f'{cell:.{PRINTED_DIGITS}g}'):f}"
        return text.replace("-", "−")
    return "" if cell is None else str(cell).replace("-", "−") if isinstance(cell, int) else cell


def csv_of_tables(tables: Mapping[str, Table]) -> str:
    """All panels as one CSV: the title of the panel, then its columns, those of later panels behind them."""
    heads = list(dict.fromkeys(head for columns in tables.values() for head in columns))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["panel", *heads])
    for title, columns in tables.items():
        for row in range(len(next(iter(columns.values()), ()))):
            cells = [columns[head][row] if head in columns else None for head in heads]
            writer.writerow([title, *(f"{c:.{SIGNIFICANT_DIGITS}g}" if isinstance(c, float) else c for c in cells)])
    return MARK + text.getvalue()
