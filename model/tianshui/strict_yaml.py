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
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

import yaml

LARGEST = 1_000_000
"""Bytes."""
DEEPEST = 8
"""Levels of nesting; a scenario uses four."""
LONGEST_SHOWN = 40
"""Characters of a faulty value shown in a message."""

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NUMBER = re.compile(r"[-+]?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)*")
_YEAR = re.compile(r"[1-9][0-9]{3}")
_NOT_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"})


class ScenarioError(ValueError):
    """What is wrong with a scenario, in one line that names file, line, value and remedy."""


class Entry(NamedTuple):
    """One line `key: value` of a mapping."""

    key: str
    key_node: yaml.ScalarNode
    value: yaml.Node


def fail(file: str, place: yaml.Node | int, message: str) -> NoReturn:
    """Stop with `file:line: message`."""
    line = place if isinstance(place, int) else place.start_mark.line + 1
    raise ScenarioError(f"{file}:{line}: {message}")


def shown(text: str) -> str:
    """A value as it is shown in a message: quoted, on one line, not too long."""
    return repr(text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "…")


def nearest(word: str, names: Iterable[str]) -> str:
    """`; did you mean 'x'?` for the name nearest to a misspelt word, or nothing."""
    if len(word) > 2 * LONGEST_SHOWN:
        return ""
    known = list(names)
    close = get_close_matches(word, known, 1) or get_close_matches(word.lower(), known, 1)
    last = word.rpartition(".")[2]
    close = close or [name for name in known if name.rpartition(".")[2] == last][:1]
    return f"; did you mean '{close[0]}'?" if close else ""


def number_text(value: float) -> str:
    """A number as a person writes it."""
    return f"{value:.12g}"


def read(path: Path, file: str) -> yaml.MappingNode:
    """The mapping that a file holds; `file` is how messages call it."""
    text = _text(path, file)
    try:
        _refuse_tricks(text, file)
        node = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        fail(file, _line(error, text), f"not plain YAML: {_problem(error)}")
    if node is None:
        fail(file, 1, "empty; a scenario needs at least a title and `extends: no_plan`")
    if not isinstance(node, yaml.MappingNode):
        fail(file, node, "a scenario is a list of lines `key: value`")
    return node


def _text(path: Path, file: str) -> str:
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            fail(file, 1, "not a file")
        if about.st_size > LARGEST:
            fail(file, 1, f"{about.st_size / LARGEST:.1f} MB long; a scenario is at most 1 MB")
        data = path.read_bytes()
    except OSError as error:
        fail(file, 1, f"cannot be read: {error.strerror or error}")
    try:
        return data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        fail(file, line, f"not UTF-8 text: byte 0x{data[error.start]:02x}")


def _refuse_tricks(text: str, file: str) -> None:
    depth = documents = 0
    for event in yaml.parse(text, Loader=_Loader):
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            fail(file, line, f"aliases and anchors are not allowed: {shown(str(event.anchor))}")
        if getattr(event, "tag", None):
            fail(file, line, f"tags are not allowed: {shown(str(event.tag))}")
        documents += isinstance(event, yaml.DocumentStartEvent)
        if documents > 1:
            fail(file, line, "more than one document; a file holds one scenario")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            fail(file, line, f"nested more than {DEEPEST} deep")


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


def kind_of(node: yaml.Node) -> str:
    """What a node is, in words."""
    if isinstance(node, yaml.MappingNode):
        return "a mapping"
    if isinstance(node, yaml.SequenceNode):
        return "a list"
    return "nothing" if blank(node) else shown(str(node.value))


def entries(file: str, node: yaml.Node, what: str) -> list[Entry]:
    """The lines of a mapping; keys must be plain and may not repeat."""
    if not isinstance(node, yaml.MappingNode):
        fail(file, node, f"{what} must be lines `name: value`, not {kind_of(node)}")
    found: dict[str, Entry] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode) or not _plain(key) or not key.value:
            fail(file, key, f"a key of {what} must be a plain word or year, not {kind_of(key)}")
        if key.value in found:
            first = found[key.value].key_node.start_mark.line + 1
            fail(file, key, f"{shown(key.value)} is set twice; first on line {first}")
        found[key.value] = Entry(key.value, key, value)
    return list(found.values())


def items(file: str, node: yaml.Node, what: str) -> list[yaml.Node]:
    """The members of a list."""
    if not isinstance(node, yaml.SequenceNode):
        fail(file, node, f"{what} must be a list such as [a, b], not {kind_of(node)}")
    return list(node.value)


def number(file: str, node: yaml.Node, what: str) -> float:
    """A plain decimal number such as 12, 0.5 or 2e7."""
    if isinstance(node, yaml.ScalarNode) and _plain(node) and _NUMBER.fullmatch(node.value):
        found = float(node.value) + 0.0  # -0 becomes 0
        if abs(found) != float("inf"):
            return found
    fail(file, node, f"{what} must be a plain number such as 12, 0.5 or 2e7, not {kind_of(node)}")


def word(file: str, node: yaml.Node, what: str) -> str:
    """A plain word; YAML's hidden truth values are none."""
    if (
        isinstance(node, yaml.ScalarNode)
        and _plain(node)
        and _WORD.fullmatch(node.value)
        and node.value.lower() not in _NOT_WORDS
    ):
        return node.value
    fail(file, node, f"{what} must be a plain word, not {kind_of(node)}")


def text(file: str, node: yaml.Node, what: str) -> str:
    """A sentence; one that YAML could take for something else needs quotation marks."""
    if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
        fail(file, node, f"{what} must be text, not {kind_of(node)}")
    if _plain(node) and node.tag != "tag:yaml.org,2002:str":
        fail(file, node, f"{what} {shown(node.value)} is not plain text; put it in quotation marks")
    return node.value


def year(file: str, node: yaml.ScalarNode, first: int, last: int) -> int:
    """A year the model lives through."""
    if not _plain(node) or not _YEAR.fullmatch(node.value):
        fail(file, node, f"{shown(node.value)} is not a year; years run from {first} to {last}")
    found = int(node.value)
    if not first <= found <= last:
        fail(file, node, f"{found} is not a year of the model; years run from {first} to {last}")
    return found
