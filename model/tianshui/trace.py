"""One household's life, year by year, and why: rule, inputs, chance, draw, decision.

`trace` lives the whole world again and watches one household. Decisions are worked out a second time with the
very rules of the mechanisms, uncompiled, on what the household met; where a second reckoning differs from what
the run did, it stops, so that no explanation is shown that was not the reason.
"""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from tianshui import draws, plan
from tianshui.indicators import AREAS
from tianshui.mechanisms import conversion, demography, health, livelihoods, moving, relief, services
from tianshui.plan import LAST_YEAR, Plan
from tianshui.run import Years
from tianshui.state import (
    AWAY,
    CELLS_PER_MU,
    COUNTIES,
    FARM,
    FIRST_SECTOR,
    NEVER_POOR,
    NO_WORK,
    OUTSIDE,
    POOR,
    POST,
    PUPIL,
    SECTORS,
    TOWN,
    VILLAGE,
    WORK_AWAY,
    WORKSHOP,
    HouseholdMoney,
)

WORK = {
    NO_WORK: ("no work", "无业"), PUPIL: ("pupil", "在学"), FARM: ("farm", "务农"), WORKSHOP: ("workshop", "就业工厂"),
    POST: ("public post", "公益岗位"), WORK_AWAY: ("work away", "外出务工"),
}  # fmt: skip
SECTOR_NAMES = {
    "equipment": "装备制造", "electronics": "电子", "processing": "食品医药加工", "other_industry": "其他工业",
    "construction": "建筑", "trade": "商贸物流", "tourism": "文旅", "technical": "信息技术", "public_services": "公共服务",
    "other_services": "其他服务",
}  # fmt: skip
CHOICES = {
    livelihoods.CHOICE_FARM: ("farm", "务农"), livelihoods.CHOICE_LOCAL: ("local work", "本地务工"),
    livelihoods.CHOICE_AWAY: ("go away", "外出"), livelihoods.CHOICE_NONE: ("no work", "不就业"),
}  # fmt: skip
YES, NO = ("yes", "是"), ("no", "否")


class Event(NamedTuple):
    """One decision or stroke of luck."""

    rule: str
    """Mechanism and rule that decided."""
    en: str
    zh: str
    inputs: dict[str, float]
    chance: float | None
    draw: float | None
    decision: tuple[str, str]
    """What came of it, in English and Chinese."""


class LifeYear(NamedTuple):
    """The household at the end of one year, and what happened in it."""

    year: int
    facts: dict[str, float]
    """Members, money in yuan, land in mu, registers."""
    people: tuple[str, ...]
    """Each member in one line of English."""
    people_zh: tuple[str, ...]
    events: tuple[Event, ...]


class Life(NamedTuple):
    """The life of one synthetic household under one scenario."""

    number: int
    county: str
    scenario: str
    years: tuple[LifeYear, ...]
    against: "Life | None"
    """The same household under a second scenario."""


def trace(
    number: int,
    scenario: str | Path | Plan = "plan",
    *,
    seed: int = 0,
    draw: int = 0,
    sample: float = 1.0,
    until: int = LAST_YEAR,
    against: str | Path | Plan | None = None,
    scenarios: Path | str | None = None,
) -> Life:
    """Live the world again and watch the household with a permanent number.

    Raises KeyError when the start population of the sample has no such household.
    """
    life = _watch(number, _plan(scenario, scenarios), seed, draw, sample, until)
    if against is None:
        return life
    return life._replace(against=_watch(number, _plan(against, scenarios), seed, draw, sample, until))


def _plan(scenario: str | Path | Plan, scenarios: Path | str | None) -> Plan:
    return scenario if isinstance(scenario, Plan) else plan.load(scenario, scenarios=scenarios)


