"""Scenarios as options of the command line change them."""

from collections.abc import Iterable, Sequence

from tianshui.plan import Plan
from tianshui.strict_yaml import ScenarioError
from tianshui.words import Phrase


def changed(
    found: Plan, sets: Iterable[str] = (), only: Sequence[str] = (), without: Sequence[str] = ()
) -> Plan:
    """A scenario as the command line changes it, under a name that says so."""
    if only:
        found = found.only(only)
    if without:
        found = found.without(without)
    texts = [" ".join(text.split()) for text in sets]
    told: set[str] = set()
    for text in texts:
        what = text.partition("=")[0].replace(" ", "")
        if what in told:
            raise ScenarioError("scenario.set", text=text, problem=Phrase("scenario.twice", name=what))
        told.add(what)
        found = found.set(text)
    return found.called("with", ", ".join(texts)) if texts else found


def changed_pair(
    a: Plan, b: Plan, sets: Iterable[str] = (), only: Sequence[str] = (), without: Sequence[str] = ()
) -> tuple[Plan, Plan]:
    """Two scenarios as the command line changes them.

    Levers are changed in the first alone. What is believed, what comes from outside and which loops are held
    is another world, not another policy: it is set in both, so that a difference stays the policy.
    """
    texts = list(sets)
    worlds_too = [text for text in texts if b.set(text).courses is b.courses]
    return changed(a, texts, only, without), changed(b, worlds_too)
