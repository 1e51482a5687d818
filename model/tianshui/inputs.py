"""What can be set, and what a scenario sets, as plain rows for the command line and the notebooks."""

import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import BaseModel

from tianshui import asks, measures, plan, programmes, registry
from tianshui.declare import Declared
from tianshui.mechanisms import delivery
from tianshui.plan import FIRST_YEAR, LAST_YEAR, PLAN_YEAR, Plan, ScenarioError
from tianshui.settings import Settings
from tianshui.state import COUNTIES
from tianshui.state import KINDS as KINDS_OF_CAPITAL
from tianshui.strict_yaml import nearest, number_text
from tianshui.words import LANGUAGES, both, description, say, unit

SHOWN_YEARS = (2020, 2021, 2025, 2030, 2035)
EACH_COUNTY, TOGETHER = "each_county", "tianshui"
"""Areas of rows that hold for every county alike, and of those that tell the sum of all counties."""
KINDS = {"levers": "lever", "beliefs": "belief", "outside": "outside", "cuts": "cut"}
LISTS = (*KINDS, "measures", "scenarios")


class CheckRow(NamedTuple):
    """One lever of a scenario: a row for each county, or one when all agree; then, of an amount, their sum."""

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
    who: str
    """Who decides; what the city decides is a value for each county too, and its own budget is asked for their sum."""


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
        told = list(zip([EACH_COUNTY] if agree else COUNTIES, by_county, strict=False))
        if asks.is_amount(number):
            total = {year: math.fsum(values[year] for values, _ in by_county) for year in SHOWN_YEARS}
            told.append((TOGETHER, (total, any(changed for _, changed in by_county))))
        rows += [
            CheckRow(
                lever, area, number.unit, *row, number.names, number.measure, number.group, str(number.who)
            )
            for area, row in told
        ]
    return rows


def held_rows(found: Plan) -> list[dict[str, Any]]:
    """The amounts that the scenario's pace would have taken beyond their range: lever, county and years."""
    return [
        {"lever": one.lever, "area": COUNTIES[one.county], "years": list(one.years)} for one in found.held
    ]


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
        *(f"# {say(language, 'new_each')}" for language in LANGUAGES),
        "# See also: tianshui list levers, tianshui list measures, tianshui check FILE.",
        f'title: {{en: "{_plain(name)}", zh: "{_plain(name)}"}}',
        'reason: {en: "Why this scenario is worth a run.", zh: "为何值得一试。"}',
        f"extends: {from_}",
        "",
        "# measures: {M25: 0.5}        # an item, push or group at half its distance from no_plan",
        "# pace: {2021: 1.5, 2026: 0.73}   # all amounts half again as high to 2025, lower afterwards",
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
            f"  # {_unit(number)}, {low} to {high}; off {number_text(number.value)}{_together(own)}",
            f"  # {lever}: {{{_course(own)}}}",
        ]
    return "\n".join([*lines, "", "beliefs:", "outside:", ""])


def _plain(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable() and letter not in '"\\')


def _comment(number: Declared) -> str:
    item = f" ({number.measure})" if number.measure else ""
    return " ".join(f"{number.names[0]} / {number.names[1]}{item}".split())


def _unit(number: Declared) -> str:
    """The unit of a lever, of an amount with whose it is."""
    return say("en", "per_county", unit=number.unit) if asks.is_amount(number) else number.unit


def _together(rows: list[CheckRow]) -> str:
    """The prefecture's sums of an amount as the end of a comment."""
    sums = [_values(row) for row in rows if row.area == TOGETHER]
    return f"; {both('together')}: {sums[0]}" if sums else ""


def _course(rows: list[CheckRow]) -> str:
    own = [row for row in rows if row.area != TOGETHER]
    if len(own) > 1:
        return f"{PLAN_YEAR}: {{{', '.join(f'{row.area}: {number_text(row.values[PLAN_YEAR])}' for row in own)}}}"
    return _values(own[0])


def _values(row: CheckRow) -> str:
    return ", ".join(
        f"{year}: {number_text(value)}" for year, value in row.values.items() if year >= PLAN_YEAR
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
                "measure": number.measure, "per_county": asks.is_amount(number),
            }  # fmt: skip
        elif kind == "cuts":
            row |= {"title_en": number.names[0], "title_zh": number.names[1]}
        else:
            row |= {"prior": number.prior}
        texts = {"unit_zh": unit("zh", number.unit), "doc_zh": description("zh", name, number.doc)}
        rows.append(row | {"status": number.status, "source": number.source, "doc": number.doc} | texts)
    return rows


def _measure_rows(settings: BaseModel | None) -> list[dict[str, Any]]:
    """The register with its levers."""
    levers = registry.levers(settings)
    rows = []
    for item in measures.register().values():
        firm = measures.COMMITMENTS[item.commitment]
        rows.append(
            item._asdict()
            | {
                "commitment_en": firm.en, "commitment_zh": firm.zh,
                "commitment_means_en": firm.meaning_en, "commitment_means_zh": firm.meaning_zh,
                "responders_en": [measures.RESPONDERS[one][0] for one in item.responders],
                "responders_zh": [measures.RESPONDERS[one][1] for one in item.responders],
                "indicators": [
                    one._asdict()
                    | {"sign": "+" if one.sign > 0 else "-", "in_points": one.in_points}
                    | _ground(one.source)
                    for one in item.indicators
                ],
                "weights": item.weights._asdict(),
                "levers": list(measures.levers_of([item.id], levers)),
                "sized_by": _sizes(item, settings),
                "rests_on": _rests_on(item, settings),
                **_ground(item.source),
                "candidates": [_candidate(one) for one in measures.candidates() if one.measure == item.id],
            }
        )  # fmt: skip
    return rows