def _watch(number: int, chosen: Plan, seed: int, draw: int, sample: float, until: int) -> Life:
    world = Years(chosen, sample=sample, seed=seed, draw=draw, until=until)
    row = _row(world.state.households.number, number)
    if row < 0:
        raise KeyError(f"no household has the number {number} in the start population of this sample")
    county = COUNTIES[int(world.state.households.county[row])]
    years = [_year_end(world.state, row, None, ())]
    while world.state.year < until:
        events: list[Event] = []
        settings, year = world.settings, world.state.year + 1
        world.step(lambda *met, s=settings, e=events, y=year: e.extend(_explain(number, s, seed, y, *met)))
        row = _row(world.state.households.number, number)
        if row < 0:
            years.append(LifeYear(world.state.year, {}, (), (), tuple(events)))
            break
        money = world.last.money if world.last else None
        years.append(_year_end(world.state, row, money, tuple(events)))
    return Life(number, county, chosen.name, tuple(years), None)


def _row(numbers: np.ndarray, number: int) -> int:
    found = np.flatnonzero(numbers == np.uint64(number))
    return int(found[0]) if found.size else -1


def _plain(rule: Any) -> Callable[..., Any]:
    """A rule as written, not compiled."""
    return getattr(rule, "py_func", rule)


# --- The household at year's end ----------------------------------------------------------------------


def work_name(code: int) -> tuple[str, str]:
    """What a person does, in English and Chinese."""
    if FIRST_SECTOR <= code < FIRST_SECTOR + len(SECTORS):
        sector = SECTORS[code - FIRST_SECTOR]
        return sector.replace("_", " "), SECTOR_NAMES[sector]
    return WORK[code]


def _year_end(state: Any, row: int, money: HouseholdMoney | None, events: tuple[Event, ...]) -> LifeYear:
    homes, persons = state.households, state.persons
    first, last = int(homes.first[row]), int(homes.first[row + 1])
    facts: dict[str, float] = {"members": last - first}
    for name in ("income", "cash", "debt"):
        facts[name] = float(getattr(homes, name)[row])
    for name in ("flat", "terrace", "slope", "steep", "orchard", "sapling", "converted", "let"):
        facts[f"{name}_mu"] = float(getattr(homes, name)[row]) / CELLS_PER_MU
    facts["idle_mu"] = (
        float(homes.idle_terrace[row] + homes.idle_slope[row] + homes.idle_steep[row]) / CELLS_PER_MU
    )
    for name in (
        "cattle",
        "in_town",
        "poor",
        "monitored",
        "allowance",
        "cooperative",
        "insured",
        "relocated",
    ):
        facts[name] = float(getattr(homes, name)[row])
    if money is not None:
        facts |= {f"money_{name}": float(getattr(money, name)[row]) for name in HouseholdMoney._fields}
    lines, lines_zh = [], []
    for i in range(first, last):
        sex = ("woman", "女") if persons.female[i] else ("man", "男")
        place = int(persons.place[i])
        where = ("outside", "市外") if place == OUTSIDE else AREAS[COUNTIES[place]]
        work = work_name(int(persons.work[i]))
        lines.append(
            f"{sex[0]} of {persons.age[i]}, {persons.schooling[i]} years of school, {work[0]}, {where[0]}"
        )
        lines_zh.append(f"{sex[1]},{persons.age[i]}岁,受教育{persons.schooling[i]}年,{work[1]},{where[1]}")
    return LifeYear(state.year, facts, tuple(lines), tuple(lines_zh), events)


# --- What happened and why ----------------------------------------------------------------------------


class Met(NamedTuple):
    """What one household met in a year."""

    number: int
    settings: Any
    seed: int
    year: int
    now: Any
    people: Any
    world: Any
    terms: Any
    access: Any
    state: Any
    homes: Any
    lived: Any
    before: int  # its row on 31 December before
    row: int  # its row among the heads of the year


def _explain(number: int, settings: Any, seed: int, year: int, *met: Any) -> list[Event]:
    now, people = met[0], met[1]
    before, row = _row(now.households.number, number), _row(people.households.number, number)
    watched = Met(number, settings, seed, year, *met, before, row)  # pyright: ignore[reportCallIssue]
    events = _lives(watched)
    if row >= 0:
        events += [*_illness(watched), *_work(watched), *_town(watched), *_land(watched), *_help(watched)]
    return events


def _sure(met: Met, what: str, agrees: bool) -> None:
    if not agrees:
        raise AssertionError(f"{met.year}: the second reckoning of {what} of household {met.number} differs")


