"""sigmoid, tanh, exp and log from short polynomials, for a float or a vector of floats.

x is split into n ln 2 + r with abs(r) <= ln(2) / 2, so that exp(x) = 2^n (1 + (exp(r) - 1)). For
float32 the polynomial was fitted to least squares on Chebyshev nodes (largest error 4e-9, a
fifteenth of a rounding); for float64 it is Taylor's, of degree 13 (4e-18). There is no branch, and
sigmoid and tanh saturate exactly where the format does.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

from countviz.arithmetic.instructions import (
    at_least,
    at_most,
    choose,
    constant,
    copy_sign,
    exponent,
    fma,
    inlined,
    power_of_two,
)


class Constants(NamedTuple):
    """What the formulas need to know about a format."""

    round: float  # adding it leaves the nearest integer in the last bits
    ln2_high: float  # few bits: products with small integers are exact
    ln2_low: float
    largest: float  # abs(x) that exp still takes
    tail: tuple[float, ...]  # (exp(r) - 1 - r) / r^2, the constant term first
    terms: int  # of the logarithm's series


FLOAT32 = Constants(
    round=1.5 * 2**23,
    ln2_high=0.693359375,
    ln2_low=math.log(2) - 0.693359375,
    largest=87.0,
    tail=(0.5, 0.16666509, 0.041666247, 0.0083698733, 0.0013947606),
    terms=5,
)
FLOAT64 = Constants(
    round=1.5 * 2**52,
    ln2_high=6.93147180369123816490e-01,
    ln2_low=1.90821492927058770002e-10,
    largest=708.0,
    tail=tuple(1 / math.factorial(k) for k in range(2, 14)),
    terms=11,
)


def _write_polynomial(coefficients: tuple[float, ...]) -> Callable:
    """Write a polynomial in halves (Estrin), whose chains are shorter than Horner's."""
    first, *rest = coefficients
    if not rest:
        return inlined(lambda x: constant(first, x))
    if len(coefficients) % 2 or len(coefficients) == 2:
        others = _write_polynomial(tuple(rest))
        return inlined(lambda x: fma(others(x), x, constant(first, x)))
    half = 1 << (len(coefficients) - 1).bit_length() - 1
    low, high = _write_polynomial(coefficients[:half]), _write_polynomial(coefficients[half:])
    power = _write_power(half)
    return inlined(lambda x: fma(high(x), power(x), low(x)))


def _write_power(exponent: int) -> Callable:
    """Write x to a power of two."""
    if exponent == 1:
        return inlined(lambda x: x)
    root = _write_power(exponent // 2)
    return inlined(lambda x: root(x) * root(x))


def _write_expm1_parts(this: Constants) -> Callable:
    """Write ``expm1_parts(x) -> (p, s)`` with exp(x) = s + s p and s a power of two."""
    log2_e, rounding, high, low = 1 / math.log(2), this.round, -this.ln2_high, -this.ln2_low
    tail = _write_polynomial(this.tail)

    @inlined
    def expm1_parts(x):
        shifted = fma(x, constant(log2_e, x), constant(rounding, x))
        whole = shifted - constant(rounding, x)
        r = fma(whole, constant(low, x), fma(whole, constant(high, x), x))
        return fma(tail(r), r * r, r), power_of_two(shifted)

    return expm1_parts


def write_sigmoid(this: Constants) -> Callable:
    """Write ``sigmoid(x)``, 1 / (1 + exp(-x))."""
    expm1_parts, largest = _write_expm1_parts(this), this.largest

    @inlined
    def sigmoid(x):
        one, bound = constant(1.0, x), constant(largest, x)
        p, scale = expm1_parts(at_least(at_most(-x, bound), -bound))
        return one / (one + fma(p, scale, scale))

    return sigmoid


def write_tanh(this: Constants) -> Callable:
    """Write ``tanh(x)`` = (e - 1) / (e + 1) with e = exp(2 abs(x)), without cancellation."""
    expm1_parts, saturated = _write_expm1_parts(this), 40.0

    @inlined
    def tanh(x):
        one = constant(1.0, x)
        p, scale = expm1_parts(at_most(copy_sign(x + x, one), constant(saturated, x)))
        e = fma(p, scale, scale - one)
        inverse = one / (e + constant(2.0, x))
        y = choose(e - one, fma(constant(-2.0, x), inverse, one), e * inverse)
        return copy_sign(y, x)

    return tanh


def write_exp(this: Constants) -> Callable:
    """Write ``exp(x)``, for x within the largest that the format takes."""
    expm1_parts, largest = _write_expm1_parts(this), this.largest

    @inlined
    def exp(x):
        bound = constant(largest, x)
        p, scale = expm1_parts(at_least(at_most(x, bound), -bound))
        return fma(p, scale, scale)

    return exp


def write_log(this: Constants) -> Callable:
    """Write the natural ``log(x)`` of a positive, normal x.

    x is split into 2^n m with m from sqrt(1/2) to sqrt(2), and log(m) = 2 artanh(s) with
    s = (m - 1) / (m + 1), at most 0.172, is summed up by its series.
    """
    series = _write_polynomial(tuple(2 / (2 * k + 3) for k in range(this.terms)))
    rounding, high, low = this.round, this.ln2_high, this.ln2_low

    @inlined
    def log(x):
        one, n = constant(1.0, x), exponent(x)
        rest = x * power_of_two(constant(rounding, x) - n) - one
        s = rest / (rest + constant(2.0, x))
        square = s * s
        small = fma(n, constant(low, x), fma(series(square) * square, s, s + s))
        return fma(n, constant(high, x), small)

    return log
