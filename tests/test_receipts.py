"""The receipt of an experiment: all values can be read back from it, nothing in it is code, and git is optional."""

from __future__ import annotations

import ast
import csv
import hashlib
import html
import io
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from browser import needs_browser, served
from conftest import Lab, Site
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser

from figures import record
from figures.csv_of import csv_of
from figures.record import Record
from figures.results import Claim, Figure, Number, Table
from hooks import draw, receipts
from hooks.commits import Commit, last_commit

HOSTILE = """</title></script><script>alert(1)</script>"'&<b>{{ toy.none }} $\\foo{$ **x** [a](b)"""


class Tables(HTMLParser):
    """The tables that hold the values of single runs: name of the result -> its columns, each from top to bottom."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: dict[str, list[list[str]]] = {}
        self.names: list[str] = []
        self.cells: list[str] = []
        self.inside = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        name = dict(attrs).get("data-values")
        if tag == "table":
            self.names = [f"{name} left", f"{name} right"] if name else []
        elif name:
            self.names.append(name)
        self.inside = tag == "td"
        if tag == "tr":
            self.cells = []

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.cells.append(data)

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "td"
        if tag == "tr" and self.cells:
            for name, cell in zip(self.names, self.cells, strict=False):
                self.found.setdefault(name, []).append([cell.replace("−", "-")])

    def column(self, name: str) -> list[float]:
        return [float(cell) for cells in self.found.get(name, []) for cell in cells]


def git(root: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.invalid"]
    command = ["git", *identity, *arguments]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout


def commit(root: Path, subject: str) -> str:
    """Commit everything; the first digits of its hash."""
    git(root, "init", "-q")
    git(root, "add", "-A")
    git(root, "commit", "-qm", subject)
    return git(root, "rev-parse", "HEAD")[:7]


def experiment(body: str, docstring: str = '"""問い"""') -> str:
    head = "from figures.results import Claim, Figure, Number, Table\n\nSEEDS = range(4)\n\n\n"
    return f"{docstring}\n{head}def run(seeds):\n    return {body}\n"


# ---------------------------------------------------------------- contents


def test_every_value_of_every_result_can_be_read_back(drawn: Lab, site: Site) -> None:
    site.good()
    page = site.html("receipts/toy/index.html")
    results = record.from_json((site.root / "figures/records/toy.json").read_text(encoding="utf-8")).results
    shown = {
        cite: (value, text)
        for value, cite, text in re.findall(r'<data value="(.*?)" data-cite="(.*?)">(.*?)</data>', page)
    }
    scores = dict(re.findall(r'data-claim="(.*?)".*?<span class="claim-score">(.*?)</span>', page, re.DOTALL))
    broken = dict(re.findall(r'data-claim="(.*?)".*?<span class="broken-score">(.*?)</span>', page, re.DOTALL))
    tables = Tables(page)
    assert {type(result) for result in results.values()} == {Number, Claim, Table, Figure}
    for name, result in results.items():
        if isinstance(result, Number):
            assert shown[f"toy.{name}"] == (f"{result.value:.8g}", result.text)
            if result.digits is None:
                assert f"±{result.error_text}" in page
                assert tables.column(f"toy.{name}") == list(result.values)
        elif isinstance(result, Claim):
            assert re.sub("<.*?>", "", scores[f"toy.{name}"]) == result.text
            assert broken[f"toy.{name}"] == "0/5"
            assert f"{result.n}回中{result.needed}回から" in page
            assert tables.column(f"toy.{name} left") == list(result.left)
            assert tables.column(f"toy.{name} right") == list(result.right)
        elif isinstance(result, Figure):
            assert f'data-cite="toy.{name}" data-sha256="{result.data_sha256}"' in page
        else:
            assert f'data-cite="toy.{name}"' in page


def test_every_result_is_an_anchor_once(site: Site) -> None:
    site.page("# 題\n\n[表](receipts/toy.md#all)と[コード](receipts/toy.md#receipt.code)\n")
    site.good()  # MkDocs knows the anchors, too
    ids = re.findall(r' id="(.*?)"', site.html("receipts/toy/index.html"))
    assert {"mean", "exact", "is_large", "all"} <= set(ids)
    assert len(ids) == len(set(ids))


def test_the_slip_says_what_the_experiment_says(site: Site) -> None:
    docstring = "問いですか。\n\n    データ: 正規乱数。\n    30個。  出典: 本の3章。\n\n    ことわり書き。\n    "
    site.edit("figures/experiments/toy.py", "おもちゃの実験。", docstring)
    site.good()
    page = site.html("receipts/toy/index.html")
    assert "<h1>問いですか。</h1>" in page
    assert "<dt>データ</dt><dd>正規乱数。</dd>" in page
    assert "<dd>5回（乱数の種 0–4）</dd>" in page
    assert "<dt>出典</dt>" not in page
    assert "<strong>データ</strong>　正規乱数。30個。</p>" in page
    assert "<strong>出典</strong>　本の3章。</p>" in page
    assert "<p>ことわり書き。</p>" in page
    assert "<strong>数字 2</strong><strong>主張 1</strong>" in page
    assert "<code>python -m figures run toy</code>" in page
    assert "最後の変更" not in page  # no git here


def test_numbers_in_a_title_or_caption_are_printed(site: Site) -> None:
    site.edit("figures/experiments/toy.py", '"表の説明。"', '"{{ toy.exact }}の表。"')
    site.good()
    page = site.html("receipts/toy/index.html")
    assert ">10人の表。</span>" in page
    assert "{{" not in page[: page.index("走ったコード</h2>")]


def test_it_names_what_the_experiment_read_and_shows_what_ran(site: Site) -> None:
    site.good()
    page = site.html("receipts/toy/index.html")
    digest = hashlib.sha256((site.root / "figures/data/base.txt").read_bytes()).hexdigest()
    assert re.search(rf"figures/data/base\.txt</code></th><td><code>{digest[:8]}<", page)
    assert "figures/models/factor.py</code>" in page
    assert f"Python {sys.version.split()[0]}" in page
    code = page[page.index('<div class="highlight">') :]
    code = html.unescape(re.sub("<.*?>", "", code[: code.index("</div>")]))
    assert code.strip() == (site.root / "figures/experiments/toy.py").read_text(encoding="utf-8").strip()


def test_an_experiment_edited_during_the_build_is_not_shown_as_what_ran(lab: Lab) -> None:
    run = lab.update()["toy"]
    receipts.make(lab.root, run, [])
    lab.edit("figures/experiments/toy.py", "OFFSET = 10", "OFFSET = 11")
    with pytest.raises(Exception, match=r"toy\.py:1: ビルドのあいだに書き換わりました"):
        receipts.make(lab.root, run, [])


def test_json_is_the_record_and_csv_has_every_value(site: Site) -> None:
    site.good()
    committed = (site.root / "figures/records/toy.json").read_bytes()
    assert (site.root / "site/receipts/toy.json").read_bytes() == committed
    text = (site.root / "site/receipts/toy.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    for name, fields in json.loads(committed)["results"].items():
        values = [float(row["value"]) for row in rows if row["result"] == name]
        assert values == fields.get("values", fields.get("left", []))
    assert [(row["relation"], row["other"]) for row in rows if row["result"] == "is_large"] == [(">", "1")] * 5
    page = site.html("receipts/toy/index.html")
    assert {"../toy.csv", "../toy.json"} <= set(re.findall(r'href="(.*?)" download', page))
    explained = re.findall(r"（<code>(.*?)</code>）", page)
    assert set(rows[0]) == {*explained, "result"}  # the page says what each column holds


awkward = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0\r"), max_size=20)


@given(st.lists(st.floats(-1e9, 1e9), min_size=2, max_size=5), awkward, awkward)
def test_csv_gives_back_what_was_measured_whatever_it_is_called(values: list[float], about: str, unit: str) -> None:
    measured = {"x": Number(values, "個" + unit, about), "c": Claim(values, "!=", -1, about=about, share=1e-9)}
    text = csv_of(Record("toy", measured))
    assert text.encode().startswith(b"\xef\xbb\xbfresult,kind,about,unit,run,value,")  # Excel takes it for UTF-8
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    n = len(values)
    assert [row["result"] for row in rows] == ["x"] * n + ["c"] * n
    assert {row["about"] for row in rows} == {about}
    assert [row["unit"] for row in rows] == ["個" + unit] * n + [""] * n
    assert [int(row["run"]) for row in rows] == [*range(n)] * 2
    kept = measured["x"].values
    assert [float(row["value"]) for row in rows] == [*kept, *kept]
    assert [(row["relation"], row["other"]) for row in rows] == [("", "")] * n + [("!=", "-1")] * n


def test_the_list_has_every_receipt(site: Site) -> None:
    site.write("figures/experiments/other.py", experiment('{"x": Number(1, digits=0)}'))
    site.good()
    page = site.html("receipts/index.html")
    assert re.findall(r'<a href="(.*?)">(おもちゃの実験。|問い)</a>', page) == [
        ("other/", "問い"),
        ("toy/", "おもちゃの実験。"),
    ]


def test_receipts_are_not_searched(site: Site) -> None:
    site.good()
    found = {entry["location"] for entry in json.loads(site.html("search/search_index.json"))["docs"]}
    assert "" in found
    assert not any(location.startswith("receipts/") for location in found)


def test_nothing_is_written_to_docs_and_two_builds_are_equal(site: Site) -> None:
    def built() -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in (site.root / "site/receipts").rglob("*") if path.is_file()}

    def sources() -> list[Path]:
        return sorted(path for path in (site.root / "docs").rglob("*") if path.is_file())

    before = sources()
    commit(site.root, "all")
    site.good()
    first = built()
    shutil.rmtree(site.root / ".cache")
    site.good()
    assert built() == first
    assert sources() == before


# ---------------------------------------------------------------- citing pages


def test_articles_that_cite_it_are_linked(site: Site) -> None:
    site.page("# 値は二つ\n\n値は{{ toy.mean }}です。\n", "docs/cites.md")
    site.page("# 主張\n\n[大きい]{{ toy.is_large }}です。\n", "docs/claims.md")
    site.page("# 引かない\n\n`{{ toy.mean }}` と書きます。\n", "docs/quotes.md")
    site.page("# 家\n\n本文。\n")
    site.good()
    page = site.html("receipts/toy/index.html").partition('id="receipt.cited"')[2]
    assert re.findall(r'<li><a href="(.*?)">(.*?)</a>', page)[:2] == [
        ("../../cites/", "値は二つ"),
        ("../../claims/", "主張"),
    ]
    assert "引かない" not in page


def test_without_a_citing_article_it_says_so(site: Site) -> None:
    site.page("# 家\n\n本文。\n")
    site.good()
    assert "まだありません。" in site.html("receipts/toy/index.html").partition('id="receipt.cited"')[2]


# ---------------------------------------------------------------- bad data


@pytest.mark.parametrize(
    ("body", "docstring", "words"),
    [
        ('{"x": Number(1, digits=0)}', "", "くり返して測った数字はありません"),
        ('{"x": Number([1, 1, 1, 1])}', '"""問い"""', "4回とも1"),
        ('{"x": Number([1, 2, 3, 4])}', "", "数字 1</strong><strong>主張 0"),
        ('{"x": Number([1e-9, 2e-9, 3e-9, 4e-9], "秒")}', '"""\n\n"""', "×10⁻⁹ 秒"),
        ('{"x": Number([1, 2, 3], "")}', '"""問い"""', "<dd>3回</dd>"),
        (
            '{"x": Claim([1], ">", 0)}\n\n\ndef falsify(seeds):\n    return {"x": Claim([0], ">", 0)}',
            "",
            "数字はありません",
        ),
    ],
)
def test_little_is_enough(site: Site, body: str, docstring: str, words: str) -> None:
    site.write("figures/experiments/poor.py", experiment(body, docstring))
    site.good()
    page = site.html("receipts/poor/index.html")
    assert words in page
    assert 'id="x"' in page
    assert f"<h1>{'問い' if '問い' in docstring else 'poor'}</h1>" in page


def test_hostile_words_are_only_words(site: Site) -> None:
    quoted = repr(HOSTILE)
    body = f"""{{
        "x": Number([1, 2, 3, 4], {quoted}, {quoted}),
        "y": Number([1, 2, 3, 4], {quoted}, {quoted} + "、L1"),
        "z": Number([1, 1, 1, 1], {quoted}, {quoted} + "、L2"),
        "c": Claim([1, 2, 3, 4], ">", 0, about={quoted}),
        "t": Table(["", {quoted}], {{{quoted}: ["x"]}}, {quoted}),
    }}


