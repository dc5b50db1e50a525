"""Get the compiled kernels ready before anybody waits for them.

From the disk cache that takes a fraction of a second; on a machine that has never run countviz it
takes some seconds a kernel.
"""

import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from countviz.analysis.count.closing import measure_closings
from countviz.arithmetic.lanes import LANES
from countviz.arithmetic.precision import PRECISIONS
from countviz.cells import CELLS
from countviz.cells.base import Cell
from countviz.datasets import encode_strings
from countviz.engine.groups import to_lanes, usable_threads
from countviz.engine.parameters import Corpus
from countviz.judging import find_failures, measure_corpus
from countviz.languages import find_language
from countviz.models import Model, Spec, Training
from countviz.prefixes import follow_extremes, try_prefixes
from countviz.traces import trace
from countviz.trainers import find_trainer

SHIPPED_MEMORY = "superposition", ("float64", "float32")  # what the library has, and trains
FIRST_CELLS = ("lstm", "gru", "relu")  # those that the first page shows


def warm_first_page() -> None:
    """Get ready what the first page needs; where nothing is on disk yet, with a process a cell."""
    first, *others = FIRST_CELLS
    cold = not any(Path(os.environ["NUMBA_CACHE_DIR"]).glob("**/*.nbi"))
    command = [sys.executable, "-m", "countviz.warming"]
    root = Path(__file__).resolve().parents[1]
    compiling = [subprocess.Popen([*command, cell], cwd=root) for cell in others if cold]
    warm_kernels([first], ["float64"])
    for process in compiling:
        process.wait()
    warm_kernels(others, ["float64"])


def list_work(*, everything: bool) -> list[tuple[str, str, bool]]:
    """Return which cells are to be warmed at which precisions, each with or without training."""
    trained = ("float32", "float64") if everything else ("float32",)
    return [
        (name, precision, precision in trained)
        for name, cell in CELLS.items()
        for precision in PRECISIONS
        if everything or not cell.memory or _is_shipped(cell, precision)
    ]


def _is_shipped(cell: Cell, precision: str) -> bool:
    kind, precisions = SHIPPED_MEMORY
    return cell.memory_kind == kind and precision in precisions


def warm_all(work: Sequence[tuple[str, str, bool]]) -> Iterator[tuple[str, str, bool]]:
    """Warm cells at precisions, each with or without training, on all processors; yield each.

    Processes that finish at the same moment may write over each other's entry in numba's index.
    Going through all once more in this process finds what is there and compiles what is missing.
    """
    threads = usable_threads()
    if threads > 1:
        with ProcessPoolExecutor(threads, mp_context=get_context("spawn")) as pool:
            yield from pool.map(_warm_one, work)
    for one in work:
        _warm_one(one)
        if threads == 1:
            yield one


def _warm_one(one: tuple[str, str, bool]) -> tuple[str, str, bool]:
    cell, precision, trained = one
    warm_kernels([cell], [precision])
    if precision == "float64":  # in which horizons are looked for
        warm_prefixes(cell, precision)
    if trained:
        warm_training(cell, precision)
    return one


def warm_prefixes(cell: str, precision: str) -> None:
    """Run both searches for a wrong prefix once, over prefixes of one symbol."""
    model = _make_zeros(cell)
    try_prefixes(model, precision, prefixes=1)
    if model.spec.memory is None:
        follow_extremes(model, precision, longest=1)


def warm_training(cell: str, precision: str) -> None:
    """Run what trains and judges 32 models of a cell once, on the string ()."""
    spec = Spec(language="dyck1", cell=cell, recipe=Training(precision=precision))
    strings = encode_strings(find_language("dyck1"), ["()"])
    corpus = Corpus(strings.symbols, strings.starts, strings.targets.astype(precision))
    size = sum(np.prod(shape) for shape in spec.parameter_shapes().values())
    nothing = np.zeros((1, size))
    (vector,) = to_lanes(nothing.astype(precision))
    state = vector, vector.copy(), vector.copy()
    losses, rate = np.zeros((2, 1, LANES), precision)
    free = np.empty((0, LANES), precision)
    order, cuts = np.zeros(1, np.int64), np.arange(2)
    if spec.memory is None or spec.memory.in_lanes:
        find_trainer(spec, corpus)(state, free, rate, 0, order, cuts, losses)
    measure_corpus(spec, nothing, corpus, threads=1)
    find_failures(spec, nothing, strings, precision, threads=1)


def warm_kernels(cells: Iterable[str], precisions: Iterable[str]) -> None:
    """Run what traces a model and counts its closings once for every cell at every precision."""
    precisions = tuple(precisions)
    for cell in cells:
        model = _make_zeros(cell)
        for precision in precisions:
            measure_closings(trace(model, "()", precision))


def _make_zeros(cell: str) -> Model:
    """Return a model of one unit all of whose weights are 0."""
    spec = Spec(language="dyck1", cell=cell)
    zeros = {name: np.zeros(shape) for name, shape in spec.parameter_shapes().items()}
    return Model(name=cell, spec=spec, parameters=zeros)


if __name__ == "__main__":
    warm_kernels(sys.argv[1:], ["float64"])
