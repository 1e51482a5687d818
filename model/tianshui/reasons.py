"""Why a household's year went as it did: each decision and stroke of luck with its rule, inputs, chance and draw.

Chances are worked out a second time with the very rules of the mechanisms on what the household met. Where the second
reckoning differs from what the run did, it stops, so that no explanation is shown that was not the reason.

What a household decides is told whether it comes to yes or no; what befalls it only where it strikes, and trade in
animals only where there is any: a year has too many of both that came to nothing.
"""

import math
from collections.abc import Callable
from statistics import NormalDist
from typing import Any, NamedTuple

import numpy as np

from tianshui import draws, gains, layout, programmes
from tianshui import terms as terms_of
from tianshui import year as year_of
from tianshui.mechanisms import (
    conversion,
    demography,
    farming,
    health,
    infrastructure,
    livelihoods,
    moving,
    relief,
    services,
)
from tianshui.state import (
    AWAY,
    CELLS_PER_MU,
    FARM,
    FIRST_SECTOR,
    HEALTH,
    ILLNESS,
    NEVER_POOR,
    NO_SHOCK,
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
UNMATCHED = ("finds nobody", "未遇到对象")
BEYOND = ("beyond the quota", "超出指标")


CLOSE = 1e-9
"""What two sums of the same yuan may differ by."""


class Event(NamedTuple):
    """One decision or stroke of luck."""

    rule: str
    """Mechanism and rule that decided."""
    en: str
    zh: str
    inputs: dict[str, float]
    chance: float | None
    """What the draw was held against: below it, yes; None where no chance decides."""
    draw: float | None
    decision: tuple[str, str]
    """What came of it, in English and Chinese."""

    @property
    def luck(self) -> str:
        """Name of what is said where there is no chance: no draw, or one that sets a size."""
        return "no_draw" if self.draw is None else "sets_size"


def row_of(numbers: np.ndarray, number: int) -> int:
    """Row of a permanent number; -1 when nobody has it."""
    found = np.flatnonzero(numbers == np.uint64(number))
    return int(found[0]) if found.size else -1


def _plain(rule: Any) -> Callable[..., Any]:
    """A rule as written, not compiled."""
    return getattr(rule, "py_func", rule)


def work_name(code: int) -> tuple[str, str]:
    """What a person does, in English and Chinese."""
    if FIRST_SECTOR <= code < FIRST_SECTOR + len(SECTORS):
        sector = SECTORS[code - FIRST_SECTOR]
        return sector.replace("_", " "), SECTOR_NAMES[sector]
    return WORK[code]


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

    def key(self, mechanism: str) -> np.uint64:
        """The year's luck of a mechanism."""
        return draws.key(self.seed, self.year, mechanism)

    def draw(self, mechanism: str, index: int) -> float:
        """The household's own draw."""
        return float(draws.uniform(self.key(mechanism), np.uint64(self.number), index))


def explain(number: int, settings: Any, seed: int, year: int, *met: Any) -> list[Event]:
    """What happened to a household in a year and why, from what a watcher of `year.live` is shown."""
    now, people = met[0], met[1]
    before, row = row_of(now.households.number, number), row_of(people.households.number, number)
    watched = Met(number, settings, seed, year, *met, before, row)  # pyright: ignore[reportCallIssue]
    events = _lives(watched)
    if row >= 0:
        events += [
            *_illness(watched),
            *_disaster(watched),
            *_work(watched),
            *_town(watched),
            *_served(watched),
        ]
        events += [
            *_land(watched),
            *_herds(watched),
            *_offers(watched),
            *_help(watched),
            *_registers(watched),
        ]
    return events


def _sure(met: Met, what: str, agrees: bool) -> None:
    if not agrees:
        raise AssertionError(f"{met.year}: the second reckoning of {what} of household {met.number} differs")


def _decided(yes: bool) -> tuple[str, str]:
    return YES if yes else NO


def who(persons: Any, first: int, last: int, i: int) -> tuple[str, str]:
    """A member by sex and age, in English and Chinese; several who are alike also by the order of their numbers."""
    age, sex = int(persons.age[i]), int(persons.female[i])
    alike = sorted(
        int(persons.number[j])
        for j in range(first, last)
        if int(persons.age[j]) == age and int(persons.female[j]) == sex
    )
    en, zh = f"{'woman' if sex else 'man'} of {age}", f"{age}岁{'女' if sex else '男'}性"
    if len(alike) == 1:
        return en, zh
    place = alike.index(int(persons.number[i])) + 1
    return f"{en} (number {place})", f"{zh}(第{place}位)"


# --- Births, deaths, weddings -------------------------------------------------------------------------


def _lives(met: Met) -> list[Event]:
    """Deaths, births, weddings and departures of last year's members."""
    persons, homes, heads = met.now.persons, met.now.households, met.people.heads
    p = met.settings.demography
    fertility = demography.tfr_in(met.year, p)
    chances = demography.chances(
        persons, homes, p, seed=met.seed, year=met.year, tfr=fertility, pension=met.world.pension_real
    )
    luck, events = met.key("demography"), []
    members = range(int(homes.first[met.before]), int(homes.first[met.before + 1]))
    for i in members:
        name, age, fate = (
            who(persons, members.start, members.stop, i),
            int(persons.age[i]),
            int(heads.fate[i]),
        )
        chance = float(chances.dies[int(persons.female[i]) * demography.BYTES + age])
        die = float(draws.uniform(luck, persons.number[i], demography.DEATH))
        _sure(met, "a death", (die < chance) == (fate == layout.DIES))
        if fate == layout.DIES:
            inputs = {"age": age, "life_expectancy": demography.life_expectancy_in(met.year, p)}
            events.append(
                Event("demography.death", f"{name[0]} dies", f"{name[1]}去世", inputs, chance, die, YES)
            )
        elif int(persons.married[i]) == 0:
            events += _settling(met, i, name) or _wedding(met, chances, i, name)
        events += _birth(met, chances, i, name, fertility)
    return events + _founding(met, chances, members)


def _settling(met: Met, i: int, name: tuple[str, str]) -> list[Event]:
    """A graduate who works outside takes a registration there."""
    persons, p = met.now.persons, met.settings.demography
    if int(met.people.heads.fate[i]) != layout.SETTLES:
        return []
    draw = float(draws.uniform(met.key("demography"), persons.number[i], demography.SETTLING))
    _sure(met, "a move of registration", draw < p.settles)
    inputs = {"age": int(persons.age[i]) + 1, "schooling": float(persons.schooling[i])}
    words = f"{name[0]} takes a registration outside the prefecture", f"{name[1]}将户籍迁往市外"
    return [Event("demography.settling", *words, inputs, p.settles, draw, YES)]


def _wedding(met: Met, chances: Any, i: int, name: tuple[str, str]) -> list[Event]:
    """An unmarried member who looks for a match: a bride leaves, a groom's bride joins, or there is none."""
    persons, homes, heads = met.now.persons, met.now.households, met.people.heads
    sex, county, age = int(persons.female[i]), int(homes.county[met.before]), int(persons.age[i])
    group = demography.school_group(int(persons.schooling[i]))
    ratio = float(chances.ratio[county, sex])
    hazard = float(chances.weds[sex, age + 1, group]) * ratio
    draw = float(draws.uniform(met.key("demography"), persons.number[i], demography.WEDDING))
    bride, groom = int(heads.fate[i]) == layout.WEDS_OUT, bool((heads.grooms == i).any())
    _sure(met, "a wedding", draw < hazard or not (bride or groom))
    if draw >= hazard or int(persons.work[i]) == PUPIL or int(heads.fate[i]) == layout.FOUNDS:
        return []
    words = (f"{name[0]} looks for a match", f"{name[1]}择偶")
    if bride:
        words = (f"{name[0]} marries out", f"{name[1]}出嫁")
    elif groom:
        words = (f"{name[0]} marries and brings his wife home", f"{name[1]}娶妻进门")
    inputs = {"age": age + 1, "schooling": float(persons.schooling[i])}
    if sex:
        inputs["pool_of_men"] = ratio
    decision = YES if bride or groom else UNMATCHED
    return [Event("demography.wedding", *words, inputs, hazard, draw, decision)]


def _birth(met: Met, chances: Any, i: int, name: tuple[str, str], fertility: float) -> list[Event]:
    persons, age, birth = met.now.persons, int(met.now.persons.age[i]), int(met.people.heads.birth[i])
    wife = int(persons.female[i]) == 1 and int(persons.married[i]) == 1
    if not wife or not demography.FERTILE <= age + 1 < demography.AFTER_FERTILE:
        return []
    children, schooling, setting = (
        int(persons.children[i]),
        int(persons.schooling[i]),
        int(persons.setting[i]),
    )
    chance = float(chances.bears[_plain(demography.birth_cell)(age, children, schooling, setting)])
    draw = float(draws.uniform(met.key("demography"), persons.number[i], demography.BIRTH))
    lives = int(met.people.heads.fate[i]) != layout.DIES
    _sure(met, "a birth", (draw < chance and lives) == (birth != layout.NO_CHILD))
    if birth == layout.NO_CHILD:
        return []
    child = ("a girl", "女孩") if birth in (layout.GIRL, layout.GIRL_AT_HOME) else ("a boy", "男孩")
    inputs = {
        "age": age + 1, "children": children, "schooling": schooling, "away": float(setting == AWAY),
        "in_village": float(setting == VILLAGE), "fertility": fertility,
    }  # fmt: skip
    words = f"{child[0]} is born to the {name[0]}", f"{name[1]}生育{child[1]}"
    return [Event("demography.birth", *words, inputs, chance, draw, YES)]


def _founding(met: Met, chances: Any, members: range) -> list[Event]:
    """Who leaves for a household of their own: the husband's draw decides for his wife and children."""
    persons, heads = met.now.persons, met.people.heads
    leaving = [i for i in members if int(heads.fate[i]) == layout.FOUNDS]
    events = []
    for i in leaving:
        name = who(persons, members.start, members.stop, i)
        if not (heads.founders == i).any():
            words = f"{name[0]} goes along to the new household", f"{name[1]}随同分户"
            events.append(Event("demography.founding", *words, {"age": int(persons.age[i])}, None, None, YES))
            continue
        draw = float(draws.uniform(met.key("demography"), persons.number[i], demography.FOUNDING))
        _sure(met, "a new household", draw < chances.found)
        oldest = max(int(persons.age[j]) for j in members if int(heads.fate[j]) != layout.DIES)
        inputs = {
            "age": int(persons.age[i]), "oldest_age": oldest, "leaving": len(leaving),
            "pension_against_start": float(met.world.pension_real),
        }  # fmt: skip
        words = f"{name[0]} leaves for a household of his own", f"{name[1]}分户另立"
        events.append(Event("demography.founding", *words, inputs, chances.found, draw, YES))
    return events


# --- Illness and disaster -----------------------------------------------------------------------------


def _illness(met: Met) -> list[Event]:
    """Grave illness of each member, and the bill."""
    persons, homes = met.people.persons, met.people.households
    p, luck, events, struck = met.settings.health, met.key("illness"), [], []
    first, last = int(homes.first[met.row]), int(homes.first[met.row + 1])
    for i in range(first, last):
        age, disabled = int(persons.age[i]), int(persons.health[i]) == health.DISABLED
        factor = _plain(health.age_factor)(float(age), p.values) * (p.disabled_factor if disabled else 1.0)
        chance = p.hazard * factor
        draw = float(draws.uniform(luck, persons.number[i], health.STRUCK))
        if draw >= chance:
            continue
        _sure(met, "an illness", float(met.homes.ill.lost_work[i]) > 0.0)
        struck.append(i)
        name = who(persons, first, last, i)
        inputs = {"age": age, "disabled": float(disabled), "work_lost": float(met.homes.ill.lost_work[i])}
        words = f"{name[0]} falls gravely ill", f"{name[1]}患重病"
        events.append(Event("health.illness", *words, inputs, chance, draw, YES))
    return [*events, *_bill(met, struck)] if struck else []


def _bill(met: Met, struck: list[int]) -> list[Event]:
    """What care cost the family; the draw sets the cost of a case and is told where there was one."""
    granted, flows, towns = met.state.granted, met.homes.ill, met.now.towns
    residents, before = met.people.village + met.people.urban, towns.start_village + towns.start_urban
    bill = health.bill(
        met.people.persons, met.people.households, struck, met.settings.health,
        health.paid_part(flows.aid_due, granted.yuan("health.aid")), aid=granted.rule("health.aid"),
        hospital=infrastructure.reach(met.now.public, HEALTH, residents, before), cpi=met.world.cpi,
        income=year_of.income_a_head(met.people), seed=met.seed, year=met.year, row=met.row,
    )  # fmt: skip
    asked = float(flows.medical[met.row])
    _sure(
        met, "a bill", math.isclose(bill.routine + bill.paid - bill.insured - bill.aid, asked, rel_tol=CLOSE)
    )
    inputs = {
        "case_cost": bill.cost, "insurance_pays": bill.cost - bill.paid, "second_pays": bill.insured, "aid_pays": bill.aid, "routine_care": bill.routine,
    }  # fmt: skip
    size = None
    if len(struck) == 1:
        number = met.people.persons.number[struck[0]]
        size = NormalDist().cdf(float(draws.normal(met.key("illness"), number, health.COST)))
    words = "bill for care of the year", "全年医疗自付"
    return [Event("health.bill", *words, inputs, None, size, (f"{asked:,.0f} yuan", f"{asked:,.0f}元"))]


def _spared(met: Met) -> np.ndarray:
    """What works leave of the chance and the loss of a disaster, by county (f8, 7)."""
    prices = met.world.cpi_before / met.world.cpi_2019
    return np.exp(gains.standing(met.now, prices, met.settings)["disasters"] / 2.0)


def _disaster(met: Met) -> list[Event]:
    """Hail, landslide or flood: first of the village, then of the household."""
    homes, row, p = met.people.households, met.row, met.settings.health
    luck, village = met.key("village disaster"), int(homes.village[row])
    hit = float(draws.uniform(luck, np.uint64(village + 1), health.VILLAGE_HIT))
    struck = int(met.homes.ill.disaster[row]) == 1
    chance = float(_plain(health.village_chance)(float(_spared(met)[int(homes.county[row])]), p.values))
    if hit >= chance or int(homes.in_town[row]) == 1 or int(homes.farm_hukou[row]) == 0:
        _sure(met, "a disaster", not struck)
        return []
    words = "hail, landslide or flood reaches the village", "冰雹、滑坡或洪涝袭击本村"
    events = [Event("health.village_hit", *words, {}, chance, hit, YES)]
    draw, now = met.draw("disaster", health.HOUSE_HIT), met.now
    repaired = programmes.stock(now.programmes, "repairs")
    exposed = relief.exposed(repaired, now.towns.start_village, met.settings.relief)[int(homes.county[row])]
    part = float(_plain(health.house_chance)(float(exposed), p.values))
    _sure(met, "a disaster", (draw < part) == struck)
    ill = met.homes.ill
    inputs = (
        {"harvest_lost": float(ill.harvest_lost[row]), "savings_lost": float(ill.savings_lost[row])}
        if struck
        else {}
    )
    words = "is the household struck?", "本户是否受灾?"
    return [*events, Event("health.house_hit", *words, inputs, part, draw, _decided(struck))]


# --- Work and home ------------------------------------------------------------------------------------


def _work(met: Met) -> list[Event]:
    """Each adult's choice of livelihood, where one thought again."""
    homes, row, p = met.people.households, met.row, met.settings.livelihoods
    first, last = int(homes.first[row]), int(homes.first[row + 1])
    persons, taught, ill = met.people.persons, met.homes.taught, met.homes.ill
    luck, values, events = met.key("livelihoods"), p.values, []
    offer = terms_of.offer(met.terms, met.now.markets, met.access.distance, met.settings)
    county, village = int(homes.county[row]), int(homes.village[row])
    lost, town_since, aid = _lost(met), int(homes.town_since[row]), float(homes.aid[row])
    parts = livelihoods.wage_parts(offer.casual, met.year, p)
    short = 0.0
    if homes.cash[row] < offer.fare and not (taught.work[first:last] == WORK_AWAY).any():
        short = float(_plain(livelihoods.entry_cost)(float(homes.cash[row]), offer.fare, values))
    nurslings = sum(float(persons.age[i] < livelihoods.NURSLING) for i in range(first, last))
    frail = any(
        persons.age[i] >= p.frail_from or ill.health[i] == health.DISABLED for i in range(first, last)
    )
    workers = sum(float(taught.work[i] in (FARM, POST)) for i in range(first, last))
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
            or age >= p.work_until
            or int(ill.health[i]) == health.DISABLED
        ):
            continue
        number = persons.number[i]
        think = float(draws.uniform(luck, number, livelihoods.DRAW_THINK))
        searching = work == NO_WORK and (age <= p.first_job_until or town_since == met.year - 1)
        if not (think < p.inertia or searching or lost[i]):
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
            _plain(livelihoods.local_value)(log_pay, schooling, way, values) + float(offer.heard[home])
            + p.kappa * float(offer.freed[county]) * float(frail),
            _plain(livelihoods.away_value)(
                math.log(offer.away), schooling, float(met.now.villages.away[village]), float(met.now.markets.network[0]),
                float(offer.pull[county]), nurslings, float(frail) * (1.0 - float(offer.freed[county])), float(age), values,
            ),
            _plain(livelihoods.none_value)(float(age), float(persons.female[i]), nurslings, values),
        ]  # fmt: skip
        held, at_home = work in (POST, WORKSHOP) and rural, per_worker
        if held:
            at_home = float(
                _plain(livelihoods.place_income)(
                    per_worker if has_land else 0.0, work == POST, offer.post, offer.workshop
                )
            )
            v[0] = _plain(livelihoods.farm_value)(at_home, values) + float(offer.farm_pull[county])
        if work != WORK_AWAY:
            v[2] -= short
        if aid > 0.0:
            skill = math.exp(p.edu_return * (schooling - livelihoods.BASIC_YEARS))
            seen = (at_home, pay * skill, offer.away * skill)
            for option, (income, part) in enumerate(zip(seen, (1.0, 1.0, offer.sent), strict=True)):
                kept = _plain(livelihoods.kept_log)(income, part * income, aid, offer.withdrawal)
                v[option] += p.kappa * float(kept)
        if not lost[i] and not searching:
            habit = {FARM: 0, POST: 0, WORKSHOP: 0, WORK_AWAY: 2, NO_WORK: 3}.get(work, 1)
            v[habit] += p.habit
        top = max(v)
        total = sum(math.exp(value - top) for value in v)
        draw = float(draws.uniform(luck, number, livelihoods.DRAW_CHOICE))
        chosen = int(_plain(livelihoods.log_sum_choice)(*v, draw))
        chances = [math.exp(value - top) / total for value in v]
        inputs = {
            "farm_income": float(at_home), "local_pay": pay, "job_chance": float(offer.chance[home]),
            "away_pay": offer.away, "share_away": float(met.now.villages.away[village]), "children_under_6": nurslings,
            "needs_care": float(frail), "chance_farm": chances[0], "chance_local": chances[1], "chance_away": chances[2],
            "chance_none": chances[3], "chance_before": sum(chances[:chosen]), "think_chance": p.inertia, "think_draw": think,
            "searching": float(searching), "laid_off": float(lost[i]),
        }  # fmt: skip
        name = who(persons, first, last, i)
        got = work_name(int(met.homes.work.work[i]))
        want = CHOICES[chosen]
        events.append(
            Event(
                "livelihoods.choice", f"{name[0]} thinks again of work and wants: {want[0]}", f"{name[1]}重新选择生计,意愿:{want[1]}",
                inputs, chances[chosen], draw, got,
            )
        )  # fmt: skip
    return events


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


