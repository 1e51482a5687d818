"""The page: sections of HTML put into the template, the charts' data, plotly.js once, and the letters."""

import json
import math
import re
import warnings
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any

import pandas as pd
from plotly.offline import get_plotlyjs

from tianshui.indicators import COUNTIES, INDICATORS, PREFECTURE
from tianshui.indicators import GROUPS as CHAPTERS
from tianshui.report import letters
from tianshui.report.aims import badge, figure, glance, mark, verdict
from tianshui.report.backtest import backtest
from tianshui.report.collect import (
    AREAS,
    COSTS,
    DECILE_KINDS,
    FANS,
    GLANCED,
    PLAN_YEARS,
    SOURCES_OF_MONEY,
    USES_OF_MONEY,
    Frames,
)
from tianshui.report.figures import (
    GROUP_NAMES,
    Charts,
    areas_with_charts,
    attributed,
    chance_sample,
    charts,
    county_maps,
    line_names,
    other_assumptions,
    parts,
)
from tianshui.report.items import items
from tianshui.report.text import (
    both,
    cited,
    damage,
    declared_unit,
    joined,
    kind,
    lever_unit,
    limits,
    meaning,
    option,
    say,
    status,
)  # fmt: skip
from tianshui.report.where import where
from tianshui.views.drawing import (
    LANGUAGES,
    SCENARIO_COLOURS,
    SCENARIO_DASHES,
    Words,
    faded,
    name_of,
    shown_unit,
)
from tianshui.views.four_lines import LOOKS

SECTIONS = (
    "verdict", "counties", "fans", "map", "deciles", "contributions", "under", "money", "costs", "items", "changed",
    "assumptions", "backtest", "limits", "made",
)  # fmt: skip
HOLE = re.compile(r"\{\{(\w+)\}\}")
UNDER = ("policy", "policy_under", "assumptions")
"""Differences of the four lines that stand in the report's table."""
MANY_RUNS = 20
"""Missing runs named one by one."""
MANY_YEARS = 4
"""Courses of a lever with more years than this are shown by their first and last ones."""


def page(frames: Frames, lang: str = "en") -> str:
    """The whole report of a result as HTML, first shown in one language.

    Warns when the embedded font lacks a character of the page, which is then shown in the reader's own font.
    """
    if lang not in LANGUAGES:
        raise ValueError(f"language {lang!r} is none of {', '.join(LANGUAGES)}")
    made, mapped = charts(frames), county_maps(frames)
    sections = {
        "verdict": verdict(frames.verdict, frames.scenarios, frames.worlds, glance(frames)),
        "counties": where(frames.verdict, frames.scenarios),
        "fans": _fans(frames, made),
        "map": _map(frames, mapped),
        "deciles": _deciles(frames, made),
        "contributions": _contributions(frames),
        "under": _under(frames, made),
        "money": _money(frames, made),
        "costs": _costs(made),
        "items": items(frames.manifest, frames.scenarios),
        "changed": _changed(frames),
        "assumptions": _assumptions(frames),
        "backtest": backtest(frames.backtest),
        "limits": f"<ul class='limits'>{''.join(f'<li>{both(words)}</li>' for words in limits())}</ul>",
        "made": _made(frames),
    }
    if frames.missing:
        sections["verdict"] = _absent(say("verdict.missing", count=len(frames.missing))) + sections["verdict"]
    data = _data(frames, made, mapped)
    areas = areas_with_charts(made) or [PREFECTURE]
    told = {
        "lang": "zh-Hans" if lang == "zh" else "en",
        "title": escape(say("page.title")[LANGUAGES.index(lang)]),
        "heading": both(say("page.title")),
        "subtitle": both(say("page.subtitle")),
        "skip": both(say("page.skip")),
        "no_script": both(say("page.no_script")),
        "compared": _compared(frames),
        "language": both(say("page.language")),
        "area": both(say("page.area")),
        "areas": "".join(option(area, AREAS[area]) for area in areas),
        "contents": both(say("page.contents")),
        "links": "".join(f'<li><a href="#{name}">{both(say(f"{name}.title"))}</a></li>' for name in SECTIONS),
        "sections": "".join(_section(name, html) for name, html in sections.items()),
        "offline": both(say("made.offline")),
        "style": _file("page.css"),
        "data": data,
        "plotly": _script(get_plotlyjs()),
        "script": _script(_file("page.js")),
    }
    text = HOLE.sub(lambda hole: told.get(hole[1], hole[0]), _file("template.html"))
    return text.replace("/*letters*/", _letters(text.replace(told["plotly"], "")))


