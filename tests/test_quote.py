"""Code on a page, taken from the laboratory by name: what is shown is what ran, or the build stops."""

from __future__ import annotations

import re
import subprocess
import sys
import textwrap
from html import unescape
from pathlib import Path

import pytest
from browser import needs_browser, served
from conftest import Lab, Site
from playwright.sync_api import Browser
from test_reading_time import POST, TODAY
from test_serve import Preview

from figures.citations import all_places
from figures.errors import FiguresError
from hooks.quote import MAX_LINES, Quotation, quote

DOUBLE = '''
    from figures.models.factor import FACTOR

    THREE = 3  # of no use


    def same(function):
        return function


    # Twice as much,
    # and 5個 more lines < 9 & 10.
    @same
    def double(x):
        """掛ける、2倍。

        5個なら10個。
        """
        # region product
        product = FACTOR * x

        # region answer
        return product
        # endregion
        # endregion


    class Twice:
        """Not used."""

        # What it is called with.
        def __call__(self, x):
            text = "# region string"
            return double(x), text
'''
WHOLE = '''# Twice as much,
# and 5個 more lines < 9 & 10.
@same
def double(x):
    """掛ける、2倍。

    5個なら10個。
    """
    product = FACTOR * x

    return product'''
OTHER = '''
    """ほかの実験。"""
    from figures.results import Number

    SEEDS = range(2)


    def run(seeds):
        return {"one": Number(1, "個", digits=0)}
'''


def figures_in(html: str) -> list[str]:
    return re.findall(r'<figure class="code".*?</figure>', html, re.DOTALL)


def text_of(figure: str) -> str:
    code = re.findall(r"<pre>.*?<code>(.*)</code></pre>", figure, re.DOTALL)
    assert len(code) == 1
    return unescape(re.sub(r"<[^>]*>", "", code[0]))


def cut(lab: Lab, name: str, path: str = "figures/models/double.py", cited: str = "toy") -> Quotation:
    return quote(lab.root, lab.update(), [cited], path, name)


def test_a_page_shows_a_function_as_it_stands_in_its_file(site: Site) -> None:
    site.write("figures/models/double.py", DOUBLE)
    place = "{{ figures/models/double.py:double }}"
    page = site.good()
    assert not figures_in(page)
    site.page(f"# 題\n\n値は{{{{ toy.mean }}}}です。\n{place}\n続きです。\n\n- 一つ\n\n    {place}\n")
    page = site.good()
    shown = figures_in(page)
    assert len(shown) == 2
    assert shown[0] == shown[1]
    assert text_of(shown[0]) == WHOLE + "\n"
    assert 'data-code="figures/models/double.py:double"' in shown[0]
    assert '<div class="highlight"><pre><span></span><code>' in shown[0]
    assert '<span class="k">return</span>' in shown[0]
    lines = (site.root / "figures/models/double.py").read_text(encoding="utf-8").split("\n")
    first, last = lines.index("# Twice as much,") + 1, lines.index("    # endregion") + 1
    assert f"<code>figures/models/double.py</code> {first}–" in shown[0]
    assert lines[last - 2 : last] == ["    return product", "    # endregion"]
    assert f"{first}–{last - 1}行目" in shown[0]
    assert 'href="/receipts/toy/#receipt.read">レシート</a>' in shown[0]
    assert 'id="receipt.read"' in site.html("receipts/toy/index.html")
    assert "<p>続きです。</p>" in page
    assert "{{" not in page


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("double", WHOLE),
        ("product", "product = FACTOR * x\n\nreturn product"),
        ("answer", "return product"),
        ("same", "def same(function):\n    return function"),
        (
            "Twice.__call__",
            "# What it is called with.\ndef __call__(self, x):\n"
            '    text = "# region string"\n    return double(x), text',
        ),
    ],
)
def test_a_name_is_that_of_a_function_a_method_or_a_region(lab: Lab, name: str, shown: str) -> None:
    lab.write("figures/models/double.py", DOUBLE)
    quotation = cut(lab, name)
    assert quotation.code == shown
    lines = (lab.root / "figures/models/double.py").read_text(encoding="utf-8").split("\n")
    first, *_, last = shown.split("\n") * 2
    assert [lines[quotation.first - 1].strip(), lines[quotation.last - 1].strip()] == [first.strip(), last.strip()]


