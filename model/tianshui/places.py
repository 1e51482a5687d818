"""Who gets the places of work there are: local jobs by draw, public posts and workshop jobs by need.

Local jobs. Every applicant's draw is a place in the queue of a county, which is cut at the number of vacancies; of those
served the most schooled come first to the technical jobs. A place is one word,

    county | schooling, most first | draw

so that whole queues are put in order as numbers. (A draw has 53 bits: two equal ones at a cut, of which both would be
served, come once in millions of runs.)

Posts and workshop jobs. A post is a contract of a year for one member of a registered or monitored household: each year
all posts go to the households with the least income a member, the pay of a post not counted to those who held one. A
workshop keeps its workers while there is money for as many; its vacancies go to villagers by the same need. Who can be among
the first is found by counting members by step of need; only these are looked at one by one.
"""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np

from tianshui.compiled import added_up, block, kernel, over, rule
from tianshui.queues import last_steps, mark_first
from tianshui.state import COUNTIES, FARM, NO_WORK, OUTSIDE, POST, SECTORS, VILLAGE, WORKSHOP

SEVEN, CELLS = len(COUNTIES), OUTSIDE + 1
"""Counties; places where one may live."""
ADULT = 16
"""Age in years of the earliest lawful work (labour law, article 15), so not drawn."""
NOBODY_LEARNS, DRAWS = 255, 2.0**53
"""Years of schooling at the end of the scale; how many draws there are."""
COUNTY_AT, YEARS_AT, STEP_AT, STEPS = 61, 53, 45, 256
"""Bits of a place in the queue at which the county, the years and the step of the draw begin; how many steps."""
ALL_SERVED, NO_PLACE = 2**YEARS_AT, 2**64 - 1
"""A mark above every draw, and a word behind every place in a queue."""
STRIDE = 1024
"""Households whose needs are reckoned before any is counted."""
NEED_STEP, NEED_STEPS, NOT_ENTITLED = 50.0, 512, 65_535
"""Steps of need in which the queue is first looked at, yuan a head, how many are told apart, and the step of all others."""
HEADS_A_POST, HEADS_A_PLACE = 16, 8
"""Members of the neediest households that are asked for each post, and for each place of any kind: most of them are too
old, too young or away, of those registered still more."""
FREE, FREE_POOR, HOLDS_WORKSHOP, HOLDS_POST = 1, 3, 4, 8
"""Bits of what a taker may have: any place, a post too; the place held already."""
SKILL_ORDER = tuple(
    SECTORS.index(name)
    for name in (
        "technical", "public_services", "electronics", "equipment", "other_services", "other_industry",
        "tourism", "trade", "processing", "construction",
    )
)  # fmt: skip
"""Sectors in the order in which they take from those served, the most schooled first."""


# --- Local jobs ---------------------------------------------------------------------------------------


class Queue(Protocol):
    """Those of a block of households who apply for local work."""

    @property
    def place(self) -> np.ndarray:
        """Of each: county, missing schooling and draw in one word (u8, n)."""
        ...

    @property
    def steps(self) -> np.ndarray:
        """How many apply by county and step of the draw (i8, 7 x STEPS)."""
        ...


class Cut(NamedTuple):
    """Where the queue for local work ends, and where in the order of schooling each sector begins."""

    mark: np.ndarray  # u8 (7,): draws below it are served
    begins: np.ndarray  # u8 (7, 10): place of the first whom no sector before has taken
    sectors: np.ndarray  # i8 (10,): in the order in which they take
    applicants: np.ndarray  # i8 (7,)
    hired: np.ndarray  # i8 (7, 10)


@rule
def place_of(county, schooling, draw):
    """The place of one in the queue for local work: county, then schooling, most first, then the whole draw."""
    first = (np.uint64(county) << np.uint64(COUNTY_AT)) | (
        np.uint64(NOBODY_LEARNS - schooling) << np.uint64(YEARS_AT)
    )
    return first | np.uint64(draw * DRAWS)


@rule
def county_of(place):
    """The county where one in the queue applies."""
    return place >> np.uint64(COUNTY_AT)


