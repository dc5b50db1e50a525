"""What the seeds of the memory study say together: best, mean and spread, and paired differences.

A number stands between two others: what the best predictor reaches that looks only at the symbol
before (the trivial one), and what can be reached at all (the best possible one).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from countviz.languages import Score, find_language, measure_ceiling, measure_trivial
from countviz.next_symbols import BINS
from countviz.studies.memory import MEMORY, NOTHING, SYSTEMS, TASKS, Setting
from countviz.studies.memory_folder import Study
from countviz.studies.memory_scores import Outcome
from countviz.studies.memory_targets import TARGETS

SMALLEST = 0.005  # half of the last digit that the paper prints
ERRORS = 2.0  # so many standard errors off zero counts as a difference
BETTER, WORSE, LEVEL = "better", "worse", "level"


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """Between which scores an accuracy on strings of some lengths stands."""

    trivial: Score
    ceiling: Score


@lru_cache(maxsize=64)
def find_bounds(task: str, place: int) -> Bounds:
    """Return the bounds of a task on the strings of a bin, named by its place."""
    language = find_language(task)
    return Bounds(
        trivial=measure_trivial(language, *BINS[place]),
        ceiling=measure_ceiling(language, *BINS[place]),
    )


@dataclass(frozen=True, kw_only=True)
class Spread:
    """One number over the seeds of a family.

    Attributes
    ----------
    best
        Of the seed with the lowest validation loss, which is what the paper reports.
    mean, deviation
        Over all seeds; the deviation is that of a sample, nan of a single seed.
    least, most
        Over all seeds.

    """

    best: float
    mean: float
    deviation: float
    least: float
    most: float


def spread(values: np.ndarray, best: int) -> Spread:
    """Return the spread of a number [S] whose best seed is known."""
    alone = values.size < 2
    return Spread(
        best=float(values[best]),
        mean=float(values.mean()),
        deviation=np.nan if alone else float(values.std(ddof=1)),
        least=float(values.min()),
        most=float(values.max()),
    )


def spread_accuracy(outcome: Outcome, place: int) -> Spread:
    """Return the spread of the accuracy on the strings of a bin."""
    return spread(np.array(outcome.accuracy[place]), outcome.best)


def retention(outcome: Outcome) -> Spread:
    """Return the accuracy on the longest strings as a part of that on the shortest ones."""
    shortest, *_, longest = np.array(outcome.accuracy)
    return spread(longest / np.maximum(shortest, np.finfo(float).tiny), outcome.best)


@dataclass(frozen=True, kw_only=True)
class Difference:
    """How much better a system is if a part is frozen, on one task and the strings of one bin.

    Attributes
    ----------
    setting, place
        What is compared with the same system, nothing frozen; and the bin.
    mean, error
        Of the differences in accuracy between equal seeds, and the standard error of that mean.
    best
        The difference between the best seeds.

    """

    setting: Setting
    place: int
    mean: float
    error: float
    best: float

    @property
    def verdict(self) -> str:
        """Better or worse by two standard errors and half a digit of the paper's, or level."""
        if abs(self.mean) < max(SMALLEST, ERRORS * self.error):
            return LEVEL
        return BETTER if self.mean > 0 else WORSE


def compare_modes(study: Study, mode: str) -> Iterator[Difference]:
    """Yield the differences that freezing makes, seed by seed, in every family that has run."""
    for setting, frozen in study.outcomes.items():
        free = study.outcomes.get(Setting(setting.task, setting.system, NOTHING))
        if setting.mode != mode or free is None:
            continue
        for place in range(len(BINS)):
            own, other = (np.array(one.accuracy[place]) for one in (frozen, free))
            apart = own - other
            error = apart.std(ddof=1) / np.sqrt(apart.size) if apart.size > 1 else np.inf
            yield Difference(
                setting=setting,
                place=place,
                mean=float(apart.mean()),
                error=float(error),
                best=float(own[frozen.best] - other[free.best]),
            )


def compare_targets(mode: str, place: int) -> dict[str, int]:
    """Count the paper's own families with a stack that a mode makes better, worse or neither."""
    found = {BETTER: 0, WORSE: 0, LEVEL: 0}
    for setting, target in TARGETS.items():
        if setting.mode == mode and setting.system != "lstm":
            free = TARGETS[Setting(setting.task, setting.system, NOTHING)]
            apart = target.accuracy[place] - free.accuracy[place]
            kind = LEVEL if abs(apart) < SMALLEST else BETTER if apart > 0 else WORSE
            found[kind] += 1
    return found


def average_target_retention(mode: str) -> float:
    """Return the paper's accuracy on the longest strings over that on the shortest: the mean."""
    rows = [
        target.accuracy[-1] / target.accuracy[0]
        for setting, target in TARGETS.items()
        if setting.mode == mode and setting.system != "lstm"
    ]
    return float(np.mean(rows))


def find_luck() -> float:
    """Return how far apart the paper's accuracies of one and the same LSTM lie at most."""
    pairs = [
        tuple(TARGETS[Setting(task, "lstm", mode)].accuracy for mode in (NOTHING, MEMORY))
        for task in TASKS
    ]
    return max(abs(one - other) for pair in pairs for one, other in zip(*pair, strict=True))


def has_memory(setting: Setting) -> bool:
    """Say whether a system has a memory at all."""
    return SYSTEMS[setting.system] is not None


def tabulate_study(study: Study) -> pd.DataFrame:
    """Return a row a family, seed and bin."""
    rows = [
        {
            "task": setting.task,
            "system": setting.system,
            "frozen": setting.mode,
            "seed": seed,
            "shortest": low,
            "longest": high,
            "accuracy": outcome.accuracy[place][k],
            "perplexity": outcome.perplexity[place][k],
            "solved": outcome.solved[place][k],
            "trivial": find_bounds(setting.task, place).trivial.symbols,
            "ceiling": find_bounds(setting.task, place).ceiling.symbols,
            "rate": outcome.rate[k],
            "best_epoch": outcome.best_epoch[k],
            "last_epoch": outcome.last_epoch[k],
            "diverged": outcome.diverged[k],
            "validation_perplexity": outcome.validation_perplexity[k],
            "validation_accuracy": outcome.validation_accuracy[k],
        }
        for setting, outcome in study.outcomes.items()
        for k, seed in enumerate(outcome.seeds)
        for place, (low, high) in enumerate(BINS)
    ]
    return pd.DataFrame(rows)
