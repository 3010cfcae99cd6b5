"""Publish the problem of each live figure; ``assets/page.js`` fetches the script on a page that shows one.

    assets/live/<experiment>-<figure>.json   {"kind": …, "data": …, "cursor": λ,
                                              "panels": what ``live.SHOWN`` names of each,
                                              "scales": where the axes of each panel lie,
                                              "check": [{"key", "method", "quantity", "text", "value", …}]}

The figure says which one is its own (``data-live``), and by its SHA-256 what is in it. The script (``assets/live.js``)
fetches it when the figure is near the screen, and then the script of its kind (``assets/<kind>.js``); without script
nothing is fetched and the figure stands as it was drawn.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from figures import cache, live
from figures.record import Record
from figures.results import Figure, Number
from hooks.regenerate import runs

FOLDER = "assets/live"
MARK = re.compile(r' data-live="([^"]+)"')


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the problems; nothing is written to docs/."""
    root = Path(config.config_file_path).parent
    published = problems(root, {name: run.record for name, run in runs(config).items()})
    for name, text in published.items():
        files.append(File.generated(config, f"{FOLDER}/{name}.json", content=text))
    config.extra["live"] = {name: hashlib.sha256(text.encode()).hexdigest() for name, text in published.items()}
    return files


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """Articles, and lists that show the beginning of one."""
    digests: dict[str, str] = config.extra["live"]
    return MARK.sub(lambda match: f'{match[0]} data-live-sha256="{digests[match[1]]}"', output)


def problems(root: Path, records: Mapping[str, Record]) -> dict[str, str]:
    """``<experiment>-<figure>`` -> JSON, from the last run and the last drawing of each experiment."""
    texts = {}
    for experiment, record in records.items():
        run, drawn = (cache.load(root, kind, experiment) or {} for kind in ("run", "draw"))
        for name, figure in record.results.items():
            if isinstance(figure, Figure) and figure.live:
                panels, scales = list(run["figures"][name].values()), drawn["scales"][name]
                texts[f"{experiment}-{name}"] = live.to_json(
                    {
                        "kind": figure.live.kind,
                        "data": run["live"][name],
                        "cursor": panels[0]["cursor"],
                        "panels": [{key: panel[key] for key in live.SHOWN[figure.live.kind]} for panel in panels],
                        "scales": scales,
                        "check": numbers(experiment, record, figure.live, [panel["method"] for panel in panels]),
                    }
                )
    return texts


def numbers(experiment: str, record: Record, problem: live.Live, methods: list[str]) -> list[dict[str, Any]]:
    """The published numbers that the browser computes again."""
    found = []
    for name, method, quantity in problem.checked(methods):
        number = record.results[name]
        assert isinstance(number, Number)  # the worker has looked
        shown = {"text": number.text, "value": number.value, "unit": number.unit, "digits": number.digits}
        place = {"key": f"{experiment}.{name}", "method": method, "quantity": quantity}
        found.append({**place, **shown})
    return found
