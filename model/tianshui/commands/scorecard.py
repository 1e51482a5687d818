"""The plan's aims against a result: by aim, by county, and why some are not judged."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from tianshui.commands.readable import rounded
from tianshui.commands.voice import Voice
from tianshui.words import say, word

PAST = 2021
"""Aims up to this year judge history: plans act from its first day, and hardly anything of them shows by its end."""
FIRM = ("published", "derived", "found")


def tell_verdict(judged: Sequence[dict[str, Any]], manifest: Mapping[str, Any], voice: Voice) -> None:
    """The scorecard: published and derived aims before assumed ones, history apart, the rest with reasons."""
    if voice.quiet or voice.as_json:
        return
    from tianshui.report.aims import name as aim_name
    from tianshui.report.aims import one_source
    from tianshui.report.text import phrase

    names = list(dict.fromkeys(scenario["name"] for scenario in manifest["scenarios"]))
    heads = [(voice.say("aim"), False), (voice.say("year"), True), (voice.say("threshold"), True)]
    heads += [(voice.say("verdict_of", name=name), True) for name in names]
    heads.append((voice.say("status"), False))
    known = [aim for aim in judged if any(aim["probability"])]
    last = manifest["tracks"][0]["until"]
    for past, title in ((False, "aims_title"), (True, "past_title")):
        rows = []
        for aim in sorted(known, key=lambda aim: (aim["status"] not in FIRM, aim["year"])):
            if (aim["year"] <= PAST) == past:
                sign = {">=": "≥", "<=": "≤"}[aim["direction"]]
                unit = voice.pick(*phrase(aim["unit"]))
                rows.append([
                    voice.pick(*aim_name(aim["indicator"])), str(aim["year"]),
                    f"{sign} {aim['threshold']:,g} {unit}",
                    *(_judgement(aim, name, last, voice) for name in names),
                    word(voice.lang, aim["status"]),
                ])  # fmt: skip
        if rows:
            voice.table(voice.say(title), heads, rows, "" if past else voice.say("assumed_apart"))
        for told in one_source(aim for aim in known if (aim["year"] <= PAST) == past):
            voice.line(voice.pick(*told))
    _tell_counties(known, names, voice)
    later = sum(aim["reason"] == say("en", "ends") for aim in judged)
    if later:
        voice.line(voice.say("beyond", count=later))
    reasons: dict[str, dict[str, list[str]]] = {}
    for aim in judged:
        if not any(aim["probability"]) and aim["reason"] != say("en", "ends"):
            absent = aim["reason"] == say("en", "absent")
            reason = voice.say("absent") if absent else voice.pick(*phrase(aim["reason"]))
            name = voice.pick(*aim_name(aim["indicator"]))
            reasons.setdefault(reason, {}).setdefault(name, []).append(str(aim["year"]))
    if reasons:
        count = sum(len(years) for these in reasons.values() for years in these.values())
        voice.line(voice.say("not_judged", count=count))
        for reason, these in reasons.items():
            named = voice.say("then").join(f"{name} ({', '.join(years)})" for name, years in these.items())
            voice.line(f"  {named}: {reason}")


def _tell_counties(known: Sequence[dict[str, Any]], names: Sequence[str], voice: Voice) -> None:
    """How many counties meet each aim after the plan's first year; which they are stands in the records and the report."""
    from tianshui.report.aims import name as aim_name
    from tianshui.report.where import meeting

    aims = sorted(
        (aim for aim in known if aim["by_area"] and aim["year"] > PAST),
        key=lambda aim: (aim["status"] not in FIRM, aim["year"]),
    )
    if not aims:
        return
    heads = [(voice.say("aim"), False), (voice.say("year"), True), *((name, True) for name in names)]
    rows = []
    for aim in aims:
        met = [(len(meeting(aim, name)), len(aim["by_area"].get(name, ()))) for name in names]
        rows.append([
            voice.pick(*aim_name(aim["indicator"])), str(aim["year"]),
            *(f"{there} / {of}" if of else "–" for there, of in met),
        ])  # fmt: skip
    voice.table(voice.say("counties_title"), heads, rows, voice.say("counties_apart"))


def _judgement(aim: dict[str, Any], name: str, last: int, voice: Voice) -> str:
    if name not in aim["probability"]:
        return "–"
    from tianshui.report.aims import since

    gap = aim["gap"][name]
    digits = max(0, min(3, 3 - math.floor(math.log10(abs(gap))))) if gap and math.isfinite(gap) else 0
    when = voice.pick(*since(aim, name, last))
    return f"{100 * aim['probability'][name]:.0f} %  {rounded(gap, digits, signed=True)}  {when}"
