"""The checklist: what exact counters meet, and what those broken by a known amount do not."""

import numpy as np
import pytest

from countviz.analysis import check_exactness, measure_nesting
from countviz.analysis.weights.unit_weights import change_weights
from countviz.checkpoints import load
from countviz.exact import exact_linear, exact_lstm, exact_relu
from countviz.languages.dyck1 import nested
from countviz.models import MOST_UNITS, Model, Spec
from countviz.traces import trace

COUNTERS = {"lstm": exact_lstm, "relu": exact_relu, "linear": exact_linear}


def unmet(model, precision="float64"):
    return {one.key for one in check_exactness(model, precision).unmet}


def residual(model, key):
    conditions = check_exactness(model).conditions
    return next(one.residual for one in conditions if one.key == key)


@pytest.mark.parametrize("make", COUNTERS.values(), ids=COUNTERS)
@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_an_exact_counter_meets_the_whole_list(make, precision):
    found = check_exactness(make(), precision)
    assert found.exact
    assert found.badge == "proved"
    assert not found.unmet
    assert all(one.badge == "proved" and one.residual == 0 for one in found.conditions)
    assert found.exact_to >= 2**24 - 1
    assert found.sentence().startswith("Nothing more: all ")


@pytest.mark.parametrize(
    ("gate_bias", "precision", "keys"),
    [
        (10, "float64", {"forget", "input", "output"}),
        (10, "float32", {"forget", "input", "output"}),
        (20, "float64", {"forget", "input", "output"}),
        (20, "float32", set()),
        (10, "bfloat16", {"round"}),
    ],
)
def test_a_gate_bias_leaves_open_what_it_should(gate_bias, precision, keys):
    assert unmet(exact_lstm(gate_bias=gate_bias), precision) == keys


@pytest.mark.parametrize("gate_bias", [4, 10, 30])
def test_what_a_gate_lacks_is_one_less_its_sigmoid(gate_bias):
    lack = 1 / (1 + np.exp(float(gate_bias)))
    for key in ("forget", "input", "output"):
        assert residual(exact_lstm(gate_bias=gate_bias), key) == pytest.approx(lack, rel=1e-9)


@pytest.mark.parametrize(
    ("cell", "changes", "keys"),
    [
        ("relu", {"hh": 1.001}, {"kept"}),
        ("relu", {"h0": 1.25}, {"opposite"}),
        ("relu", {"h0": -1.0, "h1": 1.0}, {"signs", "threshold"}),
        ("relu", {"h0": 0.1, "h1": -0.1}, {"round", "threshold"}),
        ("relu", {"y1b": 0.0}, {"threshold"}),
        ("relu", {"y1b": -20.5}, {"threshold"}),
        ("relu", {"y0w": -0.001}, {"open"}),
        ("linear", {"h0": -1.0, "h1": 1.0, "y1w": -20.0}, set()),
        ("linear", {"h0": -1.0, "h1": 1.0}, {"threshold"}),
        ("linear", {"h1": 1.0}, {"opposite", "signs"}),
        ("lstm", {"fh": -5.0}, {"forget"}),
        ("lstm", {"i1": -10.0}, {"input"}),
        ("lstm", {"g1": -19.0, "gh": 1.0}, {"opposite", "steady", "round"}),
        ("lstm", {"g0": 0.5, "g1": -0.5}, {"round", "threshold"}),
        ("lstm", {"y0b": -0.5}, {"open"}),
        ("lstm", {"ob": -40.0}, {"output", "threshold"}),
    ],
)
def test_a_changed_weight_breaks_what_it_should_and_nothing_else(cell, changes, keys):
    assert unmet(change_weights(COUNTERS[cell](), changes)) == keys


def test_residuals_are_those_of_the_weights():
    assert residual(change_weights(exact_relu(), {"hh": 0.99}), "kept") == pytest.approx(0.01)
    assert residual(change_weights(exact_relu(), {"h1": -0.75}), "opposite") == 0.25
    counter = change_weights(exact_relu(), {"y1b": -25.0})
    assert residual(counter, "threshold") == pytest.approx(0.25)


