"""The languages that networks learn to count in, one file each.

To add one, write its reader and list it here; the laws every language obeys are then tested on it.
"""

from countviz.languages.anbn import AnBn
from countviz.languages.anbncn import AnBnCn
from countviz.languages.base import CONTINUATIONS, NEXT_SYMBOL, Language, Reading, SymbolError
from countviz.languages.count_3 import Count3
from countviz.languages.count_and_copy import CountAndCopy
from countviz.languages.dyck import Dyck
from countviz.languages.dyck1 import Dyck1
from countviz.languages.marked_copy import MarkedCopy
from countviz.languages.marked_reverse_and_copy import MarkedReverseAndCopy
from countviz.languages.prediction import (
    Forecast,
    Score,
    forecast,
    measure_ceiling,
    measure_trivial,
)
from countviz.languages.sequel import Sequel
from countviz.languages.shuffle import Shuffle
from countviz.languages.unmarked_copy import UnmarkedCopy
from countviz.languages.unmarked_copy_different_alphabets import UnmarkedCopyDifferentAlphabets
from countviz.languages.unmarked_reverse_and_copy import UnmarkedReverseAndCopy

__all__ = [
    "CONTINUATIONS",
    "LANGUAGES",
    "NEXT_SYMBOL",
    "AnBn",
    "AnBnCn",
    "Count3",
    "CountAndCopy",
    "Dyck",
    "Dyck1",
    "Forecast",
    "Language",
    "MarkedCopy",
    "MarkedReverseAndCopy",
    "OtherScoring",
    "Reading",
    "Score",
    "Sequel",
    "Shuffle",
    "SymbolError",
    "UnknownLanguage",
    "UnmarkedCopy",
    "UnmarkedCopyDifferentAlphabets",
    "UnmarkedReverseAndCopy",
    "find_language",
    "forecast",
    "languages_scored_by",
    "measure_ceiling",
    "measure_trivial",
    "require_continuations",
]

TWO_KINDS = ["()", "[]"]
SIX_KINDS = [*TWO_KINDS, "{}", "<>", "aA", "bB"]

LANGUAGES: dict[str, Language] = {
    language.name: language
    for language in (
        Dyck1(),
        Dyck("dyck2", TWO_KINDS),
        Dyck("dyck6", SIX_KINDS),
        Shuffle("shuffle2", TWO_KINDS),
        Shuffle("shuffle6", SIX_KINDS),
        AnBn(),
        AnBnCn(),
        Count3(),
        MarkedReverseAndCopy(),
        CountAndCopy(),
        MarkedCopy(),
        UnmarkedCopyDifferentAlphabets(),
        UnmarkedReverseAndCopy(),
        UnmarkedCopy(),
    )
}


class UnknownLanguage(ValueError):
    """A name was asked for that no language has."""


class OtherScoring(ValueError):
    """What is asked of a language is asked only of those of another scoring."""


def find_language(name: str) -> Language:
    """Find a language by its name.

    Raises
    ------
    UnknownLanguage
        If there is none; it says which there are.

    Examples
    --------
    >>> find_language("dyck1")
    <dyck1 over ( )>
    """
    if name not in LANGUAGES:
        raise UnknownLanguage(f"no language named {name}; there are: {', '.join(LANGUAGES)}")
    return LANGUAGES[name]


def languages_scored_by(scoring: str) -> dict[str, Language]:
    """Return the languages of a scoring, by name.

    >>> len(languages_scored_by(NEXT_SYMBOL))
    7
    """
    return {name: one for name, one in LANGUAGES.items() if one.scoring == scoring}


def require_continuations(name: str, what: str) -> None:
    """Refuse a language whose models do not say which symbols may come next.

    Parameters
    ----------
    name
        The language's name.
    what
        What was asked for, with its article, as in ``a trace``.

    Raises
    ------
    OtherScoring
        If its models say which symbol comes; it names the languages that are right.

    """
    if find_language(name).scoring != CONTINUATIONS:
        right = ", ".join(languages_scored_by(CONTINUATIONS))
        raise OtherScoring(
            f"{what} asks which symbols may come next, but models of {name} say which one comes; "
            f"the languages for it are: {right}"
        )
