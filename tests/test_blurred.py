"""The photographs are what their note says, and blur as SciPy blurs."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter1d

from figures.data.blurred import PIXELS, blocks, blur, hills, photograph, stars
from figures.models.regression_data import Floats

Scene = Callable[[np.random.Generator], Floats]


@pytest.mark.parametrize("width", [0.8, 1.5, 3.0])
def test_the_blur_is_a_gaussian_filter_on_a_ring(width: float) -> None:
    X = blur(width)
    w = np.random.default_rng(0).standard_normal(PIXELS)
    filtered = gaussian_filter1d(w, width, mode="wrap", truncate=PIXELS / 2 / width)
    np.testing.assert_allclose(X @ w / X.sum(axis=1), filtered, atol=1e-6)  # SciPy counts the far end twice


def test_a_constant_brightness_stays_constant_and_each_column_has_variance_one() -> None:
    X = blur()
    np.testing.assert_allclose(X.sum(axis=1), X.sum(axis=1)[0], rtol=1e-12)
    np.testing.assert_allclose(X.std(axis=0), 1, rtol=1e-12)


@pytest.mark.parametrize("scene", [hills, stars, blocks])
def test_a_photograph_is_its_blurred_original_and_its_noise(scene: Scene) -> None:
    X, noise = blur(), []
    for seed in range(200):
        w, y = photograph(seed, scene, X, 0.5)
        again, without = photograph(seed, scene, X, 0)
        assert (w == again).all()
        np.testing.assert_allclose(without, X @ w)
        noise.append(y - X @ w)
    assert np.std(noise) == pytest.approx(0.5, rel=0.03)
    assert (photograph(0, scene, X)[0] != photograph(1, scene, X)[0]).any()


def test_stars_are_four_single_pixels_and_blocks_have_few_edges() -> None:
    for seed in range(50):
        sky, band = stars(np.random.default_rng(seed)), blocks(np.random.default_rng(seed))
        assert np.count_nonzero(sky) == 4
        assert ((sky[sky > 0] >= 0.5) & (sky <= 1)[sky > 0]).all()
        assert 1 <= np.count_nonzero(np.diff(band)) <= 6


def test_hills_bend_less_than_stars() -> None:
    bends = [
        [np.square(np.diff(scene(np.random.default_rng(seed)), 2)).sum() for seed in range(50)]
        for scene in (hills, stars)
    ]
    assert max(bends[0]) < min(bends[1])
