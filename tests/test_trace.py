"""What is told of a household's life is what decided: each draw is held against the chance that is shown.

A second reckoning that differs from the run raises, so that living on is itself a test; here many households of a
small world are watched for some years, and draws are compared with chances.
"""

import numpy as np
import pytest

import lives
from tianshui import reasons
from tianshui.run import Years

SAMPLE, YEARS, WATCHED = 0.002, (2016, 2019, 2023), 120
NO_CHANCE = {"health.bill", "relief.top_up", "relief.register", "moving.relocation", "services.serve"}
"""Rules that follow from their inputs alone."""


@pytest.fixture(scope="module")
def told():
    """Events of many households in some years of the plan."""
    world, found = Years(lives.load("plan"), sample=SAMPLE, until=YEARS[-1]), []
    while world.state.year < YEARS[-1]:
        settings, year = world.settings, world.state.year + 1

        def watch(*met, s=settings, y=year):
            numbers = met[0].households.number
            for number in numbers[:: max(numbers.size // WATCHED, 1)]:
                found.extend(reasons.explain(int(number), s, 0, y, *met))

        world.step(watch if year in YEARS else None)
    return found


def test_a_draw_below_the_chance_is_a_yes_and_nothing_else_is(told):
    for event in told:
        if event.chance is None:
            assert event.rule in NO_CHANCE | {"demography.founding"}, event
        elif event.rule == "livelihoods.choice":
            before = event.inputs["chance_before"]
            assert before - 1e-12 <= event.draw < before + event.chance + 1e-12, event
        else:
            assert event.draw is not None
            assert (event.draw < event.chance) == (event.decision != reasons.NO), event
            assert 0.0 <= event.chance <= 1.0, event
    ruled = {event.rule for event in told}
    wanted = {
        "demography.death", "demography.birth", "demography.wedding", "demography.founding", "health.illness", "health.bill",
        "livelihoods.choice", "moving.town_chance", "services.join_chance", "conversion.offer_chance",
        "farming.planted", "farming.idle", "farming.let", "relief.found_chance", "relief.top_up",
    }  # fmt: skip
    assert wanted <= ruled
    answers = {(event.rule, event.decision) for event in told}
    for rule in ("services.join_chance", "conversion.offer_chance", "farming.planted", "farming.idle"):
        assert (rule, reasons.YES) in answers or (rule, reasons.BEYOND) in answers
        assert (rule, reasons.NO) in answers


def test_members_of_one_age_are_told_apart():
    """A man and a woman of 43 by sex; of two girls of 9 the one with the smaller number comes first."""

    class Members:
        age = np.array([43, 43, 9, 9])
        female = np.array([0, 1, 1, 1])
        number = np.array([11, 12, 40, 30], np.uint64)

    named = [reasons.who(Members, 0, 4, i) for i in range(4)]
    assert named == [
        ("man of 43", "43岁男性"),
        ("woman of 43", "43岁女性"),
        ("woman of 9 (number 2)", "9岁女性(第2位)"),
        ("woman of 9 (number 1)", "9岁女性(第1位)"),
    ]
