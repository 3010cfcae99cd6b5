"""A record torn, merged, edited, or written by newer code is one sentence, and ``run`` mends that record alone."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Lab, Site

from figures import record
from figures.record import Record
from figures.results import Claim, Number


def merged(text: str) -> str:
    """As git leaves it when both sides changed a line."""
    line = next(line for line in text.splitlines() if '"26.0個"' in line)
    other = line.replace("26.0", "27.0")
    return text.replace(line, f"<<<<<<< HEAD\n{line}\n=======\n{other}\n>>>>>>> branch")


NAMED = {
    "truncated": (lambda text: text[: text.index('"about": "決めた') + 12], "途中で切れたか、JSONではありません"),
    "merged": (merged, "マージの衝突の印が残っています"),
    "future": (lambda text: text.replace('"version": 1', '"version": 2'), "git pull で新しいコードを取れば"),
    "edited": (lambda text: text.replace('"26.0個"', '"27.0個"'), "手で書きかえたか"),
}
BAD: dict[str, tuple[Callable[[str], str], str]] = {
    **NAMED,
    "emptied": (lambda text: "", "途中で切れたか、JSONではありません"),
    "a list": (lambda text: "[]\n", "記録の形をしていません"),
    "edited values": (lambda text: text.replace('"values": [22, ', '"values": [21, '), "手で書きかえたか"),
    "edited deeper": (lambda text: text.replace('"unit": "人"', '"unit": 3'), "記録の形をしていません"),
    "not a number": (lambda text: text.replace('"values": [10]', '"values": [NaN]'), "記録の形をしていません"),
    "too large": (lambda text: text.replace("[22, 24,", "[1e308, 1e308,"), "記録の形をしていません"),
    "another's": (lambda text: text.replace('"experiment": "toy"', '"experiment": "toys"'), "手で書きかえたか"),
    "a result twice": (lambda text: text.replace('"exact": {', '"mean": {'), "手で書きかえたか"),
    "other line ends": (lambda text: text.replace("\n", "\r\n"), "手で書きかえたか"),
}
RUN = "python -m figures run"


def figures(lab: Lab, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "figures", *arguments]
    done = subprocess.run(command, cwd=lab.root, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
    return done


def spoil(lab: Lab, how: str) -> tuple[Path, str]:
    """Spoil the record of toy; its file, and how the sentence about it begins."""
    file = lab.root / "figures/records/toy.json"
    good = file.read_bytes().decode()
    bad = BAD[how][0](good)
    assert bad != good
    file.write_bytes(bad.encode())
    pairs = enumerate(zip(bad.split("\n"), good.split("\n"), strict=False), 1)
    line = next(number for number, (there, here) in pairs if there != here)
    return file, f"figures/records/toy.json:{line}: "


@pytest.fixture
def ran(lab: Lab) -> Lab:
    lab.write("figures/experiments/other.py", "from figures.results import Number\nSEEDS = [0]\n" + OTHER)
    assert figures(lab, "run").returncode == 0
    return lab


OTHER = 'def run(seeds):\n    return {"one": Number(1, digits=0)}\n'


@pytest.mark.parametrize("how", BAD)
def test_what_is_wrong_is_a_sentence_with_place_and_remedy(ran: Lab, how: str) -> None:
    _, place = spoil(ran, how)
    done = figures(ran, "list", "--unused")
    (said,) = done.stderr.splitlines()
    assert done.returncode == 1
    assert BAD[how][1] in said
    assert RUN in said
    assert said.startswith("figures/records/toy.json:")
    if how in (*NAMED, "emptied", "another's", "other line ends"):  # the others show at the result's name or text
        assert said.startswith(place)


@pytest.mark.parametrize("how", BAD)
def test_run_heals_it_and_loses_nothing_else(ran: Lab, how: str) -> None:
    file = ran.root / "figures/records/toy.json"
    good = file.read_bytes()

    def others() -> dict[Path, tuple[bytes, int]]:
        found = (path for path in ran.root.rglob("*") if path.is_file() and path != file)
        return {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in found}

    before = others()
    spoil(ran, how)
    done = figures(ran, "run")
    assert done.returncode == 0
    assert BAD[how][1] in done.stdout
    assert how not in NAMED or len(done.stdout.splitlines()) == 2  # not a line for each result in it
    assert done.stderr == ""  # nothing had to run again
    assert file.read_bytes() == good
    assert others() == before


def test_run_heals_it_without_the_cache(ran: Lab) -> None:
    good = (ran.root / "figures/records/toy.json").read_bytes()
    file, place = spoil(ran, "merged")
    for entry in (ran.root / ".cache/figures").rglob("*.json"):
        entry.unlink()
    assert figures(ran, "run").stdout.startswith(place)
    assert file.read_bytes() == good


@pytest.mark.parametrize("how", NAMED)
def test_verify_says_it_once_and_changes_nothing(ran: Lab, how: str) -> None:
    file, place = spoil(ran, how)
    bad = file.read_bytes()
    done = figures(ran, "verify")
    assert done.returncode == 1
    assert [line.startswith(place) for line in done.stdout.splitlines()] == [True, False]
    assert file.read_bytes() == bad


@pytest.mark.parametrize("how", NAMED)
def test_ci_stops_with_it_and_a_build_at_home_heals_it(site: Site, how: str) -> None:
    before = site.good()
    good = (site.root / "figures/records/toy.json").read_bytes()
    file, place = spoil(site, how)
    bad = file.read_bytes()
    said = site.bad(ci=True)
    assert said.count(place) == 1
    assert "（なし） →" not in said
    assert file.read_bytes() == bad
    assert site.html() == before
    assert site.good() == before
    assert file.read_bytes() == good


def test_all_that_are_wrong_are_said_at_once(ran: Lab) -> None:
    spoil(ran, "merged")
    (ran.root / "figures/records/other.json").unlink()
    said = figures(ran, "list", "--unused").stderr.splitlines()
    assert [line.split(":")[0] for line in said] == ["figures/records/other.json", "figures/records/toy.json"]


def test_other_values_are_said_as_values(ran: Lab) -> None:
    """The sentence says that a record was edited, and the lines after it what the edit would have published."""
    spoil(ran, "edited values")
    lines = figures(ran, "run").stdout.splitlines()
    assert lines[1].startswith("toy.mean: 25.8個 ±1.6 → 26.0個 ±1.4")


def test_a_record_from_before_there_was_a_version_reads_the_same() -> None:
    text = record.to_json(Record("toy", {"a": Number([1, 3], "個")}))
    older = text.replace(' "version": 1,\n', "")
    assert older != text
    assert record.from_json(older) == record.from_json(text)


def test_no_part_of_a_record_passes_for_one(tmp_path: Path) -> None:
    whole = record.to_json(
        Record("toy", {"a": Number([1, 3], "個"), "b": Claim([1, 2], ">", 0)}, {"b": "0/2"})
    ).encode()
    file = record.path_of(tmp_path, "toy")
    file.parent.mkdir(parents=True)
    for length in range(len(whole)):
        file.write_bytes(whole[:length])
        assert record.read(tmp_path, "toy")[1], whole[:length]
    file.write_bytes(whole)
    assert record.read(tmp_path, "toy")[1] == ""
