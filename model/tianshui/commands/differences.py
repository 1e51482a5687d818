"""What `compare` tells: A minus B, the difference shared out, both under other assumptions."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tianshui.commands.outcomes import medians, record_of, titled
from tianshui.commands.readable import area_name, label, percent, shown, span
from tianshui.commands.scorecard import tell_verdict
from tianshui.commands.voice import Voice, records

MIDWAY = 2025
ATTRIBUTED = ("gdp_real", "rural_income_real", "urban_income_real", "poor_persons", "at_risk_persons", "net_away",
              "urban_share", "forest_cover", "soil_loss", "emissions", "debt")  # fmt: skip
STRONGEST = 8
"""Players of an indicator that are shown one by one."""


def tell_compare(outcome: Any, area: str, last: int, voice: Voice) -> dict[str, Any]:
    """Show A minus B and what was asked for beside it; gives all of it as plain values."""
    from tianshui.experiments import compare
    from tianshui.experiments.verdict import verdict

    told: dict[str, Any] = record_of(outcome) | {"changed_levers": outcome.manifest["changed_levers"]}
    if not outcome.manifest["runs"]:
        return told
    results, manifest = outcome.results, outcome.manifest
    years = sorted({min(MIDWAY, last), last})
    main = compare.contrast(results, area, years)
    others = {}
    for track in manifest["tracks"][1:]:
        others[percent(track["sample"])] = compare.contrast(results, area, [last], track=track)
    luck = compare.chance_of(results)
    chance = compare.contrast(results, area, [last], track=luck) if luck else None
    judged = verdict(results)
    parts = _attributions(outcome.folder, last)
    four = _four_lines(outcome.folder, years)
    told |= {
        "area": area, "differences": records(main),
        "other_tracks": {name: records(frame) for name, frame in others.items()},
        "chance": None if chance is None else records(chance),
        "verdict": judged,
        "attribution": [{"players": kind} | row for kind, frame in parts.items() for row in records(frame)],
        "under": None if four is None else records(four),
    }  # fmt: skip
    if voice.as_json or voice.quiet:
        return told
    _show_compare(manifest, area, years, main, others, chance, voice)
    for kind, frame in parts.items():
        (_show_groups if kind == "groups" else _show_players)(kind, frame, last, voice)
    if four is not None:
        _show_under(manifest, four, years, voice)
    tell_verdict(judged, manifest, voice)
    names = [scenario["name"] for scenario in manifest["scenarios"]]
    if len({run["id"] for run in manifest["runs"]}) < len(manifest["runs"]):
        voice.line(voice.say("same", a=names[0], b=names[1]))
    return told


def _show_compare(
    manifest: Mapping[str, Any],
    area: str,
    years: Sequence[int],
    main: Any,
    others: Mapping[str, Any],
    chance: Any,
    voice: Voice,
) -> None:
    from tianshui.indicators import HEADLINES

    last = years[-1]
    a, b = manifest["scenarios"]
    heads = [(voice.say("indicator"), False), (voice.say("unit"), False)]
    heads += [(voice.say("year_of", name=one["name"], year=last), True) for one in (a, b)]
    heads += [(voice.say("difference", year=year), True) for year in years]
    several = len(manifest["tracks"][0]["pairs"]) > 1
    if several:
        heads.append((voice.say("range"), True))
    heads += [(voice.say("range_of", share=name), True) for name in others]
    if chance is not None:
        heads.append((voice.say("chance"), True))
    table = {(row["indicator"], row["year"]): row for row in records(main)}
    beside = [{row["indicator"]: row for row in records(frame)} for frame in others.values()]
    lucky = {row["indicator"]: row for row in records(chance)} if chance is not None else {}
    rows = []
    for name in HEADLINES:
        end = table.get((name, last))
        if end is None:
            continue
        row = [*label(name, voice), shown(name, end["a"]), shown(name, end["b"])]
        row += [
            shown(name, table[name, year]["middle"], signed=True) if (name, year) in table else "–"
            for year in years
        ]
        if several:
            row.append(span(name, end["low"], end["high"], signed=True))
        row += [
            span(name, own[name]["low"], own[name]["high"], signed=True) if name in own else "–"
            for own in beside
        ]
        if chance is not None:
            own = lucky.get(name)
            row.append(f"± {shown(name, (own['high'] - own['low']) / 2)}" if own else "–")
        rows.append(row)
    caption = medians(manifest, voice)
    if manifest["chance"]:
        caption += " " + voice.say("chance_caption", seeds=len(manifest["chance"]["seeds"]))
    title = voice.say("compare_title", a=titled(a, voice), b=titled(b, voice), area=area_name(area, voice))
    voice.table(title, heads, rows, caption)


def _attributions(folder: Path, last: int) -> dict[str, Any]:
    """The parts of the difference in one year by kind of players, summed up over the worlds."""
    import pandas as pd

    from tianshui.experiments import tables

    files = {kind: folder / tables.shares_file(kind) for kind in tables.KINDS}
    read = {
        kind: tables.shares(pd.read_parquet(file, filters=[("year", "==", last)]))
        for kind, file in files.items()
        if file.is_file()
    }
    return {kind: parts for kind, parts in read.items() if len(parts)}


def _parts_of(parts: Any, measure: str, column: str = "middle") -> dict[tuple[str, str], float]:
    """One column of one measure, by indicator and player."""
    return {
        (row["indicator"], row["player"]): row[column] for row in records(parts) if row["measure"] == measure
    }


def _show_groups(_: str, parts: Any, last: int, voice: Voice) -> None:
    from tianshui.experiments.attribute import PAIR_SIGN
    from tianshui.measures import GROUPS

    own, error = _parts_of(parts, "shapley"), _parts_of(parts, "shapley", "standard_error")
    between = _parts_of(parts, "interaction")
    worlds = int(parts["worlds"].max())
    heads = [(voice.say("indicator"), False), (voice.say("unit"), False), (voice.say("whole"), True)]
    heads += [(voice.pick(*names), True) for names in GROUPS.values()]
    heads += [(voice.say("interaction"), False)]
    rows = []
    for name in ATTRIBUTED:
        values = [own[name, group] for group in GROUPS if (name, group) in own]
        if len(values) == len(GROUPS):
            row = [*label(name, voice), shown(name, math.fsum(values), signed=True)]
            for group, value in zip(GROUPS, values, strict=True):
                spread = f"\n± {shown(name, error[name, group])}" if worlds > 1 else ""
                row.append(shown(name, value, signed=True) + spread)
            pair, size = max(
                ((pair, size) for (of, pair), size in between.items() if of == name),
                key=lambda one: abs(one[1]),
            )
            two = " × ".join(voice.pick(*GROUPS[group]) for group in pair.split(PAIR_SIGN))
            rows.append([*row, f"{two}\n{shown(name, size, signed=True)}"])
    key = "attribution_one" if worlds == 1 else "attribution_caption"
    voice.table(voice.say("attribution_title", year=last), heads, rows, voice.say(key, pairs=worlds))


def _show_players(kind: str, parts: Any, last: int, voice: Voice) -> None:
    """Pushes or items: a row for the whole, one for each of the strongest, one for the others together."""
    share, error, alone, end = (
        _parts_of(parts, "shapley"), _parts_of(parts, "shapley", "standard_error"), _parts_of(parts, "alone"),
        _parts_of(parts, "last"),
    )  # fmt: skip
    heads = [(voice.say(key), False) for key in ("indicator", "unit", "player")]
    heads += [(voice.say(key), True) for key in ("shapley", "standard_error", "alone", "added_last")]
    rows: list[list[str]] = []
    for name in ATTRIBUTED:
        players = sorted((key for key in share if key[0] == name), key=lambda key: -abs(share[key]))
        if not players:
            continue

        def cells(own: float, *more: float, name: str = name) -> list[str]:
            return [shown(name, value, signed=True) for value in (own, *more)]

        whole = math.fsum(share[key] for key in players)
        rows.append([*label(name, voice), voice.say("whole"), *cells(whole), "", "", ""])
        for key in players[:STRONGEST]:
            apart = [shown(name, error[key]), *cells(alone[key], end[key])]
            rows.append(["", "", _player(kind, key[1], voice), *cells(share[key]), *apart])
        if players[STRONGEST:]:
            rest = math.fsum(share[key] for key in players[STRONGEST:])
            rows.append(
                ["", "", voice.say("others", count=len(players) - STRONGEST), *cells(rest), "", "", ""]
            )
    worlds = int(parts["worlds"].max())
    key = "sampled_caption" if worlds > 1 else "sampled_one"
    if worlds == 1 and all(math.isnan(one) for one in error.values()):
        key = "sampled_none"
    voice.table(
        voice.say("attribution_by", players=voice.say(f"kind_{kind}"), year=last), heads, rows,
        voice.say(key, pairs=worlds),
    )  # fmt: skip


def _player(kind: str, name: str, voice: Voice) -> str:
    """A push or item with its title."""
    from tianshui.measures import PUSHES, register

    item = register().get(name)
    title = PUSHES.get(name, (name, name)) if kind == "pushes" or not item else (item.title_en, item.title_zh)
    return f"{name} {voice.pick(*title)}"


def _four_lines(folder: Path, years: Sequence[int]) -> Any:
    """The four lines of `--under` and what lies between them, or None when there are none."""
    from tianshui.experiments import tables

    file = folder / tables.UNDER
    if not file.is_file():
        return None
    import pandas as pd

    rows = tables.lines(pd.read_parquet(file, filters=[("year", "in", list(years))]), years)
    return rows if len(rows) else None


def _show_under(manifest: Mapping[str, Any], four: Any, years: Sequence[int], voice: Voice) -> None:
    """Four levels, what the policy does under each set of assumptions, and what the assumptions do without it."""
    from tianshui.experiments.tables import LINES
    from tianshui.indicators import HEADLINES

    a, b = (scenario["name"] for scenario in manifest["scenarios"])
    other, title = four["under"].iloc[0], four[f"title_{voice.lang}"].iloc[0]
    rows = {(row["indicator"], row["year"], row["kind"], row["name"]): row for row in records(four)}
    under = [voice.say("line_under", name=name, other=other) for name in (b, a)]
    heads = [(voice.say("indicator"), False), (voice.say("unit"), False), (voice.say("year"), True)]
    heads += [(head, True) for head in (b, a, *under, voice.say("policy_does"))]
    heads += [(voice.say("policy_does_under", other=other), True), (voice.say("assumptions_do"), True)]
    table = []
    for name in HEADLINES:
        for year in years:
            if (name, year, "line", LINES[0]) not in rows:
                continue
            row = [*label(name, voice), str(year)]
            row += [shown(name, rows[name, year, "line", line]["middle"]) for line in LINES]
            for kind in ("policy", "policy_under", "assumptions"):
                row.append(_between(name, rows[name, year, "difference", kind]))
            table.append(row)
    worlds = int(four["worlds"].max())
    voice.table(
        voice.say("under_title", a=a, b=b, other=other, title=title), heads, table,
        voice.say("under_caption", pairs=worlds, b=b, other=other),
    )  # fmt: skip


def _between(indicator: str, row: Mapping[str, Any]) -> str:
    """A difference over its range."""
    text = shown(indicator, row["middle"], signed=True)
    return text if row["worlds"] == 1 else f"{text}\n{span(indicator, row['low'], row['high'], signed=True)}"
