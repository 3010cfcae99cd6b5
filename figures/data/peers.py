"""What eight tools that put computed results into documents did when five things were edited.

A trial of our own, made once by hand, of which only these totals were kept; see ``peers.md``.
"""

from __future__ import annotations

import csv
from pathlib import Path


def load_peers() -> dict[str, int]:
    """Return column -> count, columns as in ``peers.md``."""
    lines = Path(__file__).with_name("peers.csv").read_text(encoding="utf-8").splitlines()
    row = next(csv.DictReader(lines))
    return {name: int(count) for name, count in row.items()}
