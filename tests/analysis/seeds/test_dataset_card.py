"""Cards of sets: against counting by hand."""

import numpy as np
import pytest

from countviz.analysis import describe_set
from countviz.languages import LANGUAGES
from countviz.languages.dyck1 import grammar_member
from countviz.published_sets import make_set

DYCK1 = LANGUAGES["dyck1"]


def test_a_small_set_is_counted_as_by_hand():
    card = describe_set("mine", ["()", "", "(())()", "()", "(("], DYCK1)
    assert card.lengths.tolist() == [2, 0, 6, 2, 2]
    assert card.depths.tolist() == [1, 0, 2, 1, 2]
    assert (card.symbols, card.distinct) == (12, 4)
    assert [part.tolist() for part in card.length_histogram()] == [[0, 2, 6], [1, 3, 1]]
    assert [part.tolist() for part in card.depth_histogram()] == [[0, 1, 2], [1, 2, 2]]
    assert card.sentence() == (
        "5 strings, 4 of them distinct, of 0 to 6 (mean 2.4) symbols, 12 in all, "
        "and 0 to 2 (mean 1.2) deep."
    )


def test_all_kinds_of_brackets_count_towards_the_depth():
    assert describe_set("mine", ["([)]", "[]"], LANGUAGES["shuffle2"]).depths.tolist() == [2, 1]


def test_depths_are_those_of_the_readings():
    rng = np.random.default_rng(0)
    strings = [grammar_member(rng, 30) for _ in range(200)]
    card = describe_set("random", strings, DYCK1)
    assert card.depths.tolist() == [DYCK1.read(string).counts.max(initial=0) for string in strings]


def test_the_frame_holds_both_histograms():
    frame = describe_set("zigzag", make_set("zigzag"), DYCK1).to_frame()
    assert frame.groupby("of")["strings"].sum().to_dict() == {"depth": 10, "length": 10}
    assert frame.query("of == 'depth'")["value"].max() == 1_000


def test_a_set_without_strings_and_one_with_a_bad_string_are_refused():
    with pytest.raises(ValueError, match="mine holds no strings"):
        describe_set("mine", [], DYCK1)
    with pytest.raises(ValueError, match="string 2 is not the beginning of any member"):
        describe_set("mine", ["()", ")("], DYCK1)
