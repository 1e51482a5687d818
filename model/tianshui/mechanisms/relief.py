"""Relief: the registers, monitoring, the subsistence allowance, public posts and workshops.

A household is *poor* when its disposable income for each member at home lies under the poverty line of the year, as a
survey would find it. The registers reckon otherwise: village assemblies add up what a family makes, pay away whole but for
the living there, before social premiums and interest, and divide by all its members, wherever they are,

    reckoned = income + premiums + interest + remittances * (1 / remit - 1)

A household is *at risk* when it is short of the monitoring line with large bills paid and savings counted,

    lacks = members * monitor_line * line of the year before - (reckoned - large bills) - counted_savings * savings > 0

and either a shock took more than `sudden` of its usual income, so reckoned, or that lies under the line; a bill
is large when it is such a shock, since everyday care belongs to the living that the line allows for. So a bill that
savings bear is no risk, nor a bad year of a family that has something laid by: the rule is about what a household can
live on, not about one year's income. Old people who live by themselves are not listed where a child who lives apart can
support them (`elders_kin`, one draw for life). A household at risk is found with the chance that the county's monitoring buys,

    found = 1 - exp(- (grid_base + monitoring money a villager / grid_cost + screening, in the year `screened_in`))

When monitoring was set up in 2020 the nation had all villages screened at once: who had been at risk for years was found
then, whatever a county spent.

Up to `register_until` whoever is found with a usual income under the line is entered in the poverty register (again),
as in the yearly adjustments of the campaign (a survey's income, to which the spread of incomes of 2015 was fitted); all
others, and everybody since, go on the monitoring register and stay until out of danger. The poverty register is left when
the year's and the usual income reach the line. The allowance tops income up to the standard,

    allowance = members at home * max(0, standard - income a head) * what the purse could pay

for those whom the clerks find: an entitled household is overlooked with `dib_excl`, with its square where it is
monitored or is or was registered poor (help goes on after a household is lifted, and the two registers are compared); a
household above the line is let in with `dib_incl_chance`. The errors belong to the household (one draw for
life), not to the year. The top-up falls as income rises (loop B8; `lump_sum_cut` pays the mean instead).

Homes that are unsafe at the start fall in number as they are repaired (a programme, whose homes grow old again). Who lives
in one is hit `unsafe_risk` times as often as others where disaster reaches the village, so that the chance to be hit is

    exposed = (1 + more * [1 - repaired / unsafe]+) / (1 + more),    more = (unsafe_risk - 1) * unsafe_share

times the usual one of `health`, for all homes of a county alike.

Left out: whose home is unsafe, what a sound home saves besides, lives; the urban allowance apart from the rural one; appeals; the work test; a home bought in town, which excludes
from monitoring by rule (the model does not tell it from a rented one), and so do cars, businesses and kin in public jobs;
what children of another household pay; school fees as large bills (loans and grants carry those of the poor).
"""

import math
from typing import NamedTuple

import numpy as np

from tianshui import draws, sums
from tianshui.compiled import kernel, pick, rule
from tianshui.declare import Parameters, belief, cut, lever, outside
from tianshui.draws import uniform
from tianshui.state import (
    COUNTIES,
    DISASTER,
    ILLNESS,
    INCOME_LOSS,
    LIFTED,
    NEVER_POOR,
    NO_SHOCK,
    POOR,
    Households,
)

DRAW_FOUND, DRAW_OVERLOOKED, DRAW_LET_IN, DRAW_KIN = range(4)
UNDER_LINE, AT_RISK, ENTERED, CLEARED, RETURNED = range(5)
"""Columns of what is counted by county, persons."""
LEAST_PART = 1e-6
"""Part of pay sent home below which nothing is sent: a divisor's guard."""
LIFE = 0
"""Errors of the register are drawn once for a household's life: the key of year 0."""


