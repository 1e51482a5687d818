"""Reference tables of what the package declares: `python -m tianshui.reference [folder]` writes them.

The ordinary run also renews the tables within docs/model.md; `--model` renews those alone.
With `--effects` it writes docs/items.md instead: what each item of the plan does, from several hundred small worlds.

One Markdown file each for levers, beliefs, outside numbers, cuts, indicators, mechanisms and documents. Nothing
in them is typed by hand, so nothing in them can differ from what runs; a test fails when the files in
`docs/reference` are stale. Names and descriptions come in English and Chinese.
"""

import importlib
import inspect
import math
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from tianshui import evidence, indicators, measures, plan, registry, state, year
from tianshui.declare import STATUSES, Declared
from tianshui.words import chinese, description, say

FOLDER = Path("docs/reference")
"""Where the tables stand in the project."""

SOURCED = (
    "start", "shapes", "sectors", "sector_traits", "budgets_2015", "economy_2015", "nature", "outside", "observed", "series", "targets",
    "effects", "measures", "patterns", "before_2020",
)  # fmt: skip
"""Evidence tables whose rows name their source."""

POPULATION = ("beliefs", "margins", "homes", "structure", "laying")
"""Files that build the population of 2015, in the order in which they act."""

WHO = {"nation": "国家", "province": "省", "city": "市", "county": "县区"}
WHERE = {"one": "one value", "county": "by county"}
LEVELS = {
    "county": "counties, prefecture",
    "budget": "counties, city level, prefecture",
    "tianshui": "prefecture",
}
BETTER = {1: "more", -1: "less", 0: ""}


def shown(number: float) -> str:
    """A number as it is written in a table: thousands parted, no idle digits."""
    return format(number, ",.10g").replace("-", "−")


def _title(title: str, *paragraphs: str) -> list[str]:
    made = "Written by `python -m tianshui.reference`; change the declaration, not this file."
    return [f"# {title}", "", made, "", *(line for paragraph in paragraphs for line in (paragraph, ""))]


def _cell(text: object) -> str:
    return " ".join(str(text).split()).replace("|", "\\|")


def _table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    lines = ["| " + " | ".join(heads) + " |", "|" + " --- |" * len(heads)]
    return [*lines, *("| " + " | ".join(map(_cell, row)) + " |" for row in rows), ""]


def _source(source: str) -> str:
    """A source as a link to its document, with the detail behind it."""
    found = evidence.document(source)
    detail = found["detail"].replace("_", " ")
    return f"[{found['key']}](sources.md#{found['key']})" + (f": {detail}" if detail else "")


def _file(text: list[str]) -> str:
    return "\n".join(text).rstrip("\n") + "\n"


# --- Numbers ------------------------------------------------------------------------------------------


def _price(name: str, lever: Declared) -> str:
    if lever.cost is None:
        return "its rule decides"
    return "itself money" if lever.cost == "money" else f"`{name.partition('.')[0]}.{lever.cost}`"


def levers() -> str:
    """What a plan can set, by headline group."""
    text = _title(
        "Levers 杠杆",
        "`off` is the value when the government does nothing. *Above* is the part of the cost that earmarked money "
        "pays; the rest is the county's own. *Price* is the belief that prices a unit.",
    )
    for group, names in measures.GROUPS.items():
        own = {name: lever for name, lever in registry.levers().items() if lever.group == group}
        text += [f"## {' '.join(names)}", ""]
        text += _table(
            ("Name", "English", "中文", "Unit", "Off", "Range", "Who decides", "Where", "Above", "Price", "Item",
             "Status", "Source", "What it is", "说明"),
            (
                (f"`{name}`", *lever.names, lever.unit, shown(lever.value), " to ".join(map(shown, lever.within)),
                 f"{lever.who} {WHO[lever.who or 'county']}", WHERE[lever.where or "one"],
                 f"{lever.paid_by[0]:.0%}", _price(name, lever), lever.measure, lever.status,
                 _source(lever.source), lever.doc, description("zh", name, ""))
                for name, lever in own.items()
            ),
        )  # fmt: skip
    return _file(text)


