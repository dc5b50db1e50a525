"""Several models on one string: the sentence that a page opens with."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countviz.analysis import Failure, compare_models, find_failure
from countviz.checkpoints import load
from countviz.exact import exact_lstm, exact_relu
from countviz.languages.dyck1 import nested
from countviz.traces import trace

RIGHT = Failure(length=9, symbols=9, wrong=0, position=None)
WRONG = Failure(length=9, symbols=9, wrong=2, position=6, says="closed", truth="two are still open")
LATER = Failure(length=9, symbols=9, wrong=1, position=7, says="open", truth="all are closed")
UNJUDGED = Failure(length=2, symbols=0, wrong=0, position=None)


def say(*failures, noun="bracket"):
    return compare_models([f"M{k}" for k in range(len(failures))], failures, noun).sentence()


@pytest.mark.parametrize(
    ("failures", "sentence"),
    [
        ([RIGHT], "M0 judges this string correctly."),
        ([RIGHT, RIGHT], "Both models judge this string correctly."),
        ([RIGHT] * 4, "All four models judge this string correctly."),
    ],
)
def test_a_comparison_without_mistakes_is_one_sentence(failures, sentence):
    assert say(*failures) == sentence


@pytest.mark.parametrize(
    ("failures", "start"),
    [
        ([WRONG], "M0 judges this string wrongly. M0 says “closed” at"),
        ([WRONG, LATER], "Neither of the two models judges this string correctly. M0 says"),
        ([WRONG, RIGHT], "One of two models judges this string correctly. M0 says"),
        ([RIGHT, WRONG, RIGHT], "Two of three models judge this string correctly. M1 says"),
        ([RIGHT, WRONG, LATER, WRONG], "One of four models judges this string correctly. M1"),
    ],
)
def test_a_comparison_counts_the_models_that_are_right(failures, start):
    assert say(*failures).startswith(start)


def test_the_first_wrong_model_is_told_in_full_and_the_others_in_short():
    assert say(RIGHT, WRONG, LATER) == (
        "One of three models judges this string correctly. "
        "M1 says “closed” at bracket 7, while two are still open. M2 first errs at bracket 8."
    )


def test_a_symbol_that_is_no_bracket_is_not_called_one():
    assert say(WRONG, noun="symbol").endswith("at symbol 7, while two are still open.")


def test_where_nothing_is_legal_no_model_is_right_or_wrong():
    sentence = say(UNJUDGED, UNJUDGED)
    assert "no model is judged" in sentence
    assert "correctly" not in sentence


def test_exact_counters_are_right_where_a_leaking_one_is_not():
    models = exact_lstm(), exact_lstm(gate_bias=6), exact_relu()
    string = nested(17)
    failures = [find_failure(trace(model, string)) for model in models]
    sentence = compare_models(["tight", "leaky", "sum"], failures).sentence()
    assert sentence.startswith("Two of three models judge this string correctly. leaky says")
    verdicts = trace(models[1], string).verdicts[:, 1].tolist()
    truth = [t < len(string) for t in range(1, len(string) + 1)]
    first = next(t for t, pair in enumerate(zip(verdicts, truth, strict=True)) if len({*pair}) == 2)
    assert f"“closed” at bracket {first + 1}, while" in sentence


def test_trained_models_are_named_in_the_order_in_which_they_came():
    labels = ("gru1-dyck1", "relu1-dyck1", "lstm1-dyck1")
    failures = [find_failure(trace(load(label), nested(80))) for label in labels]
    sentence = compare_models(labels, failures).sentence()
    named = re.findall(r"[a-z]+1-dyck1", sentence)
    wrong = [label for label, f in zip(labels, failures, strict=True) if f.position is not None]
    assert wrong
    assert named == wrong


@st.composite
def random_failures(draw):
    symbols = draw(st.integers(1, 30_000))
    if draw(st.booleans()):
        return Failure(length=symbols, symbols=symbols, wrong=0, position=None)
    position = draw(st.integers(0, symbols - 1))
    wrong = draw(st.integers(1, symbols - position))
    says, truth = draw(st.sampled_from([("open", "all are closed"), ("closed", "some are open")]))
    return Failure(
        length=symbols, symbols=symbols, wrong=wrong, position=position, says=says, truth=truth
    )


@given(st.lists(random_failures(), min_size=1, max_size=12))
def test_every_number_in_a_comparison_is_in_its_failures(failures):
    labels = [f"model {chr(ord('A') + k)}" for k in range(len(failures))]
    sentence = compare_models(labels, failures, "bracket").sentence()
    positions = [f.position + 1 for f in failures if f.position is not None]
    said = [int(number.replace(",", "")) for number in re.findall(r"bracket ([\d,]+)", sentence)]
    assert said == positions
    if len(failures) > 1:
        assert re.match(
            r"(All|(None|Neither|[\w,]+) of( the)?) [\w,]+ models|Both models", sentence
        )
    wrong = [label for label, f in zip(labels, failures, strict=True) if f.position is not None]
    named = re.findall(r"(model [A-L]) (?:says|first errs)", sentence)
    assert named == wrong
