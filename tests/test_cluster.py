"""A cluster on this machine: a scheduler and workers in processes of their own, each worker with its own checkout."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest
from conftest import Lab
from test_failures import _alive, _parent_of

from figures import cluster, runner
from figures.errors import FiguresError

T = TypeVar("T")
SLOW = '''
    """Lasts long enough for something to happen meanwhile."""
    import time

    from figures.models.double import double
    from figures.results import Number

    SEEDS = range(3)


    def run(seeds):
        time.sleep(2)
        return {"mean": Number([double(seed) for seed in seeds])}
'''
BAD = "SEEDS = range(3)\ndef run(seeds):\n    return {'a': 1 / 0}\n"


@dataclass
class Worker:
    root: Path
    process: subprocess.Popen[bytes]
    address: str

    def children(self) -> list[int]:
        files = Path("/proc").glob("[0-9]*/stat")
        return [int(file.parent.name) for file in files if _parent_of(file) == self.process.pid]


def wait_for(what: Callable[[], T | None]) -> T:
    deadline = time.monotonic() + 120  # only a hang lasts so long
    while not (found := what()):
        assert time.monotonic() < deadline, "nothing happened"
        time.sleep(0.02)
    return found


@contextmanager
def dask(part: str, log: Path, *arguments: str, cwd: Path, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run ``dask scheduler`` or ``dask worker`` until the end of the block."""
    with log.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.dask_{part}", *arguments, "--host", "127.0.0.1", "--no-dashboard"],
            cwd=cwd,
            env={**os.environ, **environment},
            stderr=file,
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    place = tmp_path_factory.mktemp("scheduler")
    known = place / "scheduler.json"
    with dask("scheduler", place / "log", "--port", "0", "--scheduler-file", str(known), cwd=place):
        wait_for(known.exists)
        yield wait_for(lambda: known.read_text() and json.loads(known.read_text())["address"])


@pytest.fixture
def hire(scheduler: str, tmp_path: Path) -> Iterator[Callable[[list[Path]], list[Worker]]]:
    """Start a worker in each of these checkouts, with the environment that Dask's nanny gives it."""
    with ExitStack() as stack:

        def hire(roots: list[Path]) -> list[Worker]:
            arguments = (scheduler, "--no-nanny", "--nthreads", "1", "--local-directory", str(tmp_path / "scratch"))
            logs = [root.with_suffix(".log") for root in roots]
            processes = [
                stack.enter_context(dask("worker", log, *arguments, cwd=root, OPENBLAS_NUM_THREADS="1"))
                for root, log in zip(roots, logs, strict=True)
            ]
            for log in logs:
                wait_for(lambda log=log: "Registered to" in log.read_text())
            addresses = [log.read_text().partition("Start worker at:")[2].split()[0] for log in logs]
            return [Worker(*each) for each in zip(roots, processes, addresses, strict=True)]

        yield hire


def copies(lab: Lab, count: int) -> list[Path]:
    roots = [lab.root.with_name(f"checkout{number}") for number in range(count)]
    for root in roots:
        shutil.copytree(lab.root, root)
    return roots


def start(root: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "figures", "run", *arguments],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process: subprocess.Popen[str]) -> tuple[int, str]:
    """The exit status and what was said on standard error without the lines of progress."""
    _, said = process.communicate(timeout=120)
    return process.returncode, "".join(line for line in said.splitlines(True) if not line.startswith(("実験", "作図")))


def records(root: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in (root / "figures/records").glob("*")}


def test_records_and_drawings_are_the_same_byte_for_byte(drawn: Lab, scheduler: str, hire: Callable) -> None:
    here, *theirs = copies(drawn, 3)
    shutil.rmtree(here / ".cache")
    hire(theirs)
    assert finish(start(here, "--dask", scheduler)) == (0, "")
    local = drawn.update()
    assert records(here) == records(drawn.root) != {}
    assert not (here / ".cache/matplotlib").exists(), "it was drawn here"
    assert runner.why_stale(here, "toy") == ""
    with_its_drawings = runner.update(here)["toy"]
    assert with_its_drawings == local["toy"]
    assert with_its_drawings.drawings["line"]
    assert not (here / ".cache/matplotlib").exists(), "what a worker had drawn was not fresh here"


