"""Thirty-two models in one number: a vector of floats, a model in every lane.

To the equations a vector of lanes is one more kind of number, and an array of [..., 32] floats,
seen through ``numbers``, is an array of them with one axis less. A loop that is written over
numbers is so compiled for one model or for thirty-two, and every lane of float32 gets the bits that
the model would get alone. LLVM cuts the vector to what the processor has.
"""

import operator
from collections.abc import Callable

import numpy as np
from llvmlite import ir
from numba import types
from numba.core.imputils import impl_ret_borrowed
from numba.extending import intrinsic, models, overload, register_model
from numba.np.arrayobj import populate_array

from countviz.arithmetic.exponential import (
    FLOAT32,
    FLOAT64,
    write_exp,
    write_log,
    write_sigmoid,
    write_tanh,
)
from countviz.arithmetic.instructions import constant
from countviz.arithmetic.number import exp, log, sigmoid, tanh

LANES = 32
_LINE = 64  # bytes of a cache line, within which no vector register's load should be split


class LanesType(types.Type):
    """A vector of 32 floats of one precision as numba sees it."""

    def __init__(self, element: types.Float) -> None:
        super().__init__(f"{LANES} lanes of {element}")
        self.element = element


@register_model(LanesType)
class _LanesModel(models.PrimitiveModel):
    def __init__(self, manager, kind) -> None:
        element = ir.FloatType() if kind.element == types.float32 else ir.DoubleType()
        super().__init__(manager, kind, ir.VectorType(element, LANES))


def _write_operation(instruction: str):
    @intrinsic
    def operation(typing, x, y):
        def generate(context, builder, signature, operands):
            return getattr(builder, instruction)(*operands)

        return x(x, y), generate

    return operation


def _overload_operation(symbol, instruction: str) -> None:
    """Let an operator work on two vectors of lanes, or on one and a single number."""
    operation = _write_operation(instruction)

    @overload(symbol)
    def _operate(x, y):
        kinds = isinstance(x, LanesType), isinstance(y, LanesType)
        if kinds == (True, True) and x == y:
            return lambda x, y: operation(x, y)
        if kinds == (True, False) and isinstance(y, types.Float):
            return lambda x, y: operation(x, constant(y, x))
        if kinds == (False, True) and isinstance(x, types.Float):
            return lambda x, y: operation(constant(x, y), y)
        return None


for _symbol, _instruction in (
    (operator.add, "fadd"),
    (operator.iadd, "fadd"),
    (operator.sub, "fsub"),
    (operator.isub, "fsub"),
    (operator.mul, "fmul"),
    (operator.imul, "fmul"),
    (operator.truediv, "fdiv"),
):
    _overload_operation(_symbol, _instruction)


@overload(operator.neg)
def _negate(x):
    return (lambda x: constant(-0.0, x) - x) if isinstance(x, LanesType) else None


_FORMATS = {types.float32: FLOAT32, types.float64: FLOAT64}


def _overload_function(symbol: Callable, write: Callable) -> None:
    """Let a function of one number work on a vector of lanes."""
    works = {kind: write(constants) for kind, constants in _FORMATS.items()}

    @overload(symbol)
    def _work(x):
        if isinstance(x, LanesType):
            work = works[x.element]
            return lambda x: work(x)
        return None


for _symbol, _write in (
    (sigmoid, write_sigmoid),
    (tanh, write_tanh),
    (exp, write_exp),
    (log, write_log),
):
    _overload_function(_symbol, _write)


@intrinsic
def as_lanes(typing, values):
    """View an array of [..., 32] floats as an array [...] of lanes, on the same memory."""
    kind = types.Array(LanesType(values.dtype), values.ndim - 1, "C", aligned=False)

    def generate(context, builder, signature, operands):
        source = context.make_array(values)(context, builder, operands[0])
        view = context.make_array(kind)(context, builder)
        axes = range(kind.ndim)
        populate_array(
            view,
            data=builder.bitcast(source.data, context.get_data_type(kind.dtype).as_pointer()),
            shape=[builder.extract_value(source.shape, axis) for axis in axes],
            strides=[builder.extract_value(source.strides, axis) for axis in axes],
            itemsize=LANES * values.dtype.bitwidth // 8,
            meminfo=source.meminfo,
            parent=source.parent,
        )
        return impl_ret_borrowed(context, builder, kind, view._getvalue())

    return kind(values), generate


@intrinsic
def as_matrix(typing, numbers, rows, columns):
    """View a vector of rows * columns numbers as a matrix; numpy's reshape knows no lanes."""
    kind = types.Array(numbers.dtype, 2, "C", aligned=numbers.aligned)

    def generate(context, builder, signature, operands):
        source = context.make_array(numbers)(context, builder, operands[0])
        view = context.make_array(kind)(context, builder)
        populate_array(
            view,
            data=source.data,
            shape=list(operands[1:]),
            strides=[builder.mul(operands[2], source.itemsize), source.itemsize],
            itemsize=source.itemsize,
            meminfo=source.meminfo,
            parent=source.parent,
        )
        return impl_ret_borrowed(context, builder, kind, view._getvalue())

    return kind(numbers, types.intp, types.intp), generate


def empty_like_numbers(shape, numbers):
    """Return an uninitialised array of the same kind of numbers as another array."""
    raise TypeError("empty_like_numbers is for compiled loops; see the overload")


@overload(empty_like_numbers)
def _empty_like_numbers(shape, numbers):
    if not isinstance(numbers.dtype, LanesType):
        return lambda shape, numbers: np.empty(shape, numbers.dtype)
    element = np.dtype(numbers.dtype.element.name)
    spare = _LINE // element.itemsize

    def empty(shape, numbers):
        wide = shape + (LANES,)  # noqa: RUF005
        size = 1
        for extent in wide:
            size *= extent
        floats = np.empty(size + spare, element)
        skip = (-(floats.ctypes.data // floats.itemsize)) % spare
        return as_lanes(floats[skip : skip + size].reshape(wide))

    return empty


def align(values: np.ndarray) -> np.ndarray:
    """Return a copy of an array that begins at a cache line, as quick lanes need it."""
    size = values.size
    room = np.empty(size + _LINE // values.itemsize, values.dtype)
    skip = -(room.ctypes.data // values.itemsize) % (_LINE // values.itemsize)
    copy = room[skip : skip + size].reshape(values.shape)
    copy[...] = values
    return copy


@intrinsic
def all_below(typing, x, bound):
    """Say whether x < bound, in every lane if it has lanes."""

    def generate(context, builder, signature, operands):
        less = builder.fcmp_ordered("<", *operands)
        if not isinstance(less.type, ir.VectorType):
            return less
        bits = ir.IntType(less.type.count)
        return builder.icmp_unsigned("==", builder.bitcast(less, bits), ir.Constant(bits, -1))

    return types.boolean(x, bound), generate
