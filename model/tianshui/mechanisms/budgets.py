"""The household's budget: what comes in, in what order it is paid, what is eaten, saved, borrowed.

    income      = farm + wages + remittances + pension + allowance + posts + payments + indemnity + property
                  - premiums - interest
    consumption = min( members * bare + mpc * [usual income - members * bare]+ ,  what is left and can be borrowed )

A household pays in a fixed order: premiums, schooling, medicine, interest, investment, consumption, each from
what is left. What schooling and medicine cannot be paid from is borrowed up to the ceiling and beyond it
becomes arrears, which are debt too. When bare living is out of reach animals are sold. What is left beyond
half a year's consumption repays debt. So that, exactly,

    change of cash = incomes - outlays + borrowed - repaid + sold,    change of debt = borrowed - repaid

and neither is ever negative. A member who works in the prefecture earns a town wage; who lives in a village earns the
part `casual` of it, and a member of a household that came from the village a part that closes towards one with the
years since. A member away sends home `remit` of what is left of the wage after living there;
a household with nobody at home keeps that as its own.

Left out: gifts between households, durable goods, default and write-off of a living household's debt.
"""

import math
from typing import NamedTuple

import numpy as np

from tianshui.compiled import kernel, over, rule, unsigned
from tianshui.declare import Parameters, belief, outside
from tianshui.state import (
    FIRST_SECTOR,
    NO_WORK,
    OUTSIDE,
    POST,
    VILLAGE,
    WORK_AWAY,
    WORKSHOP,
    HouseholdMoney,
    Households,
    Persons,
)

MONTHS = 12.0
BASIC_YEARS, SCHOOLING_END = 9, 256
"""Years of schooling at which pay is stated; a number of years that nobody reaches."""
PENSION_AGE = 60
ADULT = 16


