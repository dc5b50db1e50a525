"""The panels of Drift: along one string, by length, by depth, and what a step foretells."""

from collections.abc import Callable
from functools import lru_cache

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from countviz.analysis import (
    Drift,
    DriftAlong,
    DriftSeeds,
    FailureByDepth,
    ReadOut,
    measure_drift,
    measure_drift_along,
    measure_drift_seeds,
    measure_failure_by_depth,
    predict_horizon,
    read_out,
)
from countviz.analysis.drift.drift import READINGS
from countviz.analysis.drift.failure_by_depth import LENGTH
from countviz.families import Family
from countviz.figures import (
    plot_drift,
    plot_drift_along,
    plot_drift_failures,
    plot_drift_outcomes,
    plot_failure_by_depth,
    plot_prediction,
)
from countviz.figures.theme import Figure, Theme
from countviz.judging import IN_LANES
from countviz.languages.text import PAGE_LIMIT
from countviz.models import Model
from countviz.web import background, cache
from countviz.web.charts import current_theme, show_figure
from countviz.web.drift_bar import Strings
from countviz.web.inside import Inside
from countviz.web.show import escape

LENGTHS = (2, 4, 10, *(d * 10**e for e in range(1, 6) for d in (2, 5, 10)))
MOST_SEEDS = 30  # of a family, in a band
LIGHT = 8  # units; what these are asked at once, more are asked in the background
_BUDGET = 4.0  # s that the measuring of one family of strings may take
_STEP, _PRODUCT = 1.2e-7, 1.2e-9  # s that a unit's step takes, and a product with a weight


def follow(page: Inside, reading: str) -> DriftAlong:
    """Return the drift along the string in the bar."""
    about = page.model, page.string, page.precision, reading
    return cache.measure_trace(measure_drift_along, *about)


def read(page: Inside) -> ReadOut:
    """Return how a count is read from the model's state."""
    return cache.measure(read_out, page.model, page.precision)


def show_along(page: Inside, along: DriftAlong) -> None:
    """Show both counts and their difference along the string."""
    figure = cache.draw(plot_drift_along, along, current_theme(), page.at)
    command = page.command("drift-along", "--reading", along.reading)
    title = "Where does it leave the truth?"
    show_figure(figure, title, along.sentence(), "along", table=along.to_frame, command=command)


def show_read_out(page: Inside) -> None:
    """Say what one opening and one closing do to the count, and offer the numbers of each unit."""
    table = read(page)
    with st.container(key="read-out"):
        st.subheader("What does one step do?", anchor=False)
        st.markdown(escape(table.sentence()))
        if page.model.spec.units > 1:
            frame = table.to_frame()
            st.dataframe(frame.assign(unit=frame["unit"] + 1), hide_index=True, height=180)


def show_prediction(page: Inside) -> None:
    """Show how deep a step foretells that it counts, beside how deep it does."""
    about = page.model, page.precision
    if page.model.spec.units <= LIGHT:
        report = cache.measure(predict_horizon, *about)
    else:
        key, doing = _key("predict", page), "Foretelling how deep it counts"
        report = background.compute(key, lambda: predict_horizon(*about), doing)
    if report is None:
        return
    figure = cache.draw(plot_prediction, report, current_theme())
    title, said = "How deep should it count?", report.sentence()
    command = page.command("predict", reads=False)
    show_figure(figure, title, said, "prediction", table=report.to_frame, command=command)
    st.markdown(f":gray-badge[foretold: {report.badge}] :gray-badge[measured: checked]")


def show_by_length(page: Inside, strings: Strings, reading: str) -> None:
    """Show how far off, how often and how long right by length, and how deep; as it gets ready.

    As much is measured as the budget of time allows.
    """
    draws = strings.draws if strings.family == "random" else 1
    most = PAGE_LIMIT // 2 if reading != READINGS[0] else LENGTHS[-1]
    lengths = tuple(n for n in _afford(page.model, draws, reading) if n <= most)

    def work() -> Drift:
        about = strings.family, lengths, page.precision, strings.peak, draws, strings.seed
        return measure_drift(page.model, *about, reading)

    key, doing = _key("drift", page, strings, reading), f"Reading {draws * len(lengths):,} strings"
    drift = background.compute(key, work, doing)
    if drift is None:
        return
    left, right = st.columns(2, gap="large")
    with right:
        second = st.container()
        _show_by_depth(page)
    with left:
        first = st.container()
        seeds = _measure_seeds(page, strings, draws, most)
    _show_lengths(page, strings, drift, seeds, (first, second))


