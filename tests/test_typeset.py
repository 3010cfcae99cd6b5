"""Line breaks in paragraphs, addresses of headings, phrases of titles. How they look: test_typeset_browser.py."""

from __future__ import annotations

import json

import pytest
from conftest import Site
from markdown import Markdown
from markdown.extensions.toc import slugify_unicode

from hooks.anchor import AnchorExtension
from hooks.formulate import MathExtension
from hooks.phrases import PhrasesExtension, phrases
from hooks.proofread import Proofreader
from hooks.report import Problem, line_of
from hooks.typeset import TypesetExtension


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("一行目、\n二行目。", "<p>一行目、二行目。</p>"),
        ("重みは\nweightです。", "<p>重みはweightです。</p>"),
        ("weight\nは重みです。", "<p>weightは重みです。</p>"),
        ("two\nwords", "<p>two\nwords</p>"),
        ("これは\n**強調**です。", "<p>これは<strong>強調</strong>です。</p>"),
        ("**強調**\nです。", "<p><strong>強調</strong>です。</p>"),
        ("**強\n調**です。", "<p><strong>強調</strong>です。</p>"),
        ("- 項目の\n  続き", "<li>項目の続き</li>"),
        ("> 引用の\n> 続き", "<p>引用の続き</p>"),
        ("行末の空白は  \n改行です。", "<p>行末の空白は<br />改行です。</p>"),
        ("```\n一行目\n二行目\n```", "一行目\n二行目"),
        ("`一\n二`", "<code>一\n二</code>"),
        ("段落の\n続き。\n{ .lead }", '<p class="lead">段落の続き。</p>'),
        ("段落。\n\n次の段落。", "<p>段落。</p>\n<p>次の段落。</p>"),
        ("**重み**\n**減衰**", "<p><strong>重み</strong><strong>減衰</strong></p>"),
        ("**weight**\n**decay**", "<p><strong>weight</strong>\n<strong>decay</strong></p>"),
        ("**重み**\n`w`と[減衰](a)\nweight", '</strong><code>w</code>と<a href="a">減衰</a>weight</p>'),
        ("`w`\n`b`\nの値", "<code>w</code>\n<code>b</code>の値"),
        ("行末の空白 \nは消えます", "<p>行末の空白は消えます</p>"),
        ("葛\U000e0100\nの字", "<p>葛\U000e0100の字</p>"),
        ("![図の\n説明](a.png)", 'alt="図の説明"'),
        ("![a b](a.png)", 'alt="a b"'),
    ],
)
def test_a_line_break_between_wide_characters_is_nothing(text: str, html: str) -> None:
    assert html in Markdown(extensions=["fenced_code", "attr_list", TypesetExtension()]).convert(text)


def convert(text: str) -> tuple[str, list[Problem], Markdown]:
    problems: list[Problem] = []
    ours = [MathExtension(problems), TypesetExtension(), AnchorExtension(problems), PhrasesExtension()]
    extensions = ["attr_list", "footnotes", "toc", "admonition", *ours]
    md = Markdown(extensions=extensions, extension_configs={"toc": {"slugify": slugify_unicode}})
    return md.convert(text), problems, md