def test_every_misuse_is_said_with_its_line_at_once(site: Site) -> None:
    site.write("figures/models/unused.py", "def nothing():\n    return 0\n")
    site.write("figures/experiments/other.py", OTHER)
    site.page("""
        # 題

        値は{{ toy.mean }}です。

        文の中の{{ figures/models/double.py:double }}です。

        ## 見出しの{{ figures/models/double.py:double }}

        - 一つ目の{{ figures/models/double.py:double }}

        | 表 |
        |---|
        | {{ figures/models/double.py:cell }} |

        {{ figures/models/double.py:doubel }}

        {{ figures/models/double.py }}

        {{ figures/models/duoble.py:double }}

        {{ double:double }}

        {{ figures/models/unused.py:nothing }}

        {{ figures/experiments/other.py:run }}

        {{ ../secret.py:key }}

        <div>
        {{ figures/models/double.py:in_html }}
        </div>
    """)
    said = site.bad()
    alone = "コードは文や見出しの中には書けません。前後を改行して、一行に単独で書いてください。"
    for line, words in {
        5: alone,
        7: alone,
        9: alone,
        13: alone,
        15: "figures/models/double.py に 'doubel' という関数、クラス、region はありません。'double' のことですか?",
        17: "figures/models/double.py に '' という関数、クラス、region はありません。あるのは double です。",
        19: "'figures/models/duoble.py' というファイルを走らせた実験はありません。'figures/models/double.py' の",
        21: "'double' というファイルを走らせた実験はありません。'figures/models/double.py' のことですか?",
        23: "figures/models/unused.py は、どの実験でも走っていません。実験から使うか、この行を消してください。",
        25: "figures/experiments/other.py を走らせたのは other ですが、このページは引いていません。",
        27: "'../secret.py' というファイルを走らせた実験はありません。",
        30: "HTMLの中では引用できません。",
    }.items():
        assert f"docs/index.md:{line}: {words}" in said
    assert len(re.findall(r"docs/index\.md:\d+:", said)) == 12


def test_code_samples_and_escapes_are_left_alone(site: Site) -> None:
    place = "{{ figures/models/nothing.py:nothing }}"
    site.page(f"# 題\n\n`{place}`と\\{place}です。<!-- {place} -->\n\n```\n{place}\n```\n\n    {place}\n")
    page = site.good()
    assert not figures_in(page)
    assert page.count(place) == 5


def test_code_that_is_not_what_ran_is_refused(lab: Lab) -> None:
    lab.write("figures/models/double.py", DOUBLE)
    runs = lab.update()
    path = "figures/models/double.py"
    lab.edit(path, "# Twice as much,", "# Two times as much,")  # runs the same
    assert "Two times" in quote(lab.root, runs, ["toy"], path, "double").code
    lab.edit(path, "FACTOR * x", "FACTOR + x")
    with pytest.raises(
        FiguresError, match=r"double\.py がビルドのあいだに書き換わりました。もう一度ビルドしてください。"
    ):
        quote(lab.root, runs, ["toy"], path, "double")
    (lab.root / path).unlink()
    with pytest.raises(FiguresError, match="書き換わりました"):
        quote(lab.root, runs, ["toy"], path, "double")


