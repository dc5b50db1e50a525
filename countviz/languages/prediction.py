"""What can be foretold of a string at best, and by a glance at the symbol before.

Of a language that is scored by the next symbol, strings are drawn at random: a length, then a word.
So the chances of every symbol follow from what has come before it, and nobody who guesses can be
right more often than by naming the likeliest. That is the ceiling. The trivial predictor knows
only the last symbol, but for each the true chances of what follows.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from countviz.languages.sequel import Sequel

STRINGS = 1_000  # are drawn, at least, where a ceiling cannot be computed
FREE, OVER = -1, -2  # in the place of a symbol: any letter of the word, and nothing any more
TIED = 1e-9  # chances that differ by no more are equal


@dataclass(frozen=True, eq=False, kw_only=True)
class Forecast:
    """What could be known before each symbol of a string; row t is the moment before symbol t.

    Attributes
    ----------
    came : ndarray of int64, [T]
        The place in the alphabet of the symbol that came.
    chances : ndarray of float64, [T, V]
        How likely each symbol was, given those before it and how strings are drawn. A row after the
        first impossible symbol is zero.
    legal : int
        How many leading symbols were possible; T when all of them.
    """

    came: np.ndarray
    chances: np.ndarray
    legal: int


@dataclass(frozen=True, kw_only=True)
class Score:
    """How good predictions are on strings of some lengths, each length equally likely.

    Attributes
    ----------
    symbols : float
        The share of all symbols, the end symbol included, that are right.
    strings : float
        The share of strings that are right wherever the word determines what comes: after the first
        symbol of the sequel, which none can know beforehand.
    perplexity : float
        The exponential of the mean surprise in nats.
    error : float
        The standard error of `symbols`, where strings had to be drawn; 0 where it is exact.
    """

    symbols: float
    strings: float
    perplexity: float
    error: float


def forecast(language: Sequel, string: str, shortest: int, longest: int) -> Forecast:
    """Return the chances of every symbol of a string, for who knows how strings are drawn.

    Parameters
    ----------
    language
        One that is scored by the next symbol.
    string
        A member, or the beginning of one.
    shortest, longest
        The bounds within which every length that fits is equally likely, both included; the end
        symbol does not count.

    Raises
    ------
    SymbolError
        If a symbol is not in the alphabet.
    ValueError
        If no member has such a length.

    Examples
    --------
    >>> from countviz.languages import find_language
    >>> forecast(find_language("count-3"), "aab", 6, 9).chances.tolist()[2]  # aabb.. or aaab..
    [0.5, 0.5, 0.0, 0.0]
    """
    came = language.encode(string)
    expected, lengths = _expect(language, string, shortest, longest)
    letters = language.encode(language.letters)
    fits = (expected == came) | ((expected == FREE) & np.isin(came, letters))
    before = np.column_stack([np.ones(len(lengths), bool), fits]).cumprod(axis=1).astype(bool)
    drawn = np.minimum(lengths[:, np.newaxis], np.arange(came.size))  # letters of the word so far
    weights = _normalise(before[:, :-1], -drawn * np.log(letters.size))
    chances = np.stack(
        [(weights * (expected == v)).sum(axis=0) for v in range(len(language.alphabet))], axis=1
    )
    chances[:, letters] += (weights * (expected == FREE)).sum(axis=0)[:, np.newaxis] / letters.size
    return Forecast(came=came, chances=chances, legal=int(before.any(axis=0).sum()) - 1)


def _expect(
    language: Sequel, string: str, shortest: int, longest: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return what comes [N, T] if the string begins with a word of each length [N]."""
    lengths = np.array(language.word_lengths(shortest, longest))
    expected = np.full((lengths.size, len(string)), OVER)
    for row, n in zip(expected, lengths.tolist(), strict=True):
        row[:n] = FREE
        rest = language.encode(language.complete(string[:n])[n : len(string)])
        row[n : n + rest.size] = rest
    return expected, lengths


def _normalise(possible: np.ndarray, logarithms: np.ndarray) -> np.ndarray:
    """Return weights [N, T] that add up to 1 in every column, or to 0 if nothing is possible."""
    logarithms = np.where(possible, logarithms, -np.inf)
    top = logarithms.max(axis=0)
    weights = np.exp(logarithms - np.where(np.isfinite(top), top, 0))
    return weights / np.maximum(weights.sum(axis=0), 1)


