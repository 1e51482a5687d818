"""The treasury: eight public budgets, and what of the levers' asks they can pay.

Each of the seven counties and the city closes its year exactly,

    own revenue + general transfers + earmarked + compensation + bonds
        = rigid + interest + clearing + lever spending + other spending + change of reserve

(earmarked money that no lever used stays in the city's hands as `carried`: received = spent + carried on).
Own revenue follows last year's growth of non-farm value added, paid in advance by the firms,

    base_t = base_(t-1) * growth^fs_tax_el * reform,     own_t = base_t * collected + quota sold * quota_price
    clearing = quota sold * quota_cost

where `reform` (all budgets alike, for good: taxes merged, cut, shared anew) and `collected` (each budget's own year: arrears,
single taxes, things sold) are luck around one.
Quota of building land that is saved on empty homesteads and sold beyond the county is income of the year in which it is
sold, and the works that clear the homesteads and house who lived there are paid from it first; where they would cost more,
none is sold. It makes no later revenue grow, no enterprise pays it, and transfers take none of it back. Funds for minority areas
are general transfers beside the formula.

General transfers equalise, and take back part of what a county earns above its standard,

    general = arrived * [ kappa * (need - standard) - (1 - additional) * earmarked sent - claw_back * (base - standard) ]+

Need and standard revenue grow with the published total of spending to 2020, then by `spending_growth`; what the province
holds to be one budget's need drifts against the others', and what a year brings of projects comes early or late (`arrived`).
Rigid spending and interest come first. Of what is free, at most the part `lever_claim` matches the levers;
all levers of a headline group share its earmarked envelope, and all asks of a budget its own money:

    granted = ask * min(1, envelope of the group / asked of it) * min(1, claim * free / own parts asked)

so that an earmarked yuan whose match cannot be paid is not drawn. The rest is other public spending: the own
part of a lever displaces it (loop B2).

Why money from above displaces general transfers: the part `kappa` of the gap is everything that was observed to come
from above, earmarked money with it, so what comes earmarked must come off the general transfer or it would come twice;
and a province hands on a pot that one prefecture's plan does not enlarge. `additional` is what remains new. That a plan of allowances, posts and
grants leaves a little less for other works is the price of it (own parts displace other spending, loop B2), a result
and not a fault; a plan that is to add capital must ask for works.

Left out: the funds of land sales and social insurance as budgets of their own (what they move into the
general budget is inside kappa; quota sold alone is told), what the cleared homesteads grow, repayment of principal (bonds are
counted net of refinancing), hidden debt.
"""

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import ClassVar, NamedTuple

import numpy as np

from tianshui import assumptions
from tianshui.compiled import kernel, rule
from tianshui.declare import Declared, Parameters, belief, cut, lever, outside
from tianshui.draws import key, normal
from tianshui.state import CITY_BUDGET, COUNTIES, Budgets, blank, fixed

GROUPS = ("poverty", "industry", "urban", "ecology", "cross")
PLACE = {group: place for place, group in enumerate(GROUPS)}
BUDGETS = (*COUNTIES, "city")
START = 2015
"""Calendar year at whose end the model starts."""
KEPT = 64
"""For how many draws of beliefs the budgets of the start are kept at hand."""
CENTRAL = 2
"""The first two counties, Qinzhou and Maiji, hold the central city."""


