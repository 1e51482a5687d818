"""What all figures share: colours, the page's letters, and texts in two languages.

Colours are those of Okabe and Ito (2008), told apart by readers of every colour vision; a difference that
colour shows is also shown by dash, shape or place.
"""

import math
import re
from typing import Any, NamedTuple

import plotly.graph_objects as go

from tianshui.indicators import Indicator
from tianshui.words import LANGUAGES, chinese

Table = Any
"""A tidy frame of pandas; its own annotations call every selection of rows a frame or a series or a number."""
FONT = '"Tianshui Sans", system-ui, -apple-system, "Segoe UI", "Helvetica Neue", Arial, sans-serif'
INK, FAINT, GREY, GRID = "#1f2328", "#57606a", "#8c959f", "#e6e8eb"
BLACK, ORANGE, SKY, GREEN = "#000000", "#E69F00", "#56B4E9", "#009E73"
YELLOW, BLUE, VERMILION, PURPLE = "#F0E442", "#0072B2", "#D55E00", "#CC79A7"
SCENARIO_COLOURS = (BLUE, VERMILION, GREEN, PURPLE, ORANGE)
SCENARIO_DASHES = ("solid", "dash", "dot", "dashdot", "longdash")
GROUP_COLOURS = {
    "poverty": VERMILION,
    "industry": BLUE,
    "urban": PURPLE,
    "ecology": GREEN,
    "cross": ORANGE,
}
STEP = re.compile(r"\.?([A-Za-z_][A-Za-z_0-9]*)|\[(\d+)\]")


class Words(NamedTuple):
    """One text in English and Chinese."""

    en: Any
    zh: Any

    @property
    def pair(self) -> dict[str, Any]:
        """The two languages by their code, the Chinese with wide marks."""
        return {"en": self.en, "zh": chinese(self.zh)}

    def then(self, more: "Words", english: str = " ", chinese: str = "") -> "Words":
        """Return the text with another after it, with what stands between them in each language."""
        return Words(f"{self.en}{english}{more.en}", f"{self.zh}{chinese}{more.zh}")


class Scenario(NamedTuple):
    """One scenario of a result: its name and its title."""

    name: str
    title: Words


class About(NamedTuple):
    """What a reader must know about a chart's numbers."""

    title: Words
    unit: Words
    source: Words
    interval: Words
    status: Words


class Drawing:
    """A figure being drawn, with the place of each of its texts; it becomes a figure of Plotly when done."""

    def __init__(self, **layout: Any) -> None:
        self.traces: list[dict[str, Any]] = []
        self.layout: dict[str, Any] = _base() | {"shapes": [], "annotations": []} | layout
        self.texts: dict[str, Words] = {}

    def scatter(self, texts: dict[str, Words] | None = None, **trace: Any) -> None:
        """Add points or a line; `texts` are its attributes that are read (name, text)."""
        self._add({"type": "scatter", **trace}, texts)

    def bar(self, texts: dict[str, Words] | None = None, **trace: Any) -> None:
        """Add bars; `texts` are its attributes that are read."""
        self._add({"type": "bar", **trace}, texts)

    def _add(self, trace: dict[str, Any], texts: dict[str, Words] | None) -> None:
        self.traces.append({name: value for name, value in trace.items() if value is not None})
        for attribute, words in (texts or {}).items():
            self.write(f"data[{len(self.traces) - 1}].{attribute}", words)

    def axis(self, which: str, **options: Any) -> None:
        """Set options of the `x` or `y` axis."""
        self.layout[f"{which}axis"] |= options

    def line(self, which: str, place: float, dash: str = "solid") -> None:
        """A thin line across the whole chart, upright at a place of `x` or level at one of `y`."""
        other = "y" if which == "x" else "x"
        self.layout["shapes"].append(
            {
                "type": "line",
                f"{which}0": place,
                f"{which}1": place,
                f"{other}0": 0,
                f"{other}1": 1,
                f"{other}ref": f"{other} domain",
                "line": {"color": FAINT, "width": 1, "dash": dash},
            }
        )

    def annotate(self, words: Words, **options: Any) -> None:
        """Add a text that stands in the chart."""
        self.layout["annotations"].append(
            {"showarrow": False, "font": {"size": 11, "color": FAINT}, **options}
        )
        self.write(f"layout.annotations[{len(self.layout['annotations']) - 1}].text", words)

    def write(self, path: str, words: Words) -> None:
        """Set a text at a path such as `layout.yaxis.title.text`."""
        self.texts[path] = words
        put({"data": self.traces, "layout": self.layout}, path, words.en)

    def done(self, about: About) -> go.Figure:
        """Return the figure with its title and all that a page writes beside it."""
        self.write("layout.title.text", about.title)
        self.write("layout.title.subtitle.text", about.unit)
        self.layout["meta"] = {
            **{name: words.pair for name, words in about._asdict().items()},
            "texts": [[path, words.en, chinese(words.zh)] for path, words in self.texts.items()],
        }
        return go.Figure({"data": self.traces, "layout": self.layout})