def falsify(seeds):
    return {{"c": Claim(0, ">", 0)}}
"""
    text = HOSTILE.replace("\\", "\\\\")
    site.write("figures/experiments/hostile.py", experiment(body, f'"""{text}\n\nデータ: {text}\n\n{text} \n"""'))
    commit(site.root, HOSTILE)
    site.good()
    for path in ("receipts/hostile/index.html", "receipts/index.html"):
        page = site.html(path)
        assert "<script>alert" not in page
        page = re.sub(r'<script type="application/ld\+json">.*?</script>', "", page)  # raw text: tests/test_dataset.py
        assert not re.search(r'"\'&(?!amp;|lt;|#)', page)
        assert "&lt;/title&gt;&lt;/script&gt;&lt;script&gt;alert(1)" in page
    page = site.html("receipts/hostile/index.html")
    labels = [html.unescape(text) for text in re.findall(r'class="slip__label">(?:<span[^>]*>)?(.*?)</span>', page)]
    assert labels[0] == HOSTILE
    assert html.unescape(page).count(HOSTILE) > 10
    assert f"<title>{html.escape(HOSTILE)} - " in page
    assert HOSTILE in site.html("receipts/hostile.csv").replace('""', '"')


def test_an_experiment_may_not_take_the_place_of_the_list(site: Site) -> None:
    site.write("figures/experiments/index.py", experiment('{"x": Number(1, digits=0)}'))
    assert "figures/experiments/index.py: この名前では作れません" in site.bad()


# ---------------------------------------------------------------- git


def test_the_last_commit_is_that_of_its_own_files(site: Site) -> None:
    sha = commit(site.root, "Measure <toys> & more")
    site.write("docs/other.md", "# 別\n")
    commit(site.root, "Something else")
    site.good()
    page = site.html("receipts/toy/index.html")
    assert f"<code>{sha}</code><br>Measure &lt;toys&gt; &amp; more" in page
    assert re.search(r'<time datetime="\d{4}-\d\d-\d\d">', page)
    assert "コミットしていない" not in page
    site.edit("figures/data/base.txt", "1.0", "2.0")
    site.good()
    assert "このあとの、まだコミットしていない変更があります" in site.html("receipts/toy/index.html")


def test_git_is_optional(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = ["a.txt"]
    (tmp_path / "a.txt").write_text("1\n", encoding="utf-8")
    assert last_commit(tmp_path, paths) is None
    git(tmp_path, "init", "-q")
    assert last_commit(tmp_path, paths) == Commit(remark="まだコミットしていません")
    sha = commit(tmp_path, "One")
    found = last_commit(tmp_path, paths)
    assert found is not None
    assert (found.sha, found.subject, found.remark) == (sha, "One", "")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "nowhere"))  # as in a hook of git
    assert last_commit(tmp_path, paths) == found
    monkeypatch.setenv("PATH", str(tmp_path))
    assert last_commit(tmp_path, paths) is None


def test_a_shallow_clone_claims_nothing(tmp_path: Path) -> None:
    origin, clone = tmp_path / "origin", tmp_path / "clone"
    origin.mkdir()
    for number in ("1", "2"):
        (origin / "a.txt").write_text(number, encoding="utf-8")
        commit(origin, number)
    git(tmp_path, "clone", "-q", "--depth=1", origin.as_uri(), str(clone))
    found = last_commit(clone, ["a.txt"])
    assert found == Commit(remark="履歴の浅い複製から作ったので、書けません")


# ---------------------------------------------------------------- fingerprint


def bars(svg: str) -> str:
    """Read the digits of a fingerprint back from its bars."""
    places = [(int(x), int(width)) for x, width in re.findall(r"M(\d+) 0h(\d+)v44", svg)]
    end = int(re.search(r'viewBox="0 0 (\d+) 44"', svg)[1])  # type: ignore[index]
    digits = [4 * (width - 1) + after - x - width - 1 for (x, width), (after, _) in pairwise(places)]
    return "".join(f"{digit:x}" for digit in digits) + f"{4 * (end - places[-1][0] - 1):x}"


def test_the_bars_are_the_hash_of_the_record(site: Site) -> None:
    site.good()
    page = site.html("receipts/toy/index.html")
    digest = hashlib.sha256((site.root / "figures/records/toy.json").read_bytes()).hexdigest()
    assert bars(page)[:63] == digest[:63]
    assert int(bars(page)[63], 16) == int(digest[63], 16) // 4 * 4  # no gap behind the last bar
    assert f"<code>{digest[:8]} {digest[8:16]}</code>" in page


def test_a_changed_digit_changes_the_fingerprint() -> None:
    def drawn(value: float) -> str:
        text = record.to_json(Record("toy", {"x": Number([value, 1, 2])}))
        return draw.fingerprint(hashlib.sha256(text.encode()).hexdigest())

    assert drawn(1.2345678) == drawn(1.23456781)  # not a kept digit
    a, b = bars(drawn(1.2345678)), bars(drawn(1.2345679))
    assert sum(x != y for x, y in zip(a, b, strict=True)) > 32


# ---------------------------------------------------------------- strips

numbers = st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=60).map(lambda values: Number(values, about="量"))


@given(numbers)
def test_a_strip_has_a_dot_for_every_run_where_its_value_is(number: Number) -> None:
    [panel] = draw.panels({"x": number})
    [strip] = panel.strips
    places = [float(x) for x in re.findall(r'<circle cx="(.*?)%"', strip.svg)]
    if len(set(number.values)) == 1:
        assert places == []
        return
    assert len(places) == number.n
    assert all(0 <= x <= 100 for x in places)
    low, high = min(number.values), max(number.values)
    for value, x in zip(number.values, places, strict=True):
        expected = min(places) + (max(places) - min(places)) * (value - low) / (high - low)
        assert x == pytest.approx(expected, abs=0.02)
    ticks = re.findall(r'<text x="(.*?)%"[^>]*>([^<]*)</text>', panel.axis)
    assert 2 <= len(ticks) <= 7
    assert [float(x) for x, _ in ticks][:: (len(ticks) - 1)] == [0, 100]
    assert len({text for _, text in ticks}) == len(ticks)
    assert max(places) - min(places) > 15


def test_dots_do_not_lie_on_one_another() -> None:
    levels = draw._levels([1, 1, 5, 1, 5, 2], touch=2)
    assert levels == [0, 1, 0, 2, 1, 3]


def test_only_what_is_alike_shares_an_axis() -> None:
    def panels(**measured: Number) -> list[list[str]]:
        return [[strip.name for strip in panel.strips] for panel in draw.panels(measured)]

    a, b = Number([1, 2], "個", "誤差、L1"), Number([1.5, 2.5], "個", "誤差、L2")
    assert panels(a=a, b=b) == [["a", "b"]]
    assert panels(a=a, x=Number([1, 2], "個", "時間、L1"), b=b) == [["a", "b"], ["x"]]  # another topic
    assert panels(a=a, b=Number([1, 2], "秒", "誤差、L2")) == [["a"], ["b"]]  # another unit
    assert panels(a=a, b=Number([1, 99], "個", "誤差、L2")) == [["a"], ["b"]]  # another scale
    assert panels(c=Number([2, 2], "個", "誤差、なし"), a=a) == [["c", "a"]]  # no spread, but near
    assert panels(a=Number(1, "個", "誤差、L1", digits=0)) == []  # exact


@pytest.mark.parametrize(
    ("name", "method"), [("l1_zeros", "l1"), ("error_l2", "l2"), ("none_error", "none"), ("l1_vs_l2", ""), ("mean", "")]
)
def test_only_a_method_has_the_colour_of_a_method(name: str, method: str) -> None:
    [panel] = draw.panels({name: Number([1, 2])})
    assert panel.strips[0].method == method


def test_a_pile_that_cannot_be_counted_says_how_high_it_is() -> None:
    [panel] = draw.panels({"x": Number([0] * 14 + [1] * 6 + [2] * 3)})
    assert re.findall(r">(\d+回)</text>", panel.strips[0].svg) == ["14回", "6回"]
    assert [float(text) for text in re.findall(r"<text[^>]*>([^<]*)<", panel.axis)] == [0, 1, 2]


# ---------------------------------------------------------------- what is read from the experiment


@pytest.mark.parametrize(
    ("source", "seeds"),
    [
        ("SEEDS = range(20)", range(20)),
        ("SEEDS: object = range(3, 9, 2)", range(3, 9, 2)),
        ("SEEDS = [4, 8]", [4, 8]),
        ("SEEDS = range(N)", None),
        ("SEEDS = range(1, 9, 0)", None),
        ("SEEDS = list(range(9))", None),
        ("SEEDS = ['a']", None),
        ("SEEDS: object", None),
        ("x = 1", None),
    ],
)
def test_seeds_are_known_where_they_are_written_out(source: str, seeds: object) -> None:
    assert receipts.seeds_of(ast.parse(source)) == seeds


def test_notes_keep_their_labels_and_lose_their_line_breaks() -> None:
    text = "\n\nData: 糖尿病の\nデータ。  Source: T. (1996),\neq. (3).\n\n式は https://a.invalid/a: b。\n図：二つ。"
    assert receipts.notes_of(text) == [
        ("データ", "糖尿病のデータ。"),
        ("出典", "T. (1996),\neq. (3)."),
        ("", "式は https://a.invalid/a: b。"),
        ("図", "二つ。"),
    ]
    assert receipts.notes_of("") == []


def test_the_hook_imports_no_numpy() -> None:
    code = "import sys, hooks.receipts; print(sorted({'numpy', 'matplotlib'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


# ---------------------------------------------------------------- in a browser


@pytest.fixture
def wide(site: Site) -> Iterator[str]:
    """The receipt of an experiment with long words and values of all sizes; its address."""
    long = "とても長い題を持つ、いくつもの言葉からできた量"
    body = f"""{{
        "a": Number([0.00012345678, -1.2345678, 2.2345678, 0.12345678], "ポイント", "{long}、L1"),
        "b": Number([12345678, 12345679, 22345678, 32345678], "", "averylongwordthatdoesnotbreakbyitselfanywhereatall"),
        "l1_c": Number([1] * 60 + [2] * 40, "個", "{long}、L2"),
        "claim": Claim([1, 2, 3, 4], ">", [0.12345678] * 4, 0.7, "{long}"),
        "t": Table(["", "値"], {{"行": ["a"]}}, "{long}。"),
    }}


