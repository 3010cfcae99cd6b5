"""Live figures: the solvers against figures/models, the page against the records, and what stops a build."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from browser import needs_browser, served
from conftest import PROJECT, Lab
from playwright.sync_api import Browser, Locator, Page, Route, expect

from figures import record
from figures.data.diabetes import load_diabetes
from figures.errors import ExperimentsFailed
from figures.models.cross_validation import Split, leave_out
from figures.models.elastic_net import elastic_net_path
from figures.models.gradient_descent import gradient_descent
from figures.models.initialize import Parameters
from figures.models.lasso_path import lasso_path
from figures.models.optimizers import SGD, step
from figures.models.regression_data import Floats
from figures.models.ridge import ridge
from figures.models.standardize import fit_standardization
from figures.results import Number

ASSETS = PROJECT / "docs" / "assets"
ARTICLE = "articles/l1-vs-l2/"
LIVE = "figure[data-live='l1_vs_l2-paths']"
SCRIPTS, DATA = 8_000, 20_000  # bytes, compressed


# --- solvers ---


@pytest.fixture(scope="module")
def bench(browser: Browser) -> Iterator[Page]:
    """A page that can import the solvers."""
    with served(ASSETS) as address:
        page = browser.new_page()
        page.goto(address)
        yield page
        page.close()


def solved(bench: Page, X: Floats, y: Floats, rho: float, lambdas: list[float]) -> Floats:
    """w: (n_lambdas, n_features), one λ after the other."""
    found = bench.evaluate(
        """async ([X, y, rho, lambdas]) => {
            const { moments, penalised } = await import("/solvers.js")
            return lambdas.map(penalised(moments(X, y).train, rho))
        }""",
        [X.tolist(), y.tolist(), rho, lambdas],
    )
    return np.array(found)


def problem(seed: int) -> tuple[Floats, Floats, list[float], np.random.Generator]:
    """Correlated columns in various units, and λ from none to more than enough, in no order."""
    rng = np.random.default_rng(seed)
    n, p = int(rng.integers(20, 60)), int(rng.integers(1, 13))
    X = rng.normal(size=(n, p)) @ rng.normal(size=(p, p)) + 0.3 * rng.normal(size=(n, p))
    X = X * 10.0 ** rng.integers(-2, 3, size=p) + rng.normal(size=p)
    y = X @ (rng.normal(size=p) / np.abs(X).max(axis=0)) * 5 + rng.normal(size=n)
    Z, t = standard(X, y)
    largest = float(np.abs(Z.T @ t).max() / n)
    return (
        X,
        y,
        [float(v) for v in rng.permutation(largest * np.array([1e-3, 1e-2, 0.05, 0.1, 0.3, 0.6, 0.9, 1.1]))],
        rng,
    )


def standard(X: Floats, y: Floats) -> tuple[Floats, Floats]:
    return fit_standardization(X).apply(X), y - y.mean()


@needs_browser
@pytest.mark.parametrize("seed", range(12))
def test_the_browser_finds_the_weights_that_the_models_find(bench: Page, seed: int) -> None:
    X, y, lambdas, rng = problem(seed)
    Z, t = standard(X, y)
    rho = float(rng.uniform(0.1, 0.9))
    wanted = {
        0.0: ridge(Z, t, lambdas),
        1.0: lasso_path(Z, t).at(lambdas),
        rho: np.array([elastic_net_path(Z, t, v * (1 - rho)).at([v * rho])[0] for v in lambdas]),
    }
    for share, w in wanted.items():
        found = solved(bench, X, y, share, lambdas)
        assert np.allclose(found, w, rtol=1e-7, atol=1e-7 * np.abs(w).max())
        assert ((found == 0) == (w == 0)).all()


@needs_browser
@pytest.mark.parametrize("shape", [(30, 4), (6, 12)], ids=["twins", "more columns than rows"])
def test_where_the_weights_are_not_unique_the_objective_is_the_smallest(bench: Page, shape: tuple[int, int]) -> None:
    rng = np.random.default_rng(7)
    X = rng.normal(size=shape)
    X[:, 1] = X[:, 0]
    y = X[:, 0] - X[:, 2] + 0.1 * rng.normal(size=len(X))
    Z, t = standard(X, y)
    lam = 0.05

    def objective(w: Floats) -> float:
        return float(np.square(t - Z @ w).mean() / 2 + lam * np.abs(w).sum())

    w = solved(bench, X, y, 1, [lam])[0]
    g = np.abs(Z.T @ (t - Z @ w)) / len(t)
    scaled = (t - Z @ w) * min(1, lam / g.max())
    dual = t @ scaled / len(t) - scaled @ scaled / (2 * len(t))
    assert 0 <= objective(w) - dual + 1e-12 <= 1e-9 * np.square(t).mean() + 1e-12


@needs_browser
@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_the_browser_takes_the_steps_of_gradient_descent(bench: Page, momentum: float) -> None:
    X, y, _, _ = problem(3)
    Z, t = standard(X, y)
    A, b, rate, count = Z.T @ Z / len(t), Z.T @ t / len(t), 0.05, 60
    parameters: Parameters = {"W": np.zeros(len(b))}
    optimizer, wanted = SGD(momentum), [np.zeros(len(b))]
    for _ in range(count):
        step(optimizer, parameters, {"W": A @ parameters["W"] - b}, rate)
        wanted.append(parameters["W"].copy())
    found = bench.evaluate(
        """async ([A, b, rate, momentum, count]) =>
            (await import("/solvers.js")).steps(A, b, b.map(() => 0), rate, momentum, count)""",
        [A.tolist(), b.tolist(), rate, momentum, count],
    )
    assert np.allclose(found, wanted, rtol=1e-9, atol=1e-9)
    if not momentum:
        assert np.allclose(found, gradient_descent(Z, t, rate, np.arange(count + 1)), rtol=1e-7, atol=1e-9)


# --- the page ---


@pytest.fixture(scope="module")
def numbers() -> dict[str, Number]:
    text = (PROJECT / "figures/records/l1_vs_l2.json").read_text(encoding="utf-8")
    results = record.from_json(text).results
    return {n: r for n, r in results.items() if n.startswith("all_l") and isinstance(r, Number)}


@pytest.fixture
def page(browser: Browser, blog: str) -> Iterator[Page]:
    """The article at its top, where every error on the console fails the test."""
    page = browser.new_context(viewport={"width": 1280, "height": 900}, has_touch=True).new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.goto(blog + ARTICLE)
    yield page
    assert errors == []
    page.context.close()


def near(page: Page) -> Locator:
    """The figure, when it answers."""
    page.locator(LIVE).scroll_into_view_if_needed()
    expect(page.locator(f"{LIVE} input")).to_be_enabled()
    return page.locator(LIVE)


def rows(figure: Locator) -> dict[str, list[str]]:
    """The proof: what -> [published, computed, verdict]."""
    lines = [row.locator("th, td").all_inner_texts() for row in figure.locator(".live__proof tr").all()]
    return {head: cells for head, *cells in lines[1:]}


def test_scripts_and_data_are_small(built: Path) -> None:
    scripts = b"".join((built / "assets" / name).read_bytes() for name in ("live.js", "solvers.js"))
    assert len(gzip.compress(scripts, 9)) <= SCRIPTS
    files = list((built / "assets/live").glob("*.json"))
    assert files
    assert all(len(gzip.compress(file.read_bytes(), 9)) <= DATA for file in files)


def test_the_page_and_the_manifest_name_the_data_by_their_digest(built: Path) -> None:
    text = (built / "assets/live/l1_vs_l2-paths.json").read_bytes()
    html = (built / ARTICLE / "index.html").read_text(encoding="utf-8")
    assert f'data-live-sha256="{hashlib.sha256(text).hexdigest()}"' in html
    files = json.loads((built / "pages.json").read_text(encoding="utf-8"))["files"]
    assert "assets/live/l1_vs_l2-paths.json" in files


def test_no_page_waits_for_the_script_of_a_live_figure(built: Path) -> None:
    pages = {str(f): f.read_text(encoding="utf-8") for f in built.rglob("*.html")}
    assert any("data-live=" in html for html in pages.values())
    assert not [path for path, html in pages.items() if "assets/live.js" in html]  # page.js fetches it, after the text


@needs_browser
def test_every_published_number_is_computed_again_and_equal(page: Page, numbers: dict[str, Number]) -> None:
    figure = near(page)
    figure.get_by_role("button", name="この場で検算する").click()
    expect(figure.get_by_role("status")).to_contain_text("記録と同じでした。")
    found = rows(figure)
    assert [cells[0] for cells in found.values()] == [number.text for number in numbers.values()]
    assert all(published == computed and verdict == "同じ" for published, computed, verdict in found.values())


@needs_browser
@pytest.mark.parametrize("spoilt", ["datum", "record"])
def test_one_changed_value_is_seen(page: Page, blog: str, spoilt: str) -> None:
    def change(route: Route) -> None:
        published = route.fetch().json()
        if spoilt == "datum":
            published["data"]["X"][100][2] += 0.1
        else:
            published["check"][3]["value"] *= 1 + 2e-7
        route.fulfill(json=published)

    page.route("**/assets/live/*.json", change)
    figure = near(page)
    figure.get_by_role("button", name="この場で検算する").click()
    status = figure.get_by_role("status")
    expect(status).to_contain_text("ちがいます。")
    expect(status.get_by_role("link")).to_have_attribute("href", re.compile(r"/receipts/l1_vs_l2/#paths$"))
    verdicts = [cells[2] for cells in rows(figure).values()]
    assert verdicts.count("ちがいます") == (6 if spoilt == "datum" else 1)  # counts of zeros stay


def truth(method: str, lam: float) -> list[str]:
    """Zeros, norm, training and validation error as the figure prints them, by the models."""
    X, y = load_diabetes()

    def solve(A: Floats, b: Floats) -> Floats:
        return ridge(A, b, lam)[0] if method == "l2" else lasso_path(A, b, lam).at([lam])[0]

    Z, t = standard(X, y)
    w = solve(Z, t)
    left_out = np.concatenate([fold.squared_errors(solve(fold.X, fold.y)) for fold in leave_out(X, y, 5)])
    values = [np.linalg.norm(w), Split(Z, t, Z, t).rmse(w), np.sqrt(left_out.mean())]
    return [f"{np.sum(w == 0)}個", *(f"{v:#.3g}".rstrip(".") if v >= 1e-4 else "0" for v in values)]


@needs_browser
def test_everything_follows_the_slider_on_the_keyboard(page: Page) -> None:
    figure = near(page)
    slider = figure.get_by_role("slider")
    assert slider.get_attribute("aria-valuetext", timeout=1000)
    slider.focus()
    for key, times, lam in (
        ("ArrowRight", 3, 10**0.03),
        ("End", 1, 100),
        ("ArrowLeft", 40, 10**1.6),
        ("Home", 1, 1e-3),
    ):
        for _ in range(times):
            page.keyboard.press(key)
        for row, method in zip(
            figure.locator(".live__table:not(.live__proof) tr").all()[1:], ("l1", "l2"), strict=True
        ):
            cells = row.locator("td")
            expect(cells.first).to_have_text(truth(method, lam)[0])
            assert cells.all_inner_texts() == truth(method, lam)
        spoken = slider.get_attribute("aria-valuetext") or ""
        assert f"L1はちょうど0が{truth('l1', lam)[0]}" in spoken
        drawn = figure.locator(".live__hollow").first.get_attribute("d") or ""
        places = re.findall(r"M(\S+) ", drawn)
        assert f"{len(places)}個" == truth("l1", lam)[0]
        assert len(set(places)) == len(places)  # side by side, to be counted


# Left edge, middle and width of each dot: circles as drawn, arcs of a path when it answers.
DOTS = """(figure) => [
    ...[...figure.querySelectorAll("circle")]
        .map(dot => ["cx", "cy", "r"].map(name => Number(dot.getAttribute(name))))
        .map(([x, y, r]) => [x - r, y, 2 * r]),
    ...[...figure.querySelectorAll(".live__solid, .live__hollow")].flatMap(path => {
        const at = Number(/translate\\(([\\d.]+)/.exec(path.parentNode.getAttribute("transform"))[1])
        return [...path.getAttribute("d").matchAll(/M(\\S+) (\\S+)a(\\S+)/g)]
            .map(([, x, y, r]) => [at + Number(x), Number(y), 2 * Number(r)])
    }),
]"""


@needs_browser
def test_what_moves_begins_where_it_was_drawn(page: Page) -> None:
    drawn = page.locator(LIVE).evaluate(DOTS)
    found = near(page).evaluate(DOTS)
    assert len(found) == len(drawn) == 20
    assert np.allclose(np.sort(found, axis=0), np.sort(drawn, axis=0), atol=0.06)


@needs_browser
def test_a_figure_whose_data_do_not_come_stays_as_it_was_drawn(browser: Browser, blog: str) -> None:
    page = browser.new_page()
    page.route("**/assets/live/*.json", lambda route: route.fulfill(status=404))
    page.goto(blog + ARTICLE)
    drawn = page.locator(LIVE).evaluate(DOTS)
    page.locator(LIVE).scroll_into_view_if_needed()
    expect(page.locator(".live")).to_have_count(0)
    assert page.locator(LIVE).evaluate(DOTS) == drawn
    page.close()


@needs_browser
def test_a_finger_on_the_figure_moves_it(page: Page) -> None:
    figure = near(page)
    panel = figure.locator("svg.plot-panel").nth(1)
    tick = panel.get_by_text("10", exact=True).bounding_box()
    box = panel.bounding_box()
    assert tick
    assert box
    page.touchscreen.tap(tick["x"] + tick["width"] / 2, box["y"] + 150)
    expect(figure.locator(".live__value")).to_have_text(re.compile(r"^(9\.[6-9]\d|10\.[0-4])$"))  # a whole pixel


@needs_browser
def test_data_are_fetched_when_the_figure_comes_near_and_not_before(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.reload(wait_until="networkidle")
    assert not [url for url in asked if "/live/" in url]
    near(page)
    assert len([url for url in asked if "/live/" in url]) == 1


@needs_browser
def test_without_script_the_figure_stands_as_it_was_drawn(browser: Browser, blog: str) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(blog + ARTICLE)
    assert page.locator(f"{LIVE} svg circle").count() == 20
    assert page.locator("input[type=range], .live").count() == 0
    page.context.close()


# --- what stops a build ---

PATHS = """
        "line": Figure({"L1": {"method": "l1", "names": ["a"], "cursor": 1.0}}, "題", "説明。", "代替",
            live=Live("penalty", {"X": [[1.0], [2.0], [4.0]], "y": [1.0, 2.0, 3.0], "folds": 3}, "all")),
"""


def with_live(lab: Lab, old: str = "", new: str = "") -> str:
    """toy with a live figure, one thing changed; what is said of it."""
    quantities = ("zeros", "norm", "training", "validation")
    checked = "".join(f'        "all_l1_{name}": Number(0, "", "", digits=0),\n' for name in quantities)
    lab.edit("figures/experiments/toy.py", '        "all": Table', checked + PATHS[1:] + '        "all": Table')
    lab.edit(
        "figures/experiments/toy.py", "from figures.results", "from figures.live import Live\nfrom figures.results"
    )
    text = (lab.root / "figures/experiments/toy.py").read_text(encoding="utf-8") + "\n\ndef draw_line(ax, data): ...\n"
    assert old in text
    text = text.replace(old, new) if old else text
    lab.write("figures/experiments/toy.py", text)
    with pytest.raises(ExperimentsFailed) as failed:
        lab.update()
    return str(failed.value)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"penalty"', '"penalties"', "live の 'penalties' はありません"),
        (', "folds": 3', "", "live に folds がありません"),
        ('"folds": 3', '"folds": 4', "live の folds=4 は使えません"),
        ("[2.0], [4.0]", "[2.0]", "live の X は (n, p)、y は (n,)"),
        ("[4.0]", "[4.123456789]", "live のデータ 4.123456789 は8桁"),
        ("[4.0]", "[float('nan')]", "live のデータ nan は8桁"),
        ('"all_l1_norm"', '"all_l1_length"', "Number 'all_l1_norm' がありません"),
        ('"method": "l1", ', "", "パネル「L1」に method、names、cursor がありません"),
        ('"l1", "names"', '"en", "names"', "live に ratio（L1の割合）を渡してください"),
        ('["a"]', '["a", "b"]', "names は2個、live の X は1列です"),
    ],
)
def test_a_bad_problem_stops_the_build_at_its_line(lab: Lab, old: str, new: str, said: str) -> None:
    message = with_live(lab, old, new)
    assert said in message
    lines = (lab.root / "figures/experiments/toy.py").read_text(encoding="utf-8").splitlines()
    place = re.match(r"figures/experiments/toy\.py:(\d+): ", message)
    assert place
    assert '"line"' in lines[int(place[1]) - 1] or "Live(" in lines[int(place[1]) - 1]


def test_data_that_would_travel_too_long_are_refused(lab: Lab) -> None:
    rows = "[[(i * j) % 97 / 7 * 1.0 for j in range(1, 40)] for i in range(600)]"
    rounded = f"[[float(f'{{v:.8g}}') for v in row] for row in {rows}]"
    message = with_live(lab, '[[1.0], [2.0], [4.0]], "y": [1.0, 2.0, 3.0]', f'{rounded}, "y": [1.0] * 600')
    assert "20,000バイトまでに減らしてください" in message
