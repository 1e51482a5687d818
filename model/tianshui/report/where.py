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
    columns = "".join(f'<th scope="col">{both(head)}</th>' for head in heads)
    rows = "".join(
        f'<tr class="kind"><th scope="colgroup" colspan="{len(heads)}">{both(title)}</th></tr>'
        + "".join(_row(aim, scenarios) for aim in own)
        for title, own in kinds
        if own
    )
    legend = " ".join(
        f"<span>{mark(place)} {both(told.title)}</span>" for place, told in enumerate(scenarios)
    )
    return (
        f'<p class="small">{both(say("counties.weak"))}</p><div class="scroll" tabindex="0">'
        f'<table class="where"><caption class="legend">{legend}</caption>'
        f"<thead><tr>{columns}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _row(aim: Aim, scenarios: Sequence[Scenario]) -> str:
    cells = "".join(f"<td>{_cell(aim, area, scenarios)}</td>" for area in COUNTIES)
    sums = "".join(
        f"<p>{mark(place)} {len(meeting(aim, told.name))} / {len(aim['by_area'].get(told.name, ()))}</p>"
        for place, told in enumerate(scenarios)
    )
    return (
        f'<tr><th scope="row">{both(name(aim["indicator"]))}'
        f"<small>{aim['year']}: {threshold(aim)}</small></th>"
        f'{cells}<td class="sum">{sums}</td></tr>'
    )


def _cell(aim: Aim, area: str, scenarios: Sequence[Scenario]) -> str:
    """One aim in one county: a line a scenario, the darker the more worlds meet it."""
    lines = []
    for place, scenario in enumerate(scenarios):
        told = aim["by_area"].get(scenario.name, {}).get(area)
        share = told["probability"] if told else 0.0
        text = f"{100 * share:.0f} %" if told else "–"
        lines.append(
            f'<p style="background:rgba({COLOUR},{DARKEST * share:.2f})">'
            f'<span class="vh">{both(scenario.title)}:</span>{mark(place)} {text}</p>'
        )
    return "".join(lines)


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
