"""The published folder is a complete good site or absent, whatever happens to a build, and however many there are."""

from __future__ import annotations

import fcntl
import hashlib
import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import Site

from hooks import publish

COMMAND = [sys.executable, "-m", "mkdocs", "build", "-q"]
AUTHOR = {key: value for key, value in os.environ.items() if key != "CI"}  # whose changed records are written


def digest(folder: Path) -> str:
    """Of all files with their names."""
    whole = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        whole.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes())
    return whole.hexdigest()


def leftovers(site: Site) -> list[str]:
    return [path.name for path in site.root.iterdir() if "staging" in path.name]


@pytest.fixture
def large(site: Site) -> Site:
    for number in range(60):
        site.page(f"# 頁{chr(ord('ぁ') + number)}\n\n値は{{{{ toy.mean }}}}。\n", f"docs/page{number}.md")
    return site


def test_a_killed_build_leaves_the_old_or_the_new_site_and_the_next_one_is_clean(large: Site) -> None:
    begin = time.monotonic()
    large.good()
    length = time.monotonic() - begin
    old = digest(large.root / "site")
    large.edit("figures/data/base.txt", "1.0", "2.0")
    shutil.copytree(large.root, large.root.parent / "clean", ignore=shutil.ignore_patterns(".cache", "site"))
    clean = Site(large.root.parent / "clean")
    clean.good()
    new = digest(clean.root / "site")
    assert old != new
    moments = random.Random(0)
    seen = set()
    for _ in range(40):
        process = subprocess.Popen(
            COMMAND, cwd=large.root, env=AUTHOR, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(moments.uniform(0, length))
        process.kill()
        process.wait()
        state = digest(large.root / "site")
        assert state in (old, new)
        seen.add(state)
    large.good()
    assert digest(large.root / "site") == new
    assert leftovers(large) == []


def test_builds_at_the_same_time_take_turns(site: Site) -> None:
    site.good()
    for turn in range(5):
        site.edit("figures/data/base.txt", f"{turn + 1}.0", f"{turn + 2}.0")
        running = [
            subprocess.Popen(
                COMMAND, cwd=site.root, env=AUTHOR, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
            )
            for _ in range(3)
        ]
        said = [process.communicate(timeout=120)[0] for process in running]
        assert [process.returncode for process in running] == [0, 0, 0], said
        assert f">{site.text('toy.mean')}</data>" in site.html()
        assert leftovers(site) == []


def test_a_build_waits_for_the_one_that_holds_the_lock(site: Site) -> None:
    site.good()
    with (site.root / ".cache" / "lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        command = [argument for argument in COMMAND if argument != "-q"]
        waiting = subprocess.Popen(command, cwd=site.root, env=AUTHOR, stderr=subprocess.PIPE, text=True)
        assert waiting.stderr
        while "待っています" not in waiting.stderr.readline():
            assert waiting.poll() is None, "it did not wait"
        with pytest.raises(subprocess.TimeoutExpired):
            waiting.wait(2)
    waiting.communicate(timeout=60)
    assert waiting.returncode == 0


def test_the_lock_of_a_dead_build_is_no_lock(site: Site) -> None:
    slow = "SEEDS = []\ndef run(seeds):\n    while True: pass\n"
    site.write("figures/experiments/slow.py", slow)
    process = subprocess.Popen(COMMAND, cwd=site.root, env=AUTHOR, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 30
    while not (site.root / ".cache" / "figures").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    process.kill()
    process.wait()
    (site.root / "figures/experiments/slow.py").unlink()
    site.good()


@pytest.mark.parametrize("where", ["", "deep/er"])
def test_two_machines_give_the_same_bytes(site: Site, tmp_path: Path, where: str) -> None:
    other = Site(tmp_path / "another place" / where / "x")
    shutil.copytree(site.root, other.root)
    for file in sorted(other.root.rglob("*"), reverse=True):
        os.utime(file, (1, 1))
    site.good(LC_ALL="C", TZ="UTC", PYTHONHASHSEED="1")
    other.good(LC_ALL="C.UTF-8", TZ="Asia/Tokyo", PYTHONHASHSEED="2", SOURCE_DATE_EPOCH="86400")
    for file in sorted((site.root / "site").rglob("*")):
        twin = other.root / "site" / file.relative_to(site.root / "site")
        assert file.is_dir() or file.read_bytes() == twin.read_bytes(), file.name
    assert digest(site.root / "site") == digest(other.root / "site")


@pytest.mark.parametrize("dies", [False, True])
def test_without_an_exchange_in_one_step_two_renames_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dies: bool
) -> None:
    monkeypatch.setattr(publish, "_rename_exchange", lambda staging, site: False)
    site, staging, rename = tmp_path / "site", tmp_path / ".site-staging-1", Path.rename
    for words in ("old", "new"):
        staging.mkdir()
        (staging / "index.html").write_text(words)
        if dies and words == "new":
            with monkeypatch.context() as between:
                between.setattr(Path, "rename", lambda self, to: rename(self, to) if self == site else 1 / 0)
                with pytest.raises(ZeroDivisionError):
                    publish._exchange(staging, site)
            assert not site.exists()
            publish._recover(site)  # what the next build begins with
        else:
            publish._exchange(staging, site)
    assert (site / "index.html").read_text() == ("old" if dies else "new")
    assert not (tmp_path / ".site-old").exists()
