"""Each receipt as a schema.org Dataset, for search engines of data: what was measured, by whom, and how it may be used.

Source for the names of the properties: https://schema.org/Dataset, https://schema.org/PropertyValue.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urljoin

from jinja2 import Environment
from markupsafe import Markup
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files

from figures.digits import scaled_by_unit
from figures.published.manifest import LICENCE
from figures.results import Number
from hooks.receipts import Receipt

FORMATS = {"csv": "text/csv", "json": "application/json"}


def on_env(env: Environment, config: MkDocsConfig, files: Files) -> Environment:
    """After ``receipts`` has made the receipts: the block of JSON that the template sets."""
    site = config.site_url or "/"
    blog: Any = config.plugins["material/blog"]
    authors = [person(author.name, author.url, site) for author in blog.authors.values()]
    for file in files.documentation_pages():
        if file.page is not None and "receipt" in file.page.meta:
            receipt: Receipt = file.page.meta["receipt"]
            described = dataset(receipt, urljoin(site, file.url), authors)
            folder = urljoin(site, "receipts/")
            described["distribution"] = [download(f"{folder}{receipt.name}", ending) for ending in FORMATS]
            file.page.meta.update(dataset=block(described), license=LICENCE)
    return env


def dataset(receipt: Receipt, address: str, authors: list[dict[str, str]]) -> dict[str, Any]:
    """Describe the numbers of an experiment; ``version`` only where one commit has them all."""
    conditions = "".join(f"{label}：{text.rstrip('。')}。" for label, text in receipt.conditions)
    counts = f"数字{len(receipt.numbers)}個と主張{len(receipt.claims)}個の、一回ずつの値がCSVとJSONにあります。"
    described: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": receipt.question,
        "description": f"「{receipt.question}」という実験の結果。{conditions}くり返し：{receipt.repeats}回。{counts}",
        "identifier": receipt.name,
        "url": address,
        "inLanguage": "ja",
        "license": LICENCE,
        "isAccessibleForFree": True,
        "creator": authors,
        "variableMeasured": [variable(name, number) for name, number in receipt.numbers.items()],
    }
    if receipt.commit is not None and not receipt.commit.remark:
        described |= {"dateModified": receipt.commit.date, "version": receipt.commit.sha}
    return described


def variable(name: str, number: Number) -> dict[str, Any]:
    """A number as it is printed beside its unit: a share of 0.873 is 87.3 with the unit %."""
    spread = f"平均、標準誤差±{number.error_text}、n={number.n}" if number.digits is None else "一つに決まる値"
    described = {
        "@type": "PropertyValue",
        "propertyID": name,
        "name": number.about or name,
        "value": float(scaled_by_unit(number.value, number.unit)),
        "unitText": number.unit,
        "description": f"{number.text}（{spread}）",
    }
    return {key: value for key, value in described.items() if value != ""}


def download(address: str, ending: str) -> dict[str, str]:
    """One of the two files."""
    return {"@type": "DataDownload", "encodingFormat": FORMATS[ending], "contentUrl": f"{address}.{ending}"}


def person(name: str, url: str | None, site: str) -> dict[str, str]:
    """Who measured."""
    described = {"@type": "Person", "name": name}
    return {**described, "url": urljoin(site, url)} if url else described


def block(described: dict[str, Any]) -> Markup:
    """JSON-LD for a page; no word of an experiment can end the element."""
    text = json.dumps(described, ensure_ascii=False, separators=(",", ":")).replace("<", r"\u003c")
    return Markup(f'<script type="application/ld+json">{text}</script>')