def falsify(seeds):
    return {{"claim": Claim(0, ">", 0, 0.7)}}
"""
    doc = f'"""{long}はどうなるか\n\nデータ: figures/data/a_rather_long_name_of_a_file_of_data.csv から。\n"""'
    site.write("figures/experiments/wide.py", experiment(body, doc))
    commit(site.root, "Measure averylongwordthatdoesnotbreakbyitselfanywhereatall")
    site.good()

    with served(site.root / "site") as address:
        yield f"{address}receipts/wide/"


CONTRASTS = """() => {
    const light = c => { const [r, g, b] = c.match(/[\\d.]+/g).slice(0, 3).map(v => v / 255)
        .map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4); return .2126 * r + .7152 * g + .0722 * b; };
    const ground = e => { for (; e; e = e.parentElement) {
        const c = getComputedStyle(e).backgroundColor; if (!/, 0\\)$/.test(c)) return c; } return 'rgb(255 255 255)'; };
    const walker = document.createTreeWalker(document.querySelector('.receipt'), NodeFilter.SHOW_TEXT), found = [];
    for (let node; node = walker.nextNode();) {
        const e = node.parentElement, style = getComputedStyle(e);
        if (!node.data.trim() || !e.getClientRects().length) continue;
        const [a, b] = [light(e.closest('svg') ? style.fill : style.color), light(ground(e))].sort((x, y) => y - x);
        found.push([node.data.trim(), (a + .05) / (b + .05), parseFloat(style.fontSize)]);
    }
    return found;
}"""


@needs_browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_receipt_is_readable_and_never_scrolls_sideways(wide: str, browser: Browser, scheme: str) -> None:
    page = browser.new_context(color_scheme=scheme).new_page()  # type: ignore[arg-type]
    for width in (340, 360, 768, 1000, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(wide, wait_until="networkidle")
        page.eval_on_selector_all("details", "all => all.forEach(one => one.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        outside = "all => all.filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.outerHTML)"
        assert page.eval_on_selector_all(".slip, .slip__part, .runs, .panel", outside) == [], width
        found = page.evaluate(CONTRASTS)
        assert len(found) > 100
        assert [item for item in found if item[1] < 7 or item[2] < 12] == []


@needs_browser
def test_a_printed_slip_is_86_mm_wide_and_black_on_white(wide: str, browser: Browser) -> None:
    page = browser.new_context(color_scheme="dark").new_page()
    page.goto(wide, wait_until="networkidle")
    page.emulate_media(media="print")
    slip = page.eval_on_selector(
        ".slip",
        "e => { const s = getComputedStyle(e);"
        " return [e.getBoundingClientRect().width, s.color, s.backgroundColor, s.breakAfter] }",
    )
    assert slip[0] == pytest.approx(86 / 25.4 * 96, abs=1)
    assert slip[1:] == ["rgb(0, 0, 0)", "rgb(255, 255, 255)", "page"]