@pytest.mark.parametrize(
    ("text", "name", "label"),
    [
        ("## 重みを減らす", "重みを減らす", "重みを減らす"),
        ("## 「L2」が外れる、ところ", "l2が外れるところ", "「L2」が外れる、ところ"),
        ("## 重みの $w_j$ は", "重みの-は", "重みの wj は"),
        ("## **太字**と[リンク](https://example.org/)", "太字とリンク", "太字とリンク"),
        ("## `weight_decay` と \\_", "weight_decay-と-_", "weight_decay と _"),
        ("## 注のある[^1]見出し\n\n[^1]: 注", "注のある見出し", "注のある見出し"),
        ("## AT&T & B", "att-b", "AT&amp;T &amp; B"),
        ("## 新しい見出し { #old }", "old", "新しい見出し"),
    ],
)
def test_a_heading_is_found_by_its_words_or_its_name(text: str, name: str, label: str) -> None:
    html, problems, md = convert(text)
    assert problems == []
    assert f'<h2 id="{name}">' in html
    assert md.toc_tokens[0]["name"] == label  # type: ignore[attr-defined]
    assert md.toc_tokens[0]["id"] == name  # type: ignore[attr-defined]
    # What checks the links, before the build begins, expects the same address.
    assert name in Proofreader(["attr_list", "footnotes", "toc"], {"toc": {"slugify": slugify_unicode}}).read(text).ids


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("# 題\n\n## まとめ\n\n文。\n\n## まとめ\n", 3, "アドレス #まとめ が、このページに二つあります"),
        ("# 題\n\n## 一つ目\n\n## **二つ**目 { #一つ目 }\n", 5, "見出し「**二つ**目」のアドレス #一つ目"),
        ("# 題\n\n## 重み $w$\n\n## 重み $b$\n", 5, "アドレス #重み が"),
        ("段落。\n{ #x }\n\n## 見出し { #x }\n", 4, "アドレス #x が"),
        ("# 題\n\n## ？\n", 3, "アドレスにできる文字がありません"),
        ("# 題\n\n## $\\lambda$\n", 3, "アドレスにできる文字がありません"),
    ],
)
def test_no_heading_is_called_1(text: str, line: int, words: str) -> None:
    html, problems, _ = convert(text)
    assert 'id="_' not in html
    assert len(problems) == 1
    assert words in problems[0].message
    assert "{ #名前 }" in problems[0].message
    assert line_of(text, problems[0]) == line


@pytest.mark.parametrize(
    ("title", "divided"),
    [
        ("L1とL2は、重みをどう変えるのか", "L1と|L2は、|重みを|どう|変えるのか"),
        ("weight decayとは", "weight decayとは"),
        ("三つの方法（weight decayなど）を比べる", "三つの|方法|（weight decayなど）を|比べる"),
        ("A &amp; Bを比べる", "A &amp; Bを|比べる"),
        ("分からないこと：画像の話", "分からない|こと：画像の|話"),
        ("関数len(seeds)の話", "関数|len(seeds)の|話"),
        ("", ""),
    ],
)
def test_a_title_of_a_template_is_divided_between_phrases(title: str, divided: str) -> None:
    assert phrases(title).replace("<wbr>", "|") == divided


@pytest.mark.parametrize(
    ("text", "divided"),
    [
        ("`正則化を比べるための関数`を使う", "<code>正則化を比べるための関数</code>を|使う"),
        ("100個のデータを選んで減らす", "100個の|データを|選んで|減らす"),
        ("[重みを減らす](a)ための**正則化**とは", '<a href="a">重みを|減らす</a>ための<strong>|正則化</strong>とは'),
    ],
)
def test_code_and_numbers_stay_whole_and_a_phrase_may_cross_elements(text: str, divided: str) -> None:
    html, _, _ = convert(f"## {text}")
    assert f">{divided}</h2>" in html.replace("<wbr />", "|")


def test_the_words_of_a_title_reach_search_and_title_whole(site: Site) -> None:
    site.page("# 重み $w_j$ はなぜ消えるのか\n\n## L2は重みを均等に減らすのか\n\n文。\n", "docs/page.md")
    site.good()
    html = site.html("page/index.html")
    assert "はなぜ".replace("は", "は<wbr />") in html
    assert "<title>重み wj はなぜ消えるのか - " in html
    index = json.loads(site.html("search/search_index.json"))
    assert {"重み wj はなぜ消えるのか", "L2は重みを均等に減らすのか"} <= {entry["title"] for entry in index["docs"]}


def test_two_headings_with_one_address_stop_the_build(site: Site) -> None:
    site.page("# 題\n\n## まとめ\n\n文。\n\n## まとめ\n")
    assert "docs/index.md:3: 見出し「まとめ」のアドレス #まとめ が" in site.bad()
