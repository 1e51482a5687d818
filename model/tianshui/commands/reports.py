"""`report` and `export`: a result as a page, or as a table for other programs."""

from pathlib import Path
from typing import Annotated

from tianshui.commands.options import Lang, Quiet, Result, option
from tianshui.commands.voice import Voice
from tianshui.words import InputError


def report_command(result: Result, lang: Lang = "en", quiet: Quiet = False) -> None:
    """Write the interactive report of a result."""
    voice = Voice(lang, quiet=quiet)
    from tianshui.experiments.folder import result as opened

    opened(result)
    from tianshui.report import write

    voice.line(voice.say("report_at", file=write(result, lang)))


def export_command(
    result: Result,
    csv: Annotated[bool, option("--csv", key="opt_csv")] = False,
    xlsx: Annotated[bool, option("--xlsx", key="opt_xlsx")] = False,
    out: Annotated[Path | None, option("--out", key="opt_file", metavar="FILE")] = None,
    lang: Lang = "en",
    quiet: Quiet = False,
) -> None:
    """Write a result as a table for other programs."""
    voice = Voice(lang, quiet=quiet)
    if csv == xlsx:
        raise InputError("one_of", names="--csv, --xlsx")
    from tianshui import archive
    from tianshui.experiments.folder import result as opened
    from tianshui.experiments.reading import Result as Told

    opened(result)
    file = out or result / f"{result.resolve().name}.{'csv' if csv else 'xlsx'}"
    if file.is_dir():
        raise InputError("is_folder", file=file)
    (archive.to_csv if csv else archive.to_xlsx)(Told(result), file)
    voice.line(voice.say("exported", file=file))
