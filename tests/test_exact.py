"""Counters set by hand: exact where they should be, and broken by a known amount where not."""

import math

import pytest

from countviz.exact import exact_linear, exact_lstm, exact_relu
from countviz.traces import trace

DEEP = 100_000


def first_failing_depth(model, limit):
    return next((d for d in range(1, limit) if trace(model, nested(d)).first_failure), None)


def nested(depth):
    return "(" * depth + ")" * depth


@pytest.mark.parametrize("counter", [exact_lstm(), exact_relu(), exact_linear()])
@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_exact_counters_judge_every_prefix_of_a_deep_string_right(counter, precision):
    done = trace(counter, nested(DEEP), precision)
    assert done.first_failure is None
    peak = done.window(DEEP - 1, DEEP).internals[counter.cell.counter]
    assert peak[0, 0] == DEEP


def test_a_gate_bias_of_20_is_exact_in_float32_only():
    lesson = exact_lstm(gate_bias=20)
    assert trace(lesson, nested(DEEP), "float32").first_failure is None
    assert trace(lesson, nested(DEEP), "float64").first_failure is not None


@pytest.mark.parametrize(
    ("gate_bias", "depth"),
    [(2, 3), (4, 7), (6, 17), (8, 44), (10, 119), (12, 322), (15, 1441)],
)
def test_a_leak_ends_the_count_where_the_leak_law_says(gate_bias, depth):
    """With gates at 1 - e the count lost after D brackets and back is about e D^2."""
    leaky = exact_lstm(gate_bias=gate_bias, threshold=math.atanh(0.35))
    assert trace(leaky, nested(depth - 1)).first_failure is None
    assert trace(leaky, nested(depth)).first_failure is not None
    if depth < 400:
        assert first_failing_depth(leaky, depth + 1) == depth


@pytest.mark.parametrize("delta", [0.01, -0.01])
def test_unequal_steps_end_the_count_at_half_a_step_over_their_difference(delta):
    lopsided = exact_relu()
    weights = lopsided.parameters["rnn.weight_ih_l0"].copy()
    weights[0, 0] += delta
    broken = lopsided.__class__(
        name="lopsided",
        spec=lopsided.spec,
        parameters=dict(lopsided.parameters) | {"rnn.weight_ih_l0": weights},
    )
    assert abs(first_failing_depth(broken, 100) - 0.5 / abs(delta)) <= 2


@pytest.mark.parametrize("make", [exact_lstm, exact_relu, exact_linear])
@pytest.mark.parametrize("threshold", [0.1, 0.9])
@pytest.mark.parametrize("step", [0.25, 1.0])
def test_the_knobs_do_not_spoil_the_count(make, threshold, step):
    assert trace(make(step=step, threshold=threshold), nested(50)).first_failure is None


def test_surplus_closings_are_absorbed_by_the_relu_and_counted_by_the_linear_unit():
    assert list(trace(exact_relu(), "))(").whole.internals["h"][:, 0]) == [0, 0, 1]
    assert list(trace(exact_linear(), "))(").whole.internals["h"][:, 0]) == [-1, -2, -1]
