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

What surveys tell of town incomes is chained: a sample of dwellings is drawn for `survey_years`, and where it is drawn anew
levels are linked by the growth of what can be compared. So who moved to town since then is not met,

    chained = chained a year before * income a head / the same a year before, both of those in town before the sample

What is published of villages is steadier than what households earn, and counties rise together: a harvest is
valued at usual prices, and what a county reports is weighed against what was expected of it. So of villages news enters by a
part of itself (of towns, where pay is told as it was paid, whole), and a county's own news by a part of that,

    growth published = usual + news * [ log(mean / published mean a year before) - usual ],    news = survey_news or 1
    of a county      = growth published + news * survey_county * [ log(own / published before) - growth published ]
    usual            = usual + survey_memory * (growth published - usual)

for the prefecture's mean. A level that was missed is so made good in time.

Left out: gifts between households, durable goods, default and write-off of a living household's debt.
"""

import math
from typing import NamedTuple

import numpy as np

from tianshui import draws
from tianshui.compiled import added_up, kernel, over, pick_homes, rule
from tianshui.declare import Parameters, belief, cut, outside
from tianshui.draws import uniform
from tianshui.state import (
    COUNTIES,
    FIRST_SECTOR,
    NO_WORK,
    OUTSIDE,
    PERCENT,
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
OLD, RETIRED = 2**20, 2**40
"""One old and one retired person in a word that counts all who live here in its lowest part."""
STRIP = 1024
"""Persons who are looked at together."""


class BudgetsParameters(Parameters):
    """Numbers of the household budget."""

    pension_age: float = belief(
        60.0, unit="years", within=(50.0, 70.0), prior=(60.0, 60.0, 60.0),
        source="recalled:rules_of_the_basic_pension_of_residents", status="recalled", whole=True,
    )  # fmt: skip
    """Age from which the basic pension is paid, and the pension of urban employees to those without work."""

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

    survey_years: float = belief(
        5.0, unit="years", within=(0.0, 10.0), prior=(3.0, 5.0, 5.0), source="household_survey_rules:sample_of_five_years",
        status="recalled", whole=True,
    )  # fmt: skip
    """Years after its move until a household is in the sample of the survey of town incomes."""

    survey_news: float = belief(
        0.2, unit="share", within=(0.0, 1.0), prior=(0.05, 0.2, 0.4), source="nakamura_steinsson_liu_2016:too_smooth",
        status="assumed",
    )  # fmt: skip
    """Part of the news of a year's incomes in villages that what is published of the year tells. The frost of April 2018 took most of the apples, by traders' estimates, and the published incomes of the fruit counties grew as in other years: it is small."""

    survey_memory: float = belief(
        0.2, unit="1/year", within=(0.0, 1.0), prior=(0.1, 0.2, 0.4), source="assumed:growth_of_five_years",
        status="assumed",
    )  # fmt: skip
    """Weight of a year in the growth of incomes that is expected when a year's are weighed."""

    survey_county: float = belief(
        0.2, unit="share", within=(0.0, 1.0), prior=(0.05, 0.2, 0.5), source="county_yearbooks:counties_rise_together",
        status="assumed",
    )  # fmt: skip
    """Part of a county's own news, beside the prefecture's, that is told: a hundred households a county would spread their growth by several points, what was published to 2019 spreads by half a point."""

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

    gap_most: float = belief(
        0.5, unit="share", within=(0.0, 1.0), prior=(0.3, 0.5, 0.7),
        source="assumed:the_rest_was_a_bad_year", status="assumed",
    )  # fmt: skip
    """Largest part of what work and land make that unexplained income below nothing takes from a household."""

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

    asset_cut: float = cut(
        names=("Means of 2020 for all choices", "各项选择按2020年积蓄"), source="mechanisms:r1"
    )
    """1 lets households plant, keep animals, leave and join as if cash lay among them as in 2020, whoever has lost his (loop R1)."""


