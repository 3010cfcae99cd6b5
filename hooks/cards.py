"""What the cards of a page share: where the numbers of each cited experiment come from, as one block of JSON.

What belongs to a single number, claim or term stands on its link (``on_card`` in ``figures/published/expected.py``,
``mention``). ``assets/card.js`` makes a card of both; without script the link leads to the receipt or the term's page,
where all of it stands. Only a page with such links loads the script.
"""

from __future__ import annotations

import json
import re
from typing import Any

from jinja2 import Environment
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

from hooks.receipts import Receipt
from hooks.render import cited_experiments

FILE = re.compile(r"（figures/[^（）]*）|figures/\S+ の")  # the receipt lists the files
SCRIPT = "assets/card.js"
TERM = 'class="term"'


def on_env(env: Environment, config: MkDocsConfig, files: Files) -> Environment:
    """After ``receipts`` has made the receipts."""
    pages = [file.page for file in files.documentation_pages() if file.page is not None]
    receipts: list[Receipt] = [page.meta["receipt"] for page in pages if _is_receipt(page)]
    config.extra["shared"] = {receipt.name: shared(receipt) for receipt in receipts}
    return env


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """Articles, and lists that show the beginning of one."""
    if _is_receipt(page):
        return output
    names = sorted(cited_experiments(output) & config.extra["shared"].keys())
    if not names and TERM not in output:
        return output
    cited = {name: config.extra["shared"][name] for name in names}
    text = json.dumps(cited, ensure_ascii=False, separators=(",", ":")).replace("<", r"\u003c")
    block = f'<script type="application/json" id="cards">{text}</script>'
    script = f'<script type="module" src="{get_relative_url(SCRIPT, page.url)}"></script>'
    before, end, after = output.rpartition("</main>")
    return before + block + script + end + after


def shared(receipt: Receipt) -> dict[str, Any]:
    """How often it was repeated, with which seeds, on which data, solved how."""
    notes = [(label, note(text)) for label, text in receipt.notes if label not in ("", "出典")]
    return {"n": receipt.repeats, "seeds": receipt.seeds_text, "notes": notes}


def note(text: str) -> str:
    """The first sentence, and those that add further data (「ほかに、…。」), without the names of files."""
    first, *rest = [sentence for sentence in text.split("。") if sentence]
    kept = [first, *(sentence for sentence in rest if sentence.lstrip().startswith("ほかに"))]
    return FILE.sub("", "。".join(kept))


def _is_receipt(page: Page) -> bool:
    return page.file.src_uri.startswith("receipts/") and "receipt" in page.meta
