"""What a record says that a page must show of a result, kind by kind of ``pages.Shown``."""

from __future__ import annotations

from collections.abc import Mapping

from figures.citations import CITATION
from figures.digits import scaled_by_unit
from figures.record import Record
from figures.results import Claim, Figure, Number, Result, Table


def on_card(result: Number | Claim) -> dict[str, str]:
    """The attributes that the card (``docs/assets/card.js``) shows beside the text; an exact value has no error."""
    shown = {"data-about": result.about} if result.about else {}
    if isinstance(result, Claim):
        shown |= {"data-n": str(result.n), "data-held": str(result.held), "data-needed": str(result.needed)}
        return shown | ({"data-margin": f"{result.margin:g}"} if result.margin else {})
    return shown | ({"data-n": str(result.n), "data-error": result.error_text} if result.digits is None else {})


def read_aloud(claim: Claim) -> str:
    """The name of a claim's score: what is seen first, so that it can be asked for by voice, then in words."""
    return f"{claim.text}、{claim.n}回中{claim.held}回"


def expected(records: Mapping[str, Record]) -> dict[str, dict[str, str]]:
    """Return citation -> kind -> text, for all results of the records."""
    return {
        f"{experiment}.{name}": _expected(experiment, name, result, records)
        for experiment, record in records.items()
        for name, result in record.results.items()
    }


def _expected(experiment: str, name: str, result: Result, records: Mapping[str, Record]) -> dict[str, str]:
    match result:
        case Number():
            runs = {f"{i}回目の値": digits(value) for i, value in enumerate(result.values)}
            return {**_number(result), **on_card(result), **runs}
        case Claim():
            falsified = records[experiment].falsified.get(name, "")
            return {**_claim(result), **on_card(result), "壊した得点": falsified}
        case Table():
            return {"説明": printed(result.caption, records), "表": ""}
        case Figure():
            return {
                "図": result.data_sha256,
                "題": printed(result.title, records),
                "説明": printed(result.caption, records) + "レシート",
                "代替文": printed(result.alt, records),
            }


def printed(text: str, records: Mapping[str, Record]) -> str:
    """Text with the numbers that it cites; a citation that is none of a number is left as it is."""

    def number(citation: str, written: str) -> str:
        experiment, _, name = citation.partition(".")
        result: Result | None = records[experiment].results.get(name) if experiment in records else None
        return result.text if isinstance(result, Number) else written

    return CITATION.sub(lambda match: number(match[1], match[0]), text)


def digits(value: float) -> str:
    """A value of a single run, as receipts print it."""
    return f"{value:.8g}".replace("-", "−")


def _number(number: Number) -> dict[str, str]:
    error = {"±": f"±{number.error_text}"} if number.error_text else {}
    described = repr(float(scaled_by_unit(number.value, number.unit)))
    return {"数字": number.text, "値": f"{number.value:.8g}", "JSON-LD": described, **error}


def _claim(claim: Claim) -> dict[str, str]:
    shown = {"得点": claim.text, "読み上げ": read_aloud(claim)}
    for i, (left, right, held) in enumerate(zip(claim.left, claim.right, claim.seeds_held, strict=True)):
        verdict = "成り立つ" if held else "ちがう"
        shown |= {f"{i}回目の左": digits(left), f"{i}回目の右": digits(right), f"{i}回目の合否": verdict}
    return shown