@rule
def step_of(place):
    """The step of the draw of one in the queue."""
    return (place >> np.uint64(STEP_AT)) & np.uint64(STEPS - 1)


@rule
def draw_of(place):
    """The draw of one in the queue, as a whole number."""
    return place & np.uint64(ALL_SERVED - 1)


def cut_queue(queue: Sequence[Queue], vacancies: np.ndarray) -> Cut:
    """Cut the queue for local work by draw, and share out those served among the sectors' vacancies (i8, 7 x 10)."""
    steps, sectors = added_up([part.steps for part in queue]), np.array(SKILL_ORDER)
    ends = vacancies[:, sectors].cumsum(axis=1)
    places, applicants = ends[:, -1].copy(), steps.sum(axis=1)
    last = last_steps(steps, places)
    front = np.concatenate([_front(part.place, last) for part in queue])
    # By county and draw alone, years of schooling left out.
    line = np.sort(front & ~(np.uint64(NOBODY_LEARNS) << np.uint64(YEARS_AT)))
    mark = np.empty(SEVEN, np.uint64)
    _mark(line, applicants, places, mark)
    served = np.sort(front[: _served(front, mark, front)])
    begins, hired = np.empty(ends.shape, np.uint64), np.empty_like(vacancies)
    _share_out(served, ends, sectors, begins, hired)
    return Cut(mark, begins, sectors, applicants, hired)


@kernel
def _front(place, last):
    """Those whose step is not behind the last of their county."""
    front, found = np.empty(place.size, np.uint64), 0
    for k in range(place.size):
        front[found] = place[k]
        found += np.int64(step_of(place[k])) <= last[county_of(place[k])]
    return front[:found].copy()


@kernel
def _mark(line, applicants, places, mark):
    """The draw below which a county serves: behind the last of those served, who stand in `line` by county and draw."""
    begin = 0
    for c in range(mark.size):
        while begin < line.size and county_of(line[begin]) < c:
            begin += 1
        if places[c] == 0:
            mark[c] = 0
        elif applicants[c] <= places[c]:
            mark[c] = np.uint64(ALL_SERVED)
        else:
            mark[c] = draw_of(line[begin + places[c] - 1]) + np.uint64(1)


@kernel
def _served(front, mark, served):
    """Keep in `served`, from the first on, those of `front` whose draw is below the mark; returns how many."""
    found = 0
    for k in range(front.size):
        place = front[k]
        served[found] = place
        found += draw_of(place) < mark[county_of(place)]
    return found


@kernel
def _share_out(served, ends, sectors, begins, hired):
    """Sectors take in turn from those served, who stand by county, schooling and draw; `ends` add up their vacancies."""
    begin = 0
    for c in range(ends.shape[0]):
        many, before = 0, 0
        while begin + many < served.size and county_of(served[begin + many]) == c:
            many += 1
        for s in range(sectors.size):
            end = min(ends[c, s], many)
            begins[c, s] = served[begin + end] if end < many else np.uint64(NO_PLACE)
            hired[c, sectors[s]] = end - before
            before = end
        begin += many


@rule
def sector_for(place, begins, sectors):
    """The sector that takes one who is served; `begins` are those of the county."""
    # The last sector takes all who are left.
    taken = 0
    for s in range(sectors.size - 1):
        taken += place >= begins[s]
    return sectors[taken]


# --- Posts and workshop jobs --------------------------------------------------------------------------


class Takers(NamedTuple):
    """Who may take a public post or a workshop job."""

    row: np.ndarray  # i8: rows of persons
    kind: np.ndarray  # u1: FREE or FREE_POOR when entitled, and HOLDS_* when one holds such a place already
    need: np.ndarray  # f8: income of the household a member, yuan; the least comes first
    county: np.ndarray  # u1: of registration
    number: np.ndarray  # u8: the person's


_TAKERS = np.int64, np.uint8, np.float64, np.uint8, np.uint64


@rule
def need_of(income, members):
    """Need for a post or a workshop job: income of the household a member, yuan; the least comes first."""
    return income / max(members, 1)


@rule
def need_step(need):
    """The step of a need in yuan a head."""
    return min(max(int(need / NEED_STEP), 0), NEED_STEPS - 1)


