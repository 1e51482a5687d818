"""What is told of any outcome: runs that failed, where results are, the report, the records."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import typer

from tianshui.commands.faults import DONE, FAILED
from tianshui.commands.readable import percent
from tianshui.commands.voice import Voice
from tianshui.words import say


def failed(outcome: Any, voice: Voice) -> int:
    """Say which runs failed; gives the exit status."""
    if not outcome.failures:
        return DONE
    from tianshui.experiments.folder import FAILED as NOTES

    task, message, _ = outcome.failures[0]
    text = voice.say(
        "failed", failed=len(outcome.failures), all=outcome.wanted, scenario=task.plan.name, sample=task.sample,
        seed=task.seed, draw=task.draw, message=message, file=outcome.folder / NOTES / f"{task.id}.txt",
    )  # fmt: skip
    print(voice.say("error", text=text), file=sys.stderr)
    return FAILED


def finish(outcomes: Sequence[Any], voice: Voice, status: int) -> None:
    """Write the reports and say where the results are."""
    for outcome in outcomes:
        voice.note("kept", new=outcome.made, old=outcome.read, folder=outcome.folder)
        if outcome.manifest["runs"]:
            status = max(status, _report(outcome.folder, voice))
    if status:
        raise typer.Exit(status)


def _report(folder: Path, voice: Voice) -> int:
    """Write the report; a fault in it must not hide that the runs are there."""
    from tianshui.report import write

    try:
        voice.note("report_at", file=write(folder, voice.lang))
    except OSError:
        raise
    except Exception as error:  # noqa: BLE001 - said in one line
        text = say(voice.lang, "report_failed", text=f"{type(error).__name__}: {error}")
        print(say(voice.lang, "error", text=text), file=sys.stderr)
        return FAILED
    return DONE


def record_of(outcome: Any) -> dict[str, Any]:
    """What JSON holds of any outcome: its worlds, its runs, those that failed."""
    return {
        "folder": str(outcome.folder), "kind": outcome.manifest["kind"],
        "scenarios": outcome.manifest["scenarios"], "tracks": outcome.manifest["tracks"],
        "intervals": outcome.manifest["intervals"], "runs": outcome.manifest["runs"],
        "made": outcome.made, "read": outcome.read,
        "failed": [
            {"id": one.task.id, "scenario": one.task.plan.name, "sample": one.task.sample,
             "seed": one.task.seed, "draw": one.task.draw, "message": one.message}
            for one in outcome.failures
        ],
    }  # fmt: skip


def titled(scenario: Mapping[str, Any], voice: Voice) -> str:
    """A scenario's name and title."""
    title = scenario["title"].get(voice.lang, "")
    return f"{scenario['name']} ({title})" if title else scenario["name"]


def medians(manifest: Mapping[str, Any], voice: Voice) -> str:
    """What the figures of a table are: over how many worlds, of what share of all people."""
    track = manifest["tracks"][0]
    sample = percent(track["sample"])
    if len(track["pairs"]) == 1:
        return voice.say("one_pair", share=sample)
    return voice.say(
        "medians", pairs=len(track["pairs"]), share=sample, what=voice.say(manifest["intervals"])
    )