def test_a_unit_that_is_exact_without_saturating_is_found_so():
    """A candidate of ±tanh z is as good as ±1, as long as no multiple of it is rounded."""
    half = exact_lstm(step=0.5)
    step = trace(half, "(").whole.internals["c"][0, 0]
    assert unmet(half) == (set() if step == 0.5 else {"round"})


@pytest.mark.parametrize(("precision", "count"), [("bfloat16", 256), ("float16", 2048)])
def test_the_count_up_to_which_nothing_is_rounded_is_where_the_counter_stops(precision, count):
    rounded = next(
        one for one in check_exactness(exact_lstm(), precision).conditions if one.key == "round"
    )
    assert rounded.value == count
    assert not rounded.met
    assert trace(exact_lstm(), nested(count), precision).first_failure is None
    assert trace(exact_lstm(), nested(count + 1), precision).first_failure is not None


@pytest.mark.parametrize("step", [0.5, 3.0, 8.75, 1 / 3])
def test_what_is_proved_to_count_does(step):
    for make in (exact_relu, exact_linear):
        for precision in ("float64", "float32"):
            counter = make(step=step)
            if check_exactness(counter, precision).exact:
                assert trace(counter, nested(20_000), precision).first_failure is None
            else:
                assert unmet(counter, precision) == {"round"}


@pytest.mark.parametrize("address", ["gru1-dyck1/0", "tanh1-dyck1/0", "gru5-dyck1/0"])
def test_a_bounded_state_has_no_list_but_a_reason_and_a_capacity(address):
    found = check_exactness(load(address))
    assert not found.conditions
    assert found.badge == "not certified"
    assert found.capacity.closed == measure_nesting(load(address)).depth
    assert "stays between \N{MINUS SIGN}1 and 1" in found.sentence()


def test_several_units_are_judged_each_by_itself():
    found = check_exactness(two_counters())
    assert found.badge == "not certified"
    assert not found.exact
    second = {one.key for one in found.conditions if one.met and one.unit == 1}
    assert all(one.met for one in found.conditions if one.unit == 0)
    assert second == {"opposite", "steady", "round"}
    assert "unit 1 comes nearest: six of its six conditions hold" in found.sentence()


def two_counters():
    """Return two LSTM units: one counts exactly, the other has gates at one half."""
    spec = Spec(language="dyck1", cell="lstm", units=2)
    parameters = {name: np.zeros(shape) for name, shape in spec.parameter_shapes().items()}
    parameters["rnn.bias_ih_l0"][[0, 2, 6]] = 40.0
    parameters["rnn.weight_ih_l0"][4] = parameters["rnn.weight_ih_l0"][5] = 20.0, -20.0
    return Model(name="two", spec=spec, parameters=parameters)


@pytest.mark.parametrize("cell", ["lstm", "gru", "relu", "tanh", "linear"])
@pytest.mark.parametrize("units", [1, MOST_UNITS])
def test_a_model_without_any_weights_gets_an_answer(cell, units):
    spec = Spec(language="dyck1", cell=cell, units=units)
    parameters = {name: np.zeros(shape) for name, shape in spec.parameter_shapes().items()}
    found = check_exactness(Model(name="zero", spec=spec, parameters=parameters), "float32")
    assert not found.exact
    assert found.sentence()
    assert found.list_missing()
    assert len(found.to_frame()) >= len(found.conditions)


def test_another_language_gets_a_reason():
    found = check_exactness(load("lstm4-shuffle2"))
    assert not found.conditions
    assert found.capacity is None
    assert "this one reads Shuffle-2" in found.sentence()


def test_a_weight_that_the_format_does_not_have_is_said():
    large = change_weights(exact_lstm(), {"gh": 999_999.0})
    found = check_exactness(large, "float16")
    assert found.sentence() == "A weight is infinite in float16."
    assert not found.exact
    assert check_exactness(large).conditions
