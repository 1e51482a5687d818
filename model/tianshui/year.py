"""The story of one year, in eight chapters.

Every chapter sees the same 31 December. The heads come first (who dies, is born, marries, founds a household);
then all else reads money, land and nature from 31 December and who lives from the heads, and returns flows; the
last chapter closes the books and writes the next 31 December.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from tianshui import asks, gains, incomes, layout, ledger, programmes, registry, sums
from tianshui import terms as terms_of
from tianshui.asks import Granted
from tianshui.channels import Gains, Met
from tianshui.mechanisms import (
    budgets,
    compensation,
    conversion,
    delivery,
    demography,
    ecology,
    energy,
    farming,
    health,
    industries,
    infrastructure,
    livelihoods,
    moving,
    outside,
    relief,
    schooling,
    services,
    stores,
    towns,
    treasury,
)
from tianshui.plan import Plan
from tianshui.population import home_members
from tianshui.settings import Settings
from tianshui.state import (
    AWAY,
    CELLS_PER_MU,
    COUNTIES,
    DIGITAL,
    FIRST_SECTOR,
    HEALTH,
    POST,
    SCHOOLS,
    SECTORS,
    TRANSPORT,
    UTILITIES,
    VILLAGE,
    WORKSHOP,
    Accounts,
    HouseholdMoney,
    Households,
    Markets,
    Persons,
    Programmes,
    PublicCapital,
    State,
    fixed,
)

ALL_NEWS = 1.0
"""Surveys tell what is new of town incomes as it is."""
SEVEN, START, WORKSHOP_COLUMN = len(COUNTIES), 2015, len(SECTORS)
"""Counties; the year at whose end the model starts; the column of workshops beside the sectors."""
TINY = np.finfo(np.float64).tiny
ROUNDING = 1e-9
"""What units granted may fall short of a whole number by division."""
LIVING = ("consumption", "schooling", "medical")
"""What households spend on living."""
WORKS = ("infrastructure.transport", "infrastructure.utilities", "infrastructure.digital",
         "infrastructure.schools", "infrastructure.health")  # fmt: skip
"""Levers that build public capital, with their kinds in the same order."""
KINDS_OF_WORKS = (TRANSPORT, UTILITIES, DIGITAL, SCHOOLS, HEALTH)


Watcher = Callable[..., None]


class Year(NamedTuple):
    """A year lived: the next 31 December, what flowed, and each household's money."""

    state: State
    accounts: Accounts
    money: HouseholdMoney
    extra: dict[str, Any]
    """What a record of the year counts beyond state and accounts."""


class People(NamedTuple):
    """Who lives this year, on settled rows."""

    heads: layout.Heads
    persons: Persons
    households: Households
    written_off: np.ndarray  # f8 (7,)
    booked: layout.Booked  # what births, deaths and weddings add
    members: np.ndarray  # i4 (H,)
    at_home: np.ndarray  # i4 (H,): who live at the household's home
    village: np.ndarray  # f8 (7,): residents of villages
    urban: np.ndarray  # f8 (7,): residents of towns, newcomers counted


class Government(NamedTuple):
    """How the public money of the year was settled."""

    granted: Granted
    grants: treasury.Grants
    asks: list[treasury.Ask]
    tax: np.ndarray  # f8 (7,)
    compensation: compensation.Compensation
    ground: ecology.Land  # land and animals of 31 December
    help: relief.Help
    school: schooling.Supported  # pupils to whom stipends and grants are due
    programmes: Programmes  # what stands on the new 31 December of what was granted until then


class Earned(NamedTuple):
    """Each household's money of the year."""

    money: HouseholdMoney
    totals: ledger.Totals
    balance: budgets.Balance
    paid: np.ndarray  # f8 (7, 11): wages received by county of work and sector, workshops last
    fruit: np.ndarray  # f8 (7,): fruit net of cost, yuan
    apples: np.ndarray  # f8 (7,): kg picked, as the households count them
    stored: stores.Stored
    grown: np.ndarray  # f8 (7,): farm income of households, yuan
    farm_value_added: np.ndarray  # f8 (7,): that and what other farms make, yuan
    farm_others: np.ndarray  # f8 (7,): what other farms make, yuan
    subsidies: np.ndarray  # f8 (7,): crop premiums that the public pays
    interest: np.ndarray  # f8 (7,): on savings
    volume: np.ndarray  # f8 (7,): farm value added at trend prices, yuan of the year


class Homes(NamedTuple):
    """What households did and what it brought them."""

    persons: Persons
    households: Households  # land and homes of the new 31 December, money of the old one
    taught: schooling.SchoolFlows
    ill: health.HealthFlows
    hiring: industries.Hiring
    work: livelihoods.Work
    moves: moving.Moves
    served: services.Served
    harvest: farming.Harvest
    offers: conversion.Offers
    earned: Earned
    registers: relief.Registers
    units: np.ndarray  # f8 (7, 10): efficiency units of labour
    census: np.ndarray  # i8 (8, 4, 16): persons by place, setting and work at the year's end
    unspent: dict[str, np.ndarray]  # yuan by lever, f8 (7,)


def live(
    now: State, plan: Plan, settings: Settings, *, seed: int, share: float = 1.0, watch: Watcher | None = None
) -> Year:
    """Live the year after `now.year` under a plan; settings are those of the year.

    `watch` is shown what every household met and did, once the year is lived; it must not write.
    """
    year = now.year + 1
    levers = programmes.won(asks.scaled(plan, year, share), settings, seed=seed, year=year)
    now, world, gained, terms, access = outside_world(now, levers, settings, seed)
    people = who_lives(now, world, settings, seed)
    state = government(now, people, world, terms, levers, plan, settings, seed, share)
    homes = households(now, people, world, gained, terms, access, state, settings, seed)
    made, spending, state, works = industry(
        now, people, world, gained, access, state, homes, levers, settings, seed, share
    )
    books = accounts(people, world, state, homes, made, spending, settings)
    land = nature(now, people, world, gained, state, homes, made, works, settings, seed, share)
    lived = settle(now, people, world, state, homes, made, books, land, settings, share)
    if watch is not None:
        watch(now, people, world, terms, access, state, homes, lived)
    return lived


def hold(now: State, world: outside.World, settings: Settings) -> State:
    """What a cut holds is looked at on the 31 December before its first year, and what the floor under cropland rests on."""
    p, held, cpi = settings, now.held, world.cpi_before
    persons, homes = now.persons, now.households

    def first(one: np.ndarray) -> bool:
        return not one.any()

    if first(held.cropland) and now.year + 1 >= p.conversion.floor_from:
        held = held._replace(cropland=ecology.cultivated(ecology.land(homes, now.year)).astype(np.float64))
    if first(held.learning) and p.schooling.income_cut:
        heads = home_members(persons, homes)[1]
        held = held._replace(
            learning=schooling.income_of_pupils(persons, homes, homes.permanent, heads, p.schooling, cpi=cpi)
        )
    if first(held.mothers) and p.demography.age_cut:
        held = held._replace(
            mothers=np.array([demography.mothers(persons, p.demography)]),
            frail=livelihoods.frail(persons, homes, p.livelihoods),
        )
    if first(held.purses) and p.budgets.asset_cut:
        held = held._replace(purses=budgets.purses(homes, cpi=cpi))
    return now._replace(held=held)


# --- 1. The world outside -----------------------------------------------------------------------------


