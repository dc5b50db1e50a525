"""The drift along a string is drawn as the report has it."""

import numpy as np
import pytest

from countviz.analysis import measure_drift_along
from countviz.checkpoints import load
from countviz.exact import exact_relu
from countviz.figures import plot_drift_along
from countviz.figures.theme import THEMES
from countviz.languages.dyck1 import nested, zigzag
from countviz.traces import trace

LIGHT = THEMES["light"]


def series(figure, name):
    return [one for one in figure.data if one.name == name]


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_both_counts_and_the_error_are_those_of_the_report(theme):
    along = measure_drift_along(trace(load("gru1-dyck1/0"), nested(30)))
    figure = plot_drift_along(along, theme, at=10)
    (model,), (error,) = series(figure, "this model"), series(figure, "error")
    exact = series(figure, "exact counter")
    assert model.y.tolist() == along.decoded.tolist()
    assert error.y.tolist() == along.drift.tolist()
    assert exact[0].y.tolist() == along.counts.tolist()
    assert set(exact[1].y) == set(series(figure, "never moves")[0].y) == {0}
    assert [one.x[0] for one in series(figure, "first mistake")] == [along.first_failure + 1] * 2
    assert [one.x0 for one in figure.layout.shapes] == [11]
    assert len(figure.layout.annotations) <= 3


def test_a_long_string_is_drawn_in_at_most_two_thousand_points_a_line():
    along = measure_drift_along(trace(load("lstm1-dyck1/0"), zigzag(10, 5_000)))
    figure = plot_drift_along(along, LIGHT)
    assert max(len(one.x) for one in figure.data) <= 2_000


@pytest.mark.parametrize("string", [")", "(", "())(", "()"])
def test_short_and_illegal_strings_are_drawn(string):
    figure = plot_drift_along(measure_drift_along(trace(exact_relu(), string)), LIGHT)
    low, high = figure.layout.yaxis2.range
    assert np.isfinite([low, high]).all()
    assert low < 0 < high


def test_an_overflow_does_not_flatten_the_true_count(make_unit):
    wild = make_unit("relu", inputs=[[1, -1]], recurrent=[[2]], slope=1, at=0.5)
    figure = plot_drift_along(measure_drift_along(trace(wild, nested(50))), LIGHT)
    assert figure.layout.yaxis.range[1] < 200
