"""The figures of a training draw what their reports hold, and hatch what is still to come."""

import numpy as np
import pytest

from countviz.analysis.seeds.failing import Failing
from countviz.analysis.seeds.horizons import Horizons
from countviz.analysis.seeds.lengths import Lengths
from countviz.analysis.seeds.loss import Loss
from countviz.analysis.seeds.spread import Spread, spread_over_seeds
from countviz.analysis.seeds.steps import Steps
from countviz.figures import plot_failing, plot_horizons, plot_lengths, plot_loss, plot_steps
from countviz.figures.spread import END, place, plot_nothing, round_ticks, spread_labels
from countviz.figures.theme import THEMES

AT = np.array([0, 250, 500])
LIGHT = THEMES["light"]
HUE = LIGHT.hue("gru")


def make_spread(values, planned=1000):
    return spread_over_seeds(AT, np.array(values, float), planned)


def make_steps(seeds, points=3):
    at = np.arange(points) * 250
    up = np.random.default_rng(0).normal(size=(seeds, points))
    return Steps(at=at, planned=int(at[-1]), up=up, down=-up, symbols=("(", ")"))


LOSS = Loss(spread=make_spread([[0.1, 0.01, 0.001], [0.3, 0.2, 0.1], [0.2, 0.1, 0.01]]))
HORIZONS = Horizons(spread=make_spread([[0, 5, 9], [0, 0, 3], [0, 2, 6]]), training_depth=4)
FAILING = Failing(at=AT, planned=1000, medians=np.arange(15.0).reshape(5, 3))
LENGTHS = Lengths(spread=make_spread([[1, 1, 0.5]], planned=500), trained_to=250, strings=500)
STEPS = make_steps(3)
ALL = [
    (plot_loss, LOSS),
    (plot_horizons, HORIZONS),
    (plot_failing, FAILING),
    (plot_lengths, LENGTHS),
    (plot_steps, STEPS),
]


def series(figure, name):
    return next(one for one in figure.data if one.name == name)


def texts(figure):
    return [note.text for note in figure.layout.annotations]


@pytest.mark.parametrize(
    ("plot", "report"), [(plot_loss, LOSS), (plot_horizons, HORIZONS), (plot_lengths, LENGTHS)]
)
def test_bands_and_median_are_those_of_the_report(plot, report):
    figure = plot(report, LIGHT, HUE)
    median = series(figure, "median")
    assert median.x.tolist() == report.spread.at.tolist()
    assert median.y.tolist() == report.spread.median.tolist()
    bands = [one for one in figure.data if one.fill == "toself" and one.name is None][:3]
    for k, band in enumerate(bands):
        low, high = report.spread.bands[k], report.spread.bands[-1 - k]
        assert band.y.tolist() == [*low, *high[::-1]]


def test_the_lines_of_the_first_failing_nestings_are_the_medians():
    figure = plot_failing(FAILING, LIGHT, HUE)
    for k in range(5):
        assert series(figure, f"e{k + 1}").y.tolist() == FAILING.medians[k].tolist()


@pytest.mark.parametrize("seeds", [1, 3, 100])
def test_every_seed_has_a_line_up_and_a_line_down_in_few_short_series(seeds):
    steps = make_steps(seeds, points=120)
    thin = [one for one in plot_steps(steps, LIGHT, HUE).data if one.line.width == 1]
    assert all(one.x.size <= 2_000 for one in thin)
    values = np.concatenate([one.y for one in thin]).reshape(2, seeds, 121)
    assert np.isnan(values[..., -1]).all()
    drawn = np.clip(np.stack([steps.up, steps.down]), -1.55, 1.55)
    assert np.allclose(values[..., :-1], drawn, atol=1e-6)


@pytest.mark.parametrize(("plot", "report"), ALL)
@pytest.mark.parametrize("theme", THEMES)
def test_every_figure_has_axes_with_words_in_both_themes(plot, report, theme):
    figure = plot(report, THEMES[theme], THEMES[theme].hue("lstm"))
    assert figure.layout.title.text
    assert any("string" in text for text in texts(figure))
    (other,) = {"light", "dark"} - {theme}
    assert THEMES[theme].second in figure.to_json()
    assert THEMES[other].second not in figure.to_json()


