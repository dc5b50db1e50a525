"""The read-out table, on counters that are exact, broken by a known amount, or none at all."""

import numpy as np
import pytest

from countviz.analysis import read_out
from countviz.analysis.count.read_out import in_percent
from countviz.checkpoints import load
from countviz.exact import exact_linear, exact_lstm, exact_relu
from countviz.models import Model, Spec


@pytest.mark.parametrize("precision", ["float64", "float32"])
@pytest.mark.parametrize("make", [exact_lstm, exact_relu, exact_linear])
def test_the_steps_of_an_exact_counter_are_one_bracket_and_nothing_leaks(make, precision):
    table = read_out(make(), precision)
    assert (table.step_up, table.step_down) == (1, -1)
    assert (table.spread_up, table.spread_down, table.asymmetry) == (0, 0, 0)
    assert (table.leak_up, table.leak_down, table.leak) == (0, 0, 0)
    assert table.r_squared is None
    assert table.threshold == pytest.approx(0.5)
    assert (table.margin_closed, table.margin_open) == pytest.approx((0.5, 0.5))
    assert "equal and opposite. Nothing leaks. Read from" in table.sentence()
    assert table.sentence().endswith("by construction.")


def test_the_leak_is_what_the_forget_gate_loses():
    table = read_out(exact_lstm(gate_bias=6))
    kept = 1 / (1 + np.exp(-6.0))
    assert [table.leak_up, table.leak_down] == pytest.approx([1 - kept] * 2, rel=1e-9)
    assert [table.constant_up, table.constant_down] == pytest.approx([kept, -kept])
    assert not table.from_weights


@pytest.mark.parametrize(("keep", "up", "down"), [(0.999, 1.0, -1.01), (1.001, 1.5, -1.5)])
def test_a_rectifier_is_read_off_its_weights(make_unit, keep, up, down):
    unit = make_unit("relu", inputs=[[up, down]], recurrent=[[keep]], slope=1, at=0.5 * up)
    table = read_out(unit)
    assert table.from_weights
    assert table.leak == pytest.approx(1 - keep)
    assert table.constant_up / table.constant_down == pytest.approx(up / down, rel=0.02)
    assert table.r_squared > 0.98


def test_a_unit_that_never_moves_is_called_dead():
    table = read_out(load("relu1-dyck1/0"))
    assert [one.dead for one in table.units] == [True]
    assert table.dead
    assert np.isnan(table.threshold)
    assert table.sentence() == "The unit is dead: no symbol moves h, and nothing is counted."


def test_only_the_dead_among_several_units_are_named(make_unit):
    spec = Spec(language="dyck1", cell="relu", units=2)
    parameters = {key: np.zeros(shape) for key, shape in spec.parameter_shapes().items()}
    parameters["rnn.weight_ih_l0"] = np.array([[1.0, -1.0], [0, 0]])
    parameters["rnn.weight_hh_l0"] = np.diag([1.0, 1.0])
    table = read_out(Model(name="half", spec=spec, parameters=parameters))
    assert [one.dead for one in table.units] == [False, True]
    assert table.units[0].slope == pytest.approx(1)
    assert "Dead: unit 2." in table.sentence()


def test_an_overflowing_unit_is_no_exception(make_unit):
    table = read_out(make_unit("linear", inputs=[[1, -1]], recurrent=[[1e30]], slope=1, at=0.5))
    assert np.isnan(table.units[0].slope)
    assert table.sentence()


@pytest.mark.parametrize(
    "name", ["gru1-dyck1/0@0", "tanh1-dyck1", "lstm5-dyck1", "lstm4-anbncn", "lstm4-shuffle2"]
)
def test_every_model_has_a_table_whose_frame_has_a_row_a_unit(name):
    model = load(name)
    table = read_out(model, "float32")
    assert len(table.to_frame()) == model.spec.units
    assert table.direction.shape == (model.spec.units,)
    assert table.sentence().endswith(".")


def test_a_poor_fit_is_said_to_be_one():
    table = read_out(load("gru1-dyck1/0"))
    assert table.r_squared < 0.9
    assert "a poor fit" in table.sentence()
    assert in_percent(table.leak_up) in table.sentence()
