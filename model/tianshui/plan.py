"""Scenarios: the value of every lever in every county and year, read from short files that build on each other.

A file names its parent (`extends`) and then says what differs, in this order: `all_off`, `measures`, `pace`,
`levers`; beliefs, outside numbers and cuts are laid over the parent's. A value holds from the year named
until the next year named; a child's years are merged into the parent's one by one, and a county that is not
named keeps the parent's value.

    title: {en: Half the conversion, zh: 退耕减半}
    extends: no_plan
    all_off: 2021                     # every lever at its `off` value from that year
    measures: all                     # or [M01, P05, ecology]: these act as in `plan`, all others as in `no_plan`
                                      # or {M25: 0.5}: half its distance from `no_plan`, others as in the parent
    pace: {2021: 1.5, 2026: 0.73}     # every amount of the scenario so far times this factor: more early, less late
    levers:
      conversion.quota: {2021: 10000, 2023: 0}
      relief.allowance: {2021: {gangu: 4800, wushan: 4700}}
      towns.service_spending: {2021: 2e7, 2030: 6e7, shape: line}
      services.credit_guarantee: 0    # one number: from 2021 to the end
    beliefs: {livelihoods.kappa: 1.2}
    outside: {migrant_wage_growth: {2026: 0.04}}
    cuts: [livelihoods.hold_network]  # these loops keep their level of 2020
    shape: line                       # for every course of this file that does not say its own

With `shape: line` the values that the file names are joined by straight lines, the first of them to the
value of 2020, whatever the parent says between. A pace is 1 before its first year; it moves amounts (things or yuan
a year), never rates, rules or dates, and no further than their range (`check` tells where). Only `history` sets years before 2021, so all scenarios share one past.
"""

import contextlib
import os
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

import numpy as np
import yaml
from pydantic import BaseModel

from tianshui import measures, registry
from tianshui import strict_yaml as strict
from tianshui.declare import Declared
from tianshui.state import COUNTIES
from tianshui.strict_yaml import Piece, ScenarioError, fail, nearest, number_text, shown
from tianshui.words import LANGUAGES, InputError, Pair, Phrase, Unit, say

__all__ = ["Course", "Plan", "ScenarioError", "find", "load", "scenario_names"]

FIRST_YEAR, PLAN_YEAR, LAST_YEAR = 2016, 2021, 2035
"""First year simulated, first year a plan may set, last year."""
BUYS = ("purchases", "works", "fund")
"""What a lever's money may become and be paid all the same where it has no effect (`Plan.mute`)."""
HISTORY, NO_PLAN, PLAN = "history", "no_plan", "plan"
DEEPEST_CHAIN = 20
"""Scenarios that may build on one another."""
KEYS = (
    "title", "reason", "extends", "all_off", "measures", "pace", "levers", "beliefs", "outside", "cuts", "shape",
)  # fmt: skip
SHAPES = ("step", "line")
ENDINGS = (".yaml", ".yml")
_PACKAGED = Path(str(files("tianshui") / "scenarios"))
_SECTION = {"lever": "levers", "belief": "beliefs", "outside": "outside", "cut": "cuts"}
_ARTICLE = {"lever": "a_lever", "belief": "a_belief", "outside": "an_outside", "cut": "a_cut"}
_EXAMPLE = "{en: More trees, zh: 多种树}"

Points = dict[int, float]


