"""Mesa's windows on the model: `Prefecture` with its `County`, `City`, `Industry` and household objects.

A window owns nothing: it is an index and properties that read the state of the year. `simulate()` and the
command line never come here, so they do not pay for importing Mesa.

    from tianshui.prefecture import Prefecture

    prefecture = Prefecture("plan", sample=0.01, rng=1)
    while prefecture.running:
        prefecture.step()
    prefecture.datacollector.get_model_vars_dataframe()
    prefecture.household(prefecture.numbers[0])
"""

from typing import Any, NamedTuple

import mesa
import numpy as np

from tianshui import plan as plans
from tianshui.indicators import HEADLINES
from tianshui.plan import LAST_YEAR
from tianshui.run import Years
from tianshui.state import CITY_BUDGET, COUNTIES, OUTSIDE, SECTORS, State

_LARGEST_SEED = 2**31
_SETTINGS = ("village", "town", "city", "away")
_WORK = ("none", "pupil", "farm", *SECTORS, "workshop", "post", "away")


class Person(NamedTuple):
    """One person, as plain values."""

    number: int
    age: int
    female: bool
    schooling: int
    place: str
    setting: str
    work: str


class Household(NamedTuple):
    """One household with its people, as plain values."""

    number: int
    county: str
    people: tuple[Person, ...]
    columns: dict[str, float]
    """What it holds, by column of the state: land in tenths of a mu, money in yuan."""


class Window(mesa.Agent["Prefecture"]):
    """An agent that owns nothing: it reads the prefecture's state of the year."""

    def __init__(self, model: "Prefecture", index: int, name: str) -> None:
        super().__init__(model)
        self.index, self.name = index, name

    def value(self, indicator: str) -> float:
        """An indicator of this place in the year just ended (NaN where it is not counted here)."""
        return self.model.value(indicator, self.name)


class County(Window):
    """One of the seven counties."""

    @property
    def residents(self) -> int:
        """Persons of the sample who live in the county, incomers counted."""
        state = self.model.state
        return int((state.persons.place == self.index).sum()) + int(state.towns.incomers[self.index])

    @property
    def households(self) -> int:
        """Households of the sample registered in the county."""
        return int((self.model.state.households.county == self.index).sum())


class City(Window):
    """The city level: the eighth budget."""

    @property
    def reserve(self) -> float:
        """Money in hand, yuan."""
        return float(self.model.state.budgets.reserve[self.index])

    @property
    def debt(self) -> float:
        """Debt, yuan."""
        return float(self.model.state.budgets.debt[self.index])


class Industry(Window):
    """One sector of one county; `value` reads the county."""

    def __init__(self, model: "Prefecture", county: int, sector: int) -> None:
        super().__init__(model, county, COUNTIES[county])
        self.sector = sector
        self.sector_name = SECTORS[sector]

    @property
    def jobs(self) -> int:
        """Filled jobs of the sample."""
        return int(self.model.state.industries.jobs[self.index, self.sector])

    @property
    def enterprises(self) -> int:
        """Enterprises of the sample, all sizes and technologies."""
        return int(self.model.state.industries.enterprises[self.index, self.sector].sum())

    @property
    def value_added(self) -> float:
        """Value added of the year just ended at the scale of the sample, yuan."""
        return float(self.model.state.industries.value_added[self.index, self.sector])


class Prefecture(mesa.Model):
    """The prefecture as Mesa's batch runner and viewers expect to meet it; plain values only.

    Parameters
    ----------
    plan : str
        Name or path of a scenario.
    sample : float
        Share of households.
    until : int
        Last year; `running` is false after it.
    rng : int or anything Mesa takes
        Seed. A whole number is the seed of `simulate` too; from anything else (nothing, say) a seed is drawn.

    Raises
    ------
    ScenarioError
        For a scenario that cannot be read.
    ValueError
        For a sample outside (0, 1] or a last year outside 2016-2035.
    """

    def __init__(
        self, plan: str = "plan", sample: float = 1.0, until: int = LAST_YEAR, *, rng: Any = None
    ) -> None:
        super().__init__(rng=rng)
        whole = isinstance(rng, int | np.integer)
        self.luck = int(rng) if whole else int(self.rng.integers(_LARGEST_SEED))
        self.until = until
        self._years = Years(plans.load(plan), sample=sample, seed=self.luck, until=until)
        self.counties = [County(self, index, name) for index, name in enumerate(COUNTIES)]
        self.city = City(self, CITY_BUDGET, "city")
        self.industries = [Industry(self, c, s) for c in range(len(COUNTIES)) for s in range(len(SECTORS))]
        self.datacollector = mesa.DataCollector(
            model_reporters={"year": "year"} | {name: _reader(name) for name in HEADLINES}
        )
        self.datacollector.collect(self)

    @property
    def state(self) -> State:
        """The state at the end of the year just lived."""
        return self._years.state

    @property
    def year(self) -> int:
        """The year just ended."""
        return self._years.state.year

    @property
    def numbers(self) -> np.ndarray:
        """Permanent numbers of the households there are now (u8, H)."""
        return self.state.households.number

    def value(self, indicator: str, area: str = "tianshui") -> float:
        """An indicator of an area in the year just ended (NaN where it is not counted)."""
        return self._years.counted.get((area, indicator), float("nan"))

    def step(self) -> None:
        """Live one year."""
        self._years.step()
        self.datacollector.collect(self)
        self.running = self.year < self.until

    def household(self, number: int) -> Household:
        """One household by its permanent number, as an object.

        Raises
        ------
        KeyError
            When no such household exists now.
        """
        state = self.state
        rows = np.flatnonzero(state.households.number == np.uint64(number))
        if rows.size == 0:
            raise KeyError(f"no household has the number {number} in {state.year}")
        row = int(rows[0])
        first, last = int(state.households.first[row]), int(state.households.first[row + 1])
        persons = state.persons
        people = tuple(
            Person(
                int(persons.number[i]), int(persons.age[i]), bool(persons.female[i]), int(persons.schooling[i]),
                "outside" if persons.place[i] == OUTSIDE else COUNTIES[int(persons.place[i])],
                _SETTINGS[int(persons.setting[i])], _WORK[int(persons.work[i])],
            )
            for i in range(first, last)
        )  # fmt: skip
        columns = {
            name: float(column[row])
            for name, column in zip(state.households._fields, state.households, strict=True)
            if name not in ("first", "number", "county")
        }
        return Household(int(number), COUNTIES[int(state.households.county[row])], people, columns)


def _reader(name: str):
    def read(model: Prefecture) -> float:
        return model.value(name)

    return read
