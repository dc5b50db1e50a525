"""What a read-out says of every symbol, by what its language asks, and when that is a mistake.

Asked which symbols may come next, a model says so of every symbol for which its logit is at least
0. Asked which one comes, it says the likeliest; that is a mistake where this one may not come.
"""

import numpy as np

from countviz.arithmetic.precision import find_precision
from countviz.languages import NEXT_SYMBOL, Language, Reading


def give_verdicts(language: Language, logits: np.ndarray) -> np.ndarray:
    """Return which symbols a model says come, or may come, from its logits [..., V]."""
    if language.scoring == NEXT_SYMBOL:
        return np.arange(logits.shape[-1]) == logits.argmax(axis=-1)[..., np.newaxis]
    return logits >= 0


def give_outputs(language: Language, logits: np.ndarray, precision: str) -> np.ndarray:
    """Return how likely symbols are to come [..., V], or to be allowed to."""
    with np.errstate(over="ignore"):
        if language.scoring == NEXT_SYMBOL:
            powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
            outputs = powers / powers.sum(axis=-1, keepdims=True)
        else:
            outputs = 1 / (1 + np.exp(-logits))
    return find_precision(precision).round(outputs)


def find_mistakes(language: Language, verdicts: np.ndarray, reading: Reading) -> np.ndarray:
    """Return after which symbols [T] a verdict is wrong; never so where nothing is judged.

    That is after an illegal symbol, and for a model that says which symbol comes after the last.
    """
    wrong = (verdicts != reading.targets).any(axis=1)
    if language.scoring == NEXT_SYMBOL:
        wrong = (verdicts & ~reading.targets).any(axis=1) & reading.targets.any(axis=1)
    wrong[reading.legal :] = False
    return wrong
