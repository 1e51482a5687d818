"""What a person reads exists in English and Chinese: descriptions, units, messages, and what is wrong."""

import ast
import csv
import errno
import pickle
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import tianshui
from tianshui import compiled, evidence, registry
from tianshui.archive import ArchiveError
from tianshui.strict_yaml import ScenarioError
from tianshui.words import (
    LANGUAGES,
    UNITS,
    WORDS,
    InputError,
    Phrase,
    Unit,
    description,
    descriptions,
    digest,
    reason,
    unit,
)

PACKAGE = Path(tianshui.__file__).parent
NUMBERS = registry.numbers()
CHINESE = re.compile("[\u4e00-\u9fff]")


# --- Descriptions and units ---------------------------------------------------------------------------


ROWS = list(csv.DictReader((PACKAGE / "descriptions_zh.csv").open(encoding="utf-8")))


def test_every_declared_number_is_described_in_chinese_and_nothing_else_is():
    ids = [row["id"] for row in ROWS]
    twice = sorted({name for name in ids if ids.count(name) > 1})
    assert not twice, f"described twice: {twice}"
    missing = [name for name in NUMBERS if name not in descriptions()]
    unknown = [name for name in descriptions() if name not in NUMBERS]
    assert not missing, "add to descriptions_zh.csv:\n" + "\n".join(
        f"{name},{digest(NUMBERS[name].doc)},   ({NUMBERS[name].doc})" for name in missing
    )
    assert not unknown, f"descriptions_zh.csv describes what is not declared: {unknown}"


def test_no_description_has_changed_in_english_since_it_was_translated():
    changed = [
        f"{row['id']}: read {NUMBERS[row['id']].doc!r} against {row['text']!r}, then write {now}"
        for row in ROWS
        if row["id"] in NUMBERS and row["of"] != (now := digest(NUMBERS[row["id"]].doc))
    ]
    assert not changed, "\n".join(changed)


@pytest.mark.parametrize("name", [name for name in NUMBERS if name in descriptions()])
def test_a_chinese_description_is_a_chinese_sentence(name):
    text = descriptions()[name]
    assert text == text.strip() and text.endswith("。") and CHINESE.search(text), text
    assert not re.search("[,;:?!()]", re.sub(r"[\d.]+[,:][\d.]+", "", text)), f"narrow marks: {text}"
    # What the English says in figures the Chinese says too, be it in another unit.
    if not re.search(r"\d", NUMBERS[name].doc):
        assert not re.search(r"\d{3,}", text), text
    assert description("zh", name, "x") == text and description("en", name, "x") == "x"


def test_no_two_numbers_of_a_mechanism_are_described_alike():
    by_text: dict[tuple[str, str], list[str]] = {}
    for name, text in descriptions().items():
        by_text.setdefault((name.partition(".")[0], text), []).append(name)
    assert not [names for names in by_text.values() if len(names) > 1]


def test_what_is_not_described_stays_in_english():
    assert description("zh", "no.such", "As declared.") == "As declared."


def test_every_unit_has_a_chinese_name():
    used = {number.unit for number in NUMBERS.values()}
    used |= {row["unit"] for row in evidence.table("start") if "unit" in row}
    missing = sorted(name for name in used if name not in UNITS)
    assert not missing, f"add to words.UNITS: {missing}"
    assert unit("zh", "yuan/mu") == "元/亩" and unit("en", "yuan/mu") == "yuan/mu" == unit("en", "yuan/mu")
    assert unit("zh", "furlong") == "furlong"


# --- Messages -----------------------------------------------------------------------------------------

SAYING = {"fail": 2, "say": None, "note": 0, "Phrase": 0, "ScenarioError": 0, "InputError": 0, "ArchiveError": 0,
          "Told": 0, "_Wrong": 0, "NoRuns": 0}  # fmt: skip
"""Calls that name a message, and at which place; of `say` any place."""


