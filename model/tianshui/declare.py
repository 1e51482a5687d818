"""How a number is declared: once, where it is used, with its unit, range, source and status.

Four kinds and no fifth. A *belief* may be wrong and is sampled. A *lever* is an instrument that a plan
sets. An *outside* path is what neither decides. A *cut* holds one feedback loop at its level of 2020.
"""

from collections import namedtuple
from collections.abc import Mapping
from functools import cached_property
from typing import Any, ClassVar, Literal, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr

Kind = Literal["belief", "lever", "outside", "cut"]
Status = Literal["found", "derived", "recalled", "assumed"]
Who = Literal["city", "county", "province", "nation"]
Where = Literal["one", "county"]
Buys = Literal["purchases", "works", "fund", "firms", "households", "nothing"]
STATUSES = ("found", "derived", "recalled", "assumed")


class Declared(NamedTuple):
    """What must be known about a number before the model may use it."""

    kind: Kind
    value: float
    """Central value of a belief, `off` value of a lever, first value of an outside path, 0 of a cut."""
    unit: str
    within: tuple[float, float]
    prior: tuple[float, float, float] | None
    """Low, central, high of a triangular prior (beliefs and outside paths)."""
    source: str
    status: Status
    doc: str
    names: tuple[str, str] = ("", "")
    """Name shown to a reader, in English and Chinese (levers, cuts)."""
    who: Who | None = None
    where: Where | None = None
    cost: str | None = None
    """Belief of the same mechanism that prices a unit of the lever, yuan a unit; `money` when the lever is
    itself yuan a year; None for a rule, which costs nothing by itself."""
    paid_by: tuple[float, float] = (0.0, 1.0)
    """Shares of its cost borne by earmarked transfers from above and by the county's own purse."""
    group: str = ""
    """Headline group of the lever: poverty, industry, urban, ecology or cross."""
    measure: str = ""
    """Item of the plan (M01-M38, S11-S16) that the lever carries out."""
    whole: bool = False
    """Whether a draw is rounded to a whole number (ages, years)."""
    buys: Buys = "nothing"
    """What the lever's money becomes in the books: goods and services bought, works built, a fund laid by with banks, or
    money in the hands of firms or households, who buy; nothing for a rule that costs none."""
    builds: str = ""
    """Programme through which it acts (`programmes`): what was granted opens after years, and may stall."""
    outturn: bool = False
    """Whether its price is what such works came to, overruns counted in."""


class Parameters(BaseModel):
    """The numbers of one mechanism; the text under a number is its description."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", validate_default=True, use_attribute_docstrings=True
    )
    Values: ClassVar[Any]
    worlds: ClassVar[int] = 0
    """How many different draws there are of these numbers; 0: as many as are asked for."""
    tables: ClassVar[tuple[str, ...]] = ()
    """Evidence tables whose assumed rows are drawn with these numbers (`assumptions.py`)."""
    _draw: int = PrivateAttr(0)

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        """Give each subclass a NamedTuple of its beliefs and cuts, which compiled code takes whole."""
        names = [
            name
            for name, info in cls.model_fields.items()
            if info.json_schema_extra["kind"] != "lever"  # pyright: ignore
        ]
        cls.Values = namedtuple("Values", names)
        # A name that Numba's cache can find again in the next process.
        cls.Values.__module__, cls.Values.__qualname__ = cls.__module__, f"{cls.__name__}.Values"

    @cached_property
    def values(self) -> Any:
        """Beliefs, outside numbers and cuts as a NamedTuple of floats; levers reach equations as grants."""
        return self.Values(*(float(getattr(self, name)) for name in self.Values._fields))

    @property
    def draw(self) -> int:
        """The draw in which the assumed rows of `tables` are read; kernels get their values as arrays."""
        return self._draw

    def in_draw(self, draw: int) -> Self:
        """A copy that reads the assumed rows of `tables` as they are in a draw."""
        copy = self.model_copy()
        copy._draw = draw
        return copy

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy with some numbers changed; what was worked out of the old ones stays behind."""
        copy = super().model_copy(update=update, deep=deep)
        vars(copy).pop("values", None)
        return copy


def _number(kind: Kind, value: float, within: tuple[float, float], **tags: Any) -> Any:
    low, high = within
    prior = tags.get("prior")
    if prior is not None and not low <= prior[0] <= prior[1] <= prior[2] <= high:
        raise ValueError(f"prior {prior} does not rise within {within}")
    return Field(value, ge=low, le=high, json_schema_extra={"kind": kind, "within": within, **tags})  # pyright: ignore


def belief(
    value: float,
    *,
    unit: str,
    within: tuple[float, float],
    source: str,
    status: Status,
    prior: tuple[float, float, float] | None = None,
    whole: bool = False,
) -> Any:
    """Declare a number that we estimate and may be wrong about.

    `prior` is low, central, high of a triangular distribution; left out, it is `within` around `value`.
    A belief known exactly (a rule on paper) says so with a prior of three equal numbers. A `whole` one (an age, a
    number of years) is rounded when it is drawn.
    """
    prior = prior or (within[0], value, within[1])
    return _number("belief", value, within, unit=unit, prior=prior, source=source, status=status, whole=whole)


def outside(
    value: float,
    *,
    unit: str,
    within: tuple[float, float],
    source: str,
    status: Status,
    prior: tuple[float, float, float] | None = None,
) -> Any:
    """Declare a number that neither the prefecture nor its plan decides; scenarios set it under `outside`."""
    prior = prior or (within[0], value, within[1])
    return _number("outside", value, within, unit=unit, prior=prior, source=source, status=status)


def lever(
    off: float,
    *,
    unit: str,
    within: tuple[float, float],
    names: tuple[str, str],
    who: Who,
    where: Where,
    cost: str | None,
    group: str,
    measure: str,
    source: str,
    status: Status,
    paid_by: tuple[float, float] = (0.0, 1.0),
    buys: Buys | None = None,
    builds: str = "",
    outturn: bool = False,
) -> Any:
    """Declare an instrument that a plan sets year by year; `off` is its value when the government does nothing.

    Money buys goods and services where nothing else is said. A lever that `builds` a programme needs beliefs beside it:
    `<programme>_years`, whole, else the works are done within the year; `<programme>_fades`, the part of the stock that is
    gone after a year, else what opens is used once and nothing is left standing.
    """
    if abs(sum(paid_by) - 1.0) > 1e-12:
        raise ValueError(f"shares {paid_by} of who pays do not sum to one")
    return _number(
        "lever", off, within, unit=unit, names=names, who=who, where=where, cost=cost, group=group,
        measure=measure, source=source, status=status, paid_by=paid_by,
        buys=buys or ("nothing" if cost is None else "purchases"), builds=builds, outturn=outturn,
    )  # fmt: skip


def cut(*, names: tuple[str, str], source: str) -> Any:
    """Declare the cut of one feedback loop: 0 lets it act, 1 holds it at its level of 2020."""
    return _number("cut", 0.0, (0.0, 1.0), unit="0/1", names=names, source=source, status="assumed")


def declared(parameters: type[Parameters]) -> dict[str, Declared]:
    """Every number of one mechanism, by name, in the order of declaration."""
    return {name: _declared(info) for name, info in parameters.model_fields.items()}


def _declared(info: Any) -> Declared:
    tags = {"prior": None, **info.json_schema_extra}
    return Declared(value=float(info.default), doc=info.description or "", **tags)
