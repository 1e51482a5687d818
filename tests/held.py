"""Two worlds that differ by one child, and a second world lived with the first one's couplings held.

Households meet each other in few places: queues that are cut (jobs, lay-offs, posts, relocation, grants, conversion,
terraces), partners, heirs, shares of a village and sums of a county. `Couplings` notes what these were in the first
world and gives the second world the same, so that nothing but what a household does by itself can tell them apart:

    held for everybody        state of villages, industries, budgets, public capital, programmes, towns, nature and
                              markets on each 31 December; residents by county; what a county's
                              programmes do; chances of a birth; what budgets grant; the part of medical aid that
                              is paid and of other income that is received; the apple price
    held by permanent number  who marries whom, who inherits, who is laid off
    held at the cut           the outcome of a queue (work, home, service, conversion, terraces) of households that the
                              child never touched; `moved` counts the rows where the second world's queue had decided
                              otherwise, so that a test can say that only the edge of a queue moved

The ledger is not asked in the second world: held sums of a county are by design not the sums of its households.

A household is touched once it has (or had, in either world) a member who ever lived with the child or with someone
touched, or inherits from such a household: kinship is no accident of luck.
"""

from collections import Counter
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest

from tianshui import ledger, year
from tianshui.mechanisms import demography, livelihoods
from tianshui.state import NO_WORK, Households, Persons, State

CHILD = np.uint64(2**62 + 1)
"""A permanent number that nobody else has: the start counts from one, the newborn have the top bit."""
SHARED = ("villages", "industries", "budgets", "public", "towns", "nature", "markets", "programmes")


def with_child(state: State, row: int, age: int = 6) -> State:
    """The state with one boy more, the last member of the household in a row, at home and well."""
    homes, persons = state.households, state.persons
    at, head = int(homes.first[row + 1]), int(homes.first[row])
    own = {"number": CHILD, "household": row, "age": age, "place": homes.county[row], "work": NO_WORK}
    own["setting"] = persons.setting[head]
    child = dict.fromkeys(Persons._fields, 0) | own
    people = Persons(
        *(
            np.insert(column, at, np.asarray(child[name], column.dtype))
            for name, column in persons._asdict().items()
        )
    )
    first = homes.first + (np.arange(homes.first.size) > row)
    return state._replace(persons=people, households=homes._replace(first=first)).settled()


def a_family(state: State, county: int) -> int:
    """Row of a village household of a county with four members, its first member at home."""
    homes, persons = state.households, state.persons
    home = (
        (homes.in_town == 0)
        & (homes.farm_hukou == 1)
        & (homes.county == county)
        & (np.diff(homes.first) == 4)
    )
    lives = persons.setting[np.minimum(homes.first[:-1], persons.number.size - 1)] == 0
    return int(np.flatnonzero(home & lives)[0])


def matched(numbers: np.ndarray, others: np.ndarray) -> np.ndarray:
    """For each number its row among the others, -1 where it is not there (i8)."""
    order = np.argsort(others, kind="stable")
    at = np.minimum(np.searchsorted(others[order], numbers), others.size - 1)
    return np.where(others[order][at] == numbers, order[at], -1)


def wishes(choice: list[livelihoods.Choice], persons: int) -> dict[str, np.ndarray]:
    """What each person wants, its place in the queue for local work (nought outside) and what it would do instead."""
    wants = np.full(persons, livelihoods.KEEPS, np.uint8)
    queue, second = np.zeros(persons, np.uint64), np.full(persons, -1)
    for part in choice:
        wants[part.rows] = part.wants
        rows = part.rows[part.queued]
        queue[rows], second[rows] = part.place, part.second
    return {"wants": wants, "queue": queue, "second": second}


