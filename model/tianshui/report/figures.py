"""Every chart of the report, by a key that the page looks up: family, what, and where there is a choice, area."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from tianshui.experiments.verdict import BASE_LATER, BASE_YEAR
from tianshui.indicators import COUNTIES, INDICATORS, PREFECTURE, START_YEAR, Indicator
from tianshui.measures import GROUPS, PUSHES, register
from tianshui.report.aims import is_firm, is_judged
from tianshui.report.collect import (
    AREAS,
    ASKED,
    COSTS,
    DECILE_KINDS,
    DECILE_YEARS,
    FANS,
    GLANCED,
    MAPS,
    PLAN_YEARS,
    SHARED_OUT,
    SOURCES_OF_MONEY,
    USES_OF_MONEY,
    Frames,
)
from tianshui.report.text import joined, say
from tianshui.views import asked_and_granted, contributions, county_map, deciles, fan, four_lines, money
from tianshui.views.county_map import inks, limits, palette
from tianshui.views.drawing import BLUE, GROUP_COLOURS, About, Table, Words, name_of, shown_unit
from tianshui.views.fan import about_fan

GROUP_NAMES = {group: Words(*names) for group, names in GROUPS.items()}
AIMS_OF = {"good_water_share": "good_water_sections", "visitors": "tourist_trips"}
"""Indicators whose aims stand under another name."""
UNITS_OF_AIMS = {"10k t": 1e7}
"""Stored units in a unit of the table of aims, where that is not the stored one."""
REAL = f"{BASE_YEAR} prices"
"""How the basis of an aim begins that speaks of real output."""

NO_AIMS = pd.DataFrame(columns=["year", "value", "direction", "firm"])

Charts = dict[str, go.Figure]


def charts(frames: Frames) -> Charts:
    """Every chart of a report, by its key."""
    made: Charts = {}
    made |= dict(_fans(frames))
    made |= dict(_deciles(frames))
    made |= dict(_contributions(frames))
    made |= dict(_lines(frames))
    made |= dict(_money(frames))
    return made


def parts() -> dict[str, Words]:
    """Sources and uses of public money, in the order of the stack, to their names."""
    names = {name: name_of(INDICATORS[name]) for name in (*SOURCES_OF_MONEY, *USES_OF_MONEY)}
    return names | {f"spending_{group}": words for group, words in GROUP_NAMES.items()}


def interval(frames: Frames) -> Words:
    """What the bands of this result are, in few words."""
    kind = "ensemble" if frames.manifest.get("intervals") == "ensemble" else "untested"
    told = say(f"interval.{kind}", worlds=frames.worlds) if frames.worlds > 1 else say("interval.one")
    if frames.seeds > 1:
        told = told.then(say("interval.chance", seeds=frames.seeds, sample=chance_sample(frames)), "")
    return told


def chance_sample(frames: Frames) -> Words:
    """The share of households in the runs for chance alone."""
    return say("interval.chance_sample", percent=f"{100 * frames.manifest['chance']['sample']:g}")


def aims_of(frames: Frames, indicator: Indicator) -> Table:
    """The prefecture's aims of one indicator in its stored unit: year, value, direction, firm.

    Aims of output stand on a later census than the model; they are drawn where the growth from 2020 that
    they ask for would lead from the model's own level.
    """
    rows = []
    output = indicator.name in ("gdp", "gdp_real")
    wanted = "gdp" if output else AIMS_OF.get(indicator.name, indicator.name)
    for aim in frames.verdict:
        if aim["indicator"] == wanted and is_judged(aim):
            value = aim["threshold"] * UNITS_OF_AIMS.get(aim["unit"], 1.0)
            if output:
                level = _middle(frames, indicator.name, BASE_YEAR)
                other = aim["basis"].startswith(REAL) != (indicator.name == "gdp_real")
                if level is None or other or aim["year"] <= BASE_YEAR:
                    continue
                value = aim["threshold"] / BASE_LATER * level
            rows.append((aim["year"], value, aim["direction"], is_firm(aim)))
    return pd.DataFrame(rows, columns=["year", "value", "direction", "firm"])


def _middle(frames: Frames, name: str, year: int) -> float | None:
    """The prefecture's middle value of one year; the past is the same in all scenarios."""
    own = frames.bands.query("indicator == @name and area == @PREFECTURE and year == @year")["middle"]
    return float(own.median()) if len(own) else None


