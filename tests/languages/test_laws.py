"""What holds in every language of the registry; a new language is tested here by being listed."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from countviz.languages import CONTINUATIONS, LANGUAGES, NEXT_SYMBOL, SymbolError

every_language = pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)


def horizon(language):
    """Up to which length all strings can be looked at: 14 for two symbols, 4 for twelve."""
    return int(np.log(30_000) / np.log(len(language.alphabet)))


def strings_up_to(language, length):
    for t in range(length + 1):
        yield from map("".join, product(language.alphabet, repeat=t))


def random_strings(language, number=50, longest=40):
    rng = np.random.default_rng(0)
    symbols = list(language.alphabet)
    for _ in range(number):
        yield "".join(rng.choice(symbols, size=rng.integers(longest + 1)))


def members_up_to(language, length):
    return [string for string in strings_up_to(language, length) if string in language]


def samples(language, number=50, shortest=6, longest=30):
    rng = np.random.default_rng(0)
    return [language.sample(rng, shortest, longest) for _ in range(number)]


@every_language
def test_a_language_is_listed_under_its_own_name(language):
    assert LANGUAGES[language.name] is language


@every_language
def test_an_alphabet_has_distinct_visible_symbols(language):
    assert len(set(language.alphabet)) == len(language.alphabet)
    assert language.alphabet.isprintable()
    assert not any(symbol.isspace() for symbol in language.alphabet)


@every_language
def test_every_counter_has_its_own_closer(language):
    assert set(language.closers) <= set(language.alphabet)
    assert len(set(language.closers)) == len(language.closers)
    assert len(language.closers) == len(language.counts(language.start))


@every_language
def test_a_symbol_may_come_exactly_if_some_member_goes_on_with_it(language):
    # Every beginning of t symbols must lead to a member of at most 3t, or 3t + 3 where there is an
    # end symbol; true of all languages here.
    longest = horizon(language)
    members = members_up_to(language, longest)
    beginnings = {member[:t] for member in members for t in range(len(member) + 1)}
    tried = (longest - 3 * len(language.end)) // 3 - 1
    for prefix in filter(beginnings.__contains__, strings_up_to(language, tried)):
        state = language.path(prefix)[-1] if prefix else language.start
        expected = tuple(prefix + symbol in beginnings for symbol in language.alphabet)
        assert language.continuations(state) == expected


@every_language
def test_a_member_is_a_string_that_is_legal_throughout_and_accepted_at_its_end(language):
    for string in strings_up_to(language, horizon(language) - 1):
        path = [language.start, *language.path(string)]
        accepted = len(path) == len(string) + 1 and language.accepts(path[-1])
        assert (string in language) == accepted
    assert any(string in language for string in strings_up_to(language, horizon(language)))


@every_language
def test_reading_agrees_with_stepping_one_symbol_at_a_time(language):
    for string in [*random_strings(language), *samples(language)]:
        reading = language.read(string)
        state = language.start
        for t, symbol in enumerate(string):
            state = language.step(state, symbol)
            if state is None:
                assert reading.legal == t
                break
            assert tuple(reading.counts[t]) == language.counts(state)
            assert tuple(reading.closings[t]) == language.closings(state)
            assert tuple(reading.targets[t]) == language.continuations(state)
        else:
            assert reading.legal == len(string)
        assert reading.member == (string in language)


@every_language
def test_rows_after_the_first_illegal_symbol_are_zero(language):
    broken = [s for s in random_strings(language) if len(language.path(s)) < len(s)]
    assert broken
    for string in broken:
        reading = language.read(string)
        for array in (reading.counts, reading.closings, reading.targets):
            assert len(array) == len(string)
            assert not array[reading.legal :].any()


@every_language
def test_counts_are_never_negative_and_zero_at_the_end_of_a_member(language):
    for string in [*random_strings(language), *samples(language)]:
        reading = language.read(string)
        assert (reading.counts >= 0).all()
        if reading.member:
            assert not reading.counts[-1:].any()


@every_language
def test_closings_are_how_often_a_closer_can_be_read(language):
    for string in samples(language, number=10):
        for state in language.path(string):
            for closer, closings in zip(language.closers, language.closings(state), strict=True):
                read, ahead = -1, state
                while ahead is not None:
                    read, ahead = read + 1, language.step(ahead, closer)
                assert read == closings


@every_language
@pytest.mark.parametrize(("shortest", "longest"), [(0, 12), (2, 50), (29, 36)])
def test_a_sample_is_a_member_within_the_lengths_asked_for(language, shortest, longest):
    for string in samples(language, 30, shortest, longest):
        assert string in language
        assert shortest <= len(string) - len(language.end) <= longest


@every_language
def test_every_length_that_a_member_has_can_be_asked_for_and_no_other(language):
    longest = horizon(language)
    lengths = {len(string) - len(language.end) for string in members_up_to(language, longest)}
    rng = np.random.default_rng(0)
    for length in range(longest):
        if length in lengths:
            assert len(language.sample(rng, length, length)) == length + len(language.end)
        else:
            with pytest.raises(ValueError, match=f"lengths from {length} to {length} came"):
                language.sample(rng, length, length)


@every_language
def test_a_language_has_an_end_symbol_exactly_if_it_is_scored_by_the_next_symbol(language):
    assert (language.scoring == NEXT_SYMBOL) == (language.end != "")
    assert language.scoring in (CONTINUATIONS, NEXT_SYMBOL)
    if language.end:
        assert language.alphabet[-1] == language.end
        for string in samples(language):
            assert string.count(language.end) == 1
            assert not any(language.continuations(language.path(string)[-1]))


@every_language
def test_samples_are_not_all_the_same_and_the_seed_decides_them(language):
    assert len(set(samples(language))) > 5
    assert samples(language) == samples(language)


@every_language
@pytest.mark.parametrize(("shortest", "longest"), [(9, 8), (-4, -1)])
def test_asking_for_lengths_that_are_none_is_refused(language, shortest, longest):
    with pytest.raises(ValueError, match=f"lengths from {shortest} to {longest} came"):
        language.sample(np.random.default_rng(0), shortest, longest)


@every_language
@given(data=st.data())
def test_encoding_keeps_every_symbol(language, data):
    string = data.draw(st.text(language.alphabet))
    indices = language.encode(string)
    assert indices.dtype == np.int64
    assert "".join(language.alphabet[index] for index in indices) == string


@every_language
@given(string=st.text(), foreign=st.characters(codec="utf-8").filter(lambda c: not c.isascii()))
def test_a_foreign_symbol_is_an_error_to_encode_and_makes_no_member(language, string, foreign):
    with pytest.raises(SymbolError, match=f"alphabet of {language.name}"):
        language.encode(string + foreign)
    assert string + foreign not in language


@every_language
def test_readings_cannot_be_written_to(language):
    reading = language.read(samples(language)[0])
    for array in (reading.counts, reading.closings, reading.targets, reading.balance):
        if array is not None:
            with pytest.raises(ValueError, match="read-only"):
                array[0] = 0


@every_language
def test_the_empty_string_gives_a_reading_without_rows(language):
    reading = language.read("")
    assert reading.counts.shape == reading.closings.shape == (0, len(language.closers))
    assert reading.targets.shape == (0, len(language.alphabet))
    assert reading.legal == 0
    assert reading.member == language.accepts(language.start)
