"""What the scrubber is told about the figures: where the cursor goes, and what stands beside it."""

import numpy as np
import pytest

from countviz.analysis.seeds.horizons import Horizons
from countviz.analysis.seeds.spread import spread_over_seeds
from countviz.analysis.seeds.steps import Steps
from countviz.figures import plot_horizons, plot_steps
from countviz.figures.theme import THEMES
from countviz.web.scrubber import Scrubbed, describe_panes

AT = np.array([0, 250, 500])
LIGHT = THEMES["light"]


def describe(report, plot, key="figure"):
    figure = plot.draw(report, LIGHT, LIGHT.hue("lstm"))
    scrubbed = Scrubbed(key=key, figure=figure, ends=report.ends)
    return figure, describe_panes([scrubbed], AT)


@pytest.fixture(scope="module")
def horizons():
    spread = spread_over_seeds(AT, np.array([[0.0, 5, 9], [0, 0, 3]]), 1000)
    return Horizons(spread=spread, training_depth=4)


def test_the_cursor_goes_along_the_axis_of_strings(horizons):
    _, panes = describe(horizons, plot_horizons)
    assert panes["places"] == [0, 0.25, 0.5]


def test_the_words_beside_the_cursor_are_those_of_the_report_at_every_point(horizons):
    _, panes = describe(horizons, plot_horizons)
    best, median = panes["figures"][0]["labels"]
    assert best["text"] == ["best 0", "best 5", "best 9"]
    assert median["text"] == ["median 0", "median 2", "median 6"]
    assert all(high > low for high, low in zip(best["y"], median["y"], strict=True))


def test_the_words_that_the_figure_itself_has_at_its_end_are_hidden_meanwhile(horizons):
    figure, panes = describe(horizons, plot_horizons)
    hidden = [figure.layout["annotations"][k]["text"] for k in panes["figures"][0]["hidden"]]
    assert hidden == ["best 9", "median 6"]


def test_lines_across_the_figure_go_on_through_the_pane(horizons):
    figure, panes = describe(horizons, plot_horizons)
    (rule,) = panes["figures"][0]["rules"]
    assert rule["text"] == "trained to 4"
    assert rule["y"] == pytest.approx(4 / figure.layout["yaxis"]["range"][1])


def test_a_figure_without_words_at_its_ends_has_a_pane_all_the_same():
    steps = Steps(at=AT, planned=500, up=np.ones((2, 3)), down=-np.ones((2, 3)))
    figure, panes = describe(steps, plot_steps, "steps")
    (pane,) = panes["figures"]
    assert (pane["key"], pane["labels"], pane["height"]) == ("steps", [], figure.layout["height"])
    assert [rule["text"] for rule in pane["rules"]] == ["step up", "step down"]
