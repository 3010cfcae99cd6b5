"""The pages of the glossary: a term's own page, and three lists that are made of all terms (``theme/glossary.html``).

What a term says in its front matter stands in the page itself, above and below what the author wrote, and not only in
its template: search then finds the reading, the English and every spelling. Search engines get the definition as a
schema.org DefinedTerm (https://schema.org/DefinedTerm).
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from itertools import groupby
from typing import Any
from urllib.parse import urljoin

from jinja2 import Environment
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

from hooks.dataset import block
from hooks.field_map import field_map
from hooks.render import cited_experiments
from hooks.terms import FOLDER, RELATIONS, Term, kana, terms_of

INDEX = f"{FOLDER}index.md"
BESIDE = 3  # terms before and after, in the order of the readings
# The rows of the 五十音; a voiced sound stands with its plain one.
ROWS = "あいうえお かきくけこ さしすせそ たちつてと なにぬねの はひふへほ まみむめも やゆよ らりるれろ わをん".split()
VOICED, VOICELESS = (
    "がぎぐげござじずぜぞだぢづでどばびぶべぼぱぴぷぺぽゔ",
    "かきくけこさしすせそたちつてとはひふへほはひふへほう",
)
PLAIN = str.maketrans(VOICED, VOICELESS)
CONDITIONAL = "条件つきで同じ"  # a synonym with a note


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Title and description of a term are its headword and its definition."""
    if "term" in page.meta:
        page.meta.update(title=page.meta["term"], description=page.meta["definition"], template="term.html")
    return markdown


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Put what the front matter says around what the author wrote."""
    if "term" not in page.meta:
        return html
    terms = terms_of(config)
    term = terms[page.meta["term"]]
    links = {name: get_relative_url(other.file.url, page.url) for name, other in terms.items()}
    return head(term) + html + relations(term, links) + spellings(term)


def on_env(env: Environment, config: MkDocsConfig, files: Files) -> Environment:
    """When all pages are converted: who mentions what, who stands beside whom, and the three lists."""
    terms = list(terms_of(config).values())
    pages = {file.src_uri: file.page for file in files.documentation_pages() if file.page is not None}
    site = config.site_url or "/"
    env.filters["plain"] = plain
    for place, term in enumerate(terms):
        page = pages[term.file.src_uri]
        page.meta["articles"] = articles(page, config.extra["mentions"].places[term.term], list(pages.values()))
        page.meta["beside"] = terms[max(place - BESIDE, 0) : place + BESIDE + 1]
        page.meta["json_ld"] = block(defined_term(term, site))
    if INDEX in pages:
        pages[INDEX].meta["json_ld"] = block(defined_term_set(terms, str(pages[INDEX].meta.get("title")), site))
    env.globals.update(glossary=terms, glossary_rows=list(rows(terms)), field_map=field_map)
    return env


def head(term: Term) -> str:
    """Reading, headword, English, and the definition."""
    return (
        f'<p class="term__reading">{escape(kana_only(term))}</p>'
        f'<h1 id="{escape(term.slug)}">{escape(term.term)}</h1>'
        f'<p class="term__english" lang="en">{escape(term.english)}</p>'
        f'<p class="term__definition">{escape(term.definition)}</p>'
    )


def kana_only(term: Term) -> str:
    """The reading; '' where the headword is in kana itself."""
    return "" if kana(term.term) == kana(term.reading) else term.reading


def relations(term: Term, links: dict[str, str]) -> str:
    """A ruled list, one row a relation; entries with a note have a row of their own."""
    found = []
    for label, names in grouped(term):
        entries = []
        for name, note in names.items():
            said = f"<span>{escape(note)}</span>" if note else ""
            entries.append(f'<a href="{links[name]}">{escape(name)}</a>{said}')
        found.append(f"<div><dt>{label}</dt><dd>{'、'.join(entries)}</dd></div>")
    if not found:
        return ""
    return f'<h2 id="relations">ほかの言葉との関係</h2><dl class="ruled">{"".join(found)}</dl>'


def grouped(term: Term) -> Iterator[tuple[str, dict[str, str]]]:
    """(label, headword -> note), the relations that say most first."""
    for kind, label in RELATIONS.items():
        entries = term.relations[kind]
        for name, note in entries.items():
            if note:
                yield CONDITIONAL if kind == "synonyms" else label, {name: note}
        if short := {name: "" for name, note in entries.items() if not note}:
            yield label, short


def spellings(term: Term) -> str:
    """Other forms, and those that others write."""
    found = []
    if term.variants:
        found.append(f"<div><dt>ほかの言い方</dt><dd>{escape('、'.join(term.variants))}</dd></div>")
    if term.spellings:
        ours = f"<span>このブログでは「{escape(term.term)}」に統一しています。検索はどれでも届きます。</span>"
        found.append(f"<div><dt>表記のゆれ</dt><dd>{escape('、'.join(term.spellings))}{ours}</dd></div>")
    return f'<h2 id="spellings">別の書き方</h2><dl class="ruled">{"".join(found)}</dl>' if found else ""


def articles(page: Page, mentioned: list[Page], pages: list[Page]) -> dict[str, list[Page]]:
    """Those that show results of an experiment that the term's page cites, and the others that mention the term."""
    posts = [page for page in pages if "slug" in page.meta]
    experiments = cited_experiments(page.content or "")
    measured = [post for post in posts if experiments & cited_experiments(post.content or "") and post in mentioned]
    return {
        "この言葉を測った記事": measured,
        "この言葉が出てくる記事": [post for post in posts if post in mentioned and post not in measured],
    }


def rows(terms: list[Term]) -> Iterator[tuple[str, list[Term]]]:
    """The terms by the rows of the 五十音: (first letter of the row, terms)."""
    for letter, group in groupby(terms, key=lambda term: row_of(term.reading)):
        yield letter, list(group)


def row_of(reading: str) -> str:
    """あ for アダム, か for がくしゅうりつ."""
    first = kana(reading)[:1].translate(PLAIN)
    return next((row[0] for row in ROWS if first in row), first)


def plain(term: Term) -> list[str]:
    """Every other form of a term, right ones first."""
    return [*term.variants, *term.spellings]


def defined_term(term: Term, site: str) -> dict[str, Any]:
    """One term for search engines."""
    return {
        "@context": "https://schema.org",
        "@type": "DefinedTerm",
        "name": term.term,
        "alternateName": list(dict.fromkeys([term.english, *plain(term)])),
        "description": term.definition,
        "inDefinedTermSet": urljoin(site, FOLDER),
        "inLanguage": "ja",
        "url": urljoin(site, term.file.url),
    }


def defined_term_set(terms: list[Term], name: str, site: str) -> dict[str, Any]:
    """The glossary for search engines."""
    return {
        "@context": "https://schema.org",
        "@type": "DefinedTermSet",
        "name": name,
        "inLanguage": "ja",
        "url": urljoin(site, FOLDER),
        "hasDefinedTerm": [
            {"@type": "DefinedTerm", "name": term.term, "url": urljoin(site, term.file.url)} for term in terms
        ],
    }
