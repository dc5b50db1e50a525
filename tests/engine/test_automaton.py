"""Automata: the sum over all runs against the runs themselves, one by one."""

from collections import defaultdict
from itertools import product

import numpy as np
import pytest

from countviz.analysis import measure_closings
from countviz.engine.contents import count_numbers, find_moments
from countviz.languages.text import TooLong
from countviz.models import Model, Spec
from countviz.runs import follow
from countviz.traces import trace

STRING = "(()())()"  # eight symbols


def make_model(states, symbols, seed=0, units=3, scale=1.0, language="dyck1"):
    memory = {"states": states, "symbols": symbols}
    spec = Spec(language=language, cell="ns-rnn", units=units, memory=memory)
    rng = np.random.default_rng(seed)
    shapes = spec.parameter_shapes()
    drawn = {name: scale * rng.normal(size=shape) for name, shape in shapes.items()}
    return Model(name="ns-rnn", spec=spec, parameters=drawn)


def sigmoid(values):
    return 1 / (1 + np.exp(-values))


def step_of_lstm(w, x, h, c):
    z = w["rnn.weight_ih_l0"] @ x + w["rnn.bias_ih_l0"] + w["rnn.bias_hh_l0"]
    i, f, g, o = np.split(z + w["rnn.weight_hh_l0"] @ h, 4)
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c), c


def follow_runs(runs, weights, symbols):
    """Return every run [(state, stack), weight] one transition on."""
    longer = []
    for (state, stack), weight in runs:
        for after, action in product(range(weights.shape[2]), range(weights.shape[3])):
            own = weight * weights[state, stack[-1], after, action]
            if action < symbols:
                longer.append(((after, (*stack, action)), own))
            elif action < 2 * symbols:
                longer.append(((after, (*stack[:-1], action - symbols)), own))
            elif len(stack) > 1:
                longer.append(((after, stack[:-1]), own))
    return longer


def merge(runs):
    """Add up the weights of runs that have led to the same state and the same stack."""
    total = defaultdict(float)
    for where, weight in runs:
        total[where] += weight
    return list(total.items())


def run_by_enumeration(model, string, join):
    """Return what is read, what the uppermost two cells hold, and the logits, by symbol.

    With `join` runs that can no longer be told apart are added up; without, each is kept.
    """
    w, own = model.parameters, model.spec.memory
    pairs, steps = own.states * own.symbols, []
    runs, h, c = [((0, (0,)), 1.0)], np.zeros(model.spec.units), np.zeros(model.spec.units)
    reading = np.eye(pairs)[0]
    for symbol in model.language.encode(string):
        x = np.concatenate([np.eye(len(model.language.alphabet))[symbol], reading])
        h, c = step_of_lstm(w, x, h, c)
        weights = np.exp(w["stack.transition.weight"] @ h + w["stack.transition.bias"])
        weights = weights.reshape(own.states, own.symbols, own.states, 2 * own.symbols + 1)
        runs = follow_runs(runs, weights, own.symbols)
        runs = merge(runs) if join else runs
        reading, cells = np.zeros(pairs), np.zeros((2, own.symbols))
        for (state, stack), weight in runs:
            reading[state * own.symbols + stack[-1]] += weight
            for cell in range(min(2, len(stack))):
                cells[cell, stack[-1 - cell]] += weight
        cells, reading = cells / reading.sum(), reading / reading.sum()
        steps.append((reading, cells, w["readout.weight"] @ h + w["readout.bias"]))
    return [np.stack(parts) for parts in zip(*steps, strict=True)]


@pytest.mark.parametrize(
    ("states", "symbols", "length", "join"),
    [(1, 2, 8, False), (2, 1, 8, False), (2, 2, 5, False), (2, 2, 8, True), (3, 3, 7, True)],
)
def test_the_sum_over_all_runs_equals_the_runs_one_by_one(states, symbols, length, join):
    for seed in range(2):
        model = make_model(states, symbols, seed)
        string = STRING[:length]
        reading, cells, logits = run_by_enumeration(model, string, join)
        done = trace(model, string)
        top, shown = done.whole.memory["top"][:, 0], done.stacks(0, length, 2)[:, 0]
        for ours, theirs in ((top, reading), (shown, cells), (done.whole.logits, logits)):
            np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-10)


