"""The same commit gives the same records, byte for byte, on other processors, with other threads, on other NumPys.

    python tests/environments.py        all environments, a line each; exit status 1 when one differs

Varied are the kernels of OpenBLAS, 1 and 2 threads, the processor features that NumPy may use, and NumPy itself: 2.0.2
and the newest one that this Python runs, each installed by hash into a virtual environment of its own. What this
processor cannot do is listed and not run, for it would crash. Every environment computes every experiment, and
``laboratory.py`` beside them, from nothing in a copy of figures/: with the project's own runner of jobs, in a child
process that says itself what it computed with. That is compared with what was asked for.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
CPU_INFO = Path("/proc/cpuinfo")
FLAGS = set(CPU_INFO.read_text(encoding="utf-8").split()) if CPU_INFO.exists() else set[str]()

# What a kernel needs of the processor; below, what NumPy calls the same, from 2.4 on and before.
KERNELS = {
    "Haswell": {"avx2", "fma"},
    "SkylakeX": {"avx512f", "avx512bw", "avx512dq", "avx512vl"},
    "Sandybridge": {"avx"},
    "Nehalem": {"sse4_2"},
    "Prescott": {"pni"},  # SSE3
}
FIRST_OF_ITS_NAMES = {"Prescott": "Katmai"}  # in a 64-bit OpenBLAS they are one kernel, and it says the oldest name
FEATURES = {"X86_V4": KERNELS["SkylakeX"], "X86_V3": KERNELS["Haswell"]}
OLDER_FEATURES = {"AVX512F": KERNELS["SkylakeX"], "AVX2": {"avx2"}, "FMA3": {"fma"}}
VARIED = ("OPENBLAS_CORETYPE", "OPENBLAS_NUM_THREADS", "NPY_DISABLE_CPU_FEATURES")

# Runs in the environment to be tried, in the copy; figures.children hands the variables on to the worker.
COMPUTE = """
import concurrent.futures, json, os, pathlib
from figures import children, errors, runner
root = pathlib.Path.cwd()
names = runner.experiments(root)
with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
    jobs = pool.map(lambda name: children.run_job(root, {"mode": "run", "experiment": name}, 1200), names)
    try:
        print(json.dumps(dict(zip(names, jobs))))
    except errors.FiguresError as error:
        raise SystemExit(str(error))
