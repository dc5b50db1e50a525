"""What changing weights does: a model before and after, side by side on the same measures."""

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from countviz.analysis.count.closing import measure_closings
from countviz.analysis.drift.prediction import Prediction, predict_horizon
from countviz.analysis.failure.nesting import NestingHorizon
from countviz.analysis.seeds.endurance import fail_constantly
from countviz.datasets import encode_strings
from countviz.memories import Automaton
from countviz.models import Model
from countviz.published_sets import make_set
from countviz.traces import Trace, run, trace

if TYPE_CHECKING:
    import pandas as pd

_SET = "zigzag"  # the published one of ten strings of 2,000 brackets; it runs in milliseconds
LONGEST_COUNTED = 2_000  # symbols; the count of longer strings is not read


@dataclass(frozen=True, eq=False, kw_only=True)
class Ability:
    """How one model of Dyck-1 counts, whatever string is shown.

    Attributes
    ----------
    prediction
        How deep it should nest, and how deep it does.
    mean_fpf
        Its mean first point of failure on the published zigzag strings.

    """

    prediction: Prediction
    mean_fpf: float


@dataclass(frozen=True, eq=False, kw_only=True)
class Side:
    """How one model counts, on a string and in general.

    Attributes
    ----------
    model
        Which one.
    counts
        [T] how many closers it accepts after each symbol; NaN where it never closes.
    first_failure
        Its first mistake on the string, from 0; None if there is none.
    ability
        How it counts in general; None of a model that does not read Dyck-1.

    """

    model: Model
    counts: np.ndarray
    first_failure: int | None
    ability: Ability | None

    @property
    def horizon(self) -> NestingHorizon | None:
        """Its nesting horizon, as it was measured."""
        if self.ability is None:
            return None
        one = self.ability.prediction
        return NestingHorizon(depth=one.measured_horizon, tried=one.tried)

    def say_failure(self, noun: str = "bracket") -> str:
        """Say where it first errs on the string."""
        if self.first_failure is None:
            return "no mistake on this string"
        return f"first mistake at {noun} {self.first_failure + 1:,}"


@dataclass(frozen=True, eq=False, kw_only=True)
class Effect:
    """A model before and after some of its weights were changed.

    Attributes
    ----------
    string
        What both read.
    true_counts
        [T] what is so.
    before, after
        What they make of it.
    constant
        The mean first point of failure of a model that always answers "open", on the same strings.

    """

    string: str
    true_counts: np.ndarray
    before: Side
    after: Side
    constant: float

    @property
    def changed(self) -> bool:
        """Whether any weight was changed."""
        return self.before.model is not self.after.model

    def sentence(self) -> str:
        """Say what the change does on the string, and how deep the model nests now."""
        if not self.changed:
            said = self.before.say_failure()
            return f"No weight is changed: {said}{self._say_depth(self.before)}."
        was, now = self.before.say_failure(), self.after.say_failure()
        both = f"{now[0].upper()}{now[1:]}" + (", as before" if was == now else f"; before, {was}")
        return f"{both}{self._say_depth(self.after)}."

    @staticmethod
    def _say_depth(side: Side) -> str:
        if side.horizon is None:
            return ""
        return f"; it {'' if side.horizon.depth else 'is '}{side.horizon.sentence()}"

    def to_frame(self) -> "pd.DataFrame":
        """Return a row a symbol."""
        import pandas as pd

        return pd.DataFrame(
            {
                "position": np.arange(len(self.string)),
                "symbol": list(self.string),
                "true count": self.true_counts,
                "count before": self.before.counts,
                "count after": self.after.counts,
            }
        )


def measure_ability(model: Model, precision: str = "float64") -> Ability | None:
    """Measure how a model counts in general; None if it does not read Dyck-1.

    None for an automaton as well: on strings of 1,000 symbols its runs take minutes to add up.
    """
    if model.language.name != "dyck1" or isinstance(model.spec.memory, Automaton):
        return None
    prediction = predict_horizon(model, precision)
    return Ability(prediction=prediction, mean_fpf=_measure_fpf(model, precision))


def measure_side(trace: Trace, ability: Ability | None) -> Side:
    """Measure how a model counts on a string of up to 20,000 symbols, beside what it can do."""
    counts = measure_closings(trace).total
    counts.flags.writeable = False
    return Side(
        model=trace.model, counts=counts, first_failure=trace.first_failure, ability=ability
    )


def measure_effect(before: Model, after: Model, string: str, precision: str = "float64") -> Effect:
    """Compare a model with what changing its weights made of it."""

    def measure(model: Model) -> Side:
        return measure_side(trace(model, string, precision), measure_ability(model, precision))

    side = measure(before)
    return compare_sides(side, side if after is before else measure(after), string)


def compare_sides(before: Side, after: Side, string: str) -> Effect:
    """Put two sides that were measured on the same string beside each other."""
    language = before.model.language
    constant = np.nan
    if language.name == "dyck1":
        constant = float(fail_constantly(encode_strings(language, make_set(_SET))).mean())
    return Effect(
        string=string,
        true_counts=language.read(string).closings.sum(axis=1),
        before=before,
        after=after,
        constant=constant,
    )


def _measure_fpf(model: Model, precision: str) -> float:
    """Return the mean first point of failure; a string that is right counts its length."""
    strings = encode_strings(model.language, make_set(_SET))
    places = []
    for start, stop in pairwise(strings.starts):
        _, logits = run(model, precision, strings.symbols[start:stop])
        wrong = np.append(((logits >= 0) != strings.targets[start:stop]).any(axis=1), True)
        places.append(int(wrong.argmax()))
    return float(np.mean(places))
