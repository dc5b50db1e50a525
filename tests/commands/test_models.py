"""``models`` and ``export``: what there is, and one of them as a file."""

import shlex

from countviz.checkpoints import load, load_family, save_family
from countviz.cli import PROGRAM


def test_models_lists_every_family(ask, ask_json):
    found = ask_json("models")
    by_name = {one["name"]: one for one in found["models"]}
    assert found["problems"] == []
    lstm, family = by_name["lstm1-dyck1"], load_family("lstm1-dyck1")
    assert lstm["seeds"] == list(family.seeds)
    assert (lstm["recipe"], lstm["training_lengths"]) == ("training", [2, 50])
    best = load("lstm1-dyck1")
    assert (lstm["best_seed"], lstm["best_epoch"]) == (best.seed, best.epoch)
    assert lstm["validation_accuracy"] == family.validation_accuracy(best.seed)
    assert by_name["exact-lstm"]["training_lengths"] is None
    assert by_name["exact-lstm"]["recipe"] == "hand-set"
    lines = ask("models").out.splitlines()
    assert [line.split()[0] for line in lines] == ["name", *by_name]
    assert max(map(len, lines)) <= 96


def test_a_damaged_family_is_a_remark_beside_the_others(ask, tmp_path, monkeypatch):
    for name in ("exact-lstm", "exact-relu"):
        save_family(load_family(name), tmp_path)
    (tmp_path / "exact-relu" / "history.csv").write_text("")
    monkeypatch.setenv("COUNTVIZ_CHECKPOINTS", str(tmp_path))
    out, err = ask("models")
    assert [line.split()[0] for line in out.splitlines()] == ["name", "exact-lstm"]
    assert "history.csv is damaged" in err
    assert err.count("\n") == 1


def test_an_exported_model_is_traced_like_the_original(ask, ask_json, tmp_path):
    path = tmp_path / "one.safetensors"
    exported = ask_json("export", "lstm1-dyck1/3@20", "-o", str(path))
    again = ask_json("trace", str(path), "(()", "--cell", "lstm", "--language", "dyck1")
    original = ask_json("trace", "lstm1-dyck1/3@20", "(()")
    assert again.pop("model") == path.name
    assert original.pop("model") == exported["model"]
    assert again == original
    assert again["weights_sha256"] == exported["weights_sha256"]


def test_an_export_replaces_a_file_only_by_force(ask, refuse, tmp_path):
    path = tmp_path / "one.safetensors"
    path.write_text("mine")
    assert "exists already" in refuse("export", "exact-lstm", "-o", str(path))
    assert path.read_text() == "mine"
    said = ask("export", "exact-lstm", "-o", str(path), "--force").out
    suggested = said.splitlines()[1].removeprefix(PROGRAM)
    assert "right for all" in ask(*shlex.split(suggested)).out
