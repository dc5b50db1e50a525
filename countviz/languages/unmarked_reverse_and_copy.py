"""The strings wwᴿw with an end: a word, the word backwards, and the word, with nothing between."""

from countviz.languages.sequel import Sequel


class UnmarkedReverseAndCopy(Sequel):
    """The strings wwᴿw$ over words w of 0 and 1.

    Examples
    --------
    >>> "011001$" in UnmarkedReverseAndCopy(), "010101$" in UnmarkedReverseAndCopy()
    (True, False)
    """

    name = "unmarked-reverse-and-copy"
    title = "Unmarked reverse and copy"
    alphabet = "01$"
    sections = 3

    def sequel(self, word: str) -> str:
        """Return the word backwards, and then as it is."""
        return word[::-1] + word
