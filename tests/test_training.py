"""Training: the published protocol, and what a family keeps of it."""

from itertools import pairwise

import numpy as np
import pytest

from countviz.corpora import make_batches, make_corpora, make_order
from countviz.epochs import Epoch
from countviz.exact import exact_relu
from countviz.models import Spec, Training
from countviz.torch_bridge import initial_parameters
from countviz.training import make_family, train, train_epochs, validate

SMALL = Training(epochs=2, train_strings=300, validation_strings=50)
SPEC = Spec(language="dyck1", cell="gru", units=2, recipe=SMALL)


def test_epoch_0_holds_the_initial_weights_of_torch():
    family = train(SPEC, (3, 4), "small")
    for k, seed in enumerate(family.seeds):
        for name, array in initial_parameters(SPEC, seed).items():
            assert (family.weights[name][k, 0] == array).all()


def test_training_lowers_the_loss_and_reports_every_epoch():
    reports = []
    family = train(SPEC, (0,), "small", reports.append)
    assert [(r.seed, r.epoch) for r in reports] == [(0, 0), (0, 1), (0, 2)]
    assert reports[2].train_loss < reports[0].train_loss
    assert family.history == tuple(reports)
    assert family.best_epoch(0) == int(np.argmin([r.validation_loss for r in reports]))


def test_a_seed_is_trained_to_the_same_bits_alone_and_among_others():
    alone, among = train(SPEC, (1,), "alone"), train(SPEC, (0, 1), "among")
    for name, array in alone.weights.items():
        assert (array[0] == among.weights[name][1]).all()


def test_the_order_changes_with_the_epoch_and_the_data_seed_alone():
    assert (make_order(0, 1, 50) == make_order(0, 1, 50)).all()
    assert (make_order(0, 1, 50) != make_order(0, 2, 50)).any()
    assert (make_order(0, 1, 50) != make_order(1, 1, 50)).any()
    assert sorted(make_order(0, 1, 50)) == list(range(50))


def test_an_exact_counter_is_right_on_every_validation_string():
    loss, accuracy = validate(exact_relu(), make_corpora(SPEC)[1])
    assert accuracy == 1
    assert loss < 1e-5


@pytest.mark.parametrize("field", ["epochs", "train_strings", "longest"])
def test_a_recipe_has_bounds(field):
    with pytest.raises(ValueError, match=field):
        Training(**{field: 10**9})


FORETELLING = Training(
    epochs=4, batch_size=10, train_strings=200, validation_strings=40, shortest=5, longest=15,
    distinct=False, clip=5.0, rates=(1e-3, 2e-2), decay_after=1, stop_after=2,
    initialisation="xavier",
)  # fmt: skip
STACK = Spec(language="count-3", cell="stack-rnn", units=3, recipe=FORETELLING)


def test_next_symbols_are_learned_with_a_stack_and_a_rate_for_every_seed():
    start, *_, last = train_epochs(STACK, range(4))
    assert (last.validation_loss < start.validation_loss).all()
    assert (last.validation_accuracy > 0.3).all()
    assert len(set(last.rate)) == 4


def test_strings_of_one_length_stay_together_and_every_one_comes_once():
    recipe = FORETELLING.model_copy(update={"train_strings": 205})
    spec = STACK.model_copy(update={"recipe": recipe})
    corpus, _ = make_corpora(spec)
    order, cuts = make_batches(spec, 1, 205)
    assert sorted(order) == list(range(205))
    lengths = np.diff(corpus.starts)[order]
    assert all(len(set(lengths[a:b])) == 1 for a, b in pairwise(cuts))
    assert (make_batches(spec, 2, 205)[0] != order).any()


def test_going_on_after_an_epoch_keeps_rates_and_patience():
    epochs = list(train_epochs(STACK, range(3)))
    again = Epoch.from_arrays(epochs[1].to_arrays())
    for one, other in zip(epochs[2:], train_epochs(STACK, range(3), after=again), strict=True):
        assert (one.weights == other.weights).all()
        assert (one.rate == other.rate).all()


def test_a_seed_that_has_stopped_keeps_its_weights_and_training_ends_when_all_have():
    hasty = FORETELLING.model_copy(update={"rates": (1, 1), "epochs": 50, "stop_after": 1})
    epochs = list(train_epochs(STACK.model_copy(update={"recipe": hasty}), range(3)))
    assert len(epochs) < 51
    for before, now in pairwise(epochs):
        resting = before.waited >= 1
        assert (now.weights[resting, -1] == before.weights[resting, -1]).all()
        assert np.isnan(now.train_loss[resting]).all()
    assert (epochs[-1].waited >= 1).all()
    family = make_family("hasty", STACK, range(3), epochs)
    assert family.epochs == tuple(range(len(epochs)))
