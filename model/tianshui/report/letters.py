"""The Chinese letters of a page: the embedded font, cut to the characters that occur."""

import io
from base64 import b64encode
from functools import cache
from importlib.resources import files

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

FONT = "NotoSansSC-GB2312.woff"
"""Noto Sans SC, regular, all of GB 2312 (SIL Open Font License 1.1)."""
BEYOND_LATIN = "\u2e80"
"""From here on lie the signs that a reader's own Latin font may lack."""
PUNCTUATION = "·—…‘’“”"
"""Signs that Chinese text shares with Latin text and draws as wide as a character."""
RANGE = (
    "U+2E80-2FDF, U+3000-30FF, U+31C0-31EF, U+3400-4DBF, U+4E00-9FFF, U+F900-FAFF, U+FE30-FE4F, U+FF00-FFEF"
)
"""What the page takes from the embedded font, as CSS writes it."""


@cache
def _file() -> bytes:
    return (files("tianshui") / "fonts" / FONT).read_bytes()


@cache
def _known() -> frozenset[int]:
    with TTFont(io.BytesIO(_file()), lazy=True) as font:
        return frozenset(font.getBestCmap() or ())


def chinese(text: str) -> str:
    """The distinct characters of a text that the embedded font must draw, in order of their code."""
    return "".join(sorted({sign for sign in text if sign >= BEYOND_LATIN and sign.isprintable()}))


def missing(text: str) -> str:
    """Characters of a text that the embedded font lacks; empty when it covers them all."""
    return "".join(sign for sign in chinese(text) if ord(sign) not in _known())


def cut(text: str) -> bytes:
    """The embedded font with no more than the characters of a text, as a WOFF file.

    The same text always gives the same bytes: the file keeps the date of the font it was cut from.
    """
    options = Options(layout_features=[], hinting=False, flavor="woff", recalc_timestamp=False)
    options.notdef_outline = True
    with TTFont(io.BytesIO(_file()), recalcTimestamp=False) as font:
        subsetter = Subsetter(options)
        subsetter.populate(text=chinese(text) + PUNCTUATION)
        subsetter.subset(font)
        font.flavor = "woff"
        out = io.BytesIO()
        font.save(out)
    return out.getvalue()


def face(text: str) -> str:
    """The CSS rule that embeds the letters of a text."""
    data = b64encode(cut(text)).decode()
    return (
        '@font-face{font-family:"Tianshui Sans";font-display:block;'
        f"src:url(data:font/woff;base64,{data}) format('woff');unicode-range:{RANGE}}}"
    )
