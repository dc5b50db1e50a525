"""A condition for exact counting: what has to be so, how far it is off, and how surely."""

import math
from dataclasses import dataclass

from countviz.languages.text import COMMAND_LIMIT
from countviz.words import in_powers

PROVED, CHECKED, NOT_CERTIFIED = "proved", "checked", "not certified"
_WORDS = {
    "forget": ("forget gate is 1", "nothing of the count leaks"),
    "input": ("input gate is 1", "every bracket counts in full"),
    "opposite": ("steps equal and opposite", "what ( adds, ) takes away"),
    "steady": ("steps never vary", "the candidate is the same whatever came before"),
    "round": ("no step is rounded", f"of counts up to {COMMAND_LIMIT:,} the format has all"),
    "output": ("output gate is 1", "the read-out sees the count itself"),
    "kept": ("recurrent weight is 1", "the count is kept as it is"),
    "alone": ("no other unit interferes", "the recurrent weights of all others are 0"),
    "signs": ("( adds and ) takes away", "a step up is above 0, a step down below"),
    "threshold": ("read-out tells 0 from 1", ") may come from a count of 1 on, not before"),
    "open": ("( may always come", "the read-out forbids it at no count"),
}


@dataclass(frozen=True, kw_only=True)
class Condition:
    """One of the conditions for exact counting, and how far a unit is from it.

    Attributes
    ----------
    key
        What it is called by programs, as in ``forget``.
    unit
        Of which unit it is.
    name, meaning
        What has to be so, in a few words, and what for.
    ideal, value
        What an exact counter has and what this unit has, in the worst case.
    residual
        How far the value is off: as a share of a gate or of a step, 0 where nothing is missing.
    margin
        What could still be lost without harm, negative where it is already lost; None where an
        equality leaves no room.
    met
        Whether it holds in this precision for all hidden states that can be reached.
    badge
        ``proved`` where it is met; ``checked`` where a reachable corner breaks it.
    where
        Where the worst case is, in words.

    """

    key: str
    unit: int
    name: str
    meaning: str
    ideal: float
    value: float
    residual: float
    margin: float | None
    met: bool
    badge: str
    where: str = ""

    def sentence(self) -> str:
        """Say what the unit has, and what an exact counter would have."""
        if self.met:
            return f"{self.name}: holds."
        where = f" {self.where}" if self.where else ""
        return f"{self.name}: {self._off()}{where}."

    def say_off(self) -> str:
        """Say in a few words how far off it is."""
        return f"{self.name} ({self._off()})"

    def _off(self) -> str:
        return f"{'' if math.isinf(self.residual) else 'off by '}{self.say_residual()}"

    def say_residual(self) -> str:
        """Say how much is missing."""
        if math.isinf(self.residual):
            return "out of reach"
        return in_powers(self.residual) if self.residual < 100 else f"{self.residual:,.0f}"


def make_condition(key: str, unit: int, *, met: bool, **found: object) -> Condition:
    """Return the condition of a key; where it is met nothing is missing, and that is proved."""
    name, meaning = _WORDS[key]
    badge = PROVED if met else CHECKED
    if met:
        found |= {"residual": 0.0, "where": ""}
    fields = {"ideal": 0.0, "margin": None, "name": name, "meaning": meaning} | found
    return Condition(key=key, unit=unit, met=bool(met), badge=badge, **fields)
