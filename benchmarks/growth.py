"""Growth: how the cost of training and of judging grows with seeds, units and length.

Wall time with all threads for the seeds, CPU time for the rest. Writes growth.csv and a picture for
each question.

    python -m benchmarks.growth [--out results/benchmarks] [--quick]
"""

import argparse
import csv
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from benchmarks.failure import encode_string
from countviz.exact import exact_lstm, exact_relu
from countviz.judging import find_failures
from countviz.languages.dyck1 import uniform_member
from countviz.models import Spec
from countviz.studies.drawing import Axis, Points, draw_points
from countviz.studies.library import published
from countviz.training import train_epochs
from countviz.vectors import flatten_parameters

CELLS = {"lstm": "LSTM", "gru": "GRU", "relu": "ReLU"}
SEEDS = (1, 8, 32, 64, 100, 320, 1000)
UNITS = (1, 2, 3, 5, 8, 12, 16)
LENGTHS = (100, 1_000, 10_000, 100_000, 1_000_000)


def time_epoch(spec: Spec, seeds: int, threads: int | None, clock: Callable[[], float]) -> float:
    """Return the seconds that the second epoch takes; validation is part of it."""
    epochs = train_epochs(spec, range(seeds), threads=threads)
    next(epochs), next(epochs)
    started = clock()
    next(epochs)
    return clock() - started


def grow_seeds(most: int) -> list[tuple[str, int, float]]:
    """Return the wall seconds of one epoch of many seeds, by cell."""
    return [
        (cell, seeds, time_epoch(published(cell, 1), seeds, None, time.perf_counter))
        for cell in CELLS
        for seeds in SEEDS
        if seeds <= most
    ]


def grow_units(most: int) -> list[tuple[str, int, float]]:
    """Return the CPU milliseconds of one epoch of one seed among 32, by cell."""
    return [
        (cell, units, 1e3 / 32 * time_epoch(published(cell, units), 32, 1, time.process_time))
        for cell in CELLS
        for units in UNITS
        if units <= most
    ]


def grow_length(most: int) -> list[tuple[str, int, float]]:
    """Return the CPU nanoseconds of a step of one seed among 32 that never fails, by cell."""
    rows = []
    for counter in (exact_lstm(), exact_relu()):
        vectors = np.tile(flatten_parameters(counter.parameters, "float32"), (32, 1))
        for length in (length for length in LENGTHS if length <= most):
            string = encode_string(uniform_member(np.random.default_rng(0), length))
            find_failures(counter.spec, vectors, string, threads=1)
            times, started = max(1, 300_000 // length), time.process_time()
            for _ in range(times):
                find_failures(counter.spec, vectors, string, threads=1)
            spent = time.process_time() - started
            rows.append((counter.spec.cell, length, 1e9 * spent / times / length / 32))
    return rows


def draw(
    path: Path, title: str, sentence: str, across: str, up: str, rows: Sequence[tuple]
) -> None:
    """Draw one question's rows on logarithmic axes."""
    xs, ys = [row[1] for row in rows], [row[2] for row in rows]
    draw_points(
        path,
        title=title,
        sentence=sentence,
        axes=(
            Axis(title=across, low=min(xs) / 1.3, high=max(xs) * 1.3, log=True),
            Axis(title=up, low=min(ys) / 1.5, high=max(ys) * 1.5, log=True),
        ),
        groups=[
            Points(cell=cell, label=label, at=[row[1:] for row in rows if row[0] == cell])
            for cell, label in CELLS.items()
            if any(row[0] == cell for row in rows)
        ],
    )


def main() -> int:
    """Measure the three, write and draw them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("results/benchmarks"))
    parser.add_argument("--quick", action="store_true", help="only the smaller half")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    seeds = grow_seeds(100 if arguments.quick else 1000)
    units = grow_units(5 if arguments.quick else 16)
    length = grow_length(10_000 if arguments.quick else 1_000_000)
    draw(
        arguments.out / "seeds.svg", "What do more seeds cost?",
        "Up to 32 seeds share the lanes of one vector; from there on the cost is linear.",
        "seeds trained together (log scale)", "seconds an epoch (log scale)", seeds,
    )  # fmt: skip
    draw(
        arguments.out / "units.svg", "What do more units cost?",
        "A seed's epoch of 10,000 strings; a recurrent step is quadratic in the units.",
        "hidden units (log scale)", "CPU milliseconds an epoch (log scale)", units,
    )  # fmt: skip
    draw(
        arguments.out / "length.svg", "What does a longer string cost?",
        "A step of a model that never fails; level points mean linear growth.",
        "brackets in the string (log scale)", "CPU nanoseconds a step (log scale)", length,
    )  # fmt: skip
    with (arguments.out / "growth.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["question", "cell", "size", "value", "unit"])
        for question, unit, rows in (
            ("seeds", "wall s an epoch", seeds),
            ("units", "CPU ms a seed and epoch", units),
            ("length", "CPU ns a seed and step", length),
        ):
            table.writerows([question, cell, size, f"{v:.5g}", unit] for cell, size, v in rows)
            print(question, *(f"{cell}-{size}: {v:.3g}" for cell, size, v in rows), unit)
    return 0


if __name__ == "__main__":
    sys.exit(main())