class Course(NamedTuple):
    """One lever: in each county its values by the year from which they hold; `off` before the first."""

    off: float
    points: tuple[Points, ...]

    def value(self, county: int, year: int) -> float:
        """The value in force in one county and year."""
        return _held(self.points[county], year, self.off)

    def path(self) -> np.ndarray:
        """The values in force in each year and county (f8, years x 7)."""
        values = np.full((LAST_YEAR - FIRST_YEAR + 1, len(self.points)), self.off)
        for county, points in enumerate(self.points):
            for year in sorted(points):
                values[max(year - FIRST_YEAR, 0) :, county] = points[year]
        return values

    def merged(self, changes: Mapping[int, Points], line: bool, first: int) -> "Course":
        """With a child's points (county to year to value) merged in, joined by lines when `line`."""
        return Course(
            self.off,
            tuple(
                _merged(own, changes.get(c, {}), line, first, self.value(c, first - 1))
                for c, own in enumerate(self.points)
            ),
        )

    def constant(self, year: int, value: float) -> "Course":
        """One value in every county from a year to the end."""
        return Course(self.off, tuple({**_before(own, year), year: value} for own in self.points))

    def joined(self, other: "Course", year: int) -> "Course":
        """Its own values before a year, the other's from it."""
        return Course(
            self.off,
            tuple(
                {**_before(own, year), year: other.value(c, year), **_after(other.points[c], year)}
                for c, own in enumerate(self.points)
            ),
        )

    def times(self, factors: Mapping[int, float], within: tuple[float, float]) -> "Course":
        """Its values times a factor in the years that have one, no further than a range."""
        first, (low, high) = min(factors), within
        return Course(
            self.off,
            tuple(
                _before(own, first)
                | {
                    year: min(max(self.value(c, year) * factor, low), high)
                    for year, factor in factors.items()
                }
                for c, own in enumerate(self.points)
            ),
        )

    def between(self, other: "Course", weight: float, year: int) -> "Course":
        """Its own values before a year; from it moved by `weight` of the distance to the other, year by year."""
        if weight in (0, 1):
            return self.joined(other if weight else self, year)
        return Course(
            self.off,
            tuple(
                _before(own, year)
                | {
                    y: self.value(c, y) + weight * (other.value(c, y) - self.value(c, y))
                    for y in range(year, LAST_YEAR + 1)
                }
                for c, own in enumerate(self.points)
            ),
        )


def _held(points: Points, year: int, otherwise: float) -> float:
    past = [named for named in points if named <= year]
    return points[max(past)] if past else otherwise


def _before(points: Points, year: int) -> Points:
    return {named: value for named, value in points.items() if named < year}


def _after(points: Points, year: int) -> Points:
    return {named: value for named, value in points.items() if named > year}


def _merged(points: Points, changes: Points, line: bool, first: int, before: float | None) -> Points:
    """A parent's points with a child's merged in; `before` is the value of the year before `first`.

    A line joins the child's own years and replaces what the parent says between them; to its first year it
    leads from the year before the child may act (from nowhere in `history` or without such a value).
    """
    merged = {**points, **changes}
    if line:
        start, low = first - 1, before if first > FIRST_YEAR else None
        for year, high in sorted(changes.items()):
            if low is not None:
                for y in range(start + 1, year):
                    merged[y] = low + (high - low) * (y - start) / (year - start)
            start, low = year, high
    return dict(sorted(merged.items()))


def _changes_only(points: Points, before: float | None) -> Points:
    kept: Points = {}
    for year, value in sorted(points.items()):
        if value != before:
            kept[year] = before = value
    return kept


class Held(NamedTuple):
    """A lever that a pace would have taken beyond its range, where it was held."""

    lever: str
    county: int
    years: tuple[int, ...]


