"""The addresses and titles of all pages, for 404.html to offer what was meant: the search's index holds every word too.

assets/titles.json      [{"location": "articles/l1-vs-l2/", "title": "L1とL2は、…"}, …]
"""

from __future__ import annotations

import json
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig

FILE, INDEX = "assets/titles.json", "search/search_index.json"


def on_post_build(config: MkDocsConfig) -> None:
    """When the search has written its index, and before ``manifest`` lists the files."""
    site = Path(config.site_dir)
    documents = json.loads((site / INDEX).read_text(encoding="utf-8"))["docs"]
    pages = [{key: page[key] for key in ("location", "title")} for page in documents if "#" not in page["location"]]
    text = json.dumps(pages, ensure_ascii=False, separators=(",", ":"))
    (site / FILE).write_text(text, encoding="utf-8")
