"""A page of golden cases, built by the real hooks and measured in Chromium."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from browser import needs_browser, served
from conftest import DOUBLE, PROJECT, TOY, Site
from playwright.sync_api import Browser, Page
from typeset_cases import CASES

pytestmark = needs_browser

TEXT = "重みは、予測の外れ具合に「罰」を足した合計を小さくするように決めます（これが正則化です）。ところが、" * 6
FIRST = "、。，．）」』ーっゃゅょッャュョぁぃぅぇぉ々！？"  # must not begin a line
LAST = "（「『"  # must not end one

# Every glyph of an element: the sign, where it stands from the element's corner, how it is drawn; and ids and <wbr>.
GLYPHS = """(element) => {
    const corner = element.getBoundingClientRect(), found = [];
    const walk = node => {
        if (node.nodeType === 1) {
            if (['annotation', 'STYLE', 'SCRIPT', 'BUTTON'].includes(node.tagName)) return;
            if (node.tagName === 'WBR') found.push(['<wbr>']);
            if (/^H\\d$/.test(node.tagName)) found.push(['#' + node.id]);
            node.childNodes.forEach(walk);
        } else if (node.nodeType === 3) {
            const style = getComputedStyle(node.parentElement), range = document.createRange();
            let place = 0;
            for (const sign of node.data) {
                range.setStart(node, place);
                range.setEnd(node, place += sign.length);
                const box = range.getBoundingClientRect();
                const left = Math.round(box.left - corner.left), top = Math.round(box.top - corner.top);
                if (box.width) found.push([sign.replace(/\\s/, ' '), left, top, style.fontStyle,
                    style.fontWeight, style.textEmphasisStyle, style.fontFamily.slice(0, 20),
                    style.textDecorationLine, style.wordBreak]);
            }
        }
    };
    walk(element);
    return found;
}"""

# The text of each line that a paragraph or heading takes.
LINES = """(element) => {
    const lines = [], range = document.createRange(), walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    let bottom = -Infinity;
    while (walker.nextNode()) for (let place = 0; place < walker.currentNode.data.length; place++) {
        range.setStart(walker.currentNode, place);
        range.setEnd(walker.currentNode, place + 1);
        const box = range.getBoundingClientRect();
        if (!box.width) continue;
        if (box.top > bottom - 2) { lines.push(''); bottom = box.bottom; }
        lines[lines.length - 1] += walker.currentNode.data[place];
    }
    return lines;
}"""

# What the style sheet says to a browser without `word-break: auto-phrase`, said to this one.
WITHOUT_AUTO_PHRASE = """() => {
    const rules = [...document.styleSheets].flatMap(sheet => [...sheet.cssRules])
        .filter(rule => rule instanceof CSSSupportsRule && rule.conditionText.includes('auto-phrase'));
    document.head.append(Object.assign(document.createElement('style'), {
        textContent: rules.flatMap(rule => [...rule.cssRules]).map(rule => rule.cssText).join('')
    }));
    return rules.length;
}"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site with one page of all cases."""
    site = Site(tmp_path_factory.mktemp("typeset"))
    shutil.copytree(PROJECT / "hooks", site.root / "hooks", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(PROJECT / "docs" / "assets", site.root / "docs" / "assets")
    shutil.copytree(PROJECT / "figures", site.root / "figures", ignore=shutil.ignore_patterns("__pycache__"))
    for folder in ("experiments", "records", "models"):
        shutil.rmtree(site.root / "figures" / folder)
        site.write(f"figures/{folder}/__init__.py", "") if folder != "records" else None
    site.write("figures/experiments/toy.py", TOY)
    site.write("figures/models/double.py", DOUBLE)
    site.write("figures/models/factor.py", "FACTOR = 2\n")
    site.write("figures/data/base.txt", "1.0\n")
    for file in ("mkdocs.yml", "docs/.authors.yml"):
        shutil.copy(PROJECT / file, site.root / file)
    cases = "".join(f'<div class="case" markdown>\n\n{markdown}\n\n</div>\n\n' for markdown, _ in CASES.values())
    dots = TEXT.replace("罰", "*罰*").replace("正則化", "*正則化*")
    site.page(f"# 組版の見本\n\n{cases}{TEXT}\n{{ #long }}\n\n{dots}\n{{ #dots }}\n", "docs/cases.md")
    site.page("# 見本\n")
    site.good()
    with served(site.root / "site") as found:
        yield found


@pytest.fixture(scope="module")
def page(browser: Browser, address: str) -> Iterator[Page]:
    opened = browser.new_page(viewport={"width": 1280, "height": 900}, bypass_csp=True)
    opened.goto(f"{address}cases/")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def measured(page: Page) -> dict[str, tuple[Any, Any]]:
    """The glyphs of each case, and of the HTML that it must equal, set in its place."""
    page.set_viewport_size({"width": 1280, "height": 900})
    found = {}
    for name, case, (_, html) in zip(CASES, page.query_selector_all(".case"), CASES.values(), strict=True):
        before = case.evaluate(GLYPHS)
        was = case.evaluate(
            "(element, html) => { const was = element.innerHTML; element.innerHTML = html; return was }", html
        )
        found[name] = before, case.evaluate(GLYPHS)
        case.evaluate("(element, html) => { element.innerHTML = html }", was)
    return found


def test_there_are_forty_cases() -> None:
    assert len(CASES) >= 40


@pytest.mark.parametrize("name", CASES)
def test_a_case_looks_like_its_html(measured: dict[str, tuple[Any, Any]], name: str) -> None:
    shown, expected = measured[name]
    assert len(expected) > 3
    assert shown == expected


@pytest.mark.parametrize(("width", "fewest", "most"), [(1280, 34, 38), (768, 34, 38), (390, 20, 24), (360, 18, 22)])
def test_a_line_has_as_many_characters_as_it_should(page: Page, width: int, fewest: int, most: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    size = page.eval_on_selector(
        "#long", "p => [p.clientWidth, ...['fontSize', 'lineHeight'].map(n => parseFloat(getComputedStyle(p)[n]))]"
    )
    assert fewest <= size[0] / size[1] <= most
    assert 1.8 <= size[2] / size[1] <= 1.9
    lengths = [len(line) for line in page.eval_on_selector("#long", LINES)[:-1]]
    assert len(lengths) > 5
    assert fewest - 1 <= min(lengths)
    assert max(lengths) <= most + 2  # two full-width marks may give up half of their width each


def test_no_line_begins_or_ends_with_the_wrong_sign(page: Page) -> None:
    seen = 0
    for width in range(330, 1000, 15):
        page.set_viewport_size({"width": width, "height": 900})
        lines = page.eval_on_selector("#long", LINES)
        seen += len(lines)
        assert "".join(lines) == TEXT
        assert [line for line in lines if line[0] in FIRST or line[-1] in LAST] == []
    assert seen > 300


def test_dots_beside_characters_leave_the_lines_where_they_are(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    heights = [page.eval_on_selector(which, "p => p.clientHeight") for which in ("#long", "#dots")]
    assert heights[0] == heights[1]
    assert page.eval_on_selector("#dots em", "em => getComputedStyle(em).textEmphasisStyle") == "dot"


def test_nothing_is_slanted(page: Page) -> None:
    slanted = "[...document.querySelectorAll('body *')].filter(e => getComputedStyle(e).fontStyle !== 'normal')"
    assert page.evaluate(f"{slanted}.map(e => e.outerHTML.slice(0, 80))") == []
    tried = page.evaluate(
        """() => ['em', 'i', 'cite', 'dfn', 'var', 'address'].map(tag => {
            const made = document.querySelector('.md-typeset').appendChild(document.createElement(tag));
            const style = getComputedStyle(made).fontStyle + getComputedStyle(made).fontSynthesisStyle;
            made.remove();
            return style;
        })"""
    )
    assert tried == ["normalnone"] * 6


def test_latin_words_stand_apart_from_japanese_and_figures_of_tables_in_columns(page: Page) -> None:
    widths = page.evaluate(
        """() => {
            const paragraph = document.querySelector('#long').appendChild(document.createElement('span'));
            paragraph.textContent = '重みL2正則化';
            const apart = paragraph.getBoundingClientRect().width;
            paragraph.style.textAutospace = 'no-autospace';
            const together = paragraph.getBoundingClientRect().width;
            paragraph.remove();
            return [apart, together];
        }"""
    )
    assert widths[0] > widths[1] + 3
    assert page.eval_on_selector("td", "cell => getComputedStyle(cell).fontVariantNumeric") == "tabular-nums"
    style = page.eval_on_selector(
        "#long", "p => { const s = getComputedStyle(p); return [s.lineBreak, s.textSpacingTrim] }"
    )
    assert style == ["strict", "trim-start"]


def test_a_title_breaks_between_phrases_in_every_browser(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    title = page.query_selector("[id='l2は均等に縮めるが外れるところ']")
    assert title
    assert title.evaluate("e => getComputedStyle(e).wordBreak") == "auto-phrase"
    phrases = ["「L2は", "均等に", "縮める」が", "外れる", "ところ"]
    # After 」 all browsers break.
    ends = {"".join(phrases[: index + 1]) for index in range(len(phrases))} | {"「L2は均等に縮める」"}

    def broken() -> list[str]:
        """The text up to each end of a line, at many widths."""
        found = []
        for width in range(150, 420, 15):
            title.evaluate("(e, width) => { e.style.width = `${width}px` }", width)
            lines = title.evaluate(LINES)
            found += ["".join(lines[: index + 1]) for index in range(len(lines))]
        return found

    assert set(broken()) <= ends
    assert len(set(broken())) > 3
    title.evaluate("e => { e.style.wordBreak = 'normal' }")
    assert not set(broken()) <= ends  # so the phrases are not there by luck
    title.evaluate("e => { e.style.wordBreak = '' }")
    assert page.evaluate(WITHOUT_AUTO_PHRASE) == 1
    assert title.evaluate("e => getComputedStyle(e).wordBreak") == "keep-all"
    assert set(broken()) <= ends
    title.evaluate(
        "e => { e.querySelectorAll('wbr').forEach(place => place.remove()); e.style.wordBreak = 'keep-all' }"
    )
    assert not set(broken()) <= ends
