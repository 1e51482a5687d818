"""What a household receives in a year: the harvest in yuan, payments of the plan, insurance, other income.

Mechanisms do not know each other; here what farms grew, what illness and disaster took, what was granted and what
was promised meet in one pass over the households, which also adds up by county what the books compare.

    fruit      = price * apples kept * (1 + gain of served members) - cost of the orchard
    farm       = crops and animals kept * (1 + gain) + losses + fruit
    payments   = conversion + school + dividend + grant + forest, each the granted part of what is due
    other      = (the county's and the household's own lasting gap a head) * growth * members at home
    wants      = investment decided + repair of what a disaster took

Other income below nothing (kin who are helped, poor soil) takes at most a part of what the household's work and land made
this year, as at the start; what givers cannot give, those with other income above nothing do not receive, in
proportion, within a county's villages and within its towns. So nobody owes what was never earned, and means stay.
"""

from typing import NamedTuple

import numpy as np

from tianshui import sums
from tianshui.compiled import added_up, kernel, over, pick, rule
from tianshui.ledger import close, nothing_closed
from tianshui.mechanisms import budgets, conversion, farming, health, schooling, services
from tianshui.mechanisms.budgets import spend
from tianshui.mechanisms.services import ceiling, indemnity
from tianshui.state import CELLS_PER_MU, COUNTIES, NEVER_POOR, HouseholdMoney, Households
from tianshui.sums import run_end

STRIP = 1024
"""Households of a county whose money is settled together: what they hand on stays at hand."""

GROWN, FRUIT, PREMIUMS, APPLES, ORCHARD_COST = range(5)
"""Columns of what is added up by county: farm income, fruit in it, crop premiums due, kilos picked, yuan."""


class Terms(NamedTuple):
    """What a county's households are paid for and at what rate; f8 (7,) unless said."""

    apple_price: float  # yuan a kilo
    coop_gain: float  # share
    gap_most: float  # share: see `bearable`
    kept_in_drought: np.ndarray  # part of the crops that the weather left
    allowance: np.ndarray  # part of the due that is paid
    conversion_payment: float  # yuan a mu over the years
    conversion_first: float  # part of it in the year of planting
    stipend: np.ndarray  # yuan a junior pupil
    grant: np.ndarray  # yuan an upper-secondary pupil
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
    juniors: np.ndarray  # u1: pupils who draw stipends
    uppers: np.ndarray  # u1: pupils who draw grants
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
    crop: np.ndarray  # f8: crop premium due from the household
    premium: np.ndarray  # f8: whole crop premium
    fruit: np.ndarray  # f8: fruit less its cost
    apples: np.ndarray  # f8: kilos that disaster left
    ceiling: np.ndarray  # f8: debt allowed


@rule
def farm_income(value, kept, gain, fruit):
    """Crops and animals that disaster left, with the members' gain; a loss is borne whole; and fruit."""
    return max(value, 0.0) * kept * gain + min(value, 0.0) + fruit


@rule
def other_income(head, gap, growth, at_home):
    """Income that no mechanism makes: the county's and the household's own lasting gap a head, times heads."""
    return (head + gap) * growth * at_home


@rule
def bearable(other, made, most):
    """Other income that a household can bear: below nothing it takes at most a part of what work and land made."""
    return max(other, min(-most * made, 0.0))


@kernel
def _above(homes, due, t, county, begin, end, others, rows, received):
    """Other income of households of one county: its sums where above nothing, the rows where below, and how many."""
    gap, in_town, at_home = homes.gap[begin:end], homes.in_town[begin:end], due.at_home[begin:end]
    village, town = t.other_village[county], t.other_town[county]
    for j in range(end - begin):
        head = town if in_town[j] == 1 else village
        others[j] = other_income(head, gap[j], t.other_growth, float(at_home[j]))
    in_villages, in_towns, found = received[0], received[1], 0
    for j in range(end - begin):
        above = max(others[j], 0.0)
        in_villages += above if in_town[j] == 0 else 0.0
        in_towns += above if in_town[j] == 1 else 0.0
        rows[found] = j
        found += others[j] < 0.0
    received[0], received[1] = in_villages, in_towns
    return found


