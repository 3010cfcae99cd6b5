"""Table 3.3 of The Elements of Statistical Learning (Hastie, Tibshirani & Friedman, 2nd ed., p. 63), cell by cell.

Six ways to predict log PSA, fitted to the book's 67 training rows, and their test error on the other 30. What the book
does not say, and what closes the table to every digit that it prints:

    all         features scaled on all 97 rows, with n - 1, before anything else; only the training rows are fitted
    ridge       5 effective degrees of freedom, λ = 24.176 in the book's units; features not centred on the 67 rows
    lasso       standardised on the 67 rows; s = 0.375 of the l1 norm of least squares, and not the 0.36 of its figure
    PCR         directions of the features as they are, not centred on the 67 rows; regression with an intercept
    PLS         features not centred on the 67 rows
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
import pytest

from figures.data.prostate import load_prostate
from figures.models.best_subset import best_subset
from figures.models.decompose import decompose
from figures.models.lasso_path import lasso_path
from figures.models.least_squares import least_squares
from figures.models.partial_least_squares import partial_least_squares
from figures.models.principal_components import principal_component_regression
from figures.models.regression_data import Floats
from figures.models.ridge import filter_factors, ridge

# A dot is a cell that the book leaves empty: the feature is not in the model.
PRINTED = """
                 LS  subset   ridge   lasso     PCR     PLS
intercept     2.465   2.477   2.452   2.468   2.497   2.452
lcavol        0.680   0.740   0.420   0.533   0.543   0.419
lweight       0.263   0.316   0.238   0.169   0.289   0.344
age          -0.141       .  -0.046       .  -0.152  -0.026
lbph          0.210       .   0.162   0.002   0.214   0.220
svi           0.305       .   0.227   0.094   0.315   0.243
lcp          -0.288       .   0.000       .  -0.051   0.079
gleason      -0.021       .   0.040       .   0.232   0.011
pgg45         0.267       .   0.133       .  -0.056   0.084
test_error    0.521   0.492   0.492   0.479   0.449   0.528
std_error     0.179   0.143   0.165   0.164   0.105   0.152
"""
METHODS, *ROWS = [line.split() for line in PRINTED.strip().splitlines()]
TERMS = [row[0] for row in ROWS]
BOOK = {method: [row[1 + k] for row in ROWS] for k, method in enumerate(METHODS)}

Fit: TypeAlias = tuple[float, Floats]  # intercept and weights in the units of Z

X, Y, TRAIN = load_prostate()
Z_ALL = (X - X.mean(axis=0)) / X.std(axis=0, ddof=1)
Z, Z_TEST, MEAN = Z_ALL[TRAIN], Z_ALL[~TRAIN], Z_ALL[TRAIN].mean(axis=0)
y, Y_MEAN = Y[TRAIN] - Y[TRAIN].mean(), float(Y[TRAIN].mean())
LAMBDA = 24.176 / 67  # the book's λ is n times ours


def centred(w: Floats) -> Fit:
    """The intercept that belongs to weights for features centred on the training rows."""
    return Y_MEAN - float(MEAN @ w), w


def fit_lasso(share: float, scale: Floats) -> Fit:
    """The point of the path at which ||w||₁ is this share of that of least squares, on features divided by scale."""
    path = lasso_path((Z - MEAN) / scale, y)
    norms = np.abs(path.coefs).sum(axis=1)
    w = path.at(np.interp(share * norms[-1], norms, path.lambdas))[0]
    return centred(w / scale)


def fit_pcr() -> Fit:
    """The directions are those of Z, the regression on the seven components has an intercept."""
    V = decompose(Z)[2][:7].T
    return centred(V @ least_squares((Z - MEAN) @ V, y))


FITS: dict[str, Callable[[], Fit]] = {
    "LS": lambda: centred(least_squares(Z - MEAN, y)),
    "subset": lambda: centred(best_subset(Z - MEAN, y)[2]),
    "ridge": lambda: (Y_MEAN, ridge(Z, y, LAMBDA)[0]),
    "lasso": lambda: fit_lasso(0.375, Z.std(axis=0)),
    "PCR": fit_pcr,
    "PLS": lambda: (Y_MEAN, partial_least_squares(Z, y)[2]),
}


def column(fit: Fit) -> list[str]:
    """Our cells as the book prints them."""
    intercept, w = fit
    squares = np.square(Y[~TRAIN] - intercept - Z_TEST @ w)
    errors = [squares.mean(), squares.std(ddof=1) / np.sqrt(len(squares))]
    cells = ["." if weight == 0 else f"{weight:.3f}".replace("-0.000", "0.000") for weight in w]
    return [f"{intercept:.3f}", *cells, *(f"{error:.3f}" for error in errors)]


@pytest.mark.parametrize("method", METHODS)
def test_every_cell_is_that_of_the_book(method: str) -> None:
    assert dict(zip(TERMS, column(FITS[method]()), strict=True)) == dict(zip(TERMS, BOOK[method], strict=True))


def test_the_book_has_sixty_six_cells() -> None:
    assert [len(cells) for cells in BOOK.values()] == [11] * 6


def test_ridge_has_five_effective_degrees_of_freedom() -> None:
    assert filter_factors(Z, LAMBDA).sum() == pytest.approx(5, abs=5e-4)


OTHERWISE: dict[str, tuple[str, Callable[[], Fit]]] = {
    "ridge, centred on the 67 rows": ("ridge", lambda: centred(ridge(Z - MEAN, y, LAMBDA)[0])),
    "lasso, not standardised on the 67 rows": ("lasso", lambda: fit_lasso(0.375, np.ones(8))),
    "lasso, s = 0.36": ("lasso", lambda: fit_lasso(0.36, Z.std(axis=0))),
    "PCR, centred on the 67 rows": ("PCR", lambda: centred(principal_component_regression(Z - MEAN, y)[7])),
    "PCR, without an intercept": ("PCR", lambda: (Y_MEAN, principal_component_regression(Z, y)[7])),
    "PLS, centred on the 67 rows": ("PLS", lambda: centred(partial_least_squares(Z - MEAN, y)[2])),
}


@pytest.mark.parametrize("way", OTHERWISE)
def test_done_otherwise_it_is_not_the_table_of_the_book(way: str) -> None:
    method, fit = OTHERWISE[way]
    assert column(fit()) != BOOK[method]
