"""Markdown as an author types it, and the HTML that must look the same, glyph by glyph (test_typeset_browser.py)."""

from __future__ import annotations

LINK = "https://example.org/"
NEXT = '<div class="admonition next"><p class="admonition-title">次に読む</p><ul><li>{}</li></ul></div>'

CASES = {
    # A line break becomes nothing, but a space between Latin words.
    "文の途中": ("一行目の文は、\nここで終わります。", "<p>一行目の文は、ここで終わります。</p>"),
    "句点のあと": ("一つ目の文です。\n二つ目の文です。", "<p>一つ目の文です。二つ目の文です。</p>"),
    "英語の前": ("これを重みは\nweightといいます。", "<p>これを重みはweightといいます。</p>"),
    "英語のあと": ("英語ではweight\nといいます。", "<p>英語ではweightといいます。</p>"),
    "英語の間": ("英語ではweight\ndecayといいます。", "<p>英語ではweight decayといいます。</p>"),
    "括弧": ("これは「重み」\n（weight）\nです。", "<p>これは「重み」（weight）です。</p>"),
    "全角の記号": ("なぜ？\n重みだから！\n以上。", "<p>なぜ？重みだから！以上。</p>"),
    "半角カナ": ("ﾃﾞｰﾀ\nｾｯﾄです。", "<p>ﾃﾞｰﾀｾｯﾄです。</p>"),
    "異体字と拡張漢字": ("葛\U000e0100\nの字と𠮟\nるの字。", "<p>葛\U000e0100の字と𠮟るの字。</p>"),
    "行末の空白": ("行末の空白 \nは消えます。", "<p>行末の空白は消えます。</p>"),
    "わざとの改行": ("行末に空白が二つ  \nなら改行です。", "<p>行末に空白が二つ<br>なら改行です。</p>"),
    "太字と太字": ("これは**重み**\n**減衰**です。", "<p>これは<strong>重み</strong><strong>減衰</strong>です。</p>"),
    "英語の太字": ("**weight**\n**decay**の話。", "<p><strong>weight</strong> <strong>decay</strong>の話。</p>"),
    "リンクとリンク": (
        f"[重み]({LINK})\n[減衰]({LINK})です。",
        f'<p><a href="{LINK}">重み</a><a href="{LINK}">減衰</a>です。</p>',
    ),
    "箇条書き": ("- 項目の\n  続きです。\n- 次の項目。", "<ul><li>項目の続きです。</li><li>次の項目。</li></ul>"),
    "引用": ("> 引用の\n> 続きです。", "<blockquote><p>引用の続きです。</p></blockquote>"),
    "数式の前とあと": (
        "式の$w$\nと\n$x$の間。",
        "<p>式の<math><mi>w</mi></math>と<math><mi>x</mi></math>の間。</p>",
    ),
    "引いた数字": (
        "値は\n{{ toy.exact }}\nです。",
        '<p>値は<a class="cite" href="#"><data>10人</data></a>です。</p>',
    ),
    "注": (
        "注の前[^a]\nと後ろ。\n\n[^a]: 注の文。",
        '<p>注の前<sup><a class="footnote-ref" href="#">1</a></sup>と後ろ。</p>',
    ),
    "コード": ("`一\n二`\nの後ろ。", "<p><code>一\n二</code>の後ろ。</p>"),
    "コードの行": (
        "```\n一行目\n二行目\n```",
        '<div class="highlight"><pre><code>一行目\n二行目\n</code></pre></div>',
    ),
    "表": (
        "| 重み | 値 |\n|---|---|\n| λの`w` | *小* |",
        "<table><thead><tr><th>重み</th><th>値</th></tr></thead>"
        "<tbody><tr><td>λの<code>w</code></td><td><em>小</em></td></tr></tbody></table>",
    ),
    # Emphasis works beside Japanese marks.
    "かぎ括弧の太字": ("これは**「重み」**です。", "<p>これは<strong>「重み」</strong>です。</p>"),
    "読点の太字": ("これは**重み、**と読みます。", "<p>これは<strong>重み、</strong>と読みます。</p>"),
    "句点の太字": ("**重みです。**次の文。", "<p><strong>重みです。</strong>次の文。</p>"),
    "丸括弧の中": ("重み（**太字**）の話。", "<p>重み（<strong>太字</strong>）の話。</p>"),
    "丸括弧の前": ("重み**減衰**（weight decay）。", "<p>重み<strong>減衰</strong>（weight decay）。</p>"),
    "丸括弧まで": ("これは**減衰（decay）**は、", "<p>これは<strong>減衰（decay）</strong>は、</p>"),
    "括弧の間": ("「**重み**」、「**減衰**」。", "<p>「<strong>重み</strong>」、「<strong>減衰</strong>」。</p>"),
    "圏点": ("ここは*圏点*です。", "<p>ここは<em>圏点</em>です。</p>"),
    "かぎ括弧の圏点": ("ここは*「圏点」*の話。", "<p>ここは<em>「圏点」</em>の話。</p>"),
    "太字と圏点": ("ここは***両方***です。", "<p>ここは<strong><em>両方</em></strong>です。</p>"),
    "太字のコード": (
        "**`w`の値**と*$w$の値*。",
        "<p><strong><code>w</code>の値</strong>と<em><math><mi>w</mi></math>の値</em>。</p>",
    ),
    "星そのもの": ("\\*星\\*は星のまま。", "<p>*星*は星のまま。</p>"),
    # Headings: the address, and where they may break.
    "見出し": (
        "## 「L2は均等に縮める」が外れるところ",
        '<h2 id="l2は均等に縮めるが外れるところ">「L2は<wbr>均等に<wbr>縮める」が<wbr>外れる<wbr>ところ</h2>',
    ),
    "数式の見出し": (
        "## 重みの $w_j$ はなぜ消えるのか",
        '<h2 id="重みの-はなぜ消えるのか">重みの <math><msub><mi>w</mi><mi>j</mi></msub></math> '
        "は<wbr>なぜ<wbr>消えるのか</h2>",
    ),
    "名前とリンクの見出し": (
        f"## [交差検証]({LINK})でλを選ぶ {{ #cv }}",
        f'<h2 id="cv"><a href="{LINK}">交差検証</a>で<wbr>λを<wbr>選ぶ</h2>',
    ),
    "コードの見出し": (
        "### `weight_decay` とは、正則化のことか",
        '<h3 id="weight_decay-とは正則化のことか"><code>weight_decay</code> とは、<wbr>正則化の<wbr>ことか</h3>',
    ),
    "太字の見出し": (
        "### **ちょうど**消える重みを数える",
        '<h3 id="ちょうど消える重みを数える"><strong>ちょうど</strong><wbr>消える<wbr>重みを<wbr>数える</h3>',
    ),
    "括弧の見出し": (
        "### 重み減衰（weight decay）とL2は同じか",
        '<h3 id="重み減衰weight-decayとl2は同じか">重み減衰<wbr>（weight decay）と<wbr>L2は<wbr>同じか</h3>',
    ),
    "次に読む": (
        f'!!! next "次に読む"\n\n    - [糖尿病データで、線を追う]({LINK})<br>なぜ追うのか。',
        NEXT.format(f'<a href="{LINK}">糖尿病データで、<wbr>線を<wbr>追う</a><br>なぜ追うのか。'),
    ),
}
