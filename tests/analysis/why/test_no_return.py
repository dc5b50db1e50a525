"""Points of no return, against closing by hand."""

import numpy as np
import pytest

from countviz.analysis import find_no_return, measure_closings
from countviz.checkpoints import load
from countviz.exact import exact_linear, exact_lstm, exact_relu
from countviz.languages.dyck1 import nested, uniform_member
from countviz.traces import WHOLE, trace

NAMES = ("gru1-dyck1/0@1", "lstm2-dyck1/0@1", "relu1-dyck1/1", "lstm1-dyck1/0@2", "gru5-dyck1/1@1")
STRINGS = 25  # a model


def closes_correctly(model, prefix, precision):
    """Append just the closers that are missing and see whether every verdict on them is right."""
    still = prefix.count("(") - prefix.count(")")
    done = trace(model, prefix + ")" * still, precision)
    said = done.verdicts[len(prefix) - 1 :, 1]
    return said.tolist() == [True] * still + [False]


def find_by_hand(model, string, precision):
    """Return the first symbol after which closing everything goes wrong."""
    prefixes = (string[:t] for t in range(1, len(string) + 1))
    return next((len(p) - 1 for p in prefixes if not closes_correctly(model, p, precision)), None)


@pytest.fixture(scope="module")
def models(make_unit):
    drifting = make_unit("relu", inputs=[[1.02, -1]], recurrent=[[1]], slope=20, at=10)
    return [*map(load, NAMES), exact_lstm(gate_bias=4), exact_lstm(gate_bias=5.5), drifting]


def test_on_200_random_strings_it_is_where_closing_by_hand_first_goes_wrong(models):
    rng, found = np.random.default_rng(4), []
    for model in models:
        for k in range(STRINGS):
            climb = "(" * int(rng.integers(0, 14))
            string = climb + uniform_member(rng, 2 * int(rng.integers(4, 14)))
            precision = ("float64", "float32", "float16")[k % 3]
            by_hand = find_by_hand(model, string, precision)
            lost = find_no_return(trace(model, string, precision))
            assert lost.position == by_hand, (model.name, string, precision)
            found.append(by_hand)
    assert len(found) == 200
    assert 40 < sum(position is None for position in found) < 160


@pytest.mark.parametrize("model", [exact_lstm(), exact_relu(), exact_linear()], ids=str)
def test_an_exact_counter_never_loses_the_count(model):
    lost = find_no_return(trace(model, uniform_member(np.random.default_rng(0), 2_000)))
    assert (lost.position, lost.delay, lost.true_count, lost.closes) == (None, None, None, None)
    assert lost.sentence("ReLU").startswith("ReLU never lost the count: ")
    assert lost.reason() == ""


def test_a_count_that_is_lost_is_closed_by_another_number():
    done = trace(load("gru1-dyck1/0"), nested(40))
    lost, counts = find_no_return(done), measure_closings(done).counts[:, 0]
    assert counts[: lost.position].tolist() == list(range(1, lost.position + 1))
    assert counts[lost.position] == lost.closes != lost.true_count == lost.position + 1
    assert lost.first_failure == done.first_failure == lost.position + lost.delay
    assert f"at bracket {lost.position + 1}." in lost.sentence()
    assert f"at {lost.first_failure + 1}, {lost.delay} brackets later." in lost.sentence()


def test_a_loss_that_the_string_does_not_show_is_still_a_loss():
    lost = find_no_return(trace(load("gru1-dyck1/0"), "(" * 40))
    assert lost.position is not None
    assert lost.first_failure is lost.delay is None
    assert "does not show" in lost.sentence()


def test_a_dead_unit_loses_the_first_bracket_and_never_stops_closing(make_unit):
    lost = find_no_return(trace(make_unit("relu"), "(())"))
    assert (lost.position, lost.true_count, lost.closes) == (0, 1, None)
    assert (lost.first_failure, lost.delay) == (3, 3)
    assert "never stops" in lost.reason()


def test_what_is_wrong_only_about_an_opener_is_lost_where_that_shows(make_unit):
    counter = exact_relu()
    readout = np.array([[-1.0], counter.parameters["readout.weight"][1]])
    parameters = {
        **counter.parameters,
        "readout.weight": readout,
        "readout.bias": np.array([2.5, -10]),
    }
    shy = type(counter)(name="shy", spec=counter.spec, parameters=parameters)  # no ( beyond two
    lost = find_no_return(trace(shy, "(((("))
    assert (lost.position, lost.first_failure, lost.delay) == (2, 2, 0)
    assert "at once" in lost.sentence()
    assert "another symbol" in lost.reason()


@pytest.mark.parametrize("string", [")", ")(())"])
def test_where_nothing_is_legal_nothing_is_lost(string):
    lost = find_no_return(trace(exact_relu(), string))
    assert (lost.position, lost.legal) == (None, 0)
    assert "illegal" in lost.sentence()


def test_what_comes_after_an_illegal_symbol_does_not_count(make_unit):
    leaking = make_unit("relu", inputs=[[1, -1]], recurrent=[[0.8]], slope=20, at=10)
    assert find_no_return(trace(leaking, "())" + "(" * 30)).position is None


def test_a_string_too_long_to_be_kept_whole_is_lost_where_its_beginning_is():
    model, string = load("lstm1-dyck1/0"), uniform_member(np.random.default_rng(3), 2 * WHOLE)
    lost = find_no_return(trace(model, string))
    short = find_no_return(trace(model, string[: lost.first_failure + 1]))
    assert lost.position == short.position
    assert lost.delay == short.delay > 0
    assert find_no_return(trace(exact_relu(), string)).position is None


@pytest.mark.parametrize("name", ["lstm4-shuffle2/0@1", "lstm4-anbncn/0@1"])
def test_with_two_counters_the_first_of_them_counts(name):
    model, rng = load(name), np.random.default_rng(1)
    for _ in range(10):
        done = trace(model, model.language.sample(rng, 3, 30))
        differs = measure_closings(done).counts != done.reading.closings
        lost = find_no_return(done)
        wrong = differs.any(axis=1) | done.mistakes
        assert lost.position == (wrong.argmax() if wrong.any() else None)
        assert lost.noun == "symbol"
        if wrong.any():
            assert differs[lost.position, lost.counter] or not differs[lost.position].any()
