"""The strings a^n b^n."""

from collections import Counter
from itertools import product

import numpy as np

from countviz.languages import AnBn

ANBN = AnBn()


def test_the_members_are_exactly_as_many_b_after_a():
    expected = {"a" * n + "b" * n for n in range(1, 6)}
    strings = ("".join(symbols) for length in range(12) for symbols in product("ab", repeat=length))
    assert {string for string in strings if string in ANBN} == expected


def test_nothing_may_come_after_a_member():
    reading = ANBN.read("aabb")
    assert reading.counts[:, 0].tolist() == [1, 2, 1, 0]
    assert reading.targets.tolist() == [[True, True], [True, True], [False, True], [False, False]]
    assert ANBN.read("aabba").legal == ANBN.read("aabbb").legal == 4


def test_a_sample_has_every_n_that_fits_equally_often():
    rng = np.random.default_rng(0)
    times = Counter(len(ANBN.sample(rng, 3, 11)) // 2 for _ in range(4_000))
    assert set(times) == {2, 3, 4, 5}
    assert min(times.values()) > 900
