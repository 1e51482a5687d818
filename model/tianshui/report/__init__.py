"""The report: one HTML file that needs nothing else, the verdict first, in English and Chinese.

    write("results/plan-vs-no_plan")  ->  results/plan-vs-no_plan/report.html

`collect` reads the result once into tidy frames; `figures` draws them with the views; `aims` writes the
verdict; `page` puts all into the template beside this file; `letters` cuts the embedded Chinese font.
Nothing here runs the model or asks a network.
"""

import os
from pathlib import Path

from tianshui.report.collect import collect, open_result
from tianshui.report.page import page

__all__ = ["FILE", "collect", "write"]

FILE = "report.html"


def write(folder: str | Path, lang: str = "en") -> Path:
    """Write the report of a result.

    Parameters
    ----------
    folder : str or Path
        A result folder: `runs/`, `manifest.json`, and if they are there `attribution.parquet` and
        `assumptions.parquet`.
    lang : str
        Language first shown, `en` or `zh`; the reader can switch in the page.

    Returns
    -------
    Path
        The file written, `<folder>/report.html`. The same result always gives the same bytes.

    Raises
    ------
    ValueError
        When there is no such language.
    OSError
        When the folder cannot be read or written; a report that was there before is then unharmed.
    """
    folder = Path(folder)
    text = page(collect(open_result(folder), folder), lang)
    target, draft = folder / FILE, folder / f".{FILE}.{os.getpid()}"
    try:
        draft.write_text(text, encoding="utf-8", newline="\n")
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return target