class ReliefParameters(Parameters):
    """Numbers of relief."""

    allowance: float = lever(
        0.0, unit="yuan/person/year", within=(0.0, 12000.0),
        names=("Rural subsistence standard", "农村低保标准"), who="county", where="county", cost=None,
        group="poverty", measure="M33", source="gansu_standard_2020:4428", status="recalled", paid_by=(0.85, 0.15), buys="households",
    )  # fmt: skip
    """Income a head up to which the allowance tops up."""

    monitoring: float = lever(
        0.0, unit="yuan/year", within=(0.0, 5e7), names=("Monitoring of households at risk", "防返贫监测投入"),
        who="county", where="county", cost="money", group="poverty", measure="M01",
        source="assumed:no_figure_found", status="assumed", paid_by=(0.5, 0.5),
    )  # fmt: skip
    """Money for grid workers and house visits."""

    posts: float = lever(
        0.0, unit="post", within=(0.0, 30000.0), names=("Public-welfare posts", "乡村公益性岗位"), who="county",
        where="county", cost="post_cost", group="poverty", measure="M30", source="tongwei_report:7860",
        status="found", paid_by=(0.8, 0.2), buys="households",
    )  # fmt: skip
    """Public posts in villages."""

    workshops: float = lever(
        0.0, unit="job", within=(0.0, 8000.0), names=("Workshop jobs supported", "乡村就业工厂岗位"), who="county",
        where="county", cost="workshop_cost", group="poverty", measure="M02", source="gansu_daily_2019_12:3763",
        status="found", paid_by=(0.5, 0.5),
    )  # fmt: skip
    """Jobs in village workshops whose rent and wages are supported."""

    house_repair: float = lever(
        0.0, unit="home/year", within=(0.0, 1000.0), names=("Unsafe homes repaired", "农村危房改造"), who="county",
        where="county", cost="house_repair_cost", group="poverty", measure="M01",
        source="rule_of_unsafe_homes:four_kinds_of_households", status="assumed", paid_by=(0.8, 0.2), buys="works", builds="repairs",
    )  # fmt: skip
    """Unsafe homes in villages of the county repaired or built anew with public money, beyond what is done already."""

    house_repair_cost: float = belief(
        14000.0, unit="yuan/home", within=(5000.0, 100000.0), prior=(12000.0, 14000.0, 30000.0),
        source="rule_of_unsafe_homes:central_average_14000", status="recalled",
    )  # fmt: skip
    """Public money for an unsafe home."""

    repairs_fades: float = belief(
        0.03, unit="1/year", within=(0.0, 0.2), prior=(0.02, 0.03, 0.05), source="assumed:thirty_years",
        status="assumed",
    )  # fmt: skip
    """Part of the repaired homes that a year makes unsafe again."""

    unsafe_start: float = belief(
        0.01, unit="home/person", within=(0.0005, 0.1), prior=(0.004, 0.01, 0.03),
        source="gansu_urban_plan_2014:827000_homes_in_58_counties_by_2020", status="assumed",
    )  # fmt: skip
    """Unsafe homes a village resident of 2015 that the usual programme leaves: a fifth of the 14,000 a poor county of
    Gansu (seven in fifty-eight) set out with in 2014."""

    unsafe_share: float = belief(
        0.04, unit="share", within=(0.0, 0.5), prior=(0.015, 0.04, 0.1), source="derived:four_persons_a_home",
        status="derived",
    )  # fmt: skip
    """Part of the village homes that those are."""

    unsafe_risk: float = belief(
        3.0, unit="ratio", within=(1.0, 10.0), prior=(1.5, 3.0, 5.0), source="assumed:adobe_falls_where_brick_stands",
        status="assumed",
    )  # fmt: skip
    """How often disaster hits who lives in an unsafe home against who lives in a sound one."""

    pub_post: float = belief(
        500.0, unit="yuan/month", within=(200.0, 1500.0), prior=(300.0, 500.0, 800.0), source="gansu_post_rules:pay",
        status="recalled",
    )  # fmt: skip
    """Pay of a public post, at 2019 prices."""

    post_cost: float = belief(
        6600.0, unit="yuan/post/year", within=(3000.0, 18000.0), prior=(4000.0, 6600.0, 10600.0),
        source="gansu_post_rules:pay_and_insurance", status="derived",
    )  # fmt: skip
    """Yearly cost of a post: twelve months' pay and a tenth for insurance."""

    shop_wage: float = belief(
        1500.0, unit="yuan/month", within=(500.0, 5000.0), prior=(1000.0, 1500.0, 3000.0),
        source="xinhua_2017:workshops", status="found",
    )  # fmt: skip
    """Pay of a workshop job, at 2019 prices, as many months as there is work."""

    workshop_cost: float = belief(
        4000.0, unit="yuan/job/year", within=(500.0, 20000.0), prior=(2000.0, 4000.0, 8000.0),
        source="assumed:rent_and_wage_support", status="assumed",
    )  # fmt: skip
    """Yearly support of a workshop job."""

    monitor_line: float = belief(
        1.5, unit="ratio", within=(1.0, 3.0), prior=(1.5, 1.5, 2.0), source="poverty_rules_2020:threshold",
        status="recalled",
    )  # fmt: skip
    """Monitoring line over the poverty line of the year before: 5,000 yuan in 2020 and 6,000 in 2021 on lines of 3,218 and
    4,000."""

    counted_savings: float = belief(
        1.0, unit="share", within=(0.0, 1.0), prior=(0.5, 1.0, 1.0), source="poverty_rules_2020:means_and_rigid_expenses",
        status="recalled",
    )  # fmt: skip
    """Part of its savings of the year before that a household is expected to live on before it counts as in danger."""

    sudden: float = belief(
        0.3,
        unit="share",
        within=(0.05, 0.9),
        prior=(0.2, 0.3, 0.4),
        source="mechanisms:1_8",
        status="assumed",
    )
    """Fall of income, or bill, against usual income that counts as a sudden shock."""

    elders_kin: float = belief(
        0.8, unit="share", within=(0.0, 1.0), prior=(0.6, 0.8, 0.95), source="charls_2011:old_with_living_children",
        status="assumed",
    )  # fmt: skip
    """Part of the households of old people alone whom a child living apart can support: nearly all have children, some
    of them poor themselves."""

    old_from: float = belief(
        60.0, unit="years", within=(50.0, 80.0), prior=(60.0, 60.0, 65.0), source="law_on_the_old:sixty",
        status="recalled", whole=True,
    )  # fmt: skip
    """Age from which somebody counts as old."""

    usual_weight: float = belief(
        0.5, unit="share", within=(0.0, 1.0), prior=(0.3, 0.5, 0.7), source="assumed:as_households_smooth",
        status="assumed",
    )  # fmt: skip
    """Weight of this year's income, against usual income, in what a household usually has."""

    grid_base: float = belief(
        0.06, unit="1/year", within=(0.0, 3.0), prior=(0.02, 0.06, 0.2), source="assumed:village_cadres",
        status="assumed",
    )  # fmt: skip
    """Rate at which village cadres find a household at risk without any monitoring money."""

    grid_cost: float = belief(
        60.0, unit="yuan/person", within=(1.0, 500.0), prior=(30.0, 60.0, 150.0), source="assumed:grid_workers",
        status="assumed",
    )  # fmt: skip
    """Yearly money a villager that raises the rate of finding by one."""

    screening: float = outside(
        0.5, unit="1/year", within=(0.0, 5.0), prior=(0.25, 0.5, 1.0), source="poverty_rules_2020:first_screening",
        status="assumed",
    )  # fmt: skip
    """Rate at which the nation's first screening found households at risk: some two fifths of them, a fifth to three fifths."""

    screened_in: float = outside(
        2020.0, unit="year", within=(2016.0, 2036.0), prior=(2020.0, 2020.0, 2020.0),
        source="poverty_rules_2020:first_screening", status="recalled",
    )  # fmt: skip
    """Year of that screening."""

    dib_excl: float = belief(
        0.5, unit="share", within=(0.0, 1.0), prior=(0.3, 0.5, 0.85), source="golan_sicular_umapathi_2015:wps7374",
        status="assumed",
    )  # fmt: skip
    """Chance that an entitled household is overlooked."""

    dib_incl_chance: float = belief(
        0.03, unit="share", within=(0.0, 0.5), prior=(0.015, 0.03, 0.05),
        source="golan_sicular_umapathi_2015:wps7374", status="assumed",
    )  # fmt: skip
    """Chance that a household above the standard draws an allowance all the same."""

    let_in_part: float = belief(
        0.3, unit="share", within=(0.0, 1.0), prior=(0.2, 0.3, 0.5), source="assumed:size_of_wrong_payments",
        status="assumed",
    )  # fmt: skip
    """Allowance of those let in wrongly, as a part of the standard."""

    withdrawal: float = belief(
        0.8, unit="share", within=(0.0, 1.0), prior=(0.5, 0.8, 1.0), source="mechanisms:b8", status="assumed"
    )
    """Part of the gap to the standard that is paid."""

    safe_years: float = belief(
        0.6, unit="share", within=(0.0, 1.0), prior=(0.4, 0.6, 0.9), source="assumed:review_once_a_year",
        status="assumed",
    )  # fmt: skip
    """Chance a year that a monitored household out of danger is struck off the register."""

    register_until: float = outside(
        2019.0, unit="year", within=(2015.0, 2036.0), prior=(2019.0, 2019.0, 2020.0),
        source="poverty_register_rules:last_adjustment_2019", status="recalled",
    )  # fmt: skip
    """Last year in which households are entered in the poverty register; since then they are monitored."""

    subsistence: float = belief(
        2200.0, unit="yuan/person/year", within=(800.0, 6000.0), prior=(1800.0, 2200.0, 2800.0),
        source="poverty_line_2010:2300", status="derived",
    )  # fmt: skip
    """Bare living of a person at 2015 prices."""

    lump_sum_cut: float = cut(names=("Allowance as a lump sum", "低保定额发放"), source="mechanisms:b8")
    """1 pays every drawer the same, whatever it earns (loop B8)."""


