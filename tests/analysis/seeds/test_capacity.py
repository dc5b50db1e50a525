"""Capacity: units whose resting point and contraction are known."""

import math

import numpy as np
import pytest

from countviz.analysis import measure_capacity
from countviz.checkpoints import load


def test_a_linear_contraction_is_found(make_unit):
    """h' = h / 2 + 1 rests at 2, and every step leaves half of the way."""
    half = make_unit("linear", inputs=[[1, -1]], recurrent=[[0.5]])
    found = measure_capacity(half)
    assert found.contraction == pytest.approx(0.5, abs=1e-6)
    assert found.told_apart == found.moves.size
    np.testing.assert_allclose(found.moves[:50], 0.5 ** np.arange(50), rtol=1e-9)


def test_a_squashed_unit_contracts_by_the_slope_at_its_resting_point(make_unit):
    unit = make_unit("tanh", inputs=[[0.3, -0.3]], recurrent=[[0.9]])
    rest = 0.0
    for _ in range(2_000):
        rest = math.tanh(0.9 * rest + 0.3)
    assert measure_capacity(unit).contraction == pytest.approx(0.9 * (1 - rest**2), abs=1e-6)


def test_fewer_digits_hold_fewer_counts():
    counts = [
        measure_capacity(load("gru1-dyck1/0"), precision).told_apart
        for precision in ("bfloat16", "float16", "float32", "float64")
    ]
    assert counts == sorted(counts)
    assert len(set(counts)) == 4


def test_a_state_that_swings_for_ever_has_no_contraction(make_unit):
    swinging = make_unit("tanh", inputs=[[0.1, 0]], recurrent=[[-3]])
    found = measure_capacity(swinging)
    assert math.isnan(found.contraction)
    assert found.told_apart is None
    assert "still moves after 10,000" in found.sentence()
