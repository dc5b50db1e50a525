"""Marks of loss and endurance show what their report says."""

import pytest

from countviz.analysis import measure_endurance
from countviz.analysis.seeds.endurance import Endurance, fail_constantly
from countviz.datasets import encode_strings
from countviz.figures import plot_endurance
from countviz.figures.theme import THEMES
from countviz.languages import LANGUAGES

LIGHT = THEMES["light"]


def series(figure, name):
    return [one for one in figure.data if one.name == name]


@pytest.fixture(scope="module")
def endurance(luck):
    strings = encode_strings(LANGUAGES["dyck1"], ["(" * 40 + ")" * 40, "()" * 40])
    fpf = tuple(measure_endurance(luck[1][g.family], g, strings) for g in luck[0].groups)
    constant = float(fail_constantly(strings).mean())
    return Endurance(luck=luck[0], mean_fpf=fpf, constant=constant, strings=2, length=80)


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_it_is_drawn_in_both_themes_and_small(endurance, theme):
    figure = plot_endurance(endurance, theme)
    assert figure.layout.template.layout.font.color == theme.second
    assert all(one.type in ("scatter", "bar") and len(one.x) <= 2_000 for one in figure.data)
    assert figure.layout.height < 800


def test_a_mark_shows_loss_and_mean_and_carries_its_address(endurance):
    figure = plot_endurance(endurance, LIGHT)
    group, means = endurance.luck.groups[0], endurance.mean_fpf[0]
    failed, learned = series(figure, "LSTM-1")
    assert learned.x.tolist() == group.loss[:3].tolist()
    assert learned.y.tolist() == means[:3].tolist()
    assert list(learned.customdata) == group.addresses[:3]
    assert failed.y.tolist() == means[3:].tolist()
    assert (learned.marker.symbol, failed.marker.symbol) == ("square", "square-open")
    assert figure.layout.shapes[0].y0 == endurance.constant
    assert f"{endurance.constant:,.0f}" in figure.layout.annotations[1].text
