"""The child process in which one experiment runs, or in which its figures are drawn.

Started by ``figures.runner`` as a script, so that Python compiles it from source. It reads one job as a line of JSON on
standard input, answers with one JSON on standard output, and dies when its parent closes standard input. What the
experiment prints goes to standard error.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, TracebackType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from figures.observe import Observer
    from figures.results import Figure

MEMORY_LIMIT = 4 * 1024**3  # bytes of address space


class Refused(Exception):
    """The experiment gave something that may not be published. ``result`` names it where it has a name."""

    def __init__(self, message: str, result: str | None = None) -> None:
        super().__init__(message)
        self.result = result


def main() -> None:
    """Do one job; always answer with JSON unless the process is killed."""
    answer = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    job = json.loads(sys.stdin.readline())
    threading.Thread(target=_die_with_parent, daemon=True).start()
    _limit_memory()
    observer = _observer(job)
    try:
        outcome = _run(job, observer) if job["mode"] == "run" else _draw(job, observer)
        if observer.violations:
            place, what = observer.violations[0]
            outcome = {"error": f"{place}: {what}。実験が頼ってよいのは、figures/ の中のファイルと乱数の種だけです。"}
        outcome.setdefault("dependencies", observer.dependencies())
        outcome["changed_meanwhile"] = observer.changed_meanwhile()
    except BaseException as error:  # also SystemExit and what the audit hook raised: all of it is this job's failure
        outcome = _failure(error, observer)
    json.dump(outcome, answer, ensure_ascii=False)
    answer.flush()
    sys.stdout.flush()  # what the experiment printed; below, Python does not do it
    os._exit(0)  # no atexit handlers, no waiting for threads the experiment may have left


def _observer(job: dict[str, Any]) -> Observer:
    root = Path(__file__).resolve().parent.parent
    prefix, sys.pycache_prefix = sys.pycache_prefix, str(root / ".cache" / "never")
    sys.path.insert(0, str(root))
    from figures.observe import Observer  # only now can it be found, and never from a cached .pyc

    sys.pycache_prefix = prefix
    readable = [Path(os.environ["MPLCONFIGDIR"])] if job["mode"] == "draw" else []
    observer = Observer(root, job["experiment"], job["mode"], readable)
    observer.install()
    return observer


def _experiment(job: dict[str, Any]) -> ModuleType:
    import importlib

    return importlib.import_module(f"figures.experiments.{job['experiment']}")


def _run(job: dict[str, Any], observer: Observer) -> dict[str, Any]:
    """Run and falsify. Raises ``Refused`` for everything but a complete dict of publishable results."""
    from figures.record import Record, to_json
    from figures.results import Claim, Figure, Number, Table

    observer.enforcing = True
    module = _experiment(job)
    for name in ("SEEDS", "run"):
        if not hasattr(module, name):
            raise Refused(f"{name} がありません。SEEDS = range(20) と def run(seeds) を書いてください。")
    seeds = list(module.SEEDS)
    results = module.run(seeds)
    if not isinstance(results, dict) or not results:
        raise Refused("run(seeds) が結果を返していません。名前と結果の dict を返してください。")
    for name, result in results.items():
        if not isinstance(name, str) or not name.isidentifier():
            raise Refused(f"結果の名前 {name!r} は使えません。英小文字、数字、_ で付けてください。")
        if not isinstance(result, Number | Claim | Table | Figure):
            kinds = "Number, Claim, Table, Figure"
            raise Refused(f"'{name}' は {type(result).__name__} です。{kinds} のどれかにしてください。", name)
        if isinstance(result, Table):
            for cell in (cell for cells in result.rows.values() for cell in cells):
                if not isinstance(results.get(cell), Number):
                    raise Refused(f"表 '{name}' の '{cell}' という Number がありません。", name)
        if isinstance(result, Figure) and f"draw_{name}" not in observer.functions:
            raise Refused(f"図 '{name}' を描く draw_{name}(ax, data) がありません。", name)
        if isinstance(result, Figure) and result.live:
            _check_live(name, result, results)
        if isinstance(result, Claim) and not result.true:
            raise Refused(
                f"主張 '{name}' が成り立ちません。{result.n}回中{result.held}回でした（合格は{result.needed}回から）。"
                + (
                    f"差は標準誤差の{result.distance:.3g}倍です（合格は{result.margin:g}倍から）。"
                    if result.margin
                    else ""
                )
                + "実験の条件か、記事の言葉を直してください。",
                name,
            )
    broken = _falsify(module, seeds, {name: claim for name, claim in results.items() if isinstance(claim, Claim)})
    observer.enforcing = False
    return {
        "record": to_json(Record(job["experiment"], results, broken)),
        "figures": {name: dict(r.panels) for name, r in results.items() if isinstance(r, Figure)},
        "live": {name: dict(r.live.data) for name, r in results.items() if isinstance(r, Figure) and r.live},
    }


def _check_live(name: str, figure: Figure, results: dict[str, Any]) -> None:
    """``Refused`` for a live figure that does not fit its panels, or whose numbers the experiment does not have."""
    from figures.errors import ResultError
    from figures.live import refuse_panels
    from figures.results import Number

    assert figure.live
    try:
        refuse_panels(figure.live, figure.panels)
    except ResultError as error:
        raise Refused(f"図 '{name}': {error}", name) from None
    for number, _, _ in figure.live.checked([panel["method"] for panel in figure.panels.values()]):
        if not isinstance(results.get(number), Number) or results[number].digits is None:
            raise Refused(f"図 '{name}' の live が検算する、digits 付きの Number '{number}' がありません。", name)


def _falsify(module: ModuleType, seeds: list[int], claims: dict[str, Any]) -> dict[str, str]:
    """The score of each claim under the change that has to break it; every one must come out false."""
    from figures.results import Claim

    if not claims:
        return {}
    if not hasattr(module, "falsify"):
        raise Refused("主張があるのに falsify がありません。主張が偽になる設定を def falsify(seeds) に書いてください。")
    broken = module.falsify(seeds)
    if not isinstance(broken, dict) or set(broken) != set(claims):
        names = set(broken) if isinstance(broken, dict) else set()
        odd = ", ".join(sorted(names ^ set(claims)))
        raise Refused(f"falsify と run の主張がそろいません（{odd}）。同じ名前の主張をすべて返してください。")
    for name, claim in broken.items():
        if not isinstance(claim, Claim):
            raise Refused(f"falsify の '{name}' が Claim ではありません。", name)
        for term in ("relation", "share", "margin"):  # a stricter comparison would be false without breaking anything
            there, here = getattr(claims[name], term), getattr(claim, term)
            if there != here:
                raise Refused(
                    f"falsify の '{name}' は {term}={here!r}、run では {there!r} です。同じにしてください。", name
                )
        if claim.true:
            raise Refused(
                f"主張 '{name}' は、壊したはずの設定でも成り立ちます（{claim.text}）。"
                "何が出ても本当になる主張です。falsify の壊し方か、主張そのものを見なおしてください。",
                name,
            )
    return {name: claim.text for name, claim in broken.items()}


def _draw(job: dict[str, Any], observer: Observer) -> dict[str, Any]:
    """Draw all figures of the experiment from the data that its run gave."""
    _remove_stale_lock(Path(os.environ["MPLCONFIGDIR"]))
    from figures import plot  # imports matplotlib, which looks for fonts: before the rules apply

    observer.enforcing = True
    module = _experiment(job)
    drawings, tables, scales = {}, {}, {}
    for name, panels in job["figures"].items():
        draw, scales[name] = _measured(getattr(module, f"draw_{name}"))
        try:
            drawings[name], tables[name] = plot.render(f"{job['experiment']}-{name}", draw, panels)
        except Exception as error:
            error.figure = name  # type: ignore[attr-defined]
            raise
    observer.enforcing = False
    return {"drawings": drawings, "tables": tables, "scales": scales}


def _measured(draw: Callable[[Any, Any], None]) -> tuple[Callable[[Any, Any], None], list[dict[str, list[float]]]]:
    """The same function, and a list to which it adds where the axes of each panel lie: [from, to] in units, values."""
    from figures.strokes import edges

    scales: list[dict[str, list[float]]] = []

    def draw_and_measure(ax: Any, data: Any) -> None:
        draw(ax, data)
        left, top, right, bottom = (round(edge, 2) for edge in edges(ax))
        x, y = ([float(limit) for limit in limits] for limits in (ax.get_xlim(), ax.get_ylim()))
        scales.append({"x": [left, right, *x], "y": [bottom, top, *y]})

    return draw_and_measure, scales


def _failure(error: BaseException, observer: Observer) -> dict[str, Any]:
    """One message: where in the experiment, what, and where below it."""
    observer.enforcing = False
    figure = getattr(error, "figure", None)
    result = getattr(error, "result", None) or figure
    if observer.violations:
        place, what = observer.violations[0]
        return {
            "error": f"{place}: {what}。実験が頼ってよいのは、figures/ の中のファイルと乱数の種だけです。",
            "result": result,
        }
    here = observer._relative(observer.experiment_file)
    if isinstance(error, Refused):
        return {"error": f"{here}:{_line_of(observer.experiment_file, error.result)}: {error}", "result": result}
    if isinstance(error, SyntaxError) and error.filename:
        place = f"{observer._relative(Path(error.filename))}:{error.lineno}"
        return {"error": f"{place}: Pythonとして読めません（{error.msg}）。", "result": result}
    places = _places(error.__traceback__, observer)
    own = [place for place in places if place.startswith(f"{here}:")]
    if figure and not own:  # what was drawn is looked at when the experiment has returned
        own = places = [f"{here}:{_line_of(observer.experiment_file, figure, 'def draw_{}(')}"]
    place = own[-1] if own else places[-1] if places else f"{here}:1"
    deeper = f"（{places[-1]} で起きました）" if places and places[-1] != place else ""
    if isinstance(error, SystemExit):
        what = "結果を返さずに終わろうとしました（SystemExit）。run から結果を return してください。"
    elif isinstance(error, MemoryError):
        what = f"メモリを {MEMORY_LIMIT // 1024**3} GiB より多く使おうとしました。小さい単位に分けてください。"
    elif type(error).__name__ == "ResultError":
        what = str(error)
    else:
        what = f"{type(error).__name__}: {error}".rstrip(": ")
    return {"error": f"{place}: {what}{deeper}", "result": result}


def _places(trace: TracebackType | None, observer: Observer) -> list[str]:
    """``file:line`` of each frame of the traceback that is the author's code."""
    skip = {observer.laboratory / name for name in ("worker.py", "observe.py", "results.py", "record.py", "live.py")}
    frames = [(Path(frame.filename), frame.lineno) for frame in traceback.extract_tb(trace)]
    own = [(path, line) for path, line in frames if path.is_relative_to(observer.laboratory) and path not in skip]
    return [f"{observer._relative(path)}:{line}" for path, line in own]


def _line_of(file: Path, name: str | None, *forms: str) -> int:
    """The line where a result is given its name (or stands in one of ``forms``), else that of ``def run``."""
    lines = file.read_text(encoding="utf-8").splitlines()
    wanted = [form.format(name) for form in forms or ('"{}"', "'{}'", "{}=")] if name else []
    for number, line in enumerate(lines, 1):
        if any(word in line for word in wanted):
            return number
    return next((number for number, line in enumerate(lines, 1) if line.startswith("def run")), 1)


def _die_with_parent() -> None:
    sys.stdin.read()
    os._exit(3)


def _limit_memory() -> None:
    """Where the system has such a limit; an experiment that asks for more gets a MemoryError of its own."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    except (ImportError, ValueError, OSError):
        return


def _remove_stale_lock(folder: Path) -> None:
    """A killed process leaves matplotlib's lock behind, and matplotlib then refuses to start."""
    import time

    for lock in folder.glob("*.matplotlib-lock"):
        if time.time() - lock.stat().st_mtime > 60:
            lock.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
