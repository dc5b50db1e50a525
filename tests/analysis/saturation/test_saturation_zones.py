"""From where on a gate is exactly on in each precision, and how that is put into words."""

import math

import numpy as np
import pytest

from countviz.analysis import find_thresholds
from countviz.analysis.saturation.saturation_zones import count_nines, find_zones, say_gate
from countviz.arithmetic.precision import PRECISIONS, find_precision
from countviz.traces import trace

# 1 + exp(-z) is 1 from p ln 2 on; a 16-bit gate is computed in float32 and rounded once.
SIGMOID = {
    "float64": 53 * math.log(2),
    "float32": 24 * math.log(2),
    "float16": math.log(2**12 - 1),
    "bfloat16": math.log(2**9 - 1),
}
TANH = {  # where 2 exp(-2 z) is half of the last digit below 1
    "float64": 27.5 * math.log(2),
    "float32": 13 * math.log(2),
    "float16": math.log(2**13 - 1) / 2,
    "bfloat16": math.log(2**10 - 1) / 2,
}
GRID = {"float64": 1e-14, "float32": 1e-5, "float16": 2**-7, "bfloat16": 2**-5}


@pytest.mark.parametrize("precision", PRECISIONS)
def test_a_gate_is_exactly_on_from_where_its_format_says(precision):
    on_i, on_f, on_g, on_o = find_thresholds("lstm", precision)
    assert on_i == on_f == on_o
    assert SIGMOID[precision] - GRID[precision] <= on_i <= SIGMOID[precision] + GRID[precision]
    assert TANH[precision] - GRID[precision] <= on_g <= TANH[precision] + GRID[precision]


@pytest.mark.parametrize("precision", PRECISIONS)
def test_a_trace_is_exactly_on_at_the_threshold_and_not_just_below(precision, make_unit):
    at = np.array(find_thresholds("lstm", precision))
    below = at * (1 - 2.0 ** (1 - find_precision(precision).digits))
    for bias, exactly in ((at, True), (below, False)):
        done = trace(make_unit("lstm", bias=bias), "(", precision)
        gates = [done.whole.internals[gate].item() for gate in "ifgo"]
        assert [gate == 1 for gate in gates] == [exactly] * 4


def test_what_has_no_end_is_never_exactly_on():
    assert find_thresholds("relu", "float64") == find_thresholds("linear", "float64") == (math.inf,)


def test_the_zones_of_each_kind_of_gate():
    z = np.array([-40, -3, -1, 0, 1.99, 2, 36, 37, np.nan])
    assert find_zones(z, "sigmoid", 36.7).tolist() == [2, 1, 0, 0, 0, 1, 1, 2, -1]
    assert find_zones(z, "relu", math.inf).tolist() == [3, 3, 3, 3, 0, 0, 0, 0, -1]
    assert find_zones(z, "identity", math.inf).tolist() == [0] * 8 + [-1]


def test_nines_keep_their_digits_where_1_less_the_gate_has_none():
    z = np.array([5.0, 20.0, 36.0, 700.0])
    assert count_nines(z, "sigmoid") == pytest.approx(
        np.log1p(np.exp(-z)) / math.log(10) + z / math.log(10), rel=1e-14
    )
    near = np.array([-0.7, 1.5, 4.0])
    assert count_nines(near, "tanh") == pytest.approx(-np.log10(1 - abs(np.tanh(near))))


@pytest.mark.parametrize(
    ("z", "squash", "words"),
    [
        (0.0, "sigmoid", "50 %"),
        (12.0, "sigmoid", "99.9994 %"),
        (40.0, "sigmoid", "exactly on"),
        (-40.0, "sigmoid", "exactly off"),
        (-4.0, "sigmoid", "1.8 %"),
        (0.0, "tanh", "0 %"),
        (-3.0, "tanh", "\N{MINUS SIGN}99.51 %"),
        (12.0, "tanh", "+(1 \N{MINUS SIGN} 8·10⁻¹¹)"),
        (-20.0, "tanh", "exactly \N{MINUS SIGN}1"),
        (-0.5, "relu", "clipped at zero"),
        (2.5, "relu", "2.5"),
        (-2.0, "identity", "\N{MINUS SIGN}2"),
    ],
)
def test_a_gate_is_said_with_the_digits_that_tell(z, squash, words):
    threshold = {"sigmoid": 36.7, "tanh": 19.1}.get(squash, math.inf)
    assert say_gate(z, squash, threshold) == words
