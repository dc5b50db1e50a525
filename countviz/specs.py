"""What a family is: language, cell, memory, and everything that determines its weights."""

import hashlib
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, Self, get_args

from pydantic import Field, ValidationInfo, field_validator, model_validator

from countviz.cells import CELLS, find_cell
from countviz.languages import find_language
from countviz.memories import LARGEST_LAYER, MEMORIES, MOST_TOPS, Memory, Record, Stacks

KERNEL_VERSION = 2  # to be raised with any change that alters a trained number
MOST_UNITS = 64

Part = Literal["controller", "memory", "read-out"]
Rate = Annotated[float, Field(gt=0, le=1)]


class Training(Record):
    """How a family was trained: everything that determines its weights, except the seed.

    The defaults are the published protocol (El-Naggar, Madhyastha, Weyde 2022, arXiv 2211.16429):
    Adam, one string an update, 10,000 distinct strings of 2 to 50 symbols.

    ``freeze`` names the parts of the cell that stay as they were at the start. A batch's gradient
    is shortened to the norm ``clip``. Every seed may have a learning rate of its own, drawn from
    ``rates`` log-uniformly; it is multiplied by ``decay`` whenever ``decay_after`` epochs in a row
    have not lowered the validation loss, and after ``stop_after`` such epochs a seed stays as it
    is. ``initialisation`` says how weights are drawn; see ``torch_bridge``. Instead, training may
    ``start`` from a model that there is, as in ``family/3@20``; a family alone gives every seed its
    own model of the same number. What is frozen is free for the first ``freeze_after`` epochs.
    """

    later: ClassVar[frozenset[str]] = frozenset(
        {"freeze", "clip", "rates", "decay", "decay_after", "stop_after", "initialisation"}
        | {"start", "freeze_after"}
    )

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
    freeze: tuple[Part, ...] = ()
    clip: float | None = Field(default=None, gt=0, le=1000)
    rates: tuple[Rate, Rate] | None = None
    decay: float = Field(default=0.9, gt=0, lt=1)
    decay_after: int | None = Field(default=None, ge=1, le=1000)
    stop_after: int | None = Field(default=None, ge=1, le=1000)
    initialisation: Literal["pytorch", "xavier"] = "pytorch"
    start: str | None = Field(default=None, min_length=1, max_length=200)
    freeze_after: int = Field(default=0, ge=0, le=1000)

    @field_validator("freeze", mode="before")
    @classmethod
    def _known_parts(cls, parts: Any) -> Any:  # noqa: ANN401
        foreign = [one for one in parts if one not in get_args(Part)]
        if foreign:
            raise ValueError(
                f"{foreign[0]!r} was to be frozen; what can be is {', '.join(get_args(Part))}"
            )
        return parts

    @field_validator("freeze")
    @classmethod
    def _in_one_order(cls, parts: tuple[Part, ...]) -> tuple[Part, ...]:
        return tuple(one for one in get_args(Part) if one in parts)

    @model_validator(mode="after")
    def _something_to_freeze(self) -> Self:
        if self.freeze_after and not self.freeze:
            raise ValueError(
                f"nothing is frozen after epoch {self.freeze_after}; name the parts to freeze too"
            )
        return self

    @field_validator("rates")
    @classmethod
    def _rising(cls, rates: tuple[Rate, Rate] | None) -> tuple[Rate, Rate] | None:
        if rates and rates[0] > rates[1]:
            raise ValueError(f"rates from {rates[0]} to {rates[1]} came; the lower one comes first")
        return rates


class HandSet(Record):
    """How a counter was set by hand: its knobs.

    ``step`` is what one bracket adds to the counting internal, ``threshold`` the count from which
    the read-out says that something is open, ``gate_bias`` how far an LSTM's gates are held open.
    """

    kind: Literal["hand-set"] = "hand-set"
    step: float = Field(default=1.0, gt=0)
    threshold: float = Field(default=0.5, gt=0, lt=1)
    gate_bias: float | None = None


