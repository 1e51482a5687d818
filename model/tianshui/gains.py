"""What the channels do together: every term of `channels.TERMS`, summed over them in the order of their names.

A term is nought where no programme stands. Terms in logs add up because what they act on is multiplied; the others are
rates, persons and yuan that add up as they are.
"""

from collections.abc import Mapping
from functools import cache

import numpy as np

from tianshui import programmes, registry
from tianshui.channels import TERMS, Gains, Met, Seen, Sold, blank, none
from tianshui.mechanisms import industries, livelihoods
from tianshui.settings import CHANNELS, Settings
from tianshui.state import Industries, State, fixed


def standing(now: State, prices: float, settings: Settings) -> Gains:
    """What the programmes of 31 December do in the year after; `prices` are consumer prices against 2019.

    Raises
    ------
    ValueError
        When a channel names a term that there is not.
    """
    if not now.programmes.stock.any():
        return none()
    seen = Seen(
        programmes.stocks(now.programmes), _residents(now), now.households, now.industries, prices, settings.infrastructure.trade_cost,
        lambda: livelihoods.adults(now.persons, now.households),
        lambda: livelihoods.needing_care(now.persons, now.households, settings.livelihoods),
    )  # fmt: skip
    found = blank()
    for name, channel in CHANNELS.items():
        if not any(seen.stocks[one].any() for one in _built_by(name)):
            continue
        _add(found, name, channel.acts(seen, getattr(settings, name)))
    return _kept(found)


def met(gained: Gains, what: Met, settings: Settings) -> Gains:
    """The same with what the year does to a term whatever is built."""
    found = {name: size.copy() for name, size in gained.items()}
    for name, channel in CHANNELS.items():
        if hasattr(channel, "meets"):
            _add(found, name, channel.meets(what, getattr(settings, name)))
    return _kept(found)


def counted(
    now: State, outside_sales: np.ndarray, prices: float, income: float, settings: Settings
) -> dict[str, np.ndarray]:
    """What channels count of a year beside state and accounts; see `channels.Sold`."""
    sold = Sold(programmes.stocks(now.programmes), _residents(now), outside_sales, prices, income)
    found: dict[str, np.ndarray] = {}
    for name, channel in CHANNELS.items():
        if hasattr(channel, "counts"):
            found |= channel.counts(sold, getattr(settings, name))
    return found


def _residents(now: State) -> np.ndarray:
    """Residents of 2015 by county (f8, 7)."""
    return now.towns.start_urban + now.towns.start_village


def _add(found: dict[str, np.ndarray], name: str, moved: Gains) -> None:
    """Add what a channel moves."""
    for term, size in moved.items():
        if term not in found:
            raise ValueError(f"{name} moves {term!r}, which is none of {', '.join(TERMS)}")
        found[term] += size


def _kept(found: dict[str, np.ndarray]) -> Gains:
    return dict(zip(found, fixed(tuple(found.values())), strict=True))


def dues(levers: Mapping[str, np.ndarray], firms: Industries, settings: Settings) -> dict[str, np.ndarray]:
    """What the rules of channels make due by lever, yuan by county (f8, 7), on the enterprises of 31 December."""
    found: dict[str, np.ndarray] = {}
    for name, channel in CHANNELS.items():
        if hasattr(channel, "dues"):
            found |= channel.dues(levers, firms, getattr(settings, name))
    return found


@cache
def _built_by(channel: str) -> tuple[str, ...]:
    """Programmes that a channel's levers build."""
    levers = registry.levers()
    return tuple(
        levers[name].builds for name in levers if name.partition(".")[0] == channel and levers[name].builds
    )


def of_industries(gained: Gains, settings: Settings) -> np.ndarray:
    """The terms of the industries as `industries` takes them (f8, 6 x 7 x 10)."""
    usual = industries.no_gains(settings.industries)
    if gained is none():
        return usual
    found = usual.copy()
    found[industries.PRODUCTIVITY] = np.exp(gained["productivity"])
    found[industries.OUTSIDE] = np.exp(gained["outside_demand"])
    found[industries.ENTRY] = np.exp(gained["entry"])
    found[industries.FOUNDED] += gained["founded"]
    found[industries.INTEREST] += gained["interest"]
    found[industries.CAP] += gained["debt_cap"]
    return fixed((found,))[0]
