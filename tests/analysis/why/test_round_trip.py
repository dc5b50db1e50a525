"""Round trips: against what the weights say outright."""

import numpy as np
import pytest

from countviz.analysis import round_trip
from countviz.analysis.why.round_trip import TRIPS, NoRoundTrip
from countviz.checkpoints import load
from countviz.exact import exact_linear, exact_lstm, exact_relu
from countviz.models import Model, Spec


@pytest.mark.parametrize("model", [exact_lstm(), exact_relu(), exact_linear()], ids=str)
def test_an_exact_counter_comes_back_to_where_it_was(model):
    trip = round_trip(model)
    assert (trip.displacements == 0).all()
    assert np.allclose(trip.multipliers[1:], 1, atol=1e-9)
    assert (trip.trips == TRIPS).all()
    assert trip.sentence() == "From any count from 1 to 30 () leads back to where it was."


def test_a_leaking_rectifier_moves_and_multiplies_as_its_weight_says(make_unit):
    keep, up, down = 0.97, 1.0, -1.01
    leaking = make_unit("relu", inputs=[[up, down]], recurrent=[[keep]], slope=20, at=10)
    trip = round_trip(leaking, deepest=12)
    states = [0.0]
    for _ in range(13):
        states.append(keep * states[-1] + up)
    states = np.array(states)
    after = np.maximum(0, keep * (keep * states + up) + down)
    assert np.allclose(trip.displacements, ((after - states[:])[:-1] / np.diff(states)), atol=1e-9)
    assert np.allclose(trip.multipliers[1:], keep**2, atol=1e-8)
    assert trip.multipliers[0] < 1e-9
    assert "repairs any small error" in trip.sentence()


def test_half_open_gates_multiply_by_their_square():
    gate = 1 / (1 + np.exp(-4))
    trip = round_trip(exact_lstm(gate_bias=4), deepest=6)
    assert np.allclose(trip.multipliers[1:], gate**2, atol=1e-6)
    assert (trip.trips[1:] < TRIPS).any()


def test_of_several_units_the_largest_eigenvalue_counts():
    spec = Spec(language="dyck1", cell="linear", units=2)
    parameters = {key: np.zeros(shape) for key, shape in spec.parameter_shapes().items()}
    recurrent = np.array([[0.9, 0.3], [-0.2, 0.7]])
    parameters["rnn.weight_ih_l0"] = np.array([[1.0, -1.0], [0.5, -0.5]])
    parameters["rnn.weight_hh_l0"] = recurrent
    parameters["readout.weight"] = np.array([[0, 0], [1.0, 0]])
    trip = round_trip(Model(name="two", spec=spec, parameters=parameters), deepest=5)
    right = np.abs(np.linalg.eigvals(recurrent @ recurrent)).max()
    assert np.allclose(trip.multipliers, right, atol=1e-8)


@pytest.mark.parametrize("name", ["gru1-dyck1/0", "lstm5-dyck1", "lstm4-shuffle2", "relu1-dyck1/0"])
@pytest.mark.parametrize("precision", ["float64", "bfloat16"])
def test_any_model_has_a_row_a_count_and_a_sentence(name, precision):
    trip = round_trip(load(name), precision, deepest=8)
    assert trip.to_frame()["count"].tolist() == list(range(9))
    assert ((trip.trips >= 0) & (trip.trips <= TRIPS)).all()
    assert "nan" not in trip.sentence()


def test_a_state_that_overflows_has_no_multiplier(make_unit):
    exploding = make_unit("linear", inputs=[[1, -1]], recurrent=[[1e200]], slope=1, at=0.5)
    assert "verflow" in round_trip(exploding, deepest=6).sentence()


@pytest.mark.parametrize("name", ["lstm4-anbncn"])
def test_where_nothing_can_be_opened_again_there_is_no_round_trip(name):
    with pytest.raises(NoRoundTrip, match="nothing can be opened again"):
        round_trip(load(name))
