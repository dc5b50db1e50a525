"""How surely a stack is used, and how soon what lies on it is forgotten.

A superposition stack that does something else with a share q of every step spreads what it holds
over ever more cells. Of a thing that was pushed first, less than a half is read after 0.77 / q
symbols of ()()()…, which push and pop above it.
"""

from dataclasses import dataclass

import numpy as np

from countviz.analysis.count.stepper import find_opener
from countviz.analysis.memory.filling import move
from countviz.memories import Stacks
from countviz.models import Model
from countviz.traces import trace

LAW = 0.77  # symbols times doubt, when half is lost (measured for q from 0.001 to 0.1)
TRIED = 4_000  # symbols


@dataclass(frozen=True, eq=False, kw_only=True)
class Forgetting:
    """How soon half of what was pushed first is lost, while ()()()… goes on above it.

    Attributes
    ----------
    model, precision, hard, stack
        What was run, how, and which of its stacks is looked at.
    opener, closer
        What is read in turn.
    doubt
        q: the mean share of whatever is done instead of pushing at openers and popping at closers.
    foretold
        0.77 / q, in symbols; infinite without doubt.
    measured
        After how many symbols less than half of it is read; None if not within those tried.
    tried
        How many symbols were read.
    kept
        [tried / 2]: what is read of it after each pair.

    """

    model: Model
    precision: str
    hard: bool
    stack: int
    opener: str
    closer: str
    doubt: float
    foretold: float
    measured: int | None
    tried: int
    kept: np.ndarray

    def sentence(self) -> str:
        """Say how sure the actions are, and how soon half is forgotten, foretold and measured."""
        if self.doubt == 0:
            return "Its actions are certain: it never forgets."
        if self.doubt > 0.5:
            return (
                f"It does not push at “{self.opener}” and pop at “{self.closer}”: what it holds is "
                "not kept as a stack would."
            )
        sure = f"Its actions are right to {1 - self.doubt:.2%}".replace("%", " %")
        found = "not within" if self.measured is None else "after"
        return (
            f"{sure}: it should forget half of what it holds after about {self.foretold:,.0f} "
            f"symbols, and does {found} {self.measured or self.tried:,}."
        )


def measure_forgetting(
    model: Model, precision: str = "float64", actions: str = "soft", stack: int = 0
) -> Forgetting | None:
    """Measure how soon a superposition stack forgets; None where nothing is opened and closed."""
    language = model.language
    opener = find_opener(language) if language.closers else None
    if not isinstance(model.spec.memory, Stacks) or opener is None:
        return None
    pair = language.alphabet[opener] + language.closers[0]
    string = pair[0] + pair * (TRIED // 2)
    done = trace(model, string, precision, actions)
    shares = done.whole.memory["actions"][:, stack].astype(np.float64)
    doubt = float(1 - (shares[1::2, 0].mean() + shares[2::2, 1].mean()) / 2)
    kept = _follow(shares[1:], model.spec.memory.depth)
    lost = np.flatnonzero(kept < 0.5)
    return Forgetting(
        model=model,
        precision=precision,
        hard=actions == "hard",
        stack=stack,
        opener=pair[0],
        closer=pair[1],
        doubt=doubt,
        foretold=LAW / doubt if doubt else np.inf,
        measured=2 * (int(lost[0]) + 1) if lost.size else None,
        tried=TRIED,
        kept=kept,
    )


def _follow(shares: np.ndarray, depth: int | None) -> np.ndarray:
    """Return which share of the first cell's contents lies there again after each pair of steps."""
    level, kept = np.ones(1), []
    for step in shares:
        level = move(level, step, pushed=0.0)[:depth]
        kept.append(level[0])
    return np.array(kept[1::2])
