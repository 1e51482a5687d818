"""Published effects beside what comes out of the model, hits and misses alike.

No figure of evidence/effects.csv stands in a mechanism; the channels do, and the effect must come out of them.
Each effect is estimated as its study did, on worlds that differ in one lever or date and share their luck: the
treated are the same households or counties in both, so that before the treatment their difference is zero and
the difference in differences is the difference afterwards. Counties are held against the counties left alone,
which see the same prefecture. A rate needs one world and is counted as its source counted it.

    run(["slcp_inc", "mult_G"], sample=0.05, pairs=[(0, 0), (1, 1), (2, 2)])

A new effect is a row of the table and an entry of `EFFECTS`: its worlds, the years looked at, what is kept of
such a year, and how the value comes from what was kept. The interval is that of chance and beliefs together, over pairs
of seed and draw: where nothing is known it is wide, and its width stands beside that of the published range. What chance
alone does, seeds at the central beliefs tell.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from typing import Any, NamedTuple

import numpy as np

from tianshui import plan as plans
from tianshui import registry
from tianshui.evidence import table
from tianshui.experiments.pool import Progress, Task, run_all
from tianshui.experiments.scores import quantile
from tianshui.plan import FIRST_YEAR, PLAN_YEAR, Plan
from tianshui.run import Years
from tianshui.state import (
    COUNTIES,
    DISASTER,
    FARM,
    ILLNESS,
    NEVER_POOR,
    OUTSIDE,
    PUPIL,
)
from tianshui.strict_yaml import nearest
from tianshui.words import InputError

SAMPLE, PAIRS = 0.05, 40
"""Share of households, and pairs of seed and draw, where nobody says otherwise."""
SURE = 0.95
"""Probability of the interval."""
SCORED = ("found", "derived", "recalled")
"""Status of the figures that are scored; an expert range is shown only."""
HUNDRED = 100.0
SEVEN = len(COUNTIES)
FACTORIES = 4
"""The first four sectors are factories."""
ADULT, RETIRED = 16, 65
FINISHED_JUNIOR = 9
QUARTER, HALF = 0.25, 0.5
PLOUGHED = ("flat", "terrace", "slope", "steep", "orchard")
NO_MOVE, TO_TOWN, TO_VILLAGE = 0, 1, 2

HIT, WIDE, MISS, SHOWN = "hit", "wide", "miss", "shown"
"""The published value lies within the model's interval, whose middle lies within the published range; it lies within the
interval, but the middle lies outside the range; it lies outside the interval; published as an expert range, so not
scored. That a published range holds zero helps nobody: the value itself must be within the interval."""


# --- Worlds -------------------------------------------------------------------------------------------

REACHED = tuple(COUNTIES.index(name) for name in ("qingshui", "zhangjiachuan"))
"""Counties that the expressway reaches."""
FUNDED = tuple(COUNTIES.index(name) for name in ("qinan", "gangu", "wushan"))
"""Counties that are given more transfers."""
ZONED = (COUNTIES.index("gangu"),)
"""County that is given a zone: the one with most factories outside the two districts."""
MORE_TRANSFERS = 2e8
"""Yuan a year more for each of them, about a twentieth of its spending."""
ZONE_LAND, ZONE_YEARS = 1.9, 3
"""Square km a year for three years: 5.7 km2, the mean of the provincial zones in the national catalogue of 2006
(1,346 zones on 7,629 km2; recalled)."""
FIRST_PAYMENT, FIRST_AREA = 3000.0, 20_000.0
"""The conversion as the studies saw it: yuan a mu in five years, so that a year's 600 are a tenth of a villager's income of
2016, as the 160 yuan of the first round's grain and cash on the Yellow River were in Gansu in 2000 (1,429 yuan; recalled);
and mu a county and year, three times the second round (assumed)."""
CLASS_PAYMENT = 6e7
"""Yuan a class, the rate of the pacts on the Yellow River (found)."""
NEVER = 2036.0


@cache
def _named(name: str) -> Plan:
    return plans.load(name)


def _with(
    lever: str, points: Mapping[int, float], counties: Sequence[int] = range(SEVEN), *, start: str = "no_plan"
) -> Plan:
    """A scenario with one lever at other values in some counties, in years past as well as to come."""
    found = _named(start)
    changes = {county: dict(points) for county in counties}
    course = found.courses[lever].merged(changes, line=False, first=FIRST_YEAR)
    return replace(found, name=f"{start} with {lever}", courses={**found.courses, lever: course})


def _without(lever: str, since: int) -> Plan:
    """`no_plan` with one lever at its `off` value from a year on."""
    found = _named("no_plan")
    course = found.courses[lever].constant(since, found.courses[lever].off)
    return replace(found, name=f"no_plan without {lever}", courses={**found.courses, lever: course})


def _first_round(area: float) -> Plan:
    """The conversion on the terms of its first round in the years of the cohorts, with a new area or without it."""
    paid = _with("conversion.payment", {FIRST_YEAR: FIRST_PAYMENT})
    quota = paid.courses["conversion.quota"]
    points = {FIRST_YEAR: area, FIRST_YEAR + len(ENROLLED): quota.off}
    course = quota.merged({county: dict(points) for county in range(SEVEN)}, line=False, first=FIRST_YEAR)
    return replace(
        paid, name=f"first round of {area:.0f} mu", courses={**paid.courses, "conversion.quota": course}
    )


def _zone() -> Plan:
    lever, end = "industries.park", PLAN_YEAR + ZONE_YEARS
    usual = _named("no_plan").courses[lever].value(ZONED[0], end)
    return _with(lever, {PLAN_YEAR: ZONE_LAND, end: usual}, ZONED)


WORLDS: dict[str, Callable[[], Plan]] = {
    "plan": lambda: _named("plan"),
    "no_plan": lambda: _named("no_plan"),
    "first_round": lambda: _first_round(FIRST_AREA),
    "no_first_round": lambda: _first_round(0.0),
    "no_relocation": lambda: _without("moving.relocation", FIRST_YEAR),
    "no_grant": lambda: _without("schooling.grant", PLAN_YEAR),
    "no_allowance": lambda: _without("relief.allowance", PLAN_YEAR),
    "transfers": lambda: _with("treasury.upper_transfers", {PLAN_YEAR: MORE_TRANSFERS}, FUNDED),
    "no_expressway": lambda: _named("no_plan").set(f"infrastructure.expressway_year={NEVER:.0f}"),
    "zone": _zone,
    "river_payment": lambda: _with("compensation.horizontal", {PLAN_YEAR: CLASS_PAYMENT}),
}
"""Worlds by name; an effect names the one with the treatment first."""


# --- What is kept of a year ---------------------------------------------------------------------------


class Seen(NamedTuple):
    """What a watcher of `year.live` is shown of one year, and the share of the sample."""

    now: Any
    people: Any
    world: Any
    terms: Any
    access: Any
    state: Any
    homes: Any
    lived: Any
    share: float


class Counties(NamedTuple):
    """A year of the counties, f8 (7,); amounts on the scale of the prefecture."""

    factory_jobs: np.ndarray
    jobs: np.ndarray
    capital: np.ndarray  # of enterprises and public, yuan at 2015 prices
    industry_real: np.ndarray  # value added of the ten sectors, yuan at 2015 prices
    gdp: np.ndarray  # yuan
    gdp_real: np.ndarray  # yuan at 2015 prices
    residents: np.ndarray
    spending: np.ndarray  # yuan, of the counties' own budgets
    distance: np.ndarray  # against 2015
    load: np.ndarray  # tonnes of COD of factories
    sewage: np.ndarray  # treated share of town sewage
    serviced: np.ndarray  # km2 of park granted


class Homes(NamedTuple):
    """A year of the agricultural households, columns of equal length; money in yuan."""

    number: np.ndarray
    members: np.ndarray
    adults: np.ndarray  # 16-64, not at school
    off_farm: np.ndarray  # of them, at work off the farm
    farmers: np.ndarray  # of them, at work on it
    income: np.ndarray
    labour: np.ndarray  # farm, wages, remittances and posts
    wages: np.ndarray  # wages and remittances
    other: np.ndarray  # income that no mechanism makes
    payments: np.ndarray
    allowance: np.ndarray
    wealth: np.ndarray  # cash less debt
    enrolled: np.ndarray  # year of enrolment in the conversion, 0 when none
    given_up: np.ndarray  # part of its ploughed land that a household enrolled this year
    moved: np.ndarray  # relocated this year: to a town, to a village, or not


class Leavers(NamedTuple):
    """Junior leavers of homes that are or were registered poor, persons of the sample, in two halves by lot (i8, 2)."""

    left: np.ndarray
    entered: np.ndarray


class Register(NamedTuple):
    """A year of the monitoring register, persons of the sample unless said."""

    farm_members: int
    entered: int
    monitored_before: int
    cleared: int
    monitored: int
    new_homes: int
    ill_homes: int  # of them
    struck_homes: int  # by disaster, of them


class Bills(NamedTuple):
    """Households with somebody at home, and of them those whom medical bills pushed under the line."""

    homes: int
    pushed: int


def counties(seen: Seen) -> Counties:
    """The seven counties of a year."""
    after, accounts, share = seen.lived.state, seen.lived.accounts, seen.share
    residents = np.bincount(after.persons.place, minlength=SEVEN + 1)[:SEVEN] + after.towns.incomers
    return Counties(
        factory_jobs=after.industries.jobs[:, :FACTORIES].sum(axis=1) / share,
        jobs=after.industries.jobs.sum(axis=1) / share,
        capital=(after.industries.capital.sum(axis=1) + after.public.stock.sum(axis=1)) / share,
        industry_real=accounts.value_added.sum(axis=1) / accounts.deflator / share,
        gdp=accounts.gdp_production / share,
        gdp_real=accounts.gdp_production / accounts.deflator / share,
        residents=residents / share,
        spending=seen.state.grants.after.spending[:SEVEN] / share,
        distance=seen.access.distance.copy(),
        load=accounts.load.sum(axis=1) / share,
        sewage=after.towns.sewage.copy(),
        serviced=seen.state.granted.units("industries.park") / share,
    )


def homes(seen: Seen) -> Homes:
    """The agricultural households of a year."""
    after, money, before = seen.lived.state, seen.lived.money, seen.people.households
    place, persons = after.households, after.persons
    rows = np.flatnonzero(place.farm_hukou == 1)
    adult = (persons.age >= ADULT) & (persons.age < RETIRED) & (persons.work != PUPIL)
    relocated = (place.relocated == 1) & (before.relocated == 0)
    columns = Homes(
        number=place.number,
        members=np.diff(place.first),
        adults=_count(persons.household[adult], place.number.size),
        off_farm=_count(persons.household[adult & (persons.work > FARM)], place.number.size),
        farmers=_count(persons.household[adult & (persons.work == FARM)], place.number.size),
        income=place.income,
        labour=money.farm + money.wages + money.remittances + money.posts,
        wages=money.wages + money.remittances,
        other=money.transfers,
        payments=money.payments,
        allowance=money.allowance,
        wealth=place.cash - place.debt,
        enrolled=place.converted_year,
        given_up=_given_up(seen.homes.households, place),
        moved=np.where(relocated, np.where(place.in_town == 1, TO_TOWN, TO_VILLAGE), NO_MOVE).astype(
            np.uint8
        ),
    )
    return Homes(*(column[rows] for column in columns))


def _given_up(farmed: Any, after: Any) -> np.ndarray:
    """Part of its ploughed land that each household enrolled in a year (f8, H); `farmed` are households before they did."""
    was, left = (np.add.reduce([getattr(one, name) for name in PLOUGHED]) for one in (farmed, after))
    return np.maximum(was - left, 0) / np.maximum(was, 1)


def _count(rows: np.ndarray, size: int) -> np.ndarray:
    return np.bincount(rows, minlength=size)


def leavers(seen: Seen) -> Leavers:
    """Junior leavers of the school year who live in the prefecture."""
    persons, place, taught = seen.people.persons, seen.people.households, seen.homes.taught
    finished = (persons.work == PUPIL) & (taught.schooling == FINISHED_JUNIOR)
    finished &= (persons.schooling == FINISHED_JUNIOR - 1) & (persons.place < OUTSIDE)
    finished &= place.poor[persons.household] != NEVER_POOR
    # Household numbers are given out in order of place, so that odd and even ones are as alike as by lot.
    half = (place.number[persons.household[finished]] % 2).astype(np.int64)
    return Leavers(_count(half, 2), _count(half[taught.work[finished] == PUPIL], 2))


def register(seen: Seen) -> Register:
    """The monitoring register of a year."""
    before, after, accounts = seen.people.households, seen.lived.state.households, seen.lived.accounts
    members, new = np.diff(after.first), (after.monitored == 1) & (before.monitored == 0)
    return Register(
        farm_members=int(members[after.farm_hukou == 1].sum()),
        entered=int(accounts.new_monitored.sum()),
        monitored_before=int(members[before.monitored == 1].sum()),
        cleared=int(accounts.cleared.sum()),
        monitored=int(members[after.monitored == 1].sum()),
        new_homes=int(new.sum()),
        ill_homes=int((after.shock[new] == ILLNESS).sum()),
        struck_homes=int((after.shock[new] == DISASTER).sum()),
    )


def bills(seen: Seen) -> Bills:
    """Households and what medical bills do to them in a year."""
    at_home = seen.homes.earned.balance.at_home > 0
    return Bills(int(at_home.sum()), int(seen.lived.accounts.impoverished.sum()))


LOOKS: dict[str, Callable[[Seen], Any]] = {
    look.__name__: look for look in (counties, homes, leavers, register, bills)
}


# --- Estimators ---------------------------------------------------------------------------------------


def growth(on: np.ndarray, off: np.ndarray) -> float:
    """Sum with the treatment over the sum without it, less one."""
    return float(np.sum(on) / np.sum(off) - 1.0)


def growth_against(on: np.ndarray, off: np.ndarray, treated: Sequence[int]) -> float:
    """Growth of the treated (rows of the first axis) over that of all others, less one: a double difference in logs.

    `on` and `off` are the values with and without the treatment, of equal shape.
    """
    others = np.setdiff1d(np.arange(len(on)), treated)
    rows = list(treated)
    return (1.0 + growth(on[rows], off[rows])) / (1.0 + growth(on[others], off[others])) - 1.0


def rise(on: np.ndarray, off: np.ndarray, on_base: np.ndarray, off_base: np.ndarray) -> float:
    """Rise of a ratio of sums: with the treatment less without it."""
    return float(np.sum(on) / np.sum(on_base) - np.sum(off) / np.sum(off_base))


def per_unit(on: np.ndarray, off: np.ndarray, cause_on: np.ndarray, cause_off: np.ndarray) -> float:
    """Change of an outcome over the change of its cause, both summed."""
    return float((np.sum(on) - np.sum(off)) / (np.sum(cause_on) - np.sum(cause_off)))


def solow(output: float, capital: float, labour: float, alpha: float) -> float:
    """Part of a log gain in output that neither capital nor labour explains; all are log gains."""
    return (output - alpha * capital - (1.0 - alpha) * labour) / output


def pairs(numbers: np.ndarray, *tables: Homes) -> list[Homes]:
    """The rows of some households in each table, in the order of their numbers; only those that all tables hold."""
    for one in tables:
        numbers = np.intersect1d(numbers, one.number)
    found = []
    for one in tables:
        order = np.argsort(one.number, kind="stable")
        rows = order[np.searchsorted(one.number[order], numbers)]
        found.append(Homes(*(column[rows] for column in one)))
    return found


def poorest(wealth: np.ndarray, part: float) -> np.ndarray:
    """The part of some households with least wealth a head, ties by order (bool)."""
    chosen = np.zeros(wealth.size, np.bool_)
    chosen[np.argsort(wealth, kind="stable")[: math.ceil(part * wealth.size)]] = True
    return chosen


def interval(values: Sequence[float]) -> tuple[float, float, float]:
    """Median over pairs of seed and draw, and the interval that holds 95 % of them; the ends are NaN for one alone."""
    found = np.array(values, float)
    middle = float(np.median(found))
    if found.size == 1:
        return middle, math.nan, math.nan
    tail = (1.0 - SURE) / 2.0
    low, high = quantile(found, (tail, 1.0 - tail))
    return middle, float(low), float(high)


def judge(row: Mapping[str, str], middle: float, low: float, high: float) -> str:
    """Whether the model's middle and its interval meet a published row: hit, wide, miss or shown."""
    if row["status"] not in SCORED:
        return SHOWN
    least, central, most = (float(row[name]) for name in ("low", "central", "high"))
    if not low <= central <= high:
        return MISS
    return HIT if least <= middle <= most else WIDE


