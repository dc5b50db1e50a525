"""What can be foretold, held against looking at every string there is."""

from collections import defaultdict
from itertools import product

import numpy as np
import pytest

from countviz.languages import (
    LANGUAGES,
    NEXT_SYMBOL,
    SymbolError,
    forecast,
    languages_scored_by,
    measure_ceiling,
    measure_trivial,
)

SEQUELS = languages_scored_by(NEXT_SYMBOL)
every_sequel = pytest.mark.parametrize("language", SEQUELS.values(), ids=SEQUELS)
WINDOW = (5, 13)
BINS = ((40, 100), (100, 200), (200, 400))
BLIND = ("unmarked-reverse-and-copy", "unmarked-copy")  # where a word's end cannot be seen


def chances_of_strings(language):
    """Return every member of the window with its chance."""
    lengths = language.word_lengths(*WINDOW)
    return {
        language.complete("".join(word)): 1 / len(lengths) / len(language.letters) ** n
        for n in lengths
        for word in product(language.letters, repeat=n)
    }


def chances_of_symbols(language):
    """Return what comes after every beginning, by adding up the strings that go on so."""
    after = defaultdict(lambda: np.zeros(len(language.alphabet)))
    for string, chance in chances_of_strings(language).items():
        for t, symbol in enumerate(string):
            after[string[:t]][language.alphabet.index(symbol)] += chance
    return after


@every_sequel
def test_the_chances_of_a_symbol_are_those_of_all_strings_that_go_on_so(language):
    after = chances_of_symbols(language)
    for string in chances_of_strings(language):
        seen = forecast(language, string, *WINDOW)
        assert seen.legal == len(string)
        assert seen.came.tolist() == language.encode(string).tolist()
        for t, row in enumerate(seen.chances):
            assert row == pytest.approx(after[string[:t]] / after[string[:t]].sum())


@every_sequel
def test_the_ceiling_is_how_often_the_likeliest_symbol_comes(language):
    after, strings = chances_of_symbols(language), chances_of_strings(language)
    symbols = sum(chance * len(string) for string, chance in strings.items())
    ceiling = measure_ceiling(language, *WINDOW)
    best = sum(row.max() for row in after.values()) / symbols
    assert ceiling.symbols == pytest.approx(best, abs=4 * ceiling.error + 1e-12)
    assert (ceiling.error == 0) == (language.name not in BLIND)
    surprise = -sum(chance * np.log(chance) for chance in strings.values())
    assert ceiling.perplexity == pytest.approx(np.exp(surprise / symbols))


@every_sequel
def test_the_trivial_predictor_knows_what_follows_each_symbol_and_no_more(language):
    follows = defaultdict(lambda: np.zeros(len(language.alphabet)))
    for string, chance in chances_of_strings(language).items():
        for before, symbol in zip(["", *string], string, strict=False):
            follows[before][language.alphabet.index(symbol)] += chance
    symbols = sum(row.sum() for row in follows.values())
    trivial = measure_trivial(language, *WINDOW)
    assert trivial.symbols == pytest.approx(sum(row.max() for row in follows.values()) / symbols)
    surprise = -sum(
        (row * np.log(row / row.sum(), where=row > 0, out=np.zeros_like(row))).sum()
        for row in follows.values()
    )
    assert trivial.perplexity == pytest.approx(np.exp(surprise / symbols))


# Rows: trivial, ceiling in three bins, worked out on paper: a coin for each letter and for where it
# ends, all else repeated or known. Whoever knows the window is right a little more often, near its
# end, and without marks less often than if the word's end were known.
BY_HAND = {
    "count-3": ((0.958, 0.980, 0.990), (0.986, 0.993, 0.997)),
    "count-and-copy": ((0.643, 0.656, 0.661), (0.822, 0.828, 0.831)),
    "marked-reverse-and-copy": ((0.479, 0.490, 0.495), (0.826, 0.830, 0.832)),
    "marked-copy": ((0.486, 0.493, 0.497), (0.743, 0.747, 0.748)),
    "unmarked-copy-different-alphabets": ((0.486, 0.493, 0.497), (0.739, 0.745, 0.748)),
    "unmarked-reverse-and-copy": ((0.493, 0.497, 0.498), (0.836, 0.834, 0.834)),
    "unmarked-copy": ((0.493, 0.497, 0.498), (0.754, 0.752, 0.751)),
}


@pytest.mark.parametrize("place", [0, 1])
@pytest.mark.parametrize("name", [name for name in BY_HAND if name not in BLIND])
def test_ceilings_are_what_is_worked_out_on_paper(name, place):
    ceiling = measure_ceiling(LANGUAGES[name], *BINS[place])
    assert BY_HAND[name][1][place] - 0.0005 <= ceiling.symbols <= BY_HAND[name][1][place] + 0.0015
    assert ceiling.strings == pytest.approx(1)


@pytest.mark.parametrize("name", BLIND)
def test_a_word_whose_end_cannot_be_seen_makes_the_ceiling_lower(name):
    ceiling = measure_ceiling(LANGUAGES[name], *BINS[0])
    assert BY_HAND[name][1][0] - 0.015 < ceiling.symbols < BY_HAND[name][1][0] - 0.01
    assert ceiling.error < 0.0004
    assert 0.5 < ceiling.strings < 0.7


@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize("name", BY_HAND)
def test_trivial_predictors_are_what_is_worked_out_on_paper(name, place):
    shortest, longest = BINS[place]
    mean = np.mean(
        [
            len(LANGUAGES[name].complete("0" * n))
            for n in LANGUAGES[name].word_lengths(shortest, longest)
        ]
    )
    off = {
        "count-and-copy": -0.5,  # the first letter after the marks is no coin: a mark is expected
        "unmarked-reverse-and-copy": 1,  # where the word turns around its letter comes twice
    }.get(name, 0)
    expected = BY_HAND[name][0][place] + off / mean
    assert measure_trivial(LANGUAGES[name], shortest, longest).symbols == pytest.approx(
        expected, abs=0.0006
    )


def test_nothing_is_foretold_after_what_cannot_come():
    seen = forecast(LANGUAGES["marked-copy"], "01#1$", 5, 9)
    assert seen.legal == 3
    assert (seen.chances.sum(axis=1) == [1, 1, 1, 1, 0]).all()


def test_the_beginning_of_a_string_can_be_foretold_too():
    whole = forecast(LANGUAGES["unmarked-copy"], "010010$", 2, 12)
    part = forecast(LANGUAGES["unmarked-copy"], "0100", 2, 12)
    assert np.array_equal(part.chances, whole.chances[:4])
    assert forecast(LANGUAGES["unmarked-copy"], "", 2, 12).chances.shape == (0, 3)


def test_lengths_and_symbols_that_there_are_not_are_refused():
    with pytest.raises(ValueError, match="lengths from 7 to 7 came"):
        forecast(LANGUAGES["count-3"], "abc$", 7, 7)
    with pytest.raises(SymbolError, match="symbol 1 is 'x'"):
        forecast(LANGUAGES["count-3"], "x", 3, 9)
