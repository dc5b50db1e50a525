"""What the counting study is held against: an earlier replication, and what would be accepted.

The tables of the paper (El-Naggar, Madhyastha, Weyde 2022, arXiv 2211.16429) were not at hand. The
targets are those of an independent replication in C of its published code: 96 LSTM, 76 GRU and 120
ReLU seeds, the same splits and settings, other random strings. Where the paper's own number is
known it stands beside them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

LABELS = {"lstm": "LSTM", "gru": "GRU", "relu": "ReLU"}
WHO = {**LABELS, "pooled": "all three", "constant": "cannot count"}
REPLICATED = {  # how many seeds the replication had, and how many of them learned
    "seeds": {"lstm": 96, "gru": 76, "relu": 120},
    "learned": {"lstm": 94, "gru": 76, "relu": 33},
}


@dataclass(frozen=True, kw_only=True)
class Measure:
    """One line of the study.

    Attributes
    ----------
    key
        By which `summarise` gives our number.
    experiment
        ``E1`` to ``E5``.
    words
        What is measured.
    kind
        How it is written and compared: as a share of the ``seeds``, of those that ``learned`` or
        of strings (``share``), a ``count`` of symbols or brackets, a ``number``, one from 0 to 1
        (``unit``), or one of which only the ``size`` matters.
    targets
        The replication's number, by cell (or ``pooled``, or ``constant``: a model that cannot
        count).
    accepted
        Bounds within which our number should lie, both included, by cell.
    paper
        The paper's own number, by cell, as it is known.

    """

    key: str
    experiment: str
    words: str
    kind: str
    targets: Mapping[str, float]
    accepted: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    paper: Mapping[str, str] = field(default_factory=dict)


def by_cell(lstm: float, gru: float, relu: float, **others: float) -> dict[str, float]:
    """Return the numbers of the three cells, and those of others, by name."""
    return {"lstm": lstm, "gru": gru, "relu": relu, **others}


EXPERIMENTS = {
    "E1": "How many seeds learn, and how well",
    "E2": "How far they are right on 2,000 symbols",
    "E3": "How deep they count, and how they go wrong",
    "E4": "Whether the validation loss foretells it",
    "E5": "How near the weights come to exact counting",
}
MEASURES = (
    Measure(
        key="success",
        experiment="E1",
        words="seeds that learned: at least 99 % of the validation strings right at the best epoch",
        kind="seeds",
        targets=by_cell(94 / 96, 1, 33 / 120),
        accepted={"lstm": (0.95, 1), "gru": (0.98, 1), "relu": (0.15, 0.45)},
        paper={"relu": "10 of 35 runs usable (28.6 %)"},
    ),
    Measure(
        key="constant_last",
        experiment="E1",
        words="seeds that are a constant predictor at epoch 20",
        kind="seeds",
        targets=by_cell(0, 0, 71 / 120),
    ),
    Measure(
        key="train_accuracy",
        experiment="E1",
        words="training strings right (seeds that learned, best epoch)",
        kind="share",
        targets=by_cell(1, 0.9998, 0.9998),
    ),
    Measure(
        key="validation_accuracy",
        experiment="E1",
        words="validation strings right",
        kind="share",
        targets=by_cell(1, 0.9997, 0.9997),
    ),
    Measure(
        key="long_accuracy",
        experiment="E1",
        words="long strings (52 to 100) right",
        kind="share",
        targets=by_cell(0.9998, 0.916, 0.923),
        accepted={"lstm": (0.995, 1), "gru": (0.85, 0.97)},
    ),
    Measure(
        key="validation_loss",
        experiment="E1",
        words="mean of the best validation losses",
        kind="size",
        targets=by_cell(1.1e-11, 1.4e-5, 3.6e-4),
    ),
    Measure(
        key="best_epoch",
        experiment="E1",
        words="mean best epoch",
        kind="number",
        targets=by_cell(20.0, 19.6, 12.2),
    ),
    Measure(
        key="nested_fpf_last",
        experiment="E2",
        words="mean FPF on nested (seeds that learned, epoch 20)",
        kind="count",
        targets=by_cell(1590, 582, 1232, constant=1351),
    ),
    Measure(
        key="zigzag_fpf_last",
        experiment="E2",
        words="mean FPF on zigzag",
        kind="count",
        targets=by_cell(655, 406, 535, constant=455),
    ),
    Measure(
        key="concatenated_fpf_last",
        experiment="E2",
        words="mean FPF on concatenated",
        kind="count",
        targets=by_cell(929, 483, 744, constant=934),
    ),
    Measure(
        key="nested_accuracy_last",
        experiment="E2",
        words="nested strings right",
        kind="share",
        targets=by_cell(0, 0, 0),
    ),
    Measure(
        key="zigzag_accuracy_last",
        experiment="E2",
        words="zigzag strings right",
        kind="share",
        targets=by_cell(0.08, 0.057, 0.064),
    ),
    Measure(
        key="horizon_least",
        experiment="E3",
        words="least nesting horizon (seeds that learned, best epoch)",
        kind="count",
        targets=by_cell(35, 19, 20),
    ),
    Measure(
        key="horizon_median",
        experiment="E3",
        words="median nesting horizon",
        kind="count",
        targets=by_cell(78, 22, 43),
        accepted={"lstm": (60, 100), "gru": (18, 26), "relu": (20, 60)},
    ),
    Measure(
        key="horizon_most",
        experiment="E3",
        words="greatest nesting horizon",
        kind="count",
        targets=by_cell(121, 30, 119),
    ),
    Measure(
        key="early_beyond",
        experiment="E3",
        words="seeds whose first mistake beyond the horizon is an early zero",
        kind="learned",
        targets=by_cell(1, 1, 19 / 33),
        accepted={"lstm": (0.98, 1), "gru": (0.98, 1)},
    ),
    Measure(
        key="early_zigzags",
        experiment="E3",
        words="seeds whose every zigzag mistake is an early zero",
        kind="learned",
        targets={},
        accepted={"lstm": (0.98, 1), "gru": (0.98, 1)},
    ),
    Measure(
        key="steps_beyond_peak",
        experiment="E3",
        words="on zigzags of n from 250: first mistake minus n, median (target: epoch 30)",
        kind="count",
        targets={"gru": 61},
    ),
    Measure(
        key="share_of_peak",
        experiment="E3",
        words="on zigzags of n from 100: first mistake over 2n, median (target: epoch 30)",
        kind="unit",
        targets={"lstm": 0.984},
    ),
    Measure(
        key="r_squared",
        experiment="E4",
        words="r² of the mean FPF on nested against -ln(validation loss)",
        kind="unit",
        targets=by_cell(0.02, 0.77, 0.01, pooled=0.80),
        accepted={"lstm": (0, 0.2), "gru": (0.6, 1), "pooled": (0.6, 1)},
    ),
    Measure(
        key="spearman",
        experiment="E4",
        words="Spearman's correlation of the same",
        kind="unit",
        targets={"gru": 0.87},
    ),
    Measure(
        key="slope",
        experiment="E4",
        words="symbols per e-fold of the loss",
        kind="number",
        targets={"gru": 51},
    ),
    Measure(
        key="forget gate, worst",
        experiment="E5",
        words="forget gate, worst case, median (seeds that learned; target: epoch 30)",
        kind="unit",
        targets={"lstm": 0.83},
    ),
    Measure(
        key="forget gate, best",
        experiment="E5",
        words="forget gate, best case, median (target: epoch 30)",
        kind="unit",
        targets={"lstm": 0.9999},
    ),
    Measure(
        key="input gate, worst",
        experiment="E5",
        words="input gate, worst case, median (target: epoch 30)",
        kind="unit",
        targets={"lstm": 0.89},
    ),
    Measure(
        key="downwards",
        experiment="E5",
        words="seeds that count downwards",
        kind="learned",
        targets={"lstm": 0.38},
    ),
    Measure(key="a", experiment="E5", words="a, median", kind="number", targets={"relu": 8.7}),
    Measure(key="b", experiment="E5", words="b, median", kind="number", targets={"relu": -9.4}),
    Measure(
        key="|a/b + 1|",
        experiment="E5",
        words="deviation of a/b from -1, median",
        kind="size",
        targets={"relu": 0.077},
    ),
    Measure(
        key="|U - 1|",
        experiment="E5",
        words="deviation of U from 1, median",
        kind="size",
        targets={"relu": 0.013},
    ),
)
ZIGZAG_MEDIANS = {  # by cell, the replication's median FPF on each zigzag string at epoch 30
    "lstm": (1928, 980, 494, 396, 248, 198, 298, 298, 280, 240),
    "gru": (1061, 561, 310, 259, 181, 153, 89, 48, 118, 338),
    "relu": (1999, 999, 499, 399, 249, 199, 99, 49, 39, 19),
}
