"""The prefecture on 31 December 2015: the population laid out, and all else solved so that 2015 repeats itself.

What statistics publish is met; what no statistic says is solved once, here, and never again:

    local wage     a county's wage bill is `labour_start` of its non-farm value added; the part of villagers is
                   `village_wages_start` of their income; county wages are drawn together by `wage_common`
    farm scale     a normal year's farm income of households is `household_share` of primary value added
    other income   what the mean income of villages and towns of 2015 holds beyond wages, farm, remittances,
                   pensions and interest (retirement pay, refunds, business profits); it grows with wages away
    away pull      the first year's expected number away grows by `away_rise`
    outside demand what a sector sells beyond the county so that its value added is what it was

A sample of share s is a world of scale s: its people are counted, its value added, budgets, towns and rivers
are s times those of the prefecture.
"""

import math
from functools import lru_cache
from typing import Any, NamedTuple, cast

import numpy as np

from tianshui import channels, draws, layout, population, programmes, sums
from tianshui import terms as terms_of
from tianshui.compiled import kernel, over, unsigned
from tianshui.evidence import table
from tianshui.mechanisms import (
    budgets,
    demography,
    ecology,
    farming,
    health,
    industries,
    infrastructure,
    livelihoods,
    outside,
    schooling,
    stores,
    towns,
    treasury,
)
from tianshui.population import home_members
from tianshui.settings import Settings
from tianshui.state import (
    AWAY,
    CELLS_PER_MU,
    COUNTIES,
    FIRST_SECTOR,
    NO_WORK,
    PUPIL,
    VILLAGE,
    WORK_AWAY,
    WORKSHOP,
    Budgets,
    Households,
    Industries,
    Markets,
    Persons,
    State,
    Towns,
    Villages,
    fixed,
)

YEAR, ADULT, RETIRED = 2015, 16, 65
"""The year at whose end the model starts; the ages at which work begins and ends."""
SMALL, KEPT = 0.1, 4
"""Largest sample whose states of the start are kept at hand, and how many of them."""
SOLVED_ON = 0.05
"""Sample on which the constants of the choice of work are solved: no assumption, all households give the same."""
CONSTANTS = ("away_pull", "farm_pull", "job_chance", "network")
FIRST_CHANCE = 0.5
"""An applicant's chance before it is solved."""
PRIMARY, SECONDARY, TERTIARY = ("value_added_primary", "value_added_secondary", "value_added_tertiary")


