"""How fast live figures follow: python tests/frames.py SITE, with a built site, prints the frames of a drag of each.

A phone's window in Chromium with its processor slowed down to a quarter; the slider goes to and fro for some seconds.
Printed, not asserted: a shared machine is not a phone.
"""

from __future__ import annotations

import sys
from itertools import pairwise
from pathlib import Path

from browser import served, started
from playwright.sync_api import CDPSession, Locator, Page

SLOWER, SECONDS = 4, 5
RECORD = """() => {
    window.frames_ = [];
    const next = time => { frames_.push(time); requestAnimationFrame(next); };
    requestAnimationFrame(next);
}"""


def main(site: Path) -> None:
    with served(site) as address, started() as browser:
        page = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True).new_page()
        page.goto(address + "articles/l1-vs-l2/")
        protocol = page.context.new_cdp_session(page)
        protocol.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        protocol.send("Performance.enable")
        page.evaluate(RECORD)
        for figure in page.locator("figure[data-live]").all():
            print(figure.get_attribute("data-live"))
            figure.scroll_into_view_if_needed()
            figure.locator(".live").scroll_into_view_if_needed()
            drag(page, protocol, figure.locator(".live input:enabled"))


def drag(page: Page, protocol: CDPSession, slider: Locator) -> None:
    """Print the frames while the pointer rests, and while it goes to and fro with the slider."""
    box = slider.bounding_box()
    assert box

    def script() -> float:
        return {m["name"]: m["value"] for m in protocol.send("Performance.getMetrics")["metrics"]}["ScriptDuration"]

    for what in ("at rest", "dragged"):
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 22)
        if what == "dragged":
            page.mouse.down()
        before, first = script(), page.evaluate("frames_.length")
        for step in range(SECONDS * 60):
            part = abs((step / 60) % 2 - 1)  # once across in a second
            page.mouse.move(box["x"] + 8 + (box["width"] - 16) * part, box["y"] + 22)
            page.wait_for_timeout(1000 / 60)
        page.mouse.up()
        times: list[float] = page.evaluate("frames_")[first:]
        gaps = sorted(b - a for a, b in pairwise(times))
        spent = 1000 * (script() - before) / len(gaps)
        late = sum(gap > 1.5 * 1000 / 60 for gap in gaps)
        slow = gaps[int(0.95 * len(gaps))]
        print(f"{what}: {len(gaps)} frames, median {gaps[len(gaps) // 2]:.1f} ms, 95 % {slow:.1f} ms, {late} late;")
        print(f"    scripts {spent:.2f} ms a frame, slowed down {SLOWER}×")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