def speak(figure: go.Figure, lang: str) -> go.Figure:
    """Return the same figure with its texts in English (`en`) or Chinese (`zh`).

    Raises
    ------
    ValueError
        When there is no such language.
    """
    if lang not in LANGUAGES:
        raise ValueError(f"language {lang!r} is none of {', '.join(LANGUAGES)}")
    told = figure.to_plotly_json()
    for path, *texts in figure.layout.meta["texts"]:
        put(told, path, texts[LANGUAGES.index(lang)])
    return go.Figure(told)


def put(figure: dict[str, Any], path: str, value: Any) -> None:
    """Set what stands at a path (`data[2].name`) of a figure as plain data."""
    steps = [name or int(index) for name, index in STEP.findall(path)]
    place: Any = figure
    for step in steps[:-1]:
        place = place[step]
    place[steps[-1]] = value


def shown_unit(indicator: Indicator) -> Words:
    """The unit in which an indicator is shown, and over whom or what it is taken."""
    unit, over = Words(indicator.shown_en, indicator.shown_zh), Words(*indicator.denominator)
    if not over.en:
        return unit
    if unit.en == "%":
        return Words(f"% of {over.en}", f"%(占{over.zh})")
    return Words(f"{unit.en} ({over.en})", f"{unit.zh}({over.zh})")


def name_of(indicator: Indicator) -> Words:
    """An indicator's name."""
    return Words(indicator.en, indicator.zh)


def shown(value: float, indicator: Indicator) -> float | None:
    """A stored value in the unit shown, rounded to one digit more than is shown; None when there is none."""
    if not math.isfinite(value):
        return None
    return round(value * indicator.factor, indicator.decimals + 1)


def number_format(decimals: int) -> str:
    """A number with separated thousands, as Plotly writes it."""
    return f",.{decimals}f"


def hatch(shape: str) -> dict[str, Any] | None:
    """White strokes over a bar's colour, so that bars differ without colour; none for an empty shape."""
    if not shape:
        return None
    return {
        "shape": shape,
        "fillmode": "overlay",
        "fgcolor": "#ffffff",
        "fgopacity": 0.75,
        "size": 7,
        "solidity": 0.25,
    }


def faded(colour: str, opacity: float) -> str:
    """A colour that lets what lies behind it show."""
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity:g})"


def _base() -> dict[str, Any]:
    def axis(**more: Any) -> dict[str, Any]:
        return {
            "gridcolor": GRID,
            "linecolor": "#b6bcc2",
            "zeroline": False,
            "automargin": True,
            "fixedrange": True,
            "tickfont": {"size": 12, "color": FAINT},
            "title": {"font": {"size": 12, "color": FAINT}},
            **more,
        }

    return {
        "template": {},
        "font": {"family": FONT, "size": 13, "color": INK},
        "paper_bgcolor": "#ffffff",
        "plot_bgcolor": "#ffffff",
        "separators": ".,",
        "dragmode": False,
        "hovermode": "x unified",
        "hoverlabel": {"bgcolor": "#ffffff", "bordercolor": "#b6bcc2", "font": {"size": 12, "color": INK}},
        "margin": {"l": 56, "r": 16, "t": 72, "b": 40},
        "legend": {"orientation": "h", "y": -0.16, "x": 0, "font": {"size": 12}},
        "title": {
            "x": 0.01,
            "xanchor": "left",
            "font": {"size": 16},
            "subtitle": {"font": {"size": 12, "color": FAINT}},
        },
        "xaxis": axis(showgrid=False, ticks="outside", ticklen=4, tickcolor="#b6bcc2"),
        "yaxis": axis(tickformat=",~f"),
    }
