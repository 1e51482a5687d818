"""Relief: the registers, monitoring, the subsistence allowance, public posts and workshops.

A household is *poor* when its disposable income for each member at home lies under the poverty line of the
year, and *at risk* when income less
medical bills lies under `monitor_line` times that line and either a shock took more than `sudden` of its income or
its usual income lies under the line. A household at risk is found with the chance that the county's monitoring buys,

    found = 1 - exp(- (grid_base + monitoring money a villager / grid_cost))

and stays on the register until it is out of danger. The allowance tops income up to the standard,

    allowance = members at home * max(0, standard - income a head) * what the purse could pay

for those whom the clerks find: a poor household is overlooked with `dib_excl` (less where it is monitored), a
household above the line is let in with `dib_incl_chance`. The errors belong to the household (one draw for
life), not to the year. The top-up falls as income rises (loop B8; `lump_sum_cut` pays the mean instead).

Left out: the urban allowance apart from the rural one; appeals; the work test.
"""

import math
from typing import NamedTuple

import numpy as np

from tianshui import draws
from tianshui.compiled import kernel, over, rule
from tianshui.declare import Parameters, belief, cut, lever
from tianshui.draws import uniform
from tianshui.state import ILLNESS, INCOME_LOSS, LIFTED, NEVER_POOR, NO_SHOCK, POOR, Households

DRAW_FOUND, DRAW_OVERLOOKED, DRAW_LET_IN = 0, 1, 2
LIFE = 0
"""Errors of the register are drawn once for a household's life: the key of year 0."""


class ReliefParameters(Parameters):
    """Numbers of relief."""

    allowance: float = lever(
        0.0, unit="yuan/person/year", within=(0.0, 12000.0),
        names=("Rural subsistence standard", "农村低保标准"), who="county", where="county", cost=None,
        group="poverty", measure="M33", source="gansu_standard_2020:4428", status="recalled", paid_by=(0.85, 0.15),
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
        status="found", paid_by=(0.8, 0.2),
    )  # fmt: skip
    """Public posts in villages."""

    workshops: float = lever(
        0.0, unit="job", within=(0.0, 8000.0), names=("Workshop jobs supported", "乡村就业工厂岗位"), who="county",
        where="county", cost="workshop_cost", group="poverty", measure="M02", source="gansu_daily_2019_12:3763",
        status="found", paid_by=(0.5, 0.5),
    )  # fmt: skip
    """Jobs in village workshops whose rent and wages are supported."""

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
    """Monitoring line over the poverty line."""

    sudden: float = belief(
        0.3,
        unit="share",
        within=(0.05, 0.9),
        prior=(0.2, 0.3, 0.4),
        source="mechanisms:1_8",
        status="assumed",
    )
    """Fall of income, or bill, against usual income that counts as a sudden shock."""

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

    subsistence: float = belief(
        2200.0, unit="yuan/person/year", within=(800.0, 6000.0), prior=(1800.0, 2200.0, 2800.0),
        source="poverty_line_2010:2300", status="derived",
    )  # fmt: skip
    """Bare living of a person at 2015 prices."""

    lump_sum_cut: float = cut(names=("Allowance as a lump sum", "低保定额发放"), source="mechanisms:b8")
    """1 pays every drawer the same, whatever it earns (loop B8)."""


class Help(NamedTuple):
    """Who draws the allowance this year and how much; columns of length H."""

    draws_allowance: np.ndarray  # u1
    allowance: np.ndarray  # f8: yuan, as asked (before the purse)


class Registers(NamedTuple):
    """The registers on 31 December; columns of length H unless said."""

    poor: np.ndarray  # u1
    monitored: np.ndarray  # u1
    shock: np.ndarray  # u1
    poor_persons: np.ndarray  # i8 (7,)
    at_risk: np.ndarray  # i8 (7,)
    entered: np.ndarray  # i8 (7,)
    cleared: np.ndarray  # i8 (7,)
    returned: np.ndarray  # i8 (7,): members at home of lifted households found to be at risk this year


@rule
def top_up(standard, income_per_head, members, p):
    """Allowance that brings a household towards the standard."""
    return members * max(0.0, standard - income_per_head) * p.withdrawal


@rule
def found_chance(money_per_villager, p):
    """Chance that a household at risk is found within the year."""
    return 1.0 - math.exp(-(p.grid_base + money_per_villager / p.grid_cost))


