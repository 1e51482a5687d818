"""`population`: the start of 2015 beside what was published."""

import math
from typing import Annotated, Any

from tianshui.commands.options import Json, Lang, Sample, area_of, option
from tianshui.commands.readable import area_name, rounded
from tianshui.commands.voice import Voice
from tianshui.words import LANGUAGES, say, unit, word


def population_command(
    sample: Sample = None,
    area: Annotated[str, option("--area", key="opt_area", metavar="AREA")] = "tianshui",
    lang: Lang = "en",
    as_json: Json = False,
) -> None:
    """Show the start of 2015 beside what was published."""
    voice = Voice(lang, as_json=as_json)
    place = area_of(area, "all")
    from tianshui.experiments.compare import share

    part = share(sample or "1")
    from tianshui import beginning

    rows = beginning.observed(part)
    if place != "all":
        rows = [row for row in rows if row.county == place]
    if as_json:
        voice.json([
            row._asdict() | {"name": {language: _margin(row.item, language) for language in LANGUAGES}}
            for row in rows
        ])  # fmt: skip
        return
    heads = [(voice.say("area"), False), (voice.say("item"), False), (voice.say("unit"), False)]
    heads += [(voice.say(key), True) for key in ("observed", "within", "synthetic", "deviation")]
    heads += [(voice.say(key), False) for key in ("status", "standing", "source")]
    voice.table(
        voice.say("population_title"), heads,
        (
            [area_name(row.county, voice), _margin(row.item, lang), unit(lang, row.unit),
             rounded(row.observed, _digits(row.observed)), _known_range(row),
             rounded(row.synthetic, _digits(row.observed if math.isfinite(row.observed) else row.synthetic)),
             rounded(row.difference, _digits(row.observed), signed=True), word(lang, row.status),
             word(lang, row.used, "standing."), row.source]
            for row in rows
        ),
    )  # fmt: skip


def _known_range(row: Any) -> str:
    """The range of what was published or assumed; a bound from below where only that is known."""
    low, high = (rounded(value, _digits(row.observed)) for value in (row.low, row.high))
    if not math.isfinite(row.low):
        return "–"
    return f"{low} … {high}" if math.isfinite(row.high) else f"≥ {low}"


def _digits(value: float) -> int:
    """Decimals of a margin; a share has one more."""
    if abs(value) >= 1000 or float(value).is_integer():
        return 0
    return 3 if abs(value) < 1 else 2


def _margin(item: str, lang: str) -> str:
    prefix = "residents_age_"
    if item.startswith(prefix):
        return say(
            lang, "margin.residents_age", age=item.removeprefix(prefix).replace("plus", "+").replace("_", "–")
        )
    return word(lang, item, "margin.")
