"""Measure how far a hundred seeds each of an LSTM, a GRU and a ReLU unit count.

The questions are those of El-Naggar, Madhyastha and Weyde (2022, arXiv 2211.16429): how many learn
(E1), how far they are right on strings forty times as long as any in training (E2), how they go
wrong (E3), whether the validation loss foretells it (E4), and how near their weights come to those
of an exact counter (E5). A seed that failed to learn is a row like any other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from countviz.analysis.count.first_mistakes import KINDS, classify_mistakes
from countviz.analysis.seeds.endurance import fail_constantly
from countviz.analysis.seeds.luck import PRECISION, Seeds, measure_luck
from countviz.analysis.weights.indicators import measure_indicators
from countviz.datasets import Encoded, encode_strings
from countviz.families import Family
from countviz.judging import Failures, encode_nests, find_failures
from countviz.languages import find_language
from countviz.published_sets import LANGUAGE, PEAKS, make_set

FAMILIES = {"lstm": "lstm1-dyck1", "gru": "gru1-dyck1", "relu": "relu1-dyck1"}  # by cell
LONG_SETS = ("nested", "zigzag", "concatenated")
OTHER_SETS = ("train", "validation", "long")
LAST = 20  # the epoch at which all seeds are compared, beside each one's best
EVERY = 5  # epochs between two checkpoints of the regressions
SOUND = 0.95  # share of validation strings that a checkpoint of the regressions must judge right
OTHER_DRAWS = range(1, 11)  # data seeds of further nested sets


@dataclass(frozen=True, eq=False, kw_only=True)
class Counting:
    """What the study measured.

    Attributes
    ----------
    seeds
        A row a seed: its best epoch, losses, accuracies, horizon, mistakes and indicators. Columns
        that end in ``_last`` belong to epoch 20, all others to the best epoch.
    checkpoints
        A row a seed and every fifth epoch: validation loss and accuracy, mean FPF on nested.
    zigzags
        A row a seed and zigzag string: its first point of failure, and the kind of mistake.
    draws
        A row a further draw of the nested set and cell: the mean FPF of those that learned, and
        that of a model that cannot count.
    constants
        By set, the mean FPF of a model that cannot count.
    identities
        By cell, the identity of the spec that was trained.

    """

    seeds: pd.DataFrame
    checkpoints: pd.DataFrame
    zigzags: pd.DataFrame
    draws: pd.DataFrame
    constants: dict[str, float]
    identities: dict[str, str]


def encode_set(name: str, data_seed: int = 0) -> Encoded:
    """Return a published set as the kernels read it."""
    return encode_strings(find_language(LANGUAGE), make_set(name, data_seed))


def measure_counting(
    families: Mapping[str, Family],
    report: Callable[[str], None] = lambda remark: None,
    other_draws: Sequence[int] = OTHER_DRAWS,
) -> Counting:
    """Measure the families of the study.

    Parameters
    ----------
    families
        By their cells; all of one unit, kept to epoch 20.
    report
        Is called with every family and every further draw, before it is measured.
    other_draws
        The data seeds of further nested sets.

    """
    sets = {name: encode_set(name) for name in (*OTHER_SETS, *LONG_SETS)}
    seeds, checkpoints, zigzags = [], [], []
    for family in families.values():
        report(f"{family.name}: {len(family.seeds)} seeds")
        seeds.append(_measure_seeds(family, sets))
        checkpoints.append(_measure_checkpoints(family, sets["nested"]))
        best = seeds[-1]["best_epoch"].tolist()
        zigzags.append(_measure_zigzags(family, best, sets["zigzag"]))
    rows = pd.concat(seeds, ignore_index=True)
    return Counting(
        seeds=rows,
        checkpoints=pd.concat(checkpoints, ignore_index=True),
        zigzags=pd.concat(zigzags, ignore_index=True),
        draws=_measure_draws(families, rows, other_draws, report),
        constants={name: float(fail_constantly(sets[name]).mean()) for name in LONG_SETS},
        identities={cell: family.spec.identity for cell, family in families.items()},
    )


def count_reports(families: int) -> int:
    """Say how often `measure_counting` reports."""
    return families + len(OTHER_DRAWS)


def _judge(family: Family, epochs: list[int], strings: Encoded) -> Failures:
    vectors = family.vectors(family.seeds, epochs)
    return find_failures(family.spec, vectors, strings, precision=PRECISION)


def _right(failures: Failures) -> np.ndarray:
    """Return the share of strings [M] that each model judges right."""
    return (failures.continuation < 0).mean(axis=1)


def _measure_seeds(family: Family, sets: Mapping[str, Encoded]) -> pd.DataFrame:
    luck = measure_luck(family)
    best, last = luck.epochs.tolist(), [LAST] * luck.seeds.size
    columns = {
        "cell": family.spec.cell,
        "seed": luck.seeds,
        "model": luck.addresses,
        "best_epoch": luck.epochs,
        "learned": luck.learned,
        "constant_last": _find_constant(family, sets["validation"]),
        "validation_loss": luck.loss,
        "validation_accuracy": luck.accuracy,
    }
    for name in ("train", "long"):
        columns[f"{name}_accuracy"] = _right(_judge(family, best, sets[name]))
    columns["nesting_horizon"] = luck.horizon
    columns["beyond_horizon"] = _find_mistakes_beyond(family, luck)
    for suffix, epochs in (("", best), ("_last", last)):
        for name in LONG_SETS:
            failures = _judge(family, epochs, sets[name])
            columns[f"{name}_fpf{suffix}"] = failures.position.mean(axis=1)
            columns[f"{name}_accuracy{suffix}"] = _right(failures)
    frame = pd.DataFrame(columns)
    indicators = measure_indicators(family, family.seeds, best)
    return frame if indicators is None else frame.join(indicators.to_frame())


def _find_constant(family: Family, strings: Encoded) -> np.ndarray:
    """Say which seeds [S] fail at epoch 20 just where a model that cannot count does."""
    failures = _judge(family, [LAST] * len(family.seeds), strings)
    return (failures.position == fail_constantly(strings)).all(axis=1)


def _find_mistakes_beyond(family: Family, luck: Seeds) -> list[str]:
    """Return the kind of each seed's first mistake on the first nesting that it gets wrong."""
    depths = np.unique(luck.horizon + 1)
    strings = encode_nests(depths)
    kinds = classify_mistakes(_judge(family, luck.epochs.tolist(), strings), strings).kinds
    own = kinds[np.arange(luck.seeds.size), np.searchsorted(depths, luck.horizon + 1)]
    return [KINDS[kind] for kind in own]


