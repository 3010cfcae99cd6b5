"""The one thing that must never be wrong: an edit that matters is in the next result, and nothing else runs."""

from __future__ import annotations

import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Lab

from figures import cache, fingerprint, libraries, runner

ALL = ["run toy", "draw toy"]


def test_a_second_update_does_nothing(drawn: Lab) -> None:
    drawn.update()
    assert drawn.ran == ALL
    drawn.update()
    assert drawn.ran == []


@pytest.mark.parametrize(
    ("path", "old", "new", "printed"),
    [
        ("figures/experiments/toy.py", "OFFSET = 10", "OFFSET = 20", "46.0個"),
        ("figures/models/double.py", "FACTOR * x", "FACTOR * x + 1", "27.0個"),
        ("figures/models/factor.py", "FACTOR = 2", "FACTOR = 3", "39.0個"),
        ("figures/data/base.txt", "1.0", "2.0", "28.0個"),
    ],
    ids=["experiment", "model", "model-of-the-model", "data"],
)
def test_an_edit_is_in_the_next_result(lab: Lab, path: str, old: str, new: str, printed: str) -> None:
    lab.write("figures/experiments/other.py", "from figures.results import Number\nSEEDS = [0]\n" + CONSTANT)
    before = lab.text("toy.mean")
    lab.edit(path, old, new)
    assert lab.text("toy.mean") != before
    lab.edit(path, new, old)
    assert lab.text("toy.mean") == before
    lab.edit(path, old, new)
    changed = lab.update()["toy"]
    assert "other" not in " ".join(lab.ran)
    assert f"{changed.record.results['mean'].value:.1f}個" == printed
    assert lab.why["run toy"] == f"{path.removeprefix('figures/')} changed"


CONSTANT = 'def run(seeds):\n    return {"one": Number(1, digits=0)}\n'


def test_an_edit_of_equal_length_within_the_same_second_is_seen(lab: Lab) -> None:
    """Python's own cache of compiled modules would import the old constant; keep time and size as they were."""
    lab.update()
    author = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    for value in (3, 4, 5, 6, 7):
        # As an author's own session does: leave a compiled module behind.
        subprocess.run([sys.executable, "-c", "import figures.models.double"], cwd=lab.root, env=author, check=True)
        assert list((lab.root / "figures/models/__pycache__").glob("factor*.pyc"))
        model = lab.root / "figures/models/factor.py"
        stat = model.stat()
        model.write_text(f"FACTOR = {value}\n")
        os.utime(model, ns=(stat.st_atime_ns, stat.st_mtime_ns))
        assert lab.update()["toy"].record.results["mean"].value == value * 13


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("figures/experiments/toy.py", '"""おもちゃの実験。"""', '"""別の説明。"""'),
        ("figures/experiments/toy.py", "OFFSET = 10", "OFFSET = 10  # 人数"),
        ("figures/models/double.py", "def double(x):", 'def double(x):\n    """Twice."""'),
        ("figures/models/factor.py", "FACTOR = 2", "# 二倍\n\nFACTOR = 2"),
    ],
    ids=["docstring", "comment", "docstring-of-a-model", "comment-of-a-model"],
)
def test_a_comment_or_docstring_runs_nothing(lab: Lab, path: str, old: str, new: str) -> None:
    lab.update()
    lab.edit(path, old, new)
    lab.update()
    assert lab.ran == []


@pytest.mark.parametrize(
    "around",
    [
        "{}",
        "if x:\n    {}",
        "if x:\n    pass\nelse:\n    {}",
        "for i in x:\n    {}",
        "while x:\n    {}",
        "with x:\n    {}",
        "try:\n    {}\nexcept E:\n    pass",
        "try:\n    pass\nexcept E:\n    {}",
        "try:\n    pass\nfinally:\n    {}",
        "match x:\n    case 1:\n        {}",
        "class C:\n    {}",
        "async def g():\n    {}",
    ],
)
def test_a_docstring_counts_nowhere_and_the_code_beside_it_everywhere(around: str) -> None:
    once, again, other = (
        fingerprint.digest_code(around.format(f"def f(): {body}").encode())
        for body in ("'One.'; return 1", "'Two.'; return 1", "'One.'; return 2")
    )
    assert once == again != other


def test_a_docstring_that_the_code_reads_counts(lab: Lab) -> None:
    lab.edit("figures/experiments/toy.py", "OFFSET = 10", "OFFSET = len(__doc__)")
    before = lab.text("toy.mean")
    lab.edit("figures/experiments/toy.py", "おもちゃの実験。", "おもちゃの、長い名前の実験。")
    assert lab.text("toy.mean") != before


def test_an_edit_of_the_drawing_trains_nothing(drawn: Lab) -> None:
    before = drawn.update()["toy"].drawings
    drawn.edit("figures/experiments/toy.py", 'color="#22201c"', 'color="#1b4389"')
    after = drawn.update()["toy"].drawings
    assert drawn.ran == ["draw toy"]
    assert before != after


