"""Shuffles of Dyck-1."""

from collections import Counter
from itertools import product

import numpy as np

from countviz.languages import LANGUAGES, Dyck1, Shuffle

SHUFFLE2 = LANGUAGES["shuffle2"]


def test_a_string_is_a_member_exactly_if_each_kind_alone_is():
    for length in range(7):
        for string in map("".join, product("()[]", repeat=length)):
            round_ones = "".join(symbol for symbol in string if symbol in "()")
            square_ones = "".join("()"["[]".index(symbol)] for symbol in string if symbol in "[]")
            alone = round_ones in Dyck1() and square_ones in Dyck1()
            assert (string in SHUFFLE2) == alone


def test_overlapping_pairs_are_members():
    assert "([)]" in SHUFFLE2
    assert "(]" not in SHUFFLE2


def test_a_reading_counts_each_kind_apart():
    reading = SHUFFLE2.read("([[)]]")
    assert reading.counts.tolist() == [[1, 0], [1, 1], [1, 2], [0, 2], [0, 1], [0, 0]]
    assert reading.targets[3].tolist() == [True, False, True, True]
    assert reading.balance is None


def test_any_kind_may_open_and_only_open_kinds_may_close():
    shuffle6 = LANGUAGES["shuffle6"]
    reading = shuffle6.read(shuffle6.sample(np.random.default_rng(0), 30, 50))
    assert reading.targets[:, 0::2].all()
    assert np.array_equal(reading.targets[:, 1::2], reading.counts > 0)


def test_a_shuffle_of_one_kind_is_dyck1():
    one = Shuffle("shuffle1", ["()"])
    for string in map("".join, product("()", repeat=8)):
        assert (string in one) == (string in Dyck1())


def test_interleavings_are_equally_likely():
    rng = np.random.default_rng(0)
    drawn = [SHUFFLE2.sample(rng, 4, 4) for _ in range(6_000)]
    mixed = Counter(string for string in drawn if set(string) == set("()[]"))
    assert len(mixed) == 6  # the ways to interleave () and []
    expected = mixed.total() / 6
    chi_square = sum((times - expected) ** 2 / expected for times in mixed.values())
    assert chi_square < 20.5  # exceeded once in a thousand, with 5 degrees of freedom


def test_samples_use_every_kind_of_bracket():
    rng = np.random.default_rng(0)
    shuffle6 = LANGUAGES["shuffle6"]
    drawn = "".join(shuffle6.sample(rng, 2, 50) for _ in range(50))
    assert set(drawn) == set(shuffle6.alphabet)
