"""How well the seeds of a family foretell strings of the lengths of training, and longer ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np

from countviz.families import Family
from countviz.history import Progress
from countviz.languages import find_language
from countviz.models import Model
from countviz.next_symbols import (
    BINS,
    NextSymbolScores,
    Spelled,
    make_every_length,
    score_next_symbols,
    spell_strings,
)
from countviz.runs import follow
from countviz.studies.memory import Protocol, Setting


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of one family: a number a seed, and for each bin of lengths a row of them.

    Attributes
    ----------
    setting, identity, seeds
        What was trained.
    rate, best_epoch, last_epoch
        The learning rate a seed began with, the epoch with its lowest validation loss, and the
        last one in which it learned.
    diverged
        Whether its numbers overflowed; what is scored is then the best epoch before.
    validation_perplexity, validation_accuracy
        At the best epoch, like all that follows.
    accuracy, perplexity, solved
        By bin: the share of symbols that were expected most, the exponential of the mean
        cross-entropy (inf where it overflows), and the share of strings with every symbol right
        that the word has told.
    seconds
        The processor's time for training, shared with the families trained side by side.

    """

    setting: Setting
    identity: str
    seeds: tuple[int, ...]
    rate: tuple[float, ...]
    best_epoch: tuple[int, ...]
    last_epoch: tuple[int, ...]
    diverged: tuple[bool, ...]
    validation_perplexity: tuple[float, ...]
    validation_accuracy: tuple[float, ...]
    accuracy: tuple[tuple[float, ...], ...]
    perplexity: tuple[tuple[float, ...], ...]
    solved: tuple[tuple[float, ...], ...]
    seconds: float

    @property
    def best(self) -> int:
        """The place of the seed with the lowest validation perplexity, the first of equals."""
        return int(np.argmin(self.validation_perplexity))


@lru_cache(maxsize=16)
def make_tests(task: str, each: int) -> tuple[Spelled, ...]:
    """Return the strings of every bin, as many of every length."""
    language = find_language(task)
    return tuple(
        spell_strings(
            language,
            make_every_length(language, data_seed=0, shortest=low, longest=high, each=each),
        )
        for low, high in BINS
    )


def measure_outcome(
    setting: Setting,
    family: Family,
    rate: Sequence[float],
    protocol: Protocol,
    seconds: float,
) -> Outcome:
    """Score every seed at its best epoch."""
    best = [family.best_epoch(seed) for seed in family.seeds]
    rows = {(row.seed, row.epoch): row for row in family.history}
    own = [rows[member] for member in zip(family.seeds, best, strict=True)]
    models = [family.model(*member) for member in zip(family.seeds, best, strict=True)]
    scores = [
        [score_model(model, strings) for model in models]
        for strings in make_tests(setting.task, protocol.each)
    ]

    def by_bin(measure: str) -> tuple[tuple[float, ...], ...]:
        return tuple(tuple(float(getattr(one, measure)) for one in row) for row in scores)

    histories = [[row for row in family.history if row.seed == seed] for seed in family.seeds]
    return Outcome(
        setting=setting,
        identity=family.spec.identity,
        seeds=family.seeds,
        rate=tuple(map(float, rate)),
        best_epoch=tuple(best),
        last_epoch=tuple(map(_find_last, histories)),
        diverged=tuple(any(np.isnan(row.validation_loss) for row in rows) for rows in histories),
        validation_perplexity=tuple(float(np.exp(row.validation_loss)) for row in own),
        validation_accuracy=tuple(row.validation_accuracy for row in own),
        accuracy=by_bin("symbol_accuracy"),
        perplexity=by_bin("perplexity"),
        solved=by_bin("string_accuracy"),
        seconds=seconds,
    )


def _find_last(history: Sequence[Progress]) -> int:
    """Return the last epoch in which a seed learned; what rests has no training loss."""
    return max(row.epoch for row in history if not np.isnan(row.train_loss))


def score_model(model: Model, strings: Spelled) -> NextSymbolScores:
    """Let a model foretell strings; of each it reads all but the end symbol."""
    bias = np.asarray(model.parameters["readout.bias"])
    precision = getattr(model.spec.recipe, "precision", "float64")
    logits = np.empty((strings.symbols.size, bias.size))
    for first, last in pairwise(strings.starts):
        logits[first] = bias  # before a string the state is 0
        logits[first + 1 : last] = follow(
            model, precision, strings.symbols[first : last - 1]
        ).logits
    return score_next_symbols(logits, strings)
