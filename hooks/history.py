"""The history of every number on its receipt, and a receipt for what is no longer run: old links find what they mean.

What changed is read in ``versions``; here are the pages. A result that went keeps its anchor with a note, an experiment
that went keeps its page. Nothing may link there from an article: a shallow clone could not make it.
"""

from __future__ import annotations

from html import escape
from pathlib import Path

from jinja2 import Environment
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.toc import AnchorLink

from hooks.receipts import PAGE
from hooks.regenerate import runs
from hooks.versions import History, histories

RETIRED = ("receipt.retired", "もう載せていない結果")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Read the history, and add the pages of experiments that are gone."""
    root = Path(config.config_file_path).parent
    records = {name: run.record_text for name, run in runs(config).items()}
    config.extra["histories"] = histories(root, records)
    for name in config.extra["histories"].keys() - records.keys():
        files.append(File.generated(config, f"receipts/{name}.md", content=PAGE))
    return files


def on_env(env: Environment, config: MkDocsConfig, files: Files) -> Environment:
    """After ``receipts`` has made the receipts."""
    pages = {file.src_uri: file.page for file in files.documentation_pages() if file.page is not None}
    found: dict[str, History] = config.extra["histories"]
    for name, history in found.items():
        page = pages[f"receipts/{name}.md"]
        page.meta.update(history=history, retired=RETIRED, name=name)
        if name not in runs(config):
            words = f"{name}は、もう走らせていません。最後に載せた結果と、やめた日です。"
            page.meta.update(title=escape(f"{name}（もう走らせていない実験）"), description=escape(words))
        elif history.retired:
            key, title = RETIRED
            page.toc.items.append(AnchorLink(title, key, 2))
            page.present_anchor_ids = {*(page.present_anchor_ids or ()), key}
    pages["receipts/index.md"].meta["gone"] = sorted(found.keys() - runs(config).keys())
    return env
