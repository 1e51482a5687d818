"""Sensitivity: known functions through the whole path, a stop and a going on, failures, and one real world."""

import json
from functools import partial

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from tianshui import cli, evidence, registry
from tianshui.draws import key, normal
from tianshui.experiments import fit, indices, sensitivity
from tianshui.experiments.sensitivity import LUCK, ROWS, WORLD, Case, Kept
from tianshui.run import Years, simulate
from tianshui.settings import Settings
from tianshui.words import InputError

ONE, TWO, THREE, FOUR = names = (
    "livelihoods.kappa", "demography.birth_second", "demography.birth_third", "schooling.hs_trans",
)  # fmt: skip
"""Four names of inputs; the toys know no more of them."""
HEAD = "rural_income_real"


# --- On arrays ----------------------------------------------------------------------------------------


def ishigami(chances):
    """Indices are known: with a = 7, b = 0.1 first 0.314, 0.442, 0 and total 0.558, 0.442, 0.244."""
    x = np.pi * (2.0 * chances - 1.0)
    return np.sin(x[:, 0]) + 7.0 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def test_the_indices_of_ishigami_are_those_that_are_known():
    own = names[:3]
    told = indices.indexed(own, ishigami(indices.crossed(own, 1024, 1)), 1)
    assert told.first == pytest.approx([0.314, 0.442, 0.0], abs=0.04)
    assert told.total == pytest.approx([0.558, 0.442, 0.244], abs=0.04)
    assert (told.first_error > 0.0).all() and (told.first_error < 0.2).all()


def test_a_straight_line_changes_by_its_slope_times_the_step():
    # 10 u0 - 4 u1, and a step of one half: 5 and 2, without spread.
    chances = indices.trajectories(names[:3], 6, 1)
    assert chances.min() == 1 / 8 and chances.max() == 7 / 8 and indices.STEP == pytest.approx(0.5)
    told = indices.screened(names[:3], chances, 10 * chances[:, 0] - 4 * chances[:, 1], 1)
    assert told.change == pytest.approx([5.0, -2.0, 0.0])
    assert told.size == pytest.approx([5.0, 2.0, 0.0])
    assert told.spread == pytest.approx([0.0, 0.0, 0.0], abs=1e-12)
    # 25 / 29 of the squares are the first's.
    assert indices.strength(told.size[None]) == pytest.approx([25 / 29, 4 / 29, 0.0])


def test_outputs_that_nothing_moves_do_not_count_in_the_strength():
    assert indices.strength(np.array([[3.0, 4.0], [0.0, 0.0]])) == pytest.approx([9 / 25, 16 / 25])
    assert indices.strength(np.zeros((2, 2))).tolist() == [0.0, 0.0]


@pytest.mark.parametrize("seed", [1, 2])
def test_two_calls_with_one_seed_agree(seed):
    chances = indices.trajectories(names, 4, seed)
    assert np.array_equal(chances, indices.trajectories(names, 4, seed))
    assert not np.array_equal(chances, indices.trajectories(names, 4, seed + 1))
    screened = [indices.screened(names, chances, ishigami(chances), seed) for _ in range(2)]
    blocks = [indices.crossed(names, 16, seed) for _ in range(2)]
    assert np.array_equal(*blocks)
    indexed = [indices.indexed(names, ishigami(blocks[0]), seed) for _ in range(2)]
    for one, other in (screened, indexed):
        assert all(np.array_equal(*pair) for pair in zip(one, other, strict=True))


def test_a_seed_that_salib_takes_for_none_is_refused_and_what_does_not_vary_has_no_index():
    with pytest.raises(ValueError, match="luck"):
        indices.indexed(names, np.arange(24.0), 0)
    assert np.isnan(indices.indexed(names, np.ones(24), 1).total).all()


def lucky(name, *shape):
    luck = key(9, 0, name)
    return np.array([normal(luck, number, 0) for number in range(int(np.prod(shape)))]).reshape(shape)