def width(row: Mapping[str, str], low: float, high: float) -> float:
    """Width of the model's interval over that of the published range."""
    return (high - low) / (float(row["high"]) - float(row["low"]))


# --- The effects --------------------------------------------------------------------------------------

VALUE = "value"
Kept = Mapping[int, Any]
"""What was kept of a world, by year."""
Found = dict[str, float]
"""The value in the unit of the table under `VALUE`; beside it, by key of `words`, what helps to read it."""


class Effect(NamedTuple):
    """One published effect and how the model is asked for it."""

    id: str
    worlds: tuple[str, ...]
    """The world with the treatment and the one without it; a rate has one world."""
    look: str
    """What is kept of a year, by its name in `LOOKS`."""
    years: tuple[int, ...]
    estimate: Callable[..., Found]
    """From what each world kept, in the order of `worlds`."""
    how: tuple[str, str]
    """How it is counted, in English and Chinese."""


ENROLLED, SETTLED = (2016, 2017), (2016, 2017, 2018)
"""Cohorts of the conversion and of the relocation that are followed to 2020."""
GIVEN_UP = 1.0 / 3.0
"""Least part of its ploughed land that a household of the conversion's sample gave up: those of the first round, whom the
studies asked, had given up about half."""
SINCE_PLAN = (2021, 2022, 2023)
ZONE_LATER = (2024, 2025)
"""Two to three years after the zone stands: its first plots are ready at the end of 2022."""
OPENED = (2026, 2027, 2028, 2029)
"""Two to five years after the expressway opened on 24 December 2023."""
LONG_OPEN = (2032, 2033, 2034, 2035)
"""The latest years there are: a study of levels two decades after the roads asks for what is there when all have answered."""
TREATED, CONTROL = 1, 0
"""Halves of the pupils."""
END = 2020


