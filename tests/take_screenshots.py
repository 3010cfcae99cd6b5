"""Take the README's two screenshots from a real build: python tests/take_screenshots.py [FOLDER [PATH …]].

With paths, every page is taken whole, at phone and desk width in both themes, to be looked at.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from browser import served, started

PROJECT = Path(__file__).resolve().parent.parent


def main(folder: Path, paths: list[str]) -> None:
    with tempfile.TemporaryDirectory() as place:
        subprocess.run([sys.executable, "-m", "mkdocs", "build", "-q", "-d", f"{place}/site"], cwd=PROJECT, check=True)
        with served(Path(place, "site")) as address, started() as browser:
            for theme in ("light", "dark"):
                page = browser.new_page(color_scheme=theme)
                if not paths:
                    page.set_viewport_size({"width": 1280, "height": 1000})
                    page.goto(address + "articles/l1-vs-l2/")
                    page.screenshot(path=folder / f"screenshot-{theme}.png")
                for path in paths:
                    for width in (390, 1280):
                        page.set_viewport_size({"width": width, "height": 1000})
                        page.goto(address + path)
                        name = path.strip("/").replace("/", "-") or "home"
                        page.screenshot(path=folder / f"{name}-{width}-{theme}.png", full_page=True)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else PROJECT / ".github"), sys.argv[2:])