class Pay(NamedTuple):
    """What a year pays, for the kernel: yuan of the year."""

    wage: np.ndarray  # f8 (7, 10): yuan a year for nine years of schooling, by sector
    casual: np.ndarray  # f8 (7,): part of it that a villager earns
    closing: float  # 1/year: pace at which that part closes towards one after a move to town
    year: int
    edu_return: float
    away: float  # yuan a month away
    away_skill: np.ndarray  # f8 (7,): factor of it by county of registration
    workshop: float  # yuan a year
    post: float  # yuan a year
    pension: float  # yuan a year, basic
    town_pension: float  # yuan a year
    premium: float  # yuan a year a person
    bare: float  # yuan a year a person
    rate: float  # interest on debt


def purses(households: Households, *, cpi: float) -> np.ndarray:
    """Real cash that so many percent of each county's households do not exceed (f8, 7 x 101), yuan of 2015."""
    found, parts = np.zeros((len(COUNTIES), PERCENT + 1)), np.linspace(0.0, 1.0, PERCENT + 1)
    for county in range(len(COUNTIES)):
        own = households.cash[households.county == county]
        if own.size > 0:
            found[county] = np.quantile(own, parts) / cpi
    return found


def held_cash(households: Households, held: np.ndarray, *, cpi: float, seed: int) -> np.ndarray:
    """Cash of each household where it lies as `purses` once found it, whatever befell whom (f8, H), yuan.

    A household keeps its rank, which is drawn: what it has earned or lost moves nothing.
    """
    ranks, out = np.empty(households.number.size), np.empty(households.number.size)
    _ranks(draws.key(seed, 0, "purses"), households.number, ranks)
    for county in range(len(COUNTIES)):
        here = households.county == county
        out[here] = np.interp(ranks[here] * PERCENT, np.arange(PERCENT + 1), held[county]) * cpi
    return out


@kernel
def _ranks(luck, number, ranks):
    for h in range(number.size):
        ranks[h] = uniform(luck, number[h], 0)


class Balance(NamedTuple):
    """A household's year; columns of length H."""

    cash: np.ndarray  # f8
    debt: np.ndarray  # f8
    income: np.ndarray  # f8: disposable
    permanent: np.ndarray  # f8
    gap: np.ndarray  # f8: lasting gap of income a head, a year fainter
    cattle: np.ndarray  # i2: heads left after sales in need
    draws: (
        np.ndarray
    )  # u1: 1 when an allowance was really paid: being entitled pays nothing where the purse is empty
    at_home: np.ndarray  # i4: members who live in the prefecture


@rule
def remittance(wage_away, months, schooling, edu_return, living, remit):
    """Yuan a year that a member away sends home."""
    earned = wage_away * months * math.exp(edu_return * (schooling - BASIC_YEARS))
    return earned * (1.0 - living) * remit


@rule
def newcomers_part(casual, behind):
    """Part of a town wage that a member earns while the part `behind` of what parts it from townspeople remains."""
    return casual + (1.0 - casual) * (1.0 - behind)


@rule
def consumption_wish(members, bare, usual, mpc):
    """What a household would spend on living."""
    floor = members * bare
    return floor + mpc * max(0.0, usual - floor)


@kernel
def _look(people, begin, end, p, heads, sector, away, rare):
    """Of persons `begin:end`: who lives here, is old, is retired (in one word); who works in a sector, away, for relief."""
    age, place, work = people.age[begin:end], people.place[begin:end], people.work[begin:end]
    # As narrow as the column of ages, so that many are compared at a time.
    pensioned = np.uint8(p.pension_age)
    for i in range(end - begin):
        aged = np.int64(age[i] >= pensioned)
        heads[i] = np.int64(place[i] != OUTSIDE) + aged * OLD + aged * np.int64(work[i] == NO_WORK) * RETIRED
    for i in range(end - begin):
        sector[i] = (work[i] >= FIRST_SECTOR) & (work[i] < WORKSHOP) & (place[i] != OUTSIDE)
    for i in range(end - begin):
        away[i] = work[i] == WORK_AWAY
        rare[i] = (work[i] == WORKSHOP) | (work[i] == POST)