def _enrolled(on: Kept, off: Kept) -> tuple[Homes, Homes, Homes]:
    """Those who farmed and gave up much of what they ploughed: with and without the programme in 2020, and without at first."""
    seen = [on[year] for year in ENROLLED]
    treated = np.concatenate([one.number[(one.given_up >= GIVEN_UP) & (one.farmers > 0)] for one in seen])
    with_it, without, start = pairs(treated, on[END], off[END], off[ENROLLED[0]])
    return with_it, without, start


def _off_farm_chance(on: Kept, off: Kept) -> Found:
    a, b, start = _enrolled(on, off)
    poor = poorest(start.wealth / start.members, HALF)
    return {
        VALUE: HUNDRED * rise(a.off_farm, b.off_farm, a.adults, b.adults),
        "effect.poorer_half": HUNDRED
        * rise(a.off_farm[poor], b.off_farm[poor], a.adults[poor], b.adults[poor]),
    }


def _off_farm_workers(on: Kept, off: Kept) -> Found:
    a, b, start = _enrolled(on, off)
    poor = poorest(start.wealth / start.members, QUARTER)
    return {
        VALUE: float((a.off_farm - b.off_farm).mean()),
        "effect.poorest_quarter": float((a.off_farm[poor] - b.off_farm[poor]).mean()),
    }