@kernel
def _borne(homes, due, t, money, start, stop, spared, received):
    """What other income below nothing is spared, and what that above it brings, by county and setting (7 x 2)."""
    others, rows, begin = np.empty(STRIP), np.empty(STRIP + 1, np.uint16), start
    while begin < stop:
        end, county = run_end(homes.county, begin, min(begin + STRIP, stop)), int(homes.county[begin])
        found = _above(homes, due, t, county, begin, end, others, rows, received[county])
        for k in range(found):
            h, other = begin + np.int64(rows[k]), others[rows[k]]
            kept, gain = 1.0 - float(due.harvest_lost[h]), 1.0 + t.coop_gain * int(due.cooperative[h])
            fruit = t.apple_price * due.harvest.apples[h] * kept * gain - due.harvest.orchard_cost[h]
            grown = farm_income(due.harvest.value[h], kept, gain, fruit)
            made = grown + money.wages[h] + money.remittances[h] + money.pension[h] + money.posts[h]
            spared[county, homes.in_town[h]] += bearable(other, made, t.gap_most) - other
        begin = end


def not_given(spared: np.ndarray, received: np.ndarray) -> np.ndarray:
    """Part of other income above nothing that nobody gave, of what was spared and received, yuan (f8, 7 x settings)."""
    return np.minimum(spared / np.maximum(received, 1.0), 1.0)


def _withheld(homes: _Homes, due: Due, terms: Terms, money: HouseholdMoney) -> np.ndarray:
    """Part of other income above nothing that nobody gave, by county and setting (f8, 7 x 2)."""

    def task(start: int, stop: int) -> np.ndarray:
        table = np.zeros((2, len(COUNTIES), 2))
        _borne(homes, due, terms, money, start, stop, table[0], table[1])
        return table

    return not_given(*sums.added(homes.county.size, task, np.zeros((2, len(COUNTIES), 2))))


@kernel
def _harvest(due, t, p, county, start, stop, money, strip, row):
    """The harvest in yuan, what insurance pays for it and what it costs; adds to the sums of the county."""
    values, lost, gains = (
        due.harvest.value[start:stop],
        due.harvest_lost[start:stop],
        due.cooperative[start:stop],
    )
    kilos, costs, insured = (
        due.harvest.apples[start:stop],
        due.harvest.orchard_cost[start:stop],
        due.insured[start:stop],
    )
    farm, indemnities, premiums = (
        money.farm[start:stop],
        money.indemnity[start:stop],
        money.premiums[start:stop],
    )
    drought, own_part = t.kept_in_drought[county], 1.0 - t.subsidy[county]
    fruits, apples, crop = strip.fruit, strip.apples, strip.crop
    for j in range(stop - start):
        kept, gain = 1.0 - float(lost[j]), 1.0 + t.coop_gain * int(gains[j])
        apples[j] = kilos[j] * kept
        fruits[j] = t.apple_price * apples[j] * gain - costs[j]
        farm[j] = farm_income(values[j], kept, gain, fruits[j])
    for j in range(stop - start):
        expected = max(values[j], 0.0) / drought
        strip.premium[j] = t.premium_rate * expected * int(insured[j])
        paid = indemnity(expected, max(values[j], 0.0) * (1.0 - float(lost[j])), p)
        indemnities[j] = paid if insured[j] == 1 else 0.0
    for j in range(stop - start):
        crop[j] = strip.premium[j] * own_part
        premiums[j] += crop[j]
    grown, fruit, premium, picked, cost = (
        row[GROWN],
        row[FRUIT],
        row[PREMIUMS],
        row[APPLES],
        row[ORCHARD_COST],
    )
    for j in range(stop - start):
        grown += farm[j]
        fruit += fruits[j]
        premium += strip.premium[j]
        picked += apples[j]
        cost += costs[j]
    row[GROWN], row[FRUIT], row[PREMIUMS], row[APPLES], row[ORCHARD_COST] = (
        grown,
        fruit,
        premium,
        picked,
        cost,
    )


