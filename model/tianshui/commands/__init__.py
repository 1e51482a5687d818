"""The commands of `tianshui`, one module a group, and what all of them share.

runs.py         `run` and `compare`
reports.py      `report` and `export`
scenarios.py    `check` and `new`
lists.py        `list`
population.py   `population`
experiments.py  `experiment`
fit.py          `fit`
backtest.py     `backtest`
loops.py        `loops`
sensitivity.py  `sensitivity`
items.py        `plan`
trace.py        `trace`

differences.py  what `compare` tells of two scenarios
scorecard.py    the plan's aims against a result
outcomes.py     what is told of any outcome: failures, the report, the records

options.py      what commands take, and how it is read
voice.py        what is said, in which language and where
meter.py        progress with time left, and what many runs cost
readable.py     numbers, units and names as one reads them
faults.py       faults end in one message and an exit status

No command knows another, and `tianshui.cli` registers them. Only Typer and `words` are imported at the start, so
that `--help` is instant; a command imports what it needs.
"""