def _drawn(numbers: dict[str, Declared]) -> list[str]:
    heads = ("Name", "Unit", "Low", "Central", "High", "Limits", "Status", "Source", "What it is", "说明")
    return _table(
        heads,
        (
            (f"`{name}`", number.unit, *map(shown, number.prior or (number.value,) * 3),
             " to ".join(map(shown, number.within)), number.status, _source(number.source), number.doc,
             description("zh", name, ""))
            for name, number in numbers.items()
        ),
    )  # fmt: skip


def beliefs() -> str:
    """What may be wrong, mechanism by mechanism."""
    numbers = registry.beliefs()
    statuses = Counter(number.status for number in numbers.values())
    text = _title(
        "Beliefs 参数",
        "Low, central and high are those of a triangular prior; draw 0 takes the central values. Equal numbers are "
        f"rules known exactly; ages and years on which somebody or something counts are drawn as whole numbers. "
        f"{len(numbers)} beliefs: "
        + ", ".join(f"{statuses[status]} {status}" for status in sorted(statuses))
        + ".",
    )
    for mechanism in dict.fromkeys(name.partition(".")[0] for name in numbers):
        text += [f"## {mechanism}", ""]
        text += _drawn({name: number for name, number in numbers.items() if name.startswith(f"{mechanism}.")})
    return _file(text)


def outside() -> str:
    """What neither the prefecture nor its plan decides, and the published years."""
    text = _title(
        "Outside numbers 外部条件",
        "Scenarios set them under `outside`; otherwise they are drawn from their priors like beliefs.",
    )
    text += [*_drawn(registry.outside_numbers()), "## Published years", ""]
    rows = evidence.table("outside")
    series = dict.fromkeys((row["area"], row["item"]) for row in rows)
    text += _table(
        ("Area", "Item", "Year", "Value", "Unit", "Status", "Source"),
        (
            (area, item, row["year"], shown(float(row["value"])), row["unit"], row["status"], _source(row["source"]))
            for area, item in series
            for row in rows
            if (row["area"], row["item"]) == (area, item)
        ),
    )  # fmt: skip
    return _file(text)


def cuts() -> str:
    """Feedback loops that a scenario can hold."""
    text = _title(
        "Cuts 断开的回路", "Each holds one feedback loop from 2021; all are 0 (the loop acts) by default."
    )
    text += _table(
        ("Name", "English", "中文", "Loop", "What it does", "说明"),
        ((f"`{name}`", *cut.names, evidence.document(cut.source)["detail"].upper(), cut.doc,
          description("zh", name, ""))
         for name, cut in registry.cuts().items()),
    )  # fmt: skip
    return _file(text)


# --- The plan's items, what is counted, what acts, what is cited --------------------------------------------------------


def _moves(expected: measures.Expected) -> str:
    area = "" if expected.area == indicators.PREFECTURE else f" ({expected.area})"
    sign = "+" if expected.sign > 0 else "-"
    of = "points" if expected.in_points else "%"
    ground = f"{expected.status}, {_source(expected.source)}"
    return f"{sign} `{expected.indicator}`{area}, {expected.smallest:g} {of} ({ground})"


