"""The verdict as HTML: aims by year, published and derived apart from assumed, and those not modelled."""

import math
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from tianshui.experiments.verdict import said_twice
from tianshui.indicators import INDICATORS, PREFECTURE, Indicator
from tianshui.report.collect import GLANCED, Frames
from tianshui.report.text import aim_name, both, joined, phrase, say, status
from tianshui.views.drawing import SCENARIO_COLOURS, Scenario, Words

Aim = dict[str, Any]
"""One row of `experiments.verdict.verdict`."""
FIRM = ("published", "derived", "found")
"""Statuses of an aim that the city itself set or that follows from what it set."""
COLUMNS = ((2025, (2022, 2025)), (2035, (2026, 2035)))
"""A column of the table of later aims, and the first and last year of the aims in it."""
PAST = 2021
"""Last year whose aims judge the model's history rather than a plan: the first year of plans, too early to show them."""
LIKELY = 0.5
"""An aim counts as met when at least this part of the worlds meet it."""
LAST_AIM = 2035
"""Year of the last aims."""
PLAIN = "#57606a"
SMALLEST = 4
"""Most decimals of a number shown."""
SHAPES = ("●", "◆", "▲", "■", "★")


def is_firm(aim: Aim) -> bool:
    """Whether an aim is published or derived, not assumed."""
    return aim["status"] in FIRM


def is_judged(aim: Aim) -> bool:
    """Whether the model says anything of an aim in any scenario."""
    return bool(aim["probability"])


def met(aims: Iterable[Aim], scenario: Scenario) -> tuple[int, int]:
    """How many aims a scenario meets, and of how many it is judged."""
    chances = [aim["probability"][scenario.name] for aim in aims if scenario.name in aim["probability"]]
    return sum(chance >= LIKELY for chance in chances), len(chances)


def verdict(aims: Sequence[Aim], scenarios: Sequence[Scenario], worlds: int, glanced: str = "") -> str:
    """The whole verdict: a line a scenario, what is changed, the counts, the tables, and the aims not modelled."""
    known = [aim for aim in aims if is_judged(aim)]
    later, past = [aim for aim in known if aim["year"] > PAST], [aim for aim in known if aim["year"] <= PAST]
    parts = []
    if known:
        parts.append(_lines(later, scenarios))
        parts.append(glanced)
        parts.append(f"<p>{both(say('verdict.lead'))}</p>")
        parts.append(_counts(known, scenarios))
        step = f"{100 / worlds:.3g}" if worlds else "100"
        parts.append(f'<p class="small">{both(say("verdict.read", worlds=worlds, step=step))}</p>')
        for firm, title in ((True, "verdict.firm"), (False, "verdict.assumed")):
            chosen = [aim for aim in later if is_firm(aim) == firm]
            parts.append(f"<h3>{both(say(title).then(say('verdict.later'), ', ', ','))}</h3>")
            parts.append(_table(chosen, scenarios) if chosen else _absent("verdict.none_of_kind"))
        parts.append(f"<h3>{both(say('verdict.year_2020'))}</h3><p>{both(say('verdict.past'))}</p>")
        parts.append(_past(past, scenarios) if past else _absent("verdict.none_of_kind"))
    else:
        parts += [_absent("verdict.none"), glanced]
    parts.append(_unjudged([aim for aim in aims if not is_judged(aim)]))
    return "\n".join(parts)


def _lines(aims: Sequence[Aim], scenarios: Sequence[Scenario]) -> str:
    lines = []
    for place, scenario in enumerate(scenarios):
        firm_met, firm = met([aim for aim in aims if is_firm(aim)], scenario)
        assumed_met, assumed = met([aim for aim in aims if not is_firm(aim)], scenario)
        told = say(
            "verdict.one_line", scenario=scenario.title, firm_met=firm_met, firm=firm,
            assumed_met=assumed_met, assumed=assumed,
        )  # fmt: skip
        lines.append(f"<li>{mark(place)} {both(told)}</li>")
    twice = "".join(f'<p class="small">{both(told)}</p>' for told in one_source(aims))
    return f'<p class="after">{both(say("verdict.after"))}</p><ul class="lines">{"".join(lines)}</ul>{twice}'


