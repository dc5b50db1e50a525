"""Shuffles of Dyck-1: several kinds of brackets, each well nested, not minding the others.

`([)]` is a member of Shuffle-2 although its kinds overlap. A reader needs one counter a kind
and no stack, which is why Suzgun et al. (2019, arXiv 1906.03648) train small networks on it.
"""

import numpy as np

from countviz.languages.base import Language
from countviz.languages.blocks import repetitions
from countviz.languages.dyck1 import grammar_member


class Shuffle(Language[tuple[int, ...]]):
    """Interleaved Dyck-1 words over different pairs; a state counts what is open of each kind.

    Parameters
    ----------
    name : str
        How the language is called.
    pairs : list of str
        An opening and a closing symbol each; no symbol twice.

    Examples
    --------
    >>> "([)]" in Shuffle("shuffle2", ["()", "[]"])
    True
    """

    def __init__(self, name: str, pairs: list[str]) -> None:
        self.name = name
        self.title = f"Shuffle-{len(pairs)}"
        self.alphabet = "".join(pairs)
        self.start = (0,) * len(pairs)
        self.closers = tuple(closer for _, closer in pairs)
        self._moves = {
            symbol: (kind, change)
            for kind, pair in enumerate(pairs)
            for symbol, change in zip(pair, (1, -1), strict=True)
        }

    def step(self, state: tuple[int, ...], symbol: str) -> tuple[int, ...] | None:
        """Open one of a kind, or close one if any of its kind is open."""
        kind, change = self._moves[symbol]
        count = state[kind] + change
        return (*state[:kind], count, *state[kind + 1 :]) if count >= 0 else None

    def accepts(self, state: tuple[int, ...]) -> bool:
        """Accept when nothing is open."""
        return not any(state)

    def counts(self, state: tuple[int, ...]) -> tuple[int, ...]:
        """Give the number of open brackets of each kind."""
        return state

    def sample(self, rng: np.random.Generator, shortest: int, longest: int) -> str:
        """Draw one word a pair from the Dyck-1 grammar and interleave them.

        The words are independent and every interleaving is equally likely; all words are drawn
        again until their lengths add up to `shortest` to `longest`. This way of drawing is our
        choice; the paper that sets the task leaves room for others.
        """
        repetitions(2, 0, shortest, longest)  # refuses lengths that would never be drawn
        while True:
            words = [grammar_member(rng, longest) for _ in self.closers]
            lengths = [len(word) for word in words]
            if shortest <= sum(lengths) <= longest:
                break
        kinds = rng.permutation(np.repeat(np.arange(len(words)), lengths))
        remaining = [iter(self._written_with(kind, word)) for kind, word in enumerate(words)]
        return "".join(next(remaining[kind]) for kind in kinds)

    def _written_with(self, kind: int, word: str) -> str:
        return word.translate(str.maketrans("()", self.alphabet[2 * kind : 2 * kind + 2]))