class Help(NamedTuple):
    """What is due of the allowance this year."""

    allowance: np.ndarray  # f8 (H,): yuan, as asked (before the purse)
    asked: np.ndarray  # f8 (7,): the same by county of registration


class Registers(NamedTuple):
    """The registers on 31 December; columns of length H unless said."""

    poor: np.ndarray  # u1
    monitored: np.ndarray  # u1
    shock: np.ndarray  # u1
    poor_persons: np.ndarray  # i8 (7,)
    at_risk: np.ndarray  # i8 (7,)
    entered: np.ndarray  # i8 (7,)
    cleared: np.ndarray  # i8 (7,)
    returned: np.ndarray  # i8 (7,): members at home of lifted households at risk this year, found or not


def exposed(repaired: np.ndarray, villagers: np.ndarray, p: ReliefParameters) -> np.ndarray:
    """Chance that disaster hits a household against the usual by county (f8, 7), with some homes `repaired` (f8, 7).

    `villagers` are village residents of 2015 (f8, 7).
    """
    left = np.maximum(1.0 - repaired / np.maximum(p.unsafe_start * villagers, 1.0), 0.0)
    more = (p.unsafe_risk - 1.0) * p.unsafe_share
    return (1.0 + more * left) / (1.0 + more)


@rule
def top_up(standard, income_per_head, members, p):
    """Allowance that brings a household towards the standard."""
    return members * max(0.0, standard - income_per_head) * p.withdrawal


