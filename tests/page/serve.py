"""A folder served as a web host does it: text as gzip, its type named, 404.html with status 404."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

TEXT = {
    ".css": "text/css",
    ".csv": "text/csv",
    ".html": "text/html",
    ".js": "text/javascript",
    ".json": "application/json",
    ".map": "application/json",
    ".mjs": "text/javascript",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".webmanifest": "application/manifest+json",
    ".xml": "application/xml",
}
BINARY = {".gif": "image/gif", ".ico": "image/x-icon", ".jpg": "image/jpeg", ".png": "image/png", ".webp": "image/webp"}
BINARY |= {".wasm": "application/wasm", ".woff2": "font/woff2"}
LEVEL = 6  # zlib's default, and what web hosts take


def gzipped(data: bytes) -> bytes:
    """The bytes as they would travel."""
    return gzip.compress(data, LEVEL, mtime=0)


def answer(status: str, suffix: str, body: bytes) -> bytes:
    """The whole of it, status line and headers too: what is written is what is counted."""
    head = f"HTTP/1.1 {status}\r\n"
    if suffix in TEXT:
        body = gzipped(body)
        head += f"Content-Type: {TEXT[suffix]}; charset=utf-8\r\nContent-Encoding: gzip\r\n"
    else:
        head += f"Content-Type: {BINARY.get(suffix, 'application/octet-stream')}\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


@dataclass(frozen=True)
class Host:
    """A host at work.

    Attributes:
        url: its address, with a slash at the end.
        sent: path and bytes of every answer so far, to the page and to its workers alike.
    """

    url: str
    sent: list[tuple[str, int]] = field(default_factory=list)


@contextmanager
def served(folder: Path) -> Iterator[Host]:
    """The folder behind an address of its own on this machine; all answers are made in advance."""
    known = {}
    for file in filter(Path.is_file, folder.rglob("*")):
        path = "/" + file.relative_to(folder).as_posix()
        known[path] = known[path.removesuffix("index.html")] = answer("200 OK", file.suffix, file.read_bytes())
    page = folder / "404.html"
    missing = answer("404 Not Found", ".html", page.read_bytes() if page.exists() else b"404")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"  # connections stay open, as they do on a host

        def do_GET(self) -> None:
            path = unquote(urlsplit(self.path).path)
            whole = known.get(path, missing)
            host.sent.append((path, len(whole)))  # first: who has read an answer finds it counted
            self.wfile.write(whole)

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        host = Host(f"http://127.0.0.1:{server.server_port}/")
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield host
        server.shutdown()