def _lives(met: Met) -> list[Event]:
    """Deaths, births, weddings and departures of last year's members."""
    persons, homes, heads = met.now.persons, met.now.households, met.people.heads
    p, luck = met.settings.demography, draws.key(met.seed, met.year, "demography")
    dies = demography.death_chances(demography.life_expectancy_in(met.year, p), p)
    events = []
    for i in range(int(homes.first[met.before]), int(homes.first[met.before + 1])):
        age, sex = int(persons.age[i]), int(persons.female[i])
        chance = float(dies[sex, age])
        die = float(draws.uniform(luck, persons.number[i], demography.DEATH))
        fate = int(heads.fate[i])
        _sure(met, "a death", (die < chance) == (fate == 3))
        who = f"{'woman' if sex else 'man'} of {age}", f"{age}岁{'女' if sex else '男'}性"
        if fate == 3:
            events.append(
                Event("demography.death", f"{who[0]} dies", f"{who[1]}去世", {"age": age}, chance, die, YES)
            )
        elif fate == 2:
            events.append(
                Event(
                    "demography.wedding",
                    f"{who[0]} marries out",
                    f"{who[1]}出嫁",
                    {"age": age},
                    None,
                    None,
                    YES,
                )
            )
        elif fate == 1:
            events.append(
                Event(
                    "demography.founding",
                    f"{who[0]} leaves for a household of her or his own",
                    f"{who[1]}分户另立",
                    {"age": age},
                    None,
                    None,
                    YES,
                )
            )
        if int(heads.birth[i]):
            draw = float(draws.uniform(luck, persons.number[i], demography.BIRTH))
            events.append(
                Event(
                    "demography.birth",
                    f"a child is born to the {who[0]}",
                    f"{who[1]}生育",
                    {"age": age, "children": float(persons.children[i])},
                    None,
                    draw,
                    YES,
                )
            )
    return events


def _illness(met: Met) -> list[Event]:
    """Grave illness of each member, and disaster."""
    persons, homes = met.people.persons, met.people.households
    p, luck = met.settings.health, draws.key(met.seed, met.year, "illness")
    values, events = p.values, []
    for i in range(int(homes.first[met.row]), int(homes.first[met.row + 1])):
        age, disabled = int(persons.age[i]), int(persons.health[i]) == health.DISABLED
        chance = (
            p.hazard
            * _plain(health.age_factor)(float(age), values)
            * (p.disabled_factor if disabled else 1.0)
        )
        draw = float(draws.uniform(luck, persons.number[i], health.STRUCK))
        if draw < chance:
            _sure(met, "an illness", float(met.homes.ill.lost_work[i]) > 0.0)
            events.append(
                Event(
                    "health.illness",
                    f"member of {age} falls gravely ill",
                    f"{age}岁成员患重病",
                    {"age": age, "disabled": float(disabled)},
                    chance,
                    draw,
                    YES,
                )
            )
    bill = float(met.homes.ill.medical[met.row])
    if events:
        events.append(
            Event(
                "health.bill",
                "medical bill of the year, yuan",
                "全年医疗自付(元)",
                {"bill": bill},
                None,
                None,
                YES,
            )
        )
    if int(met.homes.ill.disaster[met.row]):
        lost = float(met.homes.ill.harvest_lost[met.row])
        events.append(
            Event(
                "health.disaster",
                "hail, landslide or flood strikes",
                "遭受冰雹、滑坡或洪涝",
                {"harvest_lost": lost},
                None,
                None,
                YES,
            )
        )
    return events


