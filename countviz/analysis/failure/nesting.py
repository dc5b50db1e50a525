"""The nesting horizon: how deep a model can nest brackets and still close them all."""

from dataclasses import dataclass

import numpy as np

from countviz.judging import deepest_nest
from countviz.languages.dyck1 import nested
from countviz.models import Model
from countviz.traces import run

DEEPEST_TRIED = 500


@dataclass(frozen=True, kw_only=True)
class NestingHorizon:
    """The largest N with every (^n )^n, n <= N, judged right at every symbol.

    Attributes
    ----------
    depth
        That N; 0 if even () is judged wrong.
    tried
        The deepest nesting that was tried; where depth equals it, the horizon lies further out.

    """

    depth: int
    tried: int

    @property
    def fooled_by(self) -> str | None:
        """The nested string just beyond the horizon; None if none was found."""
        return nested(self.depth + 1) if self.depth < self.tried else None

    def short(self) -> str:
        """Return the depth, marked where it is a lower bound."""
        return f"≥ {self.depth:,}" if self.depth == self.tried else f"{self.depth:,}"

    def sentence(self) -> str:
        """Say how deep the model nests; every string that this rests on was run."""
        if self.depth == self.tried:
            return f"nests at least {self.depth:,} deep"
        if self.depth == 0:
            return "wrong on ( ) already"
        return f"nests {self.depth:,} deep, fails at {self.depth + 1:,}"


def measure_nesting(
    model: Model, precision: str = "float64", tried: int = DEEPEST_TRIED
) -> NestingHorizon:
    """Measure a Dyck-1 model's nesting horizon by running every (^n )^n up to n = `tried`.

    No further than ``deepest_nest`` allows.
    """
    if model.language.name != "dyck1":
        raise ValueError(f"{model.name} reads {model.language.name}; nesting is a measure of dyck1")
    tried = deepest_nest(model.spec, tried)
    for depth in range(1, tried + 1):
        symbols = np.repeat([0, 1], depth)  # the truth about such a string needs no reading
        left = np.concatenate([np.arange(1, depth + 1), np.arange(depth)[::-1]])
        _, logits = run(model, precision, symbols)
        opens, closes = (logits >= 0).T
        if not (opens.all() and (closes == (left > 0)).all()):
            return NestingHorizon(depth=depth - 1, tried=tried)
    return NestingHorizon(depth=tried, tried=tried)
