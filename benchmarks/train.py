"""Training: what a seed costs, beside PyTorch's ways to do it and beside the least it could cost.

One thread and CPU time, unless it says otherwise. The contenders take turns, so that a change in
the processor's speed meets all of them alike; a number is the median over the rounds. The status is
1 if a target is missed.

    python -m benchmarks.train [--quick] [--json]
"""

import os

os.environ["OMP_NUM_THREADS"] = "1"  # read when numpy and torch are imported

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from itertools import pairwise

import numba
import numpy as np
import torch

from benchmarks.figures import Figure, report
from countviz.arithmetic.instructions import fma, kernel, square_root
from countviz.arithmetic.lanes import LANES, align, as_lanes
from countviz.arithmetic.number import sigmoid, tanh
from countviz.corpora import make_corpora
from countviz.engine.groups import to_lanes
from countviz.engine.kernels import find_variant, train_epoch
from countviz.engine.parameters import Corpus
from countviz.models import Spec, Training
from countviz.studies.library import published
from countviz.torch_bridge import initial_parameters
from countviz.training import train_epochs
from countviz.vectors import flatten_parameters

torch.set_num_threads(1)

RATIOS = (  # cell, units, the peer, how many times as fast at least
    ("lstm", 1, "token by token", 40_000),
    ("lstm", 1, "string by string", 7_000),
    ("lstm", 1, "32 strings", 250),
    ("relu", 1, "token by token", 80_000),
    ("gru", 1, "token by token", 20_000),
    ("lstm", 5, "token by token", 7_000),
)
PEER_STRINGS = {"token by token": 8, "string by string": 30, "32 strings": 320}
MODULES = {"lstm": torch.nn.LSTM, "gru": torch.nn.GRU, "relu": torch.nn.RNN}
OPERATIONS = {  # what one step of one LSTM-1 asks for at the very least, both ways through
    "sigmoid": 3 + 2,
    "tanh": 2,
    "multiply-add": 75,
    "divide": 1,
}
UPDATE = {"multiply-add": 8, "divide": 1, "root": 1}  # and one update of one of its parameters
PARAMETERS = 24


@kernel
def repeat_sigmoid(values, times):
    """Replace every lane by its sigmoid, `times` times over."""
    lanes = as_lanes(values)
    for _ in range(times):
        for k in range(lanes.size):
            lanes[k] = sigmoid(lanes[k])


@kernel
def repeat_tanh(values, times):
    """Replace every lane by its tanh."""
    lanes = as_lanes(values)
    for _ in range(times):
        for k in range(lanes.size):
            lanes[k] = tanh(lanes[k])


