"""Line breaks in Japanese paragraphs."""

from __future__ import annotations

import pytest
from markdown import Markdown

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
    ],
)
def test_a_line_break_between_wide_characters_is_nothing(text: str, html: str) -> None:
    assert html in Markdown(extensions=["fenced_code", "attr_list", TypesetExtension()]).convert(text)
