"""Whether formulas wait for a script: they are counted with scripts switched off, and as a script would leave them."""

from __future__ import annotations

from playwright.sync_api import Browser

from figures.bench.rows import Row

# What KaTeX, MathJax 2 to 4 and Material's arithmatex leave in a page, before or after they ran.
SCRIPTED = ".arithmatex, .katex, mjx-container, .MathJax, script[type^='math/']"


def row(browser: Browser, name: str, url: str) -> Row:
    """Formulas that need a script; none in a page whose formulas are MathML."""
    with_script, without = (_count(browser, url, scripts) for scripts in (True, False))
    waiting = with_script[1] + max(0, with_script[0] - without[0])
    return Row(f"{name}.scripted_maths", "スクリプトを待つ数式", waiting, 0, at_most=True, ours=f"MathML {without[0]}")


def _count(browser: Browser, url: str, scripts: bool) -> tuple[int, int]:
    """MathML elements that stand alone, and those of a script's making."""
    context = browser.new_context(java_script_enabled=scripts)
    page = context.new_page()
    page.goto(url, wait_until="networkidle")
    found = page.locator(f"math:not({SCRIPTED} math)").count(), page.locator(SCRIPTED).count()
    context.close()
    return found
