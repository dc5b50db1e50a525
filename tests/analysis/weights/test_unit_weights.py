"""Weights under short codes: what they name is what acts."""

import numpy as np
import pytest

from countviz.analysis import change_weights, list_weights
from countviz.analysis.weights.unit_weights import BadChange, find_changes, name_groups
from countviz.checkpoints import load
from countviz.exact import exact_lstm, exact_relu
from countviz.traces import trace

ONE_UNIT = ("lstm1-dyck1/1", "gru1-dyck1/0", "relu1-dyck1/1", "tanh1-dyck1/0", "exact-linear")


@pytest.mark.parametrize("address", ONE_UNIT)
def test_there_is_a_code_for_every_weight_and_a_name_for_every_group(address):
    model = load(address)
    weights = list_weights(model)
    gates = len(model.cell.gates)
    each = 5 if model.spec.cell == "gru" else 4
    assert len({one.code for one in weights}) == len(weights) == each * gates + 4
    assert list(name_groups(model)) == list(dict.fromkeys(one.group for one in weights))


@pytest.mark.parametrize("address", ONE_UNIT)
def test_giving_every_weight_its_own_value_again_changes_no_verdict(address):
    model = load(address)
    same = change_weights(model, {one.code: one.value for one in list_weights(model)})
    assert find_changes(model, same) == {}
    string = "(()(()))" * 4 + "(" * 20 + ")" * 20
    assert (trace(model, string).verdicts == trace(same, string).verdicts).all()


def test_codes_name_the_places_of_pytorch():
    changed = change_weights(exact_lstm(), {"i0": 1, "f1": 2, "gh": 3, "ob": 4, "y0w": 5, "y1b": 6})
    parts = changed.parameters
    assert parts["rnn.weight_ih_l0"][0, 0] == 1
    assert parts["rnn.weight_ih_l0"][1, 1] == 2
    assert parts["rnn.weight_hh_l0"][2, 0] == 3
    assert parts["rnn.bias_ih_l0"][3] == 4
    assert parts["readout.weight"][0, 0] == 5
    assert parts["readout.bias"][1] == 6
    assert changed.spec.recipe is None
    assert changed.name == "exact-lstm, changed"
    assert change_weights(changed, {"i0": 2}).name == "exact-lstm, changed"


def test_what_was_changed_is_found_again_and_undone():
    changes = {"hh": 0.5, "y1b": -3.25}
    changed = change_weights(exact_relu(), changes)
    assert find_changes(exact_relu(), changed) == changes
    undone = change_weights(changed, find_changes(changed, exact_relu()))
    assert all(
        np.array_equal(undone.parameters[name], array)
        for name, array in exact_relu().parameters.items()
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"fb": 1.0}, "has no weight 'fb'; there are: h0, h1, hh, hb, y0w"),
        ({"hh": float("nan")}, "hh cannot be nan"),
        ({"hh": 1e9}, "a number within ±1,000,000 can"),
    ],
)
def test_a_change_that_cannot_be_made_is_answered(changes, words):
    with pytest.raises(BadChange, match=words):
        change_weights(exact_relu(), changes)


def test_several_units_are_answered():
    with pytest.raises(BadChange, match="has 5 units"):
        list_weights(load("lstm5-dyck1"))
