"""The panels of the page of trajectories: each chooses, computes and shows one thing."""

import hashlib
from functools import partial

import streamlit as st

from countviz.analysis import (
    Corpus,
    Matches,
    SeedTrajectories,
    Trajectory,
    draw_strings,
    list_axes,
    match_state,
    measure_cobweb,
    measure_seed_trajectories,
    measure_state_plane,
    measure_trajectory,
    record_corpus,
)
from countviz.analysis.trajectory.cobweb import NoCobweb
from countviz.analysis.trajectory.state_plane import COMPONENTS, name_quantity, usual_axes
from countviz.families import Family
from countviz.figures import (
    plot_cobweb,
    plot_match,
    plot_seed_trajectories,
    plot_state_plane,
    plot_trajectory,
)
from countviz.models import Model
from countviz.traces import WHOLE, Trace
from countviz.web import background, cache, choices
from countviz.web.charts import current_theme, say_instead, show_figure
from countviz.web.inside import Inside
from countviz.web.looks import is_hand_set
from countviz.web.seed_reports import weights_sha256
from countviz.web.show import escape, notify
from countviz.web.trajectory_bar import View, choose_one

SEEDS = 12  # a panel
_PLANE = "Where is its state at each count?"


def follow(page: Inside, view: View) -> Trajectory | None:
    """Return what every internal does; of a long string it may take a moment and be None."""
    if view.stop - view.start <= WHOLE:
        rest = view.start, view.stop
        return cache.measure_trace(
            measure_trajectory, page.model, page.string, page.precision, *rest
        )
    trace = cache.trace(page.model, page.string, page.precision)
    work = partial(measure_trajectory, trace, view.start, view.stop)
    key = f"trajectory {_identify(page.model, page.precision, page.string)}"
    return background.compute(key, work, f"Following {len(page.string):,} {page.noun}s")


def _identify(model: Model, precision: str, string: str = "") -> str:
    text = f"{model.weights_sha256} {model.name} {precision} {string}"
    return hashlib.sha256(text.encode()).hexdigest()


def show_trajectory(page: Inside, view: View, trajectory: Trajectory) -> None:
    """Show every internal along the string, in which a stretch can be marked."""
    at = page.at if view.start <= page.at < view.stop else None
    marks = view.unit, at, view.stretch
    show_figure(
        cache.draw(plot_trajectory, trajectory, current_theme(), *marks),
        "What does every part of it do?",
        trajectory.sentence(),
        "trajectory",
        table=trajectory.to_frame,
        command=page.command("trajectory", "--start", view.start, "--stop", view.stop),
        selects="boxes",
    )


def show_plane(page: Inside, view: View) -> None:
    """Show the states of the steps in view on axes of choice."""
    if len(list_axes(page.model)) < 2:
        st.subheader(_PLANE, anchor=False)
        st.caption("This cell holds a single number: it has a line, but no plane.")
        return
    drawing = st.container()
    with st.container(horizontal=True, vertical_alignment="bottom", key="plane-bar"):
        axes = _choose_axes(page.model)
    plane = cache.measure_trace(
        measure_state_plane,
        page.model,
        page.string,
        page.precision,
        view.start,
        view.stop,
        axes,
    )
    options = "--start", view.start, "--stop", view.stop, "--axes", ",".join(axes)
    with drawing:
        show_figure(
            cache.draw(plot_state_plane, plane, current_theme(), page.at),
            _PLANE,
            plane.sentence(),
            "plane",
            table=plane.to_frame,
            command=page.command("state-plane", *options),
        )


def _choose_axes(model: Model) -> tuple[str, ...]:
    """Show which quantities the axes hold; principal components keep to themselves."""
    units = model.spec.units
    names = {_short(axis, units): axis for axis in list_axes(model)}
    dimensions = ["2-D", "3-D"][: len(names) - 1]
    problems = list(choices.unknown_values({"x": list(names), "space": dimensions}))
    flat = (
        len(dimensions) < 2 or choose_one("space", "Axes", dimensions, "2-D", short=True) == "2-D"
    )
    usual = [_short(axis, units) for axis in usual_axes(model, 2 if flat else 3)]
    chosen = [choose_one("x", "Across", list(names), usual[0])]
    kind = chosen[0] in COMPONENTS
    for name, label in zip("yz"[: len(usual) - 1], ("Up", "Towards you"), strict=False):
        rest = [one for one in names if (one in COMPONENTS) == kind and one not in chosen]
        if not rest:
            break
        problems += choices.unknown_values({name: rest})
        here = next((one for one in usual if one in rest), rest[0])
        chosen.append(choose_one(name, label, rest, here))
    notify(problems)
    return tuple(names[one] for one in chosen)


def _short(axis: str, units: int) -> str:
    """Return an axis as it stands in the URL: units count from 1, as in c2."""
    if axis in COMPONENTS:
        return axis
    letter, _, unit = axis.rpartition("_")
    return letter if units == 1 else f"{letter}{int(unit) + 1}"


