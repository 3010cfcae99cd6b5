"""Where an address in a page leads, as MkDocs or the browser will take it, and what is wrong when it leads nowhere.

Markdown's addresses name sources, and MkDocs rewrites them. Those in raw HTML nobody rewrites: they start from where
the page will be published.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from difflib import get_close_matches
from urllib.parse import unquote, urlsplit

from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import _RelativePathTreeprocessor
from mkdocs.utils import get_relative_url

from hooks.proofread import Link


class Resolver:
    """Knows all files of a site, and the ``ids`` that can be pointed at in those pages that were read."""

    def __init__(self, files: Files, ids: Mapping[str, set[str]]) -> None:
        self.files = files
        self.ids = ids
        self.published = {posixpath.normpath(file.dest_uri): file for file in files}

    def wrong(self, link: Link, page: File) -> str:
        """What is wrong with a link of a page, and what to do; '' if nothing is."""
        what, url = "画像" if link.tag == "img" else "リンク先", link.url
        try:
            parts = urlsplit(url)
        except ValueError:
            return f"アドレス '{url}' を読めません。綴りを確かめてください。"
        if parts.scheme == "file" or len(parts.scheme) == 1 or url.startswith("\\"):
            return f"'{url}' は手元のパソコンの中を指しています。docs/ に置いて、相対パスで書いてください。"
        if parts.scheme or parts.netloc:
            return ""
        if not url:
            return f"{what}が空です。書くか、消してください。"
        if url.startswith("/"):
            return f"'{url}' は / で始まっています。このファイルから見た相対パスで書いてください。"
        target = self._target(link, page) if parts.path else page
        if target is None:
            return f"{what} '{url}' がありません。{self._hint(link, page)}"
        if target.inclusion in (InclusionLevel.EXCLUDED, InclusionLevel.DRAFT):
            return f"{what} '{url}' は下書きなので公開されません。リンクを消すか、下書きをやめてください。"
        return self._wrong_anchor(link, parts.fragment, target)

    def _target(self, link: Link, page: File) -> File | None:
        path = destination(link, page)
        if not link.raw:
            return self.files.get_file_from_path(path)
        folder = self.published.get(posixpath.normpath(posixpath.join(path, "index.html")))
        return folder or self.published.get(path)

    def _wrong_anchor(self, link: Link, anchor: str, target: File) -> str:
        there = self.ids.get(target.src_uri)
        if not anchor or there is None or anchor in there or (link.raw and unquote(anchor) in there):
            return ""
        if anchor.startswith("fnref:"):
            name = anchor.removeprefix("fnref:")
            return f"脚注 [^{name}] は本文から一度も呼ばれていません。本文に [^{name}] と書くか、消してください。"
        close = get_close_matches(unquote(anchor), there, 1)
        hint = f"#{close[0]} のことですか?" if close else "見出しか { #名前 } を確かめてください。"
        return f"'{link.url}' の行き先に #{anchor} がありません。{hint}"

    def _hint(self, link: Link, page: File) -> str:
        if link.raw:
            source = self.files.get_file_from_path(destination(Link(link.line, link.tag, link.url, False), page))
            how = f"'{get_relative_url(source.url, page.url)}' と書くか、Markdownで" if source else "Markdownで"
            return f"HTMLの中のアドレスは、公開後のページから数えます。{how}書いてください。"
        path = unquote(urlsplit(link.url).path)
        for guess in _RelativePathTreeprocessor._possible_target_uris(page, path, page.use_directory_urls):
            if self.files.get_file_from_path(guess):
                return f"'{get_relative_url(guess, page.src_uri)}' のことですか?"
        close = get_close_matches(destination(link, page), self.files.src_uris, 1)
        return (
            f"'{get_relative_url(close[0], page.src_uri)}' のことですか?" if close else "綴りと場所を確かめてください。"
        )


def destination(link: Link, page: File) -> str:
    """The path that a relative address names: among the sources, or of raw HTML on the site. '' if it names none."""
    try:
        parts = urlsplit(link.url)
    except ValueError:
        return ""
    if parts.scheme or parts.netloc or not parts.path or parts.path.startswith(("/", "\\")):
        return ""
    start = page.dest_uri if link.raw else page.src_uri
    return posixpath.normpath(posixpath.join(posixpath.dirname(start), unquote(parts.path)))
