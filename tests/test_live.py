"""Live figures: the solvers against figures/models, the page against the records, and what stops a build."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pytest
from browser import needs_browser, served
from conftest import PROJECT, Lab
from playwright.sync_api import Browser, Locator, Page, Route, expect

from figures import live as live_kinds
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
PATHS, VALLEY = "l1_vs_l2-paths", "subtract_or_multiply-pair_valley"
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


def live(page: Page, name: str) -> Locator:
    return page.locator(f"figure[data-live='{name}']")


def near(page: Page, name: str) -> Locator:
    """The figure, when it answers."""
    live(page, name).scroll_into_view_if_needed()
    expect(live(page, name).locator("input")).to_be_enabled()
    return live(page, name)


def rows(figure: Locator) -> dict[str, list[str]]:
    """The proof: what -> [published, computed, verdict]."""
    lines = [row.locator("th, td").all_inner_texts() for row in figure.locator(".live__proof tr").all()]
    return {head: cells for head, *cells in lines[1:]}


def test_scripts_and_data_are_small(built: Path) -> None:
    scripts = [built / "assets" / f"{name}.js" for name in ("live", "solvers", *live_kinds.NEEDS)]
    assert sum(len(gzip.compress(script.read_bytes(), 9)) for script in scripts) <= SCRIPTS
    files = list((built / "assets/live").glob("*.json"))
    assert {file.stem for file in files} >= {"l1_vs_l2-paths", "subtract_or_multiply-pair_valley"}
    assert all(len(gzip.compress(file.read_bytes(), 9)) <= DATA for file in files)


def test_the_site_has_the_scripts_without_their_comments(built: Path) -> None:
    for script in ASSETS.glob("*.js"):
        there = (built / "assets" / script.name).read_text(encoding="utf-8")
        assert not re.search(r"^\s*//", there, re.M)
        words = re.findall(r"[ぁ-ん一-龠]+", re.sub(r"^\s*//.*|\s// .*", "", script.read_text("utf-8"), flags=re.M))
        assert [word for word in words if word not in there] == []  # what a reader sees is still there


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
@pytest.mark.parametrize(("name", "begin", "count"), [(PATHS, "all_", 8), (VALLEY, "pair_", 8)])
def test_every_published_number_is_computed_again_and_equal(page: Page, name: str, begin: str, count: int) -> None:
    experiment = name.partition("-")[0]
    results = record.from_json((PROJECT / f"figures/records/{experiment}.json").read_text(encoding="utf-8")).results
    figure = near(page, name)
    asked = page.request.get(page.url + f"../../assets/live/{name}.json").json()["check"]
    published = [results[number["key"].partition(".")[2]] for number in asked]
    assert len({number["key"] for number in asked if f".{begin}" in number["key"]}) == count
    figure.get_by_role("button", name="この場で検算する").click()
    expect(figure.get_by_role("status")).to_contain_text("記録と同じでした。")
    found = rows(figure)
    assert [cells[0] for cells in found.values()] == [n.text for n in published if isinstance(n, Number)]
    assert len(found) == count
    assert all(published == computed and verdict == "同じ" for published, computed, verdict in found.values())


# What is changed -> how many numbers are then others. Counts of zeros stay, and so do the 17 steps of momentum.
SPOILT = [(PATHS, "datum", 6), (PATHS, "record", 1), (VALLEY, "datum", 6), (VALLEY, "record", 1), (VALLEY, "steps", 1)]


@needs_browser
@pytest.mark.parametrize(("name", "spoilt", "others"), SPOILT)
def test_one_changed_value_is_seen(page: Page, name: str, spoilt: str, others: int) -> None:
    def change(route: Route) -> None:
        published = route.fetch().json()
        if spoilt == "record":
            published["check"][3]["value"] *= 1 + 2e-7
        elif spoilt == "steps":
            published["check"][0] |= {"value": 41, "text": "41歩"}
        elif name == PATHS:
            published["data"]["X"][100][2] += 0.1
        else:
            published["data"]["w"][1] += 1e-5
        route.fulfill(json=published)

    page.route("**/assets/live/*.json", change)
    figure = near(page, name)
    figure.get_by_role("button", name="この場で検算する").click()
    status = figure.get_by_role("status")
    expect(status).to_contain_text("ちがいます。")
    receipt = "/receipts/{}/#{}$".format(*name.split("-"))
    expect(status.get_by_role("link")).to_have_attribute("href", re.compile(receipt))
    verdicts = [cells[2] for cells in rows(figure).values()]
    assert verdicts.count("ちがいます") == others


def printed(v: float) -> str:
    """Three digits, and no more than three decimals of a small value."""
    text = "0" if abs(v) < 5e-4 else f"{v:.3f}" if abs(v) < 0.1 else f"{v:#.3g}".rstrip(".")
    return text.replace("-", "−")


def truth(method: str, lam: float) -> list[str]:
    """Zeros, norm, training and validation error as the figure prints them, by the models."""
    X, y = load_diabetes()

    def solve(A: Floats, b: Floats) -> Floats:
        return ridge(A, b, lam)[0] if method == "l2" else lasso_path(A, b, lam).at([lam])[0]

    Z, t = standard(X, y)
    w = solve(Z, t)
    left_out = np.concatenate([fold.squared_errors(solve(fold.X, fold.y)) for fold in leave_out(X, y, 5)])
    values = [np.linalg.norm(w), Split(Z, t, Z, t).rmse(w), np.sqrt(left_out.mean())]
    return [f"{np.sum(w == 0)}個", *(printed(v) for v in values)]


@needs_browser
def test_everything_follows_the_slider_on_the_keyboard(page: Page) -> None:
    figure = near(page, PATHS)
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
        assert f"L1は0の重み{truth('l1', lam)[0]}" in spoken
        drawn = figure.locator(".live__hollow").first.get_attribute("d") or ""
        places = re.findall(r"M(\S+) ", drawn)
        assert f"{len(places)}個" == truth("l1", lam)[0]
        assert len(set(places)) == len(places)  # side by side, to be counted


# Left edge, middle and width of each dot: circles as drawn, arcs of a path when it answers.
DOTS = """(figure) => [
    ...[...figure.querySelectorAll("circle")]
        .map(dot => ["cx", "cy", "r"].map(name => Number(dot.getAttribute(name))))
        .map(([x, y, r]) => [x - r, y, 2 * r]),
    ...[...figure.querySelectorAll(".plot-panel > g path")].flatMap(path => {
        const at = Number(/^translate\\(([\\d.]+)\\)$/.exec(path.parentNode.getAttribute("transform"))?.[1] ?? 0)
        return [...path.getAttribute("d").matchAll(/M([\\d.-]+) ([\\d.]+)a([\\d.]+) /g)]
            .map(([, x, y, r]) => [at + Number(x), Number(y), 2 * Number(r)])
    }),
]"""


@needs_browser
@pytest.mark.parametrize(("name", "count"), [(PATHS, 20), (VALLEY, 42)])
def test_what_moves_begins_where_it_was_drawn(page: Page, name: str, count: int) -> None:
    drawn = live(page, name).evaluate(DOTS)
    found = near(page, name).evaluate(DOTS)
    assert len(found) == len(drawn) == count
    assert np.allclose(np.sort(found, axis=0), np.sort(drawn, axis=0), atol=0.06)


@needs_browser
@pytest.mark.parametrize("name", [PATHS, VALLEY])
@pytest.mark.parametrize("lost", ["live/*.json", "penalty.js", "descent.js"])
def test_a_figure_whose_data_or_script_do_not_come_stays_as_it_was_drawn(
    browser: Browser, blog: str, name: str, lost: str
) -> None:
    page = browser.new_page()
    page.route(f"**/assets/{lost}", lambda route: route.fulfill(status=404))
    page.goto(blog + ARTICLE)
    drawn = live(page, name).evaluate("figure => figure.querySelector('.plot-panels').innerHTML")
    with page.expect_response(f"**/assets/{lost}"):
        live(page, PATHS).scroll_into_view_if_needed()
        page.wait_for_timeout(500)
        live(page, name).scroll_into_view_if_needed()
        page.wait_for_timeout(500)
        live(page, VALLEY).scroll_into_view_if_needed()
    page.wait_for_load_state("networkidle")
    mine = lost in ("live/*.json", "penalty.js" if name == PATHS else "descent.js")
    if mine:
        expect(live(page, name).locator(".live")).to_have_count(0)
        assert live(page, name).evaluate("figure => figure.querySelector('.plot-panels').innerHTML") == drawn
    else:
        expect(live(page, name).locator("input")).to_be_enabled()
    page.close()


@needs_browser
@pytest.mark.parametrize(("name", "tick", "value"), [(PATHS, "10", 10), (VALLEY, "1", 10 ** (-3 + 3 * 1.5 / 3))])
def test_a_finger_on_the_figure_moves_it(page: Page, name: str, tick: str, value: float) -> None:
    figure = near(page, name)
    panel = figure.locator("svg.plot-panel").last
    place = panel.get_by_text(tick, exact=True).last.bounding_box()
    box = panel.bounding_box()
    assert place
    assert box
    page.touchscreen.tap(place["x"] + place["width"] / 2, box["y"] + 150)
    shown = figure.locator(".live__value")
    expect(shown).not_to_have_text(re.compile(r"^(1\.00|0\.100)$"))
    assert float(shown.inner_text()) == pytest.approx(value, rel=0.05)  # a whole pixel
    before = shown.inner_text()
    page.mouse.move(place["x"], box["y"] + 150)  # with no finger down
    page.mouse.move(place["x"] - 60, box["y"] + 150)
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert shown.inner_text() == before


@needs_browser
def test_data_and_scripts_are_fetched_when_a_figure_comes_near_and_not_before(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.partition("/assets/")[2]))
    page.reload(wait_until="networkidle")
    assert not {"live.js", "solvers.js", "penalty.js", "descent.js"} & set(asked)
    near(page, PATHS)
    page.wait_for_load_state("networkidle")
    assert [f"live/{PATHS}.json" in asked, "penalty.js" in asked, "descent.js" in asked] == [True, True, False]
    near(page, VALLEY)
    assert {f"live/{VALLEY}.json", "descent.js"} <= set(asked)
    scripts = [name for name in asked if name.endswith(".js") or name.startswith("live/")]
    assert len(scripts) == len(set(scripts))


@needs_browser
@pytest.mark.parametrize(("name", "count"), [(PATHS, 20), (VALLEY, 42)])
def test_without_script_the_figure_stands_as_it_was_drawn(browser: Browser, blog: str, name: str, count: int) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(blog + ARTICLE)
    assert live(page, name).locator("svg circle").count() == count
    assert page.locator("input[type=range], .live").count() == 0
    page.context.close()


# --- the valley ---

# As the article says them.
CURVATURE, FREE = np.array([[1, 0.9], [0.9, 1]]), np.array([2, -0.5])
RATE, MOMENTUM, DRAWN = 0.5, 0.6, 20


def way_down(lam: float, momentum: float, counts: Iterable[int]) -> Floats:
    """Without a step taken: along each direction of curvature h what is left is a power of a 2 by 2 matrix."""
    h, V = np.linalg.eigh(CURVATURE + lam * np.eye(2))
    bottom = V @ (V.T @ CURVATURE @ FREE / h)
    left = []
    for curvature, v in zip(h, V.T, strict=True):
        turn = np.array([[1 + momentum - RATE * curvature, -momentum], [1, 0]])
        begin = -v @ bottom * np.ones(2)
        left.append([(np.linalg.matrix_power(turn, k) @ begin)[0] for k in counts])
    return np.asarray(bottom + np.array(left).T @ V.T)


def valley_truth(lam: float) -> list[list[str]]:
    """The table at a λ."""
    bottom = np.linalg.solve(CURVATURE + lam * np.eye(2), CURVATURE @ FREE)
    lines = [["", *map(printed, bottom)]]
    for momentum in (0.0, MOMENTUM):
        way = way_down(lam, momentum, range(201))
        far = np.linalg.norm(way - bottom, axis=1) > 0.01 * np.linalg.norm(bottom)
        lines.append([f"{np.flatnonzero(far)[-1] + 1}歩", *map(printed, way[DRAWN])])
    return lines


@needs_browser
def test_the_valley_follows_the_slider_on_the_keyboard(page: Page) -> None:
    figure = near(page, VALLEY)
    slider = figure.get_by_role("slider")
    slider.focus()
    for key, times, lam in (
        ("ArrowLeft", 14, 10**-1.14),
        ("End", 1, 1),
        ("ArrowLeft", 50, 10**-0.5),
        ("Home", 1, 1e-3),
    ):
        for _ in range(times):
            page.keyboard.press(key)
        lines = figure.locator(".live__table:not(.live__proof) tr").all()[1:]
        wanted = valley_truth(lam)
        expect(lines[0].locator("td").nth(1)).to_have_text(wanted[0][1])
        assert [line.locator("td").all_inner_texts() for line in lines] == wanted
        spoken = slider.get_attribute("aria-valuetext") or ""
        assert f"谷底は横の重み{wanted[0][1]}、縦の重み{wanted[0][2]}" in spoken
        assert f"モメンタムは残り1％{wanted[2][0]}" in spoken
        assert figure.locator("svg.plot-panel").get_by_text(f"λ = {lam:#.{2 if lam < 0.01 else 3}g}").count() == 1


# Where cross, ways and lines of equal height are drawn, in weights: the axes run from −0.5 to 2.5 and −0.75 to 1.25.
DRAWING = """(figure) => {
    const svg = figure.querySelector("svg.plot-panel"), [inside] = svg.querySelectorAll("svg")
    const points = path => [...path.getAttribute("d").matchAll(/[ML]([\\d.-]+) ([\\d.-]+)/g)].map(m => [+m[1], +m[2]])
    const {a, b, c, d, e, f} = inside.firstChild.transform.baseVal.consolidate().matrix
    const shift = figure.querySelector('g[stroke-width="1.6"]').transform.baseVal.consolidate().matrix
    return {
        box: ["x", "y", "width", "height"].map(name => inside[name].baseVal.value),
        ways: [...svg.querySelectorAll(':scope > path[stroke-width="2"]')].slice(0, 2).map(points),
        cross: [shift.e, shift.f], linear: [[a, c], [b, d]], centre: [e, f],
        radii: [...inside.firstChild.getAttribute("d").matchAll(/a(\\d+) /g)].map(m => +m[1]),
    }
}"""


@needs_browser
@pytest.mark.parametrize(("key", "lam"), [("", 0.1), ("Home", 1e-3), ("End", 1.0)])
def test_the_map_shows_the_valley_of_its_lambda_and_both_ways(page: Page, key: str, lam: float) -> None:
    figure = near(page, VALLEY)
    if key:
        figure.get_by_role("slider").press(key)
        expect(figure.locator(".live__value")).to_have_text(f"{lam:#.{2 if lam < 0.01 else 3}g}")
    drawn = figure.evaluate(DRAWING)
    left, top, width, height = drawn["box"]

    def weights(points: Floats) -> Floats:
        return np.column_stack([-0.5 + (points[:, 0] - left) / width * 3, 1.25 - (points[:, 1] - top) / height * 2])

    def loss(w: Floats) -> Floats:
        d = w - FREE
        return np.asarray(np.einsum("ij,jk,ik->i", d, CURVATURE, d) / 2 + lam / 2 * np.square(w).sum(axis=1))

    bottom = np.linalg.solve(CURVATURE + lam * np.eye(2), CURVATURE @ FREE)
    assert weights(np.array([drawn["cross"], drawn["centre"]])) == pytest.approx(np.array([bottom, bottom]), abs=1e-3)
    for points, momentum in zip(drawn["ways"], (0.0, MOMENTUM), strict=True):
        assert weights(np.array(points)) == pytest.approx(way_down(lam, momentum, range(DRAWN + 1)), abs=1e-3)
    angles = np.linspace(0, 2 * np.pi, 12, endpoint=False)
    round_ = np.column_stack([np.cos(angles), np.sin(angles)])
    corners = np.array([(x, y) for x in (-0.5, 2.5) for y in (-0.75, 1.25)])
    assert sorted(set(drawn["radii"])) == list(range(1, 19))
    heights = []
    for radius in (1, 5, 9):
        line = np.array(drawn["centre"]) + radius * round_ @ np.array(drawn["linear"]).T
        above = loss(weights(line)) - loss(bottom[None])
        assert above == pytest.approx(np.full(12, above.mean()), rel=0.01)
        heights.append(above.mean())
    assert heights == pytest.approx([heights[0], 25 * heights[0], 81 * heights[0]], rel=0.01)
    if lam == 0.1:  # the heights of figures/valleys.py
        assert heights[2] == pytest.approx(loss(corners).max() - loss(bottom[None])[0], rel=0.01)


# --- what stops a build ---

LINE = """
        "line": Figure({"L1": {"method": "l1", "names": ["a"], "cursor": 1.0}}, "題", "説明。", "代替",
            live=Live("penalty", {"X": [[1.0], [2.0], [4.0]], "y": [1.0, 2.0, 3.0], "folds": 3}, "all")),