def test_a_variance_is_split_as_it_was_made():
    # Variances 4, 1, 0.25 + 0.25: of 5.5 in all 0.727, 0.182, 0.091.
    worlds, seeds, plans = 600, 3, 4
    made = (
        2.0 * lucky("b", worlds, 1, 1)
        + lucky("l", worlds, 1, plans)
        + 0.5 * lucky("s", worlds, seeds, 1)
        + 0.5 * lucky("e", worlds, seeds, plans)
    )
    told = indices.split(made)
    assert told.variance == pytest.approx(5.5, rel=0.15)
    for share, error, known in (
        (told.beliefs, told.beliefs_error, 4 / 5.5),
        (told.levers, told.levers_error, 1 / 5.5),
        (told.chance, told.chance_error, 0.5 / 5.5),
    ):
        assert abs(share - known) < 3 * error and 0.0 < error < 0.03
    assert told.beliefs + told.levers + told.chance == pytest.approx(1.0)


def test_a_split_by_hand():
    """Worlds 0 and 6 and 12, plans +1 and -1, no luck: MSb = 4 * 36, so beliefs (144 - 4) / 4 + 0 = 35; levers 2."""
    made = np.array([[[w + 1.0, w - 1.0]] * 2 for w in (0.0, 6.0, 12.0)])
    told = indices.split(made)
    # Between two plans a variance of (1 + 1) / (2 - 1) = 2; of worlds 36 - 2 / 2 = 35.
    assert told.variance == pytest.approx(37.0)
    assert told.beliefs == pytest.approx(35 / 37) and told.levers == pytest.approx(2 / 37)
    assert told.chance == pytest.approx(0.0)
    with pytest.raises(ValueError, match="three worlds"):
        indices.split(made[:2])


def test_what_never_varies_has_no_parts():
    assert np.isnan(indices.split(np.ones((3, 2, 2))).beliefs)


# --- The whole, on a toy ------------------------------------------------------------------------------

LIVED = []


def toy(case, plans, *, sample, heads, years, heard=None, fails=()):
    """No plan gives 100 and Ishigami's function of the first three inputs; the plan adds ten times the fourth."""
    where = np.array([[case.chances.get(name, 0.5) for name in names]])
    for line in plans:
        LIVED.append((case.number, line))
        if (case.number, line) in fails:
            raise ValueError("lost")
        value = 100.0 + float(ishigami(where)[0]) + (10.0 * where[0, 3] if line != "no_plan" else 0.0)
        yield line, {sensitivity.column(head, year): value for head in heads for year in years}


SETTING = {
    "studies": ("morris", "sobol"), "trajectories": 8, "blocks": 256, "names": names, "heads": (HEAD,), "years": (2017,),
    "workers": 1, "lived": toy,
}  # fmt: skip


