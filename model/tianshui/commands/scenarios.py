"""`check` and `new`: what a scenario sets, and a file to begin another with."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from tianshui.commands.options import Json, Lang, Name, Only, Quiet, Scenarios, Sets, Without, option, split
from tianshui.commands.readable import area_name
from tianshui.commands.voice import Voice
from tianshui.words import InputError, both, unit


def check_command(
    scenario: Name,
    every: Annotated[bool, option("--all", key="opt_all")] = False,
    sets: Sets = None,
    only: Only = None,
    without: Without = None,
    scenarios: Scenarios = None,
    lang: Lang = "en",
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Read a scenario and show what it sets."""
    voice = Voice(lang, as_json=as_json, quiet=quiet)
    from tianshui import inputs
    from tianshui.experiments.changes import changed

    found, parent = inputs.with_parent(scenario, scenarios=scenarios)
    found = changed(found, sets or (), split(only), split(without))
    rows = inputs.check_rows(found, parent)
    shown = rows if every or parent is None else [row for row in rows if row.changed]
    if as_json:
        voice.json({
            "scenario": found.name, "title": dict(found.title), "reason": dict(found.reason),
            "chain": list(found.chain), "valid": True, "beliefs": dict(found.beliefs),
            "outside": {name: dict(points) for name, points in found.outside.items()},
            "cuts": dict(found.cuts), "pace": dict(found.pace), "held": inputs.held_rows(found),
            "levers": [row._asdict() for row in shown],
        })  # fmt: skip
        return
    title = found.title.get(lang, found.name)
    key = "chain" if len(found.chain) > 1 else "root"
    voice.line(voice.say(key, name=found.name, title=title, chain=" ← ".join(found.chain[1:])))
    if found.reason.get(lang):
        voice.line(found.reason[lang])
    from tianshui.strict_yaml import number_text

    if shown:
        years = list(shown[0].values)
        heads = [(voice.say("lever"), False), (voice.say("area"), False), (voice.say("unit"), False)]
        heads += [(str(year), True) for year in years]
        voice.table(
            "", heads,
            (
                [f"{row.lever}\n{voice.pick(*row.names)}", _whose(row, voice), unit(voice.lang, row.unit),
                 *(number_text(value) for value in row.values.values())]
                for row in shown
            ),
        )  # fmt: skip
    else:
        voice.line(voice.say("nothing_changed", name=found.name))
    if found.pace:
        voice.line(voice.say("pace_set", text=_points(found.pace)))
    for one in inputs.held_rows(found):
        voice.line(voice.say(
            "pace_held", lever=one["lever"], area=area_name(one["area"], voice), years=_spans(one["years"]),
        ))  # fmt: skip
    for key, values in (("beliefs", found.beliefs), ("outside", found.outside), ("cuts", found.cuts)):
        if values:
            text = ", ".join(f"{name} = {_points(value)}" for name, value in values.items())
            voice.line(voice.say("sets", kind=voice.say(key), text=text))
    voice.line(voice.say("valid"))


def _whose(row: Any, voice: Voice) -> str:
    """The county of a lever's row, each county, or all together; the city is asked for the sum of what it decides."""
    from tianshui import inputs

    if row.area == inputs.EACH_COUNTY:
        return voice.say("each_county")
    if row.area == inputs.TOGETHER:
        return voice.say("together_city" if row.who == "city" else "together")
    return area_name(row.area, voice)


def _spans(years: Sequence[int]) -> str:
    """Years as `2021-2025, 2030`."""
    starts = [year for year in years if year - 1 not in years]
    ends = [year for year in years if year + 1 not in years]
    return ", ".join(
        str(one) if one == last else f"{one}-{last}" for one, last in zip(starts, ends, strict=True)
    )


def _points(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{year}: {number:g}" for year, number in value.items()) + "}"
    return f"{value:g}"


def new_command(
    name: Annotated[str, typer.Argument(help=both("arg_new"), metavar="NAME")],
    from_: Annotated[str, option("--from", key="opt_from", metavar="SCENARIO")] = "plan",
    scenarios: Scenarios = None,
    lang: Lang = "en",
) -> None:
    """Write a scenario file that builds on another; never over one that is there."""
    voice = Voice(lang)
    file = Path(name if name.endswith((".yaml", ".yml")) else f"{name}.yaml")
    stem = file.stem
    if stem == "history" or not stem.replace("-", "").replace("_", "").isalnum():
        raise InputError("bad_name", text=repr(stem))
    if os.path.lexists(file):
        raise InputError("exists", file=file)
    from tianshui import inputs

    parent = from_
    if from_.endswith((".yaml", ".yml")) and not Path(from_).is_absolute():
        parent = os.path.relpath(from_, file.parent)
        parent = parent if os.sep in parent else f".{os.sep}{parent}"
    text = inputs.new_scenario(stem, from_, scenarios=scenarios).replace(
        f"extends: {from_}", f"extends: {parent}"
    )
    try:
        with file.open("x", encoding="utf-8") as new:
            new.write(text)
    except FileExistsError:
        raise InputError("exists", file=file) from None
    voice.line(voice.say("made", file=file))
