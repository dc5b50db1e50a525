"""What is foretold: against the model's own read-out, and against what can be known at best."""

import numpy as np
import pytest

from countviz.analysis import foretell
from countviz.exact_stacks import exact_stack_dyck1
from countviz.models import Model, Spec, Stacks
from countviz.traces import trace

STRING = "aaabbbccc$"


def make_model(cell="stack-lstm"):
    memory = Stacks(stacks=2, width=2) if cell.startswith("stack") else None
    spec = Spec(language="count-3", cell=cell, units=3, memory=memory)
    rng = np.random.default_rng(0)
    shapes = spec.parameter_shapes()
    return Model(
        name="drawn", spec=spec, parameters={n: rng.normal(size=s) for n, s in shapes.items()}
    )


@pytest.mark.parametrize("cell", ["stack-lstm", "gru"])
def test_before_a_symbol_stands_what_was_read_out_after_the_one_before(cell):
    model = make_model(cell)
    done = trace(model, STRING)
    found = foretell(done, 0, len(STRING))
    logits = np.vstack([model.parameters["readout.bias"], done.whole.logits[:-1]])
    powers = np.exp(logits)
    np.testing.assert_allclose(found.probabilities, powers / powers.sum(axis=1, keepdims=True))
    assert "".join("abc$"[v] for v in found.came) == STRING
    for start in (1, 4):
        part = foretell(done, start, 8)
        assert (part.probabilities == found.probabilities[start:8]).all()
        assert (part.chances == found.chances[start:8]).all()


def test_what_is_determined_is_the_ceiling():
    found = foretell(trace(make_model(), STRING), 0, len(STRING))
    assert found.ceiling[4:].all()
    assert (found.chances[4:].max(axis=1) == 1).all()
    assert found.sentence().endswith(f"the likeliest came {found.ceiling.sum()} times")
    frame = found.to_frame()
    assert (frame["expected"] == frame["symbol"]).tolist() == found.right.tolist()


def test_a_mistake_is_to_expect_what_may_not_come():
    done = trace(make_model(), STRING)
    expected = done.whole.logits.argmax(axis=1)
    for t, v in enumerate(expected[:-1]):
        assert done.mistakes[t] == (not done.reading.targets[t, v])
    assert not done.mistakes[-1]
    assert done.verdicts.sum(axis=1).tolist() == [1] * len(STRING)


def test_models_that_say_what_may_come_foretell_nothing():
    with pytest.raises(ValueError, match="which symbols may come"):
        foretell(trace(exact_stack_dyck1(), "()"), 0, 2)
