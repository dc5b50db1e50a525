"""Every step of a model on the probe strings: what was so, what its state read as, what it said."""

from dataclasses import dataclass

import numpy as np

from countviz.analysis.count.state_count import StateCount, trace_probes
from countviz.models import Model


@dataclass(frozen=True, eq=False, kw_only=True)
class ProbeSteps:
    """The steps of a model on all probe strings, end to end.

    Attributes
    ----------
    before, after
        [P]: the true count around each step.
    values_before, values
        [P]: what the state read as.
    says_open
        [P] bool: the model says afterwards that something may be closed.
    states
        [P, H]: the counting internal afterwards.

    """

    before: np.ndarray
    after: np.ndarray
    values_before: np.ndarray
    values: np.ndarray
    says_open: np.ndarray
    states: np.ndarray


def take_steps(model: Model, precision: str, reading: StateCount) -> ProbeSteps:
    """Run a model over the probe strings and read its state before and after every symbol."""
    parts = []
    closers = [model.language.alphabet.index(symbol) for symbol in model.language.closers]
    for done in trace_probes(model, precision):
        states = done.whole.internals[reading.internal].astype(np.float64)
        values = np.append(reading.offset, reading.read(done.whole).astype(np.float64))
        counts = np.append(0, done.reading.closings.sum(axis=1))
        says_open = done.verdicts[:, closers].any(axis=1)
        parts.append((counts[:-1], counts[1:], values[:-1], values[1:], says_open, states))
    joined = [np.concatenate(part) for part in zip(*parts, strict=True)]
    names = ("before", "after", "values_before", "values", "says_open", "states")
    return ProbeSteps(**dict(zip(names, joined, strict=True)))


def fit_step(steps: ProbeSteps, sign: int) -> tuple[float, float, float, float]:
    """Return mean and spread of the change a symbol makes, and λ and α of v' = λ v + α.

    Only steps with something open before and after count, where there are any: at zero a trained
    counter repairs itself, and a rectifier clips.
    """
    change = np.sign(steps.after - steps.before)
    usable = (change == sign) & np.isfinite(steps.values) & np.isfinite(steps.values_before)
    inner = usable & (steps.before > 0) & (steps.after > 0)
    chosen = inner if inner.any() else usable
    if not chosen.any():
        return (float("nan"),) * 4
    before, after = steps.values_before[chosen], steps.values[chosen]
    size = abs(steps.after - steps.before)[chosen]  # some languages count two at a time
    moves = (after - before) / size
    spread = before - before.mean()
    square = float(spread @ spread)
    keep = 1 + float(spread @ (after - before)) / square if square else 1.0
    return (
        float(moves.mean()),
        float(moves.std()),
        keep,
        float((after - keep * before).mean() / size.mean()),
    )
