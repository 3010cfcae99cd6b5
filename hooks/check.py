"""Check every Markdown source before anything is run, emptied or written: one line a problem, all of a build at once.

MkDocs passes most of this in silence, says the rest without a line, or prints a traceback after it has emptied the
site. ``read`` looks at each file, ``proofread`` at what stands in it, ``resolve`` at where its links lead; here are
the folder and the addresses, and the last net: any other error of a hook or plugin ends as one sentence, too.
"""

from __future__ import annotations

import posixpath
import sys
import traceback
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]
from click import ClickException
from jinja2 import Environment
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files, InclusionLevel, set_exclusions

from hooks.proofread import Link, Proofreader
from hooks.read import Source, check_post, read
from hooks.report import limited
from hooks.resolve import Resolver, destination

GENERATED = ("receipts",)  # what hooks add in on_files: links to it wait until then
SEPARATOR = "<!-- more -->"
ROOT = Path(__file__).resolve().parent.parent


@dataclass
class Found:
    """What is wrong (file, line, message), and the links that lead to what does not exist yet."""

    problems: list[tuple[str, int, str]] = field(default_factory=list)
    later: list[tuple[File, Link]] = field(default_factory=list)

    def stop(self, config: MkDocsConfig) -> None:
        """All problems as one error, in the order of the files."""
        docs = Path(config.docs_dir).name
        lines = limited((f"{docs}/{uri}", line, message) for uri, line, message in self.problems)
        if lines:
            raise PluginError("\n".join(lines))


@event_priority(90)
def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """After ``take_turns`` and before every plugin: all that can be known of the sources alone."""
    found = Found()
    files = Files(_walk(Path(config.docs_dir), config, found))
    sources = {file.src_uri: read(file) for file in files.documentation_pages()}
    posts = _check_posts(sources, files, config, found)
    _check_addresses(files, posts, found)
    proofreader = Proofreader(config.markdown_extensions, config.mdx_configs)
    readings = {uri: proofreader.read(source.body, source.first) for uri, source in sources.items()}
    resolver = Resolver(files, {uri: reading.ids for uri, reading in readings.items() if sources[uri].body})
    for uri, reading in readings.items():
        source = sources[uri]
        found.problems += [(uri, line, message) for line, message in [*source.problems, *reading.problems]]
        excerpt = source.first + source.body.split(SEPARATOR)[0].count("\n") if uri in posts else 0
        _check_links(reading.links, source.file, excerpt, resolver, found)
    found.stop(config)
    config.extra["check_later"] = found.later
    config.extra["readings"] = {uri: (sources[uri], reading) for uri, reading in readings.items()}
    return config


@event_priority(-100)
def on_files(files: Files, config: MkDocsConfig) -> Files:
    """After the blog plugin and every hook: the addresses of what they made."""
    found = Found()
    for file in _walk(Path(config.docs_dir), config, found):
        made = files.get_file_from_path(file.src_uri)
        if made is not None and made.generated_by:
            found.problems.append((file.src_uri, 1, "ビルドが作るページと同じ名前です。ほかの名前にしてください。"))
    _check_addresses(files, {}, found)
    found.stop(config)
    return files


@event_priority(-100)
def on_env(env: Environment, config: MkDocsConfig, files: Files) -> Environment:
    """When every page is complete and none is written: the links that lead to what hooks made."""
    found = Found()
    pages = [file.page for file in files.documentation_pages() if file.page is not None]
    resolver = Resolver(files, {page.file.src_uri: page.present_anchor_ids or set() for page in pages})
    later: list[tuple[File, Link]] = config.extra.pop("check_later")
    for file, link in later:
        if message := resolver.wrong(link, file):
            found.problems.append((file.src_uri, link.line, message))
    found.stop(config)
    return env


@event_priority(-100)
def on_build_error(error: Exception) -> None:
    """After every other hook has cleaned up: an error that is no message for the author becomes one."""
    if not isinstance(error, ClickException):
        what = " ".join(f"{type(error).__name__}: {error}".replace(f"{ROOT}/", "").split())[:500]
        raise PluginError(f"{_place(error)}: 思わぬところで止まりました（{what}）。この行を見てください。") from None


def _walk(folder: Path, config: MkDocsConfig, found: Found) -> list[File]:
    """The files as MkDocs lists them, but no symbolic link leads elsewhere."""
    listed = []
    for path in sorted(folder.iterdir(), key=lambda path: (path.is_dir(), path.name)):
        uri = path.relative_to(config.docs_dir).as_posix()
        file = File(uri, config.docs_dir, config.site_dir, config.use_directory_urls)
        set_exclusions([file], config)
        if file.inclusion in (InclusionLevel.EXCLUDED, InclusionLevel.DRAFT):
            continue
        if wrong := _misplaced(path, Path(config.docs_dir)):
            found.problems.append((uri, 1, wrong))
        elif path.is_dir():
            listed += _walk(path, config, found)
        else:
            listed.append(file)
    return listed


