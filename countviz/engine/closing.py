"""Count how many closing symbols a model still accepts: a count read off its behaviour alone.

It needs no fit and no look at the state, so it is an exact whole number for any cell with any
number of units.
"""

from collections.abc import Callable

import numpy as np

from countviz.arithmetic.number import equation, inlined
from countviz.arithmetic.precision import Precision
from countviz.cells.base import Cell
from countviz.engine.advance import write_advance, write_read_logit

NEVER = -1


def write_count_closings(cell: Cell, precision: Precision) -> Callable:
    """Write ``count_closings(packed, symbols, rows, says_open, closer, cap, counts)``.

    From the state after each of the T symbols (rows as ``record`` left them) the model is fed the
    closer until it no longer predicts it; counts [T] receives how many that took. It receives NEVER
    where the state stopped moving, so that no further closer can change the answer, or where `cap`
    closers were not enough. says_open [T] tells whether the closer is predicted after each symbol:
    where it is, and the string itself goes on with it, the next count is simply one more.
    """
    advance, read_logit = write_advance(cell, precision), write_read_logit(precision)
    state = len(cell.internals) - len(cell.state)

    @inlined
    def close_from(packed, rows, t, closer, cap, scratch, recurrent):
        """Count by feeding closers to the state of rows[t]."""
        answer = NEVER
        for at in range(scratch.shape[1]):  # a slice would compile ten times as long
            scratch[0, at] = rows[t, at]
        for count in range(cap + 1):
            old, new = count % 2, (count + 1) % 2
            if read_logit(packed, scratch, old, closer) < 0:
                answer = count
                break
            advance(packed, closer, scratch, old, recurrent, 0, scratch, new)
            moved = False
            for at in range(state * packed.readout.shape[1], scratch.shape[1]):
                moved |= scratch[old, at] != scratch[new, at]
            if not moved:
                break
        return answer

    @equation
    def count_closings(packed, symbols, rows, says_open, closer, cap, counts):
        recurrent = np.empty((1, packed.bias.size), packed.bias.dtype)
        scratch = np.empty((2, rows.shape[1]), rows.dtype)
        last = symbols.size - 1
        for t in range(last, -1, -1):
            if says_open[t] and t < last and symbols[t + 1] == closer:
                after = counts[t + 1]
                counts[t] = NEVER if after in (NEVER, cap) else after + 1
            else:
                counts[t] = close_from(packed, rows, t + 1, closer, cap, scratch, recurrent)

    return count_closings
