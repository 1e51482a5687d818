"""The register of the plan's 44 items: 38 tasks in ten pushes and six supports.

Which levers carry out an item is declared with the levers (`Declared.measure`), not here; an item without
one has no channel in the model, and the register says so by listing none.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import NamedTuple

from tianshui.declare import Declared
from tianshui.evidence import table

GROUPS = {
    "poverty": ("Poverty consolidation", "脱贫巩固"),
    "industry": ("Industrial upgrade", "产业升级"),
    "urban": ("Urbanisation", "城镇化"),
    "ecology": ("Ecological compensation", "生态补偿"),
    "cross": ("What cuts across", "跨领域"),
}
"""Headline groups of levers, in English and Chinese."""

PUSHES = {
    "P01": ("Rural revival and poverty", "乡村振兴与脱贫"),
    "P02": ("Innovation", "创新驱动"),
    "P03": ("Green industry", "绿色产业体系"),
    "P04": ("Infrastructure", "基础设施"),
    "P05": ("Towns and their layout", "城镇空间布局"),
    "P06": ("Opening up", "全方位开放"),
    "P07": ("Pollution and the Wei River", "污染防治与渭河保护"),
    "P08": ("Reform", "重点领域改革"),
    "P09": ("Livelihoods", "民生保障"),
    "P10": ("Safety and unity", "社会治理与稳定"),
    "SUP": ("Supports", "支持保障"),
}
"""The plan's ten pushes and its supports, in English and Chinese."""


class Measure(NamedTuple):
    """One item of the plan, in our own words."""

    id: str
    push: str
    title_en: str
    title_zh: str
    text_en: str
    text_zh: str
    group: str
    """Headline group that it belongs to first."""
    commitment: str
    """How firmly the plan speaks: binding, firm, build, reform, seek, explore, vision, steady."""
    who: str
    """Who decides most of it: nation, province, city, county."""


@cache
def register() -> dict[str, Measure]:
    """All items by id, in the plan's order."""
    return {row["id"]: Measure(**row) for row in table("measures")}


def names() -> tuple[str, ...]:
    """Every word that names a part of the plan: items, pushes, groups."""
    return (*register(), *PUSHES, *GROUPS)


def items_of(number: Declared) -> tuple[str, ...]:
    """The items that a lever carries out (its first is the one it is counted under)."""
    return tuple(number.measure.replace(",", " ").split())


def covers(word: str, number: Declared) -> bool:
    """Whether a lever belongs to the item, push or headline group called `word`."""
    if word in GROUPS:
        return number.group == word
    own = items_of(number)
    return word in own or any(register()[item].push == word for item in own if item in register())


def levers_of(words: Iterable[str], levers: Mapping[str, Declared]) -> tuple[str, ...]:
    """The levers of some items, pushes or groups, in the levers' own order."""
    wanted = tuple(words)
    return tuple(name for name, number in levers.items() if any(covers(word, number) for word in wanted))
