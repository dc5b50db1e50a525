"""The two 16-bit formats, emulated: a float32 that is rounded after every operation.

A result that is computed in float32 and rounded once equals the correctly rounded 16-bit result for
+, -, *, / and square root, because 24 bits are at least 2 p + 2 for p = 8 (bfloat16) and p = 11
(float16) (Figueroa 1995). exp and tanh come from the C library in float32. Rounding works on the
bits, to nearest and ties to even, so that no processor support for 16-bit floats is needed.
"""

import math
import operator
from collections.abc import Callable

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic, models, overload, register_model

from countviz.arithmetic.instructions import equation
from countviz.arithmetic.number import sigmoid, tanh


def _write_round_off(dropped: int):
    """Write the function that rounds away the last bits of a float32, to nearest, ties to even.

    The bits are handled in a vector register, where floats live: moving them to an integer register
    and back would double the time of a rounding.
    """
    integers, floats = ir.VectorType(ir.IntType(32), 4), ir.VectorType(ir.FloatType(), 4)

    def each(value: int) -> ir.Constant:
        return ir.Constant(integers, [value & 0xFFFFFFFF] * 4)

    @intrinsic
    def round_off(typing, x):
        def generate(context, builder, signature, arguments):
            first = ir.Constant(ir.IntType(32), 0)
            wide = builder.insert_element(ir.Constant(floats, ir.Undefined), arguments[0], first)
            bits = builder.bitcast(wide, integers)
            last_kept = builder.and_(builder.lshr(bits, each(dropped)), each(1))
            below_half = each((1 << (dropped - 1)) - 1)
            bits = builder.add(builder.add(bits, below_half), last_kept)
            bits = builder.and_(bits, each(-1 << dropped))
            return builder.extract_element(builder.bitcast(bits, floats), first)

        return types.float32(types.float32), generate

    return round_off


_round_off_16, _round_off_13 = _write_round_off(16), _write_round_off(13)


@equation
def round_to_bfloat16(x):
    """Round a float32 to the nearest bfloat16 (8 significant bits, float32's exponents)."""
    return _round_off_16(x)


@equation
def round_to_float16(x):
    """Round a float32 to the nearest float16 (11 significant bits, 6e-8 to 65,504)."""
    size = abs(x)
    if not size < np.float32(65520):  # also a NaN
        return x if x != x else math.copysign(np.float32(np.inf), x)
    if size < np.float32(2**-14):  # subnormal: multiples of 2^-24, the spacing of float32 at 1/2
        half = np.float32(0.5)
        return math.copysign((size + half) - half, x)
    return _round_off_13(x)


class HalfType(types.Type):
    """A 16-bit number as numba sees it; it is carried in a float32.

    ``restore`` makes one from a float32 that is such a number already, ``lift`` rounds first.
    """

    def __init__(self, name: str, rounded: Callable) -> None:
        super().__init__(name)
        kind = self

        @intrinsic
        def restore(typing, x):
            return kind(types.float32), lambda context, builder, signature, arguments: arguments[0]

        @equation
        def lift(x):
            return restore(rounded(x))

        self.restore, self.lift = restore, lift


@register_model(HalfType)
class _HalfModel(models.PrimitiveModel):
    def __init__(self, manager, kind) -> None:
        super().__init__(manager, kind, ir.FloatType())


@intrinsic
def _unwrap(typing, x):
    if not isinstance(x, HalfType):
        return None
    return types.float32(x), lambda context, builder, signature, arguments: arguments[0]


def lower(x):
    """Return a number as it is stored: a 16-bit number as the float32 that carries it."""
    raise TypeError("lower is for compiled equations; see the overload")


@overload(lower)
def _lower(x):
    if isinstance(x, HalfType):
        return lambda x: _unwrap(x)
    return lambda x: x


@overload(operator.add)
def _add(x, y):
    if isinstance(x, HalfType) and x == y:
        lift = x.lift
        return lambda x, y: lift(lower(x) + lower(y))
    return None


@overload(operator.sub)
def _sub(x, y):
    if isinstance(x, HalfType) and x == y:
        lift = x.lift
        return lambda x, y: lift(lower(x) - lower(y))
    return None


@overload(operator.mul)
def _mul(x, y):
    if isinstance(x, HalfType) and x == y:
        lift = x.lift
        return lambda x, y: lift(lower(x) * lower(y))
    return None


@overload(sigmoid)
def _sigmoid(x):
    if isinstance(x, HalfType):
        lift, one = x.lift, np.float32(1)
        return lambda x: lift(one / (one + math.exp(-lower(x))))
    return None


@overload(tanh)
def _tanh(x):
    if isinstance(x, HalfType):
        lift = x.lift
        return lambda x: lift(math.tanh(lower(x)))
    return None


FLOAT16 = HalfType("float16", round_to_float16)
BFLOAT16 = HalfType("bfloat16", round_to_bfloat16)