def glance(frames: Frames) -> str:
    """What the first scenario changes against the second by the last year: a card an indicator."""
    rows = frames.differences[frames.differences["area"] == PREFECTURE]
    if len(frames.scenarios) < 2 or rows.empty:
        return ""
    a, b = frames.scenarios[:2]
    last = int(rows["year"].max())
    ends = frames.bands.query("area == @PREFECTURE and year == @last").set_index(["indicator", "scenario"])
    own = rows[rows["year"] == last].set_index("indicator")
    cards = []
    for one in (INDICATORS[name] for name in GLANCED if name in own.index):
        levels = [float(ends.loc[(one.name, told.name), "middle"]) for told in (a, b)]
        cards.append(_card(one, own.loc[one.name], levels[0], levels[1], frames.worlds))
    if not cards:
        return ""
    title = say("glance.title", a=a.title, b=b.title, year=last)
    lead = say("glance.lead" if frames.worlds > 1 else "glance.lead_one", worlds=frames.worlds)
    return f'<h3>{both(title)}</h3><p class="small">{both(lead)}</p><ul class="glance">{"".join(cards)}</ul>'


def _card(about: Indicator, change: Any, a: float, b: float, worlds: int) -> str:
    """One difference: its middle, its range, both levels, and whether all worlds agree on its side."""
    # All are read with the digits of the levels, of which a difference is a part.
    scale = max(abs(a), abs(b)) * about.factor

    def told(value: float, signed: bool = False) -> str:
        return figure(value * about.factor, scale, signed)

    side = int(change["low"] > 0) - int(change["high"] < 0)
    kind = (
        "neutral" if not about.better else "open" if not side else "gain" if side == about.better else "loss"
    )
    levels = say("glance.levels", a=told(a), b=told(b))
    spread = ""
    if worlds > 1:
        spread = (
            f"{both(say('glance.range', low=told(change['low'], True), high=told(change['high'], True)))}"
        )
    return (
        f'<li class="{kind}"><p class="what">{both(Words(about.en, about.zh))}</p>'
        f'<p class="big">{told(change["middle"], True)} <small>{both(Words(about.shown_en, about.shown_zh))}</small></p>'
        f'<p class="range">{spread}</p><p class="range">{both(levels)}</p>'
        f'<p class="side">{both(say(f"glance.{kind}"))}</p></li>'
    )


def _counts(aims: Sequence[Aim], scenarios: Sequence[Scenario]) -> str:
    columns = [*((str(year), years) for year, years in COLUMNS), (both(say("verdict.year_2020")), (0, PAST))]
    heads = "".join(f'<th scope="colgroup" colspan="2">{told}</th>' for told, _ in columns)
    kinds = "".join(
        f'<th scope="col">{both(say("verdict.firm"))}</th><th scope="col">{both(say("verdict.assumed"))}</th>'
        for _ in columns
    )
    rows = []
    for place, scenario in enumerate(scenarios):
        cells = []
        for _, (first, last) in columns:
            within = [aim for aim in aims if first <= aim["year"] <= last]
            for firm in (True, False):
                there, all_of_them = met([aim for aim in within if is_firm(aim) == firm], scenario)
                cells.append(f"<td>{there} / {all_of_them}</td>" if all_of_them else "<td>–</td>")
        rows.append(f'<tr><th scope="row">{mark(place)} {both(scenario.title)}</th>{"".join(cells)}</tr>')
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-labelledby="counts-title"><table class="counts">'
        f'<caption id="counts-title">{both(say("verdict.counts"))}</caption><thead>'
        f'<tr><th scope="col" rowspan="2">{both(say("verdict.scenario"))}</th>{heads}</tr><tr>{kinds}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _table(aims: Sequence[Aim], scenarios: Sequence[Scenario]) -> str:
    """Aims a plan can change: a row an indicator, a column a target year."""
    heads = "".join(f'<th scope="col">{year}</th>' for year, _ in COLUMNS)
    rows = []
    for indicator in dict.fromkeys(aim["indicator"] for aim in aims):
        own = [aim for aim in aims if aim["indicator"] == indicator]
        cells = []
        for year, (first, last) in COLUMNS:
            within = [aim for aim in own if first <= aim["year"] <= last]
            told = "".join(_aim(aim, scenarios, year) for aim in within)
            cells.append(f"<td>{told}</td>" if told else '<td class="empty">–</td>')
        rows.append(f'<tr><th scope="row">{both(name(indicator))}</th>{"".join(cells)}</tr>')
    legend = " ".join(
        f"<span>{mark(place)} {both(told.title)}</span>" for place, told in enumerate(scenarios)
    )
    return (
        f'<table class="aims"><caption class="legend">{legend}</caption>'
        f'<thead><tr><th scope="col">{both(say("verdict.aim"))}</th>{heads}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table>"
    )


