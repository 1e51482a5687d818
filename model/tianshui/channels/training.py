"""Training: courses that public money pays make workers somewhat better paid and better informed, until it fades.

Who has taken a course is a programme (persons, read a year later); some take one again and add nothing:

    stock of courses + courses                        decay of the stock = training_fades
    part trained     = 1 - exp(-(1 - again) * stock / adults)
    log pay          + gain * part trained            at home (and what a worker makes) and away
    log odds         + ln(1 + heard * part trained)   of work off the farm, at home and away: offers heard of

Left out: who is trained (a county's adults are trained alike, on average; pay counts where one works at home and
where one is registered when away), trades and levels of courses, work that those not trained lose to the trained
(the queue for local work is one for all), time that a course takes, what farmers learn for the farm.
"""

import numpy as np

from tianshui.channels import Seen
from tianshui.declare import Parameters, belief, lever
from tianshui.sums import saturating


class TrainingParameters(Parameters):
    """Numbers of training."""

    places: float = lever(
        0.0, unit="person/year", within=(0.0, 30000.0), names=("Training courses", "技能培训人次"), who="county",
        where="county", cost="course_cost", group="poverty", measure="M30", source="levers:training_places",
        status="assumed", paid_by=(0.8, 0.2), builds="training",
    )  # fmt: skip
    """Persons of the county who take a course that public money pays, beyond those of today."""

    course_cost: float = belief(
        1200.0, unit="yuan/person", within=(200.0, 10000.0), prior=(600.0, 1200.0, 2500.0),
        source="recalled:training_campaign_of_2019_21", status="recalled",
    )  # fmt: skip
    """Subsidy of a short course for one person."""

    gain: float = belief(
        0.03, unit="log", within=(0.0, 0.3), prior=(0.0, 0.03, 0.08), source="mckenzie_2017:limited_effects",
        status="assumed",
    )  # fmt: skip
    """Rise of the log of a trained worker's pay, at home or away."""

    heard: float = belief(
        0.05, unit="share", within=(0.0, 0.5), prior=(0.0, 0.05, 0.15), source="assumed:matching_adds_little",
        status="assumed",
    )  # fmt: skip
    """Rise of the offers of work heard of, at home and away, where all adults are trained."""

    training_fades: float = belief(
        0.2, unit="1/year", within=(0.0, 1.0), prior=(0.1, 0.2, 0.4), source="assumed:effects_fade_in_years",
        status="assumed",
    )  # fmt: skip
    """Part of what was learnt that is lost in a year."""

    again: float = belief(
        0.4, unit="share", within=(0.0, 1.0), prior=(0.2, 0.4, 0.6), source="assumed:the_same_people_return",
        status="assumed",
    )  # fmt: skip
    """Part of courses taken by those already trained."""


def trained(courses: np.ndarray, adults: np.ndarray, p: TrainingParameters) -> np.ndarray:
    """Part of the adults (f8, 7) who are trained, from the stock of courses (f8, 7)."""
    return saturating(1.0, (1.0 - p.again) * courses, np.maximum(adults, 1.0))


def pay(part: np.ndarray, p: TrainingParameters) -> np.ndarray:
    """Log of workers' pay (f8, 7) where a part of the adults (f8, 7) is trained."""
    return p.gain * part


def offers(part: np.ndarray, p: TrainingParameters) -> np.ndarray:
    """Log odds of work off the farm (f8, 7) that more offers bring where a part of the adults (f8, 7) is trained."""
    return np.log1p(p.heard * part)


def acts(seen: Seen, p: TrainingParameters) -> dict[str, np.ndarray]:
    """What the courses of former years do."""
    part = trained(seen.stocks["training"], seen.adults(), p)
    return {"pay": pay(part, p), "offers": offers(part, p)}
