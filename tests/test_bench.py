"""The benchmark runs and judges; how fast this machine is, no test asks."""

from __future__ import annotations

import json
import sys

import numpy as np
import pytest
from conftest import PROJECT
from sklearn.linear_model import Lasso

from figures import __main__, bench
from figures.bench import lasso_problems, rows, timing
from figures.bench.lasso_problems import Batch, rivals
from figures.bench.rows import Row


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command, with sizes that take no time."""
    monkeypatch.setattr("os.environ", {})
    monkeypatch.setattr(bench, "measure", lambda suite, measure=bench.measure: measure(suite, 1, 8))


@pytest.mark.usefixtures("small")
def test_with_json_only_a_list_of_measures_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert __main__.main(["bench", "lab", "--json"]) == 0
    measures = json.loads(capsys.readouterr().out)
    names = [measure["name"] for measure in measures]
    assert len(set(names)) == len(names) >= 11
    for measure in measures:
        assert set(measure) - {"reason"} == {"name", "value", "goal", "met"}
        assert ("reason" in measure) == (measure["value"] is None)
        if measure["value"] is None:  # PyTorch need not be installed
            assert not measure["met"]
            continue
        assert measure["value"] >= 0
        assert measure["met"] in (measure["value"] >= measure["goal"], measure["value"] <= measure["goal"])
    assert next(m for m in measures if m["name"] == "lasso_gap")["met"]


@pytest.mark.usefixtures("small")
def test_without_it_a_table_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    assert __main__.main(["bench", "lab"]) == 0
    said = capsys.readouterr()
    assert "自分" in said.out
    assert "相手" in said.out
    assert "lars_path" in said.out
    assert "コア" in said.err
    assert "BLAS 1スレッド" in said.err


def test_a_rival_that_is_not_installed_gives_rows_that_are_not_met_and_say_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn", None)
    monkeypatch.setitem(sys.modules, "torch", None)
    measured = {row.name: row for row in bench.measure("lab", 1, 8)}
    against = [row for name, row in measured.items() if "_against_" in name]
    assert len(against) == 6 + 3
    for row in against:
        assert row.value is None
        assert not row.met
        assert ("scikit-learn" if "lasso" in row.name else "PyTorch") in row.why
    assert "scikit-learn" in json.loads(rows.to_json(against))[0]["reason"]
    assert measured["lasso_gap"].met


def test_no_rival_is_a_dependency() -> None:
    settings = (PROJECT / "pyproject.toml").read_text(encoding="utf-8")
    assert "scikit-learn" not in settings[settings.index("dependencies = [") : settings.index("[project.optional")]


@pytest.mark.parametrize(
    ("value", "at_most", "met"), [(2.0, False, True), (1.9, False, False), (2.0, True, True), (2.1, True, False)]
)
def test_a_goal_is_met_at_it_and_beyond(value: float, at_most: bool, met: bool) -> None:
    assert Row("a", "", value, 2.0, at_most=at_most).met is met


def test_the_gap_is_zero_at_the_solution_and_what_the_objective_lacks_elsewhere() -> None:
    batch = Batch.draw(0.5, 1, 6, 4)
    (X, y), lam = batch.problems[0], batch.lambdas
    best = np.array([Lasso(alpha=a, tol=1e-14, max_iter=10**6, fit_intercept=False).fit(X, y).coef_ for a in lam])
    assert batch.gap(best[None]) < 1e-12

    def objective(w: np.ndarray) -> np.ndarray:
        return ((y - w @ X.T) ** 2).sum(axis=1) / 2 / len(y) + lam * np.abs(w).sum(axis=1)

    for shift in (1e-3, 1e-1):
        lacking = (objective(best + shift) - objective(best)).max() / (y @ y / len(y))
        assert batch.gap(best[None] + shift) >= lacking > 0


def test_the_problems_are_what_the_bench_says() -> None:
    batch = Batch.draw(0.5, 3, 16, 5)
    for X, y in batch.problems:
        np.testing.assert_allclose(np.abs(X.T @ y).max() / len(y), 1)
        np.testing.assert_allclose(np.diag(X.T @ X) / len(y), 1)
    X = np.vstack([X for X, _ in Batch.draw(0.5, 40, 16, 5).problems])
    off_diagonal = (X.T @ X / len(X))[~np.eye(16, dtype=bool)]
    assert off_diagonal.mean() == pytest.approx(0.5, abs=0.05)
    assert batch.lambdas[0] == 1
    assert batch.lambdas[-1] == pytest.approx(1e-3)


def test_rivals_solve_the_same_problems_as_we_do() -> None:
    batch = Batch.draw(0.2, 5, 8, 10)
    ours, solvers = batch.ours(), rivals(batch)
    for turn in range(lasso_problems.SHARE):
        for name in (lasso_problems.DESCENT, lasso_problems.UNSCREENED):
            np.testing.assert_allclose(solvers[name](turn), ours[turn : turn + 1], atol=1e-3)
        alphas, _, coefs = solvers[lasso_problems.LARS](turn)[0]
        read_off = [np.interp(batch.lambdas, alphas[::-1], w[::-1]) for w in coefs]
        np.testing.assert_allclose(np.transpose(read_off), ours[turn], atol=1e-9)


def test_a_ratio_is_taken_within_each_turn_and_contestants_alternate() -> None:
    assert timing.ratio({"a": [1, 20, 3], "b": [1, 10, 1]}, "a", "b") == 2
    order: list[str] = []
    seconds = timing.in_turns("", {"a": lambda turn: order.append(f"a{turn}"), "b": lambda turn: order.append("b")}, 2)
    assert order == ["a0", "b", "b", "a1"]
    assert {name: len(values) for name, values in seconds.items()} == {"a": 2, "b": 2}
