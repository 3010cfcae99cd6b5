"""Publish what the site shows: ``numbers.json`` for everybody, ``pages.json`` for ``figures verify SITE``.

Both are read back from the pages as they were written, after every other hook: what a page shows is what stands in it.
"""

from __future__ import annotations

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig

from figures.commits import head
from figures.published import manifest, pages
from hooks import live, titles
from hooks.regenerate import runs


def on_post_build(config: MkDocsConfig) -> None:
    """Before ``publish`` exchanges the folders."""
    site, root = Path(config.site_dir), Path(config.config_file_path).parent
    files = {path_of(file, site): file.read_bytes() for file in sorted(site.rglob("*.html"))}
    shown = {path: pages.read(content.decode("utf-8", "replace")) for path, content in files.items()}
    descriptions: dict[str, str] = config.extra.get("descriptions", {})
    records = {name: run.record for name, run in runs(config).items()}
    receipts = [file for kind in ("csv", "json") for file in (site / "receipts").glob(f"*.{kind}")]
    downloads = [file.relative_to(site).as_posix() for file in sorted(receipts)]
    problems = [file.relative_to(site).as_posix() for file in sorted((site / live.FOLDER).glob("*.json"))]
    others = [path for path in (*downloads, *problems, titles.FILE, titles.INDEX) if (site / path).exists()]
    here = head(root)
    numbers = {
        "version": manifest.VERSION,
        "licence": manifest.LICENCE,
        "commit": here.commit or None,
        "changed_since_commit": here.changed,
        "numbers": manifest.numbers(records, shown),
    }
    built = {
        "version": manifest.VERSION,
        "pages": {path: manifest.parts(page, descriptions.get(path, "")) for path, page in shown.items()},
        "files": {path: manifest.digest((site / path).read_bytes()) for path in others},
    }
    for name, content in ((manifest.NUMBERS, numbers), (manifest.PAGES, built)):
        (site / name).write_text(manifest.to_json(content) + "\n", encoding="utf-8")


def path_of(file: Path, site: Path) -> str:
    """The path of a page as its address has it."""
    path = file.relative_to(site).as_posix()
    return path.removesuffix("index.html") if file.name == "index.html" else path
