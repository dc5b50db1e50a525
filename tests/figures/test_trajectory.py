"""Trajectories show what their report says, in few points and with failures marked."""

import numpy as np
import pytest

from countviz.analysis import measure_trajectory
from countviz.checkpoints import load
from countviz.exact import exact_lstm
from countviz.figures import plot_trajectory
from countviz.figures.theme import THEMES
from countviz.languages.dyck1 import flat, nested
from countviz.models import Model, Spec
from countviz.traces import trace


def series(figure, name):
    return next(one for one in figure.data if one.name == name)


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
@pytest.mark.parametrize("name", ["exact-lstm", "gru2-dyck1", "relu5-dyck1", "lstm4-shuffle2"])
def test_it_is_drawn_in_both_themes_with_a_panel_an_internal(name, theme):
    model = load(name)
    string = "([)]" if model.spec.language == "shuffle2" else nested(5)
    figure = plot_trajectory(measure_trajectory(trace(model, string)), theme)
    panels = [key for key in figure.layout.to_plotly_json() if key.startswith("yaxis")]
    assert len(panels) == 1 + len(model.cell.internals)
    assert figure.layout.template.layout.font.color == theme.second
    assert all(len(one.x) <= 2_000 for one in figure.data)


def test_a_line_shows_the_internal_and_positions_count_from_1():
    figure = plot_trajectory(measure_trajectory(trace(exact_lstm(), "(())")))
    line = series(figure, "c")
    assert line.x.tolist() == [1, 2, 3, 4]
    assert line.y.tolist() == [1, 2, 1, 0]
    assert series(figure, "count of )").y.tolist() == [1, 2, 1, 0]


def test_of_a_long_string_a_line_has_2_000_points():
    figure = plot_trajectory(measure_trajectory(trace(exact_lstm(), flat(50_000))))
    assert max(len(one.x) for one in figure.data) == 2_000


def test_the_first_mistake_is_marked_at_its_count():
    report = measure_trajectory(trace(load("gru1-dyck1"), nested(30)))
    mark = series(plot_trajectory(report), "first mistake")
    assert list(mark.x) == [report.first_failure + 1]
    assert list(mark.y) == [report.failure_count]
    before = measure_trajectory(trace(load("gru1-dyck1"), nested(30)), 0, 5)
    assert "first mistake" not in [one.name for one in plot_trajectory(before).data]


def test_the_cursor_and_the_stretch_run_through_all_panels():
    report = measure_trajectory(trace(exact_lstm(), nested(5)))
    band, cursor = plot_trajectory(report, at=4, stretch=(2, 6)).layout.shapes
    assert (cursor.x0, cursor.x1, cursor.yref) == (5, 5, "paper")
    assert (band.x0, band.x1, band.yref) == (2.5, 6.5, "paper")


def test_an_illegal_tail_is_hatched_in_every_panel():
    figure = plot_trajectory(measure_trajectory(trace(exact_lstm(), "())(")))
    hatched = [one for one in figure.data if one.fillpattern.shape]
    assert len(hatched) == 7
    assert all(min(one.x) == 2.5 and max(one.x) == 4.5 for one in hatched)


def test_the_chosen_unit_is_drawn_last_and_in_colour():
    report = measure_trajectory(trace(load("gru2-dyck1"), nested(5)))
    lines = [one for one in plot_trajectory(report, unit=0).data if one.name.startswith("h of")]
    assert [one.name for one in lines] == ["h of unit 2", "h of unit 1"]
    assert lines[1].line.color == THEMES["light"].hue("gru")
    assert lines[0].line.color != lines[1].line.color


def test_64_units_are_rows_of_a_heat_map():
    spec, rng = Spec(language="dyck1", cell="gru", units=64), np.random.default_rng(0)
    shapes = spec.parameter_shapes()
    weights = {name: rng.normal(size=shape) for name, shape in shapes.items()}
    wide = Model(name="wide", spec=spec, parameters=weights)
    report = measure_trajectory(trace(wide, nested(10)))
    figure = plot_trajectory(report)
    maps = [one for one in figure.data if one.type == "heatmap"]
    assert [one.name for one in maps] == ["r", "z", "n", "h"]
    assert maps[3].z.shape == (64, 20)
    assert np.allclose(maps[3].z, report.values[:, 3].T)


def test_what_overflows_is_a_gap(make_unit):
    runaway = make_unit("relu", inputs=[[1, 1]], recurrent=[[1e3]])
    figure = plot_trajectory(measure_trajectory(trace(runaway, "((((((")))
    assert np.isnan(series(figure, "h").y[3:]).all()
    assert series(figure, "h").y[:3].tolist() == [1, 1_001, 1_001_001]
