"""Train by back-propagation through time and Adam: one model, or thirty-two in the lanes.

The published protocol (El-Naggar, Madhyastha, Weyde 2022, arXiv 2211.16429): one string an
update, mean squared error between the continuations' sigmoids and the true continuation set, Adam
(Kingma, Ba 2015) as PyTorch computes it. The loops use nothing but indexing and the abstract
numbers of the equations, so that they mean the same for a single float and for lanes.
"""

from collections.abc import Callable

import numpy as np

from countviz.arithmetic.instructions import choose, constant, equation, fma, square_root
from countviz.arithmetic.lanes import empty_like_numbers
from countviz.arithmetic.number import complement, sigmoid, zero_like
from countviz.arithmetic.precision import Precision
from countviz.cells.base import Cell
from countviz.engine.advance import write_advance, write_read_logit, write_take
from countviz.engine.parameters import clear, longest, new_packed, pack, split

BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8  # Adam's defaults


@equation
def update(vector, gradient, mean, square, done, rate):
    """Make one step of Adam at a rate that may differ by lane; `done` counts earlier steps."""
    rate = rate * constant(1 / (1 - BETA1 ** (done + 1)), rate)
    scale = constant(1 / np.sqrt(1 - BETA2 ** (done + 1)), rate)
    keep, take = constant(BETA2, rate), constant(1 - BETA2, rate)
    follow, epsilon = constant(1 - BETA1, rate), constant(EPSILON, rate)
    for p in range(vector.size):
        g = gradient[p]
        mean[p] = fma(g - mean[p], follow, mean[p])
        square[p] = fma(g * g, take, square[p] * keep)
        vector[p] -= rate * mean[p] / fma(square_root(square[p]), scale, epsilon)


