"""What a recurrent cell is: declarations a person can read, and equations numba can compile.

A cell's parameters are PyTorch's, in PyTorch's names, shapes and order. For unit j the engine hands
``step`` the unit's share of every gate: its input part ``a`` (W_ih x + b_ih), its recurrent part
``r`` (W_hh h + b_hh) and its state before the symbol. ``step`` returns every internal of the unit;
the state is among them, and the last one is always the hidden state h.

A cell may have a memory, stacks that its hidden state acts on and reads; then the internals are
those of the controller, and the memory's own are declared beside them.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np


@dataclass(frozen=True, kw_only=True)
class Internal:
    """One quantity of a cell.

    Attributes
    ----------
    name
        The field's letter for it, as in ``f``.
    meaning
        Its name in words.
    bounds
        The smallest and the largest value it can take.
    dims
        The axes of its values in a trace: T symbols, H units; of a memory K stacks, A actions,
        W numbers a cell; of an automaton Q X pairs of a state and a stack symbol, Z transitions.

    """

    name: str
    meaning: str
    bounds: tuple[float, float] = (-math.inf, math.inf)
    dims: tuple[str, ...] = ("T", "H")


class Memory(Protocol):
    """What the shapes of a cell's parameters follow from; see ``memories``."""

    reads: str

    @property
    def layer(self) -> int:
        """How many numbers are read of it."""

    def parameter_shapes(self, units: int) -> dict[str, tuple[int, ...]]:
        """Return the shapes of its own parameters, by name."""


STACK = (
    Internal(
        name="actions",
        meaning="strengths of push, pop and no-op",
        bounds=(0, 1),
        dims=("T", "K", "A"),
    ),
    Internal(name="value", meaning="what is pushed", bounds=(-1, 1), dims=("T", "K", "W")),
    Internal(name="top", meaning="what is on top", bounds=(-1, 1), dims=("T", "K", "W")),
)
CONTROLLED = {
    "controller": ("rnn.", "stack.read."),
    "memory": ("stack.action.", "stack.push.", "stack.transition."),
    "read-out": ("readout.",),
}


def _plain_parts() -> dict[str, tuple[str, ...]]:
    return {"controller": ("rnn.",), "read-out": ("readout.",)}


def add_parts(
    a: Sequence[np.ndarray], r: Sequence[np.ndarray], internals: Mapping[str, np.ndarray]
) -> tuple[np.ndarray, ...]:
    """Return the pre-activations of a cell whose gates each add their input and recurrent part."""
    return tuple(input + recurrent for input, recurrent in zip(a, r, strict=True))


@dataclass(frozen=True, kw_only=True, eq=False)
class Cell:
    """A kind of recurrent cell.

    Attributes
    ----------
    name, title
        The name in files and addresses, and the name for people.
    gates
        Letters of the gates in the order in which PyTorch packs their rows: gate k of unit j of H
        is row k H + j of the packed matrices.
    squash
        What squashes the pre-activation of each gate: sigmoid, tanh, relu or identity.
    internals
        Everything ``step`` returns, in that order.
    counter
        The internal in which this cell would hold a count.
    step
        ``step(*a, *r, *state) -> internals``, for one unit; a and r have one number a gate.
    adjoint
        ``adjoint(*internals, *r, *state, *d_state) -> (*d_a, *d_r, *d_state_before)``, the
        derivatives of a loss by what went into ``step``, from those by the state that came out.
        d_r does not yet go through W_hh: the engine does that.
    pre_activations
        ``pre_activations(a, r, internals)``: what each gate squashes, from the parts of all gates
        and the internals by name; for arrays of any shape.
    memory
        What a memory does at a step; empty for a cell without one.
    memory_kind
        Which one it is: superposition, stratification or nondeterministic; see ``memories``.
    parts
        What can be frozen: by the part's name, how the names of its parameters begin.

    """

    name: str
    title: str
    gates: tuple[str, ...]
    squash: tuple[str, ...]
    internals: tuple[Internal, ...]
    state: tuple[str, ...]
    counter: str
    step: Callable
    adjoint: Callable
    pre_activations: Callable = add_parts
    memory: tuple[Internal, ...] = ()
    memory_kind: str = ""
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=_plain_parts)

    @property
    def squashed(self) -> dict[str, str]:
        """What squashes each gate, by the gate's letter."""
        return dict(zip(self.gates, self.squash, strict=True))

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the internals."""
        return tuple(internal.name for internal in self.internals)

    def part_of(self, parameter: str) -> str:
        """Return the part that a parameter belongs to."""
        return next(part for part, names in self.parts.items() if parameter.startswith(names))

    def parameter_shapes(
        self, units: int, symbols: int, memory: Memory | None = None
    ) -> dict[str, tuple[int, ...]]:
        """Return the parameters' shapes, by PyTorch's names and in PyTorch's order.

        What reads the stacks stands in the input's last columns, stack after stack.

        >>> from countviz.cells import CELLS
        >>> CELLS["gru"].parameter_shapes(units=2, symbols=3)["rnn.weight_ih_l0"]
        (6, 3)
        """
        rows = len(self.gates) * units
        stack, columns = {}, symbols
        if memory is not None:
            stack = memory.parameter_shapes(units)
            columns += memory.layer * (memory.reads == "input")
        return {
            "rnn.weight_ih_l0": (rows, columns),
            "rnn.weight_hh_l0": (rows, units),
            "rnn.bias_ih_l0": (rows,),
            "rnn.bias_hh_l0": (rows,),
            **stack,
            "readout.weight": (symbols, units),
            "readout.bias": (symbols,),
        }
