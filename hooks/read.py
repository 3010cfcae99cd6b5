"""Read one Markdown file: its bytes as text, its front matter with the line of each key, and what is wrong with both.

MkDocs prints broken YAML as text, with exit 0, takes a first line such as ``https://…`` for metadata and drops it, and
keeps the last of two equal keys.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]
from material.plugins.blog.structure.config import PostConfig  # type: ignore[import-untyped]
from mkdocs.structure.files import File
from mkdocs.utils.meta import META_RE, YAML_RE

MAX_BYTES = 1_000_000  # half a million characters; MkDocs takes seconds for them, and minutes for 20 MB
NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
SLUG = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
LEGACY = {"EUC-JP": "euc_jp", "Shift_JIS": "cp932"}  # almost no text of the second kind passes for the first
ALREADY = "\0"  # stands for a value whose problem is reported already
YAML_HINT = "字下げ、コロンのあとの空白、引用符、閉じる --- を見てください。"


@dataclass
class Source:
    """A file's text below its front matter, which begins at line ``first``; ``lines`` are those of the keys.

    ``understood`` says whether ``meta`` is what the author meant: without it, nothing can be missing there.
    """

    file: File
    body: str = ""
    first: int = 1
    meta: dict[str, Any] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    problems: list[tuple[int, str]] = field(default_factory=list)
    understood: bool = False

    def report(self, line: int, message: str) -> None:
        """One problem."""
        self.problems.append((line, message))


def read(file: File) -> Source:
    """Whatever is in the file, this returns; ``problems`` says what is wrong."""
    source = Source(file)
    path = Path(file.abs_src_path or "")
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= MAX_BYTES else b""
    except OSError as error:
        source.report(1, f"読めません（{error.strerror}）。ファイルの権限を見てください。")
        return source
    if size > MAX_BYTES:
        source.report(
            1, f"{size / 1e6:.1f} MB あり、上限の {MAX_BYTES // 10**6} MB を超えています。ページを分けてください。"
        )
        return source
    text = _decode(data, source)
    if text is None:
        return source
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for number, line in enumerate(text.split("\n"), 1):
        for sign in dict.fromkeys(NO_TEXT.findall(line)):
            source.report(number, f"制御文字 U+{ord(sign):04X} が混じっています。消してください。")
    _split(text, source)
    return source


def check_post(source: Source, authors: set[str] | None) -> None:
    """What the blog needs of a post beyond a page; ``authors`` is who may sign."""
    date = source.meta.get("date")
    days = list(date.values()) if isinstance(date, dict) else [date]
    line = source.lines.get("date", 1)
    if date is None or (isinstance(date, dict) and date.get("created") is None):
        source.report(line, "date がありません。front matter に date: 2026-11-20 の形で書いてください。")
    elif ALREADY not in days and not all(isinstance(day, datetime.date) for day in days):
        source.report(line, f"date の {days[0]} は日付ではありません。2026-11-20 の形で、引用符なしで書いてください。")
    slug = source.meta.get("slug")
    line = source.lines.get("slug", 1)
    if slug is None:
        source.report(line, "slug がありません。front matter に slug: l1-vs-l2 の形で書いてください。")
    elif not isinstance(slug, str) or not SLUG.fullmatch(slug):
        how = "英小文字と数字を - でつないでください（数字だけなら引用符で囲みます）。"
        source.report(line, f"slug の {slug} はアドレスに使えません。{how}")
    signed = source.meta.get("authors")
    for name in signed if isinstance(signed, list) else []:
        if authors is not None and isinstance(name, str) and name not in authors:
            source.report(
                source.lines.get("authors", 1), f"{name} は著者の一覧にありません。docs/.authors.yml に足してください。"
            )
    for key, what in _unfit(source.meta):
        source.report(source.lines.get(key, 1), f"{key} の値が使えません（{what}）。直してください。")


def _unfit(meta: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The other keys of a post, by the blog plugin's own rules."""
    for key in sorted(({*PostConfig().keys()} & {*meta}) - {"date", "slug"}):
        config = PostConfig()
        try:
            config.load_dict({key: meta[key], "date": datetime.date.min})
            errors = [error for name, error in config.validate()[0] if name == key]
        except Exception as error:  # the plugin's own, for values of a shape that it did not expect
            errors = [error]
        yield from ((key, " ".join(str(error).split())) for error in errors)


