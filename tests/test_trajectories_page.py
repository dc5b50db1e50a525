"""Trajectories without a browser: what it says for each address, and that none breaks it."""

import re
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from countviz.analysis import (
    draw_strings,
    match_state,
    measure_cobweb,
    measure_state_plane,
    measure_trajectory,
    record_corpus,
    suggest_stretch,
)
from countviz.checkpoints import load, load_family, save_family
from countviz.families import Family
from countviz.history import Progress
from countviz.models import Model, Spec, Training
from countviz.traces import trace

ROOT = Path(__file__).parents[1]
FRAME = ROOT / "countviz" / "web" / "frame.py"
STRING = "(()(()))()((((()))))"
UNDER_WAY = "Reading 1,000 generated strings …", "brackets …"


def visit(**address):
    at = AppTest.from_file(FRAME, default_timeout=120)
    at.query_params.update({"s": STRING} | address)
    at.switch_page(str(ROOT / "pages" / "trajectories.py"))
    return settle(at.run())


def settle(at):
    """Run a page again, as its browser would, until what it computes beside it has come."""
    for _ in range(100):  # each waits half a second for it
        if not any(f"{doing} " in one.value for one in at.caption for doing in UNDER_WAY):
            break
        at.run()
    return at


def plain(texts):
    return [re.sub(r"\\(.)", r"\1", one.value) for one in texts]


def answer_of(at):
    return plain(at.markdown)[0]


def notices(at):
    return "\n".join(one.value for one in (*at.text, *at.error))


def titles(at):
    return [one.value for one in at.subheader]


@pytest.fixture
def library(tmp_path, monkeypatch):
    """Return what makes a model the only one of the library; seeds are copies of it."""

    def put(model, name="odd", seeds=1):
        weights = {key: np.stack([[value]] * seeds) for key, value in model.parameters.items()}
        rows = [
            Progress(
                seed=seed,
                epoch=20,
                train_loss=1,
                validation_loss=1,
                validation_accuracy=0.5,
            )
            for seed in range(seeds)
        ]
        family = Family(
            name=name,
            spec=model.spec.model_copy(update={"recipe": Training()}),
            seeds=tuple(range(seeds)),
            epochs=(20,),
            weights=weights,
            history=tuple(rows),
        )
        save_family(family, tmp_path)
        monkeypatch.setenv("COUNTVIZ_CHECKPOINTS", str(tmp_path))

    return put


def test_the_page_says_what_its_reports_say():
    at = visit(models="lstm1-dyck1/1")
    done = trace(load("lstm1-dyck1/1"), STRING)
    stretch = suggest_stretch(done, 0, len(STRING))
    corpus = record_corpus(done.model, "float64", draw_strings(done.model.language))
    trajectory = measure_trajectory(done)
    assert not at.exception
    assert not notices(at)
    assert at.header[0].value == "How does its state move?"
    assert answer_of(at) == f"LSTM-1: {trajectory.answer()}"
    assert titles(at) == [
        "What does every part of it do?",
        "Where is its state at each count?",
        "What does a bracket turn c into?",
        "Where else is the state like this?",
        "Do other seeds count the same way?",
    ]
    for report in (
        trajectory,
        measure_state_plane(done),
        measure_cobweb(done, 0, "c", *stretch),
        match_state(done, *stretch, corpus=corpus),
    ):
        assert report.sentence() in plain(at.caption)


@pytest.mark.parametrize(
    "name", ["lstm1-dyck1", "gru5-dyck1", "relu2-dyck1", "tanh1-dyck1", "exact-linear"]
)
def test_every_cell_is_shown(name):
    at = visit(models=name)
    assert not at.exception
    assert not notices(at)
    assert measure_trajectory(trace(load(name), STRING)).answer() in answer_of(at)


def test_a_cell_of_a_single_number_has_no_plane_and_the_page_says_so():
    at = visit(models="exact-linear")
    assert "This cell holds a single number: it has a line, but no plane." in plain(at.caption)


def test_a_counter_set_by_hand_has_no_seeds_and_the_page_says_so():
    at = visit(models="exact-lstm")
    assert "On average the cell state c moves at ( by +1.000" in answer_of(at)
    assert "Weights set by hand have no seeds to compare." in plain(at.caption)


@pytest.mark.parametrize("name", ["lstm4-shuffle2", "lstm4-anbncn"])
def test_another_language_is_shown_on_a_string_of_its_own(name):
    at = AppTest.from_file(FRAME, default_timeout=120)
    at.query_params["models"] = name
    at.switch_page(str(ROOT / "pages" / "trajectories.py"))
    at.run()
    assert not at.exception
    assert not notices(at)
    assert "What does a symbol turn c of unit" in titles(at)[2]


@pytest.mark.parametrize(
    ("string", "words"),
    [
        ("(", "along 1 bracket, every step shown"),
        (")", "from bracket 1 on the string is illegal"),
        ("())(", "from bracket 3 on the string is illegal"),
    ],
)
def test_a_single_symbol_and_an_illegal_string_are_shown(string, words):
    at = visit(s=string, models="lstm1-dyck1")
    assert not at.exception
    assert words in " ".join(plain(at.caption))


def test_an_empty_string_asks_for_one():
    at = visit(s="")
    assert not at.exception
    assert "Nothing to count yet" in at.info[0].value
    assert not at.header


