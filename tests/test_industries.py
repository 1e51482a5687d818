"""Industries: the base year repeats itself, books close three ways, and every lever has its channel."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from lives import unlimited, values
from tianshui.mechanisms import industries
from tianshui.mechanisms.industries import IndustriesParameters, Setting, Spending, Support
from tianshui.run import simulate_together
from tianshui.state import SECTORS

P = IndustriesParameters()
ROUNDING = 1e-9
ONE, ZERO = np.ones(7), np.zeros(7)
SECONDARY = np.array([4.854e9, 5.396e9, 0.147e9, 0.597e9, 0.938e9, 0.510e9, 0.178e9])
TERTIARY = np.array([8.258e9, 5.551e9, 1.430e9, 3.249e9, 2.878e9, 2.167e9, 1.200e9])
FARM = np.array([1.272e9, 1.316e9, 0.944e9, 1.481e9, 1.546e9, 1.741e9, 0.714e9])
URBAN = np.array([377087.0, 274960, 58865, 118096, 138790, 109588, 63663])
VILLAGE = np.array([272699.0, 279155, 194167, 345616, 392993, 289240, 200583])
PUBLIC = np.array([6.2e9, 4.83e9, 1.86e9, 2.71e9, 2.67e9, 2.14e9, 1.99e9])
SPENDING = Spending(15000 * URBAN, 5300 * VILLAGE, 0.6 * PUBLIC, 0.2 * PUBLIC, 900 * URBAN, 0.4 * FARM)
TAX = np.array([1.54e9, 1.12e9, 0.148e9, 0.204e9, 0.345e9, 0.176e9, 0.133e9])
NO_SUPPORT = Support(*(ZERO for _ in Support._fields))
CALM = Setting(np.zeros(10), 1.0, ONE, ONE, ONE, ONE, ZERO, ONE)
STILL = P.model_copy(update={"g_tfp_ind": 0.0, "g_tfp_srv": 0.0, "outside_trend": 0.0, "upg_haz": 0.0})
VALUE_ADDED = industries.value_added_2015(SECONDARY, TERTIARY)
JOBS = np.maximum(VALUE_ADDED / 62000 / industries.relative_wage(P), 1).astype(np.int64)
EFFICIENCY = np.full((7, 10), 1.2)


def bill(jobs, wage=26000.0):
    return wage * industries.relative_wage(P) * jobs * EFFICIENCY


def begin(p=P, growth=0.07, push=0.0):
    return industries.opening(VALUE_ADDED, growth, JOBS, EFFICIENCY, bill(JOBS), TAX, SPENDING, push * ONE, p)


def help_(state, p=P, *, retrofit=0.0, purse=1e12, development=0.0, added=0.9, year=2016, seed=0):
    return industries.subsidised(
        state, retrofit=ONE * retrofit, retrofit_money=ONE * purse, development_money=ONE * development,
        developed=ONE * added * development, cleaning=np.zeros((7, 10)), deflator=1.0, p=p, year=year, seed=seed,
    )  # fmt: skip


def make(state, p=P, *, jobs=None, spending=SPENDING, support=NO_SUPPORT, setting=CALM, year=2016, seed=0, wage=26000.0,
         investment=None, growth=None, helped=None):  # fmt: skip
    jobs = state.jobs if jobs is None else jobs
    if investment is None:
        investment = industries.plan_investment(state, np.zeros((7, 10)), ZERO, ONE * 0.35, 1.0, p)
    return industries.produce(
        state, jobs=jobs, efficiency=EFFICIENCY, wage_bill=bill(jobs, wage), tax=TAX, investment=investment,
        growth=np.zeros((7, 10)) if growth is None else growth, spending=spending, support=support, setting=setting, p=p,
        helped=help_(state, p, year=year, seed=seed) if helped is None else helped, year=year, seed=seed,
    )  # fmt: skip


def with_support(**changes):
    return NO_SUPPORT._replace(**{name: np.full(7, value) for name, value in changes.items()})


def test_the_tables_of_sectors_sum():
    shares = industries.sector_shares()
    assert shares[:, :5].sum(axis=1) == pytest.approx(np.ones(7))
    assert shares[:, 5:].sum(axis=1) == pytest.approx(np.ones(7))
    for use in industries.USES:
        assert industries.traits(use).sum() == pytest.approx(1.0)
    assert VALUE_ADDED.sum() == pytest.approx(37.35e9, rel=1e-3)


def test_firms_invested_in_2015_as_they_do_in_every_year():
    """Wages that grow by 6 % ask for 0.5 * 6 % of capital more; investment of 2016 then grows with capital alone."""
    push = industries.pushed(0.06 * ONE, ONE * P.debt_normal, P)
    assert push == pytest.approx(P.deepening * (1.0 - P.alpha_K) * 0.06 * ONE)
    at_once = P.model_copy(update={"built_later": 0.0})
    state = begin(at_once, push=push[0])
    before = P.capital_scale * industries.traits("capital_output") * VALUE_ADDED
    invested = state.capital - (1.0 - P.delta_K) * before
    again = industries.plan_investment(state, state.expected, 0.06 * ONE, ONE * P.debt_normal, 1.0, at_once)
    # Schools and offices ask for no return; elsewhere it is a little lower on more capital.
    schools = SECTORS.index("public_services")
    assert (again.paid / invested)[:, schools] == pytest.approx((state.capital / before)[:, schools])
    assert again.paid / invested == pytest.approx(state.capital / before, rel=0.04)


def test_who_lives_better_leans_to_services_and_spends_no_more():
    """Twice the standard of living: services sell 2^0.35 = 1.275 times as much of the same money, goods and imports less."""
    state = begin(STILL, growth=0.0)
    uses = industries._uses(SPENDING, np.zeros((7, 10)), np.zeros((7, 10)))
    plain, better = (
        industries._local_demand(uses * np.isin(np.arange(7), industries.LIVING)[:, None], np.ones((7, 10)), VALUE_ADDED,
                                 level * ONE, ZERO, P).sum(axis=(0, 1))
        for level in (1.0, 2.0)
    )  # fmt: skip
    assert better[6:] / plain[6:] == pytest.approx(2.0**P.leaning)
    sold = plain > 0.0
    assert (better[:6][sold[:6]] < plain[:6][sold[:6]]).all()
    lean = industries._lean(2.0 * ONE, P)
    part = (1.0 - P.import_consumption) * industries.traits("consumption")[6:].sum()
    assert (1.0 - part) * lean[0, 0, 0] + part * lean[0, 0, 1] == pytest.approx(1.0)
    rich = make(state, STILL, setting=CALM._replace(living=2.0 * ONE))
    assert rich.bought_outside.sum() < make(state, STILL).bought_outside.sum()


def test_builders_finish_what_was_ordered_the_year_before():
    """A year that asks for nothing still pays half of what the year before decided; a boom is paid in two halves."""
    state = begin()._replace(cash=np.full((7, 10), 1e12))
    flat, boom = ZERO[:, None] * np.ones((7, 10)), np.full((7, 10), 0.1)
    ordered = P.built_later * P.delta_K * state.capital
    slump = industries.plan_investment(
        state._replace(ordered=ordered), flat - 1.0, ZERO, ONE * P.debt_normal, 1.0, P
    )
    assert slump.paid == pytest.approx(ordered) and slump.ordered == pytest.approx(0.0 * ordered)
    usual, more = (
        industries.plan_investment(state, growth, ZERO, ONE * P.debt_normal, 1.0, P)
        for growth in (flat, boom)
    )
    added = P.accelerator * 0.1 * state.capital
    assert more.paid - usual.paid == pytest.approx((1.0 - P.built_later) * added)
    assert more.ordered - usual.ordered == pytest.approx(P.built_later * added)


def test_the_base_year_repeats_itself():
    state = begin(STILL, growth=0.0)
    same = STILL.delta_K * state.capital
    made = make(state, STILL, investment=industries.Investment(same, 0.0 * same, 0.0 * same))
    assert made.value_added == pytest.approx(VALUE_ADDED, rel=1e-9)
    assert made.competitiveness == pytest.approx(np.ones((7, 10)))
    # EDGAR 2015: 7.70 Mt, a fifth of it in homes and on farms.
    assert made.emissions.sum() == pytest.approx(0.8 * 7.7011e6)
    outside = made.outside_sales.sum() / VALUE_ADDED.sum()
    print(f"outside sales {outside:.3f} of value added, local factor {state.local_factor.min():.2f} to 1")
    assert 0.1 < outside < 0.5


def test_three_books_of_gdp_agree():
    made = make(begin())
    out = industries.gdp(
        made, SPENDING, farm_value_added=FARM, farm_income=FARM, farm_outside_sales=0.6 * FARM
    )
    assert np.abs(out.income - out.production).max() < 1e-9 * out.production.sum()
    assert np.abs(out.expenditure - out.production).max() < 1e-9 * out.production.sum()
    assert made.sold_there.sum() == pytest.approx(made.bought_there.sum())
    assert made.tax.sum(axis=1) == pytest.approx(TAX)


def test_jobs_wanted_invert_the_production_function():
    state = begin(STILL, growth=0.0)
    calm = industries.plan_hiring(state, np.zeros(10), ONE, ONE, 1.0, 0.0, STILL)
    assert (calm.wanted == JOBS).all() and not calm.vacancies.any() and not calm.layoffs.any()
    # Sales 6 % up at given capital: 1.06 ** (1 / 0.5) = 1.1236 of the jobs; 0.6 of growth is the nation's, half of it
    # is believed at once and 0.5 of the gap closes: 1.018 ** 2 = 1.0363, so 1.8 % more jobs.
    more = industries.plan_hiring(state, np.full(10, 0.06), ONE, ONE, 1.0, 0.0, STILL)
    assert more.wanted.sum() / JOBS.sum() == pytest.approx(1.0182, abs=1e-3)
    # Public capital 10 % up makes the same with fewer: 1.1 ** (-0.1 / 0.5) = 0.981.
    roads = industries.plan_hiring(state, np.zeros(10), ONE * 1.1, ONE, 1.0, 0.0, STILL)
    assert roads.wanted.sum() / JOBS.sum() == pytest.approx(1 - 0.5 * (1 - 1.1**-0.2), abs=1e-3)


def test_growth_is_expected_as_it_is_remembered():
    """One year's leap by 6 % is believed by half, and half of that a year later; growth that lasts is believed in the end."""
    state, leap, still = begin(STILL, growth=0.0), np.full(10, 0.06), np.zeros(10)

    def expect(expected: np.ndarray, markets: np.ndarray) -> np.ndarray:
        firms = state._replace(expected=expected)
        return industries.plan_hiring(firms, markets, ONE, ONE, 1.0, 0.0, STILL).growth

    first = expect(state.expected, leap)
    assert first == pytest.approx(np.full((7, 10), 0.5 * P.follow * 0.06))
    assert expect(first, still) == pytest.approx(first / 2.0)
    lasting = first
    for _ in range(20):
        lasting = expect(lasting, leap)
    assert lasting == pytest.approx(np.full((7, 10), P.follow * 0.06), rel=1e-3)
    assert make(state, STILL, growth=first).after.expected == pytest.approx(first)


