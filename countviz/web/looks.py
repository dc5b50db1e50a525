"""What a model is called, the same on every page: its label, its note, its chip."""

from collections.abc import Sequence

from countviz.cells import find_cell
from countviz.families import Family
from countviz.figures.base import MARKS, Mark
from countviz.languages import Language
from countviz.models import HandSet, Model


def mark_of(model: Model) -> Mark:
    """Return the mark of a model's cell."""
    return MARKS[model.spec.cell]


def noun_of(language: Language) -> str:
    """Return what a symbol of a language is called before people."""
    return "bracket" if language.name == "dyck1" else "symbol"


def is_hand_set(model: Model) -> bool:
    """Say whether a model's weights were set by hand."""
    return isinstance(model.spec.recipe, HandSet)


def label_of(model: Model) -> str:
    """Return a model's short name, as in "LSTM-1" or "exact LSTM"."""
    if not is_hand_set(model):
        return f"{model.cell.title}-{model.spec.units}"
    bias = model.spec.recipe.gate_bias
    return f"exact {model.cell.title}" + (f" (bias {bias:g})" if bias not in (None, 40) else "")


def labels_of(models: Sequence[Model]) -> list[str]:
    """Return names that tell models apart: the short ones, with seed or epoch where they recur."""
    short = [label_of(model) for model in models]
    seeded = [f"{label}/{model.seed}" for label, model in zip(short, models, strict=True)]
    full = [f"{label}@{model.epoch}" for label, model in zip(seeded, models, strict=True)]
    return [
        next((name for name, all_ in ((a, short), (b, seeded)) if all_.count(name) == 1), c)
        for a, b, c in zip(short, seeded, full, strict=True)
    ]


def label_of_family(family: Family) -> str:
    """Return a family's short name, as in "LSTM-1", with what its own name adds to that.

    The names of families are unlike, and so are these.
    """
    spec = family.spec
    stem = f"{spec.cell}{spec.units}-{spec.language}"
    if not family.name.startswith(stem):
        return family.name
    return f"{find_cell(spec.cell).title}-{spec.units}{family.name.removeprefix(stem)}"


def note_of(model: Model) -> str:
    """Return which of its family a model is, in words."""
    return "hand-set" if is_hand_set(model) else f"seed {model.seed} · epoch {model.epoch}"


def chip_of(model: Model) -> str:
    """Return the label of a model's chip, its mark first."""
    mark = mark_of(model)
    if is_hand_set(model):
        return f"{mark.outlined} {label_of(model)}"
    return f"{mark.filled} {label_of(model)} · seed {model.seed}"
