"""How near the weights of a unit come to those that would count exactly.

For an LSTM: the input, forget and output gate must be 1 and the candidate ±1, whatever the hidden
state. As that stays within ±1, every gate lies between a worst and a best case (El-Naggar et al.
2022, arXiv 2211.16429). For a ReLU and a linear unit: what ``(`` adds and ``)`` takes away must be
the same, a/b = -1, and nothing may be lost on the way, U = 1 (El-Naggar et al. 2023, arXiv
2304.03639).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from countviz.families import Family

if TYPE_CHECKING:
    import pandas as pd

_GATES = {"i": "input gate", "f": "forget gate", "o": "output gate"}
_PLACE = {"i": 0, "f": 1, "g": 2, "o": 3}  # in PyTorch's packing


@dataclass(frozen=True, eq=False, kw_only=True)
class Indicators:
    """The indicators of M one-unit members of a family.

    Attributes
    ----------
    names
        What was measured.
    values
        [M, I] float64.
    ideals
        What each would be in a unit that counts exactly.

    """

    names: tuple[str, ...]
    values: np.ndarray
    ideals: tuple[float, ...]

    def sentence(self) -> str:
        """Say what the median member has, and what would be exact."""
        said = [
            f"{name} {np.median(column):.3g} (exact: {ideal:g})"
            for name, column, ideal in zip(self.names, self.values.T, self.ideals, strict=True)
            if np.isfinite(ideal)
        ]
        return f"Medians: {', '.join(said)}."

    def to_frame(self) -> "pd.DataFrame":
        """Return a row a member and a column an indicator."""
        import pandas as pd

        return pd.DataFrame(self.values, columns=list(self.names))


def measure_indicators(
    family: Family, seeds: Sequence[int], epochs: Sequence[int]
) -> Indicators | None:
    """Measure members of a Dyck-1 family, each named by its seed and its epoch.

    Cells for which no weights are known that count exactly, such as the GRU, have no indicators.

    Raises
    ------
    ValueError
        If the family has more than one unit, or reads another language.

    """
    spec = family.spec
    if spec.units != 1 or spec.language != "dyck1":
        raise ValueError(
            f"{family.name} has {spec.units} units and reads {spec.language}; the indicators are "
            "those of one unit that reads dyck1"
        )
    if spec.cell not in _MEASURES:
        return None
    at = [family.seeds.index(seed) for seed in seeds], [family.epochs.index(e) for e in epochs]
    weights = {name: array[at].astype(np.float64) for name, array in family.weights.items()}
    measured = _MEASURES[spec.cell](weights)
    return Indicators(
        names=tuple(measured),
        values=np.stack([values for values, _ in measured.values()], axis=1),
        ideals=tuple(ideal for _, ideal in measured.values()),
    )


def _read_weights(weights: Mapping[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return what each symbol feeds in, [M, G, V] and [M, G] and [M, G]: W_ih, W_hh and both b."""
    bias = weights["rnn.bias_ih_l0"] + weights["rnn.bias_hh_l0"]
    return weights["rnn.weight_ih_l0"], weights["rnn.weight_hh_l0"][..., 0], bias


def _bound_gates(weights: Mapping[str, np.ndarray]) -> dict[str, tuple[np.ndarray, float]]:
    inputs, recurrent, bias = _read_weights(weights)
    found: dict[str, tuple[np.ndarray, float]] = {}
    for gate, name in _GATES.items():
        k = _PLACE[gate]
        swing = abs(recurrent[:, k])
        worst = inputs[:, k].min(axis=1) + bias[:, k] - swing
        best = inputs[:, k].max(axis=1) + bias[:, k] + swing
        found[f"{name}, worst"] = _sigmoid(worst), 1.0
        found[f"{name}, best"] = _sigmoid(best), 1.0
    k = _PLACE["g"]
    fed = inputs[:, k] + bias[:, k, np.newaxis]  # [M, V]
    up = np.where(fed[:, 0] < fed[:, 1], -1.0, 1.0)  # -1: it counts downwards
    swing = abs(recurrent[:, k])
    for v, (symbol, sign) in enumerate((("(", 1.0), (")", -1.0))):
        towards = sign * up * fed[:, v]  # positive where the candidate has the right sign
        found[f"candidate on {symbol}, worst"] = sign * np.tanh(towards - swing), sign
        found[f"candidate on {symbol}, best"] = sign * np.tanh(towards + swing), sign
    found["direction"] = up, np.nan
    return found


def _compare_steps(weights: Mapping[str, np.ndarray]) -> dict[str, tuple[np.ndarray, float]]:
    inputs, recurrent, bias = _read_weights(weights)
    a, b = (inputs[:, 0] + bias).T
    kept = recurrent[:, 0]
    ratio, loss = abs(a / b + 1), abs(kept - 1)
    return {
        "a": (a, np.nan),
        "b": (b, np.nan),
        "U": (kept, 1.0),
        "|a/b + 1|": (ratio, 0.0),
        "|U - 1|": (loss, 0.0),
        "deviation": (np.hypot(ratio, loss), 0.0),
    }


def _sigmoid(x: np.ndarray) -> np.ndarray:
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-x))


_MEASURES: dict[str, Callable[[Mapping[str, np.ndarray]], dict[str, tuple[np.ndarray, float]]]] = {
    "lstm": _bound_gates,
    "relu": _compare_steps,
    "linear": _compare_steps,
}
