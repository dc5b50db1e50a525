"""The recurrent cells: for each its internals, its step and its adjoint."""

from countviz.cells.base import Cell, Internal
from countviz.cells.gru import GRU
from countviz.cells.linear import LINEAR
from countviz.cells.lstm import LSTM
from countviz.cells.ns_rnn import NS_RNN
from countviz.cells.relu import RELU
from countviz.cells.stack_lstm import STACK_LSTM
from countviz.cells.stack_rnn import STACK_RNN
from countviz.cells.strat_lstm import STRAT_LSTM
from countviz.cells.tanh import TANH

CELLS: dict[str, Cell] = {
    cell.name: cell
    for cell in (LSTM, GRU, RELU, TANH, LINEAR, STACK_RNN, STACK_LSTM, NS_RNN, STRAT_LSTM)
}


class UnknownCell(ValueError):
    """The name of a cell that is not in the registry."""


def find_cell(name: str) -> Cell:
    """Return the cell of that name; an unknown one is refused with the names there are."""
    if name not in CELLS:
        raise UnknownCell(f"no cell named {name!r}; there are: {', '.join(CELLS)}")
    return CELLS[name]


__all__ = ["CELLS", "Cell", "Internal", "UnknownCell", "find_cell"]