@cache
def _file(name: str) -> str:
    return (files(__package__) / name).read_text(encoding="utf-8")


def _script(source: str) -> str:
    """A script that no sequence in it can end early."""
    return source.replace("</script", "<\\/script").replace("<!--", "<\\!--")


def _letters(text: str) -> str:
    if lacking := letters.missing(text):
        warnings.warn(f"the embedded font lacks {lacking}: shown in the reader's own font", stacklevel=3)
    return letters.face(text)


def _section(name: str, html: str) -> str:
    lead = ""
    if name not in ("verdict", "made"):
        lead = f'<p class="lead">{both(say(f"{name}.lead"))}</p>'
    return (
        f'<section id="{name}" aria-labelledby="{name}-title">'
        f'<h2 id="{name}-title">{both(say(f"{name}.title"))}</h2>{lead}{html}</section>'
    )


def _compared(frames: Frames) -> str:
    many = len(frames.scenarios) > 1
    names = "".join(
        f"<li>{mark(place)} {both(told.title)}</li>" for place, told in enumerate(frames.scenarios)
    )
    return f"<p>{both(say('page.compared' if many else 'page.one_scenario'))}</p><ul>{names}</ul>"


# --- Charts -------------------------------------------------------------------------------------------


def _chart(key: str, made: Charts, size: str = "") -> str:
    """A place for one chart, or nothing when no area has it."""
    if not any(name == key or name.rpartition("/")[0] == key for name in made):
        return ""
    return (
        f'<figure class="chart {size}" data-chart="{escape(key)}">'
        f'<figcaption><h4></h4><p class="unit"></p></figcaption><div class="plot" role="img"></div>'
        f'<p class="absent" hidden></p><p class="about"></p>'
        f'<details class="numbers"><summary>{both(say("page.numbers"))}</summary>'
        f'<div class="scroll" tabindex="0"></div></details></figure>'
    )


def _grid(inside: Iterable[str], columns: str = "") -> str:
    there = "".join(inside)
    return f'<div class="grid {columns}">{there}</div>' if there else _absent(say("page.none_counted"))


def _absent(words: Words) -> str:
    return f'<p class="absent">{both(words)}</p>'


def _fans(frames: Frames, made: Charts) -> str:
    shown = []
    for chapter, names in FANS.items():
        inside = "".join(_chart(f"fan/{name}", made) for name in names)
        if inside:
            shown.append(f'<h3>{both(Words(*CHAPTERS[chapter]))}</h3><div class="grid">{inside}</div>')
    return _key(frames) + ("".join(shown) or _absent(say("page.none_counted")))


def _key(frames: Frames) -> str:
    """The legend of all fans, once."""
    rows = []
    for place, scenario in enumerate(frames.scenarios):
        colour = SCENARIO_COLOURS[place % 5]
        dash = {"solid": "", "dash": "6 4", "dot": "2 3", "dashdot": "6 3 2 3", "longdash": "10 4"}
        pattern = dash[SCENARIO_DASHES[place % 5]]
        bands = f'<rect width="40" height="16" fill="{faded(colour, 0.16)}"/>' if frames.worlds > 1 else ""
        if frames.seeds > 1:
            bands += f'<rect y="4" width="40" height="8" fill="{faded(colour, 0.38)}"/>'
        line = (
            f'<line y1="8" y2="8" x2="40" stroke="{colour}" stroke-width="2.5" stroke-dasharray="{pattern}"/>'
        )
        rows.append((bands + line, scenario.title))
    circle = '<circle cx="20" cy="8" r="4" stroke="#000" stroke-width="1.6" fill="{}"/>'
    rows.append((circle.format("#000"), say("key.observed")))
    rows.append((circle.format("none"), say("key.scored")))
    triangle = '<path d="M20 2 L26.5 13.5 L13.5 13.5 Z" stroke="{0}" stroke-width="1.6" fill="{1}"/>'
    rows.append((triangle.format("#8a5a00", "#8a5a00"), say("key.firm")))
    rows.append((triangle.format("#57606a", "none"), say("key.assumed")))
    items = "".join(
        f'<li><svg width="40" height="16" aria-hidden="true">{drawn}</svg> {both(words)}</li>'
        for drawn, words in rows
    )
    fitted = frames.manifest.get("intervals") == "ensemble"
    many = say(f"key.{'fitted' if fitted else 'belief'}", worlds=frames.worlds)
    told = [many if frames.worlds > 1 else say("key.one")]
    if frames.seeds > 1:
        told.append(say("key.chance", seeds=frames.seeds, sample=chance_sample(frames)))
    else:
        told.append(say("key.no_chance"))
    return (
        f'<div class="key"><p><strong>{both(say("key.title"))}</strong></p><ul>{items}</ul>'
        f'<p class="small">{both(joined(told, " ", ""))}</p></div>'
    )


