"""Get the compiled kernels ready before anybody waits for them.

From the disk cache that takes a fraction of a second; on a machine that has never run countviz it
takes some seconds a kernel.
"""

import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from countviz.analysis.closing import measure_closings
from countviz.datasets import encode_strings
from countviz.engine.kernels import evaluate, find_variant, train_epoch
from countviz.engine.train import Corpus
from countviz.languages import find_language
from countviz.models import Model, Spec
from countviz.traces import trace

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


def warm_training(cell: str, precision: str) -> None:
    """Run what trains and evaluates a cell once, on the string ()."""
    spec = Spec(language="dyck1", cell=cell)
    strings = encode_strings(find_language("dyck1"), ["()"])
    corpus = Corpus(strings.symbols, strings.starts, strings.targets.astype(precision))
    size = sum(np.prod(shape) for shape in spec.parameter_shapes().values())
    vector, mean, square = (np.zeros(size, precision) for _ in range(3))
    variant, order = find_variant(cell, precision), np.zeros(1, np.int64)
    train_epoch(variant, 1, vector, mean, square, 0, 0.01, corpus, order)
    evaluate(variant, 1, vector, corpus)


def warm_kernels(cells: Iterable[str], precisions: Iterable[str]) -> None:
    """Run what traces a model and counts its closings once for every cell at every precision."""
    precisions = tuple(precisions)
    for cell in cells:
        spec = Spec(language="dyck1", cell=cell)
        zeros = {name: np.zeros(shape) for name, shape in spec.parameter_shapes().items()}
        model = Model(name=cell, spec=spec, parameters=zeros)
        for precision in precisions:
            measure_closings(trace(model, "()", precision))


if __name__ == "__main__":
    warm_kernels(sys.argv[1:], ["float64"])
