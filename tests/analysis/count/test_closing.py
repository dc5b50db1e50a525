"""Closes-left counts: against the truth, and against counting the long way."""

import numpy as np
import pytest

from countviz.analysis import measure_closings
from countviz.analysis.count import closing
from countviz.analysis.count.closing import NEVER, count_window, find_cap
from countviz.checkpoints import load
from countviz.exact import exact_linear, exact_lstm, exact_relu
from countviz.languages.dyck1 import nested, uniform_member
from countviz.languages.text import TooLong
from countviz.traces import WHOLE, trace

EXACT = {model.name: model for model in (exact_lstm(), exact_relu(), exact_linear())}
LEAKY = exact_lstm(gate_bias=6)


def closers_by_appending(model, prefix, closer, most, precision):
    """Append closers until the model says that no further one may come, and count them."""
    column = model.language.alphabet.index(closer)
    verdicts = trace(model, prefix + closer * most, precision).verdicts[len(prefix) - 1 :, column]
    return np.nan if verdicts.all() else int(verdicts.argmin())


@pytest.mark.parametrize("precision", ["float64", "float32", "float16"])
@pytest.mark.parametrize("model", EXACT.values(), ids=EXACT)
def test_an_exact_counter_closes_as_many_as_are_open(model, precision):
    for seed in range(5):
        done = trace(model, uniform_member(np.random.default_rng(seed), 200), precision)
        closings = measure_closings(done)
        assert (closings.counts == done.reading.closings).all()
        assert (closings.total == done.reading.closings.sum(axis=1)).all()


def test_a_leaking_counter_closes_as_many_as_it_accepts_one_by_one():
    string = nested(20)
    counts = measure_closings(trace(LEAKY, string)).counts[:, 0]
    by_hand = [closers_by_appending(LEAKY, string[:t], ")", 60, "float64") for t in range(1, 41)]
    assert counts.tolist() == by_hand
    assert (counts != trace(LEAKY, string).reading.closings[:, 0]).any()


def test_a_count_is_zero_exactly_where_the_model_says_closed():
    for name in ("gru1-dyck1", "lstm1-dyck1", "relu1-dyck1"):
        done = trace(load(name), nested(40))
        assert ((measure_closings(done).total == 0) == ~done.verdicts[:, 1]).all()


def test_a_memory_is_counted_in_parts_up_to_what_is_reasonable(monkeypatch):
    done = trace(load("stack-rnn4-dyck1/1"), uniform_member(np.random.default_rng(1), 300))
    whole = count_window(done, done.whole, find_cap(done))
    assert (measure_closings(done).counts == np.where(whole == NEVER, np.nan, whole)).all()
    monkeypatch.setattr(closing, "_PATIENCE", 0)
    with pytest.raises(TooLong, match="too long to count"):
        measure_closings(done)


def test_a_dead_unit_never_closes(make_unit):
    assert np.isnan(measure_closings(trace(make_unit("relu"), "(())")).counts).all()


def test_a_unit_that_always_says_closed_closes_none(make_unit):
    never_open = make_unit("relu", at=1)
    assert measure_closings(trace(never_open, "(())")).total.tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize("name", ["lstm4-shuffle2", "lstm4-anbncn"])
def test_a_trained_model_with_two_counters_closes_what_is_open_of_each_kind(name):
    model, rng = load(name), np.random.default_rng(0)
    for _ in range(20):
        done = trace(model, model.language.sample(rng, 3, 12))
        assert measure_closings(done).counts.tolist() == done.reading.closings.tolist()


def test_each_counter_has_a_column_and_the_total_is_their_sum():
    closings = measure_closings(trace(load("lstm4-shuffle2"), "(([)"))
    assert closings.counts.tolist() == [[1, 0], [2, 0], [2, 1], [1, 1]]
    assert closings.total.tolist() == [1, 2, 3, 2]


def test_the_cap_grows_with_the_string_and_is_no_count():
    deep = trace(exact_relu(), nested(1_500))
    closings = measure_closings(deep)
    assert closings.cap == 1_000 + 2 * 1_500
    assert closings.total.max() == 1_500


def test_the_counts_of_an_empty_string_are_empty():
    assert measure_closings(trace(exact_relu(), "")).counts.shape == (0, 1)


def test_a_longer_trace_than_is_kept_whole_is_refused_with_both_numbers():
    done = trace(exact_relu(), "(" * (WHOLE + 1))
    with pytest.raises(ValueError, match=r"20,001 symbols.* 20,000"):
        measure_closings(done)


def test_nobody_can_change_the_counts():
    counts = measure_closings(trace(exact_relu(), "()")).counts
    with pytest.raises(ValueError, match="read-only"):
        counts[0, 0] = 7
