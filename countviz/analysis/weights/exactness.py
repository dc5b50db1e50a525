"""Exactness: which of the conditions for exact counting a model meets, and which it misses.

The conditions are sufficient: a unit that meets them all counts exactly, whatever the string, as
long as the count itself stays within what the number format can hold. A model that misses one may
still be right on every string that was tried.
"""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from countviz.analysis.seeds.capacity import Capacity, measure_capacity
from countviz.analysis.weights.condition import CHECKED, NOT_CERTIFIED, PROVED, Condition
from countviz.analysis.weights.exact_conditions import list_conditions
from countviz.arithmetic.precision import find_precision
from countviz.models import Model
from countviz.words import count_nouns, in_words, join_words

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False, kw_only=True)
class Exactness:
    """How far a model is from counting exactly.

    Attributes
    ----------
    model, precision
        What was judged, in which number format.
    conditions
        Unit by unit; none where no list of conditions is known.
    exact
        Whether all are met by a single unit, so that it counts exactly.
    exact_to
        Up to which count it does; None where it does not.
    badge
        ``proved`` where it counts exactly, ``checked`` where a condition is broken, ``not
        certified`` where no list decides.
    reason
        Why there is no list, or why it does not decide; empty where it does.
    capacity
        What is known instead of a cell whose state is bounded.

    """

    model: Model
    precision: str
    conditions: tuple[Condition, ...]
    exact: bool
    exact_to: int | None
    badge: str
    reason: str
    capacity: Capacity | None

    @property
    def unmet(self) -> tuple[Condition, ...]:
        """The conditions that are not met, the farthest from it first."""
        return tuple(
            sorted((one for one in self.conditions if not one.met), key=lambda one: -one.residual)
        )

    def sentence(self) -> str:
        """Say how many conditions hold, and which is the farthest from it."""
        if not self.conditions:
            nests = f" It nests {self.capacity.closed:,} deep." if self.capacity else ""
            return f"{self.reason}{nests}"
        if self.reason:
            return f"{self.reason} {self._say_nearest()}"
        total, lacking = len(self.conditions), len(self.unmet)
        if self.exact:
            return (
                f"Nothing more: all {in_words(total)} conditions hold, so it counts exactly up to "
                f"{self.exact_to:,} in {self.precision}."
            )
        more = f"{in_words(lacking)} more condition{'' if lacking == 1 else 's'}".capitalize()
        verb = "holds" if total - lacking == 1 else "hold"
        held = f"{in_words(total - lacking)} of {in_words(total)} {verb} so far"
        return f"{more}: {held}. The farthest from it: {self.unmet[0].sentence()}"

    @property
    def nearest(self) -> tuple[Condition, ...]:
        """The conditions of the unit that meets most of them."""
        by_unit: dict[int, list[Condition]] = {}
        for one in self.conditions:
            by_unit.setdefault(one.unit, []).append(one)
        return tuple(max(by_unit.values(), key=lambda some: sum(c.met for c in some), default=()))

    def _say_nearest(self) -> str:
        """Say which of several units comes nearest to counting by itself."""
        held, total = sum(one.met for one in self.nearest), len(self.nearest)
        if not held:
            return f"By itself, no unit meets any of its {in_words(total)} conditions."
        verb = "holds" if held == 1 else "hold"
        return (
            f"By itself, unit {self.nearest[0].unit + 1} comes nearest: {in_words(held)} of its "
            f"{in_words(total)} conditions {verb}."
        )

    def list_missing(self) -> str:
        """Say of every condition of the nearest unit what is missing, and which hold."""
        if not self.nearest:
            return self.capacity.sentence() if self.capacity else self.reason
        missing = [one.say_off() for one in self.nearest if not one.met]
        held = [one.name for one in self.nearest if one.met]
        unit = f"Unit {self.nearest[0].unit + 1}. " if self.model.spec.units > 1 else ""
        lacks = f"Not so: {'; '.join(missing)}." if missing else "Nothing is missing."
        proof = f"for every state that can be reached, in {self.precision}"
        holds = f" Proved {proof}: {join_words(held)}." if held else ""
        return f"{unit}{lacks}{holds}"

    def to_frame(self) -> "pd.DataFrame":
        """Return a row a condition; of a cell without any, a row a bracket that is opened."""
        import pandas as pd

        if not self.conditions and self.capacity:
            return self.capacity.to_frame()
        return pd.DataFrame([vars(one) for one in self.conditions])


def check_exactness(model: Model, precision: str = "float64") -> Exactness:
    """Check every condition under which a model's units count Dyck-1 exactly.

    Parameters
    ----------
    model
        Of any cell, with any number of units. For a cell whose counting internal is bounded no
        exact setting exists; for several units no list is known that decides.
    precision
        The number format in which it has to count.

    """
    find_precision(precision)
    reads = model.language.name == "dyck1"
    fits = all(np.isfinite(array).all() for array in model.pack(precision))
    bounded = reads and fits and model.spec.memory is None
    conditions = list_conditions(model, precision) if reads and fits else ()
    alone = model.spec.units == 1
    exact = bool(conditions) and alone and all(one.met for one in conditions)
    to = min((one.value for one in conditions if one.key == "round"), default=0)
    badge = PROVED if exact else CHECKED if conditions and alone else NOT_CERTIFIED
    return Exactness(
        model=model,
        precision=precision,
        conditions=conditions,
        exact=exact,
        exact_to=int(to) if exact else None,
        badge=badge,
        reason=_give_reason(model, conditions) if fits else f"A weight is infinite in {precision}.",
        capacity=measure_capacity(model, precision) if bounded and not conditions else None,
    )


def _give_reason(model: Model, conditions: tuple[Condition, ...]) -> str:
    """Return why no list decides; nothing where one does."""
    if model.language.name != "dyck1":
        title = model.language.title
        return f"The conditions are those of a unit that counts brackets; this one reads {title}."
    if model.spec.memory is not None:
        stacks = f"It has stacks, which can hold a count that no {model.cell.title} unit holds"
        return f"{stacks}: no list of conditions is known for it."
    counter = next(one for one in model.cell.internals if one.name == model.cell.counter)
    if not conditions and all(map(math.isfinite, counter.bounds)):
        low, high = (f"{end:g}".replace("-", "\N{MINUS SIGN}") for end in counter.bounds)
        whose = f"the {counter.meaning} of a {model.cell.title} unit"
        bounded = f"stays between {low} and {high}, so every count is squeezed into it"
        return f"No weights would: {whose} {bounded}."
    if model.spec.units > 1:
        units = count_nouns(model.spec.units, "unit")
        return f"No list of conditions is known for {units} that count together."
    return ""
