"""A figure that may not be published stops the build, with the line of its experiment."""

from __future__ import annotations

import re

import pytest
from conftest import Lab

from figures.errors import ExperimentsFailed

TOY = "figures/experiments/toy.py"
LINE = 'ax.plot(data["y"], color="#22201c")'
BAD = {
    "missing glyph": ('ax.text(0, 0, "😀")', "字形がありません"),
    "overlap": ('[ax.text(0.5, 0.5, word, transform=ax.transAxes) for word in ("重み", "減衰")]', "が重なります"),
    "cut": ('ax.text(1, 0.5, "長い名前", transform=ax.transAxes)', "はみ出します"),
    "cut at the left": (
        'ax.text(0, 0.5, "とても長い名前の線", ha="right", transform=ax.transAxes)',
        "はみ出します",
    ),
    "NaN": ('ax.plot([0, float("nan")], color="#22201c")', "有限の値だけ"),
    "colour": ('ax.plot([0, 1], color="#123456")', "配色にありません"),
}


@pytest.mark.parametrize("bad", BAD)
def test_a_bad_drawing_stops_the_build_at_its_line(drawn: Lab, bad: str) -> None:
    line, said = BAD[bad]
    drawn.edit(TOY, LINE, line)
    with pytest.raises(ExperimentsFailed) as failed:
        drawn.update()
    place = (drawn.root / TOY).read_text(encoding="utf-8").split("def draw_line")[0].count("\n") + 1
    assert re.match(rf"{TOY}:{place}: 図 toy-line-1「一本」: .*{said}", str(failed.value)), str(failed.value)


def test_an_error_while_drawing_names_the_line_that_drew(drawn: Lab) -> None:
    drawn.edit(
        TOY, LINE, "from figures import plot\n    plot.value_axis(ax, 0, 1)\n    plot.curves(ax, [0], {'a': [5]})"
    )
    with pytest.raises(ExperimentsFailed, match=rf"^{TOY}:\d+: 図 toy-line-1「一本」: 縦の値 5 が軸") as failed:
        drawn.update()
    line = int(str(failed.value).split(":")[1])
    assert "plot.curves" in (drawn.root / TOY).read_text(encoding="utf-8").splitlines()[line - 1]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"平均{{ toy.mean }}の線"', '" "', "図の alt が空です"),
        ('{"y": values}', '{"y": [float("nan")]}', "nan は結果にできません"),
    ],
)
def test_a_figure_without_alt_text_or_with_nan_in_its_data_names_its_line(
    drawn: Lab, old: str, new: str, said: str
) -> None:
    drawn.edit(TOY, old, new)
    with pytest.raises(ExperimentsFailed, match=rf"^{TOY}:(\d+): .*{said}") as failed:
        drawn.update()
    lines = (drawn.root / TOY).read_text(encoding="utf-8").splitlines()
    line = int(str(failed.value).split(":")[1])
    assert "Figure(" in "".join(lines[line - 2 : line + 1])
