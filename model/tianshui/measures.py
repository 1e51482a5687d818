"""The register of the plan's 44 items: 38 tasks in ten pushes and six supports.

Each item says who decides it and who responds, how firmly the plan speaks, by which channel it acts in this model and
which indicators it should move, the first of them the one that is tested; or else why it has no channel. The levers
are declared with their mechanisms (`Declared.measure`), not here, and a lever belongs to one item. `read` refuses a
register at odds with itself, `check` one at odds with the levers.

Beside it stands what became of each of the 101 instruments that were once proposed (`candidates`): many were outcomes
or context, which a plan cannot set.
"""

import math
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import cache
from typing import NamedTuple

from tianshui.declare import STATUSES, Declared
from tianshui.evidence import document, table
from tianshui.indicators import INDICATORS, PREFECTURE, areas_of
from tianshui.words import DETAILS, WORDS, chinese

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


DECIDERS = ("nation", "province", "city", "county")
"""Levels of government that may decide most of an item."""


class Commitment(NamedTuple):
    """How firmly the plan speaks: a name and what it means, in English and Chinese."""

    en: str
    zh: str
    meaning_en: str
    meaning_zh: str


COMMITMENTS = {
    "binding": Commitment(
        "binding", "约束", "a dated duty whose outcome is inspected", "有期限、受考核验收的任务"
    ),
    "firm": Commitment(
        "firm", "落实", "a standing duty of government, with no date or sum", "政府的常态职责,未定期限和数额"
    ),
    "build": Commitment(
        "build", "建设", "works and programmes to be carried out as money allows", "视财力实施的工程和项目"
    ),
    "explore": Commitment("explore", "探索", "trials whose form and size are open", "形式与规模未定的试点"),
    "seek": Commitment("seek", "争取", "asked of a government above, which decides", "向上级争取,由上级决定"),
    "vision": Commitment(
        "vision", "愿景", "a picture of the end, with few means named", "描绘远景,少有具体手段"
    ),
    "steady": Commitment("steady", "保持", "what is done already goes on", "延续现有做法"),
    "reform": Commitment(
        "reform", "改革", "rules are changed, hardly any money spent", "改变规则,基本不花钱"
    ),
}
"""The closed set of words for it; one for each item, the strongest that its text bears as a whole."""

RESPONDERS = {
    "villagers": ("village households", "农村家庭"),
    "townspeople": ("town households", "城镇家庭"),
    "enterprises": ("enterprises", "企业"),
    "counties": ("county governments", "县区政府"),
    "outsiders": ("visitors, buyers and investors from outside", "市外游客、客商与投资者"),
    "nature": ("forest, soil and river", "森林、土壤与河流"),
}
"""Who may respond to an item, in English and Chinese."""


BECAME = {
    "lever": ("lever", "杠杆"),
    "indicator": ("indicator", "指标"),
    "outside": ("outside number", "外部条件"),
    "belief": ("belief", "参数"),
    "left_out": ("left out", "未采用"),
}
"""What a proposed instrument may have become, in English and Chinese."""


class Candidate(NamedTuple):
    """One instrument of the list that the model was begun with, and what became of it."""

    measure: str
    candidate: str
    """Its name in that list."""
    candidate_zh: str
    becomes: str
    """A word of BECAME."""
    names: tuple[str, ...]
    """Full names of the numbers, or names of the indicators, that it became; none when it was left out."""
    why_en: str
    why_zh: str
    """Why it was left out, or what the instrument behind an outcome is; may be empty."""


class Expected(NamedTuple):
    """What an item should do to an indicator by 2035, at the top of its range and fully paid, against zero."""

    indicator: str
    area: str
    sign: int
    smallest: float
    """Smallest effect worth reporting: points where the indicator is in percent, else percent of its level."""
    status: str
    source: str
    """From what the smallest effect was derived, or that it is assumed."""

    @property
    def in_points(self) -> bool:
        """Whether the effect is in points and not in percent of the level."""
        return INDICATORS[self.indicator].unit == "%"


