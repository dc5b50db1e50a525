"""Which gate gives way, and when: how far on each one is along a string.

99 % and 99.9999 % look alike and are worlds apart to a counter, so what is mapped is how many nines
a gate has. Of a long string every column shows several symbols at once: the weakest moment of each.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from countviz.analysis.saturation.saturation import find_counts_before
from countviz.analysis.saturation.saturation_zones import (
    SQUASHING,
    count_nines,
    find_pre_activations,
    find_thresholds,
    say_gate,
)
from countviz.models import Model
from countviz.traces import Trace
from countviz.words import join_words

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = 1_000  # at most
_TOLD = 4  # rows that the sentence tells one by one


@dataclass(frozen=True, eq=False, kw_only=True)
class SaturationHeat:
    """How far on R gates are along a string, in C columns.

    Attributes
    ----------
    model, string, precision
        What was run, on what, in which number format.
    kind
        What is mapped: ``nines``, -log10 of what a gate lacks to 1 (of a tanh, its size lacks); or
        ``clipped``, the share of symbols at which a rectifier gives zero.
    rows
        What each row is called.
    every
        Symbols in a column; the last may have fewer.
    starts
        [C] the position, from 0, of the first symbol in each column.
    values
        [R, C]: the least nines in the column, or the share that is clipped; nan for no number.
    exact
        [R] the nines from which a gate is exactly on in this precision.
    counts
        [C] the largest true count before a symbol of the column; nan after an illegal symbol.
    weakest
        [R] the position at which each row is least on; -1 where nothing is known.
    pre_activations
        [R] what is squashed there.
    squash, thresholds
        [R] what squashes it, and from which |z| on exactly.

    """

    model: Model
    string: str
    precision: str
    kind: str
    rows: tuple[str, ...]
    every: int
    starts: np.ndarray
    values: np.ndarray
    exact: np.ndarray
    counts: np.ndarray
    weakest: np.ndarray
    pre_activations: np.ndarray
    squash: tuple[str, ...]
    thresholds: tuple[float, ...]

    def sentence(self) -> str:
        """Say where each gate is weakest."""
        told = self._tell_clipped() if self.kind == "clipped" else self._tell_weakest()
        return told + (f" Each column shows {self.every:,} symbols." if self.every > 1 else "")

    def to_frame(self) -> "pd.DataFrame":
        """Return a row a column of the map; positions are counted from 0."""
        import pandas as pd

        columns = {"position": self.starts, "true count before": self.counts}
        return pd.DataFrame(columns | dict(zip(self.rows, self.values, strict=True)))

    def _tell_weakest(self) -> str:
        known = np.flatnonzero(self.weakest >= 0)
        if not known.size:
            return "No gate has a number to show."
        if (self.values >= self.exact[:, np.newaxis]).all():
            return "Every gate is exactly on throughout."
        nines = [count_nines(self.pre_activations[k], self.squash[k]) for k in known]
        order = known[np.argsort(nines, kind="stable")][:_TOLD]
        of = self.pre_activations, self.squash, self.thresholds
        told = [
            f"{self.rows[k]} {say_gate(*(one[k] for one in of))} at symbol {self.weakest[k] + 1:,}"
            for k in order
        ]
        return (
            f"At their weakest: {join_words(told)}."
            if len(told) > 1
            else (f"At its weakest: {told[0]}.")
        )

    def _tell_clipped(self) -> str:
        sizes = np.diff([*self.starts, len(self.string)])
        shares = (self.values * sizes).sum(axis=1) / len(self.string)
        order = np.argsort(-shares, kind="stable")[:_TOLD]
        told = [f"{self.rows[k]} at {100 * shares[k]:.3g} % of the symbols" for k in order]
        return f"Clipped at zero: {join_words(told)}."


def map_saturation(trace: Trace, unit: int = 0, gate: str | None = None) -> SaturationHeat | None:
    """Map how far on gates are along a trace of up to 20,000 symbols.

    Parameters
    ----------
    trace
        The trace.
    unit
        Whose gates are mapped, from 0; of a rectifier all units are.
    gate
        The letter of a gate: it is mapped for every unit instead.

    Returns
    -------
    SaturationHeat or None
        None for a cell that squashes nothing.

    """
    cell, units = trace.model.cell, trace.model.spec.units
    if "identity" in cell.squash:
        return None
    if not trace.string:
        raise ValueError("the string is empty: there is no symbol to map")
    if gate is not None and gate not in cell.gates:
        raise ValueError(f"{cell.title} has no gate {gate!r}; there are: {', '.join(cell.gates)}")
    meanings = {one.name: one.meaning for one in cell.internals}
    if gate is None and cell.squash[0] in SQUASHING:
        places = [(k, unit) for k in range(len(cell.gates))]
        rows = tuple(f"{meanings[letter]} {letter}" for letter in cell.gates)
    else:
        k = cell.gates.index(gate or cell.gates[0])
        places = [(k, unit) for unit in range(units)]
        rows = tuple(f"unit {unit + 1}" for unit in range(units))
    thresholds = find_thresholds(cell.name, trace.precision)
    return _map_rows(
        trace,
        rows,
        np.stack([find_pre_activations(trace)[:, k, u] for k, u in places]),
        tuple(cell.squash[k] for k, _ in places),
        tuple(thresholds[k] for k, _ in places),
    )


def _map_rows(
    trace: Trace,
    rows: tuple[str, ...],
    z: np.ndarray,
    squash: tuple[str, ...],
    thresholds: tuple[float, ...],
) -> SaturationHeat:
    """Map pre-activations [R, T]."""
    every = max(1, -(-z.shape[1] // COLUMNS))
    starts = np.arange(0, z.shape[1], every)
    clips = squash[0] == "relu"
    how_far = np.stack([count_nines(*one) for one in zip(z, squash, strict=True)])
    weakest, at_weakest = _find_weakest(z if clips else how_far, z)
    if clips:
        shown = np.add.reduceat(np.where(np.isnan(z), np.nan, z <= 0), starts, axis=1)
        shown = shown / np.diff([*starts, z.shape[1]])
    else:
        shown = np.fmin.reduceat(how_far, starts, axis=1)
    return SaturationHeat(
        model=trace.model,
        string=trace.string,
        precision=trace.precision,
        kind="clipped" if clips else "nines",
        rows=rows,
        every=every,
        starts=starts,
        values=shown,
        exact=np.array([count_nines(*one) for one in zip(thresholds, squash, strict=True)]),
        counts=np.fmax.reduceat(find_counts_before(trace), starts),
        weakest=weakest,
        pre_activations=at_weakest,
        squash=squash,
        thresholds=thresholds,
    )


def _find_weakest(how_far: np.ndarray, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return where each row is least on, -1 if nothing is known, and what is squashed there."""
    known = np.isfinite(how_far).any(axis=1)
    place = np.where(known, np.argmin(np.where(np.isnan(how_far), np.inf, how_far), axis=1), -1)
    return place, np.where(known, z[np.arange(len(z)), place], np.nan)
