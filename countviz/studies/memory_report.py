"""What is left of the memory study on disk: a report, one JSON document, a table, pictures."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from countviz.durable import write_file
from countviz.next_symbols import BINS
from countviz.studies.memory import (
    NOTHING,
    TASKS,
    Setting,
    make_settings,
    make_spec,
)
from countviz.studies.memory_claims import (
    CLOSE_TO_NINETY,
    ENOUGH,
    UP_TO_SIXTY,
    judge_claims,
    make_checks,
)
from countviz.studies.memory_counters import Counter, read_counters, tell_counters
from countviz.studies.memory_figures import draw_memory
from countviz.studies.memory_folder import Study
from countviz.studies.memory_summary import (
    ERRORS,
    SMALLEST,
    find_bounds,
    retention,
    spread_accuracy,
    tabulate_study,
)
from countviz.studies.memory_tables import NOT_RUN, explain_columns, tabulate_task
from countviz.studies.memory_targets import SOURCE, TARGETS
from countviz.words import join_words

REPORT, DOCUMENT, TABLE = "RESULTS.md", "report.json", "seeds.csv"
CHECKED = ("lstm", "jm-hidden")  # systems whose accuracy on count-3 must be the paper's


def write_memory(study: Study, folder: Path) -> tuple[Path, ...]:
    """Write the report of what has run into a study's folder; return the files."""
    table = tabulate_study(study).to_csv(index=False, lineterminator="\n", float_format="%.6g")
    counters = read_counters(folder)
    found = describe_memory(study) | {"counters": [asdict(one) for one in counters]}
    document = json.dumps(found, indent=1, allow_nan=False) + "\n"
    drawn = draw_memory(study, folder)
    texts = {REPORT: tell_memory(study, counters, drawn), DOCUMENT: document, TABLE: table}
    for name, text in texts.items():
        write_file(folder / name, text.encode())
    return tuple(folder / name for name in (*texts, *drawn))


def describe_memory(study: Study) -> dict[str, object]:
    """Return the study as JSON has it; None is what has not run or overflowed."""
    return {
        "command": _command(study),
        "protocol": asdict(study.protocol),
        "paper": SOURCE,
        "bounds": {
            task: [asdict(find_bounds(task, place)) for place in range(len(BINS))] for task in TASKS
        },
        "families": [_describe_family(study, setting) for setting in make_settings()],
        "claims": [asdict(claim) for claim in judge_claims(study)],
        "checks": [asdict(check) | {"holds": check.holds} for check in checks_of(study)],
    }


def _describe_family(study: Study, setting: Setting) -> dict[str, object]:
    outcome, target = study.outcomes.get(setting), TARGETS.get(setting)
    found: dict[str, object] = {
        **asdict(setting),
        "family": setting.name,
        "run": outcome is not None,
        "paper": target and asdict(target),
    }
    if outcome is None:
        return found
    rows = {"retention": retention(outcome)}
    for place, (low, high) in enumerate(BINS):
        rows[f"accuracy {low}-{high}"] = spread_accuracy(outcome, place)
    spreads = {key: {k: _finite(v) for k, v in asdict(one).items()} for key, one in rows.items()}
    return found | spreads | {"best_seed": outcome.seeds[outcome.best]}


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def checks_of(study: Study) -> tuple:
    """Return the checks, with the paper's accuracies on count-3."""
    settings = [Setting("count-3", system, NOTHING) for system in CHECKED]
    return make_checks(study, {one: TARGETS[one].accuracy[0] for one in settings})


def _command(study: Study) -> str:
    own = study.protocol
    return (
        f"python -m countviz reproduce memory --seeds {own.seeds} --epochs {own.epochs} "
        f"--strings {own.strings}"
    )


