"""Training in lanes: the same as one model alone, and as PyTorch."""

import numpy as np
import pytest

from countviz.arithmetic.lanes import LANES
from countviz.cells import CELLS
from countviz.corpora import make_corpora
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


@pytest.mark.parametrize("units", [1, 3])
@pytest.mark.parametrize("cell", PLAIN)
def test_a_seed_among_others_has_the_bits_of_a_seed_alone(train_in_lanes, cell, units):
    spec, order = make_spec(cell, units, "float32"), np.arange(200)
    vectors = initial_vectors(spec)
    together = train_in_lanes(spec, vectors, order)
    for k in (0, 7, 31):
        alone = train_in_lanes(spec, vectors[k : k + 1], order)
        for ours, own in zip(together, alone, strict=True):
            assert np.array_equal(ours[k], own[0], equal_nan=True)


@pytest.mark.parametrize("units", [1, 2, 3, 5])
@pytest.mark.parametrize("cell", PLAIN)
def test_after_100_updates_every_seed_equals_torch(train_in_lanes, cell, units):
    spec = make_spec(cell, units)
    corpus, _ = make_corpora(spec)
    order = np.random.default_rng(units).permutation(1_000)[:100]
    ours, *_ = train_in_lanes(spec, initial_vectors(spec), order)
    theirs = reference_training(spec, SEEDS, corpus, order)
    assert abs(ours - theirs).max() <= 1e-11


@pytest.mark.parametrize("cell", ["lstm", "gru", "tanh"])
def test_after_1000_updates_rounding_has_not_grown_far(train_in_lanes, cell):
    """It grows chaotically, so that the seeds are judged together; see benchmarks.agreement."""
    spec = make_spec(cell, 1)
    corpus, _ = make_corpora(spec)
    order = np.arange(1_000)
    ours, *_ = train_in_lanes(spec, initial_vectors(spec), order)
    apart = abs(ours - reference_training(spec, SEEDS, corpus, order)).max(axis=1)
    assert np.median(apart) <= 1e-11
    assert apart.max() <= 1e-8


def test_a_learning_rate_may_differ_by_lane(train_in_lanes):
    spec = make_spec("lstm", 1, "float32")
    order, rates = np.arange(50), np.geomspace(1e-4, 1e-1, LANES)
    vectors = initial_vectors(spec)
    together, *_ = train_in_lanes(spec, vectors, order, rates=rates)
    for k in (0, 31):
        alone, *_ = train_in_lanes(spec, vectors[k : k + 1], order, rates=rates[k])
        assert (together[k] == alone).all()


def test_a_batch_makes_one_update_of_the_mean_of_its_strings(train_in_lanes):
    """With a batch of all strings, Adam's first moment is a tenth of the mean gradient."""
    order, vector = np.arange(8), initial_vectors(make_spec("gru", 2), [0])

    def gradient(strings):
        spec = make_spec("gru", 2, batch_size=strings.size)
        return train_in_lanes(spec, vector, strings)[1][0] / 0.1

    apart = [gradient(order[k : k + 1]) for k in order]
    np.testing.assert_allclose(gradient(order), np.mean(apart, axis=0), rtol=1e-12, atol=1e-16)