@kernel
def count_needs(homes, start, stop, step, heads):
    """Step of need of the households that are entitled to a place, and their members by county and step.

    `heads` (i8, 2 x 8 x NEED_STEPS) counts those of registered or monitored households in the second table, all others in
    the first.
    """
    size, cell, at = np.empty(STRIDE, np.int64), np.empty(STRIDE, np.int64), np.empty(STRIDE, np.int64)
    table = heads.ravel()
    for low in range(start, stop, STRIDE):
        high = min(low + STRIDE, stop)
        first, income, hukou = homes.first[low : high + 1], homes.income[low:high], homes.farm_hukou[low:high]
        poor, monitored, county = homes.poor[low:high], homes.monitored[low:high], homes.county[low:high]
        for k in range(income.size):
            size[k] = np.int64(first[k + 1]) - np.int64(first[k])
            at[k] = need_step(need_of(income[k], size[k]))
        for k in range(income.size):
            registered = np.int64((poor[k] > 0) | (monitored[k] > 0))
            cell[k] = (registered * CELLS + np.int64(county[k])) * NEED_STEPS + at[k]
            size[k] *= hukou[k] == 1
        for k in range(income.size):
            step[low + k] = at[k] if hukou[k] == 1 else NOT_ENTITLED
        for k in range(income.size):
            table[cell[k]] += size[k]


