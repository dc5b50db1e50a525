"""The compiled loops: seven kernels, each specialised by the type of its first argument.

Numba keeps a function on disk only if it stands at the top of a module and closes over nothing; a
loop made by a call, or a step passed as an argument, would be compiled anew in every process. So
a cell and a precision travel as one value, a ``Variant``, whose numba type is their names. Each
combination is compiled when it is first asked for and found on disk from then on, by its
signature; a new cell needs no new kernel. A variant with lanes runs 32 models at once: where one
model has an array of numbers, it takes one of lanes, whose last axis holds the models.
"""

from collections.abc import Callable
from functools import cache

from numba import types
from numba.extending import NativeValue, models, overload, register_model, unbox

from countviz.arithmetic.denormals import flush_denormals, restore_denormals
from countviz.arithmetic.instructions import kernel
from countviz.arithmetic.lanes import as_lanes
from countviz.arithmetic.precision import PRECISIONS
from countviz.cells import CELLS
from countviz.engine.closing import write_count_closings
from countviz.engine.failure import write_find_failures
from countviz.engine.prefixes import write_bound_prefixes, write_try_prefixes
from countviz.engine.record import write_record
from countviz.engine.train import write_evaluate, write_train_epoch
from countviz.engine.train_stack import write_evaluate_batches, write_train_batches


class VariantType(types.Dummy):
    """A cell at a precision, alone or in lanes, as numba sees it: a type without a value."""

    def __init__(self, cell: str, precision: str, lanes: bool) -> None:
        self.cell, self.precision, self.lanes = cell, precision, lanes
        super().__init__(f"{cell} in {precision}" + " lanes" * lanes)


register_model(VariantType)(models.OpaqueModel)


@unbox(VariantType)
def _unbox_variant(kind, instance, context) -> NativeValue:
    return NativeValue(context.context.get_dummy_value())


class Variant:
    """A cell at a precision, to be passed to the kernels below; made by ``find_variant``."""

    def __init__(self, cell: str, precision: str, lanes: bool) -> None:
        self._numba_type_ = VariantType(cell, precision, lanes)


@cache
def find_variant(cell: str, precision: str, *, lanes: bool = False) -> Variant:
    """Return the variant of two registered names, the same object each time."""
    return Variant(CELLS[cell].name, PRECISIONS[precision].name, lanes)


def numbers(variant, values):
    """See an array as the variant's numbers: as it is, or its last axis as lanes."""
    raise TypeError("numbers is for compiled kernels; see the overload")


@overload(numbers)
def _numbers(variant, values):
    if variant.lanes:
        return lambda variant, values: as_lanes(values)
    return lambda variant, values: values


def _specialise(loop: Callable, write: Callable) -> None:
    """Let compiled calls of ``loop(variant, *rest)`` mean what `write` writes for the variant.

    What fades away in a stack ends as 0; a trace of any other cell shows what the format does.
    """

    @overload(loop)
    def _loop(variant, *rest):
        cell = CELLS[variant.cell]
        written = write(cell, PRECISIONS[variant.precision])
        if not cell.memory:
            return lambda variant, *rest: written(*rest)

        def flushed(variant, *rest):
            before = flush_denormals()
            found = written(*rest)
            restore_denormals(before)
            return found

        return flushed


def _specialise_whole(loop: Callable, write: Callable) -> None:
    """Do so where `write` writes a plain function that takes the variant itself.

    It is compiled once less, which counts where there is much to compile.
    """

    @overload(loop, strict=False)
    def _loop(variant, *rest):
        return write(CELLS[variant.cell], PRECISIONS[variant.precision])


def _record(variant, *rest): ...
def _close(variant, *rest): ...
def _train(variant, *rest): ...
def _evaluate(variant, *rest): ...
def _train_batches(variant, *rest): ...
def _evaluate_batches(variant, *rest): ...
def _fail(variant, *rest): ...
def _try(variant, *rest): ...
def _bound(variant, *rest): ...


_specialise(_record, write_record)
_specialise(_close, write_count_closings)
_specialise(_train, write_train_epoch)
_specialise(_evaluate, write_evaluate)
_specialise_whole(_train_batches, write_train_batches)
_specialise_whole(_evaluate_batches, write_evaluate_batches)
_specialise(_fail, write_find_failures)
_specialise(_try, write_try_prefixes)
_specialise(_bound, write_bound_prefixes)


@kernel
def record(variant, packed, symbols, places, logits):
    """Run over a string; see ``engine.record``."""
    _record(variant, packed, symbols, places, logits)


@kernel
def count_closings(variant, packed, symbols, rows, says_open, closer, cap, counts):
    """Count the closers a model still accepts after each symbol; see ``engine.closing``."""
    _close(variant, packed, symbols, rows, says_open, closer, cap, counts)


@kernel
def train_epoch(variant, units, state, rate, done, corpus, order, batch, losses):
    """Make one update a batch; see ``engine.train``. `state` is (vector, mean, square)."""
    before = flush_denormals()
    vector, mean, square = state
    _train(
        variant, units,
        numbers(variant, vector), numbers(variant, mean), numbers(variant, square),
        numbers(variant, rate), done, corpus, order, batch, numbers(variant, losses),
    )  # fmt: skip
    restore_denormals(before)


@kernel
def evaluate(variant, units, vector, corpus, losses, mistakes):
    """Measure every string's loss and count its wrong verdicts; see ``engine.train``."""
    before = flush_denormals()
    losses, mistakes = numbers(variant, losses), numbers(variant, mistakes)
    _evaluate(variant, units, numbers(variant, vector), corpus, losses, mistakes)
    restore_denormals(before)


@kernel
def train_batches(variant, wiring, rules, state, free, rate, done, corpus, order, cuts, losses):
    """Make one update a batch, for any model; see ``engine.train_stack``."""
    before = flush_denormals()
    vector, mean, square = state
    _train_batches(
        variant, wiring, rules,
        numbers(variant, vector), numbers(variant, mean), numbers(variant, square),
        numbers(variant, free), numbers(variant, rate),
        done, corpus, order, cuts, numbers(variant, losses),
    )  # fmt: skip
    restore_denormals(before)


@kernel
def evaluate_batches(variant, wiring, next_symbol, vector, corpus, losses, mistakes):
    """Measure any model's loss on every string, and count its mistakes."""
    before = flush_denormals()
    losses, mistakes = numbers(variant, losses), numbers(variant, mistakes)
    vector = numbers(variant, vector)
    _evaluate_batches(variant, wiring, next_symbol, vector, corpus, losses, mistakes)
    restore_denormals(before)


@kernel
def find_failures(variant, units, vector, corpus, failures):
    """Find every string's first failure; see ``engine.failure``."""
    _fail(variant, units, numbers(variant, vector), corpus, numbers(variant, failures))


@kernel
def try_prefixes(variant, packed, moves, targets, places, states, symbols, shortest):
    """Try every prefix up to a length; see ``engine.prefixes``."""
    return _try(variant, packed, moves, targets, places, states, symbols, shortest)


@kernel
def bound_prefixes(variant, packed, direction, rows, origins, margins):
    """Push the extreme states of every count forward; see ``engine.prefixes``."""
    return _bound(variant, packed, direction, rows, origins, margins)
