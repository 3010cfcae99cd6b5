"""The measuring of pages can say no: each instrument on a small page that is bad in one way, and on a good one."""

from __future__ import annotations

import gzip
import json
import os
import random
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from browser import needs_axe, needs_browser
from playwright.sync_api import Browser

from figures.bench.rows import Row
from tests.page import __main__ as command
from tests.page import axe, figure, lighthouse, maths, policy, visit
from tests.page.measure import within
from tests.page.serve import Host, served

FOLDER = Path(__file__).parent / "page"

POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'"
GOOD = f"""<!doctype html>
<html lang="ja"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<title>良いページ</title><link rel="stylesheet" href="/style.css"></head>
<body><header><form role="search" aria-label="サイト内"><label for="q">検索</label><input id="q"><ul></ul></form>
<fieldset><legend>紙の色</legend><label><input type="radio" name="paper"><span>夜</span></label></fieldset></header>
<main><h1>良いページ</h1><p>数式は <math><mi>λ</mi></math> です。</p><img src="/dot.svg" alt="点"></main>
<script src="/script.js"></script></body></html>"""
STYLE = "body { background: #fff; color: #222 } .night { background: #000; color: #fff }"
SCRIPT = """
document.querySelector("[type=radio]").onchange = () => { document.body.classList.add("night") }
document.querySelector("#q").oninput = async event => {
  const words = await (await fetch("/index.json")).json()
  document.querySelector("ul").innerHTML =
    words.filter(word => word === event.target.value).map(word => `<li><a href="/">${word}</a></li>`).join("")
}"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A good site of one page."""
    files = {"index.html": GOOD, "style.css": STYLE, "script.js": SCRIPT, "index.json": '["正則化"]'}
    for name, text in {**files, "dot.svg": '<svg xmlns="http://www.w3.org/2000/svg"/>', "404.html": "ない"}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def host(folder: Path) -> Iterator[Host]:
    with served(folder) as host:
        yield host


def change(folder: Path, old: str, new: str, file: str = "index.html") -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")


def values(rows: list[Row]) -> dict[str, float | None]:
    return {row.name.rpartition(".")[2]: row.value for row in rows}


def verdicts(rows: list[Row]) -> dict[str, bool]:
    return {row.name.rpartition(".")[2]: row.met for row in rows}


def test_text_travels_as_gzip_and_a_missing_page_says_so(host: Host, folder: Path) -> None:
    with urllib.request.urlopen(host.url) as answer:
        body = answer.read()
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        assert answer.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(body) == (folder / "index.html").read_bytes()
    assert host.sent[-1][0] == "/"
    assert len(body) < host.sent[-1][1] < len(body) + 200  # a few header lines
    with pytest.raises(urllib.error.HTTPError) as missing:
        urllib.request.urlopen(host.url + "no/such/page/")
    assert missing.value.code == 404
    assert gzip.decompress(missing.value.read()).decode() == "ない"


@needs_browser
def test_a_visit_counts_what_the_page_and_its_workers_load(folder: Path, browser: Browser) -> None:
    (folder / "script.js").write_text('new Worker("/worker.js")', encoding="utf-8")
    (folder / "worker.js").write_text('fetch("/data.bin")', encoding="utf-8")
    (folder / "data.bin").write_bytes(bytes(9_000))  # no text, hence not compressed
    with served(folder) as host:
        loaded = visit.first_visit(browser, host, "")
    paths = {path for path, _ in loaded.own}
    assert {"/", "/style.css", "/script.js", "/dot.svg", "/worker.js", "/data.bin"} <= paths
    assert 9_000 < dict(loaded.own)["/data.bin"] < 9_200
    assert verdicts(visit.rows("x", loaded)) == {"bytes": True, "requests": True, "foreign_hosts": True}


@needs_browser
def test_a_fat_page_with_many_files_from_elsewhere_is_told(folder: Path, browser: Browser) -> None:
    # A picture that can be shown, since Chromium hangs up on any other; gzip leaves half of a hexadecimal digit.
    noise = random.Random(0).randbytes(visit.MAX_BYTES).hex()
    (folder / "fat.svg").write_text(f'<svg xmlns="http://www.w3.org/2000/svg"><!-- {noise} --></svg>', encoding="utf-8")
    with served(folder) as elsewhere:
        images = "".join(f'<img src="/dot.svg?{number}" alt="">' for number in range(visit.MAX_REQUESTS))
        page = f'<!doctype html><title>x</title>{images}<img src="{elsewhere.url}fat.svg" alt="">'
        (folder / "fat.html").write_text(page, encoding="utf-8")
        with served(folder) as host:
            loaded = visit.first_visit(browser, host, "fat.html")
    found = values(visit.rows("x", loaded))
    assert found["bytes"] is not None
    assert found["bytes"] > visit.MAX_BYTES
    assert found["requests"] is not None
    assert found["requests"] >= visit.MAX_REQUESTS + 2  # a browser may ask for an icon, too
    assert found["foreign_hosts"] == 1
    assert verdicts(visit.rows("x", loaded)) == {"bytes": False, "requests": False, "foreign_hosts": False}


