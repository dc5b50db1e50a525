"""A stack over time: how full its cells are, what is done to it, and how high it should be."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from countviz.analysis.memory.filling import fill_cells
from countviz.models import Model
from countviz.traces import WHOLE, Trace
from countviz.words import join_words

if TYPE_CHECKING:
    import pandas as pd

WIDEST, DEEPEST = 400, 48  # columns and rows of a picture
ACTIONS = {  # by kind of memory, in the order of its shares
    "superposition": ("push", "pop", "no-op"),
    "stratification": ("push", "pop"),
    "nondeterministic": ("push", "pop", "replace"),
}


@dataclass(frozen=True, eq=False, kw_only=True)
class StackPicture:
    """What a stack did on W symbols of a string, and the C uppermost of its cells.

    Attributes
    ----------
    model, precision
        What was run, in which number format.
    hard
        Whether it did the strongest action alone.
    string
        All of it.
    stack
        Which of the model's stacks, from 0.
    start, stop
        What is shown of the string, in positions from 0.
    filled
        [W, C]: how full the cells are after each symbol, the uppermost first.
    heights
        [W]: how high the whole stack is, in cells.
    counts
        [W]: how many brackets are open, which is how high it should be; nan where the string is
        illegal, or does not count.
    actions
        Their names.
    shares
        [W, A]: how much of each was done.
    says_open
        [W] bool: some closer may come, says the model.
    mistakes
        [W] bool.
    first_failure
        The first mistake on the whole string, from 0; None without one.

    """

    model: Model
    precision: str
    hard: bool
    string: str
    stack: int
    start: int
    stop: int
    filled: np.ndarray
    heights: np.ndarray
    counts: np.ndarray
    actions: tuple[str, ...]
    shares: np.ndarray
    says_open: np.ndarray
    mistakes: np.ndarray
    first_failure: int | None

    def share_at(self, symbol: str) -> np.ndarray:
        """Return how much of each action [A] is done at a symbol, on average; nan if none came."""
        came = np.array(list(self.string[self.start : self.stop])) == symbol
        return self.shares[came].mean(axis=0) if came.any() else np.full(len(self.actions), np.nan)

    def say_actions(self) -> str:
        """Say what is mostly done at each symbol, as in "pushes 79 % on “(”"."""
        told = []
        for symbol in dict.fromkeys(self.string[self.start : self.stop]):
            share = self.share_at(symbol)
            most = int(share.argmax())
            told.append(f"{_VERBS[self.actions[most]]} {share[most]:.0%} on “{symbol}”")
        return join_words(told).replace("%", " %")

    def sentence(self) -> str:
        """Say what is done at each symbol, and how high the stack is where most is open."""
        said = f"It {self.say_actions()}."
        if np.isfinite(self.counts).any():
            top = int(np.nanargmax(self.counts))
            said += f" Where {self.counts[top]:,.0f} are open it is {self.heights[top]:,.1f} high."
        if self.stop - self.start < len(self.string):
            said += f" Shown are symbols {self.start + 1:,} to {self.stop:,}."
        return said

    def to_frame(self) -> "pd.DataFrame":
        """Return a row a symbol."""
        import pandas as pd

        shown = self.string[self.start : self.stop]
        columns = {"position": range(self.start, self.stop), "symbol": list(shown)}
        columns |= {"true count": self.counts, "height": self.heights}
        columns |= dict(zip(self.actions, self.shares.T, strict=True))
        columns |= {f"cell {k}": cell for k, cell in enumerate(self.filled.T)}
        return pd.DataFrame(columns | {"mistake": self.mistakes})


_VERBS = {"push": "pushes", "pop": "pops", "no-op": "does nothing", "replace": "replaces"}


def measure_stack(trace: Trace, stack: int = 0, at: int | None = None) -> StackPicture:
    """Measure what a stack does along a string; of a long one, around a position.

    Parameters
    ----------
    trace
        Of a model with a memory, on up to 20,000 symbols.
    stack
        Which of its stacks, from 0.
    at
        A position from 0; by default the beginning.

    Raises
    ------
    ValueError
        If the model has no such stack, or the string is empty or too long.

    """
    model, length = trace.model, len(trace.string)
    memory = model.spec.memory
    if memory is None:
        raise ValueError(f"{model.name} has no memory beside its controller")
    if not 0 <= stack < memory.stacks:
        raise ValueError(f"{model.name} has no stack {stack}; there are: 0 to {memory.stacks - 1}")
    if not 0 < length <= WHOLE:
        raise ValueError(f"{length:,} symbols came; 1 to {WHOLE:,} are right")
    start = max(0, min((at or 0) - WIDEST // 2, length - WIDEST))
    shown = slice(start, min(length, start + WIDEST))
    counts = _count(trace)[shown]
    closers = [model.language.alphabet.index(symbol) for symbol in model.language.closers]
    deepest = int(np.nanmax(counts, initial=0))
    cells = min(DEEPEST, max(deepest + 1, 4))
    filled, heights = fill_cells(trace, stack, shown.start, shown.stop, cells)
    names = ACTIONS[memory.kind][: memory.actions]
    return StackPicture(
        model=model,
        precision=trace.precision,
        hard=trace.actions == "hard",
        string=trace.string,
        stack=stack,
        start=shown.start,
        stop=shown.stop,
        filled=filled,
        heights=heights,
        counts=counts,
        actions=names,
        shares=trace.whole.memory["actions"][shown, stack].astype(np.float64),
        says_open=trace.verdicts[shown][:, closers].any(axis=1),
        mistakes=trace.mistakes[shown],
        first_failure=trace.first_failure,
    )


def _count(trace: Trace) -> np.ndarray:
    """Return what should be on the stack [T], where the language counts; nan elsewhere."""
    counts = np.full(len(trace.string), np.nan)
    if trace.model.language.closers:
        legal = trace.reading.legal
        counts[:legal] = trace.reading.counts[:legal].sum(axis=1)
    return counts
