"""The articles of the series on regularisation: what each must have, and the way that leads from one to the next."""

from __future__ import annotations

import itertools
import re
from html import unescape
from pathlib import Path

import pytest

SERIES = (
    "l1-vs-l2",
    "weight-decay-is-not-l2",
    "how-big-is-lambda",
    "choosing-lambda",
    "elastic-net",
    "tikhonov",
    "early-stopping",
)
# Beside the text: what is folded, what is looked at, what is run, what is spelt in symbols.
BESIDE = re.compile(r"<(details|figure|table|pre|math|svg|script|style)\b.*?</\1>", re.DOTALL)


def article(built: Path, slug: str) -> str:
    html = (built / f"articles/{slug}/index.html").read_text(encoding="utf-8")
    return html[html.index("<article") : html.index("</article>")]


@pytest.mark.parametrize("slug", SERIES)
def test_an_article_has_what_a_reader_checks_tries_and_remembers(built: Path, slug: str) -> None:
    html = article(built, slug)
    assert len(set(re.findall(r'<data [^>]*data-cite="([^"]*)"', html))) >= 10
    assert len(set(re.findall(r'data-claim="([^"]*)"', html))) >= 3
    assert len(re.findall(r'<figure class="?plot', html)) >= 2
    assert len(re.findall(r"<figure[^>]* data-live=", html)) >= 1
    assert re.search(r'<(?:figure|div) class="?[^">]*result-table', html)
    assert 'class="admonition guess"' in html
    assert re.search(r'練習(?:<wbr ?/>)?問題</h2>.*<details class="answer"', html, re.DOTALL)
    assert re.search(r"」?と(?:も)?(?:言|説明さ)", html)  # what is commonly said is quoted as such
    assert len(re.findall(r'<a href="https://(?:doi\.org|arxiv\.org|proceedings|jmlr|papers|www)', html)) >= 1


@pytest.mark.parametrize("slug", SERIES)
def test_an_article_is_neither_thin_nor_padded(built: Path, slug: str) -> None:
    html = article(built, slug)
    html = BESIDE.sub("", html[: html.index('class="admonition next"')])
    assert 2500 <= len(re.sub(r"\s", "", unescape(re.sub(r"<[^>]+>", "", html)))) <= 5000


@pytest.mark.parametrize("slug", SERIES)
def test_question_and_a_number_stand_before_the_second_heading(built: Path, slug: str) -> None:
    html = article(built, slug)
    title, text = html[: html.index("<h2")].split("</h1>")
    assert re.sub(r"<[^>]+>", "", title).rstrip("」）").endswith(("か", "何")) or "のか" in title
    assert "<data " in text


@pytest.mark.parametrize(("slug", "following"), list(itertools.pairwise(SERIES)))
def test_an_article_leads_to_the_next(built: Path, slug: str, following: str) -> None:
    html = article(built, slug)
    first = re.search(r'<a href="([^"]*)"', html[html.index('class="admonition next"') :])
    assert first
    assert first[1] == f"../{following}/"
