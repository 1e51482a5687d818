"""What the prefecture is on 31 December of `State.year`: stocks only, in frozen records of arrays.

Rows: `P` persons, `H` households, `V` villages, 7 counties in the order of `COUNTIES`, 10 sectors in the
order of `SECTORS`, 8 budgets (the counties, then the city). Persons lie in household order: the people of
household `h` are the rows `first[h]:first[h + 1]`. Land is counted in whole tenths of a mu, so that areas
add up exactly; money is yuan of the year, kept in 64-bit floats; numbers are permanent, rows are not.
"""

from hashlib import blake2s
from typing import NamedTuple, Self

import numpy as np

COUNTIES = ("qinzhou", "maiji", "qingshui", "qinan", "gangu", "wushan", "zhangjiachuan")
CITY_BUDGET = 7
"""Row of the city's own budget, after those of the counties."""
SECTORS = (
    "equipment",  # equipment and electrical machinery
    "electronics",
    "processing",  # food and medicine
    "other_industry",  # other industry and energy
    "construction",
    "trade",  # trade and logistics
    "tourism",  # tourism and culture
    "technical",  # information and technical services
    "public_services",
    "other_services",
)
SECONDARY = 5
"""The first five sectors are secondary, the other five tertiary."""
FACTORIES = 4
"""The first four sectors make things: they upgrade, fill parks and emit waste water."""
PROCESSING, TOURISM, PUBLIC, TECHNICAL, ELECTRONICS = map(
    SECTORS.index, ("processing", "tourism", "public_services", "technical", "electronics")
)

# Where a person lives: a county's index, or
OUTSIDE = 7
"""Place of those who live outside the prefecture, after the counties."""
# In what setting:
VILLAGE, TOWN, CITY, AWAY = 0, 1, 2, 3
# What a person does; a sector `s` is FIRST_SECTOR + s.
NO_WORK, PUPIL, FARM, FIRST_SECTOR, WORKSHOP, POST, WORK_AWAY = 0, 1, 2, 3, 13, 14, 15
# The poverty register:
NEVER_POOR, POOR, LIFTED = 0, 1, 2
# What struck a household this year:
NO_SHOCK, ILLNESS, DISASTER, INCOME_LOSS = 0, 1, 2, 3
# Land classes of a household's cropland:
FLAT, TERRACE, SLOPE, STEEP = 0, 1, 2, 3
CELLS_PER_MU = 10


class Persons(NamedTuple):
    """All registered persons; columns of length P."""

    number: np.ndarray  # u8: permanent number
    household: np.ndarray  # i4: row of the household
    age: np.ndarray  # u1: completed years
    female: np.ndarray  # u1: 0 or 1
    schooling: np.ndarray  # u1: completed years
    children: np.ndarray  # u1: births so far (women)
    married: np.ndarray  # u1: 0 or 1
    health: np.ndarray  # u1: 0 well, 1 struck by grave illness this year, 2 lastingly disabled
    place: np.ndarray  # u1: county of residence 0-6, or OUTSIDE
    setting: np.ndarray  # u1: VILLAGE, TOWN, CITY, AWAY
    work: np.ndarray  # u1: see the codes above


class Households(NamedTuple):
    """All registered households; columns of length H except `first` (H + 1)."""

    number: np.ndarray  # u8: permanent number
    first: np.ndarray  # i8: row of the first member; first[H] = P
    county: np.ndarray  # u1: county of registration
    farm_hukou: np.ndarray  # u1: 1 agricultural registration (holds land rights), 0 urban
    village: np.ndarray  # i4: row of the village of registration
    in_town: np.ndarray  # u1: 1 when its home is in a town or the city, 0 in the village
    town_since: np.ndarray  # i2: year it moved to town; 0: always there, or in the village
    # Cropland under the plough, tenths of a mu, by class
    flat: np.ndarray  # i4
    terrace: np.ndarray  # i4
    slope: np.ndarray  # i4
    steep: np.ndarray  # i4
    # Cropland lying idle
    idle_terrace: np.ndarray  # i4
    idle_slope: np.ndarray  # i4
    idle_steep: np.ndarray  # i4
    # Cropland let to larger farms of the county
    let: np.ndarray  # i4: of `flat` and `terrace` taken together, counted apart from them
    # Orchards (land apart from cropland): a standing one and at most one young one
    orchard: np.ndarray  # i4
    orchard_age: np.ndarray  # u1: years since planting
    sapling: np.ndarray  # i4
    sapling_age: np.ndarray  # u1
    # Cropland turned to forest under the new round
    converted: np.ndarray  # i4
    converted_year: np.ndarray  # i2: year of enrolment, 0 when none
    # Animals, heads
    cattle: np.ndarray  # i2
    sheep: np.ndarray  # i2
    pigs: np.ndarray  # i2
    # Money, yuan
    cash: np.ndarray  # f8: never negative
    debt: np.ndarray  # f8: never negative
    income: np.ndarray  # f8: disposable income of the year just ended
    permanent: np.ndarray  # f8: smoothed disposable income
    aid: np.ndarray  # f8: subsistence allowance received in the year just ended
    gap: (
        np.ndarray
    )  # f8: lasting difference of its income a head from what its work and land explain, yuan of 2015
    # Registers
    poor: np.ndarray  # u1: NEVER_POOR, POOR, LIFTED
    monitored: np.ndarray  # u1: on the monitoring register
    allowance: np.ndarray  # u1: draws the subsistence allowance (dibao)
    relocated: np.ndarray  # u1: moved by the relocation programme
    cooperative: np.ndarray  # u1: served member of a cooperative
    insured: np.ndarray  # u1: crops insured
    shock: np.ndarray  # u1: what struck it in the year just ended


