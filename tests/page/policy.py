"""The Content-Security-Policy: whether scripts have one, and whether the page obeys it while it is used.

Used means: the theme is switched, and a word is typed into the search until it finds something. A page on which that
does not work has no violations either, so there the row has no value, and says what did not work.
"""

from __future__ import annotations

from playwright.sync_api import Browser, Error, Page

from figures.bench.rows import Row

QUERY = "正則化"
PATIENCE = 10_000  # milliseconds for the search index to come and be read
PAPER = "() => getComputedStyle(document.body).backgroundColor"
REPORT = """addEventListener("securitypolicyviolation", event => reportViolation(
    `${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile ?? ""}:${event.lineNumber}`))"""


def gaps(policy: str) -> list[str]:
    """What a policy allows that it should not, e.g. a script written into the page without its hash being named."""
    directives = {name: sources for name, *sources in map(str.split, filter(str.strip, policy.split(";")))}
    if not {"script-src", "default-src"} & set(directives):
        return ["スクリプトの決まりがありません"]
    governing = {name: sources for name, sources in directives.items() if name.startswith("script-src")}
    governing = governing or {"default-src": directives["default-src"]}
    return [
        f"{name} に {bad}" for name, sources in governing.items() for bad in ("'unsafe-inline'", "*") if bad in sources
    ]


def rows(browser: Browser, name: str, url: str) -> list[Row]:
    """Read the policy of a page, use the page, count the violations."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme="light")
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    violations: list[str] = []
    page.expose_function("reportViolation", lambda violation: violations.append(str(violation)))
    page.add_init_script(REPORT)
    page.goto(url, wait_until="networkidle")
    policies = page.locator('meta[http-equiv="content-security-policy" i]').all()
    missing = gaps(policies[0].get_attribute("content") or "") if policies else ["CSPがありません"]
    failed = use(page)
    context.close()
    said = "、".join(violations[:5])
    return [
        Row(f"{name}.csp_gaps", "CSPの抜け", len(missing), 0, at_most=True, ours="、".join(missing)),
        Row(
            f"{name}.csp_violations",
            "昼夜と検索を使う間のCSP違反",
            None if failed else len(violations),
            0,
            at_most=True,
            ours=said,
            why=f"{failed} {said}".strip() if failed else "",
        ),
    ]


def use(page: Page) -> str:
    """Switch the theme and search, as a reader does; return what did not work, or nothing."""
    paper = page.evaluate(PAPER)
    night, search = page.get_by_role("banner").get_by_text("夜", exact=True), page.get_by_role("search")
    try:
        night.click()
        page.wait_for_function(f"before => ({PAPER})() !== before", arg=paper)
    except Error:
        return "「夜」を選んでも紙の色が変わりません。"
    try:
        search.get_by_label("検索").click()
        page.keyboard.insert_text(QUERY)
        for _ in range(PATIENCE // 200):
            page.keyboard.press("End")  # a search may wait for a key, once its index is there
            page.wait_for_timeout(200)
            if search.get_by_role("link").count():
                return ""
    except Error:
        return "検索の欄が開きません。"
    return f"検索で「{QUERY}」が見つかりません。"
