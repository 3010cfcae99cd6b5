"""Every number on a page is accounted for: cited from an experiment, or on the page's own list, with a reason.

    typed:
      "5個": 合成データの決め
      "体重の2％": たとえ話

The list stands in the front matter, and below the article, for the reader (``theme/partials/typed.html``). A key is
words of the page with a number in them; they may say more than the number, and then allow it nowhere else. It covers
what the page shows: text, title, description, alternative texts, and the words of its figures and tables, which stand
in the experiment. What is typed and on no list stops the build, and so does what is on the list and nowhere typed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import InclusionLevel

from figures.citations import CITATION
from figures.digits import SCALES
from figures.results import Figure, Number, Table
from figures.runner import Run
from hooks.forms import Finder
from hooks.passages import Passage
from hooks.proofread import Reading
from hooks.read import Source
from hooks.regenerate import runs
from hooks.report import limited
from hooks.spot import HIDDEN, TypedNumber, spot
from hooks.terms import front_words, terms_of

EXEMPT = {"license.md"}  # versions of licences, and sizes of data as their makers state them; nothing is measured there
ALIKE = {"%", "倍"}  # units that may say the same: 半分, 0.5倍
NEAR = 0.1  # of what was typed; further away is another quantity
Message = tuple[str, int, str]


@dataclass
class Entry:
    """One of the list; ``used`` once it has allowed something."""

    key: str
    line: int
    used: bool = False

    def allows(self, text: str, number: TypedNumber) -> bool:
        """Whether the number lies in the key's words."""
        start = text.find(self.key)
        while start >= 0:
            if start <= number.start and number.end <= start + len(self.key):
                self.used = True
                return True
            start = text.find(self.key, start + 1)
        return False


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """After ``regenerate``, for the results; what is found waits for the other problems of the pages."""
    found: list[Message] = []
    readings: dict[str, tuple[Source, Reading]] = config.extra.pop("readings")
    names = Finder(form for term in terms_of(config).values() for form in term.forms if any(spot(form)))
    for uri, (source, reading) in readings.items():
        if uri not in EXEMPT and source.file.inclusion is not InclusionLevel.EXCLUDED:
            name = f"{Path(config.docs_dir).name}/{uri}"
            shown = list(said(name, source, reading, runs(config), Path(config.config_file_path).parent))
            found += account(name, source, shown, cited(reading), runs(config), names)
    config.extra.setdefault("messages", []).extend(limited(found))
    return config


def cited(reading: Reading) -> set[str]:
    """What the page cites."""
    return {citation for passage in reading.passages for citation in passage.citations}


def said(
    page: str, source: Source, reading: Reading, known: Mapping[str, Run], root: Path
) -> Iterator[tuple[str, Passage]]:
    """All that readers of a page see or hear, each with the file where it was typed."""
    front = [(str(source.meta.get(key) or ""), source.lines.get(key, 1)) for key in ("title", "description")]
    for words, line in [*front, *(front_words(source) if "term" in source.meta else ())]:
        yield page, Passage(CITATION.sub(HIDDEN, words), ((0, line),), ())
    for passage in reading.passages:
        yield page, passage
    for citation in sorted(cited(reading)):
        experiment, _, name = citation.partition(".")
        result = known[experiment].record.results.get(name) if experiment in known else None
        if isinstance(result, Figure | Table):
            file = f"figures/experiments/{experiment}.py"
            code = (root / file).read_text(encoding="utf-8")
            for words in _words(result):
                text = CITATION.sub(HIDDEN, words)
                lines = tuple((number.start, _line(code, name, text, number.start)) for number in spot(text))
                yield file, Passage(text, lines, ())


def account(
    page: str,
    source: Source,
    shown: Iterable[tuple[str, Passage]],
    citations: set[str],
    known: Mapping[str, Run],
    names: Finder,
) -> list[Message]:
    """What is typed and not on the list, and what is listed but not typed; ``names`` are terms with a number."""
    entries, found = _entries(page, source)
    experiments = {citation.partition(".")[0] for citation in citations}
    for file, passage in shown:
        named = list(names.find(passage.text))
        for number in spot(passage.text):
            if any(name.start <= number.start and number.end <= name.end for name in named):
                continue
            if [entry for entry in entries if entry.allows(passage.text, number)]:
                continue
            what = f"手で打った数字 '{number.text}' があります。{nearest(number, known, experiments)}"
            where = "front matter" if file == page else f"{page} の front matter"
            how = f'引用にするか、{where} の typed に "{number.text}": 理由 を足してください。'
            found.append((file, passage.line(number.start) or source.first, what + how))
    for entry in entries:
        if not entry.used:
            what = f"typed の '{entry.key}' は、このページに手で打った数字としては出てきません。"
            found.append((page, entry.line, what + "消すか、ページのとおりに直してください。"))
    return found


def nearest(number: TypedNumber, known: Mapping[str, Run], experiments: set[str]) -> str:
    """The result that has this value, else one that is near; of the page's experiments first."""
    unit = "個" if number.unit == "つ" else number.unit
    ranked = []
    for experiment, run in known.items():
        for name, result in run.record.results.items():
            if number.value is None or not isinstance(result, Number):
                continue
            its = "%" if result.unit in SCALES else result.unit
            if its != unit and not {its, unit} <= ALIKE:
                continue
            away = abs(abs(result.value) - abs(number.value))
            far = away > number.reach * (1 + 1e-9)
            if not far or away <= NEAR * abs(number.value):
                rank = (far, its != unit, experiment not in experiments, away)
                ranked.append((rank, f"{{{{ {experiment}.{name} }}}}", result.text))
    if not ranked:
        return "この値の結果はありません。"
    (far, *_), citation, text = min(ranked)
    return f"いちばん近い結果は {citation} の {text} です。" if far else f"{citation} が {text} です。"


def _words(result: Figure | Table) -> list[str]:
    if isinstance(result, Figure):
        return [result.title, result.caption, result.alt, *result.panels]
    return [result.caption, *result.columns, *result.rows]


def _line(code: str, name: str, text: str, place: int) -> int:
    """The line of an experiment's file with most of what stands around, else behind, a place in a text of ``name``."""
    lines = code.splitlines()
    first = next((number for number, line in enumerate(lines, 1) if f'"{name}":' in line), 1)
    reaches = (16, 8, 4, 2)
    for before, after in [*zip(reaches, reaches, strict=True), *((0, reach) for reach in reaches)]:
        around = text[max(place - before, 0) : place + after].strip(HIDDEN)
        for number, line in enumerate(lines[first - 1 :], first):
            if around in line:
                return number
    return first


def _entries(page: str, source: Source) -> tuple[list[Entry], list[Message]]:
    typed: Any = source.meta.get("typed", {})
    first = source.lines.get("typed", 1)
    if not isinstance(typed, dict):
        return [], [(page, first, 'typed は "5個": 理由 の並びにしてください。')]
    front = Path(source.file.abs_src_path or "").read_text(encoding="utf-8-sig").splitlines()[first : source.first]
    entries, found = [], []
    for key, reason in typed.items():
        line = next((number for number, text in enumerate(front, first + 1) if str(key) in text), first)
        entries.append(Entry(str(key), line))
        if not isinstance(reason, str) or not reason.strip():
            found.append((page, line, f"typed の '{key}' に理由がありません。読む人に見える一言を書いてください。"))
    return entries, found