def _measure_seeds(page: Inside, strings: Strings, draws: int, most: int) -> DriftSeeds | None:
    family = _find_family(page)
    if family is None or len(family.seeds) < 2:
        return None
    afforded = _afford(page.model, draws * min(len(family.seeds), MOST_SEEDS))
    lengths = tuple(n for n in afforded if n <= most)

    def work() -> DriftSeeds:
        about = lengths, page.precision, strings.peak, draws, strings.seed
        return measure_drift_seeds(family, strings.family, *about, MOST_SEEDS)

    key = _key("drift-seeds", page, strings, most)
    return background.compute(key, work, "Running other seeds of its family")


def _find_family(page: Inside) -> Family | None:
    """Return the family whose other seeds are shown; in 16 bits they are not run."""
    return page.family if page.precision in IN_LANES else None


def _show_lengths(
    page: Inside,
    strings: Strings,
    drift: Drift,
    seeds: DriftSeeds | None,
    columns: tuple[DeltaGenerator, DeltaGenerator],
) -> None:
    lengths = ",".join(map(str, drift.lengths))
    options = ["--family", strings.family, "--lengths", lengths, "--peak", strings.peak]
    options += ["--strings", strings.draws, "--seed", strings.seed, "--reading", drift.reading]
    alike = seeds if drift.reading == READINGS[0] else None  # theirs is read from the state
    band = f" {alike.sentence()}" if alike is not None else ""
    said = drift.sentence() + band, drift.outcome_sentence(), drift.failure_sentence()
    left, right = columns
    parts = (
        (left, plot_drift, "How far off, by length?", said[0], "drift", alike),
        (right, plot_drift_outcomes, "How often right?", said[1], "outcomes", seeds),
        (left, plot_drift_failures, "How long right?", said[2], "failures", seeds),
    )
    command = page.command("drift", *options, reads=False)
    for column, plot, title, sentence, key, others in parts:
        with column:
            figure = _draw(plot, drift, current_theme(), others)
            show_figure(figure, title, sentence, key, table=drift.to_frame, command=command)


def _show_by_depth(page: Inside) -> None:
    length = min(LENGTH, _find_longest(page.model))

    def work() -> FailureByDepth:
        return measure_failure_by_depth(page.model, page.precision, length, _find_family(page))

    report = background.compute(_key("depth", page), work, "Reading zigzags of every height")
    if report is None:
        return
    figure = cache.draw(plot_failure_by_depth, report, current_theme())
    title, said = "How deep right?", report.sentence()
    command = page.command("failure-by-depth", "--length", length, reads=False)
    show_figure(figure, title, said, "by-depth", table=report.to_frame, command=command)


@lru_cache(maxsize=128)
def _draw(
    plot: Callable[..., Figure], drift: Drift, theme: Theme, seeds: DriftSeeds | None
) -> Figure:
    return plot.draw(drift, theme, seeds)


def _afford(model: Model, copies: int, reading: str = READINGS[0]) -> tuple[int, ...]:
    """Return the lengths that so many copies of a model can read within the budget, at least 3.

    Unless the count is read from the state, closers are fed after every symbol: to a model that
    never closes, a thousand more than the string is long.
    """
    units, gates, memory = model.spec.units, len(model.cell.gates), model.spec.memory
    taken, kept = 0.0, []
    for length in (one for one in LENGTHS if one <= _find_longest(model)):
        steps = length if reading == READINGS[0] else length * (1_000 + length)
        one = _PRODUCT * gates * units**2 + (memory.takes(length / 2) if memory else 0)
        taken += copies * (length * _STEP * units + steps * one)
        if taken <= _BUDGET or len(kept) < 3:
            kept.append(length)
    return tuple(kept)


def _find_longest(model: Model) -> int:
    """Return the most symbols of a string that a model can be measured on."""
    memory = model.spec.memory
    return LENGTHS[-1] if memory is None else min(LENGTHS[-1], memory.closable)


def _key(what: str, page: Inside, *rest: object) -> str:
    model = page.model
    return f"{what} {model.name} {model.weights_sha256} {page.precision} {rest}"
