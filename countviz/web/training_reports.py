"""What pages show of a recorded training, read and drawn once for everybody.

Epochs on disk never change, so everything is kept by the data folder, the job and its last epoch.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import streamlit as st

from countviz.analysis.seeds.failing import Failing, summarise_failing
from countviz.analysis.seeds.horizons import Horizons, summarise_horizons
from countviz.analysis.seeds.learning import Learning, join_learnings
from countviz.analysis.seeds.lengths import Lengths, summarise_lengths
from countviz.analysis.seeds.loss import Loss, summarise_loss
from countviz.analysis.seeds.steps import Steps
from countviz.figures import plot_failing, plot_horizons, plot_lengths, plot_loss, plot_steps
from countviz.figures.theme import THEMES, Figure
from countviz.jobs import Job, Queue
from countviz.jobs.epoch_files import LEARNING
from countviz.models import Spec
from countviz.web.scrubber import Scrubbed, describe_panes

_MOST_POINTS = 240  # that are drawn


@dataclass(frozen=True, eq=False, kw_only=True)
class Recorded:
    """What was recorded of a training so far.

    Attributes
    ----------
    id, spec, seeds
        The job, what it trains, and how many seeds.
    parts
        What was measured in each epoch, from 0 on.
    learning
        All of it, in as many points as are drawn.
    diverged
        How many seeds diverged, by epoch.

    """

    id: str
    spec: Spec
    seeds: int
    parts: tuple[Learning, ...]
    learning: Learning
    diverged: dict[int, int]

    @property
    def epoch(self) -> int:
        """The last one that was recorded."""
        return len(self.parts) - 1

    def rank(self) -> list[int]:
        """Return the places of the seeds from the best to the worst, as far as they got."""
        last = self.learning
        alive = last.alive[:, -1]
        merit = last.horizon[:, -1] if last.nests else -np.nan_to_num(last.train_loss[:, -1])
        return np.argsort(-np.where(alive, merit, -np.inf), kind="stable").tolist()

    def point_of(self, strings: int) -> int:
        """Return the last point that is not beyond so many strings; -1: the newest."""
        points = self.learning.strings
        return points.size - 1 if strings < 0 else max(int((points <= strings).sum()) - 1, 0)

    def epoch_of(self, point: int) -> int:
        """Return the last epoch that was finished at a point."""
        ends = [part.strings[-1] for part in self.parts]
        return int(np.searchsorted(ends, self.learning.strings[point], side="right")) - 1


def read_recording(queue: Queue, job: Job) -> Recorded | None:
    """Return what is on disk of a job; None before its first epoch."""
    epochs = queue.recorded(job.id)
    if not epochs:
        return None
    return _join(str(queue.root), job.id, len(epochs), _queue=queue, _job=job)


@st.cache_resource(max_entries=64, show_spinner=False)
def _join(root: str, id: str, epochs: int, _queue: Queue, _job: Job) -> Recorded:
    read = [_read(root, id, epoch, _queue=_queue) for epoch in range(epochs)]
    parts = tuple(learning for learning, _ in read)
    lost = read[-1][1]
    return Recorded(
        id=id,
        spec=_job.order.spec,
        seeds=lost.size,
        parts=parts,
        learning=join_learnings(parts).thin(_MOST_POINTS),
        diverged=dict(sorted(Counter(lost[lost >= 0].tolist()).items())),
    )


@st.cache_resource(max_entries=1024, show_spinner=False)
def _read(root: str, id: str, epoch: int, _queue: Queue) -> tuple[Learning, np.ndarray]:
    """Return what was measured in an epoch, and in which one each seed diverged (-1: not)."""
    arrays = _queue.epoch_arrays(id, epoch)
    measured = {
        name.removeprefix(LEARNING): array
        for name, array in arrays.items()
        if name.startswith(LEARNING)
    }
    return Learning.from_arrays(measured), arrays["diverged"].astype(int)


@dataclass(frozen=True, eq=False, kw_only=True)
class Panel:
    """A figure of the page with what is said about it."""

    key: str
    title: str
    figure: Figure
    report: Loss | Horizons | Steps | Lengths | Failing


def _by_id(recorded: Recorded) -> tuple[str, int]:
    return recorded.id, recorded.epoch


_BY_ID = {Recorded: _by_id}


@st.cache_resource(max_entries=64, show_spinner=False, hash_funcs=_BY_ID)
def draw_along(
    recorded: Recorded, kept: Recorded | None, planned: int, theme: str
) -> tuple[tuple[Panel, ...], dict[str, object]]:
    """Return what is drawn along the strings that were read, and what the scrubber has to know.

    Parameters
    ----------
    recorded, kept
        The training, and an earlier one behind it.
    planned
        How many strings every seed is to read.
    theme
        ``light`` or ``dark``.

    """
    colors, learning = THEMES[theme], recorded.learning
    hue = colors.hue(recorded.spec.cell)

    def draw(key: str, title: str, plot: Callable, summarise: Callable) -> Panel:
        report = summarise(learning, planned)
        behind = summarise(kept.learning, planned) if kept else None
        return Panel(
            key=key, title=title, figure=plot.draw(report, colors, hue, behind), report=report
        )

    panels = [draw("loss", "How wrong are they?", plot_loss, summarise_loss)]
    if recorded.spec.language == "dyck1":
        panels.append(
            draw("horizons", "How deep can they count?", plot_horizons, summarise_horizons)
        )
    panels.append(draw("steps", "Is every step one bracket?", plot_steps, Learning.steps))
    if recorded.spec.language == "dyck1":
        panels.append(
            draw("failing", "Which nest fools them first?", plot_failing, summarise_failing)
        )
    scrubbed = [Scrubbed(key=p.key, figure=p.figure, ends=p.report.ends) for p in panels]
    return tuple(panels), describe_panes(scrubbed, learning.strings)


@st.cache_resource(max_entries=128, show_spinner=False, hash_funcs=_BY_ID)
def draw_lengths(recorded: Recorded, kept: Recorded | None, epoch: int, theme: str) -> Panel:
    """Return how often the seeds are right after an epoch, by the length of the string."""
    colors, longest = THEMES[theme], recorded.spec.recipe.longest
    report = summarise_lengths(recorded.parts[epoch], longest)
    same = kept is not None and np.array_equal(kept.parts[-1].lengths, report.spread.at)
    behind = summarise_lengths(kept.parts[min(epoch, kept.epoch)], longest) if same else None
    return Panel(
        key="lengths",
        title="How long may a string be?",
        figure=plot_lengths.draw(report, colors, colors.hue(recorded.spec.cell), behind),
        report=report,
    )
