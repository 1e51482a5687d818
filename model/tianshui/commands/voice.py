"""What is said and where: one language, tables for people or JSON for another program."""

import json
import math
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tianshui.words import LANGUAGES, InputError, marked, say

WIDE = 200
"""Columns of a table that goes to a file or another program."""


class Voice:
    """Says things in one language: tables and JSON on standard output, the rest on standard error."""

    def __init__(self, lang: str, *, as_json: bool = False, quiet: bool = False) -> None:
        if lang not in LANGUAGES:
            raise InputError("bad_lang", text=lang)
        self.lang, self.as_json, self.quiet = lang, as_json, quiet

    def say(self, key: str, **values: Any) -> str:
        """One message."""
        return say(self.lang, key, **values)

    def pick[Said](self, english: Said, chinese: Said) -> Said:
        """The text of the language."""
        return (english, chinese)[LANGUAGES.index(self.lang)]

    def note(self, key: str, **values: Any) -> None:
        """A line beside the result."""
        if not self.quiet:
            print(self.say(key, **values), file=sys.stderr)

    def line(self, text: str = "") -> None:
        """A line of the result."""
        if not (self.quiet or self.as_json):
            print(marked(self.lang, text))

    def json(self, value: Any) -> None:
        """The result for another program."""
        print(json.dumps(_plain(value), ensure_ascii=False, allow_nan=False, indent=1))

    def table(
        self,
        title: str,
        heads: Sequence[tuple[str, bool]],
        rows: Iterable[Sequence[str]],
        caption: str = "",
    ) -> None:
        """A table; heads are texts and whether their column holds numbers."""
        if self.quiet or self.as_json:
            return
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text

        terminal = sys.stdout.isatty() or "COLUMNS" in os.environ
        console = Console(width=None if terminal else WIDE, markup=False, highlight=False, emoji=False)

        # Text, never markup: a scenario's title may hold anything.
        def text(words: str, style: str = "") -> Text:
            return Text(marked(self.lang, words), style)

        table = Table(title=text(title, "bold"), caption=text(caption, "dim") if caption else None,
                      title_justify="left", caption_justify="left")  # fmt: skip
        for head, numeric in heads:
            table.add_column(text(head), justify="right" if numeric else "left", overflow="fold")
        for row in rows:
            table.add_row(*map(text, row))
        console.print(table)


def _plain(value: Any) -> Any:
    """A value as JSON has it; a number that is none becomes null."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, str | bool | int) or value is None:
        return value
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if isinstance(value, int | str) else str(value)


def records(frame: Any) -> list[dict[str, Any]]:
    """The rows of a frame as plain values."""
    return frame.to_dict("records")
