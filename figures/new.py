"""``python -m figures new``: an article, its experiment and its test, to be overwritten, that build as they are."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

from figures.errors import FiguresError

ARTICLE = """---
date: {date}
slug: {slug}
title: {title}
description: ここに、検索から来た人が読む一文を書きます。値は{{{{ {name}.mean }}}}でした。
authors: [takaoka]
draft: true
---

# {title}

!!! points "要点"

    1. 値は{{{{ {name}.mean }}}}でした。
    2. [0より大きくなりました]{{{{ {name}.is_positive }}}}。
    3. ここに、条件か例外を書きます。

ここに、小さな出来事から始まる二、三文を書きます。

<!-- more -->

{{{{ {name}.sample }}}}

式は $w$ のように書けます。
"""
EXPERIMENT = '''"""{title}

データ: 平均1、標準偏差1の正規乱数を30個、種ごとに引く。  出典: ここに、式の出どころを書く。
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from figures.results import Claim, Figure, Number, Result

SEEDS = range(20)


def means(seeds: Sequence[int], shift: float) -> list[float]:
    """The mean of 30 draws around ``shift``, one per seed."""
    return [float(shift + np.random.default_rng(seed).standard_normal(30).mean()) for seed in seeds]


def run(seeds: Sequence[int]) -> dict[str, Result]:
    values = means(seeds, shift=1.0)
    return {{
        "mean": Number(values, about="30個の平均"),
        "is_positive": Claim(values, ">", 0, about="30個の平均が0より大きい"),
        "sample": Figure(
            {{"平均": {{"seeds": list(seeds), "values": values}}}},
            title="ここに、図から分かることを書きます",
            caption="点が一回ぶんです。平均は{{{{ {name}.mean }}}}でした。",
            alt="点が一つずつ、種ごとの平均。全体の平均は{{{{ {name}.mean }}}}。",
        ),
    }}


def falsify(seeds: Sequence[int]) -> dict[str, Claim]:
    """Around −1 instead of 1, no mean is positive."""
    return {{"is_positive": Claim(means(seeds, shift=-1.0), ">", 0)}}


def draw_sample(ax: Any, data: Any) -> None:
    from figures import plot

    plot.linear_axis(ax, 0, 20, "種")
    plot.value_axis(ax, 0, 2, "平均")
    plot.curves(ax, data["seeds"], {{"平均": data["values"]}})
'''
TEST = '''"""{title}"""

from __future__ import annotations

import numpy as np
import pytest

from figures.experiments import {name}


def test_the_mean_is_that_of_the_draws() -> None:
    expected = [1 + np.mean(np.random.default_rng(seed).standard_normal(30)) for seed in range(20)]
    assert {name}.run(range(20))["mean"].value == pytest.approx(np.mean(expected), rel=1e-7)
'''


def create(root: Path, title: str, name: str) -> list[Path]:
    """Write the three files and return them.

    Raises:
        FiguresError: for a name that is none, or a file that is already there (nothing is written then).
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise FiguresError(f"実験の名前 '{name}' は使えません。英小文字で始め、英小文字、数字、_ だけにしてください。")
    words = {"title": title.replace('"', "”").strip(), "name": name, "slug": name.replace("_", "-")}
    if not words["title"]:
        raise FiguresError("題がありません。python -m figures new 題 名前 のように渡してください。")
    files = {
        root / "docs" / "articles" / f"{words['slug']}.md": ARTICLE,
        root / "figures" / "experiments" / f"{name}.py": EXPERIMENT,
        root / "tests" / f"test_{name}.py": TEST,
    }
    for file in files:
        if file.exists():
            raise FiguresError(f"{file.relative_to(root)} はもうあります。別の名前にしてください。")
    for file, template in files.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(template.format(**words, date=datetime.date.today()), encoding="utf-8")
    return list(files)
