"""「手を動かす」: the code that an article shows runs as printed, with NumPy alone, and gives the article's numbers."""

from __future__ import annotations

import re
import subprocess
import sys
from html import unescape
from pathlib import Path

import pytest
from conftest import PROJECT

# Articles on how this blog works compute nothing by hand.
ARTICLES = sorted({file.stem for file in (PROJECT / "docs/articles").glob("*.md")} - {"where-numbers-come-from"})
CODE = re.compile(r"<pre[^>]*>(.*?)</pre>", re.DOTALL)
CITED = re.compile(r'<data [^>]*data-cite="[^"]*"[^>]*>([^<]*)</data>')
DECIMAL = re.compile(r"(?<![\w.])-?\d+\.\d*")


def sections(html: str) -> list[tuple[str, str]]:
    """Of each section that shows code with a print: the code, as a reader copies it, and the section."""
    found = []
    for section in re.split(r"(?=<h2)", html[html.index("<article") : html.index("</article>")]):
        blocks = [unescape(re.sub(r"<[^>]+>", "", block)) for block in CODE.findall(section)]
        if any("print(" in block for block in blocks):
            found.append(("\n\n".join(blocks), section))
    return found


def numbers(texts: list[str]) -> list[float]:
    plain = [text.replace("−", "-").replace(",", "") for text in texts]
    return [float(match) for text in plain for match in re.findall(r"-?\d+(?:\.\d+)?", text)]


@pytest.mark.parametrize("slug", ARTICLES)
def test_the_code_of_an_article_gives_its_numbers(built: Path, tmp_path: Path, slug: str) -> None:
    shown = sections((built / f"articles/{slug}/index.html").read_text(encoding="utf-8"))
    assert shown, "the article has no code that prints"
    for code, section in shown:
        assert 1 < len(code.strip().splitlines()) <= 40
        (tmp_path / "by_hand.py").write_text(code, encoding="utf-8")
        # -I: neither this project nor its folder can be imported.
        command = [sys.executable, "-I", "-W", "error", "by_hand.py"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert "figures" not in code
        printed = [float(match) for match in DECIMAL.findall(done.stdout)]
        assert printed, done.stdout
        cited = numbers(CITED.findall(section))
        for number in printed:
            assert number in cited, f"{number} is printed, but not cited in the section: {sorted(set(cited))}"
