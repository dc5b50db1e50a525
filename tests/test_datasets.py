"""The strings that networks are trained and tested on."""

from collections import Counter
from hashlib import sha256

import numpy as np
import pytest

from countviz.datasets import encode_strings, make_dataset, make_long, make_splits
from countviz.languages import LANGUAGES, SymbolError

DYCK1 = LANGUAGES["dyck1"]
SMALL = {"train": 60, "test": 20, "validation": 30}


@pytest.fixture(scope="module")
def published():
    return make_splits(DYCK1, data_seed=0)


def deepest(string):
    return max(DYCK1.path(string))


def test_the_published_splits_are_the_same_everywhere(published):
    written = "\n".join(published.train).encode("ascii")
    assert sha256(written).hexdigest() == (
        "d97608c1fe5fadb4aa22a5765264131ab3c1d2833e0446ab0d1bd4d0b2e949a0"
    )


def test_the_published_splits_are_distinct_members_of_the_published_sizes(published):
    splits = (published.train, published.test, published.validation)
    assert [len(split) for split in splits] == [10_000, 5_000, 5_000]
    pool = [string for split in splits for string in split]
    assert len(set(pool)) == 20_000
    assert all(2 <= len(string) <= 50 for string in pool)
    assert all(string in DYCK1 for string in pool)


def test_the_training_split_has_the_published_shape(published):
    lengths = Counter(map(len, published.train))
    assert [lengths[length] for length in (2, 4, 6, 8)] == [1, 2, 5, 14]  # all there are
    assert 36 <= lengths[10] <= 42  # of 42; 41 in the published one
    assert np.mean([len(string) for string in published.train]) == pytest.approx(31.5, abs=0.4)
    depths = [deepest(string) for string in published.train]
    assert np.mean(depths) == pytest.approx(8.5, abs=0.2)
    assert 19 <= max(depths) <= 25  # 21 in the published one


def test_later_splits_are_longer_as_short_strings_are_used_up(published):
    train, test, validation = (
        np.mean([len(string) for string in split])
        for split in (published.train, published.test, published.validation)
    )
    assert train < test < validation
    assert min(map(len, published.validation)) >= 10


def test_long_strings_are_members_beyond_the_training_lengths():
    strings = make_long(DYCK1, data_seed=0, strings=300)
    assert len(set(strings)) == 300
    assert all(string in DYCK1 and 52 <= len(string) <= 100 for string in strings)


def test_the_seed_decides_the_strings():
    first = make_splits(DYCK1, data_seed=1, **SMALL)
    assert first == make_splits(DYCK1, data_seed=1, **SMALL)
    assert first != make_splits(DYCK1, data_seed=2, **SMALL)


def test_splits_are_cut_from_one_pool_in_order():
    splits = make_splits(DYCK1, data_seed=3, **SMALL)
    whole = make_splits(DYCK1, data_seed=3, train=110, test=0, validation=0)
    assert splits.train + splits.test + splits.validation == whole.train


def test_short_and_long_strings_come_from_independent_streams():
    window = {"shortest": 10, "longest": 50}
    short = make_splits(DYCK1, data_seed=0, train=50, test=0, validation=0, **window).train
    assert short != make_long(DYCK1, data_seed=0, strings=50, **window)


def test_a_language_with_few_members_says_how_many_distinct_ones_it_gave():
    with pytest.raises(ValueError, match=r"20,000 distinct strings of anbncn .* only 16 found"):
        make_splits(LANGUAGES["anbncn"], data_seed=0)


def test_a_language_with_few_members_can_repeat_them():
    splits = make_splits(LANGUAGES["anbncn"], data_seed=0, distinct=False, **SMALL)
    assert len(splits.train) == 60
    assert len(set(splits.train)) <= 16


def test_all_distinct_strings_of_a_language_can_be_had():
    strings = make_dataset(
        LANGUAGES["anbn"], strings=25, shortest=2, longest=50, distinct=True, seed=0
    )
    assert sorted(map(len, strings)) == list(range(2, 51, 2))


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)
def test_encoded_strings_are_their_readings_end_to_end(language):
    strings = make_dataset(language, strings=20, shortest=3, longest=24, distinct=False, seed=0)
    encoded = encode_strings(language, strings)
    assert len(encoded.starts) == 21
    for b, string in enumerate(strings):
        place = slice(encoded.starts[b], encoded.starts[b + 1])
        assert np.array_equal(encoded.symbols[place], language.encode(string))
        assert np.array_equal(encoded.targets[place], language.read(string).targets)


def test_empty_strings_and_no_strings_can_be_encoded():
    assert encode_strings(DYCK1, ["", "()", ""]).starts.tolist() == [0, 0, 2, 2]
    assert encode_strings(DYCK1, []).targets.shape == (0, 2)


def test_a_string_without_targets_is_refused_by_number_and_place():
    with pytest.raises(ValueError, match=r"string 2 is not .* of dyck1: its symbol 3 may not"):
        encode_strings(DYCK1, ["()", "())"])
    with pytest.raises(SymbolError, match="symbol 4 is"):
        encode_strings(DYCK1, ["()", "(x"])
