"""The pictures of the memory study: every seed of a task on the longest strings."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from countviz.next_symbols import BINS
from countviz.studies.drawing import Axis, Points, draw_points
from countviz.studies.memory import MODES, NOTHING, SYSTEMS, TASKS, Setting
from countviz.studies.memory_folder import Study
from countviz.studies.memory_scores import Outcome
from countviz.studies.memory_summary import find_bounds

_NUDGE = 0.3  # how far points of one column are spread, as a share of its width
_GAP = 1  # columns between two systems


def draw_memory(study: Study, folder: Path) -> tuple[str, ...]:
    """Draw a figure for every task of which something has run, and return their names."""
    tasks = [task for task in TASKS if any(one.task == task for one in study.outcomes)]
    for task in tasks:
        _draw_task(study, task, folder / f"{task}.svg")
    return tuple(f"{task}.svg" for task in tasks)


def _draw_task(study: Study, task: str, path: Path) -> None:
    place, wide = len(BINS) - 1, len(MODES) + _GAP
    bounds = find_bounds(task, place)
    lines = (
        (bounds.trivial.symbols, "trivial predictor"),
        (bounds.ceiling.symbols, "best possible"),
    )
    groups = [
        _take_seeds(study.outcomes[setting], number * wide + column)
        for number, system in enumerate(SYSTEMS)
        for column, mode in enumerate(MODES)
        if (setting := Setting(task, system, mode)) in study.outcomes
    ]
    lowest = min(height for group in groups for _, height in (*group.at, (0, lines[0][0])))
    low, high = BINS[place]
    middle = (len(MODES) - 1) / 2
    draw_points(
        path,
        title=f"{task}: what every seed foretells of {low} to {high} symbols",
        sentence="Within a system from the left: nothing frozen (filled), the memory, the "
        "controller, both (hollow).",
        axes=(
            Axis(
                title="a mark is a seed at its best epoch by validation",
                low=-1,
                high=len(SYSTEMS) * wide - 1,
                ticks={n * wide + middle: system for n, system in enumerate(SYSTEMS)},
            ),
            Axis(title="symbols expected most (share)", low=max(0, lowest - 0.05), high=1.06),
        ),
        groups=groups,
        lines=lines,
    )


def _take_seeds(outcome: Outcome, column: int) -> Points:
    """Return the seeds of a family on the longest strings, side by side in a column."""
    alone = SYSTEMS[outcome.setting.system] is None
    spots = column + _NUDGE * np.sin(np.array(outcome.seeds) * 2.4)  # spreads neighbours
    return Points(
        cell="lstm" if alone else "stack-lstm",
        label="without a stack" if alone else "with stacks",
        at=list(zip(spots.tolist(), outcome.accuracy[-1], strict=True)),
        hollow=outcome.setting.mode != NOTHING,
    )
