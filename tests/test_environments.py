"""Two environments unlike this one, on every run; ``python tests/environments.py`` tries all that there are."""

from __future__ import annotations

import inspect
import pkgutil
import re
import sys
from importlib import import_module
from pathlib import Path
from types import FrameType

import environments
import laboratory
import numpy as np
import pytest
from environments import Environment

import figures.models

WITHOUT = next((e for e in environments.environments("newest") if e.disabled), Environment("newest"))
TWO = [Environment("newest", "Prescott", 2), WITHOUT]
# What this processor cannot do it would crash on; other threads it can have always.
ABLE = [environment for environment in TWO if not environment.lacks()] or [Environment("newest", threads=2)]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("laboratory")
    environments.copy_laboratory(made)
    return made


@pytest.fixture(scope="module")
def here(place: Path) -> dict[str, str]:
    return environments.compute(Environment("newest"), place, sys.executable)[0]


@pytest.mark.parametrize("environment", ABLE, ids=str)
def test_records_do_not_depend_on_the_processor(environment: Environment, place: Path, here: dict[str, str]) -> None:
    records, said = environments.compute(environment, place, sys.executable)
    assert environments.differing(records, here) == []
    assert said["threads"] == environment.threads
    assert not set(environment.disabled) & set(said["features"])


def test_records_are_the_committed_ones(here: dict[str, str]) -> None:
    committed = environments.committed_records()
    assert environments.differing(here, {**committed, "laboratory": here["laboratory"]}) == []


@pytest.mark.parametrize(("numpy", "version"), [("oldest", "2.0.2"), ("newest", np.__version__)])
def test_each_numpy_is_installed_by_hash_from_no_address(numpy: str, version: str) -> None:
    lock = (environments.PROJECT / ".ci" / f"numpy-{numpy}.txt").read_text(encoding="utf-8")
    versions = re.findall(r"^numpy==(\S+) ", lock, re.M)
    assert version in versions, "write the locks anew with .ci/lock"
    assert lock.count("==") == len(versions)
    assert lock.count("--hash=sha256:") >= len(versions)
    assert "://" not in lock


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (Environment("newest", "Pentium"), "the child computed with kernel "),  # OpenBLAS knows no such kernel
        (Environment("newest", disabled=("AVX2",)), "You cannot disable CPU features"),  # a name before NumPy 2.4
    ],
    ids=str,
)
def test_what_does_not_reach_the_child_is_an_error(asked: Environment, words: str, tmp_path: Path) -> None:
    environments.copy_laboratory(tmp_path)
    for experiment in (tmp_path / "figures" / "experiments").glob("*.py"):
        if experiment.name != "laboratory.py":
            experiment.unlink()
    with pytest.raises(RuntimeError, match=words):
        environments.compute(asked, tmp_path, sys.executable)


def test_a_difference_in_the_eighth_digit_is_a_difference(here: dict[str, str]) -> None:
    digits = re.search(r"\d\.\d{7}(?=,)", here["laboratory"])
    assert digits
    changed = digits[0][:-1] + ("1" if digits[0].endswith("2") else "2")
    other = {**here, "laboratory": here["laboratory"].replace(digits[0], changed, 1)}
    assert environments.differing(other, here) == ["laboratory"]
    assert environments.digest(other) != environments.digest(here)


def test_a_missing_record_is_a_difference(here: dict[str, str]) -> None:
    assert environments.differing({}, here) == sorted(here)


def test_every_environment_of_the_measures_is_tried_and_a_kernel_beyond_the_processor_is_not_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(environments, "FLAGS", {"pni", "sse4_2", "avx", "avx2", "fma"})
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    tried = {(e.kernel, e.threads, e.disabled) for e in environments.environments("newest") if not e.lacks()}
    kernels = ["", "Haswell", "Sandybridge", "Nehalem", "Prescott"]
    assert tried == {(k, t, ()) for k in kernels for t in (1, 2)} | {("", t, ("X86_V3",)) for t in (1, 2)}
    assert {e.disabled for e in environments.environments("oldest")} == {(), ("AVX2", "FMA3")}
    beyond = next(e for e in environments.environments("newest") if e.kernel == "SkylakeX")
    assert "avx512f" in beyond.lacks()
    monkeypatch.setattr(environments, "FLAGS", environments.FLAGS | environments.KERNELS["SkylakeX"])
    assert not beyond.lacks()
    assert ("X86_V4", "X86_V3") in {e.disabled for e in environments.environments("newest")}


def test_the_laboratory_record_is_made_of_every_public_function_of_the_models() -> None:
    modules = [import_module(f"figures.models.{m.name}") for m in pkgutil.iter_modules(figures.models.__path__)]
    public = {
        function.__code__: f"{module.__name__}.{name}"
        for module in modules
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
    }
    assert public
    called = set()

    def note(frame: FrameType, event: str, _: object) -> None:
        called.add(frame.f_code)

    sys.setprofile(note)
    try:
        laboratory.run(laboratory.SEEDS)
    finally:
        sys.setprofile(None)
    missing = sorted(name for code, name in public.items() if code not in called)
    assert missing == [], "call them in tests/laboratory.py"


def test_what_the_laboratory_says_of_numpy_is_true() -> None:
    assert laboratory.describe_environment()["numpy"] == np.__version__
