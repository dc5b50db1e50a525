"""Small multiples of reach show what their report says."""

import numpy as np
import pytest

from countviz.analysis import Luck, measure_luck, measure_reach
from countviz.exact import exact_lstm
from countviz.figures import plot_reach
from countviz.figures.theme import THEMES

LIGHT = THEMES["light"]


def series(figure, name):
    return [one for one in figure.data if one.name == name]


@pytest.fixture(scope="module")
def reach(luck):
    return measure_reach(*luck, columns=range(6))


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_it_is_drawn_in_both_themes_and_small(reach, theme):
    figure = plot_reach(reach, theme)
    assert figure.layout.template.layout.font.color == theme.second
    assert all(one.type in ("scatter", "bar") and len(one.x) <= 2_000 for one in figure.data)
    assert figure.layout.height < 800


def test_a_curve_shows_what_each_seed_closes(reach):
    (curve,) = series(plot_reach(reach, LIGHT), "closes")  # nobody in the other family learned
    shown = curve.y[~np.isnan(curve.y)]
    learned = reach.closes[0][:3]
    assert shown.tolist() == learned[~np.isnan(learned)].tolist()


def test_the_horizon_is_printed_in_every_panel(reach):
    (marks,) = series(plot_reach(reach, LIGHT), "horizon")
    depths = reach.shown[0].horizon[:3]
    assert list(marks.text) == [f"<b>{depth}</b>" for depth in depths]
    assert marks.y.tolist() == [row[n - 1] for row, n in zip(reach.closes[0], depths, strict=False)]


def test_a_seed_that_did_not_learn_keeps_its_place_and_says_so(reach):
    figure = plot_reach(reach, LIGHT)
    assert [len(one.text) for one in series(figure, "did not learn")] == [1, 2]
    assert list(figure.layout.xaxis.ticktext) == ["seed 0", "seed 1", "seed 2", "seed 3"]
    assert list(figure.layout.xaxis2.ticktext) == ["seed 0", "seed 1"]


def test_a_horizon_that_lies_further_out_stands_at_the_edge(make_family):
    family = make_family([exact_lstm()], [1])
    group = Luck(labels=("exact",), groups=(measure_luck(family),))
    figure = plot_reach(measure_reach(group, {family.name: family}, [0]), LIGHT)
    (mark,) = series(figure, "horizon")
    assert (mark.x.tolist(), mark.y.tolist(), list(mark.text)) == ([120], [120], ["<b>≥ 500</b>"])
