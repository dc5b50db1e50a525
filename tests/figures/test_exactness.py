"""The checklist as a figure: a mark a condition, where its residual lies."""

import math

import pytest

from countviz.analysis import change_weights, check_exactness, measure_capacity
from countviz.checkpoints import load
from countviz.exact import exact_lstm
from countviz.figures import plot_capacity, plot_exactness
from countviz.figures.theme import THEMES


def series(figure, name):
    return next(one for one in figure.data if one.name == name)


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_every_condition_has_a_mark_where_its_residual_lies(theme):
    found = check_exactness(exact_lstm(gate_bias=10))
    marks = series(plot_exactness(found, theme), "now")
    for condition, place in zip(found.conditions, marks.x, strict=True):
        if condition.met:
            assert place > 53 * math.log10(2)
        else:
            assert place == pytest.approx(-math.log10(condition.residual))


def test_what_was_before_is_outlined():
    before = check_exactness(load("relu1-dyck1/1"))
    now = check_exactness(change_weights(load("relu1-dyck1/1"), {"hh": 1.0}))
    drawn = plot_exactness(now, THEMES["light"], before)
    assert series(drawn, "before").marker.symbol == "circle-open"
    assert series(drawn, "now").x[0] > series(drawn, "before").x[0]


def test_a_bounded_state_is_drawn_coming_to_rest():
    found = check_exactness(load("gru1-dyck1/0"))
    moves = series(plot_exactness(found, THEMES["light"]), "moves")
    assert moves.y[0] == measure_capacity(load("gru1-dyck1/0")).moves[0]
    assert len(moves.x) <= 2_000
    assert plot_capacity(found.capacity).layout.height == 300
