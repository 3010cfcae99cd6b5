"""The data are what their notes say."""

from __future__ import annotations

import numpy as np
import pytest
from conftest import PROJECT
from sklearn import datasets

from figures.data.diabetes import NAMES, load_diabetes
from figures.data.synthetic import orthonormal, sparse_linear, twins


def test_diabetes_is_that_of_scikit_learn_value_by_value() -> None:
    X, y = load_diabetes()
    expected = datasets.load_diabetes(scaled=False)
    assert (expected.data == X).all()
    assert (expected.target == y).all()
    assert len(NAMES) == X.shape[1]


def test_every_column_of_the_file_is_explained_with_its_name_in_figures() -> None:
    head = (PROJECT / "figures/data/diabetes.csv").read_text(encoding="utf-8").splitlines()[0].split(",")
    note = (PROJECT / "figures/data/diabetes.md").read_text(encoding="utf-8")
    for column, name in zip(head, [*NAMES, "進行度"], strict=True):
        assert f"| `{column}` | {name} |" in note


@pytest.mark.parametrize("generate", [sparse_linear, twins])
def test_the_first_rows_do_not_depend_on_how_many_are_drawn(generate: object) -> None:
    few, many = (generate(3, n) for n in (10, 1000))  # type: ignore[operator]
    assert (few[0] == many[0][:10]).all()
    assert (few[1] == many[1][:10]).all()
    assert (few[0] != generate(4, 10)[0]).any()  # type: ignore[operator]


def test_sparse_linear_has_its_weights_and_its_noise() -> None:
    X, y, w = sparse_linear(0, 20_000, 6, n_real=2, weight=3.0, noise=0.5)
    assert w.tolist() == [3, 3, 0, 0, 0, 0]
    assert np.std(y - X @ w) == pytest.approx(0.5, rel=0.03)
    np.testing.assert_allclose(np.cov(X.T), np.eye(6), atol=0.05)


def test_twins_correlate_by_rho_and_the_others_do_not() -> None:
    X, y, w = twins(0, 20_000, 3, 5, rho=0.9, noise=2.0)
    expected = np.eye(5)
    expected[:3, :3] += 0.9 * (1 - np.eye(3))
    np.testing.assert_allclose(np.cov(X.T), expected, atol=0.05)
    assert w.tolist() == [1, 1, 1, 0, 0]
    assert np.std(y - X @ w) == pytest.approx(2.0, rel=0.03)


def test_orthonormal_columns_are_standardised_and_unrelated() -> None:
    w = np.array([1.0, -2.0, 0.0])
    X, y = orthonormal(0, w, 50, noise=0.1)
    np.testing.assert_allclose(X.T @ X / 50, np.eye(3), atol=1e-12)
    np.testing.assert_allclose(X.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(X.T @ y / 50, w, atol=0.1)