def _enrolled_income(on: Kept, off: Kept) -> Found:
    a, b, _ = _enrolled(on, off)
    return {
        VALUE: HUNDRED * growth(a.income, b.income),
        "effect.of_payments": HUNDRED * float((a.payments - b.payments).sum() / b.income.sum()),
    }


def _relocated_income(on: Kept, off: Kept) -> Found:
    def of(move: int) -> tuple[Homes, Homes]:
        moved = np.concatenate([on[year].number[on[year].moved == move] for year in SETTLED])
        a, b = pairs(moved, on[END], off[END])
        return a, b

    a, b = of(TO_TOWN)
    there, here = of(TO_VILLAGE)
    heads, base = a.members.sum(), float(b.income.sum() / b.members.sum())

    def part(x: np.ndarray, y: np.ndarray) -> float:
        return HUNDRED * float(x.sum() / heads - y.sum() / b.members.sum()) / base

    return {
        VALUE: HUNDRED * (float(a.income.sum() / heads) / base - 1.0),
        "effect.of_wages": part(a.wages, b.wages),
        "effect.of_other": part(a.other, b.other),
        "effect.to_village": HUNDRED
        * float(there.income.sum() / there.members.sum() / (here.income.sum() / here.members.sum()) - 1.0),
    }


def _monitored(on: Kept) -> Found:
    seen = on[PLAN_YEAR]
    return {
        VALUE: HUNDRED * seen.entered / seen.farm_members,
        "effect.stock": HUNDRED * seen.monitored / seen.farm_members,
    }


