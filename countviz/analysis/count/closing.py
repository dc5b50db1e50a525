"""The closes-left count: how many closing symbols a model would still accept.

It is read off the model's behaviour, so it is a whole number for any cell with any number of
units and needs no fit. A linear fit of the state can mislead: it reads 9 for a GRU that still
closes 28.
"""

from dataclasses import dataclass

import numpy as np

from countviz.engine.closing import NEVER
from countviz.engine.kernels import count_closings, find_variant
from countviz.languages import require_continuations
from countviz.languages.text import TooLong
from countviz.memories import Automaton
from countviz.runs import lay_out
from countviz.traces import WHOLE, Trace, Window

_PART = 128  # symbols
_PATIENCE = 8.0  # s, about


@dataclass(frozen=True, eq=False, kw_only=True)
class Closings:
    """How many closers a model accepts after each symbol of a string.

    Attributes
    ----------
    counts
        [T, K], one column a counter of the language; NaN where the model never closes.
    cap
        After so many closers without an end a model counts as never closing; one whose state
        stops moving before is known never to close.

    """

    counts: np.ndarray
    cap: int

    @property
    def total(self) -> np.ndarray:
        """[T]: the counters' sum; NaN where one of them never closes."""
        return self.counts.sum(axis=1)


def measure_closings(trace: Trace) -> Closings:
    """Count, after every symbol of a trace, the closers the model still accepts.

    There are up to 20,000 of them, of an automaton as many as it says.

    The cap is 1,000 more than twice the largest true count; see ``find_cap``.

    Raises
    ------
    TooLong
        If the trace has more symbols, or the model a memory that makes it take more than some
        seconds.

    """
    memory = trace.model.spec.memory
    most = WHOLE if memory is None else min(WHOLE, memory.closable)
    if len(trace.string) > most:
        raise TooLong(
            f"this trace has {len(trace.string):,} symbols; closings are counted up to {most:,}"
        )
    require_continuations(trace.model.spec.language, "a count of closers")
    cap = find_cap(trace)
    counts = _count_all(trace, cap)
    counted = np.where(counts == NEVER, np.nan, counts)
    counted.flags.writeable = False
    return Closings(counts=counted, cap=cap)


def _count_all(trace: Trace, cap: int) -> np.ndarray:
    """Return [T, K] int64, the closers accepted after every symbol; see ``count_window``.

    With a memory it is given up where the true counts say that it would take too long, or where it
    has: a part is counted after the other.
    """
    memory = trace.model.spec.memory
    if memory is None or isinstance(memory, Automaton) or not trace.string:
        return count_window(trace, trace.whole, cap)
    true, parts = trace.reading.closings, []
    deepest = true.max(initial=0)
    left = _PATIENCE - true.sum() * memory.takes(deepest)
    for start in range(0, len(trace.string), _PART):
        if left < 0:
            raise TooLong(
                f"{trace.model.name} has a memory, which makes it take too long to count what it "
                f"would still close on these {len(trace.string):,} symbols; fewer are right"
            )
        parts.append(count_window(trace, trace.window(start, start + _PART), cap))
        in_use = trace.moment(start).stacks.shape[1]
        fed = np.where(parts[-1] == NEVER, cap, parts[-1]).sum()
        left -= fed * memory.takes(max(in_use, deepest))
    return np.concatenate(parts)


def find_cap(trace: Trace) -> int:
    """Return how many closers are counted at most, after any symbol of a trace.

    That is twice the largest true count and 1,000 more; 20 more for an automaton, whose steps take
    the longer the more there were.
    """
    more = 20 if isinstance(trace.model.spec.memory, Automaton) else 1_000
    return more + 2 * int(trace.reading.closings.max(initial=0))


def count_window(trace: Trace, window: Window, cap: int) -> np.ndarray:
    """Return [W, K] int64, the closers accepted after each step of a window of a trace.

    More than `cap` of them are not counted: that, and never closing, is NEVER.
    """
    model, language = trace.model, trace.model.language
    where = slice(window.start, window.stop)
    symbols = language.encode(trace.string[where])
    packed = model.pack(trace.precision, trace.actions)
    variant = find_variant(model.spec.cell, trace.precision)
    start = None if model.spec.memory is None else trace.moment(window.start)
    counts = np.empty((len(language.closers), symbols.size), np.int64)
    for column, symbol in zip(counts, language.closers, strict=True):
        closer = language.alphabet.index(symbol)
        says_open = np.ascontiguousarray(trace.verdicts[where, closer])
        states = window.rows
        if start is not None:
            states = lay_out(packed, start, places=4, steps=symbols.size + cap + 1, kept=4)
        count_closings(variant, packed, symbols, states, says_open, closer, cap, column)
    return counts.T