def show_cobweb(page: Inside, view: View) -> None:
    """Show what every symbol turns the state number of the unit into."""
    rest = view.unit, view.internal, *view.stretch
    options = ["--unit", view.unit, "--internal", view.internal]
    options += ["--start", view.stretch[0], "--stop", view.stretch[1]]
    name = name_quantity(f"{view.internal}_{view.unit}", page.model.spec.units)
    title = f"What does a {page.noun} turn {name} into?"
    try:
        cobweb = cache.measure_trace(measure_cobweb, page.model, page.string, page.precision, *rest)
    except NoCobweb as none:
        say_instead(title, none)
        return
    show_figure(
        cache.draw(plot_cobweb, cobweb, current_theme()),
        title,
        cobweb.sentence(),
        "cobweb",
        table=cobweb.to_frame,
        command=page.command("cobweb", *options),
    )
    if len(page.model.cell.state) > 1:
        state, usual = page.model.cell.state, page.model.cell.counter
        choose_one("state", "State number, here and below", state, usual, short=True)


def show_matches(page: Inside, view: View) -> None:
    """Show where else the state is as it is on the stretch: here, and on generated strings."""
    drawing = st.container()
    threshold = _choose_threshold(page)
    corpus = background.compute(
        f"corpus {_identify(page.model, page.precision)}",
        partial(_record, page.model, page.precision),
        "Reading 1,000 generated strings",
    )
    title = "Where else is the state like this?"
    if corpus is None:
        drawing.subheader(title, anchor=False)
        return
    found = _match(page, view, threshold, corpus)
    options = ["--start", view.stretch[0], "--stop", view.stretch[1], "--internal", view.internal]
    options += [] if threshold is None else ["--threshold", threshold]
    with drawing:
        if not found.where.size:
            st.subheader(title, anchor=False)
            st.caption(escape(found.sentence()))
            return
        show_figure(
            cache.draw(plot_match, found, current_theme()),
            title,
            found.sentence(),
            "matches",
            table=found.to_frame,
            command=page.command("match", *options),
        )


def _record(model: Model, precision: str) -> Corpus:
    return record_corpus(model, precision, draw_strings(model.language))


def _match(page: Inside, view: View, threshold: float | None, corpus: Corpus) -> Matches:
    def match(trace: Trace, start: int, stop: int, over: float | None, internal: str) -> Matches:
        return match_state(trace, start, stop, over, internal=internal, corpus=corpus)

    rest = *view.stretch, threshold, view.internal
    return cache.measure_trace(match, page.model, page.string, page.precision, *rest)


def _choose_threshold(page: Inside) -> float | None:
    """Show from which value a unit is on; without one it is chosen to fit the stretch."""
    asked = st.query_params.get("threshold")
    try:
        value = None if asked is None else float(asked)
    except ValueError:
        value = float("nan")
    if value is not None and not abs(value) < 1e9:
        notify([f"no threshold {asked[:80]!r}; a number is"])
        value = None
    key = f"threshold-of-{page.model.name}"
    st.session_state[key] = value

    def change() -> None:
        if st.session_state[key] is None:
            st.query_params.pop("threshold", None)
        else:
            st.query_params["threshold"] = f"{st.session_state[key]:.10g}"

    return st.number_input(
        "A unit is on from",
        key=key,
        value=None,
        step=0.1,
        format="%.4g",
        placeholder="chosen for you",
        on_change=change,
        width=240,
    )


def show_seeds(page: Inside) -> None:
    """Show the counting internal of other seeds of the family, twelve at a time."""
    if page.family is None or is_hand_set(page.model):
        st.caption("Weights set by hand have no seeds to compare.")
        return
    seeds = page.family.seeds
    groups = {
        f"{min(some)}-{max(some)}": some
        for some in (seeds[at : at + SEEDS] for at in range(0, len(seeds), SEEDS))
    }
    notify(choices.unknown_values({"seeds": list(groups)}))
    own = next(name for name, some in groups.items() if page.model.seed in some)
    group = choose_one("seeds", "Seeds", list(groups), own) if len(groups) > 1 else own
    report = _measure_seeds(page.family, page.string[:WHOLE], page.precision, groups[group])
    show_figure(
        cache.draw(plot_seed_trajectories, report, current_theme()),
        "Do other seeds count the same way?",
        report.sentence(),
        "seed-trajectories",
        table=report.to_frame,
        command=page.command("seed-trajectories", "--seeds", group).replace(
            page.model.name, page.family.name
        ),
    )


@st.cache_resource(max_entries=64, show_spinner=False, hash_funcs={Family: weights_sha256})
def _measure_seeds(
    family: Family, string: str, precision: str, seeds: tuple[int, ...]
) -> SeedTrajectories:
    return measure_seed_trajectories(family, string, precision, seeds)
