"""The built site in a real browser: phone and desk, light and dark."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from browser import needs_browser
from conftest import PROJECT
from playwright.sync_api import Page

PAGES = ["", "articles/l1-vs-l2/", "receipts/", "receipts/l1_vs_l2/", "about/", "license/"]
PAGES += ["glossary/weight-decay/", "glossary/", "glossary/words/", "glossary/map/"]
WIDTHS = [360, 390, 768, 1280]

pytestmark = needs_browser


@pytest.mark.parametrize("path", PAGES)
def test_a_page_loads_alone_and_never_scrolls_sideways(blog: str, page: Page, path: str) -> None:
    foreign, errors = [], []
    page.on("request", lambda request: None if request.url.startswith((blog, "data:")) else foreign.append(request.url))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("response", lambda response: errors.append(response.url) if response.status >= 400 else None)
    page.goto(blog + path, wait_until="networkidle")
    assert foreign == []
    assert errors == []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{path} is {wide} px wide on {width} px"


def test_the_article_shows_what_the_issue_asks(blog: str, page: Page) -> None:
    page.goto(blog + "articles/l1-vs-l2/")
    article = page.locator("article")
    assert article.locator("p data[data-cite], li data[data-cite]").count() >= 12
    assert article.locator("[data-claim]").count() >= 3
    assert article.locator("figure.plot").count() >= 2
    assert article.locator("figure.result-table").count() >= 1
    assert article.locator("math").count() >= 1
    assert "{{" not in article.inner_text()


def test_every_citation_leads_to_its_line_on_the_receipt(blog: str, page: Page) -> None:
    page.goto(blog + "articles/l1-vs-l2/")
    links = page.eval_on_selector_all(
        "a.cite",
        "links => links.map(link => [link.pathname, link.hash, link.querySelector('data').dataset.cite])",
    )
    links += page.eval_on_selector_all(
        ".claimed",
        "all => all.map(e => [e.querySelector('a.claim-score'), e.querySelector('.claim').dataset.claim])"
        ".map(([link, claim]) => [link.pathname, link.hash, claim])",
    )
    links += page.eval_on_selector_all(
        "a.plot-receipt", "links => links.map(link => [link.pathname, link.hash, link.closest('figure').dataset.cite])"
    )
    assert len(links) > 12
    cited: dict[str, set[str]] = {}
    for path, anchor, citation in links:
        experiment, _, name = citation.partition(".")
        assert (path, anchor) == (f"/receipts/{experiment}/", f"#{name}")
        cited.setdefault(experiment, set()).add(name)
    assert len(cited) > 1
    for experiment, names in cited.items():
        page.goto(f"{blog}receipts/{experiment}/")
        assert names <= set(page.eval_on_selector_all("[id]", "elements => elements.map(element => element.id)"))


def test_a_tap_on_a_number_opens_its_receipt(blog: str, page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(blog + "articles/l1-vs-l2/")
    number = page.locator("article p a.cite").first
    printed, key = number.inner_text(), number.locator("data").get_attribute("data-cite")
    number.click()
    page.wait_for_url("**/receipts/l1_vs_l2/#*")
    assert page.locator(f'data[data-cite="{key}"]').first.inner_text() == printed


def test_the_theme_follows_the_reader(blog: str, page: Page) -> None:
    page.goto(blog)
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    assert (sum(map(int, re.findall(r"\d+", paper)[:3])) < 384) == dark


def test_the_screenshots_of_the_readme_exist() -> None:
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    for path in re.findall(r"!\[[^]]*\]\(([^)]+)\)", readme):
        assert (Path(PROJECT) / path).stat().st_size > 10_000


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("重み減衰", "glossary/weight-decay/"),
        ("正則化", "glossary/regularization/"),
        ("交差検証", "glossary/cross-validation/"),
        ("糖尿病", "articles/l1-vs-l2/"),
        ("weight decay", "glossary/weight-decay/"),
        ("L2正則化", "glossary/l2-regularization/"),
        ("過剰適合", "glossary/overfitting/"),
        ("早期停止", "glossary/early-stopping/"),
        ("SGD", "glossary/sgd/"),
    ],
)
def test_the_search_finds_a_page_by_its_words(blog: str, page: Page, query: str, wanted: str) -> None:
    page.goto(blog + "about/", wait_until="networkidle")
    page.locator(".md-search__input").click()
    page.keyboard.insert_text(query)
    found = page.locator(f'.md-search-result__link[href*="{wanted}"]')
    for _ in range(50):
        page.keyboard.press("End")  # the theme searches after a key, once its index is there
        if found.count():
            break
        page.wait_for_timeout(200)
    assert found.count(), query
