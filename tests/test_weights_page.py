"""Weights without a browser: every cell, changes of weights, slips, and bad addresses."""

import re
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from countviz.analysis import (
    check_exactness,
    find_bracket,
    intervene,
    measure_nesting,
    predict_horizon,
)
from countviz.analysis.failure.nesting import NestingHorizon
from countviz.analysis.weights.unit_weights import change_weights
from countviz.checkpoints import load
from countviz.exact import exact_lstm
from countviz.models import MOST_UNITS, Model, Spec
from countviz.traces import trace

ROOT = Path(__file__).parents[1]
FRAME = ROOT / "countviz" / "web" / "frame.py"
QUESTION = "What would make it count exactly?"
STRING = "(()(()))()" + "(" * 30 + ")" * 30


def visit(**address):
    at = AppTest.from_file(FRAME, default_timeout=120)
    at.query_params.update(address)
    at.switch_page(str(ROOT / "pages" / "weights.py"))
    return at.run()


def plain(text):
    return re.sub(r"\\(.)", r"\1", text)


def answer_of(at):
    return plain(at.markdown[0].value).rpartition(" :gray-badge")[0]


def captions(at):
    return [plain(one.value) for one in at.caption]


def notices(at):
    return "\n".join(one.value for one in (*at.text, *at.error))


def titles(at):
    return [one.value for one in at.subheader]


def sides(at):
    return at.table[0].value


def slides(at):
    return [one.key for one in at.slider if one.key.startswith("slide-")]


def address_of(model, **changes):
    parts = ",".join(f"{code}:{value:g}" for code, value in changes.items())
    return f"{model.weights_sha256[:6]}~{parts}"


@pytest.mark.parametrize(
    "name",
    [
        "lstm1-dyck1/1",
        "gru1-dyck1/0",
        "relu1-dyck1/1",
        "tanh1-dyck1/0",
        "exact-linear",
        "exact-lstm",
    ],
)
def test_every_cell_of_one_unit_is_answered_and_has_its_sliders(name):
    at = visit(models=name)
    assert not at.exception
    assert not notices(at)
    assert at.header[0].value == QUESTION
    assert answer_of(at) == check_exactness(load(name)).sentence()
    model = load(name)
    assert slides(at)[0] == f"slide-{model.cell.gates[0]}0"
    foretold = predict_horizon(model)
    nests = NestingHorizon(depth=foretold.measured_horizon, tried=foretold.tried)
    assert sides(at)["now"].tolist()[2] == nests.short()


@pytest.mark.parametrize(
    "name", ["lstm5-dyck1", "gru5-dyck1", "relu5-dyck1", "lstm4-anbncn", "lstm4-shuffle2"]
)
def test_several_units_have_no_sliders_and_the_page_says_so(name):
    at = visit(models=name)
    assert not at.exception
    assert not slides(at)
    assert any(one.startswith("Sliders are for one unit; ") for one in captions(at))
    assert answer_of(at) == check_exactness(load(name)).sentence()


@pytest.mark.parametrize("name", ["lstm1-dyck1/1@0", "relu1-dyck1/0", "relu1-dyck1/3@0"])
def test_an_untrained_and_a_dead_unit_are_answered(name):
    at = visit(models=name)
    assert not at.exception
    assert answer_of(at) == check_exactness(load(name)).sentence()


@pytest.mark.parametrize("string", ["(", ")", "())(((", "()" * 900])
def test_odd_strings_are_answered(string):
    at = visit(models="relu1-dyck1/1", s=string)
    assert not at.exception
    assert at.header[0].value == QUESTION
    assert "What if the count slips after bracket" in titles(at)[2]


def test_an_empty_string_leaves_the_bar():
    at = visit(s="")
    assert not at.exception
    assert not at.header


def test_a_change_in_the_address_is_made_and_shown_beside_what_was():
    model = load("relu1-dyck1/1")
    at = visit(models=model.name, w=address_of(model, hh=1))
    changed = change_weights(model, {"hh": 1.0})
    assert not notices(at)
    assert answer_of(at) == check_exactness(changed).sentence()
    nests = [measure_nesting(one).short() for one in (model, changed)]
    assert sides(at).iloc[2].tolist()[1:] == nests
    assert at.slider(key="slide-hh").value == 1.0


