"""Try every prefix of a language up to a length, or push the extreme states of a count forward.

Both look for the shortest prefix that a model judges wrongly. The first tries them all, and is
therefore right for any cell. The second keeps, for every length and every count of a Dyck-1
prefix, only the two states that lie furthest along a direction, each reached by a prefix that it
can name. Where a cell's state is one number and no symbol reverses the order of two states, a step
sends extremes to extremes, and no prefix can be judged wrongly unless an extreme one is.
"""

from collections.abc import Callable

import numpy as np

from countviz.arithmetic.instructions import equation, inlined
from countviz.arithmetic.precision import Precision
from countviz.cells.base import Cell
from countviz.engine.places import write_advance, write_read_logit

LOW, HIGH = 0, 1  # the two ends that are kept of all states with one count
NOWHERE = -1  # no prefix of this length has this count


def write_try_prefixes(cell: Cell, precision: Precision) -> Callable:
    """Write ``try_prefixes(packed, moves, targets, places, states, symbols, shortest)``.

    moves [S, V] holds the language's state after each symbol, negative where it may not come, and
    targets [S, V] which symbols may come; state 0 is the start. It goes through all prefixes of up
    to L symbols depth first, for which L + 1 places, states [L + 1] and symbols [L] are room,
    never further than is shorter than what was found already. shortest [L] receives the symbols of
    a shortest prefix whose verdict is wrong; their number comes back, L + 1 where there is none.
    """
    advance, read_logit = write_advance(cell, precision), write_read_logit(cell, precision)

    @inlined
    def is_wrong(packed, places, t, targets, state):
        wrong = False
        for v in range(targets.shape[1]):
            wrong |= (read_logit(packed, places, t, v) >= 0) != targets[state, v]
        return wrong

    @equation
    def try_prefixes(packed, moves, targets, places, states, symbols, shortest):
        recurrent = np.empty((1, packed.bias.size), packed.bias.dtype)
        length, best = 0, symbols.size + 1
        states[0], symbols[0] = 0, -1
        while length >= 0:
            if length + 1 >= best or symbols[length] == moves.shape[1] - 1:
                length -= 1
                continue
            symbols[length] += 1
            symbol = symbols[length]
            state = moves[states[length], symbol]
            if state < 0:
                continue
            advance(packed, symbol, places, length, recurrent, 0, places, length + 1)
            if is_wrong(packed, places, length + 1, targets, state):
                best = length + 1
                for t in range(best):
                    shortest[t] = symbols[t]
            elif length + 2 < best:
                length += 1
                states[length], symbols[length] = state, -1
        return best

    return try_prefixes


def write_bound_prefixes(cell: Cell, precision: Precision) -> Callable:
    """Write ``bound_prefixes(packed, direction, rows, origins, margins)`` for Dyck-1.

    direction [N H] says how far along a row of internals lies. rows [4 (L + 2) + 1, N H] is room
    for the extremes of two lengths and for what is on its way; origins [L + 1, L + 2, 2] receives
    for every length, count and end the symbol and the end it came from, as 2 symbol + end, or
    NOWHERE; margins [2] the least distance of a verdict's logit from zero, on ``(`` and on ``)``.
    Back come the length at which an extreme state is first judged wrongly (L + 1 where none is),
    its count, and which end it is.
    """
    reach, judge = _write_reach(cell, precision), _write_judge(cell, precision)

    @equation
    def bound_prefixes(packed, direction, rows, origins, margins):
        recurrent = np.empty((1, packed.bias.size), packed.bias.dtype)
        longest, counts = origins.shape[0] - 1, origins.shape[1]
        origins[:] = NOWHERE
        origins[0, 0] = 0
        for length in range(1, longest + 1):
            for count in range(length % 2, length + 1, 2):
                reach(packed, direction, rows, origins, length, count, recurrent)
                for end in range(2):
                    row = place(length, count, end, counts)
                    if judge(packed, rows, row, count, margins):
                        return length, count, end
        return longest + 1, 0, 0

    return bound_prefixes


@inlined
def place(length, count, end, counts):
    """Return the row of an extreme: the extremes of two lengths take turns."""
    return ((length % 2) * counts + count) * 2 + end


@inlined
def far_along(rows, row, direction):
    """Return how far a row lies along a direction."""
    sum = 0.0
    for at in range(rows.shape[1]):
        if direction[at] != 0:
            sum += direction[at] * rows[row, at]
    return sum


def _write_reach(cell: Cell, precision: Precision) -> Callable:
    """Write what fills in both extremes of one count, from those of its neighbours before."""
    advance = write_advance(cell, precision)

    @inlined
    def reach(packed, direction, rows, origins, length, count, recurrent):
        counts, scratch = origins.shape[1], rows.shape[0] - 1
        ends = np.array([np.inf, -np.inf])
        for symbol in range(2):
            before = count - 1 + 2 * symbol
            if before < 0 or before >= counts or origins[length - 1, before, LOW] < 0:
                continue
            for origin in range(2):
                source = place(length - 1, before, origin, counts)
                advance(packed, symbol, rows, source, recurrent, 0, rows, scratch)
                far = far_along(rows, scratch, direction)
                for end in range(2):
                    nearer = far >= ends[LOW] if end == LOW else far <= ends[HIGH]
                    # What is not a number is kept as an end, and judged.
                    if origins[length, count, end] < 0 or not nearer:
                        ends[end] = far
                        origins[length, count, end] = 2 * symbol + origin
                        for at in range(rows.shape[1]):
                            rows[place(length, count, end, counts), at] = rows[scratch, at]

    return reach


def _write_judge(cell: Cell, precision: Precision) -> Callable:
    """Write what says whether a row is judged wrongly at a count, and keeps the least margins."""
    read_logit = write_read_logit(cell, precision)

    @inlined
    def judge(packed, rows, row, count, margins):
        wrong = False
        for v in range(2):
            logit = read_logit(packed, rows, row, v)
            wrong |= (logit >= 0) != (v == 0 or count > 0)
            margins[v] = min(margins[v], abs(logit))
        return wrong

    return judge
