"""The way back through strings side by side: the derivatives of a loss by all that was done.

The stack's own adjoint is short. With D the derivatives by the cells after a step, those by the
cells before are push D[i + 1] + pop D[i - 1] + keep D[i]; the derivative by an action's strength
is the sum over the cells of what that action would have left, times D.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from countviz.arithmetic.instructions import borrowing, constant, equation, fma, inlined
from countviz.arithmetic.lanes import empty_like_numbers
from countviz.arithmetic.number import complement, zero_like
from countviz.arithmetic.precision import Precision
from countviz.cells.base import Cell
from countviz.engine.advance import write_take
from countviz.engine.products import add_columns, add_product
from countviz.engine.stack_forward import stack_size

CHUNK = 20  # symbols whose outer products are added together: what the nearest cache holds


class Derivatives(NamedTuple):
    """The derivatives of a loss by what a ``Run`` holds."""

    hidden: np.ndarray  # [N + E, H]  by the hidden states, by way of the read-out
    state: np.ndarray  # [N, S H]  by the state that the symbol at hand left
    fed: np.ndarray  # [E, G H]
    recurrent: np.ndarray  # [E, G H]
    heard: np.ndarray  # [E, H]
    tops: np.ndarray  # [N, K W]
    actions: np.ndarray  # [E, K A]  by what the softmax was taken of
    values: np.ndarray  # [E, K W]  by what was squashed, or by what was pushed as it is
    cells: np.ndarray  # [2, N, K, ...]  by the cells after and before, each after a 0


@equation
def new_derivatives(vector, gates, states, wiring, strings, steps):
    """Return room for the derivatives of a run of N strings."""
    units, layer, entries = wiring.units, wiring.stacks * wiring.width, strings * steps
    size = stack_size(wiring, steps + 1) + wiring.width
    return Derivatives(
        empty_like_numbers((entries + strings, units), vector),
        empty_like_numbers((strings, states * units), vector),
        empty_like_numbers((entries, gates * units), vector),
        empty_like_numbers((entries, gates * units), vector),
        empty_like_numbers((entries, units), vector),
        empty_like_numbers((strings, layer), vector),
        empty_like_numbers((entries, wiring.stacks * wiring.actions), vector),
        empty_like_numbers((entries, layer), vector),
        empty_like_numbers((2, strings, wiring.stacks, size), vector),
    )


def write_run_back(cell: Cell, precision: Precision) -> Callable:
    """Write ``run_back(parts, wiring, symbols, abreast, run, slopes)``.

    slopes.hidden must hold what the read-out says, with rows for the states before the strings.
    """
    move_back = _write_move_back(cell, precision)

    @inlined
    def run_back(parts, wiring, symbols, abreast, run, slopes):
        blocks = abreast.blocks
        strings, units = blocks[1], wiring.units
        hidden = slopes.state.shape[1] - units
        clear_all(slopes)
        for t in range(blocks.size - 3, -1, -1):
            first, last = blocks[t + 1] - strings, blocks[t + 2] - strings
            count = last - first
            into = slopes.state[:count, hidden:]
            add_rows(into, slopes.hidden[first + strings : last + strings])
            if wiring.stacks:
                push_and_pop_back(wiring, run, slopes, t, first, last)
                decide_back(parts, wiring, run, slopes, first, last, into)
            move_back(run, slopes, units, blocks[t], first, last, strings)
            heard = slopes.heard[first:last]
            set_zero(heard)
            add_product(heard, slopes.recurrent[first:last], parts.weight_hh.T)
            add_rows(into, heard)
            if wiring.stacks:
                tops = slopes.tops[:count]
                set_zero(tops)
                if wiring.added:
                    add_product(tops, heard, parts.read.T)
                else:
                    reading = parts.weight_ih[:, symbols:]
                    add_product(tops, slopes.fed[first:last], reading.T)
                add_tops(wiring, tops, slopes, t)

    return run_back


@inlined
def clear_all(slopes):
    """Set to zero what is carried from step to step."""
    set_zero(slopes.state)
    for buffer in range(2):
        for b in range(slopes.cells.shape[1]):
            set_zero(slopes.cells[buffer, b])


@borrowing
def set_zero(matrix):
    """Set a matrix to zero."""
    for row in range(matrix.shape[0]):
        for at in range(matrix.shape[1]):
            matrix[row, at] = zero_like(matrix[row, at])


@borrowing
def add_rows(matrix, rows):
    """Add one matrix to another."""
    for row in range(matrix.shape[0]):
        for at in range(matrix.shape[1]):
            matrix[row, at] += rows[row, at]


@inlined
def push_and_pop_back(wiring, run, slopes, t, first, last):
    """Take the derivatives from the stacks after symbol t to those before.

    It leaves the derivatives by the strengths of the actions, and by what was pushed.
    """
    width, acts, size = wiring.width, wiring.actions, stack_size(wiring, t)
    for e in range(first, last):
        b = e - first
        for k in range(wiring.stacks):
            at = run.places[t] + (b * wiring.stacks + k) * size
            move_stack_back(
                run.actions[e, k * acts : (k + 1) * acts],
                run.values[e, k * width : (k + 1) * width],
                constant(wiring.bottom, run.cells[0]),
                run.cells[at : at + size - 2 * width],
                slopes.cells[(t + 1) % 2, b, k],
                slopes.cells[t % 2, b, k],
                slopes.actions[e, k * acts : (k + 1) * acts],
                slopes.values[e, k * width : (k + 1) * width],
            )


@borrowing
def move_stack_back(actions, value, bottom, cells, after, before, d_actions, d_value):
    """Take the derivatives of one stack from after a step to before it.

    cells are those before the step; the derivatives `after` and `before` begin with a cell of 0.
    """
    push, pop, keep = actions[0], actions[1], zero_like(actions[0])
    if actions.size > 2:
        keep = actions[2]
    d_push, d_pop, d_keep = zero_like(push), zero_like(push), zero_like(push)
    width, size = value.size, cells.size
    up, same, down = after[:size], after[width : width + size], after[2 * width :]
    new = before[width : width + size]
    for at in range(size):
        d_push = fma(down[at], cells[at], d_push)
        d_pop = fma(up[at], cells[at], d_pop)
        d_keep = fma(same[at], cells[at], d_keep)
        new[at] = fma(push, down[at], fma(pop, up[at], keep * same[at]))
    for w in range(width):
        before[width + size + w] = zero_like(push)
        top = after[width + w]
        d_push = fma(top, value[w] - bottom, d_push)
        d_value[w] = push * top
    d_actions[0], d_actions[1] = d_push, d_pop
    if actions.size > 2:
        d_actions[2] = d_keep


@inlined
def decide_back(parts, wiring, run, slopes, first, last, into):
    """Take the derivatives from the actions and the pushed values to the hidden states [n, H]."""
    for e in range(first, last):
        for k in range(wiring.stacks):
            share = zero_like(run.actions[e, 0])
            for a in range(k * wiring.actions, (k + 1) * wiring.actions):
                share = fma(run.actions[e, a], slopes.actions[e, a], share)
            for a in range(k * wiring.actions, (k + 1) * wiring.actions):
                slopes.actions[e, a] = run.actions[e, a] * (slopes.actions[e, a] - share)
        for at in range(run.values.shape[1]):
            if wiring.learned:
                value = run.values[e, at]
                slopes.values[e, at] *= value * complement(value)
            else:
                into[e - first, at % wiring.width] += slopes.values[e, at]
    add_product(into, slopes.actions[first:last], parts.action.T)
    if wiring.learned:
        add_product(into, slopes.values[first:last], parts.push.T)


def _write_move_back(cell: Cell, precision: Precision) -> Callable:
    """Write the controller's adjoint, for every string that read the symbol."""
    adjoint, gates, internals = cell.adjoint, len(cell.gates), len(cell.internals)
    states = len(cell.state)
    take_row, take_gates = write_take(internals, precision.lift), write_take(gates, precision.lift)
    take_state = write_take(states, precision.lift)

    @borrowing
    def move_back(run, slopes, units, before, first, last, strings):
        for e in range(first, last):
            b = e - first
            for j in range(units):
                back = adjoint(
                    *(
                        take_row(run.rows, strings + e, j, units)
                        + take_gates(run.recurrent, e, j, units)
                        + take_state(run.rows, before + b, (internals - states) * units + j, units)
                        + take_state(slopes.state, b, j, units)
                    )
                )
                for gate in range(gates):
                    slopes.fed[e, gate * units + j] = back[gate]
                    slopes.recurrent[e, gate * units + j] = back[gates + gate]
                for s in range(states):
                    slopes.state[b, s * units + j] = back[2 * gates + s]

    return move_back


