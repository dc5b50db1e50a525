"""The figures of drift by length show what their reports say, and both references."""

import numpy as np
import pytest

from countviz.analysis import measure_drift, measure_drift_seeds
from countviz.checkpoints import load
from countviz.exact import exact_lstm
from countviz.figures import plot_drift, plot_drift_failures, plot_drift_outcomes
from countviz.figures.drift import SYMBOLS
from countviz.figures.theme import THEMES

LIGHT = THEMES["light"]
LENGTHS = (2, 20, 50, 200, 1000)
PLOTS = (plot_drift, plot_drift_outcomes, plot_drift_failures)


def series(figure, name):
    (found,) = (one for one in figure.data if one.name == name)
    return found


def texts(figure):
    return [note.text for note in figure.layout.annotations]


@pytest.fixture(scope="module")
def drift():
    return measure_drift(load("relu1-dyck1/5"), "random", LENGTHS, strings=6)


@pytest.fixture(scope="module")
def seeds(luck):
    return measure_drift_seeds(luck[1]["lstm1-dyck1"], "nested", LENGTHS, "float32")


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
@pytest.mark.parametrize("plot", PLOTS)
def test_they_are_drawn_in_both_themes_and_small(plot, theme, drift, seeds):
    figure = plot(drift, theme, seeds)
    assert figure.layout.template.layout.font.color == theme.second
    assert all(one.type in ("scatter", "bar") and len(one.x) <= 2_000 for one in figure.data)
    assert figure.layout.title.text


def test_the_line_is_the_largest_drift_and_its_marks_the_kinds_of_mistake(drift):
    line = series(plot_drift(drift, LIGHT), "model")
    assert line.y == pytest.approx(np.maximum(drift.max_abs_drift, 0.01))
    most = np.stack([drift.accuracy, drift.early_zero, drift.stuck_open]).argmax(axis=0)
    assert list(line.marker.symbol) == [SYMBOLS[kind] for kind in most]


def test_whiskers_span_all_strings(drift):
    whiskers = series(plot_drift(drift, LIGHT), "all strings")
    assert whiskers.y[::3] == pytest.approx(np.maximum(drift.largest.least, 0.01))
    assert whiskers.y[1::3] == pytest.approx(np.maximum(drift.largest.most, 0.01))


def test_the_exact_and_the_constant_model_are_in_every_figure(drift):
    off = plot_drift(drift, LIGHT)
    assert series(off, "never moves").y.tolist() == drift.constant_drift.tolist()
    assert series(off, "exact counter").line.dash == "8px,4px"
    right = plot_drift_failures(drift, LIGHT)
    assert series(right, "always “open”").y.tolist() == drift.constant_share.tolist()
    assert set(series(right, "exact counter").y) == {1}
    rules = [(one.y0, one.line.dash) for one in plot_drift_outcomes(drift, LIGHT).layout.shapes]
    assert rules == [(1, "8px,4px"), (0, "2px,3px")]


def test_the_bars_add_up_to_all_strings(drift):
    bars = [one for one in plot_drift_outcomes(drift, LIGHT).data if one.type == "bar"]
    assert np.sum([bar.y for bar in bars], axis=0) == pytest.approx(np.ones(len(LENGTHS)))
    patterns = [bar.marker.pattern.shape for bar in bars if bar.name != "right"]
    assert len(set(patterns)) == len(patterns)


def test_training_is_shaded_where_there_was_any(drift):
    assert "trained to 50" in texts(plot_drift(drift, LIGHT))
    by_hand = measure_drift(exact_lstm(), "nested", LENGTHS)
    assert not any("trained" in text for text in texts(plot_drift(by_hand, LIGHT)))


def test_an_exact_counter_stands_on_the_axis():
    by_hand = measure_drift(exact_lstm(), "nested", LENGTHS)
    assert set(series(plot_drift(by_hand, LIGHT), "model").y) == {0.01}


def test_the_band_is_that_of_the_seeds(drift, seeds):
    median = series(plot_drift(drift, LIGHT, seeds), "median seed")
    assert median.y == pytest.approx(np.maximum(seeds.largest.median, 0.01))


def test_a_model_without_any_count_is_drawn_without_a_line():
    dead = measure_drift(load("relu1-dyck1/0"), "nested", (10,), reading="closes-left")
    assert np.isnan(series(plot_drift(dead, LIGHT), "model").y).all()
