"""Trajectories: on counters whose state is known, and thinned without losing an extreme."""

import numpy as np
import pytest

from countviz.analysis import measure_trajectory
from countviz.analysis.trajectory.trajectory import POINTS, thin
from countviz.checkpoints import load
from countviz.exact import exact_lstm, exact_relu
from countviz.languages.dyck1 import flat, nested, uniform_member
from countviz.models import Model, Spec
from countviz.traces import trace


def values_of(trajectory, name):
    return trajectory.values[:, trajectory.model.cell.names.index(name)]


def make_wide(cell, units, scale):
    spec, rng = Spec(language="dyck1", cell=cell, units=units), np.random.default_rng(0)
    shapes = spec.parameter_shapes()
    weights = {name: rng.normal(size=shape) * scale for name, shape in shapes.items()}
    return Model(name="wide", spec=spec, parameters=weights)


@pytest.mark.parametrize("precision", ["float64", "float32", "float16"])
def test_the_cell_state_of_an_exact_counter_is_the_count(precision):
    string = uniform_member(np.random.default_rng(0), 300)
    shown = measure_trajectory(trace(exact_lstm(), string, precision))
    assert values_of(shown, "c").tolist() == shown.counts.tolist()
    assert shown.moves.tolist() == [[1], [-1]]
    assert shown.every == 1
    assert (
        shown.answer()
        == "On average the cell state c moves at ( by +1.000 and ) by \N{MINUS SIGN}1.000."
    )


def test_every_step_is_shown_where_they_fit():
    done = trace(load("lstm1-dyck1"), nested(50))
    shown = measure_trajectory(done)
    for name in done.model.cell.names:
        assert (values_of(shown, name) == done.whole.internals[name]).all()
    assert (shown.positions[:, 0, 0] == np.arange(100)).all()
    assert "along 100 brackets, every step shown" in shown.sentence()


def test_thinning_keeps_every_extreme_at_its_position():
    values = np.random.default_rng(0).normal(size=(10_007, 3, 2))
    positions, thinned = thin(values, 50)
    assert (np.take_along_axis(values, positions, axis=0) == thinned).all()
    assert (np.diff(positions, axis=0) >= 0).all()
    for start in range(0, len(values), 50):
        inside = (positions >= start) & (positions < start + 50)
        for series in np.ndindex(3, 2):
            bucket, kept = values[start : start + 50, *series], thinned[:, *series]
            kept = kept[inside[:, *series]]
            assert (kept.min(), kept.max()) == (bucket.min(), bucket.max())


def test_a_million_symbols_are_followed_in_2_000_points_with_every_extreme():
    string = flat(200_000) + nested(20_000) + flat(280_000)
    done = trace(exact_relu(), string)
    shown = measure_trajectory(done)
    assert shown.values.shape == (POINTS, 2, 1)
    assert values_of(shown, "h").max() == np.nanmax(shown.counts) == 20_000
    assert "1 of 500 steps shown, extremes kept" in shown.sentence()
    close = measure_trajectory(done, 419_000, 421_000)
    assert close.every == 1
    assert values_of(close, "h").tolist() == close.counts.tolist()
    assert close.positions[0, 0, 0] == 419_000


def test_what_is_thinned_says_so_with_the_share():
    shown = measure_trajectory(trace(exact_relu(), flat(5_000)))
    assert len(shown.values) <= POINTS
    assert f"1 of {shown.every} steps shown, extremes kept" in shown.sentence()
    assert shown.every == 5


def test_an_illegal_tail_has_no_count_and_is_named():
    shown = measure_trajectory(trace(exact_lstm(), "())(("))
    assert shown.counts[:, 0].tolist()[:2] == [1, 0]
    assert np.isnan(shown.counts[2:]).all()
    assert "from bracket 3 on the string is illegal" in shown.sentence()
    assert shown.moves.tolist() == [[1], [-1]]


def test_a_dead_unit_is_named():
    shown = measure_trajectory(trace(load("relu5-dyck1"), nested(60)))
    assert shown.dead == (1, 3, 4)
    assert "Dead: units 2, 4 and 5" in shown.sentence()
    assert "unit 2 never moves" in shown.answer(1)
    assert shown.busiest == 2


def test_a_state_that_overflows_is_named_and_not_called_dead(make_unit):
    runaway = make_unit("relu", inputs=[[1, 1]], recurrent=[[1e3]])
    shown = measure_trajectory(trace(runaway, "(" * 200))
    assert shown.overflow == 3
    assert not shown.dead
    assert "overflows at bracket 4" in shown.sentence()
    lost = make_unit("linear", inputs=[[1, -1]], recurrent=[[-1e200]])
    shown = measure_trajectory(trace(lost, "()" * 20))
    assert np.isinf(shown.values).any()
    assert not shown.dead


def test_of_64_units_all_are_there_in_fewer_points():
    shown = measure_trajectory(trace(make_wide("lstm", 64, 0.3), nested(1_000)))
    assert shown.values.shape[1:] == (6, 64)
    assert shown.values.size < 100_000
    assert shown.every > 1


def test_an_untrained_model_and_another_language_are_followed():
    assert "moves at (" in measure_trajectory(trace(load("lstm1-dyck1/0@0"), "(())")).answer()
    shown = measure_trajectory(trace(load("lstm4-shuffle2"), "([)]"))
    assert shown.counts.tolist() == [[1, 0], [1, 1], [0, 1], [0, 0]]
    assert len(shown.moves) == 4


def test_a_mean_over_symbols_that_did_not_come_is_left_out():
    shown = measure_trajectory(trace(exact_lstm(), "(("))
    assert np.isnan(shown.moves[1]).all()
    assert shown.answer() == "On average the cell state c moves at ( by +1.000."


def test_a_table_has_a_row_a_point_of_every_series():
    frame = measure_trajectory(trace(exact_lstm(), "(())")).to_frame()
    assert frame.quantity.unique().tolist() == ["count", "i_0", "f_0", "g_0", "o_0", "c_0", "h_0"]
    assert frame[frame.quantity == "c_0"].value.tolist() == [1, 2, 1, 0]


@pytest.mark.parametrize("stretch", [(0, 5), (2, 2), (-1, 2), (3, 1)])
def test_a_stretch_outside_the_string_is_refused(stretch):
    with pytest.raises(ValueError, match=r"within 0 to 4 is right"):
        measure_trajectory(trace(exact_lstm(), "(())"), *stretch)


def test_an_empty_string_has_no_trajectory():
    with pytest.raises(ValueError, match="within 0 to 0"):
        measure_trajectory(trace(exact_lstm(), ""))