def _measure_checkpoints(family: Family, nested: Encoded) -> pd.DataFrame:
    progress = {(row.seed, row.epoch): row for row in family.history}
    frames = []
    for epoch in range(EVERY, LAST + 1, EVERY):
        rows = [progress[seed, epoch] for seed in family.seeds]
        columns = {
            "cell": family.spec.cell,
            "seed": family.seeds,
            "epoch": epoch,
            "validation_loss": [row.validation_loss for row in rows],
            "validation_accuracy": [row.validation_accuracy for row in rows],
            "nested_fpf": _judge(family, [epoch] * len(rows), nested).position.mean(axis=1),
        }
        frames.append(pd.DataFrame(columns))
    return pd.concat(frames, ignore_index=True)


def _measure_zigzags(family: Family, best: list[int], strings: Encoded) -> pd.DataFrame:
    own, last = (_judge(family, epochs, strings) for epochs in (best, [LAST] * len(best)))
    kinds = classify_mistakes(own, strings).kinds
    columns = {
        "cell": family.spec.cell,
        "seed": np.repeat(family.seeds, len(PEAKS)),
        "n": np.tile(PEAKS, len(best)),
        "fpf": own.position.ravel(),
        "mistake": np.array(KINDS)[kinds.ravel()],
        "fpf_last": last.position.ravel(),
    }
    return pd.DataFrame(columns)


def _measure_draws(
    families: Mapping[str, Family],
    seeds: pd.DataFrame,
    data_seeds: Sequence[int],
    report: Callable[[str], None],
) -> pd.DataFrame:
    """Measure the seeds that learned, at epoch 20, on nested sets of other random strings."""
    rows = []
    for data_seed in data_seeds:
        report(f"nested set of data seed {data_seed}")
        strings = encode_set("nested", data_seed)
        constant = float(fail_constantly(strings).mean())
        for cell, family in families.items():
            learned = seeds.query("cell == @cell and learned")["seed"].tolist()
            mean = np.nan
            if learned:
                vectors = family.vectors(learned, [LAST] * len(learned))
                failures = find_failures(family.spec, vectors, strings, precision=PRECISION)
                mean = float(failures.position.mean())
            rows.append({"data_seed": data_seed, "cell": cell, "fpf": mean, "constant": constant})
    return pd.DataFrame(rows)
