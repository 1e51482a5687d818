"""Everything told of the end of 2015 beside what the model starts from, row by row of the evidence.

    observed(sample)   people, homes, land and money of the population; value added, budgets, forest of the opening

What nobody told follows: beliefs with their range. A row is chosen and met, follows from rows that are, is assumed, or is set aside because another row of the same quantity
was chosen: `docs/decisions.md` says which and why. Counts of a sample are divided by its share.
"""

from collections.abc import Iterator

import numpy as np

from tianshui import opening, population
from tianshui.evidence import table
from tianshui.mechanisms import ecology
from tianshui.population import Observed
from tianshui.settings import Settings
from tianshui.state import CELLS_PER_MU, CITY_BUDGET, COUNTIES, SECONDARY, State

HUNDRED = 100.0
SECTORS = ("primary", "secondary", "tertiary")
BUDGETS = ("budget_revenue_own", "budget_spending")


def observed(sample: float = 1.0) -> list[Observed]:
    """Every row of the start tables, and every belief, of which the central world of a sample shows something.

    Raises ValueError for a sample outside (0, 1].
    """
    settings = Settings()
    state = opening.start(settings, sample=sample)
    people = population.shown(
        state.persons, state.households, state.villages, population.kinds(sample), sample=sample,
        beliefs=settings.population,
    )  # fmt: skip
    found = people | _accounts(state, sample) | _purses(state, sample) | _nature(state, sample)
    assumed = population.believed(state.persons, state.households, sample)
    return population.compared(rows(), found) + assumed


def rows() -> Iterator[dict[str, str]]:
    """The rows of all start tables under one form."""
    yield from table("start")
    yield from table("economy_2015")
    for row in table("budgets_2015"):
        if int(row["year"]) == opening.YEAR:
            names: dict[str, str] = dict(zip(("revenue", "spending"), BUDGETS, strict=True))
            item = names[row["item"]]
            yield row | {"county": row["budget"], "item": item}
    yield from (row for row in table("nature") if row["item"] in ("land_area", "forest_area"))


def _accounts(state: State, sample: float) -> population.Found:
    """Value added by sector at prices of 2015 and of 2019."""
    made = state.industries.value_added
    parts = (state.markets.primary, made[:, :SECONDARY].sum(axis=1), made[:, SECONDARY:].sum(axis=1))
    real = float(state.markets.primary_real.sum() / state.markets.primary.sum())
    found = {}
    for name, part in zip(SECTORS, parts, strict=True):
        found[f"value_added_{name}"] = part / sample
        found[f"value_added_{name}_2019prices"] = part / sample * real
    found["gdp"] = sum(parts) / sample
    found["gdp_2019prices"] = found["gdp"] * real
    return {name: (values, float(values.sum())) for name, values in found.items()}


def _purses(state: State, sample: float) -> population.Found:
    """Budgets: the city's own stands with Qinzhou's in the items that tell both together."""
    found: population.Found = {}
    for name, values in zip(BUDGETS, (state.budgets.revenue, state.budgets.spending), strict=True):
        values = values / sample
        found[name] = values, float(values.sum())
        together = np.full(len(COUNTIES), np.nan)
        together[0] = values[0] + values[CITY_BUDGET]
        found[name.replace("_own", "") + "_with_city"] = together, None
    return found


def _nature(state: State, sample: float) -> population.Found:
    """Land, and forest with the cropland turned to forest."""
    ground = ecology.land(state.households, state.year)
    forest = (state.nature.forest.sum(axis=1) + ground.converted.sum(axis=1)) / CELLS_PER_MU / sample
    land = ecology.areas(sample) / ecology.CELLS_PER_KM2 / sample
    cover = HUNDRED * forest / (ecology.areas(sample) / CELLS_PER_MU / sample)
    return {
        "land_area": (land, float(land.sum())),
        "forest_area": (forest, float(forest.sum())),
        "forest_cover": (cover, None),
    }
