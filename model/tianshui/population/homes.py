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
from tianshui.population.margins import (
    AGES,
    DAUGHTER,
    GROWN,
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

# Shares of households of a kind; each is a plausible guess that the totals leave open.
GRANDPARENTS_ONLY, GRANDPARENTS_ONLY_COUPLE = 0.07, 0.7
LONE_MOTHER, LONE_FATHER = 0.12, 0.03
"""Of two-generation households: grandparents with grandchildren, mothers and fathers alone at home."""
CORE_MOTHER, CORE_FATHER = 0.11, 0.02
ELDER_COUPLE, ELDER_WOMAN = 0.74, 0.19
"""Of three-generation households: who of the middle and of the oldest generation is at home."""
SPOUSE_AWAY_MOTHER, SPOUSE_AWAY_FATHER = 0.85, 0.5
"""Lone mothers and fathers whose spouse is away; the others are widowed."""
SINGLE_MEN = (0.3, 0.7)
"""Least and largest share of men among those who live alone."""
LEAVES_HOME = ((25.5, 2.4), (22.5, 2.2))
"""Age and spread at which sons and daughters stop being counted as children of the house; the age is then
shifted to the number of places left for children."""
NEVER_LEAVES = (0.05, 0.01)
"""Sons and daughters who are still at home at forty."""
MOTHER_GAP, MOTHER_GAP_SPREAD = 26.5, 4.5
YOUNGEST_MOTHER, OLDEST_MOTHER = 17, 44
ELDER_GAP, ELDER_GAP_SPREAD = 26.0, 4.0
HUSBAND_OLDER, HUSBAND_SPREAD = 2.0, 2.0
FIRST_CHILD_GAP, CHILD_STEP, CHILD_GAP_SPREAD = 24.5, 3.0, 2.2
MOST_MORE_CHILDREN, EXTRA_LEAST = 4, 0.08
"""More children at home than one: at most, and at least expected."""
COUPLE_WIVES = (
    (20, 0.1), (24, 0.9), (28, 0.6), (33, 0.25), (44, 0.3),
    (55, 1.3), (65, 1.8), (80, 1.2), (95, 0.5),
)  # fmt: skip
SINGLES = ((16, 0.02), (22, 0.5), (30, 0.45), (50, 0.4), (62, 0.8), (75, 1.6), (90, 1.8))
LONE_GRANDFATHERS = ((45, 0.0), (55, 0.3), (75, 1.0), (95, 1.0))
FATHERS = ((20, 0.0), (26, 0.6), (40, 1.0), (50, 0.9), (65, 0.2), (75, 0.0))
SKIP_WOMEN = ((45, 0.0), (50, 0.5), (58, 1.0), (68, 0.6), (76, 0.0))
THREE_OF_MOTHERS = ((20, 1.4), (30, 1.2), (40, 1.0), (48, 0.6), (56, 0.2), (64, 0.05))
"""Mothers in three-generation households against those in two, by age."""
ALONE, ALONE_MEN, COUPLE_ONLY = 0.2, 0.7, 0.15
WHOLE_KIDS = 0.6
"""Largest part of the children away who are with a household that is away as a whole."""
YOUTH = (15, 23)
WHOLE_ADULTS = ((20, 0.1), (24, 0.5), (30, 1.0), (66, 1.3))
MARRIED_AWAY = ((19, 0.0), (22, 0.2), (26, 0.55), (30, 0.8), (40, 0.9), (70, 0.9))
"""Women away who are with a husband away."""
SIT_WITH, MOST_SIT_WITH, PARENT_REACH = 3, 6, 12
"""Families or grown children away that one household counts as its own: usually at most, and at the utmost;
years by which a parent's age may miss the wanted one before the utmost counts."""
BORN_BY_AGE = (
    (17, 0.0), (22, 0.35), (26, 1.0), (32, 1.6), (40, 1.95),
    (50, 2.2), (60, 2.8), (70, 3.8), (85, 4.6), (100, 4.6),
)  # fmt: skip
"""Births so far of ever-married women."""


class People(NamedTuple):
    """People of one county in the making; columns of equal length."""

    house: np.ndarray  # i8: row of the household within the county
    age: np.ndarray
    female: np.ndarray
    married: np.ndarray
    children: np.ndarray
    place: np.ndarray
    home: np.ndarray  # 1: lives at the household's home


def _children(family: np.ndarray, total: Sequence[int]) -> np.ndarray:
    """Who of those at home is a child of the house (2, 101): all the young, then fewer by age."""
    out = np.zeros_like(family)
    ages = np.arange(AGES)
    for sex in (MEN, WOMEN):
        centre, width = LEAVES_HOME[sex]
        low, high = centre - 15.0, centre + 25.0
        for _ in range(60):
            mid = (low + high) / 2
            stays = 1.0 / (1.0 + np.exp((ages - mid) / width))
            stays = np.maximum(stays, np.where(ages < GROWN, NEVER_LEAVES[sex], 0.0))
            stays = np.where(ages <= DAUGHTER, 1.0, np.where(ages < GROWN, stays, 0.0))
            low, high = (mid, high) if (stays * family[sex]).sum() < total[sex] else (low, mid)
        sure = np.where(ages <= DAUGHTER, family[sex], 0)
        out[sex] = sure + some(
            family[sex] - sure, np.maximum(stays, TINY) * (ages > DAUGHTER), total[sex] - int(sure.sum())
        )
    return out


def _gap(centre: float, width: float, low: int, high: int) -> np.ndarray:
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


def _at_home(c: int, family: np.ndarray, m: Margins) -> _Family:
    """Households of one county of which somebody lives at home."""
    n = int(m.households[c])
    one, two, three = int(m.one[c]), int(m.two[c]), int(m.three[c])
    pair = n - one - two - three
    skip = round(GRANDPARENTS_ONLY * two)
    skip_pair, skip_woman = cut(skip, GRANDPARENTS_ONLY_COUPLE)
    w_mother, w_father, w_pair = cut(two - skip, LONE_MOTHER, LONE_FATHER)
    t_mother, t_father, t_pair = cut(three, CORE_MOTHER, CORE_FATHER)
    e_pair, e_woman, e_man = cut(three, ELDER_COUPLE, ELDER_WOMAN)
    couples = pair + w_pair + t_pair + e_pair + skip_pair
    men, women = int(family[MEN].sum()), int(family[WOMEN].sum())
    women_fixed = couples + w_mother + t_mother + e_woman + skip_woman
    men_fixed = couples + w_father + t_father + e_man
    kids = men + women - women_fixed - men_fixed - one  # everybody else is a child of a house
    ages = np.arange(AGES)
    natural = [
        float((family[s] / (1.0 + np.exp((ages - LEAVES_HOME[s][0]) / LEAVES_HOME[s][1]))).sum())
        for s in (MEN, WOMEN)
    ]
    girls = round(kids * natural[WOMEN] / sum(natural))
    one_men = min(
        max(men - men_fixed - (kids - girls), round(SINGLE_MEN[0] * one)), round(SINGLE_MEN[1] * one)
    )
    one_women = one - one_men
    girls = women - women_fixed - one_women
    boys = kids - girls
    child = _children(family, (boys, girls))
    adult = family - child

    # Women by role and age. The mothers' ages follow from the children's.
    gap = _gap(MOTHER_GAP, MOTHER_GAP_SPREAD, YOUNGEST_MOTHER, OLDEST_MOTHER)
    both = child.sum(axis=0).astype(np.float64)
    skip_kids = some(child.sum(axis=0), (ages < SURE_CHILD).astype(np.float64), min(round(1.3 * skip), kids))
    of_mothers = _older(both - skip_kids, gap)
    of_mothers *= (w_mother + w_pair + t_mother + t_pair) / of_mothers.sum()
    in_three = np.minimum(
        line(THREE_OF_MOTHERS) * (t_mother + t_pair) / max(w_mother + w_pair + t_mother + t_pair, 1), 0.9
    )
    elder = _older(of_mothers * in_three, _gap(ELDER_GAP, ELDER_GAP_SPREAD, 16, 42))
    women_by_age = np.maximum(adult[WOMEN], 1).astype(np.float64)
    prior = np.stack([
        of_mothers * (1.0 - in_three) / women_by_age,
        of_mothers * in_three / women_by_age,
        line(SKIP_WOMEN) * 0.1,
        elder * (e_pair + e_woman) / max(elder.sum(), TINY) / women_by_age,
        line(COUPLE_WIVES) * 0.15,
        line(SINGLES) * 0.1,
    ])  # fmt: skip
    by_role = np.array([w_mother + w_pair, t_mother + t_pair, skip, e_pair + e_woman, pair, one_women])
    w_women, t_women, s_women, e_women, p_women, o_women = rake(prior, by_role, adult[WOMEN])
    # Men: only those without a wife at home need a role; husbands get theirs from their wives.
    prior = np.stack([
        np.where(ages >= 20, 1.0, 0.05), line(FATHERS) * 0.05, line(FATHERS) * 0.02,
        line(LONE_GRANDFATHERS) * 0.08, line(SINGLES) * 0.12,
    ])  # fmt: skip
    by_role = np.array([couples, w_father, t_father, e_man, one_men])
    husbands, w_men, t_men, e_men, o_men = rake(prior, by_role, adult[MEN])

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
    core_age = np.concatenate([t_wives, t_dads - HUSBAND_OLDER])
    elder_age = np.concatenate([e_wives, e_dads - HUSBAND_OLDER])
    t_house = np.empty(three, np.int64)
    by_core = ranked(core_age + ELDER_GAP_SPREAD * 0.6 * bell(three, tag + "core"))
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
    order = ranked(wife_age + HUSBAND_SPREAD * bell(couples, tag + "wives"))
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
        w_wives, w_dads - HUSBAND_OLDER, t_wives, t_dads - HUSBAND_OLDER, s_wives - ELDER_GAP
    ])  # fmt: skip
    mother_house = np.concatenate([w_house, t_house, s_house])
    child_age, child_sex, child_house = _place_children(c, child, mother_age, mother_house, of_mothers)

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
    ever[singles_from : singles_from + one_women] = age[singles_from : singles_from + one_women] >= 45
    profile = np.floor(line(BORN_BY_AGE, age) + flat(size, tag + "born")).astype(np.int64)
    # A young mother's children at home are all of hers.
    profile = np.where(middle & (age < 36), 0, profile)
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
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Ages and sexes of the children of the house, and where each lives."""
    tag = f"{c}/child"
    total, units = int(child.sum()), mother_age.size
    where = np.clip(np.rint(mother_age), 0, AGES - 1).astype(np.int64)
    mothers = np.bincount(where, minlength=AGES)
    wanted = of_mothers * (total / of_mothers.sum()) / np.maximum(mothers, 1)
    expected = np.maximum(wanted[where] - 1.0, EXTRA_LEAST)
    low, high = 0.0, 20.0
    luck = flat(units, tag + "more")
    for _ in range(50):
        mid = (low + high) / 2
        more = _poisson(expected * mid, luck)
        low, high = (mid, high) if more.sum() < total - units else (low, mid)
    more = _poisson(expected * low, luck)
    order = ranked(flat(units, tag + "fix"))
    short = total - units - int(more.sum())
    while short > 0:
        room = order[more[order] < MOST_MORE_CHILDREN][:short]
        more[room] += 1
        short -= room.size
    counts = 1 + more
    unit = np.repeat(np.arange(units), counts)
    nth = np.arange(unit.size) - np.repeat(np.cumsum(counts) - counts, counts)
    target = (
        mother_age[unit] - FIRST_CHILD_GAP - CHILD_STEP * nth + CHILD_GAP_SPREAD * bell(total, tag + "gap")
    )
    ages, sexes = everybody(child)
    by_age = ranked(ages + flat(total, tag + "age"))
    house = np.empty(total, np.int64)
    house[by_age] = mother_house[unit[ranked(target)]]
    return ages, sexes, house


def _poisson(mean: np.ndarray, luck: np.ndarray) -> np.ndarray:
    """Poisson numbers by inversion, cut at the most children a mother may have beyond the first."""
    chance = np.exp(-mean)
    left, out = luck - chance, np.zeros(mean.size, np.int64)
    for n in range(1, MOST_MORE_CHILDREN + 1):
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

    def __init__(self, age: np.ndarray, female: np.ndarray, place: np.ndarray, what: str) -> None:
        order = ranked(flat(age.size, what))
        self.age, self.female, self.place = age[order], female[order], place[order]
        self.house = np.full(age.size, -1, np.int64)
        self.married = np.zeros(age.size, np.int64)
        self.children = np.zeros(age.size, np.int64)
        self.what = what

    def free(self, low: int, high: int, female: int | None = None, outside: bool = False) -> np.ndarray:
        fits = (self.house < 0) & (self.age >= low) & (self.age <= high)
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
    alone, pair, parents = cut(homes, ALONE, COUPLE_ONLY)
    alone_men = round(ALONE_MEN * alone)
    adult = line(WHOLE_ADULTS)
    women = pool.take(pool.free(20, 66, WOMEN, True), adult, pair + parents + alone - alone_men, tag + "w")
    men = pool.take(pool.free(20, 66, MEN, True), adult, pair + parents + alone_men, tag + "m")
    child_total = persons - women.size - men.size
    kids = pool.free(0, SURE_CHILD - 1, None, True)
    kids = pool.take(kids, np.ones(AGES), min(round(WHOLE_KIDS * kids.size), child_total), tag + "k")
    taken = np.concatenate([women, men])
    pool.house[taken] = first
    youth = pool.take(
        pool.free(*YOUTH, None, True), line(((15, 1.0), (23, 0.2))), child_total - kids.size, tag + "y"
    )
    pool.house[taken] = -1
    child = np.concatenate([kids, youth])
    # The youngest women and the oldest have no child with them.
    houses = first + np.arange(homes)
    order = women[ranked(pool.age[women] + 6.0 * bell(women.size, tag + "order"))]
    young = (order.size - parents) // 4
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
    by_wife = ranked(pool.age[wives] + HUSBAND_SPREAD * bell(wives.size, tag + "wives"))
    pool.house[husbands] = pool.house[wives[by_wife]]
    pool.married[husbands] = pool.married[wives] = 1
    rest = np.concatenate([others[pair:], rank_men[single]])
    pool.house[rest] = houses[parents + pair :]
    counts = 1 + spread(np.ones(parents), child.size - parents)[ranked(flat(parents, tag + "n"))]
    unit = np.repeat(np.arange(parents), counts)
    nth = np.arange(unit.size) - np.repeat(np.cumsum(counts) - counts, counts)
    target = (
        pool.age[mothers][unit]
        - FIRST_CHILD_GAP
        - CHILD_STEP * nth
        + CHILD_GAP_SPREAD * bell(unit.size, tag + "g")
    )
    pool.house[child[ranked(pool.age[child] + flat(child.size, tag + "c"))]] = houses[unit[ranked(target)]]
    pool.children[mothers] = counts


def _spouses(pool: _Pool, family: _Family) -> None:
    """Husbands and wives away of those who keep the house alone."""
    people = family.people
    for sex, share, older in (
        (MEN, SPOUSE_AWAY_MOTHER, HUSBAND_OLDER),
        (WOMEN, SPOUSE_AWAY_FATHER, -HUSBAND_OLDER),
    ):
        left = family.spouse_wanted[people.female[family.spouse_wanted] != sex]
        left = left[flat(left.size, f"{pool.what}/left{sex}") < share]
        rows = pool.free(21, 70, sex)
        goal = people.age[left] + older + HUSBAND_SPREAD * bell(left.size, f"{pool.what}/gap{sex}")
        found = _seat(goal, pool.age[rows], f"{pool.what}/spouse{sex}", 1, 8)
        has = found >= 0
        spouse = rows[found[has]]
        pool.house[spouse] = people.house[left[has]]
        pool.married[spouse] = 1
        people.married[left[has]] = 1
        if sex == WOMEN:
            kids = np.bincount(
                people.house[(people.age < 30) & (people.married == 0)], minlength=family.kind.size
            )
            pool.children[spouse] = np.maximum(kids[people.house[left[has]]], 1)


def _join(pool: _Pool, family: _Family) -> None:
    """Give everybody else a household of the county."""
    people, tag = family.people, pool.what
    # Couples away, their children with them.
    women = pool.free(19, 70, WOMEN)
    women = women[flat(women.size, tag + "/married") < line(MARRIED_AWAY, pool.age[women])]
    men = pool.free(20, 70, MEN)
    found = _seat(
        pool.age[women] + HUSBAND_OLDER + HUSBAND_SPREAD * bell(women.size, tag + "/pairs"), pool.age[men],
        tag + "/men", 1, 7,
    )  # fmt: skip
    wives, husbands = women[found >= 0], men[found[found >= 0]]
    pool.married[wives] = pool.married[husbands] = 1
    kids = pool.free(0, SURE_CHILD - 1)
    goal = pool.age[kids] + MOTHER_GAP + MOTHER_GAP_SPREAD * bell(kids.size, tag + "/kids")
    mother = _seat(goal, pool.age[wives], tag + "/mothers", 2, 18)
    # Parents' households: the oldest woman at home, else the oldest man, counts as the parent.
    parent = np.full(family.kind.size, -1.0)
    adult = people.age >= 36
    np.maximum.at(
        parent, people.house[adult], people.age[adult] - HUSBAND_OLDER * (people.female[adult] == 0)
    )
    houses = np.flatnonzero(parent > 0)
    parents = parent[houses].astype(np.int64)
    used = np.zeros(AGES, np.int64)  # seats taken, by the parent's age
    # Grandchildren left at home come first: their parents are away.
    grandmothers = family.parents_wanted
    base = people.age[grandmothers] - ELDER_GAP + HUSBAND_OLDER
    got = _seat(
        base + 2.0 * bell(grandmothers.size, tag + "/skip"), pool.age[husbands], tag + "/fathers", 1, 8
    )
    pool.house[husbands[got[got >= 0]]] = people.house[grandmothers[got >= 0]]
    left_kids = np.bincount(people.house[people.age < SURE_CHILD], minlength=family.kind.size)
    skip_wives = wives[got[got >= 0]]
    pool.children[skip_wives] = left_kids[people.house[grandmothers[got >= 0]]]
    np.add.at(pool.children, wives[mother[mother >= 0]], 1)
    couples = husbands[pool.house[husbands] < 0]
    _sit(pool, couples, pool.age[couples] + MOTHER_GAP - 1.0, houses, parents, used, "/couples")
    pool.house[wives] = pool.house[husbands]
    has = mother >= 0
    pool.house[kids[has]] = pool.house[wives[mother[has]]]
    rest = pool.free(0, AGES)
    _sit(pool, rest, pool.age[rest] + MOTHER_GAP, houses, parents, used, "/single")


def _sit(
    pool: _Pool, rows: np.ndarray, wanted: np.ndarray, houses: np.ndarray, parents: np.ndarray, used: np.ndarray,
    what: str,
) -> None:  # fmt: skip
    """Give each row the household of a parent of about the wanted age; any, where none is left."""
    goal = wanted + MOTHER_GAP_SPREAD * bell(rows.size, pool.what + what)
    found = _seat(goal, parents, pool.what + "/houses", SIT_WITH, PARENT_REACH, used)
    missing = found < 0
    found[missing] = _seat(goal[missing], parents, pool.what + "/houses", MOST_SIT_WITH, AGES, used)
    pool.house[rows] = houses[found]


class County(NamedTuple):
    """All registered persons of one county, and the kind of each of its households."""

    people: People
    kind: np.ndarray


def county_people(c: int, m: Margins, movers: list[tuple[np.ndarray, np.ndarray, np.ndarray]]) -> County:
    """All registered persons of one county in their households."""
    family_table, local, _, away = county_tables(c, m)
    family = _at_home(c, family_table, m)
    parts = [(*everybody(away), OUTSIDE), (*everybody(local), c)]
    age = np.concatenate([p[0] for p in parts] + [p[0] for p in movers])
    sex = np.concatenate([p[1] for p in parts] + [p[1] for p in movers])
    place = np.concatenate([np.full(p[0].size, p[2]) for p in parts] + [p[2] for p in movers])
    pool = _Pool(age, sex, place, f"{c}/pool")
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


def movers(m: Margins) -> list[list[tuple[np.ndarray, np.ndarray, np.ndarray]]]:
    """Those who live in another county of the prefecture, by county of registration."""
    out: list[list[tuple[np.ndarray, np.ndarray, np.ndarray]]] = [[] for _ in COUNTIES]
    for here in range(7):
        age, sex = everybody(county_tables(here, m)[2])
        order = ranked(flat(age.size, f"{here}/movers"))
        marks = np.cumsum(m.moved[:, here])[:-1]
        for origin, rows in enumerate(np.split(order, marks)):
            out[origin].append((age[rows], sex[rows], np.full(rows.size, here)))
    return out