class Weights(NamedTuple):
    """How far an item belongs to each of the four headline groups, between 0 and 1 and together 1 or less.

    A judgement of those who split the plan into items. It is shown, never used: shares of a difference are those of the
    levers' own groups, which are a partition.
    """

    poverty: float
    industry: float
    urban: float
    ecology: float


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
    """How firmly the plan speaks, a word of COMMITMENTS."""
    who: str
    """Who decides most of it: nation, province, city, county."""
    responders: tuple[str, ...]
    """Who responds, words of RESPONDERS."""
    channel_en: str
    channel_zh: str
    """From its levers to its indicators; empty where there is no channel."""
    no_channel_en: str
    no_channel_zh: str
    """Why it has no channel; empty where it has one."""
    indicators: tuple[Expected, ...]
    """What it should move; the first is the one that is tested."""
    sized_by: tuple[str, ...]
    """Beliefs that decide how large the first of these effects comes out, by full name."""
    source: str
    """Ground of the channel, or of its absence."""
    status: str
    weights: Weights
    """Of the item on the headline groups; shown, never used."""


WEIGHT = "w_"
"""Begins the name of each column of weights."""
ROUNDED = 1e-9
"""By how much a sum of weights in print may miss one."""


def _refuse(item: str, why: str) -> None:
    raise ValueError(f"{item}: {why}")


def _expected(item: str, text: str) -> Expected:
    """`indicator[@area]:sign:smallest:status:source`."""
    count = len(Expected._fields) - 1  # the area stands with the name, and the source may hold colons
    parts = text.split(":", count - 1)
    if len(parts) < count:
        _refuse(item, f"{text!r} is not indicator[@area]:sign:smallest:status:source")
    name, sign, smallest, status, source = parts
    name, _, area = name.partition("@")
    area = area or PREFECTURE
    if name not in INDICATORS:
        _refuse(item, f"unknown indicator {name!r}")
    if area not in areas_of(INDICATORS[name]):
        _refuse(item, f"{name} does not exist for {area!r}")
    if sign not in ("+", "-"):
        _refuse(item, f"the sign of {name} is {sign!r}, neither + nor -")
    if not float(smallest) > 0.0:
        _refuse(item, f"the smallest effect on {name} is {smallest}, not above zero")
    if status not in STATUSES:
        _refuse(item, f"unknown status {status!r}")
    _check_source(item, name, status, source)
    return Expected(name, area, 1 if sign == "+" else -1, float(smallest), status, source)


JUDGED = ("assumed", "expert_range", "levers")
"""Documents that are our own judgement."""


def _check_source(item: str, name: str, status: str, source: str) -> None:
    """What is known of a smallest effect says from what it is known, and not from our own judgement."""
    try:
        found = document(source)
    except KeyError:
        _refuse(item, f"the effect on {name} cites {source!r}, which leads to no document")
    else:
        if not found["detail"]:
            _refuse(item, f"the effect on {name} does not say where in {source!r}")
        if status != "assumed" and found["key"] in JUDGED:
            _refuse(item, f"the effect on {name} is {status} and cites {source!r}")


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split(";")) if text else ()


def _weights(row: Mapping[str, str]) -> Weights:
    """The four columns `w_` and a group."""
    found = []
    for group in Weights._fields:
        text = row[f"{WEIGHT}{group}"]
        try:
            found.append(float(text))
        except ValueError:
            found.append(math.nan)
        if not 0.0 <= found[-1] <= 1.0:
            _refuse(row["id"], f"its weight on {group} is {text!r}, not between 0 and 1")
    if math.fsum(found) > 1.0 + ROUNDED:
        _refuse(row["id"], f"its weights add up to {math.fsum(found):g}, which is more than 1")
    return Weights(*found)


