"""Every declared number of the model under the name "mechanism.name", and the draw of the uncertain ones.

Functions take the settings whose numbers they look up; left out, they are those of `tianshui.settings`.
A draw of a belief depends on the draw's index and the belief's own name alone, so that a new belief
disturbs no other. Prior: triangular, by inverse distribution function

    u < (c - a) / (b - a):  x = a + sqrt(u (b - a) (c - a));   otherwise  x = b - sqrt((1 - u) (b - a) (b - c))

for low a, central c, high b. Shares that must sum to one are declared side by side in one mechanism under
names `share_<what>_of_<group>`; a drawn group is divided by its sum (so its spread is narrower than the
priors say; a Dirichlet would need a concentration that nobody knows). Other beliefs are independent: no
source gives correlations. Ages and numbers of years are rounded (`whole`). Numbers of which there are fewer worlds than draws (`Parameters.worlds`) take one value from
each part of equal probability of their prior.
"""

import math
from collections.abc import Mapping
from functools import cache

from pydantic import BaseModel

from tianshui import draws, evidence
from tianshui.declare import Declared, Kind, Parameters, declared
from tianshui.draws import triangular

EXTENSIVE = frozenset({
    "yuan/year", "mu/year", "post", "job", "home/year", "km2/year", "person/year", "km2", "mu",
    "firm/year", "place/year",
})  # fmt: skip
"""Units of levers that are amounts, one for each county; a world of scale s acts on s times as much."""


def default_settings() -> BaseModel:
    """The settings of the model with every number at its declared value."""
    from tianshui.settings import Settings  # Here, so that toy settings can be used without the model's own.

    return Settings()


@cache
def _numbers(settings: type[BaseModel]) -> dict[str, Declared]:
    found = {
        f"{mechanism}.{name}": number
        for mechanism, field in settings.model_fields.items()
        for name, number in declared(field.annotation).items()  # pyright: ignore[reportArgumentType]
    }
    for name, prior in evidence.otherwise().items():
        if name in found:
            found[name] = found[name]._replace(value=prior[1], prior=prior)
    return found


def numbers(settings: BaseModel | None = None) -> dict[str, Declared]:
    """Every number by its full name, mechanisms in the order of the roster, numbers in that of declaration."""
    return _numbers(type(default_settings() if settings is None else settings))


def of_kind(kind: Kind, settings: BaseModel | None = None) -> dict[str, Declared]:
    """The numbers of one kind, in order."""
    return {name: number for name, number in numbers(settings).items() if number.kind == kind}


def levers(settings: BaseModel | None = None) -> dict[str, Declared]:
    """What a plan sets."""
    return of_kind("lever", settings)


def beliefs(settings: BaseModel | None = None) -> dict[str, Declared]:
    """What may be wrong."""
    return of_kind("belief", settings)


def outside_numbers(settings: BaseModel | None = None) -> dict[str, Declared]:
    """What neither the prefecture nor its plan decides."""
    return of_kind("outside", settings)


def cuts(settings: BaseModel | None = None) -> dict[str, Declared]:
    """Feedback loops that can be held."""
    return of_kind("cut", settings)


def loops(settings: BaseModel | None = None) -> dict[str, str]:
    """The code of each cut's loop (R1, B1), those that reinforce before those that balance and each by number."""
    found = {name: evidence.document(cut.source)["detail"].upper() for name, cut in cuts(settings).items()}
    return dict(sorted(found.items(), key=lambda one: (one[1][0] != "R", int(one[1][1:]), one[0])))


def is_amount(number: Declared) -> bool:
    """Whether a lever is a number of things or yuan, of which the prefecture has the sum of its counties."""
    return number.unit in EXTENSIVE or number.cost == "money"


def value(settings: BaseModel, name: str) -> float:
    """The value of one number, by its full name."""
    mechanism, _, own = name.partition(".")
    return float(getattr(getattr(settings, mechanism), own))


def with_values[Numbers: BaseModel](settings: Numbers, values: Mapping[str, float]) -> Numbers:
    """The same settings with some numbers, by full name, at other values; ranges are the caller's to check."""
    by_mechanism: dict[str, dict[str, float]] = {}
    for name, number in values.items():
        mechanism, _, own = name.partition(".")
        by_mechanism.setdefault(mechanism, {})[own] = float(number)
    changed = {
        mechanism: getattr(settings, mechanism).model_copy(update=update)
        for mechanism, update in by_mechanism.items()
    }
    return settings.model_copy(update=changed) if changed else settings


