"""Forms of terms are found where they are words of their own, the longest first, and nowhere else."""

from __future__ import annotations

import pytest

from hooks.forms import Finder, folded

FORMS = [
    "重み",
    "重み減衰",
    "学習",
    "過学習",
    "勾配",
    "ノルム",
    "L2正則化",
    "L2",
    "正則化",
    "epoch",
    "SGD",
    "Adam",
    "AdamW",
]
FORMS += ["λ", "収束", "ミニバッチ", "L2ノルム", "lasso", "標準誤差", "1標準誤差ルール", "batch"]

CASES = [
    # the longest, and nothing inside it
    ("重み減衰で重みを減らす", ["重み減衰", "重み"]),
    ("過学習と学習", ["過学習", "学習"]),
    ("L2ノルムとL2", ["L2ノルム", "L2"]),
    ("AdamWとAdam", ["AdamW", "Adam"]),
    ("1標準誤差ルールと標準誤差", ["1標準誤差ルール", "標準誤差"]),
    # kanji, katakana and Latin letters end where the script changes
    ("勾配計算は勾配の計算", ["勾配"]),
    ("各重みと、その重み", ["重み"]),
    ("アブノルム、ノルム", ["ノルム"]),
    ("ノルムー、ミニバッチサイズ", []),
    ("Adamant, madam", []),
    ("ミニバッチSGDでL2正則化", ["ミニバッチ", "SGD", "L2正則化"]),
    ("λ=1、λ、αλ", ["λ", "λ"]),
    # hiragana before and behind is grammar, but for what makes another word
    ("正則化する。正則化した。収束しません", ["正則化", "正則化", "収束"]),
    ("重みは、重みが、重みなら、重みです、重みまで", ["重み"] * 5),
    ("重みづけ、重み付け、重みつき", []),
    ("ない重み", ["重み"]),
    # Latin letters: width, case, plural
    ("Ｌ２正則化とＳＧＤ", ["Ｌ２正則化", "ＳＧＤ"]),
    ("Lassoとｌａｓｓｏ", ["Lasso", "ｌａｓｓｏ"]),
    ("3 epochs, 2 batches, SGDs", ["epochs", "batches", "SGDs"]),
    ("epochal, batchesx", []),
    ("", []),
]


@pytest.mark.parametrize(("text", "found"), CASES)
def test_words_of_their_own(text: str, found: list[str]) -> None:
    assert [text[form.start : form.end] for form in Finder(FORMS).find(text)] == found


def test_a_form_is_given_back_as_it_was_given() -> None:
    assert [form.form for form in Finder(["Adam", "lasso"]).find("ＡＤＡＭとLassos")] == ["Adam", "lasso"]
    assert list(Finder([]).find("重み")) == []


def test_folding_keeps_every_place() -> None:
    for text in ["ＬａＳＳｏ", "İstanbul重みİ", "①㍍ﾊﾞｯﾁ", "重み（weight）"]:
        assert len(folded(text)) == len(text)
    assert folded("Ｌ２とＡｄａｍ") == "l2とadam"
