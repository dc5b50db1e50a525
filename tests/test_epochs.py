"""An epoch survives its file, and training goes on from it as if nothing had happened."""

import numpy as np
import pytest

from countviz.epochs import Epoch
from countviz.models import Spec, Training
from countviz.training import make_family, train, train_epochs
from countviz.weight_files import read_arrays, write_arrays

SPEC = Spec(
    language="dyck1",
    cell="gru",
    recipe=Training(epochs=3, train_strings=600, validation_strings=50, learning_rate=0.01),
)
SEEDS = (3, 11)


@pytest.fixture(scope="module")
def epochs():
    return list(train_epochs(SPEC, SEEDS))


def through_a_file(epoch):
    return Epoch.from_arrays(read_arrays(write_arrays(epoch.to_arrays()), "memory", 10**7))


def test_points_are_recorded_every_250_strings_at_first_and_at_the_end(epochs):
    assert [list(epoch.strings) for epoch in epochs] == [[0], [250, 500, 600], [1200], [1800]]
    for epoch in epochs:
        assert epoch.weights.shape == (2, len(epoch.strings), 19)
        assert epoch.train_loss.shape == (2, len(epoch.strings))


def test_an_epoch_comes_back_from_its_file_as_it_was(epochs):
    for epoch in epochs:
        again = through_a_file(epoch)
        assert again.epoch == epoch.epoch
        for name in ("strings", "weights", "train_loss", "mean", "square", "diverged"):
            assert np.array_equal(getattr(again, name), getattr(epoch, name)), name
            assert getattr(again, name).dtype == getattr(epoch, name).dtype


def test_going_on_from_a_file_gives_the_same_bits_as_never_stopping(epochs):
    rest = list(train_epochs(SPEC, SEEDS, after=through_a_file(epochs[1])))
    assert [epoch.epoch for epoch in rest] == [2, 3]
    assert (rest[-1].weights == epochs[-1].weights).all()
    assert (rest[-1].validation_loss == epochs[-1].validation_loss).all()


def test_a_family_of_epochs_is_the_family_that_training_returns(epochs):
    ours, theirs = make_family("small", SPEC, SEEDS, epochs), train(SPEC, SEEDS, "small")
    assert ours.history == theirs.history
    for name, array in ours.weights.items():
        assert (array == theirs.weights[name]).all()


def test_the_loss_of_an_epoch_is_the_mean_over_its_strings(epochs):
    first = epochs[1]
    by_hand = (250 * first.train_loss[:, 0] + 250 * first.train_loss[:, 1]) / 600
    by_hand += 100 * first.train_loss[:, 2] / 600
    assert first.mean_train_loss() == pytest.approx(by_hand)


@pytest.fixture(scope="module")
def diverging():
    """Linear units at a high rate: the states of many, not of all, overflow in the first epoch."""
    recipe = Training(
        epochs=2, learning_rate=1.0, train_strings=500, validation_strings=20, shortest=20,
        longest=60, distinct=False,
    )  # fmt: skip
    return list(train_epochs(Spec(language="anbn", cell="linear", recipe=recipe), range(40)))


def test_a_seed_that_overflows_is_marked_and_keeps_its_last_finite_weights(diverging):
    first, last = diverging[1], diverging[2]
    lost = first.diverged == 1
    assert lost.any()
    assert np.isfinite(last.weights).all()
    assert (last.diverged[lost] == 1).all()
    assert (last.weights[lost, -1] == first.weights[lost, -1]).all()
    assert np.isnan(last.train_loss[lost]).all()
    assert np.isnan(last.validation_loss[lost]).all()
    assert (last.validation_accuracy[lost] == 0).all()


def test_the_other_seeds_go_on(diverging):
    sound = diverging[2].diverged == -1
    assert sound.any()
    moved = diverging[2].weights[sound, -1] != diverging[1].weights[sound, -1]
    assert moved.any()
    assert np.isfinite(diverging[2].train_loss[sound]).all()


def test_divergence_survives_the_file(diverging):
    again = through_a_file(diverging[1])
    assert (again.diverged == diverging[1].diverged).all()
    assert np.array_equal(again.validation_loss, diverging[1].validation_loss, equal_nan=True)