@pytest.mark.parametrize(("plot", "report"), ALL)
def test_an_earlier_training_is_drawn_as_outline_behind(plot, report):
    alone, both = plot(report, LIGHT, HUE), plot(report, LIGHT, HUE, report)
    more = len(both.data) - len(alone.data)
    dashed = [one for one in both.data if one.line.dash not in (None, "solid")]
    assert len(dashed) == more > 0
    assert {one.line.color for one in dashed} == {LIGHT.second}


def test_what_is_still_to_come_is_hatched_and_the_ends_are_written_there():
    figure = plot_loss(LOSS, LIGHT, HUE)
    hatched = [one for one in figure.data if one.fillpattern.shape]
    assert [(min(one.x), max(one.x)) for one in hatched] == [(500, 1000)]
    ends = [note for note in figure.layout.annotations if note.name == END]
    assert [note.text for note in ends] == [text for text, _ in LOSS.ends(-1)]
    assert {(note.x, note.xanchor) for note in ends} == {(0.5, "left")}


def test_at_the_end_nothing_is_hatched_and_the_ends_stand_left_of_it():
    done = Loss(spread=Spread(at=AT, planned=500, bands=LOSS.spread.bands))
    figure = plot_loss(done, LIGHT, HUE)
    assert not any(one.fillpattern.shape for one in figure.data)
    assert {note.xanchor for note in figure.layout.annotations if note.name == END} == {"right"}


def test_the_depth_of_training_is_a_labelled_line():
    figure = plot_horizons(HORIZONS, LIGHT, HUE)
    assert "trained to 4" in texts(figure)
    assert [shape.y0 for shape in figure.layout.shapes if shape.name == "rule"] == [4]
    unknown = Horizons(spread=HORIZONS.spread, training_depth=0)
    assert not any("trained" in text for text in texts(plot_horizons(unknown, LIGHT, HUE)))


def test_a_long_training_has_a_logarithmic_axis():
    spread = Spread(at=AT, planned=200_000, bands=HORIZONS.spread.bands)
    figure = plot_horizons(Horizons(spread=spread, training_depth=4), LIGHT, HUE)
    assert figure.layout.xaxis.type == "log"
    assert figure.layout.xaxis.ticktext == ("1,000", "10,000", "100,000")
    assert [place(figure.layout.xaxis.to_plotly_json(), x) for x in (0, 250, 200_000)] == [0, 0, 1]


def test_a_training_whose_seeds_have_all_diverged_can_be_drawn():
    lost = make_spread(np.full((2, 3), np.nan))
    assert plot_loss(Loss(spread=lost), LIGHT, HUE)
    assert plot_horizons(Horizons(spread=lost, training_depth=0), LIGHT, HUE)
    empty = Failing(at=AT, planned=1000, medians=np.full((5, 3), np.nan))
    assert plot_failing(empty, LIGHT, HUE)


def test_before_the_first_epoch_all_is_hatched():
    (box,) = plot_nothing(LIGHT, 30_000, "loss").to_plotly().data
    assert box.fillpattern.shape
    assert (min(box.x), max(box.x)) == (0, 30_000)


def test_words_at_the_ends_do_not_cover_each_other():
    figure = plot_horizons.draw(HORIZONS, LIGHT, HUE)
    ends = [("a", 5.0), ("b", 5.0), ("c", 0.0), ("d", 0.0)]
    heights = spread_labels(figure, ends)
    assert (-np.diff(heights) > 0.1).all()
    assert all(0 < y < 1 for y in heights)


@pytest.mark.parametrize("most", [1, 7, 300, 10_000, 30_000, 45_000, 1_000_000])
def test_ticks_are_few_and_round(most):
    ticks = round_ticks(most)
    assert ticks[0] == 0
    assert len(ticks) <= 6
    assert ticks[-1] <= most
