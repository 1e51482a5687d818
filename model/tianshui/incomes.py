"""What a household receives in a year: the harvest in yuan, payments of the plan, insurance, other income.

Mechanisms do not know each other; here what farms grew, what illness and disaster took, what was granted and what
was promised meet in one pass over the households, which also adds up by county what the books compare.

    fruit      = price * apples kept * (1 + gain of served members) - cost of the orchard
    farm       = crops and animals kept * (1 + gain) + losses + fruit
    payments   = conversion + school + dividend + grant + forest, each the granted part of what is due
    other      = (the county's and the household's own lasting gap a head) * growth * members at home
    wants      = investment decided + repair of what a disaster took
"""

from typing import NamedTuple

import numpy as np

from tianshui import sums
from tianshui.compiled import kernel, rule
from tianshui.mechanisms import conversion, farming, health, services
from tianshui.mechanisms.services import indemnity
from tianshui.state import CELLS_PER_MU, COUNTIES, HouseholdMoney, Households

GROWN, FRUIT, PREMIUMS, APPLES, ORCHARD_COST = range(5)
"""Columns of what is added up by county: farm income, fruit in it, crop premiums, kilos picked, yuan."""


class Terms(NamedTuple):
    """What a county's households are paid for and at what rate; f8 (7,) unless said."""

    apple_price: float  # yuan a kilo
    coop_gain: float  # share
    kept_in_drought: np.ndarray  # part of the crops that the weather left
    allowance: np.ndarray  # part of the due that is paid
    conversion_payment: float  # yuan a mu over the years
    conversion_first: float  # part of it in the year of planting
    stipend: np.ndarray  # part of the due that is paid
    grant: np.ndarray  # part of the due that is paid
    dividend: np.ndarray  # yuan a farm person
    forest: np.ndarray  # yuan a farm household
    other_village: np.ndarray  # yuan of 2015 a head
    other_town: np.ndarray
    other_growth: float  # ratio
    premium_rate: float  # premium of a yuan of harvest
    subsidy: np.ndarray  # part of the premium that the public pays


class Due(NamedTuple):
    """What is due to each household and what struck it; columns of length H."""

    harvest: farming.Harvest
    harvest_lost: np.ndarray  # f4
    savings_lost: np.ndarray  # f4
    cooperative: np.ndarray  # u1
    insured: np.ndarray  # u1
    grant: np.ndarray  # f8
    allowance: np.ndarray  # f8
    stipend: np.ndarray  # f8
    school_grant: np.ndarray  # f8
    enrolled: np.ndarray  # i4: cells
    paid: np.ndarray  # f8: conversion, all dates
    home_invested: np.ndarray  # f8
    members: np.ndarray  # i4
    at_home: np.ndarray  # i4


class _Homes(NamedTuple):
    county: np.ndarray
    farm_hukou: np.ndarray
    in_town: np.ndarray
    gap: np.ndarray
    cash: np.ndarray


def kept_in_drought(drought: np.ndarray, p: farming.FarmingParameters) -> np.ndarray:
    """Part of a county's crops that the weather leaves, with `drought` the part of it struck (f8, 7 each)."""
    return 1.0 - p.l_drought * drought


@rule
def farm_income(value, kept, gain, fruit):
    """Crops and animals that disaster left, with the members' gain; a loss is borne whole; and fruit."""
    return max(value, 0.0) * kept * gain + min(value, 0.0) + fruit


@rule
def other_income(head, gap, growth, at_home):
    """Income that no mechanism makes: the county's and the household's own lasting gap a head, times heads."""
    return (head + gap) * growth * at_home


@kernel
def _receive(homes, due, t, p, start, stop, money, wants, crop, table):
    for h in range(start, stop):
        county, farms = int(homes.county[h]), int(homes.farm_hukou[h])
        members, at_home = float(due.members[h]), float(due.at_home[h])
        # The harvest
        value, kept = due.harvest.value[h], 1.0 - float(due.harvest_lost[h])
        gain = 1.0 + t.coop_gain * int(due.cooperative[h])
        apples = due.harvest.apples[h] * kept
        fruit = t.apple_price * apples * gain - due.harvest.orchard_cost[h]
        grown = farm_income(value, kept, gain, fruit)
        expected = max(value, 0.0) / t.kept_in_drought[county]
        insured = int(due.insured[h]) == 1
        premium = t.premium_rate * expected * int(due.insured[h])
        money.farm[h] = grown
        money.indemnity[h] = indemnity(expected, max(value, 0.0) * kept, p) if insured else 0.0
        crop[h] = premium * (1.0 - t.subsidy[county])
        money.premiums[h] += crop[h]
        # Payments
        new = due.enrolled[h] / CELLS_PER_MU * t.conversion_payment * t.conversion_first
        old = due.paid[h] - new
        school = due.stipend[h] * t.stipend[county] + due.school_grant[h] * t.grant[county]
        dividend = t.dividend[county] * members * farms
        money.payments[h] = new + old + school + dividend + due.grant[h] + t.forest[county] * farms
        money.allowance[h] = due.allowance[h] * t.allowance[county]
        # The rest
        head = t.other_town[county] if int(homes.in_town[h]) == 1 else t.other_village[county]
        money.transfers[h] = other_income(head, homes.gap[h], t.other_growth, at_home)
        money.property[h] = due.harvest.rents[h]
        money.sold[h] = due.harvest.sold[h]
        wants[h] = due.harvest.invested[h] + due.home_invested[h] + float(due.savings_lost[h]) * homes.cash[h]
        table[county, GROWN] += grown
        table[county, FRUIT] += fruit
        table[county, PREMIUMS] += premium
        table[county, APPLES] += apples
        table[county, ORCHARD_COST] += due.harvest.orchard_cost[h]


def receive(
    households: Households, due: Due, terms: Terms, money: HouseholdMoney, p: services.ServicesParameters
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Fill the receipts of `money` that are no pay for work.

    Returns what each household wants to invest or must repair and the crop premium due from it (f8, H each), yuan,
    and sums by county (f8, 7 x 5).
    """
    size, values = households.number.size, p.values
    homes = _Homes(*(getattr(households, name) for name in _Homes._fields))
    wants, crop = np.empty(size), np.empty(size)

    def task(start: int, stop: int) -> np.ndarray:
        table = np.zeros((len(COUNTIES), ORCHARD_COST + 1))
        _receive(homes, due, terms, values, start, stop, money, wants, crop, table)
        return table

    return wants, crop, sums.added(size, task, np.zeros((len(COUNTIES), ORCHARD_COST + 1)))


def due(
    harvest: farming.Harvest, ill: health.HealthFlows, served: services.Served, offers: conversion.Offers, *,
    allowance: np.ndarray, school: tuple[np.ndarray, np.ndarray], home_invested: np.ndarray, members: np.ndarray,
    at_home: np.ndarray,
) -> Due:  # fmt: skip
    """What the mechanisms say of each household, as one record."""
    return Due(
        harvest, ill.harvest_lost, ill.savings_lost, served.cooperative, served.insured, served.grant, allowance, *school,
        offers.granted, offers.paid, home_invested, members, at_home,
    )  # fmt: skip
