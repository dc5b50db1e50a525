"""Sets of strings to foretell, and scores of foretelling them."""

import numpy as np
import pytest

from countviz.datasets import make_dataset, make_splits_of
from countviz.languages import (
    LANGUAGES,
    NEXT_SYMBOL,
    forecast,
    languages_scored_by,
    measure_ceiling,
)
from countviz.models import Spec, Training
from countviz.next_symbols import BINS, make_every_length, score_next_symbols, spell_strings

SEQUELS = languages_scored_by(NEXT_SYMBOL)
every_sequel = pytest.mark.parametrize("language", SEQUELS.values(), ids=SEQUELS)
COPY = LANGUAGES["marked-copy"]


def foretell(language, strings, shortest, longest):
    """Return the logits of who knows how the strings are drawn."""
    chances = [forecast(language, one, shortest, longest).chances for one in strings]
    return np.log(np.maximum(np.concatenate(chances), 1e-300))


@every_sequel
def test_every_length_of_a_bin_has_as_many_strings_or_all_there_are(language):
    shortest, longest = BINS[0]
    strings = make_every_length(language, data_seed=0, shortest=shortest, longest=longest, each=3)
    lengths, times = np.unique([len(string) - 1 for string in strings], return_counts=True)
    assert set(times) == {1 if language.name == "count-3" else 3}
    assert len(lengths) == len(language.word_lengths(shortest, longest))
    assert shortest <= lengths.min() <= lengths.max() <= longest
    assert strings == make_every_length(
        language, data_seed=0, shortest=shortest, longest=longest, each=3
    )


@every_sequel
def test_the_strings_of_a_batch_are_of_one_length(language):
    recipe = Training(
        train_strings=200, validation_strings=50, shortest=40, longest=80, batch_size=10,
        distinct=False,
    )  # fmt: skip
    splits = make_splits_of(Spec(language=language.name, cell="lstm", recipe=recipe))
    lengths = np.array([len(string) for string in splits.train]).reshape(-1, 10)
    assert (lengths == lengths[:, :1]).all()
    assert len(set(lengths[:, 0].tolist())) > 5
    assert len(splits.validation) == 50
    spell_strings(language, splits.train + splits.validation)


def test_other_languages_are_drawn_as_ever():
    plain = make_dataset(
        LANGUAGES["anbn"], strings=9, shortest=2, longest=50, distinct=False, seed=1
    )
    rng = np.random.default_rng(1)
    assert plain == tuple(LANGUAGES["anbn"].sample(rng, 2, 50) for _ in range(9))


def test_distinct_strings_in_batches_are_refused():
    spec = Spec(language="marked-copy", cell="lstm", recipe=Training(batch_size=10))
    with pytest.raises(ValueError, match="distinct is true, false is right"):
        make_splits_of(spec)


def test_spelled_strings_say_what_their_word_has_told():
    spelled = spell_strings(COPY, ["01#01$", "#$"])
    assert spelled.starts.tolist() == [0, 6, 8]
    assert spelled.symbols.tolist() == [0, 1, 2, 0, 1, 3, 2, 3]
    assert spelled.determined.tolist() == [False] * 3 + [True] * 3 + [False, True]
    assert spell_strings(COPY, []).starts.tolist() == [0]


@pytest.mark.parametrize(
    ("string", "said"),
    [
        ("01#10$", "string 2 .* its symbol 4 may not come there"),
        ("01#01", "string 2 .* its end symbol is missing"),
        ("", "string 2 .* its end symbol is missing"),
        ("0x#0x$", "symbol 4 is 'x'"),
    ],
)
def test_what_is_no_member_cannot_be_spelled(string, said):
    with pytest.raises(ValueError, match=said):
        spell_strings(COPY, ["#$", string])


def test_languages_of_continuations_cannot_be_spelled():
    with pytest.raises(ValueError, match="dyck1 has no end symbol"):
        spell_strings(LANGUAGES["dyck1"], ["()"])
    with pytest.raises(ValueError, match="dyck1 has no end symbol"):
        make_every_length(LANGUAGES["dyck1"], data_seed=0, shortest=2, longest=4)


@every_sequel
def test_the_best_possible_predictions_score_the_ceiling(language):
    window = (20, 40)
    strings = make_every_length(
        language, data_seed=1, shortest=window[0], longest=window[1], each=64
    )
    scores = score_next_symbols(
        foretell(language, strings, *window), spell_strings(language, strings)
    )
    ceiling = measure_ceiling(language, *window)
    assert scores.symbol_accuracy == pytest.approx(ceiling.symbols, abs=0.02)
    assert scores.string_accuracy == pytest.approx(ceiling.strings, abs=0.08)
    assert scores.perplexity == pytest.approx(ceiling.perplexity)


def test_scores_are_counted_by_hand():
    strings = spell_strings(COPY, ["0#0$", "#$"])
    logits = np.zeros((6, 4))
    logits[[0, 1, 2, 3, 4, 5], [0, 0, 0, 3, 2, 1]] = np.log(3)  # says 0, 0, 0, $, # and 1
    scores = score_next_symbols(logits, strings)
    assert scores.right.tolist() == [3, 1]
    assert scores.solved.tolist() == [True, False]
    hit, miss = np.log(2), np.log(6)
    assert scores.surprise == pytest.approx([3 * hit + miss, hit + miss])
    assert scores.symbol_accuracy == pytest.approx(4 / 6)
    assert scores.string_accuracy == pytest.approx(1 / 2)
    assert scores.perplexity == pytest.approx(np.exp((4 * hit + 2 * miss) / 6))


def test_many_models_are_scored_as_each_alone():
    rng = np.random.default_rng(0)
    strings = spell_strings(COPY, ["01#01$", "#$", "1#1$"])
    logits = rng.normal(size=(2, 3, 12, 4)).astype(np.float32)
    together = score_next_symbols(logits, strings)
    assert together.right.shape == together.solved.shape == (2, 3, 3)
    for place in np.ndindex(2, 3):
        alone = score_next_symbols(logits[place], strings)
        assert together.symbol_accuracy[place] == alone.symbol_accuracy
        assert together.perplexity[place] == pytest.approx(alone.perplexity)


def test_logits_that_are_no_numbers_expect_nothing():
    strings = spell_strings(COPY, ["#$"])
    scores = score_next_symbols(np.array([[0, 0, 9.0, 0], [np.nan, 0, 0, np.inf]]), strings)
    assert scores.right.tolist() == [1]
    assert scores.solved.tolist() == [False]
    assert scores.perplexity == np.inf


def test_rows_that_are_missing_are_counted():
    with pytest.raises(ValueError, match="1 rows of logits came for 2 symbols"):
        score_next_symbols(np.zeros((1, 4)), spell_strings(COPY, ["#$"]))
