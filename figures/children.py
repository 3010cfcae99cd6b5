"""Run one job in a child process, in a fixed environment, with an end to its patience.

``run_job`` is a plain function of plain arguments, so that any ``concurrent.futures.Executor`` can carry it.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from figures import libraries
from figures.errors import ExperimentFailed

# What a child is told of the outside: one thread for BLAS, and no locale, time zone or hash seed of its own.
ENVIRONMENT = {
    "LANG": "C.UTF-8",
    "LC_ALL": "C.UTF-8",
    "TZ": "UTC",
    "PYTHONHASHSEED": "0",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    # glibc keeps freed memory (bytes): else the arrays of a training step are asked of the system anew at every step.
    "MALLOC_TRIM_THRESHOLD_": "134217728",
    "MALLOC_MMAP_THRESHOLD_": "33554432",
}
# Which processor to compute as: handed on where set, because some machines need it and the tests vary it.
PROCESSOR = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE", "NPY_DISABLE_CPU_FEATURES", "OPENBLAS_NUM_THREADS")

_running: set[subprocess.Popen[bytes]] = set()
_stopping = threading.Event()


def processor() -> dict[str, str]:
    """The variables of the environment that a child is given other than the fixed ones; part of every key."""
    asked = {name: os.environ[name] for name in PROCESSOR if name in os.environ}
    return {name: value for name, value in asked.items() if value != ENVIRONMENT.get(name)}


def run_job(root: Path, job: dict[str, Any], timeout: float) -> dict[str, Any]:
    """Do ``job`` (``mode``, ``experiment``, …) in a child and return its answer with the ``seconds`` it took.

    Raises:
        ExperimentFailed: with one message, when the child gives an error, dies, answers nothing, or takes too long.
    """
    experiment = str(job["experiment"])
    here = f"figures/experiments/{experiment}.py"
    configuration = root / ".cache" / "matplotlib"  # or it would read and write in HOME
    environment = {**ENVIRONMENT, **processor(), "MPLCONFIGDIR": str(configuration), "PATH": os.defpath}
    begin = time.monotonic()
    with tempfile.TemporaryFile() as log:
        child = subprocess.Popen(
            [sys.executable, "-I", "-B", str(root / "figures" / "worker.py")],
            cwd=root,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,
        )
        _running.add(child)
        try:
            answer = _talk(child, json.dumps(job, ensure_ascii=False), timeout)
        except subprocess.TimeoutExpired:
            raise ExperimentFailed(
                f"{here}:1: {timeout:g}秒で終わりませんでした。計算を小さくするか、TIMEOUT = 秒数 を書いてください。",
                experiment,
            ) from None
        finally:
            _running.discard(child)
            kill(child)
        log.seek(0)
        said = log.read().decode(errors="replace").strip()
    if _stopping.is_set():
        raise KeyboardInterrupt
    if child.returncode < 0:
        name = signal.Signals(-child.returncode).name
        raise ExperimentFailed(f"{here}:1: 実験のプロセスが {name} で落ちました。{_last_line(said)}", experiment)
    if not answer:
        raise ExperimentFailed(
            f"{here}:1: 結果を返さずに終わりました（終了コード {child.returncode}）。"
            f"run から結果を return してください。{_last_line(said)}",
            experiment,
        )
    outcome: dict[str, Any] = json.loads(answer)
    if "error" in outcome:
        raise ExperimentFailed(outcome["error"], experiment, outcome.get("result"))
    seen = outcome["dependencies"]
    seen["libraries"] = libraries.versions(libraries.belonging_to(seen["libraries"]))
    return {**outcome, "seconds": time.monotonic() - begin, "said": said}


def stop_all() -> None:
    """End every child now (Ctrl-C); jobs that are running raise KeyboardInterrupt."""
    _stopping.set()
    for child in list(_running):
        kill(child)


def kill(child: subprocess.Popen[bytes]) -> None:
    """End a child and whatever it started."""
    if child.poll() is None:
        try:
            os.killpg(child.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            child.kill()
        child.wait()
    for pipe in (child.stdin, child.stdout):
        if pipe:
            pipe.close()


def _talk(child: subprocess.Popen[bytes], job: str, timeout: float) -> bytes:
    """Send the job, keep standard input open (its end tells the child that we died), read the answer to its end."""
    assert child.stdin and child.stdout
    answer: list[bytes] = []
    reader = threading.Thread(target=lambda pipe: answer.append(pipe.read()), args=(child.stdout,), daemon=True)
    reader.start()
    try:
        child.stdin.write(job.encode() + b"\n")
        child.stdin.flush()
    except BrokenPipeError:
        pass
    begin = time.monotonic()
    reader.join(timeout)  # to the end of the answer: wakes at once, where waiting for a process looks every 50 ms
    child.wait(max(timeout - (time.monotonic() - begin), 0))
    return answer[0] if answer else b""


def _last_line(said: str) -> str:
    return f"最後の出力: {said.splitlines()[-1]}" if said else ""
