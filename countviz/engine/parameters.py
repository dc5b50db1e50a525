"""The parameters and the strings as the loops want them.

A model arrives as one flat vector in PyTorch's order. ``split`` shows its parts, ``pack`` copies
them into the order in which a step reads them.
"""

from typing import NamedTuple

import numpy as np

from countviz.arithmetic.instructions import equation
from countviz.arithmetic.lanes import as_matrix, empty_like_numbers
from countviz.engine.advance import Packed


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
        as_matrix(vector[:hh], rows, symbols),
        as_matrix(vector[hh:ih_bias], rows, units),
        vector[ih_bias:hh_bias],
        vector[hh_bias:readout],
        as_matrix(vector[readout:readout_bias], symbols, units),
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
    units = weights.readout.shape[1]
    return Packed(
        empty_like_numbers((symbols, rows), weights.bias_hh),
        empty_like_numbers((units, rows), weights.bias_hh),
        empty_like_numbers((rows,), weights.bias_hh),
        weights.readout,
        weights.readout_bias,
    )


@equation
def clear(numbers, zero):
    """Set a vector of numbers to zero."""
    for p in range(numbers.size):
        numbers[p] = zero


@equation
def longest(starts):
    """Return the length of the longest string."""
    most = 0
    for b in range(starts.size - 1):
        most = max(most, starts[b + 1] - starts[b])
    return most
