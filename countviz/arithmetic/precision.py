"""The precisions a model can be run in, as data."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from countviz.arithmetic.half import BFLOAT16, FLOAT16, HalfType
from countviz.arithmetic.number import native


@dataclass(frozen=True, kw_only=True)
class Precision:
    """One number format.

    Attributes
    ----------
    name
        ``float64``, ``float32``, ``float16`` or ``bfloat16``.
    digits
        Significant bits p: consecutive integers are exact up to 2^p.
    storage
        The numpy type its values are kept in; 16-bit values are kept in float32, unchanged.
    restore, lift
        Compiled functions that make a number of this format: from a stored value, which is one
        already, and from any value, by rounding.

    """

    name: str
    digits: int
    storage: type
    restore: Callable
    lift: Callable

    def round(self, values: np.ndarray) -> np.ndarray:
        """Round an array of any shape to this format, to nearest and ties to even."""
        values = np.asarray(values).astype(self.storage)
        if self.name == "float16":
            with np.errstate(over="ignore"):
                return values.astype(np.float16).astype(np.float32)
        if self.name == "bfloat16":
            bits = values.view(np.int32)
            rounded = (bits + (0x7FFF + ((bits >> 16) & 1))) & -0x10000
            return np.where(np.isnan(values), values, rounded.astype(np.int32).view(np.float32))
        return values


def _half(kind: HalfType, digits: int) -> Precision:
    return Precision(
        name=kind.name, digits=digits, storage=np.float32, restore=kind.restore, lift=kind.lift
    )


PRECISIONS = {
    precision.name: precision
    for precision in (
        Precision(name="float64", digits=53, storage=np.float64, restore=native, lift=native),
        Precision(name="float32", digits=24, storage=np.float32, restore=native, lift=native),
        _half(FLOAT16, digits=11),
        _half(BFLOAT16, digits=8),
    )
}


class UnknownPrecision(ValueError):
    """The name of a number format that countviz does not run."""


def find_precision(name: str) -> Precision:
    """Return the precision of that name; an unknown one is refused with the names there are."""
    if name not in PRECISIONS:
        raise UnknownPrecision(f"no precision named {name!r}; there are: {', '.join(PRECISIONS)}")
    return PRECISIONS[name]
