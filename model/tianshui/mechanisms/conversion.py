"""Sloping land leaves the plough for trees: offers, the quota, dated payments, and the way back.

    chance  = logistic(reluctance + slcp_g_pay * (payment / payment_years - forgone) / 100
                       + slcp_g_norm * neighbours / 0.1 + off_farm * share of adults off the farm)
    forgone = ploughed part * [net return of a mu - day_worth * day wage of a villager * labour days of a mu]+

A household that offers offers its steep plots, ploughed and idle, and a part of its other slopes. What it forgoes is
the return of the ploughed part less what the days it takes are worth elsewhere: most steep plots yield less than
that, and the household that ploughs them is as ready to give them up as one that has left them idle. What is enrolled
is taken steep before slope, and within a class ploughed and idle plots in proportion: hillsides are enrolled, where
both lie side by side, and the programme pays for land taken out of cultivation, so that idle plots have no claim to
come first. Hands are freed by the ploughed part. Offers are ranked by how far the chance exceeds the household's draw,
and cut where the county's granted area ends; the last one is cut in the middle. Since `floor_from` slopes under 25 degrees
leave only so far as the county's cultivated land stays above a floor,

    room = [cultivated - floor * cultivated when the floor came into force]+

(cultivated: ploughed, idle or let, no orchard); steeper land goes in any case, as it belongs to no farmland under permanent
protection. What finds no room stays with the household and its place in the queue is lost. Payment is dated: 500 yuan a mu in the
year of planting, 300 two years later, 400 four years later, in proportion to the payment in force; since 2022 a
further 100 a year for five years, with arrears made up in 2022. When payment has ended a household may plough again.

Left out: new cropland that a county may bring forward in return (it has hardly any to clear), the same floor against towns
and orchards (land built on is made good elsewhere by rule); the first round (1999-2009; its plots stand in the forest of the county, its payments ended before or
soon after the start), conversion to grass, and choice among tree species.
"""

import math
from typing import NamedTuple

import numpy as np

from tianshui import draws, queues, sums
from tianshui.compiled import added_up, kernel, over, pick, pick_homes, rule
from tianshui.declare import Parameters, belief, cut, lever
from tianshui.draws import uniform
from tianshui.state import CELLS_PER_MU, COUNTIES, FARM, NO_WORK, PUPIL, Households, Persons, Villages

MU = 1.0 / CELLS_PER_MU
DRAW_OFFER, DRAW_PLOUGH = 0, 1
ADULT = 16
"""Age in years of the earliest lawful work (labour law, article 15), so not drawn."""
HUNDRED_YUAN, TENTH = 100.0, 0.1
"""Yuan a mu, and part of a village's slopes, in which the responses to gain and to neighbours are stated."""
LAST_PAYMENT = 4
"""Years after planting when the last of the three payments is due."""
PLANTING_STAGE = LAST_PAYMENT + 1
"""Years after planting when these payments are over and an extension may begin."""
SEVEN, OLDEST = len(COUNTIES), 64
"""Counties; years after which nothing is due on a plot."""
ROUNDING = 1e-9
"""Slack of a bound."""


