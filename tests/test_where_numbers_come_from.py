"""The article on where numbers come from: a real graph, real edits, and the rules that real tools have."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from conftest import PROJECT

from figures import arcs, plot, runner
from figures.data.edits import cosmetic_edit, places, real_edit
from figures.data.peers import load_peers
from figures.data.sources import execute, line_limit, read_sources, readers, reads
from figures.data.trials import OWN, TARGET
from figures.data.watches import WATCHES, clock
from figures.results import Number


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    return read_sources(TARGET)


def generators() -> Iterator[np.random.Generator]:
    return (np.random.default_rng(seed) for seed in range(150))


def test_the_files_of_the_graph_are_those_that_a_run_was_seen_to_read(texts: dict[str, str]) -> None:
    seen = runner.update(PROJECT, [TARGET])[TARGET].dependencies
    read = {path.removeprefix("figures/") for path in (*seen["modules"], *seen["files"])}
    assert set(texts) <= read
    assert all("/" not in path or path.endswith("__init__.py") for path in read - set(texts))  # the worker's own


def test_what_is_read_comes_before_what_reads_it(texts: dict[str, str]) -> None:
    order = list(texts)
    assert order[-1] == OWN
    links = [(other, path) for path in order for other in reads(path, texts[path])]
    assert len(links) > len(order)
    assert all(order.index(other) < order.index(path) for other, path in links)


def test_an_import_that_comes_or_goes_changes_the_graph(tmp_path: Path, texts: dict[str, str]) -> None:
    copy = shutil.copytree(PROJECT / "figures", tmp_path / "figures", ignore=shutil.ignore_patterns("records"))
    file = copy / "models" / "ridge.py"
    line = "from figures.models.decompose import decompose\n"
    code = file.read_text(encoding="utf-8")
    assert line in code
    file.write_text(code.replace(line, "from figures.models.soft_threshold import soft_threshold\n"), encoding="utf-8")
    now = set(read_sources(TARGET, copy))
    assert set(texts) - now == {"models/decompose.py"}
    assert "models/soft_threshold.py" in now - set(texts)


def test_run_from_text_the_experiment_gives_the_number_of_its_record(texts: dict[str, str]) -> None:
    module = execute(TARGET, texts)[OWN]
    data = [(t.X, t.y) for t in module.subsamples(module.SEEDS)]
    counted = module.zeros(module.fit(data, module.LAMBDA, module.LAMBDA).l1)
    record = runner.committed_records(PROJECT)[TARGET].results["l1_zeros"]
    assert isinstance(record, Number)
    assert tuple(counted) == record.values
    assert module.Number(counted, "個").text == record.text


def test_a_module_imported_from_its_package_is_read_and_run_too() -> None:
    texts = {
        "models/one.py": "def one():\n    return 1\n",
        "experiments/toy.py": "from figures.models import one\n\nTWO = one.one() + 1\n"
        "\n\ndef draw_x():\n    from figures import plot\n",
    }
    assert reads("experiments/toy.py", texts["experiments/toy.py"]) == ["models/one.py"]
    assert execute("toy", texts)["experiments/toy.py"].TWO == 2


def test_an_edited_text_is_what_runs_though_other_modules_are_kept(texts: dict[str, str]) -> None:
    path = "data/diabetes.csv"
    modules = execute(TARGET, texts)
    first = modules["data/diabetes.py"].load_diabetes()[0][0, 0]
    head, rows = texts[path].split("\n", 1)
    edited = {**texts, path: f"{head}\n{first + 1:g}{rows[rows.index(',') :]}"}
    known = {other: module for other, module in modules.items() if other not in readers(path, texts)}
    again = execute(TARGET, edited, known)
    assert again[OWN].load_diabetes()[0][0, 0] == first + 1
    kept = {other for other, module in modules.items() if again[other] is module}
    assert {OWN, "data/diabetes.py"} == set(modules) - kept


def strings(text: str) -> list[str]:
    return [
        node.value
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]


def test_a_real_edit_changes_one_place_of_the_code_and_no_words(texts: dict[str, str]) -> None:
    edited = set()
    for generator in generators():
        path, text = real_edit(texts, generator)
        old = texts[path]
        assert len(text.encode()) == len(old.encode())
        changed = [i for i in range(len(old)) if text[i] != old[i]]
        assert 1 <= len(changed) <= 2
        assert changed[-1] - changed[0] == len(changed) - 1
        if path.endswith(".py"):
            assert ast.dump(ast.parse(text)) != ast.dump(ast.parse(old))
            assert strings(text) == strings(old)
        edited.add(path)
    assert edited == {path for path in texts if places(path, texts[path])}


def test_words_are_no_place_for_an_edit() -> None:
    text = '"""1 + 1"""\n# 2 - 2\nx = f"{3 * 3}" + "4 / 4" + str(56)\n'
    assert [text[place.start : place.end] for place in places("x.py", text)] == ["+", "+", "5", "6"]


def test_a_cosmetic_edit_changes_the_file_and_not_the_code(texts: dict[str, str]) -> None:
    lengths = set()
    for generator in generators():
        path, text = cosmetic_edit(texts, generator)
        assert text != texts[path]
        assert [ast.dump(node) for node in ast.parse(text).body[1:]] == [
            ast.dump(node) for node in ast.parse(texts[path]).body[1:]
        ]
        lengths.add(len(text) - len(texts[path]))
    assert {0, 1} < lengths  # a docstring, a blank line or space, a comment


def test_code_that_never_ends_is_stopped() -> None:
    modules = execute("loop", {"experiments/loop.py": '"""X."""\n\n\ndef run():\n    while True:\n        pass\n'})
    before = sys.gettrace()
    with pytest.raises(RuntimeError), line_limit():
        modules["experiments/loop.py"].run()
    assert sys.gettrace() is before


@pytest.mark.parametrize(("new", "second"), [("x = 2\n", 0), ("x = 22\n", 0), ("x = 2\n", 1)])
def test_the_simulated_clock_is_the_rule_of_python(tmp_path: Path, new: str, second: int) -> None:
    file, before = tmp_path / "constant.py", {"constant.py": "x = 1\n"}
    command = [sys.executable, "-c", "import sys; sys.path.insert(0, '.'); import constant; print(constant.x)"]
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    values = []
    for text, saved in ((before["constant.py"], 0), (new, second)):
        file.write_text(text, encoding="utf-8")
        os.utime(file, (1_700_000_000 + saved, 1_700_000_000 + saved))
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
        values.append(f"x = {done.stdout}")
    noticed = clock({"constant.py": new}, second) != clock(before)
    assert (values[1] == new) == noticed


EXERCISE = [
    ("models/standardize.py", '"""Put every', '"""put every', {"clock", "content"}),
    ("models/standardize.py", "1e-13", "1e-12", {"direct", "clock", "content", "meaning"}),
    ("models/lasso_knot.py", "**", "//", {"clock", "content", "meaning"}),
]


@pytest.mark.parametrize(("path", "old", "new", "expected"), EXERCISE)
def test_the_answer_to_the_exercise(texts: dict[str, str], path: str, old: str, new: str, expected: set[str]) -> None:
    assert old in texts[path]
    edited = {**texts, path: texts[path].replace(old, new, 1)}
    noticed = {name for name, watch in WATCHES.items() if watch(edited) != watch(texts)}
    assert noticed | {"clock"} == expected  # the exercise saves it in another second
    assert clock(edited, 1) != clock(texts)


def test_every_column_of_peers_is_explained() -> None:
    note = (PROJECT / "figures/data/peers.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `(\w+)` \|", note, re.MULTILINE) == list(load_peers())
    assert load_peers()["cached"] <= load_peers()["tried"]


def test_the_drawing_shows_every_file_reading_and_edit() -> None:
    data = {
        "names": ["data", "model", "experiment"],
        "links": [(0, 1), (1, 2), (0, 2)],
        "moved": [[True, False], [], [True, True, False]],
        "trail": [0],
    }

    def draw(ax: Any, data: Any) -> None:
        arcs.who_reads_whom(ax, **data)

    svg = ET.fromstring(plot.render("test", draw, {"題": data})[0]["題"])
    texts = [element.text for element in svg.iter("text")]
    assert texts[-5:] == ["data", "model", "experiment", "記録", "文の数字"]
    radii = sorted(float(circle.get("r", "0")) for circle in svg.iter("circle"))
    assert [radii.count(radius) for radius in sorted(set(radii))] == [5, 5]  # steps, edits
    hollow = [element for element in svg.iter() if element.get("fill") == "var(--paper)"]
    assert sum(len(list(element.iter("circle"))) for element in hollow) == 2
    paths = {"ink": 0, "rule-2": 0}
    for element in svg.iter():
        for colour in paths:
            if element.get("stroke") == f"var(--{colour})" and not list(element.iter("circle")):
                paths[colour] += len(list(element.iter("path")))
    assert paths == {"ink": 3, "rule-2": 2}  # from data over experiment and record to the sentence; the other readings
