"""What the page of the memory study shows, read from its folder once for everybody.

A report is made once for every study, which is known by its identity and kept with the report.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from os import scandir
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from countviz.analysis import Freezing, FreezingCurves, FreezingDifferences, FrozenCounters
from countviz.analysis.memory.freezing import Panel, Row
from countviz.analysis.memory.freezing_differences import Difference
from countviz.folders import results_folder
from countviz.next_symbols import BINS
from countviz.studies.memory import MODES, NOTHING, SYSTEMS, TASKS, Setting, make_settings
from countviz.studies.memory_folder import BadStudy, Study, open_study
from countviz.studies.memory_summary import ERRORS, SMALLEST, compare_modes
from countviz.studies.memory_targets import TARGETS

DOCUMENT = "report.json"
WRITE = "python -m countviz reproduce memory --report"
MEASURES = {  # by name: what it says, which field of an outcome, of a score, and of the paper it is
    "accuracy": ("symbols foretold, as a share", "accuracy", "symbols", "accuracy"),
    "perplexity": ("perplexity", "perplexity", "perplexity", "perplexity"),
    "solved": ("strings solved, as a share", "solved", "strings", ""),
}
STRINGS = tuple(f"{low} to {high} symbols" for low, high in BINS)
CELLS = {name: "lstm" if stacks is None else "stack-lstm" for name, stacks in SYSTEMS.items()}
INSIDE = {None: "", True: "✓ inside", False: "✕ outside"}
_TRIED = 200  # how deep the nests are that counters were tried on
_CONSTANT = 0.0  # whoever always says the same is wrong after the first symbol or the last one


@dataclass(frozen=True, eq=False, kw_only=True)
class Shown:
    """A study as the page shows it: what has run, and what was computed of it.

    Attributes
    ----------
    study
        What has run.
    bounds
        By task and bin, what the trivial and the best possible predictor reach, as scores by name.
    claims, checks, counters
        As the report has them.
    command
        What trains the study.
    stale
        Whether families have run since the report was written.

    """

    study: Study
    bounds: Mapping[str, Sequence[Mapping[str, Mapping[str, float]]]]
    claims: Sequence[Mapping[str, str]]
    checks: Sequence[Mapping[str, Any]]
    counters: Sequence[Mapping[str, Any]]
    command: str
    stale: bool


def study_folder() -> Path:
    """Return where the study is."""
    return results_folder() / "memory"


def find_study() -> Shown:
    """Return the study.

    Raises
    ------
    ValueError
        If there is none, or if it cannot be read; the sentence says which file is to blame.

    """
    folder = study_folder()
    return _read(str(folder), _sign(folder), _sign(folder / "families"))


def _sign(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Return what changes if a file in a folder does."""
    if not folder.is_dir():
        return ()
    files = [(one.name, one.stat()) for one in scandir(folder)]
    return tuple(sorted((name, state.st_mtime_ns, state.st_size) for name, state in files))


@st.cache_resource(max_entries=4, show_spinner=False)
def _read(folder: str, signature: tuple, families: tuple) -> Shown:
    path = Path(folder) / DOCUMENT
    study = open_study(Path(folder))
    if not path.exists():
        raise BadStudy(f"{path} is missing: the report is not written yet; {WRITE} writes it")
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        ran = {one["family"] for one in document["families"] if one["run"]}
        found = Shown(
            study=study,
            bounds=document["bounds"],
            claims=document["claims"],
            checks=document["checks"],
            counters=document["counters"],
            command=document["command"],
            stale=ran != {setting.name for setting in study.outcomes},
        )
        _try(found)
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise BadStudy(
            f"{path} is damaged or of another version ({error!r}); {WRITE} writes it anew"
        ) from None
    return found


def _try(found: Shown) -> None:
    """Use all that a report must have once, so that a damaged one is found here."""
    for task in TASKS:
        for measure in MEASURES:
            make_freezing(found, task, measure)
    make_counters(found)
    for claim in found.claims:
        _ = "".join(claim[key] for key in ("text", "source", "verdict", "evidence"))
    for check in found.checks:
        _ = check["text"] + INSIDE[check["holds"]], float(check["ours"] or 0)
        _ = float(check["target"]), float(check["within"])


