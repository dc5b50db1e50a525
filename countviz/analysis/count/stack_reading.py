"""What a controller hears of its memory: how the top of the stacks enters the gates."""

import numpy as np

from countviz.arithmetic.precision import find_precision
from countviz.models import Model


def hear(
    model: Model, precision: str, hidden: np.ndarray, reading: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray]:
    """Return the hidden state that the gates see [..., H], and what is read feeds them [..., G H].

    Parameters
    ----------
    model, precision
        Whose weights, rounded to which number format.
    hidden
        [..., H]: the hidden state before each step.
    reading
        [..., L]: what is read of the memory there; None for a cell without one.

    """
    memory, gates = model.spec.memory, len(model.cell.gates) * model.spec.units
    nothing = np.zeros((*hidden.shape[:-1], gates))
    if memory is None or reading is None:
        return hidden, nothing
    weights = find_precision(precision).round(read_weights(model)).astype(np.float64)
    with np.errstate(all="ignore"):  # a state may have overflowed
        fed = reading.astype(np.float64) @ weights.T
    return (hidden + fed, nothing) if memory.reads == "hidden" else (hidden, fed)


def read_weights(model: Model) -> np.ndarray:
    """Return the weights of what is read: [H, L] on the hidden state, or [G H, L] on the gates."""
    if model.spec.memory.reads == "hidden":
        return model.parameters["stack.read.weight"]
    return model.parameters["rnn.weight_ih_l0"][:, len(model.language.alphabet) :]


def bound_reading(model: Model) -> tuple[float, float]:
    """Return between which numbers lies whatever is read, on any string."""
    return next(one.bounds for one in model.cell.memory if one.name == "top")
