"""Every mistake in a source is one line with its file and line, before anything runs; no ordinary page is refused."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from conftest import PROJECT, Site
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError

from hooks import check, report

PATIENCE = 10.0  # seconds that an author waits at most


@dataclass(frozen=True)
class Case:
    """Files of their own, so that all cases fit into one build, and what must be said of each: file, line, words."""

    name: str
    files: dict[str, str | bytes]
    expected: list[tuple[str, int, str]]
    symlinks: dict[str, str] = field(default_factory=dict)

    def put(self, root: Path) -> None:
        for path, content in self.files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(content if isinstance(content, bytes) else content.encode())
        for path, target in self.symlinks.items():
            (root / path).symlink_to(target)


def page(name: str, content: str | bytes, *expected: tuple[int, str]) -> Case:
    path = f"docs/{name}.md"
    return Case(name, {path: content}, [(path, line, words) for line, words in expected])


def post(name: str, front: str, *expected: tuple[int, str], body: str = "# 題\n\n本文。\n") -> Case:
    path = f"docs/articles/{name}.md"
    return Case(name, {path: f"---\n{front}\n---\n\n{body}"}, [(path, line, words) for line, words in expected])


def nested(depth: int) -> str:
    return "".join(f"{'    ' * level}- 段{level}\n" for level in range(depth))


TEXT = "# 題\n\n一行目。\n二行目は重み減衰の話。\n"
FENCE, UNCLOSED, REFUSED, ABSENT = "コードブロック ```", "が閉じていません", "は使えません", "がありません"
BAD = [
    # Bytes
    page("shift-jis", TEXT.encode("cp932"), (1, "UTF-8 ではありません（Shift_JIS")),
    page("shift-jis-later", TEXT.encode()[:-1] + "重み".encode("cp932"), (4, "UTF-8 ではありません")),
    page("euc-jp", TEXT.encode("euc_jp"), (1, "EUC-JP")),
    page("utf-16", TEXT.encode("utf-16"), (1, "UTF-16 で保存")),
    page("utf-16-without-mark", b"# a heading\n\nand text\n".decode().encode("utf-16-le"), (1, "UTF-16 で保存")),
    page("nul", "# 題\n\n値は\0です。\n", (3, "制御文字 U+0000")),
    page("escape-in-code", "# 題\n\n```\n\x1b[31m赤\n```\n", (4, "U+001B")),
    page("bidi", "# 題\n\n値は\u202e12\u202cです。\n", (3, "U+202E"), (3, "U+202C")),
    page("line-separator", "# 題\n\n一\u2028二\n\n<b>三\n", (3, "U+2028"), (5, "<b> が閉じて")),
    page("carriage-returns", "# 題\r\n\r\n<b>三\r\n", (3, "<b> が閉じて")),
    page("large", "# 題\n\n" + "文。" * 200_000, (1, "1.2 MB あり")),
    # Front matter
    page("yaml-colon", "---\ntitle: 題\ndescription: 話: 続き\n---\n\n# 題\n", (3, "YAML を読めません")),
    page("yaml-quote", '---\ndate: 2026-01-02\ntitle: "題\nslug: x\n---\n', (3, "YAML を読めません")),
    page("yaml-tab", "---\ntitle: 題\nhide:\n\t- toc\n---\n", (4, "YAML を読めません")),
    page("yaml-colon-missing", "---\ntitle: 題\ndescription 話\nhide: [toc]\n---\n", (3, "YAML を読めません")),
    page("yaml-deep", f"---\na: {'[' * 2000}\n---\n", (1, "YAML を読めません")),
    page("yaml-tag", "---\ntitle: 題\na: !!python/name:os.system x\n---\n", (3, "YAML を読めません")),
    page("yaml-list", "---\n- 題\n---\n", (2, "「キー: 値」の並びではありません")),
    page("yaml-text", "---\n\nただの文。\n\n---\n", (3, "「キー: 値」の並びではありません")),
    page("yaml-twice", "---\ntitle: 題\nhide: [toc]\ntitle: 別\n---\n", (4, "title が二度")),
    page("yaml-unclosed", "---\ntitle: 題\n\n# 題\n", (1, "front matter が閉じて")),
    page("yaml-no-newline", "---\ntitle: 題\n---", (3, "改行がありません")),
    page("yaml-empty", "---\n---\n\n# 題\n", (1, "front matter が空")),
    page("yaml-late", "\n---\ntitle: 題\n---\n\n# 題\n", (1, "--- を1行目に")),
    page("swallowed-first-line", "https://example.com を見ます。\n", (1, "MkDocsが設定と取りちがえ")),
    page("lines-below", "---\ntitle: 題\n---\n\n\n# 題\n\n<b>三\n", (8, "<b> が閉じて")),
    # Posts
    post("no-date", "slug: no-date", (1, "date がありません")),
    post("impossible-date", "slug: impossible-date\ndate: 2026-02-30", (3, "2026-02-30 という日はありません")),
    post(
        "impossible-update", "slug: iu\ndate:\n  created: 2026-02-01\n  updated: 2026-02-30", (5, "2026-02-30 という日")
    ),
    post("no-created", "slug: no-created\ndate:\n  updated: 2026-02-01", (3, "date がありません")),
    post("text-date", "slug: text-date\ndate: 2026/02/03", (3, "2026/02/03 は日付ではありません")),
    post("no-slug", "date: 2026-02-03", (1, "slug がありません")),
    post("bad-slug", "date: 2026-02-03\nslug: ../x y", (3, "slug の ../x y はアドレスに使えません")),
    post("upper-slug", "date: 2026-02-03\nslug: L1", (3, "slug の L1")),
    post("number-slug", "date: 2026-02-03\nslug: 2026", (3, "slug の 2026")),
    post("bad-draft", "date: 2026-02-03\nslug: bad-draft\ndraft: たぶん", (4, "draft の値が使えません")),
    post("bad-links", "date: 2026-02-03\nslug: bad-links\nlinks: 1", (4, "links の値が使えません")),
    post("author", "date: 2026-02-03\nslug: author\nauthors: [dareka]", (4, "dareka は著者の一覧に")),
    Case(
        "post-without-front-matter",
        {"docs/articles/bare.md": "# 題\n"},
        [("docs/articles/bare.md", 1, "date が"), ("docs/articles/bare.md", 1, "slug が")],
    ),
    Case(
        "same-slug",
        {
            "docs/articles/one.md": "---\ndate: 2026-02-03\nslug: same\n---\n\n# 題\n",
            "docs/articles/two.md": "---\ndate: 2026-02-04\ntitle: 題\nslug: same\n---\n",
        },
        [("docs/articles/two.md", 4, "articles/one.md と同じアドレス articles/same/ になります。slug を")],
    ),
    Case(
        "same-address",
        {"docs/twin.md": "# 題\n", "docs/twin/index.md": "# 題\n"},
        [("docs/twin/index.md", 1, "twin.md と同じアドレス twin/")],
    ),
    Case(
        "same-address-as-a-file",
        {"docs/plain.md": "# 題\n", "docs/plain/index.html": "<p>"},
        [("docs/plain/index.html", 1, "plain.md と同じアドレス")],
    ),
    # Fences
    page("fence", "# 題\n\n```python\nx = 1\n\n本文。\n", (3, f"{FENCE} {UNCLOSED}")),
    page("fence-tilde", "# 題\n\n~~~\nx = 1\n", (3, f"コードブロック ~~~ {UNCLOSED}")),
    page("fence-in-list", "- 一\n\n    ```python\n    x = 1\n\n本文。\n", (3, f"{FENCE} {UNCLOSED}")),
    page("fence-in-quote", "> ```python\n> x = 1\n\n本文。\n\n```\ny\n```\n", (1, f"{FENCE} {UNCLOSED}")),
    page("fence-in-admonition", '!!! points "要点"\n    ~~~\n    x\n\n本文。\n', (2, f"~~~ {UNCLOSED}")),
    page("fence-swallows", "```python\nx = 1\n\n本文。\n\n```js\ny\n```\n", (1, "閉じないまま、6行目で次が")),
    page("fence-at-bullet", "# 題\n\n- ```python\n  x = 1\n  ```\n\n本文。\n", (3, "箇条書きの記号と同じ行")),
    page("fence-options", "```python title=名\nx\n```\n", (1, f"{FENCE} {UNCLOSED}")),
    page("two-fences", "> ```\n> x\n\n本文。\n\n> ```\n> y\n\n本文。\n", (1, UNCLOSED), (6, UNCLOSED)),
    # Tags
    page("tag", "# 題\n\nこれは<b>太い字です。\n\n次。\n", (3, "<b> が閉じて")),
    page("tag-block", "# 題\n\n<div class='x'>\n\n本文。\n", (3, "<div> が閉じて")),
    page("tag-markdown", "# 題\n\n<div markdown>\n\n**本文**。\n", (3, "<div> が閉じて")),
    page("tag-in-markdown", "<div markdown>\n\n<section markdown>\n\n本文。\n\n</div>\n", (3, "<section> が閉じて")),
    page("tag-paragraph", "<p>一\n\n**二**\n", (1, "<p> が閉じて")),
    page("tag-across", "一<b>二\n\n三</b>四\n", (1, "<b> が閉じて")),
    page("tag-slash", "一<span class='x'/>二\n", (1, "<span> が閉じて")),
    page("tag-placeholder", "設定は <dataset> です。\n", (1, "<dataset> が閉じて")),
    page("tag-in-table", "| 一 | 二 |\n|--|--|\n| <b>x | y |\n", (3, "<b> が閉じて")),
    page("tag-in-footnote", "一[^1]\n\n[^1]: <i>注\n", (3, "<i> が閉じて")),
    page("tag-end", "# 題\n\n本文。\n\n</div>\n", (5, "</div> に対応する <div> がありません")),
    page("tag-torn", "# 題\n\n絵 <img src='x\n\n本文。\n", (3, "<img のタグが > で終わって")),
    page("comment", "# 題\n\n本文 <!-- あとで\n\n本文。\n", (3, "コメント <!-- が閉じて")),
    # What runs in the reader's browser
    page("script", "# 題\n\n<script>\nalert(1)\n</script>\n", (3, f"<script> {REFUSED}")),
    page("script-upper", "本文 <SCRIPT SRC='x.js'></SCRIPT> です。\n", (1, f"<script> {REFUSED}")),
    page("script-in-markdown", "<div markdown>\n\n一 <script>x</script>\n\n</div>\n", (3, f"<script> {REFUSED}")),
    page("style", "# 題\n\n<style>p { color: red }</style>\n", (3, f"<style> {REFUSED}")),
    page("iframe", "# 題\n\n\n<iframe src='https://x.test/'></iframe>\n", (4, f"<iframe> {REFUSED}")),
    page("handler", "# 題\n\n<p onclick='x()'>一</p>\n", (3, "onclick 属性は")),
    page("handler-svg", "# 題\n\n<svg/onload=x()></svg>\n", (3, "onload 属性は")),
    page("handler-attr-list", "# 題\n\n一\n{ onclick='x()' }\n", (4, "onclick 属性は")),
    page("handler-markdown", "# 題\n\n<div markdown onclick='x'>\n一\n</div>\n", (3, "onclick 属性は")),
    page("javascript-link", "# 題\n\n[一](JavaScript:x)\n", (3, "'JavaScript:x' のアドレスは")),
    page("javascript-html", "# 題\n\n<a href='&#106;ava\tscript:x'>一</a>\n", (3, "のアドレスは使えません")),
    page("javascript-reference", "# 題\n\n[一][二]\n\n[二]: javascript:x\n", (5, "のアドレスは使えません")),
    # Links
    page(
        "link",
        "# 題\n\n一。\n[二](nowhere.md)と[三](nowhere.md)。\n\n[四](gone.md)\n",
        (4, ABSENT),
        (6, "'gone.md' が"),
    ),
    page("link-hint", "# 題\n\n[一](indx.md)\n", (3, "'index.md' のことですか?")),
    page("link-no-extension", "# 題\n\n[一](index)\n", (3, "'index.md' のことですか?")),
    page("link-twice", "`[一](gone.md)`\n\n```\n[一](gone.md)\n```\n\n[一](gone.md)\n", (7, "'gone.md' がありません")),
    page("link-in-table", "| 一 |\n|--|\n| [二](gone.md) |\n", (3, "'gone.md' がありません")),
    page("link-absolute", "# 題\n\n[一](/index.md)\n", (3, "/ で始まって")),
    page("link-empty", "# 題\n\n[一]()\n", (3, "リンク先が空")),
    page("link-reference", "# 題\n\n[一][二]\n\n[二]: gone.md '題'\n", (5, "'gone.md' がありません")),
    page("link-on-this-computer", "# 題\n\n[一](C:/x.md) [二](file:///x.md)\n", (3, "'C:/x.md' は手元"), (3, "手元の")),
    page("link-unreadable", "# 題\n\n[一](http://[x)\n", (3, "を読めません")),
    page("link-in-angles", "# 題\n\n[一](<go ne.md>)\n", (3, "'go ne.md' がありません")),
    page("image", "# 題\n\n本文と\n![絵](assets/gone.png)\n", (4, "画像 'assets/gone.png' がありません")),
    page("anchor", "# 題\n\n## 一 { #one }\n\n[二](#two)\n", (5, "#two がありません")),
    page("anchor-hint", "# 題\n\n## 一 { #one }\n\n[二](#onee)\n", (5, "#one のことですか?")),
    page("anchor-elsewhere", "# 題\n\n[二](index.md#two)\n", (3, "'index.md#two' の行き先に #two がありません")),
    page("footnote-uncalled", "# 題\n\n一[^1]\n\n[^1]: 注\n[^2]: 別の注\n", (6, "脚注 [^2] は本文から一度も")),
    post("draft", "date: 2026-02-03\nslug: draft-post\ndraft: true"),
    page("link-to-draft", "# 題\n\n[一](articles/draft.md)\n", (3, "下書きなので公開されません")),
    # Links in HTML
    page("html-image", "# 題\n\n<img alt='' src='assets/favicon.svg'>\n", (3, "'../assets/favicon.svg' と書くか")),
    page("html-link", "# 題\n\n一。\n<a href='index.md'>二</a>\n", (4, "'../' と書くか")),
    page("html-video", "<video src='a.mp4' poster='b.png'></video>\n", (1, "'a.mp4' がありません"), (1, "'b.png'")),
    page(
        "html-source", "<picture>\n<source srcset='a.png 1x,\nb.png 2x'>\n</picture>\n", (2, "'a.png'"), (2, "'b.png'")
    ),
    page("html-anchor", "# 題\n\n<a href='#two'>二</a>\n", (3, "#two がありません")),
    page("html-above", "# 題\n\n<a href='../../../x'>二</a>\n", (3, "'../../../x' がありません")),
    post(
        "html-excerpt",
        "date: 2026-02-03\nslug: he",
        (8, "一覧に出る抜粋"),
        body="# 題\n\n<img alt='' src='../x.png'>\n",
    ),
    # Nesting
    page("lists", f"# 題\n\n{nested(21)}", (23, "入れ子が20段を超えて")),
    page("lists-in-a-line", f"# 題\n\n{'- ' * 1000}x\n", (3, "入れ子が20段を超えて")),
    page("quotes", f"# 題\n\n{'>' * 21} x\n", (3, "入れ子が20段を超えて")),
    page("lists-after-an-open-fence", f"```\n\n{nested(100)}", (23, "入れ子が20段を超えて")),
    page(
        "divs",
        "# 題\n\n" + "<div markdown>\n" * 1000 + "</div>\n" * 1000,
        (1, "Markdownを変換できません（RecursionError）"),
    ),
    # Symbolic links
    Case(
        "link-to-file",
        {"out/x.md": "# 外\n"},
        [("docs/out.md", 1, "docs/ の外を指して")],
        {"docs/out.md": "../out/x.md"},
    ),
    Case(
        "link-to-folder",
        {"out/y.md": "# 外\n"},
        [("docs/outside", 1, "docs/ の外を指して")],
        {"docs/outside": "../out"},
    ),
    Case("link-around", {}, [("docs/around", 1, "フォルダーへの")], {"docs/around": "."}),
    Case("link-to-nothing", {}, [("docs/nothing.md", 1, "の先がありません")], {"docs/nothing.md": "gone.md"}),
    Case("link-to-itself", {}, [("docs/self.md", 1, "の先がありません")], {"docs/self.md": "self.md"}),
]

HIDDEN = "<script>x</script> <div> <b onclick='x'> [一](gone.md) ![絵](gone.png) <img src='gone.png'> <!-- {{ x }}"
GOOD = [
    page(
        "plain",
        "---\ntitle: 題\n---\n\n# 題\n\n**太字**、*斜体*、`コード`、a < b、x<5、3 <4、a <- b、<3、&amp; &lt;b&gt; ★。\n"
        "\n---\n\n別の題\n======\n",
    ),
    page(
        "boxes",
        '!!! points "要点"\n    - 一\n    - 二\n\n??? note "詳しく"\n    本文。\n\n    ```py\n    x\n    ```\n',
    ),
    page(
        "notes",
        "一[^1]、また[^1]、二[^二]。\n\n[^1]: 注 [外](https://example.com/a_(b))\n[^二]: 別の\n\n    続き。\n",
    ),
    page(
        "table",
        "| 一 | `</td>` |\n|--|:-:|\n| a \\| b | <b>太</b> |\n\n"
        "[一](index.md){ .x }\n\n## 題 { #id .plain }\n\n[上](#id)\n",
    ),
    page(
        "links",
        "<https://example.com/?a=1&b=2> <a@example.com> [メール](mailto:a@example.com) "
        "[二][r] [r] [三](<index.md> '題')\n"
        "![絵](assets/favicon.svg){ width=20 } [四](#見出し) [五](notes.md#fn:1) [六](?a=b) [七](//example.com/x)\n\n"
        "## 見出し\n\n[r]: index.md\n  '題'\n",
    ),
    page(
        "code",
        f'```html title="見本"\n{HIDDEN}\n```\n\n``{HIDDEN}``と`<div>`\n\n'
        f"~~~ {{ .html }}\n```\n{HIDDEN}\n~~~\n\n本文。\n\n    {HIDDEN}\n    ```\n",
    ),
    page(
        "code-in-code",
        f"````markdown\n```html\n{HIDDEN}\n````\n\n> ```py\n> x\n> ```\n\n- 一\n\n    ~~~\n    x\n    ~~~\n\n"
        "```code``` です。\n",
    ),
    page("comment", "<!-- <div> <script> [一](gone.md)\n\n```\n-->\n\n本文 <!-- あとで <b> --> です。\n"),
    page("maths", "$a<b$ と $c>d$ で $0 <p < 1$、$x <y$。\n\n$$\na <b\n$$\n\n$5 と $6。\n"),
    page("nested", nested(6) + "\n1. 一\n    > 引用\n    >\n    > - 二\n        - 三\n"),
    page("nested-most", nested(20)),
    page(
        "html",
        "<div class='x' markdown>\n\n**一** <span>二</span>\n\n<p markdown>三</p>\n\n</div>\n\n"
        "<ul><li>一<li>二</ul>\n\n"
        "<details><summary>一</summary>\n\n二\n\n</details>\n\n<ruby>重<rt>おも</ruby> <kbd>Ctrl</kbd><br>三\n\n"
        "<img alt='' src='../assets/favicon.svg'> <a id='x' href='../#'>上</a> <a href='#x'>下</a>\n"
        "<a href='../notes/#fn:1'>注</a>\n\n<svg viewBox='0 0 1 1'><path d='M0 0'/></svg>\n\n"
        "<figure markdown>\n![絵](assets/favicon.svg)\n<figcaption>図</figcaption>\n</figure>\n",
    ),
    page("mark", "\ufeff---\r\ntitle: 題\r\n...\r\n\r\n# 題\r\n\r\n```\r\nx\r\n```\r\n"),
    page(
        "made",
        "[控え](receipts/toy.md) [数](receipts/toy.md#mean) [表](receipts/toy.csv)\n"
        "<a href='../receipts/toy/'>控え</a> <a href='../receipts/toy/#mean'>数</a>\n",
    ),
    page("folder/deep", "[上](../index.md) [記事](../articles/good.md#二) ![絵](../assets/favicon.svg)\n"),
    post(
        "good",
        "date:\n  created: 2026-02-03\n  updated: 2026-02-04 10:00:00\nslug: good-post_2\n"
        "authors: [takaoka]\nhide: [toc]",
        body="# 題\n\n[上](../index.md)\n\n<!-- more -->\n\n## 二\n\n<img alt='' src='../../assets/favicon.svg'>\n",
    ),
    Case("inside", {}, [], {"docs/inside.svg": "assets/favicon.svg"}),
    Case("hidden", {"docs/.draft.md": "<script>\0", "docs/.x/y.md": "<b>"}, [], {"docs/.#index.md": "me@here.1"}),
]


def config_of(root: Path) -> MkDocsConfig:
    return load_config(str(root / "mkdocs.yml"), hooks=[])


def said_of(root: Path) -> list[str]:
    """The lines of the check alone."""
    try:
        check.on_config(config_of(root))
    except PluginError as error:
        return str(error).splitlines()
    return []


def assert_said(case: Case, said: list[str]) -> None:
    """Every expected place and words, and nothing else about these files."""
    places = sorted(f"{path}:{line}" for path, line, _ in case.expected)
    assert sorted(":".join(line.split(":", 2)[:2]) for line in said) == places, said
    for path, line, words in case.expected:
        found = [text for text in said if text.startswith(f"{path}:{line}: ") and words in text]
        assert found, said
        assert re.fullmatch(r"\S.*[。?]", found[0]), "no whole sentence"


@pytest.mark.parametrize("case", BAD, ids=lambda case: case.name)
def test_each_mistake_is_named_with_its_line(site: Site, case: Case) -> None:
    if case.name == "link-to-draft":
        next(other for other in BAD if other.name == "draft").put(site.root)
    case.put(site.root)
    assert_said(case, said_of(site.root))


def test_all_mistakes_of_all_pages_come_from_one_build_and_the_site_stays(site: Site) -> None:
    site.write("site/index.html", "good")
    for case in BAD:
        case.put(site.root)
    begin = time.monotonic()
    lines = [line.removeprefix("ERROR   -  ") for line in site.bad().splitlines()]
    assert time.monotonic() - begin < 3 * PATIENCE  # a hundred mistakes, several of which take their time
    said = [line for line in lines if line.startswith("docs/")]
    for case in BAD:
        paths = tuple(f"{path}:" for path in {*case.files, *case.symlinks})
        assert_said(case, [line for line in said if line.startswith(paths)])
    assert {line.partition(":")[0] for line in said} == {path for case in BAD for path, _, _ in case.expected}
    assert [path.name for path in (site.root / "site").iterdir()] == ["index.html"]
    assert site.html() == "good"
    assert not (site.root / ".cache" / "figures").exists(), "an experiment ran before the check"
    assert not [path for path in site.root.iterdir() if "staging" in path.name]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("重み減衰の話。\n\n" * 900_000, "MB あり"),
        (nested(1000).replace("    ", "\t"), "入れ子が20段"),
        ("> " * 1000 + "x", "入れ子が20段"),
    ],
    ids=["20 MB", "1000 lists", "1000 quotes"],
)
def test_a_monstrous_page_is_answered_in_seconds(site: Site, content: str, words: str) -> None:
    site.write("site/index.html", "good")
    site.page(content)
    begin = time.monotonic()
    said = site.bad()
    assert time.monotonic() - begin < PATIENCE
    assert said.count("docs/index.md:") == 1
    assert words in said
    assert site.html() == "good"


def test_only_the_first_of_very_many_mistakes_are_printed(site: Site) -> None:
    site.page("\1\n" * 1000)
    said = said_of(site.root)
    assert len(said) == report.MAX_PROBLEMS + 1
    assert said[-1].startswith(f"docs/index.md:{report.MAX_PROBLEMS + 1}: ここから先にも")


@pytest.mark.parametrize("case", GOOD, ids=lambda case: case.name)
def test_an_ordinary_page_is_not_refused(site: Site, case: Case) -> None:
    for other in GOOD:
        other.put(site.root)
    assert [line for line in said_of(site.root) if line.startswith(tuple({**case.files, **case.symlinks}))] == []


def test_ordinary_pages_are_built(site: Site) -> None:
    for case in GOOD:
        case.put(site.root)
    site.good()
    assert "本文" in site.html("comment/index.html")


def test_the_project_itself_passes() -> None:
    assert said_of(PROJECT) == []


def test_a_link_to_a_figure_is_known_before_it_is_drawn(site: Site) -> None:
    site.page("# 題\n\n[図](#figure-toy-line)\n\n{{ toy.line }}\n")
    assert said_of(site.root) == []


def test_a_draft_is_there_for_the_preview(site: Site) -> None:
    for case in BAD:
        if "draft" in case.name and case.name != "bad-draft":
            case.put(site.root)
    config = config_of(site.root)
    config.plugins["material/blog"].on_startup(command="serve", dirty=False)
    check.on_config(config)


def test_an_unreadable_page(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert said_of(site.root) == ["docs/index.md:1: 読めません（Permission denied）。ファイルの権限を見てください。"]


def test_a_pipe_is_no_page(site: Site) -> None:
    os.mkfifo(site.root / "docs" / "pipe.md")
    assert said_of(site.root) == ["docs/pipe.md:1: ふつうのファイルではありません。消してください。"]


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("docs/x.md", "# 題\n\n[控え](receipts/toi.md)\n", "docs/x.md:3: リンク先 'receipts/toi.md' がありません"),
        (
            "docs/x.md",
            "# 題\n\n[数](receipts/toy.md#maen)\n",
            "docs/x.md:3: 'receipts/toy.md#maen' の行き先に #maen が",
        ),
        ("docs/x.md", "# 題\n\n<a href='../receipts/toi/'>控え</a>\n", "docs/x.md:3: リンク先 '../receipts/toi/' が"),
        ("docs/receipts/toy.md", "# 題\n", "docs/receipts/toy.md:1: ビルドが作るページと同じ名前です"),
        ("docs/receipts/toy/index.md", "# 題\n", "と同じアドレス receipts/toy/ になります"),
    ],
    ids=["link", "anchor", "html", "name", "address"],
)
def test_what_hooks_generate_is_checked_too(site: Site, path: str, text: str, expected: str) -> None:
    site.write("site/index.html", "good")
    site.page(text, path)
    assert expected in site.bad()
    assert site.html() == "good"


@pytest.mark.parametrize("event", ["on_config", "on_files", "on_page_markdown", "on_env", "on_post_build"])
def test_an_error_of_a_hook_is_one_sentence_with_its_line(site: Site, event: str) -> None:
    site.write("site/index.html", "good")
    site.write("hooks/broken.py", f"import math\n\n\ndef {event}(*given, **more):\n    math.sqrt(\n        -1)\n")
    site.edit("mkdocs.yml", "  - hooks/date.py\n", "  - hooks/date.py\n  - hooks/broken.py\n")
    said = site.bad()
    assert said.splitlines()[-1].startswith(
        "Error: hooks/broken.py:5: 思わぬところで止まりました（ValueError: math domain"
    )
    assert site.html() == "good"
    site.edit("mkdocs.yml", "  - hooks/broken.py\n", "")
    site.good()  # it gave its turn away


def test_an_error_of_a_plugin_is_one_sentence_with_its_line(site: Site, tmp_path: Path) -> None:
    site.write("site/index.html", "good")
    plugin = """
        import json

        from mkdocs.plugins import BasePlugin


        class Toy(BasePlugin):
            def on_nav(self, nav, **more):
                return helper()


        def helper():
            return json.loads("{")
    """
    site.write("../elsewhere/toyplugin/__init__.py", plugin)
    site.write("../elsewhere/toyplugin-1.dist-info/METADATA", "Name: toyplugin\nVersion: 1\n")
    site.write("../elsewhere/toyplugin-1.dist-info/entry_points.txt", "[mkdocs.plugins]\ntoy = toyplugin:Toy\n")
    site.edit("mkdocs.yml", "plugins:\n", "plugins:\n  - toy\n")
    said = site.bad(PYTHONPATH=str(tmp_path / "elsewhere"))
    assert said.splitlines()[-1].startswith(
        "Error: toyplugin/__init__.py:12: 思わぬところで止まりました（JSONDecodeError"
    )
    assert str(tmp_path) not in said.splitlines()[-1]
    assert site.html() == "good"


def test_messages_of_other_hooks_pass_through(site: Site) -> None:
    site.page("# 題\n\n値は{{ toy.maen }}。\n")
    said = site.bad()
    assert "docs/index.md:3: " in said
    assert "思わぬ" not in said


def test_a_preview_shows_the_same(site: Site) -> None:
    """``serve`` builds once before it serves; what stops that build is said in the same way."""
    site.page("# 題\n\n<script>\n")
    command = [sys.executable, "-m", "mkdocs", "serve", "--dev-addr", "127.0.0.1:8327"]
    done = subprocess.run(command, cwd=site.root, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1
    assert "docs/index.md:3: <script> は使えません" in done.stderr
    assert "Traceback" not in done.stderr