@lru_cache(maxsize=64)
def measure_ceiling(language: Sequel, shortest: int, longest: int) -> Score:
    """Return how good the best possible predictions are on strings of some lengths.

    All is exact where the end of a word can be seen. Where it cannot, what can be known depends on
    the word, and some 1,000 words are drawn, from a fixed seed. How often the likeliest symbol is
    right is then asked of the chances, which are true, and so not left to the luck of the draw.

    Raises
    ------
    ValueError
        If no member has such a length.

    Examples
    --------
    >>> from countviz.languages import find_language
    >>> measure_ceiling(find_language("count-3"), 6, 9).symbols  # the third is a coin
    0.9411764705882353
    """
    lengths = language.word_lengths(shortest, longest)
    seen = language.sequel(language.letters[0])[0] not in language.letters
    each = 1 if seen else -(-STRINGS // len(lengths))
    rng = np.random.default_rng(0)
    scores = np.empty((len(lengths), each, 3))
    for row, n in zip(scores, lengths, strict=True):
        for k in range(each):
            string = language.complete(language.draw_word(rng, n))
            seer = forecast(language, string, shortest, longest)
            names = _share_ties(seer.chances)[np.arange(len(string)), seer.came]
            surprise = -np.log(seer.chances[np.arange(len(string)), seer.came]).sum()
            row[k] = seer.chances.max(axis=1).sum(), names[n + 1 :].prod(), surprise
    symbols = sum(len(language.complete(language.letters[0] * n)) for n in lengths)
    right, strings, surprise = scores.mean(axis=1).T
    return Score(
        symbols=float(right.sum() / symbols),
        strings=float(strings.mean()),
        perplexity=float(np.exp(surprise.sum() / symbols)),
        error=float(np.sqrt((scores[:, :, 0].var(axis=1) / each).sum()) / symbols),
    )


@lru_cache(maxsize=64)
def measure_trivial(language: Sequel, shortest: int, longest: int) -> Score:
    """Return how good the best predictions are that look only at the symbol before.

    `symbols` and `perplexity` are exact, `strings` is what some words of each length say.

    Raises
    ------
    ValueError
        If no member has such a length.

    Examples
    --------
    >>> from countviz.languages import find_language
    >>> measure_trivial(find_language("count-3"), 6, 9).symbols  # 6 of 17 symbols are new ones
    0.6470588235294118
    """
    lengths = language.word_lengths(shortest, longest)
    pairs = [_pair_symbols(language, n) for n in lengths]
    follows = np.zeros((len(language.alphabet) + 1, len(language.alphabet)))
    for same in pairs:
        np.add.at(follows, same, 1 / len(same[0]))
    chances = follows / np.maximum(follows.sum(axis=1, keepdims=True), TIED)
    names = _share_ties(chances)
    strings = [
        names[same][:, n + 1 :].prod(axis=1).mean() for same, n in zip(pairs, lengths, strict=True)
    ]
    surprise = -(follows * np.log(np.where(chances > 0, chances, 1))).sum()
    return Score(
        symbols=float(follows.max(axis=1).sum() / follows.sum()),
        strings=float(np.mean(strings)),
        perplexity=float(np.exp(surprise / follows.sum())),
        error=0.0,
    )


def _share_ties(chances: np.ndarray) -> np.ndarray:
    """Return how often each symbol is named [..., V] if always one of the likeliest is."""
    named = chances >= chances.max(axis=-1, keepdims=True) - TIED
    return named / named.sum(axis=-1, keepdims=True)


def _pair_symbols(language: Sequel, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Return each symbol [W, T] of some members with words of n letters, and the one before it.

    Of the words any two letters take each pair of values equally often, so what is counted in pairs
    comes out as over all words: letter i of word k is the parity of the binary digits that i + 1
    and k have in common (an orthogonal array; Rao, 1947). Before the first symbol stands V.
    """
    number = np.arange(2 ** n.bit_length() if len(language.letters) == 2 else 1)
    letters = np.bitwise_count(number[:, np.newaxis] & np.arange(1, n + 1)) % 2
    words = np.array(list(language.letters))[letters]
    members = "".join(language.complete("".join(word)) for word in words)
    codes = language.encode(members).reshape(number.size, -1)
    return np.column_stack([np.full(number.size, len(language.alphabet)), codes[:, :-1]]), codes
