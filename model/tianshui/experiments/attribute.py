"""Which measures did it: the difference of two scenarios shared out among players, a partition of the levers.

Let v(S) be an outcome when the levers of the players S are as in the first scenario and all others as in the
second; v(all) - v(none) is the whole difference, n the number of players. The players are the five headline
groups, the plan's pushes and supports, or its single items.

The groups are shared out exactly. In every world all 2^5 = 32 sets are run, so all of this is free of any order:

    shapley(i)        = sum over S without i of |S|! (n - |S| - 1)! / n! * (v(S + i) - v(S))
    alone(i)          = v(i) - v(none)
    last(i)           = v(all) - v(all without i)
    interaction(i, j) = sum over S without i, j of |S|! (n - |S| - 2)! / (n - 1)!
                        * (v(S + i + j) - v(S + i) - v(S + j) + v(S))

Pushes and items are too many for that: their shares are means over sampled orders in which they could be added,
each order together with its reverse. What a player adds in an order telescopes, so the shares of every order, and
with them their mean, add up to the whole. Of a sum of effects and interactions of two, one order and its reverse
already give the fair shares; the standard error over the pairs of orders tells how far higher interactions go.

Players that do not differ between the scenarios cost no run: their sets have the same id. An interaction is
positive when two groups do more together than apart; for pushes and items, alone and last show it.
Shapley (1953); interaction index of Grabisch and Roubens (1999); sampled orders of Castro, Gómez and Tejada (2009),
antithetic as in Mitchell, Cooper, Frank and Holmes (2022).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from math import factorial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from tianshui import draws
from tianshui.declare import Declared
from tianshui.experiments.pool import Task
from tianshui.experiments.tables import ALONE, ERROR, KINDS, LAST, SHAPLEY, SHARE_COLUMNS
from tianshui.measures import GROUPS, PUSHES, register
from tianshui.plan import PLAN_YEAR, Plan
from tianshui.strict_yaml import nearest
from tianshui.words import InputError, Phrase

NAMES = tuple(GROUPS)
ALL = 2 ** len(NAMES) - 1
"""The set of all groups; a set is a number whose bit i stands for player i."""
ORDERS = 8
"""Orders of pushes or items, half of them the reverses of the others: a minute for pushes at 5 % of households."""
FOLDER = "attribution"
"""Where the runs of mixed scenarios lie, apart from those of the two scenarios themselves."""
AREA = "tianshui"
PAIR_SIGN = "+"
"""Between the two groups of an interaction."""

World = tuple[int, int]
Values = Mapping[int, np.ndarray]
"""The outcome of sets of players."""


class Parts(NamedTuple):
    """A difference taken apart; arrays of shape (groups, ...) or (pairs of groups, ...)."""

    shapley: np.ndarray
    alone: np.ndarray
    last: np.ndarray
    interaction: np.ndarray


class Players(NamedTuple):
    """Those among whom a difference is shared out: each lever belongs to one of them."""

    kind: str
    names: tuple[str, ...]
    of: Callable[[Declared], str]
    """The player of a lever."""


def _push(number: Declared) -> str:
    item = register().get(number.measure)
    return item.push if item else ""


@cache
def players_of(kind: str) -> Players:
    """The players of a kind; raises `InputError` for an unknown one."""
    if kind == "groups":
        return Players(kind, NAMES, lambda number: number.group)
    if kind == "pushes":
        return Players(kind, tuple(PUSHES), _push)
    if kind == "items":
        return Players(kind, tuple(register()), lambda number: number.measure)
    near = nearest(kind, KINDS) or Phrase("only_kinds", names=", ".join(KINDS))
    raise InputError("unknown_players", text=repr(kind), near=near)


def differing(a: Plan, b: Plan, players: Players) -> tuple[int, ...]:
    """The places of the players whose levers differ, in the order of their names.

    Raises
    ------
    InputError
        When the scenarios differ in more than levers, or in a lever that belongs to no player.
    """
    differ = [name for name in ("beliefs", "outside", "cuts") if getattr(a, name) != getattr(b, name)]
    if differ:
        raise InputError("worlds_differ", names=", ".join(differ))
    found = set()
    for name, number in a.levers.items():
        if (a.courses[name].path() != b.courses[name].path()).any():
            player = players.of(number)
            if player not in players.names:
                raise InputError("no_player", lever=name, players=Phrase(f"kind_{players.kind}"))
            found.add(players.names.index(player))
    return tuple(sorted(found))


class Sharing(NamedTuple):
    """How the difference of two scenarios is shared out, in any world."""

    players: Players
    differ: tuple[int, ...]
    """Places of the players whose levers differ."""
    orders: int
    """Sampled orders and their reverses in all; 0: every set is run."""

    def sets(self, world: World) -> tuple[int, ...]:
        """The sets of players that are run in a world."""
        if not self.orders:
            return tuple(range(2 ** len(self.players.names)))
        whole = _set(self.differ)
        found = {0, whole}
        # Alone and last cost little beside the orders, in which many of these sets stand anyway.
        found |= {way for place in self.differ for way in (1 << place, whole ^ 1 << place)}
        for order in self.drawn(world):
            found |= {*_prefixes(order), *_prefixes(order[::-1])}
        return tuple(sorted(found))

    def drawn(self, world: World) -> list[tuple[int, ...]]:
        """Half of the orders of a world; the other half are their reverses.

        Each world has its own, so that several worlds together know more orders. A player's draws belong to its
        name: whoever else takes part, those who do stand in the same order.
        """
        seed, draw = world
        keys = {
            place: draws.key(seed, 0, f"attribution of {self.players.names[place]}") for place in self.differ
        }
        return [
            tuple(sorted(self.differ, key=lambda place: float(draws.uniform(keys[place], draw, number))))
            for number in range(self.orders // 2)
        ]

    def shares(self, world: World, values: Values) -> Iterator[tuple[str, str, np.ndarray]]:
        """What a world gives: measure, player or pair of players, values."""
        if self.orders:
            yield from self._sampled(world, values)
            return
        parts = parts_of(np.stack([values[which] for which in range(ALL + 1)]))
        for measure, part in parts._asdict().items():
            for player, own in zip(pairs() if measure == "interaction" else NAMES, part, strict=True):
                yield measure, player, own

    def _sampled(self, world: World, values: Values) -> Iterator[tuple[str, str, np.ndarray]]:
        if not self.differ:
            return
        share, error = sampled_parts(values, self.drawn(world))
        whole = _set(self.differ)
        for place in self.differ:
            name = self.players.names[place]
            yield SHAPLEY, name, share[place]
            yield ERROR, name, error[place]
            yield ALONE, name, values[1 << place] - values[0]
            yield LAST, name, values[whole] - values[whole ^ 1 << place]


def sharing(a: Plan, b: Plan, kind: str = "groups", orders: int = ORDERS) -> Sharing:
    """How two scenarios' difference is shared out among the players of a kind.

    Raises
    ------
    InputError
        As `differing` and `players_of`, and for an odd number of orders, each of which comes with its reverse.
    """
    players = players_of(kind)
    if kind != "groups" and (orders < 2 or orders % 2):
        raise InputError("odd_orders", text=orders)
    return Sharing(players, differing(a, b, players), 0 if kind == "groups" else orders)


def _set(places: Sequence[int]) -> int:
    return sum(1 << place for place in places)


def _prefixes(order: Sequence[int]) -> list[int]:
    """The sets that an order goes through, from none to all."""
    return [_set(order[:count]) for count in range(len(order) + 1)]


def mixed(a: Plan, b: Plan, players: Players, which: int) -> Plan:
    """The second scenario with the levers of some players as in the first."""
    chosen = [name for place, name in enumerate(players.names) if which >> place & 1]
    if len(chosen) in (0, len(players.names)):
        return a if chosen else b
    courses = {
        name: a.courses[name] if players.of(number) in chosen else b.courses[name]
        for name, number in a.levers.items()
    }
    return replace(b, name=f"{b.name} with {', '.join(chosen)} of {a.name}", courses=courses)


def parts_of(values: np.ndarray) -> Parts:
    """Take a difference apart.

    Parameters
    ----------
    values : ndarray, shape (32, ...)
        The outcome of every set of groups.

    Returns
    -------
    Parts
        In the unit of the values; groups in the order of `NAMES`, pairs in that of `pairs`.
    """
    n = len(NAMES)
    orders = factorial(n)
    shapley, alone, last, interaction = [], [], [], []
    for i in range(n):
        own = 1 << i
        shapley.append(
            sum(
                factorial(s.bit_count())
                * factorial(n - s.bit_count() - 1)
                / orders
                * (values[s | own] - values[s])
                for s in range(ALL + 1)
                if not s & own
            )
        )
        alone.append(values[own] - values[0])
        last.append(values[ALL] - values[ALL ^ own])
    for i, j in _pairs():
        one, other = 1 << i, 1 << j
        interaction.append(
            sum(
                factorial(s.bit_count()) * factorial(n - s.bit_count() - 2) / factorial(n - 1)
                * (values[s | one | other] - values[s | one] - values[s | other] + values[s])
                for s in range(ALL + 1)
                if not s & (one | other)
            )
        )  # fmt: skip
    return Parts(*(np.asarray(part) for part in (shapley, alone, last, interaction)))


def _pairs() -> list[tuple[int, int]]:
    return [(i, j) for i in range(len(NAMES)) for j in range(i + 1, len(NAMES))]


def pairs() -> list[str]:
    """The names of the pairs of groups, such as `poverty+ecology`."""
    return [f"{NAMES[i]}{PAIR_SIGN}{NAMES[j]}" for i, j in _pairs()]


def added(values: Values, order: Sequence[int]) -> dict[int, np.ndarray]:
    """What each player adds when the players come in an order; the sum telescopes to v(all) - v(none)."""
    sets = _prefixes(order)
    return {place: values[sets[at + 1]] - values[sets[at]] for at, place in enumerate(order)}


def sampled_parts(
    values: Values, orders: Sequence[Sequence[int]]
) -> tuple[dict[int, np.ndarray], dict[int, np.ndarray]]:
    """Shares from sampled orders, each taken together with its reverse.

    Parameters
    ----------
    values : mapping
        The outcome, an array of any shape, of every set that the orders and their reverses go through.
    orders : sequence
        The places of the players in the order in which they come; the reverses are not among them.

    Returns
    -------
    tuple
        Shares and their standard errors over the pairs of orders, by place, in the unit of the values; the error
        of a single pair is not known (nan).
    """
    means: dict[int, list[np.ndarray]] = {place: [] for place in orders[0]}
    for order in orders:
        forth, back = added(values, order), added(values, order[::-1])
        for place, own in means.items():
            own.append((forth[place] + back[place]) / 2)
    shares = {place: np.mean(own, axis=0) for place, own in means.items()}
    count = len(orders)
    errors = {
        place: np.std(own, axis=0, ddof=1) / np.sqrt(count) if count > 1 else np.full_like(own[0], np.nan)
        for place, own in means.items()
    }
    return shares, errors


def tasks(
    a: Plan, b: Plan, how: Sharing, sample: float, worlds: Sequence[World], until: int, task_of: Any
) -> dict[tuple[int, int, int], Task]:
    """The runs that an attribution needs, by set, seed and draw; several sets may need one run."""
    plans: dict[int, Plan] = {}
    found = {}
    for seed, draw in worlds:
        for which in how.sets((seed, draw)):
            if which not in plans:
                plans[which] = mixed(a, b, how.players, which)
            found[which, seed, draw] = task_of(plans[which], sample, seed, draw, until)
    return found


def attribution(read: Any, needed: Mapping[tuple[int, int, int], Task], how: Sharing) -> pd.DataFrame:
    """Take every difference of the prefecture apart, world by world.

    Parameters
    ----------
    read : callable
        Gives for a task its values: a Series over (indicator, year), or None when the run is missing.
    needed : mapping
        As `tasks` gives it.
    how : Sharing
        What it was given for.

    Returns
    -------
    DataFrame
        Columns indicator, year, player, measure (shapley, alone, last; interaction of groups, whose player is a
        pair; standard_error of sampled shares, over the pairs of orders of the world), seed, draw, value; a world
        of which a run is missing is left out.
    """
    frames: list[pd.DataFrame] = []
    for seed, draw in dict.fromkeys((seed, draw) for _, seed, draw in needed):
        sets = how.sets((seed, draw))
        # Several sets may stand on one run; each is read once.
        by_id: dict[str, pd.Series | None] = {}
        for which in sets:
            task = needed[which, seed, draw]
            if task.id not in by_id:
                by_id[task.id] = read(task)
        columns = [by_id[needed[which, seed, draw].id] for which in sets]
        if any(column is None for column in columns):
            continue
        table = pd.concat(columns, axis=1, keys=sets).dropna()  # pyright: ignore[reportArgumentType,reportCallIssue]
        values = dict(zip(sets, table.to_numpy(dtype=np.float64).T, strict=True))
        for measure, player, own in how.shares((seed, draw), values):
            frame = table.index.to_frame(index=False)
            frames.append(frame.assign(player=player, measure=measure, seed=seed, draw=draw, value=own))
    if not frames:
        return pd.DataFrame({column: [] for column in SHARE_COLUMNS})
    return pd.concat(frames, ignore_index=True).reindex(columns=SHARE_COLUMNS)


def values_of(file: Path, since: int = PLAN_YEAR) -> pd.Series | None:
    """The prefecture's values from a year on in the file of one run; None when there is none."""
    if not file.is_file():
        return None
    rows: Any = pd.read_parquet(
        file, columns=["indicator", "year", "value"],
        filters=[("area", "==", AREA), ("year", ">=", since)],
    )  # fmt: skip
    return rows.astype({"indicator": str}).set_index(["indicator", "year"])["value"].sort_index()
