"""``train`` and ``warm``."""

import pytest

from countviz.cells import CELLS
from countviz.checkpoints import load_family
from countviz.models import Spec, Stacks, Training


def test_a_family_is_trained_by_the_published_protocol_and_found_again(
    ask_json, ask, refuse, tmp_path, monkeypatch
):
    folder = tmp_path / "my-gru"
    argv = ["train", "--cell", "gru", "--out", str(folder), "--epochs", "1", "--seeds", "7"]
    found = ask_json(*argv)
    recipe = Training(epochs=1, learning_rate=0.001)
    assert found["identity"] == Spec(language="dyck1", cell="gru", recipe=recipe).identity
    assert (found["family"], found["folder"]) == ("my-gru", str(folder))
    (seed,), family = found["seeds"], load_family("my-gru", tmp_path)
    assert seed["seed"] == 7
    assert seed["best_epoch"] == family.best_epoch(7)
    assert seed["validation_accuracy"] == family.validation_accuracy(7)
    assert seed["validation_loss"] == min(row.validation_loss for row in family.history)
    assert "exists already" in refuse(*argv)
    monkeypatch.setenv("COUNTVIZ_CHECKPOINTS", str(tmp_path))
    assert "my-gru/7@" in ask("trace", "my-gru", "(())").out


def test_the_help_of_train_names_every_cell(ask):
    words = ask("train", "--help").out.replace(",", " ").replace(".", " ").split()
    assert set(CELLS) <= set(words)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ("--freeze memory", "memory was to be frozen, which lstm does not have; its parts are"),
        ("--freeze heart", "'heart' was to be frozen; what can be is controller, memory, read-out"),
        ("--freeze controller,read-out", "all parts of lstm were to be frozen"),
        (
            "--cell stack-rnn --freeze memory,controller,read-out",
            "(controller, memory, read-out); one at least must be left to train",
        ),
        ("--freeze-after 2", "nothing is frozen after epoch 2; name the parts to freeze too"),
        ("--stacks 2", "lstm has no memory; cells that have one are stack-rnn, stack-lstm"),
        ("--cell stack-rnn --stacks 11", "stacks is 11; it should be less than or equal to 10"),
        ("--cell stack-rnn --stacks 10 --width 64", "stacks times width may be at most 256"),
        ("--cell stack-rnn --push all", "push is 'all'; it should be 'learned' or 'hidden'"),
        ("--cell stack-rnn --depth 0", "depth is 0; it should be greater than or equal to 1"),
        (
            "--cell stack-lstm --push hidden --units 3 --width 2",
            "stacks 2 wide came, and what is pushed is the hidden state of 3 units",
        ),
        ("--cell stack-lstm --stacks 4 --width 64 --longest 1000", "GiB, and 1 are right"),
        ("--epochs 0", "epochs is 0; it should be greater than or equal to 1"),
        ("--train-strings 0", "train_strings is 0; it should be greater than or equal to 1"),
        ("--start nobody", "no checkpoint named nobody"),
        ("--cell gru --start lstm1-dyck1", "whose cell is lstm; gru is right"),
    ],
)
def test_what_cannot_be_trained_is_refused_in_a_sentence_and_nothing_is_left(
    refuse, tmp_path, options, sentence
):
    folder = tmp_path / "never"
    assert sentence in refuse("train", "--out", str(folder), *options.split())
    assert not list(tmp_path.iterdir())


def test_stacks_are_trained_with_parts_frozen_and_kept(ask_json, tmp_path):
    folder = tmp_path / "half-frozen"
    strings = ["--train-strings", "40", "--epochs", "1", "--batch-size", "10"]
    stacks = ["--stacks", "2", "--width", "3", "--no-noop", "--depth", "9", "--push", "learned"]
    found = ask_json(
        "train", "--out", str(folder), "--cell", "stack-rnn", "--freeze", "memory, read-out",
        *strings, *stacks,
    )  # fmt: skip
    spec = load_family("half-frozen", tmp_path).spec
    assert found["identity"] == spec.identity
    assert spec.recipe.freeze == ("memory", "read-out")
    assert spec.memory == Stacks(stacks=2, width=3, noop=False, depth=9)
    weights = load_family("half-frozen", tmp_path).weights
    for name, array in weights.items():
        moved = array[:, 0].tobytes() != array[:, -1].tobytes()
        assert moved == (name not in spec.frozen_parameters())