def tell_memory(study: Study, counters: Sequence[Counter] = (), figures: Sequence[str] = ()) -> str:
    """Return the study's report, in Markdown."""
    sections = [
        "# Do stacks generalise better if they are frozen?",
        _tell_origin(study),
        tell_progress(study),
        "## What the paper claims",
        _tell_rules(),
        *(
            f"- {claim.text} ({claim.source}) **{claim.verdict.capitalize()}.** {claim.evidence}"
            for claim in judge_claims(study)
        ),
        "## Whether the set-up is the paper's",
        *_tell_checks(study),
        "## How to read the tables",
        explain_columns(),
    ]
    for number, task in enumerate(TASKS, start=1):
        sections += [f"## {number}. {task}", tabulate_task(study, task)]
        sections += [f"![Every seed of {task}]({name})" for name in figures if task == name[:-4]]
    sections += ["## Counters with a stack", *tell_counters(counters)]
    return "\n\n".join(sections) + "\n"


def _tell_origin(study: Study) -> str:
    own = study.protocol
    recipe = make_spec(next(make_settings()), own).recipe
    return (
        f"Written by `{_command(study)}`; every number and sentence is computed. {own.seeds} seeds "
        "of every system and way to freeze, trained to foretell the next symbol: Adam, batches of "
        f"{recipe.batch_size} strings of one length, {recipe.shortest} to {recipe.longest} symbols "
        f"long, gradients of a norm of at most {recipe.clip:g}, a learning rate per seed drawn "
        f"log-uniformly from {recipe.rates[0]:g} to {recipe.rates[1]:g}, times {recipe.decay:g} "
        f"after {recipe.decay_after} epochs without improvement, at most {own.epochs} epochs and "
        f"none after {recipe.stop_after} without improvement (DuSell and Chiang 2023, "
        "[arXiv 2210.01343](https://arxiv.org/abs/2210.01343)). The protocol is the same for all. "
        f"An epoch has {own.strings:,} strings, and {own.validation:,} choose the best epoch; the "
        "paper, Das and Mali 2024 ([arXiv 2410.03154](https://arxiv.org/abs/2410.03154)), has "
        "10,000 and 1,000, drawn anew for every restart, and up to 200 epochs. Here all seeds see "
        "the same strings, and a seed has the same initial weights and learning rate whatever is "
        "frozen. What is frozen stays as it was drawn. The columns of the input weights that read "
        "the stack belong to the controller; the memory is what decides on the actions and on what "
        "is pushed. The nondeterministic stack of the paper, rns-3-3, is left out."
    )


def _tell_rules() -> str:
    return (
        f"A system is better or worse with a part frozen if the mean difference between equal "
        f"seeds is at least {100 * SMALLEST:g} points and {ERRORS:g} standard errors. Consistently "
        "better is a frozen memory if at least half of all comparisons say so, and twice as many "
        f"as say the opposite; close to 90 % begins at {CLOSE_TO_NINETY:.0%}, up to 60 % at "
        f"{UP_TO_SIXTY:.0%}. Nothing is decided before {ENOUGH:.0%} of what a claim is about has "
        "run."
    )


def tell_progress(study: Study) -> str:
    """Say how much has run, and which numbers are not where they must be."""
    families = [*make_settings()]
    said = f"{len(study.outcomes)} of {len(families)} families have run"
    missing = [t for t in TASKS if not any(one.task == t for one in study.outcomes)]
    said += f"; nothing of {join_words(missing)}." if missing else "."
    wrong = [check for check in checks_of(study) if check.holds is False]
    for check in wrong:
        said += (
            f" Not where it must be: {check.text}: {check.ours:.3f} instead of {check.target:.3f} "
            f"± {check.within:g}."
        )
    lost = [(s, sum(one.diverged)) for s, one in study.outcomes.items() if any(one.diverged)]
    for setting, count in lost:
        said += f" {count} seeds of {setting.name} overflowed; they count as they last were."
    return said


def _tell_checks(study: Study) -> Iterator[str]:
    rows = ["| number | ours | must be | inside |", "|---|---|---|---|"]
    for check in checks_of(study):
        ours = NOT_RUN if check.ours is None else f"{check.ours:.3f}"
        inside = {None: "", True: "yes", False: "**no**"}[check.holds]
        rows.append(f"| {check.text} | {ours} | {check.target:.3f} ± {check.within:g} | {inside} |")
    yield "\n".join(rows)
