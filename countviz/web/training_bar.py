"""What can be done with a training: halt it, go on, keep its curves, save it, look at its seeds."""

from collections.abc import Callable
from pathlib import Path

import streamlit as st
from streamlit import session_state as state

from countviz.cells import find_cell
from countviz.jobs import Job, Queue, QueueFull
from countviz.web.choices import FIRST_MODELS
from countviz.web.show import notify
from countviz.web.training_reports import Recorded
from countviz.words import in_words, join_words

_PAGES = Path(__file__).resolve().parents[2] / "pages"
UNDER_WAY = ("queued", "running")


def describe_job(job: Job) -> str:
    """Say how a job stands, and how long it will take if that is known."""
    last = job.stop_at
    done = f"after epoch {job.epoch} of {job.order.spec.recipe.epochs}"
    left = "" if job.seconds_left is None else f" About {_seconds(job.seconds_left)} left."
    if job.state == "queued":
        ahead = (job.place or 1) - 1
        line = (
            f"{in_words(ahead).capitalize()} ahead of you in the queue."
            if ahead
            else "You are next."
        )
        return f"{line}{left}"
    if job.state == "running":
        begun = f"Training epoch {min(job.epoch + 1, last)} of {last}."
        return ("Drawing the strings." if job.epoch < 0 else begun) + left
    return {
        "paused": f"Paused {done}." if job.epoch >= 0 else "Paused before the first epoch.",
        "done": f"Done: {job.order.spec.recipe.epochs} epochs.",
        "failed": job.error,
        "cancelled": f"Cancelled {done}." if job.epoch >= 0 else "Cancelled before it began.",
    }[job.state]


def _seconds(seconds: float) -> str:
    if seconds < 90:
        return f"{max(seconds, 1):.0f} s"
    return f"{seconds / 60:.0f} min"


def show_actions(queue: Queue, job: Job) -> None:
    """Show the buttons that move a job on, as its state allows."""
    buttons: list[tuple[str, Callable[[], object]]] = []
    if job.state in UNDER_WAY:
        buttons.append((":material/pause: Pause", lambda: queue.pause(job.id)))
        stop = job.epoch + 1
        if 0 < stop < job.stop_at:
            buttons.append((f"Stop at epoch {stop}", lambda: queue.stop_at(job.id, stop)))
    if job.state in ("paused", "failed", "cancelled"):
        buttons.append((":material/play_arrow: Resume", lambda: queue.resume(job.id)))
    if job.state in (*UNDER_WAY, "paused"):
        buttons.append(("Cancel", lambda: queue.cancel(job.id)))
    for label, act in buttons:
        if st.button(label, key=f"job-{label.split()[-1].lower()}"):
            attempt(act)
            st.rerun()


def attempt(act: Callable[[], object]) -> object | None:
    """Do something to the queue; what it refuses is said on the next run of the page."""
    try:
        return act()
    except ValueError as problem:
        state["train-refused"] = str(problem), isinstance(problem, QueueFull)
        return None


def show_refusal() -> None:
    """Say what the queue has refused; where it is full, offer what is ready meanwhile."""
    refused, full = state.pop("train-refused", ("", False))
    notify([refused])
    if full:
        ready = {"models": ",".join(FIRST_MODELS)}
        st.page_link(_PAGES / "watch.py", label="Watch ready-made models", query_params=ready)


def offer_family(queue: Queue, job: Job, recorded: Recorded) -> None:
    """Offer what can be done with a finished family: watch it, compare its seeds, name it."""
    family, last = job.family, recorded.epoch
    order = recorded.rank()
    seeds = [job.order.seeds[k] for k in (order[0], order[len(order) // 2], order[-1])]
    models = ",".join(f"{family}/{seed}@{last}" for seed in dict.fromkeys(seeds))
    st.page_link(
        _PAGES / "watch.py",
        label="Watch its best, middle and worst seed",
        icon=":material/visibility:",
        query_params={"models": models},
    )
    if recorded.learning.nests:
        st.page_link(
            _PAGES / "seeds.py",
            label="Compare all seeds",
            icon=":material/grid_view:",
            query_params={"families": family},
        )
    with st.popover("Save as …", key="save", type="tertiary"):
        st.text_input("Name in the library", key="save-name", max_chars=60, placeholder=family)
        if st.button("Save", key="save-button", type="primary"):
            notify([_save(queue, job)])
    st.caption(f"In the library as {family}")


def _save(queue: Queue, job: Job) -> str:
    """Save a family under the name in the field, and say whether that went well."""
    try:
        return f"Saved as {queue.save_as(job.id, state['save-name'].strip())}."
    except ValueError as problem:
        return str(problem)


def describe_divergence(recorded: Recorded) -> str:
    """Say how many seeds diverged, and in which epochs; empty if none did."""
    parts = [f"{count:,} in epoch {epoch}" for epoch, count in recorded.diverged.items()]
    total = sum(recorded.diverged.values())
    if not total:
        return ""
    if len(parts) == 1:
        (epoch,) = recorded.diverged
        return f"{total:,} of {recorded.seeds:,} seeds diverged in epoch {epoch}."
    return f"{total:,} of {recorded.seeds:,} seeds diverged: {join_words(parts[:6])}."


def name_changes(job: Job, kept: Job) -> str:
    """Say in what a training differs from the one that is kept behind it."""
    now, then = (_settings(one) for one in (job, kept))
    changes = [f"{name} {then[name]} → {now[name]}" for name in now if now[name] != then[name]]
    return join_words(changes) or "nothing"


def _settings(job: Job) -> dict[str, str]:
    spec, recipe, seeds = job.order.spec, job.order.spec.recipe, job.order.seeds
    return {
        "cell": find_cell(spec.cell).title,
        "units": f"{spec.units}",
        "language": spec.language,
        "lengths": f"{recipe.shortest} to {recipe.longest}",
        "seeds": f"{seeds[0]} to {seeds[-1]}",
        "epochs": f"{recipe.epochs}",
        "learning rate": f"{recipe.learning_rate:g}",
        "frozen": join_words(recipe.freeze) or "nothing",
        "stacks": f"{getattr(spec.memory, 'stacks', 0)}",
        "numbers a cell": f"{getattr(spec.memory, 'width', 0)}",
        "batch size": f"{recipe.batch_size}",
        "seed of the strings": f"{recipe.data_seed}",
    }
