"""The panels of the page Why: the corridor, one step in numbers, the diagnosis, round trips."""

import hashlib
import html
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import streamlit as st

from countviz.analysis import (
    Corridor,
    Diagnosis,
    NoReturn,
    ReadOut,
    diagnose,
    find_no_return,
    measure_corridor,
    measure_state_corridor,
    read_out,
    round_trip,
    step_in_numbers,
)
from countviz.analysis.why.round_trip import NoRoundTrip
from countviz.analysis.why.state_corridor import has_state_corridor
from countviz.analysis.why.step_in_numbers import PRIME, StepInNumbers
from countviz.figures import plot_corridor, plot_round_trip, plot_state_corridor
from countviz.traces import Trace
from countviz.web import background, cache
from countviz.web.charts import current_theme, say_instead, show_figure
from countviz.web.choices import position_of, unknown_values
from countviz.web.inside import Inside, set_at
from countviz.web.show import escape

Report = TypeVar("Report")
AXES = ("closes left", "state")
_PROGRAM = "python -m countviz"
_PASTED = 200  # symbols of a string in a command
_PLAIN = 2_000  # symbols that are measured while one waits
_QUICK = 50_000  # symbols times squared units that are measured while one waits


def find_loss(page: Inside) -> NoReturn:
    """Return when the model lost the count."""
    return cache.measure_trace(find_no_return, page.model, page.string, page.precision)


def place_cursor(page: Inside, lost: NoReturn) -> Inside:
    """Return the page with its cursor at the point of no return, unless the URL has one."""
    if position_of(len(page.string)) >= 0 or lost.position is None:
        return page
    return replace(page, at=lost.position)


def list_problems(page: Inside) -> tuple[str, ...]:
    """Return a sentence for each value in the URL that this page cannot take."""
    problems = unknown_values({"axis": AXES, "counter": page.language.closers})
    if st.query_params.get("axis") == AXES[1] and not _has_state_axis(page):
        reason = "a corridor of the state is that of one unit that moves as it counts"
        problems = (*problems, f"{page.label} is shown by what it closes: {reason}")
    return problems


def show_corridor(page: Inside, lost: NoReturn) -> None:
    """Show the way through the corridor, on the axis of choice; a click moves the cursor."""
    figure = st.container()
    axis, counter = _choose_axis(page), _choose_counter(page, lost)
    with figure:
        if axis == AXES[1]:
            _show_state_corridor(page)
            return
        title = "Can it still finish correctly?"
        if not lost.legal:
            say_instead(title, lost.sentence())
            return
        which = ("--counter", counter) if len(page.language.closers) > 1 else ()
        report = _measure(page, _follow_corridor, counter)
        if report is None:
            return
        clicked = show_figure(
            cache.draw(plot_corridor, report, current_theme(), page.at),
            title,
            report.sentence(),
            "corridor",
            table=report.to_frame,
            command=page.command("corridor", *which, "--out", "corridor.html"),
            selects="points",
        )
        _follow_click(clicked)


def _show_state_corridor(page: Inside) -> None:
    report = _measure(page, measure_state_corridor)
    if report is None:
        return
    clicked = show_figure(
        cache.draw(plot_state_corridor, report, current_theme(), page.at),
        f"From which {report.internal} can it still finish?",
        report.sentence(),
        "state-corridor",
        table=report.to_frame,
        command=page.command("corridor", "--axis", "state", "--out", "corridor.html"),
        selects="points",
    )
    _follow_click(clicked)


def _measure(page: Inside, measure: Callable[..., Report], *rest: int) -> Report | None:
    """Return a report on the string; of a long one it may take a moment, and then it is None."""
    quick = len(page.string) * page.model.spec.units**2 <= _QUICK
    if quick and len(page.string) <= _PLAIN and measure is _follow_corridor:
        return cache.measure_trace(measure, page.model, page.string, page.precision, *rest)
    trace: Trace = cache.trace(page.model, page.string, page.precision)
    if measure is _follow_corridor:  # beside the page Streamlit must not be called
        measure, rest = measure_corridor, (*rest, _read(trace))
    text = f"{page.model.weights_sha256} {page.precision} {rest[:1]} {page.string}"
    key = f"{measure.__name__} {page.model.name} {hashlib.sha256(text.encode()).hexdigest()}"
    doing = f"Closing all after each of {len(page.string):,} {page.noun}s"
    return background.compute(key, lambda: measure(trace, *rest), doing)