def test_an_edit_of_the_style_redraws_and_trains_nothing(drawn: Lab) -> None:
    drawn.update()
    drawn.edit("figures/plot.py", "\ndef render(", "\nNEW_STYLE = 1\n\n\ndef render(")
    drawn.update()
    assert drawn.ran == ["draw toy"]
    assert drawn.why["draw toy"] == "plot.py changed"


def test_an_edit_of_the_calculation_that_gives_the_same_data_draws_nothing(drawn: Lab) -> None:
    drawn.update()
    drawn.edit("figures/experiments/toy.py", "base + OFFSET + seed", "OFFSET + base + seed")
    drawn.update()
    assert drawn.ran == ["run toy"]


@pytest.mark.parametrize(("library", "jobs"), [("numpy", ALL), ("matplotlib", ["draw toy"])])
def test_another_version_of_a_library_counts(
    drawn: Lab, monkeypatch: pytest.MonkeyPatch, library: str, jobs: list[str]
) -> None:
    drawn.edit("figures/experiments/toy.py", "from pathlib", "import numpy\nfrom pathlib")
    drawn.update()
    real = importlib.metadata.version
    monkeypatch.setattr(importlib.metadata, "version", lambda name: "99" if name == library else real(name))
    drawn.update()
    assert drawn.ran == jobs
    assert drawn.why[jobs[0]].startswith(f"{library} changed")


def test_a_path_made_at_run_time_is_seen(lab: Lab) -> None:
    lab.edit("figures/experiments/toy.py", '"base.txt"', '(chr(98) + "ase" + "." + "txt")')
    before = lab.text("toy.mean")
    lab.edit("figures/data/base.txt", "1.0", "5.0")
    assert lab.text("toy.mean") != before


def test_a_file_that_comes_into_a_listed_folder_is_seen(lab: Lab) -> None:
    lab.edit(
        "figures/experiments/toy.py",
        "OFFSET = 10",
        "OFFSET = len(list((Path(__file__).parents[1] / 'data').glob('*.txt')))",
    )
    before = lab.text("toy.mean")
    lab.write("figures/data/second.txt", "2")
    assert lab.text("toy.mean") != before


def test_a_file_that_was_missing_and_comes_is_seen(lab: Lab) -> None:
    lab.edit(
        "figures/experiments/toy.py",
        "OFFSET = 10",
        "DATA = Path(__file__).parents[1] / 'data'\n"
        "try:\n    OFFSET = len((DATA / 'extra.txt').read_text())\nexcept OSError:\n    OFFSET = 10",
    )
    before = lab.text("toy.mean")
    lab.write("figures/data/extra.txt", "something")
    assert lab.text("toy.mean") != before


def test_a_package_that_comes_before_a_module_of_its_name_is_seen(lab: Lab) -> None:
    before = lab.text("toy.mean")
    lab.write("figures/models/factor/__init__.py", "FACTOR = 7\n")
    assert lab.text("toy.mean") != before


def test_like_code_with_other_data_shares_nothing(lab: Lab) -> None:
    lab.write("figures/data/second.txt", "100\n")
    twin = (lab.root / "figures/experiments/toy.py").read_text(encoding="utf-8").replace("base.txt", "second.txt")
    lab.write("figures/experiments/twin.py", twin)
    runs = lab.update()
    assert runs["twin"].record.results["mean"] != runs["toy"].record.results["mean"]


def test_a_renamed_experiment_leaves_no_ghost(lab: Lab) -> None:
    lab.update()
    experiments = lab.root / "figures/experiments"
    (experiments / "toy.py").rename(experiments / "renamed.py")
    lab.update()
    assert [file.name for file in (lab.root / "figures/records").iterdir()] == ["renamed.json"]
    assert cache.names(lab.root, "run") == ["renamed"]


