"""Watch what an experiment depends on, from inside its process. It observes; it is no sandbox.

Two mechanisms. An importer compiles every module of the project from source that it read and digested itself, because
Python's own check of a cached module goes by time and size, and a quick edit of equal length would import the old one.
An audit hook sees every file that is opened and every folder that is listed, digests them before they are read, and
refuses what would make a result depend on something that no digest covers: files outside the laboratory, the network,
other processes, and any writing.
"""

from __future__ import annotations

import ast
import importlib.machinery
import importlib.util
import os
import site
import sys
import sysconfig
import threading
from collections.abc import Sequence
from pathlib import Path
from types import CodeType, FrameType, ModuleType
from typing import Any

from figures import fingerprint

PROCESS_EVENTS = ("subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "pty.")
NETWORK_EVENTS = ("socket.", "urllib.", "http.", "ftplib.", "smtplib.", "poplib.", "imaplib.", "telnetlib.")
WRITE_EVENTS = ("os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.truncate", "os.chmod")
WRITE_FLAGS = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class ForbiddenAccess(BaseException):
    """Raised where an experiment reaches outside. Not an ``Exception``, so that ``except Exception`` lets it pass."""


class Observer:
    """Collects the dependencies of one process; ``violations`` also holds what the experiment swallowed."""

    def __init__(self, root: Path, experiment: str, mode: str, readable: Sequence[Path] = ()) -> None:
        self.root = root
        self.laboratory = root / "figures"
        self.experiment_file = self.laboratory / "experiments" / f"{experiment}.py"
        self.mode = mode
        self.modules: dict[str, str] = {}
        self.files: dict[str, str | None] = {}
        self.listings: dict[str, str | None] = {}
        self.functions: set[str] = set()  # all that the experiment's file defines, hidden ones included
        self.violations: list[tuple[str, str]] = []
        self.enforcing = False
        self._before: frozenset[str] = frozenset()
        self._stamps: dict[Path, tuple[int, int, int] | None] = {}
        self._libraries = tuple(f"{path}{os.sep}" for path in (*_library_folders(), *map(str, readable)))
        self._busy = threading.local()

    def install(self) -> None:
        """Watch from here on: project modules through our importer, everything else through the audit hook."""
        self._before = frozenset(sys.modules)
        for name, module in list(sys.modules.items()):
            file = getattr(module, "__file__", None)
            if file and Path(file).is_relative_to(self.laboratory):
                self._note_module(Path(file), Path(file).read_bytes(), name)
        sys.path[:] = [entry for entry in sys.path if Path(entry or ".").resolve() != self.root]
        sys.meta_path.insert(0, _ProjectImporter(self))
        sys.addaudithook(self._audit)

    def changed_meanwhile(self) -> list[str]:
        """Files that were edited after they had been digested: what was read is then not what was digested."""
        return sorted(self._relative(path) for path, stamp in self._stamps.items() if _stamp(path) != stamp)

    def dependencies(self) -> dict[str, Any]:
        """All that was observed, ready for JSON; of libraries the first part of their modules' names."""
        return {
            "modules": dict(sorted(self.modules.items())),
            "files": dict(sorted(self.files.items())),
            "listings": dict(sorted(self.listings.items())),
            "libraries": sorted({name.partition(".")[0] for name in set(sys.modules) - self._before} - {"figures"}),
        }

    def place(self, frame: FrameType | None) -> str:
        """``file:line`` of the nearest frame in the experiment, else in the laboratory."""
        nearest = ""
        while frame is not None:
            path = Path(frame.f_code.co_filename)
            if path == self.experiment_file:
                return f"{self._relative(path)}:{frame.f_lineno}"
            if not nearest and path.is_relative_to(self.laboratory) and path.name not in ("observe.py", "worker.py"):
                nearest = f"{self._relative(path)}:{frame.f_lineno}"
            frame = frame.f_back
        return nearest or self._relative(self.experiment_file)

    def _relative(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else str(path)

    def _note_module(self, path: Path, source: bytes, name: str) -> None:
        own = path == self.experiment_file
        self.modules[self._relative(path)] = fingerprint.digest_code(source, self.mode if own else None)

    def _audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        if getattr(self._busy, "now", False):
            return
        self._busy.now = True
        try:
            if event == "open":
                path, mode, flags = arguments
                if isinstance(path, str | bytes | os.PathLike):
                    self._opened(Path(os.fsdecode(path)), writing=_writes(mode, flags))
            elif event in ("os.listdir", "os.scandir"):
                if not isinstance(arguments[0], int):
                    self._listed(Path(os.fsdecode(arguments[0] or ".")))
            elif event.startswith(PROCESS_EVENTS):
                self._refuse("別のプロセスを起動しています")
            elif event.startswith(NETWORK_EVENTS):
                self._refuse("ネットワークに触れています")
            elif event.startswith(WRITE_EVENTS):
                self._refuse(f"ファイルを書き換えています（{event}）")
        finally:
            self._busy.now = False

    def _opened(self, path: Path, writing: bool) -> None:
        path = Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow links; both names matter below
        if str(path).startswith(self._libraries) or str(path) == os.devnull:
            if writing and str(path) != os.devnull:
                self._refuse(f"ファイルに書いています（{path}）")
            return
        if writing:
            self._refuse(f"ファイルに書いています（{self._relative(path)}）")
        elif self._inside(path):
            self._stamps.setdefault(path, _stamp(path))
            self.files[self._relative(path)] = fingerprint.digest_file(path)
        else:
            self._refuse(f"figures/ の外のファイルを開いています（{self._relative(path)}）")

    def _listed(self, path: Path) -> None:
        path = Path(os.path.abspath(path))  # noqa: PTH100
        if f"{path}{os.sep}".startswith(self._libraries) or _importing(sys._getframe(2)):
            return
        if self._inside(path):
            self.listings[self._relative(path)] = fingerprint.digest_listing(path)
        else:
            self._refuse(f"figures/ の外のフォルダーを見ています（{self._relative(path)}）")

    def _inside(self, path: Path) -> bool:
        """Whether ``path``, links followed, is in the laboratory and is not one of its own products."""
        real = path.resolve()
        return (
            path.is_relative_to(self.laboratory)
            and real.is_relative_to(self.laboratory.resolve())
            and not real.is_relative_to(self.laboratory.resolve() / "records")
        )

    def _refuse(self, what: str) -> None:
        if self.enforcing:
            place = self.place(sys._getframe(2))
            self.violations.append((place, what))
            raise ForbiddenAccess(what)


class _ProjectImporter:
    """Finds ``figures`` and what is below it in the project, and compiles it from source read here."""

    def __init__(self, observer: Observer) -> None:
        self.observer = observer

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        top = fullname.partition(".")[0]
        if top == "hooks":
            raise ModuleNotFoundError("実験から hooks は使えません。実験室はサイトのことを何も知りません。")
        if top != "figures":
            return None
        if self.observer.mode == "run" and fullname == "figures.plot":
            raise ImportError("figures.plot は draw_… の中で import してください。計算のほうでは描きません。")
        stem = self.observer.root.joinpath(*fullname.split("."))
        for file, package in ((stem / "__init__.py", True), (stem.with_suffix(".py"), False)):
            if file.is_file():
                locations = [str(stem)] if package else None
                loader = _DigestingLoader(fullname, str(file), self.observer)
                return importlib.util.spec_from_file_location(
                    fullname, file, loader=loader, submodule_search_locations=locations
                )
            # A file that is not there now, and would be found first if it came, is a dependency too.
            self.observer.files[self.observer._relative(file)] = None
        return None


class _DigestingLoader(importlib.machinery.SourceFileLoader):
    def __init__(self, fullname: str, path: str, observer: Observer) -> None:
        super().__init__(fullname, path)
        self.observer = observer

    def get_code(self, fullname: str) -> CodeType:
        observer, path = self.observer, Path(self.path)
        observer._busy.now = True  # our own reading is no dependency of its own: the digest of the code is
        try:
            observer._stamps.setdefault(path, _stamp(path))
            source = path.read_bytes()
            observer._note_module(path, source, fullname)
        finally:
            observer._busy.now = False
        if path != observer.experiment_file:
            return compile(source, self.path, "exec", dont_inherit=True)
        whole = fingerprint.parse(source, self.path)
        observer.functions = {node.name for node in whole.body if isinstance(node, ast.FunctionDef)}
        return compile(fingerprint.parse(source, self.path, observer.mode), self.path, "exec", dont_inherit=True)


def _library_folders() -> set[str]:
    names = ("stdlib", "platstdlib", "purelib", "platlib")
    folders = {sysconfig.get_path(name) for name in names} | set(site.getsitepackages())
    paths = [Path(folder) for folder in folders if folder]
    return {str(path.absolute()) for path in paths} | {str(path.resolve()) for path in paths}  # .venv may be a link


def _importing(frame: FrameType | None) -> bool:
    return frame is not None and frame.f_back is not None and "importlib" in frame.f_back.f_code.co_filename


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        info = path.stat()
    except OSError:
        return None
    return info.st_ino, info.st_ctime_ns, info.st_size


def _writes(mode: object, flags: object) -> bool:
    if isinstance(mode, str):
        return any(letter in mode for letter in "wax+")
    return isinstance(flags, int) and bool(flags & WRITE_FLAGS)
