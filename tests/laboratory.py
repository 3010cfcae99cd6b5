"""All models of figures/models on fixed data, as one experiment: what no article uses yet must agree as well.

``environments.py`` lays this file among the experiments of a copy and runs it like them. No claim is made here: its
record is compared between environments, digit by digit. It says on standard error what it was computed with.
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import warnings
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

with warnings.catch_warnings():
    warnings.simplefilter("error")  # a name in NPY_DISABLE_CPU_FEATURES that NumPy does not know only warns
    import numpy as np

from figures.data.diabetes import load_diabetes
from figures.data.digits import load_digits
from figures.data.synthetic import sparse_linear
from figures.models import batch_norm, exact, losses, schedules, statistics
from figures.models.best_subset import best_subset
from figures.models.coordinate_descent import coordinate_descent
from figures.models.cross_validation import choose_lambdas, cv_curves, leave_out, split
from figures.models.degrees_of_freedom import active_df, ridge_df, ridge_lambda
from figures.models.discrepancy import discrepancy_lambda
from figures.models.elastic_net import elastic_net_many, elastic_net_path, rescaled
from figures.models.folds import group_folds
from figures.models.gradient_descent import best_step, descent_factors, gradient_descent, stability_limit
from figures.models.gradient_flow import flow_factors, gradient_flow
from figures.models.initialize import initialize, stack, with_batch_norm
from figures.models.l_curve import l_curve
from figures.models.lasso_many import lasso_many
from figures.models.lasso_path import lasso_path
from figures.models.least_squares import least_squares, r_squared
from figures.models.leave_one_out import leave_one_out
from figures.models.logistic_regression import logistic_l1, logistic_l2
from figures.models.multilayer_perceptron import depth, forward
from figures.models.optimizers import SGD, AdaGrad, Adam, RMSprop
from figures.models.partial_least_squares import partial_least_squares
from figures.models.principal_components import principal_component_regression
from figures.models.proximal import proximal_step, share_of_zeros, subgradient_step, train_l1
from figures.models.regression_data import Floats
from figures.models.ridge import filter_factors, ridge, ridge_many
from figures.models.search import log_grid, log_uniform, successive_halving, try_all
from figures.models.side_by_side import fit
from figures.models.soft_threshold import soft_threshold
from figures.models.softmax_l1 import softmax_l1
from figures.models.softmax_l2 import softmax_l2
from figures.models.standardize import fit_standardization
from figures.models.tikhonov import first_differences, second_differences, tikhonov
from figures.models.train import EarlyStopping, mini_batches, train
from figures.results import Number

SEEDS = range(1)


def describe_environment() -> dict[str, object]:
    """What NumPy computes with: its version, kernel and threads of its OpenBLAS, and the processor features in use."""
    file = next(Path(np.__file__).parent.parent.glob("numpy.libs/libscipy_openblas64*"))
    blas = ctypes.CDLL(str(file))  # the one that NumPy has loaded (threadpoolctl would look for it in /proc)
    blas.scipy_openblas_get_corename64_.restype = ctypes.c_char_p
    features = np.show_config(mode="dicts")["SIMD Extensions"]  # found by this process, less those disabled
    return {
        "numpy": np.__version__,
        "kernel": blas.scipy_openblas_get_corename64_().decode(),
        "threads": blas.scipy_openblas_get_num_threads64_(),
        "features": [*features["baseline"], *features.get("found", [])],
    }


def run(seeds: Iterable[int]) -> dict[str, Number]:
    print(json.dumps(describe_environment()), flush=True)  # the child leaves without flushing
    X, y = load_diabetes()
    results = {f"{name}_diabetes": values for name, values in models(X, y).items()}
    results["best_subset"] = best_subset(fit_standardization(X).apply(X), y - y.mean())
    for seed in seeds:  # wide enough for products in several threads
        X, y, _ = sparse_linear(seed, 400, 40)
        results |= {f"{name}_{seed}": values for name, values in models(X, y).items()}
    results |= networks()
    return {name: Number(np.ravel(values)) for name, values in results.items()}


def models(X: Floats, y: Floats) -> dict[str, object]:
    """Every result that a reader could be shown, from X and y as measured."""
    lambdas = log_grid(0.01, 10, 7)
    tables, t = [(X, y), (X[::2], y[::2])], split(X, y, len(y) // 2)
    Gamma, groups = second_differences(X.shape[1]), np.arange(len(y)) // 10
    curve = cv_curves([leave_out(X, y, 5, groups)], ridge_many, lambdas)[0]
    limit = stability_limit(t.X)
    descent = gradient_descent(t.X, t.y, limit / 3, [1, 10, 100])
    corner = l_curve(t.X, t.y, Gamma, lambdas)
    drawn = log_uniform(0, 0.01, 10, 8)

    def loss(tried: Floats, resource: int) -> Floats:
        return t.squared_errors(ridge(t.X[: 20 * resource], t.y[: 20 * resource], tried)).mean(axis=0)

    lasso, net = lasso_path(t.X, t.y), elastic_net_path(t.X, t.y, 0.1)
    differences = loss(lambdas, 3) - loss(lambdas, 2)
    return {
        "least_squares": least_squares(t.X, t.y),
        "ridge": ridge(t.X, t.y, lambdas),
        "filter_factors": filter_factors(t.X, lambdas),
        "lasso_knots": lasso.lambdas,
        "lasso_path": lasso.at(lambdas),
        "side_by_side": np.array(fit([(t.X, t.y)], 0.1, 0.1)),
        "lasso_moves": lasso.moves(),
        "coordinate_descent": np.array([*islice(coordinate_descent(t.X, t.y, 0.1), 5)]),
        "lasso_many": lasso_many([(t.X, t.y)], lambdas),
        "elastic_net_path": rescaled(net.at(lambdas), 0.1),
        "elastic_net_many": elastic_net_many([(t.X, t.y)], lambdas, 0.1),
        "soft_threshold": soft_threshold(t.X.T @ t.y / len(t.y), 0.5),
        "principal_components": principal_component_regression(t.X, t.y)[[1, 5, -1]],
        "partial_least_squares": partial_least_squares(t.X, t.y)[[1, 5, -1]],
        "tikhonov": tikhonov(t.X, t.y, Gamma, lambdas),
        "l_curve": [corner.residual_norms, corner.seminorms, corner.curvatures],
        "gradient_flow": gradient_flow(t.X, t.y, lambdas),
        "flow_factors": flow_factors(t.X, lambdas),
        "gradient_descent": descent,
        "descent_factors": descent_factors(t.X, limit / 3, [1, 10, 100]),
        "leave_one_out": leave_one_out(t.X, t.y, lambdas),
        "degrees_of_freedom": [*ridge_df(t.X, lambdas), *active_df(t.X, net.at(lambdas), 0.1)],
        "ridge_lambda": ridge_lambda(t.X, [1, 2.5, 9]),
        "cv": [curve.mean, curve.standard_error],
        "group_folds": group_folds(groups % 7, 3),
        "bootstrap": [*statistics.bootstrap(differences), *statistics.paired_difference(differences, -differences)],
        "choices": [
            *choose_lambdas(tables, lasso_many, lambdas),
            curve.minimum(),
            curve.one_standard_error(),
            corner.corner,
            discrepancy_lambda(t.X, t.y, first_differences(X.shape[1]), 0.9 * float(t.y.std())),
            try_all(loss, drawn, 4).chosen,
            successive_halving(loss, drawn, 48, 8).chosen,
            limit,
            best_step(descent, t.X_test, t.y_test),
            r_squared(t.X, t.y, descent[-1]),
            statistics.share(differences, ">", 0),
        ],
    }


def networks() -> dict[str, object]:
    """Two networks trained at once in every way, and all bits of their weights as 8 digits: they are to be exact."""
    digits = load_digits()
    x, y, results = digits.X / 16, digits.y, dict[str, object]()
    rates = schedules.warmed_up(schedules.cosine(0.05, 40), 5)
    ways = [
        (SGD(0.9, nesterov=True), "relu", "he", rates),
        (AdaGrad(), "tanh", "xavier", schedules.stepwise(0.05, 40, 10, 0.5)),
        (RMSprop(), "sigmoid", "xavier", schedules.exponential(0.01, 40, 0.95)),
        (Adam(), "tanh", "xavier", schedules.inverse(0.01, 40, 0.1)),
        (SGD(), "relu", "he", schedules.constant(0.1, 40)),
    ]
    for k, (optimizer, activation, method, way) in enumerate(ways):
        both = stack([initialize((64, 32, 10), method, seed) for seed in (0, 1)])
        if k % 2:
            both = with_batch_norm(both)
        stopping = EarlyStopping(both, 3)

        def watch(t: int, both=both, stopping=stopping, activation=activation) -> bool:
            output = forward(both, x[1500:], activation).output
            return t % 10 == 9 and stopping.measure(losses.loss("cross-entropy", output, y[1500:]))

        batches = mini_batches(1500, 64, len(way), 0)
        train(both, x, y, batches, optimizer, way, l2=0.001, decay=0.01, activation=activation, watch=watch)
        weights = b"".join(both[f"W{layer}"].tobytes() for layer in range(1, depth(both) + 1))
        bits = int(hashlib.sha256(weights).hexdigest(), 16) % 10**8
        results[f"{type(optimizer).__name__}_{activation}"] = [*stopping.lowest, *stopping.when, bits]
    rows, others = x[:300, 18:30], x[300:310, 18:30]
    for name, fits in (
        ("softmax_l2", softmax_l2(rows, y[:300], [0.01, 1])),
        ("softmax_l1", softmax_l1(rows, y[:300], [0.01, 0.1])),
        ("softmax_elastic_net", softmax_l1(rows, y[:300], [0.01, 0.1], 0.01)),
    ):
        results[name] = [*fits.logits(others).ravel(), *fits.log_loss(others, y[300:310])]
    odd = y[:300] % 2
    for name, logistic in (("l2", logistic_l2(rows, odd, [0.01, 1])), ("l1", logistic_l1(rows, odd, [0.01, 0.1]))):
        results[f"logistic_{name}"] = [*logistic.w.ravel(), *logistic.b]
    for name, step in (("proximal", proximal_step), ("subgradient", subgradient_step)):
        parameters = initialize((64, 10), "xavier", 0)
        train_l1(parameters, x, y, mini_batches(1500, 64, 40, 0), rates, 0.01, step)
        results[name] = [*parameters["W1"].ravel(), share_of_zeros(parameters)]
    z = x[:50, 20:30]
    results["batch_norm"] = batch_norm.moments(z)
    results["functions"] = [exact.exp(z[:5]), exact.log(1 + z[:5]), exact.tanh(z[:5]), exact.sigmoid(z[:5])]
    return results