@pytest.mark.parametrize(
    ("name", "changes", "precision"),
    [
        ("relu1-dyck1/1", {"hh": 1000}, "float64"),
        ("exact-linear", {"hh": -3, "y1w": 0}, "float16"),
        ("exact-lstm", {"fb": -999999, "gh": 999999}, "float16"),
        ("gru1-dyck1/0", {"zh": -999999, "nr": -3}, "float64"),
        ("relu1-dyck1/1", dict.fromkeys(("h0", "h1", "hh", "hb", "y0w", "y1w"), 0), "float32"),
    ],
)
def test_a_state_that_overflows_or_never_moves_is_answered(name, changes, precision):
    model = load(name)
    changed = change_weights(model, changes)
    string = "(" * 1_000 + ")" * 1_000
    at = visit(models=name, w=address_of(model, **changes), s=string, precision=precision)
    assert not at.exception
    assert not notices(at)
    assert answer_of(at) == check_exactness(changed, precision).sentence()


def test_a_slider_changes_a_weight_and_the_address_follows():
    at = visit(models="relu1-dyck1/1")
    at.slider(key="slide-hh").set_value(0.5).run()
    model = load("relu1-dyck1/1")
    assert not at.exception
    assert at.query_params["w"] == address_of(model, hh=0.5)
    assert answer_of(at) == check_exactness(change_weights(model, {"hh": 0.5})).sentence()
    at.number_input(key="type-hh").set_value(1.0).run()
    assert at.query_params["w"] == address_of(model, hh=1)
    at.button(key="weights-reset").click().run()
    assert "w" not in at.query_params
    assert answer_of(at) == check_exactness(model).sentence()


def test_conditions_are_made_exact_one_by_one_and_all_at_once():
    at = visit(models="relu1-dyck1/1")
    at.button(key="snap-kept").click().run()
    assert at.query_params["w"] == address_of(load("relu1-dyck1/1"), hh=1)
    at.button(key="snap-all").click().run()
    assert answer_of(at).startswith("Nothing more: all six conditions hold")
    assert sides(at).iloc[2].tolist()[-1].startswith("≥ ")
    assert not [one for one in at.button if (one.key or "").startswith("snap-")]


def test_the_gates_are_chosen_in_the_address():
    at = visit(models="lstm1-dyck1/1", gate="f")
    assert not notices(at)
    assert slides(at) == ["slide-f0", "slide-f1", "slide-fh", "slide-fb"]


def test_the_slip_is_that_of_the_address():
    at = visit(models="lstm1-dyck1/1", at="12", delta="-2.5")
    done = trace(load("lstm1-dyck1/1"), STRING)
    wanted = intervene(done, 11, -2.5 * find_bracket(done))
    assert wanted.sentence() in captions(at)


def test_a_slip_goes_to_the_unit_that_is_chosen():
    at = visit(models="lstm5-dyck1", at="12", unit="3")
    done = trace(load("lstm5-dyck1"), STRING)
    assert intervene(done, 11, find_bracket(done, 2), 2).sentence() in captions(at)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ({"w": "<b>x</b>"}, "is no change of weights"),
        ({"w": "abcdef~hh:1"}, "change another model than relu1-dyck1/1@8"),
        ({"gate": "f"}, "no gate named 'f'; there are: h, y"),
        ({"delta": "99"}, "no delta '99'; from -5 to 5 brackets"),
        ({"at": "71"}, "no position 71"),
        ({"precision": "float8"}, "no precision named 'float8'"),
        ({"look": "nobody"}, "no look named 'nobody'"),
    ],
)
def test_an_unknown_value_is_answered_with_a_sentence_and_the_rest_stays(address, words):
    at = visit(models="relu1-dyck1/1", **address)
    assert not at.exception
    assert words in notices(at)
    assert answer_of(at) == check_exactness(load("relu1-dyck1/1")).sentence()


def test_every_precision_has_its_own_list():
    for precision in ("float32", "bfloat16"):
        at = visit(models="exact-lstm", precision=precision)
        assert not at.exception
        assert answer_of(at) == check_exactness(exact_lstm(), precision).sentence()


def test_a_family_without_seeds_to_compare_says_why():
    assert "One set of weights, set by hand: there are no seeds to compare." in captions(
        visit(models="exact-lstm")
    )
    gru = "No weights of a GRU are known that count exactly: nothing to be near to."
    assert gru in captions(visit(models="gru1-dyck1/0"))


def test_sixty_four_units_are_answered(tmp_path, monkeypatch, make_family):
    from countviz.checkpoints import save_family

    spec = Spec(language="dyck1", cell="lstm", units=MOST_UNITS)
    rng = np.random.default_rng(0)
    parameters = {name: rng.normal(size=shape) for name, shape in spec.parameter_shapes().items()}
    wide = Model(name="wide", spec=spec, parameters=parameters)
    save_family(make_family([wide], [0.5], name="wide"), tmp_path)
    monkeypatch.setenv("COUNTVIZ_CHECKPOINTS", str(tmp_path))
    at = visit(models="wide")
    assert not at.exception
    assert "64 units" in answer_of(at)
    assert any("Sliders are for one unit" in one for one in captions(at))
