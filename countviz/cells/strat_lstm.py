"""An LSTM that controls a stack of layers (Grefenstette et al. 2015, arXiv 1506.02516).

A layer is as thick as it was pushed, and thinner where it was popped: so what is read is as smooth
in the strengths as a superposition, yet no layer is ever mixed with another where it lies.
"""

from dataclasses import replace

from countviz.cells.base import CONTROLLED, Internal
from countviz.cells.lstm import LSTM

STRATA = (
    Internal(
        name="actions",
        meaning="strengths of push and pop",
        bounds=(0, 1),
        dims=("T", "K", "A"),
    ),
    Internal(name="value", meaning="what is pushed", bounds=(-1, 1), dims=("T", "K", "W")),
    Internal(name="top", meaning="what is read", bounds=(-1, 1), dims=("T", "K", "W")),
)
STRAT_LSTM = replace(
    LSTM,
    name="strat-lstm",
    title="stratified stack LSTM",
    memory=STRATA,
    memory_kind="stratification",
    parts=CONTROLLED,
)
