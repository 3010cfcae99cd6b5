"""Statistics over seeds: against SciPy and Python's own."""

from __future__ import annotations

import statistics

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from figures.models.statistics import bootstrap, paired_difference, share
from figures.results import Claim, Number

VALUES = np.random.default_rng(0).standard_normal(20) + 3
OTHERS = VALUES + np.random.default_rng(1).standard_normal(20) / 5 - 0.3


def test_the_paired_difference_is_that_of_scipy_and_of_a_number() -> None:
    mean, error = paired_difference(VALUES, OTHERS)
    assert mean / error == pytest.approx(stats.ttest_rel(VALUES, OTHERS).statistic, rel=1e-12)
    assert mean == pytest.approx(np.mean(VALUES - OTHERS), rel=1e-12)
    assert error == pytest.approx(stats.sem(VALUES - OTHERS), rel=1e-12)
    number = Number(VALUES - OTHERS)
    assert (number.value, number.standard_error) == (pytest.approx(mean, rel=1e-7), pytest.approx(error, rel=1e-7))


def test_what_a_seed_does_to_both_cancels() -> None:
    effect = np.random.default_rng(2).standard_normal(20) * 1000
    plain, moved = paired_difference(VALUES, OTHERS), paired_difference(VALUES + effect, OTHERS + effect)
    assert moved == pytest.approx(plain, rel=1e-9)


@settings(derandomize=True, deadline=None)
@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=30))
def test_the_paired_difference_is_that_of_the_statistics_module(values: list[float]) -> None:
    found = paired_difference(values, np.zeros(len(values)))
    assert found.mean == pytest.approx(statistics.mean(values), rel=1e-12, abs=1e-12)
    expected = statistics.stdev(values) / np.sqrt(len(values))
    assert found.standard_error == pytest.approx(expected, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(
    ("ours", "theirs"), [(statistics.fmean, np.mean), (statistics.median, np.median), (max, np.max)]
)
@pytest.mark.parametrize(("level", "seed", "n_resamples"), [(0.95, 0, 2000), (0.8, 7, 501)])
def test_the_bootstrap_is_that_of_scipy_draw_by_draw(
    ours: object, theirs: object, level: float, seed: int, n_resamples: int
) -> None:
    found = bootstrap(VALUES, ours, level, n_resamples, seed)  # type: ignore[arg-type]
    expected = stats.bootstrap(
        (VALUES,), theirs, confidence_level=level, n_resamples=n_resamples, method="percentile",
        rng=np.random.default_rng(seed),
    )  # fmt: skip
    assert (found.low, found.high) == pytest.approx(tuple(expected.confidence_interval), rel=1e-12)
    assert found.standard_error == pytest.approx(expected.standard_error, rel=1e-9)


def test_the_bootstrap_error_of_the_mean_is_nearly_the_formula() -> None:
    assert bootstrap(VALUES).standard_error == pytest.approx(stats.sem(VALUES), rel=0.06)


def test_the_bootstrap_follows_its_seed_and_not_its_luck() -> None:
    assert bootstrap(VALUES) == bootstrap(VALUES)
    assert bootstrap(VALUES, seed=1) != bootstrap(VALUES)
    assert bootstrap([4.0, 4.0, 4.0]) == (4.0, 4.0, 0.0)


def test_the_share_is_counted_as_a_claim_counts() -> None:
    assert share([1, 2, 3, 4], "<", [2, 2, 4, 4]) == 0.5
    assert share([1, 2, 3, 4], ">=", 3) == 0.5
    almost = VALUES * (1 + 1e-12)  # equal to 8 digits: rounding does not decide
    assert share(VALUES, "<", almost) == 0
    assert share(VALUES, "==", almost) == 1
    claim = Claim(VALUES, "<", OTHERS, share=0.05)
    assert share(VALUES, "<", OTHERS) == claim.held / claim.n == np.mean(VALUES < OTHERS)


BAD = {
    "one seed": ([1.0], r"の形は \(1,\) です。種ごとの値を2個以上"),
    "NaN": ([1.0, np.nan], r"（形は \(2,\)）に NaN か無限大が 1 個"),
    "infinity": ([1.0, np.inf], r"（形は \(2,\)）に NaN か無限大が 1 個"),
    "two axes": ([[1.0, 2.0]], r"の形は \(1, 2\) です。形が \(n_seeds,\)"),
    "empty": ([], r"の形は \(0,\) です"),
    "text": (["1", "2"], "は数値ではありません"),
    "a number": (1.0, r"の形は \(\) です"),
}


@pytest.mark.parametrize("bad", BAD)
def test_bad_values_give_one_clear_error(bad: str) -> None:
    values, message = BAD[bad]
    good = [1.0, 2.0]
    for name, use in (
        ("a", lambda v: paired_difference(v, good)),
        ("b", lambda v: paired_difference(good, v)),
        ("values", bootstrap),
        ("left", lambda v: share(v, "<", good)),
    ):
        with pytest.raises(ValueError, match=f"^{name}.*{message}"):
            use(values)  # type: ignore[operator]


def test_other_bad_arguments_are_named() -> None:
    with pytest.raises(ValueError, match=r"a の形は \(2,\)、b の形は \(3,\) です"):
        paired_difference([1, 2], [1, 2, 3])
    for level in (0, 1, -0.5, np.nan):
        with pytest.raises(ValueError, match=f"level={level}"):
            bootstrap(VALUES, level=level)
    for n_resamples in (1, 2.5):
        with pytest.raises(ValueError, match=f"n_resamples={n_resamples}"):
            bootstrap(VALUES, n_resamples=n_resamples)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"right は数値ではありません"):
        share([1, 2], "<", "3")
    with pytest.raises(ValueError, match=r"左は2個、右は3個"):
        share([1, 2], "<", [1, 2, 3])
    with pytest.raises(ValueError, match="比較 '~' はありません"):
        share([1, 2], "~", 3)  # type: ignore[arg-type]