class Villages(NamedTuple):
    """Villages of registration, sizes assumed; columns of length V. Each county's last row is its towns."""

    county: np.ndarray  # u1
    distance: np.ndarray  # f4: road km to the county seat
    altitude: np.ndarray  # f4: metres above the county's valley floor
    away: np.ndarray  # f8: share of registered adults (16-64) who are away, previous year
    enrolled: np.ndarray  # f8: share of sloping land turned to forest


class Industries(NamedTuple):
    """Ten non-farm sectors by county; columns of shape (7, 10) unless said."""

    capital: np.ndarray  # f8: yuan at 2015 prices
    jobs: np.ndarray  # i8: filled jobs by place of work
    productivity: np.ndarray  # f8: scale of the production function
    energy_intensity: np.ndarray  # f8: tonnes of coal equivalent per 10,000 yuan of 2015 value added
    load_intensity: np.ndarray  # f8: kg of COD per 10,000 yuan of 2015 value added, before treatment
    enterprises: np.ndarray  # i8 (7, 10, 3, 2): by size class and technology (old, upgraded)
    value_added: np.ndarray  # f8: yuan, year just ended
    value_added_before: np.ndarray  # f8: yuan, the year before that
    outside_demand: np.ndarray  # f8: yuan at 2015 prices sold beyond the county at unchanged cost
    cash: np.ndarray  # f8: yuan
    debt: np.ndarray  # f8: yuan
    scale: (
        np.ndarray
    )  # f8: constant of the production function, solved at the start; rises as labour is saved
    efficiency: np.ndarray  # f8: efficiency units a job, year just ended
    local_factor: np.ndarray  # f8: local purchases against the tables of uses, solved once at the start
    surplus: np.ndarray  # f8: yuan, value added less wages and tax, year just ended
    usual: np.ndarray  # f8: surplus over the value of capital at the start, to which owners compare
    expected: np.ndarray  # f8: growth of real sales that was expected for the year just ended
    price: np.ndarray  # f8: what is sold against the general price level, 1 at the start
    goods: (
        np.ndarray
    )  # f8: enterprises, by the jobs of their size, against those that usual entry would have left
    ordered: np.ndarray  # f8: investment decided that is built and paid in the next year, yuan at 2015 prices
    coming: (
        np.ndarray
    )  # f8: sales of works that have chosen to come from outside beyond the usual, yuan at 2015 prices
    works: (
        np.ndarray
    )  # f8: works of owners who could as well be elsewhere, against those that usually would be here
    custom: np.ndarray  # f8 (7,): trade cost to which customers outside and at home have come, 1 at the start


class Budgets(NamedTuple):
    """Eight public budgets: seven counties and the city; columns of length 8."""

    reserve: np.ndarray  # f8: yuan in hand
    carried: np.ndarray  # f8: earmarked money not yet spent, yuan
    debt: np.ndarray  # f8: yuan
    revenue: (
        np.ndarray
    )  # f8: what taxes yield in a year like the one just ended: without its luck, quota sold apart
    transfers: np.ndarray  # f8: transfers received in the year just ended
    spending: np.ndarray  # f8: spending of the year just ended
    need: np.ndarray  # f8: standard need of the year just ended
    standard: np.ndarray  # f8: standard own revenue of the year just ended


