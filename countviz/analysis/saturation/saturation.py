"""How far on the gates of a model are: linear, nearly on or off, or exactly so.

A counter must neither lose anything nor add anything but its step, so its gates must be exactly on
or off; whatever is left between a gate and 1 leaks at every symbol (Weiss, Goldberg, Yahav 2018,
arXiv 1805.04908; El-Naggar, Madhyastha, Weyde 2022, arXiv 2211.16429).
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from countviz.analysis.saturation.saturation_bounds import bound_gates
from countviz.analysis.saturation.saturation_words import (
    list_bounds,
    tell_bounds,
    tell_gates,
    tell_step,
    tell_zones,
)
from countviz.analysis.saturation.saturation_zones import (
    ZONES,
    find_pre_activations,
    find_thresholds,
    find_zones,
)
from countviz.analysis.seeds.training_depth import find_training_depth
from countviz.models import Model
from countviz.traces import Trace

if TYPE_CHECKING:
    import pandas as pd

OVERFLOWN = 1e9  # no count takes a unit that far in a million symbols
POINTS = 2_000  # readings of a symbol that are drawn, at most
LEFT, RIGHT = 0.1, 0.9  # beyond them a gate counts as saturated (Karpathy et al. 2015)


@dataclass(frozen=True, eq=False, kw_only=True)
class Saturation:
    """Where the G gates of a model work on a string of T symbols; one unit of H in every detail.

    Attributes
    ----------
    model, string, precision
        What was run, on what, in which number format.
    gates, meanings, squash
        The gates' letters, what they are called, and what squashes them.
    thresholds
        [G] from which |z| on a gate is exactly on or off in this precision; infinite where there
        is no such end.
    unit
        The unit, from 0, whose pre-activations are given.
    counts
        [T] the true count before each symbol; nan after an illegal one.
    pre_activations
        [T, G] of that unit: what each gate squashes at each symbol.
    zones
        The names of the zones.
    shares
        [G, V, H, Z]: of the times that a symbol is read, the share in each zone; nan where it
        never is.
    typical, lowest, highest
        [G, V, H]: the median, the least and the largest pre-activation; nan likewise.
    bound_low, bound_high
        [G, V, H]: between which limits it stays on any string.
    left, right
        [G, H]: share of all symbols at which a gate is below 0.1, above 0.9 (of a tanh: ±0.9);
        nan for what has no ends (Karpathy, Johnson, Fei-Fei 2015, arXiv 1506.02078).
    clipped
        [H]: share of all symbols at which a rectifier gives zero; nan for other cells.
    dead
        Units, from 0, that a rectifier clips at every symbol.
    overflow
        The first position at which some pre-activation is not finite; None if there is none.
    training_depth
        The largest count in training; 0 for a counter set by hand.

    """

    model: Model
    string: str
    precision: str
    gates: tuple[str, ...]
    meanings: tuple[str, ...]
    squash: tuple[str, ...]
    thresholds: tuple[float, ...]
    unit: int
    counts: np.ndarray
    pre_activations: np.ndarray
    zones: tuple[str, ...]
    shares: np.ndarray
    typical: np.ndarray
    lowest: np.ndarray
    highest: np.ndarray
    bound_low: np.ndarray
    bound_high: np.ndarray
    left: np.ndarray
    right: np.ndarray
    clipped: np.ndarray
    dead: tuple[int, ...]
    overflow: int | None
    training_depth: int

    @property
    def symbols(self) -> tuple[str, ...]:
        """The symbols of the alphabet that the string has."""
        return tuple(symbol for symbol in self.model.language.alphabet if symbol in self.string)

    @property
    def largest_count(self) -> int:
        """The largest true count before a symbol, at least 1."""
        return int(self.counts[np.isfinite(self.counts)].max(initial=1))

    def visits(self, gate: int, symbol: str) -> tuple[np.ndarray, np.ndarray]:
        """Return the true count before readings of a symbol and the pre-activations, each [N].

        Of more than 2,000 readings so many are kept, at every count from the least to the largest.
        Readings after an illegal symbol have no count and are left out, and so is what overflowed.
        """
        z = self.pre_activations[:, gate]
        here = np.array(list(self.string)) == symbol
        here &= np.isfinite(self.counts) & (abs(z) < OVERFLOWN)
        return _thin(self.counts[here], z[here])

    def sentence(self) -> str:
        """Say how far on the gates of the unit are, and what that costs."""
        return tell_gates(self)

    def sentence_at(self, position: int) -> str:
        """Say how far on each gate of the unit is at a position, from 0."""
        return tell_step(self, position)

    def sentence_of_zones(self) -> str:
        """Say how often each gate of the unit is in which zone."""
        return tell_zones(self)

    def sentence_of_bounds(self) -> str:
        """Say between which limits each gate of the unit stays on any string."""
        return tell_bounds(self)

    def bounds_in_words(self) -> list[dict[str, str]]:
        """List what each gate of the unit did at each symbol, and what it could do."""
        return list_bounds(self)

    def to_frame(self) -> "pd.DataFrame":
        """Return a row a gate, symbol and unit."""
        import pandas as pd

        alphabet = self.model.language.alphabet
        numbers = [self.typical, self.lowest, self.highest, self.bound_low, self.bound_high]
        names = ["median z", "lowest z", "highest z", "lowest possible z", "highest possible z"]
        places = [
            (g, v, h)
            for g in range(len(self.gates))
            for v, symbol in enumerate(alphabet)
            for h in range(self.model.spec.units)
            if symbol in self.string
        ]
        return pd.DataFrame(
            {
                "gate": [self.gates[g] for g, _, _ in places],
                "symbol": [alphabet[v] for _, v, _ in places],
                "unit": [h for _, _, h in places],
                **{
                    name: [array[at] for at in places]
                    for name, array in zip(names, numbers, strict=True)
                },
                **{zone: [self.shares[at][k] for at in places] for k, zone in enumerate(ZONES)},
            }
        )


def measure_saturation(trace: Trace, unit: int = 0) -> Saturation:
    """Measure where every gate of a trace of up to 20,000 symbols works.

    Parameters
    ----------
    trace
        The trace; its own precision says from where on a gate is exactly on.
    unit
        The unit, from 0, whose pre-activations are given symbol by symbol.

    """
    model, cell = trace.model, trace.model.cell
    if not 0 <= unit < model.spec.units:
        raise ValueError(
            f"{model.name} has no unit {unit}; counted from 0, the last is {model.spec.units - 1}"
        )
    z, thresholds = find_pre_activations(trace), find_thresholds(cell.name, trace.precision)
    bounds = bound_gates(model, trace.precision)
    meanings = {one.name: one.meaning for one in cell.internals}
    finite = np.isfinite(z).all(axis=(1, 2))
    return Saturation(
        model=model,
        string=trace.string,
        precision=trace.precision,
        gates=cell.gates,
        meanings=tuple(meanings[gate] for gate in cell.gates),
        squash=cell.squash,
        thresholds=thresholds,
        unit=unit,
        counts=find_counts_before(trace),
        pre_activations=z[:, :, unit],
        zones=ZONES,
        **_summarise(trace, z, thresholds),
        bound_low=bounds.low,
        bound_high=bounds.high,
        overflow=None if finite.all() else int(finite.argmin()),
        training_depth=find_training_depth(model.spec),
    )


def _summarise(trace: Trace, z: np.ndarray, thresholds: tuple[float, ...]) -> dict[str, object]:
    """Return what is said of all units: by symbol, by end, by how often they are clipped."""
    cell, language = trace.model.cell, trace.model.language
    symbols = language.encode(trace.string)
    of = enumerate(zip(cell.squash, thresholds, strict=True))
    zones = np.stack([find_zones(z[:, k], *rest) for k, rest in of], axis=1)  # [T, G, H]
    shape = len(cell.gates), len(language.alphabet), z.shape[2]
    shares = np.full((*shape, len(ZONES)), np.nan)
    extremes = np.full((3, *shape), np.nan)
    for v in np.unique(symbols):
        here = symbols == v
        shares[:, v] = np.stack([(zones[here] == k).mean(axis=0) for k in range(len(ZONES))], -1)
        extremes[:, :, v] = _find_extremes(z[here])
    clipped = (zones == ZONES.index("clipped at zero")).all(axis=1)  # [T, H]
    rectified = "relu" in cell.squash and len(symbols) > 0
    arrays = {
        "shares": shares,
        **dict(zip(("lowest", "typical", "highest"), extremes, strict=True)),
        **dict(zip(("left", "right"), find_ends(z, cell.squash), strict=True)),
        "clipped": clipped.mean(axis=0) if rectified else np.full(shape[-1], np.nan),
    }
    for array in arrays.values():
        array.flags.writeable = False
    dead = np.flatnonzero(clipped.all(axis=0)) if rectified else np.empty(0, np.int64)
    return arrays | {"dead": tuple(dead.tolist())}


def _find_extremes(z: np.ndarray) -> np.ndarray:
    """Return the least, the median and the largest of N values, [3, ...], without what is nan."""
    ordered, known = np.sort(z, axis=0), (~np.isnan(z)).sum(axis=0)  # nan comes last
    last = np.maximum(known - 1, 0)
    low, high, most = (
        np.take_along_axis(ordered, place[np.newaxis], axis=0)[0]
        for place in (last // 2, np.minimum(known // 2, last), last)
    )
    with np.errstate(invalid="ignore"):
        return np.stack([ordered[0], (low + high) / 2, most])


def find_counts_before(trace: Trace) -> np.ndarray:
    """Return the true count before each symbol [T], summed over counters; nan where undefined."""
    counts = np.full(len(trace.string) + 1, np.nan)
    counts[0] = 0
    legal = trace.reading.legal
    counts[1 : legal + 1] = trace.reading.counts[:legal].sum(axis=1)
    counts = counts[:-1]
    counts.flags.writeable = False
    return counts


def _thin(counts: np.ndarray, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Keep up to 2,000 of N points: of each stretch of counts some, from least to largest z."""
    if z.size <= POINTS:
        return counts, z
    stretches = min(int(counts.max()) + 1, POINTS // 4)
    stretch = (counts * stretches / (counts.max() + 1)).astype(np.int64)
    order = np.lexsort((z, stretch))
    first = np.searchsorted(stretch[order], np.arange(stretches + 1))
    sizes = np.diff(first)
    share = np.linspace(0, 1, POINTS // stretches)[:, np.newaxis]
    picked = first[:-1] + np.rint(share * (sizes - 1)).astype(np.int64)
    kept = order[np.unique(picked[:, sizes > 0])]
    return counts[kept], z[kept]


def find_ends(z: np.ndarray, squash: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Return the share of steps at which each gate is near its lower and its upper end, [G, H]."""
    ends = {"sigmoid": np.log(RIGHT / LEFT), "tanh": np.arctanh(RIGHT)}
    at = np.array([ends.get(one, np.nan) for one in squash])[:, np.newaxis]
    missing = np.isnan(at) | (len(z) == 0)
    shares = (z < -at).sum(axis=0) / max(len(z), 1), (z > at).sum(axis=0) / max(len(z), 1)
    return tuple(np.where(missing, np.nan, share) for share in shares)