def _decode(data: bytes, source: Source) -> str | None:
    utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff")) or max(data[::2].count(0), data[1::2].count(0)) > len(data) / 8
    if utf16:
        source.report(1, "UTF-16 で保存されています。UTF-8 で保存しなおしてください。")
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = len(re.findall(rb"\r\n?|\n", data[: error.start])) + 1
        guesses = [name for name, codec in LEGACY.items() if _decodes(data, codec)]
        guess = f"（{guesses[0]} のようです）" if guesses else ""
        source.report(line, f"文字コードが UTF-8 ではありません{guess}。UTF-8 で保存しなおしてください。")
        return None


def _decodes(data: bytes, codec: str) -> bool:
    try:
        data.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


def _split(text: str, source: Source) -> None:
    """Front matter from text, as MkDocs does, but aloud."""
    source.body = text
    first = text.partition("\n")[0]
    if first.rstrip() != "---":
        source.understood = True
        if META_RE.match(first):
            what = f"1行目が {first.split(':')[0].strip()}: で始まるので、MkDocsが設定と取りちがえて消します。"
            source.report(1, what + "設定なら --- の行ではさみ、文なら前に見出しを置いてください。")
        elif re.match(r"\s+---[ \t]*\n(?:[\w-]+:.*\n)+---", text):
            source.report(1, "front matter の前に空白か空行があります。--- を1行目に置いてください。")
    elif re.match(r"---[ \t]*\n(?:---|\.\.\.)[ \t]*(?:\n|$)", text):
        source.report(1, "front matter が空です。2つの --- を消してください。")
    elif match := YAML_RE.match(text):
        source.body = text[match.end() :]
        source.first = text[: match.end()].count("\n") + 1
        _load(match[1], source)
    elif YAML_RE.match(text + "\n"):
        source.report(text.count("\n") + 1, "front matter の最後の行に改行がありません。--- のあとで改行してください。")
    else:
        source.report(1, "front matter が閉じていません。最後のキーの次の行に --- だけを書いてください。")


def _load(block: str, source: Source) -> None:
    """Keys and values; what PyYAML marks is counted from the line after ``---``."""
    loader = yaml.SafeLoader("")
    try:
        loader = yaml.SafeLoader(block)
        node = loader.get_single_node()
        if not isinstance(node, yaml.MappingNode):
            line = node.start_mark.line + 2 if node else 1
            source.report(line, "front matter が「キー: 値」の並びではありません。title: 題 の形で書いてください。")
            return
        for key, _ in node.value:
            if key.value in source.lines:
                source.report(key.start_mark.line + 2, f"{key.value} が二度出てきます。どちらかを消してください。")
            source.lines[str(key.value)] = key.start_mark.line + 2
        for scalar in _scalars(node, set()):
            try:
                yaml.SafeLoader("").construct_object(scalar)
            except ValueError:
                what = "という日はありません" if scalar.tag.endswith("timestamp") else "は読めません"
                source.report(scalar.start_mark.line + 2, f"{scalar.value} {what}。直してください。")
                scalar.tag, scalar.value = "tag:yaml.org,2002:str", ALREADY
        source.meta = loader.construct_document(node)
        source.understood = True
    except yaml.reader.ReaderError:
        pass  # a control character, which is reported already
    except yaml.MarkedYAMLError as error:
        token = (error.context or "").startswith("while scanning") and error.context_mark
        mark = token or error.problem_mark
        what = f"front matter の YAML を読めません（{error.problem}）。"
        source.report(mark.line + 2 if mark else 1, what + YAML_HINT)
    except Exception as error:  # of values that are not simple, such as a thousand brackets
        source.report(1, f"front matter の YAML を読めません（{type(error).__name__}）。{YAML_HINT}")


def _scalars(node: Any, seen: set[int]) -> Iterator[Any]:
    if id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, yaml.ScalarNode):
        yield node
    else:
        for child in node.value:
            for part in child if isinstance(child, tuple) else [child]:
                yield from _scalars(part, seen)
