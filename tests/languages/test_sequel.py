"""The seven languages of a word and its sequel, held against all their short members."""

from collections import Counter
from itertools import product

import numpy as np
import pytest

from countviz.languages import LANGUAGES, NEXT_SYMBOL, languages_scored_by
from countviz.languages.sequel import LONGEST_WORD

SEQUELS = languages_scored_by(NEXT_SYMBOL)
every_sequel = pytest.mark.parametrize("language", SEQUELS.values(), ids=SEQUELS)
MEMBERS = {  # of the word 011, or aaa
    "count-3": "aaabbbccc$",
    "marked-reverse-and-copy": "011#110#011$",
    "count-and-copy": "011###011$",
    "marked-copy": "011#011$",
    "unmarked-copy-different-alphabets": "011233$",
    "unmarked-reverse-and-copy": "011110011$",
    "unmarked-copy": "011011$",
}


def words_up_to(language, length):
    for n in range(length + 1):
        yield from map("".join, product(language.letters, repeat=n))


def test_there_are_the_seven_tasks_in_their_published_order():
    assert list(SEQUELS) == list(MEMBERS)


@every_sequel
def test_a_member_is_written_as_published(language):
    word = "aaa" if language.name == "count-3" else "011"
    assert language.complete(word) == MEMBERS[language.name]
    assert MEMBERS[language.name] in language
    assert MEMBERS[language.name][:-1] not in language
    assert language.word_of(MEMBERS[language.name]) == word


@every_sequel
def test_the_reader_accepts_exactly_the_completed_words(language):
    members = {language.complete(word) for word in words_up_to(language, 4)}
    longest = min(6, *(len(member) for member in members if len(language.word_of(member)) == 4))
    for t in range(longest + 1):
        for symbols in product(language.alphabet, repeat=t):
            assert ("".join(symbols) in language) == ("".join(symbols) in members)


@every_sequel
def test_what_may_come_is_what_comes_in_some_completed_word(language):
    # A word as long as the prefix and one symbol more is enough.
    beginnings = {
        member[:t]
        for member in map(language.complete, words_up_to(language, 6))
        for t in range(len(member) + 1)
    }
    for prefix in (one for one in beginnings if len(one) <= 5):
        state = language.path(prefix)[-1] if prefix else language.start
        expected = tuple(prefix + symbol in beginnings for symbol in language.alphabet)
        assert language.continuations(state) == expected


@every_sequel
def test_every_length_that_fits_is_drawn_equally_often(language):
    rng = np.random.default_rng(0)
    drawn = [language.sample(rng, 12, 24) for _ in range(3_000)]
    times = Counter(len(string) - 1 for string in drawn)
    assert all(12 <= length <= 24 for length in times)
    assert len(times) == len(language.word_lengths(12, 24))
    assert min(times.values()) > 0.8 * 3_000 / len(times)
    letters = Counter("".join(language.word_of(string) for string in drawn))
    assert min(letters.values()) > 0.9 * letters.total() / len(language.letters)


@every_sequel
def test_a_word_longer_than_is_read_is_refused_in_a_sentence(language):
    with pytest.raises(ValueError, match=f"words of {language.name} are read up to 1,000 symbols"):
        language.read(language.letters[0] * (LONGEST_WORD + 1))
    assert language.read(language.letters[0] * LONGEST_WORD).legal == LONGEST_WORD


def test_count_3_counts_what_is_due_as_anbncn_does():
    count_3, anbncn = LANGUAGES["count-3"], LANGUAGES["anbncn"]
    for n in range(1, 6):
        member = "a" * n + "b" * n + "c" * n
        mine, other = count_3.read(f"{member}$"), anbncn.read(member)
        assert np.array_equal(mine.counts[:-1], other.counts)
        assert np.array_equal(mine.closings[:-1], other.closings)


def test_a_word_without_counters_gives_a_reading_without_columns():
    reading = LANGUAGES["marked-copy"].read("01#01$")
    assert reading.counts.shape == reading.closings.shape == (6, 0)
    assert reading.member
