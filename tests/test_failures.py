"""Whatever an experiment does wrong is one message with its file and line, and the others are kept."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import Lab

from figures import runner
from figures.errors import ExperimentsFailed

HEAD = "from pathlib import Path\nfrom figures.results import Claim, Figure, Number, Table\nSEEDS = range(4)\n"


def failure(lab: Lab, body: str, name: str = "bad") -> str:
    """Update with an experiment of this text and return what is said about it."""
    lab.write(f"figures/experiments/{name}.py", "")
    (lab.root / f"figures/experiments/{name}.py").write_text(HEAD + body, encoding="utf-8")
    with pytest.raises(ExperimentsFailed) as caught:
        lab.update()
    assert len(caught.value.failures) == 1
    assert "Traceback" not in str(caught.value)
    assert runner.why_stale(lab.root, "toy") == "", "the good experiment was not kept"
    assert runner.why_stale(lab.root, name) == "missing", "a failure was kept"
    return str(caught.value)


RUN = "def run(seeds):\n"


@pytest.mark.parametrize(
    ("body", "line", "words"),
    [
        (RUN + "    return {'a': Number([1 / s for s in seeds])}\n", 5, "ZeroDivisionError: division by zero"),
        (RUN + "    return {\n        'a': Number([1, float('nan')])}\n", 6, "nan は結果にできません"),
        (RUN + "    return {\n        'a': Number([1, float('inf')])}\n", 6, "inf は結果にできません"),
        (RUN + "    x = 1\n    return {'a': Claim(seeds, '>', 100)}\n", 6, "'a' が成り立ちません。4回中0回"),
        (RUN + "    x = 1\n    return {'a': 0.5}\n", 6, "'a' は float です"),
        (RUN + "    return {}\n", 4, "結果を返していません"),
        (RUN + "    pass\n", 4, "結果を返していません"),
        (RUN + "    return {'a': Number([])}\n", 5, "値が一つもありません"),
        (RUN + "    return {'a b': Number([1, 2])}\n", 4, "名前 'a b' は使えません"),
        (RUN + "    return {'a': Table(['', 'x'], {'r': ['b']}, 'c')}\n", 5, "'b' という Number がありません"),
        (RUN + "    return {'a': Figure({'p': [1]}, 't', 'c', 'a')}\n", 5, "draw_a(ax, data) がありません"),
        (RUN + "    return {'a': Claim(seeds, '>=', 0)}\n", 4, "falsify がありません"),
        (
            RUN + "    return {'a': Claim(seeds, '>=', 0)}\ndef falsify(seeds):\n    return {}\n",
            4,
            "そろいません（a）",
        ),
        (
            RUN
            + "    return {'a': Claim(seeds, '>=', 0)}\n"
            + "def falsify(seeds):\n    return {'a': Claim(seeds, '>=', -1)}\n",
            5,
            "'a' は、壊したはずの設定でも成り立ちます（4/4）",
        ),
        (
            RUN
            + "    return {'a': Claim(seeds, '>=', 0)}\ndef falsify(seeds):\n    return {'a': Claim(seeds, '<', 0)}\n",
            5,
            "falsify の 'a' は relation='<'、run では '>=' です",
        ),
        (
            RUN
            + "    return {'a': Claim(seeds, '>=', 0, 0.5)}\n"
            + "def falsify(seeds):\n    return {'a': Claim(seeds, '>=', 1)}\n",
            5,
            "falsify の 'a' は share=1.0、run では 0.5 です",
        ),
        (
            RUN + "    return {'a': Claim(seeds, '>', -1, margin=9)}\n",
            5,
            "4回中4回でした（合格は4回から）。差は標準誤差の3.87倍です（合格は9倍から）",
        ),
        (RUN + "    raise SystemExit(0)\n", 5, "結果を返さずに"),
        (RUN + "    import os\n    os._exit(0)\n", 1, "結果を返さずに終わりました（終了コード 0）"),
        (RUN + "    import os\n    os.kill(os.getpid(), 11)\n", 1, "SIGSEGV で落ちました"),
        (RUN + "    return {'a': Number(len(bytearray(6 * 2**30)), digits=0)}\n", 5, "メモリを 4 GiB より多く"),
        ("def run(seeds:\n", 4, "Pythonとして読めません"),
        ("import figures.modls\n", 4, "ModuleNotFoundError"),
        ("import figures.plot\n", 4, "draw_… の中で import"),
        ("import hooks.cite\n", 4, "ModuleNotFoundError"),
        ("", 1, "run がありません"),
        ("TIMEOUT = 1\n" + RUN + "    while True: pass\n", 1, "1秒で終わりませんでした"),
    ],
)
def test_one_message_with_file_and_line(lab: Lab, body: str, line: int, words: str) -> None:
    said = failure(lab, body)
    assert said.startswith(f"figures/experiments/bad.py:{line}: ")
    assert words in said


@pytest.mark.parametrize("swallow", [False, True], ids=["plain", "swallowed"])
@pytest.mark.parametrize(
    ("call", "words"),
    [
        ("import urllib.request; urllib.request.urlopen('http://127.0.0.1:9/')", "ネットワーク"),
        ("import socket; socket.socket()", "ネットワーク"),
        ("import subprocess; subprocess.run(['true'])", "別のプロセス"),
        ("import os; os.system('true')", "別のプロセス"),
        ("import os; os.fork()", "別のプロセス"),
        ("open('/etc/hostname').read()", "外のファイル"),
        ("open('mkdocs.yml').read()", "外のファイル"),
        ("open(Path(__file__).parents[1] / 'records' / 'toy.json').read()", "外のファイル"),
        ("open(Path(__file__).parents[1] / 'data' / 'link.txt').read()", "外のファイル"),
        ("import os; os.listdir('/etc')", "外のフォルダー"),
        ("open(Path(__file__).parents[1] / 'data' / 'new.txt', 'w')", "ファイルに書いて"),
        ("import os; os.remove(Path(__file__))", "書き換えて"),
    ],
)
def test_reaching_outside_is_an_error_also_when_swallowed(lab: Lab, call: str, words: str, swallow: bool) -> None:
    lab.write("mkdocs.yml", "")
    lab.write("figures/records/toy.json", "{}")
    (lab.root / "figures/data/link.txt").symlink_to("/etc/hostname")
    body = RUN + f"    try:\n        {call}\n    except BaseException:\n        {'pass' if swallow else 'raise'}\n"
    said = failure(lab, body + "    return {'a': Number(1, digits=0)}\n")
    assert said.startswith("figures/experiments/bad.py:6: ")
    assert words in said
    assert (lab.root / "figures/experiments/bad.py").exists()
    assert not (lab.root / "figures/data/new.txt").exists()


def test_a_failing_model_names_both_places(lab: Lab) -> None:
    lab.write("figures/models/failing.py", "def f(x):\n    return x['key']\n")
    said = failure(lab, "from figures.models.failing import f\n" + RUN + "    return {'a': Number(f({}))}\n")
    assert said.startswith("figures/experiments/bad.py:6: KeyError: 'key'")
    assert "figures/models/failing.py:2 で起きました" in said


def test_a_failing_drawing_names_its_line(drawn: Lab) -> None:
    drawn.edit("figures/experiments/toy.py", 'ax.plot(data["y"]', 'ax.plot(data["z"]')
    with pytest.raises(ExperimentsFailed) as caught:
        drawn.update()
    line = (drawn.root / "figures/experiments/toy.py").read_text(encoding="utf-8").split('data["z"]')[0].count("\n") + 1
    assert str(caught.value).startswith(f"figures/experiments/toy.py:{line}: KeyError: 'z'")
    assert caught.value.failures[0].result == "line"


def test_all_failures_come_in_one_update(lab: Lab) -> None:
    for name in ("one", "two"):
        lab.write(f"figures/experiments/{name}.py", f"SEEDS = []\ndef run(seeds):\n    raise ValueError('{name}')\n")
    with pytest.raises(ExperimentsFailed) as caught:
        lab.update()
    assert [failure.experiment for failure in caught.value.failures] == ["one", "two"]


def test_what_an_experiment_prints_disturbs_nothing(lab: Lab) -> None:
    lab.edit("figures/experiments/toy.py", "    base =", "    print('x' * 1_000_000)\n    base =")
    assert lab.text("toy.mean")


def test_interrupted_work_leaves_no_child_and_no_partial_file(lab: Lab) -> None:
    """Ctrl-C goes to the parent only; what it had started must end with it."""
    lab.write("figures/experiments/slow.py", "SEEDS = []\ndef run(seeds):\n    while True: pass\n")
    parent = subprocess.Popen(
        [sys.executable, "-m", "figures", "run"],
        cwd=lab.root,
        stderr=subprocess.PIPE,
        text=True,
        # A shell's background job ignores it, and so would its children.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    )
    children = _wait_for_children(parent.pid, 1)
    time.sleep(0.5)
    parent.send_signal(signal.SIGINT)
    _, said = parent.communicate(timeout=20)
    assert parent.returncode == 1
    assert "止めました" in said
    assert "Traceback" not in said
    assert not any(_alive(child) for child in children)
    assert not [path for path in lab.root.rglob(".*-*") if path.is_file()]


def test_children_die_with_a_killed_parent(lab: Lab) -> None:
    lab.write("figures/experiments/slow.py", "SEEDS = []\ndef run(seeds):\n    while True: pass\n")
    parent = subprocess.Popen([sys.executable, "-m", "figures", "run", "slow"], cwd=lab.root, stderr=subprocess.PIPE)
    children = _wait_for_children(parent.pid, 1)
    time.sleep(0.5)
    parent.kill()
    parent.communicate(timeout=20)
    deadline = time.monotonic() + 10
    while any(_alive(child) for child in children):
        assert time.monotonic() < deadline, "a child outlived its parent"
        time.sleep(0.05)


def _wait_for_children(parent: int, count: int) -> list[int]:
    deadline = time.monotonic() + 20
    while True:
        found = [
            int(status.parent.name) for status in Path("/proc").glob("[0-9]*/stat") if _parent_of(status) == parent
        ]
        if len(found) >= count:
            return found
        assert time.monotonic() < deadline, "no child was started"
        time.sleep(0.05)


def _parent_of(status: Path) -> int:
    try:
        return int(status.read_text().rpartition(")")[2].split()[1])
    except OSError:
        return -1


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
