"""An order: what somebody wants trained on demand, within bounds, and the name it goes by."""

import hashlib
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from countviz.languages import require_continuations
from countviz.models import Spec, Training

MOST_SEEDS, MOST_UNITS, MOST_EPOCHS, LONGEST = 128, 16, 100, 200  # of what is trained on demand
LANES = 32  # seeds that are trained at the price of one


class Order(BaseModel):
    """What somebody wants trained: a spec with a training recipe, and the seeds."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    spec: Spec
    seeds: Annotated[
        tuple[Annotated[int, Field(ge=0, le=10**8)], ...],
        Field(min_length=1, max_length=MOST_SEEDS),
    ]

    @field_validator("seeds")
    @classmethod
    def _each_once(cls, seeds: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(sorted(set(seeds)))

    @model_validator(mode="after")
    def _within_bounds(self) -> "Order":
        recipe = self.spec.recipe
        if not isinstance(recipe, Training):
            raise ValueError("recipe is missing or set by hand; a training is right")
        require_continuations(self.spec.language, "training on demand")
        if recipe.stop_after is not None:
            raise ValueError(
                f"stop_after is {recipe.stop_after}; what is trained on demand goes on to its last "
                "epoch, and no stop_after is right"
            )
        bounds = {
            "units": (self.spec.units, MOST_UNITS),
            "epochs": (recipe.epochs, MOST_EPOCHS),
            "longest": (recipe.longest, LONGEST),
            "shortest": (recipe.shortest, recipe.longest),
        }
        wrong = [
            f"{name} is {value}; at most {most} is right"
            for name, (value, most) in bounds.items()
            if value > most
        ]
        if wrong:
            raise ValueError("\n".join(wrong))
        return self

    @property
    def identity(self) -> str:
        """12 hexadecimal digits: equal orders, trained by the same kernels, are one job."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:12]

    @property
    def family(self) -> str:
        """The name of the family that comes of it."""
        return f"{self.spec.cell}{self.spec.units}-{self.spec.language}-{self.identity[:6]}"


def describe_problems(error: ValidationError) -> tuple[str, ...]:
    """Return one sentence for every field of an order that is wrong."""
    sentences: dict[str, str] = {}
    for one in error.errors():
        ours = one.get("ctx", {}).get("error")
        if ours:
            sentences |= {line: line for line in str(ours).split("\n")}
            continue
        field = next((part for part in reversed(one["loc"]) if isinstance(part, str)), "order")
        said = one["msg"].replace("Input", "it", 1)
        sentences.setdefault(field, f"{field} is {one['input']!r}; {said}")
    return tuple(sentences.values())
