"""Evaluations: exact counters, dead ones, and traces as the reference."""

import pytest

from countviz.analysis import evaluate_model
from countviz.checkpoints import load
from countviz.datasets import encode_strings
from countviz.exact import exact_lstm, exact_relu
from countviz.languages import LANGUAGES
from countviz.languages.dyck1 import nested, zigzag
from countviz.published_sets import make_set
from countviz.traces import trace

DYCK1 = LANGUAGES["dyck1"]
STRINGS = ["", "()", "((", nested(40), zigzag(7, 9), *make_set("zigzag")]
ENCODED = encode_strings(DYCK1, STRINGS)


@pytest.mark.parametrize("model", [exact_lstm(), exact_relu()], ids=lambda model: model.name)
def test_an_exact_counter_fails_nowhere_so_its_fpf_is_the_length(model):
    found = evaluate_model(model, ENCODED)
    assert found.fpf.tolist() == list(map(len, STRINGS))
    assert found.string_accuracy == 1
    assert "right on 100.00% of 15 strings" in found.sentence()
    assert "further than a model that cannot count" in found.sentence()


def test_a_constant_predictor_fails_where_the_count_is_first_zero(make_unit):
    found = evaluate_model(make_unit("lstm", at=-1), ENCODED)  # always open
    assert found.fpf.tolist() == found.constant_fpf.tolist()
    assert found.fpf[:5].tolist() == [0, 1, 2, 79, 13]
    assert found.fpf[5:].mean() == 455  # as published
    assert "no further than a model that cannot count" in found.sentence()


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("address", ["lstm1-dyck1/3@20", "gru1-dyck1/5@9", "relu1-dyck1/1@5"])
def test_a_trained_model_fails_where_its_trace_does(address, precision):
    model = load(address)
    found = evaluate_model(model, ENCODED, precision)
    for string, fpf in zip(STRINGS, found.fpf.tolist(), strict=True):
        first = trace(model, string, precision).first_failure
        assert fpf == (len(string) if first is None else first)
