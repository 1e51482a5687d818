"""Figures: pure functions from tidy frames to Plotly figures, one file a family. They never run the model.

Every figure stands alone and speaks both languages: its texts are English, `layout.meta["texts"]` lists each
text's place with its English and Chinese, and `speak(figure, "zh")` gives the Chinese one. `layout.meta`
also names title, unit, source, interval and status of what is drawn, which a page writes beside it.
"""

from tianshui.views.contributions import contributions
from tianshui.views.county_map import county_map
from tianshui.views.deciles import deciles
from tianshui.views.drawing import Words, speak
from tianshui.views.fan import fan
from tianshui.views.four_lines import four_lines
from tianshui.views.money import asked_and_granted, money

__all__ = [
    "Words",
    "asked_and_granted",
    "contributions",
    "county_map",
    "deciles",
    "fan",
    "four_lines",
    "money",
    "speak",
]
