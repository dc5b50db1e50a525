"""The command line: what it prints, where, and with which exit status."""

import csv
import io
import json
import shlex
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import typer
from hypothesis import given, settings
from hypothesis import strategies as st

from countviz.__main__ import main
from countviz.cells import CELLS
from countviz.checkpoints import load, load_family, save_family
from countviz.cli import PROGRAM, app
from countviz.exact import exact_lstm, exact_relu
from countviz.models import Model, Spec, Training
from countviz.weight_files import export_file

COMMANDS = typer.main.get_command(app).commands
ROOT = Path(__file__).parents[1]
KEYS = "model, weights_sha256, language, string, precision, counts, targets, outputs, verdicts"


@pytest.fixture
def ask(capsys):
    """Run a command that succeeds and return its standard output and standard error."""

    def run(*argv):
        assert main(argv) == 0
        return capsys.readouterr()

    return run


@pytest.fixture
def ask_json(ask):
    def refuse(constant):
        raise ValueError(f"{constant} is not JSON")

    return lambda *argv: json.loads(ask(*argv, "--json").out, parse_constant=refuse)


@pytest.fixture
def refuse(capsys):
    """Run a command that fails and return the one line it answers with."""

    def run(*argv):
        assert main(argv) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert err.startswith("error: ")
        assert err.count("\n") == 1
        return err

    return run


@pytest.fixture
def leaky(tmp_path):
    """Options for a counter that forgets: wrong first at position 32 of 17 nested brackets."""
    export_file(exact_lstm(gate_bias=6), tmp_path / "leaky.safetensors")
    return [str(tmp_path / "leaky.safetensors"), "--cell", "lstm", "--language", "dyck1"]


def read_rows(path):
    return list(csv.DictReader(path.read_text().splitlines()))


def in_a_fresh_process(*argv, **options):
    command = [sys.executable, *argv]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, **options)


def test_a_traced_exact_counter_shows_the_known_counts_and_verdicts(ask_json):
    found = ask_json("trace", "exact-lstm", "(())")
    assert ", ".join(found) == f"{KEYS}, first_failure, internals, window"
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
    assert max(map(len, lines)) <= 80


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


def test_a_family_is_trained_by_the_published_protocol_and_found_again(
    ask_json, ask, refuse, tmp_path, monkeypatch
):
    folder = tmp_path / "my-gru"
    argv = ["train", "--cell", "gru", "--out", str(folder), "--epochs", "1", "--seed", "7"]
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


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("", "Missing command; see python -m countviz --help"),
        ("count", "No such command 'count'"),
        ("models --jsn", "No such option: --jsn (Possible options: --json)"),
        ("models extra", "unexpected extra argument"),
        ("trace exact-lstm", "Missing argument"),
        ("trace exact-lstm () --window x", "Invalid value for '--window'"),
        ("trace exact-lstm () --window 3", "a window starts at 0 ... 2, not at 3"),
        ("trace exact-lstm () --window -1", "not at -1"),
        ("trace lstm9 ()", "no checkpoint named lstm9; there are: exact-linear, "),
        ("trace lstm1-dyck1/99 ()", "lstm1-dyck1 has no seed 99; there are: 0-9"),
        ("trace ../lstm1-dyck1 ()", "is not an address"),
        ("trace exact-lstm (x)", "character 2 is 'x' (U+0078 LATIN SMALL LETTER X)"),
        ("trace exact-lstm () --precision int8", "no precision named 'int8'; there are: float64"),
        ("trace exact-lstm () --out steps.txt", "neither .csv nor .json"),
        ("trace exact-lstm () --out no/such/steps.csv", "cannot be used: No such file"),
        ("trace exact-lstm () --cell lstm", "exact-lstm says itself what it is"),
        ("trace a.safetensors ()", "give --cell (lstm, gru, relu, tanh, linear) and --language"),
        ("trace a.safetensors () --cell gru --language dyck1", "a.safetensors cannot be read"),
        ("export exact-lstm", "Missing option '--out'"),
        ("export exact-lstm -o weights.pt", "does not end in .safetensors"),
        ("export exact-lstm -o no/such.safetensors", "cannot be used: No such file"),
        ("train", "Missing option '--out'"),
        ("train --out no/My_LSTM", "'My_LSTM' is no name for a family"),
        ("train --out new --cell rnn", "no cell named 'rnn'; there are: lstm"),
        ("train --out new --language dyck9", "no language named dyck9; there are: dyck1"),
        ("train --out new --units 99", "units is 99; it should be less than or equal to 64"),
        ("train --out new --epochs 0", "epochs is 0; it should be greater than or equal to 1"),
        ("train --out new --learning-rate nan", "learning_rate is nan; it should be"),
        ("train --out new --precision float16", "it should be 'float32' or 'float64'"),
        ("train --out new --seeds 0", "Invalid value for '--seeds'"),
        ("train --out file/new", "file cannot be used: File exists"),
        ("library --root file", "file cannot be used: File exists"),
    ],
)
def test_what_cannot_be_done_is_answered_in_one_line(refuse, line, sentence, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("file").touch()
    assert sentence in refuse(*line.split())
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_string_that_is_too_long_is_refused_first(refuse, monkeypatch):
    assert "1,000,001 symbols came" in refuse("trace", "exact-lstm", "x" * 1_000_001)
    monkeypatch.setattr("sys.stdin", io.StringIO("()" * 2_000_000))
    assert "at most 1,000,000" in refuse("trace", "exact-lstm", "-")


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(max_size=8), max_size=3))
def test_whatever_is_typed_the_answer_is_a_status(argv):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stderr", io.StringIO())
        patch.setattr("sys.stdout", io.StringIO())
        assert main(["trace", *argv]) in (0, 2)
        assert sys.stderr.getvalue().count("\n") <= 1


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_every_command_has_examples_that_can_be_typed(name, ask):
    out = ask(name, "--help").out
    examples = [line for line in out.splitlines() if line.startswith(f"    {PROGRAM}")]
    assert len(examples) >= 2
    for example in examples:
        typed, _, _ = example.partition(" <")
        assert shlex.split(typed)[3] == name
        COMMANDS[name].make_context(name, shlex.split(typed)[4:])


