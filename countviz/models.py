"""A model: one set of weights, and everything that says where it came from."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from countviz.cells import Cell, find_cell
from countviz.languages import Language, find_language
from countviz.packing import Actions, PackedModel, pack
from countviz.specs import KERNEL_VERSION, MOST_UNITS, HandSet, Spec, Stacks, Training
from countviz.vectors import split_parameters

__all__ = [
    "KERNEL_VERSION",
    "MOST_UNITS",
    "BadWeights",
    "HandSet",
    "Model",
    "Spec",
    "Stacks",
    "Training",
    "make_models",
]


class BadWeights(ValueError):
    """Weights that do not fit their model, or are not numbers."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Model:
    """One model.

    Attributes
    ----------
    name
        Its address, as in ``lstm1-dyck1/3@20``.
    spec
        The family it belongs to.
    parameters
        Read-only arrays by PyTorch's names, in PyTorch's order.
    seed, epoch
        Which of the family it is; None for weights from a file of their own.

    """

    name: str
    spec: Spec
    parameters: Mapping[str, np.ndarray]
    seed: int | None = None
    epoch: int | None = None

    def __post_init__(self) -> None:
        shapes = self.spec.parameter_shapes()
        missing = [name for name in shapes if name not in self.parameters]
        foreign = [name for name in self.parameters if name not in shapes]
        if missing or foreign:
            what = f"lacks {missing[0]}" if missing else f"holds {foreign[0]!r}, which is foreign"
            raise BadWeights(f"{self.name} {what}; an {self.spec.cell} holds {', '.join(shapes)}")
        frozen = {}
        for name, shape in shapes.items():
            array = np.array(self.parameters[name])
            _check_array(self.name, name, array, shape)
            array.flags.writeable = False
            frozen[name] = array
        object.__setattr__(self, "parameters", MappingProxyType(frozen))

    @property
    def language(self) -> Language:
        """The language it was made for."""
        return find_language(self.spec.language)

    @property
    def cell(self) -> Cell:
        """Its kind of cell."""
        return find_cell(self.spec.cell)

    @property
    def weights_sha256(self) -> str:
        """SHA-256 of the parameters' bytes, little-endian and in PyTorch's order."""
        digest = hashlib.sha256()
        for array in self.parameters.values():
            digest.update(array.astype(array.dtype.newbyteorder("<")).tobytes())
        return digest.hexdigest()

    def pack(self, precision: str, actions: Actions = "soft") -> PackedModel:
        """Return the parameters as the compiled loops read them, rounded to a precision.

        With ``hard`` actions a stack model does the strongest one alone.
        """
        return pack(self.parameters, self.spec.memory, precision, actions)


def make_models(spec: Spec, vectors: np.ndarray) -> Iterator[Model]:
    """Yield models with flat parameters [M, P]; they are called as their cell is."""
    for vector in vectors:
        parameters = split_parameters(vector, spec.parameter_shapes())
        yield Model(name=spec.cell, spec=spec, parameters=parameters)


def _check_array(model: str, name: str, array: np.ndarray, shape: tuple[int, ...]) -> None:
    if array.dtype not in (np.float32, np.float64):
        raise BadWeights(f"{name} of {model} holds {array.dtype}; float32 or float64 is right")
    if array.shape != shape:
        raise BadWeights(f"{name} of {model} has the shape {array.shape}; {shape} is right")
    if not np.isfinite(array).all():
        first = tuple(int(i) for i in np.argwhere(~np.isfinite(array))[0])
        raise BadWeights(f"{name} of {model} holds {array[first]} at {list(first)}, not a number")
