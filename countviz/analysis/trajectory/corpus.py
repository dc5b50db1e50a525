"""A corpus: many generated strings of a language, and the state of a model on each of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from countviz.languages import Language
from countviz.models import Model
from countviz.traces import run

STRINGS = 1_000
LONGEST = 60  # symbols


@dataclass(frozen=True, eq=False, kw_only=True)
class Corpus:
    """A model's state along B strings of N symbols in all, the strings laid end to end.

    Attributes
    ----------
    strings
        The strings.
    edges
        [B + 1]: where each begins among the N symbols, and where the last ends.
    counts
        [N] float64: the true count, the counters' sum; nan where a string is illegal.
    states
        By state internal, [N, H] float64.

    """

    strings: tuple[str, ...]
    edges: np.ndarray
    counts: np.ndarray
    states: Mapping[str, np.ndarray]


def draw_strings(language: Language, number: int = STRINGS, seed: int = 0) -> tuple[str, ...]:
    """Draw members of up to 60 symbols by the language's own sampler."""
    rng = np.random.default_rng(seed)
    return tuple(language.sample(rng, 2, LONGEST) for _ in range(number))


def record_corpus(model: Model, precision: str, strings: Sequence[str]) -> Corpus:
    """Run a model on every string of a corpus and keep its state."""
    language, units = model.language, model.spec.units
    names, rows, counts = model.cell.names, [], []
    for string in strings:
        states, _ = run(model, precision, language.encode(string))
        rows.append(states[1:].astype(np.float64))
        reading = language.read(string)
        count = reading.closings.sum(axis=1).astype(float)
        count[reading.legal :] = np.nan
        counts.append(count)
    values = np.concatenate(rows) if rows else np.empty((0, len(names) * units))
    values = values.reshape(-1, len(names), units)
    return Corpus(
        strings=tuple(strings),
        edges=np.cumsum([0, *map(len, strings)]),
        counts=np.concatenate(counts) if counts else np.empty(0),
        states={name: values[:, names.index(name)] for name in model.cell.state},
    )
