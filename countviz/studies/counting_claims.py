"""What the paper claims, each claim held against our numbers.

The claims are those of the abstract of El-Naggar, Madhyastha and Weyde (2022, arXiv 2211.16429),
and two that third parties' summaries add. Whether one holds here is computed, never typed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from countviz.studies.counting import Counting
from countviz.studies.counting_summary import POOLED, summarise
from countviz.studies.counting_targets import LABELS, WHO
from countviz.words import join_words

ABSTRACT, SUMMARY = "abstract", "third-party summary"
SATURATED = 0.99  # from where on a gate, or a share of seeds, counts as one
RELATED = 0.5  # from which r² on two numbers count as related
Numbers = Mapping[tuple[str, str], float]


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A claim of the paper, and what we find.

    Attributes
    ----------
    text, source
        What is claimed, and where it was read.
    holds
        Whether our numbers say the same.
    evidence
        Those numbers.

    """

    text: str
    source: str
    holds: bool
    evidence: str


def judge_claims(counting: Counting) -> tuple[Claim, ...]:
    """Hold every claim against the study's numbers."""
    ours = summarise(counting)
    judged = []
    for text, source, judge in _CLAIMS:
        holds, evidence = judge(ours, counting)
        evidence = re.sub(r"\bnan%?", "unknown", evidence)  # of cells that no seed learned
        judged.append(Claim(text=text, source=source, holds=bool(holds), evidence=evidence))
    return tuple(judged)


def _fail_when_longer(ours: Numbers, counting: Counting) -> tuple[bool, str]:
    long, nested = ours["long_accuracy", "lstm"], ours["nested_accuracy_last", "lstm"]
    return nested < 0.5 < long, (
        f"LSTMs that learned judge {long:.2%} of the strings of up to 100 symbols right and "
        f"{nested:.2%} of the nested ones of 2,000; none of {_count_learned(counting, 'lstm')} "
        f"nests deeper than {ours['horizon_most', 'lstm']:,.0f}."
    )


def _vary_more(ours: Numbers, counting: Counting) -> tuple[bool, str]:
    spread = counting.seeds.groupby("cell")["nested_fpf_last"].agg(["mean", "std"])
    lstm, relu = spread.loc["lstm"], spread.loc["relu"]
    success = ours["success", "lstm"], ours["success", "relu"]
    return relu["std"] > lstm["std"] and relu["mean"] < lstm["mean"], (
        f"Over all seeds at epoch 20 the mean FPF on nested is {relu['mean']:,.0f} ± "
        f"{relu['std']:,.0f} for ReLU and {lstm['mean']:,.0f} ± {lstm['std']:,.0f} for LSTM units "
        f"(standard deviations); {success[1]:.0%} and {success[0]:.0%} learned. A model that "
        f"cannot count has {counting.constants['nested']:,.0f}."
    )


def _order(ours: Numbers, counting: Counting) -> tuple[bool, str]:
    fpf = {cell: ours["nested_fpf_last", cell] for cell in LABELS}
    order = sorted(fpf, key=fpf.__getitem__, reverse=True)
    learned = counting.seeds[counting.seeds["learned"]]
    spread = learned.groupby("cell")["nested_fpf_last"].std().reindex([*LABELS])
    numbers = [f"{LABELS[cell]} {fpf[cell]:,.0f} ± {spread[cell]:,.0f}" for cell in order]
    widest = spread["relu"] > max(spread["lstm"], spread["gru"])
    return order[:2] == ["lstm", "gru"] and widest, (
        f"Mean FPF on nested of the seeds that learned: {', '.join(numbers)}."
    )


def _foretell(ours: Numbers, counting: Counting) -> tuple[bool, str]:
    squares = {cell: ours["r_squared", cell] for cell in (*LABELS, POOLED)}
    said = [f"{WHO[cell]} {square:.2f}" for cell, square in squares.items()]
    weak = [WHO[cell] for cell, square in squares.items() if not square >= RELATED]
    within = f" Not so within {join_words(weak)}." if weak else ""
    return squares[POOLED] >= RELATED, f"r² over checkpoints: {join_words(said)}.{within}"


def _fail_differently(ours: Numbers, counting: Counting) -> tuple[bool, str]:
    early = {cell: ours["early_beyond", cell] for cell in LABELS}
    steps, share = ours["steps_beyond_peak", "gru"], ours["share_of_peak", "lstm"]
    return early["relu"] < SATURATED <= min(early["lstm"], early["gru"]) and share > 0.9, (
        f"The first mistake beyond the horizon is an early zero for {early['lstm']:.0%} of the "
        f"LSTMs that learned, {early['gru']:.0%} of the GRUs, {early['relu']:.0%} of the ReLU "
        f"units. On high peaks the median LSTM errs at {share:.3f} of 2n, the median GRU "
        f"{steps:.0f} steps past the peak."
    )


def _stay_unsaturated(ours: Numbers, counting: Counting) -> tuple[bool, str]:
    gates = {name: ours[f"{name}, worst", "lstm"] for name in ("input gate", "forget gate")}
    learned = counting.seeds.query("cell == 'relu' and learned")
    least = learned["deviation"].min()
    said = " and ".join(f"{name} {value:.3f}" for name, value in gates.items())
    return max(gates.values()) < SATURATED and least > 0, (
        f"The median LSTM's worst cases are {said}, where 1 is saturated; the ReLU unit nearest to "
        f"a/b = -1 and U = 1 is {least:.2g} away."
    )


def _count_learned(counting: Counting, cell: str) -> int:
    return int(counting.seeds.query("cell == @cell")["learned"].sum())


_Judge = Callable[[Numbers, Counting], tuple[bool, str]]
_CLAIMS: tuple[tuple[str, str, _Judge], ...] = (
    ("LSTMs fail on strings far longer than those of training.", ABSTRACT, _fail_when_longer),
    ("ReLU networks vary more and are mostly worse.", ABSTRACT, _vary_more),
    ("Long-range success is related to the validation loss.", ABSTRACT, _foretell),
    ("How they fail differs between the architectures.", ABSTRACT, _fail_differently),
    (
        "Neither the LSTM's gates saturate nor do ReLU weights reach the counting configuration.",
        ABSTRACT,
        _stay_unsaturated,
    ),
    ("LSTMs are best on average, GRUs in between; ReLU spreads widest.", SUMMARY, _order),
)
