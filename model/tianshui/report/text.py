"""Words of the report: both languages side by side in the page, one of them shown."""

from collections.abc import Iterable
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any

import yaml

from tianshui import measures
from tianshui.views.drawing import Words, chinese
from tianshui.words import description, unit


@cache
def _all() -> dict[str, Any]:
    return yaml.safe_load((files(__package__) / "words.yaml").read_text(encoding="utf-8"))


def say(key: str, **parts: Any) -> Words:
    """One text by its key (`verdict.title`), with its parts filled in; parts may be Words themselves.

    Raises
    ------
    KeyError
        When there is no such text or a part is not given.
    """
    section, _, name = key.partition(".")
    told = _all()[section][name]
    return Words(
        told["en"].format(**{part: _side(value, 0) for part, value in parts.items()}),
        told["zh"].format(**{part: _side(value, 1) for part, value in parts.items()}),
    )


def limits() -> list[Words]:
    """What the model cannot say."""
    return [Words(told["en"], told["zh"]) for told in _all()["limit_list"]]


def aim_name(indicator: str) -> Words | None:
    """The name of an aim that is no indicator of the model, or one under another name."""
    told = _all()["names"].get(indicator)
    return told and Words(told["en"], told["zh"])


def phrase(text: str) -> Words:
    """A text of the table of aims in both languages; one not translated stands as it is."""
    return Words(*_all()["phrases"].get(text, (text, text)))


def phrases() -> frozenset[str]:
    """Every text of the table of aims that has a translation."""
    return frozenset(_all()["phrases"])


def lever_unit(text: str) -> tuple[Words, float]:
    """How the unit of a lever is shown, and the shown value over the declared one."""
    told = _all()["lever_units"].get(text)
    return (Words(told[0], told[1]), float(told[2])) if told else (declared_unit(text), 1.0)


def meaning(name: str, english: str) -> Words:
    """What a declared number is."""
    return Words(english, description("zh", name, english))


def declared_unit(text: str) -> Words:
    """The unit of a declared number."""
    return Words(text, unit("zh", text))


def cited(source: str) -> Words:
    """A source: the title of its document in its own language, or how the number came about, and where in it."""
    return Words(*measures.cited(source))


def damage(why: str) -> Words:
    """Why a run cannot be read, in brackets."""
    file, colon, told = why.rpartition(": ")
    other = _all()["damage"].get(told, told)
    return Words(f"({why})", f"（{file}{colon}{other}）")


def status(name: str) -> Words:
    """The status of a number: published, found, derived, recalled, assumed."""
    return say(f"status.{name}") if name in _all()["status"] else Words(name, name)


def kind(name: str) -> Words:
    """The kind of a declared number."""
    return say(f"kind.{name}") if name in _all()["kind"] else Words(name, name)


def joined(many: Iterable[Words], english: str = ", ", chinese: str = "、") -> Words:
    """Several texts as a list."""
    all_of_them = list(many)
    return Words(
        english.join(words.en for words in all_of_them), chinese.join(words.zh for words in all_of_them)
    )


def both(words: Words) -> str:
    """A text as HTML in both languages, of which the page shows one."""
    if words.en == chinese(words.zh):
        return escape(str(words.en))
    return (
        f'<span class="en" lang="en">{escape(str(words.en))}</span>'
        f'<span class="zh" lang="zh-Hans">{escape(chinese(words.zh))}</span>'
    )


def option(value: str, words: Words) -> str:
    """A choice of a native control; the page swaps its text."""
    return (
        f'<option value="{escape(value)}" data-en="{escape(words.en)}" data-zh="{escape(chinese(words.zh))}">'
        f"{escape(words.en)}</option>"
    )


def _side(value: Any, side: int) -> Any:
    return value[side] if isinstance(value, Words) else value