def _relocation(met: Met, here: list[int]) -> list[Event]:
    """Relocation: a queue without luck, the registered first, then who lives farthest out; then where to."""
    homes, row, p = met.people.households, met.row, met.settings.moving
    inputs = {
        "registered": float(int(homes.poor[row]) != NEVER_POOR),
        "distance": float(met.now.villages.distance[int(homes.village[row])]),
    }  # fmt: skip
    words = "its turn to be relocated has come", "轮到易地搬迁"
    events = [Event("moving.relocation", *words, inputs, None, None, YES)]
    draw, town = met.draw("moving", moving.DRAW_RESETTLE), int(met.homes.moves.in_town[row]) == 1
    _sure(met, "a relocation", not here or (draw < p.resettled_in_town) == town)
    words = "to a town, not a new village?", "安置到城镇(而非新村)?"
    yes = _decided(draw < p.resettled_in_town)
    return [*events, Event("moving.resettled_in_town", *words, {}, p.resettled_in_town, draw, yes)]


def _town(met: Met) -> list[Event]:
    """Whether the household moves between village and town."""
    homes, row, p = met.people.households, met.row, met.settings.moving
    after = int(met.homes.moves.in_town[row])
    if int(homes.farm_hukou[row]) == 0:
        return []
    first, last = int(homes.first[row]), int(homes.first[row + 1])
    county, work, place = int(homes.county[row]), met.homes.work.work, met.homes.work.place
    here = [i for i in range(first, last) if int(place[i]) == county]
    luck = met.key("moving")
    if int(met.homes.moves.relocated[row]) != int(homes.relocated[row]):
        return _relocation(met, here)
    if not here:
        return []
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
    child = float(any(p.school_from <= int(ages[i]) <= p.school_until for i in here))
    income = max(float(homes.permanent[row]), moving.LEAST_INCOME)
    gap = float(met.now.towns.services[county] - met.now.towns.village_services[county])
    home = float(met.now.towns.price[county])
    rent = float(met.state.granted.units("towns.rent_subsidy")[county]) * _plain(moving.rents)(
        home, income, p.values
    )
    villages = float(moving.lived_on(met.people.households)[county])
    pay, price = _plain(moving.pull_of)(float(met.terms.local[county]), villages, rent, income), home / income
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


