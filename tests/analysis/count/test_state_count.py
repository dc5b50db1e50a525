"""Counts read from the state: declared by counters set by hand, fitted for all others."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from countviz.analysis import read_out_state
from countviz.analysis.count.state_count import probe_strings
from countviz.checkpoints import load
from countviz.exact import exact_linear, exact_lstm, exact_relu
from countviz.languages import LANGUAGES
from countviz.languages.dyck1 import uniform_member
from countviz.models import Model, Spec
from countviz.traces import trace

COUNTERS = {
    f"{model.name}, step {model.spec.recipe.step}": model
    for step in (1.0, 0.5, 0.125)
    for model in (exact_lstm(step=step), exact_relu(step), exact_linear(step))
}


def without_its_recipe(model):
    spec = Spec(language=model.spec.language, cell=model.spec.cell)
    return Model(name="found", spec=spec, parameters=model.parameters)


@pytest.mark.parametrize("model", COUNTERS.values(), ids=COUNTERS)
def test_an_exact_counter_reads_exactly_the_count(model):
    done = trace(model, uniform_member(np.random.default_rng(3), 300))
    count = read_out_state(model)
    truth = done.reading.counts[:, 0]
    read = count.read(done.whole)
    assert read == pytest.approx(truth, abs=1e-9)
    if model.spec.recipe.step == 1:
        assert (read == truth).all()
    assert count.r_squared is None
    assert count.sentence() == f"read from {model.cell.counter} by construction"


def test_a_leaking_counter_is_read_below_the_count():
    leaky = exact_lstm(gate_bias=6)
    done = trace(leaky, "(" * 30)
    read = read_out_state(leaky).read(done.whole)
    kept = 1 / (1 + np.exp(-6))
    expected = kept * (1 - kept ** np.arange(1, 31)) / (1 - kept)  # a geometric sum
    assert read == pytest.approx(expected)
    assert (read < done.reading.counts[:, 0]).all()


@pytest.mark.parametrize("step", [1.0, 0.25, 3.0])
def test_the_fit_finds_a_counter_that_declares_nothing(step):
    count = read_out_state(without_its_recipe(exact_linear(step)))
    assert count.direction == pytest.approx([1 / step])
    assert count.offset == pytest.approx(0, abs=1e-9)
    assert count.r_squared == pytest.approx(1)
    assert count.sentence() == "fitted to h, R² 1.000"


def test_a_fit_is_a_reading_of_the_internal_that_would_hold_the_count():
    count = read_out_state(load("lstm4-shuffle2"))
    assert count.internal == "c"
    assert count.direction.shape == (4,)
    done = trace(load("lstm4-shuffle2"), "([)]")
    by_hand = [
        sum(weight * c for weight, c in zip(count.direction, state, strict=True)) + count.offset
        for state in done.whole.internals["c"]
    ]
    assert count.read(done.whole) == pytest.approx(by_hand)


@pytest.mark.parametrize("precision", ["float64", "bfloat16"])
@pytest.mark.parametrize(
    "name", ["gru1-dyck1", "lstm1-dyck1", "relu1-dyck1", "lstm4-anbncn", "lstm4-shuffle2"]
)
def test_the_fit_of_a_trained_model_explains_most_of_the_count(name, precision):
    count = read_out_state(load(name), precision)
    assert 0.5 < count.r_squared <= 1
    assert count.sentence() == f"fitted to {count.internal}, R² {count.r_squared:.3f}"


def test_no_other_line_through_the_probes_explains_more():
    model = load("gru1-dyck1")
    count = read_out_state(model)
    traces = [trace(model, string) for string in probe_strings(model.language)]
    truth = np.concatenate([one.reading.counts[:, 0] for one in traces])
    state = np.concatenate([one.whole.internals["h"][:, 0] for one in traces])

    def loss(slope, offset):
        return ((slope * state + offset - truth) ** 2).mean()

    best = loss(count.direction[0], count.offset)
    assert count.r_squared == pytest.approx(1 - best / truth.var())
    for nudge in (1e-3, -1e-3):
        assert loss(count.direction[0] + nudge, count.offset) > best
        assert loss(count.direction[0], count.offset + nudge) > best


def test_a_dead_unit_explains_nothing_and_reads_the_mean(make_unit):
    count = read_out_state(make_unit("relu"))
    language = LANGUAGES["dyck1"]
    counts = [language.read(string).counts[:, 0] for string in probe_strings(language)]
    assert count.r_squared == pytest.approx(0, abs=1e-12)
    assert count.sentence() == "fitted to h, R² 0.000"
    done = trace(make_unit("relu"), "(())")
    assert count.read(done.whole) == pytest.approx([np.concatenate(counts).mean()] * 4)


@pytest.mark.parametrize("precision", ["float64", "float16", "bfloat16"])
@pytest.mark.parametrize("recurrent", [1.5, 10.0, -10.0, 1e6])
def test_a_unit_that_explodes_gets_a_plain_answer(make_unit, recurrent, precision):
    count = read_out_state(
        make_unit("linear", inputs=[[1, -1]], recurrent=[[recurrent]]), precision
    )
    assert count.r_squared is None or 0 <= count.r_squared <= 1
    assert "-" not in count.sentence()


@pytest.mark.parametrize("precision", ["float64", "float16", "bfloat16"])
def test_a_trained_unit_that_exploded_gets_a_plain_answer(precision):
    count = read_out_state(load("relu1-dyck1/2@16"), precision)
    assert 0 <= count.r_squared <= 1


@given(
    weights=st.tuples(*[st.floats(-1, 1, allow_subnormal=False)] * 4),
    cell=st.sampled_from(["relu", "linear", "tanh"]),
)
def test_the_share_explained_lies_between_nothing_and_all(make_unit, weights, cell):
    opening, closing, recurrent, bias = weights
    unit = make_unit(cell, inputs=[[opening, closing]], recurrent=[[recurrent]], bias=[bias])
    assert 0 <= read_out_state(unit).r_squared <= 1


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)
def test_the_probes_of_a_language_are_the_same_each_time_and_all_members(language):
    probes = probe_strings(language)
    assert probes == probe_strings(language)
    assert all(string in language for string in probes)
    assert max(map(len, probes)) <= 100
    assert len(probes) >= 40
