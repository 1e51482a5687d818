"""What is done with many runs: comparing, attributing, judging. Nothing here knows a mechanism.

pool.py        many runs over the cores of one machine
compare.py     two scenarios under the same luck: run what is missing, read what exists
attribute.py   the difference shared out among the five headline groups of levers
verdict.py     the plan's aims against a result
effects.py     published effects beside what the model gives
"""
