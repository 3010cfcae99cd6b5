"""Figures are the same bytes everywhere, live many in a page and in two themes, and no text lies on another."""

from __future__ import annotations

import gzip
import itertools
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kinds import kinds
from matplotlib.axes import Axes

from figures import images, plot, strips, strokes
from figures.errors import ResultError
from figures.letters import text_width
from figures.results import Number, plain

PROJECT = Path(__file__).resolve().parent.parent
NAMES = "年齢 性別 BMI 血圧 総コレ LDL HDL 総コレ/HDL 中性脂肪 血糖".split()


def draw_path(ax: Axes, data: Any) -> None:
    plot.lambda_axis(ax, 0.001, 100)
    plot.value_axis(ax, -40, 40)
    plot.paths(ax, **data, primary=["中性脂肪", "BMI", "LDL", "血圧", "性別", "総コレ"])


def draw_shrinkage(ax: Axes, data: Any) -> None:
    plot.against(ax, data["unpenalised"], {"l1": data["l1"], "l2": data["l2"]}, -40, 40)


def draw_error(ax: Axes, data: Any) -> None:
    plot.lambda_axis(ax, 0.001, 100)
    plot.value_axis(ax, 50, 60, "検証誤差")
    plot.curves(ax, data["lambdas"], data["error"], cursor=1)


def render_all(data: dict[str, Any]) -> dict[str, dict[str, str]]:
    draws = {"path": draw_path, "shrinkage": draw_shrinkage, "error": draw_error}
    return {name: plot.render(f"toy-{name}", draw, data[name])[0] for name, draw in draws.items()}


def one(draw: Callable[[Axes, Any], None], title: str = "題") -> str:
    return plot.render("toy-one", draw, {title: None})[0][title]


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in ET.fromstring(svg).iter("text")]


@pytest.fixture(scope="module")
def data() -> dict[str, Any]:
    """Diabetes, standardized: (1/2n)‖y − Xw‖² + λ‖w‖₁, or + (λ/2)‖w‖²."""
    from sklearn.datasets import load_diabetes
    from sklearn.linear_model import lasso_path

    X, y = load_diabetes(return_X_y=True, scaled=False)
    X, y = (X - X.mean(0)) / X.std(0), y - y.mean()
    gram, moment = X.T @ X / len(y), X.T @ y / len(y)
    lambdas = np.logspace(-3, 2, 101)
    l2 = np.array([np.linalg.solve(gram + lam * np.eye(10), moment) for lam in lambdas]).T
    l1 = lasso_path(X, y, alphas=lambdas[::-1], tol=1e-10, max_iter=10**6)[1][:, ::-1]

    def panel(method: str, coef: np.ndarray) -> dict[str, Any]:
        now = {"cursor": 1.0, "at_cursor": coef[:, 60], "zero": coef[:, 60] == 0}
        return {"method": method, "lambdas": lambdas, "names": NAMES, "coef": coef, **now}

    shrunk = {"unpenalised": np.linalg.solve(gram, moment), "l1": l1[:, 60], "l2": l2[:, 60]}
    error = {"l1": np.full(101, 54), "l2": np.full(101, 54.5), "en": np.full(101, 54.25), "none": np.full(101, 57)}
    return plain(
        {
            "path": {"L1": panel("L1", l1), "L2": panel("l2", l2)},
            "shrinkage": {"λ = 1": shrunk, "同じもの": shrunk},
            "error": {"誤差": {"lambdas": lambdas, "error": error}},
        }
    )


@pytest.fixture(scope="module")
def drawn(data: dict[str, Any]) -> dict[str, dict[str, str]]:
    return render_all(data)


