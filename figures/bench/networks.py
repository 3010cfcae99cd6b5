"""A sweep of 400 small networks against PyTorch, what exactness costs, and how our time and memory grow.

What is trained is said in ``sweep``. The rivals use float32: the loop that everybody writes (``nn.Sequential``,
``SGD``), and all λ of a seed at once by ``torch.func.vmap``.
"""

from __future__ import annotations

import resource
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from itertools import pairwise
from multiprocessing import get_context
from os import cpu_count
from pathlib import Path
from statistics import median
from unittest.mock import patch

import numpy as np

from figures.bench.rows import Row
from figures.bench.sweep import BATCH, Sweep
from figures.bench.timing import in_turns, ratio
from figures.models import exact, multilayer_perceptron
from figures.models.exact import product

LOOP_GOAL, VMAP_GOAL, COST, SHARE_OF_PEAK, MEGABYTES, LARGEST_GROWTH = 7.0, 1.0, 1.2, 0.55, 300.0, 2.05
ALL_CORES_GOAL = 3.5
MODELS = 4  # that the loop of PyTorch trains in a turn; all take as long


def against_torch(repeats: int, shrink: int) -> list[Row]:
    """How many times as fast as PyTorch: one process, and all cores."""
    sweep = Sweep(20 // shrink, 20 // shrink, 480 // shrink)
    about = f"ネットワーク{sweep.seeds * sweep.lambdas}個の学習"
    rows = [
        Row("network_against_loop", f"{about}、PyTorchのループの何倍速いか", None, LOOP_GOAL),
        Row("network_against_vmap", f"{about}、torch.func.vmap の何倍速いか", None, VMAP_GOAL),
        Row("network_against_loop_all_cores", f"{about}、全コアで、ループの何倍速いか", None, ALL_CORES_GOAL),
    ]
    try:
        import torch
    except ImportError as error:
        return [replace(row, why=f"PyTorch を使えません（{error}）") for row in rows]
    torch.set_num_threads(1)
    from figures.bench.torch_sweep import loop, vectorized

    times = sweep.seeds * sweep.lambdas / MODELS
    contestants: dict[str, Callable[[int], object]] = {
        "ours": sweep.run,
        "loop": lambda turn: loop(sweep, MODELS),
        "vmap": lambda turn: vectorized(sweep),
    }
    seconds = in_turns(about, contestants, repeats)
    ours = median(seconds["ours"])
    workers = min(cpu_count() or 1, sweep.seeds)
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        list(pool.map(_warm_up, range(workers)))  # imports are not what is measured
        both = in_turns(
            f"{about}、{workers}プロセス",
            {
                "ours": lambda turn: list(pool.map(sweep.train, range(sweep.seeds))),
                "loop": lambda turn: list(pool.map(_loop, [sweep] * workers)),
            },
            repeats,
        )
    faster = ratio(both, "loop", "ours") * times / workers
    return [
        _against(rows[0], ratio(seconds, "loop", "ours") * times, ours, median(seconds["loop"]) * times),
        _against(rows[1], ratio(seconds, "vmap", "ours") * sweep.seeds, ours, median(seconds["vmap"]) * sweep.seeds),
        _against(rows[2], faster, median(both["ours"]), median(both["loop"]) * times / workers),
    ]


def exactness(repeats: int, shrink: int) -> list[Row]:
    """What the grids and our own exp cost, and how near the products come to the peak of this processor."""
    sweep = Sweep(max(4 // shrink, 1), 20 // shrink, 480 // shrink)
    seconds = in_turns("厳密さの値段", {"exact": sweep.run, "plain": lambda turn: _plainly(sweep)}, repeats)
    W = [np.ones((sweep.lambdas, *shape)) for shape in pairwise(sweep.sizes)]
    a = [np.ones((sweep.lambdas, BATCH, size)) for size in sweep.sizes]
    flops = sum(2 * BATCH * w.size for w in W) * 3 - 2 * BATCH * W[0].size  # forward, ∂W, back, but not to the data
    big = np.ones((2000 // shrink, 2000 // shrink))

    def products(turn: int) -> None:
        for _ in range(50):
            for k, w in enumerate(W):
                product(a[k], w)
                product(a[k].swapaxes(-1, -2), a[k + 1])
                if k:
                    product(a[k + 1], w.swapaxes(-1, -2))

    speed = in_turns("行列の積", {"ours": products, "peak": lambda turn: big @ big}, repeats)
    of_peak = ratio(speed, "peak", "ours") * 50 * flops / (2 * len(big) ** 3)
    return [
        Row(
            "network_cost_of_exactness",
            "厳密な計算は、ふつうのfloat64の何倍かかるか",
            ratio(seconds, "exact", "plain"),
            COST,
            at_most=True,
            ours=f"{median(seconds['exact']):.3g}秒",
            rival=f"ふつう {median(seconds['plain']):.3g}秒",
        ),
        Row("network_share_of_peak", "行列の積の速さ、大きな dgemm を1として", of_peak, SHARE_OF_PEAK),
    ]


def growth(repeats: int, shrink: int) -> list[Row]:
    """How many times as long it takes when seeds, λ, depth or width double; the memory of a worker."""
    once = Sweep(max(2 // shrink, 1), 20 // shrink, 240 // shrink, (64, 64))
    twice = {
        "seeds": ("種", replace(once, seeds=2 * once.seeds)),
        "lambdas": ("λ", replace(once, lambdas=2 * once.lambdas)),
        "depth": ("隠れ層", replace(once, hidden=(64,) * 4)),
        "width": ("隠れ層の幅", replace(once, hidden=(128, 128))),
    }
    sweeps = {"once": once.run, **{name: sweep.run for name, (_, sweep) in twice.items()}}
    seconds = in_turns("ネットワークの伸び", sweeps, repeats)
    rows = [
        Row(
            f"network_growth_{name}",
            f"{title}を2倍にしたときの学習の時間" + ("（計算は約3倍）" if name == "width" else ""),
            ratio(seconds, name, "once"),
            LARGEST_GROWTH,
            at_most=True,
            ours=f"{median(seconds['once']):.3g} → {median(seconds[name]):.3g}秒",
        )
        for name, (title, _) in twice.items()
    ]
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        peak = pool.submit(_peak_memory, Sweep(steps=480 // shrink)).result()
    title = "一つのプロセスが使うメモリの最大（MB）"
    return [*rows, Row("network_memory", title, peak, MEGABYTES, at_most=True)]


def _against(row: Row, value: float, ours: float, rival: float) -> Row:
    return replace(row, value=value, ours=f"{ours:.3g}秒", rival=f"PyTorch {rival:.3g}秒")


def _plainly(sweep: Sweep) -> None:
    """The same training with the operands as they are and NumPy's exp."""
    with (
        patch.object(multilayer_perceptron, "on_grid", lambda a, bits, axis: a),
        patch.object(exact, "exp", np.exp),
        patch.object(exact, "ordered_sum", lambda a, axis=0: a.sum(axis=axis)),
    ):
        sweep.run()


def _loop(sweep: Sweep) -> None:
    import torch

    from figures.bench.torch_sweep import loop

    torch.set_num_threads(1)
    loop(sweep, MODELS)


def _warm_up(turn: int) -> None:
    Sweep(1, 2, 2).run()
    _loop(Sweep(1, 1, 2))


def _peak_memory(sweep: Sweep) -> float:
    """In megabytes, of a process that trains one seed."""
    sweep.train(0)
    status = Path("/proc/self/status")
    lines = status.read_text(encoding="utf-8").splitlines() if status.exists() else []
    peak = next((line.split()[1] for line in lines if line.startswith("VmHWM:")), None)
    if peak is not None:  # Linux: getrusage would count what the parent had when this process began
        return int(peak) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024**2 if sys.platform == "darwin" else 1024)