def _cleared(on: Kept) -> Found:
    seen = [on[year] for year in SINCE_PLAN]
    return {VALUE: HUNDRED * sum(one.cleared for one in seen) / sum(one.monitored_before for one in seen)}


def _causes(on: Kept) -> Found:
    seen = [on[year] for year in SINCE_PLAN]
    new = sum(one.new_homes for one in seen)
    return {
        VALUE: HUNDRED * sum(one.ill_homes for one in seen) / new,
        "effect.of_disaster": HUNDRED * sum(one.struck_homes for one in seen) / new,
    }


def _pushed(on: Kept) -> Found:
    seen = list(on.values())
    return {VALUE: HUNDRED * sum(one.pushed for one in seen) / sum(one.homes for one in seen)}


def _entry(on: Kept, off: Kept) -> Found:
    # As in a trial: one half of the pupils with the promise is held against the other half without it, so that who happens
    # to be in which half is part of the estimate. Both halves in both worlds would tell what no trial sees.
    def share(kept: Kept, half: int) -> float:
        return float(
            sum(one.entered[half] for one in kept.values()) / sum(one.left[half] for one in kept.values())
        )

    halves = (TREATED, CONTROL)
    same = math.fsum(share(on, half) - share(off, half) for half in halves) / len(halves)
    without = share(off, CONTROL)
    return {
        VALUE: HUNDRED * (share(on, TREATED) - without),
        "effect.same_pupils": HUNDRED * same,
        "effect.without": HUNDRED * without,
    }


def _labour_response(on: Kept, off: Kept) -> Found:
    # Who drew it in the first year: decided on 2020, which both worlds share.
    first, *later = sorted(on)
    treated = on[first].number[on[first].allowance > 0.0]
    change = given = 0.0
    for year in later:
        a, b = pairs(treated, on[year], off[year])
        change += float((a.labour - b.labour).sum())
        given += float((a.allowance - b.allowance).sum())
    return {VALUE: change / given}


