"""`plan`: the plan's items from clause to effect."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from tianshui.commands.meter import Meter, forecasting
from tianshui.commands.options import Draws, Json, Lang, Quiet, Sample, Scenarios, Workers, option, workers_of
from tianshui.commands.readable import (
    BILLION,
    MILLION,
    amount,
    group_name,
    lever_unit,
    moved,
    shown,
    within,
)
from tianshui.commands.voice import Voice
from tianshui.words import both, word

MONEY = {
    "asked": "asked_in_all", "granted": "granted_in_all", "asked_more": "asked_more", "granted_more": "granted_more",
    "income_more": "income_more",
}  # fmt: skip
"""What is told of an item's money, and by which word."""


def plan_command(
    names: Annotated[
        list[str] | None, typer.Argument(help=both("arg_item"), metavar="[ITEM]...", show_default=False)
    ] = None,
    scenario: Annotated[str, option("--scenario", key="opt_plan_scenario", metavar="SCENARIO")] = "plan",
    effects: Annotated[bool, option("--effects", key="opt_effects")] = False,
    sample: Sample = None,
    draws: Draws = None,
    scenarios: Scenarios = None,
    workers: Workers = None,
    lang: Lang = "en",
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Tell the plan's items: levers, money, channel and, when asked for, what they do."""
    voice = Voice(lang, as_json=as_json, quiet=quiet)
    from tianshui import inputs

    rows = inputs.item_rows(names or (), scenario, scenarios=scenarios)
    purses: list[Any] = []
    unused = (
        []
        if effects
        else [
            name
            for name, value in (("--sample", sample), ("--draws", draws), ("--workers", workers))
            if value is not None
        ]
    )
    if unused:
        voice.note("ignored", options=", ".join(unused))
    if effects:
        found, purses = _effects_of(names or (), scenario, sample, draws, scenarios, workers, voice)
        for row, effect in zip(rows, found, strict=True):
            row["effects"] = _item_record(effect) | {"all_levers": [one._asdict() for one in purses]}
    if as_json:
        voice.json(rows)
        return
    # Items that are named are told in full; those of a push or group, or all, in a row each.
    in_full = bool(names) and {row["id"] for row in rows} >= set(names or ())
    if in_full:
        for row in rows:
            _tell_item(row, voice)
    else:
        _tell_items(rows, voice)
        voice.note("hint_one", item=rows[0]["id"])
    if purses:
        _tell_purses(purses, voice)
    if not effects:
        voice.note("hint_effects")


def _effects_of(
    names: Sequence[str], scenario: str, sample: str | None, draws: str | None, scenarios: Path | None,
    workers: str | None, voice: Voice,
) -> tuple[list[Any], list[Any]]:  # fmt: skip
    from tianshui import plan
    from tianshui.experiments import items
    from tianshui.experiments.compare import count, share

    part = share(sample or str(items.SAMPLE))
    pairs = count("--draws", draws or str(items.PAIRS))
    with Meter(voice) as meter:
        return items.effects(
            names, scenario=plan.load(scenario, scenarios=scenarios), sample=part, pairs=pairs,
            workers=workers_of(workers), watch=None if voice.quiet else forecasting(meter, workers, kept=False),
        )  # fmt: skip


def _item_record(effect: Any) -> dict[str, Any]:
    """What an item asks, is granted and does as nested plain values."""
    return {
        "asked": effect.asked, "granted": effect.granted, "granted_part": effect.granted_part,
        "asked_more": effect.asked_more or None, "granted_more": effect.granted_more or None,
        "income_more": effect.income_more or None,
        "verdict": effect.verdict,
        "changes": [
            {"indicator": one.expected.indicator, "area": one.expected.area, "year": one.year,
             "in_points": one.expected.in_points, "middle": one.middle, "low": one.low, "high": one.high,
             "worlds": one.worlds, "smallest": one.expected.smallest, "sign": "+" if one.expected.sign > 0 else "-"}
            for one in effect.changes
        ],
        "reach": None if effect.reach is None else effect.reach._asdict(),
        "further": [
            {"indicator": expected.indicator, "area": expected.area, "in_points": expected.in_points} | reach._asdict()
            for expected, reach in effect.further
        ],
    }  # fmt: skip


def _tell_items(rows: Sequence[dict[str, Any]], voice: Voice) -> None:
    """All items: a row each, with what they do when that was asked for."""
    from tianshui.measures import PUSHES

    heads = [(voice.say(key), False) for key in ("plan_item", "title", "push", "commitment", "levers")]
    told = "effects" in rows[0]
    if told:
        heads += [(voice.say(key), True) for key in ("money_a_year", "more_a_year", "granted_part")]
        heads += [
            (voice.say("item_does"), False),
            (voice.say("item_could"), True),
            (voice.say("outcome"), False),
        ]
    table = []
    for row in rows:
        cells = [
            row["id"], row[f"title_{voice.lang}"], voice.pick(*PUSHES[row["push"]]), row[f"commitment_{voice.lang}"],
            "\n".join(lever["name"] for lever in row["levers"]) or voice.say("no_channel"),
        ]  # fmt: skip
        table.append(cells + (_effect_cells(row, voice) if told else []))
    with_channel = sum(bool(row["levers"]) for row in rows)
    caption = voice.say("items_count", items=len(rows), some=with_channel, none=len(rows) - with_channel)
    voice.table(voice.say("items_title"), heads, table, caption)


def _effect_cells(row: Mapping[str, Any], voice: Voice) -> list[str]:
    effect = row["effects"]
    first = [one for one in effect["changes"] if one["indicator"] == effect["changes"][0]["indicator"]]
    does = "\n".join(_told_change(one, voice) for one in first)
    could = f"{effect['reach']['top']:+.2g}" if effect["reach"] else "–"
    return [
        _yearly(effect["asked"]),
        _yearly(effect["asked_more"]) if effect["asked_more"] else "–",
        _part(effect["granted_part"]),
        does or "–",
        could,
        _verdict_of(row, voice),
    ]


def _yearly(money: Mapping[int, float]) -> str:
    """The mean of a year in millions of yuan."""
    return f"{math.fsum(money.values()) / max(len(money), 1) / MILLION:,.0f}"


def _part(share: float) -> str:
    return f"{100 * share:.0f} %" if math.isfinite(share) else "–"


def _verdict_of(row: Mapping[str, Any], voice: Voice) -> str:
    return voice.say(f"item_{row['effects']['verdict']}")


def _told_change(change: Mapping[str, Any], voice: Voice) -> str:
    """`2035 GDP +1.2 (0.8 … 1.6) %`."""
    from tianshui.indicators import INDICATORS

    about = INDICATORS[change["indicator"]]
    if not math.isfinite(change["middle"]):
        return voice.say(
            "no_change_told",
            year=change["year"],
            indicator=voice.pick(about.en, about.zh),
            worlds=change["worlds"],
        )
    of = voice.say("unit.points") if change["in_points"] else "%"
    return (
        f"{change['year']} {voice.pick(about.en, about.zh)} {change['middle']:+.2g} "
        f"({change['low']:+.2g} … {change['high']:+.2g}) {of}"
    )


def _tell_item(row: Mapping[str, Any], voice: Voice) -> None:
    """One item, from its clause to its effect."""
    lang = voice.lang
    voice.line(f"{row['id']} {row[f'title_{lang}']}")
    voice.line(row[f"text_{lang}"])
    by = voice.pick(", ", "、").join(row[f"responders_{lang}"])
    voice.line(voice.say(
        "item_about", who=word(lang, row["who"]), commitment=row[f"commitment_{lang}"],
        means=row[f"commitment_means_{lang}"], responders=by,
    ))  # fmt: skip
    on = [
        voice.say("item_weight", group=group_name(group, voice), weight=f"{weight:g}")
        for group, weight in row["weights"].items()
    ]
    voice.line(voice.say("item_weights", text=voice.pick(", ", "、").join(on)))
    voice.line(
        row[f"channel_{lang}"] or voice.say("item_no_channel_because", reason=row[f"no_channel_{lang}"])
    )
    voice.line(voice.say("item_ground", source=row[f"ground_{lang}"], status=word(lang, row["status"])))
    if row["rests_on"]:
        by = voice.say("then").join(
            voice.say(
                "sized_by",
                what=voice.pick(one["doc"], one["doc_zh"]).rstrip(".。"),
                status=word(lang, one["status"]),
            )
            for one in row["sized_by"]
        )
        voice.line(voice.say("item_rests_on", text=row["rests_on"][lang], by=by))
    if row["levers"]:
        heads = [
            (voice.say(key), False)
            for key in ("name", "title", "unit", "within", "price", "paid_by", "course")
        ]
        voice.table("", heads, [_lever_cells(lever, voice) for lever in row["levers"]])
    titles = {lever["name"]: lever[f"title_{lang}"] for lever in row["levers"]}
    for one in row["delivery"]:
        voice.line(voice.say(
            "item_delivery", name=titles[one["lever"]], years=one["years"], stall=_part(one["stall"]),
            overrun=_part(one["overrun"]),
        ))  # fmt: skip
    for one in row["indicators"]:
        voice.line(voice.say("item_expected", text=moved(one, voice)) + _smallest_from(one, voice))
    if row["candidates"]:
        heads = [(voice.say(key), False) for key in ("candidate", "became", "in_the_model", "because")]
        voice.table(
            voice.say("candidates_title"), heads, [_candidate_cells(one, voice) for one in row["candidates"]]
        )
    if "effects" in row:
        _tell_effect(row, voice)
    voice.line()


def _smallest_from(one: Mapping[str, Any], voice: Voice) -> str:
    """Status and ground of a smallest effect; a ground that is its own status says it once."""
    ground = one[f"ground_{voice.lang}"]
    if one["source"].partition(":")[0] == one["status"]:
        return voice.say("ground_alone", source=ground)
    return voice.say("ground_of", source=ground, status=word(voice.lang, one["status"]))


def _candidate_cells(one: Mapping[str, Any], voice: Voice) -> list[str]:
    """What became of a proposed instrument."""
    names = "\n".join(one["names"])
    name = voice.pick(one["candidate"].replace("_", " "), one["candidate_zh"])
    return [name, one[f"became_{voice.lang}"], names, one[f"why_{voice.lang}"]]


def _lever_cells(lever: Mapping[str, Any], voice: Voice) -> list[str]:
    if lever["asks"] == "price":
        price = voice.say(
            "price_of",
            yuan=f"{lever['price']['yuan']:,.6g}",
            status=word(voice.lang, lever["price"]["status"]),
        )
    else:
        price = voice.say(f"asks_{lever['asks']}")
    paid = "–"
    if lever["paid_own"] is not None:
        paid = voice.say("paid", above=_part(lever["paid_from_above"]), own=_part(lever["paid_own"]))
    area = "tianshui" if "tianshui" in lever["courses"] else next(iter(lever["courses"]))
    course = ", ".join(
        f"{year}: {amount(value, lever['unit'], voice)}" for year, value in lever["courses"][area].items()
    )
    if len(lever["courses"]) > 1:
        course = voice.say("sum_of_counties", course=course)
    return [
        lever["name"], lever[f"title_{voice.lang}"], lever_unit(lever, voice), within(lever, voice), price, paid, course
    ]  # fmt: skip


def _tell_effect(row: Mapping[str, Any], voice: Voice) -> None:
    from tianshui.indicators import INDICATORS

    effect = row["effects"]
    if row["levers"]:
        told = {key: word for key, word in MONEY.items() if effect[key]}
        heads = [(voice.say("year"), True), *((voice.say(word), True) for word in told.values())]
        money = [
            [str(year), *(f"{effect[key][year] / MILLION:,.1f}" for key in told)] for year in effect["asked"]
        ]
        voice.table(voice.say("item_money"), heads, money)
    for one in effect["changes"]:
        voice.line(_told_change(one, voice))
    if effect["reach"]:
        about = row["indicators"][0]
        voice.line(voice.say(
            "item_reach", top=f"{effect['reach']['top']:+.2g}", channel=f"{effect['reach']['channel']:+.2g}", left=f"{effect['reach']['left']:+.2g}",
            of=voice.say("unit.points") if about["in_points"] else "%", at=shown(about["indicator"], effect["reach"]["at"]),
        ))  # fmt: skip
    for one in effect["further"]:
        about = INDICATORS[one["indicator"]]
        voice.line(voice.say(
            "item_further", indicator=voice.pick(about.en, about.zh), top=f"{one['top']:+.2g}", left=f"{one['left']:+.2g}",
            of=voice.say("unit.points") if one["in_points"] else "%", at=shown(one["indicator"], one["at"]),
        ))  # fmt: skip
    voice.line(voice.say("item_outcome", text=_verdict_of(row, voice)))


def _tell_purses(purses: Sequence[Any], voice: Voice) -> None:
    """What all levers ask by year beside what the eight budgets grant and spend."""
    from tianshui.experiments import items
    from tianshui.indicators import AREAS

    heads = [(voice.say("year"), True)]
    heads += [(voice.say(key), True) for key in ("asked", "granted", "granted_part", "all_spending")]
    rows = [
        [str(one.year), *(f"{value / BILLION:,.2f}" for value in (one.asked, one.granted)),
         _part(one.granted / one.asked if one.asked else math.nan), f"{one.spending / BILLION:,.2f}"]
        for one in purses
    ]  # fmt: skip
    voice.table(voice.say("purses_title"), heads, rows)
    told = [one for one in purses if one.year in (purses[0].year, *items.TARGET_YEARS)]
    heads = [(voice.say("public_budget"), False), *((str(one.year), True) for one in told)]
    rows = [
        [voice.pick(*AREAS[name]),
         *(voice.say("granted_of", granted=f"{granted / BILLION:,.3f}", asked=f"{asked / BILLION:,.3f}")
           for asked, granted, _ in (one.budgets[name] for one in told))]
        for name in purses[0].budgets
    ]  # fmt: skip
    voice.table(voice.say("budgets_title"), heads, rows)