def _fans(frames: Frames) -> Iterator[tuple[str, go.Figure]]:
    rows = frames.bands.dropna(subset=["middle"])
    courses = {key: part for key, part in rows.groupby(["indicator", "area"], sort=False, observed=True)}
    points = {key: part for key, part in frames.observed.groupby(["indicator", "area"], sort=False)}
    told = interval(frames)
    for name in (*(name for names in FANS.values() for name in names), *COSTS):
        for area in (area for area in AREAS if (name, area) in courses):
            indicator = INDICATORS[name]
            seen = points.get((name, area), frames.observed.iloc[:0])
            aims = aims_of(frames, indicator) if area == PREFECTURE else NO_AIMS
            about = about_fan(indicator, AREAS[area], _sources(frames, seen), told, _status(seen, aims))
            yield (
                f"fan/{name}/{area}",
                fan(courses[name, area], indicator, frames.scenarios, about=about, observed=seen, aims=aims),
            )


def _sources(frames: Frames, seen: Table) -> Words:
    told = say("source.model")
    if seen.empty:
        return told
    documents = seen[["source_en", "source_zh"]].drop_duplicates()
    named = joined((Words(*row) for row in documents.itertuples(index=False)), "; ", ";")
    return told.then(say("source.observed", documents=named), "")


def _status(seen: Table, aims: Table) -> Words:
    told = [say("status.modelled")]
    if len(seen):
        found = int((seen["status"] == "found").sum())
        told += _counted("status.observed", ("found", found), ("derived", len(seen) - found))
    if len(aims):
        firm = int(aims["firm"].sum())
        told += _counted("status.aims", ("firm", firm), ("assumed", len(aims) - firm))
    return joined(told, "; ", ";")


def _counted(key: str, *kinds: tuple[str, int]) -> list[Words]:
    """How many there are of each kind that there is."""
    there = [say(f"{key}_{kind}", count=count) for kind, count in kinds if count]
    return [say(key, counts=joined(there))]


def _deciles(frames: Frames) -> Iterator[tuple[str, go.Figure]]:
    if frames.deciles.empty:
        return
    first, second = frames.scenarios[:2]
    many = frames.worlds > 1
    for kind in DECILE_KINDS:
        for area in AREAS:
            rows = frames.deciles.query("kind == @kind and area == @area")
            if len(rows):
                about = About(
                    say(f"deciles.{kind}").then(AREAS[area], ", ", ","),
                    say("deciles.unit", a=first.title, b=second.title),
                    say("source.model"),
                    say("deciles.interval", worlds=frames.worlds) if many else say("deciles.interval_one"),
                    say("deciles.status"),
                )
                years = [year for year in DECILE_YEARS if (rows["year"] == year).any()]
                yield f"deciles/{kind}/{area}", deciles(rows, years, about=about)


def attributed(frames: Frames, kind: str = "groups") -> list[str]:
    """The indicators whose difference is shared out among players of a kind in the report, in its order."""
    if kind not in frames.contributions:
        return []
    rows = frames.contributions[kind]
    inside = set(rows.loc[rows["measure"] == "shapley", "indicator"])
    return [name for name in SHARED_OUT if name in inside]


def _players(kind: str) -> tuple[dict[str, Words], dict[str, str]]:
    """Names and colours of the players of a kind; an item has the colour of its headline group."""
    if kind == "groups":
        return GROUP_NAMES, GROUP_COLOURS
    if kind == "pushes":
        return {name: Words(*names) for name, names in PUSHES.items()}, dict.fromkeys(PUSHES, BLUE)
    items = register()
    names = {
        name: Words(f"{name} {item.title_en}", f"{name} {item.title_zh}") for name, item in items.items()
    }
    return names, {name: GROUP_COLOURS[item.group] for name, item in items.items()}


