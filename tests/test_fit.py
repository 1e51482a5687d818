"""The fit: each stage against what is known by hand, a stop and a going on, and rows of the ensemble as draws."""

import json
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm
from typer.testing import CliRunner

from tianshui import cli, evidence, registry
from tianshui.draws import key, normal, uniform
from tianshui.evidence import ENSEMBLE_FROM
from tianshui.experiments import fit, hindsight, matching
from tianshui.experiments.compare import pairs_of
from tianshui.experiments.fit import Kept, Worlds
from tianshui.experiments.hindsight import View
from tianshui.experiments.matching import Band, Emulator
from tianshui.experiments.series import COLUMNS
from tianshui.indicators import INDICATORS
from tianshui.plan import load
from tianshui.run import run_id, simulate
from tianshui.words import InputError

BELIEF = "livelihoods.kappa"
ONE, TWO = BELIEF, "demography.birth_second"
"""Two numbers that are drawn."""


def lucky(name, rows, columns=1):
    """Uniform numbers (rows x columns) that repeat."""
    luck = key(7, 0, name)
    return np.array([[uniform(luck, row, column) for column in range(columns)] for row in range(rows)])


def noise(name, rows, columns=1):
    luck = key(8, 0, name)
    return np.array([[normal(luck, row, column) for column in range(columns)] for row in range(rows)])


# --- Bands --------------------------------------------------------------------------------------------


def test_the_band_of_a_known_normal_is_two_standard_deviations_wide_and_holds_error():
    draws = norm.ppf((np.arange(4000) + 0.5) / 4000)[:, None]
    plain = matching.band(draws, np.zeros(1), np.zeros_like(draws))
    assert plain.low == pytest.approx(-1.96, abs=0.01) and plain.high == pytest.approx(1.96, abs=0.01)
    # Variances add up: sqrt(1 + 0.75^2) = 1.25.
    seen = matching.band(draws, np.array([0.75]), noise("error", 4000))
    assert (seen.high - seen.low) / 2 == pytest.approx(1.96 * 1.25, rel=0.04)


def test_a_miss_is_told_in_half_widths():
    within = Band(np.array([0.0, 0.0, 0.0]), np.array([1.0, 1.0, 1.0]), np.array([2.0, 2.0, 2.0]))
    assert matching.beyond(np.array([1.5, 3.0, -0.5]), within).tolist() == [0.0, 1.0, -0.5]


def test_checks_count_points_and_compare_widths_with_the_range_of_the_series():
    rows = [observed(2017, 100.0), observed(2018, 130.0)]
    found = fit.points(rows)
    within = Band(np.array([90.0, 90.0]), np.array([100.0, 100.0]), np.array([110.0, 110.0]))
    every, one = fit.checks(found, within, fit.covered(rows))
    assert (every.points, every.inside, one.indicator) == (2, 1, "rural_income_surveyed")
    # Twenty wide; the series ran over thirty; 130 is 20 above the upper end, which is two half widths.
    assert one.against == pytest.approx(20 / 30) and one.missed == pytest.approx(2.0)
    assert one.where == "tianshui 2018"


# --- History matching ---------------------------------------------------------------------------------


def test_the_third_largest_implausibility_decides():
    mean = np.array([[1.0, 2.0, 3.0, 4.0]])
    told = partial(matching.implausibility, np.zeros(4), mean, np.zeros((1, 4)), np.ones(4))
    assert told() == [2.0] and told(decides=1) == [4.0]
    # Variance of the guess 3, scale 1: half as implausible.
    assert matching.implausibility(np.zeros(4), mean, np.full((1, 4), 3.0), np.ones(4)) == [1.0]
    # Series a has 4 and 1, b has 2, c has 3: of 4, 3 and 2 the third.
    assert told(series=["a", "b", "c", "a"]) == [2.0] and told(series=["a", "b", "c", "a"], decides=2) == [
        3.0
    ]
    # Three points of one series are one: of 4 and 1 there is no third, so the least decides.
    assert told(series=["a", "b", "b", "b"]) == [1.0]


@pytest.fixture(scope="module")
def taught():
    """Ten beliefs of which two matter: points 10 u0, 10 u0 + 4 u1^2 and one that only wavers."""
    chances = lucky("taught", 200, 10)
    outputs = shape(chances) + 0.05 * noise("wavering", 200, 3)
    return Emulator(chances, outputs, np.full(3, 0.3))


