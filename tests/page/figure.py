"""The weight of inline figures: each <svg> of every page, compressed alone."""

from __future__ import annotations

import re
from pathlib import Path

from figures.bench.rows import Row

from .serve import gzipped

MAX_BYTES = 6_000
SVG = re.compile(r"<svg\b.*?</svg>", re.DOTALL)


def row(site: Path) -> Row:
    """The heaviest figure of the site, and where it is."""
    weights = {
        f"{page.relative_to(site)} の{number}番目": len(gzipped(svg.encode()))
        for page in sorted(site.rglob("*.html"))
        for number, svg in enumerate(SVG.findall(page.read_text(encoding="utf-8")), 1)
    }
    heaviest = max(weights, key=lambda where: weights[where], default="")
    title = "いちばん重い図のバイト（gzip）"
    return Row("site.figure_bytes", title, weights.get(heaviest, 0), MAX_BYTES, at_most=True, ours=heaviest)
