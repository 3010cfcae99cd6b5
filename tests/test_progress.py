"""What the author sees: bars that move on a terminal, one plain line an experiment elsewhere."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys

from conftest import Lab

ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def on_a_terminal(lab: Lab, *arguments: str) -> str:
    """Run with standard error on a pseudo-terminal and return everything that was drawn on it."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "100"}
    process = subprocess.Popen(
        [sys.executable, "-m", "figures", *arguments],
        cwd=lab.root,
        env=environment,
        stderr=theirs,
        stdout=subprocess.DEVNULL,
    )
    os.close(theirs)
    drawn = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # the other end is closed
            break
        if not part:
            break
        drawn += part
    os.close(ours)
    assert process.wait() == 0
    return drawn.decode(errors="replace")


def test_a_terminal_shows_a_bar_that_fills_by_the_last_runs_time(lab: Lab) -> None:
    lab.edit("figures/experiments/toy.py", "    base =", "    import time\n    time.sleep(1)\n    base =")
    first = ESCAPES.sub("", on_a_terminal(lab, "run"))
    assert "実験 toy" in first
    assert "はじめて" in first
    lab.edit("figures/experiments/toy.py", "OFFSET = 10", "OFFSET = 11")
    drawn = on_a_terminal(lab, "run")
    again = ESCAPES.sub("", drawn)
    assert re.search(r"前回\d\.\d秒", again)
    assert "experiments/toy.py changed" in again
    assert len(set(re.findall(r"━+", again))) > 3, "the bar did not move"


def test_elsewhere_a_plain_line_when_it_begins_and_ends(lab: Lab) -> None:
    command = [sys.executable, "-m", "figures", "run"]
    done = subprocess.run(command, cwd=lab.root, capture_output=True, text=True, check=True)
    assert re.fullmatch(r"実験 toy: 始めます（missing）\n実験 toy: \d+\.\d秒\n", done.stderr)
    assert done.stdout.splitlines()[-1] == "実験1件、変わった結果4件"
    again = subprocess.run(command, cwd=lab.root, capture_output=True, text=True, check=True)
    assert again.stderr == ""
    assert again.stdout == "実験1件、変わった結果0件\n"


def test_a_name_that_is_no_experiment_is_one_message(lab: Lab) -> None:
    command = [sys.executable, "-m", "figures", "run", "tyo"]
    done = subprocess.run(command, cwd=lab.root, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("'tyo' という実験はありません")
