"""What is done with many runs: comparing, attributing, judging, fitting, forecasting. Nothing here knows a mechanism.

pool.py         many runs over the cores of one machine
folder.py       the folder of a result while a command writes to it
reading.py      a result as its manifest tells it

compare.py      two scenarios under the same luck: run what is missing, read what exists
changes.py      scenarios as options of the command line change them
attribute.py    the difference shared out among groups of levers, pushes or single items
items.py        what each item of the plan asks for, is granted and does
under.py        both scenarios once more under other assumptions: assumption or policy?
tables.py       the tables of these, summed up over their worlds
verdict.py      the plan's aims against a result

effects.py      published effects beside what the model gives
patterns.py     what one expects of such a region beside what the model shows
loops.py        what each feedback loop does when it is cut
sensitivity.py  which of all that is uncertain moves the headline numbers; indices.py its arithmetic

series.py       observed series, read only so far
fit.py          which beliefs agree with what was observed up to 2019; matching.py its arithmetic
hindsight.py    what was known at the end of 2019
baselines.py    naive forecasts of the observed series
backtest.py     2020 and 2021 as they would have been forecast; scores.py its arithmetic
"""
