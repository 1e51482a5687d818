"""The terms of a year: what work, land, children and loans pay or cost, from the world outside and the markets.

Mechanisms do not know each other; here the numbers of one become the terms of another, in one place that the
opening of 2015 and every year after it share.
"""

from typing import NamedTuple

import numpy as np

from tianshui.channels import Gains
from tianshui.mechanisms import budgets, farming, industries, livelihoods, stores
from tianshui.mechanisms.outside import MONTHS, World
from tianshui.settings import Settings
from tianshui.state import Households, Markets, fixed

MARGINS = ("m_cattle", "m_sheep", "m_pig")
"""Margins of a head over the years, which herds compare those of a year with."""


class Terms(NamedTuple):
    """What a year pays and costs."""

    pay: budgets.Pay
    fields: farming.Season
    local: np.ndarray  # f8 (7,): yuan a year of local work, mean of the sectors' jobs
    skill: np.ndarray  # f8 (7,): factor of pay and of work done, from what people have learnt
    heard: np.ndarray  # f8 (7,): log odds of work off the farm from more offers heard of
    freed: np.ndarray  # f8 (7,): part of one adult's time freed where somebody needs care
    wage_index: np.ndarray  # f8 (7,): local wage against that of 2015
    to_year: float  # takes 2019 prices to the year's


def build(world: World, markets: Markets, jobs: np.ndarray, settings: Settings, gained: Gains) -> Terms:
    """The terms of `world.year`; `jobs` (i8, 7 x 10) weighs the pay of sectors, `gained` is what programmes do."""
    skill = np.exp(gained["pay"])
    to_year = world.cpi / world.cpi_2019
    relative = industries.relative_wage(settings.industries, world.unit_wage_lead)
    wage_index = markets.wage / markets.wage_start
    pay = budgets.Pay(
        wage=(markets.wage * skill)[:, None] * relative[None, :],
        casual=markets.casual,
        closing=settings.livelihoods.closing,
        year=world.year,
        edu_return=settings.livelihoods.edu_return,
        away=world.wage_away,
        away_skill=skill,
        workshop=settings.relief.shop_wage * MONTHS * to_year,
        post=settings.relief.pub_post * MONTHS * to_year,
        pension=world.pension * MONTHS * settings.budgets.basic_pension,
        town_pension=settings.budgets.town_pension * MONTHS * float(wage_index.mean()),
        premium=settings.budgets.resident_premium * to_year,
        bare=settings.relief.subsistence * world.cpi,
        rate=settings.services.rate,
    )
    weights = np.maximum(jobs, 1)
    local = (pay.wage * weights).sum(axis=1) / weights.sum(axis=1)
    village_day = float((markets.casual * local).mean()) / settings.livelihoods.work_days / to_year
    fields = farming.season(
        settings.farming,
        year=world.year,
        deflate=to_year,
        drought=world.drought,
        frost=world.frost,
        apple_price=float(np.exp(world.apple_price + _last_glut(markets, settings, world.year - 1))),
        potato_price=float(np.exp(world.potato_price)),
        margins=world.margins,
        usual_margins=to_year * np.array([getattr(settings.outside, name) for name in MARGINS]),
        scale=markets.farm_scale,
        village_wage=village_day,
        support=gained["yields"],
    )
    return Terms(pay, fields, local, skill, gained["offers"], gained["freed"], wage_index, to_year)


def _last_glut(markets: Markets, settings: Settings, year: int) -> float:
    """What the sales of the year before did to the apple price: who plants and who grubs expects it to go on."""
    this, before = (farming.usual_apples(markets, settings.farming, year=one) for one in (year, year - 1))
    usual = stores.usual_sales(this, before, settings.stores)
    return farming.glut(float(markets.apple_supply[0]), usual, settings.farming)


def wages_set(markets: Markets, world: World, settings: Settings) -> Markets:
    """The markets with the local wages of `world.year`: they follow the outside and last year's tightness."""
    wage = industries.next_wage(markets.wage, markets.tightness, world.wage_away_growth, settings.industries)
    memory = settings.industries.wage_memory
    # Remembered in nominal terms and deflated by the year's prices, one year of low inflation made machines leap.
    real = wage / markets.wage / (world.cpi / world.cpi_before) - 1.0
    usual = memory * markets.wage_growth + (1.0 - memory) * real
    return fixed(markets._replace(wage=wage, wage_growth=usual))


def offer(terms: Terms, markets: Markets, road: np.ndarray, settings: Settings) -> livelihoods.Offer:
    """What each option of work pays, as the chooser sees it; `road` (f8, 7) is the way to town against 2015."""
    return livelihoods.Offer(
        away=terms.pay.away * settings.budgets.months_away,
        local=terms.local,
        casual=markets.casual,
        chance=markets.job_chance,
        pull=markets.away_pull + terms.heard + settings.livelihoods.kappa * np.log(terms.skill),
        farm_pull=markets.farm_pull,
        heard=terms.heard,
        freed=terms.freed,
        road=road,
        land_value=farming.expected_values(terms.fields, settings.farming),
        post=terms.pay.post,
        workshop=terms.pay.workshop,
        fare=settings.livelihoods.entry_months * terms.pay.away,
        sent=(1.0 - settings.budgets.away_living) * settings.budgets.remit,
        withdrawal=0.0 if settings.relief.lump_sum_cut else settings.relief.withdrawal,
    )


def moved(households: Households, in_town_before: np.ndarray, markets: Markets) -> Households:
    """Who moves between village and town takes along the income that no mechanism makes; it fades towards the new
    setting's only with the years, so that moving pays nothing by itself.
    """
    rows = np.flatnonzero(households.in_town != in_town_before)
    county = households.county[rows]
    step = markets.other_town[county] - markets.other_village[county]
    gap = households.gap.copy()
    gap[rows] += np.where(households.in_town[rows] == 1, -step, step)
    return households._replace(gap=gap)


def wages_of(terms: Terms, markets: Markets) -> tuple[np.ndarray, np.ndarray]:
    """Yearly pay of an adult and of a youth of nine years of schooling as families see it (f8, 7 each)."""
    return terms.local, markets.casual * terms.local