def shape(chances):
    return np.stack(
        [10 * chances[:, 0], 10 * chances[:, 0] + 4 * chances[:, 1] ** 2, 0 * chances[:, 0]], axis=1
    )


def test_the_emulator_knows_which_beliefs_matter_and_what_a_run_would_give(taught):
    assert sorted(taught.active.tolist()) == [0, 1]
    fresh = lucky("fresh", 50, 10)
    mean, variance = taught.guess(fresh[:, taught.active])
    away = (mean - shape(fresh)) / np.sqrt(variance)
    assert np.abs(mean[:, :2] - shape(fresh)[:, :2]).max() < 0.5
    assert np.mean(np.abs(away) < 3.0) > 0.97


def test_history_matching_finds_the_region_that_is_known(taught):
    # 10 u0 = 5 and 10 u0 + 4 u1^2 = 6, so u0 = 0.5 and u1 = 0.5.
    value, scale = np.array([5.0, 6.0, 0.0]), np.full(3, 0.3)
    fresh = lucky("looked at", 4000, 10)
    guessed = taught.guess(fresh[:, taught.active])
    left = fresh[matching.implausibility(value, *guessed, scale, decides=1) <= matching.CUT]
    # 3 * 0.3 / 10 either way.
    assert np.abs(left[:, 0] - 0.5).max() < 0.15
    assert left[:, 0].min() < 0.44 and 0.56 < left[:, 0].max()
    sure = np.abs(shape(fresh) - value).max(axis=1) < 0.6
    assert len(left) >= sure.sum() and left[:, 1].std() < 0.24
    assert 0.02 < len(left) / len(fresh) < 0.2


def test_an_emulator_of_nothing_but_luck_rules_nothing_out():
    chances, outputs = lucky("nothing", 100, 5), noise("only luck", 100, 4)
    told = Emulator(chances, outputs, np.ones(4))
    guessed = told.guess(chances[:, told.active])
    assert (matching.implausibility(np.zeros(4), *guessed, np.ones(4)) <= matching.CUT).all()


# --- Choosing -----------------------------------------------------------------------------------------


def test_every_indicator_counts_alike_in_the_distance():
    # Misses of 1, 1, 1 of one indicator and 3 of the other: sqrt((1 + 9) / 2).
    told = matching.distance(np.zeros(4), np.array([[1.0, 1.0, 1.0, 3.0]]), np.eye(4), ["a", "a", "a", "b"])
    assert told == pytest.approx(np.sqrt(5.0))


def test_misses_that_go_together_are_nearer_than_those_that_do_not():
    # Variance 4, half of it shared: the inverse of [[4, 2], [2, 4]] is [[4, -2], [-2, 4]] / 12.
    whitened = matching.apart(np.array([[4.0, 2.0], [2.0, 4.0]]))
    told = matching.distance(np.zeros(2), np.array([[2.0, 2.0], [2.0, -2.0]]), whitened, ["a", "a"])
    # (4 * 4 - 2 * 2 * 4 + 4 * 4) / 12 = 16 / 12 and 48 / 12, halved.
    assert told == pytest.approx(np.sqrt([16 / 24, 48 / 24]))


def test_years_of_a_series_share_half_of_what_may_be_off_and_growth_shares_nothing():
    rows = fit.points([observed(2017, 100.0, error=3.0), observed(2018, 200.0, error=4.0)])
    # Discrepancy 7 % of the value: 7 and 14. Luck (1, 2) and (-1, -2) over two seeds: 2, 4 and 8.
    told = fit.together(rows, np.array([[1.0, 2.0], [-1.0, -2.0]]))
    assert told == pytest.approx(
        np.array([[9 + 49 + 2, (12 + 98) / 2 + 4], [(12 + 98) / 2 + 4, 16 + 196 + 8]])
    )
    growth = [one._replace(use="growth") for one in rows]
    assert fit.together(growth, np.zeros((2, 2)))[0, 1] == 0.0
    other = [rows[0], rows[1]._replace(area="gangu")]
    assert fit.together(other, np.array([[1.0, 2.0], [-1.0, -2.0]]))[0, 1] == 0.0


