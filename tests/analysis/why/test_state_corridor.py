"""The corridor of a unit's state: its ends are where the model, put there, closes otherwise."""

import numpy as np
import pytest

from countviz.analysis import find_no_return, measure_closings, measure_state_corridor
from countviz.analysis.count.stepper import make_stepper
from countviz.analysis.why.state_corridor import DEEPEST, has_state_corridor
from countviz.analysis.why.state_interval import find_interval, find_sign, put
from countviz.checkpoints import load
from countviz.exact import exact_linear, exact_lstm, exact_relu
from countviz.languages.dyck1 import nested, zigzag
from countviz.runs import Moment
from countviz.traces import trace

STRING = nested(3) + zigzag(6, 3) + nested(40)


@pytest.mark.parametrize(
    "name", ["gru1-dyck1/0", "gru1-dyck1/3", "lstm1-dyck1/2", "relu1-dyck1/1", "relu1-dyck1/5"]
)
def test_a_state_lies_in_its_band_exactly_while_all_could_be_closed(name):
    done = trace(load(name), STRING)
    corridor = measure_state_corridor(done)
    inside = (corridor.values >= corridor.low) & (corridor.values <= corridor.high)
    assert (inside == (measure_closings(done).total == done.reading.closings[:, 0])).all()
    assert corridor.lost == find_no_return(done).position
    two_ends = np.isfinite(corridor.shares)
    assert (((corridor.shares >= 0) & (corridor.shares <= 1)) == inside)[two_ends].all()


@pytest.mark.parametrize("model", [exact_lstm(), exact_relu(), exact_linear()], ids=str)
def test_the_band_of_an_exact_counter_is_half_a_step_to_either_side(model):
    corridor = measure_state_corridor(trace(model, nested(12)))
    assert corridor.truth.tolist() == corridor.values.tolist()
    open_ = corridor.truth > 0
    assert np.allclose(corridor.low[open_], corridor.truth[open_] - 0.5, atol=1e-9)
    assert np.allclose(corridor.high, corridor.truth + 0.5, atol=1e-9)
    assert "1 wide" in corridor.sentence()


@pytest.mark.parametrize("name", ["gru1-dyck1/0", "lstm1-dyck1/2", "relu1-dyck1/5"])
def test_just_inside_an_end_it_closes_what_it_should_and_just_outside_it_does_not(name):
    model = load(name)
    stepper, row = make_stepper(model), Moment(trace(model, "(" * 9).whole.rows[-1].copy())
    sign = find_sign(stepper)
    interval = find_interval(stepper, row, 9, sign)
    width = sign * (interval.far - interval.near)
    assert width > 0
    for end, inwards in ((interval.near, 1), (interval.far, -1)):
        nudge = 1e-6 * width * sign * inwards
        counts = [
            stepper.count_closings(put(stepper, row, end + step), 1, 50) for step in (nudge, -nudge)
        ]
        assert counts == [9, 9 - inwards]


def test_what_a_bounded_state_cannot_close_has_no_band():
    corridor = measure_state_corridor(trace(load("gru1-dyck1/0"), nested(150)))
    beyond = corridor.truth >= corridor.unreachable
    assert np.isnan(corridor.low[beyond]).all()
    assert not np.isnan(corridor.low[~beyond]).any()
    assert f"closes {corridor.unreachable} brackets in a row" in corridor.sentence()


def test_counts_beyond_300_are_left_out_and_that_is_said():
    corridor = measure_state_corridor(trace(exact_relu(), nested(DEEPEST + 5)))
    assert np.isnan(corridor.low).sum() == 9
    assert f"up to a count of {DEEPEST}" in corridor.sentence()


@pytest.mark.parametrize("name", ["lstm5-dyck1", "relu1-dyck1/0", "lstm4-shuffle2"])
def test_several_units_and_dead_ones_have_no_such_corridor(name):
    model = load(name)
    assert not has_state_corridor(model)
    with pytest.raises(ValueError, match="a corridor of the state is that of one unit"):
        measure_state_corridor(trace(model, "()"))


def test_a_model_that_tells_no_zero_from_one_has_an_empty_band():
    corridor = measure_state_corridor(trace(load("tanh1-dyck1"), "(())"))
    assert np.isnan(corridor.low).all()
    assert "No value" in corridor.sentence()
    assert len(corridor.to_frame()) == 4
