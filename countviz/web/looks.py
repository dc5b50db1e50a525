"""What a model looks like, the same on every page: its mark, its colour, its label.

A hue belongs to a kind of cell; a counter set by hand has the hue of its cell, outlined and dashed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from countviz.languages import Language
from countviz.models import HandSet, Model


@dataclass(frozen=True, kw_only=True)
class Look:
    """A mark as a shape and as characters (filled, outlined), and a place among the hues."""

    mark: str
    filled: str
    outlined: str
    color: int


_LOOKS = {
    "lstm": Look(mark="square", filled="■", outlined="□", color=0),
    "gru": Look(mark="triangle", filled="▲", outlined="△", color=1),
    "relu": Look(mark="circle", filled="●", outlined="○", color=2),
    "tanh": Look(mark="pentagon", filled="⬟", outlined="⬠", color=4),
    "linear": Look(mark="diamond", filled="◆", outlined="◇", color=5),
}


def look_of(model: Model) -> Look:
    """Return the look of a model's cell."""
    return _LOOKS[model.spec.cell]


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


def note_of(model: Model) -> str:
    """Return which of its family a model is, in words."""
    return "hand-set" if is_hand_set(model) else f"seed {model.seed} · epoch {model.epoch}"


def chip_of(model: Model) -> str:
    """Return the label of a model's chip, its mark first."""
    look = look_of(model)
    if is_hand_set(model):
        return f"{look.outlined} {label_of(model)}"
    return f"{look.filled} {label_of(model)} · seed {model.seed}"
