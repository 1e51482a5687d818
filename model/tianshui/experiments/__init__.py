"""What is done with many runs: comparing, attributing, judging. Nothing here knows a mechanism.

pool.py        many runs over the cores of one machine
compare.py     two scenarios under the same luck: run what is missing, read what exists
attribute.py   the difference shared out among groups of levers, pushes or single items
under.py       both scenarios once more under other assumptions: assumption or policy?
tables.py      the tables of these two, summed up over their worlds
verdict.py     the plan's aims against a result
effects.py     published effects beside what the model gives
"""
