"""The languages that networks learn to count in, one file each.

To add one, write its reader and list it here; the laws every language obeys are then tested on it.
"""

from countviz.languages.anbn import AnBn
from countviz.languages.anbncn import AnBnCn
from countviz.languages.base import Language, Reading, SymbolError
from countviz.languages.dyck1 import Dyck1
from countviz.languages.shuffle import Shuffle

__all__ = [
    "LANGUAGES",
    "AnBn",
    "AnBnCn",
    "Dyck1",
    "Language",
    "Reading",
    "Shuffle",
    "SymbolError",
    "UnknownLanguage",
    "find_language",
]

LANGUAGES: dict[str, Language] = {
    "dyck1": Dyck1(),
    "shuffle2": Shuffle("shuffle2", ["()", "[]"]),
    "shuffle6": Shuffle("shuffle6", ["()", "[]", "{}", "<>", "aA", "bB"]),
    "anbn": AnBn(),
    "anbncn": AnBnCn(),
}


class UnknownLanguage(ValueError):
    """A name was asked for that no language has."""


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
