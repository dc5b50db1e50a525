"""Superposition stacks beside a controller: how they are read, what is done to them, how they move.

A stack is a mixture of what pushing, popping and doing nothing would have made of it (Joulin,
Mikolov 2015, arXiv 1503.01007). Every cell keeps how far it lies from what an empty cell reads as:
the three strengths add up to 1, so the mixture is the same, and the cells that nothing has reached
are 0. No loop goes further down than that.
"""

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import numpy as np

from countviz.arithmetic.half import lower
from countviz.arithmetic.instructions import at_least, borrowing, fma
from countviz.arithmetic.number import exp, sigmoid, zero_like
from countviz.arithmetic.precision import Precision
from countviz.cells.base import Cell
from countviz.engine.advance import Packed, write_advance

SPARE = 2  # cells below the lowest that are read as empty


class PackedStack(NamedTuple):
    """A stack model's parameters as the loops want them: those of ``Packed``, and the stacks'.

    K stacks have A actions and cells W wide. What is on top feeds G H gates, or H units.
    """

    inputs: np.ndarray  # [V, G H]  W_ih x + b_ih
    recurrent: np.ndarray  # [H, G H]  W_hh transposed
    bias: np.ndarray  # [G H]  b_hh
    readout: np.ndarray  # [V, H]
    readout_bias: np.ndarray  # [V]
    reading: np.ndarray  # [K W, G H] or [K W, H]  what every number on top feeds
    action: np.ndarray  # [K A, H]
    action_bias: np.ndarray  # [K A]
    push: np.ndarray  # [K W, H]; [0, H] where the hidden state itself is pushed
    push_bias: np.ndarray  # [K W]
    stacks: int  # K
    width: int  # W
    depth: int  # the most cells a stack may have
    bottom: float  # what an empty cell reads as
    reads_hidden: bool  # what is on top is added to h, not to the input
    hard: bool  # the strongest action is done alone


class Places(NamedTuple):
    """Room for R states of a stack model; place p keeps its stacks in cells[p % C].

    ``memory`` holds what is on top [K W], the actions [K A] and what was pushed [K W]. From
    heights[c] on, cells[c] hold 0; there is room for two more than will ever be reached.
    """

    rows: np.ndarray  # [R, N H]
    memory: np.ndarray  # [R, K (2 W + A)]
    cells: np.ndarray  # [C, K, D W]  from the top down, each W numbers
    heights: np.ndarray  # [C]
    width: int  # W
    visible: np.ndarray  # [R, K, D' W]  the first D' cells of every place; D' may be 0
    fed: np.ndarray  # [1, G H]  what symbol and stacks feed to the gates
    heard: np.ndarray  # [1, N H]  the row before, with h as the gates see it


@cache
def write_stack_advance(
    cell: Cell,
    precision: Precision,
    write_recall: Callable,
    write_act: Callable,
    write_move: Callable,
) -> Callable:
    """Write ``advance(packed, symbol, source, s, recurrent, r, places, t)`` for a stack model.

    Within a step the top is read as the step before left it, then the controller moves, and what
    is done to the stacks follows from its new hidden state: that is for `act` to decide, and for
    `move` to do. A memory whose top is not kept with it has to `recall` it first.
    """
    advance, hear = write_advance(cell, precision), _write_hear(precision)
    recall, act, move = write_recall(precision), write_act(precision), write_move(precision)

    @borrowing
    def advance_stack(packed, symbol, source, s, recurrent, r, places, t):
        recall(packed, source, s)
        hear(packed, symbol, source, s, places)
        controller = Packed(
            places.fed, packed.recurrent, packed.bias, packed.readout, packed.readout_bias
        )
        advance(controller, 0, places.heard, 0, recurrent, r, places.rows, t)
        act(packed, source, s, places.rows, t, places.memory[t])
        move(packed, source, s, places, t)

    return advance_stack


@cache
def write_no_recall(precision: Precision) -> Callable:
    """Write what has nothing to do: the top is what it was."""

    @borrowing
    def recall(packed, source, s):
        pass

    return recall


def _write_hear(precision: Precision) -> Callable:
    """Write what adds the top of the stacks to the input, or to the hidden state."""
    lift = precision.lift

    @borrowing
    def hear(packed, symbol, source, s, places):
        fed, heard = places.fed[0], places.heard[0]
        for row in range(fed.size):
            fed[row] = packed.inputs[symbol, row]
        for at in range(heard.size):
            heard[at] = source.rows[s, at]
        into = heard[heard.size - packed.readout.shape[1] :] if packed.reads_hidden else fed
        for cell in range(packed.reading.shape[0]):
            for row in range(into.size):
                into[row] = fma(packed.reading[cell, row], source.memory[s, cell], into[row])
        for row in range(into.size):
            into[row] = lower(lift(into[row]))

    return hear


