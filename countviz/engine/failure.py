"""Find where models first fail: many strings, and one model or thirty-two in the lanes.

A verdict needs no sigmoid, only the sign of its logit. A string is left as soon as every model has
failed on it.
"""

from collections.abc import Callable

from countviz.arithmetic.instructions import at_most, choose, constant, equation
from countviz.arithmetic.lanes import all_below, empty_like_numbers
from countviz.arithmetic.number import zero_like
from countviz.arithmetic.precision import Precision
from countviz.cells.base import Cell
from countviz.engine.advance import write_advance, write_read_logit
from countviz.engine.parameters import clear, new_packed, pack, split

RIGHT = 2.0**24  # stands for "no failure"; float32 counts no further
PATIENCE = 16  # steps between two looks at whether anybody is left


def write_find_failures(cell: Cell, precision: Precision) -> Callable:
    """Write ``find_failures(units, vector, corpus, failures)``.

    failures [B] receives t V + v where the verdict on continuation v after symbol t (both from 0)
    of a string is the first that is wrong, and RIGHT where none is.
    """
    gates, internals = len(cell.gates), len(cell.internals)
    advance, read_logit = write_advance(cell, precision), write_read_logit(precision)

    @equation
    def find_failures(units, vector, corpus, failures):
        symbols = corpus.targets.shape[1]
        weights = split(vector, gates, units, symbols)
        packed = new_packed(weights)
        pack(weights, packed)
        rows = empty_like_numbers((2, internals * units), vector)
        recurrent = empty_like_numbers((1, gates * units), vector)
        right = constant(RIGHT, vector[0])
        for b in range(corpus.starts.size - 1):
            begin, end = corpus.starts[b], corpus.starts[b + 1]
            clear(rows[0], zero_like(right))
            first = right
            for t in range(end - begin):
                before, after = t % 2, (t + 1) % 2
                advance(packed, corpus.symbols[begin + t], rows, before, recurrent, 0, rows, after)
                for v in range(symbols):
                    logit = read_logit(packed, rows, after, v)
                    here = constant(float(t * symbols + v), right)
                    if corpus.targets[begin + t, v] > 0:
                        failed = choose(logit, right, here)
                    else:
                        failed = choose(logit, here, right)
                    first = at_most(first, failed)
                if t % PATIENCE == 0 and all_below(first, right):
                    break
            failures[b] = first

    return find_failures
