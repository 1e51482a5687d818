"""Loop cuts: the whole and the cut world share their past, and a cut does what its loop did."""

import json

import pytest
from typer.testing import CliRunner

from tianshui import cli, registry
from tianshui.experiments import loops
from tianshui.experiments.pool import Task
from tianshui.plan import load


def test_every_declared_cut_has_a_line_and_the_whole_has_none():
    made = loops.lines(load("plan"))
    assert list(made) == [loops.WHOLE, *registry.cuts()]
    assert not made[loops.WHOLE].cuts
    assert all(made[name].cuts == {name: 1.0} for name in registry.cuts())


def test_differences_are_taken_pair_by_pair(monkeypatch):
    """Two pairs in which a cut adds 1 and 3 to levels of 10 and 20: middle 2, from 1 to 3, of a whole of 15."""
    name = next(iter(registry.cuts()))

    def lived(tasks, deliver, **_):
        for task in tasks:
            assert isinstance(task, Task)
            cut = task.id.rpartition(":")[0].rpartition(":")[0] == name
            deliver(task, (10.0 * (1 + task.seed), (1.0, 3.0)[task.seed] * cut))
        return []

    monkeypatch.setattr(loops, "run_all", lived)
    monkeypatch.setattr(loops, "_read", lambda made, year, indicators: dict.fromkeys(indicators, sum(made)))
    rows = loops.cut_all(pairs=[(0, 0), (1, 1)], indicators=["gdp_real"])
    assert [row.cut for row in rows] == list(registry.cuts())
    first, *rest = rows
    assert (first.whole, first.middle, first.low, first.high, first.pairs) == (15.0, 2.0, 1.0, 3.0, 2)
    assert all((row.middle, row.low, row.high) == (0.0, 0.0, 0.0) for row in rest)


def test_a_world_that_cannot_be_lived_is_told(monkeypatch):
    def none(tasks, deliver, **_):
        from tianshui.experiments.pool import Failure

        return [Failure(tasks[0], "lost", "")]

    monkeypatch.setattr(loops, "run_all", none)
    with pytest.raises(RuntimeError, match="lost"):
        loops.cut_all(pairs=[(0, 0)])


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_command_tells_each_loop(monkeypatch, lang):
    name, number = next(iter(registry.cuts().items()))
    row = loops.Cut(name, "gdp_real", 2035, 1.5e11, -2e9, -3e9, 1e9, 8)
    monkeypatch.setattr(loops, "cut_all", lambda **_: [row])
    done = CliRunner(env={"COLUMNS": "200"}).invoke(cli.app, ["loops", "--lang", lang])
    assert done.exit_code == 0, done.output
    assert number.names[lang == "zh"] in done.output and "-20.00" in done.output.replace(
        "\N{MINUS SIGN}", "-"
    )
    told = json.loads(CliRunner().invoke(cli.app, ["loops", "--json", "-q"]).stdout)
    assert told["cuts"][0]["middle"] == -2e9
