"""Freezing differences: how much better or worse systems get if a part of them is frozen.

Compared are equal seeds, which have the same initial weights, learning rate and strings.
"""

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from countviz.words import in_words

if TYPE_CHECKING:
    import pandas as pd

BETTER, WORSE, LEVEL = "better", "worse", "level"


@dataclass(frozen=True, kw_only=True)
class Difference:
    """What freezing changes of one system's accuracy on one task and strings of some lengths.

    Attributes
    ----------
    task, system, cell, frozen, place
        What is compared with the same system, nothing frozen; and which lengths.
    mean, error
        Of the differences between equal seeds, and the standard error of that mean.
    verdict
        Better, worse or level.

    """

    task: str
    system: str
    cell: str
    frozen: str
    place: int
    mean: float
    error: float
    verdict: str


@dataclass(frozen=True, eq=False, kw_only=True)
class FreezingDifferences:
    """All differences that are known.

    Attributes
    ----------
    strings
        The lengths, as in "40 to 100 symbols", by place.
    modes
        The ways to freeze, in order.
    ours
        The differences that have run.
    paper
        By (mode, place): the differences between what is printed of the best seeds.
    rule
        How a verdict is found, in words.

    """

    strings: tuple[str, ...]
    modes: tuple[str, ...]
    ours: tuple[Difference, ...]
    paper: dict[tuple[str, int], tuple[float, ...]]
    rule: str

    def pick(self, frozen: str, place: int | None = None) -> list[Difference]:
        """Return the differences of a way to freeze, at some lengths or at all."""
        return [one for one in self.ours if one.frozen == frozen and place in (None, one.place)]

    def tell(self, frozen: str) -> str:
        """Say how often freezing something is better, worse or neither."""
        found = Counter(one.verdict for one in self.pick(frozen))
        return ", ".join(
            f"{verdict} in {in_words(found[verdict])}" for verdict in (BETTER, WORSE, LEVEL)
        )

    def sentence(self) -> str:
        """Say how often each way to freeze is better, worse or neither, and by how much."""
        said = []
        for mode in self.modes:
            own = self.pick(mode)
            if own:
                points = signed_points(float(np.mean([one.mean for one in own])))
                said.append(f"with {mode} frozen {self.tell(mode)}, {points} points on average")
        ticks = "The ticks are differences between the paper's numbers, each the best of ten."
        if not said:
            return f"No pair has run yet. {ticks}"
        return f"Beside the same seeds with nothing frozen: {'; '.join(said)}. {self.rule} {ticks}"

    def to_frame(self) -> "pd.DataFrame":
        """Return a row a difference."""
        import pandas as pd  # takes longer to load than the page

        rows = [
            {
                "task": one.task,
                "system": one.system,
                "frozen": one.frozen,
                "strings": self.strings[one.place],
                "difference in accuracy": one.mean,
                "standard error": one.error,
                "verdict": one.verdict,
            }
            for one in self.ours
        ]
        return pd.DataFrame(rows)


def signed_points(share: float) -> str:
    """Return a difference of shares in points, with its sign.

    >>> signed_points(0.0124), signed_points(-0.3)
    ('+1.2', '\N{MINUS SIGN}30.0')
    """
    return f"{100 * share:+.1f}".replace("-", "\N{MINUS SIGN}")
