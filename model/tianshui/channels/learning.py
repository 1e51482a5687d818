"""Learning: what money for teaching comes to, beyond school places.

Money for teachers and teaching (pay that keeps them in the county, visiting teachers of the cities paired with it, smaller
classes) is a programme. What stands of it raises the chance that pupils pass on, to upper secondary school and to college:

    log odds of passing on   + most * (1 - exp(-stock a resident / half))

Who passes on stays longer at school and earns by years of schooling as everybody does.

Left out: pay for what is learnt within a year of school (pay goes by years; a test score is not followed), training
teachers alone (in China's national programme it did nothing for pupils), which school gets the money, what families buy
in its place, teachers who come from other counties.
"""

import numpy as np

from tianshui.channels import Seen
from tianshui.declare import Parameters, belief, lever
from tianshui.sums import saturating


class LearningParameters(Parameters):
    """Numbers of learning."""

    teaching: float = lever(
        0.0, unit="yuan/year", within=(0.0, 60000000.0), names=("Teachers and teaching", "教师与教学投入"), who="county",
        where="county", cost="money", group="cross", measure="M31", source="levers:education_spend",
        status="assumed", paid_by=(0.7, 0.3), buys="purchases", builds="teaching",
    )  # fmt: skip
    """Money for teachers and teaching in the county, beyond running costs."""

    teaching_years: float = belief(
        2.0, unit="year", within=(1.0, 6.0), prior=(1.0, 2.0, 3.0), source="assumed:a_cohort_taught_for_two_years",
        status="assumed", whole=True,
    )  # fmt: skip
    """Years until those who were better taught sit an examination."""

    teaching_fades: float = belief(
        0.2, unit="1/year", within=(0.0, 1.0), prior=(0.1, 0.2, 0.4), source="assumed:teachers_leave_again",
        status="assumed",
    )  # fmt: skip
    """Part of what the money built up that is gone after a year: teachers leave, classes grow again."""

    most: float = belief(
        0.3, unit="log odds", within=(0.0, 2.0), prior=(0.0, 0.3, 0.6),
        source="jackson_2016:spending_lengthens_schooling", status="assumed",
    )  # fmt: skip
    """Largest rise of the log odds of passing on to upper secondary school and to college."""

    half: float = belief(
        500.0, unit="yuan/person", within=(50.0, 5000.0), prior=(250.0, 500.0, 1000.0),
        source="assumed:a_third_of_a_year_of_school_budgets", status="assumed",
    )  # fmt: skip
    """What stands a resident at which some three fifths of that rise are reached."""


def passing(stock: np.ndarray, p: LearningParameters) -> np.ndarray:
    """Rise of the log odds of passing on (f8, 7) by what stands a resident (f8, 7), yuan of 2019."""
    return saturating(p.most, stock, p.half)


def acts(seen: Seen, p: LearningParameters) -> dict[str, np.ndarray]:
    """What the teaching of former years does to the pupils of this one."""
    return {"passing": passing(seen.a_resident("teaching"), p)}