@dataclass(frozen=True)
class Plan:
    """One scenario, complete: what every lever is worth in every county and year, and what else it sets."""

    name: str
    title: Mapping[str, str]
    reason: Mapping[str, str]
    chain: tuple[str, ...]
    """This scenario, its parent, and so on to the root."""
    numbers: Mapping[str, Declared] = field(repr=False)
    courses: Mapping[str, Course] = field(repr=False)
    rest: Mapping[str, Course] = field(repr=False)
    """The courses of `no_plan`, to which a measure that is taken out returns."""
    beliefs: Mapping[str, float]
    outside: Mapping[str, Points]
    """Outside numbers by the year from which they hold."""
    cuts: Mapping[str, float]
    parent: "Plan | None" = field(default=None, repr=False)
    pace: Mapping[int, float] = field(default_factory=dict)
    """The factor of every amount by the year from which it holds, as the scenario's own file has it."""
    held: tuple[Held, ...] = field(default=(), repr=False)
    muted: frozenset[str] = frozenset()
    """Levers whose money buys what it buys and does nothing else: what is left of an item is what its purchases do."""

    @cached_property
    def levers(self) -> dict[str, Declared]:
        """The declared levers, in the order of `at`."""
        return {name: number for name, number in self.numbers.items() if number.kind == "lever"}

    @cached_property
    def _values(self) -> np.ndarray:
        values = np.empty((LAST_YEAR - FIRST_YEAR + 1, len(self.courses), len(COUNTIES)))
        for row, course in enumerate(self.courses.values()):
            values[:, row] = course.path()
        values.flags.writeable = False
        return values

    def table(self, year: int) -> np.ndarray:
        """Every lever's value by county in one year (f8, L x 7), in the order of `courses`."""
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise ValueError(f"{year} lies outside {FIRST_YEAR}-{LAST_YEAR}")
        return self._values[year - FIRST_YEAR]

    def at(self, year: int) -> dict[str, np.ndarray]:
        """Every lever's value by county in one year; a lever shared by all stands seven times."""
        return dict(zip(self.courses, self.table(year), strict=True))

    def outside_at(self, year: int) -> dict[str, float]:
        """The outside numbers that the scenario sets for one year."""
        return {
            name: _held(points, year, 0.0)
            for name, points in self.outside.items()
            if any(named <= year for named in points)
        }

    def laid_over(self, year: int) -> dict[str, float]:
        """The beliefs, outside numbers and cuts that the scenario sets for one year."""
        return {**self.beliefs, **self.outside_at(year), **(self.cuts if year >= PLAN_YEAR else {})}

    def settings_at[Numbers: BaseModel](self, settings: Numbers, year: int) -> Numbers:
        """Settings (drawn or not) with the scenario's beliefs, outside numbers and cuts of one year."""
        return registry.with_values(settings, self.laid_over(year))

    def resolved(self, until: int = LAST_YEAR) -> dict[str, Any]:
        """All that determines a run up to a year as plain numbers: equal for files that say the same."""
        levers = {}
        for place, name in enumerate(self.courses):
            table = self._values[: until + 1 - FIRST_YEAR, place].tolist()
            levers[name] = {
                str(FIRST_YEAR + row): values
                for row, values in enumerate(table)
                if row == 0 or values != table[row - 1]
            }
        outside = {
            name: {str(y): v for y, v in _changes_only(points, None).items() if y <= until}
            for name, points in sorted(self.outside.items())
        }
        return {
            "levers": levers,
            "beliefs": dict(sorted(self.beliefs.items())),
            "outside": {name: points for name, points in outside.items() if points},
            "cuts": dict(sorted(self.cuts.items())) if until >= PLAN_YEAR else {},
            **({"muted": sorted(self.muted_in(until))} if self.muted_in(until) else {}),
        }

    def mute(self, names: Iterable[str]) -> "Plan":
        """The plan with some levers that ask and are paid as before from 2021, but whose money only buys.

        Raises
        ------
        ValueError
            When a lever's money buys nothing or goes to households, so that there is no effect beside the money.
        """
        gone = frozenset(names)
        for name in gone:
            if self.levers[name].buys not in BUYS:
                raise ValueError(f"{name} buys nothing by itself")
        return replace(self, muted=gone)

    def muted_in(self, year: int) -> frozenset[str]:
        """Levers whose money does nothing but buy in a year."""
        return self.muted if year >= PLAN_YEAR else frozenset()

    def without(self, items: Iterable[str]) -> "Plan":
        """The plan with some items, pushes or groups taken out: their levers return to `no_plan` from 2021."""
        words = _checked_items(items, "--without")
        gone = set(measures.levers_of(words, self.levers))
        return self._resting(gone, "without", ", ".join(words))

    def only(self, items: Iterable[str]) -> "Plan":
        """The plan with nothing but some items, pushes or groups: all other levers return to `no_plan`."""
        words = _checked_items(items, "--only")
        kept = set(measures.levers_of(words, self.levers))
        return self._resting(set(self.courses) - kept, "with only", ", ".join(words))

    def _resting(self, names: AbstractSet[str], how: str, items: str) -> "Plan":
        courses = {
            name: course.joined(self.rest[name], PLAN_YEAR) if name in names else course
            for name, course in self.courses.items()
        }
        return replace(self.called(how, items), courses=courses)

    def called(self, how: str, items: str) -> "Plan":
        """The plan under a name and a title that say how it was changed (`without`, `with only` or `with`)."""
        title = {
            language: say(language, f"title {how}", title=self.title.get(language, self.name), items=items)
            for language in LANGUAGES
        }
        return replace(self, name=f"{self.name} {how} {items}", title=title)

    def set(self, text: str) -> "Plan":
        """The plan with one number changed.

        `name=value` holds from 2021 to the end, `name@2026=value` from 2026 until the next year named.
        """

        def stop(problem: Any) -> NoReturn:
            raise ScenarioError("scenario.set", text=shown(text), problem=problem)

        left, equals, right = text.partition("=")
        name, at, when = (part.strip() for part in left.partition("@"))
        if not equals or not name or (at and not when):
            stop(Phrase("scenario.write_set"))
        try:
            name = _known(name, self.numbers, None)
            value = strict.number("", yaml.ScalarNode("", right.strip(), _NOWHERE), Phrase("what_value"))
            _in_range(name, value, self.numbers[name], when)
            year = strict.year("", yaml.ScalarNode("", when, _NOWHERE), PLAN_YEAR, LAST_YEAR) if at else None
        except _Wrong as wrong:
            stop(wrong)
        except ScenarioError as error:
            stop(error.values["problem"])  # without its place: there is no file
        kind = self.numbers[name].kind
        if kind == "lever":
            course = self.courses[name]
            if year is None:
                course = course.constant(PLAN_YEAR, value)
            else:
                everywhere = {c: {year: value} for c in range(len(COUNTIES))}
                course = course.merged(everywhere, line=False, first=PLAN_YEAR)
            return replace(self, courses={**self.courses, name: course})
        if kind == "outside":
            points = self.outside.get(name, {})
            points = (
                {**_before(points, PLAN_YEAR), PLAN_YEAR: value} if year is None else {**points, year: value}
            )
            return replace(self, outside={**self.outside, name: dict(sorted(points.items()))})
        if year is not None:
            stop(Phrase("scenario.all_years", kind=Phrase(_ARTICLE[kind]), year=year))
        if kind == "cut":
            return replace(self, cuts={**self.cuts, name: value})
        return replace(self, beliefs={**self.beliefs, name: value})


