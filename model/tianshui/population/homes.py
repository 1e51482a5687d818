"""Households of one county: roles at home, matches by age, and the absent.

Everybody who lives at home is one person of an age-by-sex table that already fits the census margins; only the
role in a household is chosen: child, mother or father, grandparent, husband or wife of a couple living alone,
single. Roles by age follow from the children's ages and the gaps between generations (a mother is some 26 years
older than her child), raked to the counts of households by kind. Husbands and wives, children and mothers,
couples and grandparents are then matched by rank of age with hashed jitter. So no draw can disturb a margin:
nobody is made or removed after the tables. Those who are absent join households of their county as the missing
spouse, as parents of children left with grandparents, or as grown children; households away as a whole are made
of their own.

Rejected: seed households drawn and swapped until the integers fit (exact too, but nobody published seeds, and
swapping costs minutes). Left out: servants, lodgers, kin beyond three generations.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from tianshui.compiled import kernel
from tianshui.population.beliefs import StructureParameters, World
from tianshui.population.margins import (
    AGES,
    HALVINGS,
    MEN,
    SURE_CHILD,
    TINY,
    WOMEN,
    Margins,
    bell,
    county_tables,
    cut,
    everybody,
    flat,
    line,
    rake,
    ranked,
    some,
    spread,
)
from tianshui.state import COUNTIES, OUTSIDE

YOUNGER, OLDER = 15.0, 25.0
"""Years by which the age of leaving home may be shifted down and up to the places there are."""
ROLES_OF_WOMEN, ROLES_OF_MEN = (
    np.array(weights)[:, None] for weights in ((1.0, 1.0, 0.1, 1.0, 0.15, 0.1), (1.0, 0.05, 0.02, 0.08, 0.12))
)
"""Where proportional fitting of roles starts: no assumption, for the counts of roles replace it in the first round."""
MOST_FACTOR = 20.0
"""Bound of the search for a factor of expected children."""


class People(NamedTuple):
    """People of one county in the making; columns of equal length."""

    house: np.ndarray  # i8: row of the household within the county
    age: np.ndarray
    female: np.ndarray
    married: np.ndarray
    children: np.ndarray
    place: np.ndarray
    home: np.ndarray  # 1: lives at the household's home


def _leaving(p: StructureParameters, sex: int) -> tuple[float, float]:
    """Age at which a child leaves home and its spread."""
    if sex == MEN:
        return p.son_leaves, p.son_leaves_spread
    return p.daughter_leaves, p.daughter_leaves_spread


def _children(family: np.ndarray, total: Sequence[int], p: StructureParameters) -> np.ndarray:
    """Who of those at home is a child of the house (2, 101): all the young, then fewer by age."""
    sure_until, grown_from = round(p.sure_until), round(p.grown_from)
    out = np.zeros_like(family)
    ages = np.arange(AGES)
    for sex in (MEN, WOMEN):
        centre, width = _leaving(p, sex)
        late = p.son_stays if sex == MEN else p.daughter_stays
        low, high = centre - YOUNGER, centre + OLDER
        for _ in range(HALVINGS):
            mid = (low + high) / 2
            stays = 1.0 / (1.0 + np.exp((ages - mid) / width))
            stays = np.maximum(stays, np.where(ages < grown_from, late, 0.0))
            stays = np.where(ages <= sure_until, 1.0, np.where(ages < grown_from, stays, 0.0))
            low, high = (mid, high) if (stays * family[sex]).sum() < total[sex] else (low, mid)
        sure = np.where(ages <= sure_until, family[sex], 0)
        out[sex] = sure + some(
            family[sex] - sure, np.maximum(stays, TINY) * (ages > sure_until), total[sex] - int(sure.sum())
        )
    return out


def _gap(centre: float, width: float, least: float, most: float) -> np.ndarray:
    low, high = round(least), round(most)
    gaps = np.arange(low, high + 1)
    weight = np.exp(-(((gaps - centre) / width) ** 2) / 2)
    out = np.zeros(high + 1)
    out[low:] = weight / weight.sum()
    return out


def _older(counts: np.ndarray, gap: np.ndarray) -> np.ndarray:
    """Ages of parents, given the counts of children by age and the distribution of the gap."""
    return np.convolve(counts, gap)[:AGES]


def _expand(by_age: np.ndarray, what: str) -> np.ndarray:
    """Ages of everybody counted, in hashed order."""
    ages = np.repeat(np.arange(AGES), by_age)
    return ages[ranked(flat(ages.size, what))]


class _Family(NamedTuple):
    people: People
    kind: np.ndarray  # of each household: see KINDS
    spouse_wanted: np.ndarray  # rows of people whose spouse is away
    parents_wanted: np.ndarray  # rows of grandparents whose grandchildren's parents are away


ONE, PAIR, TWO, SKIP, THREE, GONE = range(6)


def _at_home(c: int, family: np.ndarray, m: Margins, world: World) -> _Family:
    """Households of one county of which somebody lives at home."""
    p = world.numbers
    n = int(m.households[c])
    one, two, three = int(m.one[c]), int(m.two[c]), int(m.three[c])
    pair = n - one - two - three
    skip = round(p.grandparents_only * two)
    skip_pair, skip_woman = cut(skip, p.grandparents_couple)
    w_mother, w_father, w_pair = cut(two - skip, p.lone_mother, p.lone_father)
    t_mother, t_father, t_pair = cut(three, p.core_mother, p.core_father)
    e_pair, e_woman, e_man = cut(three, p.elder_couple, p.elder_woman)
    couples = pair + w_pair + t_pair + e_pair + skip_pair
    men, women = int(family[MEN].sum()), int(family[WOMEN].sum())
    women_fixed = couples + w_mother + t_mother + e_woman + skip_woman
    men_fixed = couples + w_father + t_father + e_man
    kids = men + women - women_fixed - men_fixed - one  # everybody else is a child of a house
    ages = np.arange(AGES)
    natural = [
        float((family[sex] / (1.0 + np.exp((ages - age) / width))).sum())
        for sex, (age, width) in ((sex, _leaving(p, sex)) for sex in (MEN, WOMEN))
    ]
    girls = round(kids * natural[WOMEN] / sum(natural))
    one_men = min(
        max(men - men_fixed - (kids - girls), round(p.single_men_least * one)),
        round(p.single_men_most * one),
    )
    one_women = one - one_men
    girls = women - women_fixed - one_women
    boys = kids - girls
    child = _children(family, (boys, girls), p)
    adult = family - child

    # Women by role and age. The mothers' ages follow from the children's.
    gap = _gap(p.mother_gap, p.mother_gap_spread, p.youngest_mother, p.oldest_mother)
    both = child.sum(axis=0).astype(np.float64)
    skip_kids = some(
        child.sum(axis=0), (ages < SURE_CHILD).astype(np.float64), min(round(p.skip_children * skip), kids)
    )
    of_mothers = _older(both - skip_kids, gap)
    of_mothers *= (w_mother + w_pair + t_mother + t_pair) / of_mothers.sum()
    in_three = np.minimum(
        line(world.shape("three_of_mothers"))
        * (t_mother + t_pair)
        / max(w_mother + w_pair + t_mother + t_pair, 1),
        p.three_most,
    )
    elder = _older(
        of_mothers * in_three,
        _gap(p.elder_gap, p.elder_gap_spread, p.elder_gap_least, p.elder_gap_most),
    )
    women_by_age = np.maximum(adult[WOMEN], 1).astype(np.float64)
    prior = np.stack([
        of_mothers * (1.0 - in_three) / women_by_age,
        of_mothers * in_three / women_by_age,
        line(world.shape("skip_women")),
        elder * (e_pair + e_woman) / max(elder.sum(), TINY) / women_by_age,
        line(world.shape("couple_wives")),
        line(world.shape("singles")),
    ])  # fmt: skip
    by_role = np.array([w_mother + w_pair, t_mother + t_pair, skip, e_pair + e_woman, pair, one_women])
    w_women, t_women, s_women, e_women, p_women, o_women = rake(prior * ROLES_OF_WOMEN, by_role, adult[WOMEN])
    # Men: only those without a wife at home need a role; husbands get theirs from their wives.
    prior = np.stack([
        np.where(ages >= round(p.husband_youngest), 1.0, p.husband_rare),
        line(world.shape("fathers")), line(world.shape("fathers")),
        line(world.shape("lone_grandfathers")), line(world.shape("singles")),
    ])  # fmt: skip
    by_role = np.array([couples, w_father, t_father, e_man, one_men])
    husbands, w_men, t_men, e_men, o_men = rake(prior * ROLES_OF_MEN, by_role, adult[MEN])

    # Wives, with the household each belongs to.
    tag = f"{c}/"
    start_pair, start_w, start_s = one, one + pair, one + pair + two - skip
    start_t = one + pair + two
    w_wives, t_wives = _expand(w_women, tag + "w"), _expand(t_women, tag + "t")
    s_wives, e_wives = _expand(s_women, tag + "s"), _expand(e_women, tag + "e")
    p_wives = _expand(p_women, tag + "p")
    w_dads, t_dads = _expand(w_men, tag + "wd"), _expand(t_men, tag + "td")
    e_dads = _expand(e_men, tag + "ed")
    w_house = start_w + np.arange(two - skip)  # mothers alone, couples, fathers alone
    s_house = start_s + np.arange(skip)  # grandmothers alone, couples
    # The middle generation of three, and the elders, meet by rank of age.
    core_age = np.concatenate([t_wives, t_dads - p.husband_older])
    elder_age = np.concatenate([e_wives, e_dads - p.husband_older])
    t_house = np.empty(three, np.int64)
    by_core = ranked(core_age + p.elder_gap_spread * p.core_loose * bell(three, tag + "core"))
    by_elder = ranked(elder_age + flat(three, tag + "elder"))
    t_house[by_core] = start_t + np.arange(three)
    e_house = np.empty(three, np.int64)
    e_house[by_elder] = start_t + np.arange(three)
    wives = [
        (w_wives[w_mother:], w_house[w_mother : w_mother + w_pair]),
        (t_wives[t_mother:], t_house[t_mother : t_mother + t_pair]),
        (e_wives[e_woman:], e_house[e_woman : e_woman + e_pair]),
        (s_wives[skip_woman:], s_house[skip_woman:]),
        (p_wives, start_pair + np.arange(pair)),
    ]
    wife_age = np.concatenate([a for a, _ in wives])
    wife_house = np.concatenate([h for _, h in wives])
    husband_age = np.repeat(ages, husbands)
    order = ranked(wife_age + p.husband_spread * bell(couples, tag + "wives"))
    partner = np.empty(couples, np.int64)
    partner[order] = husband_age
    lone = [
        (w_wives[:w_mother], w_house[:w_mother], WOMEN), (t_wives[:t_mother], t_house[:t_mother], WOMEN),
        (e_wives[:e_woman], e_house[:e_woman], WOMEN), (s_wives[:skip_woman], s_house[:skip_woman], WOMEN),
        (w_dads, w_house[w_mother + w_pair :], MEN), (t_dads, t_house[t_mother + t_pair :], MEN),
        (e_dads, e_house[e_woman + e_pair :], MEN),
        (np.repeat(ages, o_women), np.arange(one_women), WOMEN),
        (np.repeat(ages, o_men), one_women + np.arange(one_men), MEN),
    ]  # fmt: skip
    lone_age = np.concatenate([a for a, _, _ in lone])
    lone_house = np.concatenate([h for _, h, _ in lone])
    lone_sex = np.concatenate([np.full(a.size, s) for a, _, s in lone])

    # Children: every household of two or three generations has one, some more; rank of age decides.
    mother_age = np.concatenate([
        w_wives, w_dads - p.husband_older, t_wives, t_dads - p.husband_older, s_wives - p.elder_gap
    ])  # fmt: skip
    mother_house = np.concatenate([w_house, t_house, s_house])
    child_age, child_sex, child_house = _place_children(c, child, mother_age, mother_house, of_mothers, p)

    # Everybody in columns.
    age = np.concatenate([wife_age, partner, lone_age, child_age])
    female = np.concatenate([np.ones(couples, np.int64), np.zeros(couples, np.int64), lone_sex, child_sex])
    house = np.concatenate([wife_house, wife_house, lone_house, child_house])
    married = np.concatenate(
        [np.ones(2 * couples, np.int64), np.zeros(lone_age.size + child_age.size, np.int64)]
    )
    size = age.size
    born = np.zeros(size, np.int64)
    per_house = np.bincount(child_house, minlength=n)
    # Children at home count as the mother's; an older woman has borne at least the one who is the core.
    middle = np.zeros(size, bool)
    middle[: w_pair + t_pair] = True
    offset = 2 * couples
    middle[offset : offset + w_mother + t_mother] = True
    born[middle] = per_house[house[middle]]
    elders = np.zeros(size, bool)
    elders[w_pair + t_pair : w_pair + t_pair + e_pair + skip_pair] = True
    elders[offset + w_mother + t_mother : offset + w_mother + t_mother + e_woman + skip_woman] = True
    ever = np.zeros(size, bool)
    ever[:couples] = True
    ever[offset : offset + w_mother + t_mother + e_woman + skip_woman] = True
    singles_from = offset + lone_age.size - one
    ever[singles_from : singles_from + one_women] = age[singles_from : singles_from + one_women] >= round(
        p.ever_married
    )
    profile = np.floor(line(world.shape("born_by_age"), age) + flat(size, tag + "born")).astype(np.int64)
    # A young mother's children at home are all of hers.
    profile = np.where(middle & (age < round(p.childbearing)), 0, profile)
    born = np.where(ever, np.maximum(born, profile), born)
    born = np.where(elders, np.maximum(born, 1), born)
    people = People(house, age, female, married, born, np.full(size, c), np.ones(size, np.int64))
    kind = np.repeat([ONE, PAIR, TWO, SKIP, THREE], [one, pair, two - skip, skip, three])
    lone_parents = offset + np.concatenate([
        np.arange(w_mother + t_mother),
        w_mother + t_mother + e_woman + skip_woman + np.arange(w_father + t_father),
    ])  # fmt: skip
    grandmothers = np.concatenate([
        np.arange(couples)[kind[wife_house] == SKIP],
        offset + w_mother + t_mother + e_woman + np.arange(skip_woman),
    ])  # fmt: skip
    return _Family(people, kind, lone_parents, grandmothers)


def _place_children(
    c: int,
    child: np.ndarray,
    mother_age: np.ndarray,
    mother_house: np.ndarray,
    of_mothers: np.ndarray,
    p: StructureParameters,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Ages and sexes of the children of the house, and where each lives."""
    tag = f"{c}/child"
    total, units, most = int(child.sum()), mother_age.size, round(p.more_children)
    where = np.clip(np.rint(mother_age), 0, AGES - 1).astype(np.int64)
    mothers = np.bincount(where, minlength=AGES)
    wanted = of_mothers * (total / of_mothers.sum()) / np.maximum(mothers, 1)
    expected = np.maximum(wanted[where] - 1.0, p.more_least)
    low, high = 0.0, MOST_FACTOR
    luck = flat(units, tag + "more")
    for _ in range(HALVINGS):
        mid = (low + high) / 2
        more = _poisson(expected * mid, luck, most)
        low, high = (mid, high) if more.sum() < total - units else (low, mid)
    more = _poisson(expected * low, luck, most)
    order = ranked(flat(units, tag + "fix"))
    short = total - units - int(more.sum())
    while short > 0:
        room = order[more[order] < most][:short]
        if room.size == 0:
            raise ValueError(f"{COUNTIES[c]}: more children than mothers may have")
        more[room] += 1
        short -= room.size
    counts = 1 + more
    unit = np.repeat(np.arange(units), counts)
    nth = np.arange(unit.size) - np.repeat(np.cumsum(counts) - counts, counts)
    target = (
        mother_age[unit]
        - p.first_child_gap
        - p.child_step * nth
        + p.child_gap_spread * bell(total, tag + "gap")
    )
    ages, sexes = everybody(child)
    by_age = ranked(ages + flat(total, tag + "age"))
    house = np.empty(total, np.int64)
    house[by_age] = mother_house[unit[ranked(target)]]
    return ages, sexes, house


