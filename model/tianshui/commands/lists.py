"""`list`: what can be set, done or read."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from tianshui.commands.options import Json, Lang, Scenarios
from tianshui.commands.readable import group_name, lever_unit, moved, within
from tianshui.commands.voice import Voice
from tianshui.words import InputError, Phrase, both, unit, word

LIST_OF = ("levers", "beliefs", "outside", "cuts", "measures", "scenarios", "indicators")


def list_command(
    kind: Annotated[str, typer.Argument(help=both("arg_kind"), metavar="KIND")],
    text: Annotated[str, typer.Argument(help=both("arg_word"), metavar="[WORD]")] = "",
    scenarios: Scenarios = None,
    lang: Lang = "en",
    as_json: Json = False,
) -> None:
    """List what can be set, done or read."""
    voice = Voice(lang, as_json=as_json)
    if kind not in LIST_OF:
        from tianshui.strict_yaml import nearest

        near = nearest(kind, LIST_OF) or Phrase("only_lists", names=", ".join(LIST_OF))
        raise InputError("unknown_kind", text=repr(kind), near=near)
    rows = _indicator_rows(text) if kind == "indicators" else _input_rows(kind, text, scenarios)
    if as_json:
        voice.json(rows)
    elif rows:
        voice.table("", *_listed(kind, rows, voice))
    else:
        voice.line(voice.say("no_rows", word=text or kind))


def _input_rows(kind: str, text: str, scenarios: Path | None) -> list[dict[str, Any]]:
    from tianshui import inputs

    return inputs.list_rows(kind, text, scenarios=scenarios)


def _indicator_rows(text: str) -> list[dict[str, Any]]:
    from tianshui.indicators import INDICATORS

    rows = [about._asdict() for about in INDICATORS.values()]
    return [row for row in rows if text.casefold() in " ".join(map(str, row.values())).casefold()]


def _listed(
    kind: str, rows: list[dict[str, Any]], voice: Voice
) -> tuple[list[tuple[str, bool]], Iterator[list[str]]]:
    """Heads and cells of a list."""
    title = f"title_{voice.lang}"

    def heads(*keys: str) -> list[tuple[str, bool]]:
        return [(voice.say(key), False) for key in keys]

    if kind == "levers":
        return heads("name", "title", "unit", "within", "who", "group", "measure", "status"), (
            [row["name"], f"{row[title]}\n{voice.pick(row['doc'], row['doc_zh'])}", lever_unit(row, voice),
             within(row, voice), word(voice.lang, row["who"]), group_name(row["group"], voice), row["measure"],
             word(voice.lang, row["status"])]
            for row in rows
        )  # fmt: skip
    if kind in ("beliefs", "outside"):
        return heads("name", "value", "unit", "within", "status", "source"), (
            [f"{row['name']}\n{voice.pick(row['doc'], row['doc_zh'])}", f"{row['value']:g}",
             unit(voice.lang, row["unit"]), within(row, voice), word(voice.lang, row["status"]),
             _cited(row["source"], voice)]
            for row in rows
        )  # fmt: skip
    if kind == "cuts":
        return heads("name", "title"), (
            [f"{row['name']}\n{voice.pick(row['doc'], row['doc_zh'])}", row[title]] for row in rows
        )
    if kind == "measures":
        from tianshui.measures import PUSHES

        return heads("item", "title", "push", "commitment", "who", "responders", "levers", "moves"), (
            [row["id"], _told_item(row, voice), voice.pick(*PUSHES[row["push"]]), row[f"commitment_{voice.lang}"],
             word(voice.lang, row["who"]), voice.pick(", ", "、").join(row[f"responders_{voice.lang}"]),
             _levers_of_item(row, voice), "\n".join(moved(one, voice) for one in row["indicators"])]
            for row in rows
        )  # fmt: skip
    if kind == "scenarios":
        return heads("name", "title", "extends", "file"), (
            [
                row["name"],
                voice.pick(row["error"], row["error_zh"]) or row[title],
                row["extends"],
                row["file"],
            ]
            for row in rows
        )
    return heads("name", "title", "unit", "level"), (
        [row["name"], row[voice.lang], row[f"shown_{voice.lang}"], word(voice.lang, row["level"])]
        for row in rows
    )


def _cited(source: str, voice: Voice) -> str:
    """A source in words."""
    from tianshui.measures import cited

    return voice.pick(*cited(source))


def _told_item(row: Mapping[str, Any], voice: Voice) -> str:
    """The title of an item over its channel, or over why it has none."""
    lang = voice.lang
    told = row[f"channel_{lang}"] or row[f"no_channel_{lang}"]
    return f"{row[f'title_{lang}']}\n{told}"


def _levers_of_item(row: Mapping[str, Any], voice: Voice) -> str:
    return "\n".join(row["levers"]) or voice.say("no_channel")
