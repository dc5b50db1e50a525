"""Weights in safetensors files: a format that holds numbers and cannot hold code.

The safetensors library parses; what it lets through is refused here: files that are too large, two
arrays of one name, arrays of anything but float32 and float64, and values that are not numbers.
"""

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import safetensors
import safetensors.numpy

from countviz.cells import find_cell
from countviz.memories import MOST_STACKS, WIDEST, Automaton, Memory, Stacks, Strata
from countviz.models import Model
from countviz.specs import MOST_UNITS, Spec

LARGEST_FOREIGN = 2**20  # bytes


class BadFile(ValueError):
    """A file that cannot be used; the sentence names it and says why."""


def read_arrays(data: bytes, where: str, largest: int) -> dict[str, np.ndarray]:
    """Return the arrays of a safetensors file, by name.

    Parameters
    ----------
    data
        The file's bytes.
    where
        How to name the file in a sentence.
    largest
        How many bytes it may have.

    Raises
    ------
    BadFile
        If it is too large, not a safetensors file, or holds something that is no weight.

    """
    _check_size(len(data), where, largest)
    if data.startswith(b"PK"):
        raise BadFile(
            f"{where} is a ZIP archive, such as PyTorch writes; such files can run code when they "
            "are opened, so only safetensors files are read"
        )
    try:
        arrays = safetensors.numpy.load(data)
        _refuse_repeated_names(data)
    except (safetensors.SafetensorError, KeyError, TypeError, ValueError) as error:
        raise BadFile(f"{where} is not a sound safetensors file: {error}") from None
    for name, array in arrays.items():
        if array.dtype not in (np.float32, np.float64):
            raise BadFile(
                f"{where} holds {array.dtype} in {name[:80]!r}; float32 or float64 is right"
            )
        if not np.isfinite(array).all():
            raise BadFile(f"{where} holds a value in {name[:80]!r} that is not a finite number")
    return arrays


def _check_size(size: int, where: str, largest: int) -> None:
    if size > largest:
        raise BadFile(f"{where} has {size:,} bytes; at most {largest:,} are read")


def _refuse_repeated_names(data: bytes) -> None:
    """Raise ValueError if the header names an array twice; the library would take the last."""

    def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
        if len({key for key, _ in pairs}) < len(pairs):
            raise ValueError("a name appears twice")
        return dict(pairs)

    length = int.from_bytes(data[:8], "little")
    json.loads(data[8 : 8 + length], object_pairs_hook=once)


def read_own_arrays(data: bytes) -> dict[str, np.ndarray]:
    """Return the arrays, read-only, of bytes that are known to be what ``write_arrays`` gave."""
    arrays = safetensors.numpy.load(data)
    for array in arrays.values():
        array.flags.writeable = False
    return arrays


def write_arrays(arrays: Mapping[str, np.ndarray]) -> bytes:
    """Return the bytes of a safetensors file."""
    return safetensors.numpy.save({k: np.asarray(v, order="C") for k, v in arrays.items()})


def load_file(path: Path, *, cell: str, language: str) -> Model:
    """Return the model in a safetensors file that holds PyTorch's parameter names.

    The number of units is read off the hidden-to-hidden weights, and so are a memory's stacks off
    its own; the rest must fit the cell.
    """
    try:
        _check_size(path.stat().st_size, str(path), LARGEST_FOREIGN)
        data = path.read_bytes()
    except OSError as error:
        raise BadFile(f"{path} cannot be read: {error.strerror}") from None
    arrays = read_arrays(data, str(path), LARGEST_FOREIGN)
    recurrent = arrays.get("rnn.weight_hh_l0")
    if recurrent is None or recurrent.ndim != 2 or not 1 <= recurrent.shape[1] <= MOST_UNITS:
        names = ", ".join(sorted(arrays))[:200] or "nothing"
        raise BadFile(
            f"{path} needs rnn.weight_hh_l0 with 1 to {MOST_UNITS} columns, one a unit; it holds: "
            f"{names}"
        )
    units = recurrent.shape[1]
    memory = find_memory(arrays, cell, units, str(path))
    spec = Spec(language=language, cell=cell, units=units, memory=memory)
    return Model(name=path.name, spec=spec, parameters=arrays)


def find_memory(
    arrays: Mapping[str, np.ndarray], cell: str, units: int, where: str
) -> Memory | None:
    """Return the memory that a cell's parameters, by PyTorch's names, are the weights of."""
    kind = find_cell(cell).memory_kind
    if not kind:
        return None
    if kind == "superposition":
        return find_stacks(arrays, units, where)
    named = ("rnn.weight_ih_l0", "readout.bias", "stack.push.bias", "stack.transition.bias")
    reading, readout, pushed, transitions = (arrays.get(name, np.empty(0)) for name in named)
    if kind == "stratification" and 1 <= pushed.size <= WIDEST:
        return Strata(width=pushed.size)
    pairs = reading.shape[-1] - readout.size
    states = transitions.size // pairs - 2 * pairs if pairs > 0 else 0
    if states > 0 and pairs % states == 0:  # Z = Q X Q (2 X + 1), and Q X numbers are read
        return Automaton(states=states, symbols=pairs // states)
    own = "stack.push.bias" if kind == "stratification" else "stack.transition.bias"
    raise BadFile(f"{where} lacks a {own} that fits the weights of the {cell} in it")


def find_stacks(arrays: Mapping[str, np.ndarray], units: int, where: str) -> Stacks:
    """Return the stacks that a model's parameters, by PyTorch's names, are the weights of.

    How many numbers are read and how many actions are decided on follows from the shapes, but not
    always into how many stacks they fall: 6 actions are three of two stacks or two of three. Where
    both would do, there are as few stacks as can be. The depth and the bottom leave no trace in
    the weights; they are taken to be unlimited and 0.
    """
    hidden, learned = "stack.read.weight" in arrays, "stack.push.weight" in arrays
    reading = arrays.get("stack.read.weight" if hidden else "rnn.weight_ih_l0")
    actions = arrays.get("stack.action.bias")
    readout = arrays.get("readout.bias")
    if actions is None or readout is None or reading is None or reading.ndim != 2:
        raise BadFile(f"{where} lacks what a stack model needs: stack.action.bias, readout.bias")
    tops = reading.shape[1] - (0 if hidden else readout.size)
    for each in (3, 2):
        stacks, left = divmod(actions.size, each)
        fits = not left and 1 <= stacks <= MOST_STACKS and tops > 0 and tops % stacks == 0
        if fits and (learned or tops == stacks * units):
            return Stacks(
                stacks=stacks,
                width=tops // stacks,
                push="learned" if learned else "hidden",
                noop=each == 3,
                reads="hidden" if hidden else "input",
            )
    raise BadFile(
        f"{where} decides on {actions.size} actions and reads {max(tops, 0)} numbers; of up to "
        f"{MOST_STACKS} stacks, K of them W wide, these are 2 K or 3 K and K W"
    )


def export_file(model: Model, path: Path) -> None:
    """Write one model's parameters to a safetensors file under PyTorch's names."""
    path.write_bytes(write_arrays(model.parameters))
