"""The map: seven counties as filled polygons on axes of equal length, so that nothing is asked of a network.

A degree of longitude is shorter than one of latitude by the cosine of the latitude; the axes keep that ratio.
"""

import math
from collections.abc import Mapping
from typing import Any

import plotly.graph_objects as go

from tianshui import evidence
from tianshui.indicators import AREAS, COUNTIES, Indicator
from tianshui.views.drawing import About, Drawing, Table, Words, number_format

LATITUDE = 34.6
"""Middle latitude of the prefecture, degrees north."""
STEPS = 65
MORE = ("#f2f6fa", "#c6dbef", "#7fb3d8", "#2f7ebc", "#0a4a90")
"""From little to much: one hue, light to dark."""
SIDES = ("#a63f00", "#e8935a", "#f6f3ee", "#6fa9d2", "#0a4a90")
"""From less to more around nothing: orange and blue, told apart by every reader."""
NOTHING = "#d9d9d9"
BLACK, WHITE = "#000000", "#ffffff"
MISSING = Words("no value", "无数值")


def palette(both_sides: bool) -> list[str]:
    """The colours of the map from lowest to highest."""
    stops = SIDES if both_sides else MORE
    return [_between(stops, step / (STEPS - 1)) for step in range(STEPS)]


def inks(colours: list[str]) -> list[str]:
    """Black or white for letters on each colour, whichever stands out more."""
    return [max((BLACK, WHITE), key=lambda ink: contrast(ink, colour)) for colour in colours]


def contrast(one: str, other: str) -> float:
    """Contrast of two colours, 1 to 21 (WCAG 2.1)."""
    low, high = sorted((_brightness(one), _brightness(other)))
    return (high + 0.05) / (low + 0.05)


def limits(values: Table, both_sides: bool) -> tuple[float, float]:
    """Lowest and highest of the colours; equally far from nothing when there are two sides."""
    seen = values.dropna()
    if seen.empty:
        return (0.0, 1.0)
    low, high = float(seen.min()), float(seen.max())
    if both_sides:
        high = max(abs(low), abs(high)) or 1.0
        low = -high
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def step_of(value: float, low: float, high: float) -> int:
    """Which colour a value has."""
    return min(STEPS - 1, max(0, int((value - low) / (high - low) * (STEPS - 1) + 0.5)))


def county_map(
    frame: Table, indicator: Indicator, *, year: int, about: About, both_sides: bool = False
) -> go.Figure:
    """Draw one indicator of the counties in one year; the colours are those of all years of the frame.

    Parameters
    ----------
    frame : DataFrame
        Columns area, year, value in the stored unit.
    indicator : Indicator
        What is drawn.
    year : int
        The year shown.
    about : About
        What is written beside the map.
    both_sides : bool
        Whether values lie on both sides of nothing, as differences do.

    Returns
    -------
    Figure
        A trace a county in the order of the counties, then their names, then the scale.
    """
    colours, values = palette(both_sides), frame["value"] * indicator.factor
    low, high = limits(values, both_sides)
    now = frame[frame["year"] == year].set_index("area")["value"] * indicator.factor
    drawing = Drawing(hovermode="closest", showlegend=False)
    pattern = number_format(indicator.decimals)
    ink = inks(colours)
    letters, figures = [], []
    for county in COUNTIES:
        name = Words(*AREAS[county])
        value = float(now.get(county, math.nan))
        step = step_of(value, low, high) if math.isfinite(value) else None
        east, north = outline(county)
        drawing.scatter(
            {"name": name},
            x=east,
            y=north,
            mode="lines",
            fill="toself",
            hoveron="fills",
            hoverinfo="text",
            fillcolor=NOTHING if step is None else colours[step],
            line={"color": "#ffffff", "width": 1.2},
        )
        letters.append(BLACK if step is None else ink[step])
        figures.append(_figure_words(name, value, pattern))
    places = _places()
    drawing.scatter(
        {"text": Words([words.en for words in figures], [words.zh for words in figures])},
        x=[places[county][0] for county in COUNTIES],
        y=[places[county][1] for county in COUNTIES],
        mode="text",
        textfont={"size": 12, "color": letters},
        hoverinfo="skip",
    )
    drawing.scatter(
        x=[None],
        y=[None],
        mode="markers",
        hoverinfo="skip",
        marker={
            "color": [low],
            "cmin": low,
            "cmax": high,
            "showscale": True,
            "colorscale": [[step / (STEPS - 1), colour] for step, colour in enumerate(colours)],
            "colorbar": {"thickness": 12, "len": 0.8, "tickformat": ",~f", "outlinewidth": 0},
        },
    )
    drawing.axis("x", visible=False)
    drawing.axis("y", visible=False, scaleanchor="x", scaleratio=1.0 / math.cos(math.radians(LATITUDE)))
    return drawing.done(about)


def outline(county: str) -> tuple[list[float | None], list[float | None]]:
    """Longitudes and latitudes of a county's rings, None between two rings."""
    shape = _features()[county]["geometry"]
    polygons = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
    east: list[float | None] = []
    north: list[float | None] = []
    for ring in (ring for polygon in polygons for ring in polygon):
        if east:
            east.append(None)
            north.append(None)
        east.extend(point[0] for point in ring)
        north.extend(point[1] for point in ring)
    return east, north


def _features() -> Mapping[str, Any]:
    """County id to its polygon; the tables name counties by code, in the order of the ids."""
    codes = [int(row["adcode"]) for row in evidence.table("seats")]
    shapes = {shape["properties"]["adcode"]: shape for shape in evidence.boundaries()["features"]}
    return {county: shapes[code] for county, code in zip(COUNTIES, codes, strict=True)}


def _places() -> dict[str, tuple[float, float]]:
    """Where a county's name is written: its centroid."""
    return {
        county: (float(row["centroid_lon_wgs84"]), float(row["centroid_lat_wgs84"]))
        for county, row in zip(COUNTIES, evidence.table("seats"), strict=True)
    }


def _figure_words(name: Words, value: float, pattern: str) -> Words:
    if not math.isfinite(value):
        return Words(f"{name.en}<br>{MISSING.en}", f"{name.zh}<br>{MISSING.zh}")
    return Words(f"{name.en}<br>{value:{pattern}}", f"{name.zh}<br>{value:{pattern}}")


def _between(stops: tuple[str, ...], place: float) -> str:
    exact = place * (len(stops) - 1)
    left = min(int(exact), len(stops) - 2)
    part = exact - left
    pairs = zip(_channels(stops[left]), _channels(stops[left + 1]), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * part):02x}" for a, b in pairs)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _brightness(colour: str) -> float:
    """Relative luminance of a colour, 0 to 1 (WCAG 2.1)."""
    parts = [
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4
        for part in (channel / 255 for channel in _channels(colour))
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
