"""Faults end in one plain message and an exit status: 0 done, 1 failed, 2 bad input, 130 stopped by the user."""

import errno
import functools
import os
import sys
from collections.abc import Callable
from typing import Any

import typer

from tianshui.words import LANGUAGES, Told, reason, say

DONE, FAILED, STOPPED = 0, 1, 130
"""Exit statuses; that of bad input is its own (`InputError.status`)."""


def guarded(function: Callable[..., None]) -> Callable[..., None]:
    """A command whose faults end in one plain message and an exit status."""

    @functools.wraps(function)
    def command(*args: Any, **options: Any) -> None:
        lang = options.get("lang", "en")
        lang = lang if lang in LANGUAGES else "en"
        try:
            function(*args, **options)
        except (typer.Exit, BrokenPipeError):
            raise
        except KeyboardInterrupt as stop:
            print(_stopped(stop, lang), file=sys.stderr)
            raise typer.Exit(STOPPED) from None
        except Exception as error:
            text, status = _fault(error, lang)
            print(say(lang, "error", text=text), file=sys.stderr)
            if os.environ.get("TIANSHUI_DEBUG"):
                raise
            raise typer.Exit(status) from None

    return command


def _stopped(stop: KeyboardInterrupt, lang: str) -> str:
    if hasattr(stop, "wanted"):
        return say(lang, "stopped", done=stop.done, all=stop.wanted, folder=stop.folder)  # pyright: ignore
    return say(lang, "stopped_plain")


def _fault(error: Exception, lang: str) -> tuple[str, int]:
    """What to say of an error, and the exit status."""
    if isinstance(error, Told):
        if not isinstance(error.__cause__, OSError):
            return error.said(lang), error.status
        error = error.__cause__  # What the system said names the file and the remedy.
    if isinstance(error, OSError) and error.errno:
        file = error.filename or ""
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return say(lang, "disk_full", file=file), FAILED
        if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
            return say(lang, "read_only", file=file, why=reason(error).said(lang)), FAILED
        return say(lang, "os_error", file=file, why=reason(error).said(lang)), FAILED
    return say(lang, "crashed", kind=type(error).__name__, text=" ".join(str(error).split())), FAILED
