"""Where training starts, from when on parts are frozen, and ways to freeze side by side."""

import numpy as np
import pytest

from countviz.checkpoints import load_family
from countviz.families import UnknownModel
from countviz.models import Spec, Stacks, Training
from countviz.starts import start_vectors
from countviz.training import train, train_epochs
from countviz.vectors import split_parameters

SEEDS = (0, 3)
SMALL = {"epochs": 3, "train_strings": 40, "validation_strings": 10, "batch_size": 10}


def make_spec(cell="stack-rnn", **recipe):
    memory = Stacks(width=2) if cell == "stack-rnn" else None
    recipe = Training(**SMALL | recipe)
    return Spec(language="dyck1", cell=cell, units=2, memory=memory, recipe=recipe)


def find_moved(spec, before, after):
    """Return the names of the parameters of which some byte differs between two epochs."""
    shapes = spec.parameter_shapes()
    first, second = (split_parameters(one.weights[:, -1], shapes) for one in (before, after))
    return {name for name in shapes if first[name].tobytes() != second[name].tobytes()}


@pytest.mark.parametrize(("cell", "part"), [("stack-rnn", "memory"), ("lstm", "controller")])
def test_what_is_frozen_after_an_epoch_learns_before_and_never_moves_again(cell, part):
    spec = make_spec(cell, freeze=(part,), freeze_after=1)
    start, free, *later = train_epochs(spec, SEEDS)
    assert find_moved(spec, start, free) == set(spec.parameter_shapes())
    for before, after in zip([free, *later], later, strict=False):
        assert find_moved(spec, before, after) == (
            set(spec.parameter_shapes()) - spec.frozen_parameters()
        )


def test_going_on_after_the_epoch_in_which_a_part_froze_gives_the_same_bits():
    spec = make_spec(freeze=("memory",), freeze_after=1)
    _, first, *_, last = train_epochs(spec, SEEDS)
    *_, again = train_epochs(spec, SEEDS, after=first)
    assert last.weights.tobytes() == again.weights.tobytes()


def test_freezing_later_needs_something_to_freeze():
    with pytest.raises(ValueError, match="nothing is frozen after epoch 2; name the parts"):
        Training(freeze_after=2)


def test_seeds_start_from_their_own_models_or_all_from_one():
    family, kind = load_family("gru1-dyck1"), {"language": "dyck1", "cell": "gru"}

    def start_from(address):
        return start_vectors(Spec(**kind, recipe=Training(**SMALL, start=address)), SEEDS)

    own = family.vectors(SEEDS, [20, 20])
    assert (start_from("gru1-dyck1@20") == own).all()
    assert (start_from("gru1-dyck1/3@20") == own[1]).all()
    best = family.vectors([0], [family.best_epoch(0)])
    assert (start_from("gru1-dyck1/0") == best).all()


@pytest.mark.parametrize(
    ("start", "sentence"),
    [
        ("lstm1-dyck1/0", "to start from lstm1-dyck1, whose cell is lstm; gru is right"),
        ("gru2-dyck1/0", "to start from gru2-dyck1, whose units is 2; 1 is right"),
        ("nobody", "no checkpoint named nobody"),
        ("gru1-dyck1/99999", "gru1-dyck1 has no seed 99999"),
        ("gru1-dyck1/0@999", "gru1-dyck1 has no epoch 999"),
        ("a/b/c", "'a/b/c' is not an address"),
    ],
)
def test_a_start_that_is_not_there_or_does_not_fit_is_refused(start, sentence):
    spec = Spec(language="dyck1", cell="gru", recipe=Training(**SMALL, start=start))
    with pytest.raises((ValueError, UnknownModel), match=sentence):
        start_vectors(spec, SEEDS)


def test_a_start_makes_another_family_and_none_the_one_there_was():
    plain = Spec(language="dyck1", cell="gru", recipe=Training())
    others = [{"start": "gru1-dyck1"}, {"freeze": ("controller",)}]
    others.append({"freeze": ("controller",), "freeze_after": 3})
    specs = [Spec(language="dyck1", cell="gru", recipe=Training(**one)) for one in others]
    assert len({plain.identity, *(spec.identity for spec in specs)}) == 4
    assert "start" not in plain.model_dump_json()


def test_ways_to_freeze_get_side_by_side_the_bits_that_each_gets_alone():
    modes = ((), ("memory",), ("controller", "read-out"))
    seeds = [seed for _ in modes for seed in SEEDS]
    ways = [mode for mode in modes for _ in SEEDS]
    *_, together = train_epochs(make_spec(clip=1.0), seeds, freeze=ways)
    for k, mode in enumerate(modes):
        *_, alone = train_epochs(make_spec(clip=1.0, freeze=mode), SEEDS)
        rows = slice(k * len(SEEDS), (k + 1) * len(SEEDS))
        for name in ("weights", "mean", "square", "validation_loss"):
            assert getattr(together, name)[rows].tobytes() == getattr(alone, name).tobytes()


def test_a_family_that_starts_from_another_is_trained_on():
    spec = Spec(language="dyck1", cell="gru", recipe=Training(**SMALL, start="gru1-dyck1@20"))
    trained = train(spec, SEEDS, "later")
    begin = load_family("gru1-dyck1").vectors(SEEDS, [20, 20])
    np.testing.assert_array_equal(trained.vectors(SEEDS, [0, 0]), begin)
    assert (trained.vectors(SEEDS, [1, 1]) != begin).any()
