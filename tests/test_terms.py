"""A glossary that says something wrong of itself is not built: one line a problem, with file, line and remedy."""

from __future__ import annotations

import pytest
from conftest import Site

TERM = """---
term: {term}
reading: {reading}
english: {english}
definition: {definition}
{more}---

本文です。
"""


def term(site: Site, slug: str, name: str = "重み", more: str = "", **fields: str) -> None:
    given = {"reading": "おもみ", "english": slug, "definition": "言葉を確かめるための一文。", **fields}
    site.page(TERM.format(term=name, more=more, **given), f"docs/glossary/{slug}.md")


def related(*names: str, kind: str = "related") -> str:
    return f"{kind}:\n" + "".join(f"  - {name}\n" for name in names)


LOSS = related("重み") + related("重み", kind="opposites") + related("重み: ちがいます。", kind="confused_with")


def test_relations_that_are_returned_are_a_good_glossary(site: Site) -> None:
    term(site, "weight", more=related("ノルム") + related("正則化", kind="narrower"))
    term(site, "norm", "ノルム", related("重み"), reading="ノルム")
    term(site, "regularization", "正則化", related("重み", kind="broader"), reading="せいそくか")
    site.good()


@pytest.mark.parametrize(
    ("more", "line", "said"),
    [
        (related("ノーム"), 7, "related の「ノーム」という見出しの用語がありません"),
        (related("重み"), 7, "related が自分自身を指しています"),
        (related("ノルム"), 7, "docs/glossary/norm.md の related に「重み」がありません"),
        (related("ノルム", kind="broader"), 7, "docs/glossary/norm.md の narrower に「重み」がありません"),
        (related("ノルム: 似ています。", kind="synonyms"), 7, "norm.md の synonyms に「重み」がありません"),
        (related("損失") + related("損失", kind="opposites"), 7, "「損失」は opposites にもあります"),
        (related("損失", kind="confused_with"), 7, "confused_with の「損失」に、どこが違うかの一文がありません"),
        ("relatd: [ノルム]\n", 6, "'relatd' という項目はありません"),
        ("variants: ノルム\n", 6, "variants は「- 言葉」を並べて書いてください"),
        ("variants: [ノルム]\n", 6, "「ノルム」は docs/glossary/norm.md の言葉でもあります"),
        ("spellings: [ロス, 損失]\n", 6, "「損失」は docs/glossary/loss.md の言葉でもあります"),
    ],
)
def test_what_a_relation_or_a_form_can_get_wrong(site: Site, more: str, line: int, said: str) -> None:
    term(site, "loss", "損失", LOSS, reading="そんしつ")
    term(site, "norm", "ノルム", reading="ノルム")
    term(site, "weight", more=more)
    lines = [text for text in site.bad().splitlines() if "weight.md" in text.split(": ")[0]]
    assert any(
        text.removeprefix("ERROR   -  ").startswith(f"docs/glossary/weight.md:{line}: ") and said in text
        for text in lines
    )


@pytest.mark.parametrize(
    ("fields", "line", "said"),
    [
        ({"reading": "重み"}, 3, "reading '重み' は、かなだけで書いてください"),
        ({"reading": ""}, 3, "reading がありません"),
        ({"english": "2"}, 4, "english がありません"),
        ({"definition": "文の終わりがない"}, 5, "definition は「。」で終わる一文にしてください"),
        ({"definition": "一つ。二つ。"}, 5, "definition は「。」で終わる一文にしてください"),
        ({"definition": "長" * 80 + "。"}, 5, "definition が81字あります。80字までに縮めてください"),
        ({"definition": "値は{{ toy.mean }}。"}, 5, "definition に記号 { があります"),
        ({"definition": "値は26.0個。"}, 5, "手で打った数字 '26.0個' があります"),
    ],
)
def test_what_a_field_can_get_wrong(site: Site, fields: dict[str, str], line: int, said: str) -> None:
    term(site, "weight", **{key: f'"{value}"' if "{" in value else value for key, value in fields.items()})
    heard = site.bad()
    assert f"docs/glossary/weight.md:{line}: {said}" in heard


def test_a_term_without_a_body_is_a_stub(site: Site) -> None:
    site.page(
        TERM.format(term="重み", reading="おもみ", english="w", definition="一文。", more="").split("本文")[0],
        "docs/glossary/w.md",
    )
    assert "docs/glossary/w.md:7: 本文がありません" in site.bad()


def test_all_problems_of_all_terms_are_told_at_once(site: Site) -> None:
    term(site, "weight", reading="omomi")
    term(site, "norm", "ノルム", definition="一つ。二つ。")
    said = site.bad()
    assert "weight.md:3" in said
    assert "norm.md:5" in said