@kernel
def repeat_multiply_add(values, times):
    """Multiply and add, sixteen times in a register for each load."""
    lanes = as_lanes(values)
    for _ in range(times // 16):
        for k in range(lanes.size):
            x = lanes[k]
            for _ in range(16):
                x = fma(x, x, x)
            lanes[k] = x


@kernel
def repeat_divide(values, times):
    """Divide every lane."""
    lanes = as_lanes(values)
    for _ in range(times):
        for k in range(lanes.size):
            lanes[k] = lanes[k] / (lanes[k] + lanes[k])


@kernel
def repeat_root(values, times):
    """Take every lane's square root."""
    lanes = as_lanes(values)
    for _ in range(times):
        for k in range(lanes.size):
            lanes[k] = square_root(lanes[k])


THROUGHPUT = {
    "sigmoid": repeat_sigmoid,
    "tanh": repeat_tanh,
    "multiply-add": repeat_multiply_add,
    "divide": repeat_divide,
    "root": repeat_root,
}


def measure(runs: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Return the median CPU seconds of each run; they take turns."""
    for run in runs.values():
        run()
    seconds = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            started = time.process_time()
            run()
            seconds[name].append(time.process_time() - started)
    return {name: statistics.median(times) for name, times in seconds.items()}


def prepare_ours(spec: Spec, corpus: Corpus, batch: int = 1) -> Callable[[], object]:
    """Return an epoch of 32 seeds, from their initial weights each time."""
    start = np.stack(
        [flatten_parameters(initial_parameters(spec, seed), "float32") for seed in range(LANES)]
    )
    order = np.random.default_rng(0).permutation(corpus.starts.size - 1)
    losses = align(np.empty((order.size, LANES), np.float32))
    rate = align(np.full((1, LANES), spec.recipe.learning_rate, np.float32))
    variant = find_variant(spec.cell, "float32", lanes=True)

    def run() -> None:
        (vectors,) = to_lanes(start)
        state = vectors, align(np.zeros_like(vectors)), align(np.zeros_like(vectors))
        train_epoch(variant, spec.units, state, rate, 0, corpus, order, batch, losses)

    return run


def prepare_peer(spec: Spec, corpus: Corpus, way: str, strings: int) -> Callable[[], object]:
    """Return PyTorch's training of one seed on some strings, in one of three ways."""
    options = {"nonlinearity": "relu"} if spec.cell == "relu" else {}
    rnn, readout = MODULES[spec.cell](2, spec.units, **options), torch.nn.Linear(spec.units, 2)
    parameters = [*rnn.parameters(), *readout.parameters()]
    optimiser = torch.optim.Adam(parameters, lr=spec.recipe.learning_rate)
    one_hot = torch.eye(2)[torch.tensor(corpus.symbols)]
    targets = torch.tensor(corpus.targets)
    ends = corpus.starts[: strings + 1]
    data = [(one_hot[a:b], targets[a:b]) for a, b in pairwise(ends)]

    def finish(loss: torch.Tensor) -> None:
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()

    def token_by_token() -> None:
        for x, y in data:
            state, outputs = None, []
            for symbol in x:
                h, state = rnn(symbol.view(1, 1, -1), state)
                outputs.append(torch.sigmoid(readout(h[0, 0])))
            finish(torch.nn.functional.mse_loss(torch.stack(outputs), y))

    def string_by_string() -> None:
        for x, y in data:
            outputs = torch.sigmoid(readout(rnn(x[:, None])[0][:, 0]))
            finish(torch.nn.functional.mse_loss(outputs, y))

    def padded() -> None:
        for first in range(0, len(data), 32):
            x, y = (
                torch.nn.utils.rnn.pad_sequence(part)
                for part in zip(*data[first : first + 32], strict=True)
            )
            lengths = torch.tensor([len(x) for x, _ in data[first : first + 32]])
            real = torch.arange(len(x))[:, None] < lengths
            squares = (torch.sigmoid(readout(rnn(x)[0])) - y) ** 2
            finish(squares[real].mean())

    return {
        "token by token": token_by_token,
        "string by string": string_by_string,
        "32 strings": padded,
    }[way]


def measure_ratios(corpus: Corpus, rounds: int) -> list[Figure]:
    """Return how many times as fast a seed is trained, per step."""
    figures = []
    for cell, units in dict.fromkeys((cell, units) for cell, units, *_ in RATIOS):
        spec = Spec(language="dyck1", cell=cell, units=units, recipe=published(cell, units).recipe)
        ways = {way: least for c, u, way, least in RATIOS if (c, u) == (cell, units)}
        runs = {"ours": prepare_ours(spec, corpus)}
        runs |= {way: prepare_peer(spec, corpus, way, PEER_STRINGS[way]) for way in ways}
        seconds = measure(runs, rounds)
        ours = seconds["ours"] / LANES / corpus.symbols.size
        name = f"{cell}-{units}"
        milliseconds = 1e3 * ours * corpus.symbols.size
        figures.append(Figure(name=f"{name}: one seed, one epoch", value=milliseconds, unit="ms"))
        for way, least in ways.items():
            peer = seconds[way] / corpus.starts[PEER_STRINGS[way]]
            figures.append(
                Figure(
                    name=f"{name} : {way}", value=peer / ours, unit="times", target=least,
                    at_least=True,
                )
            )  # fmt: skip
    return figures


def measure_limit(corpus: Corpus, rounds: int) -> list[Figure]:
    """Return which share of an LSTM-1's time its arithmetic alone would take."""
    times = 32_000
    values = align(np.random.default_rng(0).random((20, LANES), np.float32))
    runs = {name: lambda f=f: f(values.copy(), times) for name, f in THROUGHPUT.items()}
    seconds = measure(runs | {"ours": prepare_ours(published("lstm", 1), corpus)}, rounds)
    each = {name: seconds[name] / times / values.size for name in THROUGHPUT}
    step = seconds["ours"] / LANES / corpus.symbols.size
    per_string = sum(each[name] * count for name, count in UPDATE.items()) * PARAMETERS
    limit = sum(each[name] * count for name, count in OPERATIONS.items())
    limit += per_string * (corpus.starts.size - 1) / corpus.symbols.size
    share = 100 * limit / step
    return [
        Figure(name="lstm-1: one step of one seed", value=1e9 * step, unit="ns"),
        Figure(name="lstm-1: of it arithmetic", value=share, unit="%", target=70, at_least=True),
    ]


def measure_hundred(epochs: int) -> list[Figure]:
    """Return what training a hundred seeds costs, and how well two threads share it."""
    recipe = Training(epochs=epochs)
    spec = Spec(language="dyck1", cell="lstm", recipe=recipe)
    make_corpora(spec)  # drawing the strings is not training
    start = next(train_epochs(spec, range(100)))
    wall, cpu = {}, {}
    for threads in (1, 2):
        clocks = time.perf_counter(), time.process_time()
        for _ in train_epochs(spec, range(100), after=start, threads=threads):
            pass
        wall[threads] = time.perf_counter() - clocks[0]
        cpu[threads] = time.process_time() - clocks[1]
    scale = 30 / epochs
    return [
        Figure(
            name="100 seeds of lstm-1, 30 epochs, validation too", value=cpu[1] * scale,
            unit="CPU s", target=6,
        ),
        Figure(name="the same on two threads, wall", value=wall[2] * scale, unit="s"),
        Figure(
            name="efficiency of two threads", value=100 * wall[1] / wall[2] / 2, unit="%",
            target=90, at_least=True,
        ),
    ]  # fmt: skip


def main() -> int:
    """Measure everything and report it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer rounds: numbers scatter")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    rounds = 3 if arguments.quick else 9
    corpus, _ = make_corpora(published("lstm", 1))
    figures = measure_ratios(corpus, rounds) + measure_limit(corpus, rounds)
    figures += measure_hundred(3 if arguments.quick else 30)
    return report(
        figures, arguments.json, f"torch {torch.__version__}", f"numba {numba.__version__}"
    )


if __name__ == "__main__":
    sys.exit(main())
