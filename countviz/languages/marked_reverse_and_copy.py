"""The strings w#wᴿ#w with an end: a word, the word backwards, and the word, with marks between."""

from countviz.languages.sequel import Sequel


class MarkedReverseAndCopy(Sequel):
    """The strings w#wᴿ#w$ over words w of 0 and 1.

    Examples
    --------
    >>> "01#10#01$" in MarkedReverseAndCopy(), "01#01#01$" in MarkedReverseAndCopy()
    (True, False)
    """

    name = "marked-reverse-and-copy"
    title = "Marked reverse and copy"
    alphabet = "01#$"
    sections = 3
    marks = 2

    def sequel(self, word: str) -> str:
        """Return the word backwards and then as it is, a mark before each."""
        return "#" + word[::-1] + "#" + word
