"""Long strings by name."""

import pytest

from countviz.languages import LANGUAGES
from countviz.languages.names import EXAMPLES, BadName, is_name, make_string, measure_length


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_names_a_member_as_long_as_is_said(name):
    assert is_name(name)
    assert make_string(name) in LANGUAGES["dyck1"]
    assert len(make_string(name)) == measure_length(name) == 1000


def test_a_seed_names_one_string_and_another_seed_another():
    assert make_string("random-40") == make_string("random-40-0") != make_string("random-40-1")


@pytest.mark.parametrize("text", ["()", "", "((", "no-nested-10", "nestedness"])
def test_what_is_no_name_is_not_taken_for_one(text):
    assert not is_name(text)


@pytest.mark.parametrize(
    "text", ["nested", "nested-", "nested-7", "nested-4-1", "zigzag-10", "zigzag-3-4", "flat-1x2",
             "random-10x2", "nested-99999999", "random--4", "nested-4 nested-4"]
)  # fmt: skip
def test_a_name_that_is_none_is_refused_with_examples_or_with_what_is_odd(text):
    assert is_name(text)
    with pytest.raises(BadName, match=r"names are like nested-1000|members have 0, 2, 4"):
        make_string(text)
