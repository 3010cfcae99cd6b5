"""The data are what their notes say."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable

import numpy as np
import pytest
from conftest import PROJECT
from sklearn import datasets

from figures.data import prostate
from figures.data.authors import load_authors
from figures.data.diabetes import NAMES, load_diabetes
from figures.data.digits import FIRST_ROWS, load_digits, rows_by_forms
from figures.data.make_authors import clean, modern, passages
from figures.data.synthetic import autoregressive, orthonormal, sparse_linear, stationary_noise, teacher, twins
from figures.data.synthetic_classes import irrelevant_features, separable, wrong_labels
from figures.data.zou_hastie import EXAMPLES, zou_hastie
from figures.models.folds import group_folds
from figures.models.regression_data import Floats
from figures.models.ridge import ridge


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


# ESL, 2nd ed., Table 3.1: correlations of the features on the training rows, below the diagonal.
PROSTATE_CORRELATIONS = """
lweight  0.300
age      0.286  0.317
lbph     0.063  0.437  0.287
svi      0.593  0.181  0.129 -0.139
lcp      0.692  0.157  0.173 -0.089  0.671
gleason  0.426  0.024  0.366  0.033  0.307  0.476
pgg45    0.483  0.074  0.276 -0.030  0.481  0.663  0.757
"""


def test_prostate_correlates_as_the_book_prints() -> None:
    X, y, train = prostate.load_prostate()
    assert (X.shape, y.shape, train.dtype, train.sum()) == ((97, 8), (97,), bool, 67)
    assert (np.diff(y) >= 0).all()
    measured = np.corrcoef(X[train].T)
    rows = [line.split()[1:] for line in PROSTATE_CORRELATIONS.strip().splitlines()]
    assert [[f"{r:.3f}" for r in measured[j, :j]] for j in range(1, 8)] == rows


def test_every_column_of_prostate_is_explained_with_its_name_in_figures() -> None:
    head = (PROJECT / "figures/data/prostate.csv").read_text(encoding="utf-8").splitlines()[0].split(",")
    note = (PROJECT / "figures/data/prostate.md").read_text(encoding="utf-8")
    for column, name in zip(head, [*prostate.NAMES, "PSA(log)", "訓練"], strict=True):
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


def test_digits_are_those_of_scikit_learn_value_by_value() -> None:
    digits, expected = load_digits(), datasets.load_digits()
    assert (expected.data == digits.X).all()
    assert (digits.y == expected.target).all()


def test_every_form_of_digits_is_the_same_sequence_with_a_few_left_out() -> None:
    """As digits.md says; 385 is the one that differs."""
    digits = load_digits()
    labels = digits.y.copy()
    assert labels[385] == 3
    labels[385] = 8
    first = labels[digits.form == 0]
    assert first[:30].tolist() == [*range(10)] * 3
    for form in range(14):
        rest = iter(first.tolist())
        assert all(label in rest for label in labels[digits.form == form].tolist())
    sizes = np.bincount(digits.form)
    assert (sizes == 130).sum() == 9
    assert sorted(130 - sizes[sizes < 130]) == [2, 2, 4, 7, 8]
    assert np.flatnonzero(np.diff(digits.form)).tolist() == [row - 1 for row in FIRST_ROWS[1:]]


@pytest.mark.parametrize("seed", range(5))
def test_no_form_of_digits_is_in_two_parts(seed: int) -> None:
    form, parts = load_digits().form, ((4, 200), (2, 200), (8, 900))
    drawn = rows_by_forms(seed, *parts)
    assert [len(set(rows.tolist())) for rows in drawn] == [200, 200, 900]
    forms = [set(form[rows].tolist()) for rows in drawn]
    assert all(len(of_part) <= n_forms for of_part, (n_forms, _) in zip(forms, parts, strict=True))
    assert sum(map(len, forms)) == len(set.union(*forms))
    assert all((again == rows).all() for again, rows in zip(rows_by_forms(seed, *parts), drawn, strict=True))
    assert any((other != rows).any() for other, rows in zip(rows_by_forms(seed + 1, *parts), drawn, strict=True))


@pytest.mark.parametrize("parts", [((2, 300),), ((10, 100), (5, 100)), ((14, 100), (1, 1))])
def test_more_rows_or_forms_of_digits_than_there_are_is_an_error(parts: tuple[tuple[int, int], ...]) -> None:
    with pytest.raises(ValueError, match="用紙か画像を減らしてください"):
        rows_by_forms(0, *parts)


def test_digits_of_one_form_are_alike() -> None:
    X, _, form = load_digits()
    distance = ((X**2).sum(axis=1)[:, None] - 2 * X @ X.T) + (X**2).sum(axis=1)
    np.fill_diagonal(distance, np.inf)
    share = np.mean(form[distance.argmin(axis=1)] == form)
    assert f"{100 * share:.1f}%" in (PROJECT / "figures/data/digits.md").read_text(encoding="utf-8")


def test_authors_are_what_their_note_says() -> None:
    data = load_authors()
    assert data.X.shape == (596, 4744) == (len(data.work), len(data.ngrams))
    assert np.bincount(data.y).tolist() == [160, 141, 155, 140]
    assert data.authors == ("夏目漱石", "芥川龍之介", "太宰治", "宮沢賢治")
    assert len(set(data.works)) == 80
    sizes = np.bincount(data.work)
    assert (sizes.min(), sizes.max(), len(sizes)) == (4, 8, 80)
    for author, name in enumerate(data.authors):
        works = set(data.work[data.y == author].tolist())
        assert len(works) == 20
        assert all(data.works[work].startswith(f"{name}『") for work in works)
    assert data.ngrams == tuple(sorted(set(data.ngrams)))
    assert {len(ngram) for ngram in data.ngrams} == {1, 2}
    assert (data.X > 0).sum(axis=0).min() == 15
    assert data.X.max() == 73
    assert (np.round(data.X) == data.X).all()
    singles = data.X[:, [len(ngram) == 1 for ngram in data.ngrams]].sum(axis=1)
    assert ((singles > 500) & (singles <= 800)).all()
    note = (PROJECT / "figures/data/authors.md").read_text(encoding="utf-8")
    assert hashlib.sha256((PROJECT / "figures/data/authors.npz").read_bytes()).hexdigest() in note


def test_works_and_forms_are_never_split_between_folds() -> None:
    for groups in (load_authors().work, load_digits().form):
        fold = group_folds(groups, 5)
        assert all(len(set(fold[groups == g].tolist())) == 1 for g in set(groups.tolist()))


def test_passages_are_cleaned_and_counted_as_their_note_says() -> None:
    line = "-" * 55 + "\n"
    head, tail = f"題\n著者\n\n{line}記号について\n{line}", "底本：「本」\n入力：だれか\n"
    text = f"{head}\n　｜坊《ぼう》っちゃん［＃注］は\r\n走った。\n\n{tail}"
    assert clean(text.encode("cp932")) == ("題", "坊っちゃんは走った。")
    assert modern("っ" * 4 + "あ" * 996)
    assert not modern("あ" * 1000)
    assert not modern("っ" * 4 + "ゐ" + "あ" * 995)
    first, last = passages("ああい" + "う" * 797 + "え" * 900)
    assert first == {"あ": 2, "い": 1, "う": 797, "ああ": 1, "あい": 1, "いう": 1, "うう": 796}
    assert last == {"え": 800, "ええ": 799}
    assert len(passages("あ" * 800 * 30)) == 8


@pytest.mark.parametrize("name", ["digits", "authors"])
def test_arrays_are_read_without_pickle_and_carry_no_time(name: str) -> None:
    path = PROJECT / f"figures/data/{name}.npz"
    with np.load(path, allow_pickle=False) as file:
        assert all(file[key].dtype.kind in "uiU" for key in file)
    with zipfile.ZipFile(path) as archive:
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_neighbours_correlate_by_rho_and_the_farther_the_less() -> None:
    w = np.array([1.0, 0, -2, 3])
    X, y = autoregressive(0, w, 40_000, rho=-0.6, noise=2)
    expected = (-0.6) ** np.abs(np.subtract.outer(range(4), range(4)))
    np.testing.assert_allclose(np.cov(X.T), expected, atol=0.03)
    residual = y - X @ w
    assert np.std(residual) == pytest.approx(2, rel=0.02)
    np.testing.assert_allclose(residual @ X / 40_000, 0, atol=0.05)
    few = autoregressive(0, w, 10, rho=-0.6, noise=2)
    assert (few[0] == X[:10]).all()
    np.testing.assert_allclose(few[1], y[:10], rtol=1e-12)


def test_the_teacher_is_that_of_krogh_and_hertz() -> None:
    X, y, u = teacher(0, 20_000, 40, noise=0.5)
    np.testing.assert_allclose(np.cov(X.T) * 40, np.eye(40), atol=0.06)
    assert np.std(y - X @ u) == pytest.approx(0.5, rel=0.03)
    assert np.std(np.concatenate([teacher(seed, 1, 500)[2] for seed in range(20)])) == pytest.approx(1, rel=0.03)
    np.testing.assert_allclose(teacher(0, 5, 40, noise=0.5)[0], X[:5], rtol=1e-15)


def test_the_best_student_has_the_penalty_of_krogh_and_hertz() -> None:
    """λ = σ² / var(u) beside 1/2 ||y - X w||², here with σ² = 1 and as many rows as features."""
    lambdas = np.array([0.1, 0.3, 1, 3, 10])
    errors = np.zeros(5)
    for seed in range(60):
        X, y, u = teacher(seed, 50, 50)
        errors += ((ridge(X, y, lambdas / 50) - u) ** 2).mean(axis=1)
    assert lambdas[errors.argmin()] == 1


def test_stationary_noise_has_nothing_to_learn() -> None:
    X, y = stationary_noise(0, 400, 32, 5)
    assert (X.shape, y.shape) == ((400, 32, 5), (400, 32))
    flat = np.column_stack([X.reshape(-1, 5), y.ravel()])
    np.testing.assert_allclose(np.cov(flat.T), np.eye(6), atol=0.04)
    np.testing.assert_allclose(flat.mean(axis=0), 0, atol=0.03)
    assert len(np.unique(y)) == y.size  # no batch comes twice
    assert (stationary_noise(0, 7, 32, 5)[0] == X[:7]).all()


COVARIANCES = {
    1: 0.5 ** np.abs(np.subtract.outer(range(8), range(8))),
    2: 0.5 ** np.abs(np.subtract.outer(range(8), range(8))),
    3: 1 + np.eye(40),
    4: np.diag([0.01] * 15 + [1.0] * 25) + np.pad(np.kron(np.eye(3), np.ones((5, 5))), (0, 25)),
}


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_examples_of_zou_and_hastie_are_as_printed(example: int) -> None:
    rows, w, noise = EXAMPLES[example]
    printed = {
        1: ((20, 20, 200), [3, 1.5, 0, 0, 2, 0, 0, 0], 3),
        2: ((20, 20, 200), [0.85] * 8, 3),
        3: ((100, 100, 400), ([0] * 10 + [2] * 10) * 2, 15),
        4: ((50, 50, 400), [3] * 15 + [0] * 25, 15),
    }
    assert (rows, w.tolist(), noise) == printed[example]
    parts = [zou_hastie(seed, example) for seed in range(60)]
    assert all(tuple(len(y) for _, y in part) == rows for part in parts)
    X = np.vstack([X for part in parts for X, _ in part])
    y = np.concatenate([y for part in parts for _, y in part])
    np.testing.assert_allclose(X.T @ X / len(X), COVARIANCES[example], atol=0.11)
    assert np.std(y - X @ w) == pytest.approx(noise, rel=0.03)
    assert len(np.unique(y)) == len(y)
    beside = {1: 1.0, 2: 1.0, 3: 2.0, 4: 0.02}  # variance of x_1 - x_2
    assert np.var(X[:, 0] - X[:, 1]) == pytest.approx(beside[example], rel=0.05)


def test_example_3_of_zou_and_hastie_may_have_unit_variance() -> None:
    for (X, y), (Z, t) in zip(zou_hastie(5, 3), zou_hastie(5, 3, unit_variance=True), strict=True):
        np.testing.assert_allclose(Z, X / np.sqrt(2), rtol=1e-12)
        w = EXAMPLES[3].w
        np.testing.assert_allclose(t - Z @ w, y - X @ w, rtol=0, atol=1e-9)
    with pytest.raises(ValueError, match="example=5 はありません。1から4"):
        zou_hastie(0, 5)


def test_separable_classes_are_separated_by_the_margin() -> None:
    X, y, v = separable(0, 5000, 7, margin=0.3)
    signed = (2 * y - 1) * (X @ v)
    assert 0.3 <= signed.min() < 0.31
    assert np.linalg.norm(v) == pytest.approx(1)
    assert y.mean() == pytest.approx(0.5, abs=0.03)
    beside = X - np.outer(X @ v, v)
    np.testing.assert_allclose(np.cov(beside.T), np.eye(7) - np.outer(v, v), atol=0.06)
    assert (separable(0, 10, 7, margin=0.3)[0] == X[:10]).all()


def test_irrelevant_features_say_nothing_about_the_class() -> None:
    X, y, theta = irrelevant_features(0, 40_000, 6, n_relevant=3, length=2.0)
    assert np.linalg.norm(theta) == pytest.approx(2)
    assert np.flatnonzero(theta).tolist() == [0, 1, 2]
    np.testing.assert_allclose(np.cov(X.T), np.eye(6), atol=0.03)
    z = X @ theta
    for low, high in ((-3, -1), (-1, 0), (0, 1), (1, 3)):
        part = (z > low) & (z < high)
        assert y[part].mean() == pytest.approx(np.mean(1 / (1 + np.exp(-z[part]))), abs=0.02)
    np.testing.assert_allclose(X[:, 3:].T @ (y - 0.5) / len(y), 0, atol=0.01)
    few = irrelevant_features(0, 10, 6, n_relevant=3, length=2.0)
    assert (few[0] == X[:10]).all()
    assert (few[1] == y[:10]).all()


def test_wrong_labels_are_as_many_as_asked_and_go_to_every_other_class() -> None:
    y = np.arange(3000) % 3
    wrong = wrong_labels(0, y, 0.2, 3)
    assert (wrong != y).sum() == 600
    shift = np.bincount((wrong - y) % 3)
    assert shift[1] == pytest.approx(300, abs=50)
    assert set(wrong.tolist()) == {0, 1, 2}
    assert (wrong_labels(0, y, 0.0, 3) == y).all()
    assert (wrong_labels(1, y, 0.2, 3) != wrong).any()
    assert (wrong_labels(0, y, 1.0, 3) != y).all()


@pytest.mark.parametrize(
    ("y", "share", "message"),
    [
        ([0, 3], 0.5, r"y（形は \(2,\)）に、0から 2 までの整数でない値"),
        ([0, 0.5], 0.5, "整数でない値"),
        ([0, np.nan], 0.5, "y（形は"),
        ([[0, 1]], 0.5, r"y の形は \(1, 2\) です"),
        (["0"], 0.5, "y は数値ではありません"),
        ([0, 1], 1.5, "share=1.5"),
        ([0, 1], np.nan, "share=nan"),
    ],
)
def test_bad_labels_give_one_clear_error(y: object, share: float, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        wrong_labels(0, y, share, 3)  # type: ignore[arg-type]


SEEDED = {
    "sparse_linear": lambda seed: sparse_linear(seed, 9)[0],
    "twins": lambda seed: twins(seed, 9)[0],
    "orthonormal": lambda seed: orthonormal(seed, np.ones(3), 9)[0],
    "autoregressive": lambda seed: autoregressive(seed, np.ones(3), 9)[0],
    "teacher": lambda seed: teacher(seed, 9, 3)[0],
    "stationary_noise": lambda seed: stationary_noise(seed, 2, 3, 4)[0],
    "zou_hastie": lambda seed: zou_hastie(seed, 4)[0][0],
    "separable": lambda seed: separable(seed, 9, 3)[0],
    "irrelevant_features": lambda seed: irrelevant_features(seed, 9, 3)[0],
}


@pytest.mark.parametrize("generate", SEEDED.values(), ids=SEEDED)
def test_a_seed_gives_the_same_data_and_another_seed_others(generate: Callable[[int], Floats]) -> None:
    assert (generate(3) == generate(3)).all()
    assert (generate(3) != generate(4)).any()
