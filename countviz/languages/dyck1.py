"""Dyck-1: the strings of well-nested parentheses, and how to draw or build them.

Two random sources give very different strings. `uniform_member` makes every word of a length
equally likely. `grammar_member` follows the probabilistic grammar of Suzgun et al. (2019,
arXiv 1906.03648), from which El-Naggar et al. (2022, arXiv 2211.16429) drew the strings that
their counters were trained on.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np

from countviz.languages.base import Language
from countviz.languages.blocks import repetitions

NEST = 0.5  # the probability of S -> ( S )
JOIN = 0.25  # the probability of S -> S S; what remains is S -> nothing


class Dyck1(Language[int]):
    """Well-nested parentheses; a state is the number of open ones.

    Examples
    --------
    >>> "(())()" in Dyck1(), "())(" in Dyck1()
    (True, False)
    """

    name = "dyck1"
    title = "Dyck-1"
    alphabet = "()"
    start = 0
    closers = (")",)
    signs = (1, -1)

    def step(self, state: int, symbol: str) -> int | None:
        """Open one, or close one if any is open."""
        if symbol == "(":
            return state + 1
        return state - 1 if state > 0 else None

    def accepts(self, state: int) -> bool:
        """Accept when nothing is open."""
        return state == 0

    def counts(self, state: int) -> tuple[int]:
        """Give the number of open parentheses."""
        return (state,)

    def walk(self, strings: Sequence[str]) -> tuple[list[int], np.ndarray]:
        """Count as the reader does, in one sum over all strings."""
        balance = np.cumsum(np.array(self.signs)[self.encode("".join(strings))])
        lengths = np.array([len(string) for string in strings], dtype=np.int64)
        before = np.append(0, balance)[np.cumsum(lengths) - lengths]  # each string starts anew
        balance -= np.repeat(before, lengths)
        if (balance < 0).any():
            return super().walk(strings)  # which says where
        return list(range(balance.max(initial=0) + 1)), balance

    def sample(self, rng: np.random.Generator, shortest: int, longest: int) -> str:
        """Draw from the grammar until a member is at least `shortest` long.

        This is meant for lengths of tens of symbols; hundreds take seconds.
        """
        repetitions(2, 0, shortest, longest)  # refuses lengths that would never be drawn
        while True:
            member = grammar_member(rng, longest)
            if len(member) >= shortest:
                return member


def grammar_member(rng: np.random.Generator, longest: int) -> str:
    """Draw a member of at most `longest` symbols from the published grammar.

    S -> ( S ) with probability 1/2, S S with 1/4, nothing with 1/4. Two rules keep strings
    short: an S inside brackets that already take up `longest` symbols gives nothing, and
    whatever an S gives is dropped as a whole if it is longer than `longest`.
    """
    draws = _uniform_numbers(rng)
    member: list[str] = []
    # An S comes with the number of symbols around it, the end of a rule with where it began.
    agenda = [("S", 0)]
    while agenda:
        task, number = agenda.pop()
        if task != "S":
            member += task
            if len(member) - number > longest:
                del member[number:]
        elif number < longest:
            draw = next(draws)
            if draw < NEST:
                agenda += ((")", len(member)), ("S", number + 2))
                member += "("
            elif draw < NEST + JOIN:
                agenda += (("", len(member)), ("S", number), ("S", number))
    return "".join(member)


def long_grammar_member(rng: np.random.Generator, length: int) -> str:
    """Draw as `grammar_member` does whose `longest` and least length are `length`, but at once.

    Of the grammar's strings with room for 1,000 symbols one in 12,000 has 1,000. Instead of
    drawing until one comes, the rule of every S is drawn with the probability that it has, given
    how many symbols the S is to become: the two distributions are the same. Rules that add an S
    without symbols leave the string as it is, and are passed over.

    Raises
    ------
    ValueError
        If the length is negative or odd.
    """
    _check_length(length)
    chances = grammar_lengths(length)
    member: list[str] = []
    agenda: list[tuple[int, int] | None] = [(0, length // 2)]  # brackets around an S, pairs in it
    while agenda:
        task = agenda.pop()
        if task is None:
            member += ")"
            continue
        around, pairs = task
        if pairs == 0:
            continue
        inside = chances[around]
        nest = NEST * chances[around + 1, pairs - 1]
        joins = JOIN * inside[1:pairs] * inside[pairs - 1 : 0 : -1]
        ladder = np.cumsum(np.append(nest, joins))
        left = int(np.searchsorted(ladder, rng.random() * ladder[-1], side="right"))
        if left == 0:
            member += "("
            agenda += (None, (around + 1, pairs - 1))
        else:
            agenda += ((around, pairs - left), (around, left))
    return "".join(member)


@lru_cache(maxsize=4)
def grammar_lengths(longest: int) -> np.ndarray:
    """Tabulate how long a string an S of the published grammar becomes.

    With N of n pairs for S -> ( S ), which is an S one bracket further in and one pair more, and
    q_n for n >= 1 pairs, the rules say q_n = N_n + 1/4 (2 q_0 q_n + sum of q_k q_(n-k)). What is
    too long gives nothing, so q_0 is what makes all of them sum to 1: it is found by the secant
    method, to 1e-12.

    Parameters
    ----------
    longest
        Even; the number of symbols that there is room for.

    Returns
    -------
    ndarray of float64, [longest / 2 + 1, longest / 2 + 1]
        The probability that an S inside of k brackets becomes n pairs, at [k, n].

    """
    most = longest // 2
    table = np.zeros((most + 1, most + 1))
    table[most, 0] = 1
    nothing, slope = 0.4, 3.0
    for around in reversed(range(most)):
        nested = np.append(0, NEST * table[around + 1, :-1])
        before = None
        while True:
            pairs = _solve_lengths(nested, nothing)
            excess = nothing + pairs.sum() - 1
            if before and excess != before[1]:
                slope = (excess - before[1]) / (nothing - before[0])
            if abs(excess) < 1e-12:
                break
            before = nothing, excess
            nothing -= excess / slope
        table[around] = pairs
        table[around, 0] = nothing
    table.flags.writeable = False
    return table


def _solve_lengths(nested: np.ndarray, nothing: float) -> np.ndarray:
    """Return q_1, q_2, ... (and 0 for q_0), given how likely an S nests, and gives nothing."""
    pairs = np.zeros_like(nested)
    for n in range(1, nested.size):
        joined = JOIN * (pairs[1:n] @ pairs[n - 1 : 0 : -1])
        pairs[n] = (nested[n] + joined) / (1 - 2 * JOIN * nothing)
    return pairs


def uniform_member(rng: np.random.Generator, length: int) -> str:
    """Draw a member of the given even length, each with the same probability.

    By the cycle lemma (Dvoretzky and Motzkin, 1947), every circular arrangement of m openings
    and m + 1 closings can be cut at exactly one place so that only its last symbol, a closing,
    finds nothing open: after the first minimum of the balance. Without it, a member is left.

    Raises
    ------
    ValueError
        If the length is negative or odd.
    """
    _check_length(length)
    steps = np.full(length + 1, -1, dtype=np.int8)
    steps[: length // 2] = 1
    rng.shuffle(steps)
    cut = np.cumsum(steps, dtype=np.int64).argmin() + 1
    member = np.roll(steps, -cut)[:-1]
    return np.where(member > 0, b"(", b")").tobytes().decode("ascii")


def zigzag(n: int, k: int) -> str:
    """Build ((^n )^n)^k: k peaks, each n deep.

    Raises
    ------
    ValueError
        If a number is negative.

    Examples
    --------
    >>> zigzag(2, 3)
    '(())(())(())'
    """
    if n < 0 or k < 0:
        raise ValueError(f"a depth of {n} and {k} peaks came; neither can be less than 0")
    return ("(" * n + ")" * n) * k


def nested(n: int) -> str:
    """Build (^n )^n: one peak, n deep.

    Examples
    --------
    >>> nested(3)
    '((()))'
    """
    return zigzag(n, 1)


def flat(n: int) -> str:
    """Build ()^n: n peaks, each one deep.

    Examples
    --------
    >>> flat(3)
    '()()()'
    """
    return zigzag(1, n)


def _check_length(length: int) -> None:
    if length < 0 or length % 2:
        raise ValueError(f"a length of {length} came; members have 0, 2, 4, … symbols")


def _uniform_numbers(rng: np.random.Generator) -> Iterator[float]:
    while True:
        yield from rng.random(64).tolist()  # one by one would take several times as long
