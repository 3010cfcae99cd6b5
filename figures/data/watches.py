"""What a cache looks at to decide whether an experiment has to run again.

A watch makes a key of the files that an experiment runs on, path -> text, the experiment's own file last. Where the key
is another after an edit, the experiment runs again; where it is the same, the old number is published.

Sources: PEP 552 for the rule of .pyc files; Pro Git, 10.2, for names by content.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from figures import fingerprint
from figures.data.sources import reads

Texts: TypeAlias = Mapping[str, str]
Key: TypeAlias = Mapping[str, object]


def meaning(texts: Texts) -> Key:
    """What this blog does: code as ``figures.fingerprint`` sees it, every other file byte by byte."""
    digests = {}
    for path, text in texts.items():
        mode = "run" if path.startswith("experiments/") else None
        code = path.endswith(".py")
        digests[path] = fingerprint.digest_code(text.encode(), mode) if code else fingerprint.digest(text.encode())
    return digests


def own(texts: Texts) -> Key:
    """The same, of the experiment's own file."""
    path = _own_file(texts)
    return meaning({path: texts[path]})


def direct(texts: Texts) -> Key:
    """The same, of the experiment's own file and what that imports itself."""
    path = _own_file(texts)
    return meaning({each: texts[each] for each in (path, *reads(path, texts[path])) if each in texts})


def clock(texts: Texts, second: int = 0) -> Key:
    """A simulation of the rule for .pyc files, all saved within one second: that second, and the size in bytes."""
    return {path: (second, len(text.encode())) for path, text in texts.items()}


def content(texts: Texts) -> Key:
    """Every byte of every file."""
    return {path: fingerprint.digest(text.encode()) for path, text in texts.items()}


WATCHES: dict[str, Callable[[Texts], Key]] = {
    "own": own,
    "direct": direct,
    "clock": clock,
    "content": content,
    "meaning": meaning,
}


def _own_file(texts: Texts) -> str:
    return list(texts)[-1]