class ConversionParameters(Parameters):
    """Numbers of the sloping-land programme."""

    quota: float = lever(
        0.0, unit="mu/year", within=(0.0, 60000.0), names=("Sloping land to forest, new area", "退耕还林新增面积"),
        who="nation", where="county", cost="area_cost", group="ecology", measure="M25",
        source="press_2016_06_22:8.5_in_2014_15", status="derived", paid_by=(1.0, 0.0),
    )  # fmt: skip
    """New area that each county may enrol in a year."""

    payment: float = lever(
        0.0, unit="yuan/mu", within=(0.0, 3000.0),
        names=("Sloping land to forest, payment over five years", "退耕还林五年补助标准"),
        who="nation", where="one", cost=None, group="ecology", measure="M25",
        source="fund_rules:500_300_400", status="found", paid_by=(1.0, 0.0), buys="households",
    )  # fmt: skip
    """Cash paid to the household over five years for a mu enrolled."""

    extension: float = lever(
        0.0, unit="yuan/mu/year", within=(0.0, 300.0), names=("Extension payment after year five", "延长期补助"),
        who="nation", where="one", cost=None, group="ecology", measure="M25", source="peoples_daily_2022_11_15:notice",
        status="found", paid_by=(1.0, 0.0), buys="households",
    )  # fmt: skip
    """Yearly payment from 2022 for five years once the first payments have ended."""

    extension_from: float = belief(
        2022.0, unit="year", within=(2017.0, 2036.0), prior=(2022.0, 2022.0, 2022.0),
        source="peoples_daily_2022_11_15:notice", status="found", whole=True,
    )  # fmt: skip
    """First year in which the extension is paid, then also for the years since payments ended."""

    extension_years: float = belief(
        5.0, unit="years", within=(1.0, 16.0), prior=(5.0, 5.0, 5.0),
        source="peoples_daily_2022_11_15:notice", status="found", whole=True,
    )  # fmt: skip
    """Years for which the extension is paid."""

    area_cost: float = belief(
        900.0, unit="yuan/mu", within=(300.0, 3000.0), prior=(800.0, 900.0, 1000.0),
        source="fund_rules:first_payment_and_seedlings", status="derived",
    )  # fmt: skip
    """Money a new mu takes in its first year: 500 to the household, 400 for seedlings and planting."""

    first_part: float = belief(
        0.41667, unit="share", within=(0.0, 1.0), prior=(0.41667, 0.41667, 0.41667), source="fund_rules:500_300_400",
        status="found",
    )  # fmt: skip
    """Part of the payment that is paid in the year of planting."""

    second_part: float = belief(
        0.25, unit="share", within=(0.0, 1.0), prior=(0.25, 0.25, 0.25), source="fund_rules:500_300_400",
        status="found",
    )  # fmt: skip
    """Part of the payment that is paid two years later; the rest comes after four."""

    payment_years: float = belief(
        5.0,
        unit="year",
        within=(1.0, 16.0),
        prior=(5.0, 5.0, 5.0),
        source="fund_rules:500_300_400",
        status="found",
    )
    """Years over which a household reckons the payment."""

    slcp_g_pay: float = belief(
        0.6, unit="log odds per 100 yuan/mu/year", within=(0.0, 3.0), prior=(0.3, 0.6, 1.2),
        source="expert_range:parameters", status="assumed",
    )  # fmt: skip
    """Response of enrolment to the yearly net gain of a mu."""

    slcp_g_norm: float = belief(
        0.15, unit="log odds per tenth", within=(0.0, 1.0), prior=(0.05, 0.15, 0.3),
        source="chen_lupi_he_liu_2009:sign", status="assumed",
    )  # fmt: skip
    """Response of enrolment to a tenth more of the village's slopes enrolled."""

    reluctance: float = belief(
        -2.0, unit="log odds", within=(-6.0, 2.0), prior=(-2.7, -2.0, -1.3), source="assumed:offers above quota",
        status="assumed",
    )  # fmt: skip
    """Log odds of an offer at no gain and no neighbour enrolled."""

    off_farm: float = belief(
        0.8, unit="log odds", within=(0.0, 4.0), prior=(0.3, 0.8, 1.5), source="uchida_rozelle_xu_2009:sign",
        status="assumed",
    )  # fmt: skip
    """Rise of the log odds when all adults work off the farm."""

    slope_part: float = belief(
        0.5, unit="share", within=(0.0, 1.0), prior=(0.3, 0.5, 0.8),
        source="assumed:half_of_gentler_slopes_qualify", status="assumed",
    )  # fmt: skip
    """Part of its slopes under 25 degrees that a household can offer; steeper land counts whole."""

    least_plot: float = belief(
        0.3, unit="mu", within=(0.1, 5.0), prior=(0.1, 0.3, 1.0),
        source="assumed:nobody_measures_less", status="assumed",
    )  # fmt: skip
    """Area under which a plot is not enrolled."""

    day_worth: float = belief(
        0.5, unit="share", within=(0.0, 1.0), prior=(0.25, 0.5, 0.8), source="assumed:half_of_freed_days_find_work",
        status="assumed",
    )  # fmt: skip
    """What a farm day that becomes free is worth to a household, against a villager's day of work off the farm."""

    slcp_reconv: float = belief(
        0.015, unit="1/year", within=(0.0, 0.2), prior=(0.003, 0.015, 0.06), source="expert_range:parameters",
        status="assumed",
    )  # fmt: skip
    """Chance a year that a household ploughs its plot again once nothing is paid."""

    floor: float = belief(
        0.97, unit="share", within=(0.0, 1.0), prior=(0.94, 0.97, 1.0),
        source="recalled:1.865_billion_mu_to_be_kept_of_1.918_surveyed_in_2019", status="recalled",
    )  # fmt: skip
    """Cultivated land that a county must keep, against what it had when the floor came into force. The nation is to keep 1.865
    of the 1.918 billion mu that the survey of 2019 found; that each county has the same share is assumed."""

    floor_from: float = belief(
        2021.0, unit="year", within=(2016.0, 2036.0), prior=(2021.0, 2021.0, 2021.0),
        source="recalled:state_council_2020_against_loss_of_cropland", status="recalled", whole=True,
    )  # fmt: skip
    """First year in which it binds; areas enrolled before are those that the nation had granted."""

    floor_cut: float = cut(names=("No floor under cropland", "不设耕地红线"), source="mechanisms:b10")
    """1 lets the quota be used whatever is left of cultivated land (loop B10)."""


