"""The strings a^n b^n c^n."""

from collections import Counter
from itertools import product

import numpy as np

from countviz.languages import AnBnCn

ANBNCN = AnBnCn()


def test_the_members_are_exactly_as_many_b_and_c_after_a():
    strings = ("".join(symbols) for length in range(9) for symbols in product("abc", repeat=length))
    assert {string for string in strings if string in ANBNCN} == {"abc", "aabbcc"}
    assert "aaabbbccc" in ANBNCN


def test_the_counters_pass_the_count_on_from_b_to_c():
    reading = ANBNCN.read("aabbcc")
    assert reading.counts.tolist() == [[1, 0], [2, 0], [1, 1], [0, 2], [0, 1], [0, 0]]
    assert reading.closings.tolist() == [[1, 0], [2, 0], [1, 0], [0, 2], [0, 1], [0, 0]]


def test_a_c_must_wait_for_the_last_b():
    allowed = ["".join(np.array(list("abc"))[row]) for row in ANBNCN.read("aabbcc").targets]
    assert allowed == ["ab", "ab", "b", "c", "c", ""]
    assert ANBNCN.read("aabcc").legal == 3


def test_a_sample_has_every_n_that_fits_equally_often():
    rng = np.random.default_rng(0)
    times = Counter(len(ANBNCN.sample(rng, 4, 15)) // 3 for _ in range(4_000))
    assert set(times) == {2, 3, 4, 5}
    assert min(times.values()) > 900
