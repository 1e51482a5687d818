"""A file of plain YAML read strictly: every value keeps its line, and nothing is guessed.

PyYAML's own conversions are not used: under YAML 1.1 `012` is ten, `yes` is true, `1:30` is ninety and
`2e7` is text. Here a plain scalar is a decimal number, a word, or an error. Aliases, anchors and tags are
refused (they can hide or multiply what a reader sees), as are duplicate keys, files of more than 1 MB,
text that is not UTF-8, and nesting deeper than a scenario can need.
"""

import re
import stat
from collections.abc import Iterable
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

import yaml

from tianshui.words import InputError, Phrase, Reason, reason

LARGEST = 1_000_000
"""Bytes."""
DEEPEST = 8
"""Levels of nesting; a scenario uses four."""
KEPT = 64
"""Texts whose mappings are kept at hand."""
LONGEST_SHOWN = 40
"""Characters of a faulty value shown in a message."""

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NUMBER = re.compile(r"[-+]?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)*")
_YEAR = re.compile(r"[1-9][0-9]{3}")
_NOT_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"})


Piece = str | Phrase | Reason
"""A part of a message: the same in both languages, or sayable in either."""


class ScenarioError(InputError):
    """What is wrong with a scenario, in one line that names file, line, value and remedy; English as text."""


class Entry(NamedTuple):
    """One line `key: value` of a mapping."""

    key: str
    key_node: yaml.ScalarNode
    value: yaml.Node


def fail(file: str, place: yaml.Node | int, problem: str, /, **values: Any) -> NoReturn:
    """Stop with `file:line: problem`; the problem is a key of `words`, the values fill it."""
    line = place if isinstance(place, int) else place.start_mark.line + 1
    raise ScenarioError("scenario.at", file=file, line=line, problem=Phrase(problem, **values))


def shown(text: str) -> str:
    """A value as it is shown in a message: quoted, on one line, not too long."""
    return repr(text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "…")


def nearest(word: str, names: Iterable[str]) -> str | Phrase:
    """`; did you mean 'x'?` for the name nearest to a misspelt word, or an empty text."""
    if len(word) > 2 * LONGEST_SHOWN:
        return ""
    known = list(names)
    folded = {name.casefold(): name for name in known}
    same = folded.get(word.casefold())
    close = [same] if same else get_close_matches(word, known, 1) or get_close_matches(word.lower(), known, 1)
    last = word.rpartition(".")[2]
    close = close or [name for name in known if name.rpartition(".")[2] == last][:1]
    return Phrase("scenario.near", name=close[0]) if close else ""


def number_text(value: float) -> str:
    """A number as a person writes it."""
    return f"{value:.12g}"


def read(path: Path, file: str) -> yaml.MappingNode:
    """The mapping that a file holds; `file` is how messages call it."""
    return _composed(_text(path, file), file)


@lru_cache(maxsize=KEPT)
def _composed(text: str, file: str) -> yaml.MappingNode:
    """The mapping that a text holds; nobody changes it."""
    try:
        _refuse_tricks(text, file)
        node = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        fail(file, _line(error, text), "scenario.not_yaml", why=_problem(error))
    if node is None:
        fail(file, 1, "scenario.empty")
    if not isinstance(node, yaml.MappingNode):
        fail(file, node, "scenario.no_lines")
    return node


def _text(path: Path, file: str) -> str:
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            fail(file, 1, "scenario.no_file")
        if about.st_size > LARGEST:
            fail(file, 1, "scenario.too_long", size=f"{about.st_size / LARGEST:.1f}")
        data = path.read_bytes()
    except OSError as error:
        fail(file, 1, "scenario.unreadable", why=reason(error))
    try:
        return data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        fail(file, line, "scenario.not_utf8", byte=f"{data[error.start]:02x}")


