"""The glossary as it is published: its terms, its lists, what search engines read, and the card in a real browser."""

from __future__ import annotations

import json
import re
from html import unescape
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from browser import needs_browser
from conftest import PROJECT
from playwright.sync_api import Browser, Page, expect

ARTICLE = "articles/l1-vs-l2/"
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
# The forms that the seed's lists name: each has to lead to a term.
SEED = """重み減衰 ウェイト減衰 ウェイトデケイ L2正則化 L2ペナルティ L2ノルム正則化 二乗和正則化 重みのL2正則化
    重みの二乗和ペナルティ 重み増加 正則化なし L2正則化なし 正則化オフ 過学習の促進 ウェイト自由度の増大 正則化 L1正則化
    ペナルティ項 ペナルティ コスト関数 損失関数 オプティマイザ SGD ミニバッチ Adam 学習率減衰 学習率スケジューリング
    過学習 ニューラルネットワーク 重み ウェイト バイアス バッチ正規化 データ正規化 標準化 特徴量 特徴量選択
    活性化関数 ReLU Sigmoid tanh 勾配 勾配降下法 逆伝播 誤差逆伝播法 勾配消失 勾配爆発 ノルム L2ノルム L1ノルム
    正則化項 リッジ正則化 ラッソ回帰 エラスティックネット 汎化 λ 正則化強度 二乗和ノルム ティコノフ正則化 AdamW
    収束性 交差検証 クロスバリデーション 早期停止""".split()


def front_matter() -> dict[str, dict[str, Any]]:
    """slug -> front matter, read here once more, without the hooks."""
    terms = {}
    for file in sorted((PROJECT / "docs/glossary").glob("*.md")):
        front = yaml.safe_load(file.read_text(encoding="utf-8").split("---")[1])
        if "term" in front:
            terms[file.stem] = front
    return terms


TERMS = front_matter()


def entry(html: str) -> dict[str, Any]:
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)
    assert len(found) == 1
    return dict(json.loads(found[0]))


def read(built: Path, path: str) -> str:
    return (built / path / "index.html").read_text(encoding="utf-8")


def text_of(html: str) -> str:
    return re.sub(r"<[^>]+>", "", html)


def test_there_are_the_terms_that_were_asked_for() -> None:
    assert len(TERMS) >= 60
    forms = {
        str(form).lower()
        for front in TERMS.values()
        for form in [front["term"], *front.get("variants", []), *front.get("spellings", [])]
    }
    assert [form for form in SEED if form.lower() not in forms] == []


@pytest.mark.parametrize("slug", TERMS)
def test_a_term_is_no_stub(built: Path, slug: str) -> None:
    html = read(built, f"glossary/{slug}")
    body = html[html.index('<div class="term-page">') : html.index('id="relations"')]
    own = (PROJECT / f"docs/glossary/{slug}.md").read_text(encoding="utf-8").split("---", 2)[2]
    measured = re.search(r'<div class="admonition measured">.*?</div>', body, re.DOTALL)
    assert measured
    assert measured[0].count("data-cite=") >= 1
    assert len(re.sub(r"\s", "", own)) >= 250
    assert "まちがえやすいところ" in body
    sources = body[body.index("出典") :]
    assert re.search(r'<a href="https?://', sources)
    assert sum(map(len, [TERMS[slug].get(kind) or [] for kind in ("related", "broader", "narrower", "synonyms")])) >= 1


@pytest.mark.parametrize("slug", TERMS)
def test_a_term_says_of_itself_what_its_front_matter_says(built: Path, slug: str) -> None:
    front, html = TERMS[slug], read(built, f"glossary/{slug}")
    page = unescape(text_of(html[html.index("<article") : html.index("</article>")]))
    forms = [*front.get("variants", []), *front.get("spellings", [])]
    for words in [front["term"], front["english"], front["definition"], *map(str, forms)]:
        assert words in page
    for kind in ("synonyms", "opposites", "confused_with", "broader", "narrower", "related", "appears_with"):
        for relation in front.get(kind, []):
            name, note = next(iter(relation.items())) if isinstance(relation, dict) else (relation, "")
            target = next(other for other, its in TERMS.items() if its["term"] == name)
            assert f'<a href="../{target}/">{name}</a>' in html
            assert note in page
    described = entry(html)
    assert described["@type"] == "DefinedTerm"
    assert described["name"] == front["term"]
    assert described["description"] == front["definition"]
    assert set(map(str, forms)) <= set(described["alternateName"])
    assert f'<meta name="description" content="{front["definition"]}"' in html


def test_the_set_and_the_lists_hold_every_term_once(built: Path) -> None:
    index = read(built, "glossary")
    described = entry(index)
    assert described["@type"] == "DefinedTermSet"
    assert sorted(term["name"] for term in described["hasDefinedTerm"]) == sorted(t["term"] for t in TERMS.values())
    for path, times in [("glossary", 2), ("glossary/words", 1), ("glossary/map", 1)]:
        html = read(built, path)
        content = html[html.index("<article") : html.index("</article>")]
        for slug in TERMS:
            assert len(re.findall(rf'<a href="(?:[^"]*/)?{slug}/"', content)) == times, (path, slug)


