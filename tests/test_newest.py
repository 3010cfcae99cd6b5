"""``.ci/newest`` in a repository that depends on a package of two versions, of which the second computes otherwise."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import yaml
from conftest import PROJECT, Lab
from test_drift import commit, git

from figures import record
from figures.record import Record
from figures.results import Claim, Number

PYPROJECT = """
    [project]
    requires-python = ">=3.11"
    dependencies = [
      "tiny==1.0",
    ]
"""
EXPERIMENT = """
    import tiny
    from figures.results import Claim, Number

    SEEDS = range(2)


    def run(seeds):
        return {"value": Number(tiny.VALUE, digits=0), "is_small": Claim(tiny.VALUE, "<", 4)}


    def falsify(seeds):
        return {"is_small": Claim(9, "<", 4)}
"""


def wheel(place: Path, version: str, value: int) -> None:
    """A package ``tiny`` with one constant."""
    about = f"tiny-{version}.dist-info"
    with zipfile.ZipFile(place / f"tiny-{version}-py3-none-any.whl", "w") as archive:
        archive.writestr("tiny.py", f"VALUE = {value}\n")
        archive.writestr(f"{about}/METADATA", f"Metadata-Version: 2.1\nName: tiny\nVersion: {version}\n")
        archive.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{about}/RECORD", "")


@pytest.fixture
def pinned(lab: Lab, tmp_path: Path) -> Lab:
    """A commit whose record was made with tiny 1.0; no index, but a folder of packages."""
    (lab.root / "figures/experiments/toy.py").unlink()
    lab.write("figures/experiments/tiny_one.py", EXPERIMENT)
    lab.write("pyproject.toml", PYPROJECT)
    lab.write("docs/a.md", "{{ tiny_one.value }}\n")
    lab.write(".gitignore", ".venv/\n.cache/\n__pycache__/\n")
    results = {"value": Number(1, digits=0), "is_small": Claim(1, "<", 4)}
    lab.write("figures/records/tiny_one.json", "")
    record.path_of(lab.root, "tiny_one").write_text(record.to_json(Record("tiny_one", results, {"is_small": "0/1"})))
    shutil.copytree(PROJECT / ".ci", lab.root / ".ci")
    git(lab.root, "init", "-q", "-b", "main")
    commit(lab.root)
    (tmp_path / "packages").mkdir()
    wheel(tmp_path / "packages", "1.0", 1)
    return lab


def newest(lab: Lab) -> subprocess.CompletedProcess[str]:
    packages = lab.root.parent / "packages"
    # What the laboratory itself needs (rich) is taken from the environment of the tests.
    environment = {
        **os.environ,
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(packages),
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path.endswith("site-packages")),
        "TMPDIR": str(lab.root.parent),
    }
    command = ["bash", ".ci/newest"]
    done = subprocess.run(command, cwd=lab.root, env=environment, capture_output=True, text=True, check=False)
    assert git(lab.root, "status", "--porcelain") == ""
    assert not list(lab.root.parent.glob("tmp.*")), "something stays behind"
    return done


def test_the_same_results_are_status_0(pinned: Lab) -> None:
    done = newest(pinned)
    assert done.returncode == 0, done.stderr
    assert "| tiny |" not in done.stdout
    assert done.stdout.endswith("HEAD の記録から変わった結果はありません。\n")


def test_other_results_are_status_1_and_a_table(pinned: Lab) -> None:
    wheel(pinned.root.parent / "packages", "2.0", 3)
    done = newest(pinned)
    assert done.returncode == 1, done.stderr
    assert "| tiny | 1.0 | 2.0 |" in done.stdout
    assert "| tiny_one.value | 1 | 3 |  | docs/a.md:1 |" in done.stdout


def test_a_claim_that_fails_is_status_1_and_said(pinned: Lab) -> None:
    wheel(pinned.root.parent / "packages", "2.0", 5)
    done = newest(pinned)
    assert done.returncode == 1
    assert "新しい版では失敗する実験があります" in done.stdout
    assert "主張 'is_small' が成り立ちません" in done.stderr


def test_each_direct_dependency_is_raised_and_a_failed_installation_is_status_2(tmp_path: Path) -> None:
    """The script reads the real pyproject.toml: a stand-in for Python writes down what pip is asked for."""
    shutil.copytree(PROJECT / ".ci", tmp_path / ".ci")
    shutil.copy(PROJECT / "pyproject.toml", tmp_path)
    git(tmp_path, "init", "-q")
    commit(tmp_path)
    fake = tmp_path / "bin" / "python3"
    fake.parent.mkdir()
    fake.write_text(PIP_ONLY.format(tmp_path / "asked"))
    fake.chmod(0o755)
    environment = {**os.environ, "PATH": f"{fake.parent}:{os.environ['PATH']}"}
    done = subprocess.run(["bash", ".ci/newest"], cwd=tmp_path, env=environment, stdout=subprocess.PIPE, check=False)
    assert done.returncode == 2
    assert done.stdout.decode() == "新しい版をそろえて入れられません。しばらくして、もう一度試してください。\n"
    asked = (tmp_path / "asked").read_text().split()
    text = (tmp_path / "pyproject.toml").read_text(encoding="utf-8")
    direct = text[text.index("dependencies = [") : text.index("[project.optional")].count("==")
    assert sum(">=" in word for word in asked) == direct
    assert "numpy>=" in " ".join(asked)
    assert not any("==" in word for word in asked)


PIP_ONLY = r"""#!/bin/sh
mkdir -p .venv/bin
printf '#!/bin/sh\necho "$@" > {}\nexit 1\n' > .venv/bin/pip
chmod 755 .venv/bin/pip
"""


def test_it_runs_each_night_with_no_right_but_to_read() -> None:
    text = (PROJECT / ".github/workflows/nightly.yml").read_text(encoding="utf-8")
    flow = yaml.safe_load(text)
    assert set(flow[True]) == {"schedule", "workflow_dispatch"}  # YAML 1.1 reads the key `on` as true
    assert flow["permissions"] == {"contents": "read"}
    (job,) = flow["jobs"].values()
    assert "permissions" not in job
    (step,) = (step for step in job["steps"] if ".ci/newest" in step.get("run", ""))
    assert step["shell"] == "bash"  # with pipefail: the status is that of the script, not of tee
    assert "$GITHUB_STEP_SUMMARY" in step["run"]
    for step in job["steps"]:
        name, _, sha = step.get("uses", "actions/a@" + "0" * 40).partition("@")
        assert name.startswith("actions/")
        assert len(sha) == 40
