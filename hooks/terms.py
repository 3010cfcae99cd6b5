"""The glossary's terms, from the front matter of ``docs/glossary/*.md``: one file a term, each relation on both sides.

    term: 重み減衰                       the headword, which is how this blog writes it
    reading: おもみげんすい               in kana; the index is in this order
    english: weight decay
    definition: 学習の一歩ごとに、…。     one sentence that stands alone, without markup
    variants: [SGD]                      other forms that are right as well
    spellings: [ウェイトディケイ]          forms that others write; search finds them, our prose does not use them
    related:                             a relation (``RELATIONS``), to other headwords
      - AdamW
      - L2正則化: 素の勾配降下法のときだけ。   with a note

A page of the folder without ``term`` is no term. What is wrong stops the build with file, line and remedy, all at once:
a relation that leads nowhere or is not returned would be a wrong statement about the field.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, InclusionLevel

from hooks.forms import folded
from hooks.proofread import Reading
from hooks.read import Source
from hooks.report import limited

FOLDER = "glossary/"
REQUIRED = ("term", "reading", "english", "definition")
# Each relation as the page calls it, and what the other side has to say.
RELATIONS = {
    "synonyms": "同じ意味の言葉",
    "opposites": "反対の言葉",
    "confused_with": "まちがえやすい",
    "broader": "広い言葉",
    "narrower": "狭い言葉",
    "related": "関係する言葉",
    "appears_with": "一緒に出る言葉",
}
RETURNED = {**{kind: kind for kind in RELATIONS}, "broader": "narrower", "narrower": "broader"}
ALLOWED = {*REQUIRED, "variants", "spellings", *RELATIONS, "typed", "unlinked"}
READING = re.compile("[ぁ-ゖァ-ヺー・]+")
MARKUP = re.compile(r"[{}$`*_<>\[\]|]")
LONGEST = 80  # characters of a definition: it has to fit a card and a search result

Message = tuple[str, int, str]


@dataclass(frozen=True)
class Term:
    """One term; ``relations`` are kind -> headword -> note or ''."""

    term: str
    reading: str
    english: str
    definition: str
    file: File
    variants: tuple[str, ...] = ()
    spellings: tuple[str, ...] = ()
    relations: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def slug(self) -> str:
        """The name of its file, and of its page."""
        return self.file.name

    @property
    def forms(self) -> tuple[str, ...]:
        """What the text of a page may call it."""
        return tuple(dict.fromkeys((self.term, *self.variants, self.english)))


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """After ``check`` has read the pages: ``config.extra["terms"]``, by headword in the order of the readings."""
    readings: dict[str, tuple[Source, Reading]] = config.extra["readings"]
    sources = [
        source
        for uri, (source, _) in sorted(readings.items())
        if uri.startswith(FOLDER) and "term" in source.meta and source.file.inclusion is not InclusionLevel.EXCLUDED
    ]
    found: list[Message] = [message for source in sources for message in _wrong_fields(source)]
    if not found:
        terms = {term.term: term for term in sorted(map(_term, sources), key=order)}
        found = [*_twice(sources), *_wrong_relations(sources, terms)]
        config.extra["terms"] = terms
    if found:
        raise PluginError("\n".join(limited((f"docs/{uri}", line, message) for uri, line, message in found)))
    return config


def terms_of(config: MkDocsConfig) -> dict[str, Term]:
    """All terms, by headword."""
    terms: dict[str, Term] = config.extra["terms"]
    return terms


def order(term: Term) -> tuple[str, str]:
    """The order of a dictionary: hiragana and katakana alike, ー and small letters after all others."""
    return kana(term.reading), term.term


def kana(reading: str) -> str:
    """Katakana as hiragana; ー as the vowel that it lengthens would be too clever: it is left out."""
    hiragana = "".join(chr(ord(sign) - 0x60) if "ァ" <= sign <= "ヶ" else sign for sign in reading)
    return hiragana.replace("ー", "").replace("・", "")


def front_words(source: Source) -> Iterator[tuple[str, int]]:
    """What the front matter of a term shows to readers, beside other terms' names: (text, line)."""
    for key in ("term", "definition"):
        yield str(source.meta.get(key) or ""), source.lines.get(key, 1)
    for kind in RELATIONS:
        for _, note in _entries(source.meta.get(kind) or ()):
            yield note, _line(source, kind, note)


def _term(source: Source) -> Term:
    meta = source.meta
    return Term(
        **{key: str(meta[key]).strip() for key in REQUIRED},
        file=source.file,
        variants=tuple(map(str, meta.get("variants") or ())),
        spellings=tuple(map(str, meta.get("spellings") or ())),
        relations={kind: dict(_entries(meta.get(kind) or ())) for kind in RELATIONS},
    )


