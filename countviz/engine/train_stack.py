"""Train any cell in batches, with a memory or without: back-propagation through time, then Adam.

It knows what ``engine.train``, the published protocol for cells without a memory, does not: stacks,
the cross-entropy of the next symbol, parts that stay as they are, and a bound on the gradient.
The strings of a batch are read side by side.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from countviz.arithmetic.instructions import (
    at_most,
    borrowing,
    choose,
    constant,
    fma,
    inlined,
    square_root,
)
from countviz.arithmetic.lanes import empty_like_numbers
from countviz.arithmetic.number import zero_like
from countviz.arithmetic.precision import Precision
from countviz.cells.base import Cell
from countviz.engine.parameters import clear, longest
from countviz.engine.products import add_product
from countviz.engine.scores import count_mistakes, score_run
from countviz.engine.side_by_side import ABREAST, line_up, new_abreast
from countviz.engine.stack_backward import (
    add_layer,
    add_slopes,
    new_derivatives,
    set_zero,
    write_run_back,
)
from countviz.engine.stack_forward import find_abreast, new_run, repeat, write_run_forward
from countviz.engine.train import update
from countviz.engine.wiring import view_parts


class Rules(NamedTuple):
    """What is learned, and how."""

    next_symbol: bool  # which symbol comes next, rather than which may
    clip: float  # how long a batch's gradient may be; 0 for as long as it is
    controller: bool  # whether these parts are trained
    memory: bool
    readout: bool


class Room(NamedTuple):
    """What a batch is worked out in."""

    inputs: np.ndarray  # [V, G H]  what every symbol feeds to the gates
    logits: np.ndarray  # [N + E, V]
    said: np.ndarray  # [N + E, V]  the derivatives by the logits
    abreast: tuple
    run: tuple
    slopes: tuple


def write_train_batches(cell: Cell, precision: Precision) -> Callable:
    """Write ``train_batches(variant, wiring, rules, *state, free, rate, done, ...)``.

    The rest is corpus, order, cuts and losses. state is the parameters and Adam's two moments, [P]
    each, changed in place at the learning rate rate[0]; where free [P] is below 0 they stay as they
    are, and an empty one says that all are free. One update is made a batch, of the strings
    order[cuts[n]:cuts[n + 1]]; `done` counts earlier updates. losses [B] receives the loss of every
    string in that order, measured before its update; see ``engine.scores``.
    """
    gates, internals, states = len(cell.gates), len(cell.internals), len(cell.state)
    learn = _write_learn(cell, precision)

    def train_batches(
        variant, wiring, rules, vector, mean, square, free, rate, done, corpus, order, cuts, losses
    ):
        symbols, steps = corpus.targets.shape[1], longest(corpus.starts)
        strings = find_abreast(wiring, cuts, steps)
        gradient = empty_like_numbers((vector.size,), vector)
        parts = view_parts(vector, gates, wiring, symbols)
        sums = view_parts(gradient, gates, wiring, symbols)
        room = Room(
            empty_like_numbers((symbols, gates * wiring.units), vector),
            empty_like_numbers((strings * (steps + 1), symbols), vector),
            empty_like_numbers((strings * (steps + 1), symbols), vector),
            new_abreast(corpus, strings),
            new_run(vector, gates, internals, wiring, strings, steps, True),
            new_derivatives(vector, gates, states, wiring, strings, steps),
        )
        for n in range(cuts.size - 1):
            find_inputs(parts, room.inputs)
            clear(gradient, zero_like(gradient[0]))
            batch = order[cuts[n] : cuts[n + 1]]
            errors = losses[cuts[n] : cuts[n + 1]]
            groups = (batch.size + strings - 1) // strings
            share = (batch.size + groups - 1) // groups
            for first in range(0, batch.size, share):
                last = min(first + share, batch.size)
                learn(parts, sums, wiring, rules, corpus, batch, first, last, room, errors)
            hold(gradient, free)
            if rules.clip > 0:
                shorten(gradient, rules.clip)
            update(vector, gradient, mean, square, done + n, rate[0])

    return train_batches


def _write_learn(cell: Cell, precision: Precision) -> Callable:
    """Write what adds to the gradient what some strings of a batch, side by side, teach."""
    run_forward, run_back = write_run_forward(cell, precision), write_run_back(cell, precision)

    @borrowing
    def learn(parts, sums, wiring, rules, corpus, batch, first, last, room, errors):
        symbols, run, slopes = room.inputs.shape[0], room.run, room.slopes
        unread = 1 if rules.next_symbol else 0
        abreast = line_up(room.abreast, corpus, batch, first, last, unread)
        run_forward(parts, room.inputs, wiring, corpus, abreast, run)
        read_out(parts, wiring, abreast, run, room.logits)
        said = room.said[: abreast.blocks[-1]]
        score_run(corpus, abreast, room.logits, said, rules.next_symbol, batch.size, errors)
        hidden = run.rows.shape[1] - wiring.units
        if rules.readout:
            add_layer(sums.readout, sums.readout_bias, said, run.rows[: said.shape[0], hidden:])
        if rules.controller or (rules.memory and wiring.stacks > 0):
            heard = slopes.hidden[: said.shape[0]]
            set_zero(heard)
            add_product(heard, said, parts.readout.T)
            run_back(parts, wiring, symbols, abreast, run, slopes)
            add_slopes(sums, symbols, wiring, corpus, abreast, run, slopes, rules)

    return learn


@borrowing
def find_inputs(parts, inputs):
    """Fill in what every symbol feeds to the gates, W_ih x + b_ih, as [V, G H]."""
    for symbol in range(inputs.shape[0]):
        for row in range(inputs.shape[1]):
            inputs[symbol, row] = parts.weight_ih[row, symbol] + parts.bias_ih[row]


@inlined
def read_out(parts, wiring, abreast, run, logits):
    """Fill in the logits of all states, those before the strings among them."""
    said = logits[: abreast.blocks[-1]]
    repeat(said, parts.readout_bias)
    states = run.rows[: abreast.blocks[-1], run.rows.shape[1] - wiring.units :]
    add_product(said, states, parts.readout)


@borrowing
def hold(gradient, free):
    """Set a gradient to zero where the parameters are not free."""
    for p in range(free.size):
        gradient[p] = choose(free[p], gradient[p], zero_like(gradient[p]))


@borrowing
def shorten(gradient, most):
    """Scale a gradient that is longer than `most` to that length, as PyTorch does."""
    one, total = constant(1.0, gradient[0]), zero_like(gradient[0])
    for p in range(gradient.size):
        total = fma(gradient[p], gradient[p], total)
    length = square_root(total) + constant(1e-6, one)
    scale = at_most(constant(most, one) / length, one)
    for p in range(gradient.size):
        gradient[p] *= scale


def write_evaluate_batches(cell: Cell, precision: Precision) -> Callable:
    """Write ``evaluate_batches(variant, wiring, next_symbol, vector, corpus, losses, mistakes)``.

    losses [B] receives the loss of every string, mistakes [B] how many of its verdicts are wrong,
    or how many of its symbols were not those expected most; see ``engine.scores``.
    """
    gates, internals = len(cell.gates), len(cell.internals)
    judge = _write_judge(cell, precision)

    def evaluate_batches(variant, wiring, next_symbol, vector, corpus, losses, mistakes):
        symbols, steps = corpus.targets.shape[1], longest(corpus.starts)
        order = np.arange(corpus.starts.size - 1)
        strings = min(order.size, ABREAST)
        parts = view_parts(vector, gates, wiring, symbols)
        inputs = empty_like_numbers((symbols, gates * wiring.units), vector)
        logits = empty_like_numbers((strings * (steps + 1), symbols), vector)
        slopes = empty_like_numbers((strings * (steps + 1), symbols), vector)
        abreast = new_abreast(corpus, strings)
        run = new_run(vector, gates, internals, wiring, strings, steps, False)
        find_inputs(parts, inputs)
        for first in range(0, order.size, ABREAST):
            now = order[first : first + ABREAST]
            judge(
                parts, inputs, wiring, next_symbol, corpus, now, abreast, run, logits, slopes,
                losses[first : first + ABREAST], mistakes[first : first + ABREAST],
            )  # fmt: skip

    return evaluate_batches


def _write_judge(cell: Cell, precision: Precision) -> Callable:
    """Write what measures some strings side by side."""
    run_forward = write_run_forward(cell, precision)

    @borrowing
    def judge(
        parts, inputs, wiring, next_symbol, corpus, order, room, run, logits, slopes, losses, wrong
    ):
        unread = 1 if next_symbol else 0
        abreast = line_up(room, corpus, order, 0, order.size, unread)
        run_forward(parts, inputs, wiring, corpus, abreast, run)
        read_out(parts, wiring, abreast, run, logits)
        score_run(corpus, abreast, logits, slopes, next_symbol, 1, losses)
        count_mistakes(corpus, abreast, logits, next_symbol, wrong)

    return judge
