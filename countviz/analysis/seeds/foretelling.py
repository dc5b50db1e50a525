"""What a model expected before each symbol, beside what came and what could be expected at best.

It is asked of languages that are scored by the next symbol (DuSell, Chiang 2023, arXiv 2210.01343).
Before the first symbol nothing but the read-out's bias speaks.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from countviz.arithmetic.precision import find_precision
from countviz.languages import NEXT_SYMBOL, forecast
from countviz.models import Training
from countviz.traces import Trace
from countviz.verdicts import give_outputs

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False, kw_only=True)
class Foretelling:
    """The symbols start, start + 1, ..., stop - 1 of a string; row t is the moment before symbol t.

    Attributes
    ----------
    string
        Those symbols.
    start, stop
        Positions in the whole string, counted from 0.
    alphabet
        What any of them may be.
    probabilities
        [W, V]: how likely the model held every symbol.
    chances
        [W, V]: how likely it was, for who knows what came before and how strings are drawn; all 0
        from where no member goes on so.
    came
        [W]: the place in the alphabet of the symbol that came.

    """

    string: str
    start: int
    stop: int
    alphabet: str
    probabilities: np.ndarray
    chances: np.ndarray
    came: np.ndarray

    @property
    def right(self) -> np.ndarray:
        """[W] bool: the model expected most what came."""
        return self.probabilities.argmax(axis=1) == self.came

    @property
    def ceiling(self) -> np.ndarray:
        """[W] bool: whoever expects what is likeliest was right."""
        return (self.chances.argmax(axis=1) == self.came) & self.chances.any(axis=1)

    def sentence(self) -> str:
        """Say how often the model was right, and how often one could have been."""
        right, best = int(self.right.sum()), int(self.ceiling.sum())
        return (
            f"{right:,} of {self.came.size:,} symbols foretold; the likeliest came {best:,} times"
        )

    def to_frame(self) -> "pd.DataFrame":
        """Return a row a symbol: what came, what was expected of it, and what could be."""
        import pandas as pd

        at = np.arange(self.came.size), self.came
        return pd.DataFrame(
            {
                "position": np.arange(self.start, self.stop),
                "symbol": list(self.string),
                "expected": [self.alphabet[v] for v in self.probabilities.argmax(axis=1)],
                "probability": self.probabilities[at],
                "chance": self.chances[at],
                "right": self.right,
            }
        )


def foretell(trace: Trace, start: int, stop: int) -> Foretelling:
    """Return what a model expected before each symbol of a window of its trace.

    The chances are those of who knows that strings are as long as those the model was trained on;
    if this one is longer, of up to its own length.
    """
    language, recipe = trace.model.language, trace.model.spec.recipe
    if language.scoring != NEXT_SYMBOL:
        raise ValueError(
            f"models of {language.name} say which symbols may come, not which one does"
        )
    if not 0 <= start <= stop <= len(trace.string):
        raise ValueError(f"symbols {start} to {stop} came, of {len(trace.string)}, from 0 on")
    lengths = recipe if isinstance(recipe, Training) else Training()
    longest = max(lengths.longest, len(trace.string.rstrip(language.end)))
    best = forecast(language, trace.string, lengths.shortest, longest)
    parts = []
    if start == 0 < stop:
        bias = find_precision(trace.precision).round(trace.model.parameters["readout.bias"])
        parts.append(give_outputs(language, bias, trace.precision)[np.newaxis])
    parts.append(trace.window(max(start - 1, 0), max(stop - 1, 0)).outputs)
    return Foretelling(
        string=trace.string[start:stop],
        start=start,
        stop=stop,
        alphabet=language.alphabet,
        probabilities=np.concatenate(parts),
        chances=best.chances[start:stop],
        came=best.came[start:stop],
    )
