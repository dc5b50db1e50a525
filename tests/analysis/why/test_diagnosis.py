"""The diagnosis: counters broken in a known way are told by what was broken."""

import numpy as np
import pytest

from countviz.analysis import diagnose
from countviz.analysis.why.causes import CAUSES
from countviz.analysis.why.diagnosis import FORMATS
from countviz.checkpoints import load
from countviz.datasets import encode_strings
from countviz.exact import exact_linear, exact_lstm, exact_relu
from countviz.judging import find_failures
from countviz.languages.dyck1 import nested, uniform_member
from countviz.traces import trace

RELU = {"slope": 20, "at": 10}
BROKEN = {
    "leak": {"inputs": [[1, -1]], "recurrent": [[0.98]], **RELU},
    "gain": {"inputs": [[1, -1]], "recurrent": [[1.02]], **RELU},
    "asymmetry": {"inputs": [[1, -1.04]], "recurrent": [[1]], **RELU},
    "threshold": {"inputs": [[1, -1]], "recurrent": [[1]], "slope": 20, "at": 30},
    "dead unit": {},
    "clipped at zero": {"inputs": [[1, -1]], "recurrent": [[-1.5]], **RELU},
}


@pytest.mark.parametrize("cause", BROKEN)
def test_a_rectifier_that_was_broken_is_told_by_its_break(make_unit, cause):
    found = diagnose(trace(make_unit("relu", **BROKEN[cause]), nested(40)))
    assert found.cause == cause == found.lines[0].cause
    assert found.lines[0].title.lower() == cause
    assert len(found.lines) == 3
    assert found.cause in CAUSES


def test_a_state_that_outgrows_its_format_is_told_so():
    found = diagnose(trace(exact_relu(step=40_000), "((()))", "float16"))
    assert found.cause == "overflow"
    assert found.lines[0].text == "h grows beyond what float16 can hold at bracket 2."


def test_an_lstm_with_half_open_gates_is_told_which_gate(make_unit):
    found = diagnose(trace(exact_lstm(gate_bias=6), nested(30)))
    assert found.cause == "unsaturated gate"
    assert "0.9975 on “(”" in found.lines[0].text
    assert found.lines[1].title == "Steps too short"
    assert found.lines[2].title == "Not precision"


def test_a_gru_is_told_that_its_state_is_bounded():
    found = diagnose(trace(load("gru1-dyck1/0"), nested(40)))
    assert found.cause == "bounded state"
    assert found.lines[0].text.startswith("h lives between \N{MINUS SIGN}1 and 1.")
    assert found.lines[1].title == "Steps too short"


def test_an_exact_counter_that_only_a_short_format_fools_is_told_that():
    model, string = exact_relu(), nested(2_060)
    found = diagnose(trace(model, string, "float16"))
    assert found.cause == "precision"
    assert found.lines[2].title == "Precision matters"
    assert found.first_failures["float64"] is None
    assert found.first_failures["float16"] is not None
    assert diagnose(trace(model, string)).cause == "none"


@pytest.mark.parametrize("model", [exact_lstm(), exact_linear()], ids=str)
def test_an_exact_counter_has_nothing_to_be_diagnosed(model):
    found = diagnose(trace(model, nested(50)))
    assert (found.cause, found.point_of_no_return) == ("none", None)
    assert found.lines[0].title == "Exact steps"
    assert found.lines[2].text == "No mistake in float16, float32 and float64 alike."


@pytest.mark.parametrize("name", ["gru1-dyck1/0", "lstm1-dyck1/0", "relu5-dyck1", "tanh1-dyck1"])
def test_the_first_mistakes_of_the_third_line_are_those_of_every_string_at_once(name):
    model, strings = load(name), [nested(60), uniform_member(np.random.default_rng(2), 500)]
    encoded = encode_strings(model.language, strings)
    vector = np.concatenate([array.ravel() for array in model.parameters.values()])
    found = [diagnose(trace(model, string)) for string in strings]
    for precision in FORMATS[1:]:  # many at once are judged in no 16-bit format
        failures = find_failures(model.spec, vector[np.newaxis], encoded, precision)
        for k, one in enumerate(found):
            at = int(failures.position[0, k])
            right = failures.continuation[0, k] < 0
            assert one.first_failures[precision] == (None if right else at)


@pytest.mark.parametrize(
    "name",
    ["lstm1-dyck1/0@0", "gru5-dyck1", "lstm5-dyck1", "relu1-dyck1/0", "lstm4-shuffle2/0@1"],
)
def test_any_model_gets_three_lines_and_a_table(name):
    model, rng = load(name), np.random.default_rng(3)
    for string in (model.language.sample(rng, 20, 40), "(", ")", "())"):
        found = diagnose(trace(model, string))
        assert [bool(line.title and line.text) for line in found.lines] == [True] * 3
        assert "nan" not in found.sentence()
        assert len(found.to_frame()) == 3
