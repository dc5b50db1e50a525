"""What is left of the counting study on disk: tables, one JSON document, pictures, a report."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import pandas as pd

from countviz.analysis.count.first_mistakes import EARLY_ZERO, KINDS, NONE
from countviz.studies.counting import FAMILIES, Counting
from countviz.studies.counting_claims import judge_claims
from countviz.studies.counting_figures import draw_counting
from countviz.studies.counting_summary import Comparison, compare, fit_checkpoints
from countviz.studies.counting_targets import (
    EXPERIMENTS,
    LABELS,
    MEASURES,
    REPLICATED,
    WHO,
    ZIGZAG_MEDIANS,
)
from countviz.words import join_words

_LISTED = 20  # so many exceptions are listed one by one
_FORMATS = {"count": "{:,.4g}", "number": "{:.4g}", "unit": "{:.3f}", "size": "{:.2g}"}


def write_counting(counting: Counting, folder: Path) -> tuple[Path, ...]:
    """Write the study into a folder, over what an earlier one left there; return the files."""
    folder.mkdir(parents=True, exist_ok=True)
    tables = {
        "seeds.csv": counting.seeds,
        "checkpoints.csv": counting.checkpoints,
        "zigzags.csv": counting.zigzags,
        "draws.csv": counting.draws,
    }
    for name, table in tables.items():
        table.to_csv(folder / name, index=False, lineterminator="\n", float_format="%.9g")
    document = json.dumps(describe_counting(counting), indent=1, allow_nan=False)
    (folder / "counting.json").write_text(document + "\n", encoding="utf-8")
    (folder / "README.md").write_text(tell_counting(counting), encoding="utf-8")
    names = ["README.md", "counting.json", *tables, *draw_counting(counting, folder)]
    return tuple(folder / name for name in names)


def describe_counting(counting: Counting) -> dict[str, object]:
    """Return the study as JSON has it; None is what could not be measured."""
    comparisons = [
        {
            "experiment": one.measure.experiment,
            "measure": one.measure.key,
            "cell": one.cell,
            "ours": one.ours if math.isfinite(one.ours) else None,
            "target": one.target,
            "accepted": one.accepted,
            "inside": one.inside,
            "differs": one.differs,
            "paper": one.measure.paper.get(one.cell),
        }
        for one in compare(counting)
    ]
    fits = {
        cell: {key: value if math.isfinite(value) else None for key, value in asdict(fit).items()}
        for cell, fit in fit_checkpoints(counting).items()
    }
    return {
        "command": _command(counting),
        "identities": counting.identities,
        "constant_predictor_fpf": counting.constants,
        "comparisons": comparisons,
        "claims": [asdict(claim) for claim in judge_claims(counting)],
        "fits": fits,
    }


def tell_counting(counting: Counting) -> str:
    """Return the study's report, in Markdown."""
    comparisons = compare(counting)
    sections = [
        "# How far does one unit count?",
        _tell_origin(counting),
        tell_verdict(comparisons),
        *_tell_failures(counting),
        "## What the paper claims",
        *_tell_claims(counting),
    ]
    for key, title in EXPERIMENTS.items():
        sections += [f"## {key}. {title}", _tabulate(comparisons, key)]
        sections += _REMARKS.get(key, lambda counting: [])(counting)
    sections += ["## Where our numbers are not the targets", _tell_differences(comparisons)]
    return "\n\n".join(sections) + "\n"


def _command(counting: Counting) -> str:
    seeds = counting.seeds["cell"].value_counts().max()
    return f"python -m countviz reproduce counting --seeds {seeds}"


def _tell_origin(counting: Counting) -> str:
    seeds = counting.seeds.groupby("cell").size()
    ours = join_words([f"{seeds[cell]} {LABELS[cell]}" for cell in FAMILIES if cell in seeds])
    theirs = join_words([f"{n} {LABELS[cell]}" for cell, n in REPLICATED["seeds"].items()])
    return (
        f"Written by `{_command(counting)}`; every number and sentence is computed. {ours} seeds "
        "of one unit, trained by the protocol of El-Naggar, Madhyastha and Weyde "
        "([arXiv 2211.16429](https://arxiv.org/abs/2211.16429)). *Target* is what an independent "
        f"replication of their code found with {theirs} seeds; *accepted* is where our number "
        "should lie; *paper* is their own number where it is known. A seed learned if it judges "
        "at least 99 % of the validation strings right at its best epoch, that of the lowest mean "
        "validation loss up to epoch 20. FPF, the first point of failure, is the first wrong step "
        "counted from 0; a string without one counts its length."
    )


def tell_verdict(comparisons: Sequence[Comparison]) -> str:
    """Say which numbers lie outside of what is accepted."""
    held = [one for one in comparisons if one.accepted]
    outside = [one for one in held if not one.inside]
    said = f"{len(held) - len(outside)} of {len(held)} numbers lie in their accepted range."
    for one in outside:
        low, high = (_write(bound, one) for bound in one.accepted)
        said += (
            f" Outside: {one.measure.words}, {WHO[one.cell]}: {_write(one.ours, one)} "
            f"(accepted: {low} to {high})."
        )
    return said


def _tell_failures(counting: Counting) -> Iterator[str]:
    for cell, seeds in counting.seeds.groupby("cell", sort=False):
        failed = seeds.loc[~seeds["learned"], "seed"].tolist()
        if failed:
            numbers = ", ".join(map(str, failed))
            yield f"{len(failed)} of {len(seeds)} {LABELS[cell]} seeds did not learn: {numbers}."


def _tell_claims(counting: Counting) -> Iterator[str]:
    for claim in judge_claims(counting):
        verdict = "Holds here" if claim.holds else "Does not hold here"
        yield f"- {claim.text} ({claim.source}) **{verdict}.** {claim.evidence}"


