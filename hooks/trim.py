"""One small style sheet, and scripts without comments and needless whitespace.

The sheet: ours, and below it, in a layer, those rules of Material's that some page here can use.

A rule stays if one of its selectors can match: each element, class, id and attribute that it asks for is on a page, or
is made by a script (``SCRIPTED``). A selector's functions, ``:not(…)`` and the like, are passed over: a rule too many
may stay, and none is lost. What only lost rules referred to (custom properties, animations) goes as well.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import rjsmin  # type: ignore[import-untyped]
import tinycss2  # type: ignore[import-untyped]
from mkdocs.config.defaults import MkDocsConfig

from figures import cache, fingerprint

OURS, SHEET = "assets/extra.css", "assets/site.css"
# What Material's search makes of its results, and the states that scripts set.
SCRIPTED = re.compile(
    r"\.(md-search[\w-]*|md-nav__link--\w+|js|no-js|copy|card[\w-]*)$|^(mark|article|ol|li|button|dialog)$"
)
TAG = re.compile(r"<([a-z][a-z0-9]*)((?:\s[^<>]*)?)>")
ATTRIBUTE = re.compile(r"([\w-]+)(?:=\"([^\"]*)\")?")
FUNCTION = re.compile(r":[\w-]+\((?:[^()]|\([^()]*\))*\)")
NAME = re.compile(r"\.[\w-]+|#[\w-]+|\[[\w-]+|(?<![\w.#:\[-])[a-z][\w-]*")
PROPERTY = re.compile(r"(?<=[{;])(--[\w-]+):(?:[^;{}\"']|\"[^\"]*\"|'[^']*')*(?:;|(?=}))")
NESTED = ("media", "supports", "layer")


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """The pages link to one sheet (``theme/main.html``), which is written when all of them are known."""
    config.extra_css = []
    return config


def on_post_build(config: MkDocsConfig) -> None:
    """Put ``site.css`` in the place of both sheets; what is read in the scripts stays in docs/."""
    site, root = Path(config.site_dir), Path(config.config_file_path).parent
    theirs = sorted((site / "assets/stylesheets").glob("main.*.css"))
    ours, material = (site / OURS).read_text(encoding="utf-8"), theirs[0].read_text(encoding="utf-8")
    names = sorted(names_on(file.read_text(encoding="utf-8", errors="replace") for file in site.rglob("*.html")))
    how = Path(__file__).read_text(encoding="utf-8")
    key = fingerprint.digest("\0".join([how, material, ours, *names]).encode())
    entry = cache.load(root, "style", "site")
    if entry is None or entry["key"] != key:
        entry = {"key": key, "css": joined(material, ours, set(names))}
        cache.store(root, "style", "site", entry)
    (site / SHEET).write_text(entry["css"], encoding="utf-8")
    (site / OURS).unlink()
    shutil.rmtree(site / "assets/stylesheets")
    for script in (site / "assets").glob("*.js"):
        script.write_text(rjsmin.jsmin(script.read_text(encoding="utf-8")), encoding="utf-8")


def joined(material: str, ours: str, names: set[str]) -> str:
    """Both as one sheet."""
    kept = "".join(_rules(material, names))
    own = "".join(_rules(ours, None))
    while (fewer := _without_unused(kept, own)) != kept:
        kept = fewer
    return f"@layer material{{{kept}}}{own}"


def names_on(pages: Iterable[str]) -> set[str]:
    """``div``, ``.class``, ``#id`` and ``[attribute`` of everything on the pages."""
    found = {"*", "html", "body"}
    for tag, attributes in {match for page in pages for match in TAG.findall(page)}:
        found.add(tag)
        for name, value in ATTRIBUTE.findall(attributes):
            found.add(f"[{name}")
            found |= (
                {f".{word}" for word in value.split()} if name == "class" else {f"#{value}"} if name == "id" else set()
            )
    return found


def can_match(selector: str, names: set[str]) -> bool:
    """Whether all that a selector asks for is there."""
    plain = FUNCTION.sub("", re.sub(r"\"[^\"]*\"|'[^']*'", "", selector))
    plain = re.sub(r"::?[\w-]+", "", re.sub(r"(\[[\w-]+)[^\]]*\]", r"\1]", plain))
    return all(name in names or SCRIPTED.search(name) for name in NAME.findall(plain))


def _rules(css: str, names: set[str] | None) -> Iterator[str]:
    """The rules that can match, without comments and needless whitespace; all of them where ``names`` is None."""
    for rule in tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True):
        if rule.type == "qualified-rule":
            selectors = _selectors(rule.prelude)
            kept = [selector for selector in selectors if names is None or can_match(selector, names)]
            if kept:
                yield f"{','.join(kept)}{{{_small(rule.content)}}}"
        elif rule.content is None:
            if rule.lower_at_keyword != "charset":
                yield f"@{rule.at_keyword}{_small(rule.prelude)};"
        elif rule.lower_at_keyword in NESTED:
            inside = "".join(_rules(tinycss2.serialize(rule.content), names))
            if inside:
                yield f"@{rule.at_keyword} {_small(rule.prelude).strip()}{{{inside}}}"
        elif names is None or rule.lower_at_keyword != "font-face":
            yield f"@{rule.at_keyword} {_small(rule.prelude).strip()}{{{_small(rule.content)}}}"


def _selectors(prelude: list[Any]) -> list[str]:
    parts: list[list[Any]] = [[]]
    for token in prelude:
        if token.type == "literal" and token.value == ",":
            parts.append([])
        else:
            parts[-1].append(token)
    return [_small(part).strip() for part in parts]


def _small(tokens: list[Any]) -> str:
    """Tokens as text: no comments, one space where there was any whitespace, none beside { ; } and after a property."""
    kept = [token for token in tokens if token.type != "comment"]
    text = "".join(" " if token.type == "whitespace" else token.serialize() for token in kept)
    return re.sub(r"(?<=[{;])([\w-]+):\s+", r"\1:", re.sub(r"\s*([{};])\s*", r"\1", f"{{{text}"))[1:].strip()


def _without_unused(css: str, ours: str) -> str:
    """Without the custom properties that nobody reads, the animations that nobody runs, and rules emptied by that."""
    read = set(re.findall(r"var\(\s*(--[\w-]+)", css + ours))
    css = PROPERTY.sub(lambda match: match[0] if match[1] in read else "", css)
    run = css + ours
    css = re.sub(
        r"@(?:-webkit-)?keyframes ([\w-]+)\{(?:[^{}]*\{[^{}]*\})*\}",
        lambda match: match[0] if re.search(rf"animation[^;}}]*\b{match[1]}\b", run) else "",
        css,
    )
    return re.sub(r"(?<=[}{;])[^{};@]+\{\}", "", css)
