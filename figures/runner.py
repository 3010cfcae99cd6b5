"""Bring experiments up to date: find out which are stale and why, run those, draw what has to be drawn again.

An experiment is fresh when everything that its last run was seen to depend on has the content it had then: modules (as
syntax trees), files, listings, library versions, Python, the processor asked for, and its own name. Records are
compared with what came out and never used as a cache.
"""

from __future__ import annotations

import ast
import concurrent.futures
import os
from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from figures import cache, changes, children, citations, fingerprint, libraries, record
from figures.errors import ExperimentFailed, ExperimentsFailed, FiguresError
from figures.record import Record

TIMEOUT = 120.0  # seconds, unless the experiment says TIMEOUT = …


class Progress(Protocol):
    """Whoever shows the author what happens."""

    def begin(self, experiment: str, what: str, why: str, expected: float | None) -> None:
        """A job starts; ``expected`` is how long it took the last time, in seconds."""

    def end(self, experiment: str, what: str, seconds: float | None) -> None:
        """A job is over; ``seconds`` is None when it failed."""


@dataclass(frozen=True)
class Run:
    """An experiment that is up to date: its record, its drawings (figure -> panel -> SVG) and what it depended on.

    ``tables``: what the panels show, figure -> panel -> head of a column -> values.
    """

    record: Record
    record_text: str
    drawings: Mapping[str, Mapping[str, str]]
    dependencies: Mapping[str, Any]
    tables: Mapping[str, Mapping[str, Mapping[str, list[Any]]]] = field(default_factory=dict)


def experiments(root: Path) -> list[str]:
    """The folder is the registry."""
    files = (root / "figures" / "experiments").glob("*.py")
    return sorted(file.stem for file in files if not file.stem.startswith("_"))


def why_stale(root: Path, experiment: str) -> str:
    """Why an experiment has to run, '' when it has not: ``missing`` or the first dependency that changed."""
    entry = cache.load(root, "run", experiment)
    return "missing" if entry is None else _changed(root, experiment, "run", entry)


def update(
    root: Path,
    names: Iterable[str] | None = None,
    progress: Progress | None = None,
    executor: concurrent.futures.Executor | None = None,
) -> dict[str, Run]:
    """Bring all experiments (or ``names``) up to date, on this machine's processors or by ``executor``; return them.

    Raises:
        ExperimentsFailed: every failure, after the others have ended; what succeeded is kept.
    """
    chosen = experiments(root) if names is None else list(names)
    with nullcontext(executor) if executor else concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        try:
            failures = _perform(root, chosen, pool, progress)
        except BaseException:
            children.stop_all()
            raise
    if failures:
        raise ExperimentsFailed(failures)
    return {name: _load(root, name) for name in chosen}


def compare_records(root: Path, runs: Mapping[str, Run], everything: bool = True) -> list[str]:
    """What committed records say differently from the runs, a line a result; '[]' when all are equal, byte for byte.

    A record that cannot be read is one line, not all its results. With ``everything`` also the records that no
    experiment gives any more.
    """
    lines, cited = [], dict[str, list[str]]()
    for name, run in runs.items():
        if _same(root, name, run):
            continue
        cited = cited or citations.all_places(root, {name: run.record for name, run in runs.items()})
        committed, wrong = record.read(root, name)
        changed = changes.describe(committed, run.record, cited) if committed or not wrong else []
        # Equal results in other bytes: the score of a falsifier, or the order.
        lines += [*filter(None, [wrong]), *changed] or [f"{name}: 結果の順か、falsify の点数が違います"]
    return lines + [f"{name}: 実験がないのに記録があります" for name in (_ghosts(root) if everything else [])]


def committed_records(root: Path) -> dict[str, Record]:
    """The records of all experiments as they stand in records/. ``FiguresError``: a line for each that is not sound."""
    records, problems = dict[str, Record](), []
    for name in experiments(root):
        found, wrong = record.read(root, name)
        if found is None or wrong:
            problems.append(
                wrong or f"figures/records/{name}.json:1: まだありません。python -m figures run が作ります。"
            )
        else:
            records[name] = found
    if problems:
        raise FiguresError("\n".join(problems))
    return records


def write_records(root: Path, runs: Mapping[str, Run], everything: bool = True) -> None:
    """Make the committed records those of the runs; files that would not change are not touched."""
    for name, run in runs.items():
        if not _same(root, name, run):
            cache.write(record.path_of(root, name), run.record_text)
    for name in _ghosts(root) if everything else []:
        record.path_of(root, name).unlink()
    for kind in ("run", "draw"):
        for name in set(cache.names(root, kind)) - set(experiments(root)):
            cache.remove(root, kind, name)


