"""Strings whose every symbol is to be foretold, and how well a read-out does that.

DuSell and Chiang (2023, arXiv 2210.01343) test on strings of every length of a window and count
how often the likeliest symbol is the one that comes; Das and Mali (2024, arXiv 2410.03154) do so
in three bins of lengths. A symbol is expected before it is read, the first one from the state
before the string; the end symbol is expected too, and never read.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from countviz.languages import Language, Sequel

BINS = ((40, 100), (100, 200), (200, 400))  # symbols, both bounds included
STREAM = 4  # of the data seed; the splits and the published sets use 0 to 3


@dataclass(frozen=True, eq=False, kw_only=True)
class Spelled:
    """B members laid end to end; string b is at `starts[b]:starts[b + 1]`.

    Attributes
    ----------
    symbols : ndarray of int64, [N]
        Places in the alphabet, the end symbols included.
    starts : ndarray of int64, [B + 1]
        Where each string begins, and where the last one ends.
    determined : ndarray of bool, [N]
        Whether the word of the string has told the symbol: so is all after the first symbol of the
        sequel.
    """

    symbols: np.ndarray
    starts: np.ndarray
    determined: np.ndarray


@dataclass(frozen=True, eq=False, kw_only=True)
class NextSymbolScores:
    """How well some read-outs foretell B strings; leading axes are those of the logits.

    Attributes
    ----------
    lengths : ndarray of int64, [B]
        The symbols of each string, its end symbol included.
    right : ndarray of int64, [..., B]
        How many of them were expected most; of symbols that are expected equally, the first.
    surprise : ndarray of float64, [..., B]
        The sum of their cross-entropies, in nats.
    solved : ndarray of bool, [..., B]
        Whether every symbol that the word of the string has told was expected most.
    """

    lengths: np.ndarray
    right: np.ndarray
    surprise: np.ndarray
    solved: np.ndarray

    @property
    def symbol_accuracy(self) -> np.ndarray:
        """[...] the share of all symbols that were expected most."""
        return self.right.sum(axis=-1) / self.lengths.sum()

    @property
    def string_accuracy(self) -> np.ndarray:
        """[...] the share of strings that are solved."""
        return self.solved.mean(axis=-1)

    @property
    def perplexity(self) -> np.ndarray:
        """[...] the exponential of the mean cross-entropy of a symbol; inf where it overflows."""
        with np.errstate(over="ignore"):
            return np.exp(self.surprise.sum(axis=-1) / self.lengths.sum())


def make_every_length(
    language: Sequel, *, data_seed: int, shortest: int, longest: int, each: int = 100
) -> tuple[str, ...]:
    """Draw as many strings of every length that fits, or as many as there are of it.

    Parameters
    ----------
    language
        One that is scored by the next symbol.
    data_seed
        0 or more; the same seed gives the same strings.
    shortest, longest
        Bounds of a string's length without its end symbol, both included.
    each
        How many strings of a length.

    Raises
    ------
    ValueError
        If no member has such a length, or if the language is scored otherwise.
    """
    _check_scoring(language)
    rng = np.random.default_rng((data_seed, STREAM, shortest, longest))
    return tuple(
        language.complete(language.draw_word(rng, n))
        for n in language.word_lengths(shortest, longest)
        for _ in range(min(each, len(language.letters) ** n))
    )


def spell_strings(language: Sequel, strings: Sequence[str]) -> Spelled:
    """Lay members end to end, as they are learned and judged symbol by symbol.

    Raises
    ------
    SymbolError
        If a symbol is not in the alphabet; its place is counted through all strings.
    ValueError
        If a string is no member, or if the language is scored otherwise.
    """
    _check_scoring(language)
    symbols = language.encode("".join(strings))
    words = [language.word_of(string) for string in strings]
    for number, (string, word) in enumerate(zip(strings, words, strict=True), start=1):
        if language.complete(word) != string:
            legal = len(language.path(string))
            wrong = "its end symbol is missing"
            if legal < len(string):
                wrong = f"its symbol {legal + 1:,} may not come there"
            raise ValueError(f"string {number:,} is no member of {language.name}: {wrong}")
    lengths = np.fromiter(map(len, strings), np.int64)
    starts = np.append(0, np.cumsum(lengths))
    places = np.arange(symbols.size) - np.repeat(starts[:-1], lengths)
    told = places > np.repeat(np.fromiter(map(len, words), np.int64), lengths)
    return Spelled(symbols=symbols, starts=starts, determined=told)


def score_next_symbols(logits: np.ndarray, strings: Spelled) -> NextSymbolScores:
    """Judge read-outs that say before each symbol which one comes.

    Parameters
    ----------
    logits
        [..., N, V]: row n before symbol n. A row that is not finite expects nothing.
    strings
        What came.

    Raises
    ------
    ValueError
        If there is not one row for every symbol.
    """
    symbols, starts = strings.symbols, strings.starts
    if logits.shape[-2] != symbols.size:
        raise ValueError(f"{logits.shape[-2]:,} rows of logits came for {symbols.size:,} symbols")
    logits = logits.astype(np.float64)
    sound = np.isfinite(logits).all(axis=-1)
    logits = np.where(sound[..., np.newaxis], logits, 0)
    shifted = logits - logits.max(axis=-1, keepdims=True)
    own = np.take_along_axis(shifted, np.expand_dims(symbols, (*range(sound.ndim - 1), -1)), -1)
    surprise = np.log(np.exp(shifted).sum(axis=-1)) - own[..., 0]
    surprise = np.where(sound, surprise, np.inf)
    right = sound & (logits.argmax(axis=-1) == symbols)

    def total(values: np.ndarray) -> np.ndarray:
        return np.add.reduceat(values, starts[:-1], axis=-1)  # no string is empty: each has an end

    return NextSymbolScores(
        lengths=np.diff(starts),
        right=total(right.astype(np.int64)),
        surprise=total(surprise),
        solved=total(~right & strings.determined) == 0,
    )


def _check_scoring(language: Language) -> None:
    if not isinstance(language, Sequel):
        raise ValueError(
            f"{language.name} has no end symbol; its models do not say what comes next"
        )
