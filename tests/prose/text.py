"""Text in which every character knows its place in the file that it comes from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Text:
    """``places[i]`` is where ``text[i]`` stands in the file, or where that stands for which it is written."""

    text: str
    places: Sequence[int]

    def __getitem__(self, part: slice) -> Text:
        return Text(self.text[part], self.places[part])

    def group(self, match: re.Match[str], name: str | int = 0) -> Text:
        """What a match in this text, or a group of it, holds."""
        return self[slice(*match.span(name))]

    def lines(self) -> Iterator[Text]:
        """The lines, each with its end."""
        for match in re.finditer(r"[^\n]*\n|[^\n]+", self.text):
            yield self.group(match)

    def instead(self, words: str) -> Text:
        """Other words at the place where this begins."""
        return Text(words, [self.places[0]] * len(words))


def joined(texts: Iterable[Text]) -> Text:
    """All of them, one behind the other."""
    kept = list(texts)
    return Text("".join(text.text for text in kept), [place for text in kept for place in text.places])
