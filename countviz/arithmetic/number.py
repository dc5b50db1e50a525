"""The vocabulary of the equations, and what it means for float64 and float32.

float64 uses the C library's functions, float32 the polynomials of ``exponential``. Both saturate
exactly: a gate rounds to 1 and a candidate to ±1 where the format says so, which decides whether a
counter can be exact.
"""

import math

from numba import types
from numba.extending import overload

from countviz.arithmetic.exponential import (
    FLOAT32,
    write_exp,
    write_log,
    write_sigmoid,
    write_tanh,
)
from countviz.arithmetic.instructions import at_least, choose, constant, equation


def sigmoid(x):
    """Return 1 / (1 + exp(-x))."""
    raise TypeError("sigmoid is for compiled equations; see the overloads")


def tanh(x):
    """Return the hyperbolic tangent of x."""
    raise TypeError("tanh is for compiled equations; see the overloads")


def exp(x):
    """Return e to the power of x."""
    raise TypeError("exp is for compiled equations; see the overloads")


def log(x):
    """Return the natural logarithm of x, which is positive and not next to 0."""
    raise TypeError("log is for compiled equations; see the overloads")


@equation
def relu(x):
    """Return max(x, 0); what is not a number stays so."""
    return at_least(x, zero_like(x))


@equation
def step_at_zero(x):
    """Return 1 where x > 0, else 0: the derivative of relu, as PyTorch has it."""
    return choose(-x, zero_like(x), constant(1.0, x))


@equation
def complement(x):
    """Return 1 - x, in the precision of x."""
    return constant(1.0, x) - x


@equation
def zero_like(x):
    """Return 0 in the precision of x."""
    return constant(0.0, x)


@equation
def native(x):
    """Lift a stored value to a number; for float64 and float32 they are the same."""
    return x


_sigmoid32, _tanh32 = write_sigmoid(FLOAT32), write_tanh(FLOAT32)
_exp32, _log32 = write_exp(FLOAT32), write_log(FLOAT32)


@overload(sigmoid)
def _sigmoid(x):
    if x == types.float32:
        return lambda x: _sigmoid32(x)
    if x == types.float64:
        return lambda x: 1.0 / (1.0 + math.exp(-x))
    return None


@overload(tanh)
def _tanh(x):
    if x == types.float32:
        return lambda x: _tanh32(x)
    if x == types.float64:
        return lambda x: math.tanh(x)
    return None


@overload(exp)
def _exp(x):
    if x == types.float32:
        return lambda x: _exp32(x)
    if x == types.float64:
        return lambda x: math.exp(x)
    return None


@overload(log)
def _log(x):
    if x == types.float32:
        return lambda x: _log32(x)
    if x == types.float64:
        return lambda x: math.log(x)
    return None
