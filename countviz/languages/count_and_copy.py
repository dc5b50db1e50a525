"""The strings w#ⁿw with an end: a word, as many marks as it has letters, and the word again."""

from countviz.languages.sequel import Sequel


class CountAndCopy(Sequel):
    """The strings w#ⁿw$ over words w of 0 and 1.

    Examples
    --------
    >>> "01##01$" in CountAndCopy(), "01#01$" in CountAndCopy()
    (True, False)
    """

    name = "count-and-copy"
    title = "Count and copy"
    alphabet = "01#$"
    sections = 3

    def sequel(self, word: str) -> str:
        """Return a mark for each letter, and the word."""
        return "#" * len(word) + word