def test_a_failing_experiment_says_the_same_as_here(lab: Lab, scheduler: str, hire: Callable) -> None:
    lab.write("figures/experiments/bad.py", BAD)
    here, *theirs = copies(lab, 2)
    hire(theirs)
    status, said = finish(start(here, "--dask", scheduler))
    assert (status, said) == finish(start(lab.root))
    assert said == "figures/experiments/bad.py:3: ZeroDivisionError: division by zero\n"
    assert runner.why_stale(here, "toy") == "", "the good experiment was not kept"


def test_what_a_killed_worker_did_is_done_by_another(lab: Lab, scheduler: str, hire: Callable) -> None:
    lab.write("figures/experiments/slow.py", SLOW)
    here, *theirs = copies(lab, 3)
    workers = hire(theirs)
    away = start(here, "slow", "--dask", scheduler)
    busy, child = wait_for(lambda: next(((w, c) for w in workers for c in w.children()), None))
    time.sleep(0.3)
    busy.process.send_signal(signal.SIGKILL)
    assert away.poll() is None
    other = next(worker for worker in workers if worker is not busy)
    wait_for(other.children)
    wait_for(lambda: not _alive(child))
    assert finish(away) == (0, "")
    assert finish(start(lab.root, "slow")) == (0, "")
    assert records(here) == records(lab.root) != {}


def test_a_worker_with_another_checkout_is_refused_by_name(lab: Lab, scheduler: str, hire: Callable) -> None:
    here, good, bad = copies(lab, 3)
    (bad / "figures/models/factor.py").write_text("FACTOR = 3\n", encoding="utf-8")
    accepted, refused = hire([good, bad])
    status, said = finish(start(here, "--dask", scheduler))
    assert status == 1
    assert said.startswith(f"{refused.address}: このワーカーは手元と違います: figures/models/factor.py。\n")
    assert accepted.address not in said
    assert said.count("\n") == 2
    assert runner.why_stale(here, "toy") == "missing"
    assert records(here) == {}


def test_a_checkout_edited_after_its_worker_was_accepted_is_refused(lab: Lab, scheduler: str, hire: Callable) -> None:
    lab.write("figures/experiments/slow.py", SLOW)
    here, theirs = copies(lab, 2)
    (worker,) = hire([theirs])
    away = start(here, "slow", "--dask", scheduler)
    wait_for(worker.children)
    (theirs / "figures/errors.py").write_text("", encoding="utf-8")  # the worker has loaded the right one
    (theirs / "figures/models/more.py").write_text("", encoding="utf-8")
    status, said = finish(away)
    assert status == 1
    assert said.startswith(f"{worker.address}: このワーカーは手元と違います: figures/models/more.py。\n")
    assert records(here) == {}


def test_a_scheduler_without_workers_is_one_message(lab: Lab, scheduler: str) -> None:
    status, said = finish(start(lab.root, "--dask", scheduler))
    assert status == 1
    assert said.startswith(f"{scheduler}: ワーカーがありません。")
    assert said.count("\n") == 1


def test_an_address_where_nobody_answers_is_one_message(lab: Lab) -> None:
    with socket.socket() as taken:  # bound, but not listening
        taken.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
        status, said = finish(start(lab.root, "--dask", address))
    assert status == 1
    assert said.startswith(f"{address}: Daskのスケジューラーにつながりません")
    assert said.count("\n") == 1


def test_without_the_package_the_command_that_installs_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(FiguresError, match=r"pip install -e '\.\[cluster\]'"), cluster.connected("tcp://127.0.0.1:9"):
        pass


def test_other_versions_settings_and_files_are_named() -> None:
    here = cluster.describe()
    assert {"python", "numpy", "figures/models/ridge.py", "figures/runner.py"} <= set(here)
    assert not [name for name in here if "records" in name or "__pycache__" in name]
    assert cluster.differences(here, here) == []
    worker = {**here, "python": "cpython 3.11.0 x86_64", "OPENBLAS_CORETYPE": "Haswell", "figures/a.py": ""}
    assert cluster.differences({**worker, "numpy": "2.0.2"}, here) == [
        "OPENBLAS_CORETYPE Haswell（手元は なし）",
        "figures/a.py",
        f"numpy 2.0.2（手元は {here['numpy']}）",
        f"python cpython 3.11.0 x86_64（手元は {here['python']}）",
    ]