class Spec(Record):
    """What a family is: language, cell, units, and the recipe that determines its weights.

    A cell that has a memory is given one stack where none is described.
    """

    later: ClassVar[frozenset[str]] = frozenset({"memory"})

    language: str
    cell: str
    units: int = Field(default=1, ge=1, le=MOST_UNITS)
    recipe: Annotated[Training | HandSet, Field(discriminator="kind")] | None = None
    memory: Memory | None = None

    @field_validator("language")
    @classmethod
    def _known_language(cls, name: str) -> str:
        return find_language(name).name

    @field_validator("cell")
    @classmethod
    def _known_cell(cls, name: str) -> str:
        return find_cell(name).name

    @field_validator("memory", mode="before")
    @classmethod
    def _memory_of_the_cell(cls, memory: Any, info: ValidationInfo) -> Any:  # noqa: ANN401
        """Say of what kind a memory is that was written down: the cell's."""
        if "cell" not in info.data or not isinstance(memory, Mapping):
            return memory
        kind = find_cell(info.data["cell"]).memory_kind or "superposition"
        known = [name for name in MEMORIES[kind].model_fields if name != "kind"]
        foreign = [name for name in memory if name not in known and name != "kind"]
        if foreign:
            raise ValueError(
                f"{foreign[0]!r} came for the memory of {info.data['cell']}; what can be said of "
                f"it is {', '.join(known)}"
            )
        return {"kind": kind, **memory}

    @model_validator(mode="after")
    def _fitting_memory(self) -> Self:
        kind = find_cell(self.cell).memory_kind
        if not kind:
            if self.memory is not None:
                having = ", ".join(name for name, cell in CELLS.items() if cell.memory)
                raise ValueError(f"{self.cell} has no memory; cells that have one are {having}")
            return self
        memory = self.memory or MEMORIES[kind]()
        if memory.kind != kind:
            raise ValueError(f"a {memory.kind} stack came; {self.cell} has one of {kind}")
        if isinstance(memory, Stacks):
            memory = self._as_wide_as_pushed(memory)
        _check_layer(memory)
        object.__setattr__(self, "memory", memory)
        return self

    def _as_wide_as_pushed(self, memory: Stacks) -> Stacks:
        if memory.push == "hidden" and memory.width == 1:
            memory = memory.model_copy(update={"width": self.units})
        if memory.push == "hidden" and memory.width != self.units:
            raise ValueError(
                f"stacks {memory.width} wide came, and what is pushed is the hidden state of "
                f"{self.units} units; a width of {self.units} is right"
            )
        return memory

    @model_validator(mode="after")
    def _something_to_train(self) -> Self:
        parts, frozen = find_cell(self.cell).parts, getattr(self.recipe, "freeze", ())
        lacking = [part for part in frozen if part not in parts]
        if lacking:
            raise ValueError(
                f"{lacking[0]} was to be frozen, which {self.cell} does not have; its parts are "
                f"{', '.join(parts)}"
            )
        if len(frozen) == len(parts):
            raise ValueError(
                f"all parts of {self.cell} were to be frozen ({', '.join(parts)}); "
                "one at least must be left to train"
            )
        return self

    @property
    def identity(self) -> str:
        """12 hexadecimal digits of the spec's SHA-256: equal specs train equal weights."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:12]

    def parameter_shapes(self) -> dict[str, tuple[int, ...]]:
        """Return the parameters' shapes, by PyTorch's names and in PyTorch's order."""
        symbols = len(find_language(self.language).alphabet)
        return find_cell(self.cell).parameter_shapes(self.units, symbols, self.memory)

    def frozen_parameters(self) -> frozenset[str]:
        """Return the names of the parameters that training leaves as they were."""
        cell, frozen = find_cell(self.cell), getattr(self.recipe, "freeze", ())
        return frozenset(name for name in self.parameter_shapes() if cell.part_of(name) in frozen)


def _check_layer(memory: Memory) -> None:
    """Refuse a memory of which more is read at a step than the loops are made for."""
    if isinstance(memory, Stacks) and memory.layer > LARGEST_LAYER:
        raise ValueError(
            f"{memory.stacks} stacks {memory.width} wide came; stacks times width may be "
            f"at most {LARGEST_LAYER}"
        )
    if memory.kind == "nondeterministic" and memory.layer > MOST_TOPS:
        raise ValueError(
            f"{memory.states} states and {memory.symbols} symbols came; states times symbols may "
            f"be at most {MOST_TOPS}"
        )
