"""A model taken up from a moment does what it did the first time, stacks and all."""

import numpy as np
import pytest

from countviz.analysis import intervene, make_stepper, measure_closings, refine_closings
from countviz.analysis.count.closing import count_window
from countviz.analysis.count.stack_reading import hear
from countviz.analysis.saturation.saturation_zones import find_pre_activations
from countviz.exact_stacks import exact_stack_dyck1, exact_stack_dyck2
from countviz.models import Model, Spec, Stacks
from countviz.traces import SPACING, trace

STRING = "(()(()))()((()))(("
WIRED = {
    "beside the symbol": Stacks(stacks=2, width=2),
    "added to the hidden state": Stacks(stacks=2, width=2, reads="hidden", bottom=-1),
    "the hidden state is pushed": Stacks(push="hidden", width=3, depth=4, noop=False),
}


def make_model(memory, cell="stack-lstm", seed=1):
    rng = np.random.default_rng(seed)
    spec = Spec(language="dyck1", cell=cell, units=3, memory=memory)
    drawn = {name: rng.normal(size=shape) for name, shape in spec.parameter_shapes().items()}
    return Model(name="drawn", spec=spec, parameters=drawn)


@pytest.mark.parametrize("wired", WIRED)
def test_from_any_moment_on_the_rest_is_as_it_was(wired):
    done = trace(make_model(WIRED[wired]), STRING)
    stepper, symbols = make_stepper(done.model), done.model.language.encode(STRING)
    for position, moment in enumerate(done.moments(range(len(STRING)))):
        again = stepper.feed(moment, symbols[position:])
        assert (again.rows[1:] == done.whole.rows[position + 1 :]).all()
        assert (again.logits == done.whole.logits[position:]).all()


def test_moments_far_apart_are_those_that_moments_one_by_one_are():
    done = trace(exact_stack_dyck1(), "(" * 2_000 + ")" * 2_000)
    places = [3, 5, SPACING + 1, 3 * SPACING, 3 * SPACING + 7]
    for place, moment in zip(places, done.moments(places), strict=True):
        alone = done.moment(place)
        assert (moment.row == alone.row).all()
        assert (moment.stacks == alone.stacks).all()


@pytest.mark.parametrize("model", [exact_stack_dyck1(), make_model(Stacks(width=2))])
def test_what_could_be_closed_at_a_moment_is_what_is_counted_along_the_string(model):
    done, stepper = trace(model, STRING), make_stepper(model)
    counts = measure_closings(done).counts[:, 0]
    for position, moment in enumerate(done.moments(range(1, len(STRING) + 1))):
        count = stepper.count_closings(moment, 1, 1_000)
        assert count == counts[position] or (count < 0 and np.isnan(counts[position]))


def test_a_window_is_counted_as_the_whole_is():
    done = trace(exact_stack_dyck2(), "([[()]](" * 3)
    counts = measure_closings(done).counts
    assert (count_window(done, done.window(9, 20), 1_000) == counts[9:20]).all()


def test_the_count_of_an_exact_stack_is_refined_to_itself():
    done = trace(exact_stack_dyck1(), STRING)
    counts = measure_closings(done).counts[:, 0]
    assert abs(refine_closings(done, counts) - counts).max() <= 0.5
    assert (counts == done.reading.counts.sum(axis=1)).all()


def test_a_slip_of_nothing_changes_nothing_and_a_large_one_does():
    done = trace(make_model(Stacks(width=2)), STRING)
    assert intervene(done, 4, 0.0).differing == 0
    slip = intervene(done, 4, 3.0)
    row = done.moment(5).row.copy()
    row[done.model.cell.names.index("c") * 3] += 3.0
    moment = done.moment(5)._replace(row=row)
    again = make_stepper(done.model).feed(moment, done.model.language.encode(STRING[5:]))
    assert (slip.patched_verdicts[5:] == (again.logits >= 0)).all()
    assert (slip.patched_counts[:4] == slip.original_counts[:4]).all()


@pytest.mark.parametrize("wired", WIRED)
@pytest.mark.parametrize("cell", ["stack-rnn", "stack-lstm"])
def test_the_gates_squash_what_symbol_state_and_stacks_feed(cell, wired):
    done = trace(make_model(WIRED[wired], cell), STRING)
    z, squash = (
        find_pre_activations(done),
        {"tanh": np.tanh, "sigmoid": lambda z: 1 / (1 + np.exp(-z))},
    )
    for k, (gate, how) in enumerate(done.model.cell.squashed.items()):
        np.testing.assert_allclose(squash[how](z[:, k]), done.whole.internals[gate], atol=1e-12)


def test_without_a_memory_nothing_is_heard_but_the_hidden_state():
    model = make_model(None, "lstm")
    hidden = np.ones((4, 3))
    heard, fed = hear(model, "float64", hidden, None)
    assert heard is hidden
    assert not fed.any()
