"""Drift without a browser: what it says for each address, and that no address breaks it."""

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from countviz.analysis import (
    measure_drift_along,
    measure_failure_by_depth,
    predict_horizon,
    read_out,
)
from countviz.checkpoints import load
from countviz.languages.names import make_string
from countviz.traces import trace

ROOT = Path(__file__).parents[1]
FRAME = ROOT / "countviz" / "web" / "frame.py"
TITLES = [
    "Where does it leave the truth?",
    "What does one step do?",
    "How deep should it count?",
    "How far off, by length?",
    "How often right?",
    "How long right?",
    "How deep right?",
]
LOOKS = 60  # at a page that computes beside itself; each waits for half a second


def visit(**address):
    at = AppTest.from_file(FRAME, default_timeout=120)
    at.query_params.update(address)
    at.switch_page(str(ROOT / "pages" / "drift.py"))
    return at.run()


def visit_until_done(**address):
    """Come back, as the page does by itself, until nothing is computed any more."""
    at = visit(**address)
    for _ in range(LOOKS):
        if not any(" … " in one for one in captions(at)):
            break
        at.run()
    return at


def plain(text):
    return re.sub(r"\\(.)", r"\1", text)


def captions(at):
    return [plain(one.value) for one in at.caption]


def markdown(at):
    return [plain(one.value) for one in at.markdown]


def notices(at):
    return "\n".join(one.value for one in (*at.text, *at.error))


def titles(at):
    return [one.value for one in at.subheader]


def test_the_first_screen_answers_from_the_numbers():
    at = visit_until_done(models="relu1-dyck1/5", s="nested-1000")
    assert not at.exception
    assert not notices(at)
    model = load("relu1-dyck1/5")
    along = measure_drift_along(trace(model, make_string("nested-1000")))
    assert at.header[0].value == "How far off does the count drift?"
    assert f"ReLU-1: {along.answer()}" in markdown(at)
    assert sorted(titles(at)) == sorted(TITLES)
    said = captions(at)
    assert along.sentence() in said
    assert predict_horizon(model).sentence() in said
    assert read_out(model).sentence() in markdown(at)
    by_depth = measure_failure_by_depth(model).sentence()
    assert any(one.startswith(by_depth) and "Band" in one for one in said)
    assert any("On nested strings of up to 1,000,000" in one and "Band" in one for one in said)


def test_the_strings_come_from_the_address_and_from_the_switches():
    at = visit_until_done(models="exact-relu", family="zigzag", peak="50")
    assert any("zigzags 50 deep of up to 1,000,000" in one for one in captions(at))
    at.select_slider(key="peak").set_value("100").run()
    assert any("zigzags 100 deep of up to 1,000,000" in one for one in captions(at))
    at.segmented_control(key="family").set_value("flat").run()
    assert any("On flat strings of up to 1,000,000" in one for one in captions(at))
    assert not at.exception


def test_random_strings_have_a_number_and_a_seed():
    at = visit_until_done(models="exact-relu", family="random", draws="5", draw="3")
    assert any("On random strings of up to" in one for one in captions(at))


def test_the_count_can_be_that_of_the_closings():
    at = visit(models="gru1-dyck1/0", reading="closes left")
    done = trace(load("gru1-dyck1/0"), "(()(()))()" + "(" * 30 + ")" * 30)
    assert measure_drift_along(done, "closes-left").sentence() in captions(at)
    long = visit(models="exact-relu", reading="closes left", s="nested-30000")
    assert "Closes left is counted up to 20,000 symbols" in notices(long)
    assert not long.exception


def test_a_string_that_is_offered_is_put_into_the_bar():
    at = visit(models="exact-relu")
    at.button(key="take-zigzag-10x50").click().run()
    assert at.text_input(key="s").value == "zigzag-10x50"
    assert any("never drifts, on 1,000 brackets" in one for one in captions(at))


@pytest.mark.parametrize(
    "model",
    [
        "exact-linear",
        "relu1-dyck1/0",  # dead
        "relu1-dyck1/5@0",  # untrained
        "tanh1-dyck1",
        "lstm5-dyck1",
    ],
)
def test_every_cell_and_every_failed_one_is_shown(model):
    at = visit(models=model)
    assert not at.exception
    assert not notices(at)
    assert set(TITLES[:3]) <= set(titles(at))


def test_of_another_language_it_says_what_can_be_shown():
    at = visit(models="lstm4-anbncn")
    assert not at.exception
    assert titles(at) == TITLES[:2]
    assert "strings of Dyck-1" in at.info[0].value


@pytest.mark.parametrize("string", [")", "flat-40000"])
def test_strange_strings_are_shown(string):
    at = visit(models="relu1-dyck1/5", s=string)
    assert not at.exception
    assert titles(at)[0] == TITLES[0]


def test_every_unknown_value_is_answered_with_a_sentence_and_the_rest_stays():
    strange = {"family": "deep", "reading": "soul", "peak": "7", "draws": "-1", "draw": "<b>"}
    at = visit(models="exact-relu", **strange)
    assert not at.exception
    for key, value in strange.items():
        assert f"no {key} named {value!r}" in notices(at)
    assert TITLES[0] in titles(at)