def _share_group(name: str) -> str:
    mechanism, _, own = name.partition(".")
    head, between, group = own.rpartition("_of_")
    return f"{mechanism}.{group}" if between and head.startswith("share_") else ""


def chance(settings: BaseModel, name: str, draw: int) -> float:
    """Where in its prior a number of one draw lies; of some mechanisms there are fewer worlds than draws."""
    mechanism = type(settings).model_fields[name.partition(".")[0]].annotation
    worlds: int = mechanism.worlds  # pyright: ignore[reportOptionalMemberAccess, reportAttributeAccessIssue]
    if worlds:
        return draws.stratified(1 + (draw - 1) % worlds, worlds, name)
    return float(draws.uniform(draws.key(draw, 0, name), 0, 0))


def origin(draw: int) -> int:
    """The draw of the priors that a draw stands on: of a row of the ensemble that from which it was taken.

    What is no number of the settings (the world of the start, assumed rows of tables, luck of the start) hangs on it.
    """
    row = evidence.fitted(draw)
    return draw if row is None else row[0]


def _as_believed[Numbers: BaseModel](settings: Numbers) -> Numbers:
    """The settings with every number at what the tables in force believe of it."""
    known = numbers(settings)
    return with_values(
        settings, {name: prior[1] for name, prior in evidence.otherwise().items() if name in known}
    )


def at_chances[Numbers: BaseModel](settings: Numbers, where: Mapping[str, float]) -> Numbers:
    """The settings with some numbers where in their priors the chances say; the others stay.

    Whole numbers are rounded; shares of a whole are divided by their sum, those that stay counted in.
    """
    placed: dict[str, float] = {}
    groups: dict[str, list[str]] = {}
    known = numbers(settings)
    for name, number in known.items():
        if number.prior is None:
            continue
        if name in where:
            placed[name] = triangular(where[name], *number.prior)
            if number.whole:
                placed[name] = float(round(placed[name]))
        if group := _share_group(name):
            groups.setdefault(group, []).append(name)
    for names in groups.values():
        if any(name in where for name in names):
            shares = {name: placed[name] if name in placed else value(settings, name) for name in names}
            total = math.fsum(shares.values())
            placed |= {name: share / total for name, share in shares.items()} if total > 0 else {}
    return with_values(settings, placed)


def draw_beliefs[Numbers: BaseModel](
    settings: Numbers, draw: int, kinds: tuple[Kind, ...] = ("belief", "outside")
) -> Numbers:
    """The settings of one draw: 0 leaves every value as it is, any other samples each from its prior.

    Outside numbers carry priors too and are drawn with the beliefs; what a scenario sets is laid over
    the draw afterwards (`Plan.settings_at`). Levers and cuts are never drawn. Assumed rows of the evidence tables
    that a mechanism reads are no numbers of the settings: it is told the draw to read them in (`Parameters.tables`).
    A draw of the ensemble (`evidence.ENSEMBLE_FROM` and above) is its row laid over the draw it comes from, so that
    a number declared since the fit is drawn from its prior and one that is gone is left out.
    """
    settings = _as_believed(settings)
    if draw == 0:
        return settings
    if (row := evidence.fitted(draw)) is not None:
        known = numbers(settings)
        return with_values(
            draw_beliefs(settings, row[0], kinds),
            {name: value for name, value in row[1].items() if name in known and known[name].kind in kinds},
        )
    where = {
        name: chance(settings, name, draw)
        for name, number in numbers(settings).items()
        if number.kind in kinds and number.prior is not None
    }
    return reading_in(at_chances(settings, where), draw)


def reading_in[Numbers: BaseModel](settings: Numbers, draw: int) -> Numbers:
    """Settings whose mechanisms read the assumed rows of evidence tables as they are in a draw."""
    reading = {
        mechanism: own.in_draw(draw)
        for mechanism, own in settings
        if isinstance(own, Parameters) and own.tables
    }
    return settings.model_copy(update=reading)
