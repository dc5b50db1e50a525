"""What a recurrent cell is: declarations a person can read, and equations numba can compile.

A cell's parameters are PyTorch's, in PyTorch's names, shapes and order. For unit j the engine hands
``step`` the unit's share of every gate: its input part ``a`` (W_ih x + b_ih), its recurrent part
``r`` (W_hh h + b_hh) and its state before the symbol. ``step`` returns every internal of the unit;
the state is among them, and the last one is always the hidden state h.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

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
        The axes of its values in a trace: T symbols, H units.

    """

    name: str
    meaning: str
    bounds: tuple[float, float] = (-math.inf, math.inf)
    dims: tuple[str, ...] = ("T", "H")


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

    @property
    def squashed(self) -> dict[str, str]:
        """What squashes each gate, by the gate's letter."""
        return dict(zip(self.gates, self.squash, strict=True))

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the internals."""
        return tuple(internal.name for internal in self.internals)

    def parameter_shapes(self, units: int, symbols: int) -> dict[str, tuple[int, ...]]:
        """Return the parameters' shapes, by PyTorch's names and in PyTorch's order.

        >>> from countviz.cells import CELLS
        >>> CELLS["gru"].parameter_shapes(units=2, symbols=3)["rnn.weight_ih_l0"]
        (6, 3)
        """
        rows = len(self.gates) * units
        return {
            "rnn.weight_ih_l0": (rows, symbols),
            "rnn.weight_hh_l0": (rows, units),
            "rnn.bias_ih_l0": (rows,),
            "rnn.bias_hh_l0": (rows,),
            "readout.weight": (symbols, units),
            "readout.bias": (symbols,),
        }
