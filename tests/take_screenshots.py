"""Take the README's two screenshots from a real build: python tests/take_screenshots.py [FOLDER [PATH …]].

With paths, every page is taken whole, at phone and desk width in both themes, to be looked at.
"""

from __future__ import annotations

import functools
import http.server
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from playwright.sync_api import sync_playwright

PROJECT = Path(__file__).resolve().parent.parent
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def main(folder: Path, paths: list[str]) -> None:
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        subprocess.run([sys.executable, "-m", "mkdocs", "build", "-q", "-d", f"{place}/site"], cwd=PROJECT, check=True)
        handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=f"{place}/site")
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for theme in ("light", "dark"):
            page = browser.new_page(color_scheme=theme)
            address = f"http://127.0.0.1:{server.server_port}/"
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
        browser.close()
        server.shutdown()


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else PROJECT / ".github"), sys.argv[2:])
