"""Dyck-1, its two random sources and its families."""

import re
from collections import Counter
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from countviz.languages import Dyck1, Language
from countviz.languages.dyck1 import (
    flat,
    grammar_lengths,
    grammar_member,
    long_grammar_member,
    nested,
    uniform_member,
    zigzag,
)

DYCK1 = Dyck1()


def test_a_string_is_a_member_exactly_if_deleting_pairs_leaves_nothing():
    for length in range(11):
        for string in map("".join, product("()", repeat=length)):
            rest = string
            while "()" in rest:
                rest = rest.replace("()", "")
            assert (string in DYCK1) == (rest == "")


def test_a_reading_counts_open_parentheses():
    reading = DYCK1.read("(())()")
    assert reading.counts[:, 0].tolist() == [1, 2, 1, 0, 1, 0]
    assert reading.targets.tolist() == [[True, count > 0] for count in reading.counts[:, 0]]
    assert reading.member


def test_the_balance_goes_on_after_an_illegal_symbol():
    reading = DYCK1.read("())(()")
    assert reading.balance.tolist() == [1, 0, -1, 0, 1, 0]
    assert reading.legal == 2
    assert not reading.member


def test_a_million_symbols_can_be_read():
    reading = DYCK1.read(nested(500_000))
    assert reading.member
    assert reading.counts.max() == reading.counts[499_999, 0] == 500_000
    assert reading.targets[:, 1].sum() == 999_999


@given(st.lists(st.text("()", max_size=12), max_size=5))
def test_one_sum_over_many_strings_reads_as_the_reader_does(strings):
    try:
        states, rows = Language.walk(DYCK1, strings)
    except ValueError as refused:
        with pytest.raises(ValueError, match=re.escape(str(refused))):
            DYCK1.walk(strings)
    else:
        summed, places = DYCK1.walk(strings)
        assert [summed[place] for place in places] == [states[row] for row in rows]


def test_the_uniform_sampler_gives_all_members_of_a_length_equally_often():
    rng = np.random.default_rng(0)
    draws = 14_000
    found = Counter(uniform_member(rng, 8) for _ in range(draws))
    assert len(found) == 14
    assert all(word in DYCK1 for word in found)
    expected = draws / 14
    chi_square = sum((times - expected) ** 2 / expected for times in found.values())
    assert chi_square < 34.5  # exceeded once in a thousand, with 13 degrees of freedom


@pytest.mark.parametrize("length", [0, 2, 1_000_000])
def test_the_uniform_sampler_gives_the_length_asked_for(length):
    member = uniform_member(np.random.default_rng(0), length)
    assert len(member) == length
    assert member in DYCK1


@pytest.mark.parametrize("length", [-2, 7])
@pytest.mark.parametrize("draw", [uniform_member, long_grammar_member])
def test_no_member_has_an_odd_or_negative_length(draw, length):
    with pytest.raises(ValueError, match=f"a length of {length} came"):
        draw(np.random.default_rng(0), length)


def test_the_grammar_with_room_for_one_pair_writes_it_at_the_rate_of_the_golden_ratio():
    # With x the chance of "()": x = 1/2 + 1/4 * 2x(1 - x), as two pairs are dropped, so x² + x = 1.
    rng = np.random.default_rng(0)
    draws = 10_000
    found = Counter(grammar_member(rng, 2) for _ in range(draws))
    assert set(found) == {"", "()"}
    assert found["()"] / draws == pytest.approx((5**0.5 - 1) / 2, abs=0.015)


def test_the_grammar_reaches_every_short_member():
    rng = np.random.default_rng(0)
    found = {grammar_member(rng, 6) for _ in range(2_000)}
    assert Counter(map(len, found)) == {0: 1, 2: 1, 4: 2, 6: 5}


def test_the_grammars_lengths_are_those_of_its_strings():
    rng = np.random.default_rng(0)
    draws = 20_000
    found = Counter(len(grammar_member(rng, 12)) for _ in range(draws))
    expected = draws * grammar_lengths(12)[0]
    assert expected.sum() == pytest.approx(draws)
    chi_square = sum((found[2 * n] - mean) ** 2 / mean for n, mean in enumerate(expected))
    assert chi_square < 22.5  # exceeded once in a thousand, with 6 degrees of freedom


def test_a_string_drawn_for_its_length_is_as_likely_as_one_that_happens_to_have_it():
    rng = np.random.default_rng(0)
    kept = Counter(s for s in (grammar_member(rng, 8) for _ in range(60_000)) if len(s) == 8)
    drawn = Counter(long_grammar_member(rng, 8) for _ in range(kept.total()))
    assert set(kept) == set(drawn)
    assert len(drawn) == 14
    chi_square = sum((kept[s] - drawn[s]) ** 2 / (kept[s] + drawn[s]) for s in drawn)
    assert chi_square < 34.5  # exceeded once in a thousand, with 13 degrees of freedom


def test_strings_of_the_published_length_are_drawn_at_once():
    member = long_grammar_member(np.random.default_rng(0), 1_000)
    assert len(member) == 1_000
    assert member in DYCK1
    assert grammar_lengths(1_000).sum(axis=1) == pytest.approx(1)


def test_families_are_members_of_the_shape_asked_for():
    assert nested(3) == "((()))"
    assert flat(3) == "()()()"
    assert zigzag(2, 3) == "(())(())(())"
    assert nested(0) == flat(0) == zigzag(5, 0) == ""
    assert DYCK1.read(zigzag(7, 4)).counts.max() == 7


@pytest.mark.parametrize("build", [nested, flat, lambda n: zigzag(2, n)])
def test_a_family_has_no_negative_member(build):
    with pytest.raises(ValueError, match="neither can be less than 0"):
        build(-1)