def _contributions(frames: Frames) -> Iterator[tuple[str, go.Figure]]:
    for kind, table in frames.contributions.items():
        players, colours = _players(kind)
        exact = kind == "groups"
        if not exact:
            # The worlds' range says nothing of how well few orders know a share.
            table = table.assign(
                low=table["middle"] - table["standard_error"], high=table["middle"] + table["standard_error"]
            )
        many = bool((table["low"] < table["high"]).any())
        status = say("contributions.status") if exact else say("contributions.sampled")
        whiskers = say("contributions.interval") if exact else say("contributions.error")
        whiskers = whiskers if many else say("deciles.interval_one")
        for name in attributed(frames, kind):
            rows = table[table["indicator"] == name]
            year = int(rows["year"].max())
            indicator = INDICATORS[name]
            about = About(
                say("contributions.at", name=name_of(indicator), year=year), shown_unit(indicator),
                say("source.model"), whiskers, status,
            )  # fmt: skip
            yield (
                f"contribution/{kind}/{name}",
                contributions(rows[rows["year"] == year], indicator, players, about=about, colours=colours),
            )


def line_names(frames: Frames) -> dict[str, Words]:
    """What the four lines of a result are called."""
    if frames.lines is None or len(frames.scenarios) < 2:
        return {}
    policy, baseline = (scenario.title for scenario in frames.scenarios[:2])
    other = other_assumptions(frames)
    return {
        "baseline": baseline, "policy": policy,
        "baseline_under": say("under.line", scenario=baseline, other=other),
        "policy_under": say("under.line", scenario=policy, other=other),
    }  # fmt: skip


def other_assumptions(frames: Frames) -> Words:
    """The title of the scenario that lends its assumptions."""
    first: Any = frames.lines.iloc[0] if frames.lines is not None else {}
    return Words(first["title_en"], first["title_zh"])


def _lines(frames: Frames) -> Iterator[tuple[str, go.Figure]]:
    names = line_names(frames)
    if not names or frames.lines is None:
        return
    rows = frames.lines[frames.lines["kind"] == "line"].rename(columns={"name": "line"})
    many = int(rows["worlds"].max())
    for name in GLANCED:
        own = rows[rows["indicator"] == name]
        if len(own):
            indicator = INDICATORS[name]
            about = About(
                name_of(indicator).then(AREAS[PREFECTURE], ", ", ","), shown_unit(indicator),
                say("source.model"),
                say("under.interval", worlds=many) if many > 1 else say("deciles.interval_one"),
                say("under.status"),
            )  # fmt: skip
            yield f"under/{name}", four_lines(own, indicator, names, about=about)


def _money(frames: Frames) -> Iterator[tuple[str, go.Figure]]:
    named = parts()
    for side, chosen in (("sources", SOURCES_OF_MONEY), ("uses", USES_OF_MONEY)):
        inside = frames.money[
            frames.money["indicator"].isin(chosen) & (frames.money["year"] > START_YEAR)
        ].rename(columns={"indicator": "part"})
        for area, rows in _by(inside, "area"):
            top = float(rows.groupby(["scenario", "year"])["value"].sum().max())
            for scenario in frames.scenarios:
                own = rows[rows["scenario"] == scenario.name]
                if len(own):
                    about = _about_money(frames, say(f"money.{side}", scenario=scenario.title), area)
                    yield (
                        f"money/{side}/{scenario.name}/{area}",
                        money(own, {name: named[name] for name in chosen}, about=about, top=top),
                    )
    yield from _asked(frames)


