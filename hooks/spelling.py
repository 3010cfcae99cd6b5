"""One spelling on the whole site: a form that the glossary lists under ``spellings`` stops the build, with ours.

All that a page says is looked at: text, headings, captions, title, description, alternative texts, and the words of
its figures and tables, which stand in the experiment. A form alone in 「」 is the word itself, not its use, and may be
named; so may a term's own page name the spellings of its term. Code, formulas and addresses are not prose.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import InclusionLevel

from hooks.account import said
from hooks.forms import Finder
from hooks.proofread import Reading
from hooks.read import Source
from hooks.regenerate import runs
from hooks.report import Problem, limited, line_of
from hooks.terms import Term, terms_of

NEAR = 12  # characters around a form by which its line is found
Message = tuple[str, int, str]


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """After ``regenerate``, for the figures' words; what is found waits for the other problems of the pages."""
    readings: dict[str, tuple[Source, Reading]] = config.extra["readings"]
    root, terms, found = Path(config.config_file_path).parent, terms_of(config), list[Message]()
    for uri, (source, reading) in readings.items():
        if source.file.inclusion is not InclusionLevel.EXCLUDED:
            page = f"{Path(config.docs_dir).name}/{uri}"
            texts = [(file, passage.text) for file, passage in said(page, source, reading, runs(config), root)]
            own = {name for name, term in terms.items() if term.file.src_uri == uri}
            found += wrong(root, texts, {name: term for name, term in terms.items() if name not in own})
    config.extra.setdefault("messages", []).extend(limited(found))
    return config


def wrong(root: Path, texts: Iterable[tuple[str, str]], terms: Mapping[str, Term]) -> Iterator[Message]:
    """Each spelling that is not ours in the texts of (file, text)."""
    ours = {spelling: term.term for term in terms.values() for spelling in term.spellings}
    # A right form may hold a wrong one: パラメータ in ハイパーパラメータ.
    right = {form for term in terms.values() for form in term.forms}
    finder = Finder([*ours, *right])
    for file, text in texts:
        for form in finder.find(text):
            before, words, after = text[: form.start], text[form.start : form.end], text[form.end :]
            named = before.endswith("「") and after.startswith("」")
            if form.form in ours and words not in right and not named:  # Relu is not ours, ReLU is
                here = Problem("", words, before[-NEAR:], after[:NEAR])
                line = line_of((root / file).read_text(encoding="utf-8-sig"), here)
                what = f"「{here.text}」は、このブログでは「{ours[form.form]}」と書きます。"
                yield file, line, what + "直すか、言葉そのものの話なら「」に入れてください。"