class TreasuryParameters(Parameters):
    """Numbers of the public budgets."""

    tables: ClassVar[tuple[str, ...]] = ("budgets_2015",)

    upper_transfers: float = lever(
        0.0, unit="yuan/year", within=(0.0, 2e9), names=("Extra transfers won from above", "争取上级转移支付"),
        who="province", where="county", cost=None, group="poverty", measure="S11",
        source="city_finance_2021:264.8_in_2020", status="assumed", paid_by=(1.0, 0.0),
    )  # fmt: skip
    """General transfers beyond the equalising formula, for the budget of each county."""

    special_bonds: float = lever(
        0.0, unit="yuan/year", within=(0.0, 1e9), names=("Extra bond quota", "新增专项债额度"), who="province",
        where="county", cost=None, group="poverty", measure="S11", source="city_finance_2022:11.75_city_level",
        status="found", paid_by=(0.0, 1.0),
    )  # fmt: skip
    """New bonds of each county beyond the usual quota, under the debt limit."""

    minority_funds: float = lever(
        0.0, unit="yuan/year", within=(0.0, 2e8), names=("Funds for minority areas", "少数民族发展资金"),
        who="province", where="county", cost=None, group="poverty", measure="M37",
        source="levers:minority_county_funds", status="assumed", paid_by=(1.0, 0.0),
    )  # fmt: skip
    """General transfers to a county for its minority areas, beyond the equalising formula."""

    land_quota: float = lever(
        0.0, unit="mu/year", within=(0.0, 400.0), names=("Land quota sold", "节余用地指标调剂"), who="province",
        where="county", cost=None, group="urban", measure="S14", source="levers:saved_quota_traded",
        status="assumed", paid_by=(0.0, 1.0),
    )  # fmt: skip
    """Quota of building land saved on empty homesteads of the county and sold beyond it; 400 mu a year for fifteen years are
    some 15,000 homesteads, as many as stand empty where a tenth of the county's households have gone."""

    quota_price: float = belief(
        300000.0, unit="yuan/mu", within=(50000.0, 600000.0), prior=(100000.0, 300000.0, 400000.0),
        source="levers:quota_price", status="recalled",
    )  # fmt: skip
    """Price of a mu of quota, fixed by rule in yuan: highest between provinces, a third of it within one."""

    quota_cost: float = belief(
        60000.0, unit="yuan/mu", within=(0.0, 300000.0), prior=(30000.0, 60000.0, 120000.0),
        source="assumed:clearing_and_new_homes", status="assumed",
    )  # fmt: skip
    """Works that clear a mu of homesteads and house who lived there, paid from its price."""

    fs_tax_el: float = belief(
        0.95, unit="elasticity", within=(0.3, 2.0), prior=(0.7, 0.95, 1.2), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Elasticity of own revenue to nominal value added."""

    fs_rigid: float = belief(
        0.65, unit="share", within=(0.3, 0.95), prior=(0.55, 0.65, 0.8), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Part of standard need that is wages, operation and livelihood: paid first."""

    kappa: float = belief(
        0.97, unit="share", within=(0.5, 1.2), prior=(0.92, 0.97, 1.0),
        source="city_finance_2021:transfers_funds_and_carry_overs", status="derived",
    )  # fmt: skip
    """Part of the gap between need and standard revenue filled from above, funds moved in and carry-overs
    counted: (351.76 - 53.91 - 8.77) / (351.76 - 53.91) in 2020, of which 0.889 is transfers proper."""

    claw_back: float = belief(
        0.45, unit="share", within=(0.0, 1.0), prior=(0.3, 0.45, 0.6), source="mechanisms:3", status="assumed"
    )
    """Part of own revenue above the standard that transfers take back."""

    lever_claim: float = belief(
        0.5, unit="share", within=(0.05, 1.0), prior=(0.3, 0.5, 0.7), source="assumed:the_rest_is_committed",
        status="assumed",
    )  # fmt: skip
    """Largest part of free money that may pay the own part of levers."""

    share_earmarked_poverty: float = belief(
        0.11, unit="share", within=(0.0, 0.5), prior=(0.08, 0.11, 0.15), source="assumed:poverty_funds_and_relief",
        status="assumed",
    )  # fmt: skip
    """Earmarked envelope for poverty, against standard need of the prefecture."""

    share_earmarked_industry: float = belief(
        0.015, unit="share", within=(0.0, 0.2), prior=(0.008, 0.015, 0.03), source="assumed:industry_funds",
        status="assumed",
    )  # fmt: skip
    """Earmarked envelope for industry, against standard need."""

    share_earmarked_urban: float = belief(
        0.06, unit="share", within=(0.0, 0.4), prior=(0.03, 0.06, 0.1), source="assumed:transport_and_town_funds",
        status="assumed",
    )  # fmt: skip
    """Earmarked envelope for transport, water and towns, against standard need."""

    share_earmarked_ecology: float = belief(
        0.035, unit="share", within=(0.0, 0.3), prior=(0.02, 0.035, 0.05), source="assumed:forest_and_water_funds",
        status="assumed",
    )  # fmt: skip
    """Earmarked envelope for ecology, against standard need."""

    share_earmarked_cross: float = belief(
        0.03, unit="share", within=(0.0, 0.3), prior=(0.015, 0.03, 0.05), source="assumed:school_funds",
        status="assumed",
    )  # fmt: skip
    """Earmarked envelope for schools and what else cuts across, against standard need."""

    additional: float = belief(
        0.3, unit="share", within=(0.0, 1.0), prior=(0.0, 0.3, 0.6), source="assumed:most_money_is_moved_not_new",
        status="assumed",
    )  # fmt: skip
    """Part of earmarked money that comes on top; the rest is moved from general transfers."""

    carried_start: float = belief(
        0.1, unit="share", within=(0.0, 1.0), prior=(0.0, 0.1, 0.3), source="city_finance_2016:spending_251.54",
        status="derived",
    )  # fmt: skip
    """Part of a year's envelopes in hand at the start: more would lift spending of 2016 above the published total."""

    envelope: float = outside(
        1.0, unit="ratio", within=(0.0, 5.0), prior=(0.85, 1.0, 1.15), source="assumed:as_need_grows",
        status="assumed",
    )  # fmt: skip
    """Earmarked envelopes against their usual share of need."""

    spending_growth: float = outside(
        0.04, unit="1/year", within=(-0.1, 0.2), prior=(0.02, 0.04, 0.06), source="assumed:slower_than_2015_20",
        status="assumed",
    )  # fmt: skip
    """Growth of standard need after the published years."""

    bond_quota: float = outside(
        8.77e8, unit="yuan/year", within=(0.0, 5e9), prior=(5e8, 8.77e8, 1.2e9), source="city_finance_2021:bonds",
        status="found",
    )  # fmt: skip
    """New general bonds on-lent to the prefecture in a year."""

    debt_start: float = belief(
        0.35, unit="ratio", within=(0.0, 1.0), prior=(0.25, 0.35, 0.5), source="expert_range:fs_debt",
        status="assumed",
    )  # fmt: skip
    """Explicit public debt over GDP at the start."""

    debt_limit: float = belief(
        0.6, unit="ratio", within=(0.1, 2.0), prior=(0.5, 0.6, 0.8), source="assumed:above_the_start_by_half",
        status="assumed",
    )  # fmt: skip
    """Debt over GDP above which no bond is issued."""

    debt_rate: float = belief(
        0.035, unit="1/year", within=(0.0, 0.12), prior=(0.03, 0.035, 0.042), source="gansu_bonds:coupons",
        status="recalled",
    )  # fmt: skip
    """Interest on public debt."""

    city_debt: float = belief(
        0.3, unit="share", within=(0.0, 1.0), prior=(0.2, 0.3, 0.45), source="assumed:city_projects",
        status="assumed",
    )  # fmt: skip
    """Part of the prefecture's public debt and bonds held by the city."""

    city_in_qinzhou: float = belief(
        0.6, unit="share", within=(0.0, 1.0), prior=(0.5, 0.6, 0.7), source="assumed:seat_of_the_city",
        status="assumed",
    )  # fmt: skip
    """Part of the city's money that is raised and spent in Qinzhou; the rest in Maiji."""

    reserve_share: float = belief(
        0.03, unit="share", within=(0.0, 0.3), prior=(0.01, 0.03, 0.06), source="assumed:stabilisation_fund",
        status="assumed",
    )  # fmt: skip
    """Money in hand that a budget aims at, against standard need."""

    reform_spread: float = belief(
        0.016, unit="log", within=(0.0, 0.2), prior=(0.008, 0.016, 0.03), source="county_yearbooks:spread_of_growth_2016_19",
        status="derived",
    )  # fmt: skip
    """Standard deviation of what a year's tax reforms add to the log of all own revenue for good: over the years, of the growth that the counties have in common (2.1 points in four years), less what value added makes of it."""

    collected_spread: float = belief(
        0.021, unit="log", within=(0.0, 0.2), prior=(0.014, 0.021, 0.03), source="county_yearbooks:spread_of_growth_2016_19",
        status="derived",
    )  # fmt: skip
    """Standard deviation of the log of a budget's revenue around its base: the counties' growth of a year spreads by 3 points (22 values, two breaks left out, so known to a fifth), which two such years make."""

    drift_spread: float = belief(
        0.025, unit="log", within=(0.0, 0.2), prior=(0.01, 0.025, 0.05), source="county_yearbooks:spread_of_growth_2016_19",
        status="derived",
    )  # fmt: skip
    """Standard deviation of what a year adds to the log of one budget's need against the others'."""

    arrived_spread: float = belief(
        0.03, unit="log", within=(0.0, 0.2), prior=(0.015, 0.03, 0.06), source="county_yearbooks:spread_of_growth_2016_19",
        status="derived",
    )  # fmt: skip
    """Standard deviation of the log of general transfers that arrive in a year; with the drift it makes the spread of 4 points between the counties' growth of spending."""

    unlimited_cut: float = cut(names=("Budget without limit", "财政无约束"), source="mechanisms:b2")
    """1 grants every ask whole, all of it sent from above, so that a lever displaces no other spending (loop B2)."""


class Ask(NamedTuple):
    """Money that one lever asks for."""

    name: str
    money: np.ndarray  # f8 (8,): yuan, by the budget that pays the own part
    paid_by: tuple[float, float]  # shares of earmarked money and of the own purse
    group: str


class Luck(NamedTuple):
    """What nobody plans in a year's books, as factors around one; f8 (8,) but for `reform`."""

    reform: float
    collected: np.ndarray
    drift: np.ndarray
    arrived: np.ndarray


REFORM, COLLECTED, DRIFT, ARRIVED = range(4)
"""Draws of this mechanism, by index; all but the first by the place of the budget."""
NO_LUCK = Luck(1.0, *np.ones((3, CITY_BUDGET + 1)))
"""A year in which everything is as usual: factors of one."""


class Revenue(NamedTuple):
    """Own revenue of a year."""

    base: np.ndarray  # f8 (8,): what taxes yield in a usual year
    own: np.ndarray  # f8 (8,): what was collected
    tax: np.ndarray  # f8 (7,): by the county whose firms pay it; the same sum


class Quota(NamedTuple):
    """Quota of building land sold, by budget; yuan, f8 (8,)."""

    income: np.ndarray
    clearing: np.ndarray  # what it costs


class Grants(NamedTuple):
    """How the budgets of one year were settled; f8 (8,) in yuan unless said."""

    granted: np.ndarray  # f8 (L, 8)
    share: np.ndarray  # f8 (L, 7): granted over asked, for the county's reader
    own_revenue: np.ndarray  # quota sold counted
    quota: np.ndarray  # of it from land quota
    general_transfers: np.ndarray
    earmarked: np.ndarray  # received in the year; the city's is negative when it hands on what it carried
    compensation: np.ndarray
    bonds: np.ndarray
    rigid: np.ndarray
    interest: np.ndarray
    clearing: np.ndarray  # of homesteads whose quota is sold
    lever_spending: np.ndarray
    other_spending: np.ndarray
    reserve_change: np.ndarray
    carried_change: np.ndarray
    filled: np.ndarray  # of earmarked money: sent in place of own money (the cut of loop B2)
    debt_change: np.ndarray
    after: Budgets


def asks(levers: Mapping[str, Declared], money: np.ndarray, p: TreasuryParameters) -> list[Ask]:
    """The asks of levers for `money` (f8, L x 7) by county: the city's purse when the city decides, else the county's.

    A budget without limit has its own part sent from above, so that no lever displaces anything.
    """
    at_city = np.array([number.who == "city" for number in levers.values()], np.bool_)
    by_budget = np.zeros((len(levers), CITY_BUDGET + 1))
    by_budget[:, :CITY_BUDGET] = money
    by_budget[at_city, CITY_BUDGET] = money[at_city].sum(axis=1)
    by_budget[at_city, :CITY_BUDGET] = 0.0
    return [
        Ask(name, row, (1.0, 0.0) if p.unlimited_cut else number.paid_by, number.group)
        for (name, number), row in zip(levers.items(), by_budget, strict=True)
    ]


def by_county(money: np.ndarray, p: TreasuryParameters) -> np.ndarray:
    """Money of the eight budgets (f8, 8) by the county where it is spent or raised (f8, 7)."""
    spread = money[:CITY_BUDGET].copy()
    spread[0] += p.city_in_qinzhou * money[CITY_BUDGET]
    spread[1] += (1.0 - p.city_in_qinzhou) * money[CITY_BUDGET]
    return spread


@lru_cache(maxsize=KEPT)
def _published(draw: int) -> tuple[np.ndarray, np.ndarray, dict[int, float]]:
    """Revenue and spending of the eight budgets (f8, 8; what two share unpublished split anew), published totals."""
    found = assumptions.table("budgets_2015", draw, lambda row: row["item"])
    value = {(row["budget"], row["item"], int(row["year"])): one for row, one in found}
    revenue = np.array([value[budget, "revenue", START] for budget in BUDGETS])
    spending = np.array([value[budget, "spending", START] for budget in BUDGETS])
    totals = {year: total for (name, _, year), total in value.items() if name == "tianshui"}
    return *fixed((revenue, spending)), totals


def need_growth(year: int, p: TreasuryParameters) -> float:
    """Growth of standard need into `year`: published to 2020, then outside."""
    totals = _published(p.draw)[2]
    return totals[year] / totals[year - 1] if year in totals else 1.0 + p.spending_growth


def opening(gdp: np.ndarray, p: TreasuryParameters, *, size: float = 1.0) -> Budgets:
    """The eight budgets at the end of 2015; `gdp` is f8 (7,). `size` shrinks all of them (worlds of tests)."""
    revenue, spending, _ = _published(p.draw)
    revenue, spending = size * revenue, size * spending
    total = p.debt_start * gdp.sum()
    debt = np.concatenate([(1.0 - p.city_debt) * total * gdp / gdp.sum(), [p.city_debt * total]])
    carried = np.zeros(spending.size)
    carried[CITY_BUDGET] = p.carried_start * sum(envelopes(float(spending.sum()), p).values())
    return Budgets(
        reserve=p.reserve_share * spending,
        carried=carried,
        debt=debt,
        revenue=revenue.copy(),
        transfers=np.maximum(p.kappa * (spending - revenue), 0.0),
        spending=spending.copy(),
        need=spending.copy(),
        standard=revenue.copy(),
    )


def luck(seed: int, year: int, p: TreasuryParameters) -> Luck:
    """What nobody plans in the books of a year; a factor is one in the mean."""
    own = key(seed, year, "treasury")

    def factor(spread: float, place: int, index: int) -> float:
        return math.exp(spread * float(normal(own, place, index)) - spread**2 / 2.0)

    return Luck(
        factor(p.reform_spread, 0, REFORM),
        *(
            np.array([factor(spread, place, index) for place in range(len(BUDGETS))])
            for spread, index in (
                (p.collected_spread, COLLECTED), (p.drift_spread, DRIFT), (p.arrived_spread, ARRIVED),
            )
        ),
    )  # fmt: skip


def revenue(
    budgets: Budgets,
    value_added: np.ndarray,
    value_added_before: np.ndarray,
    p: TreasuryParameters,
    luck: Luck = NO_LUCK,
) -> Revenue:
    """Own revenue on the growth of last year's non-farm value added (f8, 7), and who pays it."""
    growth = np.where(value_added_before > 0.0, value_added / np.maximum(value_added_before, 1.0), 1.0)
    risen = np.empty(CITY_BUDGET + 1)
    risen[:CITY_BUDGET] = growth
    risen[CITY_BUDGET] = p.city_in_qinzhou * growth[0] + (1.0 - p.city_in_qinzhou) * growth[1]
    base = budgets.revenue * risen**p.fs_tax_el * luck.reform
    own = base * luck.collected
    return Revenue(base, own, by_county(own, p))


def quota(offered: np.ndarray, p: TreasuryParameters) -> Quota:
    """What quota offered (f8, 7, mu) brings the eight budgets and costs them: nothing is sold at a loss."""
    found = Quota(*np.zeros((2, CITY_BUDGET + 1)))
    if p.quota_price > p.quota_cost:
        found.income[:CITY_BUDGET], found.clearing[:CITY_BUDGET] = (
            offered * p.quota_price,
            offered * p.quota_cost,
        )
    return found


def debt_ratio(budgets: Budgets, gdp: np.ndarray, p: TreasuryParameters) -> np.ndarray:
    """Public debt over GDP by county, the city's debt where its money is spent."""
    return by_county(budgets.debt, p) / np.maximum(gdp, 1.0)


def envelopes(need: float, p: TreasuryParameters) -> dict[str, float]:
    """Earmarked money available from above in a year by headline group, yuan."""
    return {group: getattr(p, f"share_earmarked_{group}") * p.envelope * need for group in GROUPS}


def ration(
    budgets: Budgets,
    asks: Sequence[Ask],
    *,
    revenue: Revenue,
    gdp: np.ndarray,
    compensation: np.ndarray,
    upper_transfers: np.ndarray,
    special_bonds: np.ndarray,
    p: TreasuryParameters,
    year: int,
    envelope: Mapping[str, float] | None = None,
    size: float = 1.0,
    sold: Quota | None = None,
    luck: Luck = NO_LUCK,
) -> Grants:
    """Settle the eight budgets of a year.

    `compensation` (from other provinces and the province's award) is f8 (8,), `sold` is land quota, `gdp` of last year, `upper_transfers` and `special_bonds` (the levers) f8 (7,), `envelope` yuan by group;
    `size` is the scale of the world (a sample's share).
    """
    growth = need_growth(year, p)
    # What one budget's need gains by drifting the others lose: the total is the published one.
    drifted = budgets.need * luck.drift
    need, standard = drifted * (growth * budgets.need.sum() / drifted.sum()), budgets.standard * growth
    envelope = envelope or envelopes(float(need.sum()), p)
    size_of = np.array([envelope[group] for group in GROUPS])
    eight = need.size
    money = np.array([asked.money for asked in asks]).reshape(len(asks), eight)
    group = np.array([PLACE[asked.group] for asked in asks], np.int64)
    general, earmarked, bonds, rigid, interest, spent, other, reserve_change, carried_change, filled = blank(
        10, eight
    )
    reserve, carried, debt, transfers, spending = blank(5, eight)
    sold = Quota(*np.zeros((2, eight))) if sold is None else sold
    grants = Grants(
        np.empty_like(money), np.empty((len(asks), CITY_BUDGET)), revenue.own + sold.income, sold.income, general, earmarked, compensation, bonds, rigid,
        interest, sold.clearing, spent, other, reserve_change, carried_change, filled, bonds,
        Budgets(reserve, carried, debt, revenue.base, transfers, spending, need, standard),
    )  # fmt: skip
    _ration(
        budgets,
        money,
        _from_above(asks),
        group,
        size_of,
        gdp,
        upper_transfers,
        special_bonds,
        size,
        luck.arrived,
        p.values,
        grants,
    )
    return grants


def _from_above(asks: Sequence[Ask]) -> np.ndarray:
    """Part of each ask that earmarked money pays, f8 (L,)."""
    return np.array([asked.paid_by[0] for asked in asks], np.float64)


@rule
def _general(gap, weight, sent, above_standard, p):
    """General transfers of a budget, less what comes earmarked, by its `weight`, and what is taken back."""
    # Under the cut of loop B2 earmarked money is all new: else its use of this year would lower transfers of the next.
    moved = (1.0 - p.additional) * sent * weight if p.unlimited_cut == 0.0 else 0.0
    return max(gap - moved - p.claw_back * above_standard, 0.0)


@rule
def _bonds(share, gdp, debt, special, size, p):
    """New bonds of a budget: its share of the quota and its extra quota, under the debt limit."""
    wanted = size * p.bond_quota * share + special
    return min(wanted, max(p.debt_limit * share * gdp - debt, 0.0))


@kernel
def _ration(budgets, money, from_above, group, envelope, gdp, upper, special, size, arrived, p, grants):
    after, eight, product = grants.after, budgets.need.size, 0.0
    for county in range(gdp.size):
        product += gdp[county]
    gaps, in_hand, pool = 0.0, 0.0, 0.0
    for budget in range(eight):
        gaps += max(p.kappa * (after.need[budget] - after.standard[budget]), 0.0)
        in_hand += budgets.carried[budget]
    for k in range(envelope.size):
        pool += envelope[k]
    sent = max(pool - in_hand, 0.0)
    free, claim, left = np.empty(eight), np.empty(eight), np.empty(eight)
    for budget in range(eight):
        own, need, in_county = grants.own_revenue[budget], after.need[budget], budget < CITY_BUDGET
        gap = p.kappa * (need - after.standard[budget])
        weight = max(gap, 0.0) / max(gaps, 1.0)
        general = _general(gap, weight, sent, after.revenue[budget] - after.standard[budget], p)
        general = arrived[budget] * general + (upper[budget] if in_county else 0.0)
        share = (1.0 - p.city_debt) * gdp[budget] / product if in_county else p.city_debt
        extra = special[budget] if in_county else 0.0
        bonds = _bonds(share, product, budgets.debt[budget], extra, size, p)
        interest = p.debt_rate * budgets.debt[budget]
        income = own + general + grants.compensation[budget] + bonds
        # First claims; what income cannot bear comes out of the reserve, then out of rigid spending itself.
        left[budget] = budgets.reserve[budget] + income - interest - grants.clearing[budget]
        rigid = min(p.fs_rigid * need, max(left[budget], 0.0))
        reserve = min(p.reserve_share * need, max(left[budget] - rigid, 0.0))
        free[budget] = max(left[budget] - rigid - reserve, 0.0)
        claim[budget] = p.lever_claim * free[budget]
        grants.general_transfers[budget], grants.bonds[budget], grants.interest[budget] = (
            general,
            bonds,
            interest,
        )
        grants.rigid[budget], after.reserve[budget] = rigid, reserve
    _grant(money, from_above, group, envelope, claim, p.unlimited_cut, grants.granted, grants.share)
    above, drawn = np.zeros(eight), 0.0
    for budget in range(eight):
        grants.lever_spending[budget] = 0.0
        for row in range(from_above.size):
            grants.lever_spending[budget] += grants.granted[row, budget]
            above[budget] += from_above[row] * grants.granted[row, budget]
        drawn += above[budget]
    for budget in range(eight):
        spent, interest, rigid = grants.lever_spending[budget], grants.interest[budget], grants.rigid[budget]
        own_part = spent - above[budget]
        # A purse that is asked directly and not by `asks` may lack money under the cut of loop B2: above fills it.
        missing = max(own_part - free[budget], 0.0)
        other = max(free[budget] - own_part, 0.0)
        # What no lever used is carried in the city's hands. Above tops up what was carried to the envelope, so that
        # hoarding never pays; the cut of loop B2 sends more.
        carried = max(in_hand + sent - drawn, 0.0) if budget == CITY_BUDGET else 0.0
        # A budget receives what it spends; the city also what is kept, less what it had kept.
        received = above[budget] + carried - budgets.carried[budget] + missing
        # An income that does not even cover interest leaves it to new debt.
        grants.bonds[budget] += max(-left[budget], 0.0)
        grants.earmarked[budget], grants.other_spending[budget] = received, other
        grants.filled[budget] = missing
        grants.reserve_change[budget] = after.reserve[budget] - budgets.reserve[budget]
        grants.carried_change[budget] = carried - budgets.carried[budget]
        after.carried[budget], after.debt[budget] = carried, budgets.debt[budget] + grants.bonds[budget]
        from_outside = grants.general_transfers[budget] + received + grants.compensation[budget]
        after.transfers[budget] = max(from_outside, 0.0)
        after.spending[budget] = rigid + interest + grants.clearing[budget] + spent + other


@kernel
def _grant(money, from_above, group, envelope, claim, unlimited, granted, share):
    """What of each ask is granted, and the share of it for each county: envelopes first, then the own purses."""
    rows, eight = money.shape
    asked, part, own, paid = np.zeros(envelope.size), np.ones(rows), np.zeros(eight), np.ones(eight)
    for row in range(rows):
        for budget in range(eight):
            asked[group[row]] += from_above[row] * money[row, budget]
    for row in range(rows):
        wanted, there = asked[group[row]], envelope[group[row]]
        if unlimited == 0.0 and from_above[row] > 0.0 and wanted > there:
            part[row] = there / wanted
        for budget in range(eight):
            own[budget] += (1.0 - from_above[row]) * money[row, budget] * part[row]
    for budget in range(eight):
        if unlimited == 0.0 and own[budget] > claim[budget]:
            paid[budget] = claim[budget] / max(own[budget], 1.0)
    for row in range(rows):
        in_counties = 0.0
        for budget in range(eight):
            matched = paid[budget] if from_above[row] < 1.0 else 1.0
            granted[row, budget] = money[row, budget] * part[row] * matched
            if budget < CITY_BUDGET:
                share[row, budget] = part[row] * matched
                in_counties += money[row, budget]
            elif in_counties == 0.0 and money[row, budget] > 0.0:
                # A lever of the city asks one purse for all counties.
                share[row, :] = part[row] * matched


def balance(grants: Grants) -> np.ndarray:
    """Revenue less spending less changes of reserve and carried money of each budget: zero when the books close."""
    income = (
        grants.own_revenue + grants.general_transfers + grants.earmarked + grants.compensation + grants.bonds
    )
    spending = (
        grants.rigid + grants.interest + grants.clearing + grants.lever_spending + grants.other_spending
    )
    return income - spending - grants.reserve_change - grants.carried_change


def earmarked_spent(grants: Grants, asks: Sequence[Ask]) -> np.ndarray:
    """Earmarked money that levers used in each budget (f8, 8)."""
    return _from_above(asks) @ grants.granted


def hand_back(grants: Grants, unspent: np.ndarray, asks: Sequence[Ask]) -> Grants:
    """The same settlement when part of what was granted found no taker; `unspent` is yuan, f8 (L, 8).

    Earmarked money is carried in the city's hands, not lost; own money returns to the reserve of its budget.
    """
    sent, spent = _from_above(asks) @ unspent, unspent.sum(axis=0)
    own = spent - sent
    kept = np.zeros(sent.size)
    kept[CITY_BUDGET] = sent.sum()
    # A county that did not spend its earmarked money did not receive it: the city holds it.
    change = kept - sent
    after = grants.after._replace(
        reserve=grants.after.reserve + own,
        carried=grants.after.carried + kept,
        spending=grants.after.spending - spent,
        transfers=np.maximum(grants.after.transfers + change, 0.0),
    )
    return grants._replace(
        granted=grants.granted - unspent,
        earmarked=grants.earmarked + change,
        lever_spending=grants.lever_spending - spent,
        reserve_change=grants.reserve_change + own,
        carried_change=grants.carried_change + kept,
        after=after,
    )
