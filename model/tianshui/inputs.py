"""What can be set, and what a scenario sets, as plain rows for the command line and the notebooks."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import BaseModel

from tianshui import measures, plan, registry
from tianshui.declare import Declared
from tianshui.plan import FIRST_YEAR, LAST_YEAR, PLAN_YEAR, Plan, ScenarioError
from tianshui.state import COUNTIES
from tianshui.strict_yaml import nearest, number_text
from tianshui.words import description, unit

SHOWN_YEARS = (2020, 2021, 2025, 2030, 2035)
ALL_COUNTIES = "tianshui"
KINDS = {"levers": "lever", "beliefs": "belief", "outside": "outside", "cuts": "cut"}
LISTS = (*KINDS, "measures", "scenarios")


class CheckRow(NamedTuple):
    """One lever of a scenario; one row when all counties agree, else one a county."""

    lever: str
    area: str
    unit: str
    values: dict[int, float]
    """By year of `SHOWN_YEARS`."""
    changed: bool
    """Whether any year differs from the parent's."""
    names: tuple[str, str]
    measure: str
    group: str


def describe_check(
    name: str | Path, settings: BaseModel | None = None, *, scenarios: Path | str | None = None
) -> list[CheckRow]:
    """What a scenario means, lever by lever; raises `ScenarioError` when it means nothing."""
    return check_rows(*with_parent(name, settings, scenarios=scenarios))


def with_parent(
    name: str | Path, settings: BaseModel | None = None, *, scenarios: Path | str | None = None
) -> tuple[Plan, Plan | None]:
    """A scenario and the one it extends."""
    found = plan.load(name, settings, scenarios=scenarios)
    return found, found.parent


def check_rows(found: Plan, parent: Plan | None) -> list[CheckRow]:
    """The rows of `describe_check` for a plan at hand (one changed by `--set`, say)."""
    years = range(FIRST_YEAR, LAST_YEAR + 1)
    rows = []
    for lever, number in found.levers.items():
        own = found.courses[lever]
        other = parent.courses[lever] if parent else None
        by_county = [
            (
                {year: own.value(county, year) for year in SHOWN_YEARS},
                other is not None and any(own.value(county, y) != other.value(county, y) for y in years),
            )
            for county in range(len(COUNTIES))
        ]
        agree = all(row == by_county[0] for row in by_county)
        areas = [ALL_COUNTIES] if agree else COUNTIES
        rows += [
            CheckRow(lever, area, number.unit, *row, number.names, number.measure, number.group)
            for area, row in zip(areas, by_county, strict=False)
        ]
    return rows


def new_scenario(
    name: str,
    from_: str = "plan",
    settings: BaseModel | None = None,
    *,
    scenarios: Path | str | None = None,
) -> str:
    """The text of a scenario file that builds on another: every lever as a comment, ready to be uncommented."""
    rows = describe_check(from_, settings, scenarios=scenarios)
    levers = registry.levers(settings)
    lines = [
        f"# {name}: what differs from `{from_}`. Take away the # of a lever to change it.",
        f"# A value holds from its year until the next year named; years run from {PLAN_YEAR} to {LAST_YEAR}.",
        "# See also: tianshui list levers, tianshui list measures, tianshui check FILE.",
        f'title: {{en: "{_plain(name)}", zh: "{_plain(name)}"}}',
        'reason: {en: "Why this scenario is worth a run.", zh: "为何值得一试。"}',
        f"extends: {from_}",
        "",
        "# measures: {M25: 0.5}        # an item, push or group at half its distance from no_plan",
        "",
        "levers:",
    ]
    by_lever: dict[str, list[CheckRow]] = {}
    for row in rows:
        by_lever.setdefault(row.lever, []).append(row)
    for lever, own in by_lever.items():
        number = levers[lever]
        low, high = (number_text(limit) for limit in number.within)
        lines += [
            f"  # {_comment(number)}",
            f"  # {number.unit}, {low} to {high}; off {number_text(number.value)}",
            f"  # {lever}: {{{_course(own)}}}",
        ]
    return "\n".join([*lines, "", "beliefs:", "outside:", ""])


def _plain(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable() and letter not in '"\\')


def _comment(number: Declared) -> str:
    item = f" ({number.measure})" if number.measure else ""
    return " ".join(f"{number.names[0]} / {number.names[1]}{item}".split())


def _course(rows: list[CheckRow]) -> str:
    if len(rows) > 1:
        return f"{PLAN_YEAR}: {{{', '.join(f'{row.area}: {number_text(row.values[PLAN_YEAR])}' for row in rows)}}}"
    return ", ".join(
        f"{year}: {number_text(value)}" for year, value in rows[0].values.items() if year >= PLAN_YEAR
    )


def list_rows(
    kind: str,
    word: str = "",
    settings: BaseModel | None = None,
    *,
    scenarios: Path | str | None = None,
) -> list[dict[str, Any]]:
    """The levers, beliefs, outside numbers, cuts, measures or scenarios in which a word occurs."""
    if kind in KINDS:
        rows = _number_rows(kind, settings)
    elif kind == "measures":
        rows = _measure_rows(settings)
    elif kind == "scenarios":
        rows = _scenario_rows(settings, scenarios)
    else:
        raise ScenarioError("unknown_kind", text=repr(kind), near=nearest(kind, LISTS))
    sought = word.casefold()
    return [row for row in rows if sought in " ".join(_texts(row.values())).casefold()]


def _texts(values: Iterable[Any]) -> Iterable[str]:
    for value in values:
        yield " ".join(map(str, value)) if isinstance(value, tuple | list) else str(value)


def _number_rows(kind: str, settings: BaseModel | None) -> list[dict[str, Any]]:
    rows = []
    for name, number in registry.of_kind(KINDS[kind], settings).items():  # pyright: ignore[reportArgumentType]
        row: dict[str, Any] = {
            "name": name, "value": number.value, "unit": number.unit,
            "low": number.within[0], "high": number.within[1],
        }  # fmt: skip
        if kind == "levers":
            row |= {
                "title_en": number.names[0], "title_zh": number.names[1], "who": number.who,
                "where": number.where, "cost": number.cost, "group": number.group,
                "measure": number.measure,
            }  # fmt: skip
        elif kind == "cuts":
            row |= {"title_en": number.names[0], "title_zh": number.names[1]}
        else:
            row |= {"prior": number.prior}
        texts = {"unit_zh": unit("zh", number.unit), "doc_zh": description("zh", name, number.doc)}
        rows.append(row | {"status": number.status, "source": number.source, "doc": number.doc} | texts)
    return rows


def _measure_rows(settings: BaseModel | None) -> list[dict[str, Any]]:
    levers = registry.levers(settings)
    return [
        item._asdict() | {"levers": list(measures.levers_of([item.id], levers))}
        for item in measures.register().values()
    ]


def _scenario_rows(settings: BaseModel | None, scenarios: Path | str | None) -> list[dict[str, Any]]:
    """Also the broken ones, with what is wrong: a list must not fail because one file does."""
    rows = []
    for name, file in plan.scenario_names(scenarios).items():
        row: dict[str, Any] = {"name": name, "file": str(file)}
        try:
            found = plan.load(name, settings, scenarios=scenarios)
            row |= {
                "title_en": found.title["en"], "title_zh": found.title["zh"],
                "extends": found.chain[1] if len(found.chain) > 1 else "", "error": "", "error_zh": "",
            }  # fmt: skip
        except ScenarioError as error:
            row |= {
                "title_en": "", "title_zh": "", "extends": "", "error": str(error), "error_zh": error.said("zh"),
            }  # fmt: skip
        rows.append(row)
    return rows
