"""Run one model over one string and write down everything it does."""

from collections.abc import Callable

import numpy as np

from countviz.arithmetic.instructions import equation
from countviz.arithmetic.precision import Precision
from countviz.cells.base import Cell
from countviz.engine.places import write_advance, write_read_logit


def write_record(cell: Cell, precision: Precision) -> Callable:
    """Write ``record(packed, symbols, places, logits)`` for one cell and one precision.

    symbols is [T]; there are T + 1 places: place 0 holds the state before the string, and place
    t + 1 receives all that happens at symbol t; logits is [T, V]. A run can be taken up again from
    any state.
    """
    advance, read_logit = write_advance(cell, precision), write_read_logit(cell, precision)

    @equation
    def record(packed, symbols, places, logits):
        recurrent = np.empty((1, packed.bias.size), packed.bias.dtype)
        for t in range(symbols.size):
            advance(packed, symbols[t], places, t, recurrent, 0, places, t + 1)
            for v in range(logits.shape[1]):
                logits[t, v] = read_logit(packed, places, t + 1, v)

    return record
