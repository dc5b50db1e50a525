"""Bars of first mistakes show what their report says."""

import numpy as np
import pytest

from countviz.analysis import Zigzag
from countviz.figures import plot_zigzag
from countviz.figures.theme import THEMES

LIGHT = THEMES["light"]


def series(figure, name):
    return [one for one in figure.data if one.name == name]


@pytest.fixture(scope="module")
def zigzag(luck):
    position = np.array([3, 57, 300, 99]), np.array([99, 99])
    return Zigzag(luck=luck[0], n=50, k=3, position=position)


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_it_is_drawn_in_both_themes_and_small(zigzag, theme):
    figure = plot_zigzag(zigzag, theme)
    assert figure.layout.template.layout.font.color == theme.second
    assert all(one.type in ("scatter", "bar") and len(one.x) <= 2_000 for one in figure.data)
    assert figure.layout.height < 800


def test_the_bars_are_the_bins(zigzag):
    figure = plot_zigzag(zigzag, LIGHT)
    learned, failed = zigzag.bins()[0]
    first, other = series(figure, "learned")[0], series(figure, "did not learn")[0]
    assert first.y.tolist() == learned[learned > 0].tolist()
    assert first.x[:2].tolist() == [5, 55]
    assert first.x[2] > zigzag.length
    assert other.y.tolist() == failed[failed > 0].tolist()
    assert other.marker.pattern.shape == "/"


def test_the_landscape_is_the_count(zigzag):
    (count,) = series(plot_zigzag(zigzag, LIGHT), "count")
    counts = np.append(0, zigzag.counts)
    assert np.interp(np.arange(zigzag.length + 1), count.x, count.y).tolist() == counts.tolist()