def items() -> str:
    """The register of the plan's items, push by push."""
    levers, numbers = registry.levers(), registry.numbers()
    register = measures.register()
    text = _title(
        "Items of the plan 规划事项",
        "The 38 tasks and six supports of the plan in our words. *Moves* is what an item should do by 2035 at the top of "
        "its range and fully paid, against zero: the smallest effect worth reporting, in points where the indicator is in "
        "percent and else in percent of its level; the first is the one that is tested. "
        f"{sum(bool(one.channel_en) for one in register.values())} items have a channel, "
        f"{sum(bool(one.no_channel_en) for one in register.values())} have a reason for none. *Sized by* are the beliefs that "
        "decide how large the first effect comes out, with their status. *Weights* are how far an item belongs to poverty, "
        "industry, towns and ecology in the judgement of those who split the plan into items; they are shown and never used.",
        *(
            f"Rests on {measures.GROUNDED[word][0]}: {', '.join(some) or 'none'}."
            for word, some in _resting().items()
        ),
    )
    text += _table(
        ("The plan's word", "力度", "What it means", "含义"),
        ([*map(chinese, one)] for one in measures.COMMITMENTS.values()),
    )
    for push, names in measures.PUSHES.items():
        text += [f"## {push} {' '.join(names)}", ""]
        text += _table(
            ("Item", "English", "中文", "In our words", "概述", "Group", "Weights 权重", "The plan's word", "Who decides", "Who responds",
             "响应者", "Levers", "Channel, or why there is none", "渠道或缺失原因", "Moves", "Sized by", "Status", "Source"),
            (
                (one.id, one.title_en, chinese(one.title_zh), one.text_en, chinese(one.text_zh), one.group, _weights(one), one.commitment,
                 f"{one.who} {WHO[one.who]}", *_responders(one), _levers_of(one.id, levers),
                 one.channel_en or one.no_channel_en, chinese(one.channel_zh or one.no_channel_zh),
                 "; ".join(map(_moves, one.indicators)),
                 "; ".join(f"`{name}` ({status})" for name, status in measures.sizes(one, numbers).items()),
                 one.status, _source(one.source))
                for one in register.values() if one.push == push
            ),
        )  # fmt: skip
    return _file(text)


def _resting() -> dict[str, list[str]]:
    """The items with a channel by what their effect rests on."""
    numbers = registry.numbers()
    found: dict[str, list[str]] = {word: [] for word in measures.GROUNDED}
    for one in measures.register().values():
        if one.channel_en:
            found[measures.grounded(one, numbers)].append(one.id)
    return found


def _weights(item: measures.Measure) -> str:
    return "; ".join(f"{group} {weight:g}" for group, weight in item.weights._asdict().items() if weight)


def _responders(item: measures.Measure) -> tuple[str, str]:
    english, own = zip(*(measures.RESPONDERS[one] for one in item.responders), strict=True)
    return ", ".join(english), "、".join(own)


def _levers_of(item: str, levers: dict[str, Declared]) -> str:
    return " ".join(f"`{name}`" for name in measures.levers_of([item], levers))


def candidates() -> str:
    """What became of the instruments that were once proposed."""
    found = measures.candidates()
    kinds = Counter(one.becomes for one in found)
    text = _title(
        "Instruments once proposed 曾提议的工具",
        "The list of candidate levers that the model was begun with. Many were outcomes or context: these are indicators, "
        "outside numbers or beliefs, and the instrument of the item is the money, rule, quota or date behind them. "
        f"{len(found)} candidates: "
        + ", ".join(f"{kinds[kind]} {words[0]}" for kind, words in measures.BECAME.items())
        + ".",
    )
    text += _table(
        ("Item", "Candidate", "提议", "Became", "去向", "Name in the model", "Why", "说明"),
        (
            (one.measure, one.candidate, one.candidate_zh, *measures.BECAME[one.becomes], " ".join(f"`{name}`" for name in one.names),
             one.why_en, chinese(one.why_zh))
            for one in found
        ),
    )  # fmt: skip
    return _file(text)


def counted() -> str:
    """Every indicator, chapter by chapter."""
    text = _title(
        "Indicators 指标",
        "Values are stored in *unit* and shown in the units of the two columns after it. *Better* is a judgement. "
        "What adds up has the sum of its areas for the prefecture; all else is worked out anew from its sums.",
    )
    for group, names in indicators.GROUPS.items():
        text += [f"## {' '.join(names)}", ""]
        text += _table(
            ("Name", "English", "中文", "Unit", "Shown in", "显示单位", "Taken over", "分母", "Exists for", "Adds up",
             "Better"),
            (
                (f"`{one.name}`", one.en, one.zh, one.unit, one.shown_en, one.shown_zh, *one.denominator,
                 LEVELS[one.level], "yes" if one.adds else "", BETTER[one.better])
                for one in indicators.INDICATORS.values() if one.group == group
            ),
        )  # fmt: skip
    return _file(text)


