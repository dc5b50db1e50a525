"""``datasets`` and ``evaluate``: sets of strings, and how far models are right on them."""

import json

import numpy as np
import pytest

from countviz.checkpoints import load
from countviz.exact import exact_lstm
from countviz.published_sets import SETS, make_set
from countviz.weight_files import export_file

KEYS = "model, strings, string_accuracy, mean_fpf, fpf, constant_predictor_fpf"


def test_datasets_lists_every_set_in_numbers(ask, ask_json):
    found = ask_json("datasets")["datasets"]
    assert [one["name"] for one in found] == [*SETS]
    nested = found[[*SETS].index("nested")]
    assert (nested["strings"], nested["symbols"]) == (1_035, 2_070_000)
    assert nested["lengths"] == {"values": [2_000], "strings": [1_035]}
    assert sum(nested["depths"]["strings"]) == 1_035
    assert max(nested["depths"]["values"]) == nested["deepest"]
    lines = ask("datasets").out.splitlines()
    assert [line.split()[0] for line in lines] == ["name", *SETS]
    assert max(map(len, lines)) <= 80


def test_one_set_is_drawn_as_histograms_of_characters(ask):
    out = ask("datasets", "zigzag").out
    assert out.startswith("zigzag: 10 strings of 2,000 symbols, 20,000 in all, and 10 to 1,000 (")
    assert "2,000  ########################################  10" in out


def test_a_written_set_is_read_again_as_it_was(ask, ask_json, tmp_path):
    path = tmp_path / "zigzag.txt"
    assert ask("datasets", "zigzag", "--out", str(path)).out.endswith(f"wrote {path}\n")
    assert path.read_text().splitlines() == [*make_set("zigzag")]
    (again,), (original,) = (
        ask_json("datasets", name)["datasets"] for name in (str(path), "zigzag")
    )
    assert again | {"name": "zigzag"} == original


def test_a_file_of_another_language_can_be_described(ask_json, tmp_path):
    path = tmp_path / "mine.txt"
    path.write_text("([)]\n[]\n")
    (found,) = ask_json("datasets", str(path), "--language", "shuffle2")["datasets"]
    assert (found["language"], found["strings"], found["deepest"]) == ("shuffle2", 2, 2)


def test_an_exact_counter_is_right_on_all_of_a_set(ask, ask_json):
    (found,) = ask_json("evaluate", "exact-lstm", "--set", "zigzag")["models"]
    assert ", ".join(found) == KEYS
    assert found == {
        "model": "exact-lstm/0@0",
        "strings": 10,
        "string_accuracy": 1,
        "mean_fpf": 2_000,
        "fpf": [2_000] * 10,
        "constant_predictor_fpf": 455,
    }
    said = ask("evaluate", "exact-lstm", "--set", "zigzag").out
    assert said.startswith("exact-lstm/0@0 is right on 100.00% of 10 strings, and for 2,000.0")


def test_models_are_evaluated_one_by_one_and_in_their_order(ask_json):
    names = ["gru1-dyck1/3@20", "exact-relu", "lstm1-dyck1"]
    found = ask_json("evaluate", *names, "--set", "zigzag")["models"]
    assert [one["model"] for one in found] == [load(name).name for name in names]
    for one in found:
        assert one["mean_fpf"] == pytest.approx(np.mean(one["fpf"]))
        assert one["string_accuracy"] == np.mean(np.array(one["fpf"]) == 2_000)
    assert found[0]["mean_fpf"] < found[1]["mean_fpf"]


def test_a_file_of_weights_is_evaluated_on_a_file_of_strings(ask_json, tmp_path):
    weights, strings = tmp_path / "leaky.safetensors", tmp_path / "strings.txt"
    export_file(exact_lstm(gate_bias=6), weights)
    strings.write_text("()\n" + "(" * 17 + ")" * 17 + "\n")
    argv = ["evaluate", str(weights), "exact-relu", "--cell", "lstm", "--language", "dyck1"]
    leaky, exact = ask_json(*argv, "--set", str(strings))["models"]
    assert (leaky["fpf"], leaky["string_accuracy"]) == ([2, 32], 0.5)
    assert leaky["constant_predictor_fpf"] == (1 + 33) / 2
    assert exact["fpf"] == [2, 34]
    in_double = ask_json(*argv, "--set", str(strings), "--precision", "float64")["models"]
    assert in_double == [leaky, exact]


def test_a_model_of_another_language_is_evaluated_on_its_own_strings(ask_json, refuse, tmp_path):
    path = tmp_path / "mine.txt"
    path.write_text("([)]\n[]\n")
    (found,) = ask_json("evaluate", "lstm4-shuffle2", "--set", str(path))["models"]
    assert found["strings"] == 2
    said = refuse("evaluate", "lstm4-shuffle2", "--set", "nested")
    assert "nested holds strings of dyck1, not of shuffle2" in said


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("datasets deep", "deep is neither a file nor a set; there are: train, short, "),
        ("datasets --out all.txt", "--out needs one set to write; there are: train"),
        ("datasets empty.txt", "empty.txt holds no strings; one a line is right"),
        ("datasets bad.txt", "line 2 of bad.txt: symbol 1 is ), which may not come there in dyck1"),
        ("datasets bad.txt --language anbn", "line 1 of bad.txt: symbol 1 is '('"),
        ("evaluate exact-lstm", "Missing option '--set'"),
        ("evaluate --set nested", "Missing argument"),
        ("evaluate exact-lstm --set deep", "deep is neither a file nor a set"),
        ("evaluate lstm9 --set nested", "no checkpoint named lstm9"),
        ("evaluate exact-lstm --set bad.txt", "line 2 of bad.txt"),
        ("evaluate exact-lstm --set nested --precision float16", "float32 or float64, not in 'fl"),
        ("evaluate exact-lstm --set nested --cell gru", "exact-lstm says itself what it is"),
        ("reproduce stacks", "no study named 'stacks'; there are: counting, memory"),
        ("reproduce counting --seeds 0", "Invalid value for '--seeds'"),
        ("reproduce counting --seeds 101", "--train trains them"),
    ],
)
def test_what_cannot_be_done_is_answered_in_one_line(refuse, line, sentence, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.txt").write_text("()\n)\n")
    (tmp_path / "empty.txt").touch()
    assert sentence in refuse(*line.split())
    assert {path.name for path in tmp_path.iterdir()} == {"bad.txt", "empty.txt"}


def test_json_of_a_card_is_one_document(ask):
    assert json.loads(ask("datasets", "zigzag", "--json").out)["datasets"][0]["deepest"] == 1_000
