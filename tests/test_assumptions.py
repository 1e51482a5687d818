"""Assumed rows of evidence tables are drawn with the beliefs: known rows stay, what adds up adds up."""

import numpy as np
import pytest

from tianshui import assumptions, evidence, opening, registry
from tianshui.mechanisms import ecology, industries, treasury
from tianshui.settings import Settings
from tianshui.state import COUNTIES, SECONDARY

DRAWS = range(1, 401)
BY_POPULATION = ("start", "shapes")
"""Tables whose assumed rows the population draws, most of them in four worlds."""
BESIDE_RESULTS = ("before_2020", "effects", "observed", "patterns", "series", "targets")
"""Tables that no equation reads."""
READERS = {
    table: mechanism
    for mechanism, field in Settings.model_fields.items()
    for table in getattr(field.annotation, "tables", ())
}
NAMES = {"sectors": 70, "sector_traits": 120, "nature": 16, "budgets_2015": 4}


def settings_in(draw: int) -> Settings:
    return registry.draw_beliefs(Settings(), draw)


def free(name: str) -> list[int]:
    """Places of the assumed rows of a table that have a range."""
    return [place for place, row in enumerate(evidence.table(name))
            if row["status"] == "assumed" and float(row["low"]) < float(row["high"])]  # fmt: skip


def seen(settings: Settings) -> dict[str, np.ndarray]:
    """Every assumed row of the four tables as the equations read it, in the order of the table."""
    found = {name: [] for name in NAMES}
    trait, shares = settings.industries, industries.sector_shares(settings.industries.draw)
    for row in evidence.table("sectors"):
        sector = opening.industries.SECTORS.index(row["sector"])
        found["sectors"].append(shares[COUNTIES.index(row["county"]), sector])
    for row in evidence.table("sector_traits"):
        column = industries.traits(row["trait"], trait.draw)
        found["sector_traits"].append(column[opening.industries.SECTORS.index(row["sector"])])
    for row in evidence.table("nature"):
        found["nature"].append(ecology.fact(row["item"], row["county"], settings.ecology.draw))
    revenue, spending, totals = treasury._published(settings.treasury.draw)
    for row in evidence.table("budgets_2015"):
        if row["budget"] == "tianshui":
            found["budgets_2015"].append(totals[int(row["year"])])
        else:
            money = {"revenue": revenue, "spending": spending}[row["item"]]
            found["budgets_2015"].append(money[treasury.BUDGETS.index(row["budget"])])
    return {name: np.array(values) for name, values in found.items()}


def printed(name: str) -> np.ndarray:
    return np.array([float(row["value"]) for row in evidence.table(name)])


def test_every_table_with_assumed_rows_is_drawn_by_somebody():
    for file in sorted(evidence.HERE.iterdir(), key=lambda file: file.name):
        name = file.name.removesuffix(".csv")
        if file.name.endswith(".csv") and any(
            row.get("status") == "assumed" and "low" in row for row in evidence.table(name)
        ):
            assert name in (*BY_POPULATION, *BESIDE_RESULTS) or name in READERS, name
    assert set(READERS) == set(NAMES)
    for name, count in NAMES.items():
        assert sum(row["status"] == "assumed" for row in evidence.table(name)) == count


def test_the_central_draw_is_as_printed():
    assert all((values == printed(name)).all() for name, values in seen(Settings()).items())
    assert all((values == printed(name)).all() for name, values in seen(settings_in(0)).items())


@pytest.mark.parametrize("name", NAMES)
def test_a_draw_moves_every_assumed_row_and_no_other(name):
    rows, values = free(name), {draw: seen(settings_in(draw))[name] for draw in (1, 2, 5)}
    still = np.setdiff1d(np.arange(len(printed(name))), rows)
    for one, other in ((1, 2), (1, 5), (2, 5)):
        assert (values[one][rows] != values[other][rows]).all()
    for drawn in values.values():
        assert (drawn[still] == printed(name)[still]).all()
        assert (drawn[rows] != printed(name)[rows]).all()


@pytest.mark.parametrize("name", NAMES)
def test_rows_spread_as_their_ranges_say_around_the_mean_of_the_triangle(name):
    """Before wholes are made to add up: (low + value + high) / 3 within four errors of the mean of 400 draws."""
    table, rows = evidence.table(name), free(name)
    values = np.array([[one for _, one in assumptions.table(name, draw)] for draw in DRAWS])[:, rows]
    low, central, high = (
        np.array([float(table[r][column]) for r in rows]) for column in ("low", "value", "high")
    )
    assert (low <= values).all() and (values <= high).all()
    spread = np.sqrt((low**2 + central**2 + high**2 - low * central - low * high - central * high) / 18)
    assert values.std(axis=0) == pytest.approx(spread, rel=0.2)
    gap = np.abs(values.mean(axis=0) - (low + central + high) / 3)
    assert (gap < 4 * spread / np.sqrt(len(DRAWS))).all()
    # Rows do not go together.
    if len(rows) > 1:
        linked = np.corrcoef(values.T)[np.triu_indices(len(rows), 1)]
        assert np.abs(linked).max() < 0.3


