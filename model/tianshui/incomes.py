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

from tianshui.compiled import kernel, over, rule
from tianshui.ledger import close, nothing_closed
from tianshui.mechanisms import budgets, conversion, farming, health, services
from tianshui.mechanisms.budgets import spend
from tianshui.mechanisms.services import ceiling, indemnity
from tianshui.state import CELLS_PER_MU, COUNTIES, NEVER_POOR, HouseholdMoney, Households

STRIP = 1024
"""Households of a county whose money is settled together: what they hand on stays at hand."""

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
    microloan: float  # yuan a registered household may borrow


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
    bills: np.ndarray  # f8: medicine
    fees: np.ndarray  # f8: schooling
    enrolled: np.ndarray  # i4: cells
    paid: np.ndarray  # f8: conversion, all dates
    home_invested: np.ndarray  # f8
    members: np.ndarray  # i4
    at_home: np.ndarray  # i4


class _Homes(NamedTuple):
    county: np.ndarray
    farm_hukou: np.ndarray
    in_town: np.ndarray
    poor: np.ndarray
    monitored: np.ndarray
    gap: np.ndarray
    cash: np.ndarray
    debt: np.ndarray
    permanent: np.ndarray
    cattle: np.ndarray


class _Strip(NamedTuple):
    """What a strip of households hands on from receiving to spending and closing; columns of length STRIP, yuan."""

    wants: np.ndarray  # f8: investment decided and repairs
    crop: np.ndarray  # f8: crop premium due
    ceiling: np.ndarray  # f8: debt allowed


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
def _receive(homes, due, t, p, start, stop, money, strip, table):
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
        crop = premium * (1.0 - t.subsidy[county])
        strip.crop[h - start] = crop
        money.premiums[h] += crop
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
        repairs = float(due.savings_lost[h]) * homes.cash[h]
        strip.wants[h - start] = due.harvest.invested[h] + due.home_invested[h] + repairs
        registered = (homes.poor[h] != NEVER_POOR) | (homes.monitored[h] == 1)
        strip.ceiling[h - start] = ceiling(homes.permanent[h], registered, t.microloan, p)
        table[county, GROWN] += grown
        table[county, FRUIT] += fruit
        table[county, PREMIUMS] += premium
        table[county, APPLES] += apples
        table[county, ORCHARD_COST] += due.harvest.orchard_cost[h]


@kernel
def _live(
    homes,
    due,
    t,
    pay,
    price_cattle,
    services_p,
    budgets_p,
    start,
    stop,
    money,
    after,
    receipts,
    closed,
    wrong,
):
    """Households `start:stop` receive, spend and are held to their books, strip by strip, while it is at hand."""
    strip = _Strip(np.empty(STRIP), np.empty(STRIP), np.empty(STRIP))
    begin = start
    while begin < stop:
        end = begin + 1
        while end < min(begin + STRIP, stop) and homes.county[end] == homes.county[begin]:
            end += 1
        _receive(homes, due, t, services_p, begin, end, money, strip, receipts)
        spend(homes, due.bills, due.fees, strip.wants, strip.ceiling, due.at_home, price_cattle, pay, budgets_p, begin,
              end, money, after)  # fmt: skip
        close(homes, after.cash, after.debt, money, due.harvest.rents, strip.crop, begin, end, closed, wrong)
        begin = end


class Lived(NamedTuple):
    """What the year's money came to."""

    balance: budgets.Balance
    receipts: np.ndarray  # f8 (7, 5): by county, see the columns above
    closed: list[tuple[np.ndarray, np.ndarray]]  # for the ledger, by block


def live(
    households: Households, due: Due, terms: Terms, pay: budgets.Pay, price_cattle: float, money: HouseholdMoney,
    services_p: services.ServicesParameters, budgets_p: budgets.BudgetsParameters,
) -> Lived:  # fmt: skip
    """Receive what is no pay for work, pay in order, eat, save and borrow; fills the rest of `money`.

    `pay` holds prices and rates of the year, `price_cattle` is yuan a head.
    """
    size, values, own = households.number.size, services_p.values, budgets_p.values
    homes = _Homes(*(getattr(households, name) for name in _Homes._fields))
    after = budgets.unspent(due.at_home)

    def task(start: int, stop: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        receipts, (closed, wrong) = np.zeros((len(COUNTIES), ORCHARD_COST + 1)), nothing_closed()
        _live(
            homes,
            due,
            terms,
            pay,
            price_cattle,
            values,
            own,
            start,
            stop,
            money,
            after,
            receipts,
            closed,
            wrong,
        )
        return receipts, closed, wrong

    parts = over(size, task)
    receipts = np.zeros((len(COUNTIES), ORCHARD_COST + 1))
    for part in parts:
        receipts = receipts + part[0]
    return Lived(after, receipts, [part[1:] for part in parts])


def due(
    harvest: farming.Harvest, ill: health.HealthFlows, served: services.Served, offers: conversion.Offers, *,
    allowance: np.ndarray, school: tuple[np.ndarray, np.ndarray], fees: np.ndarray, home_invested: np.ndarray,
    members: np.ndarray, at_home: np.ndarray,
) -> Due:  # fmt: skip
    """What the mechanisms say of each household, as one record."""
    return Due(
        harvest, ill.harvest_lost, ill.savings_lost, served.cooperative, served.insured, served.grant, allowance, *school,
        ill.medical, fees, offers.granted, offers.paid, home_invested, members, at_home,
    )  # fmt: skip
