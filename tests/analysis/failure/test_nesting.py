"""Nesting horizons: against running every nested string."""

import re

import pytest

from countviz.analysis import NestingHorizon, measure_nesting
from countviz.checkpoints import load
from countviz.exact import exact_linear, exact_lstm, exact_relu
from countviz.languages.dyck1 import nested
from countviz.traces import trace


def judged_right(model, depth, precision):
    """Judge (^n )^n without the languages: ")" may come while some bracket is open."""
    verdicts = trace(model, nested(depth), precision).verdicts[:, 1]
    return verdicts.tolist() == [t < 2 * depth for t in range(1, 2 * depth + 1)]


def horizon_by_brute_force(model, precision, tried):
    right = [judged_right(model, depth, precision) for depth in range(1, tried + 1)]
    return right.index(False) if False in right else tried


@pytest.mark.parametrize("model", [exact_lstm(), exact_relu(), exact_linear()], ids=str)
def test_an_exact_counter_nests_as_deep_as_was_tried(model):
    horizon = measure_nesting(model, tried=60)
    assert (horizon.depth, horizon.tried, horizon.fooled_by) == (60, 60, None)
    assert horizon.short() == "≥ 60"
    assert horizon.sentence() == "nests at least 60 deep"


@pytest.mark.parametrize("gate_bias", [3, 4, 5, 6, 7, 8])
def test_a_leaking_counter_nests_as_deep_as_brute_force_finds(gate_bias):
    leaky = exact_lstm(gate_bias=gate_bias)
    horizon = measure_nesting(leaky, tried=60)
    assert horizon.depth == horizon_by_brute_force(leaky, "float64", 60)
    assert 0 < horizon.depth < 60


def test_the_weaker_the_gates_the_earlier_a_counter_fails():
    depths = [measure_nesting(exact_lstm(gate_bias=bias), tried=60).depth for bias in range(3, 9)]
    assert depths == sorted(set(depths))


@pytest.mark.parametrize("precision", ["float64", "float32", "bfloat16"])
@pytest.mark.parametrize("name", ["gru1-dyck1", "lstm1-dyck1", "relu1-dyck1"])
def test_a_trained_model_nests_as_deep_as_brute_force_finds(name, precision):
    model = load(name)
    horizon = measure_nesting(model, precision, tried=60)
    assert horizon.depth == horizon_by_brute_force(model, precision, 60)


def test_the_string_that_fools_a_model_is_the_first_nesting_it_gets_wrong():
    horizon = measure_nesting(exact_lstm(gate_bias=6))
    string = horizon.fooled_by
    assert string == nested(horizon.depth + 1)
    assert trace(exact_lstm(gate_bias=6), string).first_failure is not None
    assert horizon.short() == f"{horizon.depth}"
    assert horizon.sentence() == f"nests {horizon.depth} deep, fails at {len(string) // 2}"


def test_a_dead_unit_is_wrong_on_the_shortest_string(make_unit):
    horizon = measure_nesting(make_unit("lstm"))
    assert (horizon.depth, horizon.fooled_by) == (0, "()")
    assert horizon.sentence() == "wrong on ( ) already"


@pytest.mark.parametrize("depth", [1, 2, 499, 999, 1_000, 12_345])
@pytest.mark.parametrize("beyond", [0, 1, 20_000])
def test_every_number_in_the_sentence_is_in_the_report(depth, beyond):
    horizon = NestingHorizon(depth=depth, tried=depth + beyond)
    said = [int(n.replace(",", "")) for n in re.findall(r"\d[\d,]*", horizon.sentence())]
    assert said == ([depth, depth + 1] if beyond else [depth])


def test_a_model_of_another_language_has_no_nesting_horizon():
    with pytest.raises(ValueError, match=r"lstm4-anbncn/.* reads anbncn; .* dyck1"):
        measure_nesting(load("lstm4-anbncn"))