# --- Land, animals and services -----------------------------------------------------------------------


def _served(met: Met) -> list[Event]:
    """Cooperative, insurance and grant."""
    before, served, row, p = met.homes.households, met.homes.served, met.row, met.settings.services
    was, now = int(before.cooperative[row]) == 1, int(served.cooperative[row]) == 1
    if int(before.farm_hukou[row]) == 0 or int(before.in_town[row]) == 1:
        words = "service of the cooperative ends with the farm", "不再务农,合作社服务终止"
        return [Event("services.serve", *words, {}, None, None, YES)] if was and not now else []
    draw, events = met.draw("services", services.DRAW_JOIN), []
    if was:
        _sure(met, "the service of a cooperative", (draw < p.leave) != now)
        words = "does the service of the cooperative end?", "合作社服务是否终止?"
        events.append(Event("services.leave", *words, {}, p.leave, draw, _decided(not now)))
    else:
        events += _joining(met, draw, now)
    registered = int(before.poor[row]) != NEVER_POOR or int(before.monitored[row]) == 1
    subsidy = float(met.state.granted.units("services.insurance")[int(before.county[row])])
    chance = float(_plain(services.insurance_chance)(subsidy, int(registered), p.values))
    draw, insured = met.draw("services", services.DRAW_INSURE), int(served.insured[row]) == 1
    _sure(met, "insurance", (draw < chance) == insured)
    if subsidy > 0.0:
        inputs = {"premium_subsidy": subsidy, "registered": float(registered)}
        words = "are the crops insured?", "是否参加农业保险?"
        events.append(Event("services.insurance_chance", *words, inputs, chance, draw, _decided(insured)))
    return events + _grant(met, registered)