def _map(frames: Frames, mapped: Any) -> str:
    if mapped is None:
        return _absent(say("page.none_counted"))
    choices = mapped[1]["choices"]
    first = next(iter(choices.values()))
    years = sorted(int(year) for year in next(iter(first["series"].values()))["values"])
    whats = "".join(option(name, Words(**told["name"])) for name, told in choices.items())
    named = {scenario.name: scenario.title for scenario in frames.scenarios}
    if len(frames.scenarios) > 1:
        a, b = (scenario.title for scenario in frames.scenarios[:2])
        named["difference"] = say("map.difference", a=a, b=b)
    whichs = "".join(option(name, words) for name, words in named.items())
    return (
        f'<div class="controls"><label>{both(say("map.what"))} <select id="map-what">{whats}</select></label>'
        f'<label>{both(say("map.which"))} <select id="map-which">{whichs}</select></label>'
        f'<label class="slider">{both(say("map.year"))} <output id="map-shown">{years[-1]}</output>'
        f'<input type="range" id="map-year" min="{years[0]}" max="{years[-1]}" value="{years[-1]}" step="1"></label>'
        f'</div><figure class="chart wide map" id="county-map"><figcaption><h4></h4><p class="unit"></p></figcaption>'
        f'<div class="plot" role="img"></div><p class="absent" hidden></p><p class="about"></p>'
        f'<p class="small">{both(say("map.borders"))}</p>'
        f'<details class="numbers"><summary>{both(say("page.numbers"))}</summary>'
        f'<div class="scroll" tabindex="0"></div></details></figure>'
    )


def _deciles(frames: Frames, made: Charts) -> str:
    if len(frames.scenarios) < 2:
        return _absent(say("page.needs_two"))
    return _grid((_chart(f"deciles/{name}", made) for name in DECILE_KINDS), "two")


def _contributions(frames: Frames) -> str:
    if not any(attributed(frames, players) for players in frames.contributions):
        return _absent(say("contributions.absent", **_names_of_two(frames)))
    shown = []
    for players in frames.contributions:
        names = attributed(frames, players)
        places: dict[str, Any] = {f"contribution/{players}/{name}": None for name in names}
        if names:
            shown.append(f"<h3>{both(say(f'contributions.{players}'))}</h3>")
            shown.append(_grid((_chart(place, places, "high") for place in places), "two"))
    return "".join(shown) + f'<p class="small">{both(say("contributions.rest"))}</p>'


def _names_of_two(frames: Frames) -> dict[str, str]:
    """The names of the two scenarios; what is not there is called as in the package."""
    names = [scenario.name for scenario in frames.scenarios[:2]]
    return dict(zip("ab", names + ["plan", "no_plan"][len(names) :], strict=True))


def _under(frames: Frames, made: Charts) -> str:
    if not line_names(frames) or frames.lines is None:
        return _absent(say("under.absent", **_names_of_two(frames)))
    charted = [name for name in GLANCED if f"under/{name}" in made]
    return (
        f"<p>{both(say('under.whose', other=other_assumptions(frames)))}</p>"
        + _grid((_chart(f"under/{name}", made) for name in charted), "two")
        + _four_lines(frames, charted)
    )


