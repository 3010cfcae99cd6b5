"""A Content-Security-Policy on every page: nothing but the site's own files, and the inline scripts that were built.

It stands in the page, since the host of the pages lets nobody set headers. Inline scripts and style sheets are allowed
by their SHA-256; ``unsafe-inline`` is not. A preview has none: live reload writes a script of its own into each page.
"""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Literal

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority
from mkdocs.structure.pages import Page

INLINE = re.compile(r"<(script|style)((?:\s[^>]*)?)>(.*?)</\1>", re.DOTALL)
HEAD = '<meta charset="utf-8">'
# What is on no list below comes from the site itself or not at all.
RULES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "worker-src": "'self'",
    "manifest-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
}


doing: dict[str, str] = {}


def on_startup(command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
    """Remember what is done with the pages; no later event says so."""
    doing["command"] = command


@event_priority(-90)
def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """After every hook that writes into a page."""
    return output if _previewed() else with_policy(output)


@event_priority(-90)
def on_post_template(output_content: str, template_name: str, config: MkDocsConfig) -> str:
    """404.html is a template of its own."""
    return output_content if _previewed() or not template_name.endswith(".html") else with_policy(output_content)


def with_policy(html: str) -> str:
    """The page with its policy, before anything that the policy is about."""
    rules = dict(RULES)
    for tag, attributes, content in INLINE.findall(html):
        if content.strip() and "json" not in attributes:
            allowed = f" 'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"
            if allowed not in rules[f"{tag}-src"]:
                rules[f"{tag}-src"] += allowed
    policy = "; ".join(f"{name} {sources}" for name, sources in rules.items())
    return html.replace(HEAD, f'{HEAD}\n      <meta http-equiv="Content-Security-Policy" content="{policy}">', 1)


def _previewed() -> bool:
    return doing.get("command") == "serve"
