"""The tables of the memory study: ours, the paper's, and the scores between which they stand."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from countviz.next_symbols import BINS
from countviz.studies.memory import CONTROLLER, MODES, NOTHING, SYSTEMS, Setting, modes_of
from countviz.studies.memory_folder import Study
from countviz.studies.memory_scores import Outcome
from countviz.studies.memory_summary import find_bounds, retention, spread, spread_accuracy
from countviz.studies.memory_targets import SOURCE, TABLES, TARGETS, Target
from countviz.words import join_words

NOT_RUN = "not run"
LAST = len(BINS) - 1


def explain_columns() -> str:
    """Say how to read the tables."""
    tables = join_words([f"{number} ({mode} frozen)" for mode, number in TABLES.items()])
    return (
        "Accuracy is the share of all symbols, the end symbol included, that were expected most. A "
        "cell holds the **best** seed by validation, then the mean ± standard deviation over the "
        "seeds, then what the paper prints for its best of ten restarts (tables "
        f"{tables}; [{SOURCE}](https://arxiv.org/abs/2410.03154)). The head of a column says what "
        "the trivial predictor reaches, which looks at nothing but the symbol before, and what is "
        "possible at best. *Retained* is the accuracy in the last bin over that in the first, "
        "*solved* the share of strings of the first and the last bin with every symbol right that "
        "the word has told. Perplexities are the best seed's by bin, the paper's below them. The "
        "paper prints numbers for an LSTM with a frozen memory too, which it does not have: how "
        "far they lie from those of its free LSTM shows what luck does."
    )


def tabulate_task(study: Study, task: str) -> str:
    """Return the table of a task, in Markdown: a row a system and way to freeze."""
    heads = _head(task)
    rows = [f"| {' | '.join(heads)} |", "|" + "---|" * len(heads)]
    for system in SYSTEMS:
        for mode in MODES:
            setting = Setting(task, system, mode)
            if mode in modes_of(system) or setting in TARGETS:
                outcome, target = study.outcomes.get(setting), TARGETS.get(setting)
                cells = _without(setting, target) if outcome is None else _with(outcome, target)
                rows.append(f"| {' | '.join([system, mode, *cells])} |")
    return "\n".join(rows)


def _head(task: str) -> list[str]:
    bounds = [find_bounds(task, place) for place in range(len(BINS))]
    trivial, possible = [b.trivial for b in bounds], [b.ceiling for b in bounds]

    def between(low: str, high: str) -> str:
        return f"trivial {low}, possible {high}"

    accuracies = [
        f"{low} to {high}: {between(f'{b.trivial.symbols:.3f}', f'{b.ceiling.symbols:.3f}')}"
        for (low, high), b in zip(BINS, bounds, strict=True)
    ]
    kept = [f"{one[LAST].symbols / one[0].symbols:.2f}" for one in (trivial, possible)]
    solved = [_slash([one[0].strings, one[LAST].strings]) for one in (trivial, possible)]
    surprise = [_slash([score.perplexity for score in one]) for one in (trivial, possible)]
    return [
        "system",
        "frozen",
        *accuracies,
        f"retained: {between(*kept)}",
        f"solved: {between(*solved)}",
        "validation perplexity",
        f"test perplexity: {between(*surprise)}",
    ]


def _without(setting: Setting, target: Target | None) -> list[str]:
    """Return the cells of a family that has not run, or that there is not."""
    why = NOT_RUN
    if setting.mode not in modes_of(setting.system):
        why = f"as with {CONTROLLER if 'controller' in MODES[setting.mode] else NOTHING} frozen"
    if target is None:
        return [why, *("" for _ in range(len(BINS) + 3))]
    first, *others = [f"paper {one:.2f}" for one in target.accuracy]
    return [
        f"{why}; {first}", *others, "", "",
        f"paper {target.validation:.2f}", f"paper {_slash(target.perplexity)}",
    ]  # fmt: skip


def _with(outcome: Outcome, target: Target | None) -> list[str]:
    best, kept = outcome.best, retention(outcome)
    cells = []
    for place in range(len(BINS)):
        one = spread_accuracy(outcome, place)
        paper = f"; paper {target.accuracy[place]:.2f}" if target else ""
        cells.append(f"**{one.best:.3f}**; {one.mean:.3f} ± {one.deviation:.3f}{paper}")
    solved = [spread(np.array(outcome.solved[place]), best) for place in (0, LAST)]
    validated = f"; paper {target.validation:.2f}" if target else ""
    tested = f"; paper {_slash(target.perplexity)}" if target else ""
    return [
        *cells,
        f"**{kept.best:.2f}**; {kept.mean:.2f} ± {kept.deviation:.2f}",
        f"**{_slash([one.best for one in solved])}**; {_slash([one.mean for one in solved])}",
        f"{outcome.validation_perplexity[best]:.2f}{validated}",
        f"{_slash([row[best] for row in outcome.perplexity])}{tested}",
    ]


def _slash(values: Sequence[float]) -> str:
    return " / ".join(_write(value) for value in values)


def _write(value: float) -> str:
    """Return a number as the paper writes it, or nearly; huge ones by their size alone."""
    if math.isinf(value):
        return "overflow"
    return f"{value:.2f}" if value < 1_000 else f"{value:,.0f}" if value < 1e6 else f"{value:.1g}"