def _aim(aim: Aim, scenarios: Sequence[Scenario], column: int) -> str:
    lines = "".join(
        f'<li class="{_side(aim, scenario)}"><span class="vh">{both(scenario.title)}:</span>'
        f"{mark(place)} {_chance(aim, scenario, place)} {_facts(aim, scenario)}</li>"
        for place, scenario in enumerate(scenarios)
    )
    grounds = _grounds(aim)
    below = f'<p class="basis">{grounds}</p>' if grounds else ""
    return (
        f'<div class="aim"><p class="threshold"><span class="column-year">{column}</span>'
        f"{threshold(aim)}</p><ul>{lines}</ul>{below}</div>"
    )


def _past(aims: Sequence[Aim], scenarios: Sequence[Scenario]) -> str:
    """Aims of 2020 and of the first year of plans: a row an aim, published and derived ones first."""
    keys = ("verdict.aim", "verdict.year", "verdict.aimed", "verdict.found", "verdict.basis")
    heads = "".join(f'<th scope="col">{both(say(key))}</th>' for key in keys)
    rows = []
    for firm, title in ((True, "verdict.firm"), (False, "verdict.assumed")):
        chosen = [aim for aim in aims if is_firm(aim) == firm]
        if chosen:
            rows.append(f'<tr class="kind"><th scope="colgroup" colspan="5">{both(say(title))}</th></tr>')
        for aim in chosen:
            told = [(place, scenario, _facts(aim, scenario)) for place, scenario in enumerate(scenarios)]
            # What is the same in all scenarios is said once.
            same = len({facts for _, _, facts in told}) == 1
            lines = "".join(
                f'<li class="{_side(aim, scenario)}">{"" if same else mark(place)} '
                f"{_chance(aim, scenario, None if same else place)} {facts}</li>"
                for place, scenario, facts in (told[:1] if same else told)
            )
            rows.append(
                f'<tr><th scope="row">{both(name(aim["indicator"]))}</th><td>{aim["year"]}</td>'
                f'<td>{threshold(aim)}</td><td><ul>{lines}</ul></td><td class="small">{_grounds(aim)}</td></tr>'
            )
    return (
        f'<div class="scroll" tabindex="0"><table class="plain past"><thead><tr>{heads}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def threshold(aim: Aim) -> str:
    """What an aim asks for: sign, value, unit and status of the threshold."""
    sign = {">=": "≥", "<=": "≤"}.get(aim["direction"], aim["direction"])
    return (
        f'<strong class="n">{sign} {figure(aim["threshold"])}</strong> {both(phrase(aim["unit"]))} '
        f"{badge(aim['status'])}"
    )


def _grounds(aim: Aim) -> str:
    grounds = [phrase(aim["basis"])] if aim["basis"] else []
    if aim["source"] and aim["source"] != "assumed":
        grounds.append(phrase(aim["source"]))
    return both(joined(grounds, "; ", ";"))


def _side(aim: Aim, scenario: Scenario) -> str:
    if scenario.name not in aim["probability"]:
        return "unknown"
    return "met" if aim["probability"][scenario.name] >= LIKELY else "missed"


def _chance(aim: Aim, scenario: Scenario, place: int | None) -> str:
    """The probability of one aim in one scenario, as a number and a bar."""
    if scenario.name not in aim["probability"]:
        return both(say("verdict.no_value"))
    chance = aim["probability"][scenario.name]
    colour = PLAIN if place is None else SCENARIO_COLOURS[place % 5]
    return (
        f'<span class="chance"><span class="bar" aria-hidden="true">'
        f'<span style="width:{100 * chance:.0f}%;background:{colour}"></span></span>'
        f'<span class="vh">{both(say("verdict.chance"))}</span><span class="percent">{100 * chance:.0f} %</span></span>'
    )


def _facts(aim: Aim, scenario: Scenario) -> str:
    """Middle value, gap and year of attainment of one aim in one scenario."""
    if scenario.name not in aim["probability"]:
        return ""
    middle = aim["median"][scenario.name]
    # Middle and gap are read with the same digits: those of the larger of middle and aim.
    scale = max(abs(middle), abs(aim["threshold"]))
    facts = [
        f"{both(say('verdict.middle'))} {figure(middle, scale)}",
        f"{both(say('verdict.gap'))} {figure(aim['gap'][scenario.name], scale, signed=True)}",
        both(since(aim, scenario.name)),
    ]
    return f'<span class="facts">{" · ".join(facts)}</span>'


def since(aim: Aim, scenario: str, last: int = LAST_AIM) -> Words:
    """When most worlds of a scenario first meet an aim; a year before the aim's own says so when it is missed at its own.

    `last` is the last year that was looked at.
    """
    reached = aim["attained"][scenario]
    if not reached:
        return say("verdict.never", year=last)
    lost = reached < aim["year"] and aim["probability"][scenario] < LIKELY
    return say("verdict.lost" if lost else "verdict.attained", year=reached)


def one_source(aims: Iterable[Aim]) -> list[Words]:
    """A line for judged aims of one year that one document sets in one quantity: they say one thing more than once."""
    lines = []
    for group in said_twice(aims):
        named = [say("verdict.named", name=name(aim["indicator"])) for aim in group]
        many = {"year": group[0]["year"], "count": len(group)}
        lines.append(say("verdict.one_source", names=joined(named, " and ", "与"), **many))
    return lines


def _unjudged(aims: Sequence[Aim]) -> str:
    if not aims:
        return ""
    # What differs in its years only is one row.
    years: dict[tuple[str, str], list[Aim]] = {}
    for aim in aims:
        years.setdefault((aim["indicator"], aim["reason"]), []).append(aim)
    rows = "".join(
        f'<tr><th scope="row">{both(name(indicator))}</th>'
        f"<td>{', '.join(str(aim['year']) for aim in own)}</td>"
        f"<td>{' '.join(badge(one) for one in dict.fromkeys(aim['status'] for aim in own))}</td>"
        f"<td>{both(phrase(reason))}</td></tr>"
        for (indicator, reason), own in years.items()
    )
    heads = "".join(
        f'<th scope="col">{both(say(key))}</th>'
        for key in ("verdict.aim", "verdict.year", "assumptions.status", "verdict.reason")
    )
    return (
        f"<h3>{both(say('verdict.unjudged'))}</h3><p>{both(say('verdict.unjudged_lead', count=len(aims)))}</p>"
        f'<div class="scroll" tabindex="0"><table class="plain"><thead><tr>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def name(indicator: str) -> Words:
    """The name of what an aim is set in."""
    if known := aim_name(indicator):
        return known
    if indicator in INDICATORS:
        return Words(INDICATORS[indicator].en, INDICATORS[indicator].zh)
    return Words(indicator.replace("_", " "), indicator.replace("_", " "))


def badge(name: str) -> str:
    """The status of a number, set off."""
    return f'<span class="badge {escape(name)}">{both(status(name))}</span>'


def figure(value: float, scale: float | None = None, signed: bool = False) -> str:
    """A number with separated thousands and about four digits, counted from `scale` or from itself.

    The minus is a true minus sign; what would be rounded to nothing, but is not, is written as ≈ 0.
    """
    if not math.isfinite(value):
        return "–"
    size = abs(value) if scale is None else scale
    decimals = max(0, min(SMALLEST, 3 - math.floor(math.log10(size)))) if size else 0
    if value and round(value, decimals) == 0:
        return "≈ 0"
    text = f"{value:{'+' if signed and value else ''},.{decimals}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace("-", "−")


def mark(place: int) -> str:
    """The sign of a scenario: a shape and a colour."""
    return (
        f'<span class="mark" aria-hidden="true" style="color:{SCENARIO_COLOURS[place % 5]}">'
        f"{SHAPES[place % 5]}</span>"
    )


def _absent(key: str) -> str:
    return f'<p class="absent">{both(say(key))}</p>'