@cache
def write_act(precision: Precision) -> Callable:
    """Write what decides from a hidden state what is done to every stack, and what is pushed."""
    lift = precision.lift

    @borrowing
    def act(packed, source, s, rows, t, memory):
        hidden = rows[t, rows.shape[1] - packed.readout.shape[1] :]
        tops, acts = packed.reading.shape[0], packed.action_bias.size
        for row in range(acts):
            memory[tops + row] = project(packed.action, packed.action_bias, row, hidden)
        each = acts // packed.stacks
        for k in range(packed.stacks):
            actions = memory[tops + k * each : tops + (k + 1) * each]
            if packed.hard:
                take_strongest(actions)
            else:
                take_softmax(actions)
            for action in range(each):
                actions[action] = lower(lift(actions[action]))
        for cell in range(tops):
            if packed.push.shape[0] == 0:
                memory[tops + acts + cell] = hidden[cell % packed.width]
            else:
                value = lift(project(packed.push, packed.push_bias, cell, hidden))
                memory[tops + acts + cell] = lower(sigmoid(value))

    return act


@borrowing
def project(matrix, bias, row, hidden):
    """Return one row of a matrix times the hidden state, plus its bias."""
    total = bias[row]
    for unit in range(hidden.size):
        total = fma(matrix[row, unit], hidden[unit], total)
    return total


@borrowing
def take_softmax(values):
    """Replace numbers by their softmax."""
    largest = values[0]
    for at in range(1, values.size):
        largest = at_least(values[at], largest)
    total = zero_like(largest)
    for at in range(values.size):
        values[at] = exp(values[at] - largest)
        total += values[at]
    for at in range(values.size):
        values[at] = values[at] / total


@borrowing
def take_strongest(values):
    """Replace the largest number by 1, the first of equals, and all others by 0."""
    best = 0
    for at in range(1, values.size):
        if values[at] > values[best]:
            best = at
    for at in range(values.size):
        values[at] = at == best


@cache
def write_move(precision: Precision) -> Callable:
    """Write ``move(packed, source, s, places, t)``: the stacks of place s, one step on.

    The action strengths and what is pushed stand in places.memory[t], which receives the new top.
    """
    mix = write_mix(precision)
    lift = precision.lift

    @borrowing
    def move(packed, source, s, places, t):
        width, old, new = packed.width, s % source.heights.size, t % places.heights.size
        memory, each = places.memory[t], packed.action_bias.size // packed.stacks
        tops = packed.reading.shape[0]
        height = min(source.heights[old] + 1, packed.depth)
        for k in range(packed.stacks):
            actions = memory[tops + k * each : tops + (k + 1) * each]
            before, after = source.cells[old, k], places.cells[new, k]
            pushed = tops + packed.stacks * each + k * width
            mix(actions, memory[pushed : pushed + width], packed.bottom, before, after, height)
            for w in range(width):
                memory[k * width + w] = lower(lift(after[w] + packed.bottom))
            show(places.visible[t, k], after, height * width)
        places.heights[new] = find_height(places.cells[new], height, width)

    return move


@cache
def write_mix(precision: Precision) -> Callable:
    """Write what makes the cells of one stack out of those before, from the top down."""
    lift = precision.lift

    @borrowing
    def mix(actions, value, bottom, before, after, height):
        push, pop, keep = actions[0], actions[1], zero_like(actions[0])
        if actions.size > 2:
            keep = actions[2]
        width = value.size
        for w in range(width):
            rest = fma(pop, before[width + w], keep * before[w])
            after[w] = lower(lift(fma(push, lower(lift(value[w] - bottom)), rest)))
        size = (height - 1) * width  # slices, so that no index can be negative: it vectorises
        above, same, below = before[:size], before[width : width + size], before[2 * width :]
        cells = after[width : width + size]
        for at in range(size):
            rest = fma(pop, below[at], keep * same[at])
            cells[at] = lower(lift(fma(push, above[at], rest)))
        for at in range(height * width, (height + SPARE) * width):
            after[at] = zero_like(push)

    return mix


@borrowing
def show(visible, cells, size):
    """Copy the first numbers of a stack, of which only so many are kept up."""
    for at in range(visible.size):
        visible[at] = cells[at] if at < size else zero_like(visible[0])


@borrowing
def find_height(cells, height, width):
    """Return how many cells there are down to the lowest that is not 0 in every stack."""
    while height > 0:
        for k in range(cells.shape[0]):
            for at in range((height - 1) * width, height * width):
                if cells[k, at] != 0:
                    return height
        height -= 1
    return 0


@borrowing
def copy_stacks(places, s, t):
    """Copy the stacks of one place, and what is on top of them, to another."""
    old, new = s % places.heights.size, t % places.heights.size
    places.heights[new] = places.heights[old]
    for at in range(places.memory.shape[1]):
        places.memory[t, at] = places.memory[s, at]
    for k in range(places.cells.shape[1]):
        for at in range((places.heights[old] + SPARE) * places.width):
            places.cells[new, k, at] = places.cells[old, k, at]


@borrowing
def same_stacks(places, s, t):
    """Say whether the stacks of two places are equal."""
    old, new = s % places.heights.size, t % places.heights.size
    same = places.heights[old] == places.heights[new]
    for k in range(places.cells.shape[1]):
        for at in range(places.heights[old] * places.width if same else 0):
            same &= places.cells[old, k, at] == places.cells[new, k, at]
    return same