def test_the_closest_are_kept_in_their_order():
    assert matching.closest(np.array([3.0, 1.0, 2.0, 1.0]), 3).tolist() == [1, 2, 3]


def test_choosing_gives_the_posterior_of_a_conjugate_normal():
    # Prior N(0, 1), observed 1 with error 0.5: mean 1 / 1.25 = 0.8, variance 0.25 / 1.25 = 0.2.
    belief = norm.ppf(np.clip(lucky("belief", 20_000), 1e-9, 1 - 1e-9))
    seen = belief + 0.5 * noise("seen", 20_000)
    away = matching.distance(np.ones(1), seen, np.full((1, 1), 1 / 0.5), ["a"])
    chosen = belief[matching.closest(away, 1000), 0]
    assert chosen.mean() == pytest.approx(0.8, abs=0.05)
    assert chosen.var() == pytest.approx(0.2, abs=0.03)


# --- The whole, on a toy ------------------------------------------------------------------------------


def observed(year, value, error=2.0):
    """A row of the series as text."""
    told = {
        "area": "tianshui", "indicator": "rural_income_surveyed", "year": year, "value": value, "unit": "yuan/person",
        "error": error, "use": "fit", "status": "found", "basis": "current", "rests_on": year,
        "source_en": "toy", "source_zh": "示例",
    }  # fmt: skip
    return {name: str(told[name]) for name in COLUMNS}


ROWS = [observed(2016, 130.0), observed(2017, 140.0), observed(2018, 130.0), observed(2019, 140.0)]
LIVED = []


def toy(task, progress=None, *, wanted):
    """Income is 100 and a hundred times one belief, twenty times another every second year."""
    LIVED.append(task.draw)
    first, second = fit.chances([max(task.draw, 1)], [ONE, TWO])[0]
    luck = 0.1 * normal(key(task.seed, 0, "toy"), 0, 0)
    return {
        fit.column(*point): 100.0 + 100.0 * first + (20.0 * second if point[2] % 2 else 0.0) + luck
        for point in wanted
    }


SETTING = {
    "draws_checked": 120, "waves": 1, "runs": 40, "choosing": 80, "size": 20, "workers": 1, "work": toy, "rows": ROWS,
}  # fmt: skip


@pytest.fixture(scope="module")
def toy_fit(tmp_path_factory):
    folder = tmp_path_factory.mktemp("fit")
    return folder, fit.fit(folder, **SETTING)


def test_a_fit_learns_what_can_be_learned_and_nothing_else(toy_fit):
    _, found = toy_fit
    learned = {one.name: one for one in fit.beliefs(found.ensemble)}
    # 100 + 100 u = 130; the discrepancy is 7 % of the value, so that u lies within 0.1 or so of 0.3.
    assert learned[ONE].learned and learned[ONE].spread < 0.5 and abs(learned[ONE].mean - 0.3) < 0.1
    assert ONE in fit.matter(found)
    assert found.waves[0].left < 0.9 and found.away.max() < np.median(found.away_prior)
    rest = [one for one in learned.values() if one.name not in (ONE, TWO)]
    assert np.mean([one.spread for one in rest]) == pytest.approx(1.0, abs=0.1)


def test_the_ensemble_holds_every_number_of_its_draws(toy_fit):
    folder, _ = toy_fit
    table = pd.read_parquet(folder / "ensemble.parquet")
    told = json.loads((folder / "ensemble.json").read_text())
    assert len(table) == told["rows"] == 20 and told["points"] == 4
    assert set(table.columns) == {"draw", "weight", "distance", *fit.uncertain()}
    settings = registry.draw_beliefs(registry.default_settings(), int(table["draw"][3]))
    for name in (ONE, TWO):
        assert table[name][3] == registry.value(settings, name)
    assert table["weight"].sum() == pytest.approx(1.0)


def test_a_fit_that_was_stopped_goes_on_and_a_cut_file_is_made_again(toy_fit, tmp_path):
    folder, found = toy_fit
    before = (folder / "ensemble.parquet").read_bytes()
    parts = sorted((folder / "runs").rglob("*.parquet"))
    lost = len(pd.read_parquet(parts[0]))
    parts[0].write_bytes(parts[0].read_bytes()[:100])
    LIVED.clear()
    again = fit.fit(folder, **SETTING)
    assert len(LIVED) == lost
    assert (folder / "ensemble.parquet").read_bytes() == before
    assert np.array_equal(again.prior.outputs, found.prior.outputs)


