"""A row of pixels, blurred and noisy: the photograph of one dimension, whose sharp original is known.

    y = X w + σ ε,    x_ij = g exp(-d_ij² / (2 b²)),    ε_i ~ N(0, 1) independent,    i, j = 0 … p-1

d_ij is the distance of two pixels on a ring (what leaves at one end comes in at the other), so that every row of X has
the same sum: a constant brightness stays constant. The gain g gives each column of X the variance 1. The scenes are

    hills    Σ_k h_k exp(-(i - c_k)² / (2 s_k²)),   three of them, uniform: h 0.3 to 1, c 8 to 32, s 2 to 4 pixels
    stars    0 but for four pixels, uniform from 0.5 to 1
    blocks   three intervals of 3 to 8 pixels, each of one brightness, uniform from 0.3 to 1; added where they overlap
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from figures.models.regression_data import Floats

PIXELS, HILLS, STARS = 40, 3, 4


def blur(width: float = 1.5, n_pixels: int = PIXELS) -> Floats:
    """Return X: (n_pixels, n_pixels), for a blur of standard deviation b = ``width`` pixels."""
    place = np.arange(n_pixels)
    far = (place - place[:, None] + n_pixels // 2) % n_pixels - n_pixels // 2
    X = np.exp(-((far / width) ** 2) / 2)
    return np.asarray(X / X[0].std())


def hills(rng: np.random.Generator) -> Floats:
    """Smooth: (PIXELS,)."""
    place, w = np.arange(PIXELS), np.zeros(PIXELS)
    for height, centre, spread in rng.uniform((0.3, 8, 2), (1, 32, 4), (HILLS, 3)):
        w += height * np.exp(-(((place - centre) / spread) ** 2) / 2)
    return w


def stars(rng: np.random.Generator) -> Floats:
    """Single pixels in the dark: (PIXELS,)."""
    w = np.zeros(PIXELS)
    w[rng.permutation(PIXELS)[:STARS]] = rng.uniform(0.5, 1, STARS)
    return w


def blocks(rng: np.random.Generator) -> Floats:
    """Edges: (PIXELS,)."""
    w = np.zeros(PIXELS)
    for first, length, height in zip(
        rng.integers(4, PIXELS - 12, 3), rng.integers(3, 9, 3), rng.uniform(0.3, 1, 3), strict=True
    ):
        w[first : first + length] += height
    return w


def photograph(
    seed: int, scene: Callable[[np.random.Generator], Floats], X: Floats, noise: float = 0.6
) -> tuple[Floats, Floats]:
    """Return the sharp original w and what the camera gives, y = X w + σ ε: (PIXELS,) each."""
    rng = np.random.default_rng(seed)
    w = scene(rng)
    return w, X @ w + noise * rng.standard_normal(PIXELS)
