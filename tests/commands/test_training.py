"""``train`` and ``warm``."""

from countviz.cells import CELLS
from countviz.checkpoints import load_family
from countviz.models import Spec, Training


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
