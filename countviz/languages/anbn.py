"""The strings a^n b^n: up once, down once, and the end is where the count returns to zero."""

import numpy as np

from countviz.languages.base import Language
from countviz.languages.blocks import repetitions


class AnBn(Language[tuple[int, int]]):
    """The strings a^n b^n with n >= 1; a state is how many a and how many b have come.

    Examples
    --------
    >>> "aabb" in AnBn(), "abab" in AnBn(), "" in AnBn()
    (True, False, False)
    """

    name = "anbn"
    title = "aⁿbⁿ"
    alphabet = "ab"
    start = (0, 0)
    closers = ("b",)

    def step(self, state: tuple[int, int], symbol: str) -> tuple[int, int] | None:
        """Take an a before the first b, and a b while there are more a."""
        a, b = state
        if symbol == "a":
            return (a + 1, b) if b == 0 else None
        return (a, b + 1) if b < a else None

    def accepts(self, state: tuple[int, int]) -> bool:
        """Accept when every a has its b, and there is one."""
        a, b = state
        return a == b > 0

    def counts(self, state: tuple[int, int]) -> tuple[int]:
        """Give how many more a than b have come."""
        a, b = state
        return (a - b,)

    def sample(self, rng: np.random.Generator, shortest: int, longest: int) -> str:
        """Draw n, each that fits with the same probability."""
        fitting = repetitions(2, 1, shortest, longest)
        n = int(rng.integers(fitting.start, fitting.stop))
        return "a" * n + "b" * n
