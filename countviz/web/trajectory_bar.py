"""What the page of trajectories shows: which steps, which unit, which stretch; all in the URL."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from countviz.analysis import suggest_stretch
from countviz.analysis.trajectory.trajectory import POINTS
from countviz.traces import WHOLE
from countviz.web import cache, choices
from countviz.web.inside import Inside
from countviz.web.show import notify

VIEWS = ("whole string", f"{POINTS:,} steps")
_CHART = "trajectory"  # the key of the figure in which a stretch can be marked


@dataclass(frozen=True, kw_only=True)
class View:
    """What is looked at: steps from `start` to `stop`, a unit from 0, a state number, a stretch."""

    start: int
    stop: int
    unit: int
    internal: str
    stretch: tuple[int, int]


def choose(page: Inside) -> View:
    """Show what can be chosen for the whole page, and return it."""
    cell, units = page.model.cell, page.model.spec.units
    problems = list(choices.unknown_values({"view": VIEWS, "state": cell.state}))
    with st.container(horizontal=True, vertical_alignment="bottom", key="trajectory-bar"):
        start, stop, window_problems = _choose_window(page)
        busiest = cache.measure_trace(_find_busiest, page.model, page.string, page.precision)
        unit = busiest
        if units > 1:
            names = [str(one + 1) for one in range(units)]
            problems += choices.unknown_values({"unit": names})
            unit = int(choose_one("unit", "Unit", names, names[busiest])) - 1
    asked = st.query_params.get("state")
    internal = asked if asked in cell.state else cell.counter
    stretch, stretch_problems = _find_stretch(page, start, stop)
    notify([*problems, *window_problems, *stretch_problems])
    return View(start=start, stop=stop, unit=unit, internal=internal, stretch=stretch)


def choose_one(
    name: str, label: str, options: Sequence[str], first: str, *, short: bool = False
) -> str:
    """Show a choice that is kept in the URL under a name, and return it; a few can be a switch."""
    asked = st.query_params.get(name)
    key = f"{name}-of-{','.join(options)}"
    st.session_state[key] = asked if asked in options else first

    def change() -> None:
        st.query_params[name] = st.session_state[key]

    if short:
        return st.segmented_control(label, options, key=key, on_change=change, required=True)
    return st.selectbox(label, options, key=key, on_change=change, width=180)


def _find_busiest(trace: "cache.Trace") -> int:
    from countviz.analysis import measure_trajectory

    return measure_trajectory(trace, 0, min(len(trace.string), POINTS)).busiest


def _choose_window(page: Inside) -> tuple[int, int, tuple[str, ...]]:
    """Show which part of a long string is looked at: all of it, or 2,000 steps from somewhere."""
    length = len(page.string)
    if length <= POINTS:
        return 0, length, ()
    if choose_one("view", "Shown", VIEWS, VIEWS[0], short=True) == VIEWS[0]:
        return 0, length, ()
    last = length - POINTS
    first = min(max(0, page.at - POINTS // 2), last)
    asked = st.query_params.get("from")
    start = _read(asked, last + 1)
    problem = () if asked is None or start is not None else (_sentence("from", asked, last + 1),)
    key = f"from-of-{length}"
    st.session_state[key] = first + 1 if start is None else start
    start = st.slider(
        f"From {page.noun}", 1, last + 1, key=key, on_change=_writer("from", key), width=420
    )
    return start - 1, start - 1 + POINTS, problem


def _find_stretch(page: Inside, start: int, stop: int) -> tuple[tuple[int, int], tuple[str, ...]]:
    """Return the stretch that the figure's box or the URL marks, else the deepest part."""
    box = _take_box(start, stop)
    if box is not None:
        st.query_params["stretch"] = f"{box[0] + 1}-{box[1]}"
        return box, ()
    asked = st.query_params.get("stretch")
    match = re.fullmatch(r"(\d{1,7})-(\d{1,7})", asked or "")
    if match:
        first, last = int(match[1]) - 1, int(match[2])
        if start <= first < last <= min(stop, first + WHOLE):
            return (first, last), ()
    found = cache.measure_trace(
        suggest_stretch, page.model, page.string, page.precision, start, stop
    )
    if asked is None:
        return found, ()
    return found, (f"no stretch {asked[:80]!r} here; one as in {start + 1}-{stop} is",)


def _take_box(start: int, stop: int) -> tuple[int, int] | None:
    """Return the stretch of a box that has just been drawn in the figure, if there is one."""
    boxes = st.session_state.get(_CHART, {}).get("selection", {}).get("box", [])
    ends = tuple(sorted(boxes[0]["x"])) if boxes else None
    if ends == st.session_state.get("box-taken"):
        return None
    st.session_state["box-taken"] = ends
    if ends is None:
        return None
    first = min(max(start, round(ends[0] - 0.5)), stop - 1)
    last = max(min(stop, round(ends[1] - 0.5)), first + 1)
    return first, min(last, first + WHOLE)


def choose_stretch(page: Inside, view: View) -> None:
    """Show the stretch as a slider with two ends; a string of one symbol has but one stretch."""
    if view.stop - view.start < 2:
        return
    key = f"stretch-of-{view.start}-{view.stop}"
    st.session_state[key] = view.stretch[0] + 1, view.stretch[1]

    def change() -> None:
        first, last = st.session_state[key]
        st.query_params["stretch"] = f"{first}-{last}"

    st.slider(
        f"Stretch of the string, in {page.noun}s (or draw a box in the figure)",
        view.start + 1,
        view.stop,
        key=key,
        on_change=change,
    )


def _writer(name: str, key: str) -> Callable[[], None]:
    def change() -> None:
        st.query_params[name] = str(st.session_state[key])

    return change


def _read(text: str | None, most: int) -> int | None:
    """Return a whole number from 1 to `most`, or None."""
    number = int(text) if re.fullmatch(r"\d{1,7}", text or "") else 0
    return number if 1 <= number <= most else None


def _sentence(name: str, asked: str, most: int) -> str:
    return f"{name}={asked[:80]!r} is none; a whole number from 1 to {most:,} is"