def _joining(met: Met, draw: float, now: bool) -> list[Event]:
    homes, row, p = met.homes.households, met.row, met.settings.services
    neighbours, money = services.around(
        homes, met.now.villages, met.state.granted.yuan("services.cooperatives")
    )
    part, spent, cash = (
        float(neighbours[int(homes.village[row])]), float(money[int(homes.county[row])]), float(homes.cash[row]),
    )  # fmt: skip
    chance = float(_plain(services.join_chance)(part, cash, spent, p.values))
    idle = met.draw("services", services.DRAW_IDLE)
    _sure(met, "the joining of a cooperative", (draw < chance and idle >= p.coop_idle) == now)
    inputs = {"neighbours": part, "service_money": spent, "cash": cash}
    words = "joins a cooperative?", "是否加入合作社?"
    events = [Event("services.join_chance", *words, inputs, chance, draw, _decided(draw < chance))]
    if draw < chance:
        words = "is it a member in name only, without service?", "是否仅挂名而无服务?"
        events.append(Event("services.coop_idle", *words, {}, p.coop_idle, idle, _decided(not now)))
    return events


def _grant(met: Met, registered: bool) -> list[Event]:
    """An industry grant: a queue by draw that ends where the money does."""
    homes, served, county = met.homes.households, met.homes.served, int(met.homes.households.county[met.row])
    money = float(met.state.granted.yuan("services.grant")[county])
    if not registered or money < met.settings.services.grant_size:
        return []
    reach = services.grant_reach(homes, served, county, met.key("services"))
    draw, grant = met.draw("services", services.DRAW_GRANT), float(served.grant[met.row])
    _sure(met, "a grant", (draw < reach) == (grant > 0.0))
    words = "receives an industry grant?", "是否获得产业扶持资金?"
    inputs = {"grants_of_the_county": money, "grant": grant}
    return [Event("services.grant", *words, inputs, reach, draw, _decided(grant > 0.0))]