def told(docstring: str) -> tuple[str, str]:
    """The first paragraph of a docstring, and what it says is left out (empty when it says nothing).

    Both come on one line each; what is left out runs from its words to the end of the paragraph.
    """
    clean = inspect.cleandoc(docstring)
    out = re.search(r"(?s)(?<=Left out:).*?(?=\n\s*\n|\Z)", clean)
    first = clean.split("\n\n", 1)[0]
    return " ".join(first.split()), " ".join(out.group().split()) if out else ""


def mechanisms() -> str:
    """What each mechanism does and what it leaves out, in the order of the roster."""
    roster = type(registry.default_settings()).model_fields.values()
    modules = [f"tianshui.population.{name}" for name in POPULATION]
    modules += [field.annotation.__module__ for field in roster if field.annotation is not None]
    text = _title("Mechanisms 机制", "The equations stand at the top of each file.")
    for module in dict.fromkeys(modules):
        does, without = told(importlib.import_module(module).__doc__ or "")
        path = module.replace(".", "/").removeprefix("tianshui/")
        text += [f"## {path}.py", "", does, "", f"**Left out:** {without}", ""]
    return _file(text)


def documents() -> str:
    """Every document, and how many declared numbers and which evidence tables cite it."""
    numbers = Counter(evidence.document(number.source)["key"] for number in registry.numbers().values())
    tables: dict[str, list[str]] = {
        key: list(one.get("tables", ())) for key, one in evidence.sources().items()
    }
    for name in SOURCED:
        for key in sorted({evidence.document(cited(row))["key"] for row in evidence.table(name)}):
            tables[key].append(name)
    text = _title(
        "Documents 资料来源",
        "`assumed`, `derived`, `expert_range`, `levers`, `mechanisms` and `recalled` are no documents: they say how a "
        "number came about where no publication gives it. *Checked* is the day on which an entry was last held "
        "against the figures that cite it.",
    )
    text += _table(
        ("Key", "Document", "Year", "Publisher", "Checked", "Numbers", "Evidence tables", "Note"),
        (
            (f'<a id="{key}"></a>`{key}`', one["title"], one["year"], one["publisher"], one["checked"],
             numbers[key] or "", ", ".join(tables[key]), one.get("note", ""))
            for key, one in evidence.sources().items()
        ),
    )  # fmt: skip
    return _file(text)


def cited(row: dict[str, str]) -> str:
    """The source of a row of an evidence table (the English one where there are two)."""
    return row["source"] if "source" in row else row["source_en"]


# --- What the items do --------------------------------------------------------------------------------------------------

MILLION, BILLION = 1e6, 1e9
EFFECTS = "items"
"""Name of the file that needs worlds to be lived; it stands beside the folder of the tables."""


