"""Strings side by side through a model with stacks, with all that the way back will need."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from countviz.arithmetic.instructions import borrowing, constant, equation, inlined
from countviz.arithmetic.lanes import empty_like_numbers
from countviz.arithmetic.number import sigmoid, zero_like
from countviz.arithmetic.precision import Precision
from countviz.cells.base import Cell
from countviz.engine.advance import write_take
from countviz.engine.products import add_product
from countviz.engine.side_by_side import ABREAST
from countviz.engine.stack import SPARE, take_softmax, write_mix

ROOM = 2**20  # numbers that the stacks of strings side by side may take


class Run(NamedTuple):
    """What happens to N strings side by side, E symbols in all; see ``side_by_side``."""

    rows: np.ndarray  # [N + E, I H]  the internals of the controller
    fed: np.ndarray  # [E, G H]  what symbol and stacks feed to the gates
    recurrent: np.ndarray  # [E, G H]  W_hh times what the gates see of h, plus b_hh
    heard: np.ndarray  # [E, H]  what the gates see of h
    tops: np.ndarray  # [E, K W]  what is read before the symbol
    actions: np.ndarray  # [E, K A]
    values: np.ndarray  # [E, K W]  what is pushed
    cells: np.ndarray  # [...]  all stacks before every symbol
    places: np.ndarray  # [T + 1]  where in `cells` those of a step begin


@borrowing
def stack_size(wiring, t):
    """Return how many numbers one stack takes before symbol t, with the empty cells below it."""
    return (min(t, wiring.depth) + SPARE) * wiring.width


@borrowing
def find_abreast(wiring, cuts, steps):
    """Return how many strings to read side by side: a batch, if their stacks find room."""
    most, size = 1, 0
    for n in range(cuts.size - 1):
        most = max(most, cuts[n + 1] - cuts[n])
    for t in range(steps):
        size += wiring.stacks * stack_size(wiring, t)
    if size * most > ROOM:
        most = max(1, ROOM // size)
    return min(most, ABREAST)


@equation
def new_run(vector, gates, internals, wiring, strings, steps, keep):
    """Return room for strings side by side; `keep` their stacks of all steps, or of two."""
    units, layer = wiring.units, wiring.stacks * wiring.width
    entries, each = strings * steps, strings * wiring.stacks
    places = np.zeros(steps + 2, np.int64)
    for t in range(steps + 1):
        places[t + 1] = places[t] + each * stack_size(wiring, t)
    if not keep:
        for t in range(steps + 2):
            places[t] = each * stack_size(wiring, steps) * (t % 2)
    room = max(places[-1], 2 * each * stack_size(wiring, steps))
    return Run(
        empty_like_numbers((entries + strings, internals * units), vector),
        empty_like_numbers((entries, gates * units), vector),
        empty_like_numbers((entries, gates * units), vector),
        empty_like_numbers((entries, units), vector),
        empty_like_numbers((entries, layer), vector),
        empty_like_numbers((entries, wiring.stacks * wiring.actions), vector),
        empty_like_numbers((entries, layer), vector),
        empty_like_numbers((room,), vector),
        places,
    )


def write_run_forward(cell: Cell, precision: Precision) -> Callable:
    """Write ``run_forward(parts, inputs, wiring, corpus, abreast, run)``.

    inputs [V, G H] is what every symbol feeds to the gates.
    """
    move = _write_move(cell, precision)
    push_and_pop = _write_push_and_pop(precision)

    @inlined
    def run_forward(parts, inputs, wiring, corpus, abreast, run):
        blocks, hidden = abreast.blocks, run.rows.shape[1] - wiring.units
        start_afresh(wiring, blocks[1], run)
        for t in range(blocks.size - 2):
            first, last = blocks[t + 1] - blocks[1], blocks[t + 2] - blocks[1]
            gather(parts, inputs, wiring, corpus, abreast, run, t, first, last)
            if wiring.added:
                add_product(run.heard[first:last], run.tops[first:last], parts.read)
            elif wiring.stacks:
                reading = parts.weight_ih[:, inputs.shape[0] :]
                add_product(run.fed[first:last], run.tops[first:last], reading)
            add_product(run.recurrent[first:last], run.heard[first:last], parts.weight_hh)
            move(run, wiring.units, blocks[t], first, last, blocks[1])
            if wiring.stacks:
                after = run.rows[first + blocks[1] : last + blocks[1], hidden:]
                decide(parts, wiring, run, first, last, after)
                push_and_pop(wiring, run, t, first, last)

    return run_forward


@borrowing
def start_afresh(wiring, strings, run):
    """Set the states before the first symbol to 0, and empty the stacks."""
    for row in range(strings):
        for at in range(run.rows.shape[1]):
            run.rows[row, at] = zero_like(run.rows[row, at])
    for at in range(strings * wiring.stacks * stack_size(wiring, 0)):
        run.cells[at] = zero_like(run.cells[at])


@borrowing
def gather(parts, inputs, wiring, corpus, abreast, run, t, first, last):
    """Fill in what symbol t meets: its input, b_hh, the hidden state, and the top of the stacks."""
    hidden, size = run.rows.shape[1] - wiring.units, stack_size(wiring, t)
    for e in range(first, last):
        b = e - first
        symbol = corpus.symbols[abreast.begins[b] + t]
        for row in range(run.fed.shape[1]):
            run.fed[e, row] = inputs[symbol, row]
            run.recurrent[e, row] = parts.bias_hh[row]
        for k in range(wiring.units):
            run.heard[e, k] = run.rows[abreast.blocks[t] + b, hidden + k]
        for k in range(wiring.stacks):
            top = run.places[t] + (b * wiring.stacks + k) * size
            for w in range(wiring.width):
                cell = run.cells[top + w]
                run.tops[e, k * wiring.width + w] = cell + constant(wiring.bottom, cell)


def _write_move(cell: Cell, precision: Precision) -> Callable:
    """Write the step of the controller, for every string that still reads."""
    step, internals = cell.step, len(cell.internals)
    state = internals - len(cell.state)
    take_gates = write_take(len(cell.gates), precision.lift)
    take_state = write_take(len(cell.state), precision.lift)

    @borrowing
    def move(run, units, before, first, last, strings):
        for e in range(first, last):
            source = before + e - first
            for unit in range(units):
                after = step(
                    *(
                        take_gates(run.fed, e, unit, units)
                        + take_gates(run.recurrent, e, unit, units)
                        + take_state(run.rows, source, state * units + unit, units)
                    )
                )
                for place in range(internals):
                    run.rows[strings + e, place * units + unit] = after[place]

    return move


@inlined
def decide(parts, wiring, run, first, last, after):
    """Find from the new hidden states [n, H] what is done to every stack, and what is pushed."""
    actions = run.actions[first:last]
    repeat(actions, parts.action_bias)
    add_product(actions, after, parts.action)
    for b in range(last - first):
        for k in range(wiring.stacks):
            take_softmax(actions[b, k * wiring.actions : (k + 1) * wiring.actions])
    values = run.values[first:last]
    if wiring.learned:
        repeat(values, parts.push_bias)
        add_product(values, after, parts.push)
    for b in range(last - first):
        for at in range(values.shape[1]):
            if wiring.learned:
                values[b, at] = sigmoid(values[b, at])
            else:
                values[b, at] = after[b, at % wiring.width]


@borrowing
def repeat(matrix, row):
    """Set every row of a matrix to the same."""
    for n in range(matrix.shape[0]):
        for at in range(matrix.shape[1]):
            matrix[n, at] = row[at]


def _write_push_and_pop(precision: Precision) -> Callable:
    """Write what makes the stacks after a symbol out of those before."""
    mix = write_mix(precision)

    @inlined
    def push_and_pop(wiring, run, t, first, last):
        width, acts = wiring.width, wiring.actions
        size, new_size = stack_size(wiring, t), stack_size(wiring, t + 1)
        for e in range(first, last):
            for k in range(wiring.stacks):
                at = (e - first) * wiring.stacks + k
                before, after = run.places[t] + at * size, run.places[t + 1] + at * new_size
                mix(
                    run.actions[e, k * acts : (k + 1) * acts],
                    run.values[e, k * width : (k + 1) * width],
                    constant(wiring.bottom, run.cells[0]),
                    run.cells[before : before + size],
                    run.cells[after : after + new_size],
                    min(t + 1, wiring.depth),
                )  # fmt: skip

    return push_and_pop
