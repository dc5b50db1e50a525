"""Tracing stacks: what a cell costs at a step, and whether it costs more in a deep stack.

One thread, CPU time. A stack of soft actions is filled to its limit, so that a step moves all of
its cells; most of them hold numbers that have faded almost to nothing, where a processor that does
not flush denormals is a hundred times slower. The status is 1 if a target is missed.

    python -m benchmarks.stack [--quick] [--json]
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable

import numba
import numpy as np

from benchmarks.figures import Figure, report
from countviz.engine.kernels import find_variant, record
from countviz.models import Model, Spec, Stacks
from countviz.runs import Moment, begin, lay_out
from countviz.traces import trace

UNITS, STEPS = 4, 2_000
DEPTHS = (10, 104, 1_000, 5_000)
PRECISIONS = ("float64", "float32")


def make_model(depth: int) -> Model:
    """Return a controller of 4 units with a stack of numbers that it mostly leaves alone."""
    memory = Stacks(depth=depth)
    spec = Spec(language="dyck1", cell="stack-rnn", units=UNITS, memory=memory)
    rng = np.random.default_rng(0)
    drawn = {name: 0.3 * rng.normal(size=s) for name, s in spec.parameter_shapes().items()}
    drawn["stack.action.bias"] = np.array([0.0, 0.0, 3.0])
    return Model(name=f"depth-{depth}", spec=spec, parameters=drawn)


def prepare_trace(depth: int, precision: str) -> Callable[[], object]:
    """Return a run of which every step moves a full stack."""
    model = make_model(depth)
    packed, start = model.pack(precision), begin(model, precision).row
    lowest = np.log10(np.finfo(packed.bias.dtype).tiny)
    fading = np.logspace(0, lowest, depth, dtype=packed.bias.dtype)  # as soft stacks do
    full = Moment(start, fading.reshape(1, depth, 1))
    places = lay_out(packed, full, STEPS + 1, steps=STEPS)
    logits = np.empty((STEPS, packed.readout_bias.size), packed.bias.dtype)
    symbols = np.random.default_rng(1).integers(0, 2, STEPS)
    variant = find_variant("stack-rnn", precision)
    return lambda: record(variant, packed, symbols, places, logits)


def measure_cells(rounds: int) -> list[Figure]:
    """Measure steps at every depth by turns, and what a cell costs where the stack is deep."""
    runs = {(p, depth): prepare_trace(depth, p) for p in PRECISIONS for depth in DEPTHS}
    times = {key: [] for key in runs}
    for _ in range(rounds + 2):
        for key, run in runs.items():
            start = time.process_time_ns()
            run()
            times[key].append((time.process_time_ns() - start) / STEPS)
    ns = {key: statistics.median(values[2:]) for key, values in times.items()}
    figures = [
        Figure(name=f"depth {depth:,} {precision}", value=value, unit="ns/step")
        for (precision, depth), value in ns.items()
    ]
    for precision in PRECISIONS:
        each = {depth: ns[precision, depth] / depth for depth in DEPTHS[2:]}
        figures += [
            Figure(name=f"a cell at depth {d:,} {precision}", value=v, unit="ns", target=0.5)
            for d, v in each.items()
        ]
        shallow, deep = each.values()
        name = f"a cell at depth 5,000 : at 1,000 {precision}"
        figures.append(Figure(name=name, value=deep / shallow, unit="times", target=3))
    return figures


def measure_trace(rounds: int) -> Figure:
    """Measure a whole trace of 2,000 symbols, with its windows, as a page asks for it."""
    model, times = make_model(STEPS), []
    for seed in range(rounds + 2):
        string = "".join(np.random.default_rng(seed).choice(["(", ")"], STEPS))
        start = time.process_time_ns()
        trace(model, string).stacks(0, STEPS, 40)
        times.append((time.process_time_ns() - start) / 1e6)
    name = "trace of 2,000 symbols with 40 visible cells"
    return Figure(name=name, value=statistics.median(times[2:]), unit="ms", target=100)


def main() -> int:
    """Measure, print, and return the status."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--quick", action="store_true", help="fewer rounds")
    options.add_argument("--json", action="store_true", help="print JSON instead of a table")
    chosen = options.parse_args()
    rounds = 3 if chosen.quick else 25
    figures = [*measure_cells(rounds), measure_trace(rounds)]
    versions = [f"{module.__name__} {module.__version__}" for module in (np, numba)]
    return report(figures, chosen.json, *versions)


if __name__ == "__main__":
    sys.exit(main())
