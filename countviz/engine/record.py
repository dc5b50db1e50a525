"""Run one model over one string and write down everything it does."""

from collections.abc import Callable

import numpy as np

from countviz.arithmetic.instructions import equation
from countviz.arithmetic.precision import Precision
from countviz.cells.base import Cell
from countviz.engine.advance import write_advance, write_read_logit


def write_record(cell: Cell, precision: Precision) -> Callable:
    """Write ``record(packed, symbols, rows, logits)`` for one cell and one precision.

    symbols is [T]; rows is [T + 1, N H], rows[0] the state before the string and rows[t + 1] all
    that happens at symbol t; logits is [T, V]. A run can be taken up again from any of its rows.
    """
    advance, read_logit = write_advance(cell, precision), write_read_logit(precision)

    @equation
    def record(packed, symbols, rows, logits):
        recurrent = np.empty((1, packed.bias.size), packed.bias.dtype)
        for t in range(symbols.size):
            advance(packed, symbols[t], rows, t, recurrent, 0, rows, t + 1)
            for v in range(logits.shape[1]):
                logits[t, v] = read_logit(packed, rows, t + 1, v)

    return record
