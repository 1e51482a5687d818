"""Channels: found in their folder, summed by term, and another one is a file and a row of the register."""

import csv
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import tianshui
from tianshui import channels, gains, programmes
from tianshui.channels import TERMS, culture
from tianshui.settings import CHANNELS, Settings
from tianshui.state import TOURISM, State
from worlds import small_world

PACKAGE = Path(tianshui.__file__).parent
USUAL = Settings()


def standing(**stocks: float) -> tuple[State, channels.Gains]:
    """A small world in which some programmes stand, a number in every county, and what they do."""
    world = small_world(400)
    stock = world.programmes.stock.copy()
    for name, size in stocks.items():
        stock[:, [*programmes.roster()].index(name)] = size
    world = world._replace(programmes=world.programmes._replace(stock=stock))
    return world, gains.standing(world, 1.0, USUAL)


def test_every_file_of_the_folder_is_found_and_acts():
    files = {one.stem for one in (PACKAGE / "channels").glob("*.py")} - {"__init__"}
    assert files == set(CHANNELS) and [*CHANNELS] == sorted(CHANNELS)
    # Chapters first, then channels in the order of their names.
    assert [*Settings.model_fields][-len(CHANNELS) :] == [*CHANNELS]


def test_nothing_stands_and_nothing_moves():
    _, moved = standing()
    assert moved is channels.none() and not any(column.any() for column in moved.values())


def test_what_two_channels_do_to_one_term_adds_up():
    """Culture and brands both raise what outsiders buy, each of its own sector; together they are their sum."""
    (_, one), (_, other), (_, both) = (
        standing(culture=1e8),
        standing(brands=1e8),
        standing(culture=1e8, brands=1e8),
    )
    for term in TERMS:
        assert both[term] == pytest.approx(one[term] + other[term])
    assert one["outside_demand"][:, TOURISM].all() and not other["outside_demand"][:, TOURISM].any()


def test_culture_worth_a_thousand_yuan_a_resident_lifts_services_by_a_log_step():
    p = culture.CultureParameters()
    assert culture.step(np.full(7, 1000.0)) == pytest.approx(np.full(7, np.log(2)))
    world, moved = standing(culture=1e8)
    size = np.log1p(1e8 / (world.towns.start_urban + world.towns.start_village) / 1000.0)
    assert moved["services"] == pytest.approx(np.log1p(0.08 * size))
    assert moved["outside_demand"][:, TOURISM] == pytest.approx(p.visits * size)


def test_a_term_that_there_is_not_is_refused(monkeypatch):
    monkeypatch.setattr(culture, "acts", lambda seen, p: {"happiness": np.ones(7)})
    with pytest.raises(ValueError, match="happiness"):
        standing(culture=1.0)


CHANNEL = '''
"""Kites: a festival that lifts the mood of towns and villages."""

import numpy as np

from tianshui.channels import Seen
from tianshui.declare import Parameters, belief, lever


class KitesParameters(Parameters):
    """Numbers of kites."""

    festivals: float = lever(
        0.0, unit="yuan/year", within=(0.0, 1e7), names=("Kites", "风筝节"), who="city", where="county", cost="money",
        group="urban", measure="M99", source="assumed:no_figure_found", status="assumed", builds="kites",
    )
    """Money for kites."""

    kites_fades: float = belief(
        0.5, unit="1/year", within=(0.0, 1.0), source="assumed:no_figure_found", status="assumed"
    )
    """Part of the kites torn in a year."""


def acts(seen: Seen, p: KitesParameters) -> dict[str, np.ndarray]:
    """What kites do."""
    return {"services": 0.1 * (seen.stocks["kites"] > 0.0)}
'''
SCRIPT = """
import numpy as np
from tianshui import gains, inputs, measures, plan, programmes, registry
from tianshui.mechanisms import treasury
from tianshui.settings import Settings

levers = registry.levers()
measures.check(measures.register(), levers)
assert levers["kites.festivals"].measure == "M99"
assert programmes.roster()["kites"].fades == "kites.kites_fades"
told = plan.load("plan").set("kites.festivals=1000").only(["M99"])
assert told.at(2025)["kites.festivals"].tolist() == [1000.0] * 7
assert [row["id"] for row in inputs.item_rows(["M99"])] == ["M99"]
now = programmes.opening()
now.stock[:, [*programmes.roster()].index("kites")] = 1.0
from types import SimpleNamespace as Any
world = Any(
    programmes=now, towns=Any(start_urban=np.ones(7), start_village=np.ones(7)), households=None, industries=None, persons=None
)
assert gains.standing(world, 1.0, Settings())["services"].tolist() == [0.1] * 7
print("found")
"""


def test_another_item_is_a_row_of_the_register_and_a_file(tmp_path):
    """In a copy of the package: nothing else is touched, and lever, programme, item and effect are there."""
    copy = tmp_path / "tianshui"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    with (copy / "evidence" / "measures.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    like = next(row for row in rows if row["id"] == "M35")
    with (copy / "evidence" / "measures.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, like)
        table.writeheader()
        table.writerows([*rows, like | {"id": "M99", "title_en": "Kites", "title_zh": "风筝"}])
    (copy / "channels" / "kites.py").write_text(CHANNEL, encoding="utf-8")
    script = tmp_path / "script.py"
    script.write_text(SCRIPT, encoding="utf-8")
    found = subprocess.run(
        [sys.executable, script], env={"PYTHONPATH": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path)},
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert found.returncode == 0, found.stderr
    assert "found" in found.stdout