class Couplings:
    """What the first world's households met in each other, kept for the second world."""

    def __init__(self, family: int) -> None:
        self.touched = np.array([family], np.uint64)
        """Numbers of households that the child's presence can reach."""
        self.people = np.array([CHILD], np.uint64)
        """Numbers of persons who ever lived in one of them."""
        self.moved: Counter[tuple[int, str]] = Counter()
        """Rows held at the cut, by year and step."""
        self.second = False
        self.kept: dict[str, Any] = {}
        self.year = 0
        self.old: Households | None = None

    @contextmanager
    def watched(self, second: bool, to_live: int):
        """Live one year of the first world, noting; or of the second, holding."""
        self.second, self.year = second, to_live
        with pytest.MonkeyPatch.context() as patch:
            for module, name in (
                (year, "who_lives"), (year.layout, "settle"), (year.layout, "_heirs"),
                (demography, "birth_chances"), (demography, "_wed"), (year.asks, "granted"),
                (year.farming, "apple_price"), (year.livelihoods, "lay_off"), (year.livelihoods, "settle"),
                (year.moving, "move"), (year.services, "serve"), (year.conversion, "convert"),
                (year.ecology, "build_terraces"), (year.health, "paid_part"), (year.incomes, "not_given"),
                (year.gains, "standing"), (year, "income_a_head"),
            ):  # fmt: skip
                true, hook = getattr(module, name), getattr(self, f"_{name.lstrip('_')}", None)
                hook = hook if name != "settle" else (self._layout if module is year.layout else self._hired)
                assert hook is not None
                patch.setattr(module, name, self._around(true, hook))
            if second:
                for name in [name for name in vars(ledger) if name.startswith("check_")]:
                    patch.setattr(ledger, name, lambda *_, **__: None)
            yield

    @staticmethod
    def _around(true, hook):
        return lambda *args, **more: hook(true, *args, **more)

    def _same(self, name: str, value: Any) -> Any:
        """Note a value in the first world; give it back in the second."""
        if self.second:
            return self.kept[name]
        self.kept[name] = value
        return value

    # What is the same for everybody

    def _birth_chances(self, true, *args):
        return self._same("birth_chances", true(*args))

    def _granted(self, true, *args):
        return self._same("granted", true(*args))

    def _paid_part(self, true, *args):
        return self._same("paid_part", true(*args))

    def _not_given(self, true, *args):
        return self._same("not_given", true(*args))

    def _income_a_head(self, true, *args):
        return self._same("income_a_head", true(*args))

    def _standing(self, true, *args):
        return self._same("standing", true(*args))

    def _apple_price(self, true, *args):
        return self._same("apple_price", true(*args))

    def _who_lives(self, true, *args):
        people = true(*args)
        village, urban = self._same("residents", (people.village, people.urban))
        self._touch(people.persons, people.households)
        return people._replace(village=village, urban=urban)

    # What is held by permanent number

    def _wed(self, true, persons, households, wooers):
        weddings = true(persons, households, wooers)
        if not self.second:
            self.kept["weddings"] = (
                persons.number[weddings.brides],
                persons.number[weddings.grooms],
                weddings,
            )
            return weddings
        brides, grooms, then = self.kept["weddings"]
        brides, grooms = matched(brides, persons.number), matched(grooms, persons.number)
        assert min(brides.min(initial=0), grooms.min(initial=0)) >= 0, (
            "a partner of the first world is missing"
        )
        order = np.lexsort((persons.number[brides], persons.household[grooms]))
        return demography.Weddings(brides[order], grooms[order], *(column[order] for column in then[2:]))

    def _layout(self, true, persons, households, heads):
        self.old = households
        return true(persons, households, heads)

    def _heirs(self, true, village, county, lives, ended, heir):
        true(village, county, lives, ended, heir)
        numbers = self.old.number
        if self.second:
            mine, theirs = self.kept["heirs"]
            for k, row in enumerate(ended):
                at = np.flatnonzero(mine == numbers[row])
                then = np.flatnonzero(numbers == theirs[at[0]]) if at.size else at
                if then.size and lives[then[0]] and then[0] != heir[k]:
                    heir[k] = then[0]
                    self.moved[self.year, "heirs"] += 1
        else:
            self.kept["heirs"] = numbers[ended[heir >= 0]], numbers[heir[heir >= 0]]
        from_touched = (heir >= 0) & np.isin(numbers[ended], self.touched)
        self.touched = np.union1d(self.touched, numbers[heir[from_touched]])

    def _touch(self, persons: Persons, homes: Households) -> None:
        """Whoever lives with somebody touched is touched, and so is the household."""
        home = homes.number[persons.household]
        self.touched = np.union1d(self.touched, home[np.isin(persons.number, self.people)])
        self.people = np.union1d(self.people, persons.number[np.isin(home, self.touched)])

    def _lay_off(self, true, persons, *args, **more):
        lost = true(persons, *args, **more)
        then, numbers = self._same("lost", (lost, persons.number))
        rows = matched(persons.number, numbers)
        return np.where(rows >= 0, then[rows], False)

    # What is held at the cut of a queue

    def _hired(self, true, persons, homes, choice, *args):
        work = true(persons, homes, choice, *args)
        self._equal_wishes(persons, homes, choice)
        return self._hold("work", persons.number, self._is_touched(persons, homes), work)

    def _move(self, true, persons, homes, *args, **more):
        moves = true(persons, homes, *args, **more)
        moves = self._hold("home", homes.number, np.isin(homes.number, self.touched), moves)
        return self._hold("move", persons.number, self._is_touched(persons, homes), moves)

    def _serve(self, true, homes, *args, **more):
        return self._hold(
            "service", homes.number, np.isin(homes.number, self.touched), true(homes, *args, **more)
        )

    def _convert(self, true, persons, homes, *args, **more):
        offers = true(persons, homes, *args, **more)
        return self._hold("conversion", homes.number, np.isin(homes.number, self.touched), offers)

    def _build_terraces(self, true, homes, granted):
        return self._hold("terraces", homes.number, np.isin(homes.number, self.touched), true(homes, granted))

    def _is_touched(self, persons: Persons, homes: Households) -> np.ndarray:
        return np.isin(persons.number, self.people) | np.isin(homes.number[persons.household], self.touched)

    def _equal_wishes(self, persons: Persons, homes: Households, choice: Any) -> None:
        """What persons want, and their draws in the queue before it is cut, are the same to the byte."""
        then, numbers = self._same("wishes", (wishes(choice, persons.number.size), persons.number))
        rows = matched(persons.number, numbers)
        other = (rows >= 0) & ~self._is_touched(persons, homes)
        for name, column in wishes(choice, persons.number.size).items():
            assert np.array_equal(column[other], then[name][rows[other]]), (
                f"{self.year}: {name} of others changed"
            )

    def _hold(self, step: str, numbers: np.ndarray, touched: np.ndarray, out: Any) -> Any:
        """Give rows that are not touched the first world's outcome, and count where it was another."""
        then, before = self._same(step, (out, numbers))
        if not self.second:
            return out
        rows = matched(numbers, before)
        other = (rows >= 0) & ~touched
        held, moved = {}, np.zeros(numbers.size, bool)
        for name, column, old in zip(out._fields, out, then, strict=True):
            if column.shape != numbers.shape:
                continue
            differs = other & (column != np.where(other, old[rows], column))
            if differs.any():
                held[name] = np.where(differs, old[rows], column).astype(column.dtype)
                moved |= differs
        self.moved[self.year, step] += int(moved.sum())
        return out._replace(**held)


def held_years(
    first: State, second: State, family: int, plan: Any, numbers: Any, years: int, share: float
) -> tuple[State, State, Couplings]:
    """Live both worlds side by side for some years, the second with the first one's couplings."""
    couplings = Couplings(family)
    couplings._touch(second.persons, second.households)
    for _ in range(years):
        to_live = first.year + 1
        settings = plan.settings_at(numbers, to_live)
        second = second._replace(**{name: getattr(first, name) for name in SHARED})
        with couplings.watched(second=False, to_live=to_live):
            after = year.live(first, plan, settings, seed=0, share=share).state
        with couplings.watched(second=True, to_live=to_live):
            second = year.live(second, plan, settings, seed=0, share=share).state
        first = after
    return first, second, couplings
