"""The card of a set of strings draws what it counted."""

import pytest

from countviz.analysis.seeds.dataset_card import describe_set
from countviz.figures import plot_dataset_card
from countviz.figures.theme import THEMES
from countviz.languages import find_language

CARD = describe_set("few", ["()", "(())", "()()", "((()))"], find_language("dyck1"))


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_the_bars_are_the_histograms(theme):
    lengths, depths = plot_dataset_card(CARD, theme).data
    assert (list(lengths.x), list(lengths.y)) == ([2, 4, 6], [1, 2, 1])
    assert (list(depths.x), list(depths.y)) == ([1, 2, 3], [2, 1, 1])


def test_each_axis_says_its_unit():
    figure = plot_dataset_card(CARD, THEMES["light"])
    assert [note.text for note in figure.layout.annotations] == ["symbols", "most open at a time"]
    assert figure.layout.title.text == "strings"