class PublicCapital(NamedTuple):
    """Public capital by kind and what is being built; shapes (7, 5) and (7, 5, 6)."""

    stock: np.ndarray  # f8: yuan at 2015 prices; kinds: transport, water and energy, digital, schools, health
    building: np.ndarray  # f8: yuan at 2015 prices, by years still to go (index 0 opens next)
    start: np.ndarray  # f8 (7, 5): the stock at the start
    ratio: (
        np.ndarray
    )  # f8 (7,): productive public capital against the start, as it acted in the year just ended


KINDS = ("transport", "utilities", "digital", "schools", "health")
TRANSPORT, UTILITIES, DIGITAL, SCHOOLS, HEALTH = range(5)


class Programmes(NamedTuple):
    """What money for programmes built, by county and programme (in the order of `programmes.roster`)."""

    stock: np.ndarray  # f8 (7, programmes): yuan of 2019, or persons or firms
    building: np.ndarray  # f8 (7, programmes, 6): the same, by years still to go (index 0 opens next)


class Towns(NamedTuple):
    """The towns of each county; columns of length 7."""

    services: np.ndarray  # f8: index of services within reach in town, village = 1 at the start
    village_services: np.ndarray  # f8: the same index in the villages
    homes: np.ndarray  # f8: homes
    price: np.ndarray  # f8: yuan a home of 100 m2
    built: np.ndarray  # f8: built-up land, tenths of a mu, whole numbers
    incomers: np.ndarray  # i8: residents registered outside the prefecture (live in town)
    sewage: np.ndarray  # f8: treated share of town sewage
    urban: np.ndarray  # f8: town residents of the year just ended
    start_urban: np.ndarray  # f8: town residents at the start
    start_village: np.ndarray  # f8: village residents at the start
    start_built: np.ndarray  # f8: built-up land at the start, tenths of a mu
    density: (
        np.ndarray
    )  # f8: town residents a built area against the start, as it acted in the year just ended
    empty: np.ndarray  # f8: serviced plots within built-up land on which nothing stands yet, tenths of a mu


class Nature(NamedTuple):
    """Forest, soil, river and carbon by county (7) unless said. Areas in whole tenths of a mu."""

    forest: np.ndarray  # i8 (7, 61): forest apart from converted cropland, by age, last class open
    open_land: np.ndarray  # i8: grass, barren and other land that could be planted
    other: np.ndarray  # i8: built, water, rock: everything else apart from towns' growth
    terrace_works: np.ndarray  # f8: mu of slope turned to terrace since the start
    treated: np.ndarray  # f8: km2 of eroded land under control
    soil_loss: np.ndarray  # f8: tonnes, year just ended
    sediment: np.ndarray  # f8: tonnes delivered to the river, year just ended
    carbon: np.ndarray  # f8: tonnes of carbon in forest and converted soil
    pollutants: np.ndarray  # f8 (7, 2): tonnes of COD and ammonia held in the county's reach
    concentration: np.ndarray  # f8 (7, 2): mg/l at the county's lower section, mean of the year
    cod_class: np.ndarray  # i8: class of the lower section (1-6 for I to worse than V)


class Markets(NamedTuple):
    """Prices and constants that carry over."""

    apple_price: np.ndarray  # f8 (1,): log deviation of the apple price from its trend
    potato_price: np.ndarray  # f8 (1,)
    hog_phase: np.ndarray  # f8 (1,): position in the hog cycle, years
    wage: np.ndarray  # f8 (7,): yuan a year paid to a local worker with nine years of schooling
    casual: np.ndarray  # f8 (7,): the part of a town wage that a village dweller earns off the farm
    job_chance: np.ndarray  # f8 (7,): share of last year's applicants for local work who got a job
    away_pull: np.ndarray  # f8 (7,): constant of the choice to go away, solved once at the start
    farm_scale: np.ndarray  # f8 (7,): farm output against the tables of yields, solved once at the start
    apple_supply: np.ndarray  # f8 (1,): kg of apples sold in the year just ended
    apple_usual: (
        np.ndarray
    )  # f8 (1,): kg of apples picked in a normal year at the start, per unit of farm productivity
    apple_grown: np.ndarray  # f8 (1,): the same when the saplings of the start bear in full
    apple_store: np.ndarray  # f8 (7,): kg of apples in cold stores
    grain_store: np.ndarray  # f8 (7,): kg of grain in stores of households and depots
    farm_ratio: (
        np.ndarray
    )  # f8 (7,): farm value added over what households' and let land yields, solved at the start
    farm_pull: np.ndarray  # f8 (7,): constant of the choice to farm, solved once at the start
    network: np.ndarray  # f8 (1,): strength of the network of those away, solved once at the start
    other_village: (
        np.ndarray
    )  # f8 (7,): yuan a head in villages, income that no mechanism makes, solved at the start
    other_town: np.ndarray  # f8 (7,): the same in towns
    wage_start: np.ndarray  # f8 (7,): local wage at the start
    wage_growth: (
        np.ndarray
    )  # f8 (7,): real growth of the local wage that firms are used to: a mean that forgets
    tightness: np.ndarray  # f8 (7,): vacancies an applicant for local work in the year just ended
    primary: np.ndarray  # f8 (7,): farm value added of the year just ended, yuan
    primary_real: np.ndarray  # f8 (7,): the same at the trend prices of 2019, yuan
    workshops: (
        np.ndarray
    )  # f8 (7,): value added of workshops in the year just ended, which no sector counts, yuan
    surveyed: np.ndarray  # f8 (7,): income a head in towns as surveys chain it from year to year, yuan
    told_village: np.ndarray  # f8 (7,): income a head in villages as it is published, yuan
    told_town: np.ndarray  # f8 (7,): the same in towns
    usual_growth: (
        np.ndarray
    )  # f8 (2,): log growth of the prefecture that is expected of incomes in villages and towns


