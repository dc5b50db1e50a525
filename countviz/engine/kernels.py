"""The compiled loops: four kernels, each specialised by the type of its first argument.

Numba keeps a function on disk only if it stands at the top of a module and closes over nothing; a
loop made by a call, or a step passed as an argument, would be compiled anew in every process. So
a cell and a precision travel as one value, a ``Variant``, whose numba type is their names. Each
combination is compiled when it is first asked for and found on disk from then on, by its
signature; a new cell needs no new kernel.
"""

from collections.abc import Callable
from functools import cache

from numba import types
from numba.extending import NativeValue, models, overload, register_model, unbox

from countviz.arithmetic.number import kernel
from countviz.arithmetic.precision import PRECISIONS
from countviz.cells import CELLS
from countviz.engine.closing import write_count_closings
from countviz.engine.record import write_record
from countviz.engine.train import write_evaluate, write_train_epoch


class VariantType(types.Dummy):
    """A cell at a precision, as numba sees it: a type without a value."""

    def __init__(self, cell: str, precision: str) -> None:
        self.cell, self.precision = cell, precision
        super().__init__(f"{cell} in {precision}")


register_model(VariantType)(models.OpaqueModel)


@unbox(VariantType)
def _unbox_variant(kind, instance, context) -> NativeValue:
    return NativeValue(context.context.get_dummy_value())


class Variant:
    """A cell at a precision, to be passed to the kernels below; made by ``find_variant``."""

    def __init__(self, cell: str, precision: str) -> None:
        self._numba_type_ = VariantType(cell, precision)


@cache
def find_variant(cell: str, precision: str) -> Variant:
    """Return the variant of two registered names, the same object each time."""
    return Variant(CELLS[cell].name, PRECISIONS[precision].name)


def _specialise(loop: Callable, write: Callable) -> None:
    """Let compiled calls of ``loop(variant, *rest)`` mean what `write` writes for the variant."""

    @overload(loop)
    def _loop(variant, *rest):
        written = write(CELLS[variant.cell], PRECISIONS[variant.precision])
        return lambda variant, *rest: written(*rest)


def _record(variant, *rest): ...
def _close(variant, *rest): ...
def _train(variant, *rest): ...
def _evaluate(variant, *rest): ...


_specialise(_record, write_record)
_specialise(_close, write_count_closings)
_specialise(_train, write_train_epoch)
_specialise(_evaluate, write_evaluate)


@kernel
def record(variant, packed, symbols, rows, logits):
    """Run over a string; see ``engine.record``."""
    _record(variant, packed, symbols, rows, logits)


@kernel
def count_closings(variant, packed, symbols, rows, says_open, closer, cap, counts):
    """Count the closers a model still accepts after each symbol; see ``engine.closing``."""
    _close(variant, packed, symbols, rows, says_open, closer, cap, counts)


@kernel
def train_epoch(variant, units, vector, mean, square, done, learning_rate, corpus, order):
    """Make one update a string; see ``engine.train``."""
    return _train(variant, units, vector, mean, square, done, learning_rate, corpus, order)


@kernel
def evaluate(variant, units, vector, corpus):
    """Return the summed loss and the number of strings judged right; see ``engine.train``."""
    return _evaluate(variant, units, vector, corpus)
