"""How fast every seed learns: its own rate, slower when it stands still, and at last not at all.

DuSell and Chiang (2023, arXiv 2210.01343) draw the rate of every restart log-uniformly, multiply it
by 0.9 after 5 epochs that did not lower the validation loss, and stop after 10.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from countviz.specs import Training

STREAM = 5  # of a seed, so that its rate is independent of whatever else is drawn from it


class Schedule(NamedTuple):
    """Where S seeds stand.

    Attributes
    ----------
    rate
        [S] at which they learn from here on.
    best
        [S] the lowest validation loss so far.
    waited
        [S] for how many epochs it has not been lowered.

    """

    rate: np.ndarray
    best: np.ndarray
    waited: np.ndarray


def has_schedule(recipe: Training) -> bool:
    """Say whether the rate differs by seed or epoch, or training may end early."""
    return any((recipe.rates, recipe.decay_after, recipe.stop_after))


def begin_schedule(recipe: Training, seeds: Sequence[int], loss: np.ndarray) -> Schedule:
    """Return where seeds with these validation losses [S] begin.

    A seed's rate depends on nothing but the seed and the bounds.
    """
    if recipe.rates is None:
        rate = np.full(len(seeds), recipe.learning_rate)
    else:
        draws = [np.random.default_rng((seed, STREAM)).random() for seed in seeds]
        low, high = np.log(recipe.rates)
        rate = np.exp(low + (high - low) * np.array(draws))
    return Schedule(rate, np.where(np.isnan(loss), np.inf, loss), np.zeros(len(seeds), np.int64))


def go_on(recipe: Training, now: Schedule, loss: np.ndarray) -> Schedule:
    """Return where seeds stand after an epoch that ended with these validation losses [S]."""
    better = loss < now.best
    waited = np.where(better, 0, now.waited + 1)
    rate = now.rate
    if recipe.decay_after:
        slower = (waited > 0) & (waited % recipe.decay_after == 0)
        rate = np.where(slower, rate * recipe.decay, rate)
    return Schedule(rate, np.where(better, loss, now.best), waited)


def has_stopped(recipe: Training, now: Schedule) -> np.ndarray:
    """Return which seeds [S] learn no more."""
    return now.waited >= (recipe.stop_after or np.inf)
