"""Several strings side by side, step by step, so that a weight fetched once serves them all.

The longest comes first: whoever still reads at a step stands in front. The rows of a run hold
the states before the first symbol, one a string, then those after the first symbol, and so on
without gaps, as PyTorch packs sequences. An array that has a row for every symbol read lacks the
first block.
"""

from typing import NamedTuple

import numpy as np

from countviz.arithmetic.instructions import borrowing, equation
from countviz.engine.parameters import longest

ABREAST = 10  # strings side by side, at most


class Abreast(NamedTuple):
    """N strings side by side, written over by the next ones."""

    begins: np.ndarray  # [N] where each begins in the corpus
    steps: np.ndarray  # [N] how many symbols of it are read, falling
    blocks: np.ndarray  # [T + 2] rows[blocks[t]:blocks[t + 1]]: the states after t symbols
    places: np.ndarray  # [N] which string of the batch each is


@equation
def new_abreast(corpus, strings):
    """Return room for some strings of a corpus."""
    return Abreast(
        np.empty(strings, np.int64),
        np.empty(strings, np.int64),
        np.zeros(longest(corpus.starts) + 2, np.int64),
        np.empty(strings, np.int64),
    )


@borrowing
def line_up(room, corpus, order, first, last, unread):
    """Put strings order[first:last] side by side, each without its last `unread` symbols."""
    count = last - first
    for n in range(first, last):
        begin, steps = corpus.starts[order[n]], corpus.starts[order[n] + 1]
        steps -= begin + unread
        place = n - first
        while place > 0 and room.steps[place - 1] < steps:
            room.begins[place] = room.begins[place - 1]
            room.steps[place] = room.steps[place - 1]
            room.places[place] = room.places[place - 1]
            place -= 1
        room.begins[place], room.steps[place], room.places[place] = begin, steps, n
    room.blocks[0], room.blocks[1] = 0, count
    for t in range(room.steps[0]):
        while room.steps[count - 1] <= t:
            count -= 1
        room.blocks[t + 2] = room.blocks[t + 1] + count
    return Abreast(
        room.begins[: last - first],
        room.steps[: last - first],
        room.blocks[: room.steps[0] + 2],
        room.places[: last - first],
    )
