"""The dots of all seeds show what their report says."""

import numpy as np
import pytest

from countviz.analysis import Luck
from countviz.figures import plot_luck
from countviz.figures.theme import THEMES

LIGHT = THEMES["light"]


def series(figure, name):
    return [one for one in figure.data if one.name == name]


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_it_is_drawn_in_both_themes_and_small(luck, theme):
    figure = plot_luck(luck[0], theme)
    assert figure.layout.template.layout.font.color == theme.second
    assert all(one.type in ("scatter", "bar") and len(one.x) <= 2_000 for one in figure.data)
    assert figure.layout.height < 800


def test_every_seed_is_a_dot_or_counted_beside_the_dots(luck):
    measured, _ = luck
    figure = plot_luck(measured, LIGHT)
    for group, failed in zip(measured.groups, series(figure, "failed"), strict=True):
        (dots,) = series(figure, group.family)
        assert sorted(dots.x) == sorted(group.horizon[group.learned])
        assert list(failed.text) == [f"<b>{(~group.learned).sum()}</b>"]
    (median,) = series(figure, "median")
    assert set(median.x) == {measured.groups[0].median}
    (trained,) = series(figure, "trained to")
    assert set(trained.x) == {measured.groups[0].trained_to}


def test_no_dot_lies_on_another(luck):
    group = luck[0].groups[0]
    many = group.pick(np.array([0] * 9 + [1] * 5 + [2]))
    (dots,) = series(plot_luck(Luck(labels=("A",), groups=(many,)), LIGHT), group.family)
    assert len(set(zip(dots.x, dots.y, strict=True))) == 15
