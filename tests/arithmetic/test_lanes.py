"""Lanes: thirty-two numbers in one, each with the bits that it would have alone."""

import numpy as np
import pytest

from countviz.arithmetic.instructions import at_most, choose, constant, fma, kernel, square_root
from countviz.arithmetic.lanes import LANES, align, all_below, as_lanes, as_matrix
from countviz.arithmetic.number import complement, exp, log, relu, sigmoid, step_at_zero, tanh

FUNCTIONS = ["sigmoid", "tanh", "relu", "step_at_zero", "complement", "root", "mixed", "exp", "log"]


@kernel
def apply_all(numbers, out):
    for k in range(numbers.size):
        x = numbers[k]
        out[k, 0] = sigmoid(x)
        out[k, 1] = tanh(x)
        out[k, 2] = relu(x)
        out[k, 3] = step_at_zero(x)
        out[k, 4] = complement(x)
        out[k, 5] = square_root(x * x)
        out[k, 6] = choose(x, fma(x, x, -x), (x - constant(1.0, x)) / constant(3.0, x))
        out[k, 7] = exp(x - x * x)
        out[k, 8] = log(constant(1e-30, x) + at_most(x * x, constant(1e6, x)))


@kernel
def apply_in_lanes(values, out):
    apply_all(as_lanes(values), as_lanes(out))


@kernel
def apply_alone(values, out):
    apply_all(values, out)


@kernel
def transpose_shape(values, rows, columns):
    return as_matrix(as_lanes(values), rows, columns).shape


@kernel
def is_below(values, bound):
    lanes = as_lanes(values)
    return all_below(lanes[0], constant(bound, lanes[0]))


def in_both_ways(values):
    """Return what 32 lanes and what single numbers make of values, each [N, functions]."""
    together = align(np.empty((values.size // LANES, len(FUNCTIONS), LANES), values.dtype))
    apply_in_lanes(align(values.reshape(-1, LANES)), together)
    alone = np.empty((values.size, len(FUNCTIONS)), values.dtype)
    apply_alone(values, alone)
    return np.moveaxis(together, 1, 2).reshape(alone.shape), alone


def some_values(dtype):
    spread = np.linspace(-100, 100, 32 * 500)
    tiny = np.geomspace(1e-30, 1, 32 * 100)
    special = [np.nan, np.inf, -np.inf, 0.0, -0.0, 1.0, -1.0, 88.0]
    return np.concatenate([spread, tiny, -tiny, np.tile(special, 4)]).astype(dtype)


def test_a_lane_of_float32_has_the_bits_of_a_single_float32():
    together, alone = in_both_ways(some_values(np.float32))
    assert np.array_equal(together, alone, equal_nan=True)
    assert (np.signbit(together) == np.signbit(alone)).all()


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_lane_of_float64_is_as_accurate_as_the_c_library(function):
    column = FUNCTIONS.index(function)
    together, alone = (values[:, column] for values in in_both_ways(some_values(np.float64)))
    np.testing.assert_allclose(together, alone, rtol=2e-15, atol=3e-16, equal_nan=True)


@pytest.mark.parametrize(("first", "sigmoid_of", "tanh_of"), [(37, 1, 1), (-37, None, -1)])
def test_a_lane_of_float64_saturates_exactly(first, sigmoid_of, tanh_of):
    together, _ = in_both_ways(np.full(LANES, first, np.float64))
    assert sigmoid_of is None or (together[:, 0] == sigmoid_of).all()
    assert (together[:, 1] == tanh_of).all()


def test_a_vector_of_lanes_can_be_seen_as_a_matrix():
    assert transpose_shape(align(np.zeros((6, LANES), np.float32)), 2, 3) == (2, 3)


def test_one_lane_at_the_bound_is_not_below_it():
    values = align(np.zeros((1, LANES), np.float32))
    assert is_below(values, 1.0)
    values[0, 17] = 1
    assert not is_below(values, 1.0)


def test_aligned_copies_begin_at_a_cache_line():
    for size in range(1, 40):
        copy = align(np.arange(size, dtype=np.float32))
        assert copy.ctypes.data % 64 == 0
        assert (copy == np.arange(size)).all()
