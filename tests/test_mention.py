"""The first mention of a term becomes a link, in the right places only, and an article gives its English there."""

from __future__ import annotations

import re

import pytest
from conftest import Site
from test_terms import related, term

POST = """---
date: 2026-11-01
slug: post
authors: [takaoka]
{front}---

# 見出しの重み

{body}
"""


@pytest.fixture
def glossary(site: Site) -> Site:
    term(site, "weight", more="variants: [ウェイト値]\n", english="weight")
    term(site, "weight-decay", "重み減衰", reading="おもみげんすい", english="weight decay")
    term(site, "sgd", "SGD", reading="エスジーディー", english="stochastic gradient descent")
    return site


def article(site: Site, body: str, front: str = "") -> str:
    """The article's own part of the page, as HTML."""
    site.page(POST.format(body=body, front=front), "docs/articles/post.md")
    site.good()
    html = site.html("articles/post/index.html")
    return html[html.index("<h1") : html.index("</article>")]


def linked(html: str) -> list[str]:
    return re.findall(r'<a class="term"[^>]*>([^<]*)</a>', html)


def test_only_the_first_mention_is_linked_and_the_longer_term_wins(glossary: Site) -> None:
    html = article(glossary, "重み減衰（weight decay）は、重み（weight）を減らします。重みと重み減衰。")
    assert linked(html) == ["重み減衰", "重み"]
    assert 'data-definition="言葉を確かめるための一文。"' in html
    assert re.search(r'href="[^"]*glossary/weight-decay/"[^>]*>重み減衰</a>', html)
    assert 'data-english="weight decay"' in html


@pytest.mark.parametrize(
    "closed",
    [
        "## 重みの見出し\n\n",
        "`重み`です。\n\n",
        "```\n重み\n```\n\n",
        "[重みの話](https://example.org/)です。\n\n",
        "$重み$です。\n\n",
        "| 重み | 値 |\n|---|---|\n| あ | い |\n\n",
        '<button type="button">重み</button>\n\n',
        'ここに<a href="https://example.org/">重みの話</a>があります。\n\n',
        "値[^1]\n\n[^1]: ここは注です。\n\n",
    ],
)
def test_closed_places_hold_no_link_and_do_not_count(glossary: Site, closed: str) -> None:
    assert linked(article(glossary, closed + "ここで重み（weight）です。")) == ["重み"]


def test_open_places_do(glossary: Site) -> None:
    assert linked(article(glossary, "- 重み（weight）\n- SGD\n")) == ["重み", "SGD"]
    assert linked(article(glossary, "| 名前 | 値 |\n|---|---|\n| あ | 重み（weight） |\n")) == ["重み"]
    assert linked(article(glossary, "**重み**（weight）と、SGDです。")) == ["重み", "SGD"]
    assert linked(article(glossary, "これは\n重み（weight）")) == ["重み"]


def test_a_claim_keeps_its_words_and_its_score(glossary: Site) -> None:
    html = article(glossary, "[重み（weight）は大きい]{{ toy.is_large }}。")
    assert linked(html) == ["重み"]
    assert html.count('class="claim-score"') == 1


def test_the_author_can_leave_a_word_or_the_page_alone(glossary: Site) -> None:
    assert linked(article(glossary, "重みとSGDです。", "unlinked: [重み]\n")) == ["SGD"]
    assert linked(article(glossary, "重みとSGDです。", "unlinked: all\n")) == []
    glossary.page(POST.format(body="重みです。", front="unlinked: [おもさ]\n"), "docs/articles/post.md")
    assert "docs/articles/post.md:5: unlinked の「おもさ」という見出しの用語がありません" in glossary.bad()


def test_other_pages_have_no_marks_but_a_term_links_to_other_terms(glossary: Site) -> None:
    glossary.page("# 見出し\n\n重みです。\n")
    glossary.edit("docs/glossary/sgd.md", "本文です。", "SGDで重みを減らします。重み減衰とは別です。")
    glossary.good()
    assert linked(glossary.html()) == []
    assert linked(glossary.html("glossary/sgd/index.html")) == ["重み", "重み減衰"]


def test_the_excerpt_on_the_home_page_has_no_marks(glossary: Site) -> None:
    article(glossary, "重み（weight）です。\n\n<!-- more -->\n\nつづきです。")
    assert linked(glossary.html()) == []
    assert linked(glossary.html("articles/post/index.html")) == ["重み"]


def test_the_first_headword_gives_its_english(glossary: Site) -> None:
    body = "はじめに。\n\nここで重みが出ます。\n\nもう一度、重み（weight）です。"
    glossary.page(POST.format(body=body, front=""), "docs/articles/post.md")
    what = "「重み」が初めて出ます。「重み（weight）」と、英語を添えてください。"
    assert f"docs/articles/post.md:11: {what}" in glossary.bad()


@pytest.mark.parametrize(
    "body",
    [
        "SGDです。",  # written in Latin letters
        "「重みは軽い」と言われます。その重み（weight）です。",
        '!!! points "要点"\n\n    1. 重みです。\n\n本文の重み（weight）です。',
        "ウェイト値です。",  # another form
        "重み（Weight、重さのこと）です。",
    ],
)
def test_where_the_english_may_be_missing(glossary: Site, body: str) -> None:
    assert linked(article(glossary, body))


def test_a_term_names_the_articles_in_which_it_appears(glossary: Site) -> None:
    article(glossary, "重み（weight）と{{ toy.mean }}です。SGDも。")
    assert "この言葉が出てくる記事" in glossary.html("glossary/weight/index.html")
    assert "この言葉が出てくる記事" not in glossary.html("glossary/weight-decay/index.html")
    glossary.edit("docs/glossary/weight.md", "本文です。", "値は{{ toy.mean }}です。")
    glossary.good()
    assert "この言葉を測った記事" in glossary.html("glossary/weight/index.html")


def test_relations_are_links_with_their_kind(glossary: Site) -> None:
    term(glossary, "norm", "ノルム", related("長さ: 直線のときだけです。", kind="synonyms"), reading="ノルム")
    term(glossary, "length", "長さ", related("ノルム: 直線のときだけです。", kind="synonyms"), reading="ながさ")
    glossary.good()
    html = glossary.html("glossary/norm/index.html")
    row = re.search(r"<div><dt>条件つきで同じ</dt><dd>(.*?)</dd></div>", html)
    assert row
    assert row[1] == '<a href="../length/">長さ</a><span>直線のときだけです。</span>'