def effects(watch: Callable[[Sequence[Any]], Callable[[Any, float], None]] | None = None) -> str:
    """What each item of the plan asks, is granted and does; runs several hundred small worlds."""
    from tianshui.experiments import items as lived

    found, purses = lived.effects(watch=watch)
    outcomes = Counter(one.verdict for one in found)
    text = [
        "# What the items of the plan do 规划事项的效果", "",
        "Written by `python -m tianshui.reference --effects`; change the model, not this file.", "",
        (f"*In the plan*: the plan less the plan without the item, {lived.SAMPLE:.0%} sample, median of {lived.PAIRS} worlds "
        "(seed i, draw i) with their range, in points where the indicator is in percent and else in percent of its level. "
        "*At most*: its levers at the end of their range that is farthest from `off`, less the same at `off`, money without "
        f"limit, mean of {lived.REACH_YEARS[0]}-{lived.REACH_YEARS[-1]} and {lived.SEEDS} seeds at central beliefs; *by its channel* is "
        "what of it is left when what the same money buys is taken away (all of it where money goes to households or firms or there is none); *left* is what of it `no_plan` has not got yet, *from* the level with its levers `off`. *Smallest* is the smallest effect worth reporting. Money is that of the year, "
        "mean of 2021-35: *asks in all* is what the item's levers ask for; *asks more than without* is what all levers together ask for "
        "more than in the plan without the item, and stands beside the effect."), "",
        "; ".join(f"{say('en', f'item_{name}')} ({say('zh', f'item_{name}')}): {outcomes[name]}" for name in lived.VERDICTS)
        + ".", "",
    ]  # fmt: skip
    text += _table(
        ("Item", "English", "中文", "The plan's word", "Asks in all, million yuan a year", "Asks more than without", "Granted", "First indicator", "Smallest",
         *(f"In the plan, {year}" for year in lived.TARGET_YEARS), "At most", "By its channel", "Left", "From", "Outcome", "结论", "Ground", "Rests on"),
        (_effect_row(one, lived.TARGET_YEARS) for one in found),
    )  # fmt: skip
    reach = [one for one in found if one.reach is not None]
    below = [one.item.id for one in reach if not one.reaches]
    text += [
        (
            f"At most, {len(reach) - len(below)} of the {len(reach)} items with a channel move their first indicator by the smallest "
            f"effect or more, and do so by their channel; below it: {', '.join(below) or 'none'}."
        ),
        "",
        *(
            line
            for word, some in _resting().items()
            for line in (f"Rests on {measures.GROUNDED[word][0]}: {', '.join(some) or 'none'}.", "")
        ),
        "## Further indicators",
        "",
        (
            "What the register expects of an item beside its first indicator, with the same worlds. An indicator that goes the other way by "
            "what is worth reporting is marked; nothing is judged by these."
        ),
        "",
    ]
    text += _table(
        ("Item", "Indicator", "Smallest", *(f"In the plan, {year}" for year in lived.TARGET_YEARS), "At most", "Left", "From", "Other way"),
        (row for one in found for row in _further_rows(one, lived.TARGET_YEARS)),
    )  # fmt: skip
    text += [
        "## All levers together", "", "Billion yuan of the year, mean of the worlds.", "",
    ]  # fmt: skip
    text += _table(
        ("Year", "Asked", "Granted", "Granted part", "All public spending"),
        ((one.year, f"{one.asked / BILLION:.2f}", f"{one.granted / BILLION:.2f}", f"{one.granted / one.asked:.1%}",
          f"{one.spending / BILLION:.2f}") for one in purses),
    )  # fmt: skip
    told = [one for one in purses if one.year in (lived.PLAN_YEAR, *lived.TARGET_YEARS)]
    text += [
        "## Each budget",
        "",
        "Granted of asked, and all that the budget spends, billion yuan of the year.",
        "",
    ]
    text += _table(
        ("Budget", *(str(one.year) for one in told)),
        ((indicators.AREAS[name][0], *(f"{granted / BILLION:.3f} of {asked / BILLION:.3f}, {spent / BILLION:.2f}"
                            for asked, granted, spent in (one.budgets[name] for one in told)))
         for name in purses[0].budgets),
    )  # fmt: skip
    return _file(text)


def _signed(size: float, of: str) -> str:
    """A change with its sign and unit; a dash where there was nothing to compare with."""
    return f"{size:+.2g}{of}" if math.isfinite(size) else "–"


def _further_rows(one: Any, years: Sequence[int]) -> Iterable[tuple[object, ...]]:
    """A row for each further indicator of an item."""
    told = {(change.expected, change.year): change for change in one.changes}
    for expected, reach in one.further:
        of = " points" if expected.in_points else " %"
        yield (
            one.item.id, f"`{expected.indicator}`" + (f" ({expected.area})" if expected.area != indicators.PREFECTURE else ""),
            f"{'+' if expected.sign > 0 else '−'}{expected.smallest:g}{of}",
            *(f"{told[expected, year].middle:+.2g}{of}" if (expected, year) in told else "" for year in years),
            _signed(reach.top, of), _signed(reach.left, of), f"{reach.at:,.4g}", "yes" if expected in one.against else "",
        )  # fmt: skip