@kernel
def _help(homes, at_home, standard, luck, p, start, stop, out):
    for h in range(start, stop):
        out.draws_allowance[h] = 0
        out.allowance[h] = 0.0
        members = float(at_home[h])
        county = int(homes.county[h])
        if members == 0.0 or int(homes.farm_hukou[h]) == 0 or standard[county] <= 0.0:
            continue
        # Income of last year, without the allowance it contained only to the extent it was earned.
        income = (homes.income[h] - homes.aid[h]) / members
        number = homes.number[h]
        overlooked = p.dib_excl
        if int(homes.monitored[h]) == 1 or int(homes.poor[h]) == POOR:
            overlooked = p.dib_excl * p.dib_excl
        if income < standard[county]:
            if uniform(luck, number, DRAW_OVERLOOKED) >= overlooked:
                out.draws_allowance[h] = 1
                gap = top_up(standard[county], income, members, p)
                out.allowance[h] = (
                    gap if p.lump_sum_cut == 0.0 else members * standard[county] * p.let_in_part
                )
        elif uniform(luck, number, DRAW_LET_IN) < p.dib_incl_chance:
            out.draws_allowance[h] = 1
            out.allowance[h] = members * standard[county] * p.let_in_part


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
    out = Help(np.empty(size, np.uint8), np.empty(size))
    homes = _Homes(*(getattr(households, name) for name in _Homes._fields))
    luck, values = draws.key(seed, LIFE, "relief"), p.values
    over(size, lambda a, b: _help(homes, at_home, standard, luck, values, a, b, out))
    return out


@kernel
def _register(homes, at_home, income, bill, disaster, line, found, luck, p, start, stop, out, counts):
    for h in range(start, stop):
        county = int(homes.county[h])
        before_poor, before_monitored = int(homes.poor[h]), int(homes.monitored[h])
        members = float(homes.first[h + 1] - homes.first[h])
        out.poor[h] = before_poor
        out.monitored[h] = before_monitored
        people = float(at_home[h])
        usual = max(homes.permanent[h], 1.0)
        lost = usual - income[h]
        shock = NO_SHOCK
        if bill[h] > p.sudden * usual:
            shock = ILLNESS
        elif int(disaster[h]) == 1:
            shock = 2
        elif lost > p.sudden * usual:
            shock = INCOME_LOSS
        out.shock[h] = shock
        if int(homes.farm_hukou[h]) == 0:
            continue
        if people == 0.0:
            # Nobody at home: off the registers; the purse cannot help who is not there.
            if before_monitored == 1:
                out.monitored[h] = 0
                counts[county, 3] += members
            if before_poor == POOR:
                out.poor[h] = LIFTED
            continue
        head = (income[h] - bill[h]) / people
        poor_now = income[h] / people < line
        if poor_now:
            counts[county, 0] += people
            if before_poor == NEVER_POOR or before_poor == LIFTED:
                out.poor[h] = before_poor
        elif before_poor == POOR:
            out.poor[h] = LIFTED
        usually = (p.usual_weight * income[h] + (1.0 - p.usual_weight) * homes.permanent[h]) / people
        danger = head < p.monitor_line * line and (shock != NO_SHOCK or usually < line)
        if danger:
            counts[county, 1] += people
        if danger and before_monitored == 0:
            if uniform(luck, homes.number[h], DRAW_FOUND) < found[county]:
                out.monitored[h] = 1
                counts[county, 2] += members
                if before_poor == LIFTED:
                    counts[county, 4] += people
        elif (
            before_monitored == 1 and not danger and uniform(luck, homes.number[h], DRAW_FOUND) < p.safe_years
        ):
            out.monitored[h] = 0
            counts[county, 3] += members


class _Registered(NamedTuple):
    number: np.ndarray
    first: np.ndarray
    county: np.ndarray
    farm_hukou: np.ndarray
    permanent: np.ndarray
    poor: np.ndarray
    monitored: np.ndarray


def register(
    households: Households,
    at_home: np.ndarray,
    income: np.ndarray,
    bill: np.ndarray,
    disaster: np.ndarray,
    line: float,
    money_per_villager: np.ndarray,
    p: ReliefParameters,
    *,
    seed: int,
    year: int,
) -> Registers:
    """The registers at year's end, from disposable income and medical bills (f8, H) and the poverty line."""
    size = households.number.size
    out = Registers(*(np.empty(size, np.uint8) for _ in range(3)), *(np.zeros(7, np.int64) for _ in range(5)))
    homes = _Registered(*(getattr(households, name) for name in _Registered._fields))
    found = np.array([found_chance(float(money), p.values) for money in money_per_villager])
    luck, values = draws.key(seed, year, "relief"), p.values

    def task(start: int, stop: int) -> np.ndarray:
        counts = np.zeros((7, 5))
        _register(
            homes,
            at_home,
            income,
            bill,
            disaster,
            line,
            found,
            luck,
            values,
            start,
            stop,
            out,
            counts,
        )
        return counts

    counts = np.sum(over(size, task), axis=0).astype(np.int64)
    return out._replace(poor_persons=counts[:, 0], at_risk=counts[:, 1], entered=counts[:, 2],
                        cleared=counts[:, 3], returned=counts[:, 4])  # fmt: skip