def reckoned(
    normal: np.ndarray, days: np.ndarray, day_wage: np.ndarray, p: ConversionParameters
) -> np.ndarray:
    """What a household forgoes with a ploughed mu by class (f8, 7 x 4), yuan a year, never below nothing.

    `normal` is the net yield in a normal year, `days` the labour days a mu takes (f8, 7 x 4 each), `day_wage` what a
    villager earns off the farm in a day (f8, 7).
    """
    return np.maximum(normal - p.day_worth * day_wage[:, None] * days, 0.0)


def room(cultivated: np.ndarray, start: np.ndarray, p: ConversionParameters, *, year: int) -> np.ndarray:
    """Tenths of a mu of gentler slopes that may leave cultivation in a year by county (i8, 7).

    `cultivated` (i8, 7) is what 31 December shows, `start` (f8, 7) what there was when the floor came into force.
    """
    if p.floor_cut or year < p.floor_from:
        return np.full_like(cultivated, np.iinfo(np.int64).max)
    return np.floor(np.maximum(cultivated - p.floor * start, 0.0)).astype(np.int64)


class Offers(NamedTuple):
    """Sloping land offered and granted, and money paid; columns of length H unless said."""

    offered: np.ndarray  # i4: tenths of a mu
    granted: np.ndarray  # i4: tenths of a mu enrolled this year
    reconverted: np.ndarray  # i4: ploughed again
    paid: np.ndarray  # f8: yuan
    cells: np.ndarray  # i8 (7, 7): offered, granted, reconverted, and granted by what it was, by county


OFFERED, GRANTED, RECONVERTED, FROM_STEEP, FROM_IDLE_STEEP, FROM_SLOPE, FROM_IDLE_SLOPE = range(7)
"""Columns of `Offers.cells`."""
COLUMNS = FROM_IDLE_SLOPE + 1


@rule
def offer_chance(payment, forgone, neighbours, off_farm, p):
    """Chance that a household offers its sloping land."""
    gain = (payment / p.payment_years - forgone) / HUNDRED_YUAN
    odds = p.reluctance + p.slcp_g_pay * gain + p.slcp_g_norm * neighbours / TENTH + p.off_farm * off_farm
    return 1.0 / (1.0 + math.exp(-odds))


@rule
def idle_part(taken, ploughed, idle):
    """Idle cells among those `taken` of a slope class: in proportion, whole cells, the rest of the division ploughed."""
    return taken * idle // max(ploughed + idle, 1)


@rule
def given_up(area, land, h):
    """Cells of a household's steep, idle steep, slope and idle slope that make up an `area` enrolled: steep before slope."""
    steep = min(area, int(land.steep[h]) + int(land.idle_steep[h]))
    idle_steep = idle_part(steep, int(land.steep[h]), int(land.idle_steep[h]))
    idle_slope = idle_part(area - steep, int(land.slope[h]), int(land.idle_slope[h]))
    return steep - idle_steep, idle_steep, area - steep - idle_slope, idle_slope


@rule
def due(years, year, payment, extension, p):
    """Yuan a mu due `years` after planting."""
    if years == 0:
        return payment * p.first_part
    if years == 2:
        return payment * p.second_part
    if years == LAST_PAYMENT:
        return payment * (1.0 - p.first_part - p.second_part)
    if year < p.extension_from or years < PLANTING_STAGE:
        return 0.0
    if year == p.extension_from:
        missed = years - PLANTING_STAGE + 1
        return extension * min(float(missed), p.extension_years)
    return extension if years < PLANTING_STAGE + p.extension_years else 0.0


@kernel
def _due_by_age(payment, extension, year, p, table):
    """Yuan a mu due by row (payments and extensions of a kind or county) and years since planting."""
    for row in range(table.shape[0]):
        for years in range(table.shape[1]):
            table[row, years] = due(years, year, payment[row], extension[row], p)


