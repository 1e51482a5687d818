"""A small, plausible, self-made prefecture for tests: every column of the state filled, nothing observed.

`small_world(400)` is made of 400 households in seven counties, drawn with NumPy's generator (only tests
may use it), always the same for the same arguments. Ages roughly follow the pyramid of the registered.
"""

import numpy as np

from tianshui import programmes
from tianshui.state import (
    AWAY,
    CITY,
    FARM,
    FIRST_SECTOR,
    NO_WORK,
    OUTSIDE,
    POST,
    PUPIL,
    TOWN,
    VILLAGE,
    WORK_AWAY,
    WORKSHOP,
    Budgets,
    Households,
    Industries,
    Markets,
    Nature,
    Persons,
    PublicCapital,
    State,
    Towns,
    Villages,
)

COUNTIES, VILLAGES_EACH, SLOTS = 7, 6, 7
# Members of a household: husband, wife, three children, his father and mother.
HUSBAND, WIFE, FIRST_CHILD, FATHER, MOTHER = 0, 1, 2, 5, 6
LONE, COUPLE, FAMILY, THREE_GENERATIONS = range(4)
SHARES = (0.07, 0.17, 0.46, 0.30)


def small_world(households: int = 400, seed: int = 1) -> State:
    """The prefecture at the end of 2015 in miniature."""
    luck = np.random.default_rng(seed)
    homes, villages = _homes(households, luck)
    persons, first = _people(homes, luck)
    state = State(
        2015,
        persons,
        homes._replace(first=first),
        villages,
        _industries(households, luck),
        Budgets(*(np.full(8, value * households) for value in (500.0, 0.0, 8000.0, 4000.0, 18000.0, 22000.0, 22000.0, 4000.0))),
        PublicCapital(
            np.full((7, 5), 20_000.0 * households / 7), np.full((7, 5, 6), 300.0 * households / 7),
            np.full((7, 5), 20_000.0 * households / 7), np.ones(7),
        ),
        Towns(
            np.linspace(1.3, 1.8, 7), np.ones(7), np.full(7, households / 7 * 0.4), np.full(7, 3.5e5),
            np.full(7, float(households)), np.full(7, households // 100, np.int64), np.full(7, 0.7),
            np.full(7, households * 0.2), np.full(7, households * 0.2), np.full(7, households * 0.3),
            np.full(7, float(households)), np.ones(7), np.full(7, households * 0.01),
        ),
        _nature(households),
        Markets(
            np.zeros(1), np.zeros(1), np.ones(1),
            np.full(7, 36_000.0), np.full(7, 0.35), np.full(7, 0.8), np.zeros(7), np.ones(7),
            np.full(1, 2_000.0 * households), np.full(1, 2_000.0 * households), np.full(1, 3_000.0 * households), np.full(7, 100.0 * households), np.full(7, 80.0 * households), np.ones(7), np.zeros(7), np.full(1, 2.5), np.zeros(7),
            np.zeros(7), np.full(7, 36_000.0), np.full(7, 0.05), np.full(7, 0.3), np.full(7, 1_500.0 * households), np.full(7, 1_600.0 * households),
                np.full(7, 50.0 * households), np.full(7, 20_000.0), np.full(7, 7_000.0), np.full(7, 20_000.0), np.full(2, 0.08),
        ),
        programmes.opening(),
    )  # fmt: skip
    return state.settled()


def _homes(size: int, luck: np.random.Generator) -> tuple[Households, Villages]:
    village = np.sort(luck.integers(0, COUNTIES * VILLAGES_EACH, size)).astype(np.int32)
    county = (village // VILLAGES_EACH).astype(np.uint8)
    urban = village % VILLAGES_EACH == VILLAGES_EACH - 1  # each county's last row is its towns
    farm_hukou = (~urban).astype(np.uint8)

    def land(mean: float, share: float = 1.0) -> np.ndarray:
        cells = luck.gamma(2.0, mean / 2.0, size) * (luck.random(size) < share)
        return np.where(urban, 0, np.round(cells * 10)).astype(np.int32)

    def heads(mean: float, share: float) -> np.ndarray:
        held = luck.poisson(mean, size) * (luck.random(size) < share)
        return np.where(urban, 0, held).astype(np.int16)

    def flag(share: float) -> np.ndarray:
        return (~urban & (luck.random(size) < share)).astype(np.uint8)

    orchard, sapling, converted = land(2.0, 0.3), land(1.0, 0.05), land(1.5, 0.1)
    income = luck.lognormal(10.0, 0.6, size)
    poor = np.where(urban, 0, luck.choice(3, size, p=(0.75, 0.15, 0.10))).astype(np.uint8)
    homes = Households(
        number=np.arange(1, size + 1, dtype=np.uint64) + np.uint64(1 << 32),
        first=np.zeros(size + 1, np.int64),
        county=county,
        farm_hukou=farm_hukou,
        village=village,
        in_town=(urban | (luck.random(size) < 0.1)).astype(np.uint8),
        town_since=np.zeros(size, np.int16),
        flat=land(1.0),
        terrace=land(4.0),
        slope=land(2.0),
        steep=land(0.7, 0.5),
        idle_terrace=land(0.3, 0.2),
        idle_slope=land(0.5, 0.3),
        idle_steep=land(0.3, 0.3),
        let=land(0.5, 0.2),
        orchard=orchard,
        orchard_age=np.where(orchard > 0, luck.integers(5, 25, size), 0).astype(np.uint8),
        sapling=sapling,
        sapling_age=np.where(sapling > 0, luck.integers(0, 5, size), 0).astype(np.uint8),
        converted=converted,
        converted_year=np.where(converted > 0, luck.integers(2014, 2016, size), 0).astype(np.int16),
        cattle=heads(1.0, 0.2),
        sheep=heads(3.0, 0.1),
        pigs=heads(1.5, 0.3),
        cash=luck.lognormal(9.0, 1.0, size),
        debt=luck.lognormal(9.5, 0.8, size) * (luck.random(size) < 0.3),
        income=income,
        permanent=income * luck.uniform(0.9, 1.1, size),
        aid=np.zeros(size),
        gap=np.zeros(size),
        poor=poor,
        monitored=flag(0.03),
        allowance=flag(0.08),
        relocated=flag(0.02),
        cooperative=flag(0.1),
        insured=flag(0.2),
        shock=luck.choice(4, size, p=(0.9, 0.05, 0.03, 0.02)).astype(np.uint8),
    )
    rows = np.arange(COUNTIES * VILLAGES_EACH)
    towns = rows % VILLAGES_EACH == VILLAGES_EACH - 1
    villages = Villages(
        (rows // VILLAGES_EACH).astype(np.uint8),
        np.where(towns, 0.0, luck.uniform(3.0, 45.0, rows.size)).astype(np.float32),
        np.where(towns, 0.0, luck.uniform(0.0, 600.0, rows.size)).astype(np.float32),
        luck.uniform(0.15, 0.35, rows.size),
        luck.uniform(0.0, 0.2, rows.size),
    )
    return homes, villages


def _people(homes: Households, luck: np.random.Generator) -> tuple[Persons, np.ndarray]:
    size = homes.number.size
    kind = luck.choice(4, size, p=SHARES)
    age = np.zeros((size, SLOTS), np.int64)
    oldest = np.where(luck.random(size) < 0.6, luck.integers(60, 89, size), luck.integers(20, 60, size))
    age[:, HUSBAND] = np.select(
        [kind == LONE, kind == COUPLE, kind == FAMILY],
        [oldest, luck.integers(44, 82, size), luck.integers(24, 56, size)],
        luck.integers(24, 52, size),
    )
    age[:, WIFE] = np.maximum(20, age[:, HUSBAND] - luck.integers(-1, 6, size))
    here = np.zeros((size, SLOTS), bool)
    here[:, HUSBAND] = (kind != LONE) | (luck.random(size) < 0.45)
    here[:, WIFE] = (kind != LONE) | ~here[:, HUSBAND]
    with_children = kind >= FAMILY
    for order in range(3):
        born_at = 22 + luck.integers(0, 7, size) + 3 * order
        age[:, FIRST_CHILD + order] = age[:, WIFE] - born_at
        wanted = luck.random(size) < (0.95, 0.75, 0.25)[order]
        of_age = (age[:, FIRST_CHILD + order] >= 0) & (age[:, FIRST_CHILD + order] <= 27)
        here[:, FIRST_CHILD + order] = with_children & wanted & of_age
    age[:, FATHER] = age[:, HUSBAND] + luck.integers(21, 30, size)
    age[:, MOTHER] = age[:, FATHER] - luck.integers(0, 4, size)
    # An elder has lived to his age with a chance that falls from one at 50 to nil at 95.
    alive = luck.random((size, 2)) < np.clip((95 - age[:, FATHER:]) / 38, 0, 1)
    here[:, FATHER:] = alive & (kind == THREE_GENERATIONS)[:, None]
    female = np.zeros((size, SLOTS), np.uint8)
    female[:, WIFE] = female[:, MOTHER] = 1
    female[:, FIRST_CHILD:FATHER] = luck.random((size, 3)) < 0.47
    married = np.zeros((size, SLOTS), bool)
    married[:, HUSBAND] = married[:, WIFE] = kind != LONE
    married[:, FATHER] = married[:, MOTHER] = here[:, FATHER] & here[:, MOTHER]
    children = np.zeros((size, SLOTS), np.int64)
    children[:, WIFE] = here[:, FIRST_CHILD:FATHER].sum(1) + (age[:, WIFE] > 48) * luck.integers(1, 4, size)
    children[:, MOTHER] = luck.integers(1, 5, size)

    keep = here.ravel()
    first = np.concatenate([[0], np.cumsum(here.sum(1))])
    row = np.repeat(np.arange(size), here.sum(1)).astype(np.int32)
    age, female, children = age.ravel()[keep], female.ravel()[keep], children.ravel()[keep]
    adult = (age >= 16) & (age < 65)
    count = age.size
    away = luck.random(count) < np.where(adult & (age < 50), 0.28, np.where(adult, 0.1, 0.02))
    in_town = homes.in_town[row] == 1
    central = in_town & (homes.county[row] < 2)
    setting = np.where(away, AWAY, np.where(central, CITY, np.where(in_town, TOWN, VILLAGE)))
    schooling = np.clip(np.round(luck.normal(8.5 - 0.05 * np.maximum(0, age - 30), 3.0)), 0, 16)
    schooling = np.where(age < 22, np.clip(age - 6, 0, 13), schooling)
    pupil = (age >= 6) & (age < 16) | (age >= 16) & (age < 19) & (luck.random(count) < 0.7)
    local = luck.choice(
        np.concatenate([[FARM, WORKSHOP, POST, NO_WORK], FIRST_SECTOR + np.arange(10)]),
        count,
        p=np.concatenate([[0.35, 0.03, 0.03, 0.12], np.full(10, 0.047)]),
    )
    work = np.where(age >= 65, np.where(luck.random(count) < 0.3, FARM, NO_WORK), local)
    work = np.where(in_town & (work == FARM), FIRST_SECTOR + 5, work)
    work = np.where(age < 16, NO_WORK, np.where(away & adult, WORK_AWAY, work))
    work = np.where(pupil, PUPIL, work)
    return Persons(
        number=np.arange(1, count + 1, dtype=np.uint64),
        household=row,
        age=age.astype(np.uint8),
        female=female,
        schooling=schooling.astype(np.uint8),
        children=(children * female).astype(np.uint8),
        married=married.ravel()[keep].astype(np.uint8),
        health=luck.choice(3, count, p=(0.95, 0.02, 0.03)).astype(np.uint8),
        place=np.where(away, OUTSIDE, homes.county[row]).astype(np.uint8),
        setting=setting.astype(np.uint8),
        work=work.astype(np.uint8),
    ), first.astype(np.int64)


def _industries(size: int, luck: np.random.Generator) -> Industries:
    jobs = luck.integers(1, max(2, size // 70), (7, 10)).astype(np.int64)
    added = jobs * 50_000.0
    return Industries(
        capital=jobs * 120_000.0,
        jobs=jobs,
        productivity=luck.uniform(0.8, 1.2, (7, 10)),
        energy_intensity=luck.uniform(0.1, 1.5, (7, 10)),
        load_intensity=luck.uniform(0.1, 2.0, (7, 10)),
        enterprises=luck.integers(0, 5, (7, 10, 3, 2)).astype(np.int64),
        value_added=added,
        value_added_before=added / 1.07,
        outside_demand=added * 0.3,
        cash=added * 0.1,
        debt=added * 0.4,
        scale=np.full((7, 10), 180.0),
        efficiency=np.ones((7, 10)),
        local_factor=np.ones((7, 10)),
        surplus=added * 0.3,
        usual=np.full((7, 10), 0.15),
        expected=np.full((7, 10), 0.05),
        price=luck.uniform(0.8, 1.3, (7, 10)),
        goods=luck.uniform(0.9, 1.1, (7, 10)),
        ordered=added * 0.1,
        coming=added * 0.01,
        works=luck.uniform(0.9, 1.1, (7, 10)),
        custom=luck.uniform(0.9, 1.1, 7),
    )


def _nature(size: int) -> Nature:
    return Nature(
        forest=np.full((7, 61), size, np.int64),
        open_land=np.full(7, 40 * size, np.int64),
        other=np.full(7, 10 * size, np.int64),
        terrace_works=np.zeros(7),
        treated=np.full(7, size / 200.0),
        soil_loss=np.full(7, 10.0 * size),
        sediment=np.full(7, 6.0 * size),
        carbon=np.full(7, 20.0 * size),
        pollutants=np.full((7, 2), size / 1000.0),
        concentration=np.tile([15.0, 0.5], (7, 1)),
        cod_class=np.full(7, 2, np.int64),
    )