_NOWHERE: Any = yaml.Mark("", 0, 0, 0, None, None)  # pyright: ignore[reportArgumentType]


class _Wrong(InputError):
    """A fault whose place the caller knows."""


def _checked_items(items: Iterable[str], option: str) -> tuple[str, ...]:
    words = tuple(items)
    for word in words:
        if word not in measures.names():
            near = nearest(word, measures.names())
            raise ScenarioError("scenario.items", option=option, word=word, near=near)
        if word in measures.without_lever():
            raise ScenarioError("scenario.option", option=option, problem=_no_lever(word))
    return words


def _no_lever(word: str) -> Phrase:
    """That an item has nothing to be switched, and why: taking it for nothing would look as if it did nothing."""
    item = measures.register()[word]
    return Phrase(
        "scenario.no_lever", word=word, title=Pair(item.title_en, item.title_zh),
        why=Pair(item.no_channel_en, item.no_channel_zh),
    )  # fmt: skip


def _known(name: str, numbers: Mapping[str, Declared], kind: str | None) -> str:
    """The full name of a number of the wanted kind; an outside number may leave out the mechanism."""
    if name in numbers:
        found = numbers[name].kind
        if kind in (None, found):
            return name
        raise _Wrong(
            "scenario.other_kind", name=name, found=Phrase(_ARTICLE[found]),
            wanted=Phrase(_ARTICLE[str(kind)]), section=_SECTION[found],
        )  # fmt: skip
    of_kind = [known for known, number in numbers.items() if kind in (None, number.kind)]
    bare = [known for known in of_kind if kind == "outside" and known.partition(".")[2] == name]
    if len(bare) == 1:
        return bare[0]
    called = Phrase(f"kind_{kind or 'number'}")
    raise _Wrong("scenario.unknown_number", kind=called, text=shown(name), near=nearest(name, of_kind))


