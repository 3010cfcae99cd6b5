"""Four authors: which characters and pairs of characters stand in 596 passages of 800 characters, and who wrote them.

Source: counted from texts of Aozora Bunko by ``make_authors.py``. Origin, authors and conditions are in ``authors.md``.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np

from figures.models.folds import Ints
from figures.models.regression_data import Floats


class Passages(NamedTuple):
    """Counts, authors and works.

    Attributes:
        X: (596, 4744) how often each n-gram stands in each passage; 11% are not 0.
        y: (596,) the author, 0 to 3.
        work: (596,) the work, 0 to 79; passages of one work are alike: split by it (``group_folds``).
        ngrams: (4744,) one or two characters, in the order of Unicode.
        authors: (4,) names.
        works: (80,) author and title.
    """

    X: Floats
    y: Ints
    work: Ints
    ngrams: tuple[str, ...]
    authors: tuple[str, ...]
    works: tuple[str, ...]


def load_authors() -> Passages:
    """Return the passages, author by author and work by work."""
    with np.load(Path(__file__).with_name("authors.npz"), allow_pickle=False) as file:
        indptr, indices, counts = file["indptr"], file["indices"], file["counts"]
        names = [tuple(file[name].tolist()) for name in ("ngrams", "authors", "works")]
        y, work = file["author"].astype(np.int64), file["work"].astype(np.int64)
    X = np.zeros((len(y), len(names[0])))
    X[np.repeat(np.arange(len(y)), np.diff(indptr)), indices] = counts
    return Passages(X, y, work, *names)
