"""The runs of an automaton between two kernels: how they start, what they read and hold."""

import numpy as np

from countviz.engine.automaton import NEVER, count_numbers


def start_runs(states: int, symbols: int, storage: type) -> np.ndarray:
    """Return the numbers [1, N, 1] of moments 0 and 1: state 0, symbol 0 alone on the stack."""
    pairs = states * symbols
    table = np.full((1, count_numbers(2, pairs), 1), NEVER, storage)
    table[0, [0, pairs, 2 * pairs]] = 0
    return table


def find_moments(size: int, pairs: int) -> int:
    """Return how many moments so many numbers belong to: the inverse of ``count_numbers``.

    >>> find_moments(count_numbers(7, 4), 4)
    7
    """
    moments = 0
    while count_numbers(moments, pairs) < size:
        moments += 1
    return moments


def read_runs(table: np.ndarray, pairs: int) -> np.ndarray:
    """Return every pair's share [QX] in the runs to the last moment of a table [N]."""
    at = count_numbers(find_moments(table.size, pairs) - 1, pairs)
    shares = np.exp(table[at : at + pairs] - table[at : at + pairs].max())
    return shares / shares.sum()


def find_contents(
    table: np.ndarray, states: int, symbols: int, first: int, cells: int
) -> np.ndarray:
    """Return how likely each symbol is in the uppermost cells, [J - first, cells, X].

    From moment `first` of a table [N] of J moments on: the share of the runs that have the symbol
    there. Where a stack is less deep it has none, so a cell's shares may add up to less than 1.
    """
    pairs = states * symbols
    moments = find_moments(table.size, pairs)
    below = np.zeros((moments * pairs, moments * pairs))  # from a pair at a moment to that under it
    ends = np.stack(
        [table[(at := count_numbers(j, pairs)) : at + pairs] for j in range(moments)]
    ).astype(np.float64)
    for j in range(1, moments):
        at = count_numbers(j, pairs) + pairs
        blocks = table[at : at + j * pairs * pairs].reshape(pairs, pairs, j).astype(np.float64)
        ways = ends[:j].T[:, np.newaxis] + blocks - ends[j][:, np.newaxis]  # [pair, last pair, j]
        shares = np.where(ends[j][:, np.newaxis] > NEVER / 2, np.exp(np.minimum(ways, 0)), 0)
        below[j * pairs : (j + 1) * pairs, : j * pairs] = shares.transpose(1, 2, 0).reshape(
            pairs, -1
        )
    below[:, :pairs] = 0  # under the bottom there is nothing
    shares = np.zeros((moments - first, moments * pairs))
    for j in range(first, moments):
        own = np.exp(ends[j] - ends[j].max())
        shares[j - first, j * pairs : (j + 1) * pairs] = own / own.sum()
    found = np.empty((moments - first, cells, symbols))
    for cell in range(cells):
        found[:, cell] = shares.reshape(-1, moments * states, symbols).sum(axis=1)
        shares = shares @ below
    return found