def outside_world(
    now: State, levers: Mapping[str, np.ndarray], settings: Settings, seed: int
) -> tuple[State, outside.World, Gains, terms_of.Terms, infrastructure.Access]:
    """The nation's growth, prices, wages and weather, what stands of programmes, and what all this makes of work, land
    and roads here.

    Local wages are set at the start of the year: from here on `now.markets` holds those that this year pays.
    """
    world = outside.look(now.markets, settings.outside, year=now.year + 1, seed=seed)
    now = hold(now, world, settings)
    gained = gains.standing(now, world.cpi_before / world.cpi_2019, settings)
    if settings.demography.age_cut:
        frail = livelihoods.frail(now.persons, now.households, settings.livelihoods)
        gained = {**gained, "freed": livelihoods.lightened(gained["freed"], frail, now.held.frail)}
    now = now._replace(markets=terms_of.wages_set(now.markets, world, settings))
    terms = terms_of.build(world, now.markets, now.industries.jobs, settings, gained)
    railway = float(levers["infrastructure.railway_year"][0])
    access = infrastructure.access(
        now.public, railway, settings.infrastructure, year=world.year, way_out=gained["way_out"]
    )
    gained = gains.met(gained, Met(access.distance, now.industries, world.inflation_before), settings)
    return now, world, gained, terms, access


# --- 2. People ----------------------------------------------------------------------------------------


def who_lives(now: State, world: outside.World, settings: Settings, seed: int) -> People:
    """Deaths, births, weddings and new households."""
    p = settings.demography
    fertility = demography.tfr_in(world.year, p)
    if p.age_cut:
        fertility *= float(now.held.mothers[0]) / max(demography.mothers(now.persons, p), TINY)
    heads = demography.live(
        now.persons, now.households, p, seed=seed, year=world.year, tfr=fertility,
        pension=world.pension_real,
    )  # fmt: skip
    settled = layout.settle(now.persons, now.households, heads)
    persons, homes = fixed(settled.persons), fixed(settled.households)
    members, at_home = home_members(persons, homes)
    count = sums.people(persons).sum(axis=2)[:SEVEN]
    village = count[:, VILLAGE].astype(np.float64)
    urban = count[:, VILLAGE + 1 : AWAY].sum(axis=1) + now.towns.incomers.astype(np.float64)
    return People(
        heads, persons, homes, settled.written_off, settled.booked, members, at_home, village, urban
    )


# --- 3. Government ------------------------------------------------------------------------------------


def government(
    now: State, people: People, world: outside.World, terms: terms_of.Terms, levers: dict[str, np.ndarray],
    plan: Plan, settings: Settings, seed: int, share: float,
) -> Government:  # fmt: skip
    """Revenue, what levers ask, what eight budgets grant of it, and what is built of that."""
    p, homes = settings, people.households
    luck = treasury.luck(seed, world.year, p.treasury)
    revenue = treasury.revenue(
        now.budgets,
        now.industries.value_added.sum(axis=1),
        now.industries.value_added_before.sum(axis=1),
        p.treasury,
        luck,
    )
    help_ = relief.decide(homes, people.at_home, levers["relief.allowance"], p.relief, seed=seed)
    school = schooling.supported(people.persons, homes)
    dues = _dues(now, people, world, terms, levers, help_, school, settings)
    ground = ecology.land(now.households, now.year)
    paid = _compensation(now, ground, levers, settings, world.year, share)
    wish = asks.wishes(levers, plan.levers, dues, settings, terms.to_year)
    grants = treasury.ration(
        now.budgets, wish.asks, revenue=revenue,
        gdp=now.industries.value_added.sum(axis=1) + now.markets.primary + now.markets.workshops, compensation=paid.budget,
        upper_transfers=levers["treasury.upper_transfers"] + levers["treasury.minority_funds"], special_bonds=levers["treasury.special_bonds"],
        p=p.treasury, year=world.year, size=share, sold=treasury.quota(levers["treasury.land_quota"], p.treasury),
        luck=luck,
    )  # fmt: skip
    granted = asks.granted(wish, grants, plan.muted_in(world.year))
    # The treasury may pay less than the forest payment makes due.
    forest = granted.yuan("compensation.pubforest")
    paid = compensation.with_forest(paid, now.nature.forest, forest, p.compensation)
    built = programmes.advance(
        now.programmes, granted, settings, to_2019=1.0 / terms.to_year, seed=seed, year=world.year
    )
    return Government(granted, grants, wish.asks, revenue.tax, paid, ground, help_, school, built)


def _compensation(
    now: State,
    ground: ecology.Land,
    levers: Mapping[str, np.ndarray],
    settings: Settings,
    year: int,
    share: float,
) -> compensation.Compensation:
    """What is paid for water and carbon on what 31 December shows."""
    nature = now.nature
    return compensation.to_budgets(
        nature.cod_class, nature.concentration,
        ecology.additional_uptake(nature, ground.converted, now.year, settings.ecology),
        horizontal=float(levers["compensation.horizontal"][0]), award=float(levers["compensation.award"][0]),
        certified=levers["compensation.sink"], p=settings.compensation, year=year, share=share,
    )  # fmt: skip


def _dues(
    now: State, people: People, world: outside.World, terms: terms_of.Terms, levers: dict[str, np.ndarray],
    help_: relief.Help, school: schooling.Supported, settings: Settings,
) -> dict[str, np.ndarray]:  # fmt: skip
    """What the rules that cost money make due by county (f8, 7 each), yuan."""
    homes, persons = people.households, people.persons
    payment, extension = float(levers["conversion.payment"][0]), float(levers["conversion.extension"][0])
    vintages, more = conversion.dues(homes, world.year, payment, extension, settings.conversion)
    farmers = sums.wholes_where(homes.county, people.members, (homes.farm_hukou,))[:, 0]
    cover = services.take_up(levers["services.insurance"], settings.services)
    insured = farming.insured_value(homes, cover, terms.fields)
    return {
        "towns.rent_subsidy": levers["towns.rent_subsidy"] * _tenants(now, people, world, settings)[1],
        "conversion.payment": vintages,
        "conversion.extension": more,
        "relief.allowance": help_.asked,
        "schooling.stipend": school.juniors_in * levers["schooling.stipend"],
        "schooling.grant": school.uppers_in * levers["schooling.grant"],
        "health.aid": health.aid_ask(persons, homes, settings.health, levers["health.aid"], cpi=world.cpi, income=income_a_head(people), year=world.year),
        "services.dividend": levers["services.dividend"] * farmers * settings.services.dividend_cost,
        "services.insurance": levers["services.insurance"] * _premium_rate(terms, settings) * insured,
        "industries.retrofit_subsidy": industries.retrofit_ask(
            now.industries, levers["industries.retrofit_subsidy"], world.deflator, settings.industries
        ),
        "compensation.pubforest": compensation.forest_ask(
            now.nature.forest, float(levers["compensation.pubforest"][0]), settings.compensation
        ),
    } | gains.dues(levers, now.industries, settings)  # fmt: skip


def _tenants(
    now: State, people: People, world: outside.World, settings: Settings
) -> tuple[np.ndarray, np.ndarray]:
    """Households that rent in town and draw rent money (u1, H), and their number by county (f8, 7)."""
    return moving.tenants(
        people.households,
        people.at_home,
        now.towns.price,
        settings.towns.rent_years,
        settings.moving,
        year=world.year,
    )


def _by_county(homes: Households, amounts: np.ndarray) -> np.ndarray:
    """Amounts of households (H) summed by county of registration (f8, 7)."""
    return sums.by_county(homes.county, amounts)


def _premium_rate(terms: terms_of.Terms, settings: Settings) -> float:
    """Premium of a yuan of expected harvest, on the chances of drought, hail and flood as they are believed."""
    p, out, ill = settings.services, settings.outside, settings.health
    drought = out.p_drought * max(settings.farming.l_drought * terms.fields.rainfed - p.deductible, 0.0)
    disaster = ill.village_hit * ill.house_hit * max(ill.harvest_loss - p.deductible, 0.0)
    return services.premium_rate(drought + disaster, p)


# --- 4. Households ------------------------------------------------------------------------------------


