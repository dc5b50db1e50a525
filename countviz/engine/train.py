"""Train one model by back-propagation through time, an epoch a call.

The published protocol (El-Naggar, Madhyastha, Weyde 2022, arXiv 2211.16429): one string an
update, mean squared error between the continuations' sigmoids and the true continuation set, Adam
(Kingma, Ba 2015) as PyTorch computes it. The loops use nothing but indexing and the abstract
numbers of the equations.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from countviz.arithmetic.number import complement, equation, fma, sigmoid
from countviz.arithmetic.precision import Precision
from countviz.cells.base import Cell
from countviz.engine.advance import Packed, write_advance, write_read_logit, write_take

BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8  # Adam's defaults


class Weights(NamedTuple):
    """Views into one flat vector of parameters (or gradients), in PyTorch's order and shapes."""

    weight_ih: np.ndarray  # [G H, V]
    weight_hh: np.ndarray  # [G H, H]
    bias_ih: np.ndarray  # [G H]
    bias_hh: np.ndarray  # [G H]
    readout: np.ndarray  # [V, H]
    readout_bias: np.ndarray  # [V]


class Corpus(NamedTuple):
    """B strings end to end; string b is symbols[starts[b]:starts[b + 1]]."""

    symbols: np.ndarray  # [sum of T]
    starts: np.ndarray  # [B + 1]
    targets: np.ndarray  # [sum of T, V]  1 where the symbol may come next


@equation
def split(vector, gates, units, symbols):
    """Return the views of a flat vector."""
    rows = gates * units
    hh = rows * symbols
    ih_bias = hh + rows * units
    hh_bias = ih_bias + rows
    readout = hh_bias + rows
    readout_bias = readout + symbols * units
    return Weights(
        vector[:hh].reshape(rows, symbols),
        vector[hh:ih_bias].reshape(rows, units),
        vector[ih_bias:hh_bias],
        vector[hh_bias:readout],
        vector[readout:readout_bias].reshape(symbols, units),
        vector[readout_bias:],
    )


@equation
def pack(weights, packed):
    """Copy the weights into the order in which ``advance`` reads them."""
    rows, symbols = weights.weight_ih.shape
    for row in range(rows):
        packed.bias[row] = weights.bias_hh[row]
        for symbol in range(symbols):
            packed.inputs[symbol, row] = weights.weight_ih[row, symbol] + weights.bias_ih[row]
        for k in range(packed.recurrent.shape[0]):
            packed.recurrent[k, row] = weights.weight_hh[row, k]


@equation
def new_packed(weights):
    """Return room for the packed form; its read-out shares the weights' memory."""
    rows, symbols = weights.weight_ih.shape
    kind = weights.bias_hh.dtype
    return Packed(
        np.empty((symbols, rows), kind),
        np.empty((weights.readout.shape[1], rows), kind),
        np.empty(rows, kind),
        weights.readout,
        weights.readout_bias,
    )


@equation
def longest(starts):
    """Return the length of the longest string."""
    most = 0
    for b in range(starts.size - 1):
        most = max(most, starts[b + 1] - starts[b])
    return most


@equation
def update(vector, gradient, mean, square, done, learning_rate):
    """Make one step of Adam, in PyTorch's order of operations; `done` counts earlier steps."""
    number = vector.dtype.type
    rate = number(learning_rate / (1 - BETA1 ** (done + 1)))
    root = number(np.sqrt(1 - BETA2 ** (done + 1)))
    for p in range(vector.size):
        g = gradient[p]
        mean[p] += (g - mean[p]) * number(1 - BETA1)
        square[p] = square[p] * number(BETA2) + g * g * number(1 - BETA2)
        vector[p] -= rate * mean[p] / (np.sqrt(square[p]) / root + number(EPSILON))


def write_train_epoch(cell: Cell, precision: Precision) -> Callable:
    """Write ``train_epoch(units, vector, mean, square, done, learning_rate, corpus, order)``.

    vector, mean and square (the parameters and Adam's two moments, [P]) are changed in place; one
    update a string, in the given order. Returns the sum over strings of the mean squared error,
    each measured before its update.
    """
    gates, internals, states = len(cell.gates), len(cell.internals), len(cell.state)
    run_back = _write_run_back(cell, precision)
    advance, read_logit = write_advance(cell, precision), write_read_logit(precision)

    @equation
    def train_epoch(units, vector, mean, square, done, learning_rate, corpus, order):
        kind = vector.dtype
        symbols = corpus.targets.shape[1]
        weights = split(vector, gates, units, symbols)
        gradient = np.empty_like(vector)
        slopes = split(gradient, gates, units, symbols)
        packed = new_packed(weights)
        most = longest(corpus.starts)
        rows = np.zeros((most + 1, internals * units), kind)
        recurrent = np.empty((most, gates * units), kind)
        outputs = np.empty((most, symbols), kind)
        d_state, d_drive = np.empty((1, states * units), kind), np.empty(gates * units, kind)
        total = 0.0
        for n in range(order.size):
            begin, end = corpus.starts[order[n]], corpus.starts[order[n] + 1]
            pack(weights, packed)
            error = 0.0
            for t in range(end - begin):
                advance(packed, corpus.symbols[begin + t], rows, t, recurrent, t, rows, t + 1)
                for v in range(symbols):
                    outputs[t, v] = sigmoid(read_logit(packed, rows, t + 1, v))
                    error += (outputs[t, v] - corpus.targets[begin + t, v]) ** 2
            total += error / ((end - begin) * symbols)
            gradient[:] = 0
            run_back(
                weights, slopes, corpus, begin, end, rows, recurrent, outputs, d_state, d_drive
            )
            update(vector, gradient, mean, square, done + n, learning_rate)
        return total

    return train_epoch