def _poisson(mean: np.ndarray, luck: np.ndarray, most: int) -> np.ndarray:
    """Poisson numbers by inversion, cut at the most children a mother may have beyond the first."""
    chance = np.exp(-mean)
    left, out = luck - chance, np.zeros(mean.size, np.int64)
    for n in range(1, most + 1):
        out += left >= 0
        chance = chance * mean / n
        left = left - chance
    return out


@kernel
def _nearest(target, begin, used, most, reach, out):
    """Give each target age a free entry of the nearest age; entries of an age stand at `begin[age]` on."""
    last = begin.size - 2
    for i in range(target.size):
        out[i] = -1
        for step in range(reach + 1):
            for side in range(2):
                if step == 0 and side == 1:
                    continue
                b = target[i] + step if side == 0 else target[i] - step
                if b < 0 or b > last:
                    continue
                n = begin[b + 1] - begin[b]
                if out[i] < 0 and used[b] < n * most:
                    out[i] = begin[b] + used[b] % n
                    used[b] += 1
            if out[i] >= 0:
                break


def _seat(
    target: np.ndarray, ages: np.ndarray, what: str, most: int, reach: int, used: np.ndarray | None = None
) -> np.ndarray:
    """For each target age the row among `ages` it is given, or -1."""
    order = np.lexsort((flat(ages.size, what), ages))
    begin = np.searchsorted(ages[order], np.arange(AGES + 1)).astype(np.int64)
    used = np.zeros(AGES, np.int64) if used is None else used
    found = np.empty(target.size, np.int64)
    goal = np.clip(np.rint(target), 0, AGES - 1).astype(np.int64)
    _nearest(goal, begin, used, most, reach, found)
    return np.where(found < 0, -1, order[np.maximum(found, 0)])


