"""The record of a run: one JSON file an experiment, committed, made to be read in a pull request.

It holds results only (no time, no path, no library's version), sorted as the experiment returned them, one value a line
and the values of all seeds on one line: a changed number is a changed line. What was printed (``text``) stands beside
what was measured (``values``); reading a record takes the values and derives the text again. Whoever edits a record by
hand, or merges two, is therefore found out: its bytes are not those that ``to_json`` would write.
"""

from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from pathlib import Path
from typing import Any

from figures.errors import FiguresError, UnknownResult
from figures.live import Live
from figures.results import SIGNIFICANT_DIGITS, Claim, Figure, Number, Result, Table, plain

VERSION = 1  # of the format: raise it when a field changes its meaning. Records before there was a version are of 1
CONFLICT = ("<<<<<<< ", "|||||||", "=======", ">>>>>>> ")  # with one of these git begins a line, and no record does
NO_RECORD = (ValueError, KeyError, TypeError, AttributeError, ArithmeticError, RecursionError)
HEALS = "python -m figures run が作りなおします。"


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
    return _pretty({"version": VERSION, "experiment": record.experiment, "results": results}) + "\n"


def from_json(text: str) -> Record:
    """Read a record back; derived fields are derived again.

    Raises:
        FiguresError: if it is no record; the message begins with the line where that shows and ends with the remedy.
    """
    lines = text.split("\n")
    if conflict := _line_with(lines, *CONFLICT):
        raise FiguresError(f"{conflict}: マージの衝突の印が残っています。{HEALS}")
    name = ""
    try:
        raw = json.loads(text)
        if (version := raw.get("version", VERSION)) != VERSION:
            line = _line_with(lines, ' "version"') or 1
            raise FiguresError(
                f"{line}: 書式が{version}版の記録で、このコードが読めるのは{VERSION}版です。"
                f"git pull で新しいコードを取れば読めます。取らないなら、{HEALS}"
            )
        results, falsified = dict[str, Result](), dict[str, str]()
        for name, fields in raw["results"].items():
            results[name] = _restore(fields)
            if "falsified" in fields:
                falsified[name] = fields["falsified"]
        return Record(raw["experiment"], results, falsified)
    except json.JSONDecodeError as error:
        raise FiguresError(f"{error.lineno}: 途中で切れたか、JSONではありません（{error.msg}）。{HEALS}") from error
    except NO_RECORD as error:
        line = _line_with(lines, f'  "{name}"') or 1
        raise FiguresError(f"{line}: 記録の形をしていません（{type(error).__name__}: {error}）。{HEALS}") from error


def read(root: Path, experiment: str) -> tuple[Record | None, str]:
    """Read the committed record of an experiment, and say what is wrong with its file; nothing is raised or written.

    Returns:
        The record, None where there is none or it cannot be read; and ``file:line``, what and the remedy in a sentence,
        '' if all is well. A record of which the text does not follow from the values comes with both.
    """
    try:
        content = path_of(root, experiment).read_bytes()
    except OSError:
        return None, ""
    here = f"figures/records/{experiment}.json"
    try:
        record = from_json(content.decode("utf-8", errors="replace"))
        written = to_json(replace(record, experiment=experiment)).encode()
    except FiguresError as error:
        return None, f"{here}:{error}"
    except NO_RECORD as error:  # values from which nothing can be derived
        return None, f"{here}:1: 記録の形をしていません（{type(error).__name__}: {error}）。{HEALS}"
    pairs = enumerate(zip_longest(content.split(b"\n"), written.split(b"\n")), 1)
    line = next((number for number, (found, derived) in pairs if found != derived), 0)
    wrong = f"{here}:{line}: 値から作った記録と違います（手で書きかえたか、書式が古いかです）。{HEALS}"
    return record, wrong if line else ""


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


def _line_with(lines: Sequence[str], *beginnings: str) -> int:
    """The first line that begins so, from 1 on; 0 if none does."""
    return next((number for number, line in enumerate(lines, 1) if line.startswith(beginnings)), 0)


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
                **({"live": _describe_live(result.live)} if result.live else {}),
            }


def _describe_live(live: Live) -> dict[str, Any]:
    return {"kind": live.kind, "check": live.check, "data_sha256": live.data_sha256 or data_digest(live.data)}


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
            live = Live(**fields["live"], data={}) if "live" in fields else None
            return Figure(panels, fields["title"], fields["caption"], fields["alt"], fields["data_sha256"], live)
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
