"""Flush denormals: the numbers next to zero that most processors handle a hundred times slower.

Training meets them all the time, in derivatives that fade, and loses nothing without them. How a
thread treats them stands in a register of its processor; who changes it gives it back as it was.
A trace never flushes: it shows what the format does. Only that of a stack model does, whose cells
fade without end.
"""

import platform

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

_MACHINE = platform.machine().lower()
_X86 = 0x8040  # flush results to zero, read denormals as zero
_ARM = 1 << 24  # both


def _read_x86(builder: ir.IRBuilder) -> ir.Value:
    word = ir.IntType(32)
    room = builder.alloca(word)
    kind = ir.FunctionType(ir.VoidType(), [ir.IntType(8).as_pointer()])
    read = builder.module.declare_intrinsic("llvm.x86.sse.stmxcsr", fnty=kind)
    builder.call(read, [builder.bitcast(room, ir.IntType(8).as_pointer())])
    return builder.zext(builder.load(room), ir.IntType(64))


def _write_x86(builder: ir.IRBuilder, value: ir.Value) -> None:
    word = ir.IntType(32)
    room = builder.alloca(word)
    builder.store(builder.trunc(value, word), room)
    kind = ir.FunctionType(ir.VoidType(), [ir.IntType(8).as_pointer()])
    write = builder.module.declare_intrinsic("llvm.x86.sse.ldmxcsr", fnty=kind)
    builder.call(write, [builder.bitcast(room, ir.IntType(8).as_pointer())])


def _read_arm(builder: ir.IRBuilder) -> ir.Value:
    kind = ir.FunctionType(ir.IntType(64), [])
    return builder.call(builder.module.declare_intrinsic("llvm.aarch64.get.fpcr", fnty=kind), [])


def _write_arm(builder: ir.IRBuilder, value: ir.Value) -> None:
    kind = ir.FunctionType(ir.VoidType(), [ir.IntType(64)])
    builder.call(builder.module.declare_intrinsic("llvm.aarch64.set.fpcr", fnty=kind), [value])


_REGISTERS = {
    "x86_64": (_read_x86, _write_x86, _X86),
    "amd64": (_read_x86, _write_x86, _X86),
    "aarch64": (_read_arm, _write_arm, _ARM),
    "arm64": (_read_arm, _write_arm, _ARM),
}


@intrinsic
def flush_denormals(typing):
    """Flush denormals in this thread from here on; return what ``restore_denormals`` needs.

    On a processor that is not known here nothing happens.
    """

    def generate(context, builder, signature, operands):
        if _MACHINE not in _REGISTERS:
            return context.get_constant(types.int64, 0)
        read, write, flags = _REGISTERS[_MACHINE]
        before = read(builder)
        write(builder, builder.or_(before, ir.Constant(ir.IntType(64), flags)))
        return before

    return types.int64(), generate


@intrinsic
def restore_denormals(typing, before):
    """Treat denormals in this thread as before ``flush_denormals``."""

    def generate(context, builder, signature, operands):
        if _MACHINE in _REGISTERS:
            _, write, _ = _REGISTERS[_MACHINE]
            write(builder, operands[0])
        return context.get_dummy_value()

    return types.void(types.int64), generate