class _Pool:
    """Those absent from one county: age, sex, where they are, and the household each is given."""

    def __init__(
        self, age: np.ndarray, female: np.ndarray, place: np.ndarray, what: str, world: World
    ) -> None:
        self.world = world
        order = ranked(flat(age.size, what))
        self.age, self.female, self.place = age[order], female[order], place[order]
        self.house = np.full(age.size, -1, np.int64)
        self.married = np.zeros(age.size, np.int64)
        self.children = np.zeros(age.size, np.int64)
        self.what = what

    def free(self, low: float, high: float, female: int | None = None, outside: bool = False) -> np.ndarray:
        fits = (self.house < 0) & (self.age >= round(low)) & (self.age <= round(high))
        if female is not None:
            fits &= self.female == female
        if outside:
            fits &= self.place == OUTSIDE
        return np.flatnonzero(fits)

    def take(self, rows: np.ndarray, weight: np.ndarray, total: int, what: str) -> np.ndarray:
        """`total` of the free rows, by a weight of age."""
        table = np.bincount(self.age[rows], minlength=AGES)
        wanted = some(table, np.maximum(weight, TINY), min(total, rows.size))
        order = np.lexsort((flat(rows.size, self.what + what), self.age[rows]))
        sorted_age = self.age[rows][order]
        nth = np.arange(rows.size) - np.searchsorted(sorted_age, sorted_age)
        return rows[order[nth < wanted[sorted_age]]]


