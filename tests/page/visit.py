"""What a first visit loads: bytes, requests and foreign hosts, with nothing in the browser's cache.

Bytes are those on the line: status line, headers, and the body as it was compressed. For the site they are counted
where they are sent, since neither the DevTools protocol nor Playwright tells a page what its workers load; for a
foreign host, where they arrive.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Request

from figures.bench.rows import Row

from .serve import Host

MAX_BYTES, MAX_REQUESTS = 75_000, 12
QUIET = 1000  # milliseconds; what a page loads when it has nothing else to do belongs to the visit


@dataclass(frozen=True)
class Visit:
    """What was loaded: path and bytes of each answer of the site; address and bytes of each foreign request."""

    own: list[tuple[str, int]]
    foreign: list[tuple[str, int]]


def first_visit(browser: Browser, host: Host, path: str) -> Visit:
    """Open a page as a new reader does and wait until the line is quiet."""
    context = browser.new_context()
    page = context.new_page()
    foreign: list[Request] = []

    def notice(request: Request) -> None:
        if request.url.startswith("http") and not request.url.startswith(host.url):
            foreign.append(request)

    page.on("request", notice)
    before = len(host.sent)
    page.goto(host.url + path, wait_until="networkidle")
    page.wait_for_timeout(QUIET)
    visit = Visit(host.sent[before:], [(one.url, _size(one)) for one in foreign])
    context.close()
    return visit


def _size(request: Request) -> int:
    if request.response() is None:
        return 0
    sizes = request.sizes()
    return sizes["responseBodySize"] + sizes["responseHeadersSize"]


def rows(name: str, visit: Visit) -> list[Row]:
    """The three rows of a page; what weighs most stands beside."""
    every = sorted(visit.own + visit.foreign, key=lambda one: -one[1])
    heavy = "、".join(f"{path.rstrip('/').rpartition('/')[2] or '/'} {size / 1000:.1f}" for path, size in every[:6])
    hosts = sorted({urlsplit(url).netloc for url, _ in visit.foreign})
    total = sum(size for _, size in every)
    return [
        Row(f"{name}.bytes", "はじめての訪問で届くバイト数", total, MAX_BYTES, at_most=True, ours=f"kB: {heavy}"),
        Row(f"{name}.requests", "その要求の数", len(every), MAX_REQUESTS, at_most=True),
        Row(f"{name}.foreign_hosts", "よそのホストの数", len(hosts), 0, at_most=True, ours="、".join(hosts)),
    ]
