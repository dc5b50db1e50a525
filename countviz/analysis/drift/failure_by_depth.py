"""The first mistake by depth: zigzags of one length, with lower and higher peaks.

A string of high peaks returns to zero late, so that even a model that cannot count errs late on it;
that is why the first mistake is held against the one of a model that always answers "open" (El-
Naggar, Madhyastha, Weyde 2022, arXiv 2211.16429, take the same strings).
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from countviz.analysis.count.first_mistakes import KINDS, NONE
from countviz.analysis.count.state_count import read_out_state
from countviz.analysis.drift.drift import longest_of
from countviz.analysis.drift.drift_run import measure_run
from countviz.analysis.drift.drift_seeds import encode_symbols
from countviz.analysis.drift.string_families import check_family, make_symbols
from countviz.analysis.seeds.luck import LEARNED
from countviz.analysis.seeds.spread import Spread, spread_over_seeds
from countviz.families import Family
from countviz.judging import find_failures
from countviz.models import Model
from countviz.words import in_words

if TYPE_CHECKING:
    import pandas as pd

MARKS = ("●", "▼", "▲", "◇")  # of the kinds of mistakes, in their order
LENGTH = 2_000  # of each string, in symbols
DEPTHS = (1, 2, 3, 5, 7, 10, 14, 20, 25, 35, 50, 70, 100, 140, 200, 250, 350, 500, 700, 1000)


@dataclass(frozen=True, eq=False, kw_only=True)
class FailureByDepth:
    """Where a model first errs on D zigzags of the same length.

    Attributes
    ----------
    model, precision
        What was run, in which number format.
    length
        Of every string, in symbols.
    depths
        [D] how high the peaks are.
    position
        [D] the first wrong verdict, from 0; the length where all are right.
    kind
        [D] of which kind that mistake is: a place in ``first_mistakes.KINDS``.
    constant
        [D] the same position for a model that always answers "open".
    seeds, learned
        Quantiles of the position over the seeds of the model's family that learned, and how many
        these are; None without a family.
    trained_to
        The longest strings in training; None for a model that was not trained.

    """

    model: Model
    precision: str
    length: int
    depths: np.ndarray
    position: np.ndarray
    kind: np.ndarray
    constant: np.ndarray
    seeds: Spread | None
    learned: int
    trained_to: int | None

    @property
    def right(self) -> np.ndarray:
        """[D] bool: no verdict is wrong."""
        return self.kind == NONE

    def sentence(self) -> str:
        """Say up to which depth the model is right, how it errs beyond, and who does better."""
        wrong = np.flatnonzero(~self.right)
        if not wrong.size:
            said = f"No mistake on zigzags of {self.length:,} brackets, however deep."
            return f"{said}{self._band()}"
        kinds = np.bincount(self.kind[wrong], minlength=len(KINDS))
        how = [
            f"{in_words(int(kinds[k]))} {KINDS[k]} ({MARKS[k]})"
            for k in range(1, len(KINDS))
            if kinds[k]
        ]
        shallow = self.depths[wrong[0] - 1] if wrong[0] else 0
        said = f"Right on zigzags of {self.length:,} brackets with peaks of up to {shallow:,}"
        if not wrong[0]:
            said = f"Wrong on a zigzag of {self.length:,} brackets with peaks of {self.depths[0]}"
        behind = int((self.position < self.constant).sum())
        longer = f"lasts longer on {in_words(behind)} of {self.depths.size}"
        longer = longer if behind else "never lasts longer"
        return (
            f"{said}; first mistakes: {', '.join(how)}. A model that always answers “open” {longer}"
            f".{self._band()}"
        )

    def _band(self) -> str:
        return "" if self.seeds is None else f" Band: the {self.learned} seeds that learned."

    def to_frame(self) -> "pd.DataFrame":
        """Return a row a depth."""
        import pandas as pd  # takes longer to load than the page

        return pd.DataFrame(
            {
                "depth": self.depths,
                "first mistake": self.position,
                "kind": [KINDS[kind] for kind in self.kind],
                "always open": self.constant,
            }
        )


def measure_failure_by_depth(
    model: Model, precision: str = "float64", length: int = LENGTH, family: Family | None = None
) -> FailureByDepth:
    """Find the first mistake on zigzags from one bracket high to as high as the length allows.

    Parameters
    ----------
    model, precision
        What is run, in which number format.
    length
        Of every string.
    family
        The model's own, whose seeds are then run as well.

    """
    check_family(model, "zigzag", 1, 1)
    depths = np.array([depth for depth in DEPTHS if 2 * depth <= length])
    strings = [next(make_symbols("zigzag", length, int(depth))) for depth in depths]
    reading = read_out_state(model, precision)
    runs = [measure_run(model, precision, reading, one) for one in strings]
    seeds, learned = _measure_seeds(family, strings, precision, depths)
    return FailureByDepth(
        model=model,
        precision=precision,
        length=length,
        depths=depths,
        position=np.array([run.failure for run in runs]),
        kind=np.array([run.kind for run in runs]),
        constant=np.array([run.closed_at for run in runs]),
        seeds=seeds,
        learned=learned,
        trained_to=longest_of(model.spec),
    )


def _measure_seeds(
    family: Family | None, strings: list[np.ndarray], precision: str, depths: np.ndarray
) -> tuple[Spread | None, int]:
    """Return the quantiles over the seeds of a family that learned, and how many these are."""
    seeds = family.seeds if family else ()
    seeds = [seed for seed in seeds if family.validation_accuracy(seed) >= LEARNED]
    if len(seeds) < 2:
        return None, len(seeds)
    vectors = family.vectors(seeds, [family.best_epoch(seed) for seed in seeds])
    found = find_failures(family.spec, vectors, encode_symbols(strings), precision)
    return spread_over_seeds(depths, found.position.astype(np.float64), int(depths[-1])), len(seeds)
