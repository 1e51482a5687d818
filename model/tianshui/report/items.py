"""The plan's items as HTML: what each says, how firmly, by which levers and channel it acts here, or why by none.

The register comes with the package; which levers an item has, and which scenarios set them unlike `no_plan`, is what
the result's manifest says. An older result does not say it, and the page then tells so.
"""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from tianshui.measures import COMMITMENTS, GROUPS, PUSHES, Measure, register
from tianshui.report.aims import mark
from tianshui.report.text import both, say
from tianshui.views.drawing import Scenario, Words

EXHORTS = "vision"
"""The plan's word for an item that only exhorts."""

Lever = Mapping[str, Any]
"""One of the manifest's `levers`: lever, names, measure, set_by."""


def items(manifest: Mapping[str, Any], scenarios: Sequence[Scenario]) -> str:
    """The whole section.

    Parameters
    ----------
    manifest : mapping
        Of the result; `levers` as `experiments.compare.levers_set` gives them.
    scenarios : sequence
        Those of the result, in their order.
    """
    told: Sequence[Lever] = manifest.get("levers") or ()
    own = {name: [lever for lever in told if lever["measure"] == name] for name in register()}
    pushes = []
    for push, names in PUSHES.items():
        lines = "".join(
            _item(item, own[item.id], scenarios, bool(told))
            for item in register().values()
            if item.push == push
        )
        pushes.append(f'<div class="push"><h3>{both(Words(*names))}</h3>{lines}</div>')
    return (
        _counts(own, scenarios, bool(told))
        + f'<div class="controls"><label>{both(say("items.search"))} <input type="search" id="find-item"></label></div>'
        + "".join(pushes)
    )


def uses(levers: Sequence[Lever], scenario: Scenario) -> bool:
    """Whether a scenario sets any of an item's levers unlike `no_plan`."""
    return any(scenario.name in lever["set_by"] for lever in levers)


def _counts(own: Mapping[str, Sequence[Lever]], scenarios: Sequence[Scenario], known: bool) -> str:
    acting = sum(bool(item.channel_en) for item in register().values())
    exhorting = sum(item.commitment == EXHORTS for item in register().values())
    told = say("items.count", count=len(own), acting=acting, rest=len(own) - acting, exhorting=exhorting)
    lines = [f"<p>{both(told)}</p>"]
    if not known:
        lines.append(f'<p class="absent">{both(say("items.unknown"))}</p>')
    for place, scenario in enumerate(scenarios if known else ()):
        used = sum(uses(levers, scenario) for levers in own.values())
        lines.append(
            f"<p>{mark(place)} {both(say('items.used_count', scenario=scenario.title, count=used))}</p>"
        )
    return "".join(lines)


def _item(item: Measure, levers: Sequence[Lever], scenarios: Sequence[Scenario], known: bool) -> str:
    """One item, folded: its title, the plan's word and who uses it; within, what it says and how it acts."""
    firm = COMMITMENTS[item.commitment]
    used = [(place, one) for place, one in enumerate(scenarios) if uses(levers, one)]
    signs = "".join(
        f' <span class="used">{mark(place)} {both(say("items.used"))}'
        f'<span class="vh"> {both(one.title)}</span></span>'
        for place, one in used
    )
    # What does nothing is seen without unfolding it.
    plain = [
        key
        for key, there in (("exhorts", item.commitment == EXHORTS), ("nothing", not item.channel_en))
        if there
    ]
    kinds = "".join(f' <span class="idle">{both(say(f"items.{key}"))}</span>' for key in plain)
    meaning = Words(firm.en, firm.zh).then(Words(firm.meaning_en, firm.meaning_zh), ": ", "：")
    acts = say("items.channel", text=Words(item.channel_en, item.channel_zh))
    if not item.channel_en:
        acts = say("items.no_channel", text=Words(item.no_channel_en, item.no_channel_zh))
    return (
        f'<details class="item" id="item-{item.id}"><summary>{item.id} <strong>{both(Words(item.title_en, item.title_zh))}</strong> '
        f'<span class="badge">{both(Words(firm.en, firm.zh))}</span>{kinds}{signs}</summary>'
        f"<p>{both(Words(item.text_en, item.text_zh))}</p><p>{both(say('items.word', text=meaning))}</p>"
        f"<p>{both(acts)}</p><p>{both(say('items.weights', text=_weights(item)))}</p>{_levers(levers, bool(used)) if known and item.channel_en else ''}</details>"
    )


def _weights(item: Measure) -> Words:
    told = [(GROUPS[group], f"{weight:g}") for group, weight in item.weights._asdict().items() if weight]
    return Words(
        ", ".join(f"{names[0]} {weight}" for names, weight in told),
        "、".join(f"{names[1]}{weight}" for names, weight in told),
    )


def _levers(levers: Sequence[Lever], used: bool) -> str:
    named = ", ".join(
        f"{both(Words(lever['names']['en'], lever['names']['zh']))} <code>{escape(lever['lever'])}</code>"
        for lever in levers
    )
    rests = "" if used else f" {both(say('items.rests'))}"
    return f"<p>{both(say('items.levers'))} {named or '–'}{rests}</p>"