@equation
def run_readout_back(weights, slopes, corpus, at, outputs, t, rows, d_state, share):
    """Add what the read-out after one symbol contributes to the slopes and to h's derivatives."""
    symbols, units = weights.readout.shape
    hidden, d_hidden = rows.shape[1] - units, d_state.shape[1] - units
    for v in range(symbols):
        y = outputs[t, v]
        d = share * (y - corpus.targets[at, v]) * y * complement(y)
        slopes.readout_bias[v] += d
        for k in range(units):
            slopes.readout[v, k] = fma(d, rows[t + 1, hidden + k], slopes.readout[v, k])
            d_state[0, d_hidden + k] = fma(d, weights.readout[v, k], d_state[0, d_hidden + k])


@equation
def run_recurrence_back(weights, slopes, d_recurrent, t, rows, d_state):
    """Add what one step of W_hh contributes to its slopes and to h's derivatives before it."""
    drives, units = weights.weight_hh.shape
    hidden, d_hidden = rows.shape[1] - units, d_state.shape[1] - units
    for row in range(drives):
        d = d_recurrent[row]
        for k in range(units):
            slopes.weight_hh[row, k] = fma(d, rows[t, hidden + k], slopes.weight_hh[row, k])
            d_state[0, d_hidden + k] = fma(d, weights.weight_hh[row, k], d_state[0, d_hidden + k])


def _write_run_back(cell: Cell, precision: Precision) -> Callable:
    """Write the backward pass over one string: it adds the loss's derivatives to `slopes`."""
    adjoint = cell.adjoint
    gates, internals, states = len(cell.gates), len(cell.internals), len(cell.state)
    take_row, take_gates = write_take(internals, precision.lift), write_take(gates, precision.lift)
    take_state = write_take(states, precision.lift)

    @equation
    def run_back(weights, slopes, corpus, begin, end, rows, recurrent, outputs, d_state, d_drive):
        units = weights.readout.shape[1]
        symbols = weights.readout.shape[0]
        number = weights.bias_hh.dtype.type
        share = number(2) / number((end - begin) * symbols)
        d_state[:] = 0
        for t in range(end - begin - 1, -1, -1):
            run_readout_back(weights, slopes, corpus, begin + t, outputs, t, rows, d_state, share)
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
                    row = gate * units + j
                    slopes.weight_ih[row, corpus.symbols[begin + t]] += back[gate]
                    slopes.bias_ih[row] += back[gate]
                    slopes.bias_hh[row] += back[gates + gate]
                    d_drive[row] = back[gates + gate]
                for s in range(states):
                    d_state[0, s * units + j] = back[2 * gates + s]
            run_recurrence_back(weights, slopes, d_drive, t, rows, d_state)

    return run_back


def write_evaluate(cell: Cell, precision: Precision) -> Callable:
    """Write ``evaluate(units, vector, corpus)``.

    Returns the sum over strings of the mean squared error, and how many strings had every verdict
    right.
    """
    gates, internals = len(cell.gates), len(cell.internals)
    advance, read_logit = write_advance(cell, precision), write_read_logit(precision)

    @equation
    def evaluate(units, vector, corpus):
        symbols = corpus.targets.shape[1]
        weights = split(vector, gates, units, symbols)
        packed = new_packed(weights)
        pack(weights, packed)
        rows = np.zeros((longest(corpus.starts) + 1, internals * units), vector.dtype)
        recurrent = np.empty((1, gates * units), vector.dtype)
        total, right = 0.0, 0
        for b in range(corpus.starts.size - 1):
            begin, end = corpus.starts[b], corpus.starts[b + 1]
            error, correct = 0.0, True
            for t in range(end - begin):
                advance(packed, corpus.symbols[begin + t], rows, t, recurrent, 0, rows, t + 1)
                for v in range(symbols):
                    logit = read_logit(packed, rows, t + 1, v)
                    target = corpus.targets[begin + t, v]
                    error += (sigmoid(logit) - target) ** 2
                    correct &= (logit >= 0) == (target > 0)
            total += error / ((end - begin) * symbols)
            right += correct
        return total, right

    return evaluate