@rule
def found_chance(money_per_villager, year, p):
    """Chance that a household at risk is found within the year."""
    screened = p.screening if year == p.screened_in else 0.0
    return 1.0 - math.exp(-(p.grid_base + money_per_villager / p.grid_cost + screened))


@kernel
def _found_chances(money_per_villager, year, p, found):
    for county in range(found.size):
        found[county] = found_chance(money_per_villager[county], year, p)


@rule
def due(standard, income, members, low, missed, p):
    """Allowance due to a household that is entitled (`low`) and not `missed`, or was let in above the standard."""
    if low and missed:
        return 0.0
    return (
        top_up(standard, income, members, p)
        if low and p.lump_sum_cut == 0.0
        else members * standard * p.let_in_part
    )


@kernel
def _help(homes, at_home, standard, luck, p, start, stop, rows, allowance, asked):
    # Nearly all earn more than the standard and are not let in: who is neither is told apart without a branch.
    n = 0
    for h in range(start, stop):
        allowance[h] = 0.0
        county, members = int(homes.county[h]), float(at_home[h])
        low = homes.income[h] - homes.aid[h] < standard[county] * members
        let_in = uniform(luck, homes.number[h], DRAW_LET_IN) < p.dib_incl_chance
        lives = (members > 0.0) & (homes.farm_hukou[h] == 1) & (standard[county] > 0.0)
        rows[n] = h
        n += lives & (low | let_in)
    for k in range(n):
        h = rows[k]
        county, members = int(homes.county[h]), float(at_home[h])
        # Income of last year, without the allowance it contained only to the extent it was earned.
        earned = homes.income[h] - homes.aid[h]
        low = earned < standard[county] * members
        known = homes.monitored[h] == 1 or homes.poor[h] != NEVER_POOR
        overlooked = p.dib_excl * p.dib_excl if known else p.dib_excl
        missed = uniform(luck, homes.number[h], DRAW_OVERLOOKED) < overlooked
        allowance[h] = due(standard[county], earned / members, members, low, missed, p)
        asked[county] += allowance[h]