@kernel
def _kinds(people, low, high, p, rows, until):
    """Who earns among the persons `low:high`: rows by kind of work in `rows` (3, n), and how many each.

    Kinds: a sector, away, a workshop or a public post. `until[i + 1]` adds up the heads of the first `i + 1`.
    """
    heads, sector = np.empty(STRIP, np.int64), np.empty(STRIP, np.uint8)
    away, rare = np.empty(STRIP, np.uint8), np.empty(STRIP, np.uint8)
    first, second, third, seen = 0, 0, 0, 0
    until[0] = 0
    for begin in range(low, high, STRIP):
        end = min(begin + STRIP, high)
        _look(people, begin, end, p, heads, sector, away, rare)
        sums = until[begin - low + 1 : end - low + 1]
        for i in range(end - begin):
            row = begin + i
            rows[0, first] = row
            first += np.int64(sector[i])
            rows[1, second] = row
            second += np.int64(away[i])
            rows[2, third] = row
            third += np.int64(rare[i])
            seen += heads[i]
            sums[i] = seen
    return first, second, third


@kernel
def _count(people, homes, pay, p, start, stop, rows, until, out, at_home):
    """Pensions and premiums by household; who earns, by kind of work in `rows`, and how many each."""
    town_pension = p.town_pensioners * pay.town_pension + (1.0 - p.town_pensioners) * pay.pension
    first, in_village, low = homes.first[start : stop + 1], homes.farm_hukou[start:stop], homes.first[start]
    many = _kinds(people, np.int64(low), np.int64(homes.first[stop]), p, rows, until)
    living, pension, premiums = at_home[start:stop], out.pension[start:stop], out.premiums[start:stop]
    for h in range(stop - start):
        seen = until[first[h + 1] - low] - until[first[h] - low]
        old, retired = seen % RETIRED // OLD, seen // RETIRED * (in_village[h] == 0)
        living[h] = seen % OLD
        pension[h] = retired * town_pension + (old - retired) * pay.pension
        premiums[h] = (first[h + 1] - first[h]) * pay.premium
    out.wages[start:stop] = 0.0
    out.remittances[start:stop] = 0.0
    out.posts[start:stop] = 0.0
    return many


@kernel
def _earn(people, homes, lost, pay, p, start, stop, out, at_home, paid):
    """What members of households `start:stop` bring home, and how many live there."""
    # paid[county of residence, sector] gathers wages received: the households' side of the wage bill.
    # What a year of schooling makes of pay is reckoned once for each, and so is what a year in town does.
    skill, sent, behind = np.empty(SCHOOLING_END), np.empty(SCHOOLING_END), np.empty(SCHOOLING_END)
    for years in range(SCHOOLING_END):
        skill[years] = math.exp(pay.edu_return * (float(years) - BASIC_YEARS))
        sent[years] = remittance(
            pay.away, p.months_away, float(years), pay.edu_return, p.away_living, p.remit
        )
        behind[years] = math.exp(-pay.closing * years)
    room = np.int64(homes.first[stop] - homes.first[start]) + 1
    rows, until = np.empty((3, room), np.uint32), np.empty(room, np.int64)
    sectors, away, rare = _count(people, homes, pay, p, start, stop, rows, until, out, at_home)
    for k in range(sectors):
        i = np.int64(rows[0, k])
        h, place, sector = people.household[i], int(people.place[i]), int(people.work[i]) - FIRST_SECTOR
        earned = (1.0 - float(lost[i])) * pay.wage[place, sector] * skill[people.schooling[i]]
        if people.setting[i] == VILLAGE:
            earned *= pay.casual[place]
        else:
            newcomers = int(homes.town_since[h])
            if newcomers > 0 and place == int(homes.county[h]):
                years = min(max(pay.year - newcomers, 0), SCHOOLING_END - 1)
                earned *= newcomers_part(pay.casual[place], behind[years])
            out.premiums[h] += p.employee_share * earned - pay.premium
        out.wages[h] += earned
        paid[place, sector] += earned
    for k in range(away):
        i = np.int64(rows[1, k])
        h = people.household[i]
        out.remittances[h] += (
            (1.0 - float(lost[i])) * sent[people.schooling[i]] * pay.away_skill[homes.county[h]]
        )
    for k in range(rare):
        i = np.int64(rows[2, k])
        if people.work[i] == WORKSHOP:
            out.wages[people.household[i]] += pay.workshop
            paid[people.place[i], paid.shape[1] - 1] += pay.workshop
        else:
            out.posts[people.household[i]] += pay.post


