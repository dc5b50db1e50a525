"""Run a model over symbols: from the beginning, or from where another run ended."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from countviz.arithmetic.precision import find_precision
from countviz.engine.advance import Packed
from countviz.engine.kernels import find_variant, record
from countviz.engine.stack import SPARE, PackedStack, Places
from countviz.models import Model
from countviz.packing import Actions


class Moment(NamedTuple):
    """What a run can be taken up from.

    Attributes
    ----------
    row
        [N H]: every internal, the state among them.
    stacks
        [K, D, W]: how far each cell lies from what an empty one reads as, the top first and down
        to the lowest that is not 0; None for a cell without a memory.

    """

    row: np.ndarray
    stacks: np.ndarray | None = None


@dataclass(frozen=True, eq=False, kw_only=True)
class Run:
    """What a model did on T symbols.

    Attributes
    ----------
    rows
        [T + 1, N H]: the state before the symbols, then every internal after each.
    logits
        [T, V]: the read-out after each symbol.
    memory
        [T + 1, K (2 W + A)]: what is on top of the stacks, what was done to them and what was
        pushed; None for a cell without a memory.
    visible
        [T + 1, K, D, W]: the first D cells of the stacks, as many as were asked for; or None.
    end
        Where the run can be taken up again.

    """

    rows: np.ndarray
    logits: np.ndarray
    memory: np.ndarray | None
    visible: np.ndarray | None
    end: Moment


def begin(model: Model, precision: str) -> Moment:
    """Return the moment before a string: everything 0, the stacks empty."""
    storage, memory = find_precision(precision).storage, model.spec.memory
    row = np.zeros(len(model.cell.internals) * model.spec.units, storage)
    empty = None if memory is None else np.zeros((memory.stacks, 0, memory.width), storage)
    return Moment(row, empty)


def follow(
    model: Model,
    precision: str,
    symbols: np.ndarray,
    start: Moment | None = None,
    *,
    actions: Actions = "soft",
    visible: int = 0,
) -> Run:
    """Run a model over encoded symbols [T], from a moment or from the beginning.

    With ``hard`` actions a stack model does the strongest one alone. `visible` says how many cells
    of its stacks are kept of every step.
    """
    packed = model.pack(precision, actions)
    start = begin(model, precision) if start is None else start
    room = lay_out(packed, start, symbols.size + 1, steps=symbols.size, visible=visible)
    logits = np.empty((symbols.size, packed.readout_bias.size), packed.bias.dtype)
    record(find_variant(model.spec.cell, precision), packed, symbols, room, logits)
    if start.stacks is None:
        end = Moment(room[-1].copy())
        return Run(rows=room, logits=logits, memory=None, visible=None, end=end)
    at, shape = symbols.size % 2, (packed.stacks, -1, packed.width)
    left = room.cells[at].reshape(shape)[:, : room.heights[at]].copy()
    shown = room.visible.reshape(len(room.rows), packed.stacks, visible, packed.width)
    return Run(
        rows=room.rows,
        logits=logits,
        memory=room.memory,
        visible=shown + packed.bottom,
        end=Moment(room.rows[-1].copy(), left),
    )


def lay_out(
    packed: Packed | PackedStack,
    start: Moment,
    places: int,
    *,
    steps: int,
    kept: int = 2,
    visible: int = 0,
) -> np.ndarray | Places:
    """Return room for states, with a moment in the first place.

    Parameters
    ----------
    packed, start
        The model's parameters, and where it is to go on.
    places
        How many states there is room for.
    steps
        How many steps may follow the moment, on any way.
    kept
        Of how many states the stacks are kept: those of place p are number p modulo `kept`.
    visible
        How many cells from the top are kept of every place.

    """
    if start.stacks is None:
        rows = np.empty((places, start.row.size), start.row.dtype)
        rows[0] = start.row
        return rows
    depth, width = start.stacks.shape[1:]
    room = make_places(packed, start.row, places, kept, min(steps + depth, packed.depth), visible)
    size, layer = depth * width, packed.stacks * width
    held = start.stacks.reshape(packed.stacks, size)
    room.heights[0] = depth
    room.cells[0, :, :size] = held
    room.cells[0, :, size : size + SPARE * width] = 0
    room.memory[0, :layer] = packed.bottom
    if depth:
        room.memory[0, :layer] += held[:, :width].ravel()
    shown = min(room.visible.shape[2], size)
    room.visible[0, :, :shown] = held[:, :shown]
    return room


def make_places(
    packed: PackedStack, row: np.ndarray, places: int, kept: int, depth: int, visible: int
) -> Places:
    """Return room for states of a stack model, all of them without a value but the first row."""
    dtype, layer = packed.bias.dtype, packed.reading.shape[0]
    rows = np.empty((places, row.size), dtype)
    rows[0] = row
    return Places(
        rows=rows,
        memory=np.zeros((places, 2 * layer + packed.action_bias.size), dtype),
        cells=np.empty((kept, packed.stacks, (depth + SPARE) * packed.width), dtype),
        heights=np.zeros(kept, np.int64),
        width=packed.width,
        visible=np.zeros((places, packed.stacks, visible * packed.width), dtype),
        fed=np.empty((1, packed.bias.size), dtype),
        heard=np.empty((1, row.size), dtype),
    )
