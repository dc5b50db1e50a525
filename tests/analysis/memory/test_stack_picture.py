"""The picture of a stack: what exact stacks hold, and what soft actions leave where."""

from dataclasses import replace

import numpy as np
import pytest

from countviz.analysis import measure_stack
from countviz.checkpoints import load
from countviz.exact_stacks import exact_stack_dyck1, exact_stack_dyck2
from countviz.languages.dyck1 import nested
from countviz.memories import Automaton, Stacks, Strata
from countviz.models import Model, Spec
from countviz.traces import trace

STRING = "(()(()))()((()))"


def random_model(cell, memory, units=3):
    """Return a model with random weights, whose actions are soft."""
    spec = Spec(language="dyck1", cell=cell, units=units, memory=memory, recipe=None)
    rng = np.random.default_rng(0)
    shapes = spec.parameter_shapes()
    return Model(
        name="random",
        spec=spec,
        parameters={name: rng.standard_normal(shape) for name, shape in shapes.items()},
    )


@pytest.mark.parametrize("make", [exact_stack_dyck1, exact_stack_dyck2])
def test_an_exact_stack_is_as_high_as_brackets_are_open(make):
    picture = measure_stack(trace(make(), STRING))
    assert picture.heights == pytest.approx(picture.counts)
    full = np.arange(picture.filled.shape[1]) < picture.counts[:, np.newaxis]
    assert (picture.filled == full).all()
    assert not picture.mistakes.any()
    said = picture.sentence()
    assert said.startswith("It pushes 100 % on “(” and pops 100")
    assert "Where 3 are open it is 3.0 high." in said


def test_soft_cells_are_what_lies_there_if_every_push_pushes_a_one():
    memory = Stacks()
    model = random_model("stack-rnn", memory)
    parameters = dict(model.parameters)
    parameters["stack.push.weight"] = np.zeros((1, 3))
    parameters["stack.push.bias"] = np.array([50.0])
    done = trace(replace(model, parameters=parameters), STRING)
    picture = measure_stack(done)
    held = done.stacks(0, len(STRING), picture.filled.shape[1])[:, 0, :, 0]
    assert picture.filled == pytest.approx(held, abs=1e-12)


def test_strata_are_as_full_as_they_are_thick():
    done = trace(random_model("strat-lstm", Strata()), STRING)
    picture = measure_stack(done)
    assert picture.actions == ("push", "pop")
    assert picture.heights == pytest.approx(done.stacks(0, 16, 17)[:, 0, :, -1].sum(axis=1))


def test_an_automaton_holds_what_its_runs_do():
    picture = measure_stack(trace(random_model("ns-rnn", Automaton()), STRING))
    assert picture.filled[:, 0] == pytest.approx(1)  # there is always something on top
    assert (picture.filled <= 1 + 1e-9).all()
    assert picture.shares.sum(axis=1) == pytest.approx(1)


def test_of_a_long_string_the_picture_is_around_a_position():
    picture = measure_stack(trace(exact_stack_dyck1(), nested(1_000)), at=1_000)
    assert (picture.start, picture.stop) == (800, 1_200)
    assert picture.heights == pytest.approx(picture.counts)
    assert "Shown are symbols 801 to 1,200." in picture.sentence()
    assert len(picture.to_frame()) == 400


def test_an_illegal_tail_has_no_count():
    picture = measure_stack(trace(exact_stack_dyck1(), "())("))
    assert np.isnan(picture.counts[2:]).all()


@pytest.mark.parametrize(
    ("model", "string", "stack", "answer"),
    [
        (load("exact-lstm"), "()", 0, "exact-lstm/0@0 has no memory"),
        (exact_stack_dyck1(), "()", 1, "no stack 1; there are: 0 to 0"),
        (exact_stack_dyck1(), "", 0, "0 symbols came"),
    ],
)
def test_what_cannot_be_shown_is_refused(model, string, stack, answer):
    with pytest.raises(ValueError, match=answer):
        measure_stack(trace(model, string), stack)
