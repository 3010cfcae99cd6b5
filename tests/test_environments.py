"""The same commit prints the same records, byte for byte, on other processors and with other numbers of threads."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import PROJECT

CPU = Path("/proc/cpuinfo").read_text(encoding="utf-8") if Path("/proc/cpuinfo").exists() else ""
AVX2, AVX512 = " avx2 " in CPU, " avx512f " in CPU and " avx512bw " in CPU
# What a processor cannot do, it crashes on: only what this one can is asked for.
ENVIRONMENTS = [
    {"OPENBLAS_CORETYPE": "Prescott"},
    {"OPENBLAS_CORETYPE": "Nehalem", "OPENBLAS_NUM_THREADS": "2"},
    *([{"OPENBLAS_CORETYPE": "Haswell"}] if AVX2 else []),
    *([{"OPENBLAS_CORETYPE": "SkylakeX"}] if AVX512 else []),
    {"NPY_DISABLE_CPU_FEATURES": "X86_V4 X86_V3" if AVX512 else "X86_V3"},
]


@pytest.mark.parametrize("environment", ENVIRONMENTS, ids=lambda e: " ".join(f"{k}={v}" for k, v in e.items()))
def test_records_do_not_depend_on_the_processor(environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "figures", "verify"]
    asked = {**os.environ, **environment}
    done = subprocess.run(command, cwd=PROJECT, env=asked, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Warning" not in done.stderr
