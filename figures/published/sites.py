"""Where a site is read from: a folder, or the network, where nothing is believed of the other side.

One request a file. What a server may do is bounded: how many bytes it sends and how many they become when unpacked, how
long it takes, where it redirects to (the same site only). An address inside a private network is asked only if the
reader said so; a name is looked up once, and that address is the one connected to.
"""

from __future__ import annotations

import http.client
import ipaddress
import re
import socket
import ssl
import threading
import time
import zlib
from contextlib import closing, suppress
from pathlib import Path
from typing import Protocol
from urllib.parse import quote, unquote, urljoin, urlsplit

from figures.errors import FiguresError

MEGABYTE = 2**20
LARGEST, ALL = 16 * MEGABYTE, 1024 * MEGABYTE  # of one file, unpacked, and of all together
SLOWEST, SILENCE = 60.0, 15.0  # seconds a file may take, and between two of its bytes
LONGEST = 3600.0  # seconds for all of them
REDIRECTS = 3
CHUNK = 65536
LOCATION = re.compile(r"<loc>\s*([^<\s]+)\s*</loc>")


class Unreadable(FiguresError):
    """A file of the site that could not be looked at; the message begins with its address."""


class Site(Protocol):
    """Files by their path on the site, as in ``pages.json``: ``articles/l1-vs-l2/`` or ``numbers.json``."""

    def read(self, path: str) -> bytes:
        """Return the content of a file. Raises ``Unreadable``."""

    def listed(self) -> set[str]:
        """The pages that the site has, whatever ``pages.json`` says."""


class Folder:
    """A site that was built into a folder."""

    def __init__(self, root: Path) -> None:
        if not root.is_dir():
            raise Unreadable(
                f"{root}: フォルダーがありません。サイトのフォルダーか、https://… の住所を渡してください。"
            )
        self.root = root.resolve()

    def read(self, path: str) -> bytes:
        """Read a file, as long as it lies inside the folder."""
        file = self.root / (path + "index.html" if path.endswith("/") or not path else path)
        if not file.resolve().is_relative_to(self.root) or not file.is_file():
            raise Unreadable(f"{file}: サイトの中にありません。mkdocs build で作ったフォルダーを渡してください。")
        if file.stat().st_size > LARGEST:
            raise Unreadable(f"{file}: {LARGEST // MEGABYTE} MBを超えています。")
        return file.read_bytes()

    def listed(self) -> set[str]:
        """Every HTML file."""
        files = (file.relative_to(self.root).as_posix() for file in self.root.rglob("*.html"))
        return {file.removesuffix("index.html") if file.split("/")[-1] == "index.html" else file for file in files}


class Web:
    """A site at an address. ``private``: whether it may lie in a private network or on this machine."""

    def __init__(self, address: str, private: bool = False) -> None:
        try:
            parts = urlsplit(address)
        except ValueError as error:
            raise Unreadable(f"{address}: 読めない住所です（{error}）。https://… の形で渡してください。") from error
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.query:
            raise Unreadable(f"{address}: 読めない住所です。https://… の形で渡してください。")
        self.base = parts._replace(path=parts.path.rstrip("/") + "/", fragment="").geturl()
        self.private = private
        self.addresses: dict[str, str] = {}
        self.received, self.ends = 0, time.monotonic() + LONGEST

    def read(self, path: str) -> bytes:
        """Fetch a file."""
        url, ends = self.base + quote(path, safe="/%"), min(time.monotonic() + SLOWEST, self.ends)
        for _ in range(REDIRECTS + 1):
            try:
                content, url = self._get(url, ends)
            except (OSError, http.client.HTTPException, zlib.error, ValueError) as error:
                how = "住所と回線を確かめて、もう一度打ってください。"
                raise Unreadable(f"{url}: 読めません（{type(error).__name__}: {error}）。{how}") from error
            if content is not None:
                self.received += len(content)
                if self.received > ALL:
                    raise Unreadable(f"{self.base}: 全部で{ALL // MEGABYTE} MBを超えました。")
                return content
            if not url.startswith(self.base):
                how = "移った先を調べるなら、その住所を渡してください。"
                raise Unreadable(f"{self.base}{path}: サイトの外（{url[:200]}）へ移されました。{how}")
        raise Unreadable(f"{self.base}{path}: 転送が{REDIRECTS}回を超えました。")

    def listed(self) -> set[str]:
        """The addresses of the site map, on the host where it says the site lives; without one, no page."""
        try:
            text = self.read("sitemap.xml").decode("utf-8", "replace")
        except Unreadable:
            return set()
        found = LOCATION.findall(text)
        home = min(found, key=len, default="")
        return {unquote(url.removeprefix(home)) for url in found if url.startswith(home)}

    def _get(self, url: str, ends: float) -> tuple[bytes | None, str]:
        """The content at an address, or None and the address that it points to."""
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
        wire = socket.create_connection((self._address(host, port), port), timeout=SILENCE)
        if parts.scheme == "https":
            secure = ssl.create_default_context()
            wire = secure.wrap_socket(wire, server_hostname=host, do_handshake_on_connect=False)
        # A server that sends a byte now and then never is silent: at the end of its time it is cut off.
        watch = threading.Timer(max(ends - time.monotonic(), 0), _cut, [wire])
        watch.start()
        try:
            connection = http.client.HTTPConnection(host, port)
            with wire, closing(connection):
                if isinstance(wire, ssl.SSLSocket):
                    wire.do_handshake()
                connection.sock = wire
                headers = {"Accept-Encoding": "gzip", "User-Agent": "figures-verify", "Connection": "close"}
                connection.request("GET", parts.path + (f"?{parts.query}" if parts.query else ""), headers=headers)
                with connection.getresponse() as answer:
                    if answer.status in (301, 302, 303, 307, 308):
                        return None, urljoin(url, answer.headers.get("Location", ""))
                    if answer.status != 200 and not (answer.status == 404 and url.endswith("/404.html")):
                        raise Unreadable(f"{url}: サーバーの返事は{answer.status}でした。")
                    return _bounded(answer, url), url
        finally:
            watch.cancel()
            if time.monotonic() > ends:
                raise Unreadable(f"{url}: {SLOWEST:.0f}秒たっても終わりません。")

    def _address(self, host: str, port: int) -> str:
        """Look a name up, once; refuse what lies in a private network unless that was asked for."""
        if host not in self.addresses:
            found = str(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][4][0])
            if not self.private and not ipaddress.ip_address(found.partition("%")[0]).is_global:
                how = "手元や社内のサイトなら --private を付けてください。"
                raise Unreadable(f"{host}: 外に開いていない住所（{found}）です。{how}")
            self.addresses[host] = found
        return self.addresses[host]


def _cut(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


def _bounded(answer: http.client.HTTPResponse, url: str) -> bytes:
    """The whole content, unpacked piece by piece, so that nothing can grow past the bounds."""
    encoding = answer.headers.get("Content-Encoding", "identity").lower()
    if encoding not in ("identity", "gzip"):
        raise Unreadable(f"{url}: 頼んでいない圧縮（{encoding[:20]}）で送られました。")
    unpack = zlib.decompressobj(wbits=31) if encoding == "gzip" else None
    whole = bytearray()
    while piece := answer.read1(CHUNK):
        whole += unpack.decompress(piece, LARGEST + 1 - len(whole)) if unpack else piece
        if len(whole) > LARGEST:
            raise Unreadable(f"{url}: {LARGEST // MEGABYTE} MBを超えました。")
    if (unpack and not unpack.eof) or answer.length:
        raise Unreadable(f"{url}: 途中で切れています。")
    return bytes(whole)
