"""The look of figures: readable on both backgrounds, and the same hue for a cell everywhere."""

import tomllib
from pathlib import Path

import numpy as np
import pytest

from countviz.cells import CELLS
from countviz.figures.base import MARKS
from countviz.figures.theme import THEMES, add_boxes, log_ticks, new_figure, symbol

CONFIG = Path(__file__).parents[1] / ".streamlit" / "config.toml"


def luminance(color):
    channels = np.array([int(color[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    linear = np.where(channels <= 0.03928, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return linear @ [0.2126, 0.7152, 0.0722]


def contrast(one, other):
    """Return the contrast of two colours as WCAG 2.2 defines it."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_every_hue_and_every_word_stands_out(theme):
    for hue in theme.hues:
        assert contrast(hue, theme.background) >= 3
    for ink in (theme.ink, theme.second):
        assert contrast(ink, theme.background) >= 4.5
        assert contrast(ink, theme.surface) >= 4.5


@pytest.mark.parametrize("name", THEMES)
def test_the_colours_are_those_of_the_pages(name):
    theme, page = THEMES[name], tomllib.loads(CONFIG.read_text())["theme"][name]
    assert page["backgroundColor"] == theme.background
    assert page["secondaryBackgroundColor"] == theme.surface
    assert page["textColor"] == theme.ink
    assert tuple(page["chartCategoricalColors"][: len(theme.hues)]) == theme.hues


def test_every_cell_has_a_mark_and_a_hue_of_its_own():
    assert MARKS.keys() == CELLS.keys()
    assert len({mark.shape for mark in MARKS.values()}) == len(MARKS)
    assert len({mark.hue for mark in MARKS.values()}) == len(MARKS)
    assert all(mark.hue < len(THEMES["light"].hues) for mark in MARKS.values())


@pytest.mark.parametrize("cell", CELLS)
def test_plotly_knows_every_mark(cell):
    figure = new_figure(THEMES["light"], height=100)
    for hollow in (False, True):
        figure.add_scatter(marker={"symbol": symbol(cell, hollow=hollow)})


@pytest.mark.parametrize(
    ("low", "high", "texts"),
    [
        (18, 130, ["20", "30", "50", "70", "100"]),
        (1, 500, ["1", "3", "10", "30", "100", "300"]),
        (1e-13, 0.1, ["10⁻¹²", "10⁻⁹", "10⁻⁶", "10⁻³"]),
        (34, 36, ["34", "36"]),
    ],
)
def test_a_log_axis_has_a_few_round_ticks(low, high, texts):
    ticks = log_ticks(low, high)
    assert ticks["ticktext"] == texts
    assert all(low <= value <= high for value in ticks["tickvals"])


def test_hatched_boxes_are_hatched():
    figure = new_figure(THEMES["dark"], height=100)
    add_boxes(figure, THEMES["dark"], [])
    assert not figure.data
    add_boxes(figure, THEMES["dark"], [(0, 1, 2, 3), (4, 5, 2, 3)], hatched=True)
    (series,) = figure.to_plotly().data
    assert series.fillpattern.shape == "/"
    assert np.nanmax(series.x) == 5