def test_the_experiment_of_the_link_is_one_that_the_page_cites_and_that_ran_it(lab: Lab) -> None:
    lab.write("figures/experiments/other.py", OTHER)
    again = (lab.root / "figures/experiments/toy.py").read_text(encoding="utf-8").replace("toy", "again")
    lab.write("figures/experiments/again.py", again)
    runs = lab.update()
    path = "figures/models/double.py"
    assert quote(lab.root, runs, ["other", "toy", "again"], path, "double").experiment == "toy"
    assert quote(lab.root, runs, ["again"], path, "double").experiment == "again"
    with pytest.raises(FiguresError, match="走らせたのは again、toy ですが、このページは引いていません"):
        quote(lab.root, runs, ["other"], path, "double")


def test_drawing_is_no_code_that_gave_a_number(drawn: Lab) -> None:
    path = "figures/experiments/toy.py"
    assert cut(drawn, "run", path).code.startswith("def run(seeds):\n    base = ")
    with pytest.raises(FiguresError, match=r"toy\.py の draw_line は作図のコードで、数字を出したものではありません。"):
        cut(drawn, "draw_line", path)
    drawn.edit(path, "def draw_line", "# region all\ndef draw_line")
    with (drawn.root / path).open("a", encoding="utf-8") as file:
        file.write("# endregion\n")
    with pytest.raises(FiguresError, match="作図のコード"):
        cut(drawn, "all", path)


def test_long_code_is_to_be_cut(lab: Lab) -> None:
    lines = ["# region some", *(f"a{number} = {number}" for number in range(MAX_LINES)), "# endregion"]
    file = lab.root / "figures/models/factor.py"
    file.write_text("\n".join([*lines, "FACTOR = 2", ""]), encoding="utf-8")
    assert cut(lab, "some", "figures/models/factor.py").code.count("\n") == MAX_LINES - 1
    lab.edit("figures/models/factor.py", "a0 = 0", "a0 = 0\nb = 0")
    with pytest.raises(
        FiguresError, match=rf"some は{MAX_LINES + 1}行あり、上限の{MAX_LINES}行を超えています。.*# region"
    ):
        cut(lab, "some", "figures/models/factor.py")


@pytest.mark.parametrize(
    ("name", "code", "words"),
    [
        ("a", "# region a\nA = 1\n", "# region a は、空か、# endregion で閉じていません。直してください。"),
        ("a", "# region a\n\n# endregion\n", "# region a は、空か"),
        ("a", "# region a\nA = 1\n# endregion\n# region a\nB = 1\n# endregion\n", "'a' は2行目と5行目にあります。"),
        ("f", "def f():\n    pass\n\n\n# region f\nA = 1\n# endregion\n", "'f' は1行目と6行目にあります。"),
        ("a", 'A = """\n# region a\n"""\n# endregion\n', "'a' という関数、クラス、region はありません。あるのは"),
        ("a", "A = 1  # region a\nB = 1\n# endregion\n", "'a' という関数、クラス、region はありません。あるのは"),
        ("A", "A = 1\n", "'A' という関数、クラス、region はありません。あるのは （なし） です。"),
    ],
)
def test_a_name_that_is_not_clear_is_refused(lab: Lab, name: str, code: str, words: str) -> None:
    lab.write("figures/models/factor.py", code + "FACTOR = 2\n")
    with pytest.raises(FiguresError, match=re.escape(words)):
        cut(lab, name, "figures/models/factor.py")


def test_a_comment_above_a_function_ends_at_a_region(lab: Lab) -> None:
    code = "# region a\nA = 1\n# of A\n# endregion\n# of f\ndef f():\n    pass\n\n\nFACTOR = 2\n"
    lab.write("figures/models/factor.py", code)
    assert cut(lab, "f", "figures/models/factor.py").code == "# of f\ndef f():\n    pass"


def test_a_region_may_lie_in_another(lab: Lab) -> None:
    lab.write("figures/models/factor.py", "# region a\n# region b\nB = 1\n# endregion\nFACTOR = 2\n# endregion\n")
    assert cut(lab, "a", "figures/models/factor.py").code == "B = 1\nFACTOR = 2"
    assert cut(lab, "b", "figures/models/factor.py").code == "B = 1"


