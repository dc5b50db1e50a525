"""Traces: whole, in windows, and of strings that no member starts with."""

import numpy as np
import pytest

from countviz.exact import exact_lstm, exact_relu
from countviz.languages import SymbolError
from countviz.languages.dyck1 import uniform_member
from countviz.languages.text import TooLong
from countviz.models import BadWeights, Model, Spec
from countviz.torch_bridge import initial_parameters
from countviz.traces import SPACING, WHOLE, WINDOW, trace

LEAKY = exact_lstm(gate_bias=6)


def test_a_trace_holds_the_truth_and_the_verdicts_beside_each_other():
    done = trace(exact_relu(), "(())")
    assert done.reading.counts[:, 0].tolist() == [1, 2, 1, 0]
    assert done.verdicts.tolist() == [[True, True]] * 3 + [[True, False]]
    assert done.first_failure is None
    assert not done.mistakes.any()


def test_the_first_failure_counts_from_zero():
    done = trace(LEAKY, "(" * 17 + ")" * 17)
    assert done.first_failure == 32
    assert done.mistakes.nonzero()[0].tolist() == [32]


def test_an_illegal_symbol_ends_what_is_judged():
    done = trace(exact_relu(), "())(")
    assert done.reading.legal == 2
    assert done.first_failure is None
    assert not done.mistakes[2:].any()
    assert done.reading.balance.tolist() == [1, 0, -1, 0]


@pytest.mark.parametrize("precision", ["float64", "float16"])
@pytest.mark.parametrize("units", [1, 3])
def test_a_window_equals_the_same_stretch_of_the_whole(precision, units):
    string = uniform_member(np.random.default_rng(0), WHOLE)
    spec = Spec(language="dyck1", cell="lstm", units=units)
    model = Model(name="fresh", spec=spec, parameters=initial_parameters(spec, 0))
    done = trace(model, string, precision)
    for start in (0, 1, SPACING - 1, SPACING, 5_000, WHOLE - 10):
        window = done.window(start)
        assert window.stop == min(start + WINDOW, WHOLE)
        for name, values in window.internals.items():
            assert (values == done.whole.internals[name][start : window.stop]).all()
        assert (window.logits == done.whole.logits[start : window.stop]).all()


def test_a_long_trace_agrees_with_a_short_one_on_their_common_prefix():
    string = uniform_member(np.random.default_rng(1), 2 * WHOLE)
    long, short = trace(LEAKY, string), trace(LEAKY, string[:WHOLE])
    assert (long.verdicts[:WHOLE] == short.verdicts).all()
    assert long.first_failure == short.first_failure
    assert (long.window(7_000).rows == short.window(7_000).rows).all()
    with pytest.raises(ValueError, match="40,000 symbols"):
        _ = long.whole


def test_a_million_symbols_are_traced_to_the_end():
    string = "()" * 500_000
    done = trace(exact_relu(), string, "float32")
    assert done.first_failure is None
    assert done.default_window() == (1_000_000 - WINDOW, 1_000_000)
    assert done.window(999_999).internals["h"].tolist() == [[0.0]]


def test_the_default_window_of_a_long_trace_shows_the_first_failure():
    done = trace(LEAKY, "()" * 10_000 + "(" * 17 + ")" * 17 + "()" * 5_000)
    start, stop = done.default_window()
    assert stop - start == WINDOW
    assert start < done.first_failure < stop


def test_the_arrays_of_a_trace_cannot_be_changed():
    done = trace(exact_relu(), "()")
    for array in (done.verdicts, done.checkpoints, done.whole.rows, done.whole.internals["h"]):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


def test_an_empty_string_leaves_an_empty_trace():
    done = trace(exact_relu(), "")
    assert done.whole.outputs.shape == (0, 2)
    assert done.first_failure is None


def test_what_cannot_be_traced_is_refused_in_a_sentence():
    with pytest.raises(SymbolError, match="symbol 2 is 'a'"):
        trace(exact_relu(), "(a")
    with pytest.raises(TooLong, match="1,000,001"):
        trace(exact_relu(), "(" * 1_000_001)
    with pytest.raises(ValueError, match="starts at 0"):
        trace(exact_relu(), "()").window(-1)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"rnn.weight_hh_l0": np.full((1, 1), np.nan)}, r"rnn.weight_hh_l0 .* nan at \[0, 0\]"),
        ({"rnn.bias_ih_l0": np.zeros(4)}, r"shape \(4,\); \(1,\) is right"),
        ({"rnn.bias_ih_l0": np.zeros(1, int)}, "int64; float32 or float64"),
        ({"extra": np.zeros(1)}, "'extra', which is foreign"),
    ],
)
def test_weights_that_do_not_fit_are_refused_by_name(change, sentence):
    good = exact_relu()
    with pytest.raises(BadWeights, match=sentence):
        Model(name="bad", spec=good.spec, parameters=dict(good.parameters) | change)
