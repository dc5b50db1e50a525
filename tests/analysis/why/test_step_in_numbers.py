"""One step in numbers: the equation gives what the trace says, and errors add up."""

import math

import numpy as np
import pytest

from countviz.analysis import find_no_return, measure_corridor, step_in_numbers
from countviz.cells import CELLS
from countviz.checkpoints import load
from countviz.exact import exact_linear, exact_lstm
from countviz.languages.dyck1 import nested
from countviz.traces import trace

STRING = "(()(()))()" + nested(12)
NAMES = ("gru1-dyck1/0", "lstm1-dyck1/0", "relu1-dyck1/1", "tanh1-dyck1", "exact-linear")
BIG = ("gru5-dyck1", "lstm5-dyck1", "relu5-dyck1", "exact-stack-dyck1")
WRITTEN = {
    "lstm": lambda v, one: v["f"] * v["c"] + v["i"] * v["g"],
    "gru": lambda v, one: (1 - v["z"]) * v["n"] + v["z"] * v["h"],
    "relu": lambda v, one: max(0.0, v["w"] + (v["u"] * v["h"] if one else v["r"])),
    "tanh": lambda v, one: math.tanh(v["w"] + (v["u"] * v["h"] if one else v["r"])),
    "linear": lambda v, one: v["w"] + v["u"] * v["h"],
    "stack-rnn": lambda v, one: math.tanh(v["w"] + (v["u"] * v["h"] if one else v["r"]) + v["s"]),
}
WRITTEN |= dict.fromkeys(("stack-lstm", "strat-lstm", "ns-rnn"), WRITTEN["lstm"])


@pytest.mark.parametrize("name", NAMES + BIG)
def test_the_equation_with_the_numbers_of_a_step_gives_what_the_state_became(name):
    done = trace(load(name), STRING)
    for position in range(0, len(STRING), 5):
        step = step_in_numbers(done, position)
        values = {one.name: one.value for one in step.quantities}
        right = WRITTEN[done.model.spec.cell](values, step.units == 1)
        assert right == pytest.approx(step.value, abs=1e-6 if "relu" in name else 1e-9)
        assert step.value == done.whole.internals[step.internal][position, step.unit]
        assert step.equation is not None


@pytest.mark.parametrize("name", ["gru1-dyck1/0", "lstm1-dyck1/0", "gru5-dyck1"])
def test_a_gate_is_what_its_pre_activation_is_squashed_to(name):
    squash = {"sigmoid": lambda z: 1 / (1 + math.exp(-z)), "tanh": math.tanh}
    done = trace(load(name), STRING)
    for one in step_in_numbers(done, 17).quantities[:-1]:
        assert squash[one.squash](one.pre_activation) == pytest.approx(one.value, abs=1e-9)
        assert " = " in one.in_words()


def test_every_cell_has_its_equation_written_down():
    assert set(WRITTEN) == set(CELLS)


@pytest.mark.parametrize("name", ["gru1-dyck1/0", "relu1-dyck1/1", "lstm5-dyck1"])
def test_the_errors_of_the_steps_are_those_of_the_corridor(name):
    done = trace(load(name), STRING)
    errors, before = measure_corridor(done).errors, 0.0
    for position in range(len(STRING)):
        step = step_in_numbers(done, position, 0)
        assert step.error_before == pytest.approx(before, abs=1e-9)
        assert step.error_after == pytest.approx(errors[position], abs=1e-9)
        before = step.error_after


def test_at_the_point_of_no_return_the_state_is_outside_what_it_needs():
    done = trace(load("gru1-dyck1/0"), nested(40))
    lost = find_no_return(done).position
    step, right = step_in_numbers(done, lost), step_in_numbers(done, lost - 1)
    assert step.closes == step.counts[1] - 1
    assert step.interval.sign * (step.value - step.interval.near) < 0
    assert step.sentence().startswith(f"To close {lost + 1} brackets it needs h\N{PRIME} ")
    assert "too little. This step adds" in step.sentence()
    assert ": right." in right.sentence()
    assert right.interval.low <= right.value <= right.interval.high


def test_too_much_is_said_to_be_too_much(make_unit):
    gaining = make_unit("relu", inputs=[[1, -1]], recurrent=[[1.05]], slope=20, at=10)
    done = trace(gaining, nested(20))
    assert "too much" in step_in_numbers(done, find_no_return(done).position).sentence()


def test_an_exact_step_adds_nothing():
    step = step_in_numbers(trace(exact_linear(), STRING), 4)
    assert step.error_added == 0
    assert "adds no error" in step.sentence()


def test_a_saturated_gate_is_written_as_one_and_one_that_is_nearly_so_is_not():
    words = [one.in_words() for one in step_in_numbers(trace(exact_lstm(), "("), 0).quantities]
    assert words[1].endswith("= 1")
    leaky = exact_lstm(gate_bias=12)
    forget = step_in_numbers(trace(leaky, "("), 0).quantities[1].in_words()
    assert forget.endswith("= 0.99999")


def test_several_units_show_the_one_that_moves_most():
    done = trace(load("lstm5-dyck1"), STRING)
    step = step_in_numbers(done, 12)
    moves = np.abs(np.diff(done.whole.internals["c"][11:13], axis=0))[0]
    assert step.unit == moves.argmax()
    assert step.interval is None
    assert "could be closed" in step.sentence()


def test_an_illegal_step_has_numbers_but_nothing_would_be_right():
    step = step_in_numbers(trace(exact_lstm(), "())"), 2)
    assert step.counts is None
    assert "no longer legal" in step.sentence()
    assert len(step.to_frame()) == len(step.quantities)


def test_a_position_outside_the_string_is_refused():
    with pytest.raises(ValueError, match=r"position 2 came; this string has 0 \.\.\. 1"):
        step_in_numbers(trace(exact_lstm(), "()"), 2)


def test_overflow_and_death_are_said(make_unit):
    exploding = make_unit("relu", inputs=[[1, -1]], recurrent=[[40]], slope=20, at=10)
    assert "cannot be said" in step_in_numbers(trace(exploding, "(" * 300), 299).sentence()
    assert "never stops" in step_in_numbers(trace(make_unit("relu"), "()"), 0).sentence()
