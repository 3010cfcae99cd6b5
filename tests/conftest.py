"""A laboratory of its own for each test: the real machinery, with toy experiments that take no time."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from browser import served, started
from playwright.sync_api import Browser, Page

from figures import runner
from figures.runner import Run

PROJECT = Path(__file__).resolve().parent.parent

# X, y, and what every model that takes them has to say.
BAD_DATA = [
    ([[1.0, np.nan]], [1.0], r"X（形は \(1, 2\)）に NaN か無限大が 1 個"),
    ([[1.0], [2.0]], [np.inf, 1.0], r"y（形は \(2,\)）に NaN か無限大が 1 個"),
    ([[1.0], [2.0]], [1.0], r"y の形は \(1,\)、X の形は \(2, 1\) です"),
    (np.zeros((0, 3)), [], r"X の形は \(0, 3\) です"),
    ([["1.0"]], [1.0], r"X は数値ではありません"),
]

TOY = '''
    """おもちゃの実験。"""
    from pathlib import Path

    from figures.models.double import double
    from figures.results import Claim, Figure, Number, Table

    SEEDS = range(5)
    OFFSET = 10


    def run(seeds):
        base = float((Path(__file__).parent.parent / "data" / "base.txt").read_text())
        values = [double(base + OFFSET + seed) for seed in seeds]
        return {
            "mean": Number(values, "個", "平均"),
            "exact": Number(OFFSET, "人", "決めた数", digits=0),
            "is_large": Claim(values, ">", 1, about="1より大きい"),
            "all": Table(["", "値"], {"平均": ["mean"]}, "表の説明。"),
        }


    def falsify(seeds):
        return {"is_large": Claim([0 for _ in seeds], ">", 1)}
'''
FIGURE = """
        "line": Figure(
            {"一本": {"y": values}}, "見出し", "線を見てください。値は{{ toy.mean }}です。", "平均{{ toy.mean }}の線"
        ),
    }
"""
DRAW = """

def draw_line(ax, data):
    ax.plot(data["y"], color="#22201c")
"""
DOUBLE = """
    from figures.models.factor import FACTOR


    def double(x):
        return FACTOR * x
"""


@dataclass
class Lab:
    """A copy of the laboratory at ``root``; counts what runs."""

    root: Path

    def write(self, path: str, text: str) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")

    def edit(self, path: str, old: str, new: str) -> None:
        """Change a file as an editor does; the text must be there."""
        text = (self.root / path).read_text(encoding="utf-8")
        assert old in text
        (self.root / path).write_text(text.replace(old, new), encoding="utf-8")

    def update(self) -> dict[str, Run]:
        """Bring everything up to date; ``self.ran`` then lists the jobs that were done."""
        self.ran: list[str] = []
        self.why: dict[str, str] = {}
        runs = runner.update(self.root, progress=self)
        runner.write_records(self.root, runs)
        return runs

    def begin(self, experiment: str, what: str, why: str, expected: float | None) -> None:
        self.ran.append(f"{what} {experiment}")
        self.why[f"{what} {experiment}"] = why

    def end(self, experiment: str, what: str, seconds: float | None) -> None:
        assert seconds is None or seconds > 0

    def text(self, citation: str) -> str:
        """What the page would print for a number now."""
        experiment, _, name = citation.partition(".")
        return self.update()[experiment].record.results[name].text


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    made = Lab(tmp_path / "project")
    for folder in ("", "published/"):
        for file in (PROJECT / "figures" / folder).glob("*.py"):
            made.write(f"figures/{folder}{file.name}", file.read_text(encoding="utf-8"))
    for package in ("experiments", "models", "data"):
        made.write(f"figures/{package}/__init__.py", "")
    made.write("figures/experiments/toy.py", TOY)
    made.write("figures/models/double.py", DOUBLE)
    made.write("figures/models/factor.py", "FACTOR = 2\n")
    made.write("figures/data/base.txt", "1.0\n")
    return made


@pytest.fixture(scope="session")
def font_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """matplotlib's list of fonts, which takes seconds to make: once for all laboratories."""
    place = tmp_path_factory.mktemp("fonts")
    subprocess.run(
        [sys.executable, "-c", "import matplotlib.font_manager"],
        env={"MPLCONFIGDIR": str(place), "PATH": os.defpath},
        check=True,
    )
    return place


@pytest.fixture
def drawn(lab: Lab, font_cache: Path) -> Lab:
    """The same with a figure, for what concerns drawing."""
    experiment = lab.root / "figures/experiments/toy.py"
    text = experiment.read_text(encoding="utf-8").replace("    }\n", FIGURE.lstrip("\n"), 1)
    experiment.write_text(text + DRAW, encoding="utf-8")
    shutil.copytree(font_cache, lab.root / ".cache" / "matplotlib")
    return lab


@dataclass
class Site(Lab):
    """A laboratory with pages around it, built by the real hooks in a process of their own."""

    def page(self, text: str, path: str = "docs/index.md") -> None:
        self.write(path, text)

    def build(self, *arguments: str, ci: bool = False, **environment: str) -> subprocess.CompletedProcess[str]:
        clean = {k: v for k, v in os.environ.items() if k not in ("CI", "PYTHONDONTWRITEBYTECODE")}
        return subprocess.run(
            [sys.executable, "-m", "mkdocs", "build", "-q", *arguments],
            cwd=self.root,
            env={**clean, **environment, **({"CI": "true"} if ci else {})},
            capture_output=True,
            text=True,
            check=False,
        )

    def html(self, path: str = "index.html") -> str:
        return (self.root / "site" / path).read_text(encoding="utf-8")

    def good(self, *arguments: str, **environment: str) -> str:
        """Build, expect success, return the home page."""
        done = self.build(*arguments, **environment)
        assert done.returncode == 0, done.stdout + done.stderr
        return self.html()

    def bad(self, *arguments: str, ci: bool = False, **environment: str) -> str:
        """Build, expect one clean failure, return what was said."""
        done = self.build(*arguments, ci=ci, **environment)
        said = done.stdout + done.stderr
        assert done.returncode == 1, said
        assert "Traceback" not in said
        return said


@pytest.fixture
def site(lab: Lab) -> Site:
    made = Site(lab.root)
    shutil.copytree(PROJECT / "hooks", made.root / "hooks", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(PROJECT / "docs" / "assets", made.root / "docs" / "assets")
    shutil.copy(PROJECT / "mkdocs.yml", made.root / "mkdocs.yml")
    shutil.copy(PROJECT / "docs" / ".authors.yml", made.root / "docs" / ".authors.yml")
    made.page("# 見出し\n\n値は {{ toy.mean }} です。\n")
    return made


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with started() as browser:
        yield browser


@pytest.fixture(params=["light", "dark"])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A wide page, once on each sheet."""
    context = browser.new_context(color_scheme=request.param, viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    opened.set_default_timeout(20_000)
    yield opened
    context.close()


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's own site."""
    folder = tmp_path_factory.mktemp("built") / "site"
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    command = [sys.executable, "-m", "mkdocs", "build", "--site-dir", str(folder)]
    subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, check=True)
    return folder


@pytest.fixture(scope="session")
def blog(built: Path) -> Iterator[str]:
    """The same, served; its address."""
    with served(built) as address:
        yield address
