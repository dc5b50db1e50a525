"""A simple recurrent network that controls stacks (Joulin, Mikolov 2015, arXiv 1503.01007).

The controller is the cell of Elman; what is on top of the stacks feeds it beside the symbol, or
is added to its hidden state (Suzgun et al. 2019, arXiv 1911.03329). A stack whose actions are
certain counts exactly, for as long as it is deep.
"""

from dataclasses import replace

from countviz.cells.base import CONTROLLED, STACK
from countviz.cells.tanh import TANH

STACK_RNN = replace(
    TANH,
    name="stack-rnn",
    title="stack RNN",
    memory=STACK,
    memory_kind="superposition",
    parts=CONTROLLED,
)
