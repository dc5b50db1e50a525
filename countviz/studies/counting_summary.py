"""The numbers of the counting study, each held against its target and its accepted range."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

from countviz.analysis.count.first_mistakes import EARLY_ZERO, KINDS, NONE
from countviz.analysis.seeds.loss_against_failure import LossAgainstFailure, fit_failure
from countviz.studies.counting import LONG_SETS, SOUND, Counting
from countviz.studies.counting_targets import MEASURES, REPLICATED, Measure

POOLED, CONSTANT = "pooled", "constant"
SHARE_APART, UNIT_APART = 0.02, 0.1  # from where on numbers are called different
PART_APART, SIZE_APART = 0.1, 2.0  # as parts of the target, and as a factor
_MEANS = ("train_accuracy", "validation_accuracy", "long_accuracy", "validation_loss", "best_epoch")
_LAST = tuple(f"{name}_{what}_last" for name in LONG_SETS for what in ("fpf", "accuracy"))


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """One of our numbers beside its target.

    Attributes
    ----------
    measure, cell
        What was measured, of whom.
    ours, target
        Our number, nan if nothing could be measured; the replication's, or None.
    accepted
        Bounds for our number, or None.
    seeds
        How many seeds our number is a share or a mean of.

    """

    measure: Measure
    cell: str
    ours: float
    target: float | None
    accepted: tuple[float, float] | None
    seeds: int

    @property
    def inside(self) -> bool | None:
        """Whether our number lies in the accepted range; None where there is none."""
        return self.accepted and bool(self.accepted[0] <= self.ours <= self.accepted[1])

    @property
    def differs(self) -> bool:
        """Whether our number is plainly not the target.

        Shares of seeds differ by more than twice the standard error of their difference, shares
        of strings by more than two percentage points, numbers from 0 to 1 by more than a tenth,
        sizes by more than a factor of two, and all others by more than a tenth of the target.
        """
        if self.target is None:
            return False
        apart, kind = abs(self.ours - self.target), self.measure.kind
        if kind == "size":
            return not 1 / SIZE_APART <= self.ours / self.target <= SIZE_APART
        if kind in REPLICATED:
            theirs = REPLICATED[kind][self.cell]
            share = (self.ours * self.seeds + self.target * theirs) / (self.seeds + theirs)
            error = np.sqrt(share * (1 - share) * (1 / max(self.seeds, 1) + 1 / theirs))
            return not apart <= 2 * error
        return not apart <= {"share": SHARE_APART, "unit": UNIT_APART}.get(
            kind, PART_APART * abs(self.target)
        )


def compare(counting: Counting) -> tuple[Comparison, ...]:
    """Hold every measure of the study against its target and its accepted range."""
    ours = summarise(counting)
    seeds = counting.seeds.groupby("cell")["learned"].agg(seeds="size", learned="sum")
    return tuple(
        Comparison(
            measure=measure,
            cell=cell,
            ours=ours.get((measure.key, cell), np.nan),
            target=measure.targets.get(cell),
            accepted=measure.accepted.get(cell),
            seeds=_count_seeds(seeds, measure.kind, cell),
        )
        for measure in MEASURES
        for cell in dict.fromkeys((*measure.targets, *measure.accepted))
    )


def _count_seeds(seeds: pd.DataFrame, kind: str, cell: str) -> int:
    """Return how many seeds a number rests on."""
    rows = seeds.loc[[cell]] if cell in seeds.index else seeds
    return int(rows["seeds" if kind == "seeds" else "learned"].sum())


def summarise(counting: Counting) -> dict[tuple[str, str], float]:
    """Return our numbers, by the key of the measure and the cell."""
    found = {(f"{name}_fpf_last", CONSTANT): fpf for name, fpf in counting.constants.items()}
    for cell, seeds in counting.seeds.groupby("cell"):
        zigzags = counting.zigzags.query("cell == @cell")
        found |= {(key, cell): float(value) for key, value in _summarise(seeds, zigzags)}
    for cell, fit in fit_checkpoints(counting).items():
        found |= {(key, cell): value for key, value in asdict(fit).items()}
    return found


def fit_checkpoints(counting: Counting) -> dict[str, LossAgainstFailure]:
    """Fit the checkpoints that judge at least 95 % of the validation strings right, by cell."""
    sound = counting.checkpoints[counting.checkpoints["validation_accuracy"] >= SOUND]
    groups = {cell: sound[sound["cell"] == cell] for cell in counting.identities}
    groups[POOLED] = sound
    return {
        cell: fit_failure(rows["validation_loss"].to_numpy(), rows["nested_fpf"].to_numpy())
        for cell, rows in groups.items()
    }


def _summarise(seeds: pd.DataFrame, zigzags: pd.DataFrame) -> Iterator[tuple[str, float]]:
    """Yield the numbers of one cell; those of a cell that no seed learned are nan."""
    learned = seeds[seeds["learned"]]
    zigzags = zigzags[zigzags["seed"].isin(learned["seed"])]
    yield "success", seeds["learned"].mean()
    yield "constant_last", seeds["constant_last"].mean()
    yield from ((key, learned[key].mean()) for key in (*_MEANS, *_LAST))
    horizons = learned["nesting_horizon"]
    yield "horizon_least", horizons.min()
    yield "horizon_median", horizons.median()
    yield "horizon_most", horizons.max()
    early = KINDS[EARLY_ZERO]
    yield "early_beyond", (learned["beyond_horizon"] == early).mean()
    yield (
        "early_zigzags",
        zigzags["mistake"].isin([early, KINDS[NONE]]).groupby(zigzags["seed"]).all().mean(),
    )
    high = zigzags[zigzags["n"] >= 250]
    yield "steps_beyond_peak", (high["fpf_last"] - high["n"]).median()
    high = zigzags[zigzags["n"] >= 100]
    yield "share_of_peak", (high["fpf_last"] / (2 * high["n"])).median()
    indicators = [one.key for one in MEASURES if one.experiment == "E5" and one.key in seeds]
    yield from ((key, learned[key].median()) for key in indicators)
    if "direction" in seeds:
        yield "downwards", (learned["direction"] < 0).mean()