def _in_range(name: str, value: float, number: Declared, when: Any = "") -> None:
    low, high = number.within
    if not low <= value <= high:
        raise _Wrong(
            "scenario.range", name=name, when=_in_brackets(when), value=number_text(value),
            unit=Unit(number.unit), low=number_text(low), high=number_text(high),
        )  # fmt: skip
    # What opens in a year opens on its first day: a part of a year would say nothing and look as if it did.
    if number.kind == "lever" and number.unit == "year" and not value.is_integer():
        raise _Wrong(
            "scenario.whole_year", name=name, when=_in_brackets(when), value=number_text(value),
            low=number_text(low), high=number_text(high),
        )  # fmt: skip


def _in_brackets(when: Any) -> Piece:
    """The year, or the county and year, of a value; nothing where there is none."""
    if not when:
        return ""
    return Phrase("in_when", when=when) if isinstance(when, Phrase) else Phrase("in_year", year=when)


def _named(name: str, when: Any) -> Piece:
    """A value by the name of its number and its year, or its county and year."""
    if not when:
        return name
    return (
        Phrase("what_in", name=name, when=when)
        if isinstance(when, Phrase)
        else (Phrase("what_in_year", name=name, year=when))
    )


# ---------------------------------------------------------------- where scenarios lie


def _folders(scenarios: Path | str | None) -> list[Path]:
    return [*([Path(scenarios)] if scenarios else []), Path("scenarios"), _PACKAGED]


def scenario_names(scenarios: Path | str | None = None) -> dict[str, Path]:
    """Every scenario that can be named, with its file; the first folder that has a name wins."""
    found: dict[str, Path] = {}
    for folder in _folders(scenarios):
        for file in sorted(folder.glob("*.yaml")):
            found.setdefault(file.stem, file)
    return found


def _is_path(name: str) -> bool:
    return name.endswith(ENDINGS) or "/" in name or "\\" in name


def find(name: str, scenarios: Path | str | None = None) -> Path:
    """The file of a scenario named by name or path."""
    if _is_path(name):
        if not name.endswith(ENDINGS):
            raise _Wrong("scenario.not_scenario", file=name)
        if not os.path.isfile(name):
            raise _Wrong("scenario.not_file" if os.path.exists(name) else "scenario.missing", file=name)
        return Path(name)
    for folder in _folders(scenarios):
        if (file := folder / f"{name}.yaml").is_file():
            return file
    raise _Wrong("scenario.unknown_scenario", text=shown(name), near=nearest(name, scenario_names(scenarios)))


def load(name: str | Path, settings: BaseModel | None = None, *, scenarios: Path | str | None = None) -> Plan:
    """The scenario of a name or path, complete; `scenarios` is a folder searched before the usual ones."""
    reader = _Reader(registry.numbers(settings), scenarios)
    try:
        path = find(str(name), scenarios)
    except _Wrong as wrong:
        raise ScenarioError(wrong.key, **wrong.values) from None
    plan = reader.plan(path)
    rest = plan
    if plan.name not in (HISTORY, NO_PLAN):
        with contextlib.suppress(_Wrong):
            rest = reader.plan(find(NO_PLAN, scenarios))
    return replace(plan, rest=rest.courses)


# ---------------------------------------------------------------- reading