class _Homes(NamedTuple):
    number: np.ndarray
    county: np.ndarray
    farm_hukou: np.ndarray
    income: np.ndarray
    aid: np.ndarray
    poor: np.ndarray
    monitored: np.ndarray


def decide(
    households: Households, at_home: np.ndarray, standard: np.ndarray, p: ReliefParameters, *, seed: int
) -> Help:
    """Who draws the allowance: last year's income without the allowance against the standard.

    `at_home` is the number of members who live in the prefecture (i4, H); `standard` is f8 (7,).
    """
    size = households.number.size
    allowance = np.empty(size)
    homes = pick(households, _Homes)
    luck, values = draws.key(seed, LIFE, "relief"), p.values

    def task(start: int, stop: int) -> np.ndarray:
        rows, asked = np.empty(stop - start + 1, np.int32), np.zeros(len(COUNTIES))
        _help(
            homes, at_home, standard, luck, values, np.uint64(start), np.uint64(stop), rows, allowance, asked
        )
        return asked

    return Help(allowance, sums.added(size, task, np.zeros(len(COUNTIES))))


class Means(NamedTuple):
    """What households live on this year; columns of length H, yuan unless said."""

    at_home: np.ndarray  # i4: members who live in the prefecture
    income: np.ndarray  # f8: disposable
    premiums: np.ndarray  # f8
    interest: np.ndarray  # f8
    remittances: np.ndarray  # f8
    bill: np.ndarray  # f8: medicine
    disaster: np.ndarray  # u1


@rule
def reckoned_income(income, taken, sent, remit):
    """Net income as the registers reckon it: before what premiums and interest have `taken`, pay away not only as it is `sent`."""
    return income + taken + sent * (1.0 / max(remit, LEAST_PART) - 1.0)


@rule
def lacks(income, bill, savings, people, line, p):
    """Yuan that a household lacks to the monitoring line, a large bill paid and savings counted; below nothing, it has more."""
    return people * p.monitor_line * line - (income - bill) - p.counted_savings * savings


@rule
def in_danger(income, usual, bill, savings, people, line, line_before, shock, p):
    """Whether a household is at risk: short of the monitoring line, and struck or usually under the poverty line."""
    large = bill * (shock == ILLNESS)
    short = lacks(income, large, savings, people, line_before, p) > 0.0
    return short & ((shock != NO_SHOCK) | (usual < line * people))


@rule
def struck_by(income, usual, bill, disaster, p):
    """What struck a household this year: a bill, a disaster or a loss of income, the first that applies."""
    heavy, lost = bill > p.sudden * usual, usual - income > p.sudden * usual
    return heavy * ILLNESS + (1 - heavy) * (disaster * DISASTER + (1 - disaster) * lost * INCOME_LOSS)


@rule
def usual_income(income, permanent, p):
    """What a household usually has: this year's income and that of the years before."""
    return p.usual_weight * income + (1.0 - p.usual_weight) * permanent


@kernel
def _counted(homes, means, remit, h):
    """Reckoned income of a household, what it usually has beside that of this year, and its members."""
    income = means.income[h]
    found = reckoned_income(income, means.premiums[h] + means.interest[h], means.remittances[h], remit)
    return found, homes.permanent[h] + (found - income), float(homes.first[h + 1] - homes.first[h])


@kernel
def _supported(homes, age, luck, p, h):
    """Whether a household is of old people alone whom a child living apart can support."""
    first, last, old = homes.first[h], homes.first[h + 1], np.uint8(p.old_from)
    for i in range(first, last):
        if age[i] < old:
            return False
    return uniform(luck, homes.number[h], DRAW_KIN) < p.elders_kin


@kernel
def _mark(homes, means, line, line_before, remit, p, start, stop, out, flag, rows):
    """Shocks of all households; the rows of those whom a register concerns, and how many they are."""
    for h in range(start, stop):
        out.poor[h] = homes.poor[h]
        out.monitored[h] = homes.monitored[h]
    for h in range(start, stop):
        income, bill = means.income[h], means.bill[h]
        found, before, members = _counted(homes, means, remit, h)
        shock = struck_by(found, max(before, 1.0), bill, means.disaster[h], p)
        usual = usual_income(found, before, p)
        danger = in_danger(found, usual, bill, homes.cash[h], members, line, line_before, shock, p)
        out.shock[h] = shock
        flag[h - start] = (income < line * float(means.at_home[h])) | danger
    n = 0
    for h in range(start, stop):
        listed = (homes.poor[h] == POOR) | (homes.monitored[h] == 1) | (flag[h - start] == 1)
        rows[n] = h
        n += listed & (homes.farm_hukou[h] == 1)
    return n


