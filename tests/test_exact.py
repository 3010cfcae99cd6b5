"""Exact products against Python's integers, elementary functions against mpmath, sums against every order of BLAS."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from figures.models import exact

mpmath.mp.prec = 160


def worst(ours: Callable[[np.ndarray], np.ndarray], true: Callable[[mpmath.mpf], mpmath.mpf], x: np.ndarray) -> float:
    """The largest error in units in the last place."""
    errors = [0.0]
    for at, value in zip(x, ours(x), strict=True):
        expected = true(mpmath.mpf(float(at)))
        errors.append(float(abs(mpmath.mpf(float(value)) - expected) / np.spacing(abs(float(expected)))))
    return max(errors)


RNG = np.random.default_rng(0)
WIDE = np.concatenate([RNG.uniform(-700, 700, 3000), RNG.standard_normal(5000), RNG.standard_normal(2000) * 1e-4])
NEAR = np.nextafter(0.625, [0, 1, 2])  # where tanh changes its formula


@pytest.mark.parametrize(
    ("ours", "true", "x"),
    [
        (exact.exp, mpmath.exp, WIDE),
        (exact.log, mpmath.log, np.concatenate([np.exp(WIDE), RNG.uniform(0.5, 2, 4000), 1 + WIDE[-2000:]])),
        (exact.tanh, mpmath.tanh, np.concatenate([WIDE, RNG.uniform(-0.7, 0.7, 4000), NEAR, -NEAR])),
        (exact.sigmoid, lambda t: 1 / (1 + mpmath.exp(-t)), WIDE[3000:]),
    ],
)
def test_functions_are_right_to_two_units_in_the_last_place(
    ours: Callable[[np.ndarray], np.ndarray], true: Callable[[mpmath.mpf], mpmath.mpf], x: np.ndarray
) -> None:
    assert 0.5 <= worst(ours, true, x) <= 2


def test_functions_at_their_ends() -> None:
    assert exact.exp(np.array([-1e9, 0, 1e9])).tolist() == [0, 1, np.inf]
    assert exact.sigmoid(np.array([-1e9, 0, 1e9])).tolist() == [0, 0.5, 1]
    assert exact.tanh(np.array([-1e9, 0, 1e9])).tolist() == [-1, 0, 1]
    assert exact.log(np.array([1.0, 2.0])).tolist() == [0, np.log(2)]


@settings(deadline=None)
@given(st.integers(1, 40), st.integers(0, 10**6), st.integers(-300, 300))
def test_a_product_on_grids_is_the_product_of_fractions(n_terms: int, seed: int, scale: int) -> None:
    rng = np.random.default_rng(seed)
    bits = exact.bits_for(n_terms)
    a = exact.on_grid(np.ldexp(rng.standard_normal((2, n_terms)), scale), bits)
    b = exact.on_grid(rng.standard_normal((n_terms, 3)) * 1e3, bits)
    for i, j in np.ndindex(2, 3):
        true = sum(Fraction(float(x)) * Fraction(float(y)) for x, y in zip(a[i], b[:, j], strict=True))
        assert Fraction(float(exact.product(a, b)[i, j])) == true


def test_the_order_of_the_terms_does_not_matter_on_grids_and_does_without() -> None:
    rng = np.random.default_rng(0)
    a, b = rng.standard_normal((50, 300)), rng.standard_normal((300, 50))
    bits = exact.bits_for(300)
    on_grids = exact.on_grid(a, bits), exact.on_grid(b, bits)
    differs = 0
    for seed in range(5):
        order = np.random.default_rng(seed).permutation(300)
        assert (exact.product(*on_grids) == exact.product(on_grids[0][:, order], on_grids[1][order])).all()
        assert (on_grids[0].sum(axis=1) == on_grids[0][:, order].sum(axis=1)).all()
        differs += int((a @ b != a[:, order] @ b[order]).any())
    assert differs == 5


@pytest.mark.parametrize("n_terms", [1, 2, 3, 64, 65, 1000])
def test_the_largest_operands_use_the_budget_and_do_not_exceed_it(n_terms: int) -> None:
    bits = exact.bits_for(n_terms)
    assert n_terms * 2 ** (2 * bits) <= 2**53 < n_terms * 2 ** (2 * bits + 3)
    full = np.full((1, n_terms), 1 - 2.0**-60)  # rounds up to the power of two
    a = exact.on_grid(full, bits)
    assert (a == 1).all()
    assert exact.product(a, a.T)[0, 0] == n_terms


@settings(deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 25), st.integers(-800, 800))
def test_rounding_leaves_at_most_half_a_step_and_scales_by_powers_of_two(seed: int, bits: int, scale: int) -> None:
    a = np.random.default_rng(seed).standard_normal((4, 5))
    rounded = exact.on_grid(a, bits)
    step = 2.0 ** (np.frexp(np.abs(a).max())[1] - bits)
    assert (np.abs(rounded - a) <= step / 2).all()
    assert (rounded / step == np.rint(rounded / step)).all()
    assert (exact.on_grid(np.ldexp(a, scale), bits) == np.ldexp(rounded, scale)).all()


def test_each_matrix_of_a_stack_has_its_own_grid() -> None:
    a = np.random.default_rng(0).standard_normal((2, 3, 4)) * np.array([1.0, 1e6])[:, None, None]
    together = exact.on_grid(a, 20, (-2, -1))
    assert all((together[i] == exact.on_grid(a[i], 20)).all() for i in range(2))


def test_zeros_have_a_grid_and_what_is_not_finite_has_none() -> None:
    assert (exact.on_grid(np.zeros((2, 2)), 20) == 0).all()
    for bad in (np.nan, np.inf, -np.inf, 1e300):
        with pytest.raises(ArithmeticError, match="大きくなりすぎました"):
            exact.on_grid(np.array([1.0, bad]), 20)


@settings(deadline=None)
@given(st.integers(1, 70), st.integers(0, 10**6))
def test_an_ordered_sum_is_the_sum_and_the_same_on_every_axis(n: int, seed: int) -> None:
    a = np.random.default_rng(seed).standard_normal((n, 3))
    total = exact.ordered_sum(a)
    np.testing.assert_allclose(total, a.sum(axis=0), rtol=0, atol=1e-13)
    assert (exact.ordered_sum(np.ascontiguousarray(a.T), axis=-1) == total).all()
    assert (exact.ordered_sum(a[:, :1])[0] == total[0]).all()


def test_many_exponentials_are_those_of_a_few_at_a_time() -> None:
    x = np.random.default_rng(0).normal(0, 100, (3, exact.BLOCK + 5, 2))
    pieces = [exact.exp(row[k : k + 1000]) for row in x for k in range(0, len(row), 1000)]
    assert (exact.exp(x) == np.concatenate(pieces).reshape(x.shape)).all()
    transposed = x.transpose(2, 1, 0)
    assert (exact.exp(transposed) == exact.exp(x).transpose(2, 1, 0)).all()
