"""`fit`: beliefs against what was observed, and what was learned."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

from tianshui.commands.meter import Meter
from tianshui.commands.options import Json, Lang, Out, Quiet, Sample, Workers, option, workers_of
from tianshui.commands.readable import area_name, label, percent, rounded
from tianshui.commands.voice import Voice
from tianshui.words import InputError

MOST_LEARNED = 30
"""Learned beliefs that are shown one by one."""


def fit_command(
    sample: Sample = None,
    draws: Annotated[str | None, option("--draws", key="opt_fit_draws", metavar="N")] = None,
    waves: Annotated[str | None, option("--waves", key="opt_waves", metavar="N")] = None,
    runs: Annotated[str | None, option("--runs", key="opt_wave_runs", metavar="N")] = None,
    choosing: Annotated[str | None, option("--choosing", key="opt_choosing", metavar="N")] = None,
    size: Annotated[str | None, option("--size", key="opt_size", metavar="N")] = None,
    full: Annotated[str | None, option("--full", key="opt_full", metavar="N")] = None,
    honest: Annotated[bool, option("--honest", key="opt_honest")] = False,
    check: Annotated[bool, option("--check", key="opt_only_check")] = False,
    keep: Annotated[bool, option("--keep", key="opt_keep")] = False,
    out: Out = None,
    workers: Workers = None,
    lang: Lang = "en",
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Fit what is believed to what was observed up to 2019."""
    voice = Voice(lang, as_json=as_json, quiet=quiet)
    from tianshui.experiments import fit
    from tianshui.experiments.compare import count, share

    if check and keep:
        raise InputError("clash", one="--check", other="--keep")
    if check and full:
        raise InputError("clash", one="--check", other="--full")
    folder = out or Path("results") / ("fit-honest" if honest else "fit")
    with Meter(voice) as meter:
        found = fit.fit(
            folder, sample=share(sample or str(fit.SAMPLE)),
            draws_checked=count("--draws", draws or str(fit.DRAWS), low=fit.FEWEST),
            waves=count("--waves", waves or str(fit.WAVES)), runs=count("--runs", runs or str(fit.RUNS)),
            choosing=count("--choosing", choosing or str(fit.CHOOSING)),
            size=count("--size", size or str(fit.SIZE), low=2), full=count("--full", full) if full else 0, honest=honest,
            workers=workers_of(workers), only_check=check, watch=None if quiet else meter,
        )  # fmt: skip
    if keep:
        fit.install(folder)
    told = _fit_record(found)
    if as_json:
        voice.json(told | {"folder": str(folder)})
        return
    _told_checks("fit_prior_title", told["prior"], voice)
    inside, points = told["prior"][0]["inside"], told["prior"][0]["points"]
    voice.line(
        voice.say("fit_bar", inside=inside, points=points, share=percent(round(inside / points, 3)),
                  bar=percent(fit.BAR), not_counted=len(found.not_counted))
    )  # fmt: skip
    if check:
        return
    voice.table(
        voice.say("fit_waves_title"),
        [(voice.say(key), True) for key in ("wave", "fit_looked_at", "fit_left", "fit_runs", "fit_explained")],
        (
            [str(number), f"{one['looked_at']:,}", f"{one['left']:.2%}", str(one["runs"]), f"{one['explained']:.0%}"]
            for number, one in enumerate(told["waves"], 1)
        ),
    )  # fmt: skip
    _told_checks("fit_ensemble_title", told["ensemble"], voice)
    learned = [one for one in told["beliefs"] if one["learned"]]
    voice.table(
        voice.say("fit_learned_title", learned=len(learned), all=len(told["beliefs"])),
        [(voice.say("belief"), False), (voice.say("fit_spread"), True), (voice.say("fit_mean"), True)],
        (
            [f"{_described(one['name'], voice)} [{one['name']}]", f"{one['spread']:.2f}", f"{one['mean']:.2f}"]
            for one in learned[:MOST_LEARNED]
        ),
        voice.say("fit_learned_caption"),
    )  # fmt: skip
    voice.table(
        voice.say("fit_trades_title"),
        [(voice.say("belief"), False), (voice.say("belief"), False), (voice.say("fit_correlation"), True)],
        ([one["one"], one["other"], f"{one['correlation']:+.2f}"] for one in told["trades"]),
    )
    _told_full(told["full"], voice)
    shares = ", ".join(f"{number}: {percent(round(part, 2))}" for number, part in told["worlds"].items())
    voice.line(voice.say("fit_worlds", shares=shares))
    low, high = told["distance"]
    voice.line(
        voice.say("fit_kept", rows=told["rows"], chosen_from=found.chosen_from, low=f"{low:.2f}",
                  high=f"{high:.2f}", prior=f"{told['distance_prior']:.2f}", folder=folder)
    )  # fmt: skip


