"""A family of counters that leak by known amounts, and what training does to those shipped."""

import math

import numpy as np
import pytest

from countviz.analysis import gather_ends, measure_saturation, measure_seed_saturation
from countviz.checkpoints import load_family
from countviz.exact import exact_linear, exact_lstm, exact_relu
from countviz.traces import trace

BIASES = (4, 6, 20)
STRING = "(()(()))()"


@pytest.fixture(scope="module")
def leaking(make_family):
    models = [exact_lstm(gate_bias=bias) for bias in BIASES]
    return make_family(models, [1, 1, 0.5])


def test_every_seed_has_the_nines_it_was_made_with(leaking):
    found = measure_seed_saturation(leaking, STRING)
    nines = [math.log10(1 + math.exp(bias)) for bias in BIASES]
    for gate in (0, 1, 3):
        for symbol in range(2):
            assert found.values[:, 0, gate, symbol] == pytest.approx(nines, rel=1e-13)
    assert found.right[:, 1, 0].tolist() == [1, 1, 1]
    assert found.right[0, 2, 0] == found.left[0, 2, 0] == 0.5


def test_the_bands_are_those_of_the_seeds_that_learned(leaking):
    found = measure_seed_saturation(leaking, STRING)
    spread = found.spread(1, 0)
    assert found.learned.tolist() == [True, True, False]
    assert spread.most[0] == pytest.approx(math.log10(1 + math.exp(6)))
    assert "from 99.17 % to 99.17 %" not in found.sentence(1)  # the median of nines, not of gates
    assert "(median of the 2 of 3 seeds that learned)" in found.sentence(1)


def test_training_opens_the_forget_gates_of_the_shipped_counters():
    family = load_family("lstm2-dyck1")
    found = measure_seed_saturation(family, STRING)
    assert found.values.shape == (len(family.seeds), len(family.epochs), 4, 2)
    seed, epoch = family.seeds[3], family.epochs[7]
    one = measure_saturation(trace(family.model(seed, epoch), STRING))
    read = np.array(list(STRING)) == ")"
    gates = trace(one.model, STRING).whole.internals["f"][read]
    assert found.values[3, 7, 1, 1] == pytest.approx(np.median(-np.log10(1 - gates)))
    first, last = found.spread(1, 1).median[[0, -1]]
    assert last > first + 1
    assert len(found.to_frame()) == found.values.size


def test_a_rectifier_is_followed_by_how_often_it_is_clipped(make_family):
    found = measure_seed_saturation(make_family([exact_relu()], [0.2]), STRING)
    assert found.values[0, 0, 0].tolist() == [0, 0.4]
    assert found.sentence().startswith("From epoch 20 to epoch 20 the median share clipped")
    assert "1 seeds; none learned" in found.sentence()


def test_a_linear_cell_has_no_gates_to_follow(make_family):
    assert measure_seed_saturation(make_family([exact_linear()], [1]), STRING) is None


def test_a_diverged_seed_is_left_out_of_the_bands(make_family, make_unit):
    exploded = make_unit("relu", inputs=[[1, 1]], recurrent=[[-1e300]], bias=[1e300])
    family = make_family([exact_relu(), exploded], [1, 1])
    found = measure_seed_saturation(family, "(" * 40)
    assert np.isfinite(found.spread(0, 0).median).all()


def test_ends_hold_the_model_and_the_units_of_all_seeds(leaking):
    saturation = measure_saturation(trace(exact_lstm(), STRING))
    ends = gather_ends(saturation, measure_seed_saturation(leaking, STRING))
    assert ends.right[:, 0].tolist() == [1, 1, 0.5, 1]
    assert ends.others_right.shape == (3, 4)
    assert ends.learned.tolist() == [True, True, False]
    assert "candidate 50 % and 50 %" in ends.sentence()
    assert "Of 2 units of seeds that learned" in ends.sentence()
    assert len(ends.to_frame()) == 4 + 3 * 4
    assert gather_ends(saturation).sentence().endswith("output gate 100 % and 0 %.")


def test_a_rectifier_has_no_ends():
    with pytest.raises(ValueError, match="ReLU has no gate that could be saturated"):
        gather_ends(measure_saturation(trace(exact_relu(), STRING)))