def _work(met: Met) -> list[Event]:
    """Each adult's choice of livelihood, where one thought again."""
    homes, row, p = met.people.households, met.row, met.settings.livelihoods
    first, last = int(homes.first[row]), int(homes.first[row + 1])
    persons, taught, ill = met.people.persons, met.homes.taught, met.homes.ill
    luck, values, events = draws.key(met.seed, met.year, "livelihoods"), p.values, []
    offer = _offer(met)
    county, village = int(homes.county[row]), int(homes.village[row])
    lost, town_since, aid = _lost(met), int(homes.town_since[row]), float(homes.aid[row])
    parts = livelihoods.wage_parts(offer.casual, met.year, p)
    short = float(_plain(livelihoods.entry_cost)(float(homes.cash[row]), offer.fare, values))
    nurslings = sum(float(persons.age[i] < livelihoods.NURSLING) for i in range(first, last))
    frail = any(
        persons.age[i] >= livelihoods.FRAIL or ill.health[i] == health.DISABLED for i in range(first, last)
    )
    workers = sum(float(taught.work[i] == FARM) for i in range(first, last))
    land = {
        name: float(getattr(homes, name)[row]) / CELLS_PER_MU
        for name in ("flat", "terrace", "slope", "steep", "orchard")
    }
    has_land = (
        int(homes.farm_hukou[row]) == 1
        and land["flat"] + land["terrace"] + land["slope"] + land["steep"] > 0.0
    )
    per_worker = 1.0
    if has_land:
        per_worker = _plain(livelihoods.farm_income_per_worker)(
            offer.land_value[county], land["flat"], land["terrace"], land["slope"], land["steep"], land["orchard"],
            float(homes.cattle[row]), workers,
        )  # fmt: skip
    for i in range(first, last):
        age, work = int(persons.age[i]), int(taught.work[i])
        if (
            age < livelihoods.ADULT
            or work == PUPIL
            or age >= livelihoods.OLD
            or int(ill.health[i]) == health.DISABLED
        ):
            continue
        number = persons.number[i]
        think = float(draws.uniform(luck, number, livelihoods.DRAW_THINK))
        searching = work == NO_WORK and (age <= livelihoods.FIRST_JOB or town_since == met.year - 1)
        if not (think < p.inertia or searching or lost[i]) or work in (POST, WORKSHOP):
            continue
        departs = bool(taught.departs[i])
        place = OUTSIDE if departs else int(persons.place[i])
        home = place if place != OUTSIDE else county
        rural = int(homes.in_town[row]) == 0
        schooling = float(taught.schooling[i])
        how = (VILLAGE if rural else TOWN) if place == OUTSIDE else int(persons.setting[i])
        column = int(_plain(livelihoods.wage_class)(how, home == county, town_since, met.year))
        pay = float(offer.local[home]) * float(parts[home, column])
        log_pay = float(_plain(livelihoods.local_pay)(pay, float(offer.chance[home])))
        way = float(met.now.villages.distance[village]) * float(offer.road[county]) if rural else 0.0
        v = [
            _plain(livelihoods.farm_value)(per_worker, values) + float(offer.farm_pull[county]) if has_land and rural else -1e9,
            _plain(livelihoods.local_value)(log_pay, schooling, way, values),
            _plain(livelihoods.away_value)(
                math.log(offer.away), schooling, float(met.now.villages.away[village]), float(met.now.markets.network[0]),
                float(offer.pull[county]), nurslings, float(frail), float(age), values,
            ),
            _plain(livelihoods.none_value)(float(age), float(persons.female[i]), nurslings, values),
        ]  # fmt: skip
        if work != WORK_AWAY:
            v[2] -= short
        if aid > 0.0:
            skill = math.exp(p.edu_return * (schooling - livelihoods.BASIC_YEARS))
            seen = (per_worker, pay * skill, offer.away * skill)
            for option, (income, part) in enumerate(zip(seen, (1.0, 1.0, offer.sent), strict=True)):
                kept = _plain(livelihoods.kept_log)(income, part * income, aid, offer.withdrawal)
                v[option] += p.kappa * float(kept)
        if not lost[i] and not searching:
            habit = {FARM: 0, WORK_AWAY: 2, NO_WORK: 3}.get(work, 1)
            v[habit] += p.habit
        top = max(v)
        total = sum(math.exp(value - top) for value in v)
        draw = float(draws.uniform(luck, number, livelihoods.DRAW_CHOICE))
        chosen = int(_plain(livelihoods.log_sum_choice)(*v, draw))
        chances = [math.exp(value - top) / total for value in v]
        inputs = {
            "farm_income": float(per_worker), "local_pay": pay, "job_chance": float(offer.chance[home]),
            "away_pay": offer.away, "share_away": float(met.now.villages.away[village]), "children_under_6": nurslings,
            "needs_care": float(frail), "chance_farm": chances[0], "chance_local": chances[1], "chance_away": chances[2],
            "chance_none": chances[3],
        }  # fmt: skip
        got = work_name(int(met.homes.work.work[i]))
        want = CHOICES[chosen]
        events.append(
            Event(
                "livelihoods.choice", f"member of {age} thinks again of work and wants: {want[0]}", f"{age}岁成员重新选择生计,意愿:{want[1]}",
                inputs, chances[chosen], draw, got,
            )
        )  # fmt: skip
    return events


