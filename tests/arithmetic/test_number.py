"""float32 and float64: accurate, odd where the function is odd, and exactly saturated."""

import numpy as np
import pytest

from countviz.arithmetic.instructions import kernel
from countviz.arithmetic.number import sigmoid, tanh


@kernel
def apply_sigmoid(values, out):
    for k in range(values.size):
        out[k] = sigmoid(values[k])


@kernel
def apply_tanh(values, out):
    for k in range(values.size):
        out[k] = tanh(values[k])


def mapped(function, values):
    out = np.empty_like(values)
    function(values, out)
    return out


@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 4e-16), (np.float32, 2e-7)])
def test_sigmoid_and_tanh_are_accurate(dtype, tolerance):
    x = np.linspace(-30, 30, 20_001).astype(dtype)
    exactly = x.astype(np.float64)
    assert abs(mapped(apply_sigmoid, x) - 1 / (1 + np.exp(-exactly))).max() <= tolerance
    assert abs(mapped(apply_tanh, x) - np.tanh(exactly)).max() <= tolerance


def test_float32_tanh_keeps_its_relative_accuracy_near_zero():
    x = np.geomspace(1e-30, 1e-1, 2_000).astype(np.float32)
    relative = mapped(apply_tanh, x) / np.tanh(x.astype(np.float64)) - 1
    assert abs(relative).max() <= 3e-7


@pytest.mark.parametrize(
    ("dtype", "sigmoid_is_one", "tanh_is_one"),
    [(np.float32, (16, 17), (9.0, 9.02)), (np.float64, (36, 37), (19.0, 19.1))],
)
def test_gates_and_candidates_saturate_exactly(dtype, sigmoid_is_one, tanh_is_one):
    below, from_here = mapped(apply_sigmoid, np.array(sigmoid_is_one, dtype))
    assert below < 1
    assert from_here == 1
    below, from_here = mapped(apply_tanh, np.array(tanh_is_one, dtype))
    assert below < 1
    assert from_here == 1


def test_tanh_is_odd_to_the_last_bit():
    x = np.linspace(0, 12, 5_000).astype(np.float32)
    assert (mapped(apply_tanh, -x) == -mapped(apply_tanh, x)).all()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_extreme_and_missing_numbers_pass_through(dtype):
    x = np.array([-1e4, 1e4, np.inf, -np.inf, np.nan], dtype)
    gates, candidates = mapped(apply_sigmoid, x), mapped(apply_tanh, x)
    assert gates[:4] == pytest.approx([0, 1, 1, 0], abs=1e-37)
    assert list(candidates[:4]) == [-1, 1, 1, -1]
    assert np.isnan([gates[4], candidates[4]]).all()


def test_outside_compiled_code_the_vocabulary_says_what_it_is_for():
    with pytest.raises(TypeError, match="compiled"):
        sigmoid(0.0)