def test_the_order_in_which_runs_end_changes_nothing(toy_fit, tmp_path, monkeypatch):
    folder, _ = toy_fit
    run_all = fit.run_all
    monkeypatch.setattr(
        fit, "run_all", lambda tasks, *more, **options: run_all(tasks[::-1], *more, **options)
    )
    fit.fit(tmp_path / "other", **SETTING)
    assert (tmp_path / "other" / "ensemble.parquet").read_bytes() == (
        folder / "ensemble.parquet"
    ).read_bytes()
    assert (tmp_path / "other" / "ensemble.json").read_bytes() == (folder / "ensemble.json").read_bytes()


def test_heads_of_a_sample_are_made_those_of_the_whole_start(tmp_path):
    """The start of world w holds 10 + w heads in the sample and 12 in the whole; incomes are left alone."""
    asked = (("gangu", "registered_population", 2018), ("gangu", "rural_income_surveyed", 2018))

    def lives(task, progress=None, *, wanted):
        world = 0 if task.draw == 0 else 1 + (task.draw - 1) % 4
        return {fit.column(*point): 12.0 if task.sample == 1.0 else 10.0 + world for point in wanted}

    starts = partial(Kept, tmp_path, workers=1, work=lives, until=2016)
    told = fit.heads(starts, asked, 0.02)(Worlds(np.array([0, 2, 7]), np.full((3, 2), 20.0)))
    # Draw 7 starts in world 3.
    assert told.outputs == pytest.approx(np.array([[24, 20], [20, 20], [20 * 12 / 13, 20]]))
    same = Worlds(np.array([1]), np.ones((1, 2)))
    assert fit.heads(starts, asked, 1.0)(same) is same and fit.heads(starts, asked[1:], 0.02)(same) is same


def test_what_is_guessed_to_be_far_is_neither_lived_nor_chosen(toy_fit, tmp_path):
    """The same with a wave the fewer, which leaves nothing by which to tell what is far."""
    _, found = toy_fit
    without = fit.fit(tmp_path, **SETTING | {"waves": 0})
    assert found.waves[-1].left < 0.8 * without.waves[-1].left
    assert found.away.max() < without.away.max()
    assert len(found.ensemble.draws) == len(without.ensemble.draws) == 20


def test_rows_are_lived_one_to_one_and_held_against_the_sample(tmp_path):
    def lives(task, progress=None, *, wanted):
        return {name: one + 10.0 * task.sample for name, one in toy(task, progress, wanted=wanted).items()}

    found = fit.fit(tmp_path, **SETTING | {"work": lives, "full": 3})
    assert found.full is not None and len(found.full.draws) == 3
    assert set(found.full.draws.tolist()) <= set(found.ensemble.draws.tolist())
    # The nearest, the furthest and one between.
    assert {found.away.min(), found.away.max()} <= set(found.full.away.tolist())
    every, one = fit.wholes(found)
    assert found.full.whole - found.full.sample == pytest.approx(np.full((3, 4), 10.0 * 0.98))
    assert every.shift == pytest.approx((9.8 / found.scale).mean()) and every.size >= every.shift
    assert every[2:] == one[2:] and every.by_error == pytest.approx(9.8 / 2.0) and every.by_luck > 20.0
    kept = json.loads((tmp_path / "ensemble.json").read_text())["full"]
    assert kept["draws"] == found.full.draws.tolist() and len(kept["indicators"]) == 2
    assert fit.wholes(fit.fit(tmp_path / "without", **SETTING)) == []


def test_a_world_that_fails_is_counted_and_left_out(tmp_path):
    def failing(task, progress=None, *, wanted):
        if task.draw == 5:
            raise ValueError("lost")
        return toy(task, progress, wanted=wanted)

    found = fit.fit(tmp_path, **SETTING | {"work": failing, "only_check": True})
    assert found.failed == 1 and 5 not in found.prior.draws
    assert not (tmp_path / "ensemble.parquet").exists()


