"""The description of the model: its tables are not stale, and what is written by hand names all that acts."""

import re
from pathlib import Path

import pytest

import tianshui
from tianshui import channels, evidence, reference, registry
from tianshui.population import beliefs, homes, laying, margins, structure
from tianshui.settings import CHANNELS

PACKAGE = Path(tianshui.__file__).parent
FILE = PACKAGE.parents[1] / reference.FOLDER.parent / f"{reference.MODEL}.md"
TEXT = FILE.read_text(encoding="utf-8")
WRITTEN = reference.by_hand(TEXT)
CHAPTERS = (
    "outside_world", "who_lives", "government", "households", "industry", "accounts", "nature", "settle",
)  # fmt: skip
LOOP = re.compile(r"\bloops? ([RB]\d+)")


def unnamed(text: str) -> list[str]:
    """Mechanisms, channels, parts of the population, loops and chapters that a text does not name."""
    files = [f"mechanisms/{file.stem}.py" for file in sorted((PACKAGE / "mechanisms").glob("[!_]*.py"))] + [
        f"channels/{name}.py" for name in CHANNELS
    ]
    files += [
        f"population/{one.__name__.rpartition('.')[2]}.py"
        for one in (beliefs, homes, laying, margins, structure)
    ]
    named = {evidence.document(cut.source)["detail"].upper() for cut in registry.cuts().values()}
    for file in sorted(PACKAGE.rglob("*.py")):
        named |= set(LOOP.findall(file.read_text(encoding="utf-8")))
    lacking = [file for file in files if f"({'../model/tianshui/' + file})" not in text]
    lacking += [f"`{name}`" for name in CHAPTERS if f"`{name}`" not in text]
    return lacking + [loop for loop in sorted(named) if not re.search(rf"\b{loop}\b", text)]


def test_what_is_written_by_hand_names_every_mechanism_channel_loop_and_chapter():
    assert unnamed(WRITTEN) == []
    assert len(CHANNELS) > 5 and channels.TERMS


@pytest.mark.parametrize("gone", ["mechanisms/moving.py", "channels/care.py", "`settle`", "B9", "R7"])
def test_one_that_is_not_named_is_found(gone):
    assert any(gone in one for one in unnamed(WRITTEN.replace(gone, "")))


def test_its_tables_are_not_stale():
    assert reference.described(TEXT) == TEXT, "run: python -m tianshui.reference --model"


def test_every_part_that_can_be_made_is_in_it_once():
    assert sorted(re.findall(r"<!-- made: (\w+) -->", TEXT)) == sorted(reference.PARTS)
    assert "<!--" not in WRITTEN


def test_the_chapters_are_those_of_the_year_in_their_order():
    rows = re.findall(r"`(\w+)`", "\n".join(reference.chapters()))
    assert tuple(row for row in rows if row in CHAPTERS) == CHAPTERS


def test_every_record_of_the_state_tells_its_columns():
    for name, line in zip(reference.RECORDS, reference.entities()[2:], strict=False):
        assert line.startswith(f"| {name} ") and line.count("`") > 4, name


def test_every_published_effect_that_is_missed_is_among_the_known_failures():
    missed = re.findall(
        r"(?m)^\| `(\w+)`.*\*\*miss\*\*", (FILE.parent / "effects.md").read_text(encoding="utf-8")
    )
    failures = WRITTEN.partition("## 4.3 Known failures")[2].partition("## 4.4")[0]
    assert missed and [name for name in missed if f"`{name}`" not in failures] == []


def test_links_lead_somewhere():
    for link in re.findall(r"\]\(([^)#]+)", TEXT):
        assert (FILE.parent / link).exists(), link


def test_a_mark_that_names_nothing_is_refused():
    with pytest.raises(KeyError):
        reference.described("<!-- made: nothing -->\n<!-- end -->")
