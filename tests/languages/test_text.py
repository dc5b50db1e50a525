"""What a person typed."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countviz.languages import LANGUAGES
from countviz.languages.text import (
    SHAPES,
    TooLong,
    check_length,
    has_lookalikes,
    read_text,
    replace_lookalikes,
)

DYCK1 = LANGUAGES["dyck1"]
languages = st.sampled_from(list(LANGUAGES.values()))
# Arbitrary characters, surrogates and controls among them, and often those that matter here.
texts = st.text(st.one_of(st.characters(), st.sampled_from("()[]ab \n\u3000\uff08\u2769\u200b")))


@given(texts, languages)
def test_white_space_symbols_and_foreign_characters_make_up_the_text(text, language):
    read = read_text(text, language)
    symbols = sum(character in language.alphabet for character in text)
    assert symbols + read.foreign_count + read.skipped == len(text)
    assert read.string == "".join(c for c in text if not c.isspace())


@given(texts, languages)
def test_foreign_characters_are_found_where_they_were_typed(text, language):
    read = read_text(text, language)
    assert len(read.foreign) == min(read.foreign_count, 3)
    for one in read.foreign:
        assert text[one.position - 1] == one.character
        assert one.character not in language.alphabet


@given(texts, languages)
def test_a_text_without_foreign_characters_can_be_encoded(text, language):
    read = read_text(text, language)
    if read.foreign_count == 0:
        assert len(language.encode(read.string)) == len(read.string)


@given(texts, languages)
def test_sentences_are_printable_and_empty_only_if_all_was_taken_as_typed(text, language):
    read = read_text(text, language)
    assert read.sentence().isprintable()
    assert read.sentence().isascii()
    assert (read.sentence() == "") == (read.string == text and read.foreign_count == 0)


@given(texts, languages)
def test_replacing_lookalikes_changes_only_foreign_characters_into_symbols(text, language):
    replaced = replace_lookalikes(text, language)
    assert len(replaced) == len(text)
    for before, after in zip(text, replaced, strict=True):
        if before != after:
            assert before not in language.alphabet
            assert after in language.alphabet
    assert not has_lookalikes(replaced, language)
    assert has_lookalikes(text, language) == (replaced != text)


def test_the_first_foreign_character_is_named():
    assert read_text("\uff08)", DYCK1).sentence() == (
        "character 1 is U+FF08 FULLWIDTH LEFT PARENTHESIS; only ( and ) are counted"
    )


def test_many_foreign_characters_are_named_three_and_counted_on():
    sentence = read_text("(abcde)", DYCK1).sentence()
    assert "character 2 is 'a' (U+0061 LATIN SMALL LETTER A); character 3 is 'b'" in sentence
    assert sentence.endswith("; 2 more are foreign too; only ( and ) are counted")
    assert "1 more is foreign too" in read_text("abcd", DYCK1).sentence()


def test_skipped_white_space_is_counted():
    assert read_text("( )", DYCK1).sentence() == "1 white-space character was skipped"
    assert read_text(" (\n)\u3000", DYCK1).sentence() == "3 white-space characters were skipped"


def test_an_invisible_character_is_foreign_and_not_white_space():
    sentence = read_text("\ufeff()", DYCK1).sentence()
    assert sentence.startswith("character 1 is U+FEFF ZERO WIDTH NO-BREAK SPACE")


@pytest.mark.parametrize(
    "pair",
    ["\uff08\uff09", "\ufe59\ufe5a", "\u207d\u207e", "\u208d\u208e", "\u2768\u2769"],
    ids=["full-width", "small", "raised", "lowered", "ornamental"],
)
def test_lookalike_parentheses_become_parentheses(pair):
    assert replace_lookalikes(pair, DYCK1) == "()"


def test_lookalikes_of_other_languages_are_left_alone():
    assert replace_lookalikes("\uff3b\uff41", DYCK1) == "\uff3b\uff41"
    assert replace_lookalikes("\uff41\u0430", LANGUAGES["anbn"]) == "aa"


@pytest.mark.parametrize(
    ("symbols", "word"), [("([{<", "LEFT"), (")]}>", "RIGHT"), ("ac", "SMALL"), ("AB", "CAPITAL")]
)
def test_shapes_are_named_as_their_symbols_are_and_not_known_to_normalisation(symbols, word):
    for drawn in "".join(SHAPES[symbol] for symbol in symbols):
        assert word in unicodedata.name(drawn)
        assert unicodedata.normalize("NFKC", drawn) == drawn


def test_a_text_that_is_too_long_is_refused_with_both_numbers():
    check_length("(" * 20, limit=20)
    with pytest.raises(TooLong) as error:
        check_length("(" * 5_000_000, limit=20_000)
    assert str(error.value) == (
        "5,000,000 symbols came; at most 20,000 are read here. Nothing was counted."
    )