def _measure(row: Mapping[str, str]) -> Measure:
    own = row["id"]
    moves = tuple(_expected(own, text) for text in _words(row["indicators"]))
    lists = {name: _words(row[name]) for name in ("responders", "sized_by")}
    told = {name: text for name, text in row.items() if not name.startswith(WEIGHT)}
    item = Measure(**{**told, **lists, "indicators": moves, "weights": _weights(row)})  # pyright: ignore
    for text, known in (
        (item.push, PUSHES), (item.group, GROUPS), (item.commitment, COMMITMENTS), (item.who, DECIDERS),
        (item.status, STATUSES), *((one, RESPONDERS) for one in item.responders),
    ):  # fmt: skip
        if text not in known:
            _refuse(own, f"unknown word {text!r}")
    for kind in ("title", "text"):
        if not row[f"{kind}_en"] or not row[f"{kind}_zh"]:
            _refuse(own, f"no {kind} in one language")
    channel, reason = (bool(row[f"{kind}_en"]) for kind in ("channel", "no_channel"))
    if (channel, reason) != (bool(item.channel_zh), bool(item.no_channel_zh)):
        _refuse(own, "told in one language only")
    if channel == reason:
        _refuse(
            own, "a channel and a reason for none" if channel else "neither a channel nor a reason for none"
        )
    if channel != bool(moves):
        _refuse(own, "a channel that moves nothing" if channel else "moves an indicator without a channel")
    if channel != bool(item.sized_by):
        _refuse(
            own, "no belief sizes its effect" if channel else "a belief sizes an effect without a channel"
        )
    if len({(one.indicator, one.area) for one in moves}) < len(moves):
        _refuse(own, "names an indicator twice")
    if not item.responders or not item.source:
        _refuse(own, "nobody responds" if not item.responders else "no source")
    return item


def read(rows: Iterable[Mapping[str, str]]) -> dict[str, Measure]:
    """Items by id, in the order of their rows.

    Raises
    ------
    ValueError
        When a row has neither a channel nor a reason for none, or both, or a word or indicator that is not known.
    """
    items: dict[str, Measure] = {}
    for row in rows:
        if row["id"] in items:
            _refuse(row["id"], "stands twice in the register")
        items[row["id"]] = _measure(row)
    return items


@cache
def register() -> dict[str, Measure]:
    """All items by id, in the plan's order."""
    return read(table("measures"))


def check(items: Mapping[str, Measure], levers: Mapping[str, Declared]) -> None:
    """Hold the register against the levers.

    Raises
    ------
    ValueError
        When a lever belongs to no item, to several, or to one without a channel, or when an item with a channel has no
        lever.
    """
    for name, number in levers.items():
        if number.measure not in items:
            _refuse(name, f"belongs to {number.measure!r}, which is not one item of the register")
        if not items[number.measure].channel_en:
            _refuse(number.measure, f"is said to have no channel and has the lever {name}")
    found = {number.measure for number in levers.values()}
    for item in items.values():
        if item.channel_en and item.id not in found:
            _refuse(item.id, "has a channel and no lever")


def names() -> tuple[str, ...]:
    """Every word that names a part of the plan: items, pushes, groups."""
    return (*register(), *PUSHES, *GROUPS)


def items_of(words: Iterable[str]) -> tuple[str, ...]:
    """The items among some items, pushes or groups, in the register's order; to a group belong those that are first of it.

    Raises
    ------
    KeyError
        With the word that is none of them.
    """
    wanted, known = tuple(words), set(names())
    for word in wanted:
        if word not in known:
            raise KeyError(word)
    return tuple(
        one.id for one in register().values() if not {one.id, one.push, one.group}.isdisjoint(wanted)
    )


ALONE, SIGN, PARTLY = "alone", "sign", "partly"
GROUNDED = {
    ALONE: ("assumption alone, for its channel and for its size", "渠道与大小均仅凭假设"),
    SIGN: ("a study, a rule or the model for its channel; assumption alone for its size",
           "渠道有研究、规则或模型依据,大小仅凭假设"),
    PARTLY: ("a known figure, at least, among those that size it", "决定大小的数字中至少有一个有出处"),
}  # fmt: skip
"""On what an item's effect rests, in English and Chinese."""


def sizes(item: Measure, numbers: Mapping[str, Declared]) -> dict[str, str]:
    """The beliefs that size an item's effect, each with its status.

    Raises
    ------
    ValueError
        When one of them is no belief.
    """
    for name in item.sized_by:
        if name not in numbers or numbers[name].kind != "belief":
            known = [name for name, number in numbers.items() if number.kind == "belief"]
            near = get_close_matches(name, known, 1, 0.0)
            _refuse(item.id, f"is sized by {name!r}, which is no belief; did you mean {near[0]!r}?")
    return {name: numbers[name].status for name in item.sized_by}


def grounded(item: Measure, numbers: Mapping[str, Declared]) -> str:
    """On what the effect of an item with a channel rests: a word of GROUNDED.

    What a belief's own prior rests on is its status; that some figure is known does not make the others so.
    """
    if any(status != "assumed" for status in sizes(item, numbers).values()):
        return PARTLY
    return ALONE if item.status == "assumed" else SIGN