def _entries(listed: Any) -> Iterator[tuple[str, str]]:
    """``- L2正則化`` or ``- L2正則化: note``, as YAML has read it."""
    for entry in listed:
        if isinstance(entry, dict):
            yield from ((str(name), str(note)) for name, note in entry.items())
        else:
            yield str(entry), ""


def _wrong_fields(source: Source) -> Iterator[Message]:
    """What one file says of itself."""
    uri, meta = source.file.src_uri, source.meta
    for key in REQUIRED:
        if not isinstance(meta.get(key), str) or not meta[key].strip():
            what = f"{key} がありません。front matter に {key}: … の形で、文字で書いてください。"
            yield uri, source.lines.get(key, 1), what
    for key in meta:
        if key not in ALLOWED:
            names = "、".join(sorted(ALLOWED))
            yield uri, source.lines.get(key, 1), f"'{key}' という項目はありません。使えるのは {names} です。"
    for key in ("variants", "spellings", *RELATIONS):
        if not isinstance(meta.get(key, []), list) or any(entry in (None, "") for entry in meta.get(key, [])):
            yield uri, source.lines.get(key, 1), f"{key} は「- 言葉」を並べて書いてください。"
    reading, definition = str(meta.get("reading")), str(meta.get("definition"))
    if not READING.fullmatch(reading):
        yield (
            uri,
            source.lines.get("reading", 1),
            f"reading '{reading}' は、かなだけで書いてください。",
        )
    line = source.lines.get("definition", 1)
    if not definition.endswith("。") or definition.count("。") > 1 or "\n" in definition:
        yield uri, line, "definition は「。」で終わる一文にしてください。カードと検索結果に、これだけで載ります。"
    if len(definition) > LONGEST:
        yield uri, line, f"definition が{len(definition)}字あります。{LONGEST}字までに縮めてください。"
    if mark := MARKUP.search(definition):
        yield uri, line, f"definition に記号 {mark[0]} があります。カードに載るので、ただの文にしてください。"
    if not source.body.strip():
        yield uri, source.first, "本文がありません。式、測った数、まちがえやすいところ、出典を書いてください。"


def _twice(sources: list[Source]) -> Iterator[Message]:
    """A form belongs to one term: otherwise a link would have to guess."""
    taken: dict[str, str] = {}
    for source in sources:
        uri, meta = source.file.src_uri, source.meta
        for key in ("term", "variants", "spellings"):
            for form in [meta["term"]] if key == "term" else meta.get(key) or ():
                other = taken.setdefault(folded(str(form)), uri)
                if other != uri:
                    what = f"「{form}」は docs/{other} の言葉でもあります。どちらか一方から消してください。"
                    yield uri, _line(source, key, str(form)), what


def _wrong_relations(sources: list[Source], terms: Mapping[str, Term]) -> Iterator[Message]:
    for source in sources:
        uri, term = source.file.src_uri, terms[str(source.meta["term"]).strip()]
        told: dict[str, str] = {}
        for kind, entries in term.relations.items():
            for name, note in entries.items():
                line = _line(source, kind, name)
                other = terms.get(name)
                if other is None:
                    what = f"{kind} の「{name}」という見出しの用語がありません。"
                    yield uri, line, what + "見出しの言葉（term）で書くか、その用語のファイルを作ってください。"
                elif other is term:
                    yield uri, line, f"{kind} が自分自身を指しています。消してください。"
                elif name in told:
                    yield (
                        uri,
                        line,
                        f"「{name}」は {told[name]} にもあります。関係は一つだけにしてください。",
                    )
                elif term.term not in other.relations[RETURNED[kind]]:
                    where = f"docs/{other.file.src_uri} の {RETURNED[kind]}"
                    what = f"{kind} に「{name}」がありますが、{where} に「{term.term}」がありません。"
                    yield uri, line, what + "両方に書くか、両方から消してください。"
                elif kind == "confused_with" and not note:
                    what = f"confused_with の「{name}」に、どこが違うかの一文がありません。"
                    yield uri, line, what + f"「- {name}: …」と書いてください。"
                told.setdefault(name, kind)


def _line(source: Source, key: str, form: str) -> int:
    """The line of an entry, which stands at its key or below it."""
    first = source.lines.get(key, 1)
    lines = Path(source.file.abs_src_path or "").read_text(encoding="utf-8-sig").splitlines()[first - 1 : source.first]
    return next((number for number, text in enumerate(lines, first) if form in text), first)