@rule
def paid_from(bill, left):
    """What is left after a bill, and what of it has to be borrowed."""
    return max(left - bill, 0.0), max(bill - left, 0.0)


@kernel
def _gain(homes, p, start, stop, out, gains):
    """All that comes in, interest on savings included."""
    cash, property_ = homes.cash[start:stop], out.property[start:stop]
    farm, wages, remittances = out.farm[start:stop], out.wages[start:stop], out.remittances[start:stop]
    pension, allowance, posts = out.pension[start:stop], out.allowance[start:stop], out.posts[start:stop]
    payments, transfers = out.payments[start:stop], out.transfers[start:stop]
    indemnity = out.indemnity[start:stop]
    for j in range(stop - start):
        property_[j] += p.savings_rate * cash[j]
        gains[j] = (
            farm[j] + wages[j] + remittances[j] + pension[j] + allowance[j] + posts[j]
            + payments[j] + transfers[j] + indemnity[j] + property_[j]
        )  # fmt: skip


@kernel
def _pay(homes, fees, bills, wants, ceiling, rate, start, stop, out, gains, left, room):
    """Pay in order what has to be paid; what is left of `gains` and cash, and what can still be borrowed."""
    cash, debt, sold = homes.cash[start:stop], homes.debt[start:stop], out.sold[start:stop]
    premiums, interest, borrowed = (
        out.premiums[start:stop],
        out.interest[start:stop],
        out.borrowed[start:stop],
    )
    schooling, medical = fees[start:stop], bills[start:stop]
    for j in range(stop - start):
        # A loss on the farm is paid first of all, from cash or as a debt to the supplier. What came of animals sold
        # is cash in hand, no income.
        rest, loan = paid_from(0.0, cash[j] + gains[j] + sold[j])
        loans, credit = loan, max(0.0, ceiling[j] - debt[j] - loan)
        premiums[j] = min(premiums[j], rest)
        interest[j] = rate * debt[j]
        rest, loan = paid_from(schooling[j], rest - premiums[j])
        loans, credit = loans + loan, max(0.0, credit - loan)
        rest, loan = paid_from(medical[j], rest)
        loans, credit = loans + loan, max(0.0, credit - loan)
        rest, loan = paid_from(interest[j], rest)
        loans, credit = loans + loan, max(0.0, credit - loan)
        # What was decided in spring is paid: beyond the credit of the bank the dealer gives it.
        rest, loan = paid_from(wants[j], rest)
        borrowed[j], left[j], room[j] = loans + loan, rest, max(0.0, credit - loan)


