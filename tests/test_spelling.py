"""One spelling on the whole site: what the glossary lists as others' stops the build, with file, line and our own."""

from __future__ import annotations

import pytest
from conftest import Site
from test_mention import POST
from test_terms import term


@pytest.fixture
def glossary(site: Site) -> Site:
    term(site, "overfitting", "過学習", "spellings: [過剰適合, オーバーフィッティング]\n", reading="かがくしゅう")
    term(site, "parameter", "パラメータ", "spellings: [パラメーター]\n", reading="パラメータ")
    term(site, "hyperparameter", "ハイパーパラメータ", "spellings: [超パラメータ]\n", reading="ハイパーパラメータ")
    return site


SAID = "「{form}」は、このブログでは「{ours}」と書きます。"


@pytest.mark.parametrize(
    ("form", "ours"),
    [
        ("過剰適合", "過学習"),
        ("オーバーフィッティング", "過学習"),
        ("パラメーター", "パラメータ"),
        ("超パラメータ", "ハイパーパラメータ"),
    ],
)
@pytest.mark.parametrize(
    ("page", "line"),
    [
        ("# 見出し\n\nはじめに。\n\nこれは{form}です。\n", 5),
        ("# {form}\n", 1),
        ("# 見出し\n\n- ひとつ\n- **{form}**\n", 4),
        ("# 見出し\n\n| {form} | 値 |\n|---|---|\n| あ | い |\n", 3),
        ("---\ndescription: これは{form}です。\n---\n\n# 見出し\n", 2),
    ],
)
def test_others_spellings_stop_the_build(glossary: Site, page: str, line: int, form: str, ours: str) -> None:
    glossary.page(page.format(form=form))
    assert f"docs/index.md:{line}: {SAID.format(form=form, ours=ours)}" in glossary.bad()


def test_so_do_those_in_a_figure_and_in_another_terms_definition(glossary: Site) -> None:
    glossary.edit("figures/experiments/toy.py", '"表の説明。"', '"表は過剰適合です。"')
    glossary.page("# 見出し\n\n{{ toy.all }}\n")
    glossary.edit("docs/glossary/parameter.md", "言葉を確かめるための一文。", "過剰適合のもと。")
    said = glossary.bad()
    line = 1 + (glossary.root / "figures/experiments/toy.py").read_text(encoding="utf-8").split("表は過剰適合")[
        0
    ].count("\n")
    assert f"figures/experiments/toy.py:{line}: {SAID.format(form='過剰適合', ours='過学習')}" in said
    assert f"docs/glossary/parameter.md:5: {SAID.format(form='過剰適合', ours='過学習')}" in said


@pytest.mark.parametrize(
    "text",
    [
        "過学習のパラメータ、ハイパーパラメータ。",
        "「過剰適合」と書く人もいます。",  # the word, not its use
        "`過剰適合`はコードです。",
        "[元の論文](https://example.org/過剰適合)です。",
        "非過剰適合",  # inside a longer word
    ],
)
def test_what_is_no_use_of_them_passes(glossary: Site, text: str) -> None:
    glossary.page(f"# 見出し\n\n{text}\n")
    glossary.good()


def test_upper_and_lower_case_are_spellings_too(glossary: Site) -> None:
    term(glossary, "relu", "ReLU", "spellings: [Relu]\n", reading="レル")
    glossary.page("# 見出し\n\nReLUです。\n")
    glossary.good()
    glossary.page("# 見出し\n\nReluです。\n")
    assert f"docs/index.md:3: {SAID.format(form='Relu', ours='ReLU')}" in glossary.bad()


def test_a_term_names_its_own_spellings(glossary: Site) -> None:
    glossary.edit("docs/glossary/overfitting.md", "本文です。", "過剰適合とも書かれます。")
    glossary.page(POST.format(front="", body="過学習（overfitting）です。"), "docs/articles/post.md")
    glossary.good()
    html = glossary.html("glossary/overfitting/index.html")
    assert "過剰適合、オーバーフィッティング" in html
    assert "このブログでは「過学習」に統一しています。" in html
