"""Where seeds begin, and what of them is held still."""

import math
from collections.abc import Sequence

import numpy as np

from countviz.cells import find_cell
from countviz.checkpoints import load_family
from countviz.families import split_address
from countviz.models import Model
from countviz.specs import Part, Spec
from countviz.torch_bridge import initial_parameters
from countviz.vectors import flatten_parameters

ALIKE = ("language", "cell", "units", "memory")  # of a model and what is trained on from it


def start_vectors(spec: Spec, seeds: Sequence[int]) -> np.ndarray:
    """Return the parameters [S, P] that seeds start from: drawn, or those of trained models.

    Raises
    ------
    ValueError
        If the recipe starts from models that there are not, or that are of another kind.

    """
    precision, scale = spec.recipe.precision, spec.recipe.initial_scale
    if spec.recipe.start is None:
        drawn = [flatten_parameters(initial_parameters(spec, s), precision) * scale for s in seeds]
        return np.stack(drawn).astype(precision)
    models = _find_models(spec, seeds)
    return np.stack([flatten_parameters(model.parameters, precision) for model in models])


def _find_models(spec: Spec, seeds: Sequence[int]) -> list[Model]:
    """Return the model that each seed starts from: its own of a family, or one for all."""
    name, seed, epoch = split_address(spec.recipe.start)
    family = load_family(name)
    for what in ALIKE:
        has, needs = getattr(family.spec, what), getattr(spec, what)
        if has != needs:
            raise ValueError(
                f"training was to start from {name}, whose {what} is {has}; {needs} is right"
            )
    return [family.model(one if seed is None else seed, epoch) for one in seeds]


def find_free(
    spec: Spec, seeds: Sequence[int], freeze: Sequence[tuple[Part, ...]] | None
) -> np.ndarray:
    """Return [S, P] what is 1 where a seed learns a parameter and else -1; [S, 0] for all 1.

    `freeze` names the parts that each seed leaves as they are.
    """
    if freeze is None or not any(freeze):
        return np.empty((len(seeds), 0), spec.recipe.precision)
    rows = [_by_parameter(spec, parts, frozen=-1) for parts in freeze]
    return np.array(rows, spec.recipe.precision)


def forget_frozen(spec: Spec, epoch: int, *moments: np.ndarray) -> tuple[np.ndarray, ...]:
    """Return Adam's moments [S, P] as an epoch begins with them.

    What is frozen from that epoch on, and has moved before, would go on moving by its momentum.
    """
    if epoch != spec.recipe.freeze_after + 1 or not spec.recipe.freeze:
        return moments
    kept = _by_parameter(spec, spec.recipe.freeze, frozen=0).astype(spec.recipe.precision)
    return tuple(moment * kept for moment in moments)


def _by_parameter(spec: Spec, parts: Sequence[Part], *, frozen: int) -> np.ndarray:
    """Return [P] one number for what belongs to some parts, and 1 for all else."""
    part_of, shapes = find_cell(spec.cell).part_of, spec.parameter_shapes()
    sizes = [math.prod(shape) for shape in shapes.values()]
    return np.repeat([frozen if part_of(name) in parts else 1 for name in shapes], sizes)
