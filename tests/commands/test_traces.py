"""``trace``: one model on one string, as JSON, as CSV and in words."""

import csv
import io
import json

import numpy as np
import pytest

from countviz.checkpoints import load
from countviz.exact import exact_lstm, exact_relu
from countviz.models import Model
from countviz.weight_files import export_file

KEYS = "model, weights_sha256, language, string, precision, counts, targets, outputs, verdicts"


@pytest.fixture
def leaky(tmp_path):
    """Options for a counter that forgets: wrong first at position 32 of 17 nested brackets."""
    export_file(exact_lstm(gate_bias=6), tmp_path / "leaky.safetensors")
    return [str(tmp_path / "leaky.safetensors"), "--cell", "lstm", "--language", "dyck1"]


def read_rows(path):
    return list(csv.DictReader(path.read_text().splitlines()))


def test_a_traced_exact_counter_shows_the_known_counts_and_verdicts(ask_json):
    found = ask_json("trace", "exact-lstm", "(())")
    assert ", ".join(found) == f"{KEYS}, first_failure, internals, memory, window"
    assert found["model"] == "exact-lstm/0@0"
    assert found["weights_sha256"] == load("exact-lstm").weights_sha256
    assert found["counts"] == [1, 2, 1, 0]
    assert found["internals"]["c"] == [[1], [2], [1], [0]]
    assert found["verdicts"] == found["targets"] == [[1, 1], [1, 1], [1, 1], [1, 0]]
    assert found["first_failure"] is None
    assert found["window"] == [0, 4]


def test_the_text_says_that_an_exact_counter_is_right(ask):
    out, err = ask("trace", "exact-lstm", "(())")
    assert "right for all 4 symbols\n" in out
    assert out.endswith("     4  )  0     (         (        0\n")
    assert err == ""


def test_the_text_says_where_a_leaky_counter_errs_first(ask, ask_json, leaky):
    string = "(" * 17 + ")" * 17
    out = ask("trace", leaky[0], string, *leaky[1:]).out
    assert (
        "first wrong at symbol 33 of 34 (position 32 counting from 0): "
        "says ) may not come, while 1 is open\n"
    ) in out
    assert [line.split()[0] for line in out.splitlines() if line.endswith("wrong")] == ["33"]
    assert ask_json("trace", leaky[0], string, *leaky[1:])["first_failure"] == 32


def test_what_an_illegal_symbol_leaves_undefined_is_null(ask, ask_json):
    found = ask_json("trace", "exact-relu", "())(")
    assert found["counts"] == [1, 0, None, None]
    assert found["targets"] == [[1, 1], [1, 0], None, None]
    assert len(found["verdicts"]) == len(found["outputs"]) == 4
    said = ask("trace", "exact-relu", "())(").out
    assert "right for all 2 symbols before symbol 3 of 4: ) may not come there" in said


def test_a_language_with_several_counters_has_a_count_for_each(ask_json):
    found = ask_json("trace", "lstm4-shuffle2", "([)]")
    assert found["counts"] == [[1, 0], [1, 1], [0, 1], [0, 0]]
    assert np.shape(found["internals"]["c"]) == (4, 4)
    assert np.shape(found["outputs"]) == (4, 4)


def test_a_long_string_is_shown_in_a_window(ask_json, leaky, monkeypatch):
    string = "()" * 15_000
    monkeypatch.setattr("sys.stdin", io.StringIO(string))
    found = ask_json("trace", leaky[0], "-", *leaky[1:])
    (start, stop), failure = found["window"], found["first_failure"]
    assert stop - start == len(found["counts"]) == len(found["internals"]["h"]) == 2_048
    assert found["verdicts"][: failure - start] == found["targets"][: failure - start]
    assert found["verdicts"][failure - start] != found["targets"][failure - start]
    monkeypatch.setattr("sys.stdin", io.StringIO(string))
    other = ask_json("trace", leaky[0], "-", *leaky[1:], "--window", "20100")
    assert other["window"] == [20_100, 22_148]
    assert other["counts"][:3] == [1, 0, 1]
    assert other["first_failure"] == failure


def test_white_space_is_skipped_and_said_so_except_at_the_end_of_the_input(ask, monkeypatch):
    out, err = ask("trace", "exact-lstm", "( ) ")
    assert "right for all 2 symbols" in out
    assert err == "2 white-space characters were skipped\n"
    monkeypatch.setattr("sys.stdin", io.StringIO("()\n"))
    assert ask("trace", "exact-lstm", "-").err == ""


def test_values_that_are_not_finite_are_null_and_empty(ask, ask_json, tmp_path):
    relu = exact_relu()
    runaway = dict(relu.parameters) | {"rnn.weight_hh_l0": np.array([[1e300]])}
    path = tmp_path / "runaway.safetensors"
    export_file(Model(name="runaway", spec=relu.spec, parameters=runaway), path)
    argv = ["trace", str(path), "((((", "--cell", "relu", "--language", "dyck1"]
    assert ask_json(*argv)["internals"]["h"][-1] == [None]
    ask(*argv, "--out", str(tmp_path / "steps.csv"))
    assert read_rows(tmp_path / "steps.csv")[-1]["h_0"] == ""


def test_a_csv_file_has_a_row_a_step(ask, tmp_path):
    path = tmp_path / "steps.csv"
    assert ask("trace", "exact-lstm", "())", "--out", str(path)).out == f"wrote {path}\n"
    rows = read_rows(path)
    assert " ".join(rows[0]) == (
        "position symbol count target_( target_) output_( output_) verdict_( verdict_) "
        "i_0 f_0 g_0 o_0 c_0 h_0"
    )
    assert [row["symbol"] for row in rows] == list("())")
    assert [row["count"] for row in rows] == ["1", "0", ""]
    assert [row["target_)"] for row in rows] == ["1", "0", ""]
    assert [float(row["c_0"]) for row in rows] == [1, 0, -1]
    ask("trace", "lstm4-shuffle2", "([", "--out", str(path))
    rows = read_rows(path)
    assert [(row["count_1"], row["count_2"]) for row in rows] == [("1", "0"), ("1", "1")]
    assert {"c_0", "c_3", "verdict_]"} <= set(rows[0])


def test_a_json_file_holds_what_json_prints(ask_json, tmp_path):
    path = tmp_path / "trace.json"
    argv = ["trace", "gru1-dyck1/2@5", "(()", "--precision", "float16", "--out", str(path)]
    printed = ask_json(*argv)
    assert printed["precision"] == "float16"
    assert json.loads(path.read_text()) == printed


def test_an_empty_string_leaves_an_empty_trace(ask, ask_json, tmp_path):
    assert ask_json("trace", "exact-lstm", "")["window"] == [0, 0]
    assert "right for all 0 symbols" in ask("trace", "exact-lstm", "").out
    ask("trace", "exact-lstm", "", "--out", str(tmp_path / "none.csv"))
