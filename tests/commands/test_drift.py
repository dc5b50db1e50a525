"""``drift`` and its like: the documents that programs read, what people read, what is written."""

import csv

import pytest

from countviz.analysis import measure_drift, predict_horizon, read_out
from countviz.checkpoints import load
from countviz.exact import exact_relu
from countviz.weight_files import export_file


def test_the_drift_of_an_exact_counter_is_zero_at_every_length(ask_json):
    found = ask_json("drift", "exact-lstm", "--lengths", "10,100,100000", "--precision", "float32")
    assert found["lengths"] == [10, 100, 100_000]
    assert found["mean_drift"] == found["max_abs_drift"] == [0, 0, 0]
    assert found["accuracy"] == [1, 1, 1]
    assert found["mean_fpf"] == [10, 100, 100_000]
    assert (found["family"], found["precision"]) == ("nested", "float32")


def test_the_options_reach_the_measure(ask_json):
    options = ["--family", "random", "--lengths", "20,60", "--strings", "7", "--seed", "3"]
    found = ask_json("drift", "gru1-dyck1/0", *options)
    direct = measure_drift(load("gru1-dyck1/0"), "random", (20, 60), strings=7, seed=3)
    for name in ("mean_drift", "max_abs_drift", "accuracy", "mean_fpf"):
        assert found[name] == getattr(direct, name).tolist()
    assert found["retention"] == direct.retention
    zigzag = ask_json("drift", "gru1-dyck1/0", "--family", "zigzag", "--peak", "40")
    assert zigzag["peak"] == 40


def test_without_json_sentences_and_a_table_are_printed(ask):
    out = ask("drift", "lstm1-dyck1/0", "--lengths", "50,1000").out
    assert "On nested strings of up to 1,000 brackets the count is off by half a bracket" in out
    assert "length  mean drift  largest  right  first mistake" in out


def test_a_file_of_weights_can_be_named(ask_json, tmp_path):
    file = tmp_path / "mine.safetensors"
    export_file(exact_relu(), file)
    model = [str(file), "--cell", "relu", "--language", "dyck1"]
    assert ask_json("drift", *model, "--lengths", "10")["accuracy"] == [1]
    assert ask_json("predict", *model)["foretold_depth"] is None


def test_the_report_can_be_written(ask, tmp_path):
    page, table = tmp_path / "drift.html", tmp_path / "drift.csv"
    ask("drift", "exact-relu", "--lengths", "10,100", "--out", str(page))
    ask("drift", "exact-relu", "--lengths", "10,100", "--out", str(table))
    assert "never drifts: it is exact" in page.read_text()
    rows = list(csv.DictReader(table.read_text().splitlines()))
    assert [row["lengths"] for row in rows] == ["10", "100"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--lengths", "10,x"], "whole numbers as in 10,100,1000 are right"),
        (["--lengths", "9"], "members have 2, 4, 6"),
        (["--family", "deep"], "there are: nested, zigzag, flat, random"),
        (["--reading", "soul"], "there are: state, closes-left"),
    ],
)
def test_what_cannot_be_measured_is_refused_in_a_line(refuse, options, words):
    assert words in refuse("drift", "exact-relu", *options)


def test_the_read_out_table_is_the_report(ask, ask_json):
    found, direct = ask_json("read-out", "lstm5-dyck1"), read_out(load("lstm5-dyck1"))
    assert found["asymmetry"] == direct.asymmetry
    assert [one["slope"] for one in found["units"]] == [one.slope for one in direct.units]
    assert "dead" in ask("read-out", "relu1-dyck1/0").out


def test_a_prediction_stands_beside_what_is_measured(ask, ask_json):
    found, direct = ask_json("predict", "relu1-dyck1/1"), predict_horizon(load("relu1-dyck1/1"))
    assert found["closed_form_depth"] == direct.measured_horizon + 1
    assert found["badge"] == "proved"
    assert "foretold   proved" in ask("predict", "relu1-dyck1/1").out


def test_drift_along_a_string_and_failure_by_depth_are_documents_too(ask_json, tmp_path):
    along = ask_json("drift-along", "exact-lstm", "nested-10", "--reading", "closes-left")
    assert along["drift"] == [0] * 10
    deep = ask_json("failure-by-depth", "exact-lstm", "--length", "100")
    assert deep["position"] == [100] * len(deep["depths"])