def _four_lines(frames: Frames, charted: Iterable[str]) -> str:
    """The four lines at their last year, and what lies between them."""
    assert frames.lines is not None
    year = int(frames.lines["year"].max())
    own = (
        frames.lines[frames.lines["year"] == year]
        .set_index(["indicator", "name", "kind"])["middle"]
        .to_dict()
    )
    heads = [*line_names(frames).values(), *(say(f"under.{name}") for name in UNDER)]
    body = []
    for name in charted:
        about = INDICATORS[name]
        levels = [own[name, line, "line"] * about.factor for line in LOOKS]
        gaps = [own[name, gap, "difference"] * about.factor for gap in UNDER]
        cells = [f"{value:,.{about.decimals}f}" for value in levels]
        cells += [_signed(value, about.decimals) for value in gaps]
        label = both(name_of(about).then(shown_unit(about), ", ", ","))
        body.append(
            f'<tr><th scope="row">{label}</th>'
            + "".join(f'<td class="n">{cell}</td>' for cell in cells)
            + "</tr>"
        )
    columns = "".join(f'<th scope="col" class="n">{both(head)}</th>' for head in heads)
    return (
        f'<div class="scroll" tabindex="0"><table class="plain lines"><caption>{both(say("under.table", year=year))}</caption>'
        f'<thead><tr><th scope="col">{both(say("under.indicator"))}</th>{columns}</tr></thead>'
        f"<tbody>{''.join(body)}</tbody></table></div>"
    )


def _money(frames: Frames, made: Charts) -> str:
    keys = [f"money/{side}/{told.name}" for side in ("sources", "uses", "asked") for told in frames.scenarios]
    return _grid((_chart(key, made) for key in keys), "two") + _sums(frames)


def _sums(frames: Frames) -> str:
    """Money of the plan's years in all, by source and use, for the prefecture."""
    rows = frames.money[(frames.money["area"] == PREFECTURE) & frames.money["year"].isin(PLAN_YEARS)]
    if rows.empty:
        return ""
    sums = rows.groupby(["indicator", "scenario"])["value"].sum().unstack() / 1e8
    titles = [
        (scenario.name, scenario.title) for scenario in frames.scenarios if scenario.name in sums.columns
    ]
    heads = "".join(f'<th scope="col" class="n">{both(title)}</th>' for _, title in titles)
    two = len(titles) > 1
    if two:
        heads += f'<th scope="col" class="n">{both(say("money.difference"))}</th>'
    body = []
    named = parts()
    for name in (*SOURCES_OF_MONEY, *USES_OF_MONEY):
        if name in sums.index:
            values = [float(sums.loc[name, scenario]) for scenario, _ in titles]
            cells = [f'<td class="n">{value:,.1f}</td>' for value in values]
            if two:
                cells.append(f'<td class="n">{_signed(values[0] - values[1])}</td>')
            first_use = ' class="rule"' if name == USES_OF_MONEY[0] else ""
            body.append(f'<tr{first_use}><th scope="row">{both(named[name])}</th>{"".join(cells)}</tr>')
    return (
        f'<div class="scroll" tabindex="0"><table class="plain"><caption>{both(say("money.sums"))}</caption>'
        f'<thead><tr><th scope="col">{both(say("money.item"))}</th>{heads}</tr></thead>'
        f"<tbody>{''.join(body)}</tbody></table></div>"
    )


def _signed(value: float, decimals: int = 1) -> str:
    """A difference with a true minus sign, and none on nothing."""
    text = f"{value:+,.{decimals}f}"
    return text[1:] if float(text.replace(",", "")) == 0 else text.replace("-", "−")


def _costs(made: Charts) -> str:
    return (
        _grid(_chart(f"fan/{name}", made) for name in COSTS)
        + f'<p class="small">{both(say("costs.gap"))}</p>'
    )


# --- Tables -------------------------------------------------------------------------------------------


