"""The strings a^n b^n c^n with an end: a word of nothing but a, whose sequel tells its length."""

from countviz.languages.sequel import Progress, Sequel


class Count3(Sequel):
    """The strings a^n b^n c^n $ with n >= 0.

    Examples
    --------
    >>> "aabbcc$" in Count3(), "aabbc$" in Count3(), "aabbcc" in Count3()
    (True, False, False)
    """

    name = "count-3"
    title = "Count-3"
    alphabet = "abc$"
    letters = "a"
    sections = 3
    closers = ("b", "c")

    def sequel(self, word: str) -> str:
        """Return as many b as the word has a, and as many c."""
        return "b" * len(word) + "c" * len(word)

    def counts(self, state: Progress) -> tuple[int, int]:
        """Give how many more a than b, and how many more b than c, have come."""
        due, came = state.sequels[-1]
        n = len(due) // 2
        b, c = min(came, n), max(min(came - n, n), 0)
        return (n - b, b - c)

    def closings(self, state: Progress) -> tuple[int, int]:
        """Give the b still due and, once none is, the c still due."""
        b_due, c_due = self.counts(state)
        return (b_due, 0 if b_due else c_due)
