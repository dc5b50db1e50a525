"""From what a person typed to a string of symbols.

White space is skipped and said so. Any other character stays, and if the language does not have
it, it is named by its place and its code point, never shown raw: it may well be invisible, or
look exactly like the bracket it is not.
"""

import unicodedata
from collections.abc import Sized
from dataclasses import dataclass

from countviz.languages.base import Language, describe

PAGE_LIMIT = 20_000
COMMAND_LIMIT = 1_000_000
NAMED = 3  # how many foreign characters are named one by one

# Look-alikes that compatibility normalisation (NFKC) leaves as they are.
SHAPES = {
    "(": "\u2768\u276a\u27ee\u2985\u2e28\ufd3e",
    ")": "\u2769\u276b\u27ef\u2986\u2e29\ufd3f",
    "[": "\u2045\u27e6\u3010\u301a",
    "]": "\u2046\u27e7\u3011\u301b",
    "{": "\u2774\u2983",
    "}": "\u2775\u2984",
    "<": "\u2039\u276c\u276e\u2770\u27e8\u3008",
    ">": "\u203a\u276d\u276f\u2771\u27e9\u3009",
    "a": "\u0430",
    "c": "\u0441",
    "A": "\u0410\u0391",
    "B": "\u0412\u0392",
}
SHAPE_OF = {drawn: symbol for symbol, drawings in SHAPES.items() for drawn in drawings}


class TooLong(ValueError):
    """A text is longer than is read here."""


@dataclass(frozen=True)
class Foreign:
    """A character that a language does not have.

    Attributes
    ----------
    position : int
        Its place in the text as typed, white space included; the first is 1.
    character : str
        The character; show `describe(character)` instead.
    """

    position: int
    character: str


@dataclass(frozen=True, kw_only=True)
class Text:
    """What is left of a typed text, and what there is to say about the rest.

    Attributes
    ----------
    string : str
        The text without its white space, foreign characters included.
    skipped : int
        How many white-space characters there were.
    foreign : tuple of Foreign
        The first few characters that the language does not have.
    foreign_count : int
        How many there are in all; 0 means that `string` can be read.
    alphabet : str
        The symbols of the language.
    """

    string: str
    skipped: int
    foreign: tuple[Foreign, ...]
    foreign_count: int
    alphabet: str

    def sentence(self) -> str:
        """Say for a person what was not taken as typed; empty if there is nothing to say."""
        remarks = [f"character {one.position} is {describe(one.character)}" for one in self.foreign]
        if unnamed := self.foreign_count - len(self.foreign):
            remarks.append(f"{unnamed:,} more {'is' if unnamed == 1 else 'are'} foreign too")
        if remarks:
            *others, last = self.alphabet
            remarks.append(f"only {' '.join(others)} and {last} are counted")
        if self.skipped == 1:
            remarks.append("1 white-space character was skipped")
        elif self.skipped:
            remarks.append(f"{self.skipped:,} white-space characters were skipped")
        return "; ".join(remarks)


def check_length(text: Sized, limit: int) -> None:
    """Refuse a text that is too long; to be called before anything else looks at it.

    Raises
    ------
    TooLong
        If the text has more than `limit` characters.
    """
    if len(text) > limit:
        raise TooLong(
            f"{len(text):,} symbols came; at most {limit:,} are read here. Nothing was counted."
        )


def read_text(text: str, language: Language) -> Text:
    """Remove white space from a text and find what the language does not have.

    Examples
    --------
    >>> from countviz.languages import find_language
    >>> typed = read_text("( x)", find_language("dyck1"))
    >>> typed.string
    '(x)'
    >>> typed.sentence().split("; ")[0]
    "character 3 is 'x' (U+0078 LATIN SMALL LETTER X)"
    """
    string = "".join(text.split())
    foreign = [
        (position, character)
        for position, character in enumerate(text, start=1)
        if character not in language.alphabet and not character.isspace()
    ]
    return Text(
        string=string,
        skipped=len(text) - len(string),
        foreign=tuple(Foreign(*one) for one in foreign[:NAMED]),
        foreign_count=len(foreign),
        alphabet=language.alphabet,
    )


def replace_lookalikes(text: str, language: Language) -> str:
    r"""Replace foreign characters that look like a symbol of the language by that symbol.

    Full-width, small, raised, lowered and ornamental brackets are such look-alikes. Every other
    character stays as it is, so the text keeps its length.

    Examples
    --------
    >>> from countviz.languages import find_language
    >>> replace_lookalikes("\uff08 x\u207e", find_language("dyck1"))
    '( x)'
    """
    symbols = set(language.alphabet)
    plain = {ord(character): _plain(character) for character in set(text) - symbols}
    return text.translate({code: symbol for code, symbol in plain.items() if symbol in symbols})


def has_lookalikes(text: str, language: Language) -> bool:
    """Say whether `replace_lookalikes` would change the text."""
    return replace_lookalikes(text, language) != text


def _plain(character: str) -> str:
    normal = unicodedata.normalize("NFKC", character)
    return SHAPE_OF.get(normal, normal)
