"""A count read from the state itself: declared by a hand-set counter, fitted for other models.

The fit is the counting direction of the cell's counting internal (c of an LSTM, h of any other
cell): plain least squares on the true count over probe strings, without a ridge.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from countviz.languages import Language, require_continuations
from countviz.languages.dyck1 import nested, uniform_member, zigzag
from countviz.models import HandSet, Model
from countviz.traces import Trace, Window, trace

_DEEPEST = 12  # the deepest nesting among the probe strings of Dyck-1
_RANDOM = 40  # random probe strings


@dataclass(frozen=True, eq=False, kw_only=True)
class StateCount:
    """How to read a count from a model's state: direction . state + offset, in symbols.

    Attributes
    ----------
    internal
        The internal that is read.
    direction, offset
        [H] and a number.
    r_squared
        Share of the true count's variance over the probe strings that the reading explains; None
        where the reading is declared.

    """

    internal: str
    direction: np.ndarray
    offset: float
    r_squared: float | None

    def read(self, window: Window) -> np.ndarray:
        """Return the count [W] that the state of each step of a window reads as."""
        with np.errstate(invalid="ignore", over="ignore"):  # a state that overflowed reads as NaN
            return window.internals[self.internal] @ self.direction + self.offset

    def sentence(self) -> str:
        """Say where the reading comes from."""
        if self.r_squared is None:
            return f"read from {self.internal} by construction"
        return f"fitted to {self.internal}, R² {self.r_squared:.3f}"


def read_out_state(model: Model, precision: str = "float64") -> StateCount:
    """Return how a count is read from a model's state.

    A hand-set counter declares it: the counting internal divided by the step. For any other model,
    one that counts in a stack among them, the direction is fitted over the probe strings, at the
    same precision.
    """
    internal, recipe = model.cell.counter, model.spec.recipe
    require_continuations(model.spec.language, "a count in a state")
    if isinstance(recipe, HandSet) and model.spec.memory is None:
        direction = np.full(model.spec.units, 1 / recipe.step)
        return StateCount(internal=internal, direction=direction, offset=0.0, r_squared=None)
    traces = trace_probes(model, precision)
    states = np.concatenate([one.whole.internals[internal] for one in traces]).astype(np.float64)
    counts = np.concatenate([one.reading.closings.sum(axis=1) for one in traces])
    direction, offset, r_squared = _fit(states, counts)
    return StateCount(internal=internal, direction=direction, offset=offset, r_squared=r_squared)


def _fit(states: np.ndarray, counts: np.ndarray) -> tuple[np.ndarray, float, float]:
    """Return the least-squares direction [H] and offset, and the share of variance explained.

    Units are brought to a common scale first; one that overflowed on the probes is left out.
    """
    scale = abs(states).max(axis=0)
    usable = np.isfinite(scale) & (scale > 0)
    design = np.column_stack([states[:, usable] / scale[usable], np.ones(counts.size)])
    solution = np.linalg.lstsq(design, counts)[0]
    direction = np.zeros(scale.size)
    direction[usable] = solution[:-1] / scale[usable]
    explained = 1 - (counts - design @ solution).var() / counts.var()
    return direction, float(solution[-1]), float(np.clip(explained, 0, 1))


@lru_cache(maxsize=4)
def trace_probes(model: Model, precision: str) -> tuple[Trace, ...]:
    """Run a model over the probe strings; what is read off them is usually asked for in a row."""
    return tuple(trace(model, string, precision) for string in probe_strings(model.language))


@lru_cache(maxsize=8)
def probe_strings(language: Language) -> tuple[str, ...]:
    """Return the strings on which a reading is fitted: random, zigzag and deep ones for Dyck-1.

    Other languages are probed with members drawn by their own sampler. The seed is fixed.
    """
    rng = np.random.default_rng(0)
    if language.name != "dyck1":
        return tuple(language.sample(rng, 2, 60) for _ in range(_RANDOM))
    deep = [nested(_DEEPEST), *(zigzag(depth, 4) for depth in range(1, _DEEPEST + 1))]
    drawn = (uniform_member(rng, 50) for _ in range(4 * _RANDOM))
    shallow = [s for s in drawn if language.read(s).counts.max() <= _DEEPEST]
    return (*deep, *shallow[:_RANDOM])
