"""A stack of layers with strengths (Grefenstette et al. 2015, arXiv 1506.02516).

A cell of it is a layer: its W numbers, and the strength that is left of it. Strength is taken off
the top, then a new layer is put on, and the uppermost 1 of strength is read. A layer of which
nothing is left never comes back, so it is dropped; what is kept is as deep as its living layers.
"""

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import numpy as np

from countviz.arithmetic.half import lower
from countviz.arithmetic.instructions import at_least, at_most, borrowing, constant, fma
from countviz.arithmetic.number import sigmoid, tanh, zero_like
from countviz.arithmetic.precision import Precision
from countviz.engine.stack import SPARE, project, show


class PackedStrata(NamedTuple):
    """A model's parameters as the loops want them: those of ``Packed``, and the layers'."""

    inputs: np.ndarray  # [V, G H]  W_ih x + b_ih
    recurrent: np.ndarray  # [H, G H]  W_hh transposed
    bias: np.ndarray  # [G H]  b_hh
    readout: np.ndarray  # [V, H]
    readout_bias: np.ndarray  # [V]
    reading: np.ndarray  # [W, G H]  what every number that is read feeds
    action: np.ndarray  # [2, H]
    action_bias: np.ndarray  # [2]
    push: np.ndarray  # [W, H]
    push_bias: np.ndarray  # [W]
    width: int  # W
    reads_hidden: bool  # never: what is read is added to the input


@cache
def write_act(precision: Precision) -> Callable:
    """Write what decides from a hidden state how much is pushed and popped, and what is pushed."""
    lift = precision.lift

    @borrowing
    def act(packed, source, s, rows, t, memory):
        hidden = rows[t, rows.shape[1] - packed.readout.shape[1] :]
        width = packed.width
        for row in range(2):
            strength = lift(project(packed.action, packed.action_bias, row, hidden))
            memory[width + row] = lower(sigmoid(strength))
        for w in range(width):
            value = lift(project(packed.push, packed.push_bias, w, hidden))
            memory[width + 2 + w] = lower(tanh(value))

    return act


@cache
def write_recall(precision: Precision) -> Callable:
    """Write what reads the layers of a place anew: a run that is taken up has only them."""
    read = _write_read(precision)

    @borrowing
    def recall(packed, source, s):
        at = s % source.heights.size
        read(source.cells[at, 0], source.heights[at], packed.width, source.memory[s])

    return recall


@cache
def write_move(precision: Precision) -> Callable:
    """Write ``move(packed, source, s, places, t)``: the layers of place s, one step on.

    The strengths and what is pushed stand in places.memory[t], which receives what is read.
    """
    pop, read = _write_pop(precision), _write_read(precision)

    @borrowing
    def move(packed, source, s, places, t):
        old, new = s % source.heights.size, t % places.heights.size
        width, memory, after = packed.width, places.memory[t], places.cells[new, 0]
        height = 0
        if memory[width] > 0:
            for w in range(width):
                after[w] = memory[width + 2 + w]
            after[width] = memory[width]
            height = 1
        before, layers = source.cells[old, 0], source.heights[old]
        height = pop(before, layers, memory[width + 1], after, height, width)
        for at in range(height * (width + 1), (height + SPARE) * (width + 1)):
            after[at] = zero_like(after[0])
        places.heights[new] = height
        read(after, height, width, memory)
        show(places.visible[t, 0], after, height * (width + 1))

    return move


def _write_pop(precision: Precision) -> Callable:
    """Write what takes strength off some layers and puts those that last below others."""
    lift = precision.lift

    @borrowing
    def pop(before, layers, left, after, height, width):
        none = zero_like(left)
        for layer in range(layers):
            at, to = layer * (width + 1), height * (width + 1)
            strength = before[at + width]
            rest = lower(lift(strength - left)) if strength > left else none
            left = lower(lift(left - strength)) if left > strength else none
            if rest > 0:
                for w in range(width):
                    after[to + w] = before[at + w]
                after[to + width] = rest
                height += 1
        return height

    return pop


def _write_read(precision: Precision) -> Callable:
    """Write what reads the uppermost 1 of strength."""
    lift = precision.lift

    @borrowing
    def read(cells, height, width, memory):
        room = constant(1.0, memory[0])
        for w in range(width):
            memory[w] = zero_like(room)
        for layer in range(height):
            at = layer * (width + 1)
            share = at_most(cells[at + width], room)
            for w in range(width):
                memory[w] = fma(share, cells[at + w], memory[w])
            room = lower(lift(room - share))
            if room <= 0:
                break
        one = constant(1.0, room)  # which roundings may have gone beyond
        for w in range(width):
            memory[w] = lower(lift(at_least(at_most(memory[w], one), -one)))

    return read


def read_strata(layers: np.ndarray) -> np.ndarray:
    """Return what is read [W] of layers [D, W + 1], the top first."""
    strengths = layers[:, -1]
    above = np.cumsum(strengths) - strengths
    return np.minimum(strengths, np.maximum(0, 1 - above)) @ layers[:, :-1]
