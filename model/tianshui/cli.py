"""The command line: options in, tables or JSON out. What it says stands in `words`; what it does, elsewhere.

Here commands are given their names; each stands in a module of `commands`.
Exit status: 0 done, 1 failed, 2 bad input, 130 stopped by the user.
"""

import typer

from tianshui.commands.backtest import backtest_command
from tianshui.commands.experiments import experiment_command
from tianshui.commands.faults import guarded
from tianshui.commands.fit import fit_command
from tianshui.commands.items import plan_command
from tianshui.commands.lists import list_command
from tianshui.commands.loops import loops_command
from tianshui.commands.population import population_command
from tianshui.commands.reports import export_command, report_command
from tianshui.commands.runs import compare_command, run_command
from tianshui.commands.scenarios import check_command, new_command
from tianshui.commands.sensitivity import sensitivity_command
from tianshui.commands.trace import trace_command
from tianshui.words import both

COMMANDS = {
    "run": run_command,
    "compare": compare_command,
    "report": report_command,
    "export": export_command,
    "check": check_command,
    "list": list_command,
    "new": new_command,
    "population": population_command,
    "experiment": experiment_command,
    "fit": fit_command,
    "backtest": backtest_command,
    "loops": loops_command,
    "sensitivity": sensitivity_command,
    "plan": plan_command,
    "trace": trace_command,
}
"""Commands in the order in which `--help` names them."""

app = typer.Typer(
    name="tianshui",
    help=both("help"),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for name, function in COMMANDS.items():
    app.command(name, help=both(f"help_{name}"))(guarded(function))


def main() -> None:
    """Entry point of `tianshui`."""
    app()