def households(
    now: State, people: People, world: outside.World, gained: Gains, terms: terms_of.Terms, access: infrastructure.Access,
    state: Government, settings: Settings, seed: int,
) -> Homes:  # fmt: skip
    """Who learns and falls ill, where everyone works and lives, what land and animals yield, what is eaten and saved."""
    people, taught, ill = _learn_and_fall_ill(now, people, world, gained, terms, state, settings, seed)
    hiring, work, moves = _work_and_move(now, people, world, gained, terms, access, state, settings, seed)
    persons = people.persons._replace(work=moves.work, place=work.place, setting=moves.setting)
    homes = terms_of.moved(
        people.households._replace(in_town=moves.in_town, town_since=moves.town_since, relocated=moves.relocated),
        people.households.in_town, now.markets,
    )  # fmt: skip
    served, harvest, offers, homes, unspent = _farm_and_convert(
        now, people, persons, homes, world, terms, ill, state, settings, seed
    )
    earned = _income(
        now, people, persons, homes, world, terms, taught, ill, moves, served, harvest, offers, state, settings
    )  # fmt: skip
    registers = relief.register(
        homes, means_of(earned, ill.disaster), persons.age, world.poverty_line, world.poverty_line_before,
        settings.budgets.remit, visits(state, settings) / np.maximum(people.village, 1.0), settings.relief, seed=seed, year=world.year,
    )  # fmt: skip
    units = terms.skill[:, None] * livelihoods.efficiency(
        persons, homes, persons.work, persons.place, persons.setting, ill.lost_work, now.markets.casual,
        settings.livelihoods, year=world.year,
    )  # fmt: skip
    census = sums.people(persons)
    unspent |= _idle_places(census, state)
    unspent["health.aid"] = np.maximum(state.granted.yuan("health.aid") - ill.aided, 0.0)
    unspent["services.insurance"] = state.granted.yuan("services.insurance") - earned.subsidies
    return Homes(
        persons, homes, taught, ill, hiring, work, moves, served, harvest, offers, earned, registers, units, census,
        unspent,
    )  # fmt: skip


def means_of(earned: Earned, disaster: np.ndarray) -> relief.Means:
    """What households live on, as the registers ask; `disaster` is u1 (H,)."""
    balance, money = earned.balance, earned.money
    return relief.Means(
        balance.at_home,
        balance.income,
        money.premiums,
        money.interest,
        money.remittances,
        money.medical,
        disaster,
    )


def visits(state: Government, settings: Settings) -> np.ndarray:
    """What the money for visits to households in danger is worth, yuan by county (f8, 7)."""
    assessment = state.granted.rule("delivery.assessment")
    return delivery.attention(assessment, settings.delivery) * state.granted.yuan("relief.monitoring")


def _learn_and_fall_ill(
    now: State, people: People, world: outside.World, gained: Gains, terms: terms_of.Terms, state: Government,
    settings: Settings, seed: int,
) -> tuple[People, schooling.SchoolFlows, health.HealthFlows]:  # fmt: skip
    persons, homes, granted = people.persons, people.households, state.granted
    residents = people.village + people.urban
    before = now.towns.start_village + now.towns.start_urban
    adult, youth = terms_of.wages_of(terms, now.markets)
    taught = schooling.learn(
        persons, homes, settings.schooling,
        income=_usual_income(now, people, world, settings), heads=people.at_home,
        places=infrastructure.reach(now.public, SCHOOLS, residents, before), passing=gained["passing"],
        grant=granted.units("schooling.grant"), stipend=granted.units("schooling.stipend"),
        youth_wage=youth, adult_wage=adult, distance=now.villages.distance, cpi=world.cpi, seed=seed, year=world.year,
    )  # fmt: skip
    persons = persons._replace(
        schooling=taught.schooling, work=taught.work, place=taught.place, setting=taught.setting
    )
    ill = health.fall_ill(
        persons, homes, settings.health, aid=granted.rule("health.aid"), purse=granted.yuan("health.aid"),
        hospital=infrastructure.reach(now.public, HEALTH, residents, before),
        spared=np.exp(gained["disasters"] / 2.0),
        exposed=relief.exposed(programmes.stock(now.programmes, "repairs"), now.towns.start_village, settings.relief),
        cpi=world.cpi, income=income_a_head(people), seed=seed, year=world.year,
    )  # fmt: skip
    return people._replace(persons=persons._replace(health=ill.health)), taught, ill


def _usual_income(now: State, people: People, world: outside.World, settings: Settings) -> np.ndarray:
    """Income on which families decide about school (f8, H), yuan."""
    if not settings.schooling.income_cut:
        return people.households.permanent
    return now.held.learning[people.households.county] * np.maximum(people.at_home, 1) * world.cpi


def _with_means(
    now: State, homes: Households, world: outside.World, settings: Settings, seed: int
) -> Households:
    """Households as their means let them choose: with their own cash, or with what is held."""
    if not settings.budgets.asset_cut:
        return homes
    return homes._replace(cash=budgets.held_cash(homes, now.held.purses, cpi=world.cpi, seed=seed))


def income_a_head(people: People) -> float:
    """Last year's disposable income of those who live in registered households, yuan a head."""
    return float(_by_county(people.households, people.households.income).sum()) / max(
        float(people.at_home.sum()), 1.0
    )


def _jobs(persons: Persons, work: np.ndarray, place: np.ndarray) -> np.ndarray:
    """Persons at work by county and sector (i8, 7 x 10)."""
    count = sums.people(persons._replace(work=work, place=place)).sum(axis=1)
    return count[:SEVEN, FIRST_SECTOR:WORKSHOP]


def _work_and_move(
    now: State, people: People, world: outside.World, gained: Gains, terms: terms_of.Terms, access: infrastructure.Access,
    state: Government, settings: Settings, seed: int,
) -> tuple[industries.Hiring, livelihoods.Work, moving.Moves]:  # fmt: skip
    persons, homes, granted, p = people.persons, people.households, state.granted, settings.livelihoods
    hiring = industries.plan_hiring(
        now.industries, world.growth, now.public.ratio, now.towns.density, world.deflator_before,
        world.inflation_before, settings.industries, gains.of_industries(gained, settings),
    )  # fmt: skip
    filled = _jobs(persons, persons.work, persons.place)
    layoffs = np.maximum(filled - hiring.wanted, 0)
    hiring = hiring._replace(vacancies=np.maximum(hiring.wanted - filled, 0), layoffs=layoffs)
    lost = livelihoods.lay_off(persons, layoffs, seed=seed, year=world.year)
    offer = terms_of.offer(terms, now.markets, access.distance, settings)
    choice = livelihoods.choose(
        persons,
        _with_means(now, homes, world, settings, seed),
        now.villages,
        offer,
        float(now.markets.network[0]),
        lost,
        p,
        seed=seed,
        year=world.year,
    )
    places = np.floor(granted.units("relief.posts") + ROUNDING).astype(np.int64)
    workshops = np.floor(granted.units("relief.workshops") + ROUNDING).astype(np.int64)
    work = livelihoods.settle(
        persons, homes, choice, lost, hiring.vacancies, filled - layoffs, places, workshops, terms.pay.post,
        settings.livelihoods,
    )  # fmt: skip
    moves = moving.move(
        persons, homes, now.villages, work.work, work.place, work.setting,
        granted_persons=programmes.stock(state.programmes, "relocation"), gap=now.towns.services - now.towns.village_services,
        town_pay=terms.local, price=now.towns.price, rent=granted.units("towns.rent_subsidy"),
        openness=granted.rule("towns.openness"), p=settings.moving,
        seed=seed, year=world.year,
    )  # fmt: skip
    return hiring, work, moves