"""


@dataclass(frozen=True)
class Environment:
    """A NumPy (``oldest`` or ``newest``), an OpenBLAS kernel or '' for its own choice, threads, features left out."""

    numpy: str
    kernel: str = ""
    threads: int = 1
    disabled: tuple[str, ...] = ()

    def __str__(self) -> str:
        without = f" without {' '.join(self.disabled)}" if self.disabled else ""
        return f"NumPy {self.numpy}, {self.kernel or 'own kernel'}, {self.threads} threads{without}"

    def variables(self) -> dict[str, str]:
        asked = {"OPENBLAS_NUM_THREADS": str(self.threads)}
        if self.kernel:
            asked["OPENBLAS_CORETYPE"] = self.kernel
        if self.disabled:
            asked["NPY_DISABLE_CPU_FEATURES"] = " ".join(self.disabled)
        return asked

    def lacks(self) -> str:
        """What keeps this machine from trying it; '' if nothing does."""
        missing = sorted(KERNELS.get(self.kernel, set()) - FLAGS)
        if missing:
            return f"this processor has no {' '.join(missing)}"
        return "this machine has one core" if self.threads > (os.cpu_count() or 1) else ""

    def denies(self, said: Mapping[str, object]) -> str:
        """What the child says it computed with that is not what was asked for; '' if all is."""
        wrong = []
        if self.kernel and said["kernel"] not in (self.kernel, FIRST_OF_ITS_NAMES.get(self.kernel)):
            wrong.append(f"kernel {said['kernel']}")
        if said["threads"] != self.threads:
            wrong.append(f"{said['threads']} threads")
        wrong += [f"{feature} in use" for feature in self.disabled if feature in said["features"]]  # type: ignore[operator]
        return ", ".join(wrong)


def environments(numpy: str) -> list[Environment]:
    """All that are tried with one NumPy; the first leaves everything to it."""
    # Only what the processor has can be disabled: of anything else NumPy warns, which is an error in laboratory.py.
    known = OLDER_FEATURES if numpy == "oldest" else FEATURES
    disabled = tuple(name for name, flags in known.items() if flags <= FLAGS)
    kernels = ["", *KERNELS]
    return [
        *(Environment(numpy, kernel, threads) for kernel in kernels for threads in (1, 2)),
        *(Environment(numpy, "", threads, disabled) for threads in (1, 2) if disabled),
    ]


def copy_laboratory(place: Path) -> None:
    """Lay figures/ without records and cache into an empty folder, and laboratory.py among its experiments."""
    ignore = shutil.ignore_patterns("records", "__pycache__")
    shutil.copytree(PROJECT / "figures", place / "figures", ignore=ignore)
    shutil.copy(PROJECT / "tests" / "laboratory.py", place / "figures" / "experiments")


def compute(environment: Environment, laboratory: Path, python: str) -> tuple[dict[str, str], dict[str, object]]:
    """Return the record of every experiment, and what the child says that it computed with.

    Raises:
        RuntimeError: with what was said, if an experiment fails or the environment is not the one asked for.
    """
    inherited = {name: value for name, value in os.environ.items() if name not in VARIED}
    done = subprocess.run(
        [python, "-B", "-c", COMPUTE],
        cwd=laboratory,
        env={**inherited, **environment.variables()},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{environment}: {done.stderr.strip()}")
    jobs = json.loads(done.stdout)
    said = json.loads(jobs["laboratory"]["said"])
    if denied := environment.denies(said):
        raise RuntimeError(f"{environment}: the child computed with {denied}")
    return {name: job["record"] for name, job in jobs.items()}, said


def digest(records: Mapping[str, str]) -> str:
    """SHA-256 over all records, in the order of their names."""
    return hashlib.sha256("".join(records[name] for name in sorted(records)).encode()).hexdigest()


def differing(records: Mapping[str, str], expected: Mapping[str, str]) -> list[str]:
    """The experiments whose record is not the expected one."""
    return sorted(name for name in records.keys() | expected.keys() if records.get(name) != expected.get(name))


def committed_records() -> dict[str, str]:
    """The records of the work tree."""
    files = (PROJECT / "figures" / "records").glob("*.json")
    return {file.stem: file.read_text(encoding="utf-8") for file in files}


def install(numpy: str, place: Path) -> str:
    """Make a virtual environment with that NumPy, by hash; return its Python."""
    subprocess.run([sys.executable, "-m", "venv", str(place)], check=True)
    python = str(place / "bin" / "python")
    lock = PROJECT / ".ci" / f"numpy-{numpy}.txt"
    command = [python, "-m", "pip", "install", "--quiet", "--only-binary", ":all:", "--require-hashes", "-r", str(lock)]
    subprocess.run(command, check=True)
    return python


def main() -> int:
    """Try all environments and print a line each; 1 if one differs, cannot be computed, or differs from the records."""
    differ = 0
    expected: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as place:
        laboratory = Path(place) / "laboratory"
        copy_laboratory(laboratory)
        for numpy in ("newest", "oldest"):
            python = install(numpy, Path(place) / numpy)
            for environment in environments(numpy):
                if lacks := environment.lacks():
                    print(f"{'not run':64}  {environment}: {lacks}")
                    continue
                try:
                    records, said = compute(environment, laboratory, python)
                except RuntimeError as error:
                    differ += 1
                    print(f"{'failed':64}  {error}", flush=True)
                    continue
                expected = expected or {**records, **committed_records()}
                different = differing(records, expected)
                differ += bool(different)
                verdict = f"differs: {', '.join(different)}" if different else "same"
                print(f"{digest(records)}  {environment} ({said['numpy']}, {said['kernel']}): {verdict}", flush=True)
    print(f"{len(expected)} records each, the experiments' being compared with figures/records; {differ} differ")
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
