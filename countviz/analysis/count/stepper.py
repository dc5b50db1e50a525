"""A model that is taken up again from any state: what it would do if the string went on otherwise.

A trace says what happened. What could still happen, or what would have happened from a state
beside the one that was reached, takes further steps by the same compiled equations.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from countviz.arithmetic.precision import find_precision
from countviz.engine.advance import Packed
from countviz.engine.closing import NEVER
from countviz.engine.kernels import Variant, count_closings, find_variant, record
from countviz.languages import Language
from countviz.models import Model


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
    packed: Packed
    variant: Variant

    @property
    def start(self) -> np.ndarray:
        """[N H]: the row before the first symbol."""
        internals = len(self.model.cell.internals)
        return np.zeros(internals * self.model.spec.units, self.packed.bias.dtype)

    @property
    def state(self) -> slice:
        """Where in a row the state stands."""
        return slice(-len(self.model.cell.state) * self.model.spec.units, None)

    def feed(self, row: np.ndarray, symbols: Sequence[int]) -> tuple[np.ndarray, np.ndarray]:
        """Return the rows [T, N H] and logits [T, V] after each of some encoded symbols."""
        symbols = np.asarray(symbols, np.int64)
        rows = np.empty((symbols.size + 1, row.size), row.dtype)
        rows[0] = row
        logits = np.empty((symbols.size, self.packed.readout_bias.size), row.dtype)
        record(self.variant, self.packed, symbols, rows, logits)
        return rows[1:], logits

    def count_closings(self, row: np.ndarray, closer: int, cap: int) -> int:
        """Return how many closers are accepted from a state; NEVER if that is more than `cap`."""
        rows = np.stack([row, row])
        rows.flags.writeable = False  # as those of a trace: one compilation serves both
        counts = np.empty(1, np.int64)
        says_open, symbols = np.ones(1, bool), np.array([closer])
        count_closings(self.variant, self.packed, symbols, rows, says_open, closer, cap, counts)
        return int(counts[0])

    def closes_at_least(self, row: np.ndarray, closer: int, count: int) -> bool:
        """Say whether so many closers in a row are accepted from a state."""
        return count <= 0 or self.count_closings(row, closer, count - 1) == NEVER

    def place(self, row: np.ndarray, internal: str, unit: int, value: float) -> np.ndarray:
        """Return a row with one internal of a unit set to a value, rounded to the precision."""
        changed = row.copy()
        at = self.model.cell.names.index(internal) * self.model.spec.units + unit
        changed[at] = find_precision(self.precision).round(np.array([value]))[0]
        return changed


def make_stepper(model: Model, precision: str = "float64") -> Stepper:
    """Return a model made ready to be run from any state."""
    return Stepper(
        model=model,
        precision=precision,
        packed=model.pack(precision),
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
