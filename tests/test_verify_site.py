"""``figures verify SITE``: one character changed by hand anywhere that shows a result is found, and nothing else is."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter, defaultdict
from functools import lru_cache
from pathlib import Path
from random import Random

import altered
import minify_html
import pytest
from browser import served
from conftest import PROJECT, Site

from figures import runner
from figures.published import manifest, pages, verify
from figures.published.sites import Folder, Web

CHANGES = 200
READ = lru_cache(maxsize=None)(pages.read)  # of all the pages only one is new each time


class Changed(Folder):
    """A folder of which one file says something else."""

    def __init__(self, root: Path, file: Path, text: str) -> None:
        super().__init__(root)
        self.file, self.text = file, text

    def read(self, path: str) -> bytes:
        content = super().read(path)
        asked = self.root / (path + "index.html" if path.endswith("/") or not path else path)
        return self.text.encode() if asked == self.file.resolve() else content


@pytest.fixture(scope="module")
def places(built: Path) -> dict[str, list[altered.Place]]:
    files = [
        *built.rglob("*.html"),
        *built.glob("receipts/*.csv"),
        *built.glob("receipts/*.json"),
        built / "search/search_index.json",
        built / manifest.NUMBERS,
    ]
    found = defaultdict(list)
    for file in sorted(files):
        for place in altered.places(file):
            found[place.kind].append(place)
    return dict(found)


def check(site: Folder) -> verify.Audit:
    return verify.verify(site, runner.committed_records(PROJECT))


def test_two_hundred_changes_are_two_hundred_findings(
    built: Path, places: dict[str, list[altered.Place]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "read", READ)
    assert {
        "数字の文字",
        "表の升",
        "図の線",
        "図の文字",
        "属性 aria-label",
        "属性 content",
        "JSON",
        "CSV",
    } <= places.keys()
    rng, kinds = Random(20261127), sorted(places)
    looked, missed = Counter[str](), []
    for turn in range(CHANGES):
        place = rng.choice(places[kinds[turn % len(kinds)]])
        text = place.file.read_text(encoding="utf-8")
        looked[place.kind] += 1
        found = check(Changed(built, place.file, altered.alter(text, place, rng))).differences
        page = place.file.relative_to(built).as_posix().removesuffix("index.html")
        if not any(page in (difference.page.partition(":")[0], difference.page) for difference in found):
            missed.append(f"{place.kind} {page} …{text[place.start - 40 : place.end + 20]}…")
    assert looked.total() == CHANGES
    assert missed == []


def test_an_honest_site_has_no_difference(built: Path) -> None:
    audit = check(Folder(built))
    assert audit.differences == []
    shown = sum(file.read_text(encoding="utf-8").count("<data ") for file in built.rglob("*.html"))
    assert audit.looked_at > 2 * shown > 200


def test_an_honest_site_that_was_minified_has_none(built: Path, tmp_path: Path) -> None:
    shutil.copytree(built, tmp_path / "site")
    for file in (tmp_path / "site").rglob("*.html"):
        text = file.read_text(encoding="utf-8")
        smaller = minify_html.minify(text, minify_css=True, minify_js=True, keep_closing_tags=False)
        assert len(smaller) < len(text)
        file.write_text(smaller, encoding="utf-8")
    assert check(Folder(tmp_path / "site")).differences == []


@pytest.mark.parametrize("packed", [False, True])
def test_an_honest_site_on_the_network_has_none(built: Path, packed: bool) -> None:
    from http.server import BaseHTTPRequestHandler

    from servers import serving

    asked = Counter[str]()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked[self.path] += 1
            path = built / self.path.removeprefix("/blog/")
            file = path / "index.html" if path.is_dir() else path
            content = file.read_bytes()
            self.send_response(200)
            if packed and "gzip" in self.headers["Accept-Encoding"]:
                content = gzip.compress(content)
                self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *arguments: object) -> None:
            """Nothing."""

    with serving(Handler) as address:
        audit = verify.verify(Web(f"{address}blog", private=True), runner.committed_records(PROJECT))
    assert audit.differences == []
    assert audit.pages == len(list(built.rglob("*.html")))
    assert set(asked.values()) == {1}


NUMBER = re.compile(r'<data data-cite="l1_vs_l2.l1_zeros" value="1.75">1.75個</data>')
ROW = re.compile(r'(?<=<tr>)\n(<th scope="row">L1</th>)\n<td>(.*?)</td>\n<td>(.*?)</td>', re.DOTALL)
SIGN = "9割でした。"
# What a hand could do to the article so that a reader sees something else, and where.
ATTACKS = {
    "space in a number": (NUMBER, lambda m: m[0].replace(">1.75", ">1.7 5")),
    "no-break space": (NUMBER, lambda m: m[0].replace(">1.75", ">1&nbsp;.75")),
    "line break": (NUMBER, lambda m: m[0].replace(">1.75", ">1<br>.75")),
    "full-width digit": (NUMBER, lambda m: m[0].replace(">1.75", ">１.75")),
    "zero-width space": (NUMBER, lambda m: m[0].replace(">1.75", ">1\u200b.75")),
    "written backwards": (NUMBER, lambda m: m[0].replace(">1.75", ">\u202e1.75")),
    "struck out": (NUMBER, lambda m: f"<del>{m[0]}</del>"),
    "raised": (NUMBER, lambda m: m[0].replace(">1.75個", ">1<sup>.75</sup>個")),
    "hidden in part": (NUMBER, lambda m: m[0].replace(">1.75個", ">1<span hidden>.75</span>個")),
    "hidden": (NUMBER, lambda m: m[0].replace("<data ", "<data hidden ")),
    "other direction": (NUMBER, lambda m: m[0].replace("<data ", '<data dir="rtl" ')),
    "in a comment": (NUMBER, lambda m: f"<!--{m[0]}-->"),
    "moved to another sentence": (re.compile(f"{NUMBER.pattern}(.*?。</p>)", re.DOTALL), lambda m: m[1] + m[0][:90]),
    "value twice": (NUMBER, lambda m: m[0].replace("value=", 'value="9" value=')),
    "hidden paragraph": ("<p>先日の", "<p hidden>先日の"),
    "link elsewhere": ('href="/receipts/l1_vs_l2/#l1_zeros"', 'href="https://a.example/"'),
    "another receipt": ("/receipts/l1_vs_l2/#l1_zeros", "/receipts/l1_vs_l2/#l2_zeros"),
    "sentence": ("</figcaption>", f"{SIGN}</figcaption>"),
    "picture": ("<p>先日の", '<img src="data:image/svg+xml,x"><p>先日の'),
    "placeholder": ("<p>先日の", f'<input placeholder="{SIGN}"><p>先日の'),
    "comment that ends early": ("<p>先日の", f"<p><!-- --!>{SIGN}<!-- --></p><p>先日の"),
    "comment that is none": ("<p>先日の", f"<p><!-->{SIGN}<!-- --></p><p>先日の"),
    "marked section": ("<p>先日の", f"<p><![CDATA[>{SIGN}<!--]]><!-- --></p><p>先日の"),
    "unknown declaration": ("<p>先日の", f"<p><![x[>{SIGN}</p><p>先日の"),
    "text in a style of an SVG": ("<p>先日の", f"<svg><style><p>{SIGN}</p></style></svg><p>先日の"),
    "list from 7": ("<ol>", '<ol start="7">'),
    "style sheet": ("</head>", '<link rel="stylesheet" href="x.css"></head>'),
    "base": ("<head>", '<head><base href="https://a.example/">'),
    "refresh": ("</head>", '<meta http-equiv="refresh" content="0;url=x"></head>'),
    "two cells exchanged": (ROW, lambda m: f"\n{m[1]}\n<td>{m[3]}</td>\n<td>{m[2]}</td>"),
    "two cells in one": (ROW, lambda m: f"\n{m[1]}\n<td>{m[2]} {m[3]}</td>\n<td></td>"),
    "cells moved on": (ROW, lambda m: f"\n{m[1]}\n<td></td><td>{m[2]}</td>\n<td>{m[3]}</td>"),
    "wide cell": (ROW, lambda m: m[0].replace("<td>", '<td colspan="2">', 1)),
    "line of another method": ('stroke="var(--l1)"', 'stroke="var(--l2)"'),
    "line hidden": ('<path d="m', '<path style="display:none" d="m'),
    "space in a line": (re.compile(r'(<figure class="plot.*? d="m[\d.]+) ([\d.])', re.DOTALL), r"\1\2 "),
    "axis without words": (re.compile(r"<text( [^>]*>[^<]*)</text>"), r"<desc\1</desc>"),
    "fraction": (re.compile(r"<mfrac>(.*?)</mfrac>", re.DOTALL), r"<mrow>\1</mrow>"),
    "score as another class": ('class="claim-score"', 'class="broken-score"'),
    "card": (re.compile(r'("l1_vs_l2":\{"n":)20'), r"\g<1>21"),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_whatever_a_hand_does_to_the_article_is_found(
    built: Path, attack: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "read", READ)
    file = built / "articles/l1-vs-l2/index.html"
    text = file.read_text(encoding="utf-8")
    old, new = ATTACKS[attack]
    changed = old.sub(new, text, count=1) if isinstance(old, re.Pattern) else text.replace(old, str(new), 1)
    assert changed != text
    found = check(Changed(built, file, changed)).differences
    assert {difference.page for difference in found} & {"articles/l1-vs-l2/", manifest.NUMBERS}


def test_a_second_change_on_a_page_is_not_hidden_by_the_first(built: Path) -> None:
    file = built / "articles/l1-vs-l2/index.html"
    text = file.read_text(encoding="utf-8")
    changed = text.replace(">1.75個</data>", ">9.75個</data>", 1).replace("</ul>\n", f"</ul>\n<p>{SIGN}</p>", 1)
    found = check(Changed(built, file, changed)).differences
    assert "l1_vs_l2.l1_zeros（数字）" in [difference.key for difference in found]
    assert any(SIGN in difference.published for difference in found)


def test_downloads_are_looked_at_although_the_site_does_not_list_them(built: Path, tmp_path: Path) -> None:
    shutil.copytree(built, tmp_path / "site")
    said = json.loads((tmp_path / "site" / manifest.PAGES).read_text(encoding="utf-8"))
    said["files"] = {}
    (tmp_path / "site" / manifest.PAGES).write_text(json.dumps(said), encoding="utf-8")
    file = tmp_path / "site/receipts/l1_vs_l2.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("8", "9", 1), encoding="utf-8")
    found = check(Folder(tmp_path / "site")).differences
    assert [difference.page.partition(":")[0] for difference in found] == ["receipts/l1_vs_l2.csv"]


def test_a_result_that_was_taken_away_is_missed(built: Path) -> None:
    file = built / "articles/l1-vs-l2/index.html"
    text = file.read_text(encoding="utf-8")
    cut = re.sub(r'<data data-cite="l1_vs_l2\.l2_grown"[^>]*>([^<]*)</data>', r"\1", text, count=1)
    assert cut != text
    found = check(Changed(built, file, cut)).differences
    assert any(difference.key == "l1_vs_l2.l2_grown（pages）" for difference in found)


def test_a_page_that_was_not_built_is_named(built: Path, tmp_path: Path) -> None:
    shutil.copytree(built, tmp_path / "site")
    (tmp_path / "site/articles/new").mkdir()
    (tmp_path / "site/articles/new/index.html").write_text("<p>9割でした。", encoding="utf-8")
    assert [difference.page for difference in check(Folder(tmp_path / "site")).differences] == ["articles/new/"]


def test_numbers_json_says_what_stands_on_the_pages(built: Path) -> None:
    said = json.loads((built / manifest.NUMBERS).read_text(encoding="utf-8"))
    assert said["version"] == 1
    counted: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for file in built.rglob("*.html"):
        path = file.relative_to(built).as_posix().removesuffix("index.html")
        for key, times in Counter(re.findall(r'<data [^>]*data-cite="([^"]+)"', file.read_text("utf-8"))).items():
            counted[key][path] = times
    numbers = {key: entry for key, entry in said["numbers"].items() if entry["kind"] == "number"}
    assert {key: entry["pages"] for key, entry in numbers.items()} == counted
    for name, record in runner.committed_records(PROJECT).items():
        committed = json.loads((PROJECT / f"figures/records/{name}.json").read_text(encoding="utf-8"))["results"]
        for key in record.results:
            if committed[key]["kind"] == "number":
                entry = numbers[f"{name}.{key}"]
                assert (entry["text"], entry["value"], entry["n"], entry["unit"]) == tuple(
                    committed[key][field] for field in ("text", "value", "n", "unit")
                )
                exact = committed[key]["digits"] is not None
                assert entry["error"] == (None if exact else committed[key]["standard_error"])


# --- the command


@pytest.fixture
def published(site: Site) -> Site:
    """A small site, built."""
    site.page(
        "---\ndescription: 平均は{{ toy.mean }}です。\n---\n\n# 見出し\n\n値は {{ toy.mean }} です。\n\n"
        "[1より大きい]{{ toy.is_large }}です。\n\n{{ toy.all }}\n"
    )
    site.update()
    site.good()
    return site


def ask(site: Site, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "figures", "verify", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(site.root)}
    return subprocess.run(command, cwd=site.root, env=environment, capture_output=True, text=True, check=False)


def test_the_command_says_that_all_is_equal(published: Site) -> None:
    for arguments in (["site"], ["site", "--fresh"]):
        done = ask(published, *arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "どれも同じです" in done.stdout


@pytest.mark.parametrize(
    ("old", "new", "page", "line"),
    [
        (">26.0個</data>", ">26.1個</data>", "index.html", "/  toy.mean（数字）  公開 26.1個  正 26.0個"),
        ('value="26"', 'value="27"', "index.html", "/  toy.mean（値）  公開 27  正 26"),
        ("5/5", "4/5", "index.html", "/  toy.is_large（得点）  公開 4/5  正 5/5"),
        (
            "平均は26.0個です",
            "平均は28.0個です",
            "index.html",
            "/  description  公開 平均は28.0個です。  正 平均は26.0個です。",
        ),
        (
            ">10人</data>",
            ">19人</data>",
            "receipts/toy/index.html",
            "receipts/toy/  toy.exact（数字）  公開 19人  正 10人",
        ),
    ],
)
def test_a_changed_character_is_named_with_the_true_value(
    published: Site, old: str, new: str, page: str, line: str
) -> None:
    published.edit(f"site/{page}", old, new)
    done = ask(published, "site")
    assert done.returncode == 1
    assert line in done.stdout.splitlines()


def test_the_lines_of_a_figure_are_drawn_again_only_when_asked(drawn: Site, site: Site) -> None:
    site.page("# 見出し\n\n{{ toy.line }}\n")
    site.update()
    site.good()
    html = site.html()
    path = re.search(r'<figure class="plot.*?<svg.*? d="m(\d)', html, re.DOTALL)
    assert path is not None
    digit = path.start(1)
    other = html[:digit] + ("1" if html[digit] != "1" else "2") + html[digit + 1 :]
    site.page(other, "site/index.html")
    assert ask(site, "site").returncode == 1
    built = json.loads(site.html(manifest.PAGES))  # whoever may write the page may write its digest, too
    built["pages"][""] = manifest.parts(pages.read(other))
    site.page(json.dumps(built), f"site/{manifest.PAGES}")
    assert ask(site, "site").returncode == 0
    done = ask(site, "site", "--fresh")
    assert done.returncode == 1
    assert "/  toy.line（図の線）  公開" in done.stdout


def test_a_record_that_was_changed_with_the_site_is_found_by_a_fresh_run(published: Site) -> None:
    published.edit("figures/models/factor.py", "FACTOR = 2", "FACTOR = 3")
    published.update()
    published.good()
    published.edit("figures/models/factor.py", "FACTOR = 3", "FACTOR = 2")
    assert ask(published, "site").returncode == 0
    done = ask(published, "site", "--fresh")
    assert done.returncode == 1
    assert "/  toy.mean（数字）  公開 39個  正 26.0個" in done.stdout


def test_it_says_that_the_site_is_from_another_commit(published: Site) -> None:
    def git(*arguments: str) -> str:
        command = ["git", "-c", "user.name=a", "-c", "user.email=a@b", *arguments]
        return subprocess.run(command, cwd=published.root, capture_output=True, text=True, check=True).stdout.strip()

    git("init", "-q")
    published.write(".gitignore", "site/\n.*-staging-*\n.cache/\n__pycache__/\n")
    git("add", ".")
    git("commit", "-qm", "first")
    published.good()
    first = git("rev-parse", "HEAD")
    assert "手元は" not in ask(published, "site").stdout
    git("commit", "-qm", "second", "--allow-empty")
    said = ask(published, "site").stdout
    assert f"サイトは {first[:7]} から作られています。手元は {git('rev-parse', 'HEAD')[:7]} です。" in said


@pytest.mark.parametrize(
    ("break_it", "message"),
    [
        (lambda site: shutil.rmtree(site / "site"), "サイトのフォルダーか、https://… の住所を渡してください。"),
        (lambda site: (site / "site/numbers.json").unlink(), "numbers.json: サイトの中にありません"),
        (lambda site: (site / "site/pages.json").write_text("{"), "pages.json: JSONとして読めません"),
        (lambda site: (site / "site/pages.json").write_text("[" * 100_000), "pages.json: JSONとして読めません"),
        (lambda site: (site / "site/pages.json").write_text('{"version": 2}'), "pages.json: 版が 2 です"),
        (
            lambda site: (site / "site/pages.json").write_text('{"version": 1, "pages": {"../../x": {}}}'),
            "サイトの外を指す道",
        ),
        (lambda site: (site / "site/about.html").symlink_to("/etc/hostname"), "about.html"),
        (
            lambda site: (site / "site/pages.json").write_text('{"version": 1, "pages": {"a\\u0000b": {}}}'),
            "サイトの外",
        ),
        (lambda site: (site / "site/pages.json").write_text('{"version": 1, "pages": {"\\ud800": {}}}'), "サイトの外"),
        (lambda site: (site / "site/numbers.json").write_text('{"version": "\\u001b[2J"}'), "numbers.json: 版が"),
    ],
)
def test_what_cannot_be_looked_at_is_one_sentence_and_two(published: Site, break_it: object, message: str) -> None:
    break_it(published.root)  # type: ignore[operator]
    done = ask(published, "site")
    assert done.returncode == 2, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert message in done.stderr


def test_what_a_server_sends_cannot_write_to_the_terminal(published: Site) -> None:
    published.edit("site/index.html", ">26.0個</data>", ">\x1b[2J26.1個</data>")
    published.edit("site/index.html", 'data-cite="toy.mean"', 'data-cite="toy\x1b[2J\n4ページ、どれも同じです"')
    published.edit("site/numbers.json", '"commit":null', '"commit":"\\u001b[2J"')
    done = ask(published, "site")
    assert done.returncode == 1
    assert "\x1b" not in done.stdout + done.stderr
    assert not any(line.startswith("4ページ、どれも") for line in done.stdout.splitlines())


def test_this_machine_is_asked_only_when_told_so(published: Site) -> None:
    with served(published.root / "site") as address:
        refused = ask(published, address)
        assert refused.returncode == 2
        assert "--private" in refused.stderr
        assert ask(published, address, "--private").returncode == 0