def _whole_away(pool: _Pool, first: int, homes: int, persons: int) -> None:
    """Households of which nobody lives in the prefecture; rows from `first` on."""
    tag = "whole"
    p = pool.world.numbers
    ages = (p.whole_youngest, p.whole_oldest)
    alone, pair, parents = cut(homes, p.alone_away, p.pair_away)
    alone_men = round(p.alone_men * alone)
    adult = line(pool.world.shape("whole_adults"))
    women = pool.take(pool.free(*ages, WOMEN, True), adult, pair + parents + alone - alone_men, tag + "w")
    men = pool.take(pool.free(*ages, MEN, True), adult, pair + parents + alone_men, tag + "m")
    child_total = persons - women.size - men.size
    kids = pool.free(0, SURE_CHILD - 1, None, True)
    kids = pool.take(kids, np.ones(AGES), min(round(p.whole_kids * kids.size), child_total), tag + "k")
    taken = np.concatenate([women, men])
    pool.house[taken] = first
    youth = pool.take(
        pool.free(SURE_CHILD, p.whole_youth, None, True),
        line(pool.world.shape("whole_youths")),
        child_total - kids.size,
        tag + "y",
    )
    pool.house[taken] = -1
    child = np.concatenate([kids, youth])
    # The youngest women and the oldest have no child with them.
    houses = first + np.arange(homes)
    order = women[ranked(pool.age[women] + p.whole_loose * bell(women.size, tag + "order"))]
    young = int(p.whole_first * (order.size - parents))
    mothers, others = (
        order[young : young + parents],
        np.concatenate([order[:young], order[young + parents :]]),
    )
    wives = np.concatenate([mothers, others[:pair]])
    pool.house[wives] = houses[: parents + pair]
    rank_men = men[ranked(pool.age[men] + flat(men.size, tag + "men"))]
    single = np.zeros(men.size, bool)
    single[ranked(flat(men.size, tag + "single"))[:alone_men]] = True
    husbands = rank_men[~single]
    by_wife = ranked(pool.age[wives] + p.husband_spread * bell(wives.size, tag + "wives"))
    pool.house[husbands] = pool.house[wives[by_wife]]
    pool.married[husbands] = pool.married[wives] = 1
    rest = np.concatenate([others[pair:], rank_men[single]])
    pool.house[rest] = houses[parents + pair :]
    counts = 1 + spread(np.ones(parents), child.size - parents)[ranked(flat(parents, tag + "n"))]
    unit = np.repeat(np.arange(parents), counts)
    nth = np.arange(unit.size) - np.repeat(np.cumsum(counts) - counts, counts)
    target = (
        pool.age[mothers][unit]
        - p.first_child_gap
        - p.child_step * nth
        + p.child_gap_spread * bell(unit.size, tag + "g")
    )
    pool.house[child[ranked(pool.age[child] + flat(child.size, tag + "c"))]] = houses[unit[ranked(target)]]
    pool.children[mothers] = counts