class _Reader:
    """One reading of a scenario and all that it builds on."""

    def __init__(self, numbers: Mapping[str, Declared], scenarios: Path | str | None) -> None:
        self.numbers, self.scenarios = numbers, scenarios
        self.levers = {name: number for name, number in numbers.items() if number.kind == "lever"}
        self.done: dict[str, Plan] = {}
        self.open: list[tuple[Path, str]] = []

    def other(self, name: str, file: str, node: yaml.Node, role: Piece) -> Plan:
        """Another scenario that the open file needs."""
        try:
            # A path stands relative to the file that names it.
            path = find(str(self.open[-1][0].parent / name) if _is_path(name) else name, self.scenarios)
        except _Wrong as wrong:
            fail(file, node, "scenario.needed", role=role, problem=wrong)
        if len(self.open) > DEEPEST_CHAIN:
            fail(file, node, "scenario.chain", most=DEEPEST_CHAIN)
        real = os.path.realpath(path)
        names = [stem for _, stem in self.open]
        for position, (opened, _) in enumerate(self.open):
            if os.path.realpath(opened) == real:
                circle = " -> ".join([*names[position:], path.stem])
                fail(file, node, "scenario.circle", role=role, text=shown(name), circle=circle)
        return self.plan(path)

    def plan(self, path: Path) -> Plan:
        real = os.path.realpath(path)
        if real not in self.done:
            self.open.append((path, path.stem))
            self.done[real] = self._read(path, path.stem)
            self.open.pop()
        return self.done[real]

    def _read(self, path: Path, name: str) -> Plan:
        file = path.name
        root = strict.read(path, file)
        lines = {entry.key: entry for entry in strict.entries(file, root, Phrase("what_scenario"))}
        for entry in lines.values():
            if entry.key not in KEYS:
                near = nearest(entry.key, KEYS)
                fail(file, entry.key_node, "scenario.unknown_key", text=shown(entry.key), near=near)
        parent = self._parent(file, name, root, lines)
        first = FIRST_YEAR if name == HISTORY else PLAN_YEAR
        if "title" not in lines:
            fail(file, 1, "scenario.no_title", example=_EXAMPLE)
        title = self._texts(file, lines["title"])
        reason = self._texts(file, lines["reason"]) if "reason" in lines else {}
        line = self._shape(file, lines["shape"].value) if "shape" in lines else False
        pace = self._pace(file, lines["pace"], first, line) if "pace" in lines else {}
        courses, held = self._courses(file, name, lines, parent, first, line, pace)
        outside = dict(parent.outside) if parent else {}
        for key, entry in self._section(file, lines, "outside"):
            outside[key] = self._outside(file, key, entry, outside.get(key, {}), first, line)
        beliefs = dict(parent.beliefs) if parent else {}
        for key, entry in self._section(file, lines, "belief"):
            beliefs[key] = self._value(file, key, entry.value)
        cuts = {**(parent.cuts if parent else {}), **self._cuts(file, lines)}
        chain = (name, *(parent.chain if parent else ()))
        return Plan(
            name,
            title,
            reason,
            chain,
            self.numbers,
            courses,
            courses,
            beliefs,
            outside,
            cuts,
            parent,
            pace,
            held,
        )

    def _parent(self, file: str, name: str, root: yaml.Node, lines: dict[str, strict.Entry]) -> Plan | None:
        if "extends" not in lines:
            if name == HISTORY:
                return None
            fail(file, 1, "scenario.no_parent")
        node = lines["extends"].value
        if name == HISTORY:
            fail(file, lines["extends"].key_node, "scenario.root")
        wanted = node.value if isinstance(node, yaml.ScalarNode) and _is_path(node.value) else None
        return self.other(wanted or strict.word(file, node, "`extends`"), file, node, "extends")

    def _courses(
        self,
        file: str,
        name: str,
        lines: dict[str, strict.Entry],
        parent: Plan | None,
        first: int,
        line: bool,
        pace: Points,
    ) -> tuple[dict[str, Course], tuple[Held, ...]]:
        courses = (
            dict(parent.courses)
            if parent
            else {key: Course(lever.value, ({},) * len(COUNTIES)) for key, lever in self.levers.items()}
        )
        if "all_off" in lines:
            year = self._plain_year(file, lines["all_off"].value, first)
            courses = {key: course.constant(year, course.off) for key, course in courses.items()}
        if "measures" in lines:
            courses = self._measures(file, lines["measures"], courses)
        courses, held = self._paced(courses, pace)
        own = self._section(file, lines, "lever")
        for key, entry in own:
            courses[key] = self._course(file, key, entry, courses[key], first, line)
        return courses, tuple(one for one in held if one.lever not in dict(own))

    # ------------------------------------------------------------ parts of a file

    def _measures(self, file: str, entry: strict.Entry, courses: dict[str, Course]) -> dict[str, Course]:
        node = entry.value
        full = self.other(PLAN, file, entry.key_node, Phrase("measures_need")).courses
        none = self.other(NO_PLAN, file, entry.key_node, Phrase("measures_need")).courses
        if isinstance(node, yaml.MappingNode):
            weights = self._weights(file, node)
        elif isinstance(node, yaml.ScalarNode):
            if strict.word(file, node, "`measures`") != "all":
                fail(file, node, "scenario.measures", found=strict.kind_of(node))
            weights = dict.fromkeys(self.levers, 1.0)
        else:
            words = [self._item(file, item) for item in strict.items(file, node, "`measures`")]
            acting = set(measures.levers_of(words, self.levers))
            weights = {lever: float(lever in acting) for lever in self.levers}
        return {
            key: course.joined(none[key].between(full[key], weights[key], PLAN_YEAR), PLAN_YEAR)
            if key in weights
            else course
            for key, course in courses.items()
        }

    def _pace(self, file: str, entry: strict.Entry, first: int, line: bool) -> Points:
        """The factor by the year from which it holds; 1 before the first."""

        def factor(node: yaml.Node, what: Piece) -> float:
            found = strict.number(file, node, what)
            if found < 0.0:
                fail(file, node, "scenario.below_nought", what=what, value=number_text(found))
            return found

        if isinstance(entry.value, yaml.ScalarNode):
            return {first: factor(entry.value, "`pace`")}
        changes: Points = {}
        for key in strict.entries(file, entry.value, "`pace`"):
            if key.key == "shape":
                line = self._shape(file, key.value)
                continue
            year = self._year(file, key.key_node, first)
            changes[year] = factor(key.value, _named("`pace`", year))
        if not changes:
            fail(file, entry.value, "scenario.blank", what="`pace`")
        return _merged({}, changes, line, first, 1.0)

    def _paced(self, courses: dict[str, Course], pace: Points) -> tuple[dict[str, Course], list[Held]]:
        """Every amount times the pace, held within its range; and where it was held."""
        if not pace:
            return courses, []
        factors = {year: _held(pace, year, 1.0) for year in range(min(pace), LAST_YEAR + 1)}
        paced, held = dict(courses), []
        for name, course in courses.items():
            number = self.levers[name]
            if not registry.is_amount(number):
                continue
            paced[name] = course.times(factors, number.within)
            for county in range(len(COUNTIES)):
                beyond = tuple(
                    year
                    for year, factor in factors.items()
                    if paced[name].value(county, year) != course.value(county, year) * factor
                )
                if beyond:
                    held.append(Held(name, county, beyond))
        return paced, held

    def _weights(self, file: str, node: yaml.Node) -> dict[str, float]:
        weights: dict[str, float] = {}
        for entry in strict.entries(file, node, "`measures`"):
            word = self._item(file, entry.key_node)
            what = Phrase("what_share", word=word)
            weight = strict.number(file, entry.value, what)
            if not 0 <= weight <= 1:
                fail(file, entry.value, "scenario.share_range", what=what, value=number_text(weight))
            for lever in measures.levers_of([word], self.levers):
                if lever in weights:
                    fail(file, entry.key_node, "scenario.lever_twice", lever=lever, word=word)
                weights[lever] = weight
        return weights

    def _item(self, file: str, node: yaml.Node) -> str:
        word = strict.word(file, node, Phrase("what_item"))
        if word not in measures.names():
            near = nearest(word, measures.names())
            fail(file, node, "scenario.unknown_item", text=shown(word), near=near)
        if word in measures.without_lever():
            told = _no_lever(word)
            fail(file, node, told.key, **told.values)
        return word

    def _section(
        self, file: str, lines: dict[str, strict.Entry], kind: str
    ) -> list[tuple[str, strict.Entry]]:
        """The lines of one section under the numbers' full names."""
        section = _SECTION[kind]
        if section not in lines or strict.blank(lines[section].value):
            return []
        found: dict[str, strict.Entry] = {}
        for entry in strict.entries(file, lines[section].value, f"`{section}`"):
            name = self._located(file, entry.key_node, lambda key=entry.key: _known(key, self.numbers, kind))
            if name in found:
                fail(file, entry.key_node, "scenario.twice", name=name)
            found[name] = entry
        return list(found.items())

    def _located(self, file: str, node: yaml.Node, task: Callable[[], Any]) -> Any:
        try:
            return task()
        except _Wrong as wrong:
            fail(file, node, wrong.key, **wrong.values)

    def _value(self, file: str, name: str, node: yaml.Node, when: Any = "") -> float:
        value = strict.number(file, node, _named(name, when))
        self._located(file, node, lambda: _in_range(name, value, self.numbers[name], when))
        return value

    def _course(
        self, file: str, name: str, entry: strict.Entry, course: Course, first: int, line: bool
    ) -> Course:
        if isinstance(entry.value, yaml.ScalarNode):
            return course.constant(first, self._value(file, name, entry.value))
        changes: dict[int, Points] = {}
        for key in strict.entries(file, entry.value, Phrase("what_course", name=name)):
            if key.key == "shape":
                line = self._shape(file, key.value)
                continue
            year = self._year(file, key.key_node, first)
            for county, value in self._by_county(file, name, key, year).items():
                changes.setdefault(county, {})[year] = value
        return course.merged(changes, line, first)

    def _by_county(self, file: str, name: str, entry: strict.Entry, year: int) -> dict[int, float]:
        if not isinstance(entry.value, yaml.MappingNode):
            return dict.fromkeys(range(len(COUNTIES)), self._value(file, name, entry.value, year))
        if self.numbers[name].where == "one":
            fail(file, entry.value, "scenario.one_value", name=name)
        found = {}
        for county in strict.entries(file, entry.value, _named(name, year)):
            if county.key not in COUNTIES:
                near = nearest(county.key, COUNTIES)
                fail(file, county.key_node, "scenario.unknown_county", text=shown(county.key), near=near)
            when = Phrase("county_year", county=county.key, year=year)
            found[COUNTIES.index(county.key)] = self._value(file, name, county.value, when)
        return found

    def _outside(
        self, file: str, name: str, entry: strict.Entry, points: Points, first: int, line: bool
    ) -> Points:
        if isinstance(entry.value, yaml.ScalarNode):
            return {**_before(points, first), first: self._value(file, name, entry.value)}
        changes: Points = {}
        for key in strict.entries(file, entry.value, Phrase("what_path", name=name)):
            if key.key == "shape":
                line = self._shape(file, key.value)
                continue
            year = self._year(file, key.key_node, first)
            changes[year] = self._value(file, name, key.value, year)
        before = _held(points, first - 1, 0.0) if any(y < first for y in points) else None
        return _merged(points, changes, line, first, before)

    def _cuts(self, file: str, lines: dict[str, strict.Entry]) -> dict[str, float]:
        if "cuts" not in lines or strict.blank(lines["cuts"].value):
            return {}
        found: dict[str, float] = {}
        for node in strict.items(file, lines["cuts"].value, "`cuts`"):
            word = strict.word(file, node, Phrase("a_cut"))
            name = self._located(file, node, lambda word=word: _known(word, self.numbers, "cut"))
            if name in found:
                fail(file, node, "scenario.twice", name=name)
            found[name] = 1.0
        return found

    def _year(self, file: str, node: yaml.ScalarNode, first: int) -> int:
        year = strict.year(file, node, FIRST_YEAR, LAST_YEAR)
        if year < first:
            fail(file, node, "scenario.past", year=year, first=PLAN_YEAR)
        return year

    def _plain_year(self, file: str, node: yaml.Node, first: int) -> int:
        if not isinstance(node, yaml.ScalarNode):
            fail(file, node, "scenario.all_off", found=strict.kind_of(node))
        return self._year(file, node, first)

    def _shape(self, file: str, node: yaml.Node) -> bool:
        word = strict.word(file, node, "`shape`")
        if word not in SHAPES:
            fail(file, node, "scenario.unknown_shape", text=shown(word))
        return word == "line"

    def _texts(self, file: str, entry: strict.Entry) -> dict[str, str]:
        if isinstance(entry.value, yaml.ScalarNode):
            return dict.fromkeys(LANGUAGES, strict.text(file, entry.value, f"`{entry.key}`"))
        found: dict[str, str] = {}
        for line in strict.entries(file, entry.value, f"`{entry.key}`"):
            if line.key not in LANGUAGES:
                fail(file, line.key_node, "scenario.unknown_language", text=shown(line.key))
            found[line.key] = strict.text(
                file, line.value, Phrase("in_language", key=f"`{entry.key}`", lang=line.key)
            )
        if not found:
            fail(file, entry.value, "scenario.blank", what=f"`{entry.key}`")
        spare = next(iter(found.values()))
        return {language: found.get(language, spare) for language in LANGUAGES}
