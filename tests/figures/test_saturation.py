"""The figures of saturation show what their reports say, in both themes and small enough."""

import numpy as np
import pytest

from countviz.analysis import (
    gather_ends,
    map_saturation,
    measure_saturation,
    measure_seed_saturation,
)
from countviz.checkpoints import load, load_family
from countviz.exact import exact_linear, exact_lstm
from countviz.figures import (
    plot_saturation,
    plot_saturation_bounds,
    plot_saturation_ends,
    plot_saturation_heat,
    plot_seed_saturation,
)
from countviz.figures.saturation_heat import name_nines
from countviz.figures.theme import THEMES
from countviz.languages.names import make_string
from countviz.traces import trace

LIGHT = THEMES["light"]
STRING = "(()(()))()" + "(" * 30 + ")" * 30


def measure(name, string=STRING, precision="float32", unit=0):
    model = load(name) if isinstance(name, str) else name
    return measure_saturation(trace(model, string, precision), unit)


def named(figure, name):
    return next(one for one in figure.data if one.name == name)


def texts(figure):
    return [one.text for one in figure.layout.annotations]


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
@pytest.mark.parametrize(
    "name", ["lstm1-dyck1/1", "gru2-dyck1", "relu5-dyck1", "tanh1-dyck1", "exact-linear"]
)
def test_they_are_drawn_for_every_cell_in_both_themes_and_small(name, theme):
    string = make_string("random-20000-1")
    saturation = measure(name, string)
    figures = [plot_saturation(saturation, theme), plot_saturation_bounds(saturation, theme)]
    heat = map_saturation(trace(load(name), string, "float32"))
    figures += [plot_saturation_heat(heat, theme, 7)] if heat else []
    for figure in figures:
        assert figure.layout.template.layout.font.color == theme.second
        for one in figure.data:
            assert len(one.x) <= 2_000
        assert figure.layout.height < 700
    assert len(figures[0].to_json()) < 400_000


def test_the_dots_are_the_readings_and_hollow_where_the_gate_is_off():
    saturation = measure("lstm1-dyck1/1")
    figure = plot_saturation(saturation, LIGHT)
    counts, z = saturation.visits(2, "(")
    on, off = named(figure, "g ("), named(figure, "g ( off")
    assert len(on.x) + len(off.x) == len(z)
    assert off.y == pytest.approx(-z[z < 0], rel=1e-6)
    assert off.x.tolist() == counts[z < 0].tolist()
    assert off.marker.symbol == "circle-open"
    assert named(figure, "largest count in training, 22").mode == "lines"


def test_exactness_is_a_line_at_its_value_or_beyond_a_break():
    near, far = (plot_saturation(measure("lstm1-dyck1/1", precision=p), LIGHT)
                 for p in ("float32", "float64"))  # fmt: skip
    assert near.layout.yaxis.tickvals[-1] == pytest.approx(16.6, abs=0.1)
    assert near.layout.yaxis.ticktext[-1] == "16.6"
    assert "36.7" in far.layout.yaxis.ticktext
    assert far.layout.yaxis.range[1] < 36.7
    assert "≈" in texts(far)


def test_the_typical_gate_is_written_on_its_strip():
    figure = plot_saturation(measure(exact_lstm(), precision="float64"), LIGHT)
    assert texts(figure).count("exactly on") == 6
    assert texts(figure).count("exactly +1") == 1
    assert texts(plot_saturation(measure(exact_linear()), LIGHT)).count("hidden state h") == 1


def test_an_empty_string_leaves_empty_figures():
    empty = measure("lstm1-dyck1/1", "")
    assert plot_saturation(empty, LIGHT).layout.height > 0
    assert plot_saturation_bounds(empty, LIGHT).layout.height > 0


def test_a_string_without_a_closer_has_one_row():
    figure = plot_saturation(measure("lstm1-dyck1/1", "((("), LIGHT)
    assert "at “(”" in texts(figure)
    assert "at “)”" not in texts(figure)


def test_the_map_shows_its_report_and_the_cursor():
    heat = map_saturation(trace(load("lstm1-dyck1/1"), STRING))
    figure = plot_saturation_heat(heat, LIGHT, 33)
    drawn = next(one for one in figure.data if one.type == "heatmap")
    assert np.asarray(drawn.z) == pytest.approx(heat.values, rel=1e-6)
    assert figure.layout.shapes[0].x0 == 34
    assert not plot_saturation_heat(heat, LIGHT).layout.shapes
    assert [name_nines(n) for n in (0, 1, 2, 3)] == ["0", "90 %", "99 %", "99.9 %"]


def test_the_bounds_hold_every_bar():
    saturation = measure("lstm1-dyck1/1")
    figure = plot_saturation_bounds(saturation, LIGHT)
    low, high = figure.layout.xaxis.range
    assert low < saturation.bound_low.min()
    assert saturation.bound_high.max() < high
    assert named(figure, "median").hovertemplate.startswith("median z")
    assert figure.layout.yaxis.ticktext[3] == "forget gate “)”"


def test_the_scatter_and_the_bands_show_every_seed():
    family = load_family("lstm2-dyck1")
    seeds = measure_seed_saturation(family, STRING)
    ends = gather_ends(measure("lstm2-dyck1/3", unit=1), seeds)
    figure = plot_saturation_ends(ends, LIGHT)
    others = [one for one in figure.data if one.name in ("other seeds", "did not learn")]
    assert sum(len(one.x) for one in others) == 4 * 2 * len(family.seeds)
    figure = plot_seed_saturation(seeds, LIGHT, 1, 3)
    assert named(figure, "median").y == pytest.approx(seeds.spread(1, 0).median)
    assert named(figure, "seed 3").y == pytest.approx(seeds.values[3, :, 1, 0])
    assert figure.layout.title.text == "how far on the forget gate is (dashed: seed 3)"