def test_too_few_worlds_are_no_ensemble(tmp_path):
    with pytest.raises(InputError, match="runs are left to choose 5000 from"):
        fit.fit(tmp_path, **SETTING | {"size": 5000})


# --- In which view ------------------------------------------------------------------------------------


def test_an_honest_fit_lives_the_tables_of_2019_and_sees_nothing_that_rests_on_later_values(
    tmp_path, monkeypatch
):
    late = observed(2018, 500.0) | {"rests_on": "2020"}
    seen = []

    def lives(task, progress=None, *, wanted):
        seen.append((task.plan.name, evidence.here().name, (evidence.here() / "series.csv").is_file()))
        return toy(task, progress, wanted=wanted)

    setting = SETTING | {"work": lives, "rows": [one for one in ROWS if one["year"] != "2018"] + [late]}
    found = fit.fit(tmp_path / "honest", honest=True, **setting)
    assert (
        set(seen) == {("before_2020", "honest-unconditional", False)} and evidence.here().name == "evidence"
    )
    assert {one.year for one in found.points} == {2016, 2017, 2019}
    told = json.loads((tmp_path / "honest" / "ensemble.json").read_text())
    assert told["view"] == "honest" and told["evidence"] != evidence.digest()
    table = pd.read_parquet(tmp_path / "honest" / "ensemble.parquet")
    # Believed otherwise at the end of 2019.
    name = "outside.inflation"
    assert table[name].max() <= 0.035
    # Beside the package's own, of which it is no part.
    monkeypatch.setattr(evidence, "here", lambda: tmp_path)
    assert fit.install(tmp_path / "honest") == tmp_path / "ensemble_honest.parquet"
    assert not (tmp_path / "ensemble.parquet").exists()


@pytest.mark.parametrize("honest", [True, False], ids=["honest", "informed"])
def test_outturns_of_nation_and_province_move_no_world_before_2020(tmp_path, honest):
    wanted = tuple((one.area, one.indicator, one.year) for one in fit.points())
    lived = []
    for known in (False, True):
        view = View(honest, known)
        plan = hindsight.policy(view, "history")
        with evidence.instead(hindsight.write(view, tmp_path / view.name)):
            kept = Kept(tmp_path / "runs", wanted, sample=0.002, workers=1, plan=plan)
            lived.append(kept.worlds([(2, 2)]).outputs)
    assert lived[0].tobytes() == lived[1].tobytes()


# --- What is fitted -----------------------------------------------------------------------------------


def test_no_later_value_is_fitted_and_none_of_the_start():
    assert {one.year for one in fit.points()} == {2016, 2017, 2018, 2019}
    assert set(fit.DISCREPANCY) <= set(INDICATORS)


def test_every_point_is_counted_by_a_run_of_the_model(tmp_path):
    wanted = tuple((one.area, one.indicator, one.year) for one in fit.points())
    kept = Kept(tmp_path, wanted, sample=0.002, workers=1)
    (row,) = kept.worlds([(0, 0)]).outputs
    assert np.isfinite(row).mean() > 0.95


def test_the_emulator_hears_of_a_world_as_one_choice_and_of_none_of_its_numbers():
    assert not any(name.startswith("structure.") for name in fit.inputs())
    worlds = [f"world {number}" for number in (1, 2, 3, 4)]
    # Draw d starts in world 1 + (d - 1) mod 4.
    assert fit.chances([1, 2, 8], worlds).tolist() == [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0, 1]]
    assert fit.worlds_of(Worlds(np.array([1, 2, 6, 8]), np.zeros((4, 0)))) == {
        1: 0.25,
        2: 0.5,
        3: 0.0,
        4: 0.25,
    }


def test_trades_are_found_among_the_chances():
    luck = Worlds(np.arange(1, 101), np.zeros((100, 0)))
    (one,) = fit.trades(luck, [ONE, TWO])
    first, second = fit.chances(luck.draws, [ONE, TWO]).T
    assert one.correlation == pytest.approx(np.corrcoef(first, second)[0, 1])


# --- Rows of the ensemble as draws --------------------------------------------------------------------


