"""Names of characters and the errors that carry them."""

import pytest

from countviz.languages import LANGUAGES, SymbolError
from countviz.languages.base import describe, intern

DYCK1 = LANGUAGES["dyck1"]


def test_a_foreign_symbol_is_named_by_place_and_code_point():
    with pytest.raises(SymbolError) as error:
        DYCK1.encode("(a)")
    assert str(error.value) == (
        "symbol 2 is 'a' (U+0061 LATIN SMALL LETTER A), which is not in the alphabet of dyck1: ( )"
    )


@pytest.mark.parametrize(
    ("character", "name"),
    [
        ("\x1b", "U+001B (no name)"),
        ("\u202e", "U+202E RIGHT-TO-LEFT OVERRIDE"),
        ("\u0301", "U+0301 COMBINING ACUTE ACCENT"),
        ("\ud800", "U+D800 (no name)"),
        ("\U0001f600", "U+1F600 GRINNING FACE"),
    ],
)
def test_only_printable_ascii_is_shown_as_itself(character, name):
    assert describe(character) == name
    with pytest.raises(SymbolError, match="symbol 1 is U") as error:
        DYCK1.read(character)
    assert character not in str(error.value)


def test_a_symbol_that_may_not_come_is_no_error():
    assert DYCK1.read(")(").legal == 0


def test_the_distinct_states_of_a_path_give_it_back():
    states, rows = intern("abracadabra")
    assert states == ["a", "b", "r", "c", "d"]
    assert "".join(states[row] for row in rows) == "abracadabra"


def test_a_language_shows_its_name_and_alphabet():
    assert repr(LANGUAGES["shuffle2"]) == "<shuffle2 over ( ) [ ]>"
