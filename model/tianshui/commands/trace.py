"""`trace`: one household's life and why it went as it did."""

from collections.abc import Iterator
from typing import Annotated, Any

import typer

from tianshui.commands.options import Json, Lang, Quiet, Sample, Scenarios, Until, option, year_of
from tianshui.commands.readable import area_name, rounded
from tianshui.commands.voice import Voice
from tianshui.words import InputError, both, word

FACTS = ("members", "income", "cash", "debt", "farmland_mu", "idle_mu", "orchard_mu", "converted_mu")
"""What is told of a household at each year's end; farmland is what it ploughs or lets."""
PLOUGHED = ("flat_mu", "terrace_mu", "slope_mu", "steep_mu", "let_mu")
MARKS = ("in_town", "poor", "monitored", "allowance", "cooperative", "insured", "relocated")


def trace_command(
    number: Annotated[str, typer.Argument(help=both("arg_number"), metavar="NUMBER")],
    scenario: Annotated[str, option("--scenario", key="opt_trace_scenario", metavar="SCENARIO")] = "plan",
    against: Annotated[str | None, option("--against", key="opt_against", metavar="SCENARIO")] = None,
    sample: Sample = None,
    seed: Annotated[str, option("--seed", key="opt_seed", metavar="N")] = "0",
    draw: Annotated[str, option("--draw", key="opt_draw", metavar="N")] = "0",
    until: Until = "2035",
    scenarios: Scenarios = None,
    lang: Lang = "en",
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Tell one household's life and why it went as it did."""
    voice = Voice(lang, as_json=as_json, quiet=quiet)
    last = year_of(until)
    from tianshui.experiments.compare import MOST, SEEDS_END, count, share

    part = share(sample or "1")
    if not number.isdecimal() or int(number) >= 2**64:
        raise InputError("bad_number", text=number)
    seed_, draw_ = count("--seed", seed, low=0, high=SEEDS_END), count("--draw", draw, low=0, high=MOST)
    from tianshui import plan

    lived = plan.load(scenario, scenarios=scenarios)
    other = None if against is None else plan.load(against, scenarios=scenarios)
    _known_household(int(number), part)
    if part >= 1:
        voice.note("tracing")
    from tianshui.trace import trace

    life = trace(int(number), lived, seed=seed_, draw=draw_, sample=part, until=last, against=other)
    if as_json:
        voice.json(_life(life))
        return
    county = area_name(life.county, voice)
    for one in filter(None, (life, life.against)):
        voice.line(voice.say("trace_title", number=number, scenario=one.scenario, area=county))
        for year in (one.years[0], one.years[-1]):
            people = voice.pick(year.people, year.people_zh)
            voice.line(f"  {year.year}: " + voice.say("then").join(people) if people else f"  {year.year}: –")
    if life.against:
        parting = [a.year for a, b in zip(life.years, life.against.years, strict=False) if a != b]
        same = voice.say("never_part") if not parting else voice.say("parting", year=parting[0])
        voice.line(same)
    heads = [(voice.say(key), False) for key in ("year", "scenario", "happened", "inputs")]
    heads += [(voice.say("odds_of"), True), (voice.say("drawn"), True), (voice.say("decision"), False)]
    voice.table("", heads, _told_life(life, voice))


def _known_household(number: int, part: float) -> None:
    """Refuse a number that nobody of the sample bears, before the world is lived again."""
    import numpy as np

    from tianshui import population

    known = population.start(part)[1].number
    if not (known == np.uint64(number)).any():
        apart = np.abs(known.astype(np.float64) - float(number))
        raise InputError("unknown_number", number=number, near=int(known[int(apart.argmin())]))


def _life(life: Any) -> dict[str, Any]:
    """A life as nested plain values."""
    return {
        "number": life.number, "county": life.county, "scenario": life.scenario,
        "years": [
            year._asdict() | {"events": [_event(event) for event in year.events]} for year in life.years
        ],
        "against": life.against and _life(life.against),
    }  # fmt: skip


def _event(event: Any) -> dict[str, Any]:
    """An event as plain values; where no chance decided, that is said."""
    told = {name: word("en", event.luck) for name in ("chance", "draw") if getattr(event, name) is None}
    return event._asdict() | told


def _told_life(life: Any, voice: Voice) -> Iterator[list[str]]:
    """A row for each year's end and each event; what two lives share is told once."""
    lives = [one for one in (life, life.against) if one]
    by_year = [{year.year: year for year in one.years} for one in lives]
    for year in sorted({number for years in by_year for number in years}):
        there = [years.get(year) for years in by_year]
        ends = [_end_of_year(one, voice) if one else "–" for one in there]
        names = [one.scenario for one in lives]
        together = len(ends) > 1 and ends[0] == ends[1]
        for name, end in zip([" = ".join(names)] if together else names, ends, strict=False):
            yield [str(year), name, end, "", "", "", ""]
        events = [one.events if one else () for one in there]
        for place, own in enumerate(events):
            others = events[1 - place] if len(events) > 1 else ()
            for event in own:
                shared = event in others
                if shared and place:
                    continue
                yield ["", " = ".join(names) if shared else names[place], *_told_event(event, voice)]


def _end_of_year(year: Any, voice: Voice) -> str:
    if not year.facts:
        return voice.say("dissolved")
    facts = {**year.facts, "farmland_mu": sum(year.facts[name] for name in PLOUGHED)}
    said = [
        voice.say("fact." + name, value=rounded(facts[name], int(name.endswith("_mu")))) for name in FACTS
    ]
    said += [voice.say("fact." + name) for name in MARKS if facts[name] == 1]
    return voice.say("then").join(said)


def _told_event(event: Any, voice: Voice) -> list[str]:
    inputs = voice.say("then").join(_told_input(name, value, voice) for name, value in event.inputs.items())
    return [
        f"{voice.pick(event.en, event.zh)} [{event.rule}]", inputs,
        voice.say(event.luck) if event.chance is None else f"{event.chance:.4f}",
        "" if event.draw is None else f"{event.draw:.4f}", voice.pick(*event.decision),
    ]  # fmt: skip


def _told_input(name: str, value: float, voice: Voice) -> str:
    text = rounded(value, 0 if abs(value) >= 100 or float(value).is_integer() else 2)
    return word(voice.lang, name, "input.").format(value=text)