def test_the_index_is_in_the_order_of_the_readings(built: Path) -> None:
    html = read(built, "glossary")
    letters = re.findall(r'<h3 id="kana-(.)">', html)
    assert letters == [letter for letter in "あかさたなはまやらわ" if letter in letters]
    names = re.findall(r"<dt><a [^>]*>([^<]*)</a>", html.split('id="english"')[0])
    readings = {front["term"]: front["reading"] for front in TERMS.values()}
    hiragana = [
        "".join(chr(ord(c) - 0x60) if "ァ" <= c <= "ヶ" else c for c in readings[name])
        .replace("ー", "")
        .replace("・", "")
        for name in names
    ]
    assert hiragana == sorted(hiragana)


def test_search_finds_every_form_on_its_term(built: Path) -> None:
    index = json.loads((built / "search/search_index.json").read_text(encoding="utf-8"))
    said = {}
    for document in index["docs"]:
        page = document["location"].split("#")[0]
        said[page] = said.get(page, "") + document["title"] + document["text"]
    for slug, front in TERMS.items():
        for form in [front["term"], front["english"], *front.get("variants", []), *front.get("spellings", [])]:
            assert str(form) in said[f"glossary/{slug}/"].replace("&amp;", "&")


# ---------------------------------------------------------------- in a browser


@needs_browser
def test_the_card_of_a_term_opens_by_pointer_and_by_key(blog: str, page: Page) -> None:
    page.goto(blog + ARTICLE)
    link = page.locator("article a.term").first
    card = page.locator(".card")
    link.scroll_into_view_if_needed()
    link.hover()
    expect(card).to_be_visible()
    for name in ("term", "english", "definition"):
        expect(card).to_contain_text(link.get_attribute(f"data-{name}") or "never")
    assert card.locator("a").get_attribute("href") == page.evaluate("link => link.href", link.element_handle())
    assert link.get_attribute("aria-describedby") == "card"
    page.mouse.move(0, 0)
    expect(card).to_have_count(0)
    page.locator("article").focus() if page.locator("article").get_attribute("tabindex") else page.mouse.click(5, 5)
    link.evaluate("link => link.focus({ focusVisible: true })")
    expect(card).to_be_visible()
    page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    page.keyboard.press("Enter")
    page.wait_for_url("**/glossary/**")


@needs_browser
def test_a_tap_opens_the_card_and_a_second_one_the_page(blog: str, browser: Browser) -> None:
    context = browser.new_context(viewport=PHONE, has_touch=True)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(blog + ARTICLE)
    link = page.locator("article a.term").first
    link.tap()
    expect(page.locator(".card")).to_contain_text("用語のページを見る")
    assert ARTICLE in page.url
    page.locator(".card a").tap()
    page.wait_for_url("**/glossary/**")
    context.close()


@needs_browser
def test_without_script_a_term_is_a_link(blog: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(blog + ARTICLE)
    page.locator("article a.term").first.click()
    page.wait_for_url("**/glossary/**")
    expect(page.locator(".term__definition")).to_be_visible()
    context.close()


TOO_WIDE = """() => [...document.querySelectorAll("math")].filter(formula => Math.max(
    ...[...formula.querySelectorAll("mi, mo, mn, mtext")].map(e => e.getBoundingClientRect().right)) > innerWidth
).map(formula => formula.textContent)"""


@needs_browser
def test_on_a_small_phone_no_page_scrolls_sideways_and_no_formula_is_cut(blog: str, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 800})
    page = context.new_page()
    for slug in TERMS:
        page.goto(f"{blog}glossary/{slug}/")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, slug
        assert page.evaluate(TOO_WIDE) == [], slug
    context.close()


@needs_browser
@pytest.mark.parametrize("size", [PHONE, WIDE], ids=["phone", "wide"])
def test_no_label_of_the_map_is_cut_or_covers_another(blog: str, page: Page, size: dict[str, int]) -> None:
    page.set_viewport_size(size)  # type: ignore[arg-type]
    page.goto(blog + "glossary/map/")
    boxes = page.eval_on_selector_all(
        ".field-map text",
        "all => all.map(e => { const b = e.getBoundingClientRect(); return [b.x, b.y, b.right, b.bottom] })",
    )
    sheet = page.locator(".field-map").bounding_box()
    assert sheet
    assert len(boxes) == len(TERMS)
    assert (
        page.eval_on_selector(".field-map text", "e => parseFloat(getComputedStyle(e).fontSize) * e.getScreenCTM().a")
        >= 12
    )
    for left, _, right, _ in boxes:
        assert left >= sheet["x"]
        assert right <= sheet["x"] + sheet["width"] * 262 / 344  # where the arcs begin
    ordered = sorted(boxes, key=lambda box: box[1])
    assert all(above[3] <= below[1] + 1 for above, below in pairwise(ordered))
