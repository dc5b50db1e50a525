"""The strings that networks are trained, selected and tested on, drawn anew from a seed.

The set-up is that of El-Naggar et al. (2022, arXiv 2211.16429), after Suzgun et al. (2019,
arXiv 1906.03648): one pool of distinct strings of 2 to 50 symbols, cut into a training, a test
and a validation split; and strings of 52 to 100 symbols to test on longer ones.

The order of the strings is part of the result. The same arguments give the same strings in the
same order; as each is drawn after the other, a smaller pool is the beginning of a larger one. As
strings in a pool are distinct, the few short ones come early: practically all of them are in
the training split, and the later splits hold longer and deeper strings.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

import numpy as np

from countviz.drawn import recall
from countviz.languages import LANGUAGES, NEXT_SYMBOL, Language, find_language
from countviz.models import Spec

SHORT_STREAM, LONG_STREAM = 0, 1  # one data seed gives independent pools
MANY = 500  # strings from which on a pool is kept on disk
PATIENCE = 10_000  # draws in a row without a new string until a language counts as exhausted


@dataclass(frozen=True, kw_only=True)
class Splits:
    """Strings to learn from, to report on, and to choose the best epoch by, in drawing order."""

    train: tuple[str, ...]
    test: tuple[str, ...]
    validation: tuple[str, ...]


@dataclass(frozen=True, eq=False, kw_only=True)
class Encoded:
    """Many strings laid end to end; string b is at `starts[b]:starts[b + 1]`.

    Attributes
    ----------
    symbols : ndarray of int64, [N]
        Places in the alphabet.
    targets : ndarray of bool, [N, V]
        Which symbols may come next.
    starts : ndarray of int64, [B + 1]
        Where each string begins, and where the last one ends.
    """

    symbols: np.ndarray
    targets: np.ndarray
    starts: np.ndarray


@lru_cache(maxsize=8)  # drawing takes seconds, and training as well as its page need them
def make_splits(
    language: Language,
    *,
    data_seed: int,
    train: int = 10_000,
    test: int = 5_000,
    validation: int = 5_000,
    shortest: int = 2,
    longest: int = 50,
    distinct: bool = True,
    batch: int = 1,
) -> Splits:
    """Draw one pool and cut it into splits: first training, then test, then validation.

    Parameters
    ----------
    language : Language
        Where the strings come from.
    data_seed : int
        0 or more; the same seed gives the same splits.
    train, test, validation : int
        How many strings each split holds; the published sizes by default.
    shortest, longest : int
        Bounds of a string's length, both included; the published ones by default.
    distinct : bool
        Whether no string may occur twice. Languages with one member a length need False;
        splits then share strings.
    batch : int
        How many strings that follow each other are of one length, counted from the first.

    Raises
    ------
    ValueError
        If the language has no such strings, or not enough distinct ones.
    """
    pool = make_dataset(
        language,
        strings=train + test + validation,
        shortest=shortest,
        longest=longest,
        distinct=distinct,
        seed=(data_seed, SHORT_STREAM),
        batch=batch,
    )
    return Splits(
        train=pool[:train],
        test=pool[train : train + test],
        validation=pool[train + test :],
    )


def make_splits_of(spec: Spec) -> Splits:
    """Return the splits that a spec with a training recipe reads, as the recipe's seed draws them.

    Where the next symbol is scored, the strings of a batch are of one length (DuSell, Chiang 2023,
    arXiv 2210.01343).

    Raises
    ------
    ValueError
        If its language has no such strings, or not enough distinct ones.
    """
    recipe, language = spec.recipe, find_language(spec.language)
    return make_splits(
        language,
        data_seed=recipe.data_seed,
        train=recipe.train_strings,
        validation=recipe.validation_strings,
        shortest=recipe.shortest,
        longest=recipe.longest,
        distinct=recipe.distinct,
        batch=recipe.batch_size if language.scoring == NEXT_SYMBOL else 1,
    )


def make_long(
    language: Language,
    *,
    data_seed: int,
    strings: int = 5_000,
    shortest: int = 52,
    longest: int = 100,
    distinct: bool = True,
) -> tuple[str, ...]:
    """Draw strings that are longer than those of `make_splits`; the arguments are the same."""
    return make_dataset(
        language,
        strings=strings,
        shortest=shortest,
        longest=longest,
        distinct=distinct,
        seed=(data_seed, LONG_STREAM),
    )


def make_dataset(
    language: Language,
    *,
    strings: int,
    shortest: int,
    longest: int,
    distinct: bool,
    seed: int | Sequence[int],
    batch: int = 1,
) -> tuple[str, ...]:
    """Draw strings of a language one after the other, or in batches of one length.

    Raises
    ------
    ValueError
        If the language has no string of such a length, or if 10,000 draws in a row bring
        nothing that was not there yet; and for distinct strings in batches.

    Examples
    --------
    >>> from countviz.languages import AnBn
    >>> make_dataset(AnBn(), strings=3, shortest=2, longest=6, distinct=True, seed=0)
    ('aaabbb', 'aabb', 'ab')
    """
    if distinct and batch > 1:
        raise ValueError(
            f"strings of {language.name} come in batches of {batch} of one length, and so may "
            "repeat; distinct is true, false is right"
        )
    arguments = strings, shortest, longest, distinct, seed, batch

    def draw() -> tuple[str, ...]:
        return _draw(language, *arguments)

    registered = LANGUAGES.get(language.name) is language
    return (
        recall(f"{language.name} {arguments}", draw) if registered and strings >= MANY else draw()
    )


def _draw(
    language: Language,
    strings: int,
    shortest: int,
    longest: int,
    distinct: bool,
    seed: int | Sequence[int],
    batch: int,
) -> tuple[str, ...]:
    rng = np.random.default_rng(seed)
    if not distinct:
        return tuple(islice(_draw_batches(language, rng, shortest, longest, batch), strings))
    drawn: dict[str, None] = {}  # a set that keeps its order
    fruitless = 0
    while len(drawn) < strings:
        string = language.sample(rng, shortest, longest)
        fruitless = fruitless + 1 if string in drawn else 0
        drawn[string] = None
        if fruitless == PATIENCE:
            raise ValueError(
                f"{strings:,} distinct strings of {language.name} with {shortest} to {longest} "
                f"symbols were asked for, but only {len(drawn):,} found; "
                f"ask for fewer, for longer ones, or let them repeat"
            )
    return tuple(drawn)


def _draw_batches(
    language: Language, rng: np.random.Generator, shortest: int, longest: int, batch: int
) -> Iterator[str]:
    """Draw strings without end, as many of one length as a batch holds."""
    while True:
        first = language.sample(rng, shortest, longest)
        length = len(first) - len(language.end)
        yield first
        for _ in range(batch - 1):
            yield language.sample(rng, length, length)


def encode_strings(language: Language, strings: Sequence[str]) -> Encoded:
    """Lay strings end to end, as the training loop reads them.

    Raises
    ------
    SymbolError
        If a symbol is not in the alphabet; its place is counted through all strings.
    ValueError
        If a string goes on where no member does; it has no targets there.
    """
    symbols = language.encode("".join(strings))
    states, rows = language.walk(strings)
    return Encoded(
        symbols=symbols,
        targets=language.targets(states)[rows],
        starts=np.cumsum([0, *map(len, strings)], dtype=np.int64),
    )
