"""Dyck-k: well-nested brackets of k kinds, each closed by its own, the last that opened first.

Counting is not enough here: `([)]` has as many of each as it should. A reader needs a stack.
"""

import numpy as np

from countviz.languages.base import Language
from countviz.languages.dyck1 import Dyck1


class Stack:
    """An immutable stack of open brackets: a kind on top of another stack, or nothing.

    Whoever pushes shares what is below, so that the states of a string of any depth take no more
    room than its symbols.

    Attributes
    ----------
    top : int
        The kind that was opened last; -1 if nothing is open.
    below : Stack or None
        What is left when it is closed; None if nothing is open.
    run : int
        How many of that kind could be closed in a row.
    counts : tuple of int
        How many are open of each kind.
    """

    __slots__ = ("_hash", "below", "counts", "run", "top")

    def __init__(self, top: int, below: "Stack | None", counts: tuple[int, ...]) -> None:
        self.top, self.below, self.counts = top, below, counts
        self.run = 0 if below is None else 1 + (below.run if below.top == top else 0)
        self._hash = hash((top, below))

    def push(self, kind: int) -> "Stack":
        """Return a stack with one more kind on top."""
        counts = self.counts
        return Stack(kind, self, (*counts[:kind], counts[kind] + 1, *counts[kind + 1 :]))

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        """Compare from the top down, as far as the two do not share what is below."""
        here, there = self, other
        while here is not there:
            if not isinstance(there, Stack) or (here._hash, here.top) != (there._hash, there.top):
                return False
            if here.below is None or there.below is None:
                return here.below is there.below
            here, there = here.below, there.below
        return True


class Dyck(Language[Stack]):
    """Well-nested brackets of several kinds; a state is the stack of what is open.

    Parameters
    ----------
    name : str
        How the language is called.
    pairs : list of str
        An opening and a closing symbol each; no symbol twice.

    Examples
    --------
    >>> "([])" in Dyck("dyck2", ["()", "[]"]), "([)]" in Dyck("dyck2", ["()", "[]"])
    (True, False)
    """

    def __init__(self, name: str, pairs: list[str]) -> None:
        self.name = name
        self.title = f"Dyck-{len(pairs)}"
        self.alphabet = "".join(pairs)
        self.start = Stack(-1, None, (0,) * len(pairs))
        self.closers = tuple(closer for _, closer in pairs)

    def step(self, state: Stack, symbol: str) -> Stack | None:
        """Open one of a kind, or close the one that was opened last."""
        kind, closes = divmod(self.alphabet.index(symbol), 2)
        if not closes:
            return state.push(kind)
        return state.below if state.top == kind else None

    def accepts(self, state: Stack) -> bool:
        """Accept when nothing is open."""
        return state.below is None

    def counts(self, state: Stack) -> tuple[int, ...]:
        """Give the number of open brackets of each kind."""
        return state.counts

    def closings(self, state: Stack) -> tuple[int, ...]:
        """Give how often the last kind to open can be closed in a row; of no other kind any can."""
        return tuple(state.run if kind == state.top else 0 for kind in range(len(self.closers)))

    def sample(self, rng: np.random.Generator, shortest: int, longest: int) -> str:
        """Draw a word of Dyck-1 and for each of its pairs a kind, all equally likely.

        That is the grammar of Suzgun et al. (2019, arXiv 1911.03329): its rule S -> ( S ) for each
        kind with an equal share of the probability 1/2.
        """
        word = Dyck1().sample(rng, shortest, longest)
        kinds = iter(rng.integers(len(self.closers), size=len(word) // 2).tolist())
        drawn, due = [], []
        for symbol in word:
            if symbol == "(":
                kind = next(kinds)
                drawn.append(self.alphabet[2 * kind])
                due.append(self.closers[kind])
            else:
                drawn.append(due.pop())
        return "".join(drawn)
