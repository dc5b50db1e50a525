"""Saturation: of exact counters, of ones broken by a known amount, and within its bounds."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from countviz.analysis import measure_indicators, measure_saturation
from countviz.analysis.saturation.saturation_zones import ZONES, find_pre_activations
from countviz.cells import CELLS
from countviz.checkpoints import load, load_family
from countviz.exact import exact_linear, exact_lstm, exact_relu
from countviz.languages.names import make_string
from countviz.models import Model, Spec
from countviz.traces import trace

STRING = "(()(()))()"
LINEAR, NEARLY, EXACTLY, CLIPPED = range(len(ZONES))
SQUASH = {
    "sigmoid": lambda z: np.exp(-np.logaddexp(0, -z)),
    "tanh": np.tanh,
    "relu": lambda z: np.maximum(z, 0),
    "identity": lambda z: z,
}


def measure(model, string=STRING, precision="float64", unit=0):
    return measure_saturation(trace(model, string, precision), unit)


def make_model(cell, units, seed, scale=1.0):
    rng, spec = np.random.default_rng(seed), Spec(language="dyck1", cell=cell, units=units)
    shapes = spec.parameter_shapes()
    parameters = {name: scale * rng.normal(size=shape) for name, shape in shapes.items()}
    return Model(name="made", spec=spec, parameters=parameters)


def test_every_gate_of_the_exact_counter_is_exactly_on_or_off():
    found = measure(exact_lstm())
    assert (found.shares[..., EXACTLY] == 1).all()
    assert found.sentence() == (
        "Every gate is exactly on or off in float64, at every symbol. "
        "The forget gate keeps everything."
    )


def test_a_counter_with_open_gates_that_are_not_exact_leaks_by_a_known_share():
    found = measure(exact_lstm(gate_bias=10))
    i, f, g, o = range(4)
    assert (found.shares[[i, f, o], ..., NEARLY] == 1).all()
    assert (found.shares[g, ..., EXACTLY] == 1).all()
    assert found.typical[f].tolist() == [[10], [10]]
    leak = 1 / (1 + math.exp(10))
    assert leak == pytest.approx(4.5e-5, rel=0.01)
    assert found.sentence() == (
        "Gates exactly on or off in float64, at every symbol: g; never: i, f and o. The forget "
        "gate typically keeps 99.995 % at every symbol: 0.0045 % of the count leaks each time."
    )


@pytest.mark.parametrize(("bias", "precision"), [(10, "float16"), (17, "float32")])
def test_a_coarser_format_is_exactly_on_sooner(bias, precision):
    assert (
        measure(exact_lstm(gate_bias=bias), precision=precision).shares[..., EXACTLY] == 1
    ).all()


@pytest.mark.parametrize("cell", CELLS)
def test_squashing_the_pre_activations_gives_the_gates_of_the_trace(cell):
    done = trace(make_model(cell, 3, seed=5, scale=0.5), STRING * 3)
    z = find_pre_activations(done)
    for k, (gate, squash) in enumerate(done.model.cell.squashed.items()):
        assert SQUASH[squash](z[:, k]) == pytest.approx(done.whole.internals[gate], abs=1e-12)


def test_the_reset_gate_acts_inside_the_candidate_of_a_gru():
    model = make_model("gru", 1, seed=3)
    done = trace(model, "((")
    packed, h = model.pack("float64"), done.whole.internals["h"][0, 0]
    recurrent = h * packed.recurrent[0, 2] + packed.bias[2]
    inside = packed.inputs[0, 2] + done.whole.internals["r"][1, 0] * recurrent
    assert find_pre_activations(done)[1, 2, 0] == pytest.approx(inside, rel=1e-14)


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_the_exact_zone_is_where_a_gate_is_exactly_1(precision):
    for seed in range(8):
        done = trace(load(f"lstm1-dyck1/{seed}"), make_string("zigzag-20x4"), precision)
        found, read = measure_saturation(done), np.array(list(done.string))
        for k, gate in enumerate(found.gates):
            ends = abs(done.whole.internals[gate][:, 0]) == 1
            for v, symbol in enumerate("()"):
                assert found.shares[k, v, 0, EXACTLY] == ends[read == symbol].mean()


@given(
    cell=st.sampled_from([*CELLS]),
    units=st.integers(1, 4),
    seed=st.integers(0, 10**6),
    scale=st.sampled_from([0.1, 1.0, 5.0]),
    precision=st.sampled_from(["float64", "float32", "bfloat16"]),
)
def test_no_gate_ever_leaves_its_bounds(cell, units, seed, scale, precision):
    model = make_model(cell, units, seed, scale)
    string = "".join(np.random.default_rng(seed).choice(["(", ")"], 40))
    found = measure(model, string, "float64" if model.cell.memory else precision)
    assert not (found.lowest < found.bound_low).any()
    assert not (found.highest > found.bound_high).any()


def test_bounds_are_those_of_the_hidden_state(make_unit):
    inputs, recurrent = [[1, 2], [3, 1], [4, -5], [2, 2.5]], [[0.5], [-1], [0.75], [2]]
    found = measure(make_unit("lstm", inputs=inputs, recurrent=recurrent, bias=[0.1, 0.2, 0.3, 0]))
    assert found.bound_low[1, 0, 0] == pytest.approx(3 + 0.2 - 1)
    assert found.bound_high[1, 1, 0] == pytest.approx(1 + 0.2 + 1)
    relu = measure(exact_relu())
    assert relu.bound_low[0, :, 0] == pytest.approx([1, -1])
    assert np.isinf(relu.bound_high).all()
    assert relu.sentence_of_bounds() == "Nothing bounds the hidden state."


def test_bounds_of_a_shipped_lstm_are_the_published_indicators():
    family = load_family("lstm1-dyck1")
    indicators = measure_indicators(family, [4], [20])
    known = dict(zip(indicators.names, indicators.values[0], strict=True))
    found = measure(family.model(4, 20))
    for k, gate in ((0, "input gate"), (1, "forget gate"), (3, "output gate")):
        worst, best = found.bound_low[k].min(), found.bound_high[k].max()
        assert SQUASH["sigmoid"](worst) == pytest.approx(known[f"{gate}, worst"], rel=1e-6)
        assert SQUASH["sigmoid"](best) == pytest.approx(known[f"{gate}, best"], rel=1e-6)


def test_dead_units_are_named():
    spec = Spec(language="dyck1", cell="relu", units=3)
    parameters = {name: np.zeros(shape) for name, shape in spec.parameter_shapes().items()}
    parameters["rnn.bias_ih_l0"] = np.array([-1.0, 1.0, -0.5])
    parameters["rnn.weight_ih_l0"][2] = 1, 0  # awake at every "("
    model = Model(name="made", spec=spec, parameters=parameters)
    found = measure(model, "((", unit=1)
    assert found.dead == (0,)
    assert found.clipped.tolist() == [1, 0, 0]
    assert found.sentence() == (
        "Unit 2 is clipped at zero at no symbol. "
        "Of three units one is dead, and no string can wake it: unit 1."
    )
    two = measure(model, ")")
    assert two.dead == (0, 2)
    assert two.sentence().endswith("Of three units two are dead on this string: units 1 and 3.")


def test_an_exact_relu_is_clipped_only_where_it_comes_back_to_zero():
    found = measure(exact_relu())
    assert found.clipped.tolist() == [0.2]
    assert found.sentence() == "The unit is clipped at zero at 2 of 10 symbols (20 %)."


def test_a_linear_cell_has_nothing_to_saturate():
    found = measure(exact_linear())
    assert np.isnan([*found.left.ravel(), *found.right.ravel(), *found.clipped]).all()
    assert found.sentence().startswith("Nothing squashes the state")


def test_left_and_right_saturation_count_the_symbols_beyond_a_tenth(make_unit):
    beyond = math.log(9) + 0.01
    inputs = [[beyond, -beyond], [beyond, 0], [2, -2], [0, 0]]
    found = measure(make_unit("lstm", inputs=inputs), "(()(")
    assert found.right[:, 0].tolist() == [0.75, 0.75, 0.75, 0]
    assert found.left[:, 0].tolist() == [0.25, 0, 0.25, 0]


def test_counts_are_those_before_each_symbol_and_end_at_an_illegal_one():
    found = measure(exact_lstm(), "()))(")
    assert found.counts[:3].tolist() == [0, 1, 0]
    assert np.isnan(found.counts[3:]).all()
    assert found.visits(0, ")")[0].tolist() == [1, 0]
    assert found.sentence_at(1).startswith("Symbol 2, “)”, at count 1: input gate exactly on, ")
    assert found.sentence_at(4).startswith("Symbol 5, “(”: ")


def test_many_readings_are_thinned_without_losing_the_extremes():
    done = trace(load("lstm1-dyck1/1"), make_string("random-20000-3"))
    found, read = measure_saturation(done), np.array(list(done.string))
    for k in range(4):
        counts, z = found.visits(k, "(")
        every = found.pre_activations[read == "(", k]
        assert 1_000 < len(z) <= 2_000
        assert (z.min(), z.max()) == (every.min(), every.max())
        assert counts.max() == found.counts[read == "("].max()


def test_numbers_that_overflow_are_named_and_left_out(make_unit):
    model = make_unit("relu", inputs=[[1, 1]], recurrent=[[8]])
    found = measure(model, "(" * 800)
    assert found.overflow == int(np.argmax(~np.isfinite(found.pre_activations[:, 0])))
    assert f"overflow at symbol {found.overflow + 1}." in found.sentence()
    assert np.isfinite(found.visits(0, "(")[1]).all()


def test_an_empty_string_says_so_and_a_unit_that_is_not_there_is_refused():
    empty = measure(exact_lstm(), "")
    assert empty.sentence().startswith("The string is empty")
    assert np.isnan(empty.shares).all()
    with pytest.raises(ValueError, match="has no unit 1; counted from 0, the last is 0"):
        measure(exact_lstm(), unit=1)
    with pytest.raises(ValueError, match="20,002 symbols; gates are measured up to 20,000"):
        measure(exact_lstm(), make_string("flat-20002"))


def test_the_table_has_a_row_a_gate_symbol_and_unit():
    found = measure(load("gru2-dyck1"))
    table = found.to_frame()
    assert len(table) == 3 * 2 * 2
    row = table[(table.gate == "z") & (table.symbol == ")") & (table.unit == 1)].iloc[0]
    assert row["median z"] == found.typical[1, 1, 1]
    assert row[list(ZONES)].sum() == pytest.approx(1)
