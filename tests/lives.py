"""Worlds lived for tests: plans read once, stored states, and digests of all that a year leaves."""

from dataclasses import replace
from functools import cache
from hashlib import blake2s

import numpy as np

from tianshui import plan as plans
from tianshui.plan import PLAN_YEAR, Plan
from tianshui.run import Run, Years, simulate
from tianshui.state import COUNTIES, State, digest


@cache
def load(name: str) -> Plan:
    """A packaged scenario, read once."""
    return plans.load(name)


def course(plan: Plan, lever: str, points: dict[int, float], *, first: int = PLAN_YEAR) -> Plan:
    """The plan with one lever at other values (in every county) from the years named."""
    everywhere = {county: points for county in range(len(COUNTIES))}
    changed = plan.courses[lever].merged(everywhere, line=False, first=first)
    return replace(plan, name=f"{plan.name} with {lever}", courses={**plan.courses, lever: changed})


DUES = (
    "schooling.stipend", "schooling.grant", "health.aid", "conversion.payment", "conversion.extension",
    "relief.allowance", "services.insurance", "industries.retrofit_subsidy", "compensation.pubforest",
    "innovation.development_subsidy", "towns.rent_subsidy",
)  # fmt: skip
"""Levers without a price of a unit that ask for what they make due."""
FIRST_COMPARED, LAST_COMPARED = 2026, 2035
"""Years over whose mean a lever's effect is told: one year of a small sample is mostly luck."""


def unlimited(lever: str = "", value: float = 0.0, muted: bool = False) -> Plan:
    """No plan but one lever from 2021, money without limit; muted, the lever's money does nothing but buy."""
    plan = load("no_plan")
    chosen = course(plan, lever, {PLAN_YEAR: value}) if lever else plan
    chosen = replace(chosen, cuts={"treasury.unlimited_cut": 1.0})
    return chosen.mute([lever]) if muted else chosen


@cache
def _before(sample: float) -> Years:
    world = Years(unlimited(), sample=sample)
    while world.state.year < PLAN_YEAR - 1:
        world.step()
    return world


@cache
def ends(sample: float, lever: str = "", value: float = 0.0, muted: bool = False) -> tuple[dict, ...]:
    """What was counted of `unlimited` in the years compared, lived once a process."""
    world, found = _before(sample).branch(unlimited(lever, value, muted)), []
    while world.state.year < LAST_COMPARED:
        world.step()
        if world.state.year >= FIRST_COMPARED:
            found.append(dict(world.counted))
    return tuple(found)


@cache
def lived(name: str, sample: float, until: int = 2035, seed: int = 0, draw: int = 0) -> Run:
    """A run of a packaged scenario, lived once a process."""
    return simulate(load(name), sample=sample, seed=seed, draw=draw, until=until)


@cache
def stored(name: str, sample: float, year: int, seed: int = 0, draw: int = 0) -> State:
    """The state of a packaged scenario on 31 December of a year, lived once a process."""
    world = Years(load(name), sample=sample, seed=seed, draw=draw)
    while world.state.year < year:
        world.step()
    return world.state


def values(run: Run, area: str = "tianshui") -> dict[str, dict[int, float]]:
    """Indicators of an area by year."""
    found: dict[str, dict[int, float]] = {}
    table = run.table
    rows = table["area"] == area
    for name, year, value in zip(
        table["indicator"][rows], table["year"][rows], table["value"][rows], strict=True
    ):
        found.setdefault(str(name), {})[int(year)] = float(value)
    return found


def bytes_of(world: Years) -> str:
    """A digest of every byte of a world's state, its accounts and what was counted of it."""
    total = blake2s(digest(world.state).encode())
    for record in (world.last.accounts, world.last.money) if world.last else ():
        for column in record:
            total.update(np.ascontiguousarray(column).tobytes())
    for key, value in world.counted.items():
        total.update(f"{key}{float(value).hex()}".encode())
    for column in world.distributions.values():
        total.update(np.ascontiguousarray(column).tobytes())
    return total.hexdigest()[:16]
