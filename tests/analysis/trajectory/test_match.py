"""Matching states: a stretch is found again where the count is the same, and nowhere else."""

import numpy as np
import pytest

from countviz.analysis import draw_strings, match_state, record_corpus, suggest_stretch
from countviz.analysis.trajectory.match import choose_threshold
from countviz.checkpoints import load
from countviz.exact import exact_lstm, exact_relu
from countviz.languages.dyck1 import Dyck1, flat, nested, zigzag
from countviz.traces import trace

STRING = "((()))(())((((()))))()"


@pytest.fixture(scope="module")
def corpus():
    return record_corpus(exact_lstm(), "float64", draw_strings(exact_lstm().language, 200))


@pytest.mark.parametrize(
    "name",
    ["exact-lstm", "exact-relu", "lstm1-dyck1", "lstm1-dyck1/1", "lstm5-dyck1", "gru1-dyck1"],
)
def test_a_stretch_is_found_again_first_and_exactly(name):
    done = trace(load(name), zigzag(6, 4))
    stretch = 15, 20  # about the second peak, counts of 4 and more
    found = match_state(done, *stretch)
    assert found.sides == "off just outside"
    assert (found.where[0], found.starts[0], found.stops[0]) == (-1, *stretch)
    assert found.differ[0] == 0
    assert found.units


def test_of_an_exact_counter_the_matches_are_the_counts_over_the_threshold(corpus):
    done = trace(exact_lstm(), STRING)
    found = match_state(done, 1, 4, corpus=corpus)
    assert found.threshold == 1.5
    assert (found.low, found.high) == (2, 3)
    assert found.least.min() == 2
    here = found.where < 0
    assert sorted(zip(found.starts[here], found.stops[here], strict=True)) == [
        (1, 4),
        (7, 8),
        (11, 18),
    ]
    counts = np.concatenate([[0], corpus.counts, [0]])
    begins = (counts[1:-1] >= 2) & (
        (counts[:-2] < 2) | np.isin(np.arange(corpus.counts.size), corpus.edges)
    )
    assert (~here).sum() == begins.sum()


def test_a_unit_that_counts_downwards_is_on_below():
    falling = load("lstm1-dyck1/1")
    found = match_state(trace(falling, STRING), 1, 4)
    assert [(one.unit, one.sign) for one in found.units] == [(0, -1)]
    assert "c ≤ \N{MINUS SIGN}1.5 is on throughout brackets 2 to 4" in found.sentence()


def test_runs_do_not_reach_from_one_string_into_the_next():
    strings = ["(((", "((("]
    corpus = record_corpus(exact_relu(), "float64", strings)
    found = match_state(trace(exact_relu(), "()"), 0, 1, 0.5, corpus=corpus)
    assert found.where.tolist() == [-1, 0, 1]
    assert found.stops.tolist() == [1, 3, 3]


def test_a_threshold_that_is_given_is_kept():
    found = match_state(trace(exact_relu(), STRING), 12, 17, 2.5)
    assert found.threshold == 2.5
    assert found.sides == "off just outside"
    assert not match_state(trace(exact_relu(), STRING), 0, 6, 99).units


def test_without_a_unit_that_is_on_there_is_no_match_and_a_sentence():
    found = match_state(trace(exact_relu(), STRING), 0, 6, 99)
    assert found.where.size == 0
    assert found.shown.shape[0] == 0
    assert found.sentence() == (
        "No unit is on throughout brackets 1 to 6: choose another threshold or stretch."
    )


def test_the_threshold_lies_between_the_stretch_and_its_surroundings():
    inside, outside = np.array([[3.0, 0], [4, 1]]), np.array([[1.0, 0.5], [2, 0]])
    assert 2 < choose_threshold(inside, outside) < 3
    assert np.isnan(choose_threshold(np.ones((3, 2)), np.ones((2, 2))))