def _ground(source: str) -> dict[str, str]:
    return dict(zip(("ground_en", "ground_zh"), measures.cited(source), strict=True))


def _sizes(item: measures.Measure, settings: BaseModel | None) -> list[dict[str, Any]]:
    """The beliefs that size an item's effect, with status and source; toy settings may lack them."""
    numbers = registry.numbers(settings)
    return [
        {"name": name, "status": numbers[name].status, "source": numbers[name].source,
         "doc": numbers[name].doc, "doc_zh": description("zh", name, numbers[name].doc)}
        for name in item.sized_by if name in numbers
    ]  # fmt: skip


def _rests_on(item: measures.Measure, settings: BaseModel | None) -> dict[str, str] | None:
    """On what an item's effect rests, as a word and in both languages; nothing where there is no channel."""
    numbers = registry.numbers(settings)
    if not item.channel_en or any(name not in numbers for name in item.sized_by):
        return None
    word = measures.grounded(item, numbers)
    return {"word": word, **dict(zip(LANGUAGES, measures.GROUNDED[word], strict=True))}


def _candidate(one: measures.Candidate) -> dict[str, Any]:
    """A proposed instrument with what it became, in both languages."""
    became = dict(zip(("became_en", "became_zh"), measures.BECAME[one.becomes], strict=True))
    return one._asdict() | {"names": list(one.names)} | became


def item_rows(
    names: Iterable[str] = (), scenario: str | Path = plan.PLAN, *, scenarios: Path | str | None = None
) -> list[dict[str, Any]]:
    """Items of the plan with their levers: unit, range, price, who pays, and what a scenario sets.

    Items in the register's order, all when none is named; a push or group stands for its items. Raises `ScenarioError`
    for a word or scenario that is not known.
    """
    try:
        wanted = measures.items_of(names)
    except KeyError as error:
        (name,) = error.args
        near = nearest(name, measures.names())
        raise ScenarioError("scenario.unknown_item", text=repr(name), near=near) from None
    found, parent = with_parent(scenario, scenarios=scenarios)
    set_by: dict[str, list[CheckRow]] = {}
    for row in check_rows(found, parent):
        set_by.setdefault(row.lever, []).append(row)
    rows = [row for row in _measure_rows(None) if not wanted or row["id"] in wanted]
    return [
        row
        | {"levers": [_lever_record(name, found.levers[name], set_by[name]) for name in row["levers"]]}
        | {"delivery": _delivery(row["id"])}
        for row in rows
    ]


def _delivery(item: str) -> list[dict[str, Any]]:
    """What is built to carry an item out: years, mean overrun, chance that a year is lost, decay (central beliefs).

    Programmes, and the five kinds of public capital, which stall as the plan's word for the item says as programmes do.
    """
    settings = Settings()
    p, works = settings.delivery, settings.infrastructure
    capital = [
        {
            "programme": kind, "lever": f"infrastructure.{kind}", "years": round(getattr(works, f"years_{kind}")), "overrun": works.overrun,
            "stall": delivery.chance(programmes.kind_of(f"infrastructure.{kind}"), p), "decay": works.delta_G,
        }
        for kind in KINDS_OF_CAPITAL
        if registry.levers()[f"infrastructure.{kind}"].measure == item
    ]  # fmt: skip
    return capital + [
        {
            "programme": name,
            "lever": one.lever,
            "years": programmes.years(one, settings),
            "overrun": 0.0 if one.outturn else p.overrun,
            "stall": delivery.chance(programmes.kind_of(one.lever), p),
            "decay": programmes.fades(one, settings),
        }
        for name, one in programmes.roster().items()
        if one.item == item
    ]


def _asks(name: str, number: Declared) -> str:
    """What a lever asks for: `income` and `nothing` for no money, `price` by the unit, `money` itself, `due` by its rule."""
    if name in asks.NOT_SPENDING:
        return "income"
    if number.cost is not None:
        return "money" if number.cost == "money" else "price"
    # What a rule makes due becomes something in the books; a rule without cost buys nothing.
    return "nothing" if number.buys == "nothing" else "due"


def _lever_record(name: str, number: Declared, set_by: Iterable[CheckRow]) -> dict[str, Any]:
    """A lever with its price and its course: by area (one for each county, or each county, and their sum) and year."""
    price = registry.numbers().get(f"{name.partition('.')[0]}.{number.cost}")
    spends = _asks(name, number) not in ("nothing", "income")
    return {
        "name": name, "title_en": number.names[0], "title_zh": number.names[1], "unit": number.unit,
        "low": number.within[0], "high": number.within[1], "off": number.value,
        "per_county": asks.is_amount(number), "who": number.who, "cost": number.cost,
        "asks": _asks(name, number),
        "price": None if price is None else {"yuan": price.value, "prior": price.prior, "status": price.status},
        # Who pays is asked where something is paid by a budget.
        "paid_from_above": number.paid_by[0] if spends else None, "paid_own": number.paid_by[1] if spends else None, "group": number.group,
        "status": number.status, "source": number.source, "courses": {row.area: row.values for row in set_by},
    }  # fmt: skip


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
