"""The project keeps its own promises: pins, lock, top level, and nothing that depends on one machine."""

from __future__ import annotations

import importlib.metadata
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

PROJECT = Path(__file__).resolve().parent.parent
SETTINGS = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS = SETTINGS["project"]["optional-dependencies"]
DIRECT = [*SETTINGS["project"]["dependencies"], *EXTRAS["cluster"], *EXTRAS["test"]]
LOCK = (PROJECT / ".ci/requirements.txt").read_text(encoding="utf-8")
TRACKED = subprocess.run(["git", "ls-files"], cwd=PROJECT, capture_output=True, text=True, check=True).stdout.split(
    "\n"
)


@pytest.mark.parametrize("requirement", DIRECT)
def test_what_is_required_is_pinned_locked_and_installed(requirement: str) -> None:
    name, pinned, version = requirement.partition("==")
    assert pinned, f"{requirement} is not pinned exactly"
    assert f"\n{name.lower()}=={version} " in f"\n{LOCK}"
    assert importlib.metadata.version(name) == version


def test_the_lock_holds_hashes_and_no_address() -> None:
    entries = re.findall(r"^[a-z0-9._-]+==[^ ]+.*?(?=^[a-z]|\Z)", LOCK, re.MULTILINE | re.DOTALL)
    assert len(entries) > 50
    assert all("--hash=sha256:" in entry for entry in entries)
    assert "://" not in LOCK


def test_the_top_level_is_what_the_user_fixed() -> None:
    allowed = {"docs", "hooks", "figures", "tests", "mkdocs.yml", "pyproject.toml", "README.md"}
    top = {path.split("/")[0] for path in TRACKED if path}
    assert {name for name in top if not name.startswith(".")} == allowed


def test_the_laboratory_knows_nothing_of_the_site() -> None:
    for file in (PROJECT / "figures").rglob("*.py"):
        found = re.findall(r"^\s*(?:import|from) (mkdocs|markdown|hooks)\b", file.read_text(encoding="utf-8"), re.M)
        assert not found, f"{file} imports {found[0]}"


def test_extensions_that_break_japanese_emphasis_stay_off() -> None:
    settings = (PROJECT / "mkdocs.yml").read_text(encoding="utf-8")
    enabled = re.findall(r"^\s*- (pymdownx\.\w+)", settings, re.M)
    assert not {"pymdownx.betterem", "pymdownx.extra", "pymdownx.mark"} & set(enabled)


def test_the_readme_holds_the_two_commands() -> None:
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    lines = re.findall(r"^ +(python3 -m venv [^#\n]*[^#\s])", readme, re.M)
    assert lines[:2] == [
        "python3 -m venv .venv && .venv/bin/pip install -e . && .venv/bin/mkdocs serve",
        "python3 -m venv .venv && .venv/bin/pip install -e '.[test]' && .venv/bin/pytest",
    ]


def test_the_workflow_runs_the_same_script_with_least_rights_and_pinned_actions() -> None:
    text = (PROJECT / ".github/workflows/publish.yml").read_text(encoding="utf-8")
    flow = yaml.safe_load(text)
    assert {"push", "pull_request"} == set(flow[True])  # YAML 1.1 reads the key `on` as true
    assert flow["permissions"] == {"contents": "read"}
    assert {"run": "bash .ci/run"} in flow["jobs"]["check"]["steps"]
    assert "permissions" not in flow["jobs"]["check"]
    for action in re.findall(r"uses: (\S+)", text):
        assert re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40}", action), action
    assert "secrets." not in text
    assert "pull_request_target" not in text
    assert "actions/cache" not in text