def _both(
    on: Kept, off: Kept, name: str, years: Iterable[int] | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """A column of the counties over years (f8, 7 x years), with the treatment and without it."""
    chosen_years = sorted(on) if years is None else list(years)
    first, second = (np.array([getattr(kept[year], name) for year in chosen_years]).T for kept in (on, off))
    return first, second


def _multiplier(on: Kept, off: Kept) -> Found:
    rows = list(FUNDED)

    def over(years: Iterable[int]) -> float:
        gdp, spent = _both(on, off, "gdp", years), _both(on, off, "spending", years)
        return per_unit(gdp[0][rows], gdp[1][rows], spent[0][rows], spent[1][rows])

    return {
        VALUE: over(SINCE_PLAN),
        "effect.first_year": over((min(on),)),
        "effect.fifth_year": over((max(on),)),
    }


def _access(on: Kept, off: Kept) -> Found:
    output, residents = _both(on, off, "gdp_real"), _both(on, off, "residents")
    gain = math.log1p(growth_against(output[0] / residents[0], output[1] / residents[1], REACHED))
    shorter = math.log1p(growth_against(*_both(on, off, "distance"), REACHED))
    return {VALUE: gain / shorter, "effect.of_output": HUNDRED * math.expm1(gain)}


def _factory_jobs(on: Kept, off: Kept) -> Found:
    return {VALUE: HUNDRED * growth_against(*_both(on, off, "factory_jobs"), REACHED)}


def _zone_jobs(on: Kept, off: Kept) -> Found:
    with_it, without = _both(on, off, "serviced")
    return {
        VALUE: HUNDRED * growth_against(*_both(on, off, "factory_jobs", ZONE_LATER), ZONED),
        "effect.serviced": float((with_it - without)[list(ZONED)].sum()),
    }


def _waste_water(on: Kept, off: Kept) -> Found:
    with_it, without = _both(on, off, "sewage")
    return {
        VALUE: HUNDRED * growth(*_both(on, off, "load")),
        "effect.town_sewage": HUNDRED * float((with_it - without).mean()),
    }


def _productivity(on: Kept, off: Kept) -> Found:
    alpha = registry.value(registry.default_settings(), "industries.alpha_K")
    output, capital, labour = (
        math.log1p(growth(*_both(on, off, name))) for name in ("industry_real", "capital", "jobs")
    )
    return {
        VALUE: HUNDRED * solow(output, capital, labour, alpha),
        "effect.gain_output": HUNDRED * output,
        "effect.gain_capital": HUNDRED * capital,
        "effect.gain_jobs": HUNDRED * labour,
    }


def _of_enrolment(id: str, estimate: Callable[..., Found], how: tuple[str, str]) -> Effect:
    return Effect(id, ("first_round", "no_first_round"), "homes", (*ENROLLED, END), estimate, how)


EFFECTS: dict[str, Effect] = {
    one.id: one
    for one in (
        _of_enrolment(
            "slcp_off_ind", _off_farm_chance,
            ("Adults of the farming households that gave up at least a third of their ploughed land in 2016 and 2017, in 2020, with the first round's terms and without any new area.",
             "2016、2017年退耕至少占在耕地三分之一且有人务农的住户的成年人,2020年,按首轮标准退耕与无新增退耕之差。"),
        ),
        _of_enrolment(
            "slcp_off_hh", _off_farm_workers,
            ("Workers off the farm in the same households.", "同一批住户的非农就业人数。"),
        ),
        _of_enrolment(
            "slcp_inc", _enrolled_income,
            ("Disposable income of the same households.", "同一批住户的可支配收入。"),
        ),
        Effect(
            "reloc_inc", ("no_plan", "no_relocation"), "homes", (*SETTLED, END), _relocated_income,
            ("Households settled in towns in 2016 to 2018, in 2020, against themselves where nobody is relocated.",
             "2016—2018年迁入城镇的搬迁户,2020年,与无搬迁情形下的自身相比。"),
        ),
        Effect(
            "pov_new", ("plan",), "register", (PLAN_YEAR,), _monitored,
            ("Persons entered in 2021 over the agricultural registered.", "2021年新增监测人数与农业户籍人口之比。"),
        ),
        Effect(
            "pov_exit", ("plan",), "register", SINCE_PLAN, _cleared,
            ("Persons struck off over those on the register at the start of the year, 2021 to 2023.",
             "2021—2023年消除风险人数与年初监测人数之比。"),
        ),
        Effect(
            "pov_ill", ("plan",), "register", SINCE_PLAN, _causes,
            ("Newly monitored households by what struck them, 2021 to 2023.", "2021—2023年新增监测户按所受冲击分类。"),
        ),
        Effect(
            "che_impov", ("plan",), "bills", (2017, 2018, 2019), _pushed,
            ("Households with somebody at home, 2017 to 2019.", "2017—2019年有人在家的住户。"),
        ),
        Effect(
            "cct_hs", ("no_plan", "no_grant"), "leavers", (*SINCE_PLAN, 2024), _entry,
            ("Junior leavers of homes that are or were registered poor, 2021 to 2024: one half with 2,000 yuan a year, the other without.",
             "2021—2024年建档立卡(含已脱贫)家庭初中毕业生:一半有每年2000元助学金,另一半没有。"),
        ),
        Effect(
            "tr_labour", ("no_plan", "no_allowance"), "homes", (*SINCE_PLAN, 2024, 2025), _labour_response,
            ("Households that draw the allowance in 2021: farm, wages, remittances and posts of 2022 to 2025, with it and without.",
             "2021年低保户:2022—2025年经营、工资、寄回与公岗收入,有无低保之差。"),
        ),
        Effect(
            "mult_G", ("transfers", "no_plan"), "counties", (*SINCE_PLAN, 2024, 2025), _multiplier,
            ("200 million yuan a year more for each of Qin'an, Gangu and Wushan from 2021: three years together.",
             "自2021年起秦安、甘谷、武山每年各增2亿元转移支付:三年合计。"),
        ),
        Effect(
            "road_gdp_elast", ("no_plan", "no_expressway"), "counties", LONG_OPEN, _access,
            ("Qingshui and Zhangjiachuan against the other counties, 2032 to 2035, expressway opened against never.",
             "2032—2035年清水、张家川相对其他县区,通高速与不通之差。"),
        ),
        Effect(
            "expressway_emp", ("no_plan", "no_expressway"), "counties", OPENED, _factory_jobs,
            ("The same counties, 2026 to 2029: jobs in the four factory sectors.", "同上两县,2026—2029年:四个制造业门类的就业。"),
        ),
        Effect(
            "sez_emp", ("zone", "no_plan"), "counties", (*SINCE_PLAN, *ZONE_LATER), _zone_jobs,
            ("1.9 km2 of serviced land a year in Gangu, paid 2021 to 2023; factory jobs of the county in 2024 and 2025, two to three years after the first plots are ready.",
             "2021—2023年甘谷每年供应1.9平方公里园区用地;首批地块建成两至三年后(2024、2025年)全县制造业就业。"),
        ),
        Effect(
            "hec_eff", ("river_payment", "no_plan"), "counties", (*SINCE_PLAN, 2024, 2025), _waste_water,
            ("60 million yuan a class from 2021 against none: COD of factories, 2021 to 2025.",
             "自2021年起每级6000万元与无补偿之差:2021—2025年工业化学需氧量。"),
        ),
        Effect(
            "wdp_tfp_share", ("plan", "no_plan"), "counties", (2030,), _productivity,
            ("The plan against no plan in 2030: growth accounts of the ten sectors, private and public capital together.",
             "2030年规划与无规划之差:十个行业的增长核算,含公共资本。"),
        ),
    )
}  # fmt: skip
"""Every effect that is asked of the model, by id, in the order of the table."""

NOT_TRIED: dict[str, tuple[str, str]] = {
    "wdp_growth": (
        "What the whole Western Development added to growth (1.4 points a year): every scenario holds it since 2000.",
        "西部大开发对增长的总贡献(每年1.4个百分点):所有情景均包含2000年以来的西部大开发。",
    ),
    "hec_downstream": (
        "The fall of industrial waste water downstream (16 %): the places below Tianshui are not in the model.",
        "下游工业废水的下降(16%):天水下游地区不在模型之内。",
    ),
}  # fmt: skip
"""Published effects that are not asked of the model, and why."""


# --- Running ------------------------------------------------------------------------------------------


class Outcome(NamedTuple):
    """A published effect beside the model's."""

    effect: Effect
    row: Mapping[str, str]
    """Its row of evidence/effects.csv."""
    value: float
    """Median over the pairs."""
    low: float
    high: float
    width: float
    """Of the interval over that of the published range; NaN for one pair."""
    by_pair: tuple[float, ...]
    beside: Mapping[str, float]
    """Medians over the pairs."""
    verdict: str


@cache
def published() -> dict[str, dict[str, str]]:
    """The rows of evidence/effects.csv by id."""
    return {row["id"]: row for row in table("effects")}


def chosen(names: Sequence[str]) -> list[Effect]:
    """The effects of some ids, all when there are none; raises `InputError` for a name that is not known."""
    for name in names:
        if name not in EFFECTS:
            raise InputError("unknown_effect", text=repr(name), near=nearest(name, EFFECTS))
    return [effect for effect in EFFECTS.values() if not names or effect.id in names]


Wanted = Mapping[str, Mapping[str, frozenset[int]]]
"""By world and look, the years that are kept."""


def _wanted(effects: Iterable[Effect]) -> dict[str, dict[str, frozenset[int]]]:
    found: dict[str, dict[str, frozenset[int]]] = {}
    for effect in effects:
        for world in effect.worlds:
            years = found.setdefault(world, {})
            years[effect.look] = years.get(effect.look, frozenset()) | frozenset(effect.years)
    return found


def live(
    task: Task, progress: Callable[[float], None] | None = None, *, wanted: Wanted
) -> dict[str, dict[int, Any]]:
    """Live the world of a task and keep of it what is wanted: by look and year."""
    world = Years(task.plan, sample=task.sample, seed=task.seed, draw=task.draw, until=task.until)
    looks = wanted[_world_of(task)]
    kept: dict[str, dict[int, Any]] = {name: {} for name in looks}

    def watch(*shown: Any) -> None:
        seen = Seen._make((*shown, task.sample))
        for name, years in looks.items():
            if seen.lived.state.year in years:
                kept[name][seen.lived.state.year] = LOOKS[name](seen)

    while world.state.year < task.until:
        world.step(watch)
        if progress:
            progress((world.state.year - FIRST_YEAR + 1) / (task.until - FIRST_YEAR + 1))
    return kept


def _world_of(task: Task) -> str:
    return task.id.partition(":")[0]


def tasks_of(effects: Sequence[Effect], *, sample: float, pairs: Sequence[tuple[int, int]]) -> list[Task]:
    """The worlds that some effects need, pair by pair; each is lived once, as long as it is looked at."""
    wanted = _wanted(effects)
    until = {world: max(max(years) for years in looks.values()) for world, looks in wanted.items()}
    plans = {world: WORLDS[world]() for world in wanted}
    return [
        Task(plans[world], sample, seed, draw, until[world], f"{world}:{seed}:{draw}")
        for seed, draw in pairs
        for world in wanted
    ]


def run(
    names: Sequence[str] = (),
    *,
    sample: float = SAMPLE,
    pairs: Sequence[tuple[int, int]] = tuple((one, one) for one in range(PAIRS)),
    workers: int | None = None,
    watch: Callable[[Sequence[Task]], Progress] | None = None,
) -> list[Outcome]:
    """Ask the model for some published effects, or for all of them.

    Parameters
    ----------
    names : sequence of str
        Ids of `EFFECTS`; none means all.
    sample : float
        Share of the households.
    pairs : sequence of (int, int)
        Seeds and draws of beliefs; the interval is over them.
    workers : int, optional
        Processes; by default as many as cores and memory allow.
    watch : callable, optional
        Told what will be lived; gives what is told of each.

    Returns
    -------
    list of Outcome
        In the order of `EFFECTS`.

    Raises
    ------
    InputError
        For an id that is not known.
    RuntimeError
        When a world could not be lived.
    """
    effects = chosen(names)
    tasks, wanted = tasks_of(effects, sample=sample, pairs=pairs), _wanted(effects)
    found: dict[str, dict[tuple[int, int], Found]] = {effect.id: {} for effect in effects}
    held: dict[tuple[int, int], dict[str, Any]] = {}

    def deliver(task: Task, kept: Any) -> None:
        pair = (task.seed, task.draw)
        there = held.setdefault(pair, {})
        there[_world_of(task)] = kept
        if len(there) == len(wanted):
            # A pair is whole: nothing of its worlds is needed any longer.
            for effect in effects:
                found[effect.id][pair] = effect.estimate(*(_part(there, effect, w) for w in effect.worlds))
            del held[pair]

    failures = run_all(
        tasks,
        deliver,
        workers=workers,
        progress=watch(tasks) if watch else None,
        work=partial(live, wanted=wanted),
    )
    if failures:
        raise RuntimeError(f"{failures[0].task.id}: {failures[0].message}")
    return [_outcome(effect, [found[effect.id][pair] for pair in pairs]) for effect in effects]


def _part(there: Mapping[str, Any], effect: Effect, world: str) -> Kept:
    """What an effect asked of a world: other effects may have asked for more years."""
    kept = there[world][effect.look]
    return {year: kept[year] for year in effect.years}


def _outcome(effect: Effect, by_pair: Sequence[Found]) -> Outcome:
    row = published()[effect.id]
    values = tuple(one[VALUE] for one in by_pair)
    value, low, high = interval(values)
    beside = {
        name: float(np.nanmedian([one[name] for one in by_pair])) for name in by_pair[0] if name != VALUE
    }
    return Outcome(
        effect, row, value, low, high, width(row, low, high), values, beside, judge(row, value, low, high)
    )


class Score(NamedTuple):
    """How the scored effects came out."""

    counts: Mapping[str, int]
    """Effects by verdict, expert ranges as well."""
    scored: int
    inside: float
    """Part of the scored whose published value lies within the model's interval."""
    width: float
    """Median over the scored of the interval's width over that of the published range."""


def score(outcomes: Iterable[Outcome]) -> Score:
    """How many effects have each verdict, and what that is worth; parts are NaN where none is scored."""
    known = list(outcomes)
    verdicts = [one.verdict for one in known]
    counts = {name: verdicts.count(name) for name in (HIT, WIDE, MISS, SHOWN)}
    scored = [one for one in known if one.verdict != SHOWN]
    if not scored:
        return Score(counts, 0, math.nan, math.nan)
    inside = (counts[HIT] + counts[WIDE]) / len(scored)
    return Score(counts, len(scored), inside, float(np.median([one.width for one in scored])))
