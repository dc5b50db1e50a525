"""Saturation without a browser: what it says for each cell, and that no address breaks it."""

import re
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from countviz.analysis import map_saturation, measure_saturation, measure_seed_saturation
from countviz.checkpoints import load, load_family, save_family
from countviz.exact import exact_lstm
from countviz.models import Model, Spec
from countviz.traces import trace
from countviz.web.choices import FIRST_STRING

ROOT = Path(__file__).parents[1]
FRAME = ROOT / "countviz" / "web" / "frame.py"
STRING = "(()(()))(())"
BARE = ["Where does each gate work?", "What could it do on any string?"]
GATED = [
    BARE[0],
    "Which gate gives way, and when?",
    BARE[1],
    "How often is it nearly on, or nearly off?",
]


def visit(**address):
    """Open the page and wait for what is computed beside it; every run waits half a second."""
    at = AppTest.from_file(FRAME, default_timeout=120)
    at.query_params.update({"s": STRING} | address)
    at.switch_page(str(ROOT / "pages" / "saturation.py"))
    at.run()
    while any(" … " in one for one in captions(at)):
        at.run()
    assert not at.exception
    assert not at.error
    return at


def plain(text):
    return re.sub(r"\\(.)", r"\1", text)


def captions(at):
    return [plain(one.value) for one in at.caption]


def answer_of(at):
    return plain(at.markdown[0].value)


def notices(at):
    return "\n".join(one.value for one in at.text)


def titles(at):
    return [one.value for one in at.subheader]


def measure(name, unit=0, string=STRING, precision="float64"):
    return measure_saturation(trace(load(name), string, precision), unit)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("lstm1-dyck1/1", [*GATED, "Does training saturate the gates?"]),
        ("gru1-dyck1/0@7", [*GATED, "Does training saturate the gates?"]),
        ("tanh1-dyck1/2", [*GATED, "Does training saturate the gates?"]),
        (
            "relu1-dyck1/0",
            [BARE[0], "When is it clipped?", BARE[1], "Does training kill the units?"],
        ),
        ("exact-linear", BARE),
        ("exact-relu", [BARE[0], "When is it clipped?", BARE[1]]),
        ("exact-lstm-20", GATED),
    ],
)
def test_every_cell_gets_the_panels_it_has_numbers_for(name, shown):
    at = visit(models=name)
    assert at.header[0].value == "How far on are the gates?"
    assert titles(at) == shown
    report = measure(name)
    assert answer_of(at) == report.sentence()
    assert report.sentence_of_zones() in captions(at)
    assert report.sentence_of_bounds() in captions(at)
    assert len(at.dataframe[0].value) == 2 * len(report.gates)
    assert not notices(at)


def test_one_of_several_units_and_a_gate_are_chosen_by_the_address():
    at = visit(models="lstm2-dyck1/3", unit="2", gate="o", at="5", precision="float32")
    report = measure("lstm2-dyck1/3", 1, precision="float32")
    seeds = measure_seed_saturation(load_family("lstm2-dyck1"), FIRST_STRING, "float32")
    units = map_saturation(trace(load("lstm2-dyck1/3"), STRING, "float32"), 0, "o")
    assert answer_of(at) == report.sentence()
    assert report.sentence_at(4) in [plain(one.value) for one in at.markdown]
    assert any(one.startswith(seeds.sentence(3)) for one in captions(at))
    assert units.sentence() in captions(at)
    at.segmented_control(key="unit-of-1,2").set_value("1").run()
    assert answer_of(at) == measure("lstm2-dyck1/3", 0, precision="float32").sentence()
    assert at.query_params["unit"] == "1"


def test_the_cursor_moves_and_the_step_is_said():
    at = visit(models="gru1-dyck1/0", at="3")
    report = measure("gru1-dyck1/0")
    at.button(key="cursor-on").click().run()
    assert report.sentence_at(3) in [plain(one.value) for one in at.markdown]


def test_dead_units_are_named_and_all_units_are_mapped_once():
    at = visit(models="relu5-dyck1/4")
    report = measure("relu5-dyck1/4")
    assert report.dead
    assert f"units {', '.join(str(unit + 1) for unit in report.dead[:-1])} and" in answer_of(at)
    assert "Which unit gives way?" not in titles(at)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ({"unit": "9"}, "no unit named '9'; there are: 1, 2"),
        ({"unit": "<b>"}, "no unit named '<b>'"),
        ({"gate": "q"}, "no gate named 'q'; there are: r, z, n"),
    ],
)
def test_an_unknown_value_is_answered_with_a_sentence_and_the_rest_stays(address, words):
    at = visit(models="gru2-dyck1/1", **address)
    assert words in notices(at)
    assert answer_of(at) == measure("gru2-dyck1/1").sentence()


@pytest.mark.parametrize("string", [")", "())((", "("])
def test_an_illegal_string_and_a_single_symbol_are_shown(string):
    at = visit(models="lstm1-dyck1/1", s=string)
    assert answer_of(at) == measure("lstm1-dyck1/1", string=string).sentence()


@pytest.mark.parametrize("name", ["relu1-dyck1/2@0", "relu1-dyck1/2@16"])
def test_an_untrained_and_an_exploded_network_are_shown(name):
    at = visit(models=name, s="nested-2000", precision="float16")
    assert answer_of(at).startswith("The unit is clipped at zero")


def test_a_language_with_two_counters_has_a_row_a_symbol():
    string = "([)](("
    at = visit(models="lstm4-shuffle2/0", s=string)
    report = measure("lstm4-shuffle2/0", string=string)
    assert answer_of(at) == report.sentence()
    assert len(at.dataframe[0].value) == 4 * 4
    assert titles(at)[-1] == "Which unit gives way?"


def test_a_family_without_a_seed_that_learned_says_so(tmp_path, monkeypatch, make_family):
    family = make_family([exact_lstm(gate_bias=2), exact_lstm(gate_bias=3)], [0.4, float("nan")])
    save_family(family, tmp_path)
    monkeypatch.setenv("COUNTVIZ_CHECKPOINTS", str(tmp_path))
    at = visit(models="lstm1-dyck1")
    assert any("2 seeds; none learned" in one for one in captions(at))


def test_of_64_units_one_is_chosen_from_a_list(tmp_path, monkeypatch, make_family):
    spec = Spec(language="dyck1", cell="gru", units=64)
    shapes = spec.parameter_shapes()
    draw = np.random.default_rng(0).normal
    model = Model(name="m", spec=spec, parameters={k: draw(size=s) for k, s in shapes.items()})
    save_family(make_family([model], [0.5], name="gru64-dyck1"), tmp_path)
    monkeypatch.setenv("COUNTVIZ_CHECKPOINTS", str(tmp_path))
    at = visit(models="gru64-dyck1", unit="64")
    assert "of unit 64" in answer_of(at)
    assert at.selectbox[0].value == "64"