class Held(NamedTuple):
    """What the year before first held something, for the years that hold it: nought until then."""

    cropland: np.ndarray  # f8 (7,): tenths of a mu cultivated when the floor came into force
    learning: np.ndarray  # f8 (7,): real income a head by which families decide on school, yuan of 2015
    mothers: np.ndarray  # f8 (1,): births a registered person at a total fertility of one
    frail: np.ndarray  # f8 (7,): part of registered persons who need care
    purses: (
        np.ndarray
    )  # f8 (7, 101): real cash that so many percent of households do not exceed, yuan of 2015


PERCENT = 100
"""Parts into which what households hold is sorted."""
_SEVEN = len(COUNTIES)
NOTHING_HELD = Held(*(np.zeros(shape) for shape in (_SEVEN, _SEVEN, 1, _SEVEN, (_SEVEN, PERCENT + 1))))
"""Of a world in which nothing has been held yet."""
for _column in NOTHING_HELD:
    _column.flags.writeable = False


class State(NamedTuple):
    """The prefecture at the end of `year`."""

    year: int
    persons: Persons
    households: Households
    villages: Villages
    industries: Industries
    budgets: Budgets
    public: PublicCapital
    towns: Towns
    nature: Nature
    markets: Markets
    programmes: Programmes
    held: Held = NOTHING_HELD

    def settled(self) -> Self:
        """The same state with every array read-only: nothing rewrites a year that has ended."""
        for part in self[1:]:
            fixed(part)
        return self


def fixed[Record: tuple](record: Record) -> Record:
    """The same record with every array read-only.

    Compiled code has a version for every pattern of what may be written, so a record is fixed where it is made: the
    opening and each year then run the same code.
    """
    for column in record:
        if isinstance(column, np.ndarray):
            column.flags.writeable = False
    return record


def blank(columns: int, *shape: int, kind: type[np.generic] = np.float64) -> list[np.ndarray]:
    """Columns of one shape and type, yet to be written."""
    return list(np.empty((columns, *shape), kind))


def digest(state: State) -> str:
    """A digest of every byte of a state."""
    total = blake2s(str(state.year).encode())
    for part in state[1:]:
        for column in part:
            total.update(np.ascontiguousarray(column).tobytes())
    return total.hexdigest()[:16]


class HouseholdMoney(NamedTuple):
    """Each household's money in one year, yuan; columns of length H.

    The change of cash is `sum(INCOMES) - sum(OUTLAYS) + borrowed - repaid + sold`, exactly.
    """

    farm: np.ndarray  # sales and own use of crops, fruit and animals less bought inputs
    wages: np.ndarray  # local jobs and workshops
    remittances: np.ndarray  # sent or brought home by members away
    pension: np.ndarray  # basic pension
    allowance: np.ndarray  # subsistence allowance
    posts: np.ndarray  # pay of public posts
    payments: np.ndarray  # conversion and forest payments, grants, dividends, relocation allowances
    transfers: np.ndarray  # other transfers from above that no mechanism makes, solved at the start
    indemnity: np.ndarray  # crop insurance
    property: np.ndarray  # rent of land and homes, interest on savings
    premiums: np.ndarray  # medical, pension and crop premiums
    schooling: np.ndarray
    medical: np.ndarray  # out of pocket
    interest: np.ndarray
    invested: np.ndarray  # orchards, animals, homes
    consumption: np.ndarray
    borrowed: np.ndarray
    repaid: np.ndarray
    sold: np.ndarray  # animals sold, of their own will or in need


