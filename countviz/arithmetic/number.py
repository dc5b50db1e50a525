"""The vocabulary of the equations, and what it means for float64 and float32.

float64 uses the C library's exp and tanh. float32 uses one short polynomial for exp(x) - 1, whose
coefficients were fitted to least squares on Chebyshev nodes over abs(x) <= ln(2) / 2 (largest error
4e-9, a fifteenth of a float32 rounding). Both saturate exactly: a gate rounds to 1 and a
candidate to ±1 where the format says so, which decides whether a counter can be exact.
"""

import math

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic, overload

equation = njit(error_model="numpy", nogil=True, forceinline=True)  # inlined by LLVM
inlined = njit(error_model="numpy", nogil=True, inline="always")  # by numba: loops vectorise across
kernel = njit(error_model="numpy", nogil=True, cache=True)


def sigmoid(x):
    """Return 1 / (1 + exp(-x))."""
    raise TypeError("sigmoid is for compiled equations; see the overloads")


def tanh(x):
    """Return the hyperbolic tangent of x."""
    raise TypeError("tanh is for compiled equations; see the overloads")


def relu(x):
    """Return max(x, 0)."""
    raise TypeError("relu is for compiled equations; see the overloads")


def step_at_zero(x):
    """Return 1 where x > 0, else 0: the derivative of relu, as PyTorch has it."""
    raise TypeError("step_at_zero is for compiled equations; see the overloads")


def complement(x):
    """Return 1 - x, in the precision of x."""
    raise TypeError("complement is for compiled equations; see the overloads")


def zero_like(x):
    """Return 0 in the precision of x."""
    raise TypeError("zero_like is for compiled equations; see the overloads")


@equation
def native(x):
    """Lift a stored value to a number; for float64 and float32 they are the same."""
    return x


@intrinsic
def fma(typing, x, y, z):
    """Return x * y + z with a single rounding."""

    def generate(context, builder, signature, arguments):
        return builder.fma(*arguments)

    return (x(x, x, x), generate) if x == y == z else None


def _reinterpret(source: types.Type, target: types.Type, code: ir.Type):
    """Return a function that reads the bits of one type as another."""

    @intrinsic
    def bits(typing, x):
        def generate(context, builder, signature, arguments):
            return builder.bitcast(arguments[0], code)

        return target(source), generate

    return bits


bits_of = _reinterpret(types.float32, types.int32, ir.IntType(32))
from_bits = _reinterpret(types.int32, types.float32, ir.FloatType())

_ONE = np.float32(1)
_LOG2_E = np.float32(1 / math.log(2))
_LN2_HIGH = np.float32(0.693359375)  # ten bits: products with small integers are exact
_LN2_LOW = np.float32(math.log(2) - 0.693359375)
_ROUND = np.float32(1.5 * 2**23)  # adding it leaves the nearest integer in the low bits
_C2, _C3, _C4, _C5, _C6 = (
    np.float32(c) for c in (0.5, 0.16666509, 0.041666247, 0.0083698733, 0.0013947606)
)


@inlined
def _expm1_parts(x):
    """Return (p, s) with exp(x) = s + s p, s a power of two; float32, abs(x) <= 87."""
    shifted = fma(x, _LOG2_E, _ROUND)
    whole = shifted - _ROUND
    r = fma(whole, -_LN2_LOW, fma(whole, -_LN2_HIGH, x))
    r2 = r * r
    p = fma(fma(fma(_C6, r, _C5), r2, fma(_C4, r, _C3)), r, _C2)
    scale = from_bits((bits_of(shifted) + np.int32(127)) << np.int32(23))
    return fma(p, r2, r), scale


@inlined
def _sigmoid32(x):
    x = np.float32(87) if x > np.float32(87) else x
    x = np.float32(-87) if x < np.float32(-87) else x
    p, scale = _expm1_parts(-x)
    return _ONE / (_ONE + fma(p, scale, scale))


@inlined
def _tanh32(x):
    twice = abs(x + x)
    p, scale = _expm1_parts(np.float32(20) if twice > np.float32(20) else twice)
    e = fma(p, scale, scale - _ONE)  # exp(2 x) - 1, without cancellation
    inverse = _ONE / (e + np.float32(2))
    y = e * inverse if e < _ONE else fma(np.float32(-2), inverse, _ONE)  # saturates where it should
    return math.copysign(y, x)


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


@overload(relu)
def _relu(x):
    if isinstance(x, types.Float):
        zero = np.dtype(x.name).type(0)
        return lambda x: zero if x < zero else x  # keeps a NaN
    return None


@overload(step_at_zero)
def _step_at_zero(x):
    if isinstance(x, types.Float):
        zero, one = np.dtype(x.name).type(0), np.dtype(x.name).type(1)
        return lambda x: one if x > zero else zero
    return None


@overload(complement)
def _complement(x):
    if isinstance(x, types.Float):
        one = np.dtype(x.name).type(1)
        return lambda x: one - x
    return None


@overload(zero_like)
def _zero_like(x):
    if isinstance(x, types.Float):
        zero = np.dtype(x.name).type(0)
        return lambda x: zero
    return None
