"""Run a model over symbols: from the beginning, or from where another run ended."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from countviz.arithmetic.precision import find_precision
from countviz.engine.automaton import PackedAutomaton, count_numbers, count_numbers_of_room
from countviz.engine.contents import find_contents, find_moments, read_runs, start_runs
from countviz.engine.kernels import Variant, find_variant, record
from countviz.engine.stack import SPARE, PackedStack, Places
from countviz.engine.strata import PackedStrata, read_strata
from countviz.memories import Automaton
from countviz.models import Model
from countviz.packing import Actions, PackedModel

WithMemory = PackedStack | PackedStrata | PackedAutomaton


class Moment(NamedTuple):
    """What a run can be taken up from.

    Attributes
    ----------
    row
        [N H]: every internal, the state among them.
    stacks
        What the memory holds; None for a cell without one. Of superposition stacks [K, D, W]: how
        far each cell lies from what an empty one reads as, the top first and down to the lowest
        that is not 0. Of a stratified one [1, D, W + 1]: its layers, and what is left of each. Of
        an automaton the numbers [1, N, 1] of all moments so far; see ``engine.automaton``.

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
        [T + 1, ...]: what is on top of the stacks, what was done to them and what was pushed, as
        the ``rows`` of the spec's memory say; None for a cell without one.
    visible
        [T + 1, K, D, W]: the first D cells of the stacks, as many as were asked for; or None. Of a
        stratified stack a cell shows its W numbers and its strength, of an automaton how likely
        every symbol is there.
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
    if memory is None:
        return Moment(row)
    if isinstance(memory, Automaton):
        return Moment(row, start_runs(memory.states, memory.symbols, storage))
    return Moment(row, np.zeros((memory.stacks, 0, memory.shown), storage))


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
    start = begin(model, precision) if start is None else start
    variant = find_variant(model.spec.cell, precision)
    return go_on(variant, model.pack(precision, actions), symbols, start, visible)


def go_on(
    variant: Variant,
    packed: PackedModel,
    symbols: np.ndarray,
    start: Moment,
    visible: int = 0,
) -> Run:
    """Do what ``follow`` does, with parameters that are packed already."""
    kept = 1 if isinstance(packed, PackedAutomaton) else 2  # its moments are never changed again
    room = lay_out(packed, start, symbols.size + 1, steps=symbols.size, kept=kept, visible=visible)
    logits = np.empty((symbols.size, packed.readout_bias.size), packed.bias.dtype)
    record(variant, packed, symbols, room, logits)
    if start.stacks is None:
        end = Moment(room[-1].copy())
        return Run(rows=room, logits=logits, memory=None, visible=None, end=end)
    left = _take_out(packed, room, symbols.size % kept, start.stacks.shape)
    return Run(
        rows=room.rows,
        logits=logits,
        memory=room.memory,
        visible=_look_into(packed, room, start.stacks, left, visible),
        end=Moment(room.rows[-1].copy(), left),
    )


def lay_out(
    packed: PackedModel,
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
    held = start.stacks.reshape(len(start.stacks), -1)
    room = _make_places(packed, start, places, steps, kept, visible)
    size = held.shape[1]
    room.heights[0] = _count_cells(packed, start.stacks)
    room.cells[0, :, :size] = held
    room.cells[0, :, size : size + SPARE * room.width] = 0
    top = _read_top(packed, start.stacks)
    room.memory[0, : top.size] = top
    shown = min(room.visible.shape[2], size)
    room.visible[0, :, :shown] = held[:, :shown]
    return room


def _make_places(
    packed: WithMemory, start: Moment, places: int, steps: int, kept: int, visible: int
) -> Places:
    """Return room for states of a stack model, all of them without a value but the first row."""
    dtype, top, (stacks, _, each) = packed.bias.dtype, packed.reading.shape[0], start.stacks.shape
    most = _count_cells(packed, start.stacks) + steps
    if isinstance(packed, PackedAutomaton):
        numbers, width, visible = count_numbers(most, top), top, 0
        numbers += count_numbers_of_room(most, packed.states, packed.symbols)
        row = top + packed.transition_bias.size + 3 + packed.symbols
    else:
        numbers, width = (min(most, getattr(packed, "depth", most)) + SPARE) * each, each
        row = 2 * top + packed.action_bias.size
    rows = np.empty((places, start.row.size), dtype)
    rows[0] = start.row
    return Places(
        rows=rows,
        memory=np.zeros((places, row), dtype),
        cells=np.empty((kept, stacks, numbers), dtype),
        heights=np.zeros(kept, np.int64),
        width=width,
        visible=np.zeros((places, stacks, visible * each), dtype),
        fed=np.empty((1, packed.bias.size), dtype),
        heard=np.empty((1, start.row.size), dtype),
    )


def _count_cells(packed: WithMemory, stacks: np.ndarray) -> int:
    """Return how many cells a memory holds, or moments."""
    if isinstance(packed, PackedAutomaton):
        return find_moments(stacks.size, packed.reading.shape[0])
    return stacks.shape[1]


def _read_top(packed: WithMemory, stacks: np.ndarray) -> np.ndarray:
    """Return what is read of a memory."""
    if isinstance(packed, PackedAutomaton):
        return read_runs(stacks.ravel(), packed.reading.shape[0])
    if isinstance(packed, PackedStrata):
        return read_strata(stacks[0])
    top = np.full(stacks.shape[::2], packed.bottom)
    return (top + stacks[:, 0] if stacks.shape[1] else top).ravel()


def _take_out(packed: WithMemory, room: Places, at: int, shape: tuple[int, ...]) -> np.ndarray:
    """Return what a memory holds at a place."""
    cells = room.heights[at]
    numbers = cells * room.width
    if isinstance(packed, PackedAutomaton):
        numbers = count_numbers(cells, room.width)
    return room.cells[at, :, :numbers].reshape(shape[0], -1, shape[2]).copy()


def _look_into(
    packed: WithMemory, room: Places, before: np.ndarray, after: np.ndarray, cells: int
) -> np.ndarray:
    """Return what can be seen of the first cells [T + 1, K, D, W] of a memory."""
    if isinstance(packed, PackedAutomaton):
        first = _count_cells(packed, before) - 1
        found = find_contents(after.ravel(), packed.states, packed.symbols, first, cells)
        return found[:, np.newaxis].astype(after.dtype)
    shown = room.visible.reshape(len(room.rows), before.shape[0], cells, before.shape[2])
    return shown + getattr(packed, "bottom", 0)
