"""Derived results on disk, believed only when whole.

A torn, emptied, altered or foreign entry is as if it were not there.
An entry is one JSON with its own checksum, its kind and its name inside, written to a temporary file and renamed.
Deleting the folder loses nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from pathlib import Path
from typing import Any

from figures.errors import CacheUnusable

FORMAT = 1  # raise it when the meaning of an entry changes: older entries are then not there


def folder(root: Path) -> Path:
    """Where entries stand."""
    return root / ".cache" / "figures"


def load(root: Path, kind: str, name: str) -> dict[str, Any] | None:
    """The entry, or None when there is none that can be believed."""
    try:
        raw = json.loads((folder(root) / kind / f"{name}.json").read_bytes())
        whole = raw["checksum"] == _checksum(raw["entry"])
        known = (raw["entry"]["format"], raw["entry"]["kind"], raw["entry"]["name"]) == (FORMAT, kind, name)
        return dict(raw["entry"]["content"]) if whole and known else None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def store(root: Path, kind: str, name: str, content: dict[str, Any]) -> None:
    """Write an entry. Raises ``CacheUnusable`` where it cannot be written."""
    entry = {"format": FORMAT, "kind": kind, "name": name, "content": content}
    text = json.dumps({"checksum": _checksum(entry), "entry": entry}, ensure_ascii=False)
    write(folder(root) / kind / f"{name}.json", text)


def names(root: Path, kind: str) -> list[str]:
    """All entries of a kind, believed or not."""
    return sorted(path.stem for path in (folder(root) / kind).glob("*.json"))


def remove(root: Path, kind: str, name: str) -> None:
    """Forget an entry."""
    (folder(root) / kind / f"{name}.json").unlink(missing_ok=True)


def write(path: Path, text: str) -> None:
    """Write a whole file or nothing. Raises ``CacheUnusable`` naming the folder."""
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except OSError as error:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        raise CacheUnusable(f"{path.parent}: 書き込めません（{error.strerror}）。空きと権限を見てください。") from error


def _checksum(entry: object) -> str:
    canonical = json.dumps(entry, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
