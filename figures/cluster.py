"""Carry jobs to the workers of a Dask cluster: ``python -m figures run --dask tcp://host:8786``.

The jobs are those of ``figures.runner``, done by the worker in its own checkout, in a child process as ever. For the
records to be the same byte for byte, a worker that differs from this machine is refused by name: before the first job,
and after each, since a worker may come late and its checkout may be edited. When a worker dies, Dask gives its job to
another. Only here is ``distributed`` imported, and only when a cluster is asked for.
"""

from __future__ import annotations

import concurrent.futures
import logging
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from figures import children, fingerprint, libraries
from figures.errors import FiguresError

T = TypeVar("T")
ROOT = Path(__file__).resolve().parent.parent
LIBRARIES = ("numpy", "matplotlib", "matplotlib-fontja")
PATIENCE = 5  # seconds until a scheduler that does not answer is given up


def _digests(pattern: str) -> dict[str, str]:
    """Digest of each file of figures/ by its path, without records, Python's caches and the files of editors."""
    digests = {}
    for file in sorted((ROOT / "figures").rglob(pattern)):
        path = file.relative_to(ROOT)
        hidden = any(part.startswith((".", "__pycache__")) for part in path.parts)
        if path.parts[1] != "records" and not hidden and (digest := fingerprint.digest_file(file)):
            digests[path.as_posix()] = digest
    return digests


# A worker lives long: of the files that it runs itself (figures/*.py), what they held when it loaded them counts.
_LOADED = {path: digest for path, digest in _digests("*.py").items() if path.count("/") == 1}


def describe() -> dict[str, str]:
    """All of this process that a result can depend on: the files, Python, the libraries, the processor asked for."""
    versions = {"python": fingerprint.python_version(), **libraries.versions(LIBRARIES)}
    return {**versions, **children.processor(), **_digests("*"), **_LOADED}


def differences(worker: Mapping[str, str], here: Mapping[str, str]) -> list[str]:
    """What a worker has otherwise than this machine: names of files, versions and settings with both values."""
    different = sorted(name for name in {*worker, *here} if worker.get(name) != here.get(name))
    return [
        name if "/" in name else f"{name} {worker.get(name) or 'なし'}（手元は {here.get(name) or 'なし'}）"
        for name in different
    ]


@contextmanager
def connected(address: str) -> Iterator[concurrent.futures.Executor]:
    """An executor for ``runner.update`` whose workers are those of the scheduler at ``address``.

    Raises:
        FiguresError: ``distributed`` is not installed, nobody answers at the address, there is no worker, one differs,
            or the scheduler is lost on the way.
    """
    try:
        from distributed import Client
        from distributed.scheduler import KilledWorker
    except ImportError:
        raise FiguresError(
            "--dask を使うには distributed が要ります。.venv/bin/pip install -e '.[cluster]' で入れてください。"
        ) from None
    if not re.fullmatch(r"(tcp|tls)://.+:[0-9]{1,5}", address):
        raise FiguresError(f"'{address}' はアドレスではありません。tcp://ホスト:ポート と書いてください。")
    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)  # its tracebacks are one message here
    try:
        client = Client(address, timeout=PATIENCE, set_as_default=False)
    except OSError as error:
        raise FiguresError(
            f"{address}: Daskのスケジューラーにつながりません（{error}）。"
            "アドレスと、dask scheduler が動いていることを確かめてください。"
        ) from error
    with client:
        here = describe()
        workers = client.run(describe, on_error="return")
        if not workers:
            raise FiguresError(
                f"{address}: ワーカーがありません。"
                f"同じコミットを取り出したフォルダーで dask worker {address} を動かしてください。"
            )
        _refuse_others(workers, here)
        try:
            yield _Workers(client.get_executor(pure=False), here)
        except KilledWorker as error:
            raise FiguresError(
                f"{address}: 一つの実験で何度もワーカーが落ちました。{error.last_worker.address} のログを見てください。"
            ) from error
        except concurrent.futures.CancelledError as error:
            raise FiguresError(f"{address}: スケジューラーとの接続が切れました。動かしなおしてください。") from error


class _Workers(concurrent.futures.Executor):
    """Dask's executor, except that a job works in the worker's checkout instead of in this one."""

    def __init__(self, executor: concurrent.futures.Executor, here: Mapping[str, str]) -> None:
        self.executor = executor
        self.here = here

    def submit(self, job: Callable[..., T], /, *arguments: Any, **named: Any) -> concurrent.futures.Future[T]:
        """``arguments`` begin with the root of this checkout."""
        return self.executor.submit(_on_worker, self.here, job, *arguments[1:], **named)


def _on_worker(here: Mapping[str, str], job: Callable[..., T], *arguments: Any) -> T:
    from distributed import get_worker

    try:
        return job(ROOT, *arguments)
    finally:  # also where the job failed: that may be because this worker differs
        _refuse_others({get_worker().address: describe()}, here)


def _refuse_others(workers: Mapping[str, dict[str, str] | Exception], here: Mapping[str, str]) -> None:
    """Raise with one line for each worker that is not like this machine."""
    lines = []
    for address, worker in workers.items():
        if isinstance(worker, Exception):
            lines.append(f"{address}: このワーカーを調べられません（{worker}）。")
        elif different := differences(worker, here):
            more = f" ほか{len(different) - 3}件" if len(different) > 3 else ""
            lines.append(f"{address}: このワーカーは手元と違います: {', '.join(different[:3])}{more}。")
    if lines:
        raise FiguresError("\n".join([*lines, "同じコミットと同じ版にそろえ、ワーカーを動かしなおしてください。"]))