"""


DOWN = """
        "line": Figure({"谷": {"method": "l2", "cursor": 0.1}}, "題", "説明。", "代替",
            live=Live("descent", {"A": [[1, 0.5], [0.5, 1]], "w": [1, 2], "start": [0, 0], "rate": 0.5,
                "momentum": 0.6, "steps": 20, "lambdas": [0.01, 1]}, "all")),
"""
QUANTITIES = {
    LINE: [f"l1_{quantity}" for quantity in ("zeros", "norm", "training", "validation")],
    DOWN: [
        *(f"{m}{q}" for m in ("plain_", "momentum_", "") for q in ("first", "second")),
        "plain_steps",
        "momentum_steps",
    ],
}


def with_live(lab: Lab, line: str, old: str = "", new: str = "") -> str:
    """toy with a live figure, one thing changed; what is said of it."""
    checked = "".join(f'        "all_{name}": Number(0, "", "", digits=0),\n' for name in QUANTITIES[line])
    lab.edit("figures/experiments/toy.py", '        "all": Table', checked + line[1:] + '        "all": Table')
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
    ("line", "old", "new", "said"),
    [
        (LINE, '"penalty"', '"penalties"', "live の 'penalties' はありません"),
        (LINE, ', "folds": 3', "", "live に folds がありません"),
        (LINE, '"folds": 3', '"folds": 4', "live の folds=4 は使えません"),
        (LINE, "[2.0], [4.0]", "[2.0]", "live の X は (n, p)、y は (n,)"),
        (LINE, "[4.0]", "[4.123456789]", "live のデータ 4.123456789 は8桁"),
        (LINE, "[4.0]", "[float('nan')]", "live のデータ nan は8桁"),
        (LINE, '"all_l1_norm"', '"all_l1_length"', "Number 'all_l1_norm' がありません"),
        (LINE, '"method": "l1", ', "", "パネル「L1」に method、names、cursor がありません"),
        (LINE, '"l1", "names"', '"en", "names"', "live に ratio（L1の割合）を渡してください"),
        (LINE, '["a"]', '["a", "b"]', "names は2個、live の X は1列です"),
        (DOWN, ', "steps": 20', "", "live に steps がありません"),
        (DOWN, "[[1, 0.5], [0.5, 1]]", "[[1, 0.5]]", "A は (2, 2)、w と start と lambdas は (2,)"),
        (DOWN, '"w": [1, 2]', '"w": [1, 2, 3]', "A は (2, 2)、w と start と lambdas は (2,)"),
        (DOWN, '"w": [1, 2]', '"w": [1, "2"]', "A は (2, 2)、w と start と lambdas は (2,)"),
        (DOWN, "[0.5, 1]]", "[0.4, 1]]", "対称で正定値の行列に"),
        (DOWN, "[[1, 0.5], [0.5, 1]]", "[[1, 1], [1, 1]]", "対称で正定値の行列に"),
        (DOWN, "[0.01, 1]", "[1, 0.01]", "live の lambdas=[1, 0.01] は使えません"),
        (DOWN, '"momentum": 0.6', '"momentum": 1.0', "live の momentum=1.0 は使えません"),
        (DOWN, '"steps": 20', '"steps": 201', "live の steps=201 は使えません。1から200"),
        (DOWN, '"rate": 0.5', '"rate": 0.8', "live の rate=0.8 では、λ = 1 の谷で発散します。0より大きく 0.8 より"),
        (DOWN, '"rate": 0.5', '"rate": 0.01', "200歩かけても谷底に着きません。一歩で残りが0.995倍"),
        (DOWN, '"rate": 0.5', '"rate": 0.795', "200歩かけても谷底に着きません"),
        (DOWN, '"momentum": 0.6', '"momentum": 0.97', "200歩かけても谷底に着きません。一歩で残りが0.985倍"),
        (DOWN, '"method": "l2", ', "", "パネル「谷」に method、cursor がありません。live の 'descent' は plot.valley"),
        (DOWN, '"method": "l2"', '"method": "l1"', "L1の谷は楕円ではありません"),
        (DOWN, '"cursor": 0.1', '"cursor": 2.0', "cursor の λ = 2.0 が live の lambdas（0.01から1）の外です"),
        (DOWN, '"all_plain_steps"', '"all_plain_step"', "Number 'all_plain_steps' がありません"),
        (DOWN, '"all_first"', '"all_bottom"', "Number 'all_first' がありません"),
    ],
)
def test_a_bad_problem_stops_the_build_at_its_line(lab: Lab, line: str, old: str, new: str, said: str) -> None:
    message = with_live(lab, line, old, new)
    assert said in message
    lines = (lab.root / "figures/experiments/toy.py").read_text(encoding="utf-8").splitlines()
    place = re.match(r"figures/experiments/toy\.py:(\d+): ", message)
    assert place
    assert '"line"' in lines[int(place[1]) - 1] or "Live(" in lines[int(place[1]) - 1]


def test_data_that_would_travel_too_long_are_refused(lab: Lab) -> None:
    rows = "[[(i * j) % 97 / 7 * 1.0 for j in range(1, 40)] for i in range(600)]"
    rounded = f"[[float(f'{{v:.8g}}') for v in row] for row in {rows}]"
    message = with_live(lab, LINE, '[[1.0], [2.0], [4.0]], "y": [1.0, 2.0, 3.0]', f'{rounded}, "y": [1.0] * 600')
    assert "20,000バイトまでに減らしてください" in message
