"""What is in a set of strings: how many, how long, how deep."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from countviz.languages import Language

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False, kw_only=True)
class DatasetCard:
    """A set of B strings in numbers.

    Attributes
    ----------
    name, language
        What the set is called, and the language that its strings belong to.
    distinct
        How many of its strings differ.
    lengths
        [B] int64: the symbols of each string.
    depths
        [B] int64: the most that is ever open in each string, all counters together; for a language
        of one kind of bracket its nesting depth.

    """

    name: str
    language: str
    distinct: int
    lengths: np.ndarray
    depths: np.ndarray

    @property
    def symbols(self) -> int:
        """How many symbols there are in all."""
        return int(self.lengths.sum())

    def length_histogram(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the lengths that occur, and how many strings have each."""
        return np.unique(self.lengths, return_counts=True)

    def depth_histogram(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the depths that occur, and how many strings have each."""
        return np.unique(self.depths, return_counts=True)

    def sentence(self) -> str:
        """Say how many strings there are, how long and how deep they are."""
        strings, repeats = self.lengths.size, self.lengths.size - self.distinct
        said = f"{strings:,} string{'' if strings == 1 else 's'}"
        if repeats:
            said += f", {self.distinct:,} of them distinct,"
        return (
            f"{said} of {_span(self.lengths)} symbols, {self.symbols:,} in all, "
            f"and {_span(self.depths)} deep."
        )

    def to_frame(self) -> "pd.DataFrame":
        """Return both histograms, a row a value: what was counted, the value, the strings."""
        import pandas as pd  # takes longer to load than the card to make

        frames = [
            pd.DataFrame({"of": of, "value": values, "strings": counts})
            for of, (values, counts) in (
                ("length", self.length_histogram()),
                ("depth", self.depth_histogram()),
            )
        ]
        return pd.concat(frames, ignore_index=True)


def _span(numbers: np.ndarray) -> str:
    """Return the bounds and the mean of some numbers, in words."""
    least, most = int(numbers.min()), int(numbers.max())
    return f"{least:,}" if least == most else f"{least:,} to {most:,} (mean {numbers.mean():.1f})"


def describe_set(name: str, strings: Sequence[str], language: Language) -> DatasetCard:
    """Count the strings of a set, their symbols, and how deep they nest.

    Raises
    ------
    ValueError
        If there is none, or if one is not the beginning of a member.

    """
    if not strings:
        raise ValueError(f"{name} holds no strings to count")
    states, rows = language.walk(strings)
    open_in = np.array([sum(language.counts(state)) for state in states], dtype=np.int64)
    lengths = np.array([len(string) for string in strings], dtype=np.int64)
    starts = np.cumsum(lengths) - lengths
    counts = np.append(open_in[rows], 0) if rows.size else np.zeros(1, np.int64)
    depths = np.where(lengths > 0, np.maximum.reduceat(counts, starts), 0)
    return DatasetCard(
        name=name,
        language=language.name,
        distinct=len(set(strings)),
        lengths=lengths,
        depths=depths,
    )