@pytest.mark.parametrize("draw", [1, 2, 3, 17])
def test_what_adds_up_in_print_adds_up_in_every_draw(draw):
    shares = industries.sector_shares(draw)
    assert shares[:, :SECONDARY].sum(axis=1) == pytest.approx(1.0) == shares[:, SECONDARY:].sum(axis=1)
    for use in industries.USES:
        assert industries.traits(use, draw).sum() == pytest.approx(1.0)
    # The forest of the prefecture, and 11,548 km2 that drain to the Wei by the areas of the map.
    assert ecology.facts("forest_area", draw).sum() == pytest.approx(ecology.fact("forest_area"))
    drained, central = (ecology.facts("land_area") @ ecology.facts("wei_share", one) for one in (draw, 0))
    assert drained == pytest.approx(central)
    (revenue, spending, _), (own, spent, totals) = treasury._published(draw), treasury._published(0)
    assert revenue.sum() == pytest.approx(own.sum()) and spending.sum() == pytest.approx(spent.sum())
    assert spending.sum() == pytest.approx(totals[2015])


def test_no_share_leaves_nought_to_one():
    for row in evidence.table("sector_traits"):
        if row["unit"] == "share":
            assert 0.0 <= float(row["low"]) <= float(row["value"]) <= float(row["high"]) <= 1.0, row
    for draw in DRAWS:
        shares = [industries.sector_shares(draw).ravel(), ecology.facts("wei_share", draw)]
        shares += [ecology.facts("natural_share", draw)]
        shares += [industries.traits(name, draw) for name in (*industries.USES, "eco", "formal")]
        for share in shares:
            assert share.min() >= 0.0 and share.max() <= 1.0


def test_what_a_scenario_sets_leaves_the_rows_of_its_draw():
    """Copies with other numbers, as those of a scenario, read the same draw; other draws read others."""
    mine = registry.with_values(
        settings_in(7), {"industries.eta": 2.0, "ecology.sdr": 0.3, "treasury.kappa": 0.8}
    )
    one, two = seen(mine), seen(settings_in(7))
    assert all((one[name] == two[name]).all() for name in NAMES)
    assert mine.structure.draw == 0, "the population draws its own rows, in four worlds"
    springs, others = (ecology.own_water(settings_in(draw).ecology)[0] for draw in (7, 8))
    assert not np.array_equal(springs, others)
    # What is kept for given numbers is kept for given rows too.
    plain = ecology.own_water(Settings().ecology)[0]
    assert not np.array_equal(ecology.own_water(Settings().ecology.in_draw(7))[0], plain)


def test_the_opening_reads_the_rows_of_its_draw():
    """With all numbers central and rows drawn: sectors, forest, budgets and pay differ, the totals do not."""
    plain, drawn = Settings(), Settings()
    names = ("industries", "ecology", "treasury")
    drawn = drawn.model_copy(update={name: getattr(drawn, name).in_draw(3) for name in names})
    one, two = (opening.start(settings, sample=0.005) for settings in (plain, drawn))
    made, then = one.industries.value_added, two.industries.value_added
    assert then[:, :SECONDARY].sum(axis=1) == pytest.approx(made[:, :SECONDARY].sum(axis=1))
    assert (np.abs(then / made - 1.0) > 1e-6).mean() > 0.9
    assert two.nature.forest.sum() == pytest.approx(one.nature.forest.sum(), rel=1e-3)
    assert (two.nature.forest.sum(axis=1) != one.nature.forest.sum(axis=1)).sum() == 4
    assert two.budgets.spending.sum() == pytest.approx(one.budgets.spending.sum())
    assert (two.budgets.spending != one.budgets.spending).sum() == 2
    assert not np.array_equal(two.industries.capital / then, one.industries.capital / made)


def test_ages_and_years_are_drawn_whole():
    """Draw 0 leaves the central value; others round what they draw, and reach more than one."""
    whole = [name for name, number in registry.numbers().items() if number.whole]
    drawn = [registry.draw_beliefs(Settings(), draw) for draw in range(1, 41)]
    for name in whole:
        low, central, high = registry.numbers()[name].prior
        values = {registry.value(settings, name) for settings in drawn}
        assert all(value == round(value) and low <= value <= high for value in values), name
        assert len(values) > 1 or low == central == high, name