class BudgetsParameters(Parameters):
    """Numbers of the household budget."""

    remit: float = belief(
        0.4, unit="share", within=(0.0, 1.0), prior=(0.25, 0.4, 0.55), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Part of net earnings that a member away sends home."""

    away_living: float = belief(
        0.55, unit="share", within=(0.1, 0.95), prior=(0.45, 0.55, 0.65), source="assumed:rent_and_food_away",
        status="assumed",
    )  # fmt: skip
    """Part of a wage earned away that living there takes."""

    months_away: float = belief(
        10.0, unit="month/year", within=(4.0, 12.0), prior=(9.0, 10.0, 11.0), source="nbs_migrant_monitoring:months",
        status="recalled",
    )  # fmt: skip
    """Months worked in a year by a member away."""

    mpc: float = belief(
        0.75, unit="share", within=(0.1, 1.0), prior=(0.55, 0.75, 0.9), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Part of usual income above bare living that is consumed."""

    smoothing: float = belief(
        0.5, unit="share", within=(0.05, 1.0), prior=(0.3, 0.5, 0.7), source="assumed:two_years_memory",
        status="assumed",
    )  # fmt: skip
    """Weight of this year's income in usual income."""

    lasting: float = belief(
        0.6, unit="share", within=(0.0, 1.0), prior=(0.3, 0.6, 0.85), source="assumed:half_of_income_spread_lasts",
        status="assumed",
    )  # fmt: skip
    """Part of what a household's income of 2015 differs by from what its work and land explain that lasts beyond
    2015: skill, soil, kin who help or are helped."""

    fading: float = belief(
        0.05, unit="1/year", within=(0.0, 0.5), prior=(0.02, 0.05, 0.12), source="assumed:a_generation",
        status="assumed",
    )  # fmt: skip
    """Part of that difference that is gone after a year."""

    savings_rate: float = belief(
        0.015, unit="1/year", within=(0.0, 0.1), prior=(0.01, 0.015, 0.025), source="deposit_rates_2015:one_year",
        status="recalled",
    )  # fmt: skip
    """Interest on savings."""

    resident_premium: float = belief(
        250.0, unit="yuan/person/year", within=(50.0, 1500.0), prior=(180.0, 250.0, 350.0),
        source="resident_insurance_2019:premium", status="recalled",
    )  # fmt: skip
    """Medical and pension premium of a resident, at 2019 prices."""

    employee_share: float = belief(
        0.105, unit="share", within=(0.0, 0.3), prior=(0.08, 0.105, 0.12), source="social_insurance_rules:employee",
        status="recalled",
    )  # fmt: skip
    """Premiums and tax withheld from the wage of a town worker."""

    town_pension: float = belief(
        2000.0, unit="yuan/month", within=(500.0, 5000.0), prior=(1600.0, 2000.0, 2500.0),
        source="assumed:enterprise_pension_gansu_2015", status="assumed",
    )  # fmt: skip
    """Pension of a retired town worker in 2015; it grows with wages."""

    town_pensioners: float = belief(
        0.75,
        unit="share",
        within=(0.2, 1.0),
        prior=(0.6, 0.75, 0.9),
        source="assumed:coverage",
        status="assumed",
    )
    """Part of the old with town registration who draw a town worker's pension; the rest draw the basic one."""

    buffer: float = belief(
        0.5,
        unit="year",
        within=(0.0, 3.0),
        prior=(0.3, 0.5, 1.0),
        source="assumed:half_a_year",
        status="assumed",
    )
    """Consumption a household keeps in hand before it repays."""

    repayment: float = belief(
        0.3, unit="1/year", within=(0.0, 1.0), prior=(0.2, 0.3, 0.5), source="assumed:pace_of_repayment",
        status="assumed",
    )  # fmt: skip
    """Part of what exceeds the buffer that repays debt."""

    sale_price: float = belief(
        0.8,
        unit="share",
        within=(0.2, 1.0),
        prior=(0.6, 0.8, 0.9),
        source="assumed:forced_sale",
        status="assumed",
    )
    """Price of animals sold in need against their price."""

    basic_pension: float = outside(
        1.0, unit="ratio", within=(0.0, 5.0), prior=(0.9, 1.0, 1.1), source="gansu_resident_pension:path",
        status="recalled",
    )  # fmt: skip
    """Basic resident pension against its path."""


class Pay(NamedTuple):
    """What a year pays, for the kernel: yuan of the year."""

    wage: np.ndarray  # f8 (7, 10): yuan a year for nine years of schooling, by sector
    casual: np.ndarray  # f8 (7,): part of it that a villager earns
    closing: float  # 1/year: pace at which that part closes towards one after a move to town
    year: int
    edu_return: float
    away: float  # yuan a month away
    workshop: float  # yuan a year
    post: float  # yuan a year
    pension: float  # yuan a year, basic
    town_pension: float  # yuan a year
    premium: float  # yuan a year a person
    bare: float  # yuan a year a person
    rate: float  # interest on debt


class Balance(NamedTuple):
    """A household's year; columns of length H."""

    cash: np.ndarray  # f8
    debt: np.ndarray  # f8
    income: np.ndarray  # f8: disposable
    permanent: np.ndarray  # f8
    gap: np.ndarray  # f8: lasting gap of income a head, a year fainter
    cattle_sold: np.ndarray  # i2
    at_home: np.ndarray  # i4: members who live in the prefecture


@rule
def remittance(wage_away, months, schooling, edu_return, living, remit):
    """Yuan a year that a member away sends home."""
    earned = wage_away * months * math.exp(edu_return * (schooling - BASIC_YEARS))
    return earned * (1.0 - living) * remit


@rule
def newcomers_part(casual, closing, years):
    """Part of a town wage that a member earns `years` after its household moved to town."""
    return casual + (1.0 - casual) * (1.0 - math.exp(-closing * years))


@rule
def consumption_wish(members, bare, usual, mpc):
    """What a household would spend on living."""
    floor = members * bare
    return floor + mpc * max(0.0, usual - floor)


@kernel
def _earn(people, homes, lost, pay, p, start, stop, out, at_home, paid):
    # paid[county of residence, sector] gathers wages received: the households' side of the wage bill.
    # What a year of schooling makes of pay is reckoned once for each.
    skill, sent = np.empty(SCHOOLING_END), np.empty(SCHOOLING_END)
    for years in range(SCHOOLING_END):
        skill[years] = math.exp(pay.edu_return * (float(years) - BASIC_YEARS))
        sent[years] = remittance(
            pay.away, p.months_away, float(years), pay.edu_return, p.away_living, p.remit
        )
    town_pension = p.town_pensioners * pay.town_pension + (1.0 - p.town_pensioners) * pay.pension
    for h in range(start, stop):
        wages, remitted, posts, withheld = 0.0, 0.0, 0.0, 0.0
        living, insured, old, retired = 0, 0, 0, 0
        newcomers = int(homes.town_since[h])
        town_registered = int(homes.farm_hukou[h]) == 0
        for i in range(homes.first[h], homes.first[h + 1]):
            age = int(people.age[i])
            work = int(people.work[i])
            place = int(people.place[i])
            schooling = people.schooling[i]
            if place != OUTSIDE:
                living += 1
            worked = 1.0 - float(lost[i])
            insured += 1
            if work == WORK_AWAY:
                remitted += worked * sent[schooling]
            elif FIRST_SECTOR <= work < WORKSHOP and place != OUTSIDE:
                sector = work - FIRST_SECTOR
                earned = worked * pay.wage[place, sector] * skill[schooling]
                if int(people.setting[i]) == VILLAGE:
                    earned *= pay.casual[place]
                else:
                    if newcomers > 0 and place == int(homes.county[h]):
                        earned *= newcomers_part(pay.casual[place], pay.closing, pay.year - newcomers)
                    withheld += p.employee_share * earned
                    insured -= 1
                wages += earned
                paid[place, sector] += earned
            elif work == WORKSHOP:
                wages += pay.workshop
                paid[place, 10] += pay.workshop
            elif work == POST:
                posts += pay.post
            old += age >= PENSION_AGE
            retired += (age >= PENSION_AGE) & (work == NO_WORK)
        if not town_registered:
            retired = 0
        out.wages[h] = wages
        out.remittances[h] = remitted
        out.pension[h] = retired * town_pension + (old - retired) * pay.pension
        out.posts[h] = posts
        out.premiums[h] = insured * pay.premium + withheld
        at_home[h] = living


@kernel
def _spend(homes, bills, fees, wants, ceiling, at_home, price_cattle, pay, p, start, stop, out, after):
    for h in range(start, stop):
        members = float(at_home[h])
        cash, debt = homes.cash[h], homes.debt[h]
        out.property[h] += p.savings_rate * cash
        gains = (
            out.farm[h] + out.wages[h] + out.remittances[h] + out.pension[h] + out.allowance[h] + out.posts[h]
            + out.payments[h] + out.transfers[h] + out.indemnity[h] + out.property[h]
        )  # fmt: skip
        # A loss on the farm is paid first of all, from cash or as a debt to the supplier. What came of animals sold
        # is cash in hand, no income.
        left = cash + gains + out.sold[h]
        borrowed = 0.0
        if left < 0.0:
            borrowed = -left
            left = 0.0
        room = max(0.0, ceiling[h] - debt - borrowed)
        premiums = min(out.premiums[h], left)
        left -= premiums
        schooling = fees[h]
        if schooling > left:
            borrowed += schooling - left
            room = max(0.0, room - (schooling - left))
            left = 0.0
        else:
            left -= schooling
        medical = bills[h]
        if medical > left:
            borrowed += medical - left
            room = max(0.0, room - (medical - left))
            left = 0.0
        else:
            left -= medical
        interest = pay.rate * debt
        if interest > left:
            borrowed += interest - left
            room = max(0.0, room - (interest - left))
            left = 0.0
        else:
            left -= interest
        invested = wants[h]
        if invested > left:
            loan = min(invested - left, room)
            if left + loan < invested:
                # What was decided in spring is paid: the dealer gives credit.
                loan = invested - left
            borrowed += loan
            room = max(0.0, room - loan)
            left = 0.0
        else:
            left -= invested
        income = gains - premiums - interest
        usual = p.smoothing * income + (1.0 - p.smoothing) * homes.permanent[h]
        wish = consumption_wish(members, pay.bare, usual, p.mpc) if members > 0.0 else 0.0
        sold, heads = out.sold[h], 0
        floor = members * pay.bare
        if left + room < floor and int(homes.cattle[h]) > 0 and price_cattle > 0.0:
            missing = floor - left - room
            heads = min(int(homes.cattle[h]), int(missing / (price_cattle * p.sale_price)) + 1)
            forced = heads * price_cattle * p.sale_price
            sold += forced
            left += forced
        consumption = min(wish, left + room)
        if consumption > left:
            borrowed += consumption - left
            left = 0.0
        else:
            left -= consumption
        debt += borrowed
        spare = max(0.0, left - p.buffer * consumption)
        repaid = min(debt, p.repayment * spare)
        out.premiums[h] = premiums
        out.schooling[h] = schooling
        out.medical[h] = medical
        out.interest[h] = interest
        out.invested[h] = invested
        out.consumption[h] = consumption
        out.borrowed[h] = borrowed
        out.repaid[h] = repaid
        out.sold[h] = sold
        after.cash[h] = left - repaid
        after.debt[h] = debt - repaid
        after.income[h] = income
        after.permanent[h] = usual
        after.gap[h] = homes.gap[h] * (1.0 - p.fading)
        after.cattle_sold[h] = heads


class _People(NamedTuple):
    age: np.ndarray
    schooling: np.ndarray
    place: np.ndarray
    setting: np.ndarray
    work: np.ndarray


class _Homes(NamedTuple):
    first: np.ndarray
    county: np.ndarray
    farm_hukou: np.ndarray
    town_since: np.ndarray


class _Purse(NamedTuple):
    cash: np.ndarray
    debt: np.ndarray
    permanent: np.ndarray
    gap: np.ndarray
    cattle: np.ndarray


def earn(
    persons: Persons, households: Households, work: np.ndarray, place: np.ndarray, setting: np.ndarray,
    lost: np.ndarray, pay: Pay, p: BudgetsParameters,
) -> tuple[HouseholdMoney, np.ndarray, np.ndarray]:  # fmt: skip
    """What persons bring home: a money record with the earned columns filled and the others still to be written.

    `lost` (f4, P) is the share of the year's work that illness takes. Also the members at home (i4, H) and the wages received by county and sector (f8, 7 x 11: the last column is
    workshops), the households' side of the wage bill.
    """
    size = households.number.size
    out = HouseholdMoney(*(np.empty(size) for _ in HouseholdMoney._fields))
    at_home = np.empty(size, np.int32)
    people = _People(persons.age, persons.schooling, place, setting, work)
    homes = _Homes(
        unsigned(households.first), households.county, households.farm_hukou, households.town_since
    )
    values = p.values

    def task(start: int, stop: int) -> np.ndarray:
        paid = np.zeros((7, 11))
        _earn(people, homes, lost, pay, values, start, stop, out, at_home, paid)
        return paid

    return out, at_home, np.sum(over(size, task), axis=0)


def spend(
    households: Households,
    money: HouseholdMoney,
    bills: np.ndarray,
    fees: np.ndarray,
    wants: np.ndarray,
    ceiling: np.ndarray,
    at_home: np.ndarray,
    cattle: np.ndarray,
    price_cattle: float,
    pay: Pay,
    p: BudgetsParameters,
) -> Balance:
    """Pay in order, eat, save, borrow; fills the outlays of `money` and returns the balance.

    `bills` (medical), `fees` (schooling), `wants` (investment decided), `ceiling` (credit): f8 (H,), yuan.
    """
    size = households.number.size
    cash, debt, income, usual, gap = (np.empty(size) for _ in range(5))
    after = Balance(cash, debt, income, usual, gap, np.empty(size, np.int16), at_home)
    purse = _Purse(households.cash, households.debt, households.permanent, households.gap, cattle)
    values = p.values
    over(size, lambda a, b: _spend(purse, bills, fees, wants, ceiling, at_home, price_cattle, pay, values, a, b,
                                   money, after))  # fmt: skip
    return after
