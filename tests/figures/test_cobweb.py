"""The cobweb shows its report's curves, fixed points and staircase."""

import pytest

from countviz.analysis import measure_cobweb
from countviz.checkpoints import load
from countviz.exact import exact_lstm, exact_relu
from countviz.figures import plot_cobweb
from countviz.figures.theme import THEMES
from countviz.languages.dyck1 import nested
from countviz.traces import trace


def series(figure, name):
    return next(one for one in figure.data if one.name == name)


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_a_curve_a_symbol_over_the_diagonal(theme):
    cobweb = measure_cobweb(trace(exact_lstm(), nested(9)))
    figure = plot_cobweb(cobweb, theme)
    for step in cobweb.steps:
        assert series(figure, f"at {step.symbol}").y.tolist() == step.after.tolist()
    diagonal = series(figure, "diagonal")
    assert diagonal.x == diagonal.y == (cobweb.grid[0], cobweb.grid[-1])
    assert series(figure, "at (").line.dash != series(figure, "at )").line.dash


def test_the_staircase_climbs_to_each_value_and_crosses_to_the_diagonal():
    figure = plot_cobweb(measure_cobweb(trace(exact_relu(), nested(9)), stop=2))
    stairs = series(figure, "staircase")
    assert list(zip(stairs.x, stairs.y, strict=True)) == [(0, 0), (0, 1), (1, 1), (1, 2), (2, 2)]


def test_fixed_points_are_filled_where_they_attract():
    cobweb = measure_cobweb(trace(load("gru1-dyck1"), nested(30)))
    figure = plot_cobweb(cobweb)
    points = [point for step in cobweb.steps for point in step.fixed_points]
    assert list(series(figure, "stable").x) == [one.value for one in points if one.stable]
    assert list(series(figure, "unstable").x) == [one.value for one in points if not one.stable]


def test_a_dead_unit_and_a_language_with_four_symbols_are_drawn(make_unit):
    assert plot_cobweb(measure_cobweb(trace(make_unit("gru"), "()"))).data
    figure = plot_cobweb(measure_cobweb(trace(load("lstm4-shuffle2"), "([])"), 2))
    assert figure.layout.title.text == "c of unit 3 after it"
    assert len([one for one in figure.data if one.name.startswith("at ")]) == 4
