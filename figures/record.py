"""The record of a run: one JSON file an experiment, committed, made to be read in a pull request.

It holds results only (no time, no path, no version), sorted as the experiment returned them, one value a line and the
values of all seeds on one line: a changed number is a changed line. What was printed (``text``) stands beside what was
measured (``values``); reading a record takes the values and derives the text again.
"""

from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from figures.errors import FiguresError, UnknownResult
from figures.results import SIGNIFICANT_DIGITS, Claim, Figure, Number, Result, Table, plain


@dataclass(frozen=True)
class Record:
    """All results of one experiment. ``falsified``: score of each claim under the change that has to break it."""

    experiment: str
    results: Mapping[str, Result]
    falsified: Mapping[str, str] = field(default_factory=dict)


def path_of(root: Path, experiment: str) -> Path:
    """Where the committed record of an experiment stands."""
    return root / "figures" / "records" / f"{experiment}.json"


def to_json(record: Record) -> str:
    """Write a record; equal records give equal bytes on every machine."""
    results = {name: _describe(result) for name, result in record.results.items()}
    for name, score in record.falsified.items():
        results[name]["falsified"] = score
    return _pretty({"experiment": record.experiment, "results": results}) + "\n"


def from_json(text: str) -> Record:
    """Read a record back; derived fields are derived again. ``FiguresError`` if it is not a record."""
    try:
        raw = json.loads(text)
        results = {name: _restore(fields) for name, fields in raw["results"].items()}
        falsified = {name: fields["falsified"] for name, fields in raw["results"].items() if "falsified" in fields}
        return Record(raw["experiment"], results, falsified)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise FiguresError(f"記録として読めません（{error}）。消して、作りなおしてください。") from error


def data_digest(panels: Mapping[str, Any]) -> str:
    """SHA-256 of a figure's data as canonical JSON of the kept digits."""
    text = json.dumps(plain(panels), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def find(records: Mapping[str, Record], citation: str) -> Result:
    """Look up ``experiment.result``; ``UnknownResult`` suggests the nearest name."""
    experiment, _, name = citation.partition(".")
    if experiment not in records:
        raise UnknownResult(f"'{experiment}' という実験はありません。" + _suggest(experiment, records))
    results = records[experiment].results
    if name not in results:
        raise UnknownResult(f"'{citation}' という結果はありません。" + _suggest(name, results))
    return results[name]


def _suggest(name: str, known: Mapping[str, object]) -> str:
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    if near:
        return f"'{near[0]}' のことですか?"
    return f"あるのは {', '.join(sorted(known)) or '（なし）'} です。"


def summary(result: Result | None) -> str:
    """A result in a few characters, as the author is shown it."""
    match result:
        case None:
            return "（なし）"
        case Number():
            return result.text + (f" ±{result.error_text}" if result.error_text else "")
        case Claim():
            return result.text
        case Table():
            return "表"
        case Figure():
            return f"図 {result.data_sha256[:8]}"


def _describe(result: Result) -> dict[str, Any]:
    match result:
        case Number():
            return {
                "kind": "number",
                "about": result.about,
                "text": result.text,
                "error": result.error_text,
                "n": result.n,
                "unit": result.unit,
                "digits": result.digits,
                "value": result.value,
                "standard_error": result.standard_error,
                "values": list(result.values),
            }
        case Claim():
            return {
                "kind": "claim",
                "about": result.about,
                "text": result.text,
                "relation": result.relation,
                "share": result.share,
                "margin": result.margin,
                "left": list(result.left),
                "right": list(result.right),
            }
        case Table():
            rows = {head: list(cells) for head, cells in result.rows.items()}
            return {"kind": "table", "caption": result.caption, "columns": list(result.columns), "rows": rows}
        case Figure():
            return {
                "kind": "figure",
                "title": result.title,
                "caption": result.caption,
                "alt": result.alt,
                "panels": list(result.panels),
                "data_sha256": result.data_sha256 or data_digest(result.panels),
            }


def _restore(fields: Mapping[str, Any]) -> Result:
    match fields["kind"]:
        case "number":
            return Number(fields["values"], fields["unit"], fields["about"], fields["digits"])
        case "claim":
            claim = (fields[key] for key in ("left", "relation", "right", "share", "about", "margin"))
            return Claim(*claim)
        case "table":
            return Table(fields["columns"], fields["rows"], fields["caption"])
        case "figure":
            panels = dict.fromkeys(fields["panels"])
            return Figure(panels, fields["title"], fields["caption"], fields["alt"], fields["data_sha256"])
        case kind:
            raise ValueError(f"kind {kind!r}")


def _pretty(value: Any, indent: str = "") -> str:
    """JSON with one key a line and each list on one line."""
    if isinstance(value, Mapping):
        inner = indent + " "
        lines = (f"{inner}{json.dumps(k, ensure_ascii=False)}: {_pretty(v, inner)}" for k, v in value.items())
        return "{\n" + ",\n".join(lines) + f"\n{indent}}}" if value else "{}"
    if isinstance(value, list):
        return "[" + ", ".join(_pretty(v) for v in value) + "]"
    if isinstance(value, float):
        return f"{value:.{SIGNIFICANT_DIGITS}g}"
    return json.dumps(value, ensure_ascii=False)
