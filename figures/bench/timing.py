"""Time contestants on a machine that others use too: in turns, so that what slows one slows the others as well.

A ratio is taken within each turn, and of the ratios the median. Seconds are printed for orientation only.
"""

from __future__ import annotations

import os
import platform
import sys
import time
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import TypeAlias

Seconds: TypeAlias = Mapping[str, list[float]]  # of each contestant, turn by turn


def in_turns(what: str, contestants: Mapping[str, Callable[[int], object]], repeats: int) -> Seconds:
    """Call each contestant with the number of the turn, every second turn in reverse; return seconds turn by turn."""
    seconds: dict[str, list[float]] = {name: [] for name in contestants}
    for turn in range(repeats):
        for name in list(contestants)[:: -1 if turn % 2 else 1]:
            begin = time.perf_counter()
            contestants[name](turn)
            seconds[name].append(time.perf_counter() - begin)
            print(f"{what} {turn + 1}/{repeats} {name}: {seconds[name][-1]:.3g}秒", file=sys.stderr)
    return seconds


def ratio(seconds: Seconds, a: str, b: str) -> float:
    """Return how many times as long ``a`` took as ``b``: the median of the ratios within each turn."""
    return median(x / y for x, y in zip(seconds[a], seconds[b], strict=True))


def machine() -> str:
    """Name what it was measured on: processor, cores, memory, BLAS threads, versions."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    processor = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), "")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    return (
        f"{processor or platform.machine()}、{os.cpu_count()}コア、{memory:.0f} GiB、"
        f"BLAS {os.environ.get('OPENBLAS_NUM_THREADS', '?')}スレッド、"
        f"Python {platform.python_version()}、NumPy {version('numpy')}"
    )