@needs_browser
@needs_axe
def test_axe_finds_nothing_on_a_good_page(host: Host, browser: Browser) -> None:
    for form in axe.SIZES:
        for theme in axe.THEMES:
            assert axe.violations(browser, host.url, form, theme) == {}


@needs_browser
@needs_axe
def test_axe_sees_low_contrast_in_one_theme_at_one_width(folder: Path, browser: Browser) -> None:
    bad = "@media (prefers-color-scheme: dark) and (max-width: 600px) { p { color: #bbb } }"
    change(folder, STYLE, STYLE + bad, "style.css")
    with served(folder) as host:
        found = {
            (form, theme): axe.violations(browser, host.url, form, theme) for form in axe.SIZES for theme in axe.THEMES
        }
    assert {where: rules for where, rules in found.items() if rules} == {("mobile", "dark"): {"color-contrast": ["p"]}}


@needs_browser
@needs_axe
def test_axe_names_the_rule_and_the_element(folder: Path, browser: Browser) -> None:
    change(folder, ' alt="点"', "")
    with served(folder) as host:
        row = axe.row("x", "mobile", "light", axe.violations(browser, host.url, "mobile", "light"))
    assert (row.name, row.value, row.met) == ("x.mobile.light.axe", 1, False)
    assert "image-alt" in row.ours
    assert "img" in row.ours


@needs_browser
def test_a_page_in_use_keeps_a_good_policy(host: Host, browser: Browser) -> None:
    assert values(policy.rows(browser, "x", host.url)) == {"csp_gaps": 0, "csp_violations": 0}
    assert "/index.json" in dict(host.sent), "it never searched"


BAD_IN_USE = SCRIPT.replace("{ document", '{ document.body.setAttribute("style", "color: red"); document', 1)


@needs_browser
@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        ("index.html", "http-equiv", "name", {"csp_gaps": 1, "csp_violations": 0}),
        ("index.html", "script-src 'self'", "script-src 'self' 'unsafe-inline'", {"csp_gaps": 1, "csp_violations": 0}),
        ("index.html", "</main>", "</main><script>1</script>", {"csp_gaps": 0, "csp_violations": 1}),
        ("script.js", SCRIPT, BAD_IN_USE, {"csp_gaps": 0, "csp_violations": 1}),  # only when the theme is switched
        ("style.css", "background: #000", "", {"csp_gaps": 0, "csp_violations": None}),
        ("index.html", "connect-src 'self'", "", {"csp_gaps": 0, "csp_violations": None}),
    ],
    ids=["no policy", "unsafe-inline", "no hash", "in use", "theme does not switch", "search finds nothing"],
)
def test_a_bad_policy_or_a_page_that_breaks_it_is_told(
    folder: Path,
    browser: Browser,
    monkeypatch: pytest.MonkeyPatch,
    file: str,
    old: str,
    new: str,
    expected: dict[str, float | None],
) -> None:
    if expected["csp_violations"] is None:  # it will wait in vain
        monkeypatch.setattr(policy, "PATIENCE", 1_500)
    change(folder, old, new, file)
    with served(folder) as host:
        rows = policy.rows(browser, "x", host.url)
    assert values(rows) == expected
    assert all(row.met == (row.value == 0) for row in rows)
    assert all(row.why for row in rows if row.value is None)


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("default-src 'self'", True),
        ("script-src 'self' 'sha256-abc'; style-src 'unsafe-inline'", True),
        ("style-src 'self'", False),
        ("default-src 'self' 'unsafe-inline'", False),
        ("default-src 'unsafe-inline'; script-src 'self'", True),
        ("script-src 'self'; script-src-attr 'unsafe-inline'", False),
        ("script-src *", False),
        ("", False),
    ],
)
def test_a_policy_has_gaps_where_a_script_may_go_unnamed(text: str, good: bool) -> None:
    assert (policy.gaps(text) == []) is good


def test_the_heaviest_figure_is_found(folder: Path) -> None:
    assert figure.row(folder).value == 0
    noise = os.urandom(figure.MAX_BYTES).hex()
    change(folder, "</main>", f"<svg><path/></svg>\n<svg><path d='{noise}'/></svg></main>")
    row = figure.row(folder)
    assert row.value is not None
    assert figure.MAX_BYTES < row.value < 2 * figure.MAX_BYTES
    assert not row.met
    assert row.ours == "index.html の2番目"


@needs_browser
@pytest.mark.parametrize(
    ("formula", "script", "waiting"),
    [
        ("", "", 0),
        ('<span class="arithmatex">\\(λ\\)</span>', "", 1),
        ("<p></p>", 'document.querySelector("p").innerHTML += "<math><mi>x</mi></math>"', 1),
    ],
    ids=["MathML", "arithmatex", "a script makes MathML"],
)
def test_formulas_that_wait_for_a_script_are_counted(
    folder: Path, browser: Browser, formula: str, script: str, waiting: int
) -> None:
    change(folder, "</main>", formula + "</main>")
    change(folder, SCRIPT, f"{SCRIPT}\n{script}", "script.js")
    with served(folder) as host:
        row = maths.row(browser, "x", host.url)
    assert row.value == waiting
    assert row.met == (waiting == 0)