def _asked(frames: Frames) -> Iterator[tuple[str, go.Figure]]:
    inside = frames.money[frames.money["year"].isin(PLAN_YEARS)]
    for area, rows in _by(inside[inside["indicator"].isin((*ASKED, *USES_OF_MONEY))], "area"):
        sums = rows.groupby(["scenario", "indicator"])["value"].sum().to_dict()
        told = {
            scenario.name: [
                (group, sums[scenario.name, f"asked_{group}"], sums[scenario.name, f"spending_{group}"])
                for group in GROUPS
                if {(scenario.name, f"asked_{group}"), (scenario.name, f"spending_{group}")} <= set(sums)
            ]
            for scenario in frames.scenarios
        }
        top = max((max(asked, granted) for own in told.values() for _, asked, granted in own), default=0.0)
        for scenario in (scenario for scenario in frames.scenarios if told[scenario.name]):
            about = _about_money(frames, say("money.asked", scenario=scenario.title), area, "money.unit_sum")
            frame = pd.DataFrame(told[scenario.name], columns=["group", "asked", "granted"])
            yield (
                f"money/asked/{scenario.name}/{area}",
                asked_and_granted(frame, GROUP_NAMES, about=about, top=top),
            )


def _about_money(frames: Frames, title: Words, area: str, unit: str = "money.unit") -> About:
    return About(
        title.then(AREAS[area], ", ", ","),
        say(unit),
        say("source.model"),
        say("money.interval"),
        say("money.status"),
    )


def _by(rows: Table, column: str) -> Iterator[tuple[str, Table]]:
    """The rows of each area that has any, in the order of the areas."""
    present = set(rows[column])
    for value in AREAS:
        if value in present:
            yield value, rows[rows[column] == value]


def county_maps(frames: Frames) -> tuple[go.Figure, dict[str, Any]] | None:
    """The map as it is first shown, and the values of every choice; None when no county has any value.

    The second is what the page colours the map with: `names` and `units` in both languages, `palettes` and
    `inks`, and for each indicator and series its `low`, `high` and `values` by year, counties in order, in the
    unit shown.
    """
    choices: dict[str, Any] = {}
    first: tuple[Indicator, Table] | None = None
    for name in (name for name in MAPS if name in INDICATORS):
        indicator = INDICATORS[name]
        series = list(_map_series(frames, indicator))
        if not series:
            continue
        first = first or (indicator, series[0][1])
        choices[name] = {
            "name": name_of(indicator).pair,
            "unit": shown_unit(indicator).pair,
            "decimals": indicator.decimals,
            "series": {key: _map_values(rows, indicator, key == "difference") for key, rows in series},
        }
    if first is None:
        return None
    indicator, rows = first
    about = About(
        name_of(indicator), shown_unit(indicator), say("map.source"), say("map.interval"), say("map.status")
    )
    figure = county_map(rows, indicator, year=int(rows["year"].max()), about=about)
    colours = {"one": palette(False), "two": palette(True)}
    return figure, {
        "choices": choices,
        "colours": colours,
        "inks": {sides: inks(own) for sides, own in colours.items()},
        "counties": [AREAS[county].pair for county in COUNTIES],
    }


def _map_series(frames: Frames, indicator: Indicator) -> Iterable[tuple[str, Table]]:
    tables = [
        (scenario.name, frames.bands[frames.bands["scenario"] == scenario.name])
        for scenario in frames.scenarios
    ]
    if len(frames.scenarios) > 1:
        tables.append(("difference", frames.differences))
    for key, table in tables:
        rows = table[(table["indicator"] == indicator.name) & table["area"].isin(COUNTIES)]
        rows = rows.rename(columns={"middle": "value"})[["area", "year", "value"]].dropna()
        if len(rows):
            yield key, rows


def _map_values(rows: Table, indicator: Indicator, both_sides: bool) -> dict[str, Any]:
    shown = rows.assign(value=rows["value"] * indicator.factor)
    low, high = limits(shown["value"], both_sides)
    table = shown.pivot(index="year", columns="area", values="value").reindex(columns=list(COUNTIES))
    digits = indicator.decimals + 2
    return {
        "low": low,
        "high": high,
        "sides": "two" if both_sides else "one",
        "values": {
            str(year): [None if pd.isna(value) else round(float(value), digits) for value in line]
            for year, line in zip(table.index, table.to_numpy(), strict=True)
        },
    }


def areas_with_charts(made: Charts) -> Sequence[str]:
    """The areas that at least one chart shows, in order."""
    present = {key.rsplit("/", 1)[1] for key in made}
    return [area for area in AREAS if area in present]