@kernel
def _offer(
    people,
    homes,
    enrolled,
    worth,
    payment,
    due_now,
    year,
    p,
    luck,
    start,
    stop,
    out,
    rows,
    scores,
    cells,
    steps,
):
    """Payments of earlier plots, then offers of those who hold none; returns how many offer.

    An offer is reckoned only where the draw is below the largest chance that the village allows: nothing forgone, all
    adults off the farm, a little more for rounding.
    """
    number, village = homes.number[start:stop], homes.village[start:stop]
    slope, steep, farms = homes.slope[start:stop], homes.steep[start:stop], homes.farm_hukou[start:stop]
    idle_slope, idle_steep = homes.idle_slope[start:stop], homes.idle_steep[start:stop]
    least = p.least_plot * CELLS_PER_MU
    converted = homes.converted[start:stop]
    found = 0
    for j in range(stop - start):
        rows[found] = start + j
        found += converted[j] > 0
    for k in range(found):
        h = rows[k]
        area, county, years = (
            int(homes.converted[h]),
            int(homes.county[h]),
            year - int(homes.converted_year[h]),
        )
        out.paid[h] = MU * area * due_now[county, min(years, due_now.shape[1] - 1)]
        over_now = years >= PLANTING_STAGE and out.paid[h] == 0.0
        if over_now and uniform(luck, homes.number[h], DRAW_PLOUGH) < p.slcp_reconv:
            out.reconverted[h] = area
            cells[county, RECONVERTED] += area
    found = 0
    for j in range(stop - start):
        area = int(steep[j]) + int(idle_steep[j]) + int(p.slope_part * (int(slope[j]) + int(idle_slope[j])))
        rows[found] = j
        found += (converted[j] == 0) & (area >= least) & (farms[j] != 0)
    asked = found if payment > 0.0 else 0
    found, there, most = 0, -1, 0.0
    for k in range(asked):
        j = rows[k]
        # The households of a village lie together.
        if village[j] != there:
            there = village[j]
            most = offer_chance(payment, 0.0, enrolled[there], 1.0, p) * (1.0 + ROUNDING)
        rows[found] = start + j
        found += uniform(luck, number[j], DRAW_OFFER) < most
    offers = 0
    for k in range(found):
        h = rows[k]
        (forgone, area), neighbours = _land_to_offer(homes, worth, p, h), enrolled[homes.village[h]]
        luckiness = uniform(luck, homes.number[h], DRAW_OFFER)
        # Most would not offer even with all adults off the farm: their members need not be looked at.
        if luckiness >= offer_chance(payment, forgone, neighbours, 1.0, p) * (1.0 + ROUNDING):
            continue
        chance = offer_chance(payment, forgone, neighbours, _off_farm(people, homes, h), p)
        if luckiness < chance:
            out.offered[h] = area
            cells[int(homes.county[h]), OFFERED] += area
            rows[offers], scores[offers] = h, chance - luckiness
            steps[int(homes.county[h]), int((chance - luckiness) * queues.FEW_STEPS)] += area
            offers += 1
    return offers


@kernel
def _land_to_offer(homes, worth, p, h):
    """Yuan a mu that a household forgoes with its slopes, and cells it would offer."""
    steep = int(homes.steep[h]) + int(homes.idle_steep[h])
    slope = int(homes.slope[h]) + int(homes.idle_slope[h])
    offered, county = int(p.slope_part * slope), int(homes.county[h])
    area = steep + offered
    idle = (int(homes.idle_steep[h]) + int(homes.idle_slope[h])) / (1.0 * (steep + slope))
    return (1.0 - idle) * (worth[county, 3] * steep + worth[county, 2] * offered) / area, area


@kernel
def _off_farm(people, homes, h):
    """Part of a household's adults who work off the farm."""
    grown, away = 0, 0
    for i in range(homes.first[h], homes.first[h + 1]):
        # Comparisons are added, not branched on: the processor cannot guess them.
        work = int(people.work[i])
        adult = (int(people.age[i]) >= ADULT) & (work != PUPIL)
        grown += adult
        away += adult & (work != FARM) & (work != NO_WORK)
    return float(away) / max(1.0, float(grown))


class _People(NamedTuple):
    age: np.ndarray
    work: np.ndarray


