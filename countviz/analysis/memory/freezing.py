"""Freezing: what every seed of some systems reaches, whatever part of them was left as drawn.

A number stands between two others wherever these are known: what the trivial predictor reaches,
which looks at nothing but the symbol before, and what is possible at best.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from countviz.words import in_words

if TYPE_CHECKING:
    import pandas as pd

NOT_RUN = "not run"


@dataclass(frozen=True, kw_only=True)
class Panel:
    """One measure on one kind of strings.

    Attributes
    ----------
    title, measure
        The strings, as in "40 to 100 symbols", and what is measured on them.
    trivial, ceiling
        What the trivial predictor reaches, and what is possible; None where nobody knows.
    rising
        Whether more is better; a perplexity should be small.
    whole
        Whether it is counted, in whole numbers.

    """

    title: str
    measure: str
    trivial: float | None
    ceiling: float | None
    rising: bool = True
    whole: bool = False

    @property
    def retains(self) -> bool:
        """Whether a part of it can be retained: a perplexity grows, and 0 has no parts."""
        return self.rising and bool(self.trivial)

    def beats(self, value: float) -> bool:
        """Say whether a value is better than the trivial predictor's."""
        return self.trivial is not None and (value > self.trivial) == self.rising

    def spell_short(self, value: float) -> str:
        """Return a value as the paper prints it, with two decimals."""
        return f"{value:.2f}" if self.rising else self.spell(value)

    def spell(self, value: float | None) -> str:
        """Return a value as it is written here.

        >>> Panel(title="", measure="", trivial=None, ceiling=None).spell(0.98)
        '0.980'
        """
        if value is None or math.isnan(value):
            return ""
        if math.isinf(value):
            return "overflow"
        if self.rising:
            return f"{value:.0f}" if self.whole else f"{value:.3f}"
        return f"{value:.2f}" if value < 1_000 else f"{value:,.0f}" if value < 1e5 else "> 10⁵"


@dataclass(frozen=True, eq=False, kw_only=True)
class Row:
    """The S seeds of a system with some part frozen.

    Attributes
    ----------
    system, cell, frozen
        The system, the kind of its cells, and what of it is frozen.
    seeds
        [S].
    values
        [P, S], by panel; nan where a measure makes no sense; None if nothing has run.
    best
        The place of the best seed by validation.
    paper
        [P], what is printed elsewhere for the best of its seeds; None where nothing is.

    """

    system: str
    cell: str
    frozen: str
    seeds: tuple[int, ...] = ()
    values: np.ndarray | None = None
    best: int = 0
    paper: tuple[float, ...] | None = None

    def best_of(self, place: int) -> float:
        """Return the best seed's value in a panel; nan if nothing has run."""
        return math.nan if self.values is None else float(self.values[place, self.best])

    def mean_of(self, place: int) -> float:
        """Return the mean over the seeds in a panel; nan if nothing has run."""
        return math.nan if self.values is None else float(self.values[place].mean())

    def deviation_of(self, place: int) -> float:
        """Return the standard deviation of a sample of seeds in a panel; nan of a single one."""
        if self.values is None or len(self.seeds) < 2 or not np.isfinite(self.values[place]).all():
            return math.nan
        return float(self.values[place].std(ddof=1))


@dataclass(frozen=True, eq=False, kw_only=True)
class Freezing:
    """What systems reach that were trained on one task.

    Attributes
    ----------
    task
        Its name.
    panels, rows
        What is measured, and of whom; the rows of a system stand together.

    """

    task: str
    panels: tuple[Panel, ...]
    rows: tuple[Row, ...]

    @property
    def systems(self) -> dict[str, list[Row]]:
        """The rows by system."""
        found: dict[str, list[Row]] = {}
        for row in self.rows:
            found.setdefault(row.system, []).append(row)
        return found

    @property
    def ran(self) -> list[Row]:
        """The rows that have run."""
        return [row for row in self.rows if row.values is not None]

    def sentence(self) -> str:
        """Say who is better than the trivial predictor on the longest strings."""
        panel, ran, last = self.panels[-1], self.ran, len(self.panels) - 1
        if not ran:
            return (
                f"Nothing of {self.task} has run yet: what is hatched is unknown, and the "
                "triangles are the paper's best of ten."
            )
        values = [row.best_of(last) for row in ran]
        top = ran[int(np.argmax(values) if panel.rising else np.argmin(values))]
        best, beat = panel.spell(top.best_of(last)), sum(map(panel.beats, values))
        missing = len(self.rows) - len(ran)
        left = f" {in_words(missing).capitalize()} {'has' if missing == 1 else 'have'} not run."
        return (
            f"On strings of {panel.title} the best seed beats the trivial predictor "
            f"({panel.spell(panel.trivial)}; {panel.spell(panel.ceiling)} is possible) in "
            f"{in_words(beat)} of the {len(ran)} families that have run. "
            f"{'Highest' if panel.rising else 'Lowest'} is {top.system} with {top.frozen} frozen, "
            f"at {best}.{left if missing else ''}"
        )

    def to_frame(self) -> "pd.DataFrame":
        """Return a row a seed and panel, and one for every panel of what has not run."""
        import pandas as pd  # takes longer to load than the page

        rows = []
        for row in self.rows:
            for place, panel in enumerate(self.panels):
                about = {
                    "task": self.task,
                    "system": row.system,
                    "frozen": row.frozen,
                    "strings": panel.title,
                }
                beside = {
                    "paper": math.nan if row.paper is None else row.paper[place],
                    "trivial": panel.trivial,
                    "possible": panel.ceiling,
                }
                for seed, value, best in _list_seeds(row, place):
                    said = {"seed": seed, panel.measure: value, "best by validation": best}
                    rows.append(about | said | beside)
        return pd.DataFrame(rows)


def _list_seeds(row: Row, place: int) -> Sequence[tuple[object, float, object]]:
    if row.values is None:
        return [(NOT_RUN, math.nan, "")]
    values = row.values[place].tolist()
    return [
        (seed, value, k == row.best)
        for k, (seed, value) in enumerate(zip(row.seeds, values, strict=True))
    ]
