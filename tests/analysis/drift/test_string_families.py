"""Strings by family and length, against the builders of the language."""

import numpy as np
import pytest

from countviz.analysis import STRING_FAMILIES, make_symbols
from countviz.analysis.drift.string_families import check_family, check_lengths
from countviz.exact import exact_relu
from countviz.languages import LANGUAGES
from countviz.languages.dyck1 import flat, nested, zigzag

DYCK1 = LANGUAGES["dyck1"]


def spell(symbols):
    return "".join("()"[one] for one in symbols)


@pytest.mark.parametrize("length", [2, 10, 64, 1000])
@pytest.mark.parametrize("family", STRING_FAMILIES)
def test_every_string_is_a_member_of_just_that_length(family, length):
    for symbols in make_symbols(family, length, peak=7, strings=3, seed=1):
        assert len(symbols) == length
        assert spell(symbols) in DYCK1


def test_the_families_are_those_of_the_language():
    assert spell(next(make_symbols("nested", 12))) == nested(6)
    assert spell(next(make_symbols("flat", 12))) == flat(6)
    assert spell(next(make_symbols("zigzag", 60, peak=10))) == zigzag(10, 3)
    assert spell(next(make_symbols("zigzag", 26, peak=5))) == zigzag(5, 2) + nested(3)


def test_random_strings_follow_from_seed_and_length():
    one, again, other = (list(make_symbols("random", 50, strings=4, seed=s)) for s in (3, 3, 4))
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)


@pytest.mark.parametrize("lengths", [(), (7,), (10, 0), (1_000_002,)])
def test_lengths_that_no_member_has_are_refused(lengths):
    with pytest.raises(ValueError, match="length"):
        check_lengths(lengths)


def test_an_unknown_family_is_answered_with_those_there_are():
    with pytest.raises(ValueError, match="there are: nested, zigzag, flat, random"):
        check_family(exact_relu(), "deep", 10, 1)
