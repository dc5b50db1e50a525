"""The list of languages."""

import pytest

from countviz.languages import LANGUAGES, UnknownLanguage, find_language


def test_a_language_is_found_by_its_name():
    assert find_language("anbncn").title == "aⁿbⁿcⁿ"


def test_an_unknown_name_is_answered_with_the_known_ones():
    with pytest.raises(UnknownLanguage) as error:
        find_language("dyck9")
    assert str(error.value) == (f"no language named dyck9; there are: {', '.join(LANGUAGES)}")