def _effect_row(one: Any, years: Sequence[int]) -> tuple[object, ...]:
    """An item's row: its first indicator alone, which is the one that is tested."""
    item, first = one.item, one.item.indicators[0] if one.item.indicators else None
    of = "" if first is None else " points" if first.in_points else " %"
    told = {change.year: change for change in one.changes if change.expected == first}
    asked, more = (
        sum(money.values()) / max(len(money), 1) / MILLION for money in (one.asked, one.asked_more)
    )
    return (
        item.id, item.title_en, chinese(item.title_zh), measures.COMMITMENTS[item.commitment].en,
        f"{asked:,.0f}" if asked else "", f"{more:,.0f}" if one.asked_more else "", f"{one.granted_part:.0%}" if asked else "",
        "" if first is None else f"`{first.indicator}`" + (f" ({first.area})" if first.area != indicators.PREFECTURE else ""),
        "" if first is None else f"{'+' if first.sign > 0 else '−'}{first.smallest:g}{of}",
        *(f"{told[year].middle:+.2g} ({told[year].low:+.2g} to {told[year].high:+.2g}){of}" if year in told else "" for year in years),
        *(("", "", "", "") if one.reach is None else (*(f"{part:+.2g}{of}" for part in one.reach[:3]), f"{one.reach.at:,.4g}")),
        say("en", f"item_{one.verdict}"), say("zh", f"item_{one.verdict}"), item.status,
        measures.GROUNDED[measures.grounded(item, registry.numbers())][0] if item.channel_en else "",
    )  # fmt: skip


# --- The description of the model -------------------------------------------------------------------------------------

MODEL = "model"
"""Name of the description; it stands beside the folder of the tables, and only what lies between its marks is made."""
MADE = re.compile(r"(?s)(<!-- made: (\w+) -->\n).*?(<!-- end -->)")
"""A mark with the name of what is made, and where it ends."""
COLUMN = re.compile(r"(?m)^    (\w+): [\w.]+(?: \| None)?(?:  # (.*))?$")
"""A column of a record of the state and what is said of it."""
RECORDS = (
    "Persons",
    "Households",
    "Villages",
    "Industries",
    "Budgets",
    "PublicCapital",
    "Programmes",
    "Towns",
    "Nature",
    "Markets",
)
"""Records of the state, from those who decide to what all meet."""


def entities() -> list[str]:
    """The records of the state with their columns."""
    rows = []
    for name in RECORDS:
        record = getattr(state, name)
        columns = COLUMN.findall(inspect.getsource(record))
        told_of = "; ".join(f"`{column}`" + (f" ({note})" if note else "") for column, note in columns)
        rows.append((name, told(record.__doc__ or "")[0], told_of))
    return _table(("Record", "What it holds", "State variables"), rows)


def chapters() -> list[str]:
    """The calls of a year in their order."""
    source = inspect.getsource(year.live)
    own = [name for name in re.findall(r"= (\w+)\(", source) if inspect.isfunction(getattr(year, name, None))]
    rows = (
        (number, f"`{name}`", told(getattr(year, name).__doc__ or "")[0])
        for number, name in enumerate(own, 1)
    )
    return _table(("", "Chapter", "What it does"), rows)


def _groups_of_indicators() -> list[str]:
    every = indicators.INDICATORS.values()
    rows = (
        (*names, sum(one.group == group for one in every),
         ", ".join(f"`{one}`" for one in indicators.HEADLINES if indicators.INDICATORS[one].group == group))
        for group, names in indicators.GROUPS.items()
    )  # fmt: skip
    return [
        f"{len(every)} [indicators](reference/indicators.md).",
        "",
        *_table(("Group", "组", "Number", "Of them shown first"), rows),
    ]


def _tables_of_evidence() -> list[str]:
    rows = []
    for name in sorted(SOURCED):
        found = evidence.table(name)
        statuses = Counter(row["status"] for row in found if row.get("status"))
        rows.append(
            (
                f"`{name}.csv`",
                len(found),
                ", ".join(f"{count} {word}" for word, count in sorted(statuses.items())),
            )
        )
    return _table(("Table of evidence", "Rows", "Status"), rows)


