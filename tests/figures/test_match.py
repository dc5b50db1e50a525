"""Matches side by side show the strings they were found in."""

import pytest

from countviz.analysis import draw_strings, match_state, record_corpus
from countviz.exact import exact_relu
from countviz.figures import plot_match
from countviz.figures.theme import THEMES
from countviz.traces import trace


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_a_row_a_match_with_its_symbols_and_counts(theme):
    model = exact_relu()
    corpus = record_corpus(model, "float64", draw_strings(model.language, 40))
    found = match_state(trace(model, "(()(()))()"), 3, 7, corpus=corpus)
    symbols, outline = plot_match(found, theme).data
    assert symbols.text.tolist() == found.shown.tolist()
    assert symbols.z.shape == found.shown_counts.shape == found.shown.shape
    assert outline.x.reshape(-1, 6)[:, 0].tolist() == [-0.5] * len(found.shown)
    assert outline.x[1] == found.stops[0] - found.starts[0] - 0.5


def test_rows_are_named_by_string_and_position():
    model = exact_relu()
    corpus = record_corpus(model, "float64", ["()", "(())"])
    found = match_state(trace(model, "((()))"), 1, 4, corpus=corpus)
    assert plot_match(found).layout.yaxis.ticktext == ("this at 2", "no. 2 at 2")


def test_without_a_match_an_empty_table_is_drawn():
    assert not plot_match(match_state(trace(exact_relu(), "()"), 0, 1, 99)).data
