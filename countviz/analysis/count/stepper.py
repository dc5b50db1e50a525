"""A model that is taken up again from any moment: what it would do if the string went on otherwise.

A trace says what happened. What could still happen, or what would have happened from a state
beside the one that was reached, takes further steps by the same compiled equations.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from countviz.arithmetic.precision import find_precision
from countviz.engine.closing import NEVER, NO_SYMBOL
from countviz.engine.kernels import Variant, count_closings, find_variant
from countviz.languages import Language
from countviz.models import Model
from countviz.packing import Actions, PackedModel
from countviz.runs import Moment, Run, begin, go_on, lay_out


@dataclass(frozen=True, eq=False, kw_only=True)
class Stepper:
    """One model at one precision, ready to run.

    Attributes
    ----------
    model, precision
        What is run.
    packed, variant
        As the compiled loops take them.

    """

    model: Model
    precision: str
    packed: PackedModel
    variant: Variant

    @property
    def start(self) -> Moment:
        """The moment before the first symbol."""
        return begin(self.model, self.precision)

    @property
    def state(self) -> slice:
        """Where in a row the state of the units stands."""
        return slice(-len(self.model.cell.state) * self.model.spec.units, None)

    def feed(self, start: Moment, symbols: Sequence[int]) -> Run:
        """Return what the model does on some encoded symbols from a moment on."""
        return go_on(self.variant, self.packed, np.asarray(symbols, np.int64), start)

    def count_closings(self, start: Moment, closer: int, cap: int) -> int:
        """Return how many closers are accepted from a moment; NEVER if that is more than `cap`."""
        rows = np.stack([start.row, start.row])
        nothing, says_open = np.zeros(0, np.int64), np.ones(1, bool)
        return int(self.count_along(start, nothing, rows, says_open, closer, cap)[0])

    def count_along(
        self,
        start: Moment,
        symbols: np.ndarray,
        rows: np.ndarray,
        says_open: np.ndarray,
        closer: int,
        cap: int,
    ) -> np.ndarray:
        """Return [T + 1] how many closers are accepted at a moment, and after each symbol.

        Parameters
        ----------
        start, symbols
            From where on, and the T symbols that follow.
        rows
            [T + 2, N H]: the row before the moment, that of the moment, and one after each symbol.
        says_open
            [T + 1]: whether the closer is predicted.
        closer, cap
            Which closer; more than so many are NEVER.

        """
        states, steps = rows, np.concatenate([[NO_SYMBOL], symbols])
        if start.stacks is None:
            states.flags.writeable = False  # as those of a trace: one compilation serves both
        else:
            states = lay_out(self.packed, start, places=4, steps=steps.size + cap + 1, kept=4)
        counts = np.empty(steps.size, np.int64)
        says_open = np.ascontiguousarray(says_open)
        count_closings(self.variant, self.packed, steps, states, says_open, closer, cap, counts)
        return counts

    def closes_at_least(self, start: Moment, closer: int, count: int) -> bool:
        """Say whether so many closers in a row are accepted from a moment."""
        return count <= 0 or self.count_closings(start, closer, count - 1) == NEVER

    def place(self, start: Moment, internal: str, unit: int, value: float) -> Moment:
        """Return a moment with one internal of a unit set to a value, rounded to the precision."""
        changed = start.row.copy()
        at = self.model.cell.names.index(internal) * self.model.spec.units + unit
        changed[at] = find_precision(self.precision).round(np.array([value]))[0]
        return start._replace(row=changed)


def make_stepper(model: Model, precision: str = "float64", actions: Actions = "soft") -> Stepper:
    """Return a model made ready to be run from any moment."""
    return Stepper(
        model=model,
        precision=precision,
        packed=model.pack(precision, actions),
        variant=find_variant(model.spec.cell, precision),
    )


def find_opener(language: Language, counter: int = 0) -> int | None:
    """Return the first symbol, by its place in the alphabet, that counts a counter up at the start.

    >>> from countviz.languages import find_language
    >>> find_opener(find_language("shuffle2"), 1), find_opener(find_language("anbncn"), 1)
    (2, None)
    """
    before = language.counts(language.start)[counter]
    for place, symbol in enumerate(language.alphabet):
        state = language.step(language.start, symbol)
        if state is not None and language.counts(state)[counter] > before:
            return place
    return None
