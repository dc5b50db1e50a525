"""Indicators: of exact counters, of ones broken by a known amount, and against the gates."""

import math

import numpy as np
import pytest

from countviz.analysis import measure_indicators
from countviz.checkpoints import load_family
from countviz.families import Family
from countviz.traces import trace


def family_of(model):
    return Family(
        name="made",
        spec=model.spec,
        seeds=(0,),
        epochs=(0,),
        weights={name: array[None, None] for name, array in model.parameters.items()},
        history=(),
    )


def measure(model):
    found = measure_indicators(family_of(model), [0], [0])
    return dict(zip(found.names, found.values[0].tolist(), strict=True)), found


@pytest.mark.parametrize("name", ["exact-lstm", "exact-relu", "exact-linear"])
def test_an_exact_counter_is_ideal(name):
    found = measure_indicators(load_family(name), [0], [0])
    ideals = np.array(found.ideals)
    judged = np.isfinite(ideals)
    assert found.values[0, judged] == pytest.approx(ideals[judged], abs=1e-12)


def test_a_relu_unit_deviates_as_it_was_made(make_unit):
    unit = make_unit("relu", inputs=[[2, -1.5]], recurrent=[[0.7]], bias=[0.25])
    measured, found = measure(unit)
    assert measured["a"] == 2.25
    assert measured["b"] == -1.25
    assert measured["|a/b + 1|"] == pytest.approx(0.8)
    assert measured["|U - 1|"] == pytest.approx(0.3)
    assert measured["deviation"] == pytest.approx(math.hypot(0.8, 0.3))
    assert "|U - 1| 0.3 (exact: 0)" in found.sentence()


def test_an_lstm_that_counts_downwards_has_the_bounds_of_its_mirror_image(make_unit):
    inputs = np.array([[1, 2], [3, 1], [4, -5], [2, 2.5]], float)
    recurrent, bias = np.array([[0.5], [-1], [0.75], [2]]), np.array([0.1, 0.2, 0.3, 0.4])
    up, _ = measure(make_unit("lstm", inputs=inputs, recurrent=recurrent, bias=bias))
    mirror = np.array([1, 1, -1, 1])  # h and c change their signs
    down, _ = measure(
        make_unit(
            "lstm",
            inputs=inputs * mirror[:, None],
            recurrent=recurrent * [[-1], [-1], [1], [-1]],
            bias=bias * mirror,
        )
    )
    assert (up.pop("direction"), down.pop("direction")) == (1, -1)
    assert down == pytest.approx(up)
    assert up["forget gate, worst"] == pytest.approx(1 / (1 + math.exp(-(1 + 0.2 - 1))))
    assert up["candidate on ), worst"] == pytest.approx(-math.tanh(4.7 - 0.75))


def test_no_gate_of_a_trained_lstm_leaves_its_bounds():
    family = load_family("lstm1-dyck1")
    seeds = family.seeds[:8]
    found = measure_indicators(family, seeds, [20] * len(seeds))
    for seed, values in zip(seeds, found.values, strict=True):
        bounds = dict(zip(found.names, values, strict=True))
        done = trace(family.model(seed, 20), "(()(((()))))()" * 20)
        for gate, letter in (("input gate", "i"), ("forget gate", "f"), ("output gate", "o")):
            seen = done.whole.internals[letter]
            assert bounds[f"{gate}, worst"] - 1e-6 <= seen.min()
            assert seen.max() <= bounds[f"{gate}, best"] + 1e-6


def test_a_gru_has_no_indicators_and_larger_models_are_refused():
    assert measure_indicators(load_family("gru1-dyck1"), [0], [20]) is None
    with pytest.raises(ValueError, match="lstm4-shuffle2 has 4 units and reads shuffle2"):
        measure_indicators(load_family("lstm4-shuffle2"), [0], [20])
