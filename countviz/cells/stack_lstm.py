"""An LSTM that controls stacks (DuSell, Chiang 2022, arXiv 2109.01982).

What is on top of the stacks stands beside the symbol in the LSTM's input. It has two places for a
count: its own cell state, and the stack.
"""

from dataclasses import replace

from countviz.cells.base import CONTROLLED, STACK
from countviz.cells.lstm import LSTM

STACK_LSTM = replace(
    LSTM,
    name="stack-lstm",
    title="stack LSTM",
    memory=STACK,
    memory_kind="superposition",
    parts=CONTROLLED,
)