class _Farm(NamedTuple):
    """A household's farm before the year's changes, cells of land, and what it changed."""

    stead: farming.Farmstead
    county: int
    cells: dict[str, int]
    changes: dict[str, int]
    grant: float
    cash: float

    @property
    def nobody(self) -> bool:
        """Whether nobody is left to farm."""
        return self.stead.workers + self.stead.elders == 0.0

    @property
    def inputs(self) -> dict[str, float]:
        """What all its decisions read."""
        return {"hands": self.stead.hands, "workers": self.stead.workers, "elders": self.stead.elders}

    def can(self, draw: int) -> bool:
        """Whether a draw can concern it."""
        return bool(self.stead.can >> draw & 1)


def _farm(met: Met) -> _Farm:
    homes, row, served, ill = met.people.households, met.row, met.homes.served, met.homes.ill
    befallen = farming.Befallen(served.grant, served.insured, ill.harvest_lost)
    stead = farming.farmstead(
        met.homes.persons, homes, ill.lost_work, met.terms.fields, befallen, met.settings.farming, row=row
    )
    held = ("flat", "terrace", "slope", "steep", "idle_terrace", "idle_slope", "let", "orchard", "orchard_age",
            "sapling", "cattle", "sheep", "pigs")  # fmt: skip
    cells = {name: int(getattr(homes, name)[row]) for name in held}
    return _Farm(stead, int(homes.county[row]), cells, met.homes.harvest.changes.at(row), float(served.grant[row]),
                 float(homes.cash[row]))  # fmt: skip


