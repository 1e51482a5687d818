"""What commands take, and how it is read."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from tianshui.words import InputError, Phrase, both


def option(*names: str, key: str, **more: Any) -> Any:
    """An option that is told in both languages."""
    return typer.Option(*names, help=both(key), show_default=False, **more)


Names = Annotated[list[str], typer.Argument(help=both("arg_scenario"), metavar="SCENARIO...")]
Name = Annotated[str, typer.Argument(help=both("arg_scenario"), metavar="SCENARIO")]
First = Annotated[str, typer.Argument(help=both("arg_a"), metavar="A")]
Second = Annotated[str, typer.Argument(help=both("arg_b"), metavar="B")]
Result = Annotated[Path, typer.Argument(help=both("arg_result"), metavar="RESULT")]
Sample = Annotated[str | None, option("--sample", key="opt_sample", metavar="SHARE")]
Seeds = Annotated[str | None, option("--seeds", key="opt_seeds", metavar="N")]
Seed = Annotated[str | None, option("--seed", key="opt_seed", metavar="N")]
Draws = Annotated[str | None, option("--draws", key="opt_draws", metavar="N")]
Tracks = Annotated[str | None, option("--tracks", key="opt_tracks", metavar="SHARE:N,...")]
Chance = Annotated[bool, option("--chance", key="opt_chance")]
Until = Annotated[str, option("--until", key="opt_until", metavar="YEAR")]
Out = Annotated[Path | None, option("--out", key="opt_out", metavar="DIR")]
Sets = Annotated[list[str] | None, option("--set", key="opt_set", metavar="NAME=VALUE")]
Only = Annotated[list[str] | None, option("--only", key="opt_only", metavar="ITEMS")]
Without = Annotated[list[str] | None, option("--without", key="opt_without", metavar="ITEMS")]
Scenarios = Annotated[Path | None, option("--scenarios", key="opt_scenarios", metavar="DIR")]
Workers = Annotated[str | None, option("--workers", key="opt_workers", metavar="N")]
Area = Annotated[str, option("--area", key="opt_area", metavar="AREA")]
Lang = Annotated[str, option("--lang", key="opt_lang", envvar="TIANSHUI_LANG", metavar="en|zh")]
Json = Annotated[bool, option("--json", key="opt_json")]
Quiet = Annotated[bool, option("--quiet", "-q", key="opt_quiet")]


def split(texts: Sequence[str] | None) -> list[str]:
    """The items of options such as `--only M01,M25`; an option that names none holds an empty name, which is refused."""
    found = [item.strip() for text in texts or () for item in text.split(",") if item.strip()]
    return found or ([""] if texts else [])


def year_of(text: str) -> int:
    """The last year that is simulated."""
    from tianshui.plan import FIRST_YEAR, LAST_YEAR

    if not text.isdecimal() or not FIRST_YEAR <= int(text) <= LAST_YEAR:
        raise InputError("bad_until", text=text, low=FIRST_YEAR, high=LAST_YEAR)
    return int(text)


def area_of(text: str, *more: str) -> str:
    """An area by its name; `more` is what a command knows beside counties and prefecture."""
    from tianshui.indicators import AREAS
    from tianshui.strict_yaml import nearest

    if text in AREAS or text in more:
        return text
    names = [*AREAS, *more]
    near = nearest(text, names) or Phrase("only_areas", names=", ".join(names))
    raise InputError("unknown_area", text=repr(text), near=near)


def workers_of(text: str | None) -> int | None:
    """How many processes work; None leaves it to the machine."""
    from tianshui.experiments.compare import count

    return None if text is None else count("--workers", text)
