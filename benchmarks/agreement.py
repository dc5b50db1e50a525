"""Agreement: how far training in lanes stays from PyTorch's, over 32 seeds.

The same initial weights, strings and order, one string an update, float64: after 100 updates and
after 1,000. Rounding grows chaotically, so that the distribution over the seeds is printed, not its
worst value alone. Where it has grown to the size of the weights (ReLU, 3,000 updates in float32),
only distributions can agree: a two-sample Kolmogorov-Smirnov test of the validation losses, at the
level of 1 %.

    python -m benchmarks.agreement [--quick] [--json]
"""

import argparse
import json
import sys

import numpy as np

from countviz.corpora import make_corpora, make_order
from countviz.epochs import Epoch
from countviz.judging import evaluate_corpus
from countviz.models import Spec, Training
from countviz.studies.library import RATES
from countviz.torch_bridge import reference_training
from countviz.training import train_epochs

SEEDS = range(32)
UPDATES = (100, 1_000)
EACH = {100: 1e-11, 1_000: 1e-8}  # what every seed may differ by
MEDIAN = 1e-11
CHAOTIC = 3_000
KOLMOGOROV = 1.63  # the 1 % point of sqrt(n m / (n + m)) D


def make_spec(cell: str, units: int, updates: int, precision: str) -> Spec:
    """Return a spec whose only epoch is so many updates."""
    recipe = Training(
        precision=precision, learning_rate=RATES.get(cell, 0.01), epochs=1,
        train_strings=updates, validation_strings=1_000,
    )  # fmt: skip
    return Spec(language="dyck1", cell=cell, units=units, recipe=recipe)


def train_both(spec: Spec) -> tuple[Epoch, np.ndarray]:
    """Return the epoch as countviz trains it, and PyTorch's parameters [S, P] after it."""
    corpus, _ = make_corpora(spec)
    order = make_order(spec.recipe.data_seed, 1, spec.recipe.train_strings)
    *_, last = train_epochs(spec, SEEDS)
    return last, reference_training(spec, SEEDS, corpus, order)


def compare(cell: str, units: int, updates: int) -> dict:
    """Return the quantiles over seeds of the largest difference of a parameter."""
    last, theirs = train_both(make_spec(cell, units, updates, "float64"))
    apart = abs(last.weights[:, -1] - theirs).max(axis=1)
    median, most = float(np.median(apart)), float(apart.max())
    judged = updates == 100 or cell != "relu"
    met = most <= EACH[updates] and (updates == 100 or median <= MEDIAN)
    return {
        "cell": cell,
        "units": units,
        "updates": updates,
        "median": median,
        "p90": float(np.quantile(apart, 0.9)),
        "worst": most,
        "met": met if judged else None,
    }


def compare_distributions() -> dict:
    """Return the two-sample statistic of the validation losses of 32 ReLU seeds."""
    spec = make_spec("relu", 1, CHAOTIC, "float32")
    last, theirs = train_both(spec)
    losses, _ = evaluate_corpus(spec, theirs, make_corpora(spec)[1])
    ours, theirs = np.sort(last.validation_loss), np.sort(losses.mean(axis=1, dtype=float))
    every = np.concatenate([ours, theirs])
    steps = [np.searchsorted(one, every, side="right") / one.size for one in (ours, theirs)]
    statistic = float(abs(steps[0] - steps[1]).max() * np.sqrt(len(SEEDS) / 2))
    return {"cell": "relu", "updates": CHAOTIC, "ks": statistic, "met": statistic <= KOLMOGOROV}


def main() -> int:
    """Compare every cell and size; the status is 1 if one is further apart than it may be."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="one unit only")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    rows = []
    for cell in ("lstm", "gru", "tanh", "relu", "linear"):
        for units in (1,) if arguments.quick else (1, 2, 3, 5):
            for updates in UPDATES if cell != "linear" else UPDATES[:1]:
                rows.append(compare(cell, units, updates))
                if not arguments.json:
                    print(_line(rows[-1]), flush=True)
    rows.append(compare_distributions())
    print(json.dumps(rows, indent=1) if arguments.json else _line(rows[-1]))
    return int(any(row["met"] is False for row in rows))


def _line(row: dict) -> str:
    verdict = {True: "met", False: "MISSED", None: "not judged"}[row["met"]]
    if "ks" in row:
        return f"relu-1   {row['updates']:>5} updates  losses: KS {row['ks']:.2f} ≤ 1.63  {verdict}"
    name = f"{row['cell']}-{row['units']}"
    quantiles = f"median {row['median']:.0e}  90 % {row['p90']:.0e}  worst {row['worst']:.0e}"
    return f"{name:<9}{row['updates']:>5} updates  {quantiles}  {verdict}"


if __name__ == "__main__":
    sys.exit(main())
