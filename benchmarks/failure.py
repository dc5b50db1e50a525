"""First points of failure: what it costs to find them on long strings, beside PyTorch.

CPU time of one thread, unless it says otherwise; contenders take turns and a number is the median
over the rounds. The status is 1 if a target is missed.

    python -m benchmarks.failure [--quick] [--json]
"""

import os

os.environ["OMP_NUM_THREADS"] = "1"  # read when numpy and torch are imported

import argparse
import sys
import time

import numba
import numpy as np
import torch

from benchmarks.figures import Figure, report
from benchmarks.train import measure
from countviz.arithmetic.lanes import LANES
from countviz.checkpoints import load_family
from countviz.datasets import Encoded, encode_strings
from countviz.exact import exact_lstm
from countviz.judging import find_failures
from countviz.languages import find_language
from countviz.languages.dyck1 import uniform_member
from countviz.vectors import flatten_parameters

torch.set_num_threads(1)

DYCK1 = find_language("dyck1")
STEPS, PEER_STRINGS, PEER_STEPS = 200_000, 128, 1_000
LONG = 1_000_000


def measure_step(rounds: int) -> list[Figure]:
    """Return what a step costs where nobody ever fails, so that every string is read to its end."""
    counter, rng = exact_lstm(), np.random.default_rng(0)
    vectors = np.tile(flatten_parameters(counter.parameters, "float32"), (LANES, 1))
    string = encode_strings(DYCK1, [uniform_member(rng, STEPS)])
    lstm, readout = torch.nn.LSTM(2, 1), torch.nn.Linear(1, 2)
    symbols = torch.tensor(rng.integers(0, 2, (PEER_STEPS, PEER_STRINGS)))
    one_hot = torch.eye(2)[symbols]

    def batched() -> None:
        with torch.no_grad():
            (readout(lstm(one_hot)[0]) >= 0).any(dim=0)

    def ours() -> None:
        found = find_failures(counter.spec, vectors, string, threads=1)
        assert (found.position == STEPS).all()

    seconds = measure({"ours": ours, "batched": batched}, rounds)
    step = seconds["ours"] / STEPS / LANES
    peer = seconds["batched"] / PEER_STEPS / PEER_STRINGS
    return [
        Figure(name="lstm-1: one step of one seed", value=1e9 * step, unit="ns", target=2),
        Figure(
            name=f"lstm-1 : nn.LSTM, {PEER_STRINGS} strings at a time", value=peer / step,
            unit="times", target=30, at_least=True,
        ),
    ]  # fmt: skip


def measure_hundred(count: int) -> list[Figure]:
    """Return how long a hundred trained seeds take for long strings, until the last has failed."""
    family, rng = load_family("lstm1-dyck1"), np.random.default_rng(0)
    vectors = family.vectors(family.seeds, [10] * len(family.seeds))
    strings = [encode_string(uniform_member(rng, LONG)) for _ in range(count)]
    find_failures(family.spec, vectors, strings[0])
    started, cpu = time.perf_counter(), time.process_time()
    for string in strings:
        find_failures(family.spec, vectors, string)
    scale = 100 / count
    name = f"{len(family.seeds)} seeds x 100 strings of {LONG:,}, wall"
    wall, cpu = time.perf_counter() - started, time.process_time() - cpu
    return [
        Figure(name=name, value=wall * scale, unit="s", target=3),
        Figure(name="the same, on all threads together", value=cpu * scale, unit="CPU s"),
    ]


def encode_string(string: str) -> Encoded:
    """Return a Dyck-1 string as the kernels read it, without a Python step a symbol."""
    symbols = DYCK1.encode(string)
    closes = np.cumsum(1 - 2 * symbols) > 0
    targets = np.stack([np.ones_like(closes), closes], axis=1)
    return Encoded(symbols=symbols, targets=targets, starts=np.array([0, symbols.size]))


def main() -> int:
    """Measure everything and report it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer rounds: numbers scatter")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    figures = measure_step(3 if arguments.quick else 9)
    figures += measure_hundred(10 if arguments.quick else 100)
    versions = f"torch {torch.__version__}", f"numba {numba.__version__}"
    return report(figures, arguments.json, *versions)


if __name__ == "__main__":
    sys.exit(main())
