"""The parts of a model that can be frozen, and what belongs to each."""

from dataclasses import dataclass

from countviz.models import Model


@dataclass(frozen=True, kw_only=True)
class PartOfModel:
    """One part: its name, its parameters by PyTorch's names, how many numbers, and if frozen."""

    part: str
    parameters: tuple[str, ...]
    numbers: int
    frozen: bool


def list_parts(model: Model) -> tuple[PartOfModel, ...]:
    """Return the parts of a model's cell, in the cell's order.

    A part counts as frozen if it was so in training, or from some epoch of it on.
    """
    frozen = getattr(model.spec.recipe, "freeze", ())
    found = []
    for part in model.cell.parts:
        names = tuple(name for name in model.parameters if model.cell.part_of(name) == part)
        found.append(
            PartOfModel(
                part=part,
                parameters=names,
                numbers=sum(model.parameters[name].size for name in names),
                frozen=part in frozen,
            )
        )
    return tuple(found)


def say_frozen(model: Model) -> str:
    """Return what of a model was frozen in training, as in "memory frozen"; else "nothing …"."""
    frozen = [one.part for one in list_parts(model) if one.frozen]
    return f"{' and '.join(frozen) if frozen else 'nothing'} frozen"