def _write(value: float | None, one: Comparison) -> str:
    if value is None or not math.isfinite(value):
        return "unknown"
    return _FORMATS.get(one.measure.kind, "{:.2%}").format(value)


def _tabulate(comparisons: Sequence[Comparison], experiment: str) -> str:
    rows = ["| measure | of | ours | target | accepted | inside | paper |", "|" + "---|" * 7]
    before = None
    for one in [one for one in comparisons if one.measure.experiment == experiment]:
        accepted = inside = target = ""
        if one.accepted:
            accepted = " to ".join(_write(bound, one) for bound in one.accepted)
            inside = "yes" if one.inside else "**no**"
        if one.target is not None:
            target = _write(one.target, one)
        words = "" if one.measure is before else one.measure.words.replace("|", "\\|")
        paper, before = one.measure.paper.get(one.cell, ""), one.measure
        cells = words, WHO[one.cell], _write(one.ours, one), target, accepted, inside, paper
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def _tell_differences(comparisons: Sequence[Comparison]) -> str:
    different = [
        f"- {one.measure.words}, {WHO[one.cell]}: {_write(one.ours, one)} "
        f"instead of {_write(one.target, one)}."
        for one in comparisons
        if one.differs
    ]
    intro = (
        f"{len(different)} of {sum(one.target is not None for one in comparisons)} numbers differ. "
        "Shares of seeds do so beyond two standard errors of their difference, shares of strings "
        "beyond 2 percentage points, numbers from 0 to 1 beyond 0.1, losses and deviations beyond "
        "a factor of two, all others beyond a tenth of the target."
    )
    return "\n".join([intro, "", *different])


def _remark_on_sets(counting: Counting) -> Iterator[str]:
    constant = counting.draws.groupby("data_seed")["constant"].first()
    yield (
        "The long strings are built of 23 random ones, so how hard they are is itself a draw of "
        f"lots. On nested sets of {constant.size} other data seeds the mean FPF of a model that "
        f"cannot count is {constant.min():,.0f} to {constant.max():,.0f}. The replication drew "
        "other strings for its concatenated set; ours is built of those of the nested set."
    )
    targets = next(one.targets for one in MEASURES if one.key == "nested_fpf_last")
    for cell, fpf in counting.draws.dropna().groupby("cell", sort=False)["fpf"]:
        low, high, target = fpf.min(), fpf.max(), targets[cell]
        where = "inside of" if low <= target <= high else "outside of"
        yield (
            f"There the {LABELS[cell]} seeds that learned have {low:,.0f} to {high:,.0f}; the "
            f"target, {target:,}, lies {where} these bounds."
        )


def _remark_on_zigzags(counting: Counting) -> Iterator[str]:
    columns = ["cell", "seed", "nesting_horizon"]
    rows = counting.zigzags.merge(counting.seeds.loc[counting.seeds["learned"], columns])
    medians = rows.groupby(["cell", "n"])["fpf_last"].median()
    peaks = sorted(counting.zigzags["n"].unique(), reverse=True)
    table = ["| median FPF on zigzags, n = | " + " | ".join(f"{n}" for n in peaks) + " |"]
    table.append("|" + "---|" * (len(peaks) + 1))
    for cell in [cell for cell in FAMILIES if cell in medians.index.levels[0]]:
        ours = [f"{medians[cell, n]:,.0f}" for n in peaks]
        theirs = [f"{fpf:,}" for fpf in ZIGZAG_MEDIANS[cell]]
        table.append(f"| {LABELS[cell]}, epoch 20 | {' | '.join(ours)} |")
        table.append(f"| target, epoch 30 | {' | '.join(theirs)} |")
    yield "\n".join(table)
    wrong = rows[rows["mistake"] != KINDS[NONE]]
    for cell, some in wrong.groupby("cell", sort=False):
        yield _tell_exceptions(cell, some)


def _tell_exceptions(cell: str, mistakes: pd.DataFrame) -> str:
    """Say which first mistakes on zigzags are no early zeros, and on what kind of peak."""
    other = mistakes[mistakes["mistake"] != KINDS[EARLY_ZERO]]
    said = (
        f"On zigzags {len(mistakes) - len(other):,} of {len(mistakes):,} first mistakes of "
        f"{LABELS[cell]} units are early zeros."
    )
    if other.empty:
        return said
    peak = (other["fpf"] + 1) // (2 * other["n"])
    kinds = other["mistake"].value_counts()
    later = (peak > 1) & (other["n"] <= other["nesting_horizon"])
    said += (
        f" The others, {join_words([f'{count} {kind}' for kind, count in kinds.items()])}, are "
        f"mistakes of {other['seed'].nunique()} seeds on peaks {other['n'].min()} to "
        f"{other['n'].max()} deep. {later.sum()} of them come after the first peak, at a depth "
        "within the seed's own horizon: one such peak is judged right, so it is what a peak "
        "leaves behind that misleads the seed later."
    )
    if len(other) <= _LISTED:
        each = [
            f"seed {row.seed}, n = {row.n}, {row.mistake} at step {row.fpf:,}"
            for row in other.itertuples()
        ]
        said += f" They are: {'; '.join(each)}."
    return said


def _remark_on_fits(counting: Counting) -> Iterator[str]:
    for cell, fit in fit_checkpoints(counting).items():
        yield f"{WHO[cell]}: {fit.sentence()}"
    yield "![Mean FPF on nested against the validation loss](loss.svg)"


_REMARKS = {
    "E2": _remark_on_sets,
    "E3": lambda counting: [
        *_remark_on_zigzags(counting),
        "![Nesting horizons of all seeds](horizons.svg)",
        "![First mistakes on zigzag strings](zigzag.svg)",
    ],
    "E4": _remark_on_fits,
}
