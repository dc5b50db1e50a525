"""What is foretold and what is measured stand on one scale."""

import pytest

from countviz.analysis import predict_horizon
from countviz.checkpoints import load
from countviz.exact import exact_relu
from countviz.figures import plot_prediction
from countviz.figures.theme import THEMES


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_every_foretelling_is_a_dot_at_its_depth(theme):
    report = predict_horizon(load("relu1-dyck1/1"))
    figure = plot_prediction(report, theme)
    depths = {one.name: one.x[0] for one in figure.data}
    assert depths["its weights"] == report.closed_form_depth
    assert depths["its steps, fitted"] == report.steps_depth
    assert depths["<b>measured</b>"] == report.measured_depth
    assert depths["rule: leak alone"] == report.rule_leak / 2
    assert depths["always “open”"] == 1
    assert figure.data[-2].text == ("  none",)  # the exact counter


def test_what_never_fails_stands_at_the_edge():
    figure = plot_prediction(predict_horizon(exact_relu()), THEMES["light"])
    marks = {one.name: one for one in figure.data}
    assert marks["<b>measured</b>"].marker.symbol == "triangle-right"
    assert marks["its weights"].marker.symbol == "triangle-right-open"


def test_of_a_dead_unit_only_the_measured_depth_is_drawn():
    figure = plot_prediction(predict_horizon(load("relu1-dyck1/0")), THEMES["light"])
    names = [one.name for one in figure.data]
    assert names == ["<b>measured</b>", "exact counter", "always “open”"]
