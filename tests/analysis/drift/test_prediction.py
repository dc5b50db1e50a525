"""Foretold horizons, on the hand-made grid of ReLU counters and on counters that leak.

The grid is the one of El-Naggar et al. (2023): a = 1 + up to 0.02, b = -1, U = 1 + up to 0.0005.
"""

import itertools

import numpy as np
import pytest

from countviz.analysis import AffineCount, find_first_failure, measure_nesting, predict_horizon
from countviz.checkpoints import load, load_family
from countviz.exact import exact_linear, exact_lstm, exact_relu
from countviz.languages.dyck1 import nested
from countviz.traces import trace

OFF = [step * 0.004 for step in range(-5, 6)]
BENT = [step * 1e-4 for step in range(-5, 6)]


@pytest.fixture(scope="module")
def make_counter(make_unit):
    def make(off=0.0, bent=0.0):
        inputs = [[1 + off, -1]]
        return make_unit("relu", inputs=inputs, recurrent=[[1 + bent]], slope=1, at=0.5)

    return make


def exact_form(off, bent, opened, closed):
    up, down, keep = (np.longdouble(x) for x in (1 + off, -1, 1 + bent))
    if keep == 1:
        return opened * up + closed * down
    grown, shrunk = keep**opened - 1, keep**closed - 1
    return keep**closed * up * grown / (keep - 1) + down * shrunk / (keep - 1)


@pytest.mark.parametrize("off", [off for off in OFF if off])
def test_an_asymmetry_alone_fails_at_half_a_step_by_it(make_counter, off):
    foretold = predict_horizon(make_counter(off=off))
    assert abs(foretold.measured_depth - 1 / (2 * abs(off))) <= 1
    tie = foretold.badge == "estimated"  # where a count comes to just half a bracket
    assert abs(foretold.foretold_depth - foretold.measured_depth) <= tie
    assert tie == (off in (OFF[0], OFF[4], OFF[6], OFF[-1]))
    assert foretold.foretold_kind == ("stuck open" if off > 0 else "early zero")
    assert foretold.rule_depth == pytest.approx(foretold.measured_depth, abs=2)


@pytest.mark.parametrize("bent", [bent for bent in BENT if bent])
def test_a_gain_alone_fails_at_the_root_of_it(make_counter, bent):
    foretold = predict_horizon(make_counter(bent=bent))
    assert abs(foretold.measured_depth - np.ceil(np.sqrt(1 / (2 * abs(bent))))) <= 1
    assert foretold.foretold_depth == foretold.measured_depth
    assert foretold.rule_depth == pytest.approx(foretold.measured_depth, abs=1)


def test_all_inexact_counters_of_the_grid_fail_where_the_exact_form_says(make_counter):
    grid = [pair for pair in itertools.product(OFF, BENT) if any(pair)]
    assert len(grid) == 120
    ties = []
    for off, bent in grid:
        count = AffineCount(
            start=0,
            keep_up=1 + bent,
            add_up=1 + off,
            keep_down=1 + bent,
            add_down=-1,
            threshold=0.5,
            clipped=True,
        )
        foretold, model = find_first_failure(count, 500), make_counter(off, bent)
        tie = not foretold.is_clear("float64")
        assert abs(foretold.depth - measure_nesting(model).depth - 1) <= tie
        ties.append(tie)
        deep = max(foretold.depth - 1, 1)
        h = trace(model, nested(deep)).whole.internals["h"][:, 0]
        opened = np.minimum(np.arange(1, 2 * deep + 1), deep)
        expected = exact_form(off, bent, opened, np.arange(1, 2 * deep + 1) - opened)
        assert h == pytest.approx(np.maximum(expected, 0).astype(float), abs=1e-9)
    assert sum(ties) == 4


@pytest.mark.parametrize("model", [exact_relu(), exact_linear(), exact_relu(step=0.7)])
def test_exact_weights_foretell_no_failure_and_prove_it(model):
    foretold = predict_horizon(model)
    assert (foretold.foretold_depth, foretold.rule_depth, foretold.measured_depth) == (None,) * 3
    assert foretold.badge == "proved"
    assert "neither leaks nor is lopsided" in foretold.sentence()


@pytest.mark.parametrize("bias", [4, 6, 8])
def test_a_leaking_gate_is_foretold_by_its_steps(bias):
    foretold = predict_horizon(exact_lstm(gate_bias=bias))
    assert foretold.badge == "estimated"
    assert not foretold.has_closed_form
    assert foretold.steps_depth == pytest.approx(foretold.measured_depth, abs=1)
    assert foretold.rule_leak == pytest.approx(np.sqrt(2 * (1 + np.exp(bias))), rel=1e-6)
    assert foretold.rule_asymmetry == np.inf


def test_every_relu_that_learned_fails_where_its_weights_say():
    family = load_family("relu1-dyck1")
    learned = [s for s in family.seeds if family.validation_accuracy(s) >= 0.99][:6]
    for seed in learned:
        foretold = predict_horizon(family.model(seed))
        assert foretold.closed_form_depth == foretold.measured_depth
        assert foretold.badge == "proved"
        assert f"first fails {foretold.measured_depth:,} deep" in foretold.sentence()


def test_coarse_rounding_takes_the_proof_away():
    assert predict_horizon(load("relu1-dyck1/1"), "float16").badge == "estimated"


def test_of_a_dead_unit_nothing_is_foretold():
    foretold = predict_horizon(load("relu1-dyck1/0"))
    assert not foretold.can_foretell
    assert foretold.sentence().endswith("In fact it is wrong on ( ) already.")
    assert len(foretold.to_frame()) == 1


def test_another_language_has_no_nests():
    with pytest.raises(ValueError, match="reads anbncn"):
        predict_horizon(load("lstm4-anbncn"))