@pytest.fixture
def one_row(monkeypatch):
    """An ensemble of one row: draw 5 of the priors, one belief moved by hand."""
    row = fit.numbers_of(5)
    number = registry.beliefs()[BELIEF]
    row[BELIEF] = (number.prior[0] + number.prior[1]) / 2
    monkeypatch.setattr(evidence, "ensemble", lambda: ((5, row),))
    monkeypatch.setattr(evidence, "ensemble_digest", lambda: "of one row")
    return row


def test_a_row_of_the_ensemble_is_its_draw_with_its_beliefs_set_by_hand(one_row):
    history, luck = load("history"), {"sample": 0.002, "seed": 3, "until": 2017}
    fitted = simulate(history, draw=ENSEMBLE_FROM, **luck)
    by_hand = simulate(replace(history, beliefs={**history.beliefs, BELIEF: one_row[BELIEF]}), draw=5, **luck)
    drawn = simulate(history, draw=5, **luck)
    assert fitted.table["value"].tobytes() == by_hand.table["value"].tobytes()
    assert fitted.table["value"].tobytes() != drawn.table["value"].tobytes()
    for name, values in fitted.distributions.items():
        assert values.tobytes() == by_hand.distributions[name].tobytes()


def test_the_name_of_a_run_hangs_on_the_ensemble_it_stands_on(one_row, monkeypatch):
    luck = {"sample": 0.002, "seed": 3, "until": 2017}
    before = [run_id(load("history"), draw=draw, **luck) for draw in (5, ENSEMBLE_FROM)]
    monkeypatch.setattr(evidence, "ensemble_digest", lambda: "of another")
    after = [run_id(load("history"), draw=draw, **luck) for draw in (5, ENSEMBLE_FROM)]
    assert before[0] == after[0] and before[1] != after[1]


def test_a_number_that_is_new_is_drawn_and_one_that_is_gone_is_left_out(one_row):
    one_row["mechanism.gone"] = 1.0
    del one_row[ONE]
    drawn = registry.draw_beliefs(registry.default_settings(), ENSEMBLE_FROM)
    assert registry.value(drawn, ONE) == registry.value(
        registry.draw_beliefs(registry.default_settings(), 5), ONE
    )


def test_draws_of_the_ensemble_are_pairs_with_seeds_of_their_own(monkeypatch):
    monkeypatch.setattr(evidence, "ensemble", lambda: ((5, {}), (9, {}), (12, {})))
    first = ENSEMBLE_FROM
    assert pairs_of(draws="ensemble") == ((5, first), (9, first + 1), (12, first + 2))
    assert pairs_of(draws="ensemble:2") == ((5, first), (9, first + 1))
    assert pairs_of(seed=4, draws="ensemble:1") == ((4, first),)
    for wrong in ("ensemble:4", "ensemble:0", "ensembles", "ensemble:x"):
        with pytest.raises(InputError):
            pairs_of(draws=wrong)
    with pytest.raises(ValueError, match="has 3 draws"):
        evidence.fitted(first + 3)


def test_without_an_ensemble_its_draws_are_refused(monkeypatch):
    monkeypatch.setattr(evidence, "ensemble", tuple)
    with pytest.raises(InputError, match="no ensemble has been fitted yet"):
        pairs_of(draws="ensemble")


# --- The command --------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_command_tells_the_check_the_waves_and_what_was_learned(toy_fit, monkeypatch, lang):
    folder, _ = toy_fit
    real = fit.fit
    monkeypatch.setattr(fit, "fit", lambda *more, **options: real(folder, **SETTING))
    done = CliRunner().invoke(cli.app, ["fit", "--out", str(folder), "--lang", lang])
    assert done.exit_code == 0, done.output
    assert ONE in done.output and ("Learned" if lang == "en" else "已学得") in done.output
    told = json.loads(
        CliRunner().invoke(cli.app, ["fit", "--out", str(folder), "--lang", lang, "--json", "-q"]).stdout
    )
    assert told["rows"] == 20 and told["prior"][0]["points"] == 4
    assert {"waves", "ensemble", "beliefs", "trades"} <= set(told)


def test_the_command_refuses_to_keep_what_it_does_not_make():
    for other in (["--keep"], ["--full", "2"]):
        done = CliRunner().invoke(cli.app, ["fit", "--check", *other])
        assert done.exit_code == 2 and other[0] in done.output
