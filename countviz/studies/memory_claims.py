"""What the second paper claims, each claim held against our numbers.

The claims are those of the abstract and the discussion of Das and Mali (2024, arXiv 2410.03154).
Whether one is supported here is computed, never typed, and undecided as long as too little has run.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from countviz.next_symbols import BINS
from countviz.studies.memory import (
    CONTROLLER,
    MEMORY,
    MODES,
    NOTHING,
    Setting,
    make_settings,
)
from countviz.studies.memory_folder import Study
from countviz.studies.memory_summary import (
    BETTER,
    ERRORS,
    LEVEL,
    WORSE,
    Difference,
    average_target_retention,
    compare_modes,
    compare_targets,
    find_bounds,
    find_luck,
    has_memory,
    retention,
    spread_accuracy,
)

SUPPORTED, NOT_SUPPORTED, UNDECIDED = "supported", "not supported", "undecided"
CLOSE_TO_NINETY, UP_TO_SIXTY = 0.85, 0.55  # as wide as the claims may be read
ENOUGH = 0.5  # the share of the families that a claim is about which must have run
FULLY_TRAINED, TRIVIAL = 0.03, 0.01  # how far from the paper, and from the trivial predictor


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A claim of the paper, and what we find.

    Attributes
    ----------
    text, source
        What is claimed, and where in the paper.
    verdict
        Supported, not supported or undecided.
    evidence
        The numbers that say so, ours and the paper's own.

    """

    text: str
    source: str
    verdict: str
    evidence: str


def judge_claims(study: Study) -> tuple[Claim, ...]:
    """Hold every claim against what has run."""
    judged = []
    for text, source, judge in _CLAIMS:
        verdict, evidence = judge(study)
        judged.append(Claim(text=text, source=source, verdict=verdict, evidence=evidence))
    return tuple(judged)


def _weigh_frozen_memory(study: Study) -> tuple[str, str]:
    found = list(compare_modes(study, MEMORY))
    total = sum(one.mode == MEMORY for one in make_settings())
    said = (
        f"{len(found) // len(BINS)} of {total} pairs have run, each of equal seeds. Of the paper's "
        "numbers those of its LSTM with a frozen memory, which it does not have, are up to "
        f"{100 * find_luck():.0f} points from those of its free LSTM: that is luck. "
    )
    counts = Counter(one.verdict for one in found)
    for place, (low, high) in enumerate(BINS):
        some = [one for one in found if one.place == place]
        if some:
            said += f"Strings of {low} to {high} symbols: {_tell_differences(some, place)} "
    if len(found) < ENOUGH * total * len(BINS):
        return UNDECIDED, said + "That is too few to say."
    if counts[BETTER] >= max(2 * counts[WORSE], len(found) / 2):
        return SUPPORTED, said
    if counts[WORSE] >= counts[BETTER] or counts[BETTER] < len(found) / 4:
        return NOT_SUPPORTED, said
    return UNDECIDED, said


def _tell_differences(some: Sequence[Difference], place: int) -> str:
    ours, theirs = Counter(one.verdict for one in some), compare_targets(MEMORY, place)
    points = 100 * np.mean([one.mean for one in some])
    best = 100 * np.mean([one.best for one in some])
    return (
        f"{ours[BETTER]} better with the memory frozen, {ours[WORSE]} worse, {ours[LEVEL]} level, "
        f"{points:+.1f} points on average and {best:+.1f} between the best seeds (the paper's own "
        f"tables: {theirs[BETTER]} better, {theirs[WORSE]} worse, {theirs[LEVEL]} level)."
    )


def _weigh_retention(study: Study) -> tuple[str, str]:
    said, means, errors = [], {}, {}
    for mode in MODES:
        own = [one for s, one in study.outcomes.items() if s.mode == mode and has_memory(s)]
        if own:
            parts = np.array([retention(one).mean for one in own])
            means[mode] = parts.mean()
            errors[mode] = parts.std(ddof=1) / np.sqrt(parts.size) if parts.size > 1 else np.inf
            below = sum(_is_below_trivial(one.setting, study) for one in own)
            said.append(
                f"{mode} frozen: {means[mode]:.2f} over {len(own)} families (the paper's best "
                f"seeds: {average_target_retention(mode):.2f}), {below} of them below the trivial "
                "predictor on the longest strings"
            )
    if not said:
        return UNDECIDED, "Nothing with a stack has run."
    evidence = (
        "Accuracy on 200 to 400 symbols over that on 40 to 100, systems with a stack: "
        f"{'; '.join(said)}. The trivial predictor, which remembers one symbol, retains "
        f"{_average_trivial_retention(study):.2f}."
    )
    ran = sum(s.mode == MEMORY for s in study.outcomes)
    if ran < ENOUGH * sum(s.mode == MEMORY for s in make_settings()):
        return UNDECIDED, f"{evidence} Too few families have run to say."
    low, high = (means[MEMORY] + k * ERRORS * errors[MEMORY] for k in (-1, 1))
    if low >= CLOSE_TO_NINETY:
        return SUPPORTED, evidence
    return (NOT_SUPPORTED if high < CLOSE_TO_NINETY else UNDECIDED), evidence