def _perform(
    root: Path, names: Iterable[str], executor: concurrent.futures.Executor, progress: Progress | None
) -> list[ExperimentFailed]:
    """Do the stale jobs side by side, and each drawing as soon as its run is there: no processor waits for the others.

    Runs that took longest the last time go first.
    """
    pending: dict[concurrent.futures.Future[dict[str, Any]], tuple[str, str]] = {}
    failures = []

    def start(name: str, kind: str, why: str) -> None:
        if progress:
            progress.begin(name, kind, why, _seconds(root, name, kind))
        run = cache.load(root, "run", name) if kind == "draw" else None
        pending[executor.submit(_job, root, name, kind, run or {})] = name, kind

    stale = {name: why_stale(root, name) for name in names}
    for name in sorted(stale, key=lambda name: -(_seconds(root, name, "run") or TIMEOUT)):
        if stale[name]:
            start(name, "run", stale[name])
    ready = [name for name, why in stale.items() if not why]
    while ready or pending:
        for name in ready:
            if why := _why_draw(root, name):
                start(name, "draw", why)
        ready = []
        for future in concurrent.futures.wait(pending, return_when=concurrent.futures.FIRST_COMPLETED).done:
            (name, kind), seconds = pending.pop(future), None
            try:
                outcome = future.result()
                seconds = outcome["seconds"]
                cache.store(root, kind, name, outcome)
                ready += [name] if kind == "run" else []
            except ExperimentFailed as failure:
                failures.append(failure)
            finally:
                if progress:
                    progress.end(name, kind, seconds)
    return sorted(failures, key=lambda failure: failure.experiment)


def _seconds(root: Path, name: str, kind: str) -> float | None:
    """How long a job took the last time."""
    return (cache.load(root, kind, name) or {}).get("seconds")


def _job(root: Path, name: str, kind: str, run: Mapping[str, Any]) -> dict[str, Any]:
    """One run, or one drawing of ``run``, again if a file was edited while it was read. Returns the cache entry."""
    job: dict[str, Any] = {"mode": kind, "experiment": name}
    content: dict[str, Any] = {}
    if kind == "draw":
        job["figures"] = run.get("figures", {})
        content["data"] = _data(run)
    for _ in range(5):
        # What the child cannot see of itself is noted before it starts.
        outside = {"python": fingerprint.python_version(), "processor": children.processor()}
        outcome = children.run_job(root, job, _timeout(root, name))
        if not outcome.pop("changed_meanwhile"):
            return {**content, **outcome, **outside}
    raise ExperimentFailed(
        f"figures/experiments/{name}.py:1: 走らせるたびに、読んでいるファイルが書き換わります。"
        "保存が終わってから、もう一度ビルドしてください。",
        name,
    )


def _why_draw(root: Path, name: str) -> str:
    """Why the figures of an experiment have to be drawn, '' when they have not, or when it has none."""
    run = cache.load(root, "run", name) or {}
    if not run.get("figures"):
        cache.remove(root, "draw", name)
        return ""
    entry = cache.load(root, "draw", name)
    if entry is None:
        return "missing"
    return "data changed" if entry.get("data") != _data(run) else _changed(root, name, "draw", entry)


def _changed(root: Path, name: str, mode: str, entry: Mapping[str, Any]) -> str:
    """The first dependency whose content is not what it was."""
    if entry["python"] != fingerprint.python_version():
        return f"Python changed: {entry['python']} → {fingerprint.python_version()}"
    if entry["processor"] != children.processor():
        return "processor settings changed"
    seen = entry["dependencies"]
    for library, version in libraries.versions(seen["libraries"]).items():
        if seen["libraries"][library] != version:
            return f"{library} changed: {seen['libraries'][library]} → {version or 'not installed'}"
    own = f"figures/experiments/{name}.py"
    for path, digest in seen["modules"].items():
        source = _read_bytes(root / path)
        if source is None or digest != fingerprint.digest_code(source, mode if path == own else None):
            return f"{path.removeprefix('figures/')} changed"
    for path, digest in seen["files"].items():
        if digest != fingerprint.digest_file(root / path):
            return f"{path.removeprefix('figures/')} changed"
    for path, digest in seen["listings"].items():
        if digest != fingerprint.digest_listing(root / path):
            return f"{path.removeprefix('figures/')}/ changed"
    return ""


def _load(root: Path, name: str) -> Run:
    run = cache.load(root, "run", name)
    if run is None:
        raise FiguresError(f".cache/figures/run/{name}.json: 書いたばかりなのに読めません。ディスクを見てください。")
    drawn = cache.load(root, "draw", name) or {"drawings": {}, "tables": {}}
    dependencies = {**run["dependencies"], "python": run["python"]}
    return Run(record.from_json(run["record"]), run["record"], drawn["drawings"], dependencies, drawn["tables"])


def _data(run: Mapping[str, Any]) -> dict[str, str]:
    return {name: record.data_digest(panels) for name, panels in run.get("figures", {}).items()}


def _timeout(root: Path, name: str) -> float:
    """The constant TIMEOUT of the experiment, read without running it."""
    try:
        tree = ast.parse((root / "figures" / "experiments" / f"{name}.py").read_bytes())
    except (OSError, SyntaxError, ValueError):
        return TIMEOUT  # the child will say what is wrong
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            names = [target.id for target in node.targets if isinstance(target, ast.Name)]
            if "TIMEOUT" in names and isinstance(node.value.value, int | float):
                return float(node.value.value)
    return TIMEOUT


def _ghosts(root: Path) -> list[str]:
    known = set(experiments(root))
    return sorted(f.stem for f in (root / "figures" / "records").glob("*.json") if f.stem not in known)


def _same(root: Path, name: str, run: Run) -> bool:
    return _read_bytes(record.path_of(root, name)) == run.record_text.encode()


def _read_bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None
