"""The state plane: components against numpy's own, lines against the model's verdicts."""

import numpy as np
import pytest

from countviz.analysis import list_axes, measure_state_plane
from countviz.analysis.trajectory.state_plane import find_components, usual_axes
from countviz.checkpoints import load
from countviz.exact import exact_lstm, exact_relu
from countviz.languages.dyck1 import flat, nested, uniform_member
from countviz.traces import trace

STRING = uniform_member(np.random.default_rng(1), 400)


def test_explained_variance_sums_to_1_and_equals_the_eigenvalues_of_the_covariance():
    states = np.random.default_rng(0).normal(size=(500, 4)) @ np.diag([5, 2, 1, 0.1])
    centre, components, shares = find_components(states)
    values = np.linalg.eigvalsh(np.cov(states.T))[::-1]
    assert shares.sum() == pytest.approx(1)
    assert shares == pytest.approx(values / values.sum())
    assert centre == pytest.approx(states.mean(axis=0))
    assert components @ components.T == pytest.approx(np.eye(4), abs=1e-12)
    assert (components[np.arange(4), np.abs(components).argmax(axis=1)] > 0).all()


def test_fewer_states_than_numbers_still_have_components():
    _, components, shares = find_components(np.array([[0.0, 0, 0], [3, 4, 0]]))
    assert shares == pytest.approx([1, 0, 0])
    assert components[0] == pytest.approx([0.6, 0.8, 0])


def test_states_that_never_move_explain_nothing():
    assert find_components(np.ones((5, 3)))[2].tolist() == [0, 0, 0]


def test_components_are_offered_from_three_state_numbers_on():
    assert usual_axes(load("lstm1-dyck1")) == ("c_0", "h_0")
    assert usual_axes(load("relu2-dyck1")) == ("h_0", "h_1")
    assert usual_axes(load("gru1-dyck1")) == ("h_0", "n_0")
    assert usual_axes(load("lstm2-dyck1")) == ("PC1", "PC2")
    assert usual_axes(load("relu5-dyck1"), 3) == ("PC1", "PC2", "PC3")
    assert "PC1" not in list_axes(load("relu2-dyck1"))


def test_components_show_the_shares_that_they_state():
    plane = measure_state_plane(trace(load("lstm5-dyck1"), STRING))
    assert plane.explained.sum() == pytest.approx(1)
    assert plane.points.var(axis=0) == pytest.approx(
        plane.explained[:2] / plane.explained[0] * plane.points[:, 0].var()
    )
    assert f"{plane.explained[0]:.1%} and {plane.explained[1]:.1%}" in plane.sentence()


def test_a_named_axis_shows_that_internal():
    done = trace(load("lstm5-dyck1"), STRING)
    plane = measure_state_plane(done, 10, 200, ("f_1", "c_4"))
    assert plane.points[:, 0].tolist() == done.whole.internals["f"][10:200, 1].tolist()
    assert plane.points[:, 1].tolist() == done.whole.internals["c"][10:200, 4].tolist()
    assert plane.counts.tolist() == done.reading.counts[10:200, 0].tolist()
    assert "read-out looks at h, which is on neither axis" in plane.sentence()


@pytest.mark.parametrize("name", ["exact-relu", "relu2-dyck1", "gru1-dyck1", "gru2-dyck1"])
def test_a_decision_line_parts_the_states_as_the_verdicts_do(name):
    done = trace(load(name), STRING)
    axes = ("h_0", "h_1") if done.model.spec.units == 2 else None
    plane = measure_state_plane(done, axes=axes)
    (line,) = plane.lines
    start, end = np.array([line.x[0], line.y[0]]), np.array([line.x[1], line.y[1]])
    along, to = end - start, plane.points - start
    side = along[0] * to[:, 1] - along[1] * to[:, 0] > 0
    closes = done.verdicts[:, 1]
    assert (side == closes).all() or (side != closes).all()


def test_other_units_are_held_at_their_mean_where_the_plane_lacks_them():
    plane = measure_state_plane(trace(load("lstm2-dyck1"), nested(8)), axes=("h_0", "c_0"))
    assert "with the other units at their mean" in plane.sentence() or "outside" in plane.sentence()


def test_a_line_beyond_the_states_is_said_to_be_there():
    plane = measure_state_plane(trace(exact_relu(), "(((("), 2, 4)
    assert not plane.lines
    assert "The decision line lies outside" in plane.sentence()


def test_every_closer_of_a_language_has_its_line():
    done = trace(load("lstm4-shuffle2"), "([([()])()]()[][[]])")
    lines = measure_state_plane(done).lines
    assert {line.symbol for line in lines} <= {")", "]"}
    assert lines


def test_a_long_stretch_is_drawn_evenly_from_all_its_steps():
    plane = measure_state_plane(trace(exact_lstm(), flat(25_000)))
    assert len(plane.points) == 2_000
    assert (np.diff(plane.positions) > 0).all()
    assert plane.positions[-1] > 49_900
    assert 0.4 < np.mean(plane.symbols) < 0.6  # not all of one symbol of "()()"
    assert "2,000 of 50,000 steps" in plane.sentence()


def test_states_that_overflow_are_left_out(make_unit):
    done = trace(make_unit("relu", inputs=[[1, 1]], recurrent=[[1e3]]), "(" * 50)
    plane = measure_state_plane(done)
    assert np.isfinite(plane.points).all()
    assert f"overflowed are left out: {plane.left_out}." in plane.sentence()
    gone = measure_state_plane(done, 20, 50)
    assert len(gone.points) == 0
    assert "No state is left" in gone.sentence()


def test_an_illegal_tail_has_states_but_no_counts():
    plane = measure_state_plane(trace(exact_lstm(), "())"))
    assert plane.points[:, 0].tolist() == [1, 0, -1]
    assert plane.counts.tolist()[:2] == [1, 0]
    assert np.isnan(plane.counts[2])


def test_three_axes_have_no_line():
    plane = measure_state_plane(trace(load("lstm2-dyck1"), STRING), axes=("PC1", "PC2", "PC3"))
    assert plane.points.shape[1] == 3
    assert not plane.lines


@pytest.mark.parametrize("axes", [("q_0", "h_0"), ("PC1", "PC2"), ("h_0",), ("h_1", "h_0")])
def test_axes_that_are_not_there_are_refused(axes):
    with pytest.raises(ValueError, match=r"there are: |are right"):
        measure_state_plane(trace(exact_relu(), "()"), axes=axes)


def test_a_table_has_a_row_a_state():
    frame = measure_state_plane(trace(exact_relu(), "(()")).to_frame()
    assert frame.columns.tolist() == ["position", "symbol", "count", "h_0", "a_0"]
    assert frame.h_0.tolist() == [1, 2, 1]