def test_a_stretch_on_a_slope_is_off_on_one_side():
    found = match_state(trace(exact_relu(), nested(10)), 3, 6)
    assert found.sides == "off on one side only"
    assert (found.starts[0], found.stops[0]) == (3, 16)


def test_the_whole_string_and_a_single_symbol_can_be_asked_for():
    done = trace(exact_lstm(), STRING)
    assert (match_state(done, 0, len(STRING)).where == -1).all()
    assert match_state(trace(exact_lstm(), "("), 0, 1).stops.tolist() == [1]


def test_a_dead_unit_matches_nothing():
    found = match_state(trace(load("relu1-dyck1/0"), STRING), 2, 5)
    assert np.isnan(found.threshold)
    assert not found.units


def test_the_table_of_the_first_matches_is_aligned_where_they_begin():
    found = match_state(trace(exact_lstm(), STRING), 1, 4)
    row = "".join(found.shown[0])
    assert row == STRING[: len(row)]
    assert found.shown[0].tolist()[:3] == ["", "", ""]
    at = 4  # columns before a match
    assert found.shown_counts[:, at].tolist() == [2, 2, 2]
    assert (found.shown_counts[:, at - 1] == 1).all()


def test_an_illegal_tail_can_match_but_has_no_count():
    found = match_state(trace(exact_lstm(), "(()))((("), 0, 3, 0.5)
    assert found.where.tolist() == [-1, -1]
    assert np.isnan(found.least[1])
    assert "with a count of 1 to 2" in found.sentence()


def test_of_a_million_symbols_those_around_the_stretch_are_searched():
    done = trace(exact_relu(), flat(250_000) + nested(250) + flat(249_750))
    found = match_state(done, 500_200, 500_299)
    assert (found.starts[0], found.stops[0]) == (500_200, 500_299)
    assert found.symbols == 20_000


def test_a_language_with_two_counters_is_searched_too():
    model = load("lstm4-shuffle2")
    corpus = record_corpus(model, "float64", draw_strings(model.language, 50))
    done = trace(model, "([()[()]])[]")
    found = match_state(done, *suggest_stretch(done, 0, 12), corpus=corpus)
    assert found.strings == 51
    assert found.units


def test_a_suggested_stretch_is_the_deepest_part():
    assert suggest_stretch(trace(exact_relu(), STRING), 0, len(STRING)) == (12, 17)
    start, stop = suggest_stretch(trace(exact_relu(), nested(20_000)), 0, 40_000)
    assert start < 20_000 < stop
    assert stop - start <= 500
    assert suggest_stretch(trace(exact_relu(), ")("), 0, 2) == (0, 2)


@pytest.mark.parametrize(("start", "stop"), [(3, 3), (-1, 2), (5, 99)])
def test_a_stretch_outside_the_string_is_refused(start, stop):
    with pytest.raises(ValueError, match=r"within 0 to 22 is right"):
        match_state(trace(exact_lstm(), STRING), start, stop)


def test_an_internal_that_is_no_state_is_refused():
    with pytest.raises(ValueError, match="there are: c, h"):
        match_state(trace(exact_lstm(), STRING), 0, 2, internal="f")


def test_a_table_has_a_row_a_match(corpus):
    found = match_state(trace(exact_lstm(), STRING), 1, 4, corpus=corpus)
    frame = found.to_frame()
    assert len(frame) == found.where.size
    assert frame.string.iloc[0] == "this"


def test_a_corpus_is_drawn_alike_every_time_and_recorded_string_by_string():
    strings = draw_strings(Dyck1(), 5)
    assert strings == draw_strings(Dyck1(), 5)
    assert all(string in Dyck1() for string in strings)
    corpus = record_corpus(exact_relu(), "float32", strings)
    for place, string in enumerate(strings):
        along = slice(corpus.edges[place], corpus.edges[place + 1])
        assert corpus.states["h"][along, 0].tolist() == corpus.counts[along].tolist()
        assert corpus.counts[along].size == len(string)
    assert record_corpus(exact_relu(), "float32", []).counts.size == 0