INCOMES = (
    "farm", "wages", "remittances", "pension", "allowance", "posts", "payments", "transfers", "indemnity",
    "property",
)  # fmt: skip
OUTLAYS = ("premiums", "schooling", "medical", "interest", "invested", "consumption")


class Accounts(NamedTuple):
    """What flowed in one year, by county of registration or residence as said; the ledger's other half.

    Shapes: (7,) unless said; (8,) for budgets; money in yuan of the year.
    """

    year: int
    cpi: float  # consumer prices, 2015 = 1
    deflator: float  # GDP deflator, 2015 = 1
    # People, by county of registration
    births: np.ndarray  # i8
    deaths: np.ndarray  # i8
    marriages: np.ndarray  # i8
    new_households: np.ndarray  # i8
    settled: np.ndarray  # i8 persons who took a registration outside the prefecture
    moved_to_town: np.ndarray  # i8 persons, village home to town home
    relocated: np.ndarray  # i8 persons
    left: np.ndarray  # i8 persons whose place changed from the prefecture to outside
    returned: np.ndarray  # i8 persons, the other way
    # Schooling and work, by county of residence
    dropouts: np.ndarray  # i8
    entered_upper: np.ndarray  # i8 junior leavers who enter upper secondary
    left_junior: np.ndarray  # i8 all who finished junior high
    applicants: np.ndarray  # i8 for local jobs
    hired: np.ndarray  # i8 (7, 10)
    # Health
    struck: np.ndarray  # i8 persons gravely ill this year
    catastrophic: np.ndarray  # i8 households whose medical bill exceeds 40 % of income above subsistence
    impoverished: np.ndarray  # i8 households a medical bill pushed under the poverty line
    # Farming, by county of registration
    apple_kg: np.ndarray  # picked
    apple_sold: np.ndarray  # kg, of this harvest and from the stores
    grain_kg: np.ndarray
    grain_bought: np.ndarray  # kg bought in
    grain_sold: np.ndarray  # kg
    potato_kg: np.ndarray
    crop_value: np.ndarray  # field crops, yuan
    fruit_value: np.ndarray
    livestock_value: np.ndarray
    farm_value_added: np.ndarray
    farm_household_income: np.ndarray
    newly_idle: np.ndarray  # i8 tenths of a mu
    reclaimed: np.ndarray  # i8 idle land ploughed again
    planted: np.ndarray  # i8 orchard
    offered: np.ndarray  # i8 sloping land offered for conversion
    converted: np.ndarray  # i8 of it enrolled
    reconverted: np.ndarray  # i8 forest ploughed again
    # Industry, by county of work; (7, 10)
    value_added: np.ndarray
    wages: np.ndarray
    production_tax: np.ndarray
    energy: np.ndarray  # tonnes of coal equivalent
    load: np.ndarray  # tonnes of COD after treatment at the works
    entries: np.ndarray  # i8 enterprises
    exits: np.ndarray  # i8
    upgrades: np.ndarray  # i8
    # Expenditure side, by county (7,)
    household_consumption: np.ndarray
    public_consumption: np.ndarray
    investment: np.ndarray
    outside_sales: np.ndarray
    county_trade: np.ndarray  # f8 (7,): sales to other counties less purchases from them
    outside_purchases: np.ndarray
    gdp_production: np.ndarray
    gdp_income: np.ndarray
    gdp_expenditure: np.ndarray
    # Budgets (8,)
    own_revenue: np.ndarray
    general_transfers: np.ndarray
    earmarked: np.ndarray
    bonds: np.ndarray
    rigid: np.ndarray
    lever_spending: np.ndarray
    other_spending: np.ndarray
    interest: np.ndarray
    asked: np.ndarray  # f8 (L, 8): money asked by lever, in the order of the levers' names
    granted: np.ndarray  # f8 (L, 8)
    # Poverty, by county of registration
    poor_persons: np.ndarray  # i8 under the line this year
    at_risk_persons: np.ndarray  # i8 under the monitoring line or struck
    new_monitored: np.ndarray  # i8 persons
    cleared: np.ndarray  # i8 persons
    # Nature
    emissions: np.ndarray  # tonnes of CO2
    carbon_gain: np.ndarray  # tonnes of carbon