def test_code_above_the_fold_is_on_the_list_of_articles_too(site: Site) -> None:
    body = "{{ figures/models/double.py:double }}\n\n<!-- more -->\n\n値は{{ toy.mean }}です。"
    site.write("docs/articles/post.md", POST.format(date=TODAY, more="", body=body))
    assert len(figures_in(site.good())) == 1
    assert len(figures_in(site.html("articles/post/index.html"))) == 1


def test_its_lines_take_time_to_read(site: Site) -> None:
    lines = "\n\n".join(f"a{number} = {number}" for number in range(20))
    site.write("figures/models/factor.py", f"# region long\n{lines}\n# endregion\nFACTOR = 2\n")
    body = "値は{{ toy.mean }}です。\n\n{{ figures/models/factor.py:long }}"
    site.write("docs/articles/post.md", POST.format(date=TODAY, more="", body=body))
    site.good()
    # 20 lines of 36 characters; the words around them would be read in the first minute.
    assert "<dt>読む時間</dt><dd>2分</dd>" in site.html("articles/post/index.html")


def test_the_laboratory_takes_it_for_no_citation_of_a_result(lab: Lab) -> None:
    runs = lab.update()
    command = [sys.executable, "-m", "figures", "list", "--unused"]
    said = []
    for code in ("", "{{ figures/experiments/toy.py:run }}\n"):
        lab.write("docs/a.md", f"{{{{ toy.mean }}}}\n\n{code}")
        done = subprocess.run(command, cwd=lab.root, capture_output=True, text=True, check=False)
        said.append((done.returncode, done.stdout, done.stderr))
        records = {name: run.record for name, run in runs.items()}
        assert all_places(lab.root, records)["toy.mean"] == ["docs/a.md:1"]
    assert said[0] == said[1]
    assert "toy.exact" in said[0][1]


def test_an_edit_of_what_is_shown_is_on_the_page(site: Site) -> None:
    site.page("# 題\n\n値は{{ toy.mean }}です。\n\n{{ figures/models/double.py:double }}\n")
    preview = Preview(site, 8323)
    try:
        preview.see("行目")
        assert "何倍か" not in preview.get()
        site.edit("figures/models/double.py", "def double", "# 何倍か\ndef double")  # a comment runs nothing
        preview.see("何倍か")
        site.edit("figures/models/double.py", "def double", "def triple")
        site.edit("figures/experiments/toy.py", "import double", "import triple as double")
        preview.see("という関数、クラス、region はありません。あるのは triple です。")
    finally:
        preview.stop()


@needs_browser
@pytest.mark.parametrize("width", [390, 1280])
def test_it_is_copied_as_it_stands_and_fits_a_telephone(site: Site, browser: Browser, width: int) -> None:
    long = f"    return 2 * x{' ' * 60}* 1\n"
    site.write("figures/models/double.py", textwrap.dedent("def double(x):\n") + long)
    site.page("# 題\n\n値は{{ toy.mean }}です。\n\n{{ figures/models/double.py:double }}\n")
    site.good("--no-strict")
    with served(Path(site.root, "site")) as address:
        context = browser.new_context(
            permissions=["clipboard-read", "clipboard-write"], viewport={"width": width, "height": 900}
        )
        page = context.new_page()
        page.goto(address)
        page.locator("figure.code .copy").click()
        page.get_by_text("写しました").wait_for()
        assert page.evaluate("navigator.clipboard.readText()").strip() == f"def double(x):\n{long}".strip()
        box = {name: page.locator(f"figure.code {name}").bounding_box() for name in ("pre", ".copy", "figcaption")}
        assert page.evaluate("document.documentElement.scrollWidth") == width
        pre, copy, caption = box["pre"], box[".copy"], box["figcaption"]
        assert pre and copy and caption
        assert copy["y"] >= pre["y"] + pre["height"]
        assert caption["x"] + caption["width"] <= copy["x"]
        context.close()
