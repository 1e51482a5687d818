"""`sensitivity`: which of all that is uncertain moves the headline numbers, and who makes them vary."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from tianshui.commands.meter import Meter, forecasting
from tianshui.commands.options import Json, Lang, Out, Quiet, Sample, Workers, option, workers_of
from tianshui.commands.readable import label, percent, rounded, shown
from tianshui.commands.voice import Voice, records
from tianshui.words import InputError, both

MOST_NAMED = 3
"""Inputs that are named beside each headline number, and headline numbers beside each input."""
MOST_LISTED = 30
"""Inputs of a screening that are shown one by one."""


def sensitivity_command(
    studies: Annotated[
        list[str] | None, typer.Argument(help=both("arg_study"), metavar="[STUDY]...", show_default=False)
    ] = None,
    sample: Sample = None,
    trajectories: Annotated[str | None, option("--trajectories", key="opt_trajectories", metavar="N")] = None,
    blocks: Annotated[str | None, option("--blocks", key="opt_blocks", metavar="N")] = None,
    worlds: Annotated[str | None, option("--worlds", key="opt_worlds", metavar="N")] = None,
    fitted: Annotated[bool, option("--ensemble", key="opt_from_ensemble")] = False,
    out: Out = None,
    workers: Workers = None,
    lang: Lang = "en",
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Tell which numbers move the results, and what makes them vary."""
    voice = Voice(lang, as_json=as_json, quiet=quiet)
    from tianshui.experiments import sensitivity
    from tianshui.experiments.compare import count, share

    for name in studies or ():
        if name not in sensitivity.STUDIES:
            raise InputError("unknown_study", text=name, names=", ".join(sensitivity.STUDIES))
    folder = out or Path("results") / "sensitivity"
    part = share(sample or str(sensitivity.SAMPLE))
    least = sensitivity.FEWEST
    screened = count("--trajectories", trajectories or str(sensitivity.TRAJECTORIES), low=least["morris"])
    indexed = count("--blocks", blocks or str(sensitivity.BLOCKS), low=least["sobol"])
    lived = count("--worlds", worlds or str(sensitivity.SPLIT_WORLDS), low=least["split"])
    with Meter(voice) as meter:
        found = sensitivity.study(
            folder, studies or sensitivity.STUDIES, sample=part, workers=workers_of(workers),
            trajectories=screened, blocks=indexed, worlds=lived, fitted=fitted,
            watch=None if quiet else forecasting(meter, workers, kept=False),
        )  # fmt: skip
    if as_json:
        told = {name: _record(name, one) for name, one in found.items()}
        voice.json({"folder": str(folder), "sample": part, **told})
        return
    for name, one in found.items():
        {"morris": _tell_screening, "sobol": _tell_indices, "split": _tell_split}[name](one, voice)
        counts = one.counts
        voice.line(
            voice.say("sensitivity_counts", runs=counts.runs, failed=counts.failed, blocks=counts.blocks,
                      dropped=counts.dropped, share=percent(part))
        )  # fmt: skip
        for output in counts.not_counted:
            voice.line(voice.say("sensitivity_not_counted", output=_named(output._asdict(), voice)))
        for message in counts.messages:
            voice.line(f"  {message}")
    voice.line(voice.say("sensitivity_at", folder=folder))


def _record(name: str, one: Any) -> dict[str, Any]:
    """A study as nested plain values."""
    from tianshui.experiments import sensitivity

    counts = one.counts._asdict() | {"not_counted": [output._asdict() for output in one.counts.not_counted]}
    told: dict[str, Any] = {"counts": counts, "rows": records(one.rows)}
    if name == "morris":
        told["strength"] = {str(key): float(value) for key, value in sensitivity.ranked(one.rows).items()}
    return told


def _named(row: Mapping[str, Any], voice: Voice) -> str:
    """A headline number: indicator, year, and whether it is an effect."""
    text = f"{label(row['indicator'], voice)[0]} {row['year']}"
    return voice.say("sensitivity_effect", output=text) if row["effect"] else text


def _input(name: str, voice: Voice) -> str:
    """What an input is."""
    from tianshui import registry
    from tianshui.words import WORDS, description

    if (own := f"input.{name}") in WORDS:
        return voice.say(own)
    return f"{description(voice.lang, name, registry.numbers()[name].doc)} [{name}]"


def _tell_screening(one: Any, voice: Voice) -> None:
    from tianshui.experiments import sensitivity

    order = sensitivity.ranked(one.rows)
    rows = one.rows.assign(part=one.rows.groupby(["indicator", "year", "effect"])["size"].transform(
        lambda size: (size**2 / max((size**2).sum(), math.ulp(0.0)))
    ))  # fmt: skip
    listed = []
    for name, strength in order.head(MOST_LISTED).items():
        own = rows[rows["input"] == name].sort_values("part", ascending=False, kind="stable").head(MOST_NAMED)
        moved = [
            f"{_named(row, voice)}: {shown(row['indicator'], row['change'], signed=True)} "
            f"{label(row['indicator'], voice)[1]}"
            for row in records(own)
        ]
        listed.append([_input(str(name), voice), f"{strength:.1%}", "\n".join(moved)])
    voice.table(
        voice.say("screening_title", inputs=len(order)),
        [
            (voice.say("belief"), False),
            (voice.say("screening_strength"), True),
            (voice.say("screening_moves"), False),
        ],
        listed,
        voice.say("screening_caption"),
    )


def _tell_indices(one: Any, voice: Voice) -> None:
    listed = []
    for _, rows in one.rows.groupby(["effect", "indicator", "year"], sort=False):
        first = rows.sort_values("total", ascending=False, kind="stable").head(MOST_NAMED)
        named = [
            f"{row['input']}: {rounded(row['first'], 2)} ± {rounded(row['first_error'], 2)}, "
            f"{rounded(row['total'], 2)} ± {rounded(row['total_error'], 2)}"
            for row in records(first)
            if math.isfinite(row["total"])
        ]
        listed.append(
            [
                _named(records(rows)[0], voice),
                rounded(float(rows["first"].sum(skipna=False)), 2),
                "\n".join(named) or "–",
            ]
        )
    voice.table(
        voice.say("indices_title", inputs=one.rows["input"].nunique()),
        [
            (voice.say("indicator"), False),
            (voice.say("indices_sum"), True),
            (voice.say("indices_named"), False),
        ],
        listed,
        voice.say("indices_caption"),
    )


def _tell_split(one: Any, voice: Voice) -> None:
    keys = ("beliefs", "levers", "chance")
    voice.table(
        voice.say("split_title"),
        [
            (voice.say("indicator"), False),
            (voice.say("unit"), False),
            (voice.say("split_mean"), True),
            (voice.say("split_spread"), True),
            *((voice.say(f"split_{key}"), True) for key in keys),
        ],
        (
            [
                _named(row, voice),
                label(row["indicator"], voice)[1],
                shown(row["indicator"], row["mean"]),
                shown(row["indicator"], math.sqrt(max(row["variance"], 0.0))),
                *(
                    f"{row[key]:.0%} ± {row[f'{key}_error']:.0%}" if math.isfinite(row[key]) else "–"
                    for key in keys
                ),
            ]
            for row in records(one.rows)
        ),
        voice.say("split_caption"),
    )