def _farm_and_convert(
    now: State, people: People, persons: Persons, homes: Households, world: outside.World, terms: terms_of.Terms,
    ill: health.HealthFlows, state: Government, settings: Settings, seed: int,
) -> tuple[services.Served, farming.Harvest, conversion.Offers, Households, dict[str, np.ndarray]]:  # fmt: skip
    """Who is served, what land and animals do, and what sloping land is offered and turned to forest."""
    granted, year = state.granted, world.year
    able = _with_means(now, homes, world, settings, seed)
    served = services.serve(
        able, now.villages, coop_money=granted.yuan("services.cooperatives"), grant_money=granted.yuan("services.grant"),
        subsidy=granted.units("services.insurance"), p=settings.services, seed=seed, year=year,
    )  # fmt: skip
    befallen = farming.Befallen(served.grant, served.insured, ill.harvest_lost)
    harvest = farming.farm(
        persons, able, ill.lost_work, terms.fields, befallen, settings.farming, seed=seed, year=year
    )
    homes = farming.settle_land(homes, harvest, settings.farming)
    offers = conversion.convert(
        persons, homes, now.villages, persons.work, forgone(now, terms, settings), float(granted.rule("conversion.payment")[0]),
        granted.units("conversion.payment"), granted.units("conversion.extension"), granted.units("conversion.quota"),
        conversion.room(ecology.cultivated(state.ground), now.held.cropland, settings.conversion, year=year), settings.conversion, seed=seed, year=year,
    )  # fmt: skip
    area = offers.cells[:, conversion.GRANTED] / CELLS_PER_MU
    quota = granted.units("conversion.quota")
    left = np.maximum(quota - area, 0.0) / np.maximum(quota, 1.0)
    unspent = {"conversion.quota": left * granted.yuan("conversion.quota")}
    given = _by_county(homes, served.grant)
    unspent["services.grant"] = np.maximum(granted.yuan("services.grant") - given, 0.0)
    return served, harvest, offers, homes, unspent


def forgone(now: State, terms: terms_of.Terms, settings: Settings) -> np.ndarray:
    """What a household forgoes with a ploughed mu by class (f8, 7 x 4), yuan a year."""
    day_wage = terms_of.wages_of(terms, now.markets)[1] / settings.livelihoods.work_days
    return conversion.reckoned(terms.fields.normal, terms.fields.days, day_wage, settings.conversion)


def _idle_places(census: np.ndarray, state: Government) -> dict[str, np.ndarray]:
    """Money for posts and workshop jobs that nobody took up, by lever (f8, 7 each)."""
    granted, found = state.granted, {}
    for name, code in (("relief.posts", POST), ("relief.workshops", WORKSHOP)):
        taken = census[:SEVEN, :, code].sum(axis=1)
        found[name] = granted.yuan(name) * _left(granted.units(name), taken)
    return found


def _left(units: np.ndarray, taken: np.ndarray) -> np.ndarray:
    """Part of some units that was not taken up."""
    # Where there are none, nothing is left of them.
    return np.maximum(units - taken, 0.0) / np.maximum(units, TINY)


def _income(
    now: State, people: People, persons: Persons, homes: Households, world: outside.World, terms: terms_of.Terms,
    taught: schooling.SchoolFlows, ill: health.HealthFlows, moves: moving.Moves, served: services.Served,
    harvest: farming.Harvest, offers: conversion.Offers, state: Government, settings: Settings,
) -> Earned:  # fmt: skip
    """What households earn, receive, pay, eat and save."""
    p = settings
    money, at_home, paid = budgets.earn(
        persons, homes, persons.work, persons.place, persons.setting, ill.lost_work, terms.pay, p.budgets
    )
    held = farming.held(homes)
    stored, price = _store(now, people, world, terms, harvest, held, state, settings)
    rent = _tenants(now, people, world, p)[0] * state.granted.units("towns.rent_subsidy")[homes.county]
    due = incomes.due(
        harvest, ill, served._replace(grant=served.grant + rent), offers, allowance=state.help.allowance, school=state.school,
        fees=taught.fees, home_invested=moves.invested, members=people.members, at_home=at_home,
    )  # fmt: skip
    public = _public_premium(terms, harvest, state, settings)
    receipts = _receipts(now, homes, world, terms, state, price, public, p)
    balance, total, closed = incomes.live(
        homes, due, receipts, terms.pay, terms.fields.price_cattle, money, p.services, p.budgets
    )
    totals = ledger.close_households(world.year, homes.number, closed)
    interest = p.budgets.savings_rate * totals.of("cash")
    made, fruit, premiums, picked, cost = total.T
    let = farming.let_value(held, terms.fields)
    ratio = now.markets.farm_ratio
    volume = farming.volume(
        held, terms.fields, made, fruit, picked, cost, p.farming.p_apple * terms.to_year, p.farming
    )
    return Earned(
        money, totals, balance, paid, fruit, picked, stored, made, ratio * (made + let),
        (ratio - 1.0) * made + ratio * let, np.minimum(public * premiums, state.granted.yuan("services.insurance")),
        interest, ratio * volume,
    )  # fmt: skip


def _store(
    now: State, people: People, world: outside.World, terms: terms_of.Terms, harvest: farming.Harvest,
    held: farming.Held, state: Government, settings: Settings,
) -> tuple[stores.Stored, float]:  # fmt: skip
    """What goes through the stores, and the farm-gate price of apples, yuan a kilo, that their sales make."""
    p, markets = settings, now.markets
    usual, before = (farming.usual_apples(markets, p.farming, year=year) for year in (world.year, now.year))
    apples = stores.apples(markets.apple_store, harvest.totals[:, farming.APPLES], usual, p.stores)
    sales = stores.usual_sales(usual, before, p.stores)
    deviation = stores.paid(world.apple_price, p.outside.price_return, p.stores)
    price = farming.apple_price(float(apples.sold.sum()), sales, deviation, p.farming)
    output = farming.grain_of_all(held, terms.fields, harvest.totals, p.farming)
    grain = stores.grain(
        markets.grain_store, output, people.village, people.urban, state.ground.animals, p.stores
    )
    return stores.Stored(apples, grain), price * terms.to_year


def _public_premium(
    terms: terms_of.Terms, harvest: farming.Harvest, state: Government, settings: Settings
) -> np.ndarray:
    """Part of the crop premium that the public pays (f8, 7): what was granted, and no more than the money for it.

    The ask was reckoned on an expected harvest, the premium is one of the year's.
    """
    premiums = _premium_rate(terms, settings) * harvest.totals[:, farming.INSURED] / terms.fields.kept
    covered = state.granted.yuan("services.insurance") / np.maximum(premiums, 1.0)
    return np.minimum(np.minimum(state.granted.units("services.insurance"), 1.0), covered)


def _receipts(
    now: State, homes: Households, world: outside.World, terms: terms_of.Terms, state: Government, apple_price: float,
    public: np.ndarray, p: Settings,
) -> incomes.Terms:  # fmt: skip
    """What households are paid for beyond their work, and at what rate."""
    granted = state.granted
    return incomes.Terms(
        apple_price=apple_price,
        coop_gain=p.services.coop_gain,
        gap_most=p.budgets.gap_most,
        kept_in_drought=terms.fields.kept,
        allowance=granted.part("relief.allowance"),
        conversion_payment=float(granted.rule("conversion.payment")[0]),
        conversion_first=p.conversion.first_part,
        stipend=granted.units("schooling.stipend"),
        grant=granted.units("schooling.grant"),
        dividend=granted.units("services.dividend"),
        forest=compensation.a_household(state.compensation.forest_households, homes.county, homes.farm_hukou),
        other_village=now.markets.other_village,
        other_town=now.markets.other_town,
        other_growth=world.wage_away_index,
        premium_rate=_premium_rate(terms, p),
        subsidy=public,
        microloan=float(granted.rule("services.microloan")[0]),
    )


# --- 5. Industries ------------------------------------------------------------------------------------


