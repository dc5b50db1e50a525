"""A figure as dictionaries says the same as Plotly's, and Plotly refuses what it does not know."""

import numpy as np
import pytest
from plotly.tools import return_figure_from_figure_or_data

from countviz.figures.figure import Figure
from countviz.figures.theme import THEMES, new_figure


@pytest.fixture
def figure():
    drawn = new_figure(THEMES["dark"], height=300, x_title="position", y_title="count")
    drawn.update_layout(xaxis={"range": [0, 1]}, margin={"l": 3})
    drawn.update_layout(xaxis={"nticks": 4, "range": [0, 2]}, yaxis2={"anchor": "x"})
    drawn.update_yaxes(showgrid=False)
    drawn.add_scatter(x=np.arange(3) * 100_000, y=np.array([0.5, np.nan, 2]), line=None, name="way")
    drawn.add_heatmap(z=np.zeros((2, 3), np.float32), customdata=[["a", "b", "c"]] * 2)
    drawn.add_hline(1.5, line={"width": 2})
    drawn.add_vline(1)
    return drawn


def test_said_again_a_word_is_replaced_and_its_neighbours_stay(figure):
    assert figure.layout["xaxis"] == {"range": [0, 2], "nticks": 4}
    assert figure.layout["yaxis"] == {"showgrid": False}
    assert figure.layout["yaxis2"] == {"anchor": "x", "showgrid": False}


def test_the_browser_is_told_what_plotly_would_tell_it(figure):
    assert figure.to_dict() == figure.to_plotly().to_dict()


def test_what_is_not_checked_passes_for_a_figure_where_dictionaries_are_asked_for(figure):
    given = return_figure_from_figure_or_data(figure.unchecked(), validate_figure=True)
    assert given == figure.to_dict()


def test_numbers_travel_as_the_bytes_that_they_are():
    figure = Figure({})
    figure.add_scatter(x=np.array([1, 2]), y=np.array([0.5, 2], np.float32), text=["a", None])
    series = figure.to_dict()["data"][0]
    assert series["x"] == {"dtype": "i4", "bdata": "AQAAAAIAAAA="}
    assert series["y"]["dtype"] == "f4"
    assert series["text"] == ["a", None]


def test_whole_numbers_beyond_four_bytes_are_not_cut():
    figure = Figure({})
    figure.add_scatter(x=np.array([2**40]))
    assert figure.to_dict()["data"][0]["x"] == [2**40]


def test_plotly_refuses_a_word_that_it_does_not_know():
    figure = Figure({})
    figure.add_scatter(colour="red")
    with pytest.raises(ValueError, match="colour"):
        figure.to_plotly()
