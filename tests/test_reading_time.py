"""Reading time: text counted by hand, and printed wherever the theme says how long an article is."""

from __future__ import annotations

import datetime

import pytest
from conftest import Lab, Site
from markdown import Markdown
from markdown.extensions import Extension

from hooks.cite import CiteExtension
from hooks.formulate import MathExtension
from hooks.reading_time import CODE_LINE, PER_MINUTE, PICTURE, SYMBOL, ReadingTimeExtension, minutes
from hooks.render import Citations
from hooks.typeset import TypesetExtension

POST = "---\ndate: {date}\nslug: post\nauthors: [takaoka]\n{more}---\n# 題の五字\n\n{body}\n"
TODAY = datetime.date(2026, 1, 5).isoformat()


def counted(text: str, *more: Extension) -> float:
    """Characters that a text weighs: enough of a plain text is put in front to find where the minutes change."""
    reading = ReadingTimeExtension()
    extensions = ["tables", "attr_list", "pymdownx.superfences", MathExtension([]), TypesetExtension(), *more, reading]
    md = Markdown(extensions=extensions)

    def more_than_a_minute(filling: int) -> bool:
        md.reset()
        md.convert("字" * filling + "\n\n" + text)
        return reading.minutes > 1

    low, high = 0, PER_MINUTE + 1  # with `low` characters more it is a minute, with `high` it is not
    assert not more_than_a_minute(low)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if more_than_a_minute(middle) else (middle, high)
    return PER_MINUTE - low


@pytest.mark.parametrize(
    ("text", "weight"),
    [
        ("", 0),
        ("重みを減らす。", 7),
        ("空白 は\n数えません。", 9),
        ("**太字**と[リンク](https://example.org/very/long)", 6),
        ("weight decay", 11),
        ("A &amp; B", 3),
        ("\\*星\\*", 3),
        ("文の<br>中<!-- 見えない -->", 3),
        ("<b>生</b>の`w`", 3),
        ("λは $w_j^2$ です", 4 + 3 * SYMBOL),  # w, j, 2
        ("$$\n\\frac{1}{2n}\\lVert w\\rVert\n$$", 6 * SYMBOL),  # 1, 2, n, two bars, w
        ("```python\nfor w in model:\n\n    w *= 0.9\n```", 2 * CODE_LINE),
        ("![説明](a.png)", PICTURE),
        ("| 重み | 値 |\n|---|---|\n| λ | 一 |", 5 + PICTURE),
    ],
)
def test_a_text_weighs_its_characters(text: str, weight: int) -> None:
    assert counted(text) == weight


@pytest.mark.parametrize(("characters", "expected"), [(0, 1), (1, 1), (500, 1), (501, 2), (4500, 9), (4501, 10)])
def test_five_hundred_characters_are_a_minute(characters: int, expected: int) -> None:
    assert minutes(characters) == expected


def test_a_figure_of_an_experiment_weighs_a_picture_and_its_words(drawn: Lab) -> None:
    runs = drawn.update()
    assert "<text" in str(runs["toy"].drawings["line"])
    mean = runs["toy"].record.results["mean"].text
    words = f"見出し線を見てください。値は{mean}です。レシート"
    assert counted("{{ toy.line }}", CiteExtension(Citations(runs, "/receipts/", []))) == len(words) + PICTURE


def test_the_theme_prints_it_on_the_article_and_on_the_list(site: Site) -> None:
    site.write(
        "docs/articles/post.md", POST.format(date=TODAY, more="", body="字" * 1490 + "\n\n<!-- more -->\n\n終わり。")
    )
    home = site.good()
    assert "<span>読む時間 3分</span>" in home  # 4 + 1490 + 4 characters
    assert "<dt>読む時間</dt><dd>3分</dd>" in site.html("articles/post/index.html")


def test_nobody_types_it(site: Site) -> None:
    site.write("docs/articles/post.md", POST.format(date=TODAY, more="readtime: 9\n", body="文。"))
    assert "docs/articles/post.md:5: readtime はビルドが数えます。この行を消してください。" in site.bad()