def industry(
    now: State, people: People, world: outside.World, gained: Gains, access: infrastructure.Access, state: Government,
    homes: Homes, levers: Mapping[str, np.ndarray], settings: Settings, seed: int, share: float,
) -> tuple[industries.Production, industries.Spending, Government, np.ndarray]:  # fmt: skip
    """Sales, wages, profit, investment, entry and exit of ten sectors in seven counties."""
    p = settings.industries
    abated = _abatement(now, levers, world, settings, share)
    helped, unspent = _subsidised(now, world, state, abated, settings, seed)
    state = _hand_back(state, homes.unspent | unspent)
    granted = state.granted
    relative = industries.relative_wage(p, world.unit_wage_lead)
    bill = homes.units * now.markets.wage[:, None] * relative[None, :]
    jobs = homes.work.jobs
    debt = treasury.debt_ratio(
        now.budgets, now.industries.value_added.sum(axis=1) + now.markets.primary, settings.treasury
    )
    moved = gains.of_industries(gained, settings)
    investment = industries.plan_investment(
        now.industries, homes.hiring.growth, now.markets.wage_growth, debt, world.deflator_before, p, moved
    )
    spending, works = _spending(now, homes, state, settings)
    wage = now.markets.wage / now.markets.wage_start
    made = industries.produce(
        now.industries, jobs=jobs, efficiency=np.where(jobs > 0, homes.units / np.maximum(jobs, 1), now.industries.efficiency),
        wage_bill=bill, tax=state.tax, investment=investment, growth=homes.hiring.growth,
        spending=spending, support=industries.Support(
            programmes.stock(now.programmes, "park"),
            programmes.stock(now.programmes, "eco_investment") * world.cpi / world.cpi_2019,
            granted.rule("industries.entry_relief")
            * delivery.attention(granted.rule("delivery.assessment"), settings.delivery),
        ),
        helped=helped,
        setting=industries.Setting(
            world.growth, world.deflator, now.public.ratio, now.towns.density, access.trade_cost,
            wage / world.wage_away_index, abated, wage / world.cpi,
        ),
        p=p, year=world.year, seed=seed, gains=moved, care=gained["care"],
    )  # fmt: skip
    return made, spending, state, works


def _subsidised(
    now: State, world: outside.World, state: Government, abated: np.ndarray, settings: Settings, seed: int
) -> tuple[industries.Helped, dict[str, np.ndarray]]:
    """What subsidies and waste water `abated` (f8, 7) make firms buy, and what of their money found no taker by lever (f8, 7)."""
    retrofit, development = "industries.retrofit_subsidy", "innovation.development_subsidy"
    money, paid = (state.granted.yuan(name) for name in (retrofit, development))
    load = industries.load_of(now.industries, world.deflator_before)
    cleaning = compensation.abating(abated[:, None], load, cpi=world.cpi, p=settings.compensation)
    helped = industries.subsidised(
        now.industries, retrofit=state.granted.units(retrofit), retrofit_money=money, development_money=paid,
        developed=paid * registry.value(settings, "innovation.added"), cleaning=cleaning, deflator=world.deflator, p=settings.industries,
        year=world.year, seed=seed,
    )  # fmt: skip
    # Luck has fewer factories upgrade than the money was asked for.
    return helped, {retrofit: np.maximum(money + paid - helped.subsidies.sum(axis=1), 0.0)}


def _abatement(
    now: State, levers: Mapping[str, np.ndarray], world: outside.World, settings: Settings, share: float
) -> np.ndarray:
    """Part of works' waste water abated beyond the usual (f8, 7)."""
    load = ecology.reach_load(now.nature, settings.ecology)[:, 0]
    return compensation.abatement(
        now.nature.concentration, load, horizontal=float(levers["compensation.horizontal"][0]),
        levy=float(levers["compensation.levy"][0]), arriving=ecology.arriving(compensation.EXIT, settings.ecology), cpi=world.cpi,
        p=settings.compensation, share=share,
    )  # fmt: skip


def _hand_back(state: Government, left_over: Mapping[str, np.ndarray]) -> Government:
    """The settlement less what found no taker."""
    unspent = np.zeros((len(state.asks), SEVEN + 1))
    money = state.granted.money.copy()
    for name, left in left_over.items():
        row = state.granted.rows[name]
        money[row] -= left
        at_city = state.asks[row].money[SEVEN] > 0.0
        if at_city:
            unspent[row, SEVEN] = left.sum()
        else:
            unspent[row, :SEVEN] = left
    grants = treasury.hand_back(state.grants, unspent, state.asks)
    return state._replace(grants=grants, granted=state.granted._replace(money=money))


def _spending(
    now: State, homes: Homes, state: Government, settings: Settings
) -> tuple[industries.Spending, np.ndarray]:
    """What is spent in each county, and the money for public works by county and kind (f8, 7 x 5), yuan."""
    earned, granted, grants, totals = homes.earned, state.granted, state.grants, homes.earned.totals
    village, town = np.add.reduce([totals.by_setting(name) for name in LIVING])
    other = treasury.by_county(grants.other_spending, settings.treasury)
    rigid = treasury.by_county(grants.rigid, settings.treasury)
    works = infrastructure.base(other, settings.infrastructure)
    built_anyway = works.sum(axis=1)
    for name, kind in zip(WORKS, KINDS_OF_WORKS, strict=True):
        works[:, kind] += granted.yuan(name)
    # Money for levers buys, but what is paid to households, to their insurers, to firms and into funds that banks hold.
    paid_out = (
        totals.of("allowance", "posts", "payments")
        + earned.subsidies
        + granted.paid(*asks.bought_by("fund"), *asks.bought_by("firms"))
    )
    bought = granted.money.sum(axis=0) - paid_out
    built = granted.paid(*asks.bought_by("works"))
    levers = bought - built
    # What the residents' insurance pays of serious illness buys care as the family's own money did.
    public = rigid + other - built_anyway + levers + homes.ill.insured
    value = earned.farm_value_added
    food = farming.local_food(village, town, value, settings.farming)
    return industries.Spending(
        town, village, public, built_anyway + built + grants.clearing[:SEVEN], totals.of("invested"), food
    ), works


# --- 6. Accounts --------------------------------------------------------------------------------------


class Books(NamedTuple):
    """What the year comes to, by county (f8, 7) unless said."""

    gdp: industries.Gdp
    farm_value_added: np.ndarray
    farm_outside_sales: np.ndarray
    workshops: np.ndarray  # wages and output of workshops
    spending: industries.Spending
    amounts: dict[str, float]  # yuan by flow of the ledger's table


def accounts(
    people: People, world: outside.World, state: Government, homes: Homes, made: industries.Production,
    spending: industries.Spending, settings: Settings,
) -> Books:  # fmt: skip
    """GDP three ways; every flow on both its sides; budgets and firms closed."""
    earned = homes.earned
    value = earned.farm_value_added
    farm_income = earned.totals.of("farm") + earned.farm_others
    sales = value - spending.local_food
    gdp = industries.gdp(
        made, spending, farm_value_added=value, farm_income=farm_income, farm_outside_sales=sales
    )
    # A workshop sells its work outside at what it pays for it.
    workshops = earned.paid[:, WORKSHOP_COLUMN]
    gdp = industries.Gdp(*(side + workshops for side in gdp))
    ledger.check_gdp(world.year, *gdp)
    ledger.check_flows(world.year, *_flows(homes, state, made, spending), gdp=float(gdp.production.sum()))
    ledger.check_firms(world.year, made, gdp=float(gdp.production.sum()))
    amounts = _amounts(homes, state, made, spending, sales, settings)
    ledger.check_sectors(world.year, amounts, _kept(homes, state, made), float(gdp.production.sum()))
    grants = state.grants
    income = (
        grants.own_revenue + grants.general_transfers + grants.earmarked + grants.compensation + grants.bonds
    )
    spent = grants.rigid + grants.interest + grants.clearing + grants.lever_spending + grants.other_spending
    kept = grants.reserve_change + grants.carried_change
    ledger.check_budgets(world.year, income, spent, kept, float(gdp.production.sum()))
    return Books(gdp, value, sales, workshops, spending, amounts)


