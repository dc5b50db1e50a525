"""How far a model is right on every string of a set, beside a model that cannot count.

The first point of failure (El-Naggar et al. 2022, arXiv 2211.16429) is the position, from 0, of
the first wrong step; a string that is right throughout counts its length.
"""

from dataclasses import dataclass

import numpy as np

from countviz.analysis.seeds.endurance import fail_constantly
from countviz.datasets import Encoded
from countviz.judging import find_failures
from countviz.models import Model


@dataclass(frozen=True, eq=False, kw_only=True)
class Evaluation:
    """One model on a set of B strings.

    Attributes
    ----------
    model
        Its name.
    fpf
        [B] int64: its first point of failure on each string.
    constant_fpf
        [B] int64: that of a model that always lets every symbol come.
    lengths
        [B] int64: the symbols of each string.

    """

    model: str
    fpf: np.ndarray
    constant_fpf: np.ndarray
    lengths: np.ndarray

    @property
    def string_accuracy(self) -> float:
        """The share of strings that are judged right from end to end."""
        return float((self.fpf == self.lengths).mean())

    @property
    def mean_fpf(self) -> float:
        """The mean first point of failure."""
        return float(self.fpf.mean())

    @property
    def constant_mean_fpf(self) -> float:
        """That of a model that cannot count."""
        return float(self.constant_fpf.mean())

    def sentence(self) -> str:
        """Say how many strings are right, and how far into one the model is, on average."""
        than = "no further than" if self.mean_fpf <= self.constant_mean_fpf else "further than"
        return (
            f"{self.model} is right on {self.string_accuracy:.2%} of {self.fpf.size:,} strings, "
            f"and for {self.mean_fpf:,.1f} symbols on average: {than} a model that cannot count "
            f"({self.constant_mean_fpf:,.1f})."
        )


def evaluate_model(model: Model, strings: Encoded, precision: str = "float32") -> Evaluation:
    """Find where a model first fails on every string of an encoded set of its language."""
    vector = np.concatenate([array.ravel() for array in model.parameters.values()])
    failures = find_failures(model.spec, vector[np.newaxis], strings, precision=precision)
    return Evaluation(
        model=model.name,
        fpf=failures.position[0],
        constant_fpf=fail_constantly(strings),
        lengths=np.diff(strings.starts),
    )
