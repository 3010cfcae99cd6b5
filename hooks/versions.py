"""The changes of every result, from the committed records in git: what was printed before and after, and why.

A commit is compared with its own parent, so branches need no order among them. An old record is read as it stands: the
text in it is what was printed at the time. A renamed result is one that went and one that came.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from hooks.commits import UNCOMMITTED, Commit, incomplete
from hooks.committed import Untold, contents, heads, steps

LIMIT = 10  # changes of a result
# What a kind of result measured, and what it is read by; an older record may not have all of it yet.
MEASURED = {"number": ("values",), "claim": ("left", "right"), "table": ("columns", "rows"), "figure": ("data_sha256",)}
RULES = {"number": ("unit", "digits"), "claim": ("relation", "share", "margin"), "table": (), "figure": ()}
UNSAID = {"margin": 0}


class State(NamedTuple):
    """A result in one version of its record. ``said``: as it was printed then; ``fields``: as it stands there."""

    kind: str
    said: str
    measured: list[Any]
    rule: list[Any]
    about: str
    fields: Mapping[str, Any]


@dataclass(frozen=True)
class Change:
    """Of one result in one commit. ``before`` is None where it came, ``after`` where it went."""

    commit: Commit
    before: State | None
    after: State | None
    again: bool = False  # it had been there before it came

    @property
    def remark(self) -> str:
        """What before and after do not say."""
        if self.before is None:
            return "また載せた" if self.again else "初めて載せた"
        if self.after is None:
            return "載せるのをやめた"
        if self.before.kind != self.after.kind:
            return ""
        if self.before.measured == self.after.measured:
            return "値は同じ" if self.before.said != self.after.said else "読み方が変わった"
        return "表に出ない桁か、回ごとの値が変わった" if self.before.said == self.after.said else ""


@dataclass
class History:
    """Of one experiment: of each result that it ever had all changes, newest first."""

    missing: str = ""  # why there is no history
    unread: int = 0  # versions that are no record
    every: dict[str, list[Change]] = field(default_factory=dict)
    here: list[str] = field(default_factory=list)  # the results that there are now

    def add(self, commit: Commit, before: Version, after: Version) -> None:
        """Put the changes of a commit in front of the older ones; other words about the same result are none."""
        for name in [*before, *(name for name in after if name not in before)]:
            a, b = before.get(name), after.get(name)
            if a is b or (a and b and a[:4] == b[:4]):
                continue
            older = self.every.pop(name, [])  # and so the results stand in the order of their last changes
            self.every[name] = [Change(commit, a, b, again=a is None and bool(older)), *older]

    @property
    def changed(self) -> dict[str, list[Change]]:
        """Of each result that was not always as it is now, the last changes."""
        return {name: self.every[name][:LIMIT] for name in self.here if len(self.every[name]) > 1}

    @property
    def steady(self) -> dict[Commit, list[str]]:
        """The others, by the commit with which they came; the last ones first."""
        return self._by_commit(name for name in self.every if name in self.here and len(self.every[name]) == 1)

    @property
    def retired(self) -> dict[Commit, list[str]]:
        """Those that are no more, by the commit with which they went; the last ones first."""
        return self._by_commit(name for name in self.every if name not in self.here)

    def _by_commit(self, names: Iterable[str]) -> dict[Commit, list[str]]:
        groups: dict[Commit, list[str]] = {}
        for name in names:
            groups.setdefault(self.every[name][0].commit, []).append(name)
        return dict(reversed(groups.items()))

    def last(self, name: str) -> State:
        """What a result said in the end."""
        change = self.every[name][0]
        state = change.after or change.before
        assert state is not None
        return state


Version = Mapping[str, State]


def histories(root: Path, now: Mapping[str, str]) -> dict[str, History]:
    """The history of each experiment.

    Args:
        root: the project.
        now: experiment -> its record as it is now, committed or not.

    Returns:
        Those of ``now``, and of all that once had a record.
    """
    missing = incomplete(root)
    try:
        if missing != "":
            raise Untold(missing or "gitの履歴がないので、書けません")
        return _histories(root, now)
    except Untold as reason:
        return {experiment: History(str(reason)) for experiment in now}


def _histories(root: Path, now: Mapping[str, str]) -> dict[str, History]:
    taken = list(steps(root))[::-1]
    experiments = sorted({*now, *(step.experiment for step in taken)})
    found = {experiment: History() for experiment in experiments}
    versions: dict[str, Version] = {}
    for step, text in zip(taken, contents(root, [step.after for step in taken]), strict=True):
        before = versions.get(step.before, {})
        after = _version(text, before)
        if after is None:  # as if it had not been: the next version is compared with the one before
            found[step.experiment].unread += 1
        versions[step.after] = before if after is None else after
        found[step.experiment].add(step.commit, before, versions[step.after])
    committed = heads(root)
    for experiment, history in found.items():
        before = versions.get(committed.get(experiment, ""), {})
        after = _version(now.get(experiment, "").encode(), before) or {}
        history.add(Commit(remark=UNCOMMITTED), before, after)
        history.here = list(after)
    return {experiment: history for experiment, history in found.items() if experiment in now or history.every}


def _version(text: bytes, before: Version) -> Version | None:
    """The results of a record, those that stayed as the same objects; None where it is no record."""
    try:
        results = json.loads(text or '{"results": {}}')["results"].items()
        same = {name: before[name] for name, fields in results if name in before and before[name].fields == fields}
        return {name: same.get(name) or _state(fields) for name, fields in results}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _state(fields: Mapping[str, Any]) -> State:
    kind = fields["kind"]
    error = f" ±{fields['error']}" if fields.get("error") else ""
    said = {"table": "表", "figure": "図"}.get(kind) or f"{fields['text']}{error}"
    if kind == "figure":
        said += f" {fields['data_sha256'][:8]}"
    measured = [fields[key] for key in MEASURED[kind]]
    rule = [fields.get(key, UNSAID.get(key)) for key in RULES[kind]]
    return State(kind, said, measured, rule, str(fields.get("about", "")), fields)
