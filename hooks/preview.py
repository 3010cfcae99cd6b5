"""``mkdocs serve`` for an author who writes all day: an error is shown on the page, and the last good page stays.

Stock MkDocs stops answering after a failed rebuild until the next good one. Here a failed rebuild returns like a good
one; what it said stands at the top of every page until the next good save. An edit of the hooks or of the laboratory's
own machinery starts the process again, because a module once imported is never read again.
"""

from __future__ import annotations

import logging
import os
import socket
import sys
from collections.abc import Callable, Iterable
from html import escape
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import BuildError
from mkdocs.livereload import LiveReloadServer

from figures import fingerprint

log = logging.getLogger("mkdocs.hooks.preview")

PORTS = 50  # how many ports after the wanted one are tried


def on_serve(server: LiveReloadServer, config: MkDocsConfig, builder: Callable[[], None]) -> LiveReloadServer:
    """After the first good build: watch what results depend on, take a free port, and survive what fails."""
    root = Path(config.config_file_path).parent
    for folder in ("figures/experiments", "figures/models", "figures/data", "hooks"):
        server.watch(str(root / folder))
    for file in sorted((root / "figures").glob("*.py")):
        server.watch(str(file))
    _take_free_port(server)
    rebuild = _Rebuild(root, server.builder)
    server.builder = rebuild
    server.set_app(rebuild.with_error_on_top(server.serve_request))
    return server


class _Rebuild:
    """The server's builder: one build, whose failure is kept instead of raised."""

    def __init__(self, root: Path, build: Callable[[], None]) -> None:
        self.root = root
        self.build = build
        self.machinery = self._machinery()
        self.error = ""

    def __call__(self) -> None:
        if self._machinery() != self.machinery:
            log.info("hooks/ か figures/ の仕組みが変わったので、はじめから起動します")
            os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])
        said = _Said()
        logging.getLogger("mkdocs").addHandler(said)
        try:
            self.build()
            self.error = ""
        except (Exception, SystemExit) as error:
            cause = error.__context__ or error  # MkDocs wraps what a hook raised
            self.error = str(cause) if isinstance(cause, BuildError) else "\n".join([*said.lines, str(error)])
            if self.error not in said.lines:
                log.error(self.error)  # MkDocs never logs the same error twice, an author may well make it twice
            log.info("直前の正しいページを出しつづけます。直して保存すると、もう一度ビルドします")
        finally:
            logging.getLogger("mkdocs").removeHandler(said)

    def _machinery(self) -> str:
        files = sorted([*self.root.glob("hooks/*.py"), *self.root.glob("figures/*.py")])
        return fingerprint.digest("".join(f"{file}{fingerprint.digest_file(file)}" for file in files).encode())

    def with_error_on_top(self, app: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
        """The server's application, with the error inserted into pages while there is one."""

        def served(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            if not self.error:
                return app(environ, start_response)
            answer: list[Any] = []
            body = b"".join(app(environ, lambda status, headers, *rest: answer.extend((status, headers))))
            status, headers = answer
            if dict(headers).get("Content-Type") == "text/html" and b"<body" in body:
                where = body.index(b">", body.index(b"<body")) + 1
                body = body[:where] + self._banner().encode() + body[where:]
                headers = [(name, value) for name, value in headers if name != "Content-Length"]
            start_response(status, headers)
            return [body]

        return served

    def _banner(self) -> str:
        blocks = []
        for line in self.error.splitlines():
            place = line.removeprefix("ERROR   -  ").split(": ", 1)[0]
            blocks.append(escape(line) + _excerpt(self.root, place))
        return (
            '<pre id="build-error" role="alert" style="position:relative;z-index:9;margin:0;padding:16px 20px;'
            "white-space:pre-wrap;font-size:14px;line-height:1.7;background:var(--card,#fff);color:var(--ink,#000);"
            'border-top:4px double currentColor;border-bottom:1px solid currentColor">'
            "保存した内容ではビルドできません。下は直前の正しいページです。\n\n" + "\n".join(blocks) + "</pre>"
        )


class _Said(logging.Handler):
    """What a build said that stopped it."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


def _excerpt(root: Path, place: str) -> str:
    """The lines around ``file:line``, the line itself marked."""
    path, _, number = place.rpartition(":")
    if not (number.isdigit() and path and (root / path).is_file()):
        return ""
    lines = (root / path).read_text(encoding="utf-8", errors="replace").splitlines()
    first, last = max(int(number) - 2, 1), min(int(number) + 2, len(lines))
    rows = [f"{'→' if n == int(number) else '  '}{n:5} | {escape(lines[n - 1])}" for n in range(first, last + 1)]
    return "\n" + "\n".join(rows)


def _take_free_port(server: LiveReloadServer) -> None:
    """The wanted port, or the next free one, said aloud."""
    host, wanted = server.server_address[0], server.server_address[1]
    for port in range(int(wanted), int(wanted) + PORTS):
        with socket.socket(server.address_family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                continue
        if port != wanted:
            log.warning("%s番は使われているので、%s番で開きます", wanted, port)
            server.server_address = (host, port)
            server.url = server.url.replace(f":{wanted}/", f":{port}/")
        return