def _offer(met: Met) -> livelihoods.Offer:
    from tianshui import terms as terms_of

    return terms_of.offer(met.terms, met.now.markets, met.access.distance, met.settings)


def _lost(met: Met) -> np.ndarray:
    """Who was laid off this year (bool, P)."""
    persons = met.people.persons
    taught = met.homes.taught
    leaves = taught.departs == 1
    placed = persons._replace(
        work=taught.work, place=np.where(leaves, OUTSIDE, persons.place).astype(np.uint8),
        setting=np.where(leaves, AWAY, persons.setting).astype(np.uint8),
    )  # fmt: skip
    return livelihoods.lay_off(placed, met.homes.hiring.layoffs, seed=met.seed, year=met.year)


def _town(met: Met) -> list[Event]:
    """Whether the household moves between village and town."""
    homes, row, p = met.people.households, met.row, met.settings.moving
    after = int(met.homes.moves.in_town[row])
    if int(homes.farm_hukou[row]) == 0:
        return []
    first, last = int(homes.first[row]), int(homes.first[row + 1])
    county, work, place = int(homes.county[row]), met.homes.work.work, met.homes.work.place
    here = [i for i in range(first, last) if int(place[i]) == county]
    if not here:
        return []
    if int(met.homes.moves.relocated[row]) != int(homes.relocated[row]):
        where = ("a town", "城镇") if after else ("a new village", "新村")
        return [
            Event(
                "moving.relocation", f"relocated to {where[0]}", f"易地搬迁至{where[1]}", {}, None, None, YES
            )
        ]
    luck = draws.key(met.seed, met.year, "moving")
    ages = met.people.persons.age
    worker = float(any(FIRST_SECTOR <= int(work[i]) < WORKSHOP for i in here))
    if int(homes.in_town[row]) == 1:
        draw = float(draws.uniform(luck, homes.number[row], moving.DRAW_RETURN))
        chance = 0.0 if worker else p.return_hazard
        _sure(met, "a return", (draw < chance) == (after == 0))
        if draw < chance:
            return [
                Event(
                    "moving.return",
                    "goes back to the village",
                    "返回村里居住",
                    {"works_in_town": worker},
                    chance,
                    draw,
                    YES,
                )
            ]
        return []
    child = float(any(moving.SCHOOL_FROM <= int(ages[i]) <= moving.SCHOOL_TO for i in here))
    income = max(float(homes.permanent[row]), 1000.0)
    gap = float(met.now.towns.services[county] - met.now.towns.village_services[county])
    pay, price = float(met.terms.local[county]) / income, float(met.now.towns.price[county]) / income
    openness = float(met.state.granted.rule("towns.openness")[county])
    chance = float(_plain(moving.town_chance)(gap, pay, price, openness, child, worker, p.values))
    draw = float(draws.uniform(luck, homes.number[row], moving.DRAW_MOVE))
    _sure(met, "a move", (draw < chance) == (after == 1))
    inputs = {
        "service_gap": gap, "town_pay_over_income": pay, "home_price_over_income": price, "openness": openness,
        "child_at_school": child, "works_locally": worker,
    }  # fmt: skip
    return [
        Event(
            "moving.town_chance",
            "moves to town?",
            "是否迁入城镇?",
            inputs,
            chance,
            draw,
            YES if after else NO,
        )
    ]


