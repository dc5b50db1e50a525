"""Stacks: the compiled loops against the textbook's equations, and what softness forgets."""

import numpy as np
import pytest

from countviz.analysis import measure_closings
from countviz.models import Model, Spec, Stacks
from countviz.prefixes import try_prefixes
from countviz.runs import Moment, begin, follow
from countviz.traces import trace

STRING = "((()())()(((())()" * 6
KINDS = {
    "one stack": Stacks(),
    "no no-op": Stacks(stacks=2, noop=False),
    "vectors": Stacks(stacks=3, width=3),
    "hidden": Stacks(push="hidden"),
    "limited": Stacks(depth=2, width=2),
    "below zero": Stacks(stacks=2, bottom=-1, depth=9),
    "added to h": Stacks(stacks=2, width=2, reads="hidden"),
    "all at once": Stacks(stacks=2, push="hidden", noop=False, depth=5, bottom=-1, reads="hidden"),
}


def make_model(cell, memory, seed=0, units=3):
    spec = Spec(language="dyck1", cell=cell, units=units, memory=memory)
    rng = np.random.default_rng(seed)
    shapes = spec.parameter_shapes()
    return Model(
        name=cell, spec=spec, parameters={k: rng.normal(size=s) for k, s in shapes.items()}
    )


def softmax(values):
    powers = np.exp(values - values.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def sigmoid(values):
    return 1 / (1 + np.exp(-values))


def run_textbook(model, string, hard=False):
    """Run a stack model cell by cell, with the whole stack, as deep as the string is long.

    Returns the hidden states, the actions, what was pushed, the stacks and the logits, by symbol.
    """
    w, own, units = model.parameters, model.spec.memory, model.spec.units
    depth = own.depth or len(string)
    stack = np.full((own.stacks, depth, own.width), float(own.bottom))
    h = c = np.zeros(units)
    steps = []
    for symbol in model.language.encode(string):
        top = stack[:, 0].ravel()
        x = np.eye(len(model.language.alphabet))[symbol]
        if own.reads == "input":
            x = np.concatenate([x, top])
        else:
            h = h + w["stack.read.weight"] @ top
        z = w["rnn.weight_ih_l0"] @ x + w["rnn.bias_ih_l0"]
        z = z + w["rnn.weight_hh_l0"] @ h + w["rnn.bias_hh_l0"]
        if model.spec.cell == "stack-lstm":
            i, f, g, o = np.split(z, 4)
            c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
            h = sigmoid(o) * np.tanh(c)
        else:
            h = np.tanh(z)
        actions = w["stack.action.weight"] @ h + w["stack.action.bias"]
        actions = softmax(actions.reshape(own.stacks, -1))
        if hard:
            actions = np.eye(own.actions)[actions.argmax(axis=1)]
        value = np.tile(h, (own.stacks, 1))
        if own.push == "learned":
            value = sigmoid(w["stack.push.weight"] @ h + w["stack.push.bias"])
            value = value.reshape(own.stacks, own.width)
        empty = np.full((own.stacks, 1, own.width), float(own.bottom))
        pushed = np.concatenate([value[:, None], stack[:, :-1]], axis=1)
        popped = np.concatenate([stack[:, 1:], empty], axis=1)
        push, pop, *keep = actions.T[..., None, None]
        stack = push * pushed + pop * popped + sum(one * stack for one in keep)
        steps.append((h, actions, value, stack, w["readout.weight"] @ h + w["readout.bias"]))
    return [np.stack(parts) for parts in zip(*steps, strict=True)]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("cell", ["stack-rnn", "stack-lstm"])
def test_a_trace_is_what_the_textbook_says(cell, kind):
    model = make_model(cell, KINDS[kind])
    for hard in (False, True):
        hidden, actions, value, stacks, logits = run_textbook(model, STRING, hard)
        done = trace(model, STRING, actions="hard" if hard else "soft")
        whole, deep = done.whole, stacks.shape[2]
        pairs = [
            (whole.internals["h"], hidden),
            (whole.memory["actions"], actions),
            (whole.memory["value"], value),
            (whole.memory["top"], stacks[:, :, 0]),
            (done.stacks(0, len(STRING), deep), stacks),
            (whole.logits, logits),
        ]
        for ours, theirs in pairs:
            np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-10)


