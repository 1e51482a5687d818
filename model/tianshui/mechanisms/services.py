"""Cooperatives, crop insurance and credit: what serves the farm household.

    chance to join a cooperative = logistic(join_base + join_peer * neighbours + join_cash * ln(cash / 10,000)
                                   + service money a farm household / 100)

A member gains only where the cooperative serves it: a new member is idle with the chance `coop_idle`. Service
lifts the net value of the farm by `coop_gain`. Insurance is taken up as its subsidy pays, and pays
`ins_cover` of the loss beyond a tenth; the premium is fair over `ins_loss`. Credit is a ceiling: the
microcredit of registered households, and what income and land bear for the others.

Left out: processing by cooperatives, dividends of collective property by village (one mean dividend), and
default (arrears stay debt and bear interest).
"""

import math
from typing import NamedTuple

import numpy as np

from tianshui import draws, queues, sums
from tianshui.compiled import added_up, kernel, over, pick, rule
from tianshui.declare import Parameters, belief, cut, lever
from tianshui.draws import uniform
from tianshui.state import NEVER_POOR, Households, Villages

DRAW_JOIN, DRAW_IDLE, DRAW_INSURE, DRAW_GRANT = range(4)
LEAST_CASH, USUAL_CASH = 100.0, 10000.0
"""Yuan of savings: the least that counts, and those of a household that `join_base` is stated for."""
MOST_CASH = 1e6
"""Yuan of savings beyond which a household's chance to join is always reckoned."""
ROUNDING = 1e-9
"""Slack of a bound."""
FARMS, REGISTERED = 1, 2
"""Bits of what a household is to services: it farms in the village; it is or was on a register."""
HUNDRED_YUAN = 100.0
"""Yuan of service money a farm household in which `join_money` is stated."""


