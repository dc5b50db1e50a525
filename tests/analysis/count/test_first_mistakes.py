"""Kinds of first mistakes: of counters that are broken on purpose."""

import numpy as np
import pytest

from countviz.analysis.count.first_mistakes import (
    EARLY_ZERO,
    NONE,
    OTHER,
    STUCK_OPEN,
    classify_mistakes,
)
from countviz.datasets import encode_strings
from countviz.exact import exact_lstm, exact_relu
from countviz.judging import Failures, find_failures
from countviz.languages import LANGUAGES
from countviz.languages.dyck1 import nested

DYCK1 = LANGUAGES["dyck1"]


def kinds_of(model, strings):
    encoded = encode_strings(DYCK1, strings)
    vector = np.concatenate([array.ravel() for array in model.parameters.values()])
    failures = find_failures(model.spec, vector[np.newaxis], encoded)
    return classify_mistakes(failures, encoded)


def test_an_exact_counter_makes_no_mistake():
    found = kinds_of(exact_relu(), ["()", nested(50)])
    assert (found.kinds == NONE).all()
    assert np.isnan(found.share_early).all()
    assert found.sentence() == "No mistake on 2 readings."


def test_a_leaking_counter_says_zero_too_early():
    found = kinds_of(exact_lstm(gate_bias=6), ["()", nested(20), nested(30)])
    assert found.kinds.tolist() == [[NONE, EARLY_ZERO, EARLY_ZERO]]
    assert found.share_early.tolist() == [1]
    assert found.sentence() == (
        "Of 2 first mistakes 100.0% early zero, 0.0% stuck open, 0.0% other."
    )


def test_a_counter_that_adds_more_than_it_takes_away_is_stuck_open(make_unit):
    drifting = make_unit("relu", inputs=[[1.1, -1]], recurrent=[[1]], slope=20, at=10)
    found = kinds_of(drifting, ["()", nested(20)])
    assert found.kinds.tolist() == [[NONE, STUCK_OPEN]]
    assert found.count(STUCK_OPEN).tolist() == [1]
    assert found.share_early.tolist() == [0]


def test_a_wrong_word_about_the_opening_bracket_is_another_mistake():
    failures = Failures(position=np.array([[0, 2]]), continuation=np.array([[0, -1]]))
    found = classify_mistakes(failures, encode_strings(DYCK1, ["()", "()"]))
    assert found.kinds.tolist() == [[OTHER, NONE]]


@pytest.mark.parametrize("strings", [[], [""]])
def test_nothing_to_judge_is_no_mistake(strings):
    failures = Failures(
        position=np.zeros((3, len(strings)), int), continuation=np.full((3, len(strings)), -1)
    )
    assert (classify_mistakes(failures, encode_strings(DYCK1, strings)).kinds == NONE).all()
