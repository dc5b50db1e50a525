"""Tracing: what a step costs, beside PyTorch's own loops and beside the least it could cost.

One thread, CPU time. The contenders take turns, so that a change in the processor's speed meets all
of them alike; a number is the median over the rounds. The status is 1 if a target is missed.

    python -m benchmarks.trace [--quick] [--json]
"""

import os

os.environ["OMP_NUM_THREADS"] = "1"  # read when numpy and torch are imported

import argparse
import statistics
import sys
import time
from collections.abc import Callable

import numba
import numpy as np
import torch

from benchmarks.figures import Figure, report
from countviz.arithmetic.instructions import fma, kernel
from countviz.arithmetic.number import sigmoid, tanh
from countviz.engine.kernels import find_variant, record
from countviz.languages import find_language
from countviz.languages.dyck1 import uniform_member
from countviz.models import Model, Spec
from countviz.torch_bridge import initial_parameters
from countviz.traces import WINDOW, trace

torch.set_num_threads(1)

PEERS = (  # cell, units, precision, PyTorch's module in the same precision, how many times faster
    ("lstm", 1, "float32", "LSTMCell", 400),
    ("lstm", 1, "float32", "LSTM", 6),
    ("gru", 1, "float32", "GRU", 100),
    ("relu", 1, "float32", "RNN", 400),
    ("lstm", 1, "float16", "LSTMCell", 250),
    ("lstm", 1, "bfloat16", "LSTMCell", 250),
    ("lstm", 1, "float64", "LSTMCell", None),
    ("lstm", 10, "float32", "LSTMCell", None),
    ("lstm", 10, "float32", "LSTM", None),
)
PEER_STEPS = 5_000  # PyTorch's cost is linear in the length
DYCK1 = find_language("dyck1")
STRING = uniform_member(np.random.default_rng(0), 1_000_000)


@kernel
def run_chain(steps):
    """Run only what every LSTM step waits for: multiply-add, sigmoid, multiply-add, tanh, times."""
    c = h = np.float32(0)
    for _ in range(steps):
        gate = sigmoid(fma(h, np.float32(0.5), np.float32(0.5)))
        c = fma(gate, c, gate)
        h = gate * tanh(c)
    return h


def make_model(cell: str, units: int) -> Model:
    """Return a model with PyTorch's initial weights."""
    spec = Spec(language="dyck1", cell=cell, units=units)
    return Model(name=f"{cell}-{units}", spec=spec, parameters=initial_parameters(spec, seed=0))


def prepare_trace(model: Model, precision: str, steps: int) -> Callable[[], object]:
    """Return a run that writes every internal and every logit into the same memory each time."""
    symbols, packed = DYCK1.encode(STRING[:steps]), model.pack(precision)
    rows = np.zeros((steps + 1, len(model.cell.internals) * model.spec.units), packed.bias.dtype)
    logits = np.empty((steps, packed.readout_bias.size), packed.bias.dtype)
    variant = find_variant(model.spec.cell, precision)
    return lambda: record(variant, packed, symbols, rows, logits)


def prepare_peer(model: Model, precision: str, kind: str) -> Callable[[], object]:
    """Return a run of PyTorch's module, which keeps no gates; a cell is called once a symbol."""
    options = {"nonlinearity": "relu"} if kind == "RNN" else {}
    peer = getattr(torch.nn, kind)(len(DYCK1.alphabet), model.spec.units, **options)
    with torch.no_grad():
        for own, array in zip(peer.parameters(), model.parameters.values(), strict=False):
            own.copy_(torch.tensor(np.array(array)))
    dtype = getattr(torch, precision)
    peer.to(dtype)
    symbols = torch.tensor(DYCK1.encode(STRING[:PEER_STEPS]))
    inputs = torch.eye(len(DYCK1.alphabet), dtype=dtype)[symbols][:, None]  # [T, 1, V]
    calls = list(inputs) if kind.endswith("Cell") else [inputs]

    @torch.inference_mode()
    def run() -> None:
        state = None
        for given in calls:
            state = peer(given, state)

    return run


def take_turns(contenders: dict[str, tuple[int, Callable]], rounds: int) -> dict[str, float]:
    """Return the nanoseconds a step takes, by name: medians over the rounds after the first two."""
    times = {name: [] for name in contenders}
    for _ in range(rounds + 2):
        for name, (steps, run) in contenders.items():
            start = time.process_time_ns()
            run()
            times[name].append((time.process_time_ns() - start) / steps)
    return {name: statistics.median(values[2:]) for name, values in times.items()}


def measure_steps(steps: int, rounds: int) -> list[Figure]:
    """Compare the traces with their peers, and the LSTM with the limit."""
    contenders, ratios = {"chain": (steps, lambda: run_chain(steps))}, []
    for cell, units, precision, kind, target in PEERS:
        model = make_model(cell, units)
        ours, peer = f"{cell}-{units} {precision}", f"nn.{kind}({units}) {precision}"
        contenders[ours] = (steps, prepare_trace(model, precision, steps))
        contenders[peer] = (PEER_STEPS, prepare_peer(model, precision, kind))
        ratios.append((ours, peer, target))
    ns = take_turns(contenders, rounds)
    share = 100 * ns["chain"] / ns["lstm-1 float32"]
    return [
        *(Figure(name=name, value=value, unit="ns/step") for name, value in ns.items()),
        *(
            Figure(
                name=f"{ours} : {peer}",
                value=ns[peer] / ns[ours],
                unit="times",
                target=target,
                at_least=True,
            )
            for ours, peer, target in ratios
        ),
        Figure(
            name="lstm-1 float32 : chain (the limit)",
            value=share,
            unit="%",
            target=65,
            at_least=True,
        ),
    ]


def measure_windows(looks: int) -> list[Figure]:
    """Look into a long trace at random places; float64 and 10 units are the slowest promised."""
    done = trace(make_model("lstm", 10), STRING)
    times = []
    for start in np.random.default_rng(1).integers(0, len(STRING) - WINDOW, looks):
        begin = time.process_time_ns()
        done.window(int(start))
        times.append((time.process_time_ns() - begin) / 1e6)
    found = {"median": statistics.median(times), "worst": max(times)}
    return [
        Figure(name=f"window, lstm-10 float64, {key}", value=ms, unit="ms", target=5)
        for key, ms in found.items()
    ]


def least(target: float | None) -> dict[str, object]:
    """Return what makes a target the least that a figure may be."""
    return {"target": target, "at_least": True}


def main() -> int:
    """Measure, print, and return the status."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--quick", action="store_true", help="fewer steps and rounds")
    options.add_argument("--json", action="store_true", help="print JSON instead of a table")
    chosen = options.parse_args()
    steps, rounds = (50_000, 3) if chosen.quick else (200_000, 15)
    figures = [*measure_steps(steps, rounds), *measure_windows(looks=50)]
    versions = [f"{module.__name__} {module.__version__}" for module in (np, numba, torch)]
    return report(figures, chosen.json, *versions)


if __name__ == "__main__":
    sys.exit(main())