def _misplaced(path: Path, docs: Path) -> str:
    if path.is_symlink():
        if not path.exists():
            return "シンボリックリンクの先がありません。消すか、ファイルそのものを置いてください。"
        if not path.resolve().is_relative_to(docs.resolve()):
            return f"シンボリックリンクが {docs.name}/ の外を指しています。中身を {docs.name}/ に写してください。"
        if path.is_dir():
            return "フォルダーへのシンボリックリンクです。同じページが二つできるので、消してください。"
    return "" if path.is_file() or path.is_dir() else "ふつうのファイルではありません。消してください。"


def _check_posts(sources: dict[str, Source], files: Files, config: MkDocsConfig, found: Found) -> dict[str, int]:
    """The posts with the line of each slug; their files get the address that the blog plugin will give them."""
    plugin: Any = config.plugins["material/blog"]
    blog = posixpath.normpath(plugin.config.blog_dir)
    folder = posixpath.normpath(plugin.config.post_dir.format(blog=blog))
    authors = _authors(Path(config.docs_dir) / plugin.config.authors_file.format(blog=blog))
    posts = {}
    for uri, source in sources.items():
        if not uri.startswith(folder):  # the plugin's rule
            continue
        posts[uri] = source.lines.get("slug", 1)
        if source.understood:
            check_post(source, authors)
        if isinstance(slug := source.meta.get("slug"), str):
            path = plugin.config.post_url_format.format_map(defaultdict(str, slug=slug, file=source.file.name))
            path = posixpath.normpath(posixpath.join(blog, path.strip("/")))
            post = File(f"{path}.md", None, config.site_dir, config.use_directory_urls)
            source.file.dest_uri, source.file.url = post.dest_uri, post.url
        if source.meta.get("draft") is True and not plugin.is_serve:
            source.file.inclusion = InclusionLevel.EXCLUDED
    for file in files.media_files():
        if file.src_uri.startswith(folder):
            file.dest_uri = posixpath.normpath(file.dest_uri.replace(folder, blog))
    return posts


def _authors(file: Path) -> set[str] | None:
    """Who may sign; None where the plugin itself will say what is wrong with the list."""
    try:
        return set(yaml.safe_load(file.read_text(encoding="utf-8-sig"))["authors"])
    except (OSError, ValueError, TypeError, KeyError, yaml.YAMLError):
        return None


def _check_addresses(files: Iterable[File], posts: dict[str, int], found: Found) -> None:
    """Two sources with one address: MkDocs would publish one of them, and say nothing."""
    taken: dict[str, File] = {}
    for file in files:
        other = taken.setdefault(posixpath.normpath(file.dest_uri), file)
        if other is not file:
            what = f"{other.src_uri} と同じアドレス {file.url} になります。"
            how = "slug を変えてください。" if file.src_uri in posts else "どちらかの名前を変えてください。"
            found.problems.append((file.src_uri, posts.get(file.src_uri, 1), what + how))


def _check_links(links: list[Link], page: File, excerpt: int, resolver: Resolver, found: Found) -> None:
    """Links of one page; up to line ``excerpt`` it is shown a second time, on the list of articles."""
    wrong: dict[tuple[str, str, bool], str] = {}  # a page may say the same a thousand times
    for link in links:
        path = destination(link, page)
        if link.raw and path and link.line <= excerpt:
            message = f"<{link.tag}> の '{link.url}' は、一覧に出る抜粋の中では行き先が変わります。"
            found.problems.append((page.src_uri, link.line, message + "Markdownの画像かリンクで書いてください。"))
        elif path.split("/")[0] in GENERATED:
            found.later.append((page, link))
        else:
            key = link.tag, link.url, link.raw
            wrong[key] = wrong[key] if key in wrong else resolver.wrong(link, page)
            found.problems += [(page.src_uri, link.line, wrong[key])] if wrong[key] else []


def _place(error: Exception) -> str:
    """``file:line``, innermost in our own code, else in the plugin that MkDocs had called, else wherever it was."""
    frames = [(_relative(frame.filename), frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
    calls = [index for index, (name, _) in enumerate(frames) if name == "mkdocs/plugins.py"]
    handler = frames[calls[-1] + 1 :][:1] if calls else []
    package = handler[0][0].split("/")[0] if handler else ""
    ours = [frame for frame in frames if frame[0].startswith(("hooks/", "figures/"))]
    plugins = [frame for frame in frames if package and frame[0].split("/")[0] == package]
    name, line = (ours or plugins or frames or [("hooks/check.py", 1)])[-1]
    return f"{name}:{line}"


def _relative(filename: str) -> str:
    """From the folder that Python imports it from: no path of this machine."""
    folders = sorted((str(ROOT), *sys.path), key=len)
    inside = [folder for folder in folders if folder and filename.startswith(f"{folder}/")]
    return filename.removeprefix(f"{inside[-1]}/") if inside else Path(filename).name
