"""Arithmetic that gives the same bits on every processor, with any number of threads and with any NumPy.

What may differ between machines is the order of a sum, and whether a product and a sum are fused; what may not is a
single +, -, ×, ÷ or square root, which IEEE 754 defines to the last bit. So here are

products of operands that lie on grids of powers of two, so coarse that every partial sum is an integer below 2⁵³ times
the product of the grid steps. Nothing is rounded, and no order can matter:

    a_k = i_k g,  |i_k| <= 2^bits,   b_k = j_k h,  |j_k| <= 2^bits:    Σ_k a_k b_k = m g h,   |m| <= K 2^(2 bits) <= 2⁵³

sums in one fixed order, the second half of the terms being added to the first until one is left;

exp, log and tanh from single operations, with an error of at most 2 units in the last place.

Sources: Rump, Ogita & Oishi (2008), Accurate floating-point summation I, SIAM J. Sci. Comput. 31(1), Algorithm 3.2, and
Demmel & Nguyen (2013), Fast reproducible floating-point summation, ARITH 21, for rounding by a large constant; Tang
(1989) and fdlibm (Sun Microsystems, 1993: e_exp.c, e_log.c) for exp and log; Moshier, Cephes (1989: tanh.c) for tanh.
"""

from __future__ import annotations

import numpy as np

from figures.models.regression_data import Floats

BLOCK = 2**14  # numbers at a time: what is computed on the way to their exponentials then stays in the cache
DIGITS = 53  # binary digits of a float64: every integer up to 2⁵³ is one
LN2_HIGH, LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10  # n × LN2_HIGH is exact for |n| < 2²⁰
EXP = (1.66666666666666019037e-01, -2.77777777770155933842e-03, 6.61375632143793436117e-05,
       -1.65339022054652515390e-06, 4.13813679705723846039e-08)  # fmt: skip
LOG = (6.666666666666735130e-01, 3.999999999940941908e-01, 2.857142874366239149e-01, 2.222219843214978396e-01,
       1.818357216161805012e-01, 1.531383769920937332e-01, 1.479819860511658591e-01)  # fmt: skip
TANH_OVER = (-1.61468768441708447952e3, -9.92877231001918586564e1, -9.64399179425052238628e-1)
TANH_UNDER = (4.84406305325125486048e3, 2.23548839060100448583e3, 1.12811678491632931402e2, 1.0)


def bits_for(n_terms: int) -> int:
    """Return the bits that both operands of a product may have when its sums have ``n_terms`` terms."""
    return (DIGITS - (n_terms - 1).bit_length()) // 2


def on_grid(a: Floats, bits: int, axis: int | tuple[int, ...] | None = None) -> Floats:
    """Round a to multiples of 2^(e - bits), where 2^e is the power of two above max |a| over ``axis``.

    Adding 1.5 × 2⁵² steps of the grid leaves no digit below one step, and is then taken off again.

    Raises:
        ArithmeticError: if a is not finite, or too large or small to have a grid.
    """
    largest = np.maximum(a.max(axis=axis, keepdims=True), -a.min(axis=axis, keepdims=True))
    if not (largest < 2.0**900).all():
        raise ArithmeticError(f"値（形は {a.shape}）が大きくなりすぎました。学習率かλを小さくしてください。")
    exponent = np.maximum(np.frexp(largest)[1], -900)
    constant = np.ldexp(1.5, exponent + DIGITS - 1 - bits)
    rounded: Floats = a + constant
    rounded -= constant
    return rounded


def product(a: Floats, b: Floats, out: Floats | None = None) -> Floats:
    """Return a @ b of two operands on grids, (…, n, K) @ (…, K, m): exact, whatever the order in which it is summed."""
    return np.asarray(np.matmul(a, b, out=out))


def ordered_sum(a: Floats, axis: int = 0) -> Floats:
    """Return the sum along ``axis``, in an order that depends on its length only."""
    rows = np.moveaxis(a, axis, 0)
    while len(rows) > 1:
        half = (len(rows) + 1) // 2
        paired = rows[:half].copy()
        paired[: len(rows) - half] += rows[half:]
        rows = paired
    return np.asarray(rows[0])


def exp(x: Floats) -> Floats:
    """Return e^x: with x = n ln 2 + r, |r| <= ln 2 / 2, it is 2ⁿ (1 + r + r c / (2 - c)), c = r - r² P(r²)."""
    if np.size(x) > BLOCK:
        flat = x.reshape(-1)
        return np.concatenate([exp(flat[k : k + BLOCK]) for k in range(0, flat.size, BLOCK)]).reshape(x.shape)
    high = np.asarray(np.minimum(np.maximum(x, -745.2), 709.8))
    n = high * 1.44269504088896338700
    np.rint(n, out=n)
    high -= n * LN2_HIGH
    low = n * LN2_LOW
    r = high - low
    square = r * r
    c = _polynomial(EXP, square)
    c *= square
    np.subtract(r, c, out=c)
    r *= c
    r /= 2 - c
    low -= r
    low -= high
    np.subtract(1, low, out=low)
    with np.errstate(over="ignore"):  # e^709.8 is infinite
        return np.asarray(np.ldexp(low, n.astype(np.int32)))


def log(x: Floats) -> Floats:
    """Return ln x, x > 0: n ln 2 + f - s (f - R(s²)), with x = 2ⁿ (1 + f), √½ <= 1 + f < √2, s = f / (2 + f)."""
    mantissa, n = np.frexp(x)
    small = mantissa < 0.70710678118654752440
    f = np.where(small, 2 * mantissa, mantissa) - 1
    n = (n - small).astype(np.float64)
    s = f / (2 + f)
    half = 0.5 * f * f
    R = s * s * _polynomial(LOG, s * s)
    return np.asarray(n * LN2_HIGH - ((half - (s * (half + R) + n * LN2_LOW)) - f))


def tanh(x: Floats) -> Floats:
    """Return tanh x: 1 - 2 / (e^(2|x|) + 1) with the sign of x, or x + x³ P(x²) / Q(x²) where |x| < 0.625."""
    square = np.minimum(x * x, 0.390625)
    near = x + x * (square * (_polynomial(TANH_OVER, square) / _polynomial(TANH_UNDER, square)))
    return np.where(np.abs(x) < 0.625, near, np.copysign(1 - 2 / (exp(2 * np.abs(x)) + 1), x))


def sigmoid(x: Floats) -> Floats:
    """Return 1 / (1 + e^-x)."""
    return np.asarray(1 / (1 + exp(-x)))


def _polynomial(coefficients: tuple[float, ...], z: Floats) -> Floats:
    """Return Σ_k c_k z^k by Horner's rule."""
    value = np.full_like(z, coefficients[-1])
    for coefficient in coefficients[-2::-1]:
        value *= z
        value += coefficient
    return value
