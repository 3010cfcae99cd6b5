"""The blog on paper: A4, addresses as notes, figures whole, nothing to press, the slip on a page of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from browser import needs_browser
from playwright.sync_api import Browser, Page

ARTICLE, RECEIPT = "articles/l1-vs-l2/", "receipts/l1_vs_l2/"
# Puts a link to marks.test at the beginning and the end of whatever must stay whole. A PDF lists links page by page.
MARK = """selector => document.querySelectorAll(selector).forEach((element, index) => {
    for (const [place, end] of [['afterbegin', 'top'], ['beforeend', 'end']]) {
        const link = document.createElement('a');
        link.href = `http://marks.test/${index}/${end}`;
        link.textContent = '・';
        link.style.cssText = `position: absolute; ${end === 'top' ? 'top' : 'bottom'}: 0`;
        element.style.position = 'relative';
        element.insertAdjacentElement(place, link);
    }
})"""
# Headings with nothing under them.
BARE = """all => all.filter(e => e.checkVisibility() && !e.nextElementSibling?.checkVisibility())
    .map(e => e.textContent)"""

pytestmark = needs_browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    made = browser.new_context(color_scheme="dark", viewport={"width": 567, "height": 960}, bypass_csp=True)
    yield made.new_page()
    made.close()


def pages(pdf: bytes) -> list[set[str]]:
    """Addresses of the links of each page, in order."""
    objects = dict(re.findall(rb"(?:^|\n)(\d+) 0 obj\b(.*?)\bendobj", pdf, re.DOTALL))
    root = next(o for o in objects.values() if b"/Type /Pages" in o and b"/Parent" not in o)
    found = []
    for number in leaves(objects, root):
        annotations = re.search(rb"/Annots \[(.*?)\]", objects[number], re.DOTALL)
        links = [objects[one] for one in re.findall(rb"(\d+) 0 R", annotations[1])] if annotations else []
        found.append({uri.decode() for link in links for uri in re.findall(rb"/URI \((.*?)\)", link)})
    return found


def leaves(objects: dict[bytes, bytes], node: bytes) -> Iterator[bytes]:
    """The numbers of the pages below a node of the tree of pages, in order; eight share a node."""
    kids = re.search(rb"/Kids \[(.*?)\]", node, re.DOTALL)
    for number in re.findall(rb"(\d+) 0 R", kids[1] if kids else b""):
        if b"/Kids" in objects[number]:
            yield from leaves(objects, objects[number])
        else:
            yield number


def printed(page: Page) -> bytes:
    return page.pdf(prefer_css_page_size=True)


def size_of(pdf: bytes) -> tuple[float, float]:
    box = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    assert box is not None
    return float(box[1]) / 72 * 25.4, float(box[2]) / 72 * 25.4


def test_an_article_is_printed_on_a4_and_its_figures_and_tables_are_whole(page: Page, blog: str) -> None:
    for path in (ARTICLE, "articles/where-numbers-come-from/"):
        page.goto(blog + path, wait_until="networkidle")
        page.evaluate(MARK, "figure.plot, figure.result-table, .admonition:not(.next)")
        marked = page.locator('a[href$="/top"]').count()
        assert marked >= 4
        pdf = printed(page)
        assert size_of(pdf) == pytest.approx((210, 297), abs=0.5)
        found = pages(pdf)
        assert 4 < len(found) < 13
        for index in range(marked):
            ends = [
                [number for number, links in enumerate(found) if f"http://marks.test/{index}/{end}" in links]
                for end in ("top", "end")
            ]
            assert len(ends[0]) == 1
            assert ends[0] == ends[1], f"{path}: {index} is broken"


def test_nothing_to_press_is_printed(page: Page, blog: str) -> None:
    for path in ("", ARTICLE, RECEIPT, "license/"):
        page.goto(blog + path, wait_until="networkidle")
        page.emulate_media(media="print")
        for selector in (".md-header", ".md-search", ".contents", ".md-skip", ".copy", ".sheets", ".plot-receipt"):
            shown = page.eval_on_selector_all(selector, "all => all.filter(e => e.checkVisibility()).length")
            assert shown == 0, (path, selector)
        assert page.locator("h1").is_visible()
        assert page.locator(".colophon").is_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 567
        page.emulate_media(media="null")


def test_it_is_black_on_white_even_from_the_dark_sheet(page: Page, blog: str) -> None:
    page.goto(blog + ARTICLE)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)"
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    inks = page.eval_on_selector_all(
        "article p, article h2, article li", "all => all.map(e => getComputedStyle(e).color)"
    )
    assert all(max(map(int, re.findall(r"\d+", ink)[:3])) < 80 for ink in inks)
    size = page.eval_on_selector("article > p", "e => parseFloat(getComputedStyle(e).fontSize)")
    assert size == pytest.approx(10.5 / 72 * 96, abs=0.1)


@pytest.mark.parametrize("path", [ARTICLE, "articles/where-numbers-come-from/", "license/"])
def test_a_link_to_elsewhere_has_a_number_and_its_address_a_line_at_the_end(page: Page, blog: str, path: str) -> None:
    page.goto(blog + path)
    assert not page.locator(".addresses").is_visible()
    page.emulate_media(media="print")
    links = page.eval_on_selector_all(
        'article a[href^="http"]',
        "all => all.map(e => [e.getAttribute('href'), getComputedStyle(e, '::after').content])",
    )
    listed = page.locator(".addresses li")
    assert len(links) > 2
    assert [address for address, _ in links] == listed.all_inner_texts()
    assert {content for _, content in links} == {'"[" counter(address) "]"'}
    assert page.eval_on_selector_all(".addresses li", "all => all.every(e => e.checkVisibility())")


def test_a_cited_number_is_only_a_number_and_the_colophon_says_where_receipts_are(page: Page, blog: str) -> None:
    page.goto(blog + ARTICLE)
    rows = page.locator(".colophon dl > .paper")
    assert not rows.first.is_visible()
    page.emulate_media(media="print")
    lines = page.eval_on_selector_all("a.cite", "all => all.map(e => getComputedStyle(e).textDecorationLine)")
    assert set(lines) == {"none"}
    home = page.locator("link[rel=canonical]").get_attribute("href") or ""
    assert rows.nth(0).locator("dd").inner_text() == home
    assert rows.nth(1).locator("dd").inner_text() == home.removesuffix(ARTICLE) + "receipts/"


def test_what_is_folded_can_be_read_on_paper(page: Page, blog: str) -> None:
    page.goto(blog + ARTICLE)
    answer = page.locator("details.answer:not([open]) > p").first
    assert not answer.evaluate("e => e.checkVisibility()")
    page.emulate_media(media="print")
    assert answer.evaluate("e => e.checkVisibility()")
    assert (
        page.eval_on_selector("details:not(.answer) > summary", "e => getComputedStyle(e, '::after').display") == "none"
    )


def test_the_slip_has_pages_of_its_own(page: Page, blog: str) -> None:
    page.goto(blog + RECEIPT, wait_until="networkidle")
    page.evaluate(MARK, ".slip, .receipt__rest")
    found = pages(printed(page))
    end = [number for number, links in enumerate(found) if "http://marks.test/0/end" in links]
    rest = [number for number, links in enumerate(found) if "http://marks.test/1/top" in links]
    assert rest == [end[0] + 1]
    page.emulate_media(media="print")
    panels = page.eval_on_selector_all(".panel, .slip tbody", "all => all.map(e => getComputedStyle(e).breakInside)")
    assert set(panels) == {"avoid"}
    assert page.eval_on_selector_all(".receipt__rest h2", BARE) == []