def _land(met: Met) -> list[Event]:
    """Land left idle or let, old trees and new ones."""
    if int(met.people.households.farm_hukou[met.row]) == 0:
        return []
    farm, p = _farm(met), met.settings.farming
    events = [*_idle(met, farm), *_let(met, farm)]
    if farm.can(farming.DRAW_GRUB):
        draw, cut = met.draw("farming", farming.DRAW_GRUB), farm.changes["grubbed"]
        _sure(met, "the grubbing of trees", (draw < p.grub_hazard) == (cut > 0))
        inputs = {"age_of_trees": farm.cells["orchard_age"], "mu": farm.cells["orchard"] / CELLS_PER_MU}
        words = "grubs up old trees?", "是否砍伐老果园?"
        events.append(Event("farming.grubbed", *words, inputs, p.grub_hazard, draw, _decided(cut > 0)))
    return events + _planting(met, farm)


def _idle(met: Met, farm: _Farm) -> list[Event]:
    p, cells, hands = met.settings.farming.values, farm.cells, farm.stead.hands
    normal = float(met.terms.fields.normal[farm.county, 3])
    leaves, comes = _plain(farming.idle_chances)(hands, farm.nobody, normal < 0.0, p)
    draw = met.draw("farming", farming.DRAW_IDLE)

    def cells_at(luck: float) -> int:
        return sum(
            _plain(farming.idled)(
                cells["terrace"], cells["slope"], cells["steep"], cells["idle_terrace"], cells["idle_slope"], hands,
                farm.nobody, normal < 0.0, luck, p,
            )
        )  # fmt: skip

    did = sum(farm.changes[f"{name}_to_idle"] for name in ("terrace", "slope", "steep"))
    inputs = {**farm.inputs, "steep_normal": normal}
    _sure(met, "idle land", cells_at(draw) == did)
    # A draw of nothing leaves idle all that may be; one at that chance brings back all that may come back.
    if leaves > 0.0 and cells_at(0.0) > 0:
        words = "leaves land idle?", "是否撂荒?"
        inputs["mu"] = cells_at(0.0) / CELLS_PER_MU
        return [Event("farming.idle", *words, inputs, float(leaves), draw, _decided(did > 0))]
    if draw >= leaves and comes > leaves and cells_at(leaves) < 0:
        words = "ploughs idle land again?", "是否复耕?"
        inputs["mu"] = -cells_at(leaves) / CELLS_PER_MU
        return [Event("farming.idle", *words, inputs, float(comes), draw, _decided(did < 0))]
    return []


def _let(met: Met, farm: _Farm) -> list[Event]:
    cells, p = farm.cells, met.settings.farming
    amount = (
        cells["flat"] + int(p.let_part * (cells["terrace"] - farm.changes["terrace_to_idle"]))
        if farm.nobody
        else -cells["let"]
    )
    if not farm.can(farming.DRAW_LET) or amount == 0:
        return []
    draw, did = met.draw("farming", farming.DRAW_LET), farm.changes["let"]
    _sure(met, "land let", did == (amount if draw < p.let_hazard else 0))
    words = (
        ("lets land?", "是否流转出土地?") if farm.nobody else ("takes let land back?", "是否收回流转土地?")
    )
    inputs = {**farm.inputs, "mu": abs(amount) / CELLS_PER_MU}
    return [Event("farming.let", *words, inputs, p.let_hazard, draw, _decided(did != 0))]


def _planting(met: Met, farm: _Farm) -> list[Event]:
    p, fields, changes = met.settings.farming, met.terms.fields, farm.changes
    left = farm.cells["terrace"] - changes["terrace_to_idle"] - max(0, changes["let"] - changes["let_flat"])
    asks = farm.can(farming.DRAW_PLANT) or changes["terrace_to_idle"] < 0
    if not asks or farm.stead.hands <= 1.0 or farm.cells["sapling"] > 0 or left < CELLS_PER_MU:
        return []
    part, planted = farm.grant / p.granted_mu, changes["planted"]
    wanted = min(int(p.plant_part * left), int(p.plant_most * CELLS_PER_MU))
    mu = wanted / CELLS_PER_MU
    if farming.MU * wanted * fields.planting_cost > farm.cash + part * farming.MU * wanted:
        _sure(met, "planting", planted == 0)
        return []
    expected, cost = float(fields.apple_net[farm.county]), max(0.0, float(fields.planting_cost) - part)
    chance = float(_plain(farming.planting_chance)(expected, cost, p.values))
    draw = met.draw("farming", farming.DRAW_PLANT)
    _sure(met, "planting", (draw < chance) == (planted > 0))
    inputs = {**farm.inputs, "orchard_net": expected, "planting_cost": cost, "cash": farm.cash, "mu": mu}
    words = "plants orchard?", "是否新植果园?"
    return [Event("farming.planted", *words, inputs, chance, draw, _decided(planted > 0))]