@kernel
def _wish(homes, at_home, bare, p, start, stop, out, after, floor):
    """Disposable and usual income of `after`, which holds what came in; bare living, and what one would consume."""
    permanent, heads = homes.permanent[start:stop], at_home[start:stop]
    premiums, interest, consumption = (
        out.premiums[start:stop],
        out.interest[start:stop],
        out.consumption[start:stop],
    )
    income, usual = after.income[start:stop], after.permanent[start:stop]
    for j in range(stop - start):
        income[j] = income[j] - premiums[j] - interest[j]
        usual[j] = p.smoothing * income[j] + (1.0 - p.smoothing) * permanent[j]
        members = float(heads[j])
        floor[j] = members * bare
        consumption[j] = consumption_wish(members, bare, usual[j], p.mpc) if heads[j] > 0 else 0.0


@kernel
def _sell(homes, price, p, start, stop, out, after, left, room, floor):
    """Animals sold where bare living is out of reach: their price is added to what is left."""
    cattle, remain, sold = homes.cattle[start:stop], after.cattle[start:stop], out.sold[start:stop]
    for j in range(stop - start):
        remain[j] = cattle[j]
    for j in range(stop - start if price > 0.0 else 0):
        if left[j] + room[j] < floor[j] and cattle[j] > 0:
            missing = floor[j] - left[j] - room[j]
            heads = min(int(cattle[j]), int(missing / (price * p.sale_price)) + 1)
            forced = heads * price * p.sale_price
            sold[j] += forced
            left[j] += forced
            remain[j] = int(cattle[j]) - heads


@kernel
def _settle(homes, p, start, stop, out, after, left, room):
    """Eat, and repay from what is left beyond the buffer."""
    debt, allowance, gap = homes.debt[start:stop], out.allowance[start:stop], homes.gap[start:stop]
    consumption, borrowed, repaid = (
        out.consumption[start:stop],
        out.borrowed[start:stop],
        out.repaid[start:stop],
    )
    cash, owed, fainter = after.cash[start:stop], after.debt[start:stop], after.gap[start:stop]
    draws = after.draws[start:stop]
    for j in range(stop - start):
        eaten = min(consumption[j], left[j] + room[j])
        rest, loan = paid_from(eaten, left[j])
        loans = borrowed[j] + loan
        due = debt[j] + loans
        back = min(due, p.repayment * max(0.0, rest - p.buffer * eaten))
        consumption[j], borrowed[j], repaid[j] = eaten, loans, back
        cash[j], owed[j] = rest - back, due - back
    for j in range(stop - start):
        fainter[j] = gap[j] * (1.0 - p.fading)
        draws[j] = allowance[j] > 0.0


@kernel
def spend(homes, bills, fees, wants, ceiling, at_home, price_cattle, pay, p, start, stop, out, after):
    """Households `start:stop` pay in order, eat, save, borrow: the outlays of `out` and what is left in `after`.

    `homes` has cash, debt, permanent, gap and cattle; `bills` (medical) and `fees` (schooling) are columns of length H;
    `wants` (investment decided) and `ceiling` (credit) those of these rows alone, yuan.
    """
    left, room, floor = np.empty(stop - start), np.empty(stop - start), np.empty(stop - start)
    _gain(homes, p, start, stop, out, after.income[start:stop])
    _pay(homes, fees, bills, wants, ceiling, pay.rate, start, stop, out, after.income[start:stop], left, room)
    _wish(homes, at_home, pay.bare, p, start, stop, out, after, floor)
    _sell(homes, price_cattle, p, start, stop, out, after, left, room, floor)
    _settle(homes, p, start, stop, out, after, left, room)
    out.schooling[start:stop] = fees[start:stop]
    out.medical[start:stop] = bills[start:stop]
    out.invested[start:stop] = wants[: stop - start]


class _People(NamedTuple):
    household: np.ndarray
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


