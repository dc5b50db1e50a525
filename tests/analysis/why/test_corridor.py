"""The corridor: inside it exactly while everything could still be closed."""

import numpy as np
import pytest

from countviz.analysis import (
    find_no_return,
    measure_closings,
    measure_corridor,
    read_out,
    refine_closings,
)
from countviz.analysis.count.fine_closing import refine_at
from countviz.analysis.why.corridor import HALF
from countviz.checkpoints import load
from countviz.exact import exact_linear, exact_lstm, exact_relu
from countviz.languages.dyck1 import nested, uniform_member, zigzag
from countviz.traces import WHOLE, trace

NAMES = ("gru1-dyck1/0", "lstm1-dyck1/0", "relu1-dyck1/1", "lstm5-dyck1", "gru5-dyck1/0@1")
STRINGS = (nested(60), zigzag(9, 6), uniform_member(np.random.default_rng(5), 300), "()(")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("precision", ["float64", "float16"])
def test_a_value_is_within_half_of_the_truth_exactly_where_just_that_many_are_closed(
    name, precision
):
    model = load(name)
    table = read_out(model, precision)
    for string in STRINGS:
        done = trace(model, string, precision)
        corridor, closings = measure_corridor(done, None, table), measure_closings(done)
        assert (corridor.counts == closings.counts[:, 0])[~np.isnan(corridor.counts)].all()
        right = closings.total == done.reading.closings[:, 0]
        inside = np.abs(corridor.errors) <= HALF
        assert (inside == right).all()
        assert corridor.lost == (None if right.all() else right.argmin())
        assert corridor.lost == find_no_return(done).position
        assert (np.abs(corridor.values - corridor.counts)[~np.isnan(corridor.values)] <= HALF).all()


def test_along_accepted_closers_a_value_falls_by_one_each():
    done = trace(load("gru1-dyck1/0"), nested(20))
    values = measure_corridor(done).values
    assert np.allclose(np.diff(values[19:]), -1, atol=1e-12)


@pytest.mark.parametrize("model", [exact_linear(), exact_relu()], ids=str)
def test_an_adder_that_counts_exactly_stays_in_the_middle_and_so_it_is_foretold(model):
    corridor = measure_corridor(trace(model, STRINGS[2]))
    assert (corridor.errors == 0).all()
    assert np.allclose(corridor.predicted, corridor.truth, atol=1e-9)
    assert corridor.lost is None
    assert "at most 0.00" in corridor.sentence()


def test_the_constants_of_a_rectifier_foretell_its_way(make_unit):
    leaking = make_unit("relu", inputs=[[1, -1]], recurrent=[[0.999]], slope=20, at=10)
    corridor = measure_corridor(trace(leaking, nested(60)))
    near = np.abs(corridor.errors) < 4
    assert near.sum() > 80
    open_ = near & (corridor.counts > 0)
    assert np.abs(corridor.predicted - corridor.values)[open_].max() < 0.1
    assert corridor.sentence().count("Dashed") == 1


@pytest.mark.parametrize("name", NAMES)
def test_a_single_step_is_refined_as_the_whole_string_is(name):
    done = trace(load(name), STRINGS[2])
    counts = measure_closings(done).counts[:, 0]
    values = refine_closings(done, counts)
    for position in range(-1, 300, 7):
        whole, fine = refine_at(done, position, 0, 2_000)
        if position < 0:
            assert (whole, fine) == (0, 0)
        elif np.isnan(counts[position]):
            assert np.isnan(whole)
            assert np.isnan(fine)
        else:
            assert whole == counts[position]
            assert fine == pytest.approx(values[position], abs=1e-9)


def test_a_unit_that_never_closes_leaves_the_corridor_without_a_value(make_unit):
    corridor = measure_corridor(trace(make_unit("relu"), "(())"))
    assert np.isnan(corridor.values).all()
    assert corridor.lost == 0
    assert "never stop" in corridor.sentence()
    assert "never stops" in corridor.at(0)
    assert np.isnan(corridor.predicted).all()


def test_a_state_that_overflows_is_followed_to_its_end(make_unit):
    exploding = make_unit("relu", inputs=[[1, -1]], recurrent=[[40]], slope=20, at=10)
    corridor = measure_corridor(trace(exploding, "(" * 400))
    assert corridor.counts.size == 400
    assert corridor.lost is not None


def test_the_illegal_tail_has_no_truth_and_an_illegal_start_no_corridor():
    corridor = measure_corridor(trace(exact_lstm(), "())(("))
    assert np.isnan(corridor.truth).tolist() == [False, False, True, True, True]
    assert "no longer legal" in corridor.at(3)
    assert "illegal" in measure_corridor(trace(exact_lstm(), ")")).sentence()


def test_each_counter_of_a_language_has_its_own_corridor():
    done = trace(load("lstm4-shuffle2"), "(([)])")
    one, other = (measure_corridor(done, counter) for counter in (0, 1))
    assert (one.closer, other.closer) == (")", "]")
    assert one.truth.tolist() == [1, 2, 2, 1, 1, 0]
    assert other.truth.tolist() == [0, 0, 1, 1, 0, 0]
    with pytest.raises(ValueError, match=r"counter 2 came; shuffle2 has 0 \.\.\. 1"):
        measure_corridor(done, 2)


def test_the_table_has_a_row_a_symbol_and_nobody_can_change_the_arrays():
    corridor = measure_corridor(trace(load("gru1-dyck1/0"), nested(9)))
    frame = corridor.to_frame()
    assert frame["position"].tolist() == list(range(18))
    assert (frame["high"] - frame["low"] == 1).all()
    with pytest.raises(ValueError, match="read-only"):
        corridor.values[0] = 7


def test_a_string_of_20_000_symbols_is_followed_and_a_longer_one_refused():
    string = uniform_member(np.random.default_rng(0), WHOLE)
    assert measure_corridor(trace(load("relu1-dyck1/1"), string)).values.size == WHOLE
    with pytest.raises(ValueError, match="20,002"):
        measure_corridor(trace(exact_relu(), string + "()"))