def test_the_help_of_train_names_every_cell(ask):
    words = ask("train", "--help").out.replace(",", " ").replace(".", " ").split()
    assert set(CELLS) <= set(words)


def test_ctrl_c_is_one_line_and_status_130(capsys, monkeypatch):
    class Interrupted:
        def read(self, size):
            raise KeyboardInterrupt

    monkeypatch.setattr("sys.stdin", Interrupted())
    assert main(["trace", "exact-lstm", "-"]) == 130
    assert capsys.readouterr() == ("", "interrupted\n")


def test_a_real_process_writes_json_alone_and_ends_with_a_status():
    command = ["-m", "countviz", "trace", "exact-lstm", "-", "--json"]
    done = in_a_fresh_process(*command, input="(\n)\n")
    assert done.returncode == 0
    assert json.loads(done.stdout)["counts"] == [1, 0]
    assert done.stderr == "1 white-space character was skipped\n"
    refused = in_a_fresh_process(*command, input="x\ny")
    assert (refused.returncode, refused.stdout, refused.stderr.count("\n")) == (2, "", 1)


def test_a_reader_who_has_gone_is_no_error():
    command = [sys.executable, "-m", "countviz", "trace", "exact-lstm", "-", "--json"]
    pipe = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, cwd=ROOT, **pipe) as process:
        process.stdout.close()
        process.stdin.write(b"()" * 5_000)
        process.stdin.close()
        assert process.stderr.read() == b""


@pytest.mark.parametrize(
    ("argv", "absent"),
    [
        (["trace", "--help"], "numpy numba torch pandas rich"),
        (["trace", "lstm1-dyck1", "(())"], "torch plotly streamlit"),
    ],
)
def test_a_command_loads_only_what_it_needs(argv, absent):
    done = in_a_fresh_process(
        "-c",
        f"import sys; from countviz.__main__ import main; main({argv}); "
        f"print([name for name in {absent.split()} if name in sys.modules], file=sys.stderr)",
    )
    assert done.stderr == "[]\n"


def test_nothing_is_left_to_compile_after_warming():
    done = in_a_fresh_process(
        "-c",
        "from countviz.__main__ import main\n"
        "from countviz.engine import kernels\n"
        "from countviz.analysis import measure_closings\n"
        "from countviz import load, trace, train, Spec, Training\n"
        "main(['warm', '--all'])\n"
        "used = kernels.record, kernels.count_closings, kernels.train_epoch, kernels.evaluate\n"
        "before = [len(kernel.signatures) for kernel in used]\n"
        "for precision in 'float64', 'float16':\n"
        "    measure_closings(trace(load('lstm4-shuffle2'), '([)]', precision))\n"
        "small = Training(epochs=1, train_strings=9, validation_strings=9)\n"
        "train(Spec(language='dyck1', cell='gru', recipe=small), [0], 'small')\n"
        "print(before, before == [len(kernel.signatures) for kernel in used])\n",
    )
    ready, compiled = done.stdout.splitlines()
    assert ready.startswith("ready after")
    assert compiled == f"{[20, 20, 10, 10]} True"