def offer_terms(
    persons: Persons, households: Households, worth: np.ndarray, p: ConversionParameters, *, row: int
) -> tuple[float, float, int]:
    """What `convert` finds of one household: yuan a mu forgone, part of adults off the farm, tenths of a mu to offer."""
    people, homes = _People(persons.age, persons.work), pick_homes(households, _Homes)
    forgone, area = _land_to_offer(homes, worth, p.values, row)
    return float(forgone), float(_off_farm(people, homes, row)), int(area)


class _Homes(NamedTuple):
    number: np.ndarray
    first: np.ndarray
    county: np.ndarray
    farm_hukou: np.ndarray
    village: np.ndarray
    slope: np.ndarray
    steep: np.ndarray
    idle_slope: np.ndarray
    idle_steep: np.ndarray
    converted: np.ndarray
    converted_year: np.ndarray


def convert(
    persons: Persons,
    households: Households,
    villages: Villages,
    work: np.ndarray,
    worth: np.ndarray,
    payment: float,
    paid: np.ndarray,
    extension: np.ndarray,
    granted_mu: np.ndarray,
    room: np.ndarray,
    p: ConversionParameters,
    *,
    seed: int,
    year: int,
) -> Offers:
    """Who offers sloping land, who is enrolled within `granted_mu` (f8, 7) and `room`, what is paid and ploughed again.

    `worth` is f8 (7, 4): what is forgone with a ploughed mu by class, yuan, see `reckoned`. `payment` is what is promised for a
    mu over five years; `paid` of it and `extension` (f8, 7) are what the treasury granted on earlier plots.
    """
    size, values = households.number.size, p.values
    offered, granted, reconverted = np.zeros((3, size), np.int32)
    out = Offers(offered, granted, reconverted, np.zeros(size), np.zeros((SEVEN, COLUMNS), np.int64))
    people, homes = _People(persons.age, work), pick_homes(households, _Homes)
    luck = draws.key(seed, year, "conversion")
    due_now = np.empty((SEVEN, OLDEST))
    _due_by_age(paid, extension, year, values, due_now)

    def task(start: int, stop: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        rows, scores = np.empty(stop - start + 1, np.int64), np.empty(stop - start + 1)
        cells, steps = np.zeros((SEVEN, COLUMNS), np.int64), np.zeros((SEVEN, queues.FEW_STEPS), np.int64)
        found = _offer(people, homes, villages.enrolled, worth, payment, due_now, year, values, luck, start, stop,
                       out, rows, scores, cells, steps)  # fmt: skip
        return rows[:found], scores[:found], cells, steps

    parts = over(size, task)
    out = out._replace(cells=added_up([part[2] for part in parts]))
    quota = np.floor(granted_mu * CELLS_PER_MU + 1.0 / 2.0).astype(np.int64)
    steps = added_up([part[3] for part in parts])
    rows, scores = queues.ahead(homes.county, [part[:2] for part in parts], steps, quota, highest=True)
    return _enrol(households, out, rows, scores, quota, room, payment, p)


def _enrol(
    households: Households, out: Offers, rows: np.ndarray, score: np.ndarray, quota: np.ndarray, room: np.ndarray,
    payment: float, p: ConversionParameters,
) -> Offers:  # fmt: skip
    """Of those who offer (`rows`, with their `score`) the first ones, within `quota` cells of each county (i8, 7).

    Of these `room` (i8, 7) at most are gentler slopes.
    """
    # By county, then the highest score; equal ones by number.
    order = np.lexsort((households.number[rows], -score, households.county[rows]))
    land = pick(households, _Slopes)
    _grant(
        rows[order], households.county, land, quota.copy(), room.astype(np.int64), payment, p.first_part, out
    )
    return out


@kernel
def _grant(rows, county, land, left, room, payment, first_part, out):
    """Plots of `rows` are enrolled while cells are `left` to their county; the last one in part.

    Steep cells come first, and of other slopes `room` at most is taken.
    """
    for k in range(rows.size):
        h = rows[k]
        c, area = int(county[h]), int(out.offered[h])
        given = min(left[c], area)
        gentle = max(given - int(land.steep[h]) - int(land.idle_steep[h]), 0)
        given -= max(gentle - room[c], 0)
        room[c] -= min(gentle, room[c])
        left[c] -= given
        out.granted[h] = given
        out.paid[h] += MU * given * payment * first_part
        out.cells[c, GRANTED] += given
        steep, idle_steep, slope, idle_slope = given_up(given, land, h)
        out.cells[c, FROM_STEEP] += steep
        out.cells[c, FROM_IDLE_STEEP] += idle_steep
        out.cells[c, FROM_SLOPE] += slope
        out.cells[c, FROM_IDLE_SLOPE] += idle_slope


class _Slopes(NamedTuple):
    """Columns of land that conversion changes."""

    steep: np.ndarray
    idle_steep: np.ndarray
    slope: np.ndarray
    idle_slope: np.ndarray
    converted: np.ndarray
    converted_year: np.ndarray


@kernel
def _settle_land(old, granted, reconverted, year, start, stop, rows, new):
    """Land of the households to whom something is granted, or who plough again; `rows` is room for them."""
    found, given, taken = 0, granted[start:stop], reconverted[start:stop]
    for j in range(given.size):
        rows[found] = start + j
        found += (given[j] | taken[j]) > 0
    for k in range(found):
        h = rows[k]
        area, back = int(granted[h]), int(reconverted[h])
        if area > 0:
            steep, idle_steep, slope, idle_slope = given_up(area, old, h)
            new.steep[h] -= steep
            new.idle_steep[h] -= idle_steep
            new.slope[h] -= slope
            new.idle_slope[h] -= idle_slope
            new.converted_year[h] = year
        if back > 0:
            new.slope[h] += back
            new.converted_year[h] = 0
        new.converted[h] += area - back


def settle_land(households: Households, out: Offers, *, year: int) -> Households:
    """Cropland less what was enrolled, steep before slope; plots ploughed again return to slope."""
    old = pick(households, _Slopes)
    new = _Slopes._make([np.empty_like(column) for column in old])

    def task(start: int, stop: int) -> None:
        for before, after in zip(old, new, strict=True):
            after[start:stop] = before[start:stop]
        rows = np.empty(stop - start + 1, np.int64)
        _settle_land(old, out.granted, out.reconverted, year, start, stop, rows, new)

    over(households.number.size, task)
    return households._replace(**new._asdict())


def enrolled_share(households: Households, villages: Villages) -> np.ndarray:
    """Share of each village's sloping land that is forest under the programme (f8, V)."""
    size, homes = villages.county.size, pick_homes(households, _Homes)

    def task(start: int, stop: int) -> np.ndarray:
        table = np.zeros((2, size), np.int64)
        _enrolled(homes, start, stop, table)
        return table

    slopes, taken = sums.added(households.number.size, task, np.zeros((2, size), np.int64))
    return taken / np.maximum(slopes + taken, 1.0)


@kernel
def _enrolled(homes, start, stop, table):
    """Sloping land under the plough or idle, and turned to forest, by village."""
    slopes, taken, village = 0, 0, homes.village[start]
    for h in range(start, stop):
        if homes.village[h] != village:
            table[0, village] += slopes
            table[1, village] += taken
            slopes, taken, village = 0, 0, homes.village[h]
        slopes += (
            int(homes.slope[h]) + int(homes.steep[h]) + int(homes.idle_slope[h]) + int(homes.idle_steep[h])
        )
        taken += int(homes.converted[h])
    table[0, village] += slopes
    table[1, village] += taken


def dues(
    households: Households, year: int, payment: float, extension: float, p: ConversionParameters
) -> np.ndarray:
    """Payments due on plots enrolled in earlier years: five-year payment and extension by county (f8, 2 x 7), yuan."""
    size = households.number.size

    def task(start: int, stop: int) -> np.ndarray:
        table = np.zeros((OLDEST, SEVEN), np.int64)
        _vintages(
            households.county, households.converted, households.converted_year, year, start, stop, table
        )
        return table

    cells = sums.added(size, task, np.zeros((OLDEST, SEVEN), np.int64))
    out, due_now = np.zeros((2, SEVEN)), np.empty((2, OLDEST))
    _due_by_age(np.array([payment, 0.0]), np.array([0.0, extension]), year, p.values, due_now)
    _promised(cells, due_now, out)
    return out


@kernel
def _promised(cells, due_now, out):
    """Yuan due by row of `due_now` and county, on cells by years since enrolment and county."""
    for row in range(out.shape[0]):
        for years in range(cells.shape[0]):
            for county in range(cells.shape[1]):
                out[row, county] += cells[years, county] * MU * due_now[row, years]


@kernel
def _vintages(county, converted, enrolled, year, start, stop, table):
    """Cells turned to forest by years since enrolment and county."""
    rows, found, oldest = np.empty(stop - start + 1, np.int64), 0, table.shape[0] - 1
    for h in range(start, stop):
        rows[found] = h
        found += converted[h] > 0
    for k in range(found):
        h = rows[k]
        table[min(year - int(enrolled[h]), oldest), county[h]] += converted[h]