ANIMALS = {"sheep": ("sheep", "羊"), "pigs": ("pigs", "猪")}


def _herds(met: Met) -> list[Event]:
    """Animals bought and sold."""
    changes, events = met.homes.harvest.changes.at(met.row), []
    if not any(changes[name] for name in ("cattle", *ANIMALS)):
        return []
    farm, p, fields = _farm(met), met.settings.farming, met.terms.fields
    if changes["cattle"]:
        margin = float(fields.margin[0])
        chance = float(_plain(farming.herd_chance)(margin, fields.price_cattle, p.values))
        chance *= 2.0 if farm.grant > 0.0 else 1.0
        draw = met.draw("farming", farming.DRAW_HERD)
        _sure(met, "cattle", draw < chance)
        inputs = {**farm.inputs, "margin": margin, "price": float(fields.price_cattle), "cash": farm.cash}
        words = "buys a head of cattle", "购入一头牛"
        events.append(Event("farming.herd_chance", *words, inputs, chance, draw, YES))
    for kind, name in enumerate(ANIMALS):
        heads = changes[name]
        if heads == 0:
            continue
        gain, draw = float(fields.gain_small[kind]), met.draw("farming", farming.DRAW_SHEEP + kind)
        sells, either = _plain(farming.small_chances)(
            farm.cells[name], farm.stead.hands, heads > 0, gain, p.values
        )
        _sure(met, name, draw < sells if heads < 0 else sells <= draw < either)
        en, zh = ANIMALS[name]
        words = (
            (f"buys {heads} {en}", f"购入{heads}头{zh}")
            if heads > 0
            else (f"sells {-heads} {en}", f"出售{-heads}头{zh}")
        )
        inputs = {**farm.inputs, "heads": farm.cells[name], "margin_gain": gain, "chance_sells": float(sells)}
        chance = float(sells if heads < 0 else either)
        events.append(Event("farming.small_chances", *words, inputs, chance, draw, YES))
    return events


def _offers(met: Met) -> list[Event]:
    """Sloping land offered and enrolled, and plots ploughed again."""
    homes, row, offers, p = met.homes.households, met.row, met.homes.offers, met.settings.conversion
    events, converted = [], int(homes.converted[row])
    if int(offers.reconverted[row]) > 0:
        draw = met.draw("conversion", conversion.DRAW_PLOUGH)
        _sure(met, "ploughing again", draw < p.slcp_reconv)
        inputs = {
            "years_enrolled": met.year - int(homes.converted_year[row]), "mu": int(offers.reconverted[row]) / CELLS_PER_MU,
        }  # fmt: skip
        words = "ploughs forest land again, nothing more being paid", "补助期满后复垦退耕地"
        events.append(Event("conversion.reconversion", *words, inputs, p.slcp_reconv, draw, YES))
    payment = float(met.state.granted.rule("conversion.payment")[0])
    if converted > 0 or int(homes.farm_hukou[row]) == 0 or payment <= 0.0:
        return events
    steep, slope = (
        int(getattr(homes, name)[row]) + int(getattr(homes, f"idle_{name}")[row])
        for name in ("steep", "slope")
    )
    if steep + int(p.slope_part * slope) < p.least_plot * CELLS_PER_MU:
        return events
    worth = year_of.forgone(met.now, met.terms, met.settings)
    forgone, off_farm, area = conversion.offer_terms(met.homes.persons, homes, worth, p, row=row)
    neighbours = float(met.now.villages.enrolled[int(homes.village[row])])
    chance = float(_plain(conversion.offer_chance)(payment, forgone, neighbours, off_farm, p.values))
    draw, granted = met.draw("conversion", conversion.DRAW_OFFER), int(offers.granted[row])
    _sure(met, "an offer", int(offers.offered[row]) == (area if draw < chance else 0))
    inputs = {
        "payment": payment, "forgone": forgone, "enrolled_around": neighbours, "off_farm": off_farm,
    }  # fmt: skip
    if draw < chance:
        inputs["granted_mu"] = granted / CELLS_PER_MU
    mu = area / CELLS_PER_MU
    words = f"offers its {mu:.1f} mu of sloping land?", f"是否申请退耕{mu:.1f}亩坡地?"
    decision = NO if draw >= chance else YES if granted > 0 else BEYOND
    return [*events, Event("conversion.offer_chance", *words, inputs, chance, draw, decision)]


# --- Relief -------------------------------------------------------------------------------------------