def _read(trace: Trace) -> ReadOut:
    return cache.measure(read_out, trace.model, trace.precision)


def _follow_corridor(trace: Trace, counter: int) -> Corridor:
    return measure_corridor(trace, counter, _read(trace))


def _diagnose(trace: Trace) -> Diagnosis:
    return diagnose(trace, _read(trace))


def _has_state_axis(page: Inside) -> bool:
    return cache.measure(has_state_corridor, page.model, page.precision)


def _choose_axis(page: Inside) -> str:
    """Show the switch between the two axes, where there are two."""
    if not _has_state_axis(page):
        return AXES[0]
    return st.segmented_control(
        "Axis",
        AXES,
        default=AXES[0],
        required=True,
        key="axis",
        bind="query-params",
        label_visibility="collapsed",
        help="What is drawn upwards: how many closers the model would accept, or its state.",
    )


def _choose_counter(page: Inside, lost: NoReturn) -> int:
    """Show of which counter the corridor is, where there are several."""
    closers = page.language.closers
    if len(closers) == 1:
        return 0
    chosen = st.segmented_control(
        "Counted down by",
        closers,
        default=closers[lost.counter or 0],
        required=True,
        key="counter",
        bind="query-params",
    )
    return closers.index(chosen)


def _follow_click(clicked: list[str]) -> None:
    """Move the cursor to the point that was clicked last."""
    newest = clicked[0] if clicked else None
    if newest == st.session_state.get("why-clicked"):
        return
    st.session_state["why-clicked"] = newest
    if newest is not None:
        set_at(int(newest))
        st.rerun()


def show_step(page: Inside, lost: NoReturn) -> None:
    """Show the arithmetic of the step under the cursor on a card."""
    closers = page.language.closers
    chosen = st.session_state.get("counter", closers[lost.counter or 0])  # as the corridor is of
    counter = closers.index(chosen) if chosen in closers else 0
    step = cache.measure_trace(
        step_in_numbers, page.model, page.string, page.precision, page.at, counter
    )
    with st.container(key="step"):
        st.subheader(f"Step {page.at + 1:,} in numbers", anchor=False)
        counts = "no longer legal"
        if step.counts is not None:
            counts = f"true count {step.counts[0]:,} → {step.counts[1]:,}"
        unit = f" · unit {step.unit + 1} of {step.units}" if step.units > 1 else ""
        st.caption(escape(f"symbol {step.symbol} · {counts}{unit}"))
        st.html(_write_step(step))
        st.markdown(escape(step.sentence()))


def _write_step(step: StepInNumbers) -> str:
    """Return the numbers of a step as a table, and the equation below it."""
    rows = "".join(
        f"<tr><td>{html.escape(one.meaning)}</td>"
        f"<td>{html.escape(f'{one.name} = {one.in_words()}')}</td></tr>"
        for one in step.quantities
    )
    name = f"{step.internal}{PRIME}"
    lines = [f"{name} = {step.result}"]
    if step.equation is not None:
        indent = " " * len(name)
        letters, numbers = step.equation
        lines = [f"{name} = {letters}", f"{indent} = {numbers}", f"{indent} = {step.result}"]
    return f"<table>{rows}</table><pre>{html.escape(chr(10).join(lines))}</pre>"


def show_diagnosis(page: Inside) -> None:
    """Show the three lines of the diagnosis."""
    found = cache.measure_trace(_diagnose, page.model, page.string, page.precision)
    with st.container(key="diagnosis"):
        st.subheader("Diagnosis", anchor=False)
        lines = (f"1. **{escape(line.title)}.** {escape(line.text)}" for line in found.lines)
        st.markdown("\n".join(lines))


def show_round_trip(page: Inside) -> None:
    """Show what one opening and its closing do at every count, as a figure and as a table."""
    title = "What does one opening and closing leave behind?"
    try:
        trip = cache.measure(round_trip, page.model, page.precision)
    except NoRoundTrip as none:
        say_instead(title, none)
        return
    show_figure(
        cache.draw(plot_round_trip, trip, current_theme()),
        title,
        trip.sentence(),
        "round-trip",
        table=trip.to_frame,
        command=f"{_PROGRAM} round-trip {page.model.name} --precision {page.precision}",
    )
    st.dataframe(trip.to_frame(), hide_index=True, height=212, key="round-trip-table")
