"""`run` and `compare`: simulate scenarios, or two under the same luck."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any

from tianshui.commands.differences import tell_compare
from tianshui.commands.meter import Meter, forecasting
from tianshui.commands.options import (
    Area,
    Chance,
    Draws,
    First,
    Json,
    Lang,
    Names,
    Only,
    Out,
    Quiet,
    Sample,
    Scenarios,
    Second,
    Seed,
    Seeds,
    Sets,
    Tracks,
    Until,
    Without,
    Workers,
    area_of,
    option,
    split,
    workers_of,
    year_of,
)
from tianshui.commands.outcomes import failed, finish, medians, record_of, titled
from tianshui.commands.readable import SHOWN_YEARS, area_name, label, shown, span
from tianshui.commands.scorecard import tell_verdict
from tianshui.commands.voice import Voice, records
from tianshui.words import InputError

ATTRIBUTION_PAIRS = 8
ORDERS = 8
"""Orders in which pushes or items are added, the reverses among them."""


def run_command(
    scenarios_named: Names,
    sample: Sample = None,
    seeds: Seeds = None,
    seed: Seed = None,
    draws: Draws = None,
    tracks: Tracks = None,
    chance: Chance = False,
    until: Until = "2035",
    out: Out = None,
    sets: Sets = None,
    only: Only = None,
    without: Without = None,
    scenarios: Scenarios = None,
    workers: Workers = None,
    area: Area = "tianshui",
    lang: Lang = "en",
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Simulate scenarios into a folder each, or into one."""
    voice = Voice(lang, as_json=as_json, quiet=quiet)
    place, last = area_of(area), year_of(until)
    from tianshui.experiments import compare

    with Meter(voice) as meter:
        outcomes = compare.run(
            scenarios_named, **_worlds(sample, seeds, seed, draws, tracks), chance=chance, until=last, out=out,
            scenarios=scenarios, sets=sets or (), only=split(only), without=split(without),
            workers=workers_of(workers), watch=None if quiet else forecasting(meter, workers),
            waiting=_waiting(voice),
        )  # fmt: skip
    status = max(failed(outcome, voice) for outcome in outcomes)
    told = [_tell_run(outcome, place, last, voice) for outcome in outcomes]
    if as_json:
        voice.json(told if len(told) > 1 else told[0])
    finish(outcomes, voice, status)


def compare_command(
    a: First,
    b: Second,
    sample: Sample = None,
    seeds: Seeds = None,
    seed: Seed = None,
    draws: Draws = None,
    tracks: Tracks = None,
    chance: Chance = False,
    until: Until = "2035",
    out: Out = None,
    sets: Sets = None,
    only: Only = None,
    without: Without = None,
    attribute: Annotated[bool, option("--attribute", key="opt_attribute")] = False,
    attribute_pairs: Annotated[
        str, option("--attribute-pairs", key="opt_attribute_pairs", metavar="N")
    ] = str(ATTRIBUTION_PAIRS),
    attribute_by: Annotated[
        str | None, option("--attribute-by", key="opt_attribute_by", metavar="groups|pushes|items")
    ] = None,
    orders: Annotated[str, option("--orders", key="opt_orders", metavar="N")] = str(ORDERS),
    under: Annotated[str | None, option("--under", key="opt_under", metavar="SCENARIO")] = None,
    scenarios: Scenarios = None,
    workers: Workers = None,
    area: Area = "tianshui",
    lang: Lang = "en",
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Run what is missing of two scenarios, read what exists, and show A minus B."""
    voice = Voice(lang, as_json=as_json, quiet=quiet)
    place, last = area_of(area), year_of(until)
    by = "groups" if attribute and attribute_by is None else attribute_by
    from tianshui.experiments import compare

    with Meter(voice) as meter:
        outcome = compare.compare(
            a, b, **_worlds(sample, seeds, seed, draws, tracks), chance=chance, until=last, out=out,
            scenarios=scenarios, sets=sets or (), only=split(only), without=split(without),
            attribution=0 if by is None else compare.count("--attribute-pairs", attribute_pairs),
            players=by or "",
            orders=compare.count("--orders", orders), assuming=under, workers=workers_of(workers),
            watch=None if quiet else forecasting(meter, workers), waiting=_waiting(voice),
        )  # fmt: skip
    status = failed(outcome, voice)
    told = tell_compare(outcome, place, last, voice)
    if as_json:
        voice.json(told)
    finish([outcome], voice, status)


def _worlds(
    sample: str | None, seeds: str | None, seed: str | None, draws: str | None, tracks: str | None
) -> dict[str, Any]:
    if tracks is not None and sample is not None:
        raise InputError("clash", one="--tracks", other="--sample")
    return {"sample": sample or "1", "seeds": seeds, "seed": seed, "draws": draws, "tracks": tracks}


def _waiting(voice: Voice) -> Callable[[Path], None]:
    return lambda folder: voice.note("waiting", folder=folder)


def _tell_run(outcome: Any, area: str, last: int, voice: Voice) -> dict[str, Any]:
    from tianshui.experiments import compare
    from tianshui.experiments.verdict import verdict

    told: dict[str, Any] = record_of(outcome)
    if not outcome.manifest["runs"]:
        return told
    results = outcome.results
    years = sorted({*(year for year in SHOWN_YEARS if year <= last), last})
    frame = compare.paths(results, area, years)
    judged = verdict(results)
    told |= {"area": area, "values": records(frame), "verdict": judged}
    if voice.as_json or voice.quiet:
        return told
    track = outcome.manifest["tracks"][0]
    for scenario in outcome.manifest["scenarios"]:
        name = scenario["name"]
        own = {(row["indicator"], row["year"]): row for row in records(frame) if row["scenario"] == name}
        heads = [(voice.say("indicator"), False), (voice.say("unit"), False)]
        heads += [(str(year), True) for year in years]
        several = len(track["pairs"]) > 1
        if several:
            heads.append((voice.say("range_in", year=last), True))
        rows = []
        for indicator in dict.fromkeys(key for key, _ in own):
            row = [*label(indicator, voice)]
            row += [
                shown(indicator, own[indicator, year]["middle"]) if (indicator, year) in own else "–"
                for year in years
            ]
            if several:
                end = own.get((indicator, last))
                row.append(span(indicator, end["low"], end["high"]) if end else "–")
            rows.append(row)
        title = voice.say("run_title", a=titled(scenario, voice), area=area_name(area, voice))
        voice.table(title, heads, _in_order(rows, own), medians(outcome.manifest, voice))
    tell_verdict(judged, outcome.manifest, voice)
    return told


def _in_order(rows: list[list[str]], own: Mapping[tuple[str, int], Any]) -> list[list[str]]:
    """Rows in the order in which the indicators are declared."""
    from tianshui.indicators import HEADLINES

    names = list(dict.fromkeys(key for key, _ in own))
    return [
        row for _, row in sorted(zip(names, rows, strict=True), key=lambda pair: HEADLINES.index(pair[0]))
    ]
