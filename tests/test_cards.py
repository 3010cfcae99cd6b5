"""The cards of numbers and claims in a real browser: how they open and close, what they say, what they never cover."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import needs_browser
from conftest import PROJECT
from playwright.sync_api import Browser, Locator, Page, expect

from figures import record
from figures.results import Claim, Number
from hooks import cards

ARTICLE = "articles/l1-vs-l2/"
NUMBERS = "article a.cite"
CLAIMS = "article .claimed"

# Where numbers and claims stand; each card has to leave the text around it free.
PLACES = {
    "first": f"{NUMBERS} >> nth=0",
    "middle": "article > p a.cite >> nth=12",
    "last": f"{NUMBERS} >> nth=-1",
    "cell": "article td a.cite >> nth=0",
    "last cell": "article td a.cite >> nth=-1",
    "list": "article li a.cite >> nth=-1",
    "claim": f"{CLAIMS} a.claim-score >> nth=0",
    "last claim": f"{CLAIMS} a.claim-score >> nth=-1",
}

# The lines of the sentence around a link, found by counting characters.
LINES_OF_SENTENCE = """link => {
    const block = link.closest('p, li, td');
    const upTo = document.createRange();
    upTo.setStart(block, 0); upTo.setEnd(link, 0);
    const all = block.textContent, here = upTo.toString().length;
    const start = all.lastIndexOf('。', here - 1) + 1, stop = all.indexOf('。', here);
    const end = stop < 0 ? all.length : stop + 1;
    const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT), boxes = [];
    for (let node, at = 0; (node = walker.nextNode()); at += node.length)
        for (let i = Math.max(0, start - at); i < Math.min(node.length, end - at); i++) {
            const range = document.createRange();
            range.setStart(node, i); range.setEnd(node, i + 1);
            const box = range.getBoundingClientRect();
            if (box.width) boxes.push({left: box.left, right: box.right, top: box.top, bottom: box.bottom});
        }
    return boxes;
}"""

# Contrast of all text of the card against its ground (WCAG 2).
CONTRASTS = """() => {
    const card = document.querySelector('.card');
    const luminance = colour => {
        const [r, g, b] = colour.match(/[\\d.]+/g).slice(0, 3).map(Number).map(v => v / 255)
            .map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
        return .2126 * r + .7152 * g + .0722 * b;
    };
    const ground = luminance(getComputedStyle(card).backgroundColor);
    return [...card.querySelectorAll('p, span, dt, dd, a')].filter(e => e.textContent).map(e => {
        const ink = luminance(getComputedStyle(e).color);
        return (Math.max(ink, ground) + .05) / (Math.min(ink, ground) + .05);
    });
}"""

pytestmark = needs_browser


@pytest.fixture(scope="module")
def results() -> dict[str, Number | Claim]:
    found = {}
    for path in (PROJECT / "figures" / "records").glob("*.json"):
        for name, result in record.from_json(path.read_text(encoding="utf-8")).results.items():
            if isinstance(result, Number | Claim):
                found[f"{path.stem}.{name}"] = result
    return found


def opened(browser: Browser, blog: str, **options: object) -> Page:
    """The article, where every error on the console fails the test."""
    options = {"viewport": {"width": 1280, "height": 900}, **options}
    page = browser.new_context(**options).new_page()  # type: ignore[arg-type]
    page.set_default_timeout(5_000)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.errors = errors  # type: ignore[attr-defined]
    page.goto(blog + ARTICLE, wait_until="load")
    return page


@pytest.fixture
def desk(browser: Browser, blog: str) -> Iterator[Page]:
    page = opened(browser, blog)
    yield page
    assert page.errors == []  # type: ignore[attr-defined]
    page.context.close()


@pytest.fixture
def phone(browser: Browser, blog: str) -> Iterator[Page]:
    page = opened(browser, blog, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    yield page
    assert page.errors == []  # type: ignore[attr-defined]
    page.context.close()


def card(page: Page) -> Locator:
    return page.locator(".card")


def by_keyboard(link: Locator) -> None:
    """Focus as the Tab key gives it."""
    link.page.keyboard.press("Shift")
    link.focus()


def scroll_to(link: Locator, top: float) -> None:
    link.evaluate("(link, top) => scrollBy(0, link.getBoundingClientRect().top - top)", top)


def boxes_overlap(a: dict[str, float], b: dict[str, float]) -> bool:
    return min(a["right"], b["right"]) > max(a["left"], b["left"]) and min(a["bottom"], b["bottom"]) > max(
        a["top"], b["top"]
    )


def box(element: Locator) -> dict[str, float]:
    found: dict[str, float] = element.evaluate(
        "e => { const {left, right, top, bottom} = e.getBoundingClientRect(); return {left, right, top, bottom} }"
    )
    return found


def test_every_card_says_what_the_record_says(desk: Page, results: dict[str, Number | Claim]) -> None:
    desk.keyboard.press("Shift")
    desk.evaluate("document.querySelectorAll('details').forEach(folded => { folded.open = true })")
    shown = desk.evaluate(
        """() => [...document.querySelectorAll('article a.cite, article a.claim-score')].map(link => {
            link.focus();
            const card = document.querySelector('.card');
            const claim = link.parentNode.querySelector('[data-claim]');
            return {
                key: link.matches('.cite') ? link.firstChild.dataset.cite : claim.dataset.claim,
                value: card.querySelector('.card__value').textContent,
                text: card.textContent,
                rows: Object.fromEntries([...card.querySelectorAll('dt')].map(
                    dt => [dt.textContent, dt.nextSibling.textContent])),
                held: card.querySelectorAll('.held').length,
                dots: card.querySelectorAll('i').length,
                same: card.querySelector('a').href === link.href,
            };
        })"""
    )
    assert len(shown) > 60
    assert {type(results[each["key"]]) for each in shown} == {Number, Claim}
    for each in shown:
        result = results[each["key"]]
        assert each["same"]
        assert result.about in each["text"]
        if isinstance(result, Claim):
            assert each["value"] == f"{result.n}回中{result.held}回"
            assert (each["held"], each["dots"]) == (result.held, result.n)
            assert each["rows"]["比べたもの"] == result.about
            assert each["rows"]["合格の線"].startswith(f"{result.n}回中{result.needed}回")
        elif result.digits is None:
            assert each["value"] == f"{result.text} ± {result.error_text}"
            assert each["rows"]["くり返し"].startswith(f"{result.n}回の平均と標準誤差")
            assert ("乱数の種 0–19" in each["rows"]["くり返し"]) == (result.n == 20)
        else:
            assert each["value"] == f"{result.text} 一つに決まる値"
            assert "くり返し" not in each["rows"]
            assert "±" not in each["text"]


def test_a_card_names_data_model_and_seeds(desk: Page) -> None:
    desk.locator('article a.cite:has([data-cite="l1_vs_l2.l2_error"])').first.hover()
    for label in ("くり返し", "データ", "解き方"):
        expect(card(desk).locator(f'dt:text-is("{label}") + dd')).not_to_be_empty()
    expect(card(desk)).to_contain_text("乱数の種 0–19")
    expect(card(desk)).not_to_contain_text("figures/")


def test_the_pointer_opens_a_card_and_may_go_to_it(desk: Page) -> None:
    number = desk.locator(f"{NUMBERS} >> nth=3")
    number.hover()
    expect(card(desk)).to_be_visible()
    expect(card(desk)).to_have_css("width", "288px")
    card(desk).locator("dl").hover()
    desk.wait_for_timeout(400)
    expect(card(desk)).to_be_visible()
    desk.mouse.move(5, 5)
    expect(card(desk)).to_have_count(0)
    number.hover()
    card(desk).locator("a").click()
    desk.wait_for_url("**/receipts/l1_vs_l2/#*")


def test_crossing_a_number_opens_nothing(desk: Page) -> None:
    desk.clock.install(time=0)
    desk.clock.pause_at(1_000)
    desk.locator(f"{NUMBERS} >> nth=3").hover()
    desk.clock.run_for(100)
    expect(card(desk)).to_have_count(0)
    desk.mouse.move(5, 5)
    desk.clock.run_for(1_000)
    expect(card(desk)).to_have_count(0)


def test_the_words_of_a_claim_open_its_card(desk: Page) -> None:
    claim = desk.locator(f"{CLAIMS} >> nth=0")
    claim.locator(".claim").hover(position={"x": 10, "y": 10})
    expect(card(desk)).to_contain_text("比べたもの")
    assert claim.locator(".claim").evaluate("e => getComputedStyle(e).textDecorationThickness") == "2px"


def test_the_keyboard_opens_a_card_without_being_caught_in_it(desk: Page) -> None:
    cells = "article td a.cite"  # between which stands no other link
    number, following = desk.locator(f"{cells} >> nth=1"), desk.locator(f"{cells} >> nth=2")
    by_keyboard(desk.locator(f"{cells} >> nth=0"))
    desk.keyboard.press("Tab")
    expect(number).to_be_focused()
    description = desk.locator(f"#{number.get_attribute('aria-describedby')}")
    expect(description).to_have_role("tooltip")
    expect(number).to_have_accessible_description(re.compile(re.escape(number.inner_text()) + " (±|一つ)"))
    desk.keyboard.press("Escape")
    expect(card(desk)).to_have_count(0)
    assert number.get_attribute("aria-describedby") is None
    expect(number).to_be_focused()
    desk.keyboard.press("Tab")
    expect(following).to_be_focused()
    expect(card(desk)).to_have_count(1)
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/receipts/l1_vs_l2/#*")


def test_a_card_goes_when_the_focus_leaves(desk: Page) -> None:
    by_keyboard(desk.locator(f"{NUMBERS} >> nth=0"))
    expect(card(desk)).to_be_visible()
    by_keyboard(desk.locator("header a").first)
    expect(card(desk)).to_have_count(0)


def test_a_click_of_the_mouse_follows_the_link(desk: Page) -> None:
    desk.locator(f"{NUMBERS} >> nth=0").click()
    desk.wait_for_url("**/receipts/l1_vs_l2/#*")


@pytest.mark.parametrize("selector", [f"{NUMBERS} >> nth=4", f"{CLAIMS} a.claim-score >> nth=0"])
def test_the_first_tap_opens_the_card_and_its_link_leads_to_the_receipt(phone: Page, selector: str) -> None:
    link = phone.locator(selector)
    target = link.get_attribute("href")
    link.tap()
    expect(card(phone)).to_be_visible()
    assert phone.url.endswith(ARTICLE)
    assert box(card(phone))["bottom"] == 844
    assert (box(card(phone))["left"], box(card(phone))["right"]) == (0, 390)
    assert box(card(phone).locator("a"))["bottom"] - box(card(phone).locator("a"))["top"] >= 44
    card(phone).locator("a").tap()
    phone.wait_for_url(f"**{target}")


def test_a_tap_on_the_words_of_a_claim_opens_its_card(phone: Page) -> None:
    phone.locator(f"{CLAIMS} .claim >> nth=0").tap()
    expect(card(phone)).to_contain_text("合格の線")


def test_the_second_tap_follows_the_link(phone: Page) -> None:
    link = phone.locator(f"{NUMBERS} >> nth=4")
    link.tap()
    expect(card(phone)).to_be_visible()
    link.tap()
    phone.wait_for_url("**/receipts/l1_vs_l2/#*")


def test_a_tap_elsewhere_closes_the_card(phone: Page) -> None:
    first, second = phone.locator(f"{NUMBERS} >> nth=0"), phone.locator(f"{NUMBERS} >> nth=1")
    first.tap()
    expect(card(phone)).to_be_visible()
    second.tap()
    expect(card(phone)).to_have_count(1)
    expect(card(phone)).to_contain_text(second.inner_text())
    assert first.get_attribute("aria-describedby") is None
    phone.locator("h1").tap()
    expect(card(phone)).to_have_count(0)


@pytest.mark.parametrize("way", [1, -1])
def test_scrolling_away_closes_the_card(phone: Page, way: int) -> None:
    number = phone.locator("article td a.cite >> nth=0")
    scroll_to(number, 250)
    number.tap()
    phone.evaluate("way => scrollBy(0, way * 100)", way)
    phone.wait_for_timeout(100)
    expect(card(phone)).to_be_visible()
    phone.evaluate("way => scrollBy(0, way * 700)", way)
    expect(card(phone)).to_have_count(0)


@pytest.mark.parametrize("height", [844, 640])
def test_on_a_phone_a_card_never_covers_its_sentence(phone: Page, height: int) -> None:
    phone.set_viewport_size({"width": 390, "height": height})
    for place, selector in PLACES.items():
        link = phone.locator(selector)
        scroll_to(link, height - 40)  # the worst place: where the slip comes to lie
        link.tap()
        expect(card(phone)).to_be_visible()
        lines = link.evaluate(LINES_OF_SENTENCE)
        assert lines
        assert min(line["top"] for line in lines) >= 0, place
        assert max(line["bottom"] for line in lines) <= box(card(phone))["top"], place
        phone.keyboard.press("Escape")


@pytest.mark.parametrize("top", [80, 860])
def test_at_a_desk_a_card_leaves_its_line_free_and_keeps_to_the_column(desk: Page, top: int) -> None:
    column = box(desk.locator(".md-content__inner"))
    for place, selector in PLACES.items():
        link = desk.locator(selector)
        scroll_to(link, top)
        by_keyboard(link)
        expect(card(desk)).to_be_visible()
        slip, number = box(card(desk)), box(link)
        same_line = [line for line in link.evaluate(LINES_OF_SENTENCE) if abs(line["bottom"] - number["bottom"]) < 8]
        assert same_line
        assert not any(boxes_overlap(line, slip) for line in same_line), place
        assert slip["left"] >= column["left"] - 0.5, place
        assert slip["right"] <= column["right"] + 0.5, place
        assert slip["top"] >= 0, place
        assert slip["bottom"] <= 900, place
        if top == 80 and "claim" not in place:
            assert slip["top"] - number["bottom"] == pytest.approx(8, abs=0.5), place


def test_a_pointer_in_a_narrow_window_moves_nothing_and_covers_nothing(browser: Browser, blog: str) -> None:
    page = opened(browser, blog, viewport={"width": 390, "height": 700})
    number = page.locator(f"{NUMBERS} >> nth=4")
    scroll_to(number, 650)
    before = page.evaluate("scrollY")
    number.hover()
    expect(card(page)).to_be_visible()
    page.wait_for_timeout(400)
    expect(card(page)).to_be_visible()
    assert page.evaluate("scrollY") == before
    assert not any(boxes_overlap(line, box(card(page))) for line in number.evaluate(LINES_OF_SENTENCE))
    page.context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_text_of_a_card_is_easy_to_read(browser: Browser, blog: str, theme: str) -> None:
    page = opened(browser, blog, color_scheme=theme)
    for link in (f"{NUMBERS} >> nth=0", f"{CLAIMS} a.claim-score >> nth=0"):
        by_keyboard(page.locator(link))
        contrasts = page.evaluate(CONTRASTS)
        assert len(contrasts) >= 5
        assert min(contrasts) >= 7
    page.context.close()


def test_filled_and_hollow_dots_differ_in_forced_colours_and_many_are_a_bar(browser: Browser, blog: str) -> None:
    page = opened(browser, blog, forced_colors="active")
    score = page.locator(f"{CLAIMS} a.claim-score >> nth=0")
    score.evaluate("link => Object.assign(link.dataset, {n: 41, held: 40})")
    by_keyboard(score)
    expect(card(page).locator("i")).to_have_count(41)
    grounds = card(page).locator("i").evaluate_all("dots => dots.map(dot => getComputedStyle(dot).backgroundColor)")
    slip = card(page).evaluate("card => getComputedStyle(card).backgroundColor")
    assert len(set(grounds[:40])) == 1
    assert grounds[0].startswith("rgb(")
    assert grounds[0] != slip
    assert grounds[40].endswith(", 0)")  # transparent
    row = card(page).locator("i").evaluate_all("dots => dots.map(dot => dot.getBoundingClientRect())")
    assert row[1]["left"] == pytest.approx(row[0]["right"], abs=0.1)  # no gap: they run together
    page.context.close()


def test_a_card_finds_its_place_when_the_window_changes(desk: Page) -> None:
    number = desk.locator(f"{NUMBERS} >> nth=4")
    by_keyboard(number)
    desk.set_viewport_size({"width": 390, "height": 900})
    expect(card(desk)).to_have_css("left", "0px")
    assert (box(card(desk))["left"], box(card(desk))["right"]) == (0, 390)
    desk.set_viewport_size({"width": 1280, "height": 900})
    expect(card(desk)).to_have_css("position", "absolute")
    below, above = box(card(desk))["top"] - box(number)["bottom"], box(number)["top"] - box(card(desk))["bottom"]
    assert max(below, above) == pytest.approx(8, abs=0.5)


def test_a_card_is_not_printed(desk: Page) -> None:
    by_keyboard(desk.locator(f"{NUMBERS} >> nth=0"))
    expect(card(desk)).to_be_visible()
    desk.emulate_media(media="print")
    expect(card(desk)).to_be_hidden()


def test_ids_are_unique_and_the_page_has_no_card_before_it_is_asked_for(desk: Page) -> None:
    expect(card(desk)).to_have_count(0)
    by_keyboard(desk.locator(f"{NUMBERS} >> nth=0"))
    ids = desk.eval_on_selector_all("[id]", "elements => elements.map(element => element.id)")
    assert sorted(ids) == sorted(set(ids))
    assert {"card", "cards"} <= set(ids)
    assert card(desk).locator("a").get_attribute("tabindex") == "-1"


def test_the_home_page_has_cards_for_the_beginning_of_an_article(desk: Page, blog: str) -> None:
    desk.goto(blog)
    desk.locator("article a.cite").first.hover()
    expect(card(desk).locator('dt:text-is("データ") + dd')).not_to_be_empty()


def test_without_script_a_number_leads_to_its_receipt(browser: Browser, blog: str) -> None:
    page = opened(browser, blog, java_script_enabled=False, has_touch=True)
    expect(card(page)).to_have_count(0)
    page.locator(f"{NUMBERS} >> nth=0").tap()
    page.wait_for_url("**/receipts/l1_vs_l2/#*")
    page.context.close()


def test_only_pages_that_cite_load_the_script_which_is_small(browser: Browser, blog: str, built: Path) -> None:
    page = browser.new_page()
    for path, cites in ((ARTICLE, 1), ("", 1), ("about/", 0), ("receipts/", 0), ("receipts/l1_vs_l2/", 0)):
        page.goto(blog + path)
        assert page.locator('script[src$="assets/card.js"]').count() == cites
        assert page.locator("#cards").count() == cites
    page.close()
    assert len(gzip.compress((built / "assets/card.js").read_bytes(), 9)) <= 2_500


def test_a_note_on_a_card_is_short_and_names_all_data() -> None:
    text = "患者442人（figures/data/a.md）。150人で学習する。ほかに、figures/data/b.py の合成データ二つ。"
    assert cards.note(text) == "患者442人。ほかに、合成データ二つ"
    assert cards.note("経路で解く") == "経路で解く"
