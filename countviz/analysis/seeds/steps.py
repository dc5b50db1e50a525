"""The steps of a counter: by how much its decoded count changes at an opening and a closing.

The count is decoded from the counting internal (c of an LSTM, h of any other cell) by the
least-squares fit of the true count over one fixed string, anew for every model; for Dyck-1 it is
two nests, each 12 deep. For a model that counts, one opening is then worth +1 and one closing -1,
whatever its scale; the less its state has to do with the count, the more the fit shrinks both
towards 0.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from countviz.arithmetic.precision import find_precision
from countviz.cells import find_cell
from countviz.engine.advance import Packed
from countviz.engine.kernels import find_variant, record
from countviz.languages import Language, find_language, require_continuations
from countviz.languages.dyck1 import zigzag
from countviz.models import Spec, make_models
from countviz.runs import follow

if TYPE_CHECKING:
    import pandas as pd

_LOOSE = 0.01  # a step of so much more or less than one bracket no longer counts as one
_DEEPEST = 12  # peaks of the string of Dyck-1, of which there are two
_DRAWN = 4  # members of other languages, of which the longest is taken
_OVERFLOWN = 1e30  # a unit that reached so much holds no count


@dataclass(frozen=True, eq=False, kw_only=True)
class Steps:
    """The steps of all seeds, along the strings that each has read.

    Attributes
    ----------
    at
        [R] how many strings every seed had read.
    planned
        How many it is to read in all.
    up, down
        [S, R] the mean change of the decoded count on what opens and on what closes; nan once a
        seed has diverged.
    symbols
        What opens and what closes, where a language has one of each; else empty.

    """

    at: np.ndarray
    planned: int
    up: np.ndarray
    down: np.ndarray
    symbols: tuple[str, ...] = ()

    def ends(self, point: int) -> tuple[tuple[str, float], ...]:
        """Return what is written where the lines end: nothing, as they have names of their own."""
        return ()

    def medians(self, point: int = -1) -> tuple[float, float]:
        """Return the median step up and the median step down at a point."""
        return _median(self.up[:, point]), _median(self.down[:, point])

    def sentence(self, point: int = -1) -> str:
        """Say how to read the lines, and how many seeds take steps of one bracket."""
        up, down = self.up[:, point], self.down[:, point]
        true = (abs(up - 1) <= _LOOSE) & (abs(down + 1) <= _LOOSE)
        return (
            "Thin lines: one seed each, at 0 while its state has nothing to do with the count. "
            f"After {self.at[point]:,} strings {true.sum():,} of {up.size:,} seeds step by one "
            f"bracket, within {_LOOSE:.0%}, up and down."
        )

    def to_frame(self) -> "pd.DataFrame":
        """Return a row for every seed, by its place from 0, at every point."""
        import pandas as pd  # takes longer to load than the page

        seeds, points = self.up.shape
        return pd.DataFrame(
            {
                "strings read": np.tile(self.at, seeds),
                "seed": np.repeat(np.arange(seeds), points),
                "step up": self.up.ravel(),
                "step down": self.down.ravel(),
            }
        )


def _median(values: np.ndarray) -> float:
    known = values[np.isfinite(values)]
    return float(np.median(known)) if known.size else np.nan


def measure_steps(
    spec: Spec, vectors: np.ndarray, precision: str = "float32"
) -> tuple[np.ndarray, np.ndarray]:
    """Measure the mean change of the decoded count on what opens and on what closes.

    Parameters
    ----------
    spec
        What the models are.
    vectors
        [M, P] their flat parameters.
    precision
        In which they are run.

    Returns
    -------
    up, down : ndarray of float64, [M]
        In counts: +1 and -1 for a counter whose state is a linear function of the count, 0 for a
        state that never moves, or that overflows. In languages whose symbols may change the count
        by more than one, the change is that for each count.

    """
    require_continuations(spec.language, "a step")
    symbols, counts = _probe(find_language(spec.language))
    states = run_states(spec, vectors, symbols, precision)  # [M, T + 1, H]
    change = np.diff(_decode(states, counts), axis=1)  # [M, T]
    truth = np.diff(counts)
    return tuple(
        change[:, towards].sum(axis=1) / abs(truth[towards]).sum()
        for towards in (truth > 0, truth < 0)
    )


def run_states(spec: Spec, vectors: np.ndarray, symbols: np.ndarray, precision: str) -> np.ndarray:
    """Return the counting internal [M, T + 1, H] of many models along one string, from zero on."""
    cell, units = find_cell(spec.cell), spec.units
    if spec.memory is not None:
        runs = (follow(model, precision, symbols) for model in make_models(spec, vectors))
        place = cell.names.index(cell.counter) * units
        return np.stack([done.rows[:, place : place + units] for done in runs])
    variant, place = find_variant(spec.cell, precision), cell.names.index(cell.counter) * units
    rows = np.zeros((symbols.size + 1, len(cell.names) * units), find_precision(precision).storage)
    logits = np.empty((symbols.size, len(find_language(spec.language).alphabet)), rows.dtype)
    states = np.empty((len(vectors), symbols.size + 1, units))
    for state, packed in zip(states, _pack_all(spec, vectors, precision), strict=True):
        record(variant, packed, symbols, rows, logits)
        state[:] = rows[:, place : place + units]
    return states


def _pack_all(spec: Spec, vectors: np.ndarray, precision: str) -> Iterator[Packed]:
    """Yield each model's parameters as the compiled loops read them."""
    shapes = list(spec.parameter_shapes().values())
    ends = np.cumsum([np.prod(shape) for shape in shapes])
    pieces = np.split(find_precision(precision).round(vectors), ends[:-1], axis=1)
    w_ih, w_hh, b_ih, b_hh, readout, readout_bias = (
        piece.reshape(-1, *shape) for piece, shape in zip(pieces, shapes, strict=True)
    )
    inputs = w_ih.transpose(0, 2, 1) + b_ih[:, None]
    together = inputs, w_hh.transpose(0, 2, 1), b_hh, readout, readout_bias
    return map(Packed, *map(np.ascontiguousarray, together))


def _decode(states: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Return the least-squares reading [M, T] of the counts [T] from the states [M, T, H].

    Its offset is left out, as only changes are asked for. A direction in which no state moves is
    not read, nor is a unit that overflows.
    """
    scale = abs(states).max(axis=1, keepdims=True)
    usable = (scale > 0) & (scale < _OVERFLOWN)
    moved = np.where(usable, states / np.where(usable, scale, 1), 0)  # units on a common scale
    moved -= moved.mean(axis=1, keepdims=True)
    weighed = moved.transpose(0, 2, 1)
    direction = np.linalg.pinv(weighed @ moved, rcond=1e-10, hermitian=True) @ (
        weighed @ (counts - counts.mean())[:, None]
    )
    return (moved @ direction)[..., 0]


@lru_cache(maxsize=16)
def _probe(language: Language) -> tuple[np.ndarray, np.ndarray]:
    """Return the symbols [T] of one member and the count [T + 1] around them, from 0 on."""
    rng = np.random.default_rng(0)
    if language.name == "dyck1":
        string = zigzag(_DEEPEST, 2)
    else:
        string = max((language.sample(rng, 2, 60) for _ in range(_DRAWN)), key=len)
    counts = language.read(string).closings.sum(axis=1)
    return language.encode(string), np.concatenate([[0], counts])
