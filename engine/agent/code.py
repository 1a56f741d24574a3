"""From a reference such as `tools.book_flight` to the function, in folders that the user trusts.

Reading an agent runs none of its code. Its modules are imported here, when a turn needs them, and only from a folder
that is trusted: once for all with `cuecard trust`, or for one command with `--trust`.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from types import ModuleType
from typing import Any

from engine.agent.reading.signature import SignatureFault, Signatures


class CodeError(Exception):
    """Code that cannot be had; the message is one line that says why and what to do."""


def trust_file() -> Path:
    """Where the trusted folders are kept: `cuecard/trusted.json` in the user's configuration folder."""
    configured = os.environ.get("XDG_CONFIG_HOME")
    base = Path(configured) if configured else Path.home() / ".config"
    return base / "cuecard" / "trusted.json"


def trusted_folders() -> tuple[Path, ...]:
    """The folders that the user trusts, in the order in which they were added; none if the list cannot be read."""
    try:
        listed = json.loads(trust_file().read_text("utf-8"))["folders"]
        return tuple(Path(folder) for folder in listed)
    except (OSError, ValueError, KeyError, TypeError):
        return ()


def is_trusted(folder: Path) -> bool:
    """Whether a folder, or one that it lies in, is trusted; links are followed first."""
    resolved = folder.resolve()
    return any(trusted == resolved or trusted in resolved.parents for trusted in trusted_folders())


def trust(folder: Path) -> None:
    """Trust a folder, and those in it, from now on.

    Raises:
        CodeError: When there is no such folder, or the list cannot be written.
    """
    resolved = folder.resolve()
    if not resolved.is_dir():
        raise CodeError(f"there is no folder {folder}")
    listed = [str(known) for known in trusted_folders()]
    if str(resolved) not in listed:
        _write_trusted([*listed, str(resolved)])


def distrust(folder: Path) -> None:
    """Trust a folder no longer.

    Raises:
        CodeError: When the list cannot be written.
    """
    resolved = str(folder.resolve())
    _write_trusted([str(known) for known in trusted_folders() if str(known) != resolved])


def _write_trusted(folders: list[str]) -> None:
    file = trust_file()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=file.parent, delete=False, encoding="utf-8") as new:
            json.dump({"folders": folders}, new, indent=1)
        Path(new.name).replace(file)
    except OSError as error:
        raise CodeError(f"the list of trusted folders cannot be written to {file}: {error.strerror}") from error


_IMPORTING = threading.RLock()
"""Held while a folder's code is imported: a chat and a replay beside it, on two threads, may want the same modules."""


class FolderCode:
    """The functions in the modules of one agent's folder.

    The modules live in a package of their own, named after the folder, so that the `tools.py` of two agents never meet.
    Within it, both `from . import helpers` and `import helpers` find what lies in the folder.
    """

    def __init__(self, folder: Path, trusted: bool) -> None:
        """Prepare to import from a folder; nothing is imported yet.

        Args:
            folder: The agent's folder.
            trusted: Whether its code may run.
        """
        self.folder = folder.resolve()
        self.trusted = trusted
        self._package = f"cuecard_agent_{sha256(str(self.folder).encode()).hexdigest()[:12]}"
        self._loaded = False

    def resolve(self, reference: str) -> Callable[..., Any]:
        """Import what a reference names.

        Args:
            reference: `module.function`.

        Returns:
            The function.

        Raises:
            CodeError: When the folder is not trusted, there is no such module or function, or importing it fails.
        """
        if not self.trusted:
            raise CodeError(
                f"{reference} is code in a folder that is not trusted: `cuecard trust {self.folder}`, or add --trust"
            )
        self._check(reference)
        module_name, _, name = reference.rpartition(".")
        found = getattr(self._import(module_name), name, None)
        if not callable(found):
            said = "is not there once the module is imported" if found is None else "is not a function"
            raise CodeError(f"{reference} {said}")
        function: Callable[..., Any] = found
        return function

    def _check(self, reference: str) -> None:
        try:
            Signatures(self.folder).check(reference)
        except SignatureFault as fault:
            raise CodeError(f"{fault}. {fault.remedy}".strip()) from fault

    def _import(self, module_name: str) -> ModuleType:
        with _IMPORTING:
            return self._imported(module_name)

    def _imported(self, module_name: str) -> ModuleType:
        if not self._loaded:
            self._forget()
            package = ModuleType(self._package)
            package.__path__ = [str(self.folder)]
            sys.modules[self._package] = package
            self._loaded = True
        try:
            with self._importing():
                return importlib.import_module(f"{self._package}.{module_name}")
        except (Exception, SystemExit) as error:
            reason = " ".join(f"{type(error).__name__}: {error}".split())
            raise CodeError(f"importing {module_name}.py of {self.folder.name} failed: {reason}") from error

    def _forget(self) -> None:
        """Drop what an earlier opening of the same folder imported, so that changed code is read anew."""
        for name in [name for name in sys.modules if name.split(".")[0] == self._package]:
            del sys.modules[name]
        importlib.invalidate_caches()

    @contextmanager
    def _importing(self) -> Iterator[None]:
        """Let `import helpers` find the folder's own modules, and leave no trace of it afterwards."""
        before = set(sys.modules)
        wrote_bytecode = sys.dont_write_bytecode
        sys.path.insert(0, str(self.folder))
        sys.dont_write_bytecode = True
        try:
            yield
        finally:
            sys.dont_write_bytecode = wrote_bytecode
            sys.path.remove(str(self.folder))
            for name in [name for name in sys.modules if name not in before and self._is_own(name)]:
                del sys.modules[name]

    def _is_own(self, name: str) -> bool:
        file = getattr(sys.modules[name], "__file__", None)
        in_package = name.split(".")[0] == self._package
        return not in_package and file is not None and self.folder in Path(file).resolve().parents