def _help(met: Met) -> list[Event]:
    """The allowance: who is entitled and overlooked, who is let in, what is paid."""
    row, homes, p = met.row, met.people.households, met.settings.relief
    county, people = int(homes.county[row]), float(met.people.at_home[row])
    standard = float(met.state.granted.levers["relief.allowance"][county])
    if people == 0.0 or int(homes.farm_hukou[row]) == 0 or standard <= 0.0:
        return []
    # One draw for life.
    luck, number = draws.key(met.seed, relief.LIFE, "relief"), homes.number[row]
    earned = float(homes.income[row]) - float(homes.aid[row])
    low, due = earned < standard * people, float(met.state.help.allowance[row])
    inputs = {"income_a_head": earned / people, "standard": standard}
    if low:
        known = int(homes.monitored[row]) == 1 or int(homes.poor[row]) != NEVER_POOR
        chance = p.dib_excl * p.dib_excl if known else p.dib_excl
        draw = float(draws.uniform(luck, number, relief.DRAW_OVERLOOKED))
        _sure(met, "an allowance", draw >= chance or due == 0.0)
        words = "entitled to the allowance: is it overlooked?", "符合低保条件,是否被遗漏?"
        yes = _decided(draw < chance)
        events = [Event("relief.dib_excl", *words, {**inputs, "registered": float(known)}, chance, draw, yes)]
    else:
        chance, draw = p.dib_incl_chance, float(draws.uniform(luck, number, relief.DRAW_LET_IN))
        _sure(met, "an allowance", (draw < chance) == (due > 0.0) or p.let_in_part == 0.0)
        if draw >= chance:
            return []
        words = "above the standard: is it let in all the same?", "收入高于标准,是否仍被纳入低保?"
        events = [Event("relief.dib_incl_chance", *words, inputs, chance, draw, YES)]
    paid = float(met.homes.earned.money.allowance[row])
    if paid > 0.0:
        words = "draws the subsistence allowance", "领取农村低保"
        inputs |= {"members_at_home": people, "due": due}
        drawn = f"{paid:,.0f} yuan", f"{paid:,.0f}元"
        events.append(Event("relief.top_up", *words, inputs, None, None, drawn))
    return events


def _registers(met: Met) -> list[Event]:
    """The poverty register and the register of households at risk."""
    homes, row, registers, p = met.homes.households, met.row, met.homes.registers, met.settings.relief
    if int(homes.farm_hukou[row]) == 0:
        return []
    poor, after = int(homes.poor[row]), int(registers.poor[row])
    was, now = int(homes.monitored[row]) == 1, int(registers.monitored[row]) == 1
    balance, line = met.homes.earned.balance, float(met.world.poverty_line)
    people, disposable = float(balance.at_home[row]), float(balance.income[row])
    money, savings = met.homes.earned.money, float(homes.cash[row])
    taken, sent = float(money.premiums[row] + money.interest[row]), float(money.remittances[row])
    income = float(_plain(relief.reckoned_income)(disposable, taken, sent, met.settings.budgets.remit))
    members = float(homes.first[row + 1] - homes.first[row])
    before = float(homes.permanent[row]) + (income - disposable)
    usual = float(_plain(relief.usual_income)(income, before, p.values))
    inputs = {"reckoned_income": income, "usual_income": usual, "members": members, "line": line}
    left = Event(
        "relief.register", "leaves the poverty register", "退出建档立卡贫困户", inputs, None, None, YES
    )
    events = [left] if poor == POOR and after not in (POOR, NEVER_POOR) else []
    if people == 0.0:
        words = "nobody at home: off the monitoring register", "家中无人,退出监测"
        return [*events, Event("relief.register", *words, inputs, None, None, YES)] if was else events
    shock = int(registers.shock[row])
    struck, bill = shock != NO_SHOCK, float(money.medical[row]) if shock == ILLNESS else 0.0
    line_before = float(met.world.poverty_line_before)
    lower = float(_plain(relief.usual_income)(disposable, float(homes.permanent[row]), p.values))
    lacks = float(_plain(relief.lacks)(income, bill, savings, members, line_before, p.values))
    ages = met.homes.persons.age[int(homes.first[row]) : int(homes.first[row + 1])]
    kin = draws.uniform(draws.key(met.seed, relief.LIFE, "relief"), homes.number[row], relief.DRAW_KIN)
    supported = bool((ages >= p.old_from).all()) and float(kin) < p.elders_kin
    danger = lacks > 0.0 and (struck or usual < line * members) and not supported
    draw, county = met.draw("relief", relief.DRAW_FOUND), int(homes.county[row])
    inputs |= {"bill": bill, "savings": savings, "lacks": lacks, "struck": float(struck)}
    if danger and not was:
        visits = year_of.visits(met.state, met.settings)
        spent = visits[county] / max(met.people.village[county], 1.0)
        chance = float(_plain(relief.found_chance)(float(spent), met.year, p.values))
        entered = after == POOR and poor != POOR
        found = now or entered or (draw < chance and after == POOR)
        _sure(met, "the finding of a household at risk", (draw < chance) == found)
        words = "at risk: is it found and monitored?", "存在返贫风险,是否被识别为监测对象?"
        if met.year <= p.register_until and lower < line * people:
            words = "at risk and poor: is it found and registered?", "存在风险且贫困,是否被识别并建档立卡?"
        inputs["monitoring_money"] = float(spent)
        events.append(Event("relief.found_chance", *words, inputs, chance, draw, _decided(found)))
    elif was and not danger:
        _sure(met, "the end of monitoring", (draw < p.safe_years) != now)
        words = "out of danger: is it struck off the monitoring register?", "风险已消除,是否退出监测?"
        events.append(Event("relief.safe_years", *words, inputs, p.safe_years, draw, _decided(not now)))
    return events