def torn(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def flipped(path: Path) -> None:
    content = bytearray(path.read_bytes())
    where = content.index(b"26") if b"26" in content else len(content) // 2
    content[where] ^= 1
    path.write_bytes(bytes(content))


def nonsense(path: Path) -> None:
    path.write_bytes(b"[" * 100_000)


@pytest.mark.parametrize("damage", [torn, emptied, flipped, nonsense])
@pytest.mark.parametrize("kind", ["run", "draw"])
def test_a_damaged_entry_is_made_again(drawn: Lab, damage: object, kind: str) -> None:
    good = drawn.update()
    damage(cache.folder(drawn.root) / kind / "toy.json")  # type: ignore[operator]
    assert drawn.update() == good
    assert drawn.ran == [f"{kind} toy"]


def test_an_entry_of_another_experiment_is_not_believed(lab: Lab) -> None:
    other = (lab.root / "figures/experiments/toy.py").read_text(encoding="utf-8").replace("OFFSET = 10", "OFFSET = 50")
    lab.write("figures/experiments/other.py", other)
    good = lab.update()
    folder = cache.folder(lab.root) / "run"
    shutil.copy(folder / "toy.json", folder / "keep")
    shutil.copy(folder / "other.json", folder / "toy.json")
    shutil.copy(folder / "keep", folder / "other.json")
    assert lab.update() == good
    assert sorted(lab.ran) == ["run other", "run toy"]


def test_an_older_entry_of_the_same_experiment_is_not_believed(lab: Lab) -> None:
    lab.update()
    entry = cache.folder(lab.root) / "run" / "toy.json"
    old = entry.read_bytes()
    lab.edit("figures/data/base.txt", "1.0", "9.0")
    good = lab.update()
    entry.write_bytes(old)
    assert lab.update() == good


def test_without_the_cache_the_results_are_the_same(drawn: Lab) -> None:
    good = drawn.update()
    shutil.rmtree(drawn.root / ".cache")
    assert drawn.update() == good
    assert drawn.ran == ALL


def test_a_record_is_compared_and_never_believed(lab: Lab) -> None:
    runs = lab.update()
    record = lab.root / "figures/records/toy.json"
    record.write_text(record.read_text(encoding="utf-8").replace("26", "27"), encoding="utf-8")
    again = runner.update(lab.root)
    assert again == runs
    assert any(line.startswith("toy.mean: ") for line in runner.compare_records(lab.root, again))
    runner.write_records(lab.root, again)
    assert runner.compare_records(lab.root, again) == []


def test_an_unchanged_record_is_not_written(lab: Lab) -> None:
    lab.update()
    record = lab.root / "figures/records/toy.json"
    before = record.stat().st_mtime_ns, record.stat().st_ino
    shutil.rmtree(lab.root / ".cache")
    lab.update()
    assert (record.stat().st_mtime_ns, record.stat().st_ino) == before


def test_a_file_edited_while_it_is_read_is_read_again(lab: Lab) -> None:
    """A second process edits it, after the digest and before the end."""
    lab.edit(
        "figures/experiments/toy.py",
        "    values =",
        "    import time\n    (Path(__file__).parents[1] / 'data' / 'go').exists() or time.sleep(1.5)\n    values =",
    )
    editor = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys, time, pathlib\n"
            "d = pathlib.Path(sys.argv[1]); time.sleep(0.9); (d / 'base.txt').write_text('3.0'); (d / 'go').touch()",
            str(lab.root / "figures/data"),
        ]
    )
    value = lab.update()["toy"].record.results["mean"].value
    editor.wait()
    assert value == 2 * (3.0 + 10 + 2)


def test_list_says_fresh_stale_missing_and_why(lab: Lab) -> None:
    def listed() -> str:
        command = [sys.executable, "-m", "figures", "list"]
        return subprocess.run(command, cwd=lab.root, capture_output=True, text=True, check=True).stdout.strip()

    assert listed() == "missing toy"
    lab.update()
    assert listed() == "fresh   toy"
    lab.edit("figures/models/factor.py", "2", "3")
    assert listed() == "stale   toy  models/factor.py changed"


def test_the_cache_holds_what_was_observed(lab: Lab) -> None:
    lab.update()
    entry = json.loads((cache.folder(lab.root) / "run" / "toy.json").read_text(encoding="utf-8"))
    seen = entry["entry"]["content"]["dependencies"]
    assert {"figures/experiments/toy.py", "figures/models/double.py", "figures/models/factor.py"} <= set(
        seen["modules"]
    )
    assert "figures/data/base.txt" in seen["files"]


def test_a_library_of_another_name_than_its_modules_is_a_dependency(lab: Lab) -> None:
    lab.edit("figures/experiments/toy.py", "from pathlib", "import yaml\nimport numpy\nfrom pathlib")
    lab.update()
    entry = json.loads((cache.folder(lab.root) / "run" / "toy.json").read_text(encoding="utf-8"))
    found = entry["entry"]["content"]["dependencies"]["libraries"]
    assert found == {name: importlib.metadata.version(name) for name in ("PyYAML", "numpy")}


def test_a_library_that_is_installed_later_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    assert libraries.belonging_to(["sundial", "yaml"]) == {"PyYAML"}
    folder = tmp_path / "Sun_Dial-1.5.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: Sun-Dial\nVersion: 1.5\n", encoding="utf-8")
    (folder / "RECORD").write_text("sundial/__init__.py,,\nSun_Dial-1.5.dist-info/RECORD,,\n", encoding="utf-8")
    assert libraries.belonging_to(["sundial", "yaml"]) == {"Sun-Dial", "PyYAML"}
    assert libraries.versions(["Sun-Dial", "Moon-Dial"]) == {"Sun-Dial": "1.5", "Moon-Dial": ""}
