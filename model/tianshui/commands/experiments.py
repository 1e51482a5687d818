"""`experiment`: published effects, or what one expects of the region, beside what the model gives."""

import math
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from tianshui.commands.meter import Meter
from tianshui.commands.options import Draws, Json, Lang, Quiet, Sample, Seeds, Workers, option, workers_of
from tianshui.commands.readable import percent
from tianshui.commands.voice import Voice
from tianshui.words import LANGUAGES, InputError, both, word

EFFECT_DIGITS = 3
"""Digits of a published or simulated effect."""


def experiment_command(
    effects_named: Annotated[
        list[str] | None, typer.Argument(help=both("arg_effect"), metavar="[EFFECT]...", show_default=False)
    ] = None,
    patterns: Annotated[bool, option("--patterns", key="opt_patterns")] = False,
    sample: Sample = None,
    seeds: Seeds = None,
    draws: Draws = None,
    workers: Workers = None,
    lang: Lang = "en",
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Show published effects beside what the model gives."""
    voice = Voice(lang, as_json=as_json, quiet=quiet)
    if patterns:
        if draws is not None:
            raise InputError("clash", one="--patterns", other="--draws")
        _tell_patterns(effects_named, sample, seeds, workers_of(workers), voice)
        return
    from tianshui.experiments import effects
    from tianshui.experiments.compare import pairs_of, share

    part = share(sample or str(effects.SAMPLE))
    pairs = pairs_of(seeds=seeds, draws=draws if seeds or draws else str(effects.PAIRS))
    with Meter(voice) as meter:
        outcomes = effects.run(
            effects_named or (), sample=part, pairs=pairs, workers=workers_of(workers),
            watch=None if quiet else meter,
        )  # fmt: skip
    every = not effects_named
    if as_json:
        voice.json({
            "sample": part, "pairs": [list(pair) for pair in pairs], "effects": [_effect_record(one) for one in outcomes],
            "score": effects.score(outcomes)._asdict(),
            "not_tried": dict(effects.NOT_TRIED) if every else {},
        })  # fmt: skip
        return
    heads = [(voice.say("effect"), False), (voice.say("unit"), False)]
    heads += [(voice.say(key), True) for key in ("published_effect", "model_effect", "effect_width")]
    heads += [(voice.say(key), False) for key in ("outcome", "status")]
    voice.table(
        voice.say("experiment_title"), heads, (_told_effect(one, voice) for one in outcomes),
        voice.say("experiment_caption", pairs=len(pairs), share=percent(part)),
    )  # fmt: skip
    if every:
        voice.line(voice.say("experiment_terms"))
        score = effects.score(outcomes)
        voice.line(
            voice.say("experiment_score", **score.counts, scored=score.scored, inside=percent(round(score.inside, 2)),
                      width=_figure(score.width))
        )  # fmt: skip
        voice.line(voice.say("not_tried"))
        for name, reason in effects.NOT_TRIED.items():
            voice.line(f"  {name}: {voice.pick(*reason)}")


def _tell_patterns(
    named: Sequence[str] | None, sample: str | None, seeds: str | None, workers: int | None, voice: Voice
) -> None:
    """Show what one expects of the region beside what the model gives."""
    from tianshui.experiments import patterns
    from tianshui.experiments.compare import count, share

    if named:
        raise InputError("patterns_alone")
    part = share(sample or str(patterns.SAMPLE))
    worlds = count("--seeds", seeds or str(patterns.WORLDS))
    with Meter(voice) as meter:
        found = patterns.run(
            sample=part, worlds=worlds, workers=workers, watch=None if voice.quiet else meter
        )
    if voice.as_json:
        voice.json({
            "sample": part, "seeds": worlds, "not_asked": dict(patterns.NOT_ASKED),
            "patterns": [
                {"pattern": one.id, **{k: one.row[k] for k in ("meaning_en", "meaning_zh", "unit", "status")},
                 "band": [float(one.row["low"]), float(one.row["high"])], "middle": one.middle, "low": one.low,
                 "high": one.high, "worlds": one.worlds, "inside": one.inside}
                for one in found
            ],
        })  # fmt: skip
        return
    heads = [(voice.say("pattern"), False), (voice.say("unit"), False)]
    heads += [(voice.say(key), True) for key in ("pattern_band", "model_effect", "pattern_inside")]
    rows = (
        [
            voice.pick(one.row["meaning_en"], one.row["meaning_zh"]), word(voice.lang, one.row["unit"], "unit."),
            " … ".join(_figure(float(one.row[end])) for end in ("low", "high")),
            f"{_figure(one.middle)}\n{_figure(one.low)} … {_figure(one.high)}", f"{one.inside}/{one.worlds}",
            word(voice.lang, one.row["status"]),
        ]
        for one in found
    )  # fmt: skip
    voice.table(
        voice.say("patterns_title"), [*heads, (voice.say("status"), False)], rows,
        voice.say("patterns_caption", seeds=worlds, share=percent(part)),
    )  # fmt: skip
    voice.line(voice.say("not_tried"))
    for why in patterns.NOT_ASKED.values():
        voice.line(f"  {voice.pick(*why)}")


def _effect_record(one: Any) -> dict[str, Any]:
    """A published effect and the model's as nested plain values."""
    row = one.row
    return {
        "id": one.effect.id, "meaning": {"en": row["meaning_en"], "zh": row["meaning_zh"]}, "unit": row["unit"],
        "how": dict(zip(LANGUAGES, one.effect.how, strict=True)),
        "published": {name: float(row[name]) for name in ("low", "central", "high")}
        | {"source": row["source"], "status": row["status"], "year": int(row["year"])},
        "simulated": {"value": one.value, "low": one.low, "high": one.high, "width": one.width, "by_pair": one.by_pair},
        "beside": {name.removeprefix("effect."): value for name, value in one.beside.items()},
        "outcome": one.verdict,
    }  # fmt: skip


def _told_effect(one: Any, voice: Voice) -> list[str]:
    """One row of the table: the figure over its range, what helps to read it beneath."""
    row = one.row
    low, central, high = (_figure(float(row[name])) for name in ("low", "central", "high"))
    model = [_figure(one.value)]
    if math.isfinite(one.low):
        model.append(f"{_figure(one.low)} … {_figure(one.high)}")
    model += [voice.say(name, value=_figure(value)) for name, value in one.beside.items()]
    meaning = voice.pick(row["meaning_en"], row["meaning_zh"])
    return [
        f"{meaning} [{one.effect.id}]\n{voice.pick(*one.effect.how)}", word(voice.lang, row["unit"], "unit."),
        f"{central}\n{low} … {high}", "\n".join(model), _figure(one.width), word(voice.lang, one.verdict, "verdict."),
        word(voice.lang, row["status"]),
    ]  # fmt: skip


def _figure(value: float) -> str:
    """A number with three digits, never in powers of ten; what rounds to nothing is nothing."""
    if not math.isfinite(value):
        return "–"
    if abs(value) < 10.0**-EFFECT_DIGITS:
        return "0"
    places = EFFECT_DIGITS - 1 - math.floor(math.log10(abs(value)))
    text = f"{value:.{min(max(places, 0), EFFECT_DIGITS)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