def texts(node: ast.AST) -> Iterator[str]:
    """The texts that an argument may be; one that is put together is none."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value not in LANGUAGES:
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from texts(node.body)
        yield from texts(node.orelse)


def keys(source: str) -> Iterator[tuple[int, str]]:
    """Messages that a source names, with the line."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in SAYING:
                place = SAYING[name]
                for part in node.args[:2] if place is None else node.args[place : place + 1]:
                    yield from ((node.lineno, text) for text in texts(part) if text)


SPEAKING = [
    path for path in sorted(PACKAGE.rglob("*.py"))
    if not {"report", "views", "mechanisms"} & set(path.relative_to(PACKAGE).parts)
]  # fmt: skip


@pytest.mark.parametrize("path", SPEAKING, ids=lambda path: path.stem)
def test_every_message_that_is_named_exists(path):
    found = keys(path.read_text(encoding="utf-8"))
    lacking = [f"{path.name}:{line}: {key!r}" for line, key in found if key not in WORDS]
    assert not lacking, "\n".join(lacking)


def test_a_message_that_does_not_exist_would_be_found():
    source = 'voice.say("running")\nfail(file, node, "scenario.none" if odd else "scenario.empty")\nPhrase("nothing_such")'
    assert [key for _, key in keys(source) if key not in WORDS] == ["scenario.none", "nothing_such"]


def test_every_message_about_a_file_is_used():
    text = "\n".join(path.read_text(encoding="utf-8") for path in SPEAKING if path.name != "words.py")
    unused = [key for key in WORDS if key.startswith(("scenario.", "archive.")) and f'"{key}"' not in text]
    assert not unused


BRACKETS = ("what_in", "in_when", "in_language")
"""English says `in` where Chinese puts brackets."""


@pytest.mark.parametrize("key", [key for key in WORDS if key not in BRACKETS])
def test_what_is_english_in_english_is_chinese_in_chinese(key):
    """Holes, names in quotation marks, options and file names are the same in both."""
    english, chinese = (re.sub(r"\{[\w:.,]*\}|`[^`]*`|--\w+|\w+\.\w+", "", text) for text in WORDS[key])
    assert not CHINESE.search(english)
    if re.search("[A-Za-z]{2}", english):
        assert CHINESE.search(chinese)


def test_a_fault_is_said_in_both_languages_with_all_that_is_in_it():
    problem = Phrase("scenario.range", name="land.quota", when=Phrase("in_year", year=2025), value="9",
                     unit=Unit("mu/year"), low="0", high="5")  # fmt: skip
    fault = ScenarioError("scenario.at", file="mine.yaml", line=4, problem=problem)
    assert str(fault) == "mine.yaml:4: land.quota in 2025 is 9 mu/year; it must lie within 0 and 5"
    assert fault.said("zh") == "mine.yaml:4: land.quota（2025年）为 9 亩/年；须在 0 与 5 之间"
    assert fault.status == 2 and ArchiveError("archive.digest").status == 1


def test_a_fault_comes_whole_out_of_another_process():
    fault = InputError("bad_lang", text="fr")
    again = pickle.loads(pickle.dumps(fault))
    assert (type(again), str(again), again.said("zh")) == (InputError, str(fault), fault.said("zh"))
    near = pickle.loads(pickle.dumps(ScenarioError("scenario.needed", role="extends", problem=fault)))
    assert near.said("zh") == f"extends: {fault.said('zh')}"


def test_what_the_system_answers_is_said_in_chinese():
    full = reason(OSError(errno.ENOSPC, "No space left on device"))
    assert (full.said("en"), full.said("zh")) == ("No space left on device", "磁盘空间不足")
    odd = reason(OSError(errno.EXDEV, "Invalid cross-device link"))
    assert odd.said("zh") == "Invalid cross-device link"
    assert reason(OSError("no number")).said("zh") == "no number"


def test_no_result_depends_on_a_wording():
    assert not {"tianshui.words"} & compiled._imports("tianshui.strict_yaml")
    assert "tianshui.declare" in compiled._imports("tianshui.registry")