def without_lever() -> tuple[str, ...]:
    """Items that no lever carries out, each with the reason in the register."""
    return tuple(item.id for item in register().values() if item.no_channel_en)


def covers(word: str, number: Declared) -> bool:
    """Whether a lever belongs to the item, push or headline group called `word`."""
    if word in GROUPS:
        return number.group == word
    item = register().get(number.measure)
    return word == number.measure or (item is not None and item.push == word)


def levers_of(words: Iterable[str], levers: Mapping[str, Declared]) -> tuple[str, ...]:
    """The levers of some items, pushes or groups, in the levers' own order."""
    wanted = tuple(words)
    return tuple(name for name, number in levers.items() if any(covers(word, number) for word in wanted))


# --- What became of the proposed instruments ------------------------------------------------------------


def _candidate(row: Mapping[str, str], items: Mapping[str, Measure]) -> Candidate:
    called = f"{row['measure']} {row['candidate']}"
    words = {name: text for name, text in row.items() if name != "name"}
    one = Candidate(**words, names=_words(row["name"]))
    if one.measure not in items:
        _refuse(called, f"{one.measure!r} is not one item of the register")
    if one.becomes not in BECAME:
        _refuse(called, f"unknown word {one.becomes!r}")
    if bool(one.names) == (one.becomes == "left_out"):
        _refuse(called, "left out and named" if one.names else "becomes something without a name")
    if one.becomes == "left_out" and not one.why_en:
        _refuse(called, "left out without a reason")
    if bool(one.why_en) != bool(one.why_zh) or not one.candidate_zh:
        _refuse(called, "told in one language only")
    return one


def read_candidates(rows: Iterable[Mapping[str, str]], items: Mapping[str, Measure]) -> tuple[Candidate, ...]:
    """The proposed instruments in the order of their rows.

    Raises
    ------
    ValueError
        When a row stands twice, belongs to no item, or says of what it became too little, too much or nothing.
    """
    found: dict[tuple[str, str], Candidate] = {}
    for row in rows:
        key = row["measure"], row["candidate"]
        if key in found:
            _refuse(" ".join(key), "stands twice")
        found[key] = _candidate(row, items)
    return tuple(found.values())


@cache
def candidates() -> tuple[Candidate, ...]:
    """All proposed instruments, in the plan's order."""
    return read_candidates(table("candidates"), register())


def check_candidates(found: Iterable[Candidate], numbers: Mapping[str, Declared]) -> None:
    """Hold the proposed instruments against what is declared and counted.

    Raises
    ------
    ValueError
        When a name is not known (the nearest is told) or is of another kind, or when a lever belongs to another item
        and no reason is given.
    """
    for one in found:
        called = f"{one.measure} {one.candidate}"
        known = (
            [*INDICATORS]
            if one.becomes == "indicator"
            else [name for name, number in numbers.items() if number.kind == one.becomes]
        )
        for name in one.names:
            if name not in known:
                near = get_close_matches(name, known, 1, 0.0)
                _refuse(called, f"{name!r} is no {BECAME[one.becomes][0]}; did you mean {near[0]!r}?")
            elif one.becomes == "lever" and numbers[name].measure != one.measure and not one.why_en:
                _refuse(called, f"{name} belongs to {numbers[name].measure}, and no reason is given")


# --- In words ---------------------------------------------------------------------------------------------


def cited(source: str) -> tuple[str, str]:
    """A source in words, in English and Chinese: the document's title, or how the number came about, and where in it.

    A publication keeps its own title in both; one that this version does not know stays as it is written.
    """
    try:
        found = document(source)
    except KeyError:
        return source, source
    key, detail = found["key"], found["detail"]
    title = WORDS.get(f"source.{key}", (found["title"], found.get("title_zh", found["title"])))
    proposed = {one.candidate: one.candidate_zh for one in candidates()}
    detail_zh = (proposed if key == "levers" else DETAILS).get(detail, detail.replace("_", " "))
    if not detail:
        return title[0], chinese(title[1])
    english = f"{title[0]}: {detail.replace('_', ' ')}"
    # What is English in both stays as it is.
    return english, chinese(f"{title[1]}:{detail_zh}") if (title[1], detail_zh) != (
        title[0],
        detail,
    ) else english
