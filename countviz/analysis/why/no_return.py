"""The point of no return: when a string was already lost.

A mistake is visible long after its cause. At every step one can ask whether the model would still
finish correctly if nothing but closers came from now on; the first step from which it would not is
where it lost the count. The question is put to the model by running it, so it has an exact answer
for any cell with any number of units.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from countviz.analysis.count.closing import count_window, find_cap
from countviz.analysis.count.fine_closing import refine_at
from countviz.analysis.trajectory.trajectory import noun_of
from countviz.traces import WINDOW, Trace
from countviz.words import count_nouns

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, kw_only=True)
class NoReturn:
    """When a model lost the count on a string, and when that shows.

    Attributes
    ----------
    position
        The first step, from 0, after which just closing what is open already goes wrong; None if
        there is none.
    first_failure
        The first visible mistake, from 0; None if there is none. Never before `position`.
    delay
        How many symbols lie between the two; None where one is missing.
    counter
        Of which of the language's counters, from 0; None as `position`.
    true_count, closes
        How many of its closers could come in a row after that step, and how many the model would
        accept: None where it never stops accepting them, as where there is no such step.
    length, legal
        The string's symbols, and those before the first illegal one.
    noun
        What a symbol is called.

    """

    position: int | None
    first_failure: int | None
    delay: int | None
    counter: int | None
    true_count: int | None
    closes: int | None
    length: int
    legal: int
    noun: str = "symbol"

    def sentence(self, who: str = "It") -> str:
        """Say when the count was lost and how much later one notices; positions count from 1."""
        if not self.length:
            return "The string is empty: there is nothing to lose."
        if not self.legal:
            return f"The first {self.noun} is illegal: there is nothing to lose."
        if self.position is None:
            return f"{who} never lost the count: after each {self.noun}, closing all goes right."
        said = f"{who} left the corridor at {self.noun} {self.position + 1:,}."
        if self.first_failure is None:
            return f"{said} It does not show: the string ends before the mistake."
        if not self.delay:
            return f"{said} The mistake shows at once."
        later = count_nouns(self.delay, self.noun)
        return f"{said} You only notice at {self.first_failure + 1:,}, {later} later."

    def reason(self) -> str:
        """Say what goes wrong if everything is closed from there; empty if nothing does."""
        if self.position is None:
            return ""
        still = f"{count_nouns(self.true_count, self.noun)} could be closed"
        if self.closes is None:
            return f"There {still}, and it never stops accepting closers."
        if self.closes == self.true_count:
            return f"There {still}, as it says; it is wrong about another symbol."
        return f"There {still}, and it would close {self.closes:,}."

    def to_frame(self) -> "pd.DataFrame":
        """Return one row."""
        import pandas as pd

        return pd.DataFrame([vars(self)])


def find_no_return(trace: Trace) -> NoReturn:
    """Find the first step after which just closing everything open is judged wrongly.

    That is the first legal step at which the number of closers that the model accepts differs from
    how many may come, for some counter; a wrong verdict at that very step counts, too. A string of
    any length is read, no further than to the first visible mistake.
    """
    position, counter = _find_difference(trace)
    failure, true, closes = trace.first_failure, None, None
    if position is None:
        position = failure  # wrong about a symbol that closes nothing
    if position is not None:
        counter = counter or 0
        true = int(trace.reading.closings[position, counter])
        closes, _ = refine_at(trace, position, counter, find_cap(trace))
    both = position is not None and failure is not None
    return NoReturn(
        position=position,
        first_failure=failure,
        delay=failure - position if both else None,
        counter=counter,
        true_count=true,
        closes=None if closes is None or np.isnan(closes) else int(closes),
        length=len(trace.string),
        legal=trace.reading.legal,
        noun=noun_of(trace.model.language),
    )


def _find_difference(trace: Trace) -> tuple[int | None, int | None]:
    """Return where the closers accepted first differ from those that may come, and of what."""
    failure, legal = trace.first_failure, trace.reading.legal
    last = legal if failure is None else failure + 1
    for start in range(0, last, WINDOW):
        window = trace.window(start, min(start + WINDOW, last))
        true = trace.reading.closings[start : window.stop]
        differs = count_window(trace, window, int(true.max()) + 1) != true
        if differs.any():
            first = int(differs.any(axis=1).argmax())
            return start + first, int(differs[first].argmax())
    return None, None
