"""The state plane shows every state once, by symbol, count and place."""

import numpy as np
import pytest

from countviz.analysis import measure_state_plane
from countviz.checkpoints import load
from countviz.figures import plot_state_plane
from countviz.figures.theme import THEMES
from countviz.languages.dyck1 import nested
from countviz.traces import trace


def plane_of(name, string, axes=None):
    return measure_state_plane(trace(load(name), string), axes=axes)


def series(figure, start):
    return [one for one in figure.data if one.name.startswith(start)]


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_marks_are_the_states_shaped_by_symbol_and_coloured_by_count(theme):
    plane = plane_of("relu2-dyck1", nested(6))
    opens, closes = series(plot_state_plane(plane, theme), "after")
    assert (opens.marker.symbol, closes.marker.symbol) == ("triangle-up", "triangle-down")
    assert opens.x.tolist() == plane.points[:6, 0].tolist()
    assert closes.y.tolist() == plane.points[6:, 1].tolist()
    assert opens.marker.color.tolist() == [1, 2, 3, 4, 5, 6]
    assert (opens.marker.cmin, opens.marker.cmax) == (0, 6)


def test_the_decision_line_is_dashed_and_named_where_there_are_several():
    (line,) = series(plot_state_plane(plane_of("relu2-dyck1", nested(6))), "decision")
    assert line.line.dash == "dash"
    assert line.mode == "lines"
    plane = plane_of("lstm4-shuffle2", "([([()])()]()[][[]])")
    lines = series(plot_state_plane(plane), "decision")
    assert [one.text[0] for one in lines] == [f"<b>{line.symbol}</b>" for line in plane.lines]


def test_the_cursor_is_ringed_where_it_is_shown():
    plane = plane_of("gru1-dyck1", nested(6))
    (ring,) = series(plot_state_plane(plane, at=3), "cursor")
    assert (ring.x[0], ring.y[0]) == tuple(plane.points[3])
    assert not series(plot_state_plane(plane, at=99), "cursor")


def test_axes_say_what_they_show():
    figure = plot_state_plane(plane_of("lstm2-dyck1", nested(6)))
    assert figure.layout.title.text.startswith("PC2, ")
    assert figure.layout.title.text.endswith("% of the variance")
    figure = plot_state_plane(plane_of("lstm2-dyck1", nested(6), ("f_0", "c_1")))
    assert figure.layout.title.text == "c of unit 2"


def test_three_axes_are_a_space():
    figure = plot_state_plane(plane_of("lstm2-dyck1", nested(6), ("PC1", "PC2", "PC3")))
    assert {one.type for one in figure.data} == {"scatter3d"}
    assert figure.layout.scene.zaxis.title.text == "PC3"


def test_illegal_states_and_no_states_at_all_are_drawn(make_unit):
    figure = plot_state_plane(plane_of("exact-lstm", "())"))
    assert sum(len(one.x) for one in series(figure, "after")) == 3
    runaway = make_unit("relu", inputs=[[1, 1]], recurrent=[[1e3]])
    gone = measure_state_plane(trace(runaway, "(" * 50), 20, 50)
    assert not np.size(gone.points)
    assert not series(plot_state_plane(gone), "after")