def value_added(settings: Settings, share: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Value added of 2015 by county: primary, secondary, tertiary (f8, 7 each), yuan.

    County levels are carried back from 2019; the prefecture's split is a belief, its sum is not.
    """
    rows = {(row["county"], row["item"]): float(row["value"]) for row in table("economy_2015")}
    parts = [np.array([rows[county, item] for county in COUNTIES]) for item in (PRIMARY, SECONDARY, TERTIARY)]
    total = sum(float(part.sum()) for part in parts)
    p = settings.industries
    split = (p.primary_start, p.secondary_start, 1.0 - p.primary_start - p.secondary_start)
    primary, secondary, tertiary = (
        share * part * wanted * total / float(part.sum()) for part, wanted in zip(parts, split, strict=True)
    )
    return primary, secondary, tertiary


def start(settings: Settings, *, sample: float = 1.0, draw: int = 0) -> State:
    """The prefecture at the end of 2015 under one draw of beliefs, at the scale of the sample.

    Read-only; the last few of small samples are kept, for scenarios and seeds that begin from the same.
    """
    return _kept(cast("Any", settings), sample, draw) if sample <= SMALL else _start(settings, sample, draw)


@lru_cache(maxsize=KEPT)
def _kept(settings: Settings, sample: float, draw: int) -> State:
    return _start(settings, sample, draw)


def _start(settings: Settings, sample: float, draw: int) -> State:
    world_at_start = population.World(settings.structure, population.world_of(draw))
    persons, households, villages = population.start(sample, world_at_start)
    persons = fixed(
        persons._replace(
            health=health.opening(persons, settings.health, luck=draws.key(draw, YEAR, "disabled"))
        )
    )
    luck = draws.key(draw, YEAR, "population")
    households = fixed(
        population.lay(persons, households, villages, settings.population, draw_key=luck, draw=draw)
    )
    villages = villages._replace(
        away=livelihoods.village_away(persons, households, persons.work, villages),
        enrolled=population.enrolled_share(households, villages),
    )
    primary, secondary, tertiary = value_added(settings, sample)
    cells, gdp = (
        industries.value_added_2015(secondary, tertiary, settings.industries.draw),
        primary + secondary + tertiary,
    )
    world = outside.look(_no_markets(), settings.outside, year=YEAR, seed=0)._replace(
        drought=np.full(len(COUNTIES), settings.outside.p_drought),
        frost=np.full(len(COUNTIES), settings.outside.p_frost * outside.MEAN_SEVERITY),
        apple_price=0.0,
        potato_price=0.0,
    )
    census, members = sums.people(persons), home_members(persons, households)[1]
    jobs = census.sum(axis=1)[: len(COUNTIES), FIRST_SECTOR:WORKSHOP]
    markets = _wages(persons, households, members, cells, settings, _no_markets())
    markets, farm = _farm_scale(persons, households, primary, world, census, settings, markets)
    households = fixed(households._replace(permanent=_lagged(settings) * households.income))
    markets, consumed, gap = _other_income(persons, households, members, world, farm, jobs, settings, markets)
    households = fixed(households._replace(gap=gap))
    purse = treasury.opening(gdp, settings.treasury, size=sample)
    aided = sums.by_county(households.county, households.aid)
    spending = _spending(
        consumed, _care_and_school(persons, households, settings), aided, primary, purse, settings
    )
    markets = markets._replace(wage_growth=_wage_growth(world, settings))
    push = industries.pushed(
        markets.wage_growth, treasury.debt_ratio(purse, gdp, settings.treasury), settings.industries
    )
    firms = _industries(persons, households, markets, cells, jobs, purse, spending, push, settings, sample)
    public = infrastructure.opening(
        treasury.by_county(purse.spending, settings.treasury), gdp, settings.infrastructure
    )
    town = _towns(census.sum(axis=2), population.incomers(world_at_start), settings, sample)
    if sample > SOLVED_ON:
        # A twentieth of the people pins these constants down to a hundredth; all of them would take seconds.
        small = start(settings, sample=SOLVED_ON, draw=draw).markets
        markets = markets._replace(**{name: getattr(small, name) for name in CONSTANTS})
    else:
        markets = _constants(persons, households, villages, firms, world, settings, markets)
    met = budgets.Met(households, members, households.income)
    markets = markets._replace(
        primary=primary,
        primary_real=primary * world.cpi_2019 / world.cpi,
        tightness=settings.industries.tightness * np.ones(len(COUNTIES)),
        surveyed=budgets.town_means(met),
        told_village=budgets.village_means(met),
        told_town=budgets.town_means(met),
        usual_growth=np.full(2, math.log1p(settings.population.income_growth_2015)),
    )
    load = (firms.load_intensity * firms.value_added).sum(axis=1) / industries.UNIT / industries.KG
    nature = ecology.opening(
        ecology.land(households, YEAR), built=town.built, urban=town.start_urban, village=town.start_village,
        sewage=town.sewage, industrial=load, p=settings.ecology, share=sample,
    )  # fmt: skip
    return State(
        YEAR, persons, households, villages, firms, purse, public, town, nature, markets, programmes.opening()
    ).settled()


def _lagged(settings: Settings) -> float:
    """Usual income over the income of 2015.

    Usual income follows with a lag while incomes grow. Where both were one at the start, consumption of 2016 grew by half
    of what incomes did, and savings with it.
    """
    weight, growth = settings.budgets.smoothing, settings.population.income_growth_2015
    return weight / (1.0 - (1.0 - weight) / (1.0 + growth))


def _wage_growth(world: outside.World, settings: Settings) -> np.ndarray:
    """Growth of real local wages that firms are used to at the start, f8 (7,)."""
    nominal = 1.0 + settings.industries.wage_pass * world.wage_away_growth
    return (nominal / (world.cpi / world.cpi_before) - 1.0) * np.ones(len(COUNTIES))


def _no_markets() -> Markets:
    """Markets before anything is solved: prices on trend, one in place of every constant."""
    ones, zero = np.ones(len(COUNTIES)), np.zeros(1)
    return fixed(Markets(
        apple_price=zero.copy(), potato_price=zero.copy(), hog_phase=zero.copy(),
        wage=ones.copy(), casual=ones.copy(), job_chance=FIRST_CHANCE * ones,
        away_pull=np.zeros(len(COUNTIES)), farm_scale=ones.copy(), apple_supply=zero.copy(), apple_usual=zero.copy(), apple_store=np.zeros(len(COUNTIES)), grain_store=np.zeros(len(COUNTIES)),
        apple_grown=zero.copy(), farm_ratio=ones.copy(), farm_pull=np.zeros(len(COUNTIES)), network=zero.copy(), other_village=np.zeros(len(COUNTIES)), other_town=np.zeros(len(COUNTIES)),
        wage_start=ones.copy(), wage_growth=np.zeros(len(COUNTIES)), tightness=np.zeros(len(COUNTIES)), primary=np.zeros(len(COUNTIES)), primary_real=np.zeros(len(COUNTIES)),
        workshops=np.zeros(len(COUNTIES)), surveyed=ones.copy(),
        told_village=ones.copy(), told_town=ones.copy(), usual_growth=np.zeros(2),
    ))  # fmt: skip


def _wages(
    persons: Persons, households: Households, members: np.ndarray, cells: np.ndarray, settings: Settings,
    markets: Markets,
) -> Markets:  # fmt: skip
    """Local wages and the part of them that a villager earns; `members` are at home (i4, H)."""
    p = settings.industries
    well = np.zeros(persons.number.size, np.float32)
    relative = industries.relative_wage(p)
    ones = np.ones(len(COUNTIES))
    everyone = livelihoods.efficiency(
        persons, households, persons.work, persons.place, persons.setting, well, ones, settings.livelihoods, year=YEAR
    )  # fmt: skip
    in_town = livelihoods.efficiency(
        persons, households, persons.work, persons.place, persons.setting, well, 0.0 * ones, settings.livelihoods,
        year=YEAR,
    )  # fmt: skip
    # Of a village household some members live and work in town: they earn a town wage, the family counts it.
    stranger = households.in_town[persons.household] == 1
    own_town = livelihoods.efficiency(
        persons, households, np.where(stranger, NO_WORK, persons.work).astype(np.uint8), persons.place,
        persons.setting, well, 0.0 * ones, settings.livelihoods, year=YEAR,
    )  # fmt: skip
    town, village, commuters = in_town @ relative, (everyone - in_town) @ relative, own_town @ relative
    bill = p.labour_start * cells.sum(axis=1)
    heads, income = (table[0] for table in _by_setting(households, members, households.income))
    income = income / np.maximum(heads, 1.0)
    wanted = np.minimum(p.village_wages_start * income * heads, settings.population.village_most * bill)
    # w (town + casual village) = bill and w (commuters + casual village) = wanted
    others = np.maximum(town - commuters, 1.0)
    own = (bill - wanted) / others
    common = float((bill - wanted).sum()) / float(others.sum())
    wage = own ** (1.0 - p.wage_common) * common**p.wage_common
    casual = np.clip(
        (wanted - wage * commuters) / np.maximum(wage * village, 1.0), settings.population.casual_least, 1.0
    )
    return fixed(markets._replace(wage=wage, wage_start=wage.copy(), casual=casual))


@kernel
def _add_by_setting(in_town, county, heads, amount, start, stop, table):
    for h in range(start, stop):
        lived_in = heads[h] > 0
        table[0, in_town[h], county[h]] += heads[h]
        table[1, in_town[h], county[h]] += amount[h] if lived_in else 0.0


def _by_setting(households: Households, heads: np.ndarray, amount: np.ndarray) -> np.ndarray:
    """Heads and amounts of the households in which they are, by setting of the home and county (f8, 2 x 2 x 7)."""

    def task(start: int, stop: int) -> np.ndarray:
        table = np.zeros((2, 2, len(COUNTIES)))
        _add_by_setting(households.in_town, households.county, heads, amount, start, stop, table)
        return table

    return sums.added(heads.size, task, np.zeros((2, 2, len(COUNTIES))))


def _farm_scale(
    persons: Persons, households: Households, primary: np.ndarray, world: outside.World, census: np.ndarray,
    settings: Settings, markets: Markets,
) -> tuple[Markets, np.ndarray]:  # fmt: skip
    """The scale of each county's farms, and the farm income of every household in a normal year (f8, H)."""
    p = settings.farming
    jobs = census.sum(axis=1)[: len(COUNTIES), FIRST_SECTOR:WORKSHOP]
    terms = terms_of.build(world, markets, jobs, settings, channels.none())
    out = farming.farm(
        persons, households, np.zeros(persons.number.size, np.float32), terms.fields,
        farming.nothing_befallen(households.number.size), p, seed=0, year=YEAR,
    )  # fmt: skip
    price, size = p.p_apple * terms.to_year, households.number.size
    fruit, income = np.empty(size), np.empty(size)

    def picked_in(start: int, stop: int) -> np.ndarray:
        rows = slice(start, stop)
        fruit[rows] = price * out.apples[rows] - out.orchard_cost[rows]
        return np.bincount(households.county[rows], weights=fruit[rows], minlength=len(COUNTIES))

    by_county = sums.added(size, picked_in, np.zeros(len(COUNTIES))) + out.totals[:, farming.CROPS_VALUE]
    herd = out.totals[:, farming.HERD_VALUE]
    scale = np.maximum(
        p.household_share * primary - herd, settings.population.farm_least * primary
    ) / np.maximum(by_county, 1.0)
    picked = scale * out.totals[:, farming.APPLES]
    kilos = float(picked.sum())

    def made_in(start: int, stop: int) -> np.ndarray:
        rows, margin = slice(start, stop), terms.fields.margin
        county = households.county[rows]
        margins = (
            margin[0] * households.cattle[rows]
            + margin[1] * households.sheep[rows]
            + margin[2] * households.pigs[rows]
        ) * (households.farm_hukou[rows] == 1)
        income[rows] = scale[county] * (out.value[rows] - margins + fruit[rows]) + margins
        return np.bincount(county, weights=income[rows], minlength=len(COUNTIES))

    made = sums.added(size, made_in, np.zeros(len(COUNTIES)))
    held = farming.held(households)
    full = farming.full_apples(held, terms.fields) * scale
    usual, grown = np.array([max(kilos, 1.0)]), np.array([max(float(full.sum()), kilos, 1.0)])
    let = farming.let_value(held, terms.fields._replace(value=scale[:, None] * terms.fields.value))
    markets = markets._replace(
        farm_scale=scale, apple_usual=usual, apple_grown=grown, farm_ratio=primary / np.maximum(made + let, 1.0),
    )  # fmt: skip
    here = census.sum(axis=2)[: len(COUNTIES)].astype(np.float64)
    markets = stores.opening(
        markets, picked, farming.grain_of_all(held, terms.fields, out.totals, p), here[:, VILLAGE],
        here[:, VILLAGE + 1 : AWAY].sum(axis=1), ecology.land(households, YEAR).animals, settings.stores,
    )  # fmt: skip
    return fixed(markets), income


class _Means(NamedTuple):
    """Means of a household at the start; columns of length H."""

    county: np.ndarray
    in_town: np.ndarray
    income: np.ndarray
    aid: np.ndarray
    let: np.ndarray
    cash: np.ndarray
    debt: np.ndarray
    permanent: np.ndarray


@kernel
def _unexplained(homes, money, farm, rent, savings_rate, loan_rate, start, stop, made, left):
    """Income that work and land make of each household, and what its income of 2015 is beyond it."""
    for h in range(start, stop):
        own = farm[h] + money.wages[h] + money.remittances[h] + money.pension[h] + homes.aid[h]
        own = own + homes.let[h] * rent / CELLS_PER_MU + savings_rate * homes.cash[h]
        made[h] = own - money.premiums[h] - loan_rate * homes.debt[h]
        left[h] = homes.income[h] - made[h]


@kernel
def _lasting(homes, members, made, left, other, lasting, most, start, stop, gap, gaps):
    """Gap of each household that lasts, a head and of all its heads, with `other` (2 x 7) the county's own."""
    for h in range(start, stop):
        heads, mean = max(members[h], 1), other[homes.in_town[h], homes.county[h]]
        own = left[h] / heads - mean if members[h] > 0 else 0.0
        # What is not explained takes at most a part of what is: the rest of a low income of 2015 was a bad year.
        floor = 0.0 - most * max(made[h], 0.0) / heads
        gap[h] = max(lasting * own, floor)
        gaps[h] = gap[h] * members[h]


@kernel
def _consumed(homes, at_home, bare, mpc, start, stop, table):
    """What households consume, by setting of the home and county."""
    for h in range(start, stop):
        floor = at_home[h] * bare
        wish = floor + mpc * max(homes.permanent[h] - floor, 0.0)
        eaten = min(wish, homes.income[h] + homes.cash[h]) if at_home[h] > 0 else 0.0
        table[homes.in_town[h], homes.county[h]] += eaten


def _other_income(
    persons: Persons, households: Households, members: np.ndarray, world: outside.World, farm: np.ndarray,
    jobs: np.ndarray, settings: Settings, markets: Markets,
) -> tuple[Markets, np.ndarray, np.ndarray]:  # fmt: skip
    """What no mechanism makes of the means of 2015: consumption by setting and county (f8, 2 x 7), lasting gaps (f8, H).

    `members` are at home (i4, H), `farm` is the farm income of a normal year (f8, H).
    """
    terms, size, p = (
        terms_of.build(world, markets, jobs, settings, channels.none()),
        members.size,
        settings.budgets,
    )
    well = np.zeros(persons.number.size, np.float32)
    money, at_home, _ = budgets.earn(
        persons, households, persons.work, persons.place, persons.setting, well, terms.pay, p
    )
    homes = _Means(*(getattr(households, name) for name in _Means._fields))
    made, left, gap, gaps = (np.empty(size) for _ in range(4))
    over(size, lambda a, b: _unexplained(homes, money, farm, terms.fields.rent, p.savings_rate, terms.pay.rate, a, b,
                                         made, left))  # fmt: skip
    heads, beyond = _by_setting(households, members, left)
    other = beyond / np.maximum(heads, 1.0)
    over(
        size, lambda a, b: _lasting(homes, members, made, left, other, p.lasting, p.gap_most, a, b, gap, gaps)
    )
    village, town = other - _by_setting(households, members, gaps)[1] / np.maximum(heads, 1.0)
    markets = fixed(markets._replace(other_village=village, other_town=town))

    def task(start: int, stop: int) -> np.ndarray:
        table = np.zeros((2, len(COUNTIES)))
        _consumed(homes, at_home, terms.pay.bare, p.mpc, start, stop, table)
        return table

    return markets, sums.added(size, task, np.zeros((2, len(COUNTIES)))), gap


def _towns(here: np.ndarray, incomers: np.ndarray, settings: Settings, share: float) -> Towns:
    """Towns of the start; `here` counts persons by place and setting (i8, 8 x 4)."""
    village, urban = here[: len(COUNTIES), VILLAGE], here[: len(COUNTIES), VILLAGE + 1 :].sum(axis=1)
    strangers = np.rint(share * incomers).astype(np.int64)
    return towns.opening(
        (urban + strangers).astype(np.float64), village.astype(np.float64), strangers, settings.towns
    )


@kernel
def _ages_and_grades(age, work, schooling, first, county, in_town, start, stop, ages, grades):
    for h in range(start, stop):
        c, t = int(county[h]), int(in_town[h])
        for i in range(first[h], first[h + 1]):
            ages[c, t, age[i]] += 1
            if work[i] == PUPIL:
                grades[c, t, min(int(schooling[i]), grades.shape[2] - 1)] += 1


def _care_and_school(persons: Persons, households: Households, settings: Settings) -> np.ndarray:
    """What households of each county, in villages and in towns, are expected to pay for care and school (f8, 7 x 2)."""
    income = float(sums.by_county(households.county, households.income).sum()) / max(
        float(home_members(persons, households)[1].sum()), 1.0
    )
    bills, fees = health.expected_bills(settings.health, income=income), schooling.fees(settings.schooling)

    def task(start: int, stop: int) -> np.ndarray:
        ages = np.zeros((len(COUNTIES), 2, bills.size), np.int64)
        grades = np.zeros((len(COUNTIES), 2, fees.size), np.int64)
        _ages_and_grades(persons.age, persons.work, persons.schooling, unsigned(households.first), households.county,
                         households.in_town, start, stop, ages, grades)  # fmt: skip
        return ages @ bills + grades @ fees

    return sums.added(households.number.size, task, np.zeros((len(COUNTIES), 2)))


def _spending(
    consumed: np.ndarray, care: np.ndarray, aided: np.ndarray, primary: np.ndarray, purse: Budgets, settings: Settings
) -> industries.Spending:  # fmt: skip
    """What was spent in 2015 on goods and services in each county; `aided` (f8, 7) is what allowances paid."""
    village, town = consumed + care.T
    p = settings.treasury
    public = treasury.by_county(purse.spending, p)
    works = settings.infrastructure.base_share * (1.0 - p.fs_rigid) * public
    # What is paid to households and as interest buys nothing here: counted as bought, public services stood still in 2016.
    paid_out = aided + p.debt_rate * treasury.by_county(purse.debt, p)
    food = farming.local_food(village, town, primary, settings.farming)
    return industries.Spending(
        town, village, public - works - paid_out, works, settings.population.homes_part * town, food
    )


def _industries(
    persons: Persons, households: Households, markets: Markets, cells: np.ndarray, jobs: np.ndarray, purse: Budgets,
    spending: industries.Spending, push: np.ndarray, settings: Settings, share: float,
) -> Industries:  # fmt: skip
    well = np.zeros(persons.number.size, np.float32)
    units = livelihoods.efficiency(
        persons, households, persons.work, persons.place, persons.setting, well, markets.casual, settings.livelihoods,
        year=YEAR,
    )  # fmt: skip
    bill = units * markets.wage[:, None] * industries.relative_wage(settings.industries)[None, :]
    tax = treasury.by_county(purse.revenue, settings.treasury)
    each = np.where(jobs > 0, units / np.maximum(jobs, 1), 1.0)
    return industries.opening(
        cells,
        settings.population.growth_2015,
        jobs,
        each,
        bill,
        tax,
        spending,
        push,
        settings.industries,
        size=share,
    )


def _first_heads(
    persons: Persons, households: Households, villages: Villages, terms: terms_of.Terms, markets: Markets,
    settings: Settings,
) -> tuple[Persons, Households]:  # fmt: skip
    """Who chooses in the first year: the living of 2016, those who have left school among them.

    Solved on the people of 2015, the constants would send away a whole class of school leavers beyond the growth that
    the registers show.
    """
    p, year = settings.demography, YEAR + 1
    heads = demography.live(persons, households, p, seed=0, year=year, tfr=demography.tfr_in(year, p))
    settled = layout.settle(persons, households, heads)
    persons, households = fixed(settled.persons), fixed(settled.households)
    adult, youth = terms_of.wages_of(terms, markets)
    nothing = np.zeros(len(COUNTIES))
    taught = schooling.learn(
        persons, households, settings.schooling,
        income=households.permanent, heads=home_members(persons, households)[1],
        places=np.ones(len(COUNTIES)), passing=nothing, grant=nothing, stipend=nothing, youth_wage=youth, adult_wage=adult,
        distance=villages.distance, cpi=1.0, seed=0, year=year,
    )  # fmt: skip
    return fixed(persons._replace(schooling=taught.schooling, work=taught.work)), households


def _constants(
    persons: Persons, households: Households, villages: Villages, firms: Industries, world: outside.World,
    settings: Settings, markets: Markets,
) -> Markets:  # fmt: skip
    """The strength of the network, each county's constants of going away and of farming, an applicant's chance."""
    adults = (persons.age >= ADULT) & (persons.age < RETIRED)
    mean = float((persons.work == WORK_AWAY).sum()) / float(adults.sum())
    network = livelihoods.network_strength(settings.livelihoods, mean)
    markets = fixed(markets._replace(network=np.array([network])))
    terms = terms_of.build(world, markets, firms.jobs, settings, channels.none())
    offer = terms_of.offer(terms, markets, np.ones(len(COUNTIES)), settings)
    # Places of the first year: growth, and those who retire, die or leave for school.
    growth = outside.sector_growth(
        outside.market_growth(YEAR + 1, settings.outside, seed=0), settings.outside
    )
    (ones,) = fixed((np.ones(len(COUNTIES)),))
    hiring = industries.plan_hiring(firms, growth, ones, ones, 1.0, 0.0, settings.industries)
    places = hiring.vacancies.sum(axis=1) + settings.population.jobs_left * firms.jobs.sum(axis=1)
    persons, households = _first_heads(persons, households, villages, terms, markets, settings)
    found = livelihoods.solve_constants(
        persons, households, villages, offer, network, places, settings.livelihoods
    )
    return markets._replace(away_pull=found.away, farm_pull=found.farm, job_chance=found.chance)
