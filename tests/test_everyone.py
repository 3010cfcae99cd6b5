"""The blog for everyone: axe, keyboard, names for screen readers, contrast, forced colours, narrow pages, no script."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from browser import needs_axe, needs_browser, served
from conftest import Site
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect
from servers import serving
from test_history import built as committed
from test_history import commit_all, experiment

from tests.page import axe
from tests.page.npm import AXE

ARTICLE, RECEIPT = "articles/l1-vs-l2/", "receipts/l1_vs_l2/"
KINDS = ["", ARTICLE, "articles/where-numbers-come-from/", "receipts/", RECEIPT, "about/", "license/", "404.html"]
KINDS += ["glossary/weight-decay/", "glossary/", "glossary/words/", "glossary/map/"]
WIDE, PHONE = ViewportSize(width=1280, height=900), ViewportSize(width=390, height=844)
OPEN_ALL = "document.querySelectorAll('details').forEach(one => one.open = true)"

pytestmark = needs_browser


@pytest.fixture(params=["light", "dark"])
def context(browser: Browser, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    made = browser.new_context(color_scheme=request.param, viewport=WIDE, bypass_csp=True)
    made.set_default_timeout(20_000)
    yield made
    made.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    made = browser.new_context(viewport=WIDE)
    made.set_default_timeout(20_000)
    yield made.new_page()
    made.close()


def search(page: Page, words: str = "重み減衰") -> None:
    page.keyboard.press("/")
    page.keyboard.insert_text(words)
    page.locator(".md-search-result__item").first.wait_for()


def broken(page: Page) -> dict[str, list[str]]:
    page.add_script_tag(path=AXE)
    return dict(page.evaluate(axe.RUN))


def at_both_sizes(context: BrowserContext, address: str) -> Iterator[tuple[Page, ViewportSize]]:
    """A page on a phone and on a desk, with all that can be unfolded open."""
    page = context.new_page()
    for size in (PHONE, WIDE):
        page.set_viewport_size(size)
        page.goto(address, wait_until="networkidle")
        page.evaluate(OPEN_ALL)
        yield page, size


# ---------------------------------------------------------------- axe


@needs_axe
@pytest.mark.parametrize("path", KINDS)
def test_axe_finds_nothing_on_any_kind_of_page(context: BrowserContext, blog: str, path: str) -> None:
    for page, size in at_both_sizes(context, blog + path):
        assert broken(page) == {}, size


@needs_axe
def test_axe_finds_nothing_while_something_is_open(context: BrowserContext, blog: str) -> None:
    page = context.new_page()
    for size in (PHONE, WIDE):
        page.set_viewport_size(size)
        for state in ("search", "contents", "card"):
            page.goto(blog + ARTICLE, wait_until="networkidle")
            if state == "search":
                search(page)
            elif state == "card":
                page.locator("article a.cite").first.hover()
                page.locator(".card").wait_for()
            elif size == PHONE:
                page.get_by_role("button", name="目次").click()
            assert broken(page) == {}, (state, size)


# ---------------------------------------------------------------- keyboard

# What has the focus, and the line that shows it: its own outline or that of what stands for it.
FOCUSED = """() => {
    const element = document.activeElement;
    const line = style => style.outlineStyle === 'solid' ? style.outlineWidth + style.outlineColor : '';
    const shown = [getComputedStyle(element), getComputedStyle(element.closest('.sheets') ?? element)].map(line);
    const under = getComputedStyle(element.closest('.md-search__form') ?? element, '::after');
    if (element.matches('.md-search__input')) shown.push(under.borderBottomWidth + under.borderBottomColor);
    return [element.innerText?.trim() || element.getAttribute('aria-label') || element.parentElement.innerText.trim(),
        shown.find(Boolean) ?? ''];
}"""


def tabbed(page: Page, times: int) -> dict[str, str]:
    """Names of what Tab reaches, each with the line around it."""
    found = {}
    for _ in range(times):
        page.keyboard.press("Tab")
        name, line = page.evaluate(FOCUSED)
        found[name] = line
    return found


@pytest.mark.parametrize(
    ("size", "names"),
    [
        (WIDE, ["コンテンツにスキップ", "重みを減らす", "記事", "用語", "レシート", "検索", "昼"]),
        (PHONE, ["コンテンツにスキップ", "重みを減らす", "検索", "目次", "昼"]),
    ],
)
def test_tab_reaches_the_frame_in_order_and_shows_where_it_is(
    page: Page, blog: str, size: Any, names: list[str]
) -> None:
    page.set_viewport_size(size)
    page.goto(blog + ARTICLE, wait_until="networkidle")
    accent = page.evaluate("getComputedStyle(document.querySelector('.md-typeset a.plot-receipt')).color")
    found = tabbed(page, len(names))
    assert list(found) == names
    assert set(found.values()) == {f"2px{accent}"}
    page.keyboard.press("Tab")
    first = "#contents a" if size == WIDE else "article a"
    expect(page.locator(first).first).to_be_focused()
    assert page.evaluate(FOCUSED)[1] == f"2px{accent}"


def test_the_skip_link_leads_past_the_frame(page: Page, blog: str) -> None:
    for path in KINDS[:-1]:
        page.goto(blog + path)
        page.keyboard.press("Tab")
        if page.locator(".md-skip").count():
            page.keyboard.press("Enter")
            page.keyboard.press("Tab")
            assert page.evaluate("!!document.activeElement.closest('article, footer')"), path
    page.goto(blog + ARTICLE)
    expect(page.locator(".md-skip")).to_have_count(1)


@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_the_search_needs_no_mouse(page: Page, blog: str, size: Any) -> None:
    page.set_viewport_size(size)
    page.goto(blog + "about/", wait_until="networkidle")
    link = page.locator("article a[href], footer a[href]").first
    link.focus()
    search(page, "正則化")
    page.keyboard.press("Escape")
    expect(page.locator(".md-search__output")).to_be_hidden()
    expect(link).to_be_focused()
    search(page, "")
    page.keyboard.press("ArrowDown")
    first = page.evaluate("document.activeElement.href")
    chosen = page.locator(".md-search-result__link:focus")
    for _ in range(3):  # on the way may stand the line that opens further results of the same page
        page.keyboard.press("ArrowDown")
        if chosen.count():
            break
    assert chosen.get_attribute("href") != first
    bar, ground = chosen.evaluate("e => [getComputedStyle(e).boxShadow, getComputedStyle(e).backgroundColor]")
    assert re.search(r"3px 0px 0px 0px inset", bar)
    assert ground != page.eval_on_selector(".md-search__scrollwrap", "e => getComputedStyle(e).backgroundColor")
    wanted = chosen.get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{wanted}*")


def test_the_word_search_is_a_button_on_a_phone(page: Page, blog: str) -> None:
    page.set_viewport_size(PHONE)
    page.goto(blog + ARTICLE, wait_until="networkidle")
    word = page.get_by_role("button", name="検索")
    word.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".md-search__input")).to_be_focused()
    page.keyboard.insert_text("重み")
    page.locator(".md-search-result__item").first.wait_for()
    page.locator(".md-search__close").click()
    expect(word).to_be_focused()
    expect(page.locator(".md-search__inner")).to_be_hidden()


def test_a_result_says_what_kind_of_page_it_is(page: Page, blog: str) -> None:
    kinds = {}
    for words in ("均等", "高岡智則"):
        page.goto(blog, wait_until="networkidle")
        search(page, words)
        kinds |= dict(
            page.eval_on_selector_all(
                ".md-search-result__item > a:first-child",
                "all => all.map(e => [new URL(e.href).pathname, getComputedStyle(e, '::before').content])",
            )
        )
    assert kinds[f"/{ARTICLE}"] == '"記事"'
    assert kinds["/about/"] == '"ページ"'


def test_the_contents_open_and_close_and_give_the_focus_back(page: Page, blog: str) -> None:
    page.set_viewport_size(PHONE)
    page.goto(blog + ARTICLE)
    button = page.get_by_role("button", name="目次")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#contents")).to_be_visible()
    page.keyboard.press("Tab")
    assert page.evaluate("!!document.activeElement.closest('#contents')")
    page.keyboard.press("Escape")
    expect(page.locator("#contents")).to_be_hidden()
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    page.locator("#contents .md-nav__link").nth(2).press("Enter")
    expect(page.locator("#contents")).to_be_hidden()
    assert page.evaluate("document.querySelector(':target')?.tagName") == "H2"


def test_what_scrolls_by_itself_is_in_reach_of_the_keyboard(page: Page, blog: str) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    scrolling = 0
    for path in KINDS:
        page.goto(blog + path, wait_until="networkidle")
        page.evaluate(OPEN_ALL)
        page.wait_for_timeout(100)
        found = page.eval_on_selector_all(
            "main *",
            "all => all.filter(e => e.scrollWidth > e.clientWidth && e.clientWidth > 1"
            " && /auto|scroll/.test(getComputedStyle(e).overflowX)).map(e => [e.outerHTML.slice(0, 80), e.tabIndex])",
        )
        scrolling += len(found)
        assert [element for element, index in found if index != 0] == [], path
    assert scrolling > 3


# ---------------------------------------------------------------- names


@pytest.mark.parametrize("path", KINDS)
def test_every_part_has_a_name(page: Page, blog: str, path: str) -> None:
    page.goto(blog + path, wait_until="networkidle")
    page.evaluate(OPEN_ALL)
    assert page.locator("html").get_attribute("lang") == "ja"
    assert page.title().endswith("重みを減らす")
    for role in ("banner", "main", "contentinfo"):
        expect(page.get_by_role(role)).to_have_count(1)  # type: ignore[arg-type]
    names = page.get_by_role("navigation").evaluate_all("all => all.map(e => e.ariaLabel)")
    assert "サイト" in names
    assert len(names) == len(set(names))
    assert all(names)
    levels = page.locator("h1, h2, h3, h4, h5, h6").evaluate_all("all => all.map(e => +e.tagName[1])")
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels)), levels
    nameless = page.evaluate(
        """() => {
            const named = e => (e.ariaLabel || (e.getAttribute('aria-labelledby') ?? '').split(' ')
                .map(id => document.getElementById(id)?.textContent).join('')).trim();
            const table = e => e.caption?.textContent.trim() || named(e)
                || e.closest('figure')?.querySelector('figcaption');
            const formula = e => (e.getAttribute('alttext')
                ?? e.querySelector('annotation[encoding="application/x-tex"]')?.textContent ?? '').trim();
            const picture = e => e.closest('[aria-hidden=true]') || e.closest('a[aria-label], h1:has(.unseen)')
                || ['img', 'group'].some(role => named(e.closest(`[role=${role}]`) ?? e)) || e.closest('.slip header');
            return [...document.querySelectorAll('main table')].filter(e => !table(e))
                .concat([...document.querySelectorAll('svg')].filter(e => !picture(e)))
                .concat([...document.querySelectorAll('math')].filter(e => !formula(e)))
                .map(e => e.outerHTML.slice(0, 120));
        }"""
    )
    assert nameless == []


def test_a_figure_is_one_picture_with_its_sentence(page: Page, blog: str) -> None:
    page.goto(blog + ARTICLE)
    pictures = page.locator("article figure.plot [role=img]")
    assert pictures.count() == page.locator("article figure.plot").count() >= 2
    for index in range(pictures.count()):
        assert len(pictures.nth(index).get_attribute("aria-label") or "") > 20


# ---------------------------------------------------------------- contrast

# Text whose contrast with its ground is below 7, seen as it is mixed; with its ratio.
FAINT = """() => {
    const parts = colour => {
        const numbers = colour.match(/[\\d.]+/g).map(Number);
        const [r, g, b, a = 1] = colour.startsWith('color(srgb') ? numbers.map((v, i) => i < 3 ? v * 255 : v) : numbers;
        return [r, g, b, a];
    };
    const light = colour => {
        const [r, g, b] = colour.map(v => v / 255).map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
        return .2126 * r + .7152 * g + .0722 * b;
    };
    const over = (top, ground) => [0, 1, 2].map(i => top[i] * top[3] + ground[i] * (1 - top[3]));
    const ground = element => {
        if (!element) return [255, 255, 255];
        return over(parts(getComputedStyle(element).backgroundColor), ground(element.parentElement));
    };
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const faint = [];
    let seen = 0;
    for (let node; node = walker.nextNode();) {
        const element = node.parentElement, style = getComputedStyle(element);
        const seenAtAll = element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
        if (!node.data.trim() || !seenAtAll) continue;
        seen += 1;
        const ink = parts(element.closest('svg') ? style.fill : style.color);
        for (let e = element; e; e = e.parentElement) ink[3] *= getComputedStyle(e).opacity;
        const [a, b] = [light(over(ink, ground(element))), light(ground(element))].sort((x, y) => y - x);
        const ratio = (a + .05) / (b + .05);
        if (ratio < 7) faint.push([node.data.trim().slice(0, 40), ratio.toFixed(2)]);
    }
    return [seen, faint];
}"""


@pytest.mark.parametrize("path", KINDS)
def test_all_text_has_a_contrast_of_seven(context: BrowserContext, blog: str, path: str) -> None:
    """Without exception: superior scores, numbers of notes, axes and comments in code too."""
    for page, _ in at_both_sizes(context, blog + path):
        seen, faint = page.evaluate(FAINT)
        assert seen > 15
        assert faint == []


def test_what_opens_has_a_contrast_of_seven(context: BrowserContext, blog: str) -> None:
    page = context.new_page()
    page.goto(blog + ARTICLE, wait_until="networkidle")
    search(page)
    page.keyboard.press("ArrowDown")
    assert page.evaluate(FAINT)[1] == []
    page.set_viewport_size(PHONE)
    page.goto(blog + ARTICLE, wait_until="networkidle")
    page.get_by_role("button", name="目次").click()
    assert page.evaluate(FAINT)[1] == []


# ---------------------------------------------------------------- no flash

# The ground of every frame from the moment there is a body, and what a click on the other sheet's word makes of it.
FRAMES = """() => {
    window.frames_seen = [];
    const look = () => {
        if (document.body) frames_seen.push(getComputedStyle(document.body).backgroundColor);
        requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
}"""


def light_of(colour: str) -> int:
    return sum(map(int, re.findall(r"\d+", colour)[:3]))


@pytest.mark.parametrize(("system", "chosen"), [("dark", None), ("light", "夜"), ("dark", "昼")])
def test_no_frame_has_the_other_sheet(browser: Browser, built: Path, system: Any, chosen: str | None) -> None:
    """Even where the page stops coming in between its head and its header."""

    class Slow(SimpleHTTPRequestHandler):
        def do_GET(self) -> None:
            if not self.path.endswith("/"):
                return super().do_GET()
            page = (built / self.path.strip("/") / "index.html").read_bytes()
            stop = page.index(b'<header class="md-header"')
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(page[:stop])
            self.wfile.flush()
            time.sleep(0.5)
            self.wfile.write(page[stop:])
            return None

        def log_message(self, format: str, *arguments: object) -> None:
            """Nothing."""

    context = browser.new_context(color_scheme=system, viewport=WIDE)
    page = context.new_page()
    with serving(partial(Slow, directory=str(built))) as address:
        page.goto(address + "about/")
        if chosen:
            page.locator(".sheet:not([hidden])", has_text=chosen).click()
        page.add_init_script(f"({FRAMES})()")
        page.goto(address + ARTICLE, wait_until="networkidle")
        frames = page.evaluate("frames_seen")
        context.close()
    dark = chosen == "夜" or (chosen is None and system == "dark")
    assert len(frames) > 10
    assert {light_of(frame) < 384 for frame in frames} == {dark}


def test_a_switch_of_sheets_has_no_frame_in_between(page: Page, blog: str) -> None:
    page.goto(blog + ARTICLE, wait_until="networkidle")
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.evaluate(FRAMES)
    page.get_by_role("banner").get_by_text("夜", exact=True).click()
    page.wait_for_timeout(300)
    frames = page.evaluate("frames_seen")
    assert len(set(frames)) <= 2
    assert light_of(frames[-1]) < 384 < light_of(before)
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"


# ---------------------------------------------------------------- motion, forced colours, narrow pages


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_nothing_moves_on_its_own(browser: Browser, blog: str, motion: Any) -> None:
    page = browser.new_context(reduced_motion=motion).new_page()
    page.goto(blog + ARTICLE, wait_until="networkidle")
    search(page)
    moving = page.eval_on_selector_all(
        "*",
        """all => all.flatMap(e => [null, '::before', '::after'].map(part => getComputedStyle(e, part)))
            .filter(style => style.transitionDuration !== '0s' || style.animationName !== 'none'
                || style.scrollBehavior !== 'auto').length""",
    )
    assert moving == 0
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_in_forced_colours_every_line_is_the_readers_and_can_be_seen(browser: Browser, blog: str, scheme: Any) -> None:
    page = browser.new_context(color_scheme=scheme, forced_colors="active", viewport=WIDE).new_page()
    page.goto(blog + ARTICLE, wait_until="networkidle")
    page.evaluate(
        "document.body.insertAdjacentHTML('beforeend', '<i id=system style=\"color: CanvasText; background: Canvas\">')"
    )
    ink, paper = page.eval_on_selector(
        "#system", "e => [getComputedStyle(e).color, getComputedStyle(e).backgroundColor]"
    )
    strokes = page.eval_on_selector_all(
        "figure.plot svg :is(path, line, circle, rect)[stroke]:not([stroke=none])",
        "all => all.map(e => getComputedStyle(e).stroke)",
    )
    assert len(strokes) > 10
    assert paper not in strokes
    fills = page.eval_on_selector_all("figure.plot svg text", "all => all.map(e => getComputedStyle(e).fill)")
    assert set(fills) == {ink}
    for selector in ("article p a.cite", ".claim"):
        line, colour = page.eval_on_selector(
            selector, "e => [getComputedStyle(e).textDecorationLine, getComputedStyle(e).textDecorationColor]"
        )
        assert line == "underline"
        assert colour != paper
    search(page)
    page.keyboard.press("ArrowDown")
    assert page.eval_on_selector(".md-search-result__link:focus", "e => getComputedStyle(e).outlineStyle") == "solid"
    marks = page.eval_on_selector_all(".md-search-result mark", "all => all.map(e => getComputedStyle(e).color)")
    assert marks
    assert paper not in marks
    assert [faint for faint in page.evaluate(FAINT)[1] if faint[1] == "1.00"] == []
    page.goto(blog + "receipts/l1_vs_l2/#features", wait_until="networkidle")
    assert page.eval_on_selector("tbody:target", "e => getComputedStyle(e).outlineStyle") == "solid"
    assert page.eval_on_selector(".bars", "e => getComputedStyle(e).fill") == ink
    borders = page.eval_on_selector(
        ".slip", "e => [getComputedStyle(e).borderTopStyle, getComputedStyle(e).borderTopColor]"
    )
    assert borders[0] == "dashed"
    assert borders[1] != paper
    page.context.close()


# Text that stands outside of the page or of a box that hides what is too long, and a page that is too wide.
CUT = """() => [...document.querySelectorAll('body *')].filter(e => {
    const box = e.getBoundingClientRect();
    const hides = a => getComputedStyle(a).overflowX !== 'visible' && !a.matches('.unseen');
    const scrolls = a => /auto|scroll/.test(getComputedStyle(a).overflowX);
    if (box.width < 2 || !e.checkVisibility({ opacityProperty: true, visibilityProperty: true })) return false;
    if (hides(e) && !scrolls(e) && e.scrollWidth > e.clientWidth + 1 && e.clientWidth) return true;
    for (let a = e.parentElement; a && a !== document.body; a = a.parentElement) if (scrolls(a)) return false;
    return box.right > innerWidth + 1 || box.left < -1;
}).map(e => e.outerHTML.slice(0, 100))"""


@pytest.mark.parametrize("path", KINDS)
@pytest.mark.parametrize("width", [320, 640])  # 640 is 1280 at 200 %
def test_a_narrow_page_scrolls_one_way_and_cuts_nothing(page: Page, blog: str, path: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 640})
    page.goto(blog + path, wait_until="networkidle")
    page.evaluate(OPEN_ALL)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(CUT) == []


# ---------------------------------------------------------------- without script


@pytest.mark.parametrize("path", KINDS)
def test_without_script_every_page_reads(browser: Browser, blog: str, path: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport=PHONE)
    page = context.new_page()
    page.goto(blog + path)
    expect(page.locator("h1")).to_be_visible()
    for control in (".search-word", ".sheets", ".md-search", ".copy"):
        for one in page.locator(control).all():
            expect(one).to_be_hidden()
    page.get_by_role("button", name="目次").click()
    expect(page.get_by_role("navigation", name="サイトの目次")).to_be_visible()
    page.get_by_role("navigation", name="サイトの目次").get_by_role("link", name="レシート").click()
    expect(page.locator("h1")).to_have_text("レシート")
    context.close()


def test_without_script_numbers_maths_and_contents_are_there(browser: Browser, blog: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport=PHONE)
    page = context.new_page()
    page.goto(blog + ARTICLE)
    assert page.locator("article math:visible").count() > 5
    assert page.locator("article figure.plot svg:visible").count() >= 3
    page.get_by_role("button", name="目次").click()
    page.locator("#contents .md-nav__link").nth(3).click()
    assert "#" in page.url
    page.goto(blog + ARTICLE)
    number = page.locator("article p a.cite").first
    printed, key = number.inner_text(), number.locator("data").get_attribute("data-cite")
    number.click()
    page.wait_for_url("**/receipts/l1_vs_l2/#*")
    assert page.locator(f'data[data-cite="{key}"]').first.inner_text() == printed
    context.close()


# ---------------------------------------------------------------- an experiment that is no longer run


@needs_axe
def test_what_an_experiment_left_behind_is_for_everyone_too(browser: Browser, site: Site) -> None:
    site.write("figures/experiments/old.py", experiment('{"x": Number([1, 2, 3, 4], "個", "古い数")}'))
    repository = committed(site)
    for path in ("experiments/old.py", "records/old.json"):
        (site.root / "figures" / path).unlink()
    commit_all(repository, "averylongwordthatdoesnotbreakbyitselfanywhereatall")
    site.good()
    with served(site.root / "site") as address:
        for path in ("receipts/old/", "receipts/"):
            page = browser.new_context(viewport={"width": 320, "height": 640}, bypass_csp=True).new_page()
            page.goto(address + path, wait_until="networkidle")
            assert page.locator("article").get_by_text("old").count() == 1
            assert page.evaluate("document.documentElement.scrollWidth") <= 320
            assert page.evaluate(CUT) == []
            assert page.evaluate(FAINT)[1] == []
            assert broken(page) == {}
            page.context.close()
