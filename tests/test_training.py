"""Training: the published protocol, and what a family keeps of it."""

import numpy as np
import pytest

from countviz.exact import exact_relu
from countviz.models import Spec, Training
from countviz.torch_bridge import initial_parameters
from countviz.training import make_corpora, make_order, train, validate

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