def _flows(
    homes: Homes, state: Government, made: industries.Production, spending: industries.Spending
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Flows that two sides count apart, by county (f8, 7) or in sum: paid and received."""
    earned, granted, totals = homes.earned, state.granted, homes.earned.totals
    grants = state.grants
    public = (grants.rigid + grants.clearing + grants.other_spending + grants.lever_spending).sum()
    to_homes = float((totals.of("allowance", "posts", "payments") + earned.subsidies).sum())
    laid_by, to_firms = (
        float(granted.paid(*asks.bought_by("fund")).sum()),
        granted.paid(*asks.bought_by("firms")),
    )
    paid = {
        "wages": made.wages.sum(axis=1),
        "production_tax": made.tax.sum(axis=1),
        "allowances": granted.yuan("relief.allowance"),
        "living": totals.of(*LIVING),
        "household_investment": totals.of("invested"),
        "firm_subsidies": to_firms,
        "purchases": np.array([public - to_homes - laid_by - float(to_firms.sum())]),
    }
    received = {
        "wages": earned.paid[:, :WORKSHOP_COLUMN].sum(axis=1),
        "production_tax": state.tax,
        "allowances": totals.of("allowance"),
        "firm_subsidies": made.subsidies.sum(axis=1),
        "living": spending.consumption + spending.village_consumption,
        "household_investment": spending.household_investment,
        "purchases": np.array(
            [float((spending.public_consumption + spending.public_works - homes.ill.insured).sum())]
        ),
    }
    return paid, received


def _amounts(
    homes: Homes, state: Government, made: industries.Production, spending: industries.Spending,
    farm_sales: np.ndarray, settings: Settings,
) -> dict[str, float]:  # fmt: skip
    """What flowed from sector to sector, by the names of the ledger's table, yuan."""
    earned, grants = homes.earned, state.grants
    money = earned.totals.sums()
    rents, crop = money["rents"], money["crop_premiums"]
    workshops = float(earned.paid[:, WORKSHOP_COLUMN].sum())
    public = float((grants.rigid + grants.clearing + grants.other_spending + grants.lever_spending).sum())
    subsidies = float(earned.subsidies.sum())
    laid_by, to_firms = (float(state.granted.paid(*asks.bought_by(what)).sum()) for what in ("fund", "firms"))
    return {
        "farm_income": money["farm"],
        "rents": rents,
        "wages": float(made.wages.sum()),
        "workshop_wages": workshops,
        "posts": money["posts"],
        "remittances": money["remittances"],
        "pensions": money["pension"],
        "allowances": money["allowance"],
        "payments": money["payments"],
        "other_transfers": money["transfers"],
        "indemnities": money["indemnity"],
        "savings_interest": settings.budgets.savings_rate * money["cash"],
        "premiums": money["premiums"] - crop,
        "crop_premiums": crop,
        "loan_interest": money["interest"],
        "borrowed": money["borrowed"],
        "repaid": money["repaid"],
        "animals_sold": money["sold"],
        "living": float((spending.consumption + spending.village_consumption).sum()),
        "household_investment": float(spending.household_investment.sum()),
        "production_tax": float(made.tax.sum()),
        "general_transfers": float(grants.general_transfers.sum()),
        "earmarked": float(grants.earmarked.sum()),
        "compensation": float(grants.compensation.sum()),
        "land_quota": float(grants.quota.sum()),
        "bonds": float(grants.bonds.sum()),
        "debt_interest": float(grants.interest.sum()),
        "premium_subsidies": subsidies,
        "guarantee_funds": laid_by,
        "firm_subsidies": to_firms,
        "purchases": public
        - money["allowance"]
        - money["posts"]
        - money["payments"]
        - subsidies
        - laid_by
        - to_firms,
        "serious_illness": float(homes.ill.insured.sum()),
        "local_food": float(spending.local_food.sum()),
        "farm_outside_sales": float(farm_sales.sum()),
        "farm_profits": float(earned.farm_others.sum()) - rents - money["sold"],
        "outside_sales": float(made.outside_sales.sum()) + workshops,
        "outside_purchases": float(made.bought_outside.sum()),
        "dividends": float(made.dividends.sum()),
        "firm_interest": float(made.interest.sum()),
        "firm_loans": float(made.borrowed.sum()),
    }


def _kept(homes: Homes, state: Government, made: industries.Production) -> dict[str, float]:
    """The change of cash that each sector counts itself, yuan."""
    return {
        ledger.HOUSEHOLDS: homes.earned.totals.sum("kept"),
        ledger.FARMS: 0.0,
        ledger.FIRMS: float(made.cash_change.sum()),
        ledger.BUDGETS: float((state.grants.reserve_change + state.grants.carried_change).sum()),
    }


# --- 7. Nature ----------------------------------------------------------------------------------------


class Land(NamedTuple):
    """Land, towns, works and nature on the new 31 December."""

    households: Households
    public: PublicCapital
    programmes: Programmes
    grown: towns.Grown
    nature: ecology.NatureFlows
    levelled: np.ndarray  # i8 (7,): cells of slope turned to terrace
    village: np.ndarray  # f8 (7,): residents
    urban: np.ndarray


def nature(
    now: State, people: People, world: outside.World, gained: Gains, state: Government, homes: Homes,
    made: industries.Production, works: np.ndarray, settings: Settings, seed: int, share: float,
) -> Land:  # fmt: skip
    """Towns grow, works open, forest ages, soil runs off, the river takes what it is given."""
    granted, year = state.granted, world.year
    count = homes.census.sum(axis=2)[:SEVEN]
    village = count[:, VILLAGE].astype(np.float64)
    urban = count[:, VILLAGE + 1 : AWAY].sum(axis=1) + now.towns.incomers.astype(np.float64)
    public = infrastructure.advance(
        now.public, works, deflator=world.deflator, p=settings.infrastructure, seed=seed, year=year,
        stall=programmes.stalls(WORKS, granted, settings),
    )  # fmt: skip
    built = programmes.taken(state.programmes, "relocation", homes.moves.moved_relocated)
    built = programmes.taken(built, "park", made.plots)
    opened = programmes.stocks(built)
    to_year = world.cpi / world.cpi_2019
    grown = towns.grow(
        now.towns, now.public, urban=urban, village=village, open_land=now.nature.open_land,
        service_money=to_year * opened["upkeep"], public_homes=opened["housing"],
        sewage_money=to_year * opened["sewage"], quota_sold=granted.rule("treasury.land_quota"), cost_index=world.cpi,
        cpi=world.cpi, p=settings.towns, works=_town_works(now, built, gained),
    )  # fmt: skip
    land = conversion.settle_land(homes.households, homes.offers, year=year)
    levelled = ecology.levelled(land, opened["terraces"])
    land = ecology.build_terraces(land, opened["terraces"])
    flows = ecology.advance(
        now.nature, state.ground, built=grown.land, planted_mu=opened["planting"],
        control_km2=opened["control"],
        terraced_mu=levelled / CELLS_PER_MU,
        converted=homes.offers.cells[:, conversion.GRANTED], reconverted=homes.offers.cells[:, conversion.RECONVERTED],
        urban=urban, village=village, sewage=grown.after.sewage, village_money=to_year * opened["village_works"],
        industrial=made.load.sum(axis=1), drought=world.drought, cpi=world.cpi, p=settings.ecology, seed=seed, year=year,
        share=share,
    )  # fmt: skip
    return Land(land, public, built, grown, flows, levelled, village, urban)


def _town_works(now: State, built: Programmes, gained: Gains) -> towns.Works:
    """What programmes have made in the towns; `built` are those of the new 31 December."""
    districts = programmes.stock(now.programmes, "districts")
    ready = np.maximum(programmes.stock(built, "districts") - districts, 0.0)
    return towns.Works(districts, ready, programmes.stock(now.programmes, "renewal"), gained["services"])


def _whole(amounts: np.ndarray) -> np.ndarray:
    return np.rint(amounts).astype(np.int64)


# --- 8. The ledger ------------------------------------------------------------------------------------


def settle(
    now: State, people: People, world: outside.World, state: Government, homes: Homes, made: industries.Production,
    books: Books, land: Land, settings: Settings, share: float,
) -> Year:  # fmt: skip
    """Check every identity and write the next 31 December."""
    earned, balance, registers = homes.earned, homes.earned.balance, homes.registers
    after_homes = land.households._replace(
        cash=balance.cash, debt=balance.debt, income=balance.income, permanent=balance.permanent,
        aid=earned.money.allowance, gap=balance.gap, poor=registers.poor, monitored=registers.monitored, shock=registers.shock,
        allowance=balance.draws, cooperative=homes.served.cooperative, insured=homes.served.insured,
        cattle=balance.cattle,
    )  # fmt: skip
    villages = now.villages._replace(enrolled=conversion.enrolled_share(after_homes, now.villages))
    if not settings.livelihoods.network_cut:
        villages = villages._replace(
            away=livelihoods.village_away(homes.persons, after_homes, homes.persons.work, now.villages)
        )
    after = State(
        world.year, homes.persons, after_homes, villages, made.after, state.grants.after, land.public, land.grown.after,
        land.nature.after, _markets(now, world, homes, books, settings), land.programmes, now.held,
    )  # fmt: skip
    _check(now, people, world, state, homes, made, land, after, share)
    _check_money(now, state, made, after, float(books.gdp.production.sum()))
    return Year(after.settled(), _accounts(people, world, state, homes, made, books, land, settings, now, share), earned.money,
                _extra(now, world, state, homes, books, made, land, settings))  # fmt: skip


def _markets(now: State, world: outside.World, homes: Homes, books: Books, settings: Settings) -> Markets:
    markets, work, p = now.markets, homes.work, settings.budgets
    last, this = (
        budgets.Met(one, home_members(persons, one)[1], income)
        for persons, one, income in (
            (now.persons, now.households, now.households.income),
            (homes.persons, homes.households, homes.earned.balance.income),
        )
    )
    chained = budgets.surveyed(markets.surveyed, last, this, p, year=world.year)
    in_town = this.households.in_town == 1
    villagers, townspeople = (
        np.bincount(this.households.county[where], this.heads[where], SEVEN) for where in (~in_town, in_town)
    )
    told_village, village_growth = budgets.published(
        markets.told_village,
        float(markets.usual_growth[0]),
        budgets.village_means(this),
        villagers,
        p.survey_news,
        p,
    )
    told_town, town_growth = budgets.published(
        markets.told_town, float(markets.usual_growth[1]), chained, townspeople, ALL_NEWS, p
    )
    return markets._replace(
        apple_price=np.array([world.apple_price]), potato_price=np.array([world.potato_price]),
        hog_phase=np.array([world.hog_phase]),
        tightness=homes.hiring.vacancies.sum(axis=1) / np.maximum(work.applicants, 1),
        job_chance=livelihoods.chances(work.applicants, work.hired, markets, settings.livelihoods),
        apple_supply=np.array([float(homes.earned.stored.apples.sold.sum())]),
        apple_store=homes.earned.stored.apples.closing, grain_store=homes.earned.stored.grain.closing, primary=books.farm_value_added,
        primary_real=homes.earned.volume * world.cpi_2019 / world.cpi, workshops=books.workshops,
        surveyed=chained, told_village=told_village, told_town=told_town, usual_growth=np.array([village_growth, town_growth]),
    )  # fmt: skip


def _check(
    now: State, people: People, world: outside.World, state: Government, homes: Homes, made: industries.Production,
    land: Land, after: State, share: float,
) -> None:  # fmt: skip
    """The identities of people, labour, land, household money and stocks."""
    year, heads = world.year, people.heads
    booked, work = people.booked, homes.work
    ledger.check_people(
        year, sums.registered(now.households), heads.births, heads.deaths, heads.settled, booked.farmers,
        after.persons, after.households,
    )  # fmt: skip
    ledger.check_residents(
        year, sums.residents(now.persons), booked.residents, work.returned, work.left_from + homes.taught.gone,
        homes.census.sum(axis=(1, 2))[:SEVEN],
    )  # fmt: skip
    ledger.check_labour(year, work.jobs, homes.census)
    ledger.check_vacancies(year, work.hired, homes.hiring.vacancies)
    days = homes.harvest.totals
    ledger.check_farm_days(year, days[:, farming.USED], days[:, farming.AVAILABLE])
    _check_goods(now, homes, after)
    ledger.check_plots(
        year, programmes.stock(state.programmes, "park"), made.plots, programmes.stock(after.programmes, "park")
    )  # fmt: skip
    was, now_is = people.households.monitored, after.households.monitored
    monitored = sums.wholes_where(after.households.county, people.members, (was, now_is))
    ledger.check_registers(
        year, monitored[:, 0], homes.registers.entered, homes.registers.cleared, monitored[:, 1],
    )  # fmt: skip
    flows = land.nature
    _check_land(now, state, homes, land, after, share)
    for item, gap, size in (
        ("load of a reach", ecology.reach_gap(now.nature, flows), flows.river.entered.max()),
        ("carbon", ecology.carbon_gap(now.nature, flows), flows.after.carbon.max()),
        ("sediment beyond soil lost", np.maximum(ecology.sediment_gap(flows), 0.0), 0.0),
    ):
        ledger.check_gaps(year, item, np.atleast_2d(gap.T).T, size)
    ledger.check_stocks(year, after)


def _check_land(now: State, state: Government, homes: Homes, land: Land, after: State, share: float) -> None:
    """All land is there, in the uses to which it is booked to have turned, and converted land by its date."""
    year, ground = after.year, state.ground
    enrolled = ground.converted.sum(axis=1)
    held = ledger.household_land(after.households, year)
    was = {name: getattr(ground, name) for name in ledger.HELD} | {"converted": enrolled}
    uses = {name: held[:, column] for column, name in enumerate(ledger.HELD)} | _other_uses(after)
    ledger.check_land(year, ecology.areas(share), uses)
    ledger.check_turns(year, was | _other_uses(now), _turns(homes, land), uses)
    cells = homes.offers.cells
    ledger.check_vintages(
        year, enrolled, cells[:, conversion.GRANTED], cells[:, conversion.RECONVERTED], held
    )


def _other_uses(state: State) -> dict[str, np.ndarray]:
    """Land that no household holds, by use (i8, 7 each)."""
    nature = state.nature
    return {
        "built": _whole(state.towns.built),
        "forest": nature.forest.sum(axis=1),
        "open_land": nature.open_land,
        "other": nature.other,
    }


def _turns(homes: Homes, land: Land) -> dict[str, np.ndarray]:
    """What turned from one use to another by county (i8, 7 each), as farms, offers, works and nature count it."""
    farmed, cells, flows = homes.harvest.changes, homes.offers.cells, land.nature
    names = ("let", "let_flat", "terrace_to_idle", "slope_to_idle", "steep_to_idle", "planted", "grubbed")
    table = sums.wholes(homes.households.county[farmed.row], tuple(getattr(farmed, name) for name in names))
    let, *rest = table.T
    return dict(zip(names[1:], rest, strict=True)) | {
        "let_terrace": let - rest[0],
        "steep_enrolled": cells[:, conversion.FROM_STEEP],
        "idle_steep_enrolled": cells[:, conversion.FROM_IDLE_STEEP],
        "slope_enrolled": cells[:, conversion.FROM_SLOPE],
        "idle_slope_enrolled": cells[:, conversion.FROM_IDLE_SLOPE],
        "ploughed_again": cells[:, conversion.RECONVERTED],
        "levelled": land.levelled,
        "built_on": land.grown.land,
        "afforested": flows.planted,
        "forest_lost": flows.lost,
    }


def _check_money(
    now: State, state: Government, made: industries.Production, after: State, gdp: float
) -> None:
    """Earmarked money is spent or carried; money in hand and debts are those of last year and what flowed."""
    grants, budgets_, firms = state.grants, after.budgets, after.industries
    spent = treasury.earmarked_spent(grants, state.asks) + grants.filled
    ledger.check_earmarked(after.year, grants.earmarked, spent, grants.carried_change, gdp)
    was, firms_were = now.budgets, now.industries
    ledger.check_carried(
        after.year,
        {
            "reserve of a budget": ledger.Carried(was.reserve, grants.reserve_change, budgets_.reserve),
            "money carried": ledger.Carried(was.carried, grants.carried_change, budgets_.carried),
            "public debt": ledger.Carried(was.debt, grants.bonds, budgets_.debt),
            "cash of enterprises": ledger.Carried(firms_were.cash, made.cash_change, firms.cash),
            "debt of enterprises": ledger.Carried(firms_were.debt, made.borrowed, firms.debt),
        },
        gdp,
    )


def _check_goods(now: State, homes: Homes, after: State) -> None:
    """Opening store + output + bought in = used + sold + lost + closing store, of apples and of grain."""
    year, earned, (apples, grain) = after.year, homes.earned, homes.earned.stored
    ledger.check_goods(
        year, "apples", now.markets.apple_store, earned.apples, apples.sold + apples.lost, after.markets.apple_store
    )  # fmt: skip
    ledger.check_goods(
        year, "grain", now.markets.grain_store, grain.output + grain.bought,
        grain.eaten + grain.fed + grain.sold + grain.lost, after.markets.grain_store,
    )  # fmt: skip


def _accounts(
    people: People, world: outside.World, state: Government, homes: Homes, made: industries.Production, books: Books,
    land: Land, settings: Settings, now: State, share: float,
) -> Accounts:  # fmt: skip
    """The flows of the year as a record."""
    heads, work, grants, earned, harvest = people.heads, homes.work, state.grants, homes.earned, homes.harvest
    place, totals, spending = homes.households, harvest.totals, books.spending
    catastrophic, impoverished = health.burden(
        place.county, earned.balance.at_home, earned.money.medical, earned.balance.income,
        bare=settings.relief.subsistence * world.cpi, line=world.poverty_line,
    )  # fmt: skip
    return Accounts(
        year=world.year, cpi=world.cpi, deflator=world.deflator, births=heads.births, deaths=heads.deaths,
        marriages=heads.marriages, new_households=heads.new_households, settled=heads.settled, moved_to_town=homes.moves.to_town,
        relocated=homes.moves.moved_relocated, left=work.left, returned=work.returned, dropouts=homes.taught.dropouts,
        entered_upper=homes.taught.entered_upper, left_junior=homes.taught.left_junior, applicants=work.applicants,
        hired=work.hired, struck=homes.ill.struck,
        catastrophic=catastrophic, impoverished=impoverished,
        apple_kg=earned.apples, apple_sold=earned.stored.apples.sold, grain_kg=earned.stored.grain.output,
        grain_bought=earned.stored.grain.bought, grain_sold=earned.stored.grain.sold,
        potato_kg=totals[:, farming.POTATO], crop_value=totals[:, farming.CROPS_VALUE], fruit_value=earned.fruit,
        livestock_value=totals[:, farming.HERD_VALUE],
        farm_value_added=books.farm_value_added, farm_household_income=earned.grown,
        newly_idle=_whole(totals[:, farming.NEWLY_IDLE]), reclaimed=_whole(totals[:, farming.RECLAIMED]),
        planted=_whole(totals[:, farming.PLANTED]), offered=homes.offers.cells[:, conversion.OFFERED],
        converted=homes.offers.cells[:, conversion.GRANTED], reconverted=homes.offers.cells[:, conversion.RECONVERTED],
        value_added=made.value_added, wages=made.wages, production_tax=made.tax, energy=made.energy, load=made.load,
        entries=made.entries, exits=made.exits, upgrades=made.upgrades,
        household_consumption=earned.totals.of(*LIVING),
        public_consumption=spending.public_consumption,
        investment=spending.public_works + spending.household_investment + made.investment.sum(axis=1),
        outside_sales=made.outside_sales.sum(axis=1) + books.farm_outside_sales + books.workshops,
        county_trade=made.sold_there.sum(axis=1) - made.bought_there, outside_purchases=made.bought_outside, gdp_production=books.gdp.production, gdp_income=books.gdp.income,
        gdp_expenditure=books.gdp.expenditure, own_revenue=grants.own_revenue,
        general_transfers=grants.general_transfers, earmarked=grants.earmarked, bonds=grants.bonds, rigid=grants.rigid,
        lever_spending=grants.lever_spending, other_spending=grants.clearing + grants.other_spending, interest=grants.interest,
        asked=np.array([asked.money for asked in state.asks]), granted=grants.granted,
        poor_persons=homes.registers.poor_persons, at_risk_persons=homes.registers.at_risk,
        new_monitored=homes.registers.entered, cleared=homes.registers.cleared,
        emissions=_emissions(now, people, made, settings, world.year, share), carbon_gain=land.nature.carbon_gain,
    )  # fmt: skip


def beyond(settings: Settings, *, share: float) -> dict[str, Any]:
    """What a record of any year counts beyond the state, the start included."""
    return {
        "eroded_area": ecology.eroded_area(share),
        "hospital_beds_start": np.full(SEVEN, settings.health.beds_start),
        "deposit_share": np.full(SEVEN, settings.population.deposit_share),
    }


def _emissions(
    now: State, people: People, made: industries.Production, settings: Settings, year: int, share: float
) -> np.ndarray:
    """Tonnes of CO2 of a year by county (f8, 7): of enterprises, homes and farms, at the carbon of the year's energy."""
    whole = made.emissions + _home_emissions(now, people, settings, year, share)
    used = float(whole.sum()) / settings.industries.ef_tce
    return whole * energy.factor(programmes.stock(now.programmes, "renewables"), used, settings.energy)


def _home_emissions(now: State, people: People, settings: Settings, year: int, share: float) -> np.ndarray:
    """Tonnes of CO2 of homes and farms by county (f8, 7): those of the start by residents, cleaner with the trend."""
    p = settings.industries
    start = now.towns.start_urban + now.towns.start_village
    level = share * p.co2_start * p.co2_households * np.exp(p.g_energy_int * (year - START))
    return level * (people.village + people.urban) / start.sum()


def _extra(
    now: State, world: outside.World, state: Government, homes: Homes, books: Books, made: industries.Production, land: Land,
    settings: Settings,
) -> dict[str, Any]:  # fmt: skip
    """What a record counts beyond state and accounts."""
    return {
        "life_expectancy": demography.life_expectancy_in(world.year, settings.demography),
        "eco_industry_share": industries.eco_industry_share(
            made.value_added, books.farm_value_added, settings.industries
        ),
        "compensation": state.grants.compensation,
        "medical_aid": homes.ill.aided,
        "poverty_line": world.poverty_line,
        "flows": books.amounts,
        "lifted_at_risk": homes.registers.returned,
        "deflator_before": world.deflator_before,
    } | gains.counted(now, made.outside_sales, world.cpi, world.wage_away_index / world.cpi, settings)
