"""The scores of 2020 and 2021 as HTML: one line a backtest, relative errors by block, and every value with wins and losses coloured."""

from collections.abc import Mapping, Sequence
from typing import Any

from tianshui.indicators import GROUPS, INDICATORS
from tianshui.report.aims import figure
from tianshui.report.collect import AREAS, Scored
from tianshui.report.text import both, say
from tianshui.views.drawing import Words

NAMES = {
    "honest-unconditional": "backtest.honest_drawn", "honest-conditional": "backtest.honest_known",
    "informed-unconditional": "backtest.informed_drawn", "informed-conditional": "backtest.informed_known",
}  # fmt: skip
NAIVE = {
    "no_change": "backtest.no_change", "drift": "backtest.drift", "ar1": "backtest.ar1", "ets": "backtest.ets",
    "logistic": "backtest.logistic", "cohort": "backtest.cohort", "province": "backtest.province",
    "share": "backtest.share",
}  # fmt: skip
CLOSER = {"model": "backtest.by_model", "naive": "backtest.by_naive", "tie": "backtest.tie"}
WHY = {
    "census": "backtest.census", "read": "backtest.read", "not_counted": "backtest.not_counted",
    "no_naive": "backtest.no_naive",
}  # fmt: skip
CLASSES = {"model": "won", "naive": "lost"}
"""Colours of a cell; words say the same."""
EIGHTY = 0.8
"""Probability of the intervals that are shown."""


def backtest(scored: Scored | None) -> str:
    """The whole section; words where no backtest lies beside the result."""
    if scored is None:
        return f'<p class="absent">{both(say("backtest.absent"))}</p>'
    told = scored.manifest["told"]
    parts = [_scores(told), _blocks(told)]
    parts += [_cells(one, scored.cells) for one in told]
    return "\n".join(parts)


def _table(heads: Sequence[Words], rows: Sequence[str], caption: str = "") -> str:
    columns = "".join(f'<th scope="col">{both(head)}</th>' for head in heads)
    return (
        f'<div class="scroll" tabindex="0"><table>{caption}<thead><tr>{columns}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _kind(ratio: float) -> str:
    return "won" if ratio < 1.0 else "lost"


def _pooled(one: Mapping[str, Any] | None) -> str:
    if one is None:
        return '<td class="n">–</td>'
    text = f"{one['middle']:.2f} [{one['low']:.2f}, {one['high']:.2f}]"
    return f'<td class="n {_kind(one["middle"])}">{text}</td>'


def _scores(told: Sequence[Mapping[str, Any]]) -> str:
    heads = [
        say("backtest.backtest"), say("backtest.scored"), say("backtest.closer"), say("backtest.relative"),
        say("backtest.as_run"), say("backtest.left_out"), say("backtest.inside"),
    ]  # fmt: skip
    rows = []
    for one in told:
        inside = next(each for each in one["coverage"] if each["probability"] == EIGHTY)
        width = f" ({inside['width']:.2f})" if inside["width"] is not None else ""
        rows.append(
            f'<tr><th scope="row">{both(say(NAMES[one["name"]]))}</th><td class="n">{one["scored"]} / {one["cells"]}</td>'
            f'<td class="n">{one["wins"]} : {one["losses"]}</td>{_pooled(one["pooled"])}{_pooled(one["as_run"])}'
            f'{_pooled(one["left_out"])}<td class="n">{100 * inside["inside"]:.0f} %{width}</td></tr>'
        )
    return _table(heads, rows) + f'<p class="small">{both(say("backtest.read_scores"))}</p>'


def _blocks(told: Sequence[Mapping[str, Any]]) -> str:
    names = [name for name in GROUPS if any(name in one["blocks"] for one in told)]
    rows = []
    for name in names:
        cells = "".join(
            f'<td class="n {_kind(one["blocks"][name])}">{one["blocks"][name]:.2f}</td>'
            if one["blocks"].get(name) is not None
            else '<td class="n">–</td>'
            for one in told
        )
        rows.append(f'<tr><th scope="row">{both(Words(*GROUPS[name]))}</th>{cells}</tr>')
    heads = [say("backtest.block"), *(say(NAMES[one["name"]]) for one in told)]
    return f"<h3>{both(say('backtest.blocks'))}</h3>{_table(heads, rows)}"


def _cells(one: Mapping[str, Any], cells: Any) -> str:
    """Every value of one backtest, folded."""
    start, _, outside = one["name"].partition("-")
    own = cells[
        (cells["view"] == start) & (cells["outside"] == ("known" if outside == "conditional" else "drawn"))
    ]
    heads = [
        say("backtest.area"), say("backtest.indicator"), say("backtest.year"), say("backtest.published"),
        say("backtest.forecast"), say("backtest.interval"), say("backtest.naive"), say("backtest.who"),
    ]  # fmt: skip
    rows = [_row(row) for row in own.to_dict("records")]
    title = say("backtest.every", name=say(NAMES[one["name"]]), count=len(rows))
    return f"<details><summary>{both(title)}</summary>{_table(heads, rows)}</details>"


def _row(row: Mapping[str, Any]) -> str:
    about = INDICATORS[row["indicator"]]
    scale = abs(row["published"]) * about.factor

    def told(value: float) -> str:
        return figure(value * about.factor, scale)

    name = Words(f"{about.en} ({about.shown_en})", f"{about.zh}（{about.shown_zh}）")
    naive = f"<small>{both(say(NAIVE[row['naive_name']]))}</small>" if row["naive_name"] else ""
    who = say(WHY[row["why"]] if row["why"] else CLOSER[row["closer"]])
    return (
        f'<tr><td>{both(AREAS[row["area"]])}</td><td>{both(name)}</td><td class="n">{row["year"]}</td>'
        f'<td class="n">{told(row["published"])}</td><td class="n">{told(row["middle"])}</td>'
        f'<td class="n">{told(row["low_80"])} … {told(row["high_80"])}</td><td class="n">{told(row["naive"])} {naive}</td>'
        f'<td class="{CLASSES.get(row["closer"], "")}">{both(who)}</td></tr>'
    )