class ServicesParameters(Parameters):
    """Numbers of services to farm households."""

    grant: float = lever(
        0.0, unit="yuan/year", within=(0.0, 4e8), names=("Farm industry grants to poor households", "产业到户扶持资金"),
        who="county", where="county", cost="money", group="poverty", measure="M02",
        source="gansu_2018:20000_a_household", status="recalled", paid_by=(0.8, 0.2),
    )  # fmt: skip
    """Money granted to registered households for orchards and animals."""

    cooperatives: float = lever(
        0.0, unit="yuan/year", within=(0.0, 1e8), names=("Cooperative services", "合作社服务资金"), who="county",
        where="county", cost="money", group="poverty", measure="M02", source="assumed:no_figure_found",
        status="assumed", paid_by=(0.6, 0.4),
    )  # fmt: skip
    """Money for services that reach members: sales, advice, cold stores."""

    insurance: float = lever(
        0.0, unit="share", within=(0.0, 0.95), names=("Premium subsidy of crop insurance", "农业保险保费补贴率"),
        who="province", where="one", cost=None, group="poverty", measure="M02", source="finance_rules:premium_subsidy",
        status="recalled", paid_by=(0.9, 0.1), buys="households",
    )  # fmt: skip
    """Part of the premium that public money pays."""

    microloan: float = lever(
        0.0, unit="yuan/household", within=(0.0, 150000.0), names=("Microcredit ceiling", "扶贫小额信贷额度"),
        who="nation", where="one", cost=None, group="poverty", measure="M02", source="microcredit_rules:50000",
        status="found", paid_by=(1.0, 0.0),
    )  # fmt: skip
    """Largest loan without collateral to a registered household."""

    dividend: float = lever(
        0.0, unit="yuan/person/year", within=(0.0, 300.0), names=("Collective dividend", "村集体分红"), who="county",
        where="county", cost="dividend_cost", group="poverty", measure="M02", source="expert_range:coll_div",
        status="assumed", paid_by=(0.5, 0.5), buys="households",
    )  # fmt: skip
    """Dividend of collective property for each member, built up with public money."""

    dividend_cost: float = belief(
        1.1, unit="yuan/yuan", within=(1.0, 5.0), prior=(1.0, 1.1, 2.0), source="assumed:dividends_paid_from_grants",
        status="assumed",
    )  # fmt: skip
    """Public money behind a yuan of dividend."""

    grant_size: float = belief(
        5000.0, unit="yuan/household", within=(1000.0, 30000.0), prior=(3000.0, 5000.0, 10000.0),
        source="gansu_2018:5000_a_head", status="recalled",
    )  # fmt: skip
    """Size of one grant."""

    join_base: float = belief(
        -3.2, unit="log odds", within=(-8.0, 0.0), prior=(-4.0, -3.2, -2.5), source="assumed:pace_of_joining",
        status="assumed",
    )  # fmt: skip
    """Log odds of joining with no neighbour in and no service."""

    join_peer: float = belief(
        2.0,
        unit="log odds",
        within=(0.0, 6.0),
        prior=(1.0, 2.0, 3.0),
        source="assumed:diffusion",
        status="assumed",
    )
    """Rise of the log odds when the whole village has joined."""

    join_cash: float = belief(
        0.3, unit="log odds per log yuan", within=(-1.0, 2.0), prior=(0.1, 0.3, 0.6), source="assumed:richer_join",
        status="assumed",
    )  # fmt: skip
    """Rise of the log odds with the log of cash."""

    join_money: float = belief(
        1.0, unit="log odds per 100 yuan", within=(0.0, 4.0), prior=(0.5, 1.0, 2.0),
        source="assumed:services_attract_members", status="assumed",
    )  # fmt: skip
    """Rise of the log odds of joining for every hundred yuan of service money a farm household."""

    coop_idle: float = belief(
        0.509, unit="share", within=(0.0, 0.95), prior=(0.35, 0.509, 0.6), source="pmc10830000_2024:citrus_survey",
        status="found",
    )  # fmt: skip
    """Part of members who get no service."""

    coop_gain: float = belief(
        0.06,
        unit="share",
        within=(0.0, 0.3),
        prior=(0.03, 0.06, 0.1),
        source="mechanisms:1_7",
        status="assumed",
    )
    """Gain in net farm value of a served member: price and yield together."""

    leave: float = belief(
        0.03, unit="1/year", within=(0.0, 0.5), prior=(0.01, 0.03, 0.06), source="assumed:shells_close",
        status="assumed",
    )  # fmt: skip
    """Chance a year that service ends."""

    ins_registered: float = belief(
        2.0, unit="ratio", within=(1.0, 5.0), prior=(1.5, 2.0, 3.0),
        source="assumed:premiums_of_the_registered_are_arranged", status="assumed",
    )  # fmt: skip
    """How many times as often a registered household is insured."""

    ins_take: float = belief(
        0.7,
        unit="share",
        within=(0.0, 1.0),
        prior=(0.5, 0.7, 0.9),
        source="expert_range:ins_part",
        status="assumed",
    )
    """Part of farm households that insure when the whole premium is subsidised."""

    ins_loss: float = belief(
        0.72, unit="ratio", within=(0.3, 1.0), prior=(0.55, 0.72, 0.85), source="cbirc_2020:totals",
        status="recalled",
    )  # fmt: skip
    """Indemnities over premiums."""

    ins_cover: float = belief(
        0.35, unit="share", within=(0.05, 1.0), prior=(0.2, 0.35, 0.6), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Insured value over expected net value."""

    deductible: float = belief(
        0.1,
        unit="share",
        within=(0.0, 0.5),
        prior=(0.05, 0.1, 0.2),
        source="assumed:policy_terms",
        status="assumed",
    )
    """Part of a loss that is not paid."""

    credit_income: float = belief(
        0.6,
        unit="ratio",
        within=(0.0, 4.0),
        prior=(0.3, 0.6, 1.0),
        source="assumed:bank_practice",
        status="assumed",
    )
    """Debt that a household may carry, against its usual yearly income."""

    rate: float = belief(
        0.055, unit="1/year", within=(0.0, 0.2), prior=(0.045, 0.055, 0.075), source="assumed:rural_loan_rate",
        status="assumed",
    )  # fmt: skip
    """Interest on household debt."""

    service_cut: float = cut(names=("Cooperative service held", "合作社服务固定"), source="mechanisms:r6")
    """1 lets no household join a cooperative or lose its service (loop R6)."""


class Served(NamedTuple):
    """Who is served this year; columns of length H."""

    cooperative: np.ndarray  # u1
    insured: np.ndarray  # u1
    grant: np.ndarray  # f8: yuan granted for orchard or animals


@rule
def join_chance(neighbours, cash, money, p):
    """Chance a year that a household joins a cooperative."""
    odds = (
        p.join_base
        + p.join_peer * neighbours
        + p.join_cash * math.log(max(cash, LEAST_CASH) / USUAL_CASH)
        + p.join_money * money / HUNDRED_YUAN
    )
    return 1.0 / (1.0 + math.exp(-odds))


@rule
def insurance_chance(subsidy, registered, p):
    """Chance that a farm household insures; registered ones are signed up more often."""
    wish = p.ins_take * subsidy
    return min(1.0, p.ins_registered * wish) if registered == 1 else wish


def take_up(subsidy: np.ndarray, p: ServicesParameters) -> np.ndarray:
    """Chance that a village household insures at a premium subsidy by county (f8, 7): what an ask reckons with.

    For households on no register and on one (f8, 7 x 2).
    """
    chances = np.empty((subsidy.size, 2))
    _take_up(subsidy, p.values, chances)
    return chances


@kernel
def _take_up(subsidy, p, chances):
    for county in range(subsidy.size):
        chances[county, 0] = insurance_chance(subsidy[county], 0, p)
        chances[county, 1] = insurance_chance(subsidy[county], 1, p)


@rule
def indemnity(expected, actual, p):
    """What insurance pays for a loss of the harvest."""
    if expected <= 0.0:
        return 0.0
    loss = max(0.0, 1.0 - actual / expected - p.deductible)
    return p.ins_cover * expected * loss


@rule
def most_to_join(neighbours, money, p):
    """Largest chance to join for cash up to `MOST_CASH`; a little more, for rounding."""
    few, many = join_chance(neighbours, LEAST_CASH, money, p), join_chance(neighbours, MOST_CASH, money, p)
    return max(few, many) * (1.0 + ROUNDING)


@rule
def ceiling(permanent, registered, microloan, p):
    """Yuan of debt that a household may carry: what its usual income bears, and the microcredit of the registered."""
    usual = p.credit_income * max(permanent, 0.0)
    return max(usual, microloan) if registered else usual


@kernel
def _look(homes, start, stop, out, kind):
    """Kind of each household (1 farms, 2 registered); `cooperative` as before where it farms."""
    farm_hukou, in_town = homes.farm_hukou[start:stop], homes.in_town[start:stop]
    poor, monitored = homes.poor[start:stop], homes.monitored[start:stop]
    cooperative, served = homes.cooperative[start:stop], out.cooperative[start:stop]
    for j in range(stop - start):
        farms = (farm_hukou[j] == 1) & (in_town[j] == 0)
        registered = (poor[j] != NEVER_POOR) | (monitored[j] == 1)
        kind[j] = int(farms) * FARMS + int(registered) * REGISTERED
        served[j] = cooperative[j] if farms else 0


@kernel
def _serve(homes, neighbours, money, chances, grants, p, luck, start, stop, out, asks, draw, steps):
    """Who is served and insured; of the registered who farm where there is money, the draws in the queue for grants."""
    size = stop - start
    kind, row = np.empty(size, np.uint8), np.empty(size + 1, np.int64)
    number, village, county = homes.number[start:stop], homes.village[start:stop], homes.county[start:stop]
    _look(homes, start, stop, out, kind)
    # Those served may lose the service, the others may join.
    found = 0
    for j in range(size):
        row[found] = j
        found += int(kind[j] & FARMS)
    rare, there, most = 0, -1, 0.0
    for k in range(found):
        j = row[k]
        # The households of a village lie together.
        if village[j] != there:
            there = village[j]
            most = most_to_join(neighbours[there], money[county[j]], p)
        served, cash = homes.cooperative[start + j] == 1, homes.cash[start + j]
        limit = p.leave if served else most
        row[rare] = j
        rare += (uniform(luck, number[j], DRAW_JOIN) < limit) | (cash > MOST_CASH)
    # Held, everybody keeps what service there was.
    for k in range(rare if p.service_cut == 0.0 else 0):
        h = start + row[k]
        draws_in = uniform(luck, homes.number[h], DRAW_JOIN)
        if homes.cooperative[h] == 1:
            if draws_in < p.leave:
                out.cooperative[h] = 0
        elif draws_in < join_chance(neighbours[homes.village[h]], homes.cash[h], money[homes.county[h]], p):
            out.cooperative[h] = 1 if uniform(luck, homes.number[h], DRAW_IDLE) >= p.coop_idle else 0
    for j in range(size):
        wish = chances[county[j], kind[j] // REGISTERED]
        out.insured[start + j] = int((kind[j] & FARMS) != 0) * int(
            uniform(luck, number[j], DRAW_INSURE) < wish
        )
    found = 0
    for j in range(size):
        asks[found] = start + j
        found += (kind[j] == FARMS + REGISTERED) & (grants[county[j]] > 0)
    for k in range(found):
        draw[k] = uniform(luck, homes.number[asks[k]], DRAW_GRANT)
        steps[homes.county[asks[k]], int(draw[k] * queues.FEW_STEPS)] += 1
    return found


class _Homes(NamedTuple):
    number: np.ndarray
    county: np.ndarray
    village: np.ndarray
    farm_hukou: np.ndarray
    in_town: np.ndarray
    poor: np.ndarray
    monitored: np.ndarray
    cooperative: np.ndarray
    cash: np.ndarray


def around(
    households: Households, villages: Villages, coop_money: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """What a household sees of cooperatives: the served part of its village's farms, money a farm by county.

    f8 (V,) and yuan, f8 (7,).
    """
    count = villages.county.size
    homes = pick(households, _Homes)

    def members(start: int, stop: int) -> np.ndarray:
        table = np.zeros((2, count), np.int64)
        _members(homes, start, stop, table)
        return table

    joined, total = sums.added(households.number.size, members, np.zeros((2, count), np.int64))
    by_county = np.bincount(villages.county, weights=total, minlength=7).astype(np.int64)
    return joined / np.maximum(total, 1.0), coop_money / np.maximum(by_county, 1)


def grant_reach(households: Households, served: Served, county: int, luck: np.uint64) -> float:
    """The draw at which a county's grants ended: who asked and drew less received one."""
    registered = (households.poor != NEVER_POOR) | (households.monitored == 1)
    asks = registered & (households.farm_hukou == 1) & (households.in_town == 0)
    without = households.number[asks & (households.county == county) & (served.grant == 0.0)]
    return min((float(uniform(luck, number, DRAW_GRANT)) for number in without), default=1.0)


def serve(
    households: Households,
    villages: Villages,
    *,
    coop_money: np.ndarray,
    grant_money: np.ndarray,
    subsidy: np.ndarray,
    p: ServicesParameters,
    seed: int,
    year: int,
) -> Served:
    """Membership, insurance and grants.

    Money granted by county is f8 (7,), yuan; `subsidy` (f8, 7) is the part of the premium that public money pays.
    """
    size = households.number.size
    homes = pick(households, _Homes)
    neighbours, money = around(households, villages, coop_money)
    grants = np.floor(grant_money / p.grant_size).astype(np.int64)
    out = Served(np.empty(size, np.uint8), np.empty(size, np.uint8), np.zeros(size))
    luck, values = draws.key(seed, year, "services"), p.values
    chances = take_up(subsidy, p)

    def task(start: int, stop: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        asks, draw = np.empty(stop - start + 1, np.int64), np.empty(stop - start + 1)
        steps = np.zeros((grants.size, queues.FEW_STEPS), np.int64)
        found = _serve(
            homes,
            neighbours,
            money,
            chances,
            grants,
            values,
            luck,
            start,
            stop,
            out,
            asks,
            draw,
            steps,
        )
        return asks[:found], draw[:found], steps

    # Grants are a queue by draw, cut where the money ends.
    parts = over(size, task)
    steps = added_up([part[2] for part in parts])
    rows, draw = queues.ahead(homes.county, [part[:2] for part in parts], steps, grants)
    gets = rows[queues.first(households.county[rows], draw, households.number[rows], grants)]
    out.grant[gets] = p.grant_size
    return out


@kernel
def _members(homes, start, stop, table):
    """Served households, and all that farm, by village."""
    served, farm, village = 0, 0, homes.village[start]
    for h in range(start, stop):
        if homes.village[h] != village:
            table[0, village] += served
            table[1, village] += farm
            served, farm, village = 0, 0, homes.village[h]
        served += int(homes.cooperative[h])
        farm += int((homes.farm_hukou[h] == 1) & (homes.in_town[h] == 0))
    table[0, village] += served
    table[1, village] += farm


def premium_rate(expected_loss: float, p: ServicesParameters) -> float:
    """Premium for a yuan of expected harvest: the mean indemnity over the part of premiums that insurers pay out.

    `expected_loss` is the mean share of a harvest lost beyond the deductible.
    """
    return p.ins_cover * expected_loss / p.ins_loss
