"""The command line: what it prints, where, and with which exit status."""

import io
import json
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from hypothesis import given, settings
from hypothesis import strategies as st

from countviz.__main__ import main
from countviz.cli import PROGRAM, app

COMMANDS = typer.main.get_command(app).commands
ROOT = Path(__file__).parents[1]


def in_a_fresh_process(*argv, **options):
    command = [sys.executable, *argv]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, **options)


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
        ("trace lstm1-dyck1/100 ()", "lstm1-dyck1 has no seed 100; there are: 0-99"),
        ("trace ../lstm1-dyck1 ()", "is not an address"),
        ("trace exact-lstm (x)", "character 2 is 'x' (U+0078 LATIN SMALL LETTER X)"),
        ("trace exact-lstm () --precision int8", "no precision named 'int8'; there are: float64"),
        ("trace exact-lstm () --out steps.txt", "neither .csv nor .json"),
        ("trace exact-lstm () --out no/such/steps.csv", "cannot be used: No such file"),
        ("trace exact-lstm () --cell lstm", "exact-lstm says itself what it is"),
        ("trace a.safetensors ()", "give --cell (lstm, gru, relu, tanh, linear, stack-rnn, "),
        (
            "trace exact-lstm () --actions hard",
            "exact-lstm/0@0 has no superposition stacks, and so no actions",
        ),
        ("trace exact-lstm () --actions harder", "'harder' actions came; soft or hard are right"),
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
        ("train --out new --seeds 9-1", "seeds are given as in 7, 0-99 or 0-9,20"),
        ("train --out new --seeds ten", "'ten' came"),
        ("train --out new --seeds 0-9999", "names more than 1,000 seeds"),
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
        "main(['warm'])\n"
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
    assert compiled == f"{[24, 24, 5, 5]} True"
