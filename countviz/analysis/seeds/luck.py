"""Luck: how deep each seed of a recipe came to count, and how many never learned to.

Seeds differ in their initial weights and in the order of their strings, and in nothing else.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from countviz.analysis.failure.nesting import DEEPEST_TRIED, NestingHorizon
from countviz.analysis.seeds.training_depth import find_training_depth
from countviz.families import Family
from countviz.judging import nesting_horizons
from countviz.languages.dyck1 import nested
from countviz.words import join_words

if TYPE_CHECKING:
    import pandas as pd

LEARNED = 0.99  # share of the validation strings that a seed must judge right
PRECISION = "float32"  # in which the seeds were trained


@dataclass(frozen=True, eq=False, kw_only=True)
class Seeds:
    """The S seeds of a family, each at one epoch.

    Attributes
    ----------
    family, cell
        The family's name and its kind of cell.
    seeds, epochs
        [S] int64: which members these are.
    loss, accuracy
        [S] float64: mean validation loss (nan: diverged), and the share of validation strings
        judged right.
    horizon
        [S] int64, the nesting horizon; where it equals `tried` it lies further out.
    tried
        The deepest nesting that was tried.
    trained_to
        The largest count in the strings that the family was trained on.

    """

    family: str
    cell: str
    seeds: np.ndarray
    epochs: np.ndarray
    loss: np.ndarray
    accuracy: np.ndarray
    horizon: np.ndarray
    tried: int
    trained_to: int

    @property
    def learned(self) -> np.ndarray:
        """[S] bool: the seed judges at least 99 % of the validation strings right."""
        return self.accuracy >= LEARNED

    @property
    def median(self) -> float:
        """The median horizon of the seeds that learned; nan if none did."""
        return float(np.median(self.horizon[self.learned])) if self.learned.any() else np.nan

    @property
    def addresses(self) -> list[str]:
        """The models' addresses, as in ``lstm1-dyck1/3@20``."""
        return [f"{self.family}/{s}@{e}" for s, e in zip(self.seeds, self.epochs, strict=True)]

    def pick(self, members: np.ndarray) -> "Seeds":
        """Return some of the seeds, by their places."""
        arrays = {"seeds", "epochs", "loss", "accuracy", "horizon"}
        return replace(self, **{name: getattr(self, name)[members] for name in arrays})

    def horizons_in_words(self) -> list[str]:
        """Return every seed's horizon, marked where it is a lower bound."""
        return [self._in_words(horizon) for horizon in self.horizon]

    def span(self) -> str:
        """Say between which depths the seeds that learned can count, as in "35 to 121"."""
        depths = self.horizon[self.learned]
        least, most = self._in_words(depths.min()), self._in_words(depths.max())
        return least if least == most else f"{least} to {most}"

    def _in_words(self, horizon: int) -> str:
        return NestingHorizon(depth=int(horizon), tried=self.tried).short()


@dataclass(frozen=True, eq=False, kw_only=True)
class Luck:
    """The seeds of several families, under the names that tell these apart."""

    labels: tuple[str, ...]
    groups: tuple[Seeds, ...]

    def __iter__(self) -> Iterator[tuple[str, Seeds]]:
        return zip(self.labels, self.groups, strict=True)

    @property
    def seeds(self) -> int:
        """How many there are in all."""
        return sum(group.seeds.size for group in self.groups)

    @property
    def trained_to(self) -> tuple[int, int]:
        """The least and the most that any of the families was trained to count to."""
        depths = [group.trained_to for group in self.groups]
        return min(depths), max(depths)

    def sentence(self) -> str:
        """Say how deep the seeds count that learned to."""
        spans = [f"{label} counts {g.span()} deep" for label, g in self if g.learned.any()]
        spans[1:] = [said.replace(" counts ", " ").removesuffix(" deep") for said in spans[1:]]
        none = [label for label, group in self if not group.learned.any()]
        dice = "Same recipe, different dice: "
        if not spans:
            return f"{dice}no {join_words(none, 'or')} learned to count."
        learned = sum(int(group.learned.sum()) for group in self.groups)
        tried = sum(group.seeds.size for group in self.groups if group.learned.any())
        where = ", where they learned at all" if tried > learned else ""
        never = f"; no {join_words(none, 'or')} did" if none else ""
        return f"{dice}{', '.join(spans)}{where}{never}."

    def horizon_sentence(self) -> str:
        """Say how to read the horizons of all seeds, and what training showed them."""
        low, high = self.trained_to
        strings = f"{low}" if low == high else f"{low} to {high}, by family"
        deeper = sum(int((g.horizon[g.learned] > g.trained_to).sum()) for g in self.groups)
        learned = sum(int(g.learned.sum()) for g in self.groups)
        return (
            f"A dot is a seed; the line is the median of those that learned. Training showed "
            f"counts up to {strings}: {deeper:,} of the {learned:,} seeds that learned nest deeper."
        )

    def find_fooling(self, addresses: Collection[str]) -> str | None:
        """Return the shortest (^n )^n that fools one of some models that learned; None if none."""
        depths = [
            horizon + 1
            for group in self.groups
            for address, horizon in zip(group.addresses, group.horizon, strict=True)
            if address in addresses and 0 < horizon < group.tried
        ]
        return nested(int(min(depths))) if depths else None

    def to_frame(self) -> "pd.DataFrame":
        """Return a row a seed."""
        import pandas as pd  # takes longer to load than the page

        columns = {
            "model": [address for group in self.groups for address in group.addresses],
            "seed": np.concatenate([group.seeds for group in self.groups]),
            "epoch": np.concatenate([group.epochs for group in self.groups]),
            "learned": np.concatenate([group.learned for group in self.groups]),
            "right on validation": np.concatenate([group.accuracy for group in self.groups]),
            "validation loss": np.concatenate([group.loss for group in self.groups]),
            "nesting horizon": np.concatenate([group.horizon for group in self.groups]),
        }
        return pd.DataFrame(columns)


def measure_luck(family: Family, epoch: int | None = None) -> Seeds:
    """Measure what became of all seeds of a Dyck-1 family.

    Parameters
    ----------
    family
        The family.
    epoch
        One that it keeps; by default each seed's best, that with the lowest validation loss.

    """
    epochs = [family.best_epoch(seed) if epoch is None else epoch for seed in family.seeds]
    progress = {(row.seed, row.epoch): row for row in family.history}
    rows = [progress[member] for member in zip(family.seeds, epochs, strict=True)]
    horizons = nesting_horizons(
        family.spec, family.vectors(family.seeds, epochs), tried=DEEPEST_TRIED
    )
    return Seeds(
        family=family.name,
        cell=family.spec.cell,
        seeds=np.array(family.seeds),
        epochs=np.array(epochs),
        loss=np.array([row.validation_loss for row in rows]),
        accuracy=np.array([row.validation_accuracy for row in rows]),
        horizon=horizons,
        tried=DEEPEST_TRIED,
        trained_to=find_training_depth(family.spec),
    )
