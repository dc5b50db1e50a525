"""The strings wφ(w) with an end: a word, and the word again in other letters."""

from countviz.languages.sequel import Sequel

OTHER_LETTERS = str.maketrans("01", "23")  # φ


class UnmarkedCopyDifferentAlphabets(Sequel):
    """The strings wφ(w)$ over words w of 0 and 1, where φ writes 2 for 0 and 3 for 1.

    Examples
    --------
    >>> language = UnmarkedCopyDifferentAlphabets()
    >>> "0123$" in language, "0132$" in language
    (True, False)
    """

    name = "unmarked-copy-different-alphabets"
    title = "Unmarked copy, different alphabets"
    alphabet = "0123$"
    sections = 2

    def sequel(self, word: str) -> str:
        """Return the word in the other letters."""
        return word.translate(OTHER_LETTERS)
