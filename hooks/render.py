"""How a cited result looks in HTML. Knows neither Markdown's parser nor MkDocs."""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from collections.abc import Callable, Mapping
from html import unescape

from markdown.util import AtomicString
from markupsafe import Markup, escape

from figures import record
from figures.citations import CITATION
from figures.errors import UnknownResult
from figures.published.expected import on_card, read_aloud
from figures.record import Record
from figures.results import Claim, Figure, Number, Result, Table
from figures.runner import Run
from hooks import figure_table
from hooks.report import Problem

# MkDocs checks relative links as the author's; a scheme of its own is left alone until ``cite`` replaces it.
RECEIPT = "receipt:"
NOTHING = Record("", {})
WORD_JOINER = "\u2060"
KINDS = {Number: "数字", Claim: "主張", Table: "表", Figure: "図"}
HOW = {
    Number: "文の中に書いてください。",
    Claim: "[主張の言葉]{{ … }} の形で書いてください。",
    Table: "前後を改行して、一行に単独で書いてください。",
    Figure: "前後を改行して、一行に単独で書いてください。",
}


_EXPERIMENT = re.compile(r' data-(?:cite|claim)="([^".]+)\.')


def cited_experiments(html: str) -> set[str]:
    """The experiments of which a page shows a result."""
    return {unescape(name) for name in _EXPERIMENT.findall(html)}


class Citations:
    """Looks up citations and turns them into HTML; collects what is wrong."""

    def __init__(self, runs: Mapping[str, Run], receipts: str, problems: list[Problem]) -> None:
        self.runs = runs
        self.records: dict[str, Record] = {name: run.record for name, run in runs.items()}
        self.receipts = receipts  # address of the folder of receipts, with a slash at its end
        self.problems = problems

    def find(self, citation: str, place: Problem) -> Result | None:
        """The result, or None and a problem at ``place``."""
        try:
            return record.find(self.records, citation)
        except UnknownResult as error:
            self.problems.append(Problem(str(error), place.text, place.before, place.after))
            return None

    def wrong_place(self, citation: str, result: Result, place: Problem) -> None:
        """A result of the wrong kind for where it stands."""
        kind = type(result)
        message = f"'{citation}' は{KINDS[kind]}です。{HOW[kind]}"
        self.problems.append(Problem(message, place.text, place.before, place.after))

    def href(self, citation: str) -> str:
        """The address of a result on its receipt."""
        experiment, _, name = citation.partition(".")
        return f"{self.receipts}{experiment}/#{name}"

    def plain(self, text: str, where: str) -> str:
        """Text with its numbers printed, for places that hold no markup (title, description, alt text)."""

        def printed(match: re.Match[str]) -> str:
            place = Problem("", where or match[0])
            result = self.find(match[1], place)
            if result is not None and not isinstance(result, Number):
                self.wrong_place(match[1], result, place)
            return result.text if isinstance(result, Number) else ""

        return CITATION.sub(printed, text)

    def linked(self, text: str) -> Markup:
        """Text with its numbers as in a sentence; one that is no number is left out, and ``plain`` says so."""
        pieces = [escape(piece) for piece in CITATION.split(text)]  # text, citation, text, …
        for place, citation in enumerate(pieces[1::2]):
            number = self.records.get(citation.partition(".")[0], NOTHING).results.get(citation.partition(".")[2])
            pieces[2 * place + 1] = self._link(citation, number) if isinstance(number, Number) else Markup("")
        return Markup("").join(pieces)

    def _link(self, citation: str, number: Number) -> Markup:
        element = self.number(citation, number)
        element.set("href", self.href(citation))
        return Markup(etree.tostring(element, encoding="unicode"))

    def number(self, citation: str, number: Number) -> etree.Element:
        """``<a><data value="0.8731" data-cite="…">87.3%</data></a>`` with nothing but the text inside ``<data>``."""
        link = etree.Element("a", {"class": "cite", "href": RECEIPT + citation, **on_card(number)})
        data = etree.SubElement(link, "data", {"value": f"{number.value:.8g}", "data-cite": citation})
        data.text = AtomicString(number.text)
        return link

    def claim(self, citation: str, claim: Claim, words: str) -> etree.Element:
        """The words as a claim, with its score behind them, which links to the receipt."""
        whole = etree.Element("span", {"class": "claimed"})
        etree.SubElement(whole, "span", {"class": "claim", "data-claim": citation}).text = words
        label = read_aloud(claim)
        link = {"class": "claim-score", "href": RECEIPT + citation, "aria-label": label, **on_card(claim)}
        score = etree.SubElement(whole, "a", link)
        score.text = AtomicString(WORD_JOINER + claim.text)
        return whole

    def table(self, citation: str, table: Table) -> etree.Element:
        """A table whose cells are cited numbers, each with its standard error."""
        experiment = citation.partition(".")[0]
        figure = etree.Element("figure", {"class": "result-table", "data-cite": citation})
        etree.SubElement(figure, "figcaption").text = table.caption
        body = etree.SubElement(figure, "table")
        head = etree.SubElement(etree.SubElement(body, "thead"), "tr")
        for column in table.columns:
            if column:
                etree.SubElement(head, "th", {"scope": "col"}).text = column
            else:  # above the heads of the rows
                etree.SubElement(head, "td")
        rows = etree.SubElement(body, "tbody")
        for name, cells in table.rows.items():
            row = etree.SubElement(rows, "tr")
            etree.SubElement(row, "th", {"scope": "row"}).text = name
            for cell in cells:
                key = f"{experiment}.{cell}"
                number = self.records[experiment].results[cell]
                assert isinstance(number, Number)
                td = etree.SubElement(row, "td")
                td.append(self.number(key, number))
                if number.error_text:
                    etree.SubElement(td, "span", {"class": "error"}).text = AtomicString(f"±{number.error_text}")
        return figure

    def figure(self, citation: str, figure: Figure, store: Callable[[str], str]) -> etree.Element:
        """A figure with one inline SVG a panel; ``store`` keeps raw HTML from being escaped."""
        experiment, _, name = citation.partition(".")
        panels = self.runs[experiment].drawings[name]
        whole = etree.Element(
            "figure",
            {
                "class": "plot plot-pair" if len(panels) > 1 else "plot",
                "id": f"figure-{experiment}-{name}",
                "data-cite": citation,
                "data-sha256": figure.data_sha256,
                **({"data-live": f"{experiment}-{name}"} if figure.live else {}),
            },
        )
        etree.SubElement(whole, "p", {"class": "plot-title"}).text = figure.title
        label = self.plain(figure.alt, f"{{{{ {citation} }}}}")
        box = etree.SubElement(whole, "div", {"class": "plot-panels", "role": "img", "aria-label": label})
        box.text = AtomicString("".join(store(panels[title]) for title in figure.panels))
        caption = etree.SubElement(whole, "figcaption")
        first, stop, rest = figure.caption.partition("。")
        etree.SubElement(caption, "strong").text = first + stop
        etree.SubElement(caption, "span").text = rest
        link = etree.SubElement(caption, "a", {"class": "plot-receipt", "href": RECEIPT + citation})
        link.text = AtomicString("レシート")
        tables = self.runs[experiment].tables.get(name, {})
        figure_table.complete(whole, box, tables, f"{self.receipts}{experiment}-{name}.csv", store)
        return whole
