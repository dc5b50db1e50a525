"""Instructions that mean the same for one float and for a vector of floats.

Each is a line of LLVM that does not care which of the two it gets. A formula built from them
therefore gives every lane of a vector the very bits that it gives a single number.
"""

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

_COMPILED = {"error_model": "numpy", "nogil": True}
_INNER = {**_COMPILED, "no_cpython_wrapper": True}  # called from compiled code alone
equation = njit(**_INNER, forceinline=True)  # inlined by LLVM
borrowing = njit(**_INNER, forceinline=True, _nrt=False)  # allocates nothing, counts no references
inlined = njit(**_INNER, inline="always")  # inlined by numba: loops vectorise across it
kernel = njit(**_COMPILED, cache=True)

_LAYOUTS = {"float": (32, 127, 23), "double": (64, 1023, 52)}  # bits in all, bias, fraction bits


def element_of(kind: ir.Type) -> ir.Type:
    """Return the float that a float or a vector of floats is made of."""
    return kind.element if isinstance(kind, ir.VectorType) else kind


def everywhere(kind: ir.Type, value: float) -> ir.Constant:
    """Return a constant of a type, the same number in every lane."""
    return ir.Constant(kind, [value] * kind.count if isinstance(kind, ir.VectorType) else value)


def spread(builder: ir.IRBuilder, value: ir.Value, kind: ir.Type) -> ir.Value:
    """Return a single float as a value of a type, the same in every lane."""
    if not isinstance(kind, ir.VectorType):
        return value
    empty, index = ir.Constant(kind, ir.Undefined), ir.IntType(32)
    first = builder.insert_element(empty, value, ir.Constant(index, 0))
    lanes = ir.Constant(ir.VectorType(index, kind.count), [0] * kind.count)
    return builder.shuffle_vector(first, empty, lanes)


def call(builder: ir.IRBuilder, name: str, *operands: ir.Value) -> ir.Value:
    """Call an intrinsic of LLVM whose operands and result have one type."""
    kind = operands[0].type
    width = f"v{kind.count}" if isinstance(kind, ir.VectorType) else ""
    bits, _, _ = _LAYOUTS[str(element_of(kind))]
    signature = ir.FunctionType(kind, [kind] * len(operands))
    function = builder.module.declare_intrinsic(f"llvm.{name}.{width}f{bits}", fnty=signature)
    return builder.call(function, operands)


@intrinsic
def fma(typing, x, y, z):
    """Return x * y + z with a single rounding."""

    def generate(context, builder, signature, operands):
        return call(builder, "fma", *operands)

    return (x(x, x, x), generate) if x == y == z else None


@intrinsic
def square_root(typing, x):
    """Return the square root of x, correctly rounded."""
    return x(x), lambda context, builder, signature, operands: call(builder, "sqrt", *operands)


@intrinsic
def copy_sign(typing, x, y):
    """Return the size of x with the sign of y."""

    def generate(context, builder, signature, operands):
        return call(builder, "copysign", *operands)

    return x(x, y), generate


@intrinsic
def constant(typing, value, like):
    """Return a single number in the type of another one, in every lane if that has lanes."""

    def generate(context, builder, signature, operands):
        kind = context.get_value_type(signature.return_type)
        element = types.float32 if element_of(kind) == ir.FloatType() else types.float64
        single = context.cast(builder, operands[0], signature.args[0], element)
        return spread(builder, single, kind)

    return like(value, like), generate


@intrinsic
def at_most(typing, x, bound):
    """Return x or the bound, whichever is less; what is not a number stays so."""

    def generate(context, builder, signature, operands):
        x, bound = operands
        return builder.select(builder.fcmp_ordered(">", x, bound), bound, x)

    return x(x, bound), generate


@intrinsic
def at_least(typing, x, bound):
    """Return x or the bound, whichever is greater; what is not a number stays so."""

    def generate(context, builder, signature, operands):
        x, bound = operands
        return builder.select(builder.fcmp_ordered("<", x, bound), bound, x)

    return x(x, bound), generate


@intrinsic
def choose(typing, x, yes, no):
    """Return `yes` where x >= 0, else `no`."""

    def generate(context, builder, signature, operands):
        x, yes, no = operands
        return builder.select(builder.fcmp_ordered(">=", x, everywhere(x.type, 0.0)), yes, no)

    return yes(x, yes, no), generate


@intrinsic
def power_of_two(typing, shifted):
    """Return 2^n, where n stands in the last bits of a float's fraction."""

    def generate(context, builder, signature, operands):
        kind = operands[0].type
        bits, bias, fraction = _LAYOUTS[str(element_of(kind))]
        integers = ir.IntType(bits)
        if isinstance(kind, ir.VectorType):
            integers = ir.VectorType(integers, kind.count)
        whole = builder.bitcast(operands[0], integers)
        biased = builder.add(whole, everywhere(integers, bias))
        return builder.bitcast(builder.shl(biased, everywhere(integers, fraction)), kind)

    return shifted(shifted), generate


@intrinsic
def exponent(typing, x):
    """Return the n, as a float, for which x / 2^n lies from sqrt(1/2) to sqrt(2); x is normal."""

    def generate(context, builder, signature, operands):
        kind = operands[0].type
        element = element_of(kind)
        bits, _, fraction = _LAYOUTS[str(element)]
        integers = ir.IntType(bits)
        if isinstance(kind, ir.VectorType):
            integers = ir.VectorType(integers, kind.count)
        root = builder.bitcast(everywhere(kind, np.float32(np.sqrt(0.5))), integers)
        above = builder.sub(builder.bitcast(operands[0], integers), root)
        return builder.sitofp(builder.ashr(above, everywhere(integers, fraction)), kind)

    return x(x), generate


def write_apart(function):
    """Write a function of three arrays that is compiled once, whatever views they are.

    It is called rather than copied into its callers, of which there are many: what they gain by a
    copy is nothing beside its loops, and compiling the copies would take longer than all the rest.
    """

    @intrinsic
    def call_apart(typing, first, second, third):
        kinds = [
            types.Array(one.dtype, one.ndim, "A", aligned=one.aligned)
            for one in (first, second, third)
        ]

        def generate(context, builder, signature, operands):
            done = context.compile_subroutine(builder, function, types.none(*kinds))
            callee = context.declare_function(builder.module, done.fndesc)
            context.call_conv.call_function(
                builder, callee, types.none, kinds, operands, attrs=("noinline",)
            )
            return context.get_dummy_value()

        return types.none(first, second, third), generate

    return call_apart