def test_a_report_of_lighthouse_is_read() -> None:
    stored = json.loads((FOLDER / "report.json").read_text(encoding="utf-8"))
    assert (
        stored["lighthouseVersion"] == json.loads((FOLDER / "package.json").read_text())["dependencies"]["lighthouse"]
    )
    report = lighthouse.read(stored)
    assert report.scores == {"performance": 98, "accessibility": 100, "best-practices": 100, "seo": 100}
    assert report.cls == pytest.approx(0.0003, abs=1e-5)
    assert report.lcp == pytest.approx(1.5466708)
    assert report.lost["performance"].startswith("first-contentful-paint 1.5")
    assert "cache-insight" not in report.lost["performance"]  # it weighs nothing
    assert report.lost["accessibility"] == ""
    stored["categories"]["seo"]["score"] = None  # an audit of it could not be computed
    assert lighthouse.read(stored).scores["seo"] == 0
    stored["runtimeError"] = {"code": "ERRORED_DOCUMENT_REQUEST", "message": "Status code: 404"}
    with pytest.raises(RuntimeError, match="404"):
        lighthouse.read(stored)


def test_time_counts_as_the_median_and_all_else_as_the_worst() -> None:
    first = lighthouse.read(json.loads((FOLDER / "report.json").read_text(encoding="utf-8")))
    perfect = replace(first, scores=dict.fromkeys(lighthouse.CATEGORIES, 100), cls=0.0, lcp=1.0)
    worse = replace(perfect, scores={**perfect.scores, "performance": 40, "seo": 91}, cls=0.2, lcp=9.0)
    rows = lighthouse.rows("x", "mobile", [worse, perfect, perfect])
    expected = {"performance": 100, "accessibility": 100, "best-practices": 100, "seo": 91, "cls": 0.2, "lcp": 1.0}
    assert values(rows) == expected
    assert {name for name, met in verdicts(rows).items() if not met} == {"seo", "cls"}
    assert "lcp" not in values(lighthouse.rows("x", "desktop", [perfect]))


@pytest.mark.parametrize(
    ("row", "kept"),
    [
        (Row("x.mobile.performance", "", 93, 100), True),
        (Row("x.mobile.performance", "", 89, 100), False),
        (Row("x.mobile.lcp", "", 2.4, 1.1, at_most=True), True),
        (Row("x.mobile.lcp", "", 2.6, 1.1, at_most=True), False),
        (Row("x.mobile.accessibility", "", 99, 100), False),
        (Row("x.bytes", "", 75_001, 75_000, at_most=True), False),
        (Row("x.csp_violations", "", None, 0, at_most=True), False),
    ],
)
def test_a_budget_is_exact_except_where_the_machine_has_a_say(row: Row, kept: bool) -> None:
    assert within(row) is kept


@pytest.mark.parametrize(("size", "status"), [(74_000, 0), (76_000, 1)])
def test_only_json_on_standard_output_and_budgets_as_exit_status(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], size: int, status: int
) -> None:
    row = Row("home.bytes", "", size, 75_000, at_most=True, ours="style.css 1.0")
    asked: list[int] = []
    monkeypatch.setattr(command, "AXE", folder)
    monkeypatch.setattr(command, "LIGHTHOUSE", folder)
    monkeypatch.setattr(command, "measure", lambda site, runs: asked.append(runs) or [row])
    assert command.main([str(folder), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said == [{"name": "home.bytes", "value": size, "goal": 75_000, "met": status == 0}]
    assert command.main([str(folder), "--budgets"]) == status
    said = capsys.readouterr()
    assert ("home.bytes" in said.err) == bool(status)
    assert "style.css 1.0" in said.out
    assert asked == [5, 1]


def test_without_the_packages_of_npm_it_says_what_to_do(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "AXE", folder / "nothing")
    assert command.main([str(folder)]) == 1
    said = capsys.readouterr()
    assert "npm ci --prefix tests/page" in said.err
    assert said.out == ""


def test_what_npm_installs_is_pinned_by_hash_and_names_no_address() -> None:
    text = (FOLDER / "package-lock.json").read_text(encoding="utf-8")
    wanted = json.loads((FOLDER / "package.json").read_text(encoding="utf-8"))["dependencies"]
    packages = json.loads(text)["packages"]
    for name, version in wanted.items():
        assert packages[f"node_modules/{name}"]["version"] == version
    assert len(packages) > 100
    assert all(entry["integrity"].startswith("sha512-") for path, entry in packages.items() if path)
    assert "://" not in text
    assert '"latest"' not in text