@pytest.fixture(scope="module")
def toy_study(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sensitivity")
    return folder, sensitivity.study(folder, **SETTING)


def of(found, effect):
    return found.rows[found.rows["effect"] == effect].set_index("input")


def test_known_indices_come_out_of_the_whole_path(toy_study):
    _, found = toy_study
    effect = of(found["sobol"], True)
    # The effect is ten times one input: all of it that input's.
    assert effect.loc[FOUR, "first"] == pytest.approx(1.0, abs=0.05)
    assert effect.loc[FOUR, "total"] == pytest.approx(1.0, abs=0.05)
    assert effect.loc[ONE, "total"] == pytest.approx(0.0, abs=1e-9)
    # Ishigami's variance is 13.845 and that of ten times a chance 100 / 12.
    level, whole = of(found["sobol"], False), 13.845 + 100 / 12
    assert level.loc[TWO, "total"] == pytest.approx(0.442 * 13.845 / whole, abs=0.06)
    assert level.loc[THREE, "total"] == pytest.approx(0.244 * 13.845 / whole, abs=0.06)
    screening = of(found["morris"], True)
    assert screening.loc[FOUR, "change"] == pytest.approx(5.0)
    assert sensitivity.ranked(found["morris"].rows).index[0] == FOUR
    assert found["sobol"].counts.failed == 0


def test_a_study_that_was_stopped_goes_on_and_a_cut_file_is_made_again(toy_study):
    folder, _ = toy_study
    before = {file.name: file.read_bytes() for file in folder.glob("*.parquet")}
    assert set(before) == {"morris.parquet", "sobol.parquet"}
    parts = sorted((folder / "runs").rglob("*.parquet"))
    gone, cut = parts[0], parts[-1]
    lost = len(pd.read_parquet(gone)) + len(pd.read_parquet(cut))
    gone.unlink()
    cut.write_bytes(cut.read_bytes()[:100])
    LIVED.clear()
    sensitivity.study(folder, **SETTING)
    assert len(LIVED) == lost
    assert {file.name: file.read_bytes() for file in folder.glob("*.parquet")} == before


def test_the_order_in_which_runs_end_changes_nothing(toy_study, tmp_path, monkeypatch):
    folder, _ = toy_study
    run_all = sensitivity.run_all
    monkeypatch.setattr(
        sensitivity, "run_all", lambda tasks, *more, **options: run_all(tasks[::-1], *more, **options)
    )
    sensitivity.study(tmp_path / "other", **SETTING)
    for file in folder.glob("*.parquet"):
        assert (tmp_path / "other" / file.name).read_bytes() == file.read_bytes()


def test_a_run_that_fails_is_counted_and_takes_its_trajectory_along(tmp_path):
    # Row 7 lies in the second trajectory of five rows.
    failing = partial(toy, fails=[(7, "plan")])
    found = sensitivity.study(tmp_path, **SETTING | {"studies": ("morris",), "lived": failing})["morris"]
    assert (found.counts.runs, found.counts.failed) == (2 * 8 * 5, 1)
    assert (found.counts.blocks, found.counts.dropped) == (8, 1)
    assert "lost" in found.counts.messages[0]
    assert of(found, True).loc[FOUR, "change"] == pytest.approx(5.0)


def test_a_run_that_fails_takes_its_block_of_the_indices_along(tmp_path):
    # Row 13 lies in the third block of six rows; its trajectory of the screening goes too, the third of five rows.
    failing = partial(toy, fails=[(13, "no_plan")])
    found = sensitivity.study(tmp_path, **SETTING | {"lived": failing})
    assert [found[name].counts[1:4] for name in ("morris", "sobol")] == [(1, 8, 1), (1, 256, 1)]
    assert of(found["sobol"], True).loc[FOUR, "first"] == pytest.approx(1.0, abs=0.05)


def test_a_study_of_which_nothing_is_left_says_why(tmp_path):
    every = [(row, line) for row in range(40) for line in ("no_plan", "plan")]
    with pytest.raises(InputError, match="lost"):
        sensitivity.study(tmp_path, **SETTING | {"studies": ("morris",), "lived": partial(toy, fails=every)})


def drawn(case, plans, *, sample, heads, years, heard=None):
    """A world's own level, what the plan's levers add, and luck: variances 100, 1 / 12, 0.04."""
    for line in plans:
        level = 10.0 * float(normal(key(case.draw, 0, "toy"), 0, 0))
        luck = 0.2 * float(normal(key(case.seed, 0, "toy luck"), 0, 0))
        added = sensitivity.split(60).parts[
            case.number, ["no_plan", "plan 1", "plan 2", "plan 3"].index(line), 0
        ]
        yield line, {sensitivity.column(head, year): level + luck + added for head in heads for year in years}


def test_the_variance_of_drawn_worlds_is_split(tmp_path):
    found = sensitivity.study(
        tmp_path, ("split",), worlds=60, heads=(HEAD,), years=(2017,), workers=1, lived=drawn
    )["split"]
    level, effect = found.rows.to_dict("records")
    assert level["beliefs"] > 0.99 and level["variance"] == pytest.approx(100.0, rel=0.5)
    # What luck and beliefs add is the same without the plan; worlds differ by the weights that they drew.
    assert effect["chance"] == pytest.approx(0.0, abs=1e-9)
    assert abs(effect["levers"] - 1.0) < 3 * effect["levers_error"] < 0.4
    assert effect["variance"] == pytest.approx(1 / 12, rel=0.3)
    assert effect["mean"] == pytest.approx(0.5, abs=0.1)


# --- Designs ------------------------------------------------------------------------------------------


def test_the_screening_moves_every_uncertain_number_and_each_world_as_one():
    own = sensitivity.inputs()
    assert set(fit.free()) < set(own) and own[-3:] == (WORLD, ROWS, LUCK)
    design = sensitivity.morris(2)
    assert design.blocks == 2 and design.block == len(own) + 1
    # Luck is another seed once in each trajectory, and no seed is in two of them.
    seeds = design.seeds.reshape(2, -1)
    assert [len(set(row)) for row in seeds.tolist()] == [2, 2]
    assert not set(seeds[0].tolist()) & set(seeds[1].tolist())
    assert set(design.draws.tolist()) <= {1, 2, 3, 4} and len(set(design.draws.tolist())) > 1


def test_only_a_power_of_two_keeps_the_sequence_in_balance():
    with pytest.raises(InputError, match="power of two"):
        sensitivity.sobol(names, 100)


def test_weights_of_none_and_all_are_no_plan_and_the_plan():
    none, full = sensitivity._ends()
    groups = len(sensitivity.GROUPS)
    assert sensitivity.plan_of((0.0,) * groups).resolved() == none.resolved()
    assert sensitivity.plan_of((1.0,) * groups).resolved() == full.resolved()
    # Poverty alone, half: the allowance lies between the two.
    half = sensitivity.plan_of((0.5,) + (0.0,) * (groups - 1))
    name = "relief.monitoring"
    assert half.at(2030)[name][0] == pytest.approx((none.at(2030)[name][0] + full.at(2030)[name][0]) / 2)
    assert half.at(2030)["towns.services"].tolist() == none.at(2030)["towns.services"].tolist()


def test_worlds_of_the_split_may_be_rows_of_the_ensemble(monkeypatch, tmp_path):
    kept = Kept(tmp_path, **SMALL)
    priors = kept.place(sensitivity.split(2))
    with pytest.raises(InputError, match="has 0 rows"):
        monkeypatch.setattr(evidence, "ensemble", tuple)
        sensitivity.split(2, fitted=True)
    monkeypatch.setattr(evidence, "ensemble", lambda: ((5, {}), (9, {})))
    monkeypatch.setattr(evidence, "ensemble_digest", lambda: "one")
    design = sensitivity.split(2, fitted=True)
    assert design.draws.tolist() == [evidence.ENSEMBLE_FROM + row for row in (0, 0, 1, 1)]
    place = kept.place(design)
    monkeypatch.setattr(evidence, "ensemble_digest", lambda: "another")
    assert len({priors, place, kept.place(design)}) == 3


def test_chances_of_a_draw_give_the_numbers_of_the_draw():
    settings = Settings()
    where = dict(zip(fit.free(), fit.chances([7], fit.free())[0].tolist(), strict=True))
    # Draw 7 starts in world 3 and so do draws 3, 7, 11.
    given = sensitivity.settings_of(Case(0, 0, 3, where, False))
    drawn = registry.draw_beliefs(settings, 7)
    assert all(registry.value(given, name) == registry.value(drawn, name) for name in fit.uncertain())
    rows = sensitivity.settings_of(Case(0, 0, 3, where | {ROWS: 6.5 / 16}, False))
    assert rows.industries.draw == 7 and given.industries.draw == 0


def test_shares_of_a_whole_add_up_where_one_of_them_is_moved():
    settings = Settings()
    name = next(one for one in fit.free() if ".share_" in one and "_of_" in one)
    group = name.rpartition("_of_")[2]
    moved = registry.at_chances(settings, {name: 0.9})
    mechanism = name.partition(".")[0]
    members = [
        one
        for one in registry.beliefs()
        if one.startswith(f"{mechanism}.share_") and one.endswith(f"_of_{group}")
    ]
    assert registry.value(moved, name) != registry.value(settings, name)
    assert sum(registry.value(moved, one) for one in members) == pytest.approx(1.0)


# --- Real worlds --------------------------------------------------------------------------------------

SMALL = {"sample": 0.002, "years": (2017,), "heads": ("gdp_real", "resident_population")}


def test_a_world_of_given_numbers_is_the_draw_that_has_them():
    drawn = registry.draw_beliefs(Settings(), 5)
    plan = sensitivity._ends()[1]
    luck = {"sample": 0.002, "seed": 3, "draw": 5, "until": 2016}
    one, other = Years(plan, **luck), Years(plan, **luck, settings=drawn)
    one.step()
    other.step()
    counted = [np.array(list(world.counted.values())) for world in (one, other)]
    assert np.array_equal(*counted, equal_nan=True)
    central = Years(plan, **luck, settings=Settings())
    central.step()
    assert not np.array_equal(np.array(list(central.counted.values())), counted[0], equal_nan=True)


def test_a_tiny_study_of_the_model(tmp_path):
    """Two numbers, the world and luck; the plan acts from 2021, so that its effect is nothing yet."""
    own = ("livelihoods.kappa", "demography.birth_second", WORLD, LUCK)
    found = sensitivity.study(
        # With two, a birth more and a birth fewer among some thousand heads can leave nothing.
        tmp_path,
        ("morris", "split"),
        trajectories=4,
        worlds=3,
        names=own,
        workers=1,
        **SMALL,
    )
    rows = found["morris"].rows
    assert found["morris"].counts.failed == 0 and np.isfinite(rows["size"]).all()
    assert (rows[rows["effect"]]["size"] == 0.0).all()
    residents = of(found["morris"], False)
    residents = residents[residents["indicator"] == "resident_population"]
    assert residents.loc["demography.birth_second", "change"] > 0.0
    assert residents.loc[LUCK, "size"] > 0.0
    level = found["split"].rows.iloc[0]
    assert level["levers"] == pytest.approx(0.0, abs=1e-9)
    assert level["beliefs"] + level["chance"] == pytest.approx(1.0)


def test_a_line_of_a_case_is_the_run_of_that_plan():
    design = sensitivity.split(1)
    case = sensitivity._case(design, 1)
    plans = {"no_plan": sensitivity._ends()[0]}
    ((_, made),) = sensitivity.live(case, plans, **SMALL)
    run = simulate("no_plan", sample=0.002, seed=case.seed, draw=case.draw, until=2017)
    here = (run.table["year"] == 2017) & (run.table["area"] == "tianshui")
    told = dict(zip(run.table["indicator"][here], run.table["value"][here], strict=True))
    assert made == {f"{head}/2017": told[head] for head in SMALL["heads"]}


def test_runs_lie_under_all_that_determines_them(tmp_path):
    design = sensitivity.morris(2, names)
    place = Kept(tmp_path, **SMALL).place(design)
    assert Kept(tmp_path, **SMALL).place(sensitivity.morris(2, names)) == place
    assert Kept(tmp_path, **SMALL | {"sample": 0.003}).place(design) != place
    assert Kept(tmp_path, **SMALL | {"heads": ("gdp_real",)}).place(design) != place
    assert Kept(tmp_path, **SMALL).place(sensitivity.morris(3, names)) != place


# --- The command --------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_command_tells_every_study(toy_study, monkeypatch, tmp_path, lang):
    folder, _ = toy_study
    real = sensitivity.study

    def told(_, studies, **__):
        found = real(folder, **SETTING)
        split = real(tmp_path, ("split",), worlds=5, heads=(HEAD,), years=(2017,), workers=1, lived=drawn)
        return {name: one for name, one in (found | split).items() if name in studies}

    monkeypatch.setattr(sensitivity, "study", told)
    call = ["sensitivity", "--out", str(folder), "--lang", lang]
    done = CliRunner(env={"COLUMNS": "250"}).invoke(cli.app, call)
    assert done.exit_code == 0, done.output
    assert FOUR in done.output and ("Strength" if lang == "en" else "强度") in done.output
    assert ("Levers" if lang == "en" else "杠杆") in done.output
    told = json.loads(CliRunner().invoke(cli.app, [*call, "--json", "-q"]).stdout)
    assert set(told) == {"folder", "sample", "morris", "sobol", "split"}
    assert told["morris"]["counts"]["runs"] == 80 and FOUR in told["morris"]["strength"]


def test_the_command_refuses_what_is_no_study():
    done = CliRunner().invoke(cli.app, ["sensitivity", "moris"])
    assert done.exit_code == 2 and "moris" in done.output