@inlined
def add_tops(wiring, tops, slopes, t):
    """Add the derivatives by what was read to those by the uppermost cells before symbol t."""
    for b in range(tops.shape[0]):
        for k in range(wiring.stacks):
            cells = slopes.cells[t % 2, b, k]
            for w in range(wiring.width):
                cells[wiring.width + w] += tops[b, k * wiring.width + w]


@inlined
def add_slopes(gradient, symbols, wiring, corpus, abreast, run, slopes, trained):
    """Add a run's derivatives by the parameters of the controller and of the memory.

    What is not trained is left alone, the read-out too.
    """
    blocks, hidden = abreast.blocks, run.rows.shape[1] - wiring.units
    entries = blocks[-1] - blocks[1]
    if trained.controller:
        add_symbols(gradient, corpus, abreast, slopes)
        add_columns(gradient.bias_hh, slopes.recurrent[:entries])
    for first in range(0, entries, CHUNK):
        last = min(first + CHUNK, entries)
        after = run.rows[blocks[1] + first : blocks[1] + last, hidden:]
        if trained.controller:
            recurrent, tops = slopes.recurrent[first:last], run.tops[first:last]
            add_product(gradient.weight_hh, recurrent.T, run.heard[first:last].T)
            if wiring.added:
                add_product(gradient.read, slopes.heard[first:last].T, tops.T)
            elif wiring.stacks:
                reading = gradient.weight_ih[:, symbols:]
                add_product(reading, slopes.fed[first:last].T, tops.T)
        if trained.memory and wiring.stacks:
            add_layer(gradient.action, gradient.action_bias, slopes.actions[first:last], after)
            if wiring.learned:
                add_layer(gradient.push, gradient.push_bias, slopes.values[first:last], after)


@inlined
def add_layer(matrix, bias, derivatives, inputs):
    """Add what derivatives [n, R] and the inputs [n, C] that met them make of a layer."""
    add_product(matrix, derivatives.T, inputs.T)
    add_columns(bias, derivatives)


@inlined
def add_symbols(gradient, corpus, abreast, slopes):
    """Add the slopes of W_ih, of which every symbol has its own, and those of b_ih."""
    blocks = abreast.blocks
    for t in range(blocks.size - 2):
        for e in range(blocks[t + 1] - blocks[1], blocks[t + 2] - blocks[1]):
            symbol = corpus.symbols[abreast.begins[e + blocks[1] - blocks[t + 1]] + t]
            for row in range(slopes.fed.shape[1]):
                gradient.weight_ih[row, symbol] += slopes.fed[e, row]
                gradient.bias_ih[row] += slopes.fed[e, row]
