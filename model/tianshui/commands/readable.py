"""Numbers, units and names as one reads them."""

import math
from collections.abc import Mapping
from typing import Any

from tianshui.commands.voice import Voice
from tianshui.words import unit

SHOWN_YEARS = (2016, 2020, 2025, 2030, 2035)
"""Years of tables that go through time."""
NOISE = 1e-4
"""Part of the last digit shown below which a difference is left over from rounding."""
MILLION = 1e6
BILLION = 1e9
CHINESE_SIZES = (1e8, 1e4)
"""The sizes by which Chinese counts where English has billions and millions."""


def percent(share: float) -> str:
    """A share in percent."""
    return f"{100 * share:g} %"


def rounded(value: float, decimals: int, *, signed: bool = False) -> str:
    """A number as a reader wants it; a small one keeps two digits, what only rounding left reads zero."""
    if not math.isfinite(value):
        return "–"
    sign = "+" if signed else ""
    least = 0.5 * 10.0**-decimals
    if NOISE * least < abs(value) < least:
        return f"{value:{sign}.2g}"
    return f"{value:{sign},.{decimals}f}"


def amount(value: float, unit: str, voice: Voice) -> str:
    """A number of the given unit as one reads it: years plain, millions and billions in words, no powers of ten."""
    if unit == "year":
        return f"{value:.6g}"
    largest, large = voice.pick((BILLION, MILLION), CHINESE_SIZES)
    for size, key in ((largest, "in_largest"), (large, "in_large")):
        if abs(value) >= size:
            return voice.say(key, number=f"{value / size:,.6g}")
    return f"{value:,.6g}"


def area_name(area: str, voice: Voice) -> str:
    """An area as one calls it."""
    from tianshui.indicators import AREAS

    return voice.pick(*AREAS[area]) if area in AREAS else area


def group_name(group: str, voice: Voice) -> str:
    """A group of levers as one calls it."""
    from tianshui.measures import GROUPS

    return voice.pick(*GROUPS[group]) if group in GROUPS else group


def label(indicator: str, voice: Voice) -> tuple[str, str]:
    """An indicator's name and the unit in which it is shown."""
    from tianshui.indicators import INDICATORS

    about = INDICATORS[indicator]
    return voice.pick(about.en, about.zh), voice.pick(about.shown_en, about.shown_zh)


def shown(indicator: str, value: float, *, signed: bool = False) -> str:
    """A value of an indicator in the unit in which it is shown."""
    from tianshui.indicators import INDICATORS

    about = INDICATORS[indicator]
    return rounded(value * about.factor, about.decimals, signed=signed)


def span(indicator: str, low: float, high: float, *, signed: bool = False) -> str:
    """A range of an indicator."""
    return f"{shown(indicator, low, signed=signed)} … {shown(indicator, high, signed=signed)}"


def lever_unit(row: Mapping[str, Any], voice: Voice) -> str:
    """The unit of a lever; an amount is one for each county."""
    name = unit(voice.lang, row["unit"])
    return voice.say("per_county", unit=name) if row["per_county"] else name


def within(row: Mapping[str, Any], voice: Voice) -> str:
    """`0 … 2 billion`."""
    return f"{amount(row['low'], row['unit'], voice)} … {amount(row['high'], row['unit'], voice)}"


def moved(expected: Mapping[str, Any], voice: Voice) -> str:
    """What an item should do to an indicator: the direction and the smallest effect worth reporting."""
    from tianshui.indicators import AREAS, INDICATORS, PREFECTURE

    found, area = INDICATORS[expected["indicator"]], AREAS[expected["area"]]
    name = voice.pick(found.en, found.zh)
    if expected["area"] != PREFECTURE:
        name = voice.pick(f"{found.en} in {area[0]}", f"{area[1]}{found.zh}")
    of = voice.say("unit.points") if expected["in_points"] else "%"
    return f"{expected['sign']} {name}: {expected['smallest']:g} {of}"