def takers(
    people: tuple, homes: tuple, first: np.ndarray, work: np.ndarray, place: np.ndarray, setting: np.ndarray,
    step: np.ndarray, holders: list[np.ndarray], heads: np.ndarray, posts: np.ndarray, workshops: np.ndarray,
    pay: float, until: float,
) -> Takers:  # fmt: skip
    """Holders, and of all others at least those who can be among the first of their county.

    `people` and `homes` are the columns that `livelihoods.settle` hands on, `first` the households' first persons;
    `step` and `heads` are those of `count_needs`, `holders` rows of persons by block. Posts are given before workshop
    jobs (i8, 7 each), so those who take a post stand before the last workshop job; `pay` is a post's, yuan a year, `until` the
    age from which nobody takes a place.
    """
    places = np.stack([posts, posts + workshops])
    any_place, registered = bool(places.any()), heads[1, :SEVEN]
    last = np.stack(
        [
            last_steps(registered, HEADS_A_POST * places[0]),
            last_steps(heads[0, :SEVEN] + registered, HEADS_A_PLACE * places[1]),
        ]
    )
    while True:

        def task(start: int, stop: int) -> tuple[Takers, np.ndarray]:
            free, mine = np.zeros((2, SEVEN), np.int64), holders[start // block(step.size)]
            rows = np.empty(stop - start, np.int64)
            rows = rows[: _in_need(homes, step, last, start, stop, rows)]
            room = int((first[rows + 1] - first[rows]).sum()) + mine.size + 1
            may = Takers(*(np.empty(room, kind) for kind in _TAKERS))
            found = _may_take(
                rows, mine, people, homes, any_place, pay, until, work, place, setting, may, free
            )
            return Takers(*(column[:found] for column in may)), free

        parts = over(step.size, task)
        few = (added_up([free for _, free in parts]) < places) & (last < NEED_STEPS - 1)
        if not few.any():
            return Takers(
                *(np.concatenate(column) for column in zip(*(part[0] for part in parts), strict=True))
            )
        last[few] = NEED_STEPS - 1


@kernel
def _in_need(homes, step, last, start, stop, rows):
    """Those of households `start:stop` whose members can be among the first for a place."""
    steps, county, poor, monitored = (
        step[start:stop], homes.county[start:stop], homes.poor[start:stop], homes.monitored[start:stop],
    )  # fmt: skip
    many = 0
    for k in range(steps.size):
        registered = (poor[k] > 0) | (monitored[k] > 0)
        rows[many] = start + k
        many += (steps[k] <= last[1, county[k]]) | (registered & (steps[k] <= last[0, county[k]]))
    return many


@kernel
def _may_take(rows, holders, people, homes, any_place, pay, until, work, place, setting, takers, free):
    """Posts and workshop jobs: villagers of households `rows` who have no better work, then `holders`.

    Counts in `free` (i8, 2 x 7) who is no holder, and returns how many takers there are.
    """
    found = 0
    for h in rows:
        low, high, county = homes.first[h], homes.first[h + 1], int(homes.county[h])
        kind = FREE_POOR if homes.poor[h] > 0 or homes.monitored[h] > 0 else FREE
        need = need_of(homes.income[h], np.int64(high) - np.int64(low))
        for i in range(low, high):
            # One post a household.
            kind = FREE if work[i] == POST else kind
        for i in range(low, high):
            able = (people.age[i] >= ADULT) & (people.age[i] < until) & (people.health[i] != 2)
            idle = (work[i] == NO_WORK) | (work[i] == FARM)
            takers.row[found], takers.need[found] = i, need
            takers.county[found], takers.kind[found], takers.number[found] = county, kind, people.number[i]
            taken = able & idle & (setting[i] == VILLAGE) & (place[i] == county)
            found += taken
            free[1, county] += taken
            free[0, county] += taken & (kind == FREE_POOR)
            kind = FREE if taken else kind
    last = -1
    for i in holders:
        age, h = int(people.age[i]), np.int64(people.household[i])
        if people.health[i] == 2 or people.setting[i] != VILLAGE or age < ADULT or age >= until:
            continue
        county, posted = int(homes.county[h]), work[i] == POST
        kind = HOLDS_POST if posted else HOLDS_WORKSHOP
        if any_place and homes.farm_hukou[h] == 1 and place[i] == county:
            # One post a household, should two holders have come together.
            registered = posted & ((homes.poor[h] > 0) | (homes.monitored[h] > 0)) & (h != last)
            kind += FREE_POOR if registered else FREE
        last = h if posted else last
        income = homes.income[h] - pay if posted else homes.income[h]
        takers.row[found], takers.county[found], takers.kind[found] = i, county, kind
        takers.number[found] = people.number[i]
        takers.need[found] = need_of(income, np.int64(homes.first[h + 1]) - np.int64(homes.first[h]))
        found += 1
    return found


@kernel
def _give(takers, able, code, places, work, placed):
    """The neediest of those who are `able` take the `places` of their county (i8, 7)."""
    found, size = 0, able.size
    rows, county, number = np.empty(size, np.int64), np.empty(size, np.uint8), np.empty(size, np.uint64)
    need = np.empty(size)
    for k in range(size):
        rows[found], county[found], number[found] = k, takers.county[k], takers.number[k]
        need[found] = takers.need[k]
        found += able[k]
    served = np.zeros(found, np.bool_)
    mark_first(county[:found], need[:found], number[:found], places, served)
    for k in range(found):
        if served[k]:
            work[takers.row[rows[k]]] = code
            placed[rows[k]] = True


@kernel
def fill_places(takers, posts, workshops, work):
    """Give posts to the neediest, then workshop jobs to those who hold one already and to the neediest of all others.

    Posts (i8, 7, as workshop jobs) are for registered or monitored households, workshop jobs for all villagers; who gets
    no place stands on the farm, where `settle` left the holders.
    """
    kinds = takers.kind
    holds, able, placed = (
        np.empty(kinds.size, np.bool_),
        np.empty(kinds.size, np.bool_),
        np.zeros(kinds.size, np.bool_),
    )
    for k in range(kinds.size):
        able[k] = ((kinds[k] & FREE_POOR) == FREE_POOR) & ((kinds[k] & HOLDS_WORKSHOP) == 0)
    _give(takers, able, POST, posts, work, placed)
    left = workshops.copy()
    for k in range(kinds.size):
        holds[k] = (kinds[k] & HOLDS_WORKSHOP) != 0
        # Who gets no post may still be among the first for a workshop job.
        able[k] = ((kinds[k] & FREE) == FREE) & (not holds[k]) & (not placed[k])
        left[takers.county[k]] -= holds[k]
    _give(takers, holds, WORKSHOP, workshops, work, placed)
    _give(takers, able, WORKSHOP, left, work, placed)
