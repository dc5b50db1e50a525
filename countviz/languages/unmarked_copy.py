"""The strings ww with an end: a word twice, with nothing to show where it ends."""

from countviz.languages.sequel import Sequel


class UnmarkedCopy(Sequel):
    """The strings ww$ over words w of 0 and 1.

    Examples
    --------
    >>> "0101$" in UnmarkedCopy(), "0110$" in UnmarkedCopy()
    (True, False)
    """

    name = "unmarked-copy"
    title = "Unmarked copy"
    alphabet = "01$"
    sections = 2

    def sequel(self, word: str) -> str:
        """Return the word."""
        return word
