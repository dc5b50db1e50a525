"""An LSTM that weighs all runs of a pushdown automaton (DuSell, Chiang 2022, arXiv 2109.01982).

At every step it gives each transition a weight, and reads in which states, with what on top, the
runs so far have led. What they hold further down is never decided.
"""

from dataclasses import replace

from countviz.cells.base import CONTROLLED, Internal
from countviz.cells.lstm import LSTM

RUNS = (
    Internal(
        name="actions",
        meaning="shares of push, pop and replace in what the runs so far are to do",
        bounds=(0, 1),
        dims=("T", "K", "A"),
    ),
    Internal(
        name="value",
        meaning="shares of the symbols in what is pushed",
        bounds=(0, 1),
        dims=("T", "K", "X"),
    ),
    Internal(
        name="top",
        meaning="shares of state and top symbol in all runs",
        bounds=(0, 1),
        dims=("T", "K", "QX"),
    ),
    Internal(
        name="transitions",
        meaning="logarithms of the transitions' weights",
        dims=("T", "K", "Z"),
    ),
)
NS_RNN = replace(
    LSTM,
    name="ns-rnn",
    title="nondeterministic stack RNN",
    memory=RUNS,
    memory_kind="nondeterministic",
    parts=CONTROLLED,
)
