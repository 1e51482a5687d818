"""The folder of a result while a command writes to it: whose it is, and one writer at a time."""

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

from tianshui.words import InputError

try:
    import fcntl
except ImportError:  # Where there are no such locks, names by content and whole renames must do.
    fcntl = None

LOCK = ".writing"
FAILED = "failed"
MARKS = ("manifest.json", "runs", "ledger", LOCK)
"""What tells a result, finished or not, from other folders."""


def checked(folder: Path) -> None:
    """Refuse a place that holds something other than a result; raises `InputError`."""
    if folder.exists() and not folder.is_dir():
        raise InputError("out_is_file", folder=folder)
    if folder.is_dir() and any(folder.iterdir()) and not any((folder / mark).exists() for mark in MARKS):
        raise InputError("out_is_other", folder=folder)


def result(folder: Path) -> dict[str, Any]:
    """The manifest of a finished result.

    Raises
    ------
    InputError
        When the folder is none.
    """
    from tianshui import archive

    if not folder.is_dir():
        raise InputError("not_result", folder=folder, why=InputError("no_folder"))
    if not (folder / "manifest.json").is_file():
        raise InputError("not_result", folder=folder, why=InputError("no_manifest"))
    try:
        manifest = archive.read_manifest(folder)
    except archive.ArchiveError:
        raise InputError("not_result", folder=folder, why=InputError("bad_manifest")) from None
    if not isinstance(manifest, dict) or not manifest.get("scenarios"):
        raise InputError("not_result", folder=folder, why=InputError("bad_manifest"))
    return manifest


@contextlib.contextmanager
def writing(folder: Path, waiting: Callable[[Path], None] | None = None) -> Iterator[None]:
    """Make the folder and hold it; a second command waits and then finds the first one's runs.

    The lock is the operating system's and ends with the process, so a command that was killed leaves none.

    Raises
    ------
    OSError
        When the folder cannot be made or written to: said before anything is simulated.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with _locked(folder / LOCK, lambda: waiting(folder) if waiting else None) as lock:
        try:
            yield
        finally:
            with contextlib.suppress(OSError):
                os.unlink(lock.name)


def _locked(place: Path, told: Callable[[], None]) -> IO[str]:
    """Open and lock a file; anew when the one before us has taken it away meanwhile."""
    while True:
        lock = place.open("a", encoding="ascii")
        if fcntl is None:
            return lock
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            told()
            fcntl.flock(lock, fcntl.LOCK_EX)
        except OSError:
            return lock  # A file system without locks.
        if place.exists() and os.fstat(lock.fileno()).st_ino == place.stat().st_ino:
            return lock
        lock.close()


def keep_table(place: Path, frame: Any) -> None:
    """Write a data frame as Parquet, whole or not at all."""
    new = place.with_name(f".{place.name}.{os.getpid()}")
    try:
        frame.to_parquet(new, index=False)
        os.replace(new, place)
    finally:
        new.unlink(missing_ok=True)
