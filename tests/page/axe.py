"""axe-core's rules on a page, in both themes, as wide as a telephone and as a desk."""

from __future__ import annotations

from playwright.sync_api import Browser

from figures.bench.rows import Row

from .npm import AXE

THEMES = ("light", "dark")
SIZES = {"mobile": (390, 844), "desktop": (1280, 900)}

# All rules that axe runs by default, experimental ones aside: WCAG 2.2 A and AA, and its best practices.
RUN = """() => axe.run().then(found => found.violations.map(
    violation => [violation.id, violation.nodes.map(node => node.target.join(" "))]))"""


def violations(browser: Browser, url: str, form: str, theme: str) -> dict[str, list[str]]:
    """Rules that the page breaks, each with the selectors of the elements that break it."""
    width, height = SIZES[form]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=theme,  # type: ignore[arg-type]
        bypass_csp=True,  # axe comes from outside the page, which no policy should allow
    )
    page = context.new_page()
    page.goto(url, wait_until="networkidle")
    page.add_script_tag(path=AXE)
    found = dict(page.evaluate(RUN))
    context.close()
    return found


def row(name: str, form: str, theme: str, found: dict[str, list[str]]) -> Row:
    """The number of broken rules."""
    words = "、".join(f"{rule}（{'、'.join(elements[:3])}ほか計{len(elements)}）" for rule, elements in found.items())
    return Row(f"{name}.{form}.{theme}.axe", "axe-coreの違反", len(found), 0, at_most=True, ours=words)
