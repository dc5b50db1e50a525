"""The figures of Why: what they draw is what the reports hold."""

import numpy as np
import pytest

from countviz.analysis import measure_corridor, measure_state_corridor, round_trip
from countviz.checkpoints import load
from countviz.exact import exact_lstm
from countviz.figures import plot_corridor, plot_round_trip, plot_state_corridor
from countviz.figures.theme import THEMES
from countviz.languages.dyck1 import nested, uniform_member
from countviz.traces import trace


def series(figure, name):
    return [one for one in figure.data if one.name == name]


@pytest.fixture(scope="module")
def done():
    return trace(load("gru1-dyck1/0"), nested(40))


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_the_way_and_the_error_are_drawn_with_both_marks_in_both_panels(done, theme):
    corridor = measure_corridor(done)
    figure = plot_corridor(corridor, theme, at=5)
    (way,), (error,) = series(figure, "closes"), series(figure, "error")
    assert way.x.tolist() == list(range(1, 81))
    assert way.y.tolist() == corridor.values.tolist()
    assert error.y.tolist() == corridor.errors.tolist()
    assert list(way.customdata) == [str(k) for k in range(80)]
    for name, at in (("no return", corridor.lost), ("first mistake", corridor.first_failure)):
        assert [(one.x[0], one.yaxis) for one in series(figure, name)] == [
            (at + 1, "y"),
            (at + 1, "y2"),
        ]
    low, high = series(figure, "low")[0], series(figure, "high")[0]
    assert (np.array(high.y) - low.y == 1).all()
    assert len(figure.layout.annotations) <= 4


def test_an_exact_counter_has_no_marks():
    figure = plot_corridor(measure_corridor(trace(exact_lstm(), nested(9))))
    assert not series(figure, "no return")
    assert not series(figure, "first mistake")


def test_what_never_closes_is_drawn_along_the_top(make_unit):
    figure = plot_corridor(measure_corridor(trace(make_unit("relu"), "(())")))
    (never,) = series(figure, "never stops")
    assert np.isfinite(never.y).all()
    assert len(series(figure, "no return")) == 2


def test_a_long_string_keeps_its_extremes_in_few_points():
    string = uniform_member(np.random.default_rng(1), 10_000)
    corridor = measure_corridor(trace(load("gru1-dyck1/0"), string))
    (way,) = series(plot_corridor(corridor), "closes")
    assert len(way.y) <= 1_600
    assert np.nanmax(way.y) == np.nanmax(corridor.values)


@pytest.mark.parametrize("string", [")", "())(", "("])
def test_short_and_illegal_strings_are_drawn(string):
    plot_corridor(measure_corridor(trace(load("gru1-dyck1/0"), string)))
    plot_state_corridor(measure_state_corridor(trace(load("gru1-dyck1/0"), string)))


def test_the_band_of_a_state_lies_between_its_ends_and_is_missing_where_there_is_none():
    report = measure_state_corridor(trace(load("gru1-dyck1/0"), nested(150)))
    figure = plot_state_corridor(report, at=3)
    band = next(one for one in series(figure, "band") if one.yaxis == "y")
    beyond = np.flatnonzero(np.isnan(report.low)) + 1
    assert not set(np.array(band.x)[~np.isnan(band.x)].astype(int)) & set(beyond.tolist())
    (way,) = series(figure, "h")
    assert way.y.tolist() == report.values.tolist()


def test_a_round_trip_has_a_mark_a_count_in_both_panels():
    trip = round_trip(load("lstm1-dyck1/0"), deepest=7)
    figure = plot_round_trip(trip, THEMES["dark"])
    assert [one.y.tolist() for one in figure.data] == [
        trip.multipliers.tolist(),
        trip.displacements.tolist(),
    ]
