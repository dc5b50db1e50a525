"""Counts before and after a change: what is drawn is what was measured."""

import numpy as np

from countviz.analysis import change_weights, measure_effect
from countviz.exact import exact_relu
from countviz.figures import plot_effect

MOUNTAIN = "(" * 10 + ")" * 10


def series(figure, name):
    return next(one for one in figure.data if one.name == name)


def test_counts_before_and_now_are_drawn_over_the_truth():
    gains = change_weights(exact_relu(), {"hh": 1.2})
    found = measure_effect(exact_relu(), gains, MOUNTAIN)
    drawn = plot_effect(found)
    for name, counts in (("truth", found.true_counts), ("now", found.after.counts)):
        np.testing.assert_array_equal(series(drawn, name).y, counts)
    assert series(drawn, "first mistake").x == (found.after.first_failure + 1,)


def test_long_strings_are_thinned():
    drawn = plot_effect(measure_effect(exact_relu(), exact_relu(), "()" * 5_000))
    assert all(len(one.x) <= 2_000 for one in drawn.data)
