"""Drift along one string, against closed forms and against the decoded counts of the trace."""

from dataclasses import replace

import numpy as np
import pytest

from countviz.analysis import measure_closings, measure_drift_along
from countviz.checkpoints import load
from countviz.exact import exact_lstm, exact_relu
from countviz.languages.dyck1 import nested
from countviz.traces import trace


def forget(bias):
    """Return an exact LSTM of which only the forget gate is not held open for good."""
    model = exact_lstm()
    biases = model.parameters["rnn.bias_ih_l0"].copy()
    biases[1] = bias
    return replace(model, parameters={**model.parameters, "rnn.bias_ih_l0": biases})


@pytest.mark.parametrize("bias", [4, 8, 12])
def test_a_forget_gate_f_drifts_by_the_geometric_sum_of_f(bias):
    done = trace(forget(bias), "(" * 100_000)
    along = measure_drift_along(done)
    assert along.r_squared is None
    kept, lost = done.window(0, 1).internals["f"][0, 0], 1 / (1 + np.exp(np.longdouble(bias)))
    t = (along.positions + 1).astype(np.longdouble)
    expected = -np.expm1(t * np.log1p(-lost)) / lost - t  # (1 - f^t) / (1 - f) - t
    assert kept == pytest.approx(float(1 - lost), rel=1e-15)
    assert along.drift[0] == 0  # the first opening finds nothing to forget
    assert np.abs(along.drift[1:] / expected[1:] - 1).max() <= 1e-9
    assert along.positions[-1] > 99_900


def test_a_long_string_keeps_its_extremes_in_two_thousand_points():
    along = measure_drift_along(trace(load("lstm1-dyck1/0"), nested(50_000)))
    assert along.drift.size <= 2_000
    assert np.nanmin(along.drift) == along.largest
    assert along.drift[along.positions == along.largest_at] == along.largest


def test_the_error_is_the_decoded_count_less_the_true_one():
    done = trace(load("gru1-dyck1/0"), "(()(()))()" + nested(30))
    along = measure_drift_along(done, "closes-left")
    counts = done.reading.counts[:, 0]
    assert along.drift.tolist() == (measure_closings(done).total - counts).tolist()
    assert along.first_failure == done.first_failure
    assert along.failure_count == counts[done.first_failure]
    assert f"at bracket {done.first_failure + 1:,}." in along.sentence()


def test_only_the_legal_part_has_a_truth():
    along = measure_drift_along(trace(exact_relu(), "())(("))
    assert (along.length, along.legal, along.drift.tolist()) == (5, 2, [0, 0])
    assert "From bracket 3 on the string is illegal" in along.sentence()
    nothing = measure_drift_along(trace(exact_relu(), ")"))
    assert nothing.largest is None
    assert nothing.sentence().startswith("No count can be read on this string.")


def test_an_overflow_is_said_with_its_place(make_unit):
    wild = make_unit("relu", inputs=[[1, -1]], recurrent=[[2]], slope=1, at=0.5)
    along = measure_drift_along(trace(wild, nested(100)))
    assert along.overflow is not None
    assert f"The state overflows at bracket {along.overflow + 1}." in along.sentence()


def test_a_model_that_never_closes_has_no_closes_left_count():
    along = measure_drift_along(trace(load("relu1-dyck1/0"), "(())"), "closes-left")
    assert along.unread == 4
    assert along.largest is None


def test_another_language_is_read_as_the_sum_of_its_counters():
    along = measure_drift_along(trace(load("lstm4-anbncn"), "aabbcc"))
    assert along.counts.size == 6
    assert "symbol" in along.sentence()
    assert len(along.to_frame()) == 18


def test_an_unknown_reading_is_refused():
    with pytest.raises(ValueError, match="there are: state, closes-left"):
        measure_drift_along(trace(exact_relu(), "()"), "soul")


def test_a_unit_that_never_moves_has_no_count_that_could_drift():
    along = measure_drift_along(trace(load("relu1-dyck1/0"), "(())"))
    assert np.isnan(along.decoded).all()
    assert along.sentence().startswith("No count can be read on this string.")
    assert (along.overflow, along.unread) == (None, 0)
