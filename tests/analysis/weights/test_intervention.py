"""Interventions: what becomes of a slip by a known amount."""

import numpy as np
import pytest

from countviz.analysis import find_bracket, intervene
from countviz.checkpoints import load
from countviz.exact import exact_linear, exact_lstm, exact_relu
from countviz.traces import run, trace

MOUNTAIN = "(" * 10 + ")" * 10
EVERY_CELL = ("lstm1-dyck1/1", "gru1-dyck1/0", "relu1-dyck1/1", "tanh1-dyck1/0", "lstm5-dyck1")


@pytest.mark.parametrize("address", EVERY_CELL)
@pytest.mark.parametrize("precision", ["float64", "float32", "bfloat16"])
def test_nothing_added_changes_nothing(address, precision):
    done = trace(load(address), "(()(()))()" + MOUNTAIN, precision)
    for step in (0, 7, 20):
        found = intervene(done, step, 0.0)
        assert found.first_difference is None
        assert found.differing == 0
        assert found.recovered_at == step
        assert (found.patched_verdicts == done.verdicts).all()
        np.testing.assert_array_equal(found.patched_counts, found.original_counts)


@pytest.mark.parametrize("make", [exact_lstm, exact_relu, exact_linear])
@pytest.mark.parametrize("step", [0, 4, 9])
def test_one_step_more_shifts_an_exact_counter_by_exactly_one_closer(make, step):
    found = intervene(trace(make(), MOUNTAIN), step, 1.0)
    assert (found.patched_counts[step:] - found.original_counts[step:] == 1).all()
    assert (found.patched_counts[:step] == found.original_counts[:step]).all()
    assert found.first_difference == len(MOUNTAIN) - 1  # it says that one is open, when none is
    assert found.recovered_at is None
    assert found.original_failure is None
    assert found.patched_failure == len(MOUNTAIN) - 1
    assert found.patched_verdicts.all()


def test_one_step_less_makes_it_close_one_closer_early():
    found = intervene(trace(exact_relu(), MOUNTAIN), 4, -1.0)
    assert found.first_difference == len(MOUNTAIN) - 2
    assert found.differing == 1
    assert not found.patched_verdicts[-2, 1]


def test_a_rectifier_repairs_at_zero_what_a_linear_unit_carries_on():
    done = [trace(make(), "(())" * 3) for make in (exact_relu, exact_linear)]
    relu, linear = (intervene(one, 1, -1.0) for one in done)
    assert relu.first_difference == linear.first_difference == 2
    assert (relu.differing, relu.recovered_at) == (1, 3)
    assert linear.recovered_at is None
    assert linear.differing > 2
    assert "its count is as before from 4 on" in relu.sentence()
    assert "never recovers" in linear.sentence()


def test_the_prefix_before_the_change_is_untouched_and_what_follows_is_run_from_it():
    model = load("gru1-dyck1/0")
    done = trace(model, MOUNTAIN)
    found = intervene(done, 9, 0.01)
    h = float(done.whole.internals["h"][9, 0]) + 0.01
    rows = done.whole.rows[10].copy()
    rows[-1] = h
    _, logits = run(model, "float64", model.language.encode(MOUNTAIN[10:]), rows)
    assert (found.patched_verdicts[10:] == (logits >= 0)).all()
    assert (found.patched_verdicts[:10] == done.verdicts[:10]).all()


def test_a_hidden_state_can_be_changed_without_the_cell_state():
    found = intervene(trace(exact_lstm(), MOUNTAIN), 4, 0.5, internal="h")
    assert found.differing == 0
    assert found.recovered_at in (4, 5)


def test_the_last_symbol_leaves_nothing_to_change():
    found = intervene(trace(exact_relu(), "()"), 1, 5.0)
    assert "changes nothing: no symbol comes after it" in found.sentence()


def test_one_bracket_moves_an_exact_counter_by_its_step():
    assert find_bracket(trace(exact_relu(step=0.5), MOUNTAIN)) == 0.5
    assert find_bracket(trace(exact_lstm(), "(")) == 1.0


def test_the_frame_has_a_row_a_symbol():
    found = intervene(trace(exact_relu(), "(())"), 1, 1.0)
    frame = found.to_frame()
    assert frame["true count"].tolist() == [1, 2, 1, 0]
    assert frame["patched count"].tolist() == [1, 3, 2, 1]
    assert frame["patched verdict )"].tolist() == [True, True, True, True]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"step": 20, "delta": 1}, r"no symbol 20; counted from 0 the string has 0 \.\.\. 19"),
        ({"step": -1, "delta": 1}, "no symbol -1"),
        ({"step": 0, "delta": 1, "unit": 1}, r"has no unit 1; it has 0 \.\.\. 0"),
        (
            {"step": 0, "delta": 1, "internal": "f"},
            "'f' is not kept from symbol to symbol; the state of LSTM cells is: c, h",
        ),
        ({"step": 0, "delta": float("inf")}, "inf cannot be added"),
    ],
)
def test_what_is_not_there_is_answered(given, words):
    with pytest.raises(ValueError, match=words):
        intervene(trace(exact_lstm(), MOUNTAIN), **given)