def _statuses() -> list[str]:
    numbers = {
        "beliefs": registry.beliefs(),
        "outside": registry.outside_numbers(),
        "levers": registry.levers(),
        "cuts": registry.cuts(),
    }
    rows = [
        (f"[{name}](reference/{name}.md)", len(own), *(sum(one.status == word for one in own.values()) or "" for word in STATUSES))
        for name, own in numbers.items()
    ]  # fmt: skip
    own = registry.beliefs()
    places = dict.fromkeys(name.partition(".")[0] for name in own)
    rows += [
        (f"beliefs of {place}", len(mine), *(sum(one.status == word for one in mine) or "" for word in STATUSES))
        for place in places
        for mine in [[one for name, one in own.items() if name.partition(".")[0] == place]]
    ]  # fmt: skip
    return _table(("Numbers", "All", *STATUSES), rows)


def _levers_and_items() -> list[str]:
    rows = []
    for group, names in measures.GROUPS.items():
        own = {name: one for name, one in registry.levers().items() if one.group == group}
        of = [one for one in measures.register().values() if one.group == group]
        rows.append((
            *names, ", ".join(f"`{name}`" for name in own),
            ", ".join(one.id + ("" if one.channel_en else " (no channel)") for one in of),
        ))  # fmt: skip
    return _table(("Group", "组", "Levers", "Items of the plan"), rows)


def _library() -> list[str]:
    # Those of the package: whoever writes one of his own leaves the description as it is.
    folder = Path(plan.__file__).parent / "scenarios"
    found = (plan.load(file.stem, scenarios=folder) for file in sorted(folder.glob("*.yaml")))
    rows = (
        (f"`{one.name}`", one.title["en"], chinese(one.title["zh"]), one.reason.get("en", ""))
        for one in found
    )
    return _table(("Scenario", "English", "中文", "Why"), rows)


def _submodels() -> list[str]:
    rows = []
    for name, field in type(registry.default_settings()).model_fields.items():
        module = field.annotation.__module__ if field.annotation is not None else ""
        does, without = told(importlib.import_module(module).__doc__ or "")
        path = "/".join(module.split("."))
        rows.append((f"[{name}](../model/{path}.py)", does, without))
    return _table(("Submodel", "What it does", "What it leaves out"), rows)


def _loops() -> list[str]:
    found = registry.cuts()
    rows = (
        (code, *found[name].names, f"`{name}`", found[name].doc) for name, code in registry.loops().items()
    )
    return _table(("Loop", "English", "中文", "Cut", "What it does"), rows)


PARTS = {
    "entities": entities, "chapters": chapters, "indicators": _groups_of_indicators, "data": _tables_of_evidence,
    "numbers": _statuses, "levers": _levers_and_items, "scenarios": _library, "submodels": _submodels, "loops": _loops,
}  # fmt: skip
"""What is made within the description, by the name in its mark."""


def described(text: str) -> str:
    """The description with everything between its marks made anew.

    Raises KeyError for a mark that names nothing that is made.
    """
    return MADE.sub(lambda mark: "\n".join([mark[1], *PARTS[mark[2]](), mark[3]]), text)


def by_hand(text: str) -> str:
    """The description without what is made."""
    return MADE.sub("", text)


def renew(file: Path) -> None:
    """Renew the tables within the description."""
    file.write_text(described(file.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")


TABLES = {
    "measures": items, "candidates": candidates, "levers": levers, "beliefs": beliefs, "outside": outside, "cuts": cuts, "indicators": counted,
    "mechanisms": mechanisms, "sources": documents,
}  # fmt: skip
"""Name of each file, without its ending, and what writes its text."""


def write(folder: Path) -> None:
    """Write every table as `<name>.md` into `folder`, which is made when it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in TABLES.items():
        (folder / f"{name}.md").write_text(text(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    if sys.argv[1:] == ["--effects"]:
        (FOLDER.parent / f"{EFFECTS}.md").write_text(effects(), encoding="utf-8", newline="\n")
    elif sys.argv[1:] == ["--model"]:
        renew(FOLDER.parent / f"{MODEL}.md")
    else:
        write(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
        if not sys.argv[1:]:
            renew(FOLDER.parent / f"{MODEL}.md")