def test_the_bytes_are_the_same_again_and_in_another_process(data: dict[str, Any], drawn: Any) -> None:
    assert render_all(data) == drawn
    script = "import json, sys; sys.path.insert(0, 'tests'); import test_plot as t"
    script += "; print(json.dumps(t.render_all(json.load(sys.stdin)))); assert 'matplotlib.pyplot' not in sys.modules"
    fresh = subprocess.run(
        [sys.executable, "-W", "error", "-c", script],
        cwd=PROJECT,
        env=os.environ | {"PYTHONHASHSEED": "7", "PYTHONDONTWRITEBYTECODE": "1"},
        input=json.dumps(data),
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(fresh.stdout) == drawn
    assert fresh.stderr == ""  # matplotlib logs what it does not find


def test_last_bits_of_the_data_do_not_reach_the_bytes(data: dict[str, Any], drawn: Any) -> None:
    def nudge(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: nudge(v) for key, v in value.items()}
        if isinstance(value, list):
            return [nudge(v) for v in value]
        return float(np.nextafter(value, np.inf)) if isinstance(value, float) and value else value

    assert render_all(nudge(data)) == drawn


def test_it_is_xml_with_only_what_an_inline_figure_needs(drawn: Any) -> None:
    for panels in drawn.values():
        for svg in panels.values():
            root = ET.fromstring(svg)
            assert root.tag == "svg"
            assert root.get("class") == "plot-panel"
            assert root.get("viewBox") == ("0 0 440 304" if len(panels) == 1 else "0 0 344 272")
            assert {element.tag for element in root.iter()} <= {"svg", "g", "path", "circle", "text"}
            attributes = {name for element in root.iter() for name in element.attrib}
            assert not attributes & {"style", "id", "font-family", "height"}
            numbers = [value for e in root.iter() for key, value in e.attrib.items() if key in {"d", "x", "cy"}]
            assert not re.search(r"\.\d{3}|e", " ".join(numbers))  # two decimals at most, no exponent


def test_a_pair_takes_six_kilobytes_at_most(drawn: Any) -> None:
    for panels in drawn.values():
        assert len(gzip.compress("".join(panels.values()).encode())) < 6 * 1024


def visited(d: str) -> list[tuple[float, float]]:
    """Where the pen of a relative path goes, control points included."""
    here, start, found = np.zeros(2), np.zeros(2), []
    for letter, rest in re.findall(r"([mlhvqcz])([^mlhvqcz]*)", d):
        numbers = [float(number) for number in re.findall(r"-?(?:\d+\.?\d*|\.\d+)", rest)]
        if letter in "hv":
            numbers = [c for n in numbers for c in ((n, 0) if letter == "h" else (0, n))]
        if letter == "m":
            start = here + numbers[:2]
        for step in np.reshape(numbers, (-1, {"q": 2, "c": 3}.get(letter, 1), 2)):
            found += [tuple(here + point) for point in step]
            here = here + step[-1]
        here = start if letter == "z" else here
    return found


def test_paths_go_where_they_are_drawn() -> None:
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path as Outline
    from matplotlib.transforms import IdentityTransform

    points = [(10, 20), (10, 60.126), (80, 60.126), (81.5, 0.004), (90, 90), (99, 10), (200, 100), (210, 110)]
    points += [(220, 130), (0, 0), (150, 100), (140, 100), (151, 30), (152, 30.02), (153, 30)]
    codes = [1, 2, 2, 2, 3, 3, 4, 4, 4, 79, 1, 2, 2, 2, 2]
    patch = PathPatch(Outline(points, codes), fc=strokes.INK, lw=0, transform=IdentityTransform(), clip_on=False)
    svg = one(lambda ax, _: ax.add_patch(patch))
    [d] = [e.get("d", "") for e in ET.fromstring(svg).iter("path") if e.get("fill") == "var(--ink)"]
    expected = [(x, 304 - y) for (x, y), code in zip(points, codes, strict=True) if code != 79 and y != 30.02]
    assert np.array(visited(d)) == pytest.approx(np.array(expected), abs=0.02)


def test_a_curve_is_thinned_out_but_not_changed() -> None:
    x = np.linspace(0, 100, 2001)
    y = np.sin(x / 5) + np.sin(x) / 9

    def draw(ax: Axes, _: Any) -> None:
        plot.linear_axis(ax, 0, 100, "回")
        plot.value_axis(ax, -2, 2)
        plot.curves(ax, x, {"波": y})

    svg = one(draw)
    [d] = [e.get("d", "") for e in ET.fromstring(svg).iter("path") if e.get("stroke-width") == "2"]
    drawn = np.array(visited(d))
    assert len(drawn) < len(x) / 4
    across = np.interp(x, [0, 100], drawn[[0, -1], 0])
    up = np.interp(y, [-2, 2], [304 - strokes.BOTTOM - strokes.NAME_BELOW, strokes.TOP[strokes.SINGLE]])
    assert np.interp(across, drawn[:, 0], drawn[:, 1]) == pytest.approx(up, abs=0.13)  # upwards, on steep slopes


def test_colours_are_variables(drawn: Any) -> None:
    for svg in itertools.chain.from_iterable(panels.values() for panels in drawn.values()):
        assert "#" not in svg
        values = {e.get(name, "none") for e in ET.fromstring(svg).iter() for name in ("fill", "stroke")} - {"none"}
        assert values <= {f"var(--{name})" for name in strokes.COLOURS}


def test_the_palette_is_that_of_the_style_sheet() -> None:
    css = (PROJECT / "docs" / "assets" / "extra.css").read_text(encoding="utf-8")
    for name, value in strokes.COLOURS.items():
        assert re.search(rf"--{name}: *{value};", css), name


@pytest.mark.parametrize("colour", ["#123456", "black", "C0", "#22201d"])
def test_another_colour_is_refused_by_name(colour: str) -> None:
    from matplotlib.colors import to_hex

    with pytest.raises(ResultError, match=f"toy-one-1「題」: 色 {to_hex(colour)}"):
        one(lambda ax, _: ax.plot([0, 1], color=colour))


def test_black_text_and_pictures_are_refused() -> None:
    with pytest.raises(ResultError, match="#000000"):
        one(lambda ax, _: ax.text(0, 0, "黒", color="black"))
    with pytest.raises(ResultError, match="<image>"):
        one(lambda ax, _: ax.imshow([[0, 1]]))


def test_ids_are_unique_in_a_page_of_figures() -> None:
    def draw(ax: Axes, _: Any) -> None:
        ax.plot([0, 1], color=strokes.INK)  # an author's own line is clipped to the axes

    page = "".join(
        svg for name in ("a-line", "b-line") for svg in plot.render(name, draw, {"左": 0, "右": 0})[0].values()
    )
    ids = [element.get("id") for element in ET.fromstring(f"<p>{page}</p>").iter() if element.get("id")]
    assert ids == ["a-line-1-clip0", "a-line-2-clip0", "b-line-1-clip0", "b-line-2-clip0"]
    assert re.findall(r"url\(#([^)]*)\)", page) == ids


def test_any_text_is_escaped_and_kept() -> None:
    words = 'λ < 1 & "重み" > $x$ />'
    svg = one(lambda ax, _: ax.text(0, 0, words), title="<&'\">")
    assert words in texts(svg)
    assert "<&'\">" in texts(svg)


@pytest.mark.parametrize("character", ["😀", "\u200b", "\x00", "≤"])
def test_a_missing_glyph_is_refused_by_name(character: str) -> None:
    with pytest.raises(ResultError, match=f"U\\+{ord(character):04X}"):
        one(lambda ax, _: ax.text(0, 0, f"重み{character}"))


def test_text_is_level_large_and_inside() -> None:
    with pytest.raises(ResultError, match="大きさが12"):
        one(lambda ax, _: ax.text(0, 0, "小", size=12))
    with pytest.raises(ResultError, match="横書き"):
        one(lambda ax, _: ax.text(0, 0, "縦", rotation=90))
    with pytest.raises(ResultError, match="はみ出します"):
        one(lambda ax, _: ax.text(1, 0, "長い名前", transform=ax.transAxes))


def test_overlapping_texts_are_refused() -> None:
    def draw(ax: Axes, _: Any) -> None:
        ax.text(0.5, 0.5, "重み", transform=ax.transAxes)
        ax.text(0.55, 0.52, "減衰", transform=ax.transAxes)

    with pytest.raises(ResultError, match="「重み」と「減衰」が重なります"):
        one(draw)


def boxes(svg: str) -> list[tuple[str, float, float, float]]:
    """Each text with its left and right end and its baseline, as a reader's page sets them."""

    def walk(element: ET.Element, around: dict[str, str]) -> Any:
        here = around | element.attrib
        if element.tag == "text":
            size = 12.5 * float(here["font-size"][:-2] if here["font-size"].endswith("em") else 1)
            width = text_width(element.text or "", size)
            left = float(here["x"]) - width * {"middle": 0.5, "end": 1}.get(here.get("text-anchor", ""), 0)
            yield element.text, left, left + width, float(here["y"])
        for child in element:
            yield from walk(child, here)

    return list(walk(ET.fromstring(svg), {}))


def test_labels_are_sixteen_units_apart_and_no_text_meets_another(drawn: Any) -> None:
    labels = set("中性脂肪 BMI LDL 血圧 性別 総コレ L1 L2 エラスティックネット 正則化なし そのまま".split())
    for svg in itertools.chain.from_iterable(panels.values() for panels in drawn.values()):
        found = boxes(svg)
        heights = sorted(y for text, _, _, y in found if text in labels and y > 16)
        assert len(heights) >= 3
        assert min(np.diff(heights)) >= 15.99  # printed with two decimals
        for (_, left, right, y), (_, left2, right2, y2) in itertools.combinations(found, 2):
            assert right <= left2 or right2 <= left or abs(y - y2) >= 12


@given(st.lists(st.floats(0, 200), min_size=1, max_size=12))
def test_labels_move_apart_in_order_and_no_more_than_needed(positions: list[float]) -> None:
    moved = strokes.spread(positions, 16, 0, 200)
    assert all(-1e-9 <= at <= 200 + 1e-9 for at in moved)
    in_order = [moved[i] for i in sorted(range(len(positions)), key=positions.__getitem__)]
    assert all(b - a >= 16 - 1e-9 for a, b in itertools.pairwise(in_order))
    if all(b - a >= 16 for a, b in itertools.pairwise(sorted(positions))):
        assert moved == pytest.approx(positions)


@given(st.lists(st.floats(0, 200), min_size=2, max_size=6))
def test_labels_move_by_least_squares(positions: list[float]) -> None:
    """Isotonic regression, as scikit-learn solves it."""
    from sklearn.isotonic import isotonic_regression

    ranks = 16 * np.arange(len(positions))
    z = np.clip(isotonic_regression(np.sort(positions) - ranks), 0, 200 - ranks[-1])
    assert sorted(strokes.spread(positions, 16, 0, 200)) == pytest.approx(z + ranks, abs=1e-6)


def test_too_many_labels_are_refused() -> None:
    with pytest.raises(ResultError, match="ラベル14個"):
        strokes.spread([0.0] * 14, 16, 0, 200)


def test_exact_zeros_are_hollow_and_counted(data: dict[str, Any], drawn: Any) -> None:
    for title, n_zero in (("L1", 3), ("L2", 0)):
        svg = drawn["path"][title]
        assert sum(data["path"][title]["zero"]) == n_zero
        assert f"ちょうど0：{n_zero}個" in texts(svg)
        hollow = [e for e in ET.fromstring(svg).iter("g") if e.get("fill") == "var(--paper)"]
        assert sum(len(group) for group in hollow) == n_zero
        assert svg.count("<circle") == 10  # every weight is marked once


def test_a_crowd_of_dots_is_drawn_smaller() -> None:
    def radius(n: int) -> float:
        many = np.linspace(-9, 9, n)
        svg = one(lambda ax, _: plot.against(ax, many, {"l1": many / 2 + 1}, -10, 10))
        return float(next(ET.fromstring(svg).iter("circle")).get("r", ""))

    assert radius(50) == pytest.approx(3.4)
    assert radius(51) == pytest.approx(1.87)


def test_axes_are_named_and_numbered(drawn: Any) -> None:
    found = texts(drawn["path"]["L1"])
    for text in ("λ", "0.001", "0.01", "0.1", "1", "10", "100", "−40", "−20", "0", "20", "40", "λ = 1"):
        assert text in found
    assert {"罰なしの重み", "罰ありの重み"} <= set(texts(drawn["shrinkage"]["λ = 1"]))


def test_methods_have_dashes_only_where_they_share_a_panel(drawn: Any) -> None:
    assert "dasharray" not in drawn["path"]["L1"]
    dashes = {e.get("stroke"): e.get("stroke-dasharray") for e in ET.fromstring(drawn["error"]["誤差"]).iter()}
    assert dashes["var(--l1)"] == "7 3"
    assert dashes["var(--l2)"] is None
    assert dashes["var(--en)"] == "9 3 2 3"
    assert dashes["var(--none)"] == "1.5 3.5"


def test_data_that_outgrow_the_axes_are_refused(data: dict[str, Any]) -> None:
    def draw(ax: Axes, panel: Any) -> None:
        plot.lambda_axis(ax, 0.001, 100)
        plot.value_axis(ax, -30, 30)
        plot.paths(ax, **panel)

    with pytest.raises(ResultError, match=r"縦の値 .* が軸（−30〜30）の外"):
        plot.render("toy-path", draw, data["path"])


def test_drawing_leaves_no_state(data: dict[str, Any]) -> None:
    import matplotlib as mpl

    with mpl.rc_context({"lines.marker": "x", "svg.fonttype": "path", "font.size": 30}):
        before = dict(mpl.rcParams)
        strange, _ = plot.render("toy-path", draw_path, data["path"])
        assert dict(mpl.rcParams) == before
    assert strange == plot.render("toy-path", draw_path, data["path"])[0]


# --- kinds of plot ---


def strips_of(values: dict[str, Any], low: float, high: float, unit: str = "") -> str:
    return one(lambda ax, _: plot.strips(ax, values, low, high, "値", unit))


def test_a_strip_has_a_dot_a_seed_and_writes_the_mean_as_the_articles_do() -> None:
    shares = [0.871, 0.868, 0.902, 0.88]
    svg = strips_of({"SGD": shares}, 80, 100, "%")
    number = Number(shares, "%")
    assert f"{number.text} ±{number.error_text}" in texts(svg)
    across = sorted(float(e.get("cx", "")) for e in ET.fromstring(svg).iter("circle"))
    left, right = 14.5, 440 - 14.5
    assert across == pytest.approx(
        [left + (right - left) * (100 * share - 80) / 20 for share in sorted(shares)], abs=0.02
    )


@given(st.lists(st.floats(0, 400), min_size=1, max_size=40))
def test_no_dot_of_a_strip_hides_another_unless_the_pile_is_too_high(across: list[float]) -> None:
    x = np.array(across)
    down = strips.piled(x, 6.8)
    assert np.abs(down).max() <= (strips.ROOM - 6.8) / 2 + 1e-9
    if np.abs(down).max() < (strips.ROOM - 6.8) / 2 - 1e-9:  # nothing was pressed together
        for i, j in itertools.combinations(range(len(x)), 2):
            assert abs(x[i] - x[j]) >= 6.8 - 1e-9 or abs(down[i] - down[j]) >= 6.8 - 1e-9


def test_strips_of_unequal_length_are_refused() -> None:
    with pytest.raises(ResultError, match="値の数が違います"):
        strips_of({"l1": [1, 2, 3], "l2": [1, 2]}, 0, 4)


def test_a_pair_says_how_many_seeds_go_down_up_and_nowhere() -> None:
    svg = one(lambda ax, _: plot.paired(ax, {"l1": [3, 4, 5, 6], "l2": [2, 3, 5, 8]}, 0, 10, "誤差"))
    assert {"下がる2回", "上がる1回", "同じ1回", "4.5 ±0.6", "L1", "L2"} <= set(texts(svg))
    assert svg.count("<circle") == 8


def test_a_pair_takes_two_methods_with_the_same_seeds() -> None:
    for wrong in ({"l1": [1, 2]}, {"l1": [1, 2], "l2": [1]}):
        with pytest.raises(ResultError, match="二つの方法"):
            one(lambda ax, _, wrong=wrong: plot.paired(ax, wrong, 0, 10, "誤差"))


def test_layers_of_ink_add_up_to_the_value_of_each_pixel() -> None:
    picture = np.arange(9.0).reshape(3, 3)  # 0 to 8 eighths
    svg = one(lambda ax, _: plot.images(ax, [picture], ["0から8"], 8))
    light = np.ones((3, 3))  # what passes through
    side = (440 - 2 - 16 * 4) / 5
    for element in ET.fromstring(svg).iter("path"):
        if element.get("fill") != "var(--ink)":
            continue
        opacity = float(element.get("opacity") or element.get("fill-opacity") or 1)
        covered = np.zeros((3, 3), dtype=bool)
        here = np.zeros(2)
        for part in re.findall(r"m[^m]*", element.get("d", "")):  # relative to where the part before it began
            corners = np.array(visited(part)) + here
            covered |= inside(corners, side)
            here = corners[0]
        light[covered] *= 1 - opacity
    assert 1 - light == pytest.approx(picture / 8, abs=0.01)


def inside(points: np.ndarray, side: float) -> np.ndarray:
    """Which of 3 by 3 pixels of the first picture have their middle in a rectangle."""
    middles = (np.arange(3) + 0.5) * side / 3
    across = (points[:, 0].min() < 1 + middles) & (1 + middles < points[:, 0].max())
    below = (points[:, 1].min() < images.TOP + middles) & (images.TOP + middles < points[:, 1].max())
    return below[:, None] & across[None, :]


@pytest.mark.parametrize(("picture", "said"), [([[-1.0]], "外のもの"), ([[17.0]], "外のもの"), ([1.0], "形は")])
def test_pictures_that_do_not_fit_are_refused(picture: Any, said: str) -> None:
    with pytest.raises(ResultError, match=said):
        one(lambda ax, _: plot.images(ax, [picture], ["題"], 16))


def draw_valley(ax: Axes, ways: dict[str, Any]) -> None:
    x, y = np.linspace(-3, 3, 31), np.linspace(-2, 2, 21)
    plot.linear_axis(ax, -3, 3, "重み1")
    plot.value_axis(ax, -2, 2, "重み2")
    plot.valley(ax, x, y, x[None, :] ** 2 + y[:, None] ** 2, ways)


def test_a_way_begins_and_ends_where_it_does_and_is_named() -> None:
    way = np.array([[-2.5, 1.5], [-1, -0.5], [0.5, 0.25]])
    svg = one(lambda ax, _: draw_valley(ax, {"SGD": way}))
    assert {"SGD", "出発"} <= set(texts(svg))
    [d] = [e.get("d", "") for e in ET.fromstring(svg).iter("path") if e.get("stroke-width") == "2"][:1]
    left, right, top, bottom = strokes.LEFT, 440 - strokes.RIGHT, strokes.TOP[strokes.SINGLE], 304 - 35.5 - 12
    expected = np.column_stack(
        [left + (way[:, 0] + 3) / 6 * (right - left), bottom - (way[:, 1] + 2) / 4 * (bottom - top)]
    )
    assert np.array(visited(d)) == pytest.approx(expected, abs=0.03)


def test_lines_of_equal_height_lie_evenly_in_a_round_valley() -> None:
    svg = one(lambda ax, _: draw_valley(ax, {"SGD": np.array([[-2.5, 1.5], [0, 0]])}))
    groups = [group for group in ET.fromstring(svg).iter("g") if group.get("stroke") == "var(--rule-2)"]
    rings = [path.get("d", "") for group in groups for path in group.iter("path")]
    middle = (strokes.LEFT + 440 - strokes.RIGHT) / 2
    lines = [np.array(visited(d)) for d in rings]
    radii = sorted(
        line[:, 0].max() - middle for line in lines if np.hypot(*(line[0] - line[-1])) < 20 and len(line) > 9
    )
    assert len(radii) >= 4
    assert np.diff(radii) == pytest.approx(np.full(len(radii) - 1, radii[0]), rel=0.06)


def test_a_way_off_the_map_and_a_name_without_room_are_refused() -> None:
    with pytest.raises(ResultError, match="外です"):
        one(lambda ax, _: draw_valley(ax, {"SGD": [[-2.5, 1.5], [0, 2.5]]}))
    with pytest.raises(ResultError, match="書く場所"):
        one(lambda ax, _: draw_valley(ax, {"とても長い名前" * 5: [[-2.5, 1.5], [0, 0]]}))


def test_kinds_stay_under_six_kilobytes_and_note_their_numbers() -> None:
    for name, (draw, panels) in kinds().items():
        svgs, tables = plot.render(f"kinds-{name}", draw, panels)
        assert len(gzip.compress("".join(svgs.values()).encode())) < 6 * 1024
        assert tables.keys() == svgs.keys()
        for columns in tables.values():
            assert len(columns) >= 2
            assert len({len(column) for column in columns.values()}) == 1


def test_the_table_says_what_was_drawn(data: dict[str, Any]) -> None:
    _, tables = plot.render("toy-path", draw_path, data["path"])
    assert list(tables["L1"]) == ["λ", *NAMES]
    assert tables["L1"]["BMI"] == data["path"]["L1"]["coef"][NAMES.index("BMI")]
    assert tables["L2"]["λ"] == data["path"]["L2"]["lambdas"]


# --- what stops the build, and where ---


def test_nan_is_refused_by_kinds_and_in_a_line_of_the_authors_own() -> None:
    errors = {"lambdas": [0.01, 1], "error": {"l1": [55, np.nan]}}
    with pytest.raises(ResultError, match="nan は結果にできません"):
        one(lambda ax, _: draw_error(ax, errors))
    with pytest.raises(ResultError, match="横の値に nan"):
        one(lambda ax, _: plot.curves(ax, [0, 1], {"l1": [0, 1]}, cursor=float("nan")))
    with pytest.raises(ResultError, match="NaN か無限大を通る線"):
        one(lambda ax, _: ax.plot([0, np.nan, 1], color=strokes.INK))


def test_a_figure_of_too_many_bytes_is_refused() -> None:
    generator = np.random.default_rng(0)

    def draw(ax: Axes, _: Any) -> None:
        for _ in range(20):
            strokes.stroke(ax, np.linspace(0, 440, 300), generator.uniform(20, 300, 300), strokes.INK)

    with pytest.raises(ResultError, match=r"図 toy-one: 圧縮して.*6KBまで"):
        one(draw)