def _is_below_trivial(setting: Setting, study: Study) -> bool:
    last = len(BINS) - 1
    mean = spread_accuracy(study.outcomes[setting], last).mean
    return mean < find_bounds(setting.task, last).trivial.symbols


def _average_trivial_retention(study: Study) -> float:
    tasks = {setting.task for setting in study.outcomes}
    scores = [[find_bounds(task, p).trivial.symbols for p in (0, len(BINS) - 1)] for task in tasks]
    return float(np.mean([longest / shortest for shortest, longest in scores])) if scores else 1.0


def _weigh_drop(study: Study) -> tuple[str, str]:
    own = {s: one for s, one in study.outcomes.items() if s.mode == NOTHING}
    total = sum(one.mode == NOTHING for one in make_settings())
    if not own:
        return UNDECIDED, "Nothing has run."
    drops = {setting: 1 - retention(one).best for setting, one in own.items()}
    seeds = {setting: 1 - retention(one).least for setting, one in own.items()}
    most, worst = max(drops, key=drops.__getitem__), max(seeds, key=seeds.__getitem__)
    evidence = (
        f"Of {len(own)} of {total} fully trained systems the best seed loses most on {most.task}, "
        f"{most.system}: {drops[most]:.0%} of its accuracy from the shortest to the longest "
        f"strings. Over all seeds the most is {seeds[worst]:.0%} ({worst.task}, {worst.system}). "
        f"The median best seed loses {np.median([*drops.values()]):.0%}. In the paper's tables "
        "the most is 61% (marked-reverse-and-copy, jm-3.3.3, 0.80 to 0.31)."
    )
    if drops[most] >= UP_TO_SIXTY:
        return SUPPORTED, evidence
    return (NOT_SUPPORTED if len(own) == total else UNDECIDED), evidence


def _weigh_frozen_controller(study: Study) -> tuple[str, str]:
    said, near = [], []
    for system in ("lstm", "jm-hidden"):
        outcome = study.outcomes.get(Setting("count-3", system, CONTROLLER))
        if outcome is None:
            return UNDECIDED, f"{system} with a frozen controller has not run."
        best = [spread_accuracy(outcome, place).best for place in range(len(BINS))]
        near.append(abs(best[0] - 0.96) <= TRIVIAL)
        said.append(f"{system}: {_slash(best)}")
    trivial = [find_bounds("count-3", place).trivial.symbols for place in range(len(BINS))]
    evidence = (
        f"Best seeds by bin: {'; '.join(said)}. Repeating the last symbol, which needs no memory, "
        f"gives {_slash(trivial)}."
    )
    return (SUPPORTED if all(near) else NOT_SUPPORTED), evidence


def _slash(values: Sequence[float]) -> str:
    return " / ".join(f"{value:.3f}" for value in values)


@dataclass(frozen=True, kw_only=True)
class Check:
    """Whether a number is where it must be if the study reproduces the paper's set-up."""

    text: str
    ours: float | None
    target: float
    within: float

    @property
    def holds(self) -> bool | None:
        """Whether it is; None if it has not run."""
        return None if self.ours is None else abs(self.ours - self.target) <= self.within


def make_checks(study: Study, targets: dict[Setting, float]) -> tuple[Check, ...]:
    """Return the checks; targets are accuracies on the shortest strings, nothing frozen."""
    checks = []
    for setting, target in targets.items():
        outcome = study.outcomes.get(setting)
        checks.append(
            Check(
                text=f"{setting.task}, {setting.system}, nothing frozen: accuracy of the best seed "
                "on 40 to 100 symbols, beside the paper's",
                ours=outcome and spread_accuracy(outcome, 0).best,
                target=target,
                within=FULLY_TRAINED,
            )
        )
    outcome = study.outcomes.get(Setting("count-3", "lstm", CONTROLLER))
    for place, (low, high) in enumerate(BINS):
        checks.append(
            Check(
                text=f"count-3, lstm, controller frozen: accuracy of the best seed on {low} to "
                f"{high} symbols, beside the trivial predictor's",
                ours=outcome and spread_accuracy(outcome, place).best,
                target=find_bounds("count-3", place).trivial.symbols,
                within=TRIVIAL,
            )
        )
    return tuple(checks)


_Judge = Callable[[Study], tuple[str, str]]
_CLAIMS: tuple[tuple[str, str, _Judge], ...] = (
    ("Frozen memory is consistently better.", "abstract", _weigh_frozen_memory),
    ("With a frozen memory close to 90 % is retained on longer strings.", "abstract",
     _weigh_retention),
    ("Fully trained, up to 60 % is lost on longer strings.", "abstract", _weigh_drop),
    ("Freezing the controller keeps LSTM and jm-hidden at 96 % on count-3.", "discussion",
     _weigh_frozen_controller),
)  # fmt: skip
