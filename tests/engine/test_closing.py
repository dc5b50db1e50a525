"""The closes-left count, on counters whose answer is known."""

import numpy as np
import pytest

from countviz.engine.closing import NEVER
from countviz.engine.kernels import count_closings, find_variant
from countviz.exact import exact_lstm, exact_relu
from countviz.models import Model
from countviz.traces import trace

STRING = "(()(()))()" + "(" * 30 + ")" * 30


def closings(model, string, cap=1_000, precision="float64"):
    done = trace(model, string, precision)
    counts = np.empty(len(string), np.int64)
    variant = find_variant(model.spec.cell, precision)
    symbols = model.language.encode(string)
    closer = model.language.alphabet.index(")")
    says_open = np.ascontiguousarray(done.verdicts[:, closer])
    packed, rows = model.pack(precision), done.whole.rows
    count_closings(variant, packed, symbols, rows, says_open, closer, cap, counts)
    return counts


@pytest.mark.parametrize("counter", [exact_lstm(), exact_relu(step=0.5)])
@pytest.mark.parametrize("precision", ["float64", "float32", "float16", "bfloat16"])
def test_an_exact_counter_closes_as_often_as_brackets_are_open(counter, precision):
    truth = counter.language.read(STRING).counts[:, 0]
    assert (closings(counter, STRING, precision=precision) == truth).all()


def test_the_count_equals_feeding_closers_one_by_one():
    leaky = exact_lstm(gate_bias=4)
    counts = closings(leaky, STRING)
    for t in range(len(STRING)):
        verdicts = trace(leaky, STRING[: t + 1] + ")" * 100).verdicts[t:, 1]
        assert counts[t] == verdicts.argmin()


def test_a_counter_that_stands_still_never_closes():
    stuck = exact_relu()
    parameters = dict(stuck.parameters) | {"rnn.weight_ih_l0": np.array([[1.0, 0.0]])}
    stuck = Model(name="stuck", spec=stuck.spec, parameters=parameters)
    assert list(closings(stuck, "()(")) == [NEVER, NEVER, NEVER]


def test_a_count_beyond_the_cap_is_never():
    assert list(closings(exact_relu(), "(((", cap=2)) == [1, 2, NEVER]
    assert list(closings(exact_relu(), "((()", cap=2)) == [1, 2, NEVER, 2]