def _spouses(pool: _Pool, family: _Family) -> None:
    """Husbands and wives away of those who keep the house alone."""
    people, p = family.people, pool.world.numbers
    for sex, share, older in (
        (MEN, p.mother_spouse, p.husband_older),
        (WOMEN, p.father_spouse, -p.husband_older),
    ):
        left = family.spouse_wanted[people.female[family.spouse_wanted] != sex]
        left = left[flat(left.size, f"{pool.what}/left{sex}") < share]
        rows = pool.free(p.spouse_youngest, p.spouse_oldest, sex)
        goal = people.age[left] + older + p.husband_spread * bell(left.size, f"{pool.what}/gap{sex}")
        found = _seat(goal, pool.age[rows], f"{pool.what}/spouse{sex}", 1, round(p.spouse_reach))
        has = found >= 0
        spouse = rows[found[has]]
        pool.house[spouse] = people.house[left[has]]
        pool.married[spouse] = 1
        people.married[left[has]] = 1
        if sex == WOMEN:
            kids = np.bincount(
                people.house[(people.age < round(p.child_until)) & (people.married == 0)],
                minlength=family.kind.size,
            )
            pool.children[spouse] = np.maximum(kids[people.house[left[has]]], 1)


def _join(pool: _Pool, family: _Family) -> None:
    """Give everybody else a household of the county."""
    people, tag, p = family.people, pool.what, pool.world.numbers
    # Couples away, their children with them.
    women = pool.free(p.wife_youngest, p.spouse_oldest, WOMEN)
    women = women[
        flat(women.size, tag + "/married") < line(pool.world.shape("married_away"), pool.age[women])
    ]
    men = pool.free(p.husband_away_youngest, p.spouse_oldest, MEN)
    found = _seat(
        pool.age[women] + p.husband_older + p.husband_spread * bell(women.size, tag + "/pairs"), pool.age[men],
        tag + "/men", 1, round(p.pair_reach),
    )  # fmt: skip
    wives, husbands = women[found >= 0], men[found[found >= 0]]
    pool.married[wives] = pool.married[husbands] = 1
    kids = pool.free(0, SURE_CHILD - 1)
    goal = pool.age[kids] + p.mother_gap + p.mother_gap_spread * bell(kids.size, tag + "/kids")
    mother = _seat(goal, pool.age[wives], tag + "/mothers", 2, round(p.child_reach))
    # Parents' households: the oldest woman at home, else the oldest man, counts as the parent.
    parent = np.full(family.kind.size, -1.0)
    adult = people.age >= round(p.childbearing)
    np.maximum.at(
        parent, people.house[adult], people.age[adult] - p.husband_older * (people.female[adult] == 0)
    )
    houses = np.flatnonzero(parent > 0)
    parents = parent[houses].astype(np.int64)
    used = np.zeros(AGES, np.int64)  # seats taken, by the parent's age
    # Grandchildren left at home come first: their parents are away.
    grandmothers = family.parents_wanted
    base = people.age[grandmothers] - p.elder_gap + p.husband_older
    got = _seat(
        base + p.skip_loose * bell(grandmothers.size, tag + "/skip"),
        pool.age[husbands],
        tag + "/fathers",
        1,
        round(p.spouse_reach),
    )
    pool.house[husbands[got[got >= 0]]] = people.house[grandmothers[got >= 0]]
    left_kids = np.bincount(people.house[people.age < SURE_CHILD], minlength=family.kind.size)
    skip_wives = wives[got[got >= 0]]
    pool.children[skip_wives] = left_kids[people.house[grandmothers[got >= 0]]]
    np.add.at(pool.children, wives[mother[mother >= 0]], 1)
    couples = husbands[pool.house[husbands] < 0]
    _sit(pool, couples, pool.age[couples] + p.couple_gap, houses, parents, used, "/couples")
    pool.house[wives] = pool.house[husbands]
    has = mother >= 0
    pool.house[kids[has]] = pool.house[wives[mother[has]]]
    rest = pool.free(0, AGES)
    _sit(pool, rest, pool.age[rest] + p.mother_gap, houses, parents, used, "/single")