def _fit_record(found: Any) -> dict[str, Any]:
    """A fit as nested plain values."""
    import numpy as np

    from tianshui.experiments import fit

    ranges = fit.covered()
    told: dict[str, Any] = {
        "prior": [one._asdict() for one in fit.checks(found.points, found.prior_band, ranges)],
        "distance_prior": float(np.median(found.away_prior)),
        "not_counted": [[one.area, one.indicator, one.year] for one in found.not_counted],
        "failed": found.failed,
    }
    if not found.waves:
        return told
    names = fit.matter(found)
    return told | {
        "waves": [one._asdict() | {"active": [list(pair) for pair in one.active]} for one in found.waves],
        "chosen_from": found.chosen_from,
        "rows": len(found.ensemble.draws),
        "distance": [float(found.away.min()), float(found.away.max())],
        "ensemble": [one._asdict() for one in fit.checks(found.points, found.ensemble_band, ranges)],
        "worlds": fit.worlds_of(found.ensemble),
        "beliefs": [
            one._asdict() | {"learned": one.learned} for one in fit.beliefs(found.ensemble, found.numbers)
        ],
        "trades": [one._asdict() for one in fit.trades(found.ensemble, names)],
        "full": fit.full_record(found),
    }


def _told_checks(title: str, rows: Sequence[Mapping[str, Any]], voice: Voice) -> None:
    """A band against what was observed, one indicator a row."""
    heads = [(voice.say("indicator"), False)]
    heads += [
        (voice.say(key), True)
        for key in ("fit_points", "fit_inside", "fit_width", "fit_against", "fit_missed")
    ]
    voice.table(
        voice.say(title), heads,
        (
            [
                label(one["indicator"], voice)[0] if one["indicator"] else voice.say("fit_all"),
                str(one["points"]), f"{one['inside'] / one['points']:.0%}", f"{one['width']:.0%}",
                rounded(one["against"], 1), f"{one['missed']:+.1f} {_point(one['where'], voice)}" if one["where"] else "",
            ]
            for one in rows
        ),
        voice.say("fit_check_caption"),
    )  # fmt: skip


def _told_full(full: Mapping[str, Any] | None, voice: Voice) -> None:
    """The sample against the same worlds one to one, one indicator a row."""
    if full is None:
        return
    from statistics import median

    def shown(value: float | None, form: str) -> str:
        return "–" if value is None else format(value, form)

    keys = ("fit_points", "fit_shift", "fit_size", "fit_by_luck", "fit_by_error")
    voice.table(
        voice.say("fit_full_title", rows=len(full["draws"])),
        [(voice.say("indicator"), False), *((voice.say(key), True) for key in keys)],
        (
            [
                label(one["indicator"], voice)[0] if one["indicator"] else voice.say("fit_all"), str(one["points"]),
                shown(one["shift"], "+.2f"), *(shown(one[key], ".2f") for key in ("size", "by_luck", "by_error")),
            ]
            for one in full["indicators"]
        ),
        voice.say("fit_full_caption", sample=f"{median(full['distance']):.2f}", whole=f"{median(full['distance_full']):.2f}"),
    )  # fmt: skip


def _point(where: str, voice: Voice) -> str:
    area, _, year = where.partition(" ")
    return f"{area_name(area, voice)} {year}"


def _described(name: str, voice: Voice) -> str:
    """The description of a declared number."""
    from tianshui import registry
    from tianshui.words import description

    return description(voice.lang, name, registry.numbers()[name].doc)
