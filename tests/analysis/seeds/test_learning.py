"""What seeds can do while they train, on models of which that is known."""

import numpy as np
import pytest

from countviz.analysis.failure.nesting import DEEPEST_TRIED, measure_nesting
from countviz.analysis.seeds.learning import (
    FIRST_FAILING,
    Learning,
    find_first_failing,
    join_learnings,
    measure_learning,
)
from countviz.epochs import Epoch
from countviz.exact import exact_lstm
from countviz.languages.dyck1 import nested
from countviz.models import Spec, Training
from countviz.traces import trace

RECIPE = Training(train_strings=50, validation_strings=20, longest=20)
SPEC = Spec(language="dyck1", cell="lstm", recipe=RECIPE)
LEAKY = exact_lstm(gate_bias=4.0)


def vector_of(model):
    return np.concatenate([array.ravel() for array in model.parameters.values()])


def make_epoch(weights, number=1, loss=None):
    """Return an epoch whose seeds have the weights [S, R, P]."""
    seeds, points, _ = weights.shape
    strings = np.arange(points) * 25 + 25 if number else np.zeros(1, int)
    return Epoch(
        epoch=number,
        strings=strings + max(number - 1, 0) * RECIPE.train_strings,
        weights=weights,
        train_loss=np.full((seeds, points), 0.1) if loss is None else loss,
        validation_loss=np.zeros(seeds),
        validation_accuracy=np.zeros(seeds),
        mean=weights[:, -1],
        square=weights[:, -1],
        diverged=np.full(seeds, -1),
    )


@pytest.fixture(scope="module")
def weights():
    """Two seeds: one comes to count exactly, the other stays dead; [2, 2, P]."""
    exact = vector_of(exact_lstm())
    dead = np.zeros_like(exact)
    return np.stack([np.stack([dead, exact]), np.stack([dead, dead])])


@pytest.fixture(scope="module")
def learning(weights):
    return measure_learning(SPEC, make_epoch(weights))


def test_an_exact_counter_nests_as_deep_as_is_tried_and_a_dead_model_not_at_all(learning):
    assert learning.horizon.tolist() == [[0, DEEPEST_TRIED], [0, 0]]
    assert learning.first_failing[0, 1].tolist() == [0] * FIRST_FAILING
    assert learning.first_failing[1, 1].tolist() == [1, 2, 3, 4, 5]


def test_the_steps_come_to_plus_and_minus_one(learning):
    assert learning.step_up == pytest.approx(np.array([[0, 1], [0, 0]]), abs=1e-6)
    assert learning.step_down == pytest.approx(np.array([[0, -1], [0, 0]]), abs=1e-6)


def test_the_accuracy_is_by_length_and_of_the_last_point(learning):
    assert learning.lengths[-1] == 2 * RECIPE.longest
    assert (np.diff(learning.lengths) > 0).all()
    assert (learning.accuracy_by_length == [[1], [0]]).all()


def test_the_horizon_is_the_one_that_traces_show():
    (failing,) = find_first_failing(SPEC, vector_of(LEAKY)[np.newaxis])
    assert failing[0] == measure_nesting(LEAKY, "float32").depth + 1
    judged = [trace(LEAKY, nested(n), "float32").first_failure for n in range(1, failing[-1] + 1)]
    wrong = [n for n, failure in enumerate(judged, 1) if failure is not None]
    assert failing.tolist() == wrong


def test_languages_without_nesting_have_no_horizon():
    spec = Spec(language="anbn", cell="lstm", recipe=Training(distinct=False))
    size = sum(int(np.prod(shape)) for shape in spec.parameter_shapes().values())
    learning = measure_learning(spec, make_epoch(np.zeros((1, 1, size)), number=0))
    assert learning.horizon.tolist() == [[-1]]
    assert not learning.nests
    assert learning.sentence() == (
        "Before the first string, the median loss of 1 seeds is 0.1. "
        "The median step is +0.000 up, +0.000 down."
    )


def test_files_keep_everything(learning):
    arrays = learning.to_arrays()
    assert all(np.isfinite(array).all() and array.dtype.kind == "f" for array in arrays.values())
    again = Learning.from_arrays(arrays | {"another": np.zeros(1)})
    for name, value in vars(learning).items():
        assert np.array_equal(getattr(again, name), value), name


def test_a_loss_that_is_no_number_survives_a_file(weights):
    loss = np.array([[0.1, np.nan], [0.1, 0.2]])
    learning = measure_learning(SPEC, make_epoch(weights, loss=loss))
    again = Learning.from_arrays(learning.to_arrays())
    assert again.alive.tolist() == [[True, False], [True, True]]


def test_parts_are_joined_along_the_strings_and_end_as_the_last(weights):
    before = measure_learning(SPEC, make_epoch(weights[:, :1], number=0))
    after = measure_learning(SPEC, make_epoch(weights, number=1))
    joined = join_learnings([before, after])
    assert joined.strings.tolist() == [0, 25, 50]
    assert joined.horizon.tolist() == [[0, 0, DEEPEST_TRIED], [0, 0, 0]]
    assert joined.accuracy_by_length is after.accuracy_by_length
    assert (before.training_depth, joined.training_depth) == (0, after.training_depth)


def test_a_seed_counts_deeper_only_than_all_it_has_read(weights):
    learning = measure_learning(SPEC, make_epoch(weights))
    assert learning.training_depth > 0
    assert [learning.deeper(point) for point in (0, 1)] == [0, 1]
    assert learning.sentence() == (
        "At string 50, 1 of 2 seeds count deeper than anything they were trained on. "
        "The median step is +0.500 up, \N{MINUS SIGN}0.500 down."
    )


def test_a_diverged_seed_counts_no_deeper(weights):
    loss = np.array([[0.1, np.nan], [0.1, 0.2]])
    learning = measure_learning(SPEC, make_epoch(weights, loss=loss))
    assert learning.deeper() == 0
    assert learning.steps(50).up[0].tolist()[0] == 0
    assert np.isnan(learning.steps(50).up[0, 1])


def test_thinning_keeps_the_beginning_and_the_end(learning):
    long = join_learnings([learning] * 60)
    thin = long.thin(30)
    assert thin.strings.size <= 30
    assert thin.strings[:10].tolist() == long.strings[:10].tolist()
    assert thin.strings[-1] == long.strings[-1]
    assert thin.horizon.shape == (2, thin.strings.size)
    assert long.thin(1000) is long
