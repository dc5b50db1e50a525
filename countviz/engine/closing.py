"""Count how many closing symbols a model still accepts: a count read off its behaviour alone.

It needs no fit and no look at the state, so it is an exact whole number for any cell with any
number of units.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from countviz.arithmetic.number import equation
from countviz.cells.base import Cell
from countviz.engine.advance import write_advance, write_read_logit

NEVER = -1


def write_count_closings(cell: Cell, lift: Callable) -> Callable:
    """Write ``count_closings(packed, symbols, rows, closer, cap, counts)``.

    From the state after each of the T symbols (rows as ``record`` left them) the model is fed the
    closer until it no longer predicts it; counts [T] receives how many that took. It receives NEVER
    where the state stopped moving, so that no further closer can change the answer, or where `cap`
    closers were not enough.
    """
    advance, read_logit = write_advance(cell, lift), write_read_logit(lift)
    state = len(cell.internals) - len(cell.state)

    @equation
    def close_from(packed, rows, t, closer, cap, scratch, recurrent):
        """Count by feeding closers to the state of rows[t]."""
        if read_logit(packed, rows, t, closer) < 0:
            return 0
        first = state * packed.readout.shape[1]
        advance(packed, closer, rows, t, recurrent, 0, scratch, 0)
        for count in range(1, cap + 1):
            old, new = (count - 1) % 2, count % 2
            if read_logit(packed, scratch, old, closer) < 0:
                return count
            advance(packed, closer, scratch, old, recurrent, 0, scratch, new)
            moved = False
            for at in range(first, scratch.shape[1]):
                moved |= scratch[old, at] != scratch[new, at]
            if not moved:
                break
        return NEVER

    @equation
    def count_closings(packed, symbols, rows, closer, cap, counts):
        recurrent = np.empty((1, packed.bias.size), packed.bias.dtype)
        scratch = np.empty((2, rows.shape[1]), rows.dtype)
        last = symbols.size - 1
        for t in range(last, -1, -1):
            open_here = read_logit(packed, rows, t + 1, closer) >= 0
            if open_here and t < last and symbols[t + 1] == closer:  # the string takes that step
                after = counts[t + 1]
                counts[t] = NEVER if after in (NEVER, cap) else after + 1
            else:
                counts[t] = close_from(packed, rows, t + 1, closer, cap, scratch, recurrent)

    return count_closings