def test_too_few_workers_bound_output_and_customers_buy_outside():
    full, empty = make(begin()), make(begin(), jobs=JOBS // 2)
    assert (empty.served < 1.0).any() and full.served == pytest.approx(1.0)
    assert empty.value_added.sum() < full.value_added.sum()
    assert empty.bought_outside.sum() > full.bought_outside.sum()


def test_prices_follow_labour_where_a_sector_sells_at_home():
    """Labour and tax took 60 % of value added at the start and take 66 %: with half passed on and 80 % sold at home
    prices rise by 0.5 * 0.8 * ln(1.1) = 3.8 %; sold abroad, by nothing. Dear labour never counts for more than e.
    """
    usual = 0.4 / (P.capital_scale * 2.0)  # the surplus of 40 % over capital of two years' value added
    dear = industries._dear(100.0, 34.0, usual, 2.0, P.values)
    assert dear == pytest.approx(np.log(1.1))
    half = P.model_copy(update={"passed_on": 0.5}).values
    assert industries._dearer(1.0, dear, 0.8, half) == pytest.approx(np.exp(0.5 * 0.8 * np.log(1.1)))
    assert industries._dearer(1.0, dear, 0.0, half) == 1.0
    assert industries._dear(100.0, -900.0, usual, 2.0, P.values) == 1.0


def test_a_dearer_hour_is_not_answered_by_more_hours():
    """Builders and teachers whose pay grows by 12 % a year, their sales by 8: with prices that follow, their wage bill
    stays nearer to its part of what they sell; without, they would hire ever more at a loss.
    """
    held = P.model_copy(update={"passed_on": 0.0})
    (last, _), (without, _) = run(10, pay=0.12)[-1], run(10, pay=0.12, p=held)[-1]
    for sector in ("construction", "public_services"):
        place = SECTORS.index(sector)
        part, loose = (one.wages[:, place].sum() / one.value_added[:, place].sum() for one in (last, without))
        print(f"{sector}: wages over value added {part:.2f}, prices held {loose:.2f}")
        assert part < loose
    assert last.after.jobs.sum() < without.after.jobs.sum()


def test_a_yuan_of_public_works_makes_less_than_a_yuan():
    more = SPENDING._replace(public_works=SPENDING.public_works + 1e8)
    rise = make(begin(), spending=more).value_added.sum() - make(begin()).value_added.sum()
    # Half leaks out at once; where a county's own sectors are small (local factor), more is bought outside.
    assert 0.2 * 7e8 < rise <= 0.5 * 7e8 + 1.0


def test_dearer_labour_sells_less_outside():
    dear = make(begin(), setting=CALM._replace(wage_ratio=ONE * 1.1))
    # 1.1 ** -0.5 = 0.953 of competitiveness, 0.953 ** 1.5 = 0.931 of sales.
    assert (dear.outside_sales / make(begin()).outside_sales) == pytest.approx(np.full((7, 10), 1.1**-0.75))


@pytest.mark.parametrize(
    ("changes", "read"),
    [
        ({"park": 1.0}, lambda made: made.entries[:, :4].sum()),
        ({"park": 1.0}, lambda made: made.after.goods[:, :4].sum()),
        ({"relief": 0.5}, lambda made: made.after.goods.sum()),
        ({"relief": 0.3}, lambda made: made.entries.sum()),
        ({"eco": 1e8}, lambda made: made.after.outside_demand.sum()),
        ({"eco": 1e8}, lambda made: made.after.capital.sum()),
    ],
)
def test_every_lever_has_its_channel(changes, read):
    assert read(make(begin(), support=with_support(**changes))) > read(make(begin()))


@pytest.mark.parametrize("money", [1e7, 1e8, 1e9])
def test_eco_investment_adds_capital_in_step_with_its_sales(money):
    """Capital per yuan of the sales that it serves stays: nowhere does it rise, and no more is built than is paid."""
    usual, more = make(begin()), make(begin(), support=with_support(eco=money))
    capital = more.after.capital - usual.after.capital
    sales = more.after.outside_demand - usual.after.outside_demand
    green = sales > 0.0
    assert sales.sum(axis=1) == pytest.approx(P.eco_output * money * ONE)
    assert (capital[green] <= sales[green] / P.eco_output * (1.0 + ROUNDING)).all() and (
        capital[green] > 0.0
    ).all()
    before = begin().capital / usual.value_added
    in_step = sales * usual.competitiveness**P.eta * before
    assert capital[green] == pytest.approx(np.minimum(in_step, sales / P.eco_output)[green], rel=1e-6)


def test_eco_investment_alone_destroys_no_jobs():
    """At five times its range and with money without limit, so that it takes none from roads and parks: jobs and GDP rise."""
    usual, most = unlimited(), unlimited("industries.eco_investment", 1e9)
    runs = {place: values(run) for place, run in simulate_together([usual, most], sample=0.02, until=2030)}
    for name in ("jobs", "gdp_real"):
        without, more = ([runs[place][name][year] for year in range(2022, 2031)] for place in (0, 1))
        assert np.mean(more) > np.mean(without), name


def test_the_price_of_a_retrofit_subsidy():
    ask = industries.retrofit_ask(begin(), ONE * 0.1, 1.0, P)
    # A tenth of cost raises the hazard to 0.05 * e^0.3 = 0.0675; 80 % of factories are old; an upgrade costs a
    # quarter of capital: 0.1 * 0.0675 * 0.25 * 0.8 = 0.00135 of the factories' capital.
    factories = begin().capital[:, :4].sum(axis=1)
    assert ask[:2] / factories[:2] == pytest.approx(np.full(2, 0.00135), rel=0.1)
    assert not industries.retrofit_ask(begin(), ZERO, 1.0, P).any()


def test_new_goods_come_with_enterprises_beyond_the_usual_and_end_with_them():
    """Of all, 10 % enter as usual and 5 % leave; entry is half as much again. After a year 1.10 / 1.05 = 1.048 times as
    many are there as usual entry would have left; in the end 1.5 times, and outside demand is 1.5^0.3 = 1.13 of what it was.
    """
    goods = industries._goods(1.0, 0.10, 0.15, 0.05)
    assert goods == pytest.approx(1.10 / 1.05)
    for _ in range(300):
        goods = industries._goods(goods, 0.10, 0.15, 0.05)
    assert goods == pytest.approx(1.5)
    more, usual = (make(begin()._replace(goods=np.full((7, 10), level))) for level in (1.5, 1.0))
    assert more.outside_sales / usual.outside_sales == pytest.approx(np.full((7, 10), 1.5**0.3))
    # What entry is usual moves nothing, whatever jobs and exits do.
    assert industries._goods(1.0, 0.07, 0.07, 0.2) == pytest.approx(1.0)


def test_relief_of_entry_lifts_outside_demand_to_a_level():
    """Half of permits are an eighth of founding spared by half: 0.94^-0.5 = 1.031 of entry, so some 3 % more enterprises,
    whose goods lift outside demand by no more than 1.031^0.3 = 0.9 %, in whatever year.
    """
    eager = (1.0 - P.permit_part * 0.5) ** -P.entry_el_cost
    assert eager == pytest.approx(1.031, abs=1e-3)
    relief, rooted = with_support(relief=0.5), P.model_copy(update={"footloose": 0.0})
    ratios = []
    for years in (5, 20, 40):
        (usual, _), (more, _) = (run(years, support=one, p=rooted)[-1] for one in (NO_SUPPORT, relief))
        ratios.append(np.log(more.after.goods / usual.after.goods).mean() / np.log(eager))
    assert 0.2 < ratios[0] < ratios[1] < ratios[2] < 1.2
    assert more.after.outside_demand == pytest.approx(usual.after.outside_demand)


def test_a_retrofit_subsidy_makes_more_factories_upgrade():
    state = begin()
    usual, more = (make(state, helped=help_(state, retrofit=rate)) for rate in (0.0, 0.2))
    assert more.upgrades.sum() > usual.upgrades.sum()
    assert more.after.energy_intensity.sum() < usual.after.energy_intensity.sum()
    assert not more.upgrades[:, 4:].any()


def test_a_subsidy_pays_its_part_of_every_upgrade_and_buys_those_beyond_the_usual():
    """A fifth of cost raises the hazard from 0.05 to 0.05 e^0.6 = 0.091, so that 1 - e^-0.6 = 0.451 of what upgrades cost
    is beyond the usual; an upgrade of a tenth of a factory's output costs 0.25 * 0.1 of its capital.
    """
    state = begin()
    helped = help_(state, retrofit=0.2)
    cost = 0.25 * helped.stopped * state.capital
    assert helped.subsidies == pytest.approx(0.2 * cost)
    assert helped.renewal == pytest.approx((1.0 - np.exp(-0.6)) * cost)
    # No more is paid than was granted, by parts of what is due; upgrades are bought all the same.
    poor = help_(state, retrofit=0.2, purse=1e6)
    assert poor.subsidies.sum(axis=1) == pytest.approx(np.minimum(helped.subsidies.sum(axis=1), 1e6))
    assert (poor.renewal == helped.renewal).all()
    none = help_(state)
    assert not none.subsidies.any() and not none.renewal.any() and not none.development.any()


def test_a_subsidy_of_development_is_paid_to_factories_who_buy_technical_services():
    state = begin()
    helped = help_(state, development=1e7)
    assert helped.subsidies.sum(axis=1) == pytest.approx(ONE * 1e7)
    assert helped.development.sum(axis=1) == pytest.approx(ONE * 0.9e7)
    assert not helped.subsidies[:, 4:].any()
    usual, more = make(state), make(state, helped=helped)
    rise = (more.value_added - usual.value_added).sum(axis=0)
    # Half comes from outside, and no county sells more than its part of what it bought before.
    assert 0.0 < rise[industries.TECHNICAL] <= 0.5 * 7 * 0.9e7 + 1.0
    assert rise[:5].sum() == pytest.approx(0.0, abs=1.0)
    assert (more.after.capital == usual.after.capital).all()


def test_what_firms_are_paid_is_in_their_books_and_no_income():
    """VA + subsidies = wages + tax + interest + dividends + investment + change of cash - net borrowing; GDP three ways."""
    state = begin()
    plan = industries.Investment(np.full((7, 10), 1e7), np.zeros((7, 10)), np.zeros((7, 10)))
    made = make(state, investment=plan, helped=help_(state, retrofit=0.2, development=1e7))
    usual = make(
        state, investment=plan, helped=help_(state, retrofit=0.2)._replace(subsidies=np.zeros((7, 10)))
    )
    paid = made.wages + made.tax + made.interest + made.dividends + made.investment + made.cash_change
    assert made.value_added + made.subsidies == pytest.approx(paid - made.borrowed)
    # Equipment takes the place of the old: what adds to capital is what was planned.
    assert made.after.capital == pytest.approx((1.0 - P.delta_K) * state.capital + 1e7)
    assert made.investment.sum() > plan.paid.sum()
    out = industries.gdp(
        made, SPENDING, farm_value_added=FARM, farm_income=FARM, farm_outside_sales=0.6 * FARM
    )
    assert np.abs(out.income - out.production).max() < 1e-9 * out.production.sum()
    assert np.abs(out.expenditure - out.production).max() < 1e-9 * out.production.sum()
    # Of the subsidy, what buys nothing more is left to firms, their owners and their banks.
    other = usual.dividends + usual.cash_change - usual.borrowed
    kept = made.dividends + made.cash_change - made.borrowed - other
    sold = made.value_added - usual.value_added
    assert kept.sum() == pytest.approx((made.subsidies + sold - made.investment + usual.investment).sum())


def test_survival_of_ten_years_by_size():
    for factor, survived in ((P.haz_small, 0.40), (P.haz_middle, 0.65), (P.haz_large, 0.90)):
        # SAIC (2013): survival of ten years; (1 - 0.065 * factor) ** 10.
        assert (1 - P.firm_haz * factor) ** 10 == pytest.approx(survived, abs=0.03)


def test_loss_is_carried_by_banks_then_by_owners():
    made = make(begin(), wage=80000.0)
    paid = made.wages + made.tax + made.interest + made.dividends + made.investment + made.cash_change
    assert made.value_added == pytest.approx(paid - made.borrowed, rel=1e-9)
    assert made.after.cash.min() >= 0 and made.after.debt.min() >= 0
    assert made.dividends.min() < 0  # owners put money in


def test_luck_moves_only_whole_numbers_of_enterprises():
    one, same, other = (make(begin(), seed=s) for s in (1, 1, 2))
    assert (one.after.enterprises == same.after.enterprises).all()
    assert (one.after.enterprises != other.after.enterprises).any()
    gap = one.after.enterprises.sum(axis=(2, 3)) - begin().enterprises.sum(axis=(2, 3))
    assert (gap == one.entries - one.exits).all()


def test_wages_follow_outside_and_tightness():
    wage = industries.next_wage(ONE * 30000, ONE * 0.3, 0.06, P)
    assert wage == pytest.approx(ONE * 30000 * (1 + 1.0 * 0.06))  # 0.3 vacancies an applicant are usual
    tight = industries.next_wage(ONE * 30000, ONE * 1.2, 0.06, P)
    assert tight == pytest.approx(ONE * 30000 * (1 + 1.0 * 0.06 + 0.03 * 0.9))  # 1.2 less 0.3
    held = industries.next_wage(ONE * 30000, ONE * 1.2, 0.06, P.model_copy(update={"wage_cut": 1.0}))
    assert held == pytest.approx(wage)


def test_pay_in_units_leads_that_of_migrants():
    start, later = industries.relative_wage(P), industries.relative_wage(P, 1.2)
    formal = industries.traits("formal")
    # 1.2 to the power of the part that units employ: 1 in public services, 0.3 in trade.
    assert later / start == pytest.approx(1.2**formal)
    public, trade = SECTORS.index("public_services"), SECTORS.index("trade")
    assert later[public] / start[public] == pytest.approx(1.2)
    assert later[trade] / start[trade] == pytest.approx(1.2**0.3)


def test_eco_industries_are_about_a_quarter_at_the_start():
    share = industries.eco_industry_share(VALUE_ADDED, FARM, P)
    total = (share * (VALUE_ADDED.sum(axis=1) + FARM)).sum() / (VALUE_ADDED.sum() + FARM.sum())
    print(f"eco-industries {total:.3f} of GDP")
    assert 0.2 < total < 0.32  # 28 % in 2021 (published)


def run(years=20, growth=0.055, p=P, seed=0, pay=0.06, support=NO_SUPPORT):
    """The industries alone on spending that grows with the nation."""
    state, deflator, spending, rows = begin(p), 1.0, SPENDING, []
    for year in range(2016, 2016 + years):
        rate = np.full(10, growth)
        hiring = industries.plan_hiring(state, rate, ONE, ONE, deflator, 0.02, p)
        investment = industries.plan_investment(state, hiring.growth, ONE * 0.04, ONE * 0.35, deflator, p)
        deflator *= 1.02
        spending = Spending(*(column * (1 + growth) * 1.02 for column in spending))
        made = make(state, p, jobs=hiring.wanted, spending=spending, support=support, setting=CALM._replace(growth=rate, deflator=deflator),
                    year=year, seed=seed, wage=26000.0 * (1.0 + pay) ** (year - 2015), investment=investment,
                    growth=hiring.growth)  # fmt: skip
        state = made.after
        rows.append((made, hiring))
    return rows


def test_twenty_years_stay_sane():
    rows = run()
    last = rows[-1][0]
    real = last.value_added.sum() / 1.02**20 / VALUE_ADDED.sum()
    jobs = last.after.jobs.sum() / JOBS.sum()
    print(f"real value added x {real:.2f}, jobs x {jobs:.2f}, served {last.served.min():.2f}, "
          f"capital x {last.after.capital.sum() / begin().capital.sum():.2f}, "
          f"enterprises x {last.after.enterprises.sum() / begin().enterprises.sum():.2f}, "
          f"emissions {last.emissions.sum() / 1e6:.2f} Mt")  # fmt: skip
    assert 2.0 < real < 4.5
    assert 0.7 < jobs < 2.5


def test_a_serviced_plot_stays_vacant_until_a_factory_takes_it():
    """Two km2 a county are more than a year's new factories need in five of them: all find one, and what they leave stays."""
    vacant = 2.0 * ONE
    made = make(begin(), support=NO_SUPPORT._replace(park=vacant))
    assert (made.plots > 0.0).all() and (made.plots < vacant).all()
    # A hundredth of it: a part of new factories finds a plot, and all of it is taken but what goes to other uses.
    few = make(begin(), support=NO_SUPPORT._replace(park=vacant / 100.0))
    assert few.plots == pytest.approx(0.02 * (1.0 - P.park_fades) * ONE, rel=0.15)
    assert (few.plots <= 0.02 * (1.0 - P.park_fades)).all()
    # More of what is vacant anyway brings nobody.
    more, most = (make(begin(), support=NO_SUPPORT._replace(park=size * ONE)) for size in (100.0, 200.0))
    assert (more.entries == most.entries).all() and more.plots == pytest.approx(most.plots)
    assert not make(begin()).plots.any()


def test_works_from_outside_bring_customers_and_their_owners_pay():
    """A plot saves 0.5 * 0.2 of delivered cost, so e^(5 * 0.1) = 1.65 times as many works come as where there is none; usual
    entry is some 12 % of jobs, three tenths of them free to choose.
    """
    usual, more = (make(begin(), support=one) for one in (NO_SUPPORT, with_support(park=100.0)))
    assert industries._from_outside(1.0, 1.0, P.values) == pytest.approx(np.exp(0.5))
    assert not usual.after.coming.any() and usual.after.works == pytest.approx(np.ones((7, 10)))
    coming = more.after.coming[:, :4].sum() / more.value_added[:, :4].sum()
    assert coming == pytest.approx(0.3 * 0.12 * (np.exp(0.5) - 1.0), rel=0.2)
    assert not more.after.coming[:, 4:].any()
    assert (more.after.outside_demand - usual.after.outside_demand)[:, :4].sum() == pytest.approx(
        more.after.coming.sum(), rel=0.1
    )
    # A year later they hire and build; the owners' money comes in as dividends less than nothing.
    state = more.after
    plan = industries.plan_investment(state, np.zeros((7, 10)), ZERO, ONE * 0.35, 1.0, P)
    own = industries.plan_investment(
        state._replace(coming=0.0 * state.coming), np.zeros((7, 10)), ZERO, ONE * 0.35, 1.0, P
    )
    assert plan.paid - plan.brought == pytest.approx(own.paid)
    assert plan.brought == pytest.approx(state.coming * state.capital / np.maximum(state.value_added, 1.0))
    hired = [
        industries.plan_hiring(one, np.zeros(10), ONE, ONE, 1.0, 0.0, P).wanted[:, :4].sum()
        for one in (state, state._replace(coming=0.0 * state.coming))
    ]
    assert hired[0] > hired[1]
    # The same spending of firms: only who pays differs.
    built, borrowed = (
        make(state, investment=one) for one in (plan, plan._replace(brought=0.0 * plan.brought))
    )
    assert built.dividends.sum() < borrowed.dividends.sum()


def test_works_end_where_what_draws_them_says():
    """A place that draws as many again ends with as many again, not with ever more."""
    level, levels = 1.0, []
    for _ in range(200):
        level = industries._goods(level, 0.12, 2.0 * 0.12, 0.07)
        levels.append(level)
    assert levels[0] == pytest.approx(1.17 / 1.05) and levels[-1] == pytest.approx(2.0)


def test_customers_are_found_over_years_and_goods_from_outside_come_in():
    """Trade cost 2 % down, half of cost bought in: 1.02^(1.5 * 1.5) more sold outside at once, 1.02^(4 * 1.5) in the end;
    at home half of 2 % is lost to goods from outside, at the part that is bought there.
    """
    cheap = CALM._replace(trade_cost=ONE / 1.02)
    usual, at_once = make(begin()), make(begin(), setting=cheap)
    later = make(begin()._replace(custom=ONE / 1.02), setting=cheap)
    ratio = at_once.outside_sales / usual.outside_sales
    assert ratio[:, :4] == pytest.approx(np.full((7, 4), 1.02 ** (1.5 * 1.5)))
    assert ratio[:, 4:] == pytest.approx(np.full((7, 6), 1.02**1.5))
    assert (later.outside_sales / usual.outside_sales)[:, :4] == pytest.approx(np.full((7, 4), 1.02**6))
    assert at_once.after.custom == pytest.approx(1.02**-P.custom_found * ONE)
    lost = later.sold_here[:, :4].sum() / usual.sold_here[:, :4].sum()
    assert 1.02 ** (-4 * 0.5) < lost < 1.02 ** (-4 * 0.5 * P.import_public)
    assert (later.sold_here[:, 4:] == usual.sold_here[:, 4:]).all()
    assert industries._rivals(ONE, ONE, P) == pytest.approx(ZERO)


@examples(max_examples=25)
@given(st.floats(-0.1, 0.15), st.floats(0.5, 2.0), st.integers(0, 3))
def test_books_close_whatever_happens(growth, scale, seed):
    spending = Spending(*(column * scale for column in SPENDING))
    setting = CALM._replace(growth=np.full(10, growth), deflator=1.1)
    made = make(begin(), spending=spending, setting=setting, seed=seed)
    food = FARM - 0.6 * FARM
    assert spending.local_food == pytest.approx(food * scale)
    out = industries.gdp(made, spending, farm_value_added=FARM, farm_income=FARM,
                         farm_outside_sales=FARM - spending.local_food)  # fmt: skip
    for other in (out.income, out.expenditure):
        assert np.abs(other - out.production).max() < 1e-9 * out.production.sum()
    for name, column in made.after._asdict().items():
        assert name in ("surplus", "usual") or column.min() >= 0
