"""What a first mistake is: saying *closed* too early, never saying it, or something else.

A counter that leaks declares zero while a bracket is still open (*early zero*); one that drifts
the other way says that something is open when all is closed (*stuck open*).
"""

from dataclasses import dataclass

import numpy as np

from countviz.datasets import Encoded
from countviz.judging import Failures
from countviz.languages.dyck1 import Dyck1

KINDS = ("none", "early zero", "stuck open", "other")
NONE, EARLY_ZERO, STUCK_OPEN, OTHER = range(len(KINDS))
_CLOSER = Dyck1.alphabet.index(Dyck1.closers[0])


@dataclass(frozen=True, eq=False, kw_only=True)
class FirstMistakes:
    """The kinds of the first mistakes of M models on B strings of Dyck-1.

    Attributes
    ----------
    kinds
        [M, B] int64, places in ``KINDS``.

    """

    kinds: np.ndarray

    def count(self, kind: int) -> np.ndarray:
        """Return on how many strings [M] each model's first mistake is of a kind."""
        return (self.kinds == kind).sum(axis=1)

    @property
    def share_early(self) -> np.ndarray:
        """[M] float64: the share of early zeros among a model's mistakes; nan if it makes none."""
        wrong = (self.kinds != NONE).sum(axis=1)
        with np.errstate(invalid="ignore"):
            return self.count(EARLY_ZERO) / np.where(wrong, wrong, np.nan)

    def sentence(self) -> str:
        """Say of which kinds the first mistakes are."""
        total = np.bincount(self.kinds.ravel(), minlength=len(KINDS))
        wrong = int(total[1:].sum())
        if not wrong:
            return f"No mistake on {self.kinds.size:,} readings."
        shares = [f"{total[k] / wrong:.1%} {KINDS[k]}" for k in (EARLY_ZERO, STUCK_OPEN, OTHER)]
        return f"Of {wrong:,} first mistakes {', '.join(shares)}."


def classify_mistakes(failures: Failures, strings: Encoded) -> FirstMistakes:
    """Say of which kind the first mistake of every model on every string of Dyck-1 is."""
    wrong = failures.continuation >= 0
    at = np.where(wrong, strings.starts[:-1] + failures.position, 0)
    closable = strings.targets[at, _CLOSER] if strings.symbols.size else wrong
    kinds = np.where(closable, EARLY_ZERO, STUCK_OPEN)
    kinds = np.where(failures.continuation == _CLOSER, kinds, OTHER)
    return FirstMistakes(kinds=np.where(wrong, kinds, NONE))