@pytest.mark.parametrize("precision", ["float32", "float16", "bfloat16"])
def test_a_narrow_format_differs_by_its_roundings(precision):
    model = make_model("stack-rnn", KINDS["all at once"])
    digits = {"float32": 24, "float16": 11, "bfloat16": 8}[precision]
    ours = follow(model, precision, model.language.encode("(()())"))
    theirs = follow(model, "float64", model.language.encode("(()())"))
    assert np.abs(ours.memory - theirs.memory).max() < 2.0 ** (6 - digits)
    assert np.abs(ours.logits - theirs.logits).max() < 2.0 ** (8 - digits)


@pytest.mark.parametrize("kind", KINDS)
def test_a_run_goes_on_where_it_was_left(kind):
    model = make_model("stack-rnn", KINDS[kind])
    symbols = model.language.encode(STRING)
    whole = follow(model, "float64", symbols)
    for cut in (0, 1, 50, 51):
        first = follow(model, "float64", symbols[:cut])
        second = follow(model, "float64", symbols[cut:], first.end)
        assert (second.rows == whole.rows[cut:]).all()
        assert (second.memory[1:] == whole.memory[cut + 1 :]).all()
        assert (second.end.stacks == whole.end.stacks).all()


@pytest.mark.parametrize("kind", ["one stack", "all at once"])
def test_closings_equal_feeding_closers_one_by_one(kind):
    for seed in range(3):
        model = make_model("stack-rnn", KINDS[kind], seed)
        counts = measure_closings(trace(model, STRING)).counts[:, 0]
        for t in range(0, len(STRING), 7):
            verdicts = trace(model, STRING[: t + 1] + ")" * 200).verdicts[t:, 1]
            assert verdicts.all() if np.isnan(counts[t]) else counts[t] == verdicts.argmin()


def test_the_shortest_wrong_prefix_is_found_for_stacks_too():
    for seed in range(5):
        model = make_model("stack-rnn", KINDS["vectors"], seed)
        found = try_prefixes(model, "float64", prefixes=2_000)
        if found.wrong:
            assert trace(model, found.wrong).first_failure == len(found.wrong) - 1


def forget(no_op, symbols):
    """Return what is read after each symbol of ()()... of a marker at the bottom.

    Brackets push 0 and pop, and with a probability do nothing; below the marker all is 0.
    """
    spec = Spec(language="dyck1", cell="stack-rnn", memory=Stacks())
    model = Model(
        name="soft",
        spec=spec,
        parameters={
            "rnn.weight_ih_l0": np.array([[20.0, -20.0, 0.0]]),
            "rnn.weight_hh_l0": np.zeros((1, 1)),
            "rnn.bias_ih_l0": np.zeros(1),
            "rnn.bias_hh_l0": np.zeros(1),
            "stack.action.weight": np.array([[1000.0], [-1000.0], [0.0]]),
            "stack.action.bias": np.array([0, 0, 1000 + np.log(no_op / (1 - no_op))]),
            "stack.push.weight": np.zeros((1, 1)),
            "stack.push.bias": np.full(1, -1000.0),
            "readout.weight": np.zeros((2, 1)),
            "readout.bias": np.zeros(2),
        },
    )
    marked = Moment(begin(model, "float64").row, np.ones((1, 1, 1)))
    done = follow(model, "float64", np.tile([0, 1], symbols // 2), marked)
    return done.memory[1:, 0]


@pytest.mark.parametrize(("no_op", "symbols"), [(0.1, 8), (0.01, 78), (0.003, 256), (0.001, 766)])
def test_a_stack_that_is_nearly_sure_forgets_after_three_quarters_over_its_doubt(no_op, symbols):
    """The marker is read after every pair of brackets; how often was it still above a half?"""
    read = forget(no_op, 4 * symbols)[1::2]
    assert abs(2 * int((read < 0.5).argmax() + 1) - symbols) <= 2


def test_what_fades_in_a_deep_stack_does_not_stay_as_denormals():
    model = make_model("stack-rnn", Stacks())
    stacks = follow(model, "float32", model.language.encode("(" * 3_000)).end.stacks
    assert (np.abs(stacks[stacks != 0]) >= np.finfo(np.float32).tiny).all()
