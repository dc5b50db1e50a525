"""The strings a^n b^n c^n: two counters, for no single one can make both b and c match a."""

import numpy as np

from countviz.languages.base import Language
from countviz.languages.blocks import repetitions


class AnBnCn(Language[tuple[int, int, int]]):
    """The strings a^n b^n c^n with n >= 1; a state is how many a, b and c have come.

    Examples
    --------
    >>> "aabbcc" in AnBnCn(), "aabbc" in AnBnCn(), "" in AnBnCn()
    (True, False, False)
    """

    name = "anbncn"
    title = "aⁿbⁿcⁿ"
    alphabet = "abc"
    start = (0, 0, 0)
    closers = ("b", "c")

    def step(self, state: tuple[int, int, int], symbol: str) -> tuple[int, int, int] | None:
        """Take an a before the first b, a b while there are more a, then as many c as b."""
        a, b, c = state
        if symbol == "a":
            return (a + 1, b, c) if b == 0 else None
        if symbol == "b":
            return (a, b + 1, c) if b < a else None
        return (a, b, c + 1) if a == b > c else None

    def accepts(self, state: tuple[int, int, int]) -> bool:
        """Accept when every a has its b and its c, and there is one."""
        a, b, c = state
        return a == b == c > 0

    def counts(self, state: tuple[int, int, int]) -> tuple[int, int]:
        """Give how many more a than b, and how many more b than c, have come."""
        a, b, c = state
        return (a - b, b - c)

    def closings(self, state: tuple[int, int, int]) -> tuple[int, int]:
        """Give the b still due and, once none is, the c still due."""
        b_due, c_due = self.counts(state)
        return (b_due, 0 if b_due else c_due)

    def sample(self, rng: np.random.Generator, shortest: int, longest: int) -> str:
        """Draw n, each that fits with the same probability."""
        fitting = repetitions(3, 1, shortest, longest)
        n = int(rng.integers(fitting.start, fitting.stop))
        return "a" * n + "b" * n + "c" * n
