"""Some steps of a run, taken apart into what a person asks for by name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from countviz.models import Model
from countviz.runs import Run
from countviz.verdicts import give_outputs


@dataclass(frozen=True, eq=False, kw_only=True)
class Window:
    """The steps start, start + 1, ..., stop - 1 of a trace; arrays are read-only, time first.

    Attributes
    ----------
    start, stop
        Positions in the string, counted from 0.
    rows
        [W + 1, N H]: the state before the window, then every internal after each symbol.
    internals
        By name, each [W, H].
    logits, outputs
        [W, V]: the read-out before and after its sigmoid, or its softmax where the language asks
        which symbol comes.
    memory
        What a memory did, by the names that its cell declares: the ``actions`` [W, K, A] done to
        each of K stacks, the ``value`` [W, K, width] that was pushed, and the ``top`` [W, K, width]
        it led to; and the ``reading`` [W, K, width] that the controller was given at the step,
        which is the top before it. Empty for a cell without a memory.

    """

    start: int
    stop: int
    rows: np.ndarray
    internals: Mapping[str, np.ndarray]
    logits: np.ndarray
    outputs: np.ndarray
    memory: Mapping[str, np.ndarray] = field(default_factory=dict)


def make_window(
    model: Model, precision: str, start: int, runs: Sequence[Run], skip: int = 0
) -> Window:
    """Return the steps of runs that follow each other, without the first few of them."""
    rows = read_only(_join([one.rows for one in runs])[skip:])
    logits = np.concatenate([one.logits for one in runs])[skip:]
    by_internal = rows[1:].reshape(len(logits), len(model.cell.internals), model.spec.units)
    memory = {}
    if model.spec.memory is not None:
        memory = _take_apart(model, read_only(_join([one.memory for one in runs])[skip:]))
    return Window(
        start=start,
        stop=start + len(logits),
        rows=rows,
        internals={name: by_internal[:, k] for k, name in enumerate(model.cell.names)},
        logits=read_only(logits),
        outputs=read_only(give_outputs(model.language, logits, precision)),
        memory=memory,
    )


def _join(parts: Sequence[np.ndarray]) -> np.ndarray:
    """Return arrays [T + 1, ...] as one; each begins with the row that the one before ends with."""
    first, *others = parts
    return np.concatenate([first, *(part[1:] for part in others)]) if others else first


def _take_apart(model: Model, memory: np.ndarray) -> dict[str, np.ndarray]:
    """Return by name what a memory did and what was read, from its rows [W + 1, ...]."""
    own = model.spec.memory
    edges = np.cumsum([own.stacks * size for size in own.rows.values()])[:-1]
    parts = dict(zip(own.rows, np.split(memory, edges, axis=1), strict=True))
    by_stack = {
        one.name: parts[one.name].reshape(len(memory), own.stacks, own.rows[one.name])
        for one in model.cell.memory
    }
    return {name: part[1:] for name, part in by_stack.items()} | {"reading": by_stack["top"][:-1]}


def read_only(array: np.ndarray) -> np.ndarray:
    """Return an array that nobody can write to any more."""
    array.flags.writeable = False
    return array
