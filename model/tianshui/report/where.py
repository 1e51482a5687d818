"""Where the aims are met, as HTML: a heat table of aims and counties, and the aims that no county is held to."""

from collections.abc import Sequence

from tianshui.indicators import COUNTIES
from tianshui.report.aims import LIKELY, PAST, Aim, is_firm, is_judged, mark, name, threshold
from tianshui.report.collect import AREAS
from tianshui.report.text import both, joined, phrase, say
from tianshui.views.drawing import Scenario, Words

DARKEST = 0.55
"""How much of the colour a cell has where every world meets the aim; dark letters stay legible on it."""
COLOUR = "0,114,178"
"""Red, green and blue of a cell."""
WIDE = ' colspan="2"'
"""The head of an aim stands over its name and the signs of the scenarios."""


def meeting(aim: Aim, scenario: str) -> tuple[str, ...]:
    """Counties where at least half of a scenario's worlds meet an aim, in their usual order."""
    own = aim["by_area"].get(scenario, {})
    return tuple(area for area in COUNTIES if area in own and own[area]["probability"] >= LIKELY)


def where(aims: Sequence[Aim], scenarios: Sequence[Scenario]) -> str:
    """The whole section.

    Parameters
    ----------
    aims : sequence
        What `experiments.verdict.verdict` returns.
    scenarios : sequence
        Those of the result; each has its own line in a cell.
    """
    judged = [aim for aim in aims if is_judged(aim)]
    held, left = ([aim for aim in judged if bool(aim["by_area"]) == there] for there in (True, False))
    shown = _table(held, scenarios) if held else f'<p class="absent">{both(say("counties.none"))}</p>'
    return shown + (_left_out(left) if left else "")


def _table(aims: Sequence[Aim], scenarios: Sequence[Scenario]) -> str:
    later = [aim for aim in aims if aim["year"] > PAST]
    kinds = [
        (say("verdict.firm"), [aim for aim in later if is_firm(aim)]),
        (say("verdict.assumed"), [aim for aim in later if not is_firm(aim)]),
        (say("verdict.year_2020"), [aim for aim in aims if aim["year"] <= PAST]),
    ]
    heads = [say("verdict.aim"), *(AREAS[area] for area in COUNTIES), say("counties.met")]
    columns = "".join(
        f'<th scope="col"{"" if place else WIDE}>{both(head)}</th>' for place, head in enumerate(heads)
    )
    rows = "".join(
        f'<tbody><tr class="kind"><th scope="colgroup" colspan="{len(heads) + 1}">{both(title)}</th></tr></tbody>'
        + "".join(_rows(aim, scenarios) for aim in own)
        for title, own in kinds
        if own
    )
    legend = " ".join(
        f"<span>{mark(place)} {both(told.title)}</span>" for place, told in enumerate(scenarios)
    )
    return (
        f'<p class="small">{both(say("counties.weak"))}</p><div class="scroll" tabindex="0">'
        f'<table class="where"><caption class="legend">{legend}</caption>'
        f"<thead><tr>{columns}</tr></thead>{rows}</table></div>"
    )


def _rows(aim: Aim, scenarios: Sequence[Scenario]) -> str:
    """One aim: a line a scenario, its cells the darker the more worlds meet the aim there."""
    head = (
        f'<th scope="rowgroup" rowspan="{len(scenarios)}">{both(name(aim["indicator"]))}'
        f"<small>{aim['year']}: {threshold(aim)}</small></th>"
    )
    lines = []
    for place, scenario in enumerate(scenarios):
        own = aim["by_area"].get(scenario.name, {})
        cells = "".join(_cell(own[area]["probability"]) if area in own else "<td>–</td>" for area in COUNTIES)
        lines.append(
            f"<tr>{'' if place else head}"
            f'<th scope="row">{mark(place)}<span class="vh">{both(scenario.title)}</span></th>'
            f'{cells}<td class="sum">{len(meeting(aim, scenario.name))} / {len(own)}</td></tr>'
        )
    return f"<tbody>{''.join(lines)}</tbody>"


def _cell(share: float) -> str:
    tint = f' style="background:rgba({COLOUR},{DARKEST * share:.2f})"' if share else ""
    return f"<td{tint}>{100 * share:.0f} %</td>"


def _left_out(aims: Sequence[Aim]) -> str:
    reasons: dict[str, dict[str, list[str]]] = {}
    for aim in aims:
        reasons.setdefault(aim["by_area_reason"], {}).setdefault(aim["indicator"], []).append(
            str(aim["year"])
        )
    lines = []
    for reason, own in reasons.items():
        named = joined(
            (
                name(one).then(Words(f"({', '.join(years)})", f"（{'、'.join(years)}）"))
                for one, years in own.items()
            ),
            "; ",
            "；",
        )
        lines.append(f"<li>{both(named.then(phrase(reason), ': ', '：'))}</li>")
    title = say("counties.left_out", count=len(aims))
    return f'<h3>{both(title)}</h3><ul class="small">{"".join(lines)}</ul>'