def write_train_epoch(cell: Cell, precision: Precision) -> Callable:
    """Write ``train_epoch(units, vector, mean, square, rate, done, corpus, order, batch, losses)``.

    vector, mean and square (the parameters and Adam's two moments, [P]) are changed in place, at
    the learning rate rate[0]; one update a batch of strings, in the given order [B]; `done` counts
    earlier updates. losses [B] receives the mean squared error of every string in that order, each
    measured before its update.
    """
    gates, internals, states = len(cell.gates), len(cell.internals), len(cell.state)
    run_string, run_back = _write_run_string(cell, precision), _write_run_back(cell, precision)

    @equation
    def train_epoch(units, vector, mean, square, rate, done, corpus, order, batch, losses):
        symbols, zero = corpus.targets.shape[1], zero_like(rate[0])
        weights = split(vector, gates, units, symbols)
        gradient = empty_like_numbers((vector.size,), vector)
        slopes = split(gradient, gates, units, symbols)
        packed = new_packed(weights)
        most = longest(corpus.starts)
        rows = empty_like_numbers((most + 1, internals * units), vector)
        recurrent = empty_like_numbers((most, gates * units), vector)
        d_logits = empty_like_numbers((most, symbols), vector)
        d_recurrent = empty_like_numbers((most, gates * units), vector)
        d_state = empty_like_numbers((1, states * units), vector)
        clear(rows[0], zero)
        for first in range(0, order.size, batch):
            last = min(first + batch, order.size)
            pack(weights, packed)
            clear(gradient, zero)
            for n in range(first, last):
                begin, end = corpus.starts[order[n]], corpus.starts[order[n] + 1]
                verdicts = (end - begin) * symbols
                share = constant(2.0 / (verdicts * (last - first)), zero)
                error = run_string(packed, corpus, begin, end, rows, recurrent, d_logits, share)
                losses[n] = error * constant(1.0 / verdicts, zero)
                clear(d_state[0], zero)
                run_back(
                    weights, slopes, corpus, begin, end, rows, recurrent, d_logits,
                    d_recurrent, d_state,
                )  # fmt: skip
                add_slopes(slopes, end - begin, rows, d_logits, d_recurrent)
            finish_slopes(slopes)
            update(vector, gradient, mean, square, done + first // batch, rate[0])

    return train_epoch


def _write_run_string(cell: Cell, precision: Precision) -> Callable:
    """Write the forward pass over one string.

    It returns the summed squared error, and leaves its derivatives by the logits, times share / 2,
    in d_logits [T, V].
    """
    advance, read_logit = write_advance(cell, precision), write_read_logit(precision)

    @equation
    def run_string(packed, corpus, begin, end, rows, recurrent, d_logits, share):
        error = zero_like(share)
        for t in range(end - begin):
            advance(packed, corpus.symbols[begin + t], rows, t, recurrent, t, rows, t + 1)
            for v in range(d_logits.shape[1]):
                y = sigmoid(read_logit(packed, rows, t + 1, v))
                off = y - corpus.targets[begin + t, v]
                error = fma(off, off, error)
                d_logits[t, v] = share * off * y * complement(y)
        return error

    return run_string


def _write_run_back(cell: Cell, precision: Precision) -> Callable:
    """Write the backward pass over one string, from the last symbol to the first.

    It leaves the derivatives by W_hh h + b_hh in d_recurrent [T, G H] and adds to the slopes of
    W_ih, of which every symbol has its own.
    """
    adjoint = cell.adjoint
    gates, internals, states = len(cell.gates), len(cell.internals), len(cell.state)
    take_row, take_gates = write_take(internals, precision.lift), write_take(gates, precision.lift)
    take_state = write_take(states, precision.lift)

    @equation
    def run_back(
        weights, slopes, corpus, begin, end, rows, recurrent, d_logits, d_recurrent, d_state
    ):
        units = weights.readout.shape[1]
        for t in range(end - begin - 1, -1, -1):
            add_product(d_logits, t, weights.readout, d_state)
            symbol = corpus.symbols[begin + t]
            for j in range(units):
                back = adjoint(
                    *(
                        take_row(rows, t + 1, j, units)
                        + take_gates(recurrent, t, j, units)
                        + take_state(rows, t, (internals - states) * units + j, units)
                        + take_state(d_state, 0, j, units)
                    )
                )
                for gate in range(gates):
                    slopes.weight_ih[gate * units + j, symbol] += back[gate]
                    d_recurrent[t, gate * units + j] = back[gates + gate]
                for s in range(states):
                    d_state[0, s * units + j] = back[2 * gates + s]
            add_product(d_recurrent, t, weights.weight_hh, d_state)

    return run_back


@equation
def add_product(derivatives, t, matrix, d_state):
    """Add derivatives [R] times a matrix [R, H] to those by h, which stand last in d_state."""
    rows, units = matrix.shape
    hidden = d_state.shape[1] - units
    for k in range(units):
        total = d_state[0, hidden + k]
        for row in range(rows):
            total = fma(derivatives[t, row], matrix[row, k], total)
        d_state[0, hidden + k] = total


@equation
def add_slopes(slopes, steps, rows, d_logits, d_recurrent):
    """Add one string's slopes of W_hh, b_hh and the read-out, each summed over its steps."""
    add_outer_products(slopes.weight_hh, slopes.bias_hh, steps, d_recurrent, rows, 0)
    add_outer_products(slopes.readout, slopes.readout_bias, steps, d_logits, rows, 1)


@equation
def add_outer_products(matrix, bias, steps, derivatives, rows, later):
    """Add what `steps` derivatives and the hidden states they met make of a matrix and a bias.

    The state of a step is rows[t], or rows[t + 1] where it is read after the symbol (later = 1).
    """
    outputs, units = matrix.shape
    hidden = rows.shape[1] - units
    for row in range(outputs):
        total = bias[row]
        for t in range(steps):
            total += derivatives[t, row]
        bias[row] = total
        for k in range(units):
            total = matrix[row, k]
            for t in range(steps):
                total = fma(derivatives[t, row], rows[t + later, hidden + k], total)
            matrix[row, k] = total


@equation
def finish_slopes(slopes):
    """Fill in what the backward pass leaves out: b_ih feels every symbol that W_ih feels."""
    rows, symbols = slopes.weight_ih.shape
    for row in range(rows):
        slopes.bias_ih[row] = slopes.weight_ih[row, 0]
        for symbol in range(1, symbols):
            slopes.bias_ih[row] += slopes.weight_ih[row, symbol]


def write_evaluate(cell: Cell, precision: Precision) -> Callable:
    """Write ``evaluate(units, vector, corpus, losses, mistakes)``.

    losses [B] receives the mean squared error of every string, mistakes [B] how many of its
    verdicts were wrong.
    """
    gates, internals = len(cell.gates), len(cell.internals)
    advance, read_logit = write_advance(cell, precision), write_read_logit(precision)

    @equation
    def evaluate(units, vector, corpus, losses, mistakes):
        symbols = corpus.targets.shape[1]
        weights = split(vector, gates, units, symbols)
        packed = new_packed(weights)
        pack(weights, packed)
        rows = empty_like_numbers((longest(corpus.starts) + 1, internals * units), vector)
        recurrent = empty_like_numbers((1, gates * units), vector)
        zero = zero_like(vector[0])
        one = constant(1.0, zero)
        clear(rows[0], zero)
        for b in range(corpus.starts.size - 1):
            begin, end = corpus.starts[b], corpus.starts[b + 1]
            error, wrong = zero, zero
            for t in range(end - begin):
                advance(packed, corpus.symbols[begin + t], rows, t, recurrent, 0, rows, t + 1)
                for v in range(symbols):
                    logit, target = read_logit(packed, rows, t + 1, v), corpus.targets[begin + t, v]
                    off = sigmoid(logit) - target
                    error = fma(off, off, error)
                    missed = choose(logit, zero, one) if target > 0 else choose(logit, one, zero)
                    wrong = wrong + missed
            losses[b] = error * constant(1.0 / ((end - begin) * symbols), error)
            mistakes[b] = wrong

    return evaluate