def earn(
    persons: Persons, households: Households, work: np.ndarray, place: np.ndarray, setting: np.ndarray,
    lost: np.ndarray, pay: Pay, p: BudgetsParameters,
) -> tuple[HouseholdMoney, np.ndarray, np.ndarray]:  # fmt: skip
    """What persons bring home: a money record with the earned columns filled and the others still to be written.

    `lost` (f4, P) is the share of the year's work that illness takes. Also the members at home (i4, H) and the wages received by county and sector (f8, 7 x 11: the last column is
    workshops), the households' side of the wage bill.
    """
    size = households.number.size
    out = HouseholdMoney(*np.empty((len(HouseholdMoney._fields), size)))
    at_home = np.empty(size, np.int32)
    people = _People(persons.household, persons.age, persons.schooling, place, setting, work)
    homes = pick_homes(households, _Homes)
    values = p.values

    def task(start: int, stop: int) -> np.ndarray:
        paid = np.zeros((7, 11))
        _earn(people, homes, lost, pay, values, start, stop, out, at_home, paid)
        return paid

    return out, at_home, added_up(over(size, task))


def unspent(at_home: np.ndarray) -> Balance:
    """Room for what `spend` leaves each household; `at_home` are its members in the prefecture (i4, H)."""
    size = at_home.size
    cash, debt, income, usual, gap = np.empty((5, size))
    return Balance(
        cash, debt, income, usual, gap, np.empty(size, np.int16), np.empty(size, np.uint8), at_home
    )


class Met(NamedTuple):
    """Households at the end of a year: members at home (i4, H) and income of the year (f8, H, yuan)."""

    households: Households
    heads: np.ndarray
    income: np.ndarray


def town_means(met: Met, before: float = math.inf) -> np.ndarray:
    """Income a head in each county's towns, f8 (7,), yuan, of those who moved there before a year; 0 where there is nobody."""
    homes = met.households
    asked = (homes.in_town == 1) & (homes.town_since < before) & (met.heads > 0)
    county = homes.county[asked]
    money, people = (
        np.bincount(county, weights=one[asked], minlength=len(COUNTIES)) for one in (met.income, met.heads)
    )
    return money / np.maximum(people, 1.0)


def village_means(met: Met) -> np.ndarray:
    """Income a head in each county's villages, f8 (7,), yuan; 0 where there is nobody."""
    homes = met.households
    asked = (homes.in_town == 0) & (met.heads > 0)
    county = homes.county[asked]
    money, people = (
        np.bincount(county, weights=one[asked], minlength=len(COUNTIES)) for one in (met.income, met.heads)
    )
    return money / np.maximum(people, 1.0)


def published(
    told: np.ndarray, usual: float, means: np.ndarray, heads: np.ndarray, news: float, p: BudgetsParameters
) -> tuple[np.ndarray, float]:
    """Income a head as it is published, and the growth that is expected of the next year.

    Parameters
    ----------
    told : array
        What was published a year before, f8 (7,), yuan.
    usual : float
        Log growth of the prefecture that is expected.
    means : array
        Incomes a head that surveys met, f8 (7,), yuan; 0 where they met nobody, of which nothing new is told.
    heads : array
        Residents, by which counties weigh in the prefecture, f8 (7,).
    news : float
        Part of what is new that is told.
    """
    known = (means > 0.0) & (told > 0.0)
    if not (heads[known] > 0.0).any():
        return told.copy(), usual
    before, now = (float(one[known] @ heads[known]) for one in (told, means))
    growth = usual + news * (math.log(now / before) - usual)
    own = np.log(np.where(known, means, 1.0) / np.where(known, told, 1.0)) - growth
    return told * np.exp(
        growth + news * p.survey_county * np.where(known, own, 0.0)
    ), usual + p.survey_memory * (growth - usual)


def surveyed(chained: np.ndarray, last: Met, this: Met, p: BudgetsParameters, *, year: int) -> np.ndarray:
    """Income a head in towns as a chain of samples tells it (f8, 7, yuan), from that of the year before."""
    was, now = (town_means(met, year - p.survey_years) for met in (last, this))
    # A small sample may meet nobody, or nobody with an income.
    known = (was > 0.0) & (now > 0.0)
    return chained * np.where(known, now / np.where(known, was, 1.0), 1.0)
