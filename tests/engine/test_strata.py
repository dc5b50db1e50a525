"""Stratified stacks: the compiled loop against the paper's equations, layer by layer."""

import numpy as np
import pytest

from countviz.analysis import measure_closings
from countviz.models import Model, Spec
from countviz.runs import follow
from countviz.traces import trace

STRING = "((()())()(((())()" * 6


def make_model(width, seed=0, units=3):
    spec = Spec(language="dyck1", cell="strat-lstm", units=units, memory={"width": width})
    rng = np.random.default_rng(seed)
    drawn = {name: rng.normal(size=shape) for name, shape in spec.parameter_shapes().items()}
    return Model(name="strat-lstm", spec=spec, parameters=drawn)


def sigmoid(values):
    return 1 / (1 + np.exp(-values))


def run_textbook(model, string):
    """Run a model by the equations of Grefenstette et al. (2015), layer t at place t for ever.

    Returns the hidden states, the strengths pushed and popped, what was pushed, what was read, all
    strengths after every symbol, and the logits.
    """
    w, width, units = model.parameters, model.spec.memory.width, model.spec.units
    values, s = np.zeros((0, width)), np.zeros(0)
    h, c, r, steps = np.zeros(units), np.zeros(units), np.zeros(width), []
    for symbol in model.language.encode(string):
        x = np.concatenate([np.eye(len(model.language.alphabet))[symbol], r])
        z = w["rnn.weight_ih_l0"] @ x + w["rnn.bias_ih_l0"] + w["rnn.bias_hh_l0"]
        i, f, g, o = np.split(z + w["rnn.weight_hh_l0"] @ h, 4)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
        d, u = sigmoid(w["stack.action.weight"] @ h + w["stack.action.bias"])
        v = np.tanh(w["stack.push.weight"] @ h + w["stack.push.bias"])
        t = len(s)
        s = [max(0, s[i] - max(0, u - sum(s[j] for j in range(i + 1, t)))) for i in range(t)]
        s, values = np.array([*s, d]), np.concatenate([values, [v]])
        above = [sum(s[j] for j in range(i + 1, t + 1)) for i in range(t + 1)]
        r = sum(min(s[i], max(0, 1 - above[i])) * values[i] for i in range(t + 1))
        logits = w["readout.weight"] @ h + w["readout.bias"]
        steps.append((h, np.array([d, u]), v, r, np.pad(s, (0, len(string) - t - 1)), logits))
    return [np.stack(parts) for parts in zip(*steps, strict=True)]


@pytest.mark.parametrize("width", [1, 3])
def test_a_trace_is_what_the_paper_says(width):
    for seed in range(3):
        model = make_model(width, seed)
        hidden, strengths, value, reading, layers, logits = run_textbook(model, STRING)
        done = trace(model, STRING)
        memory, shown = done.whole.memory, done.stacks(0, len(STRING), len(STRING))[:, 0]
        pairs = [
            (done.whole.internals["h"], hidden),
            (memory["actions"][:, 0], strengths),
            (memory["value"][:, 0], value),
            (memory["top"][:, 0], reading),
            (done.whole.logits, logits),
        ]
        for ours, theirs in pairs:
            np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-10)
        for t in range(len(STRING)):  # the top first, and what is gone left out
            left = layers[t, layers[t] > 1e-12][::-1]
            seen = shown[t, :, width]
            np.testing.assert_allclose(seen[seen > 1e-12], left, rtol=0, atol=1e-10)


def test_a_run_goes_on_where_it_was_left():
    model = make_model(2)
    symbols = model.language.encode(STRING)
    whole = follow(model, "float64", symbols)
    for cut in (0, 1, 50, 51):
        first = follow(model, "float64", symbols[:cut])
        second = follow(model, "float64", symbols[cut:], first.end)
        assert (second.rows == whole.rows[cut:]).all()
        assert (second.end.stacks == whole.end.stacks).all()
        np.testing.assert_allclose(second.memory[1:], whole.memory[cut + 1 :], atol=1e-14)


def test_closings_equal_feeding_closers_one_by_one():
    for seed in range(3):
        model = make_model(2, seed)
        counts = measure_closings(trace(model, STRING)).counts[:, 0]
        for t in range(0, len(STRING), 7):
            verdicts = trace(model, STRING[: t + 1] + ")" * 200).verdicts[t:, 1]
            assert verdicts.all() if np.isnan(counts[t]) else counts[t] == verdicts.argmin()


@pytest.mark.parametrize("precision", ["float32"])
def test_a_narrow_format_differs_by_its_roundings(precision):
    model = make_model(2)
    digits = {"float32": 24, "float16": 11, "bfloat16": 8}[precision]
    one, two = (trace(model, "(()())", p).whole.logits for p in (precision, "float64"))
    assert abs(one - two).max() < 2.0 ** (7 - digits)