def _refuse_tricks(text: str, file: str) -> None:
    depth = documents = 0
    for event in yaml.parse(text, Loader=_Loader):
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            fail(file, line, "scenario.alias", text=shown(str(event.anchor)))
        if getattr(event, "tag", None):
            fail(file, line, "scenario.tag", text=shown(str(event.tag)))
        documents += isinstance(event, yaml.DocumentStartEvent)
        if documents > 1:
            fail(file, line, "scenario.documents")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            fail(file, line, "scenario.deep", most=DEEPEST)


def _line(error: yaml.YAMLError, text: str) -> int:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is not None:
        return mark.line + 1
    position = getattr(error, "position", None)
    return text.count("\n", 0, position) + 1 if isinstance(position, int) else 1


def _problem(error: yaml.YAMLError) -> str:
    reason = getattr(error, "problem", None) or getattr(error, "reason", None) or "cannot be parsed"
    return " ".join(str(reason).split())


def blank(node: yaml.Node) -> bool:
    """Whether nothing stands after the colon."""
    return isinstance(node, yaml.ScalarNode) and _plain(node) and node.value == ""


def _plain(node: yaml.ScalarNode) -> bool:
    return node.style in (None, "")


def kind_of(node: yaml.Node) -> Piece:
    """What a node is, in words."""
    if isinstance(node, yaml.MappingNode):
        return Phrase("found_mapping")
    if isinstance(node, yaml.SequenceNode):
        return Phrase("found_list")
    return Phrase("found_nothing") if blank(node) else shown(str(node.value))


def entries(file: str, node: yaml.Node, what: Piece) -> list[Entry]:
    """The lines of a mapping; keys must be plain and may not repeat."""
    if not isinstance(node, yaml.MappingNode):
        fail(file, node, "scenario.lines", what=what, found=kind_of(node))
    found: dict[str, Entry] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode) or not _plain(key) or not key.value:
            fail(file, key, "scenario.key", what=what, found=kind_of(key))
        if key.value in found:
            first = found[key.value].key_node.start_mark.line + 1
            fail(file, key, "scenario.twice_first", text=shown(key.value), line=first)
        found[key.value] = Entry(key.value, key, value)
    return list(found.values())


def items(file: str, node: yaml.Node, what: Piece) -> list[yaml.Node]:
    """The members of a list."""
    if not isinstance(node, yaml.SequenceNode):
        fail(file, node, "scenario.list", what=what, found=kind_of(node))
    return list(node.value)


def number(file: str, node: yaml.Node, what: Piece) -> float:
    """A plain decimal number such as 12, 0.5 or 2e7."""
    if isinstance(node, yaml.ScalarNode) and _plain(node) and _NUMBER.fullmatch(node.value):
        found = float(node.value) + 0.0  # -0 becomes 0
        if abs(found) != float("inf"):
            return found
    fail(file, node, "scenario.number", what=what, found=kind_of(node))


def word(file: str, node: yaml.Node, what: Piece) -> str:
    """A plain word; YAML's hidden truth values are none."""
    if (
        isinstance(node, yaml.ScalarNode)
        and _plain(node)
        and _WORD.fullmatch(node.value)
        and node.value.lower() not in _NOT_WORDS
    ):
        return node.value
    fail(file, node, "scenario.word", what=what, found=kind_of(node))


def text(file: str, node: yaml.Node, what: Piece) -> str:
    """A sentence; one that YAML could take for something else needs quotation marks."""
    if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
        fail(file, node, "scenario.text", what=what, found=kind_of(node))
    if _plain(node) and node.tag != "tag:yaml.org,2002:str":
        fail(file, node, "scenario.quotes", what=what, text=shown(node.value))
    return node.value


def year(file: str, node: yaml.ScalarNode, first: int, last: int) -> int:
    """A year the model lives through."""
    if not _plain(node) or not _YEAR.fullmatch(node.value):
        fail(file, node, "scenario.no_year", text=shown(node.value), first=first, last=last)
    found = int(node.value)
    if not first <= found <= last:
        fail(file, node, "scenario.year_out", year=found, first=first, last=last)
    return found
