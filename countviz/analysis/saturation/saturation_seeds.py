"""Does training saturate the gates? The same string, read by every seed after every epoch."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from countviz.analysis.saturation.saturation import find_ends
from countviz.analysis.saturation.saturation_zones import (
    SQUASHING,
    count_nines,
    pre_activate,
    say_share_but,
)
from countviz.analysis.seeds.luck import LEARNED
from countviz.analysis.seeds.spread import Spread, spread_over_seeds
from countviz.families import Family
from countviz.models import Model
from countviz.runs import follow
from countviz.words import join_words

if TYPE_CHECKING:
    import pandas as pd

MOST_SYMBOLS = 500  # of a longer string its beginning is read


@dataclass(frozen=True, eq=False, kw_only=True)
class SeedSaturation:
    """How far on the gates of S seeds of a family are after each of E epochs.

    Attributes
    ----------
    family, cell, units
        The family's name, its kind of cell, and how many units it has.
    precision
        The number format in which all were run.
    string, symbols
        What was read, at most 500 symbols, and which symbols it has.
    seeds, epochs
        Which members were run.
    learned
        [S] bool: at its best epoch the seed judges at least 99 % of the validation strings right.
    best
        [S] the epoch with the lowest validation loss.
    gates, meanings, squash
        The gates' letters, what they are called, and what squashes them.
    values
        [S, E, G, V]: for a gate, the median over units and readings of the symbol of its nines,
        -log10 of what it lacks to 1; for a rectifier, the share of units and readings that are
        clipped at zero. V runs over `symbols`; nan where there is no number.
    left, right
        [S, G, H]: at each seed's best epoch, the share of symbols at which a gate is below 0.1,
        above 0.9 (of a tanh: ±0.9).

    """

    family: str
    cell: str
    units: int
    precision: str
    string: str
    symbols: tuple[str, ...]
    seeds: tuple[int, ...]
    epochs: tuple[int, ...]
    learned: np.ndarray
    best: np.ndarray
    gates: tuple[str, ...]
    meanings: tuple[str, ...]
    squash: tuple[str, ...]
    values: np.ndarray
    left: np.ndarray
    right: np.ndarray

    @property
    def shown(self) -> np.ndarray:
        """[S] bool: the seeds that learned; all of them if none did."""
        return self.learned if self.learned.any() else np.ones(len(self.seeds), bool)

    def spread(self, gate: int, symbol: int) -> Spread:
        """Return the quantiles over the shown seeds of a gate at a symbol, epoch by epoch."""
        values = self.values[self.shown, :, gate, symbol]
        return spread_over_seeds(np.array(self.epochs), values, self.epochs[-1])

    def sentence(self, gate: int = 0) -> str:
        """Say what training does to a gate."""
        told = []
        for v, symbol in enumerate(self.symbols):
            before, after = self.spread(gate, v).median[[0, -1]]
            if np.isfinite([before, after]).all():
                told.append(
                    f"from {self._say(gate, before)} to {self._say(gate, after)} at “{symbol}”"
                )
        if not told:
            return f"No seed has a number to show for the {self.meanings[gate]}."
        what = "share clipped at zero" if self.squash[gate] == "relu" else self.meanings[gate]
        learned, seeds = int(self.learned.sum()), f"{len(self.seeds):,} seeds"
        of = f"the {learned:,} of {seeds} that learned" if learned else f"{seeds}; none learned"
        return (
            f"From epoch {self.epochs[0]} to epoch {self.epochs[-1]} the median {what} goes "
            f"{join_words(told)} (median of {of}). Bands hold all of them, 80 % and half."
        )

    def to_frame(self) -> "pd.DataFrame":
        """Return a row a seed, epoch, gate and symbol."""
        import pandas as pd

        names = "seed", "epoch", "gate", "symbol"
        axes = self.seeds, self.epochs, self.gates, self.symbols
        index = pd.MultiIndex.from_product(axes, names=names)
        name = "clipped at zero" if "relu" in self.squash else "nines"
        return pd.DataFrame({name: self.values.ravel()}, index=index).reset_index()

    def _say(self, gate: int, value: float) -> str:
        if self.squash[gate] == "relu":
            return f"{100 * value:.3g} %"
        return say_share_but(10.0**-value)


def measure_seed_saturation(
    family: Family, string: str, precision: str = "float64"
) -> SeedSaturation | None:
    """Read the beginning of a string with every seed and epoch of a family.

    Returns
    -------
    SeedSaturation or None
        None for a cell that squashes nothing.

    Raises
    ------
    ValueError
        If the string is empty.

    """
    cell, spec = family.model().cell, family.spec
    if "identity" in cell.squash:
        return None
    if not string:
        raise ValueError("the string is empty: there is nothing to read")
    language, string = family.model().language, string[:MOST_SYMBOLS]
    symbols = tuple(symbol for symbol in language.alphabet if symbol in string)
    shape = len(family.seeds), len(family.epochs)
    values = np.empty((*shape, len(cell.gates), len(symbols)))
    ends = np.empty((2, shape[0], len(cell.gates), spec.units))
    best = [family.best_epoch(seed) for seed in family.seeds]
    for s, seed in enumerate(family.seeds):
        for e, epoch in enumerate(family.epochs):
            z = _read(family.model(seed, epoch), string, precision)
            values[s, e] = _summarise(z, string, symbols, cell.squash)
            if epoch == best[s]:
                ends[:, s] = find_ends(z, cell.squash)
    values.flags.writeable = ends.flags.writeable = False
    meanings = {one.name: one.meaning for one in cell.internals}
    return SeedSaturation(
        family=family.name,
        cell=spec.cell,
        units=spec.units,
        precision=precision,
        string=string,
        symbols=symbols,
        seeds=family.seeds,
        epochs=family.epochs,
        learned=np.array([family.validation_accuracy(seed) >= LEARNED for seed in family.seeds]),
        best=np.array(best),
        gates=cell.gates,
        meanings=tuple(meanings[gate] for gate in cell.gates),
        squash=cell.squash,
        values=values,
        left=ends[0],
        right=ends[1],
    )


def _read(model: Model, string: str, precision: str) -> np.ndarray:
    """Return what every gate of a model squashes, [T, G, H]."""
    symbols = model.language.encode(string)
    done, memory = follow(model, precision, symbols), model.spec.memory
    reading = None if memory is None else done.memory[:-1, : memory.layer]
    return pre_activate(model, precision, symbols, done.rows, reading)


def _summarise(
    z: np.ndarray, string: str, symbols: tuple[str, ...], squash: tuple[str, ...]
) -> np.ndarray:
    """Return one number a gate and symbol, [G, V]: median nines, or the share clipped."""
    read = np.array(list(string))
    found = np.empty((len(squash), len(symbols)))
    for v, symbol in enumerate(symbols):
        for k, one in enumerate(squash):
            here = z[read == symbol, k]
            if np.isnan(here).any():
                found[k, v] = np.nan
            elif one in SQUASHING:
                found[k, v] = np.median(count_nines(here, one))
            else:
                found[k, v] = (here <= 0).mean()
    return found
