"""The live part of the page of trainings: how a job stands, its figures, and the scrubber."""

import uuid
from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from countviz.figures.spread import plot_nothing
from countviz.jobs import Job, JobProblem, Queue
from countviz.jobs.orders import Order
from countviz.models import Training
from countviz.web import training_bar as bar
from countviz.web import training_form
from countviz.web.charts import current_theme, show_figure
from countviz.web.scrubber import show_scrubber
from countviz.web.show import escape, notify
from countviz.web.training_reports import (
    Panel,
    Recorded,
    draw_along,
    draw_lengths,
    read_recording,
)
from countviz.weight_files import BadFile

TICK = 0.8  # seconds between two looks at a job that is under way


def submit(queue: Queue, order: Order) -> None:
    """Queue an order, and open its job; the kept one stays behind it."""
    session = st.session_state.setdefault("train-session", uuid.uuid4().hex)
    job = bar.attempt(lambda: queue.submit(order, session))
    if job is not None:
        st.query_params["job"] = job.id
        st.query_params.pop("string", None)


def find_jobs(queue: Queue) -> tuple[Job | None, Job | None, tuple[str, ...]]:
    """Return the job that is shown and the one kept behind it, and what is wrong with either.

    The URL names both. If it names none, the training of the first preset is shown, where somebody
    had it trained before.
    """
    found, problems = [], []
    for key in ("job", "keep"):
        id = st.query_params.get(key, "")
        try:
            found.append(queue.find(id) if id else None)
        except JobProblem as problem:
            return None, None, (str(problem),)
        if id and found[-1] is None:
            problems.append(f"no training {id[:80]!r} here; start one below")
    job, kept = found
    if "job" not in st.query_params:
        usual = queue.find(training_form.make_order(training_form.FIRST)[0].identity)
        job = usual if usual and usual.state == "done" else None
    return job, kept, tuple(problems)


def show_nothing(recipe: Training) -> None:
    """Show the figures before anything was trained: all of it is still to come."""
    theme, planned = current_theme(), recipe.train_strings * recipe.epochs
    titles = {
        "How wrong are they?": "training loss, mean squared error",
        "How deep can they count?": "nesting horizon, in brackets",
        "Is every step one bracket?": "mean change of the decoded count, in brackets",
    }
    figures = [plot_nothing(theme, planned, axis) for axis in titles.values()]
    columns = (*st.columns(2, gap="medium"), st.container())
    for column, title, figure in zip(columns, titles, figures, strict=True):
        with column:
            said = "Nothing has been trained here yet: press Start."
            show_figure(figure, title, said, f"empty-{title.split()[1]}")


def show_training(queue: Queue, job: Job, kept: Job | None, answer: DeltaGenerator) -> None:
    """Show a training, and keep what is shown at most a second old while it is under way."""
    under_way = job.state in bar.UNDER_WAY

    @st.fragment(run_every=TICK if under_way else None, key="training")
    def live() -> None:
        try:
            now = queue.find(job.id)
            _show(queue, now, kept, answer)
        except (JobProblem, BadFile) as problem:
            notify([str(problem)])
            return
        if under_way and now.state not in bar.UNDER_WAY:
            st.rerun()  # drops the timer, and finds the new family

    live()


def _show(queue: Queue, job: Job, kept: Job | None, answer: DeltaGenerator) -> None:
    recorded = read_recording(queue, job)
    behind = read_recording(queue, kept) if kept and kept.id != job.id else None
    if job.state != "done":
        with st.container(horizontal=True, vertical_alignment="center", key="job"):
            bar.show_actions(queue, job)
            st.caption(escape(bar.describe_job(job)))
    if recorded is None:
        answer.markdown("The figures come with the first epoch.")
        show_nothing(job.order.spec.recipe)
        return
    theme = st.context.theme.type or "light"
    panels, panes = draw_along(recorded, behind, _planned(job, recorded), theme)
    with st.container(horizontal=True, vertical_alignment="center", key="replay"):
        rest = show_scrubber(
            name=job.id,
            strings=recorded.learning.strings,
            told=_tell(recorded, job.order.spec.recipe.epochs),
            panes=panes,
            at=_strings_of(),
            theme=current_theme(),
            key="scrubber",
        )
        _set_strings(rest)
        if st.button("Keep & change one thing", key="keep"):
            _keep(job.id)
    point = recorded.point_of(rest)
    answer.markdown(escape(recorded.learning.sentence(point)))
    _show_notes(job, kept, recorded)
    if job.state == "done" and job.family:
        with st.container(horizontal=True, vertical_alignment="center", key="finished"):
            bar.offer_family(queue, job, recorded)
    lengths = draw_lengths(recorded, behind, recorded.epoch_of(point), theme)
    _show_panels([*panels, lengths])


def _show_notes(job: Job, kept: Job | None, recorded: Recorded) -> None:
    notes = [bar.describe_divergence(recorded)]
    if kept is not None:
        changed = bar.name_changes(job, kept)
        notes.append(
            f"Dashed: the training that is kept. Changed since: {changed}."
            if kept.id != job.id
            else "These curves are kept. Change one thing and start: the initial weights are the "
            "same, and both curves are drawn."
        )
    text = " ".join(filter(None, notes))
    if text:
        with st.container(horizontal=True, vertical_alignment="center", key="notes"):
            st.caption(escape(text))
            if kept is not None and st.button("Drop it", key="drop", type="tertiary"):
                _keep(None)


def _show_panels(panels: Sequence[Panel]) -> None:
    """Show the figures: two a row, and the steps of all seeds over the whole width."""
    by_key = {panel.key: panel for panel in panels}
    for keys in (("loss", "horizons"), ("steps",), ("lengths", "failing")):
        row = [by_key[key] for key in keys if key in by_key]
        for column, panel in zip(st.columns(len(row), gap="medium"), row, strict=True):
            with column:
                told = panel.title, panel.report.sentence(), panel.key
                show_figure(panel.figure, *told, table=panel.report.to_frame)


def _planned(job: Job, recorded: Recorded) -> int:
    """Return how many strings every seed is to read, as far as is known."""
    epochs = recorded.epoch if job.state == "done" else max(job.stop_at, recorded.epoch, 1)
    return epochs * job.order.spec.recipe.train_strings


def _tell(recorded: Recorded, epochs: int) -> list[tuple[str, str, str]]:
    share = recorded.learning.strings / recorded.spec.recipe.train_strings
    return [("epoch ", f"{epoch:.1f}", f" of {epochs}") for epoch in share]


def _strings_of() -> int:
    """Return where the URL says that the cursor is; -1: at the newest point."""
    text = st.query_params.get("string", "")
    return int(text) if text.isdecimal() and len(text) < 10 else -1


def _set_strings(strings: int) -> None:
    if strings < 0:
        st.query_params.pop("string", None)
    elif st.query_params.get("string") != str(strings):
        st.query_params["string"] = str(strings)


def _keep(id: str | None) -> None:
    """Keep a training's curves behind the next one, or none of them."""
    if id is None:
        st.query_params.pop("keep", None)
    else:
        st.query_params.update({"job": id, "keep": id})
    st.rerun()  # all of the page
