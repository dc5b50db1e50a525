"""How full the cells of a memory are: which share of a thing lies in the first, the second, ...

A superposition stack does a little of every action at every step. Where it pushes with a share of
0.8, its first cell is 0.8 full, and what lay there is to that share in the second. How full the
cells are follows from the actions alone, whatever numbers were pushed.
"""

from collections.abc import Iterator

import numpy as np

from countviz.memories import Automaton, Stacks
from countviz.traces import Trace


def fill_cells(
    trace: Trace, stack: int, start: int, stop: int, cells: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return how full the uppermost cells of a stack are after the steps of a window.

    Parameters
    ----------
    trace
        Of a model with a memory, on up to 20,000 symbols.
    stack
        Which of its stacks, from 0.
    start, stop
        The window, in positions from 0.
    cells
        How many.

    Returns
    -------
    filled : ndarray, [W, cells]
        0 of an empty cell, 1 of a full one; in strata, which are as thick as they were pushed, how
        thick each one is, and in an automaton which share of its runs has something there.
    heights : ndarray, [W]
        How high the whole stack is: the sum over all of its cells.

    """
    memory = trace.model.spec.memory
    if isinstance(memory, Stacks):
        levels = follow_levels(trace.whole.memory["actions"][:stop, stack], memory.depth, start)
        filled, heights = np.zeros((stop - start, cells)), np.empty(stop - start)
        for t, level in enumerate(levels):
            filled[t, : level.size] = level[:cells]
            heights[t] = level.sum()
        return filled, heights
    every = trace.stacks(start, stop, max(stop + 1, cells))[:, stack]
    filled = every.sum(axis=2) if isinstance(memory, Automaton) else every[..., -1]
    below = 1 if isinstance(memory, Automaton) else 0  # an automaton's bottom is always there
    return filled[:, :cells], filled.sum(axis=1) - below


def follow_levels(actions: np.ndarray, depth: int | None, start: int) -> Iterator[np.ndarray]:
    """Yield how full the cells of a superposition stack are after each step from `start` on.

    actions is [T, A], shares of pushing, popping and perhaps doing nothing.
    """
    level = np.zeros(1)
    for t, step in enumerate(actions.astype(np.float64)):
        level = move(level, step, pushed=1.0)[:depth]
        if t >= start:
            yield level


def move(level: np.ndarray, step: np.ndarray, pushed: float) -> np.ndarray:
    """Return cells [C] after one step, one cell more; `pushed` is what a push puts on top."""
    push, pop = step[:2]
    rest = step[2] if step.size > 2 else 0.0
    moved = np.zeros(level.size + 1)
    moved[0] = push * pushed
    moved[1:] += push * level
    moved[: level.size - 1] += pop * level[1:]
    moved[: level.size] += rest * level
    return moved
