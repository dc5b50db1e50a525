"""Training in lanes: the same as one model alone, and as PyTorch."""

import numpy as np
import pytest

from countviz.arithmetic.lanes import LANES, align
from countviz.cells import CELLS
from countviz.corpora import make_corpora
from countviz.engine.groups import from_lanes, to_lanes
from countviz.engine.kernels import find_variant, train_epoch
from countviz.models import Spec, Training
from countviz.torch_bridge import initial_parameters, reference_training
from countviz.vectors import flatten_parameters

SEEDS = range(LANES)
PLAIN = [name for name, cell in CELLS.items() if not cell.memory]


def make_spec(cell, units, precision="float64", **recipe):
    strings = {"train_strings": 1_000, "validation_strings": 1}
    return Spec(
        language="dyck1",
        cell=cell,
        units=units,
        recipe=Training(precision=precision, **strings, **recipe),
    )


def initial_vectors(spec, seeds=SEEDS):
    precision = spec.recipe.precision
    return np.stack([flatten_parameters(initial_parameters(spec, s), precision) for s in seeds])


def train_in_lanes(spec, vectors, corpus, order, rates=None, batch=1):
    (group,) = to_lanes(vectors)
    rates = np.full(LANES, spec.recipe.learning_rate) if rates is None else rates
    rate = align(rates[np.newaxis].astype(group.dtype))
    losses = align(np.empty((order.size, LANES), group.dtype))
    state = group, align(np.zeros_like(group)), align(np.zeros_like(group))
    variant = find_variant(spec.cell, spec.recipe.precision, lanes=True)
    train_epoch(variant, spec.units, state, rate, 0, corpus, order, batch, losses)
    return from_lanes([group], len(vectors)), from_lanes([losses], len(vectors))


def train_alone(spec, vector, corpus, order, rate=None, batch=1):
    state = vector.copy(), np.zeros_like(vector), np.zeros_like(vector)
    rate = np.array([rate or spec.recipe.learning_rate], vector.dtype)
    losses, variant = (
        np.empty(order.size, vector.dtype),
        find_variant(spec.cell, spec.recipe.precision),
    )
    train_epoch(variant, spec.units, state, rate, 0, corpus, order, batch, losses)
    return state[0], losses


@pytest.mark.parametrize("units", [1, 3])
@pytest.mark.parametrize("cell", PLAIN)
def test_a_seed_in_lanes_has_the_bits_of_a_seed_alone(cell, units):
    spec = make_spec(cell, units, "float32")
    corpus, _ = make_corpora(spec)
    order = np.arange(200)
    vectors = initial_vectors(spec)
    together, losses = train_in_lanes(spec, vectors, corpus, order)
    for k in (0, 7, 31):
        vector, loss = train_alone(spec, vectors[k], corpus, order)
        assert np.array_equal(together[k], vector, equal_nan=True)
        assert np.array_equal(losses[k], loss, equal_nan=True)


@pytest.mark.parametrize("units", [1, 2, 3, 5])
@pytest.mark.parametrize("cell", PLAIN)
def test_after_100_updates_every_seed_equals_torch(cell, units):
    spec = make_spec(cell, units)
    corpus, _ = make_corpora(spec)
    order = np.random.default_rng(units).permutation(1_000)[:100]
    ours, _ = train_in_lanes(spec, initial_vectors(spec), corpus, order)
    theirs = reference_training(spec, SEEDS, corpus, order)
    assert abs(ours - theirs).max() <= 1e-11


@pytest.mark.parametrize("cell", ["lstm", "gru", "tanh"])
def test_after_1000_updates_rounding_has_not_grown_far(cell):
    """It grows chaotically, so that the seeds are judged together; see benchmarks.agreement."""
    spec = make_spec(cell, 1)
    corpus, _ = make_corpora(spec)
    order = np.arange(1_000)
    ours, _ = train_in_lanes(spec, initial_vectors(spec), corpus, order)
    apart = abs(ours - reference_training(spec, SEEDS, corpus, order)).max(axis=1)
    assert np.median(apart) <= 1e-11
    assert apart.max() <= 1e-8


def test_a_learning_rate_may_differ_by_lane():
    spec = make_spec("lstm", 1, "float32")
    corpus, _ = make_corpora(spec)
    order, rates = np.arange(50), np.geomspace(1e-4, 1e-1, LANES)
    vectors = initial_vectors(spec)
    together, _ = train_in_lanes(spec, vectors, corpus, order, rates)
    for k in (0, 31):
        alone, _ = train_alone(spec, vectors[k], corpus, order, rates[k])
        assert (together[k] == alone).all()


def test_a_batch_makes_one_update_of_the_mean_of_its_strings():
    """With a batch of all strings, Adam's first moment is a tenth of the mean gradient."""
    spec = make_spec("gru", 2)
    corpus, _ = make_corpora(spec)
    vector = initial_vectors(spec, [0])[0]
    order = np.arange(8)

    def gradient(strings, batch):
        state = vector.copy(), np.zeros_like(vector), np.zeros_like(vector)
        variant, losses = find_variant("gru", "float64"), np.empty(strings.size)
        train_epoch(variant, 2, state, np.array([0.01]), 0, corpus, strings, batch, losses)
        return state[1] / 0.1

    apart = [gradient(order[k : k + 1], 1) for k in order]
    np.testing.assert_allclose(gradient(order, 8), np.mean(apart, axis=0), rtol=1e-12, atol=1e-16)
