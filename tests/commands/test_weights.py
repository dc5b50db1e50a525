"""``exactness`` and ``intervene``: as JSON, in words, as files."""

import pytest

from countviz.exact import exact_lstm
from countviz.weight_files import export_file


def test_an_exact_counter_is_said_to_be_one(ask, ask_json):
    found = ask_json("exactness", "exact-lstm")
    assert found["exact"]
    assert found["badge"] == "proved"
    assert found["exact_to"] == 2**53
    assert [one["met"] for one in found["conditions"]] == [True] * 8
    assert "all eight conditions hold" in ask("exactness", "exact-lstm").out


def test_a_file_is_judged_in_the_precision_that_is_asked_for(ask_json, tmp_path):
    export_file(exact_lstm(gate_bias=20), tmp_path / "made.safetensors")
    kind = [str(tmp_path / "made.safetensors"), "--cell", "lstm", "--language", "dyck1"]
    assert not ask_json("exactness", *kind)["exact"]
    assert ask_json("exactness", *kind, "--precision", "float32")["exact"]


def test_what_is_infinite_is_null(ask_json):
    found = ask_json("exactness", "relu1-dyck1/0")
    assert next(one for one in found["conditions"] if one["key"] == "threshold")["residual"] is None


@pytest.mark.parametrize("model", ["exact-relu", "gru1-dyck1/0", "lstm5-dyck1"])
@pytest.mark.parametrize("ending", ["json", "csv", "html"])
def test_what_is_found_is_written(ask, tmp_path, model, ending):
    out = tmp_path / f"found.{ending}"
    assert f"wrote {out}" in ask("exactness", model, "--out", str(out)).out
    assert out.stat().st_size > 100


def test_a_slip_of_a_state_shows_in_every_later_verdict(ask, ask_json, tmp_path):
    asked = "intervene", "exact-relu", "(((())))", "--at", "3", "--delta", "1"
    found = ask_json(*asked)
    assert found["patched_counts"] == [1, 2, 3, 5, 4, 3, 2, 1]
    assert found["original_counts"] == [1, 2, 3, 4, 3, 2, 1, 0]
    assert (found["first_difference"], found["recovered_at"]) == (7, None)
    said = ask(*asked).out
    assert "Adding +1 to h after symbol 4 changes one of the 4 later verdicts" in said
    assert "first mistake after   symbol 8" in said
    out = tmp_path / "slip.csv"
    ask(*asked, "--out", str(out))
    assert len(out.read_text().splitlines()) == 9


def test_a_string_has_a_name(ask_json):
    found = ask_json("intervene", "exact-lstm", "nested-20", "--at", "5", "--delta", "-1")
    assert found["original"]["string"] == "(" * 10 + ")" * 10


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--at", "9", "--delta", "1"], "no symbol 9; counted from 0 the string has 0 ... 1"),
        (["--at", "0", "--delta", "nan"], "nan cannot be added"),
        (["--at", "0", "--delta", "1", "--internal", "f"], "its state"),
    ],
)
def test_what_cannot_be_done_is_answered_in_a_line(refuse, options, words):
    assert words.replace("its state", "the state of LSTM cells is: c, h") in refuse(
        "intervene", "exact-lstm", "()", *options
    )
