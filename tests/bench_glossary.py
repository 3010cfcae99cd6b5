"""How long the links to terms take: 200 terms on 1000 posts of 3,000 characters, against what Markdown takes for them.

    python tests/bench_glossary.py [--json]

The posts are the article's text, converted once by Markdown; the time is that of finding and linking first mentions.
"""

from __future__ import annotations

import argparse
import copy
import random
import statistics
import sys
import time
import xml.etree.ElementTree as etree
from pathlib import Path
from types import SimpleNamespace
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from markdown import Markdown  # noqa: E402
from markdown.treeprocessors import Treeprocessor  # noqa: E402

from figures.bench.rows import Row, print_table, to_json  # noqa: E402
from hooks.mention import MentionExtension, Mentions  # noqa: E402
from hooks.terms import Term  # noqa: E402

TERMS, POSTS, LENGTH, RUNS = 200, 1000, 3000, 5
SECONDS = 1.0
SIGNS = "重正則化減衰学習率勾配降下過誤差検証交差標準条件数値特徴量選択最小二乗法線形回帰"
EVERYDAY = ("重み", "正則化", "交差検証", "標準誤差", "過学習", "λ")


def made_terms() -> dict[str, Term]:
    """Some that the article has, and as many more of like letters."""
    draw = random.Random(0)
    names = [*EVERYDAY]
    while len(names) < TERMS:
        names.append("".join(draw.choices(SIGNS, k=draw.randint(2, 5))) + draw.choice(["", "", "ネット"]))
    files: Any = [SimpleNamespace(src_uri=f"glossary/{i}.md", name=str(i)) for i in range(TERMS)]
    return {
        name: Term(name, "あ", f"term {i}", "定義。", files[i], (f"{name}法", f"{name}化"))
        for i, name in enumerate(names)
    }


class _Keep(Treeprocessor):
    def run(self, root: etree.Element) -> None:
        self.root = root


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    text = (PROJECT / "docs/articles/l1-vs-l2.md").read_text(encoding="utf-8").split("---", 2)[2][:LENGTH]
    mentions = Mentions(made_terms(), "/", [])
    md = Markdown(extensions=["admonition", "tables", MentionExtension(mentions)])
    keep, links = _Keep(md), md.treeprocessors["mention"]
    md.treeprocessors.register(keep, "keep", -4)
    page: Any = SimpleNamespace(meta={}, file=SimpleNamespace(src_uri="articles/post.md"))
    converting = time.process_time()
    md.convert(text)
    converting = (time.process_time() - converting) * POSTS
    seconds = []
    for _ in range(RUNS):
        trees = [copy.deepcopy(keep.root) for _ in range(POSTS)]
        begin = time.process_time()
        for tree in trees:
            mentions.begin(page, links=True)
            links.run(tree)
        seconds.append(time.process_time() - begin)
    found = sum(map(len, mentions.places.values())) // (RUNS * POSTS)
    about = f"{TERMS}語 × {POSTS}本、{LENGTH}字（1本に{found}か所）"
    rows = [
        Row("mentions.seconds", about, statistics.median(seconds), SECONDS, at_most=True),
        Row(
            "mentions.share",
            "同じ本数をMarkdownが変換する時間との比",
            statistics.median(seconds) / converting,
            0.2,
            at_most=True,
        ),
    ]
    if arguments.json:
        print(to_json(rows))
    else:
        print_table(rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