@kernel
def _register(
    homes,
    means,
    age,
    line,
    line_before,
    remit,
    found,
    entering,
    luck,
    life,
    p,
    start,
    stop,
    out,
    flag,
    rows,
    counts,
):
    """The registers of households `start:stop`; `flag` and `rows` are room for as many."""
    concerned = _mark(homes, means, line, line_before, remit, p, start, stop, out, flag, rows)
    for h in rows[:concerned]:
        county = int(homes.county[h])
        poor, monitored = int(homes.poor[h]), int(homes.monitored[h])
        (income, before, members), people = _counted(homes, means, remit, h), float(means.at_home[h])
        if people == 0.0:
            # Nobody at home: off the registers; the purse cannot help who is not there.
            counts[county, CLEARED] += members * monitored
            out.monitored[h] = 0
            out.poor[h] = LIFTED if poor == POOR else poor
            continue
        usual = usual_income(income, before, p)
        # The poverty register keeps to income a head at home: to that the spread of incomes of 2015 was fitted.
        below = usual_income(means.income[h], homes.permanent[h], p) < line * people
        if means.income[h] < line * people:
            counts[county, UNDER_LINE] += people
        elif poor == POOR and not below:
            out.poor[h] = LIFTED
        danger = in_danger(
            income, usual, means.bill[h], homes.cash[h], members, line, line_before, out.shock[h], p
        ) and not _supported(homes, age, life, p, h)
        counts[county, AT_RISK] += people * danger
        counts[county, RETURNED] += people * (danger & (poor == LIFTED))
        draw = uniform(luck, homes.number[h], DRAW_FOUND)
        if danger and monitored == 0 and draw < found[county]:
            if entering and below:
                out.poor[h] = POOR
            else:
                out.monitored[h] = 1
                counts[county, ENTERED] += members
        elif monitored == 1 and not danger and draw < p.safe_years:
            out.monitored[h] = 0
            counts[county, CLEARED] += members


class _Registered(NamedTuple):
    number: np.ndarray
    first: np.ndarray
    county: np.ndarray
    farm_hukou: np.ndarray
    cash: np.ndarray
    permanent: np.ndarray
    poor: np.ndarray
    monitored: np.ndarray


def register(
    households: Households,
    means: Means,
    age: np.ndarray,
    line: float,
    line_before: float,
    remit: float,
    money_per_villager: np.ndarray,
    p: ReliefParameters,
    *,
    seed: int,
    year: int,
) -> Registers:
    """The registers at year's end, from what households live on, the ages of persons (u1, P) and the poverty line.

    `line` and `line_before` are the poverty lines of the year and of the year before, yuan a head; `remit` is the part of
    net pay away that is sent home.
    """
    size = households.number.size
    out = Registers(*(np.empty(size, np.uint8) for _ in range(3)), *(np.zeros(7, np.int64) for _ in range(5)))
    homes = pick(households, _Registered)
    found = np.empty(money_per_villager.size)
    _found_chances(money_per_villager, year, p.values, found)
    luck, values, entering = draws.key(seed, year, "relief"), p.values, year <= p.register_until
    life = draws.key(seed, LIFE, "relief")

    def task(start: int, stop: int) -> np.ndarray:
        flag, rows = np.empty(stop - start, np.uint8), np.empty(stop - start + 1, np.int32)
        counts = np.zeros((7, RETURNED + 1))
        _register(homes, means, age, line, line_before, remit, found, entering, luck, life, values, np.uint64(start),
                  np.uint64(stop), out, flag, rows, counts)  # fmt: skip
        return counts

    counts = sums.added(size, task, np.zeros((7, RETURNED + 1))).astype(np.int64)
    return out._replace(
        poor_persons=counts[:, UNDER_LINE], at_risk=counts[:, AT_RISK], entered=counts[:, ENTERED],
        cleared=counts[:, CLEARED], returned=counts[:, RETURNED],
    )  # fmt: skip
