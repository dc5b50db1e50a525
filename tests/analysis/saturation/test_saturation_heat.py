"""The map of a string: nines that are known, and the weakest moment of every stretch."""

import math

import numpy as np
import pytest

from countviz.analysis import map_saturation
from countviz.checkpoints import load
from countviz.exact import exact_linear, exact_lstm, exact_relu
from countviz.languages.names import make_string
from countviz.traces import trace


def test_the_nines_of_open_gates_are_known_where_1_less_the_gate_has_no_digits_left():
    found = map_saturation(trace(exact_lstm(gate_bias=30), "(())"))
    assert found.rows == ("input gate i", "forget gate f", "candidate g", "output gate o")
    assert found.values[[0, 1, 3]] == pytest.approx(np.full((3, 4), 30 / math.log(10)), rel=1e-13)
    assert found.counts.tolist() == [0, 1, 2, 1]


def test_the_nines_are_those_of_the_gates_of_the_trace():
    done = trace(load("gru1-dyck1/0"), "(()())")
    found = map_saturation(done)
    gates = np.stack([abs(done.whole.internals[gate][:, 0]) for gate in "rzn"])
    assert found.values == pytest.approx(-np.log10(1 - gates))
    assert found.weakest.tolist() == gates.argmin(axis=1).tolist()


def test_a_long_string_keeps_the_weakest_moment_of_every_column():
    done = trace(load("lstm2-dyck1"), make_string("random-20000-1"))
    found = map_saturation(done, 1)
    every = -np.log10(1 - done.whole.internals["f"][:, 1])
    assert (found.every, found.values.shape) == (20, (4, 1_000))
    assert found.values[1] == pytest.approx(every.reshape(1_000, 20).min(axis=1), rel=1e-6)
    assert found.sentence().endswith("Each column shows 20 symbols.")
    assert f"at symbol {every.argmin() + 1:,}" in found.sentence()


def test_one_gate_can_be_mapped_for_all_units():
    done = trace(load("lstm3-dyck1"), "(())")
    found = map_saturation(done, 0, "f")
    assert found.rows == ("unit 1", "unit 2", "unit 3")
    gates = done.whole.internals["f"].T
    assert found.values == pytest.approx(-np.log10(1 - gates))
    with pytest.raises(ValueError, match="LSTM has no gate 'q'; there are: i, f, g, o"):
        map_saturation(done, 0, "q")


def test_a_rectifier_is_mapped_by_where_it_is_clipped():
    found = map_saturation(trace(exact_relu(), "(())()"))
    assert found.kind == "clipped"
    assert found.values.tolist() == [[0, 0, 0, 1, 0, 1]]
    assert found.sentence() == "Clipped at zero: unit 1 at 33.3 % of the symbols."


def test_what_is_exactly_on_throughout_is_said_so_and_a_linear_cell_has_no_map():
    assert map_saturation(trace(exact_lstm(), "()")).sentence().startswith("Every gate is exactly")
    assert map_saturation(trace(exact_linear(), "()")) is None


def test_an_empty_string_is_refused():
    with pytest.raises(ValueError, match="the string is empty"):
        map_saturation(trace(exact_lstm(), ""))


def test_numbers_that_overflow_have_a_map(make_unit):
    exploding = make_unit("tanh", inputs=[[1e300, 1e300]], recurrent=[[-1e300]])
    found = map_saturation(trace(exploding, "(()"))
    assert found.sentence()
    assert found.to_frame()["true count before"].tolist() == [0, 1, 2]
