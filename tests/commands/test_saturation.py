"""``saturation``: how far on the gates are, as JSON, as CSV, as a page and in words."""

import pytest

from countviz.analysis import measure_saturation, measure_seed_saturation
from countviz.checkpoints import load, load_family
from countviz.exact import exact_lstm
from countviz.traces import trace
from countviz.weight_files import export_file


def test_the_document_has_the_fields_of_the_report(ask_json):
    found = ask_json("saturation", "lstm1-dyck1/1", "(()())", "--precision", "float32")
    report = measure_saturation(trace(load("lstm1-dyck1/1"), "(()())", "float32"))
    assert found["model"] == report.model.name
    assert found["gates"] == ["i", "f", "g", "o"]
    assert found["thresholds"] == list(report.thresholds)
    assert found["pre_activations"] == report.pre_activations.tolist()
    assert found["shares"] == report.shares.tolist()
    assert found["bound_low"] == report.bound_low.tolist()


def test_in_words_it_lists_what_was_seen_and_what_is_possible(ask):
    told = ask("saturation", "exact-lstm", "nested-60").out
    assert told.startswith("Every gate is exactly on or off in float64, at every symbol.")
    assert "forget gate  )       exactly on  exactly on  exactly on" in told


def test_a_weight_file_can_be_asked_and_a_page_and_a_table_written(ask, tmp_path):
    file, page, table = (tmp_path / name for name in ("a.safetensors", "a.html", "a.csv"))
    export_file(exact_lstm(gate_bias=10), file)
    call = "saturation", str(file), "(())", "--cell", "lstm", "--language", "dyck1", "--out"
    assert "99.995 %" in ask(*call, str(page)).out
    assert "99.995 %" in page.read_text()
    ask(*call, str(table))
    assert len(table.read_text().splitlines()) == 1 + 4 * 2


def test_the_seeds_of_a_family_are_followed_through_training(ask_json, ask):
    found = ask_json("saturation", "lstm3-dyck1", "(())", "--seeds")
    report = measure_seed_saturation(load_family("lstm3-dyck1"), "(())")
    assert found["values"] == report.values.tolist()
    told = ask("saturation", "lstm3-dyck1@5", "(())", "--seeds").out
    assert told.splitlines() == [report.sentence(gate) for gate in range(4)]


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (["lstm1-dyck1", "()", "--unit", "2"], "has no unit 2; counted from 0, the last is 0"),
        (["lstm1-dyck1", "()", "--seeds", "--unit", "0"], "--seeds, which reads all units"),
        (["exact-linear", "()", "--seeds"], "exact-linear squashes nothing"),
        (["lstm1-dyck1", "nested-20002"], "20,002 symbols; gates are measured up to 20,000"),
        (["lstm1-dyck1", "", "--seeds"], "the string is empty"),
        (["lstm1-dyck1", "()", "--precision", "float8"], "no precision named 'float8'"),
    ],
)
def test_what_cannot_be_measured_is_refused_in_a_line(refuse, words, answer):
    assert answer in refuse("saturation", *words)