def test_weights_beyond_what_a_float_holds_make_no_difference():
    """Every weight is a number that overflows, and so are all but the sum's logarithm."""
    model = make_model(2, 2)
    lifted = dict(model.parameters)
    lifted["stack.transition.bias"] = lifted["stack.transition.bias"] + 800.0
    other = Model(name="lifted", spec=model.spec, parameters=lifted)
    one, two = (trace(each, STRING * 4).whole for each in (model, other))
    np.testing.assert_allclose(one.memory["top"], two.memory["top"], rtol=0, atol=1e-10)
    np.testing.assert_allclose(one.logits, two.logits, rtol=0, atol=1e-10)


def test_what_is_to_be_done_adds_up():
    memory = trace(make_model(2, 3), STRING * 3).whole.memory
    for name in ("actions", "value", "top"):
        np.testing.assert_allclose(memory[name].sum(axis=2), 1, atol=1e-12)


def test_an_automaton_that_pushes_every_opening_bracket_counts():
    """One state, symbols 0 (the bottom) and 1: ( pushes a 1, ) pops it, for certain."""
    spec = Spec(language="dyck1", cell="ns-rnn", units=2, memory={"states": 1, "symbols": 2})
    w = {name: np.zeros(shape) for name, shape in spec.parameter_shapes().items()}
    w["rnn.bias_ih_l0"][:] = [99, 99, -99, -99, 0, 0, 99, 99]  # i, f, g, o: h is the symbol
    w["rnn.weight_ih_l0"][4:6, :2] = 99 * np.eye(2)
    w["stack.transition.weight"][[1, 6], 0] = 200  # pushing a 1 upon 0, and upon 1
    w["stack.transition.weight"][9, 1] = 200  # popping a 1
    model = Model(name="counter", spec=spec, parameters=w)
    done = trace(model, "((()()))")
    depth = done.reading.counts[:, 0]
    shown = done.stacks(0, 8, 4)[:, 0]
    for t, count in enumerate(depth):
        cells = min(count, 4)
        assert (shown[t, :cells, 1] > 0.999).all()
        if count < 4:
            assert shown[t, count, 0] > 0.999
        assert shown[t, count + 1 :].max(initial=0) < 1e-3


@pytest.mark.parametrize("cut", [1, 4, 7])
def test_a_run_goes_on_where_it_was_left(cut):
    model = make_model(2, 2)
    symbols = model.language.encode(STRING)
    whole = follow(model, "float64", symbols, visible=3)
    first = follow(model, "float64", symbols[:cut])
    second = follow(model, "float64", symbols[cut:], first.end, visible=3)
    assert (second.rows == whole.rows[cut:]).all()
    assert (second.memory[1:] == whole.memory[cut + 1 :]).all()
    assert (second.end.stacks == whole.end.stacks).all()
    np.testing.assert_allclose(second.visible, whole.visible[cut:], atol=1e-12)


def test_float32_differs_by_its_roundings():
    model = make_model(2, 2, scale=0.5)
    one, two = (trace(model, STRING * 3, p).whole.logits for p in ("float64", "float32"))
    assert 0 < abs(one - two).max() < 1e-4


def test_a_string_that_would_take_minutes_is_refused():
    with pytest.raises(ValueError, match=r"has 900 symbols; .* 2 states and 2 symbols .* at most"):
        trace(make_model(2, 2), "()" * 450)


def test_closers_that_would_take_minutes_to_count_are_refused():
    with pytest.raises(TooLong, match="has 100 symbols; closings are counted up to 98"):
        measure_closings(trace(make_model(2, 2), "()" * 50))


def test_as_many_moments_are_found_as_have_their_numbers():
    for moments in range(2, 9):
        assert find_moments(count_numbers(moments, 6), 6) == moments