@lru_cache(maxsize=64)
def make_freezing(found: Shown, task: str, measure: str) -> Freezing:
    """Return what all families of a task reach by a measure."""
    said, field, score, printed = MEASURES[measure]
    panels = []
    for strings, bounds in zip(STRINGS, found.bounds[task], strict=True):
        panels.append(
            Panel(
                title=strings,
                measure=said,
                trivial=float(bounds["trivial"][score]),
                ceiling=float(bounds["ceiling"][score]),
                rising=measure != "perplexity",
            )
        )
    settings = [one for one in make_settings() if one.task == task]
    rows = tuple(_make_row(found.study, one, field, printed) for one in settings)
    return Freezing(task=task, panels=tuple(panels), rows=rows)


def _make_row(study: Study, setting: Setting, field: str, printed: str) -> Row:
    outcome, target = study.outcomes.get(setting), TARGETS.get(setting)
    return Row(
        system=setting.system,
        cell=CELLS[setting.system],
        frozen=setting.mode,
        seeds=() if outcome is None else outcome.seeds,
        values=None if outcome is None else np.array(getattr(outcome, field)),
        best=0 if outcome is None else outcome.best,
        paper=getattr(target, printed) if target and printed else None,
    )


@lru_cache(maxsize=64)
def make_curves(freezing: Freezing) -> FreezingCurves:
    """Return the same along the lengths of the strings."""
    return FreezingCurves(freezing=freezing)


@lru_cache(maxsize=64)
def make_differences(found: Shown) -> FreezingDifferences:
    """Return what freezing changes, over all tasks."""
    modes = tuple(mode for mode in MODES if mode != NOTHING)
    ours = tuple(
        Difference(
            task=one.setting.task,
            system=one.setting.system,
            cell=CELLS[one.setting.system],
            frozen=mode,
            place=one.place,
            mean=one.mean,
            error=one.error,
            verdict=one.verdict,
        )
        for mode in modes
        for one in compare_modes(found.study, mode)
    )
    paper: dict[tuple[str, int], tuple[float, ...]] = {}
    for setting, target in TARGETS.items():
        free = TARGETS.get(Setting(setting.task, setting.system, NOTHING))
        if setting.mode == NOTHING or setting.system not in SYSTEMS or free is None:
            continue
        for place in range(len(BINS)):
            apart = target.accuracy[place] - free.accuracy[place]
            paper[setting.mode, place] = (*paper.get((setting.mode, place), ()), apart)
    return FreezingDifferences(
        strings=STRINGS,
        modes=modes,
        ours=ours,
        paper=paper,
        rule=f"Level is a mean difference under {100 * SMALLEST:g} points or {ERRORS:g} standard "
        "errors.",
    )


@lru_cache(maxsize=64)
def make_counters(found: Shown) -> FrozenCounters:
    """Return how the counters with a stack count, frozen and free."""
    right = {"measure": "strings right, as a share", "trivial": _CONSTANT, "ceiling": 1.0}
    deep = {"measure": "nesting horizon", "trivial": None, "ceiling": None, "whole": True}
    panels = (
        Panel(title="validation strings", **right),
        Panel(title="52 to 100 symbols", **right),
        Panel(title=f"nests up to {_TRIED} deep", **deep),
    )
    rows = [
        _make_counter(found.counters, language, mode)
        for language in ("dyck1", "dyck2")
        for mode in MODES
    ]
    return FrozenCounters(task="counters", panels=panels, rows=tuple(rows))


def _make_counter(counters: Sequence[Mapping[str, Any]], language: str, mode: str) -> Row:
    own = [one for one in counters if (one["language"], one["frozen"]) == (language, mode)]
    if not own:
        return Row(system=language, cell="stack-rnn", frozen=mode)
    values = [
        [float("nan" if one[key] is None else one[key]) for one in own]
        for key in ("validation", "long", "horizon")
    ]
    return Row(
        system=language,
        cell="stack-rnn",
        frozen=mode,
        seeds=tuple(one["seed"] for one in own),
        values=np.array(values),
        best=int(np.argmax(values[0])),
    )
