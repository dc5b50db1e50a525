"""The strings w#w with an end: a word, a mark, and the word again."""

from countviz.languages.sequel import Sequel


class MarkedCopy(Sequel):
    """The strings w#w$ over words w of 0 and 1.

    Examples
    --------
    >>> "01#01$" in MarkedCopy(), "01#10$" in MarkedCopy()
    (True, False)
    """

    name = "marked-copy"
    title = "Marked copy"
    alphabet = "01#$"
    sections = 2
    marks = 1

    def sequel(self, word: str) -> str:
        """Return the mark and the word."""
        return "#" + word
