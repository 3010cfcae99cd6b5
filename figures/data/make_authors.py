"""Count character n-grams in passages of four authors, by work: how ``authors.npz`` was made.

    python make_authors.py BARE_GIT_DIRECTORY OUT.npz

The directory is a git copy of the texts of Aozora Bunko that holds cards/<author>/files/*/*.txt in Shift_JIS. No
experiment runs this; which copy it was, and what came out, is in ``authors.md``.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter

import numpy as np

AUTHORS = {"夏目漱石": "000148", "芥川龍之介": "000879", "太宰治": "000035", "宮沢賢治": "000081"}  # card numbers
LENGTH, PER_WORK, WORKS, MIN_PASSAGES = 800, 8, 20, 15


def git(repository: str, *arguments: str) -> bytes:
    """Return what git prints."""
    return subprocess.run(["git", "-C", repository, *arguments], capture_output=True, check=True).stdout


def clean(raw: bytes) -> tuple[str, str]:
    """Return title and text of a file: no head or tail of Aozora Bunko, no ruby, no editor's notes, no white space."""
    text = raw.decode("cp932", errors="ignore").replace("\r\n", "\n")
    title = text.split("\n", 1)[0].strip()
    parts = re.split(r"-{20,}\n", text)
    body = parts[2] if len(parts) > 2 else text.split("\n\n", 1)[-1]
    body = re.split(r"\n底本：", body)[0]
    body = re.sub(r"《[^》]*》|［＃[^］]*］|｜", "", body)
    return title, re.sub(r"\s", "", body)


def modern(body: str) -> bool:
    """Tell whether the kana spelling is the new one: hardly a ゐ or ゑ, and small っ in use."""
    return len(re.findall("[ゐゑ]", body)) * 2000 < len(body) and body.count("っ") * 300 > len(body)


def chosen_works(repository: str, names: list[str], card: str) -> list[tuple[str, str]]:
    """Return title and text of 20 works of an author, long and short ones alike."""
    kept: dict[str, str] = {}
    for name in sorted(n for n in names if n.startswith(f"cards/{card}/files/") and n.endswith(".txt")):
        title, body = clean(git(repository, "show", f"HEAD:{name}"))
        if title not in kept and len(body) >= 4 * LENGTH and modern(body):
            kept[title] = body
    by_length = sorted(kept.items(), key=lambda work: -len(work[1]))
    return by_length[:: max(1, len(by_length) // WORKS)][:WORKS]


def passages(body: str) -> list[Counter[str]]:
    """Return the counts of up to 8 passages, spread evenly over the text."""
    n = len(body) // LENGTH
    parts = [
        body[k * LENGTH : (k + 1) * LENGTH] for k in np.unique(np.linspace(0, n - 1, min(n, PER_WORK)).astype(int))
    ]
    return [Counter(p) + Counter(p[i : i + 2] for i in range(len(p) - 1)) for p in parts]


def main(repository: str, out: str) -> None:
    """Read all works and write the file."""
    names = git(repository, "ls-tree", "-r", "--name-only", "HEAD").decode().split("\n")
    rows, authors, works, titles = list[Counter[str]](), list[int](), list[int](), list[str]()
    for a, (author, card) in enumerate(AUTHORS.items()):
        for title, body in chosen_works(repository, names, card):
            titles.append(f"{author}『{title}』")
            for counts in passages(body):
                rows.append(counts)
                authors.append(a)
                works.append(len(titles) - 1)
    in_passages = Counter(ngram for counts in rows for ngram in counts)
    ngrams = sorted(ngram for ngram, count in in_passages.items() if count >= MIN_PASSAGES)
    index = {ngram: j for j, ngram in enumerate(ngrams)}
    sparse = [sorted((index[ngram], min(c, 255)) for ngram, c in counts.items() if ngram in index) for counts in rows]
    np.savez_compressed(
        out,
        indptr=np.cumsum([0, *map(len, sparse)]).astype(np.int32),
        indices=np.array([j for row in sparse for j, _ in row], np.uint16),
        counts=np.array([c for row in sparse for _, c in row], np.uint8),
        author=np.array(authors, np.uint8),
        work=np.array(works, np.uint8),
        ngrams=np.array(ngrams),
        authors=np.array(list(AUTHORS)),
        works=np.array(titles),
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
