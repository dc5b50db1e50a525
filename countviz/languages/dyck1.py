"""Dyck-1: the strings of well-nested parentheses, and how to draw or build them.

Two random sources give very different strings. `uniform_member` makes every word of a length
equally likely. `grammar_member` follows the probabilistic grammar of Suzgun et al. (2019,
arXiv 1906.03648), from which El-Naggar et al. (2022, arXiv 2211.16429) drew the strings that
their counters were trained on.
"""

from collections.abc import Iterator

import numpy as np

from countviz.languages.base import Language, repetitions

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
    if length < 0 or length % 2:
        raise ValueError(f"a length of {length} came; members have 0, 2, 4, … symbols")
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


def _uniform_numbers(rng: np.random.Generator) -> Iterator[float]:
    while True:
        yield from rng.random(64).tolist()  # one by one would take several times as long
