"""A model: one set of weights, and everything that says where it came from."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, field_validator

from countviz.arithmetic.precision import find_precision
from countviz.cells import Cell, find_cell
from countviz.engine.advance import Packed
from countviz.languages import Language, find_language

KERNEL_VERSION = 2  # to be raised with any change that alters a trained number
MOST_UNITS = 64


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Training(_Record):
    """How a family was trained: everything that determines its weights, except the seed.

    The defaults are the published protocol (El-Naggar, Madhyastha, Weyde 2022, arXiv 2211.16429):
    Adam, one string an update, 10,000 distinct strings of 2 to 50 symbols.
    """

    kind: Literal["training"] = "training"
    precision: Literal["float32", "float64"] = "float32"
    learning_rate: float = Field(default=0.01, gt=0, le=1)
    batch_size: int = Field(default=1, ge=1, le=512)
    initial_scale: float = Field(default=1.0, gt=0, le=10)
    epochs: int = Field(default=20, ge=1, le=1000)
    train_strings: int = Field(default=10_000, ge=1, le=100_000)
    validation_strings: int = Field(default=5_000, ge=1, le=100_000)
    shortest: int = Field(default=2, ge=1, le=1000)
    longest: int = Field(default=50, ge=1, le=1000)
    distinct: bool = True
    data_seed: int = Field(default=0, ge=0, lt=2**32)
    kernel_version: int = KERNEL_VERSION


class HandSet(_Record):
    """How a counter was set by hand: its knobs.

    ``step`` is what one bracket adds to the counting internal, ``threshold`` the count from which
    the read-out says that something is open, ``gate_bias`` how far an LSTM's gates are held open.
    """

    kind: Literal["hand-set"] = "hand-set"
    step: float = Field(default=1.0, gt=0)
    threshold: float = Field(default=0.5, gt=0, lt=1)
    gate_bias: float | None = None


class Spec(_Record):
    """What a family is: language, cell, units, and the recipe that determines its weights."""

    language: str
    cell: str
    units: int = Field(default=1, ge=1, le=MOST_UNITS)
    recipe: Annotated[Training | HandSet, Field(discriminator="kind")] | None = None

    @field_validator("language")
    @classmethod
    def _known_language(cls, name: str) -> str:
        return find_language(name).name

    @field_validator("cell")
    @classmethod
    def _known_cell(cls, name: str) -> str:
        return find_cell(name).name

    @property
    def identity(self) -> str:
        """12 hexadecimal digits of the spec's SHA-256: equal specs train equal weights."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:12]

    def parameter_shapes(self) -> dict[str, tuple[int, ...]]:
        """Return the parameters' shapes, by PyTorch's names and in PyTorch's order."""
        return find_cell(self.cell).parameter_shapes(
            self.units, len(find_language(self.language).alphabet)
        )


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

    def pack(self, precision: str) -> Packed:
        """Return the parameters as the compiled loops read them, rounded to a precision."""
        to = find_precision(precision).round
        w_ih, w_hh, b_ih, b_hh, readout, readout_bias = map(to, self.parameters.values())
        return Packed(
            inputs=np.ascontiguousarray(to(w_ih.T + b_ih)),
            recurrent=np.ascontiguousarray(w_hh.T),
            bias=b_hh,
            readout=readout,
            readout_bias=readout_bias,
        )


def _check_array(model: str, name: str, array: np.ndarray, shape: tuple[int, ...]) -> None:
    if array.dtype not in (np.float32, np.float64):
        raise BadWeights(f"{name} of {model} holds {array.dtype}; float32 or float64 is right")
    if array.shape != shape:
        raise BadWeights(f"{name} of {model} has the shape {array.shape}; {shape} is right")
    if not np.isfinite(array).all():
        first = tuple(int(i) for i in np.argwhere(~np.isfinite(array))[0])
        raise BadWeights(f"{name} of {model} holds {array[first]} at {list(first)}, not a number")