def _land(met: Met) -> list[Event]:
    """Sloping land offered and enrolled; orchards planted; land left idle or let."""
    row, offers, events = met.row, met.homes.offers, []
    changes = met.homes.harvest.changes.at(row)
    offered, granted = float(offers.offered[row]) / CELLS_PER_MU, float(offers.granted[row]) / CELLS_PER_MU
    if offered > 0.0:
        luck = draws.key(met.seed, met.year, "conversion")
        draw = float(draws.uniform(luck, met.people.households.number[row], conversion.DRAW_OFFER))
        events.append(
            Event(
                "conversion.offer_chance", f"offers {offered:.1f} mu of sloping land", f"申请退耕{offered:.1f}亩坡地",
                {"payment": float(met.state.granted.rule("conversion.payment")[0]), "granted_mu": granted}, None, draw,
                YES if granted > 0.0 else ("beyond the quota", "超出指标"),
            )
        )  # fmt: skip
    for name, en, zh in (
        ("planted", "plants orchard, mu", "新植果园(亩)"), ("grubbed", "grubs up old trees, mu", "砍伐老果园(亩)"),
    ):  # fmt: skip
        area = changes[name] / CELLS_PER_MU
        if area > 0.0:
            events.append(Event(f"farming.{name}", en, zh, {"mu": area}, None, None, YES))
    idle = sum(changes[f"{name}_to_idle"] for name in ("terrace", "slope", "steep")) / CELLS_PER_MU
    if idle != 0.0:
        words = (
            ("leaves land idle, mu", "撂荒(亩)")
            if idle > 0.0
            else ("ploughs idle land again, mu", "复耕(亩)")
        )
        events.append(Event("farming.idle", *words, {"mu": abs(idle)}, None, None, YES))
    let = changes["let"] / CELLS_PER_MU
    if let != 0.0:
        words = (
            ("lets land, mu", "流转出土地(亩)")
            if let > 0.0
            else ("takes let land back, mu", "收回流转土地(亩)")
        )
        events.append(Event("farming.let", *words, {"mu": abs(let)}, None, None, YES))
    return events


def _help(met: Met) -> list[Event]:
    """Cooperative, insurance, grant, allowance, registers."""
    row, before, served, registers = met.row, met.people.households, met.homes.served, met.homes.registers
    events: list[Event] = []
    if int(served.cooperative[row]) != int(before.cooperative[row]):
        luck = draws.key(met.seed, met.year, "services")
        draw = float(draws.uniform(luck, before.number[row], services.DRAW_JOIN))
        joins = int(served.cooperative[row]) == 1
        words = (
            ("is served by a cooperative", "加入并获得合作社服务")
            if joins
            else ("service of the cooperative ends", "合作社服务终止")
        )
        events.append(
            Event("services.join_chance", *words, {"cash": float(before.cash[row])}, None, draw, YES)
        )
    if float(served.grant[row]) > 0.0:
        events.append(
            Event(
                "services.grant",
                "receives an industry grant, yuan",
                "获得产业扶持资金(元)",
                {"grant": float(served.grant[row])},
                None,
                None,
                YES,
            )
        )
    paid = float(met.homes.earned.money.allowance[row])
    if paid > 0.0:
        county = int(before.county[row])
        inputs = {"standard": float(met.state.granted.rule("relief.allowance")[county]), "paid": paid}
        events.append(
            Event(
                "relief.top_up",
                "draws the subsistence allowance, yuan",
                "领取农村低保(元)",
                inputs,
                None,
                None,
                YES,
            )
        )
    if int(registers.monitored[row]) != int(before.monitored[row]):
        luck = draws.key(met.seed, met.year, "relief")
        draw = float(draws.uniform(luck, before.number[row], relief.DRAW_FOUND))
        words = (
            ("is found to be at risk and monitored", "被识别为监测对象")
            if registers.monitored[row]
            else ("is struck off the monitoring register", "消除监测风险")
        )
        events.append(Event("relief.found_chance", *words, {}, None, draw, YES))
    if int(before.poor[row]) != POOR and int(registers.poor[row]) == POOR:
        luck = draws.key(met.seed, met.year, "relief")
        draw = float(draws.uniform(luck, before.number[row], relief.DRAW_FOUND))
        words = ("is entered in the poverty register", "纳入建档立卡贫困户")
        events.append(Event("relief.found_chance", *words, {"line": met.world.poverty_line}, None, draw, YES))
    if int(before.poor[row]) == POOR and int(registers.poor[row]) not in (POOR, NEVER_POOR):
        events.append(
            Event(
                "relief.register",
                "leaves the poverty register",
                "退出建档立卡贫困户",
                {"line": met.world.poverty_line},
                None,
                None,
                YES,
            )
        )
    return events