def test_a_dead_unit_and_an_untrained_model_are_named():
    at = visit(models="relu1-dyck1/0")
    assert "never moves: on this string the unit is dead" in answer_of(at)
    assert "No unit is on throughout" in " ".join(plain(at.caption))
    at = visit(models="lstm1-dyck1/0@0")
    assert not at.exception
    assert "moves at (" in answer_of(at)


def test_a_state_that_overflows_is_named(library, make_unit):
    library(make_unit("relu", inputs=[[1, 1]], recurrent=[[1e3]]))
    at = visit(models="odd", s="(" * 200)
    assert not at.exception
    said = " ".join(plain(at.caption))
    assert "overflows at bracket 4" in said
    assert "States that overflowed are left out" in said
    assert "Of 1 seed none learned" in said


def test_64_units_are_shown(library):
    spec, rng = Spec(language="dyck1", cell="gru", units=64), np.random.default_rng(0)
    shapes = spec.parameter_shapes().items()
    library(Model(name="w", spec=spec, parameters={k: rng.normal(size=v) / 8 for k, v in shapes}))
    at = visit(models="odd", unit="64", x="PC2")
    assert not at.exception
    assert not notices(at)
    assert "of unit 64" in answer_of(at)
    assert "64 state numbers" in " ".join(plain(at.caption))


def test_choices_come_from_the_address():
    at = visit(models="lstm5-dyck1", unit="3", state="h", x="f2", y="h4", stretch="3-6")
    done = trace(load("lstm5-dyck1"), STRING)
    assert not notices(at)
    assert measure_trajectory(done).answer(2) in answer_of(at)
    said = plain(at.caption)
    assert measure_state_plane(done, axes=("f_1", "h_3")).sentence() in said
    assert measure_cobweb(done, 2, "h", 2, 6).sentence() in said
    corpus = record_corpus(done.model, "float64", draw_strings(done.model.language))
    assert match_state(done, 2, 6, internal="h", corpus=corpus).sentence() in said


def test_a_threshold_and_a_group_of_seeds_come_from_the_address():
    at = visit(models="gru1-dyck1/0", threshold="0.25", stretch="3-6", seeds="24-35")
    assert not notices(at)
    assert any("h ≥ 0.25 is on throughout brackets 3 to 6" in one for one in plain(at.caption))
    assert any(one.startswith("Of 12 seeds") for one in plain(at.caption))


def test_what_is_chosen_stands_in_the_address():
    at = visit(models="lstm5-dyck1")
    at.selectbox(key="unit-of-1,2,3,4,5").set_value("4").run()
    assert at.query_params["unit"] == "4"
    assert "of unit 4" in answer_of(at)
    at.slider(key="stretch-of-0-20").set_value((2, 9)).run()
    assert at.query_params["stretch"] == "2-9"
    at.number_input[0].set_value(0.5).run()
    assert at.query_params["threshold"] == "0.5"
    assert not at.exception


def test_a_long_string_is_shown_whole_or_2_000_steps_at_a_time():
    at = visit(models="exact-relu", s="nested-1000000")
    assert "1 of 500 steps shown, extremes kept" in plain(at.caption)[1]
    at = visit(models="exact-relu", s="nested-1000000", view="2,000 steps", **{"from": "499001"})
    assert not notices(at)
    assert "2,000 of 1,000,000 brackets, every step shown" in plain(at.caption)[1]
    at.slider(key="from-of-1000000").set_value(11).run()
    assert at.query_params["from"] == "11"
    assert not at.exception


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ({"unit": "6"}, "no unit named '6'; there are: 1, 2, 3, 4, 5"),
        ({"state": "q"}, "no state named 'q'; there are: c, h"),
        ({"x": "<b>"}, "no x named '<b>'; there are: PC1, PC2, PC3, c1"),
        ({"x": "c1", "y": "PC1"}, "no y named 'PC1'; there are: c2"),
        ({"space": "4-D"}, "no space named '4-D'; there are: 2-D, 3-D"),
        ({"stretch": "5-99"}, "no stretch '5-99' here; one as in 1-20 is"),
        ({"stretch": "x"}, "no stretch 'x' here"),
        ({"threshold": "high"}, "no threshold 'high'; a number is"),
        ({"threshold": "nan"}, "no threshold 'nan'"),
        ({"seeds": "7"}, "no seeds named '7'; there are: 0-11"),
        ({"s": "nested-4000", "view": "some"}, "no view named 'some'; there are: whole string"),
    ],
)
def test_an_unknown_value_is_answered_with_a_sentence_and_the_rest_stays(address, words):
    at = visit(models="lstm5-dyck1", **address)
    assert not at.exception
    assert words in notices(at)
    assert len(titles(at)) == 5


def test_a_start_that_is_none_is_answered_with_those_there_are():
    where = {"s": "nested-4000", "view": "2,000 steps", "from": "2002"}
    at = visit(models="exact-relu", **where)
    assert "from='2002' is none; a whole number from 1 to 2,001 is" in notices(at)
    assert not at.exception


def test_three_axes_can_be_chosen():
    at = visit(models="lstm2-dyck1", space="3-D")
    assert not at.exception
    assert "drawn on two axes" in " ".join(plain(at.caption))


def test_each_seed_is_found_in_its_group():
    family = load_family("lstm1-dyck1")
    at = visit(models=f"lstm1-dyck1/{family.seeds[13]}")
    assert at.selectbox[-1].value == "12-23"
