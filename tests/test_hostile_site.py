"""A server that means harm: whatever it sends is bounded in bytes and time, and ends in one sentence."""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from itertools import repeat

import pytest
from servers import serving

from figures.published import sites
from figures.published.sites import Unreadable, Web

Answer = Callable[[BaseHTTPRequestHandler], None]


def send(handler: BaseHTTPRequestHandler, status: int = 200, content: bytes = b"", **headers: str) -> None:
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(content)


def bomb(handler: BaseHTTPRequestHandler) -> None:
    send(handler, content=gzip.compress(b"0" * 50 * sites.MEGABYTE), Content_Encoding="gzip")


def endless(handler: BaseHTTPRequestHandler) -> None:
    send(handler)
    for piece in repeat(b"0" * 65536):
        handler.wfile.write(piece)


def slow_content(handler: BaseHTTPRequestHandler) -> None:
    send(handler)
    for piece in repeat(b"0"):
        handler.wfile.write(piece)
        time.sleep(0.05)


def slow_head(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    for piece in repeat(b"0"):
        handler.wfile.write(piece)
        time.sleep(0.05)


def silent(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(3)


def cut_off(handler: BaseHTTPRequestHandler) -> None:
    send(handler, content=b"half", Content_Length="1000")


def cut_off_packed(handler: BaseHTTPRequestHandler) -> None:
    send(handler, content=gzip.compress(b"0" * 1000)[:-9], Content_Encoding="gzip")


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (bomb, "1 MBを超えました"),
        (endless, "1 MBを超えました"),
        (slow_content, "1秒たっても終わりません"),
        (slow_head, "1秒たっても終わりません"),
        (silent, "1秒たっても終わりません"),
        (cut_off, "途中で切れています"),
        (cut_off_packed, "途中で切れています"),
        (lambda handler: send(handler, 404), "サーバーの返事は404でした"),
        (lambda handler: send(handler, content=b"x", Content_Encoding="br"), "頼んでいない圧縮"),
        (lambda handler: send(handler, content=b"no gzip" * 9, Content_Encoding="gzip"), "読めません"),
        (lambda handler: send(handler, 302, Location="/blog/again"), "転送が3回を超えました"),
        (lambda handler: send(handler, 302, Location="/elsewhere"), "サイトの外"),
        (lambda handler: send(handler, 302, Location="http://169.254.169.254/latest"), "サイトの外"),
        (lambda handler: send(handler, 302, Location="file:///etc/passwd"), "サイトの外"),
        (lambda handler: handler.wfile.write(b"\x00\x01\x02" * 100), "読めません"),
        (lambda handler: handler.wfile.write(b"HTTP/1.1 200 OK\r\n" + b"X: 1\r\n" * 100_000), "読めません"),
    ],
)
def test_each_harm_is_one_sentence(monkeypatch: pytest.MonkeyPatch, answer: Answer, message: str) -> None:
    monkeypatch.setattr(sites, "LARGEST", sites.MEGABYTE)
    monkeypatch.setattr(sites, "SLOWEST", 1.0 if "1秒" in message else 60.0)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            try:
                answer(self)
            except OSError:
                """The reader has hung up, as it should."""

        def log_message(self, *arguments: object) -> None:
            """Nothing."""

    with serving(Handler) as address, pytest.raises(Unreadable) as raised:
        Web(f"{address}blog/", private=True).read("articles/")
    assert message in str(raised.value)
    assert str(raised.value).startswith(f"{address}blog/")


def test_all_files_together_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sites, "ALL", 1000)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            send(self, content=b"0" * 600)

        def log_message(self, *arguments: object) -> None:
            """Nothing."""

    with serving(Handler) as address:
        site = Web(address, private=True)
        assert len(site.read("a")) == 600
        with pytest.raises(Unreadable, match="全部で"):
            site.read("b")


@pytest.mark.parametrize(
    "address", ["ftp://a.example/", "https://", "https://me@a.example/", "https://a.example/?q", "https://["]
)
def test_an_address_that_is_none_of_a_site(address: str) -> None:
    with pytest.raises(Unreadable, match="読めない住所です"):
        Web(address)


@pytest.mark.parametrize(
    "inside", ["127.0.0.1", "10.0.0.1", "192.168.1.1", "169.254.169.254", "[::1]", "[fe80::1]", "0.0.0.0"]
)
def test_a_private_address_is_refused_before_it_is_asked(inside: str) -> None:
    with pytest.raises(Unreadable, match="--private"):
        Web(f"http://{inside}:9/").read("")