def _changed(frames: Frames) -> str:
    changed = frames.manifest.get("changed_levers") or []
    if not changed or len(frames.scenarios) < 2:
        return _absent(say("changed.none"))
    a, b = (scenario.title for scenario in frames.scenarios[:2])
    rows = []
    for told in changed:
        unit, factor = lever_unit(str(told.get("unit", "")))
        amount = bool(told.get("per_county"))
        unit = say("changed.per_county", unit=unit) if amount else unit
        # A year is no number of things: no separated thousands.
        write: Callable[[float], str] = (
            (lambda value: f"{value:.0f}") if told.get("unit") == "year"
            else (lambda value, factor=factor: figure(value * factor))
        )  # fmt: skip
        rows.append(
            f'<tr><th scope="row">{both(_names(told))}</th>'
            f"<td class='whole'>{both(GROUP_NAMES.get(told.get('group', ''), Words('–', '–')))}</td>"
            f"<td>{escape(str(told.get('measure', '')))}</td><td>{both(unit)}</td>"
            f"<td>{_course(told.get('a'), write, amount)}</td><td>{_course(told.get('b'), write, amount)}</td></tr>"
        )
    heads = "".join(
        f'<th scope="col">{both(words)}</th>'
        for words in (
            say("changed.lever"), say("changed.group"), say("changed.measure"), say("changed.unit"), a, b
        )
    )  # fmt: skip
    return (
        f'<div class="scroll" tabindex="0"><table class="plain changed"><thead><tr>{heads}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _names(told: Mapping[str, Any]) -> Words:
    names = told.get("names") or {}
    fallback = str(told.get("lever", ""))
    return Words(names.get("en") or fallback, names.get("zh") or names.get("en") or fallback)


def _course(course: Any, write: Callable[[float], str], amount: bool) -> str:
    """The years of a lever in few words: each change of value, a range where counties differ; of an amount the sum."""
    told: list[tuple[str, str]] = []
    for year, value in sorted((course or {}).items(), key=lambda item: int(item[0])):
        text = _county_range(value, write) if isinstance(value, Mapping) else write(float(value))
        if amount:
            text += _in_all(value, write)
        if not told or told[-1][1] != text:
            told.append((str(year), text))
    if len(told) > MANY_YEARS:
        told = [*told[: MANY_YEARS - 2], ("…", ""), *told[-1:]]
    return "; ".join(f"{year}: {text}" if text else year for year, text in told) or "–"


def _in_all(value: Any, write: Callable[[float], str]) -> str:
    """The prefecture's sum of an amount, in brackets; nothing where there is nothing to add up."""
    total = math.fsum(value.values()) if isinstance(value, Mapping) else float(value) * len(COUNTIES)
    return f" {both(say('changed.together', total=write(total)))}" if total else ""


def _county_range(values: Mapping[str, float], write: Callable[[float], str]) -> str:
    low, high = write(min(values.values())), write(max(values.values()))
    return low if low == high else f"{low} – {high} {both(say('changed.range'))}"


NUMERIC = ' class="n"'
COLUMNS = ("name", "kind", "value", "low", "high", "unit", "status", "source", "doc")
"""Columns of `assumptions.parquet` that the report shows."""


def _assumptions(frames: Frames) -> str:
    table = frames.assumptions
    if (
        table is None
        or table.empty
        or not {"name", "value", "unit", "source", "status"} <= set(table.columns)
    ):
        return _absent(say("assumptions.absent"))
    table = table.reindex(columns=list(COLUMNS))
    counts = table["status"].value_counts()
    order = [name for name in ("found", "derived", "recalled", "assumed") if name in counts.index]
    by_status = joined(
        Words(f"{counts[name]} {status(name).en}", f"{status(name).zh}{counts[name]}个") for name in order
    )
    heads = "".join(
        f'<th scope="col"{NUMERIC if name in ("value", "range") else ""}>{both(say(f"assumptions.{name}"))}</th>'
        for name in ("meaning", "kind", "value", "range", "unit", "status", "source")
    )
    rows = "".join(_assumption(row) for row in table.itertuples(index=False))
    choices = option("", say("assumptions.all")) + "".join(option(name, status(name)) for name in order)
    return (
        f"<p>{both(say('assumptions.count', count=len(table), by_status=by_status))}</p>"
        f'<div class="controls"><label>{both(say("assumptions.search"))} <input type="search" id="find"></label>'
        f'<label>{both(say("assumptions.status"))} <select id="find-status">{choices}</select></label></div>'
        f'<div class="scroll tall" tabindex="0"><table class="plain assumptions"><thead><tr>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _assumption(row: Any) -> str:
    ends = (
        f"{figure(float(row.low))} – {figure(float(row.high))}"
        if pd.notna(row.low) and pd.notna(row.high)
        else "–"
    )
    doc = "" if pd.isna(row.doc) else str(row.doc)
    # A long name may break where its words do.
    name = re.sub(r"([._])", r"\1<wbr>", escape(str(row.name)))
    return (
        f'<tr data-status="{escape(str(row.status))}"><th scope="row">{both(meaning(str(row.name), doc))}<code>{name}</code></th>'
        f"<td>{both(kind(str(row.kind)))}</td><td class='n'>{figure(float(row.value))}</td><td class='n'>{ends}</td>"
        f"<td>{both(declared_unit(str(row.unit)))}</td><td>{badge(str(row.status))}</td><td class='source'>{both(cited(str(row.source)))}</td></tr>"
    )


def _made(frames: Frames) -> str:
    manifest = frames.manifest
    track = (manifest.get("tracks") or [{}])[0]
    documents = frames.observed[["source_en", "source_zh"]].drop_duplicates()
    named = joined((Words(*row) for row in documents.itertuples(index=False)), "; ", ";")
    plain: Callable[[Any], Words] = lambda value: Words(str(value), str(value))
    chance = say("made.no_chance") if frames.seeds < 2 else plain(frames.seeds)
    facts = [
        (say("made.worlds"), plain(frames.worlds)),
        (say("made.sample"), plain(f"{100 * float(track.get('sample', 1.0)):g} %")),
        (say("made.until"), plain(f"2015–{track.get('until', 2035)}")),
        (say("made.chance"), chance),
        (say("made.runs"), plain(len(manifest.get("runs") or []))),
        (say("made.evidence"), plain(manifest.get("evidence", "–"))),
        (say("made.sources"), plain(manifest.get("sources", "–"))),
        (say("made.documents"), named),
    ]
    if frames.missing:
        told = [
            plain(f"{run} ").then(damage(why), "", "")
            for run, why in sorted(frames.missing.items())[:MANY_RUNS]
        ]
        facts.append((say("made.missing", count=len(frames.missing)), joined(told, "; ", "；")))
    rows = "".join(f"<dt>{both(key)}</dt><dd>{both(value)}</dd>" for key, value in facts)
    return f"<dl>{rows}</dl><p class='small'>{both(say('made.others'))}</p>"


# --- Data ---------------------------------------------------------------------------------------------


def _data(frames: Frames, made: Charts, mapped: Any) -> str:
    """What the page's script reads: the figures, the map's values, and the words it writes itself."""
    words = {
        name: say(key).pair
        for name, key in {
            "unit": "page.unit", "source": "page.source", "interval": "page.interval", "status": "page.status",
            "none_here": "page.none_here", "not_drawn": "page.not_drawn", "year": "map.year",
            "title": "page.title",
        }.items()
    }  # fmt: skip
    figures = {key: _bare(drawn.to_plotly_json()) for key, drawn in made.items()}
    told: dict[str, Any] = {"words": words, "figures": figures, "map": None}
    if mapped is not None:
        told["map"] = {"figure": _bare(mapped[0].to_plotly_json()), **mapped[1]}
    text = json.dumps(_folded(told), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c")


SHORTEST = 24
"""Pieces of data that take fewer letters than this are written out each time."""


def _folded(told: Any) -> dict[str, Any]:
    """Data with each piece that comes again written once: `{"$": n}` stands for the piece `n` of `shared`.

    A piece may itself hold such signs, of pieces that stand before it.
    """
    seen: dict[str, int] = {}

    def count(piece: Any) -> str:
        if isinstance(piece, Mapping):
            text = "{" + ",".join(f"{name}:{count(value)}" for name, value in piece.items()) + "}"
        elif isinstance(piece, list | tuple):
            text = "[" + ",".join(map(count, piece)) + "]"
        else:
            text = repr(piece)
        if len(text) >= SHORTEST:
            seen[text] = seen.get(text, 0) + 1
        return text

    shared: list[Any] = []
    places: dict[str, int] = {}

    def fold(piece: Any) -> tuple[Any, str]:
        if isinstance(piece, Mapping):
            folded = {name: fold(value) for name, value in piece.items()}
            text = "{" + ",".join(f"{name}:{own}" for name, (_, own) in folded.items()) + "}"
            made: Any = {name: value for name, (value, _) in folded.items()}
        elif isinstance(piece, list | tuple):
            parts_made = [fold(value) for value in piece]
            text = "[" + ",".join(own for _, own in parts_made) + "]"
            made = [value for value, _ in parts_made]
        else:
            made, text = piece, repr(piece)
        if seen.get(text, 0) < 2:
            return made, text
        if text not in places:
            places[text] = len(shared)
            shared.append(made)
        return {"$": places[text]}, text

    count(told)
    whole, _ = fold(told)
    return {"shared": shared, "whole": whole}


def _bare(drawn: dict[str, Any]) -> dict[str, Any]:
    """A figure as the page keeps it: title and legend stand beside the chart, common layout in the script."""
    layout = drawn["layout"]
    for name in ("template", "title"):
        layout.pop(name, None)
    layout["meta"] = {
        **layout["meta"],
        "texts": [row for row in layout["meta"]["texts"] if not row[0].startswith("layout.title")],
    }
    return {"data": drawn["data"], "layout": layout}
