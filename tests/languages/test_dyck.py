"""Brackets of several kinds, each closed by its own."""

import re
from collections import Counter

import numpy as np
import pytest

from countviz.languages import LANGUAGES, Dyck
from countviz.languages.dyck import Stack

DYCK2, SHUFFLE2, DYCK1 = (LANGUAGES[name] for name in ("dyck2", "shuffle2", "dyck1"))
PAIRS = re.compile(r"\(\)|\[\]")


def vanishes(string):
    """Say whether nothing is left when closed pairs are taken out again and again."""
    while PAIRS.search(string):
        string = PAIRS.sub("", string)
    return not string


def random_words(number, longest):
    rng = np.random.default_rng(0)
    return ["".join(rng.choice(list("()[]"), size=rng.integers(longest))) for _ in range(number)]


def test_the_members_are_those_that_vanish_pair_by_pair():
    words = [*random_words(2_000, 9), *(DYCK2.sample(np.random.default_rng(1), 4, 30),)]
    assert any(map(vanishes, words))
    for word in words:
        assert (word in DYCK2) == vanishes(word)


def test_what_overlaps_is_a_shuffle_and_no_dyck_word():
    assert "([)]" in SHUFFLE2
    assert DYCK2.read("([)]").legal == 2


def test_every_member_is_a_member_of_the_shuffle_and_with_one_kind_of_dyck_1():
    rng = np.random.default_rng(2)
    for _ in range(50):
        word = DYCK2.sample(rng, 2, 40)
        assert word in SHUFFLE2
        assert word.translate(str.maketrans("[]", "()")) in DYCK1


def test_only_the_run_on_top_can_be_closed():
    reading = DYCK2.read("(([[])")
    assert reading.counts.tolist() == [[1, 0], [2, 0], [2, 1], [2, 2], [2, 1], [0, 0]]
    assert reading.closings.tolist() == [[1, 0], [2, 0], [0, 1], [0, 2], [0, 1], [0, 0]]
    assert reading.legal == 5


def test_kinds_are_drawn_equally_often_and_on_their_own():
    rng = np.random.default_rng(3)
    words = [DYCK2.sample(rng, 2, 30) for _ in range(2_000)]
    times = Counter("".join(words))
    assert times["("] == pytest.approx(times["["], rel=0.05)
    first_two = Counter(re.sub(r"[)\]]", "", word)[:2] for word in words if len(word) > 2)
    assert max(first_two.values()) < 1.3 * min(first_two.values())


def test_stacks_are_values():
    empty = DYCK2.start
    one = empty.push(0).push(1)
    assert one == empty.push(0).push(1)
    assert hash(one) == hash(empty.push(0).push(1))
    assert one != empty.push(1).push(1)
    assert one != empty.push(1).push(0)
    assert one.below != one
    assert empty == Stack(-1, None, (0, 0))
    assert one != "(["


def test_a_hundred_thousand_brackets_deep_is_no_trouble():
    n = 100_000
    reading = DYCK2.read("([" * n + "])" * n)
    assert reading.member
    assert reading.counts.max() == n
    assert reading.closings.max() == 1


def test_any_number_of_kinds_can_be_had():
    dyck3 = Dyck("dyck3", ["()", "[]", "{}"])
    assert dyck3.title == "Dyck-3"
    assert "([{}])" in dyck3
    assert "([{])}" not in dyck3