def _sit(
    pool: _Pool, rows: np.ndarray, wanted: np.ndarray, houses: np.ndarray, parents: np.ndarray, used: np.ndarray,
    what: str,
) -> None:  # fmt: skip
    """Give each row the household of a parent of about the wanted age; any, where none is left."""
    p = pool.world.numbers
    goal = wanted + p.mother_gap_spread * bell(rows.size, pool.what + what)
    found = _seat(goal, parents, pool.what + "/houses", round(p.sits_with), round(p.parent_reach), used)
    missing = found < 0
    found[missing] = _seat(goal[missing], parents, pool.what + "/houses", round(p.sits_with_most), AGES, used)
    pool.house[rows] = houses[found]


class County(NamedTuple):
    """All registered persons of one county, and the kind of each of its households."""

    people: People
    kind: np.ndarray


def county_people(
    c: int, m: Margins, movers: list[tuple[np.ndarray, np.ndarray, np.ndarray]], world: World
) -> County:
    """All registered persons of one county in their households."""
    family_table, local, _, away = county_tables(c, m, world)
    family = _at_home(c, family_table, m, world)
    parts = [(*everybody(away), OUTSIDE), (*everybody(local), c)]
    age = np.concatenate([p[0] for p in parts] + [p[0] for p in movers])
    sex = np.concatenate([p[1] for p in parts] + [p[1] for p in movers])
    place = np.concatenate([np.full(p[0].size, p[2]) for p in parts] + [p[2] for p in movers])
    pool = _Pool(age, sex, place, f"{c}/pool", world)
    n = int(m.households[c])
    _whole_away(pool, n, int(m.rows[c]) - n, int(m.whole[c]))
    _spouses(pool, family)
    _join(pool, family)
    absent = People(
        pool.house, pool.age, pool.female, pool.married, pool.children, pool.place,
        np.zeros(pool.age.size, np.int64),
    )  # fmt: skip
    people = People(*(np.concatenate(pair) for pair in zip(family.people, absent, strict=True)))
    kind = np.concatenate([family.kind, np.full(int(m.rows[c]) - n, GONE)])
    return County(people, kind)


def movers(m: Margins, world: World) -> list[list[tuple[np.ndarray, np.ndarray, np.ndarray]]]:
    """Those who live in another county of the prefecture, by county of registration."""
    out: list[list[tuple[np.ndarray, np.ndarray, np.ndarray]]] = [[] for _ in COUNTIES]
    for here in range(7):
        age, sex = everybody(county_tables(here, m, world)[2])
        order = ranked(flat(age.size, f"{here}/movers"))
        marks = np.cumsum(m.moved[:, here])[:-1]
        for origin, rows in enumerate(np.split(order, marks)):
            out[origin].append((age[rows], sex[rows], np.full(rows.size, here)))
    return out