@kernel
def _receive(homes, due, t, p, withheld, start, stop, money, strip, table):
    """Households `start:stop` of one county receive what is no pay for work; `strip` holds what they hand on."""
    county = int(homes.county[start])
    _harvest(due, t, p, county, start, stop, money, strip, table[county])
    farms, town, gap = homes.farm_hukou[start:stop], homes.in_town[start:stop], homes.gap[start:stop]
    members, at_home = due.members[start:stop], due.at_home[start:stop]
    enrolled, paid, grant = due.enrolled[start:stop], due.paid[start:stop], due.grant[start:stop]
    juniors, uppers = due.juniors[start:stop], due.uppers[start:stop]
    payments, transfers = money.payments[start:stop], money.transfers[start:stop]
    stipend, school_grant = t.stipend[county], t.grant[county]
    dividends, forest, village, other = (
        t.dividend[county],
        t.forest[county],
        t.other_village[county],
        t.other_town[county],
    )
    for j in range(stop - start):
        school = float(juniors[j]) * stipend + float(uppers[j]) * school_grant
        new = enrolled[j] / CELLS_PER_MU * t.conversion_payment * t.conversion_first
        dividend = dividends * float(members[j]) * int(farms[j])
        payments[j] = new + (paid[j] - new) + school + dividend + grant[j] + forest * int(farms[j])
    farm, wages, remittances = money.farm[start:stop], money.wages[start:stop], money.remittances[start:stop]
    pension, posts = money.pension[start:stop], money.posts[start:stop]
    for j in range(stop - start):
        head = other if town[j] == 1 else village
        made = farm[j] + wages[j] + remittances[j] + pension[j] + posts[j]
        borne = bearable(other_income(head, gap[j], t.other_growth, float(at_home[j])), made, t.gap_most)
        transfers[j] = borne - withheld[county, town[j]] * max(borne, 0.0)
    money.allowance[start:stop] = due.allowance[start:stop] * t.allowance[county]
    money.property[start:stop] = due.harvest.rents[start:stop]
    money.sold[start:stop] = due.harvest.sold[start:stop]
    poor, monitored, usual = homes.poor[start:stop], homes.monitored[start:stop], homes.permanent[start:stop]
    cash, savings_lost = homes.cash[start:stop], due.savings_lost[start:stop]
    invested, home_invested = due.harvest.invested[start:stop], due.home_invested[start:stop]
    for j in range(stop - start):
        strip.wants[j] = invested[j] + home_invested[j] + float(savings_lost[j]) * cash[j]
        registered = (poor[j] != NEVER_POOR) | (monitored[j] == 1)
        strip.ceiling[j] = ceiling(usual[j], registered, t.microloan, p)


@kernel
def _live(
    homes,
    due,
    t,
    pay,
    price_cattle,
    services_p,
    budgets_p,
    withheld,
    start,
    stop,
    money,
    after,
    receipts,
    closed,
    wrong,
):
    """Households `start:stop` receive, spend and are held to their books, strip by strip, while it is at hand."""
    strip = _Strip(
        np.empty(STRIP), np.empty(STRIP), np.empty(STRIP), np.empty(STRIP), np.empty(STRIP), np.empty(STRIP)
    )
    begin = start
    while begin < stop:
        end = run_end(homes.county, begin, min(begin + STRIP, stop))
        _receive(homes, due, t, services_p, withheld, begin, end, money, strip, receipts)
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
    homes = pick(households, _Homes)
    after = budgets.unspent(due.at_home)
    withheld = _withheld(homes, due, terms, money)

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
            withheld,
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
    return Lived(after, added_up([found[0] for found in parts]), [found[1:] for found in parts])


def due(
    harvest: farming.Harvest, ill: health.HealthFlows, served: services.Served, offers: conversion.Offers, *,
    allowance: np.ndarray, school: schooling.Supported, fees: np.ndarray, home_invested: np.ndarray,
    members: np.ndarray, at_home: np.ndarray,
) -> Due:  # fmt: skip
    """What the mechanisms say of each household, as one record."""
    return Due(
        harvest, ill.harvest_lost, ill.savings_lost, served.cooperative, served.insured, served.grant, allowance,
        school.juniors, school.uppers, ill.medical, fees, offers.granted, offers.paid, home_invested, members, at_home,
    )  # fmt: skip
