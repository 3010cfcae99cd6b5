"""What surrounds every page: one trimmed style sheet, its policy, the script that waits for search, 404, 奥付."""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler
from pathlib import Path

import material
import pytest
from browser import needs_browser
from conftest import PROJECT, Site
from playwright.sync_api import Browser, Page
from servers import serving

from figures.results import Number
from figures.runner import committed_records
from hooks.policy import with_policy
from hooks.trim import can_match, joined, names_on

KINDS = [
    "",
    "articles/l1-vs-l2/",
    "receipts/l1_vs_l2/",
    "receipts/",
    "about/",
    "404.html",
    "glossary/weight-decay/",
    "glossary/map/",
]
# Every computed property of two elements of each sort, and of what stands before and after them.
STYLES = """() => {
  const seen = {}
  const sorts = [...document.querySelectorAll('body, body *')].filter(element => {
    const sort = [element, element.parentElement].map(one => one.tagName + one.getAttribute('class')).join()
    seen[sort] = (seen[sort] ?? 0) + 1
    return seen[sort] < 3
  })
  return sorts.map(element => [null, '::before', '::after'].map(part => {
    const style = getComputedStyle(element, part)
    return [...style].filter(name => !name.startsWith('--')).map(name => name + style.getPropertyValue(name)).join(';')
  }).join('|'))
}"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, bypass_csp=True)
    opened = context.new_page()
    opened.set_default_timeout(20_000)
    yield opened
    context.close()


@needs_browser
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("path", KINDS)
def test_nothing_looks_different_for_the_rules_that_were_left_out(blog: str, page: Page, path: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(blog + path, wait_until="networkidle")
    trimmed = page.evaluate(STYLES)
    sheets = Path(material.__file__).parent / "templates/assets/stylesheets"
    whole = next(sheets.glob("main.*.css")).read_text(encoding="utf-8").replace('@charset "UTF-8";', "")
    ours = (PROJECT / "docs/assets/extra.css").read_text(encoding="utf-8")
    page.evaluate(
        """css => {
          document.querySelector('link[href$="site.css"]').remove()
          document.head.append(Object.assign(document.createElement('style'), { textContent: css }))
        }""",
        f"@layer material {{{whole}}}\n{ours}",
    )
    full = page.evaluate(STYLES)
    assert len(full) == len(trimmed) > 40
    differing = [index for index, (a, b) in enumerate(zip(trimmed, full, strict=True)) if a != b]
    assert differing == []


def test_a_rule_stays_while_some_page_can_use_it() -> None:
    names = names_on(['<p class="a b" id="c" data-x="1"><em>x</em>'])
    assert {"p", "em", ".a", ".b", "#c", "[data-x"} <= names
    for selector in (
        "p",
        ".a.b > em",
        "#c::before",
        "p:not(.gone)",
        "[data-x='1'] em",
        ".md-search-result__item a"[:22],
    ):
        assert can_match(selector, names), selector
    for selector in ("h5", ".gone", ".a .gone", "p > ol.x", "[data-y] p", "#d"):
        assert not can_match(selector, names), selector
    sheet = (
        "@charset 'UTF-8';:root{--used:1;--unused:2}p{color:var(--used)}h5{color:red}"
        "@media print{.gone{color:red}}@media screen{.a{color:blue}}@keyframes spin{from{top:0}}"
    )
    assert joined(sheet, "/* why */\n.b {\n  color: red;\n}\n", names) == (
        "@layer material{:root{--used:1;}p{color:var(--used)}@media screen{.a{color:blue}}}.b{color:red;}"
    )


def test_the_policy_allows_what_was_built_and_no_more() -> None:
    html = with_policy(
        '<head><meta charset="utf-8"></head><script>let a = 1</script><script type="application/json">{}</script>'
        '<script src="x.js"></script><style>p {}</style>'
    )
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', html)
    assert policy is not None
    rules = dict(rule.split(" ", 1) for rule in policy[1].split("; "))

    def allowed(text: str) -> str:
        return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"

    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == f"'self' {allowed('let a = 1')}"
    assert rules["style-src"] == f"'self' {allowed('p {}')}"
    assert "unsafe" not in policy[1]
    assert not re.search(r"https?:|\*", policy[1])


def test_every_page_has_its_policy_before_anything_else(built: Path) -> None:
    pages = sorted(built.rglob("*.html"))
    assert len(pages) > 6
    for file in pages:
        head = file.read_text(encoding="utf-8").partition("</head>")[0]
        first = min(head.find(tag) for tag in ("<script", "<style", "<link") if tag in head)
        assert 0 < head.find("Content-Security-Policy") < first, file


@needs_browser
def test_the_script_of_the_search_waits_until_somebody_searches(blog: str, page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.removeprefix(blog)))
    page.goto(blog + "articles/l1-vs-l2/", wait_until="networkidle")
    assert len(asked) <= 8
    assert not [url for url in asked if "bundle" in url or "search" in url]
    page.keyboard.press("/")
    page.keyboard.insert_text("重み減衰")
    page.locator(".md-search-result__item").first.wait_for()
    assert [url for url in asked if "bundle" in url]
    assert page.locator("[data-md-component=search-query]").input_value() == "重み減衰"


@needs_browser
def test_the_contents_follow_the_reader(blog: str, page: Page) -> None:
    page.goto(blog + "articles/l1-vs-l2/")
    headings = page.locator("article h2[id]")
    for index in (0, headings.count() - 1, 2):
        headings.nth(index).evaluate("heading => heading.scrollIntoView()")
        wanted = "#" + (headings.nth(index).get_attribute("id") or "")
        page.wait_for_function(
            "wanted => decodeURIComponent(document.querySelector('.md-nav__link--active')?.hash ?? '') === wanted",
            arg=wanted,
        )


@needs_browser
def test_code_is_copied_as_it_stands(blog: str, browser: Browser) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(blog + "articles/where-numbers-come-from/")
    code = page.locator(".highlight pre", has_text="git clone")
    page.locator(".highlight", has_text="git clone").get_by_role("button", name="写す").click()
    assert page.evaluate("navigator.clipboard.readText()").strip() == code.inner_text().strip()
    context.close()


@needs_browser
@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("articles/l1-l2/", "L1とL2は、重みをどう変えるのか"),
        ("articles/l1_vs_l2.html", "L1とL2は、重みをどう変えるのか"),
        ("where-numbers-come-from", "このブログの数字は、どこから来るのか"),
        ("artikles/where-number-comes-from/", "このブログの数字は、どこから来るのか"),
        ("licence/", "使ってよい範囲"),
        ("articles/%E0%A4%A/", None),
        ("zzz/qqq/", None),
        ("articles/about-something-else-entirely/", None),
    ],
)
def test_404_offers_what_was_meant(built: Path, page: Page, asked: str, meant: str | None) -> None:
    class Handler(SimpleHTTPRequestHandler):
        def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
            content = (built / "404.html").read_bytes()
            self.send_response(code)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *arguments: object) -> None:
            """Nothing."""

    with serving(partial(Handler, directory=str(built))) as address:
        answer = page.goto(address + asked, wait_until="networkidle")
        assert answer is not None
        assert answer.status == 404
        links = page.locator("#meant a")
        assert (links.first.inner_text() if links.count() else None) == meant
        assert page.locator("#meant").is_visible() == (meant is not None)
        if meant:
            links.first.click()
            assert page.locator("h1").inner_text().replace("\n", "") == meant


def test_the_colophon_counts_and_dates_the_numbers(site: Site) -> None:
    def git(*arguments: str) -> str:
        command = ["git", "-c", "user.name=a", "-c", "user.email=a@b", *arguments]
        return subprocess.run(command, cwd=site.root, capture_output=True, text=True, check=True).stdout.strip()

    site.update()
    assert "<dt>版</dt>" not in site.good()
    site.write(".gitignore", "site/\n.cache/\n__pycache__/\n")
    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "first", "--date", "2026-01-02T03:04:05+09:00")
    home = site.good()
    day = git("log", "-1", "--format=%cs")
    year, month, of_month = map(int, day.split("-"))
    assert f'<time datetime="{day}">{year}年{month}月{of_month}日</time>、2個すべてを計算しなおしました' in home
    assert f"<dt>版</dt><dd>{git('rev-parse', 'HEAD')[:7]}</dd>" in home
    assert "2個の数字に、1枚のレシート" in home
    site.page("# 直した\n\n値は {{ toy.mean }} です。\n")
    assert "（このあとの変更あり）" in site.good()


def test_the_home_page_counts_all_numbers_of_the_blog(built: Path) -> None:
    records = committed_records(PROJECT)
    count = sum(isinstance(result, Number) for record in records.values() for result in record.results.values())
    home = (built / "index.html").read_text(encoding="utf-8")
    assert f"{count}個の数字に、{len(records)}枚のレシート" in home
    assert shutil.which("git") is None or '<figure class="plot' in home
