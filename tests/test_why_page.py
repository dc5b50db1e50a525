"""Why, as it is: the corridor, the step under the cursor, the diagnosis, the round trips."""

import json
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from countviz.analysis import diagnose, find_no_return, measure_corridor, step_in_numbers
from countviz.checkpoints import load, save_family
from countviz.languages.names import make_string
from countviz.models import Model, Spec
from countviz.traces import trace
from countviz.web.choices import FIRST_STRING

ROOT = Path(__file__).parents[1]
FRAME = ROOT / "countviz" / "web" / "frame.py"
CELLS = ("lstm1-dyck1/2", "gru1-dyck1/0", "relu1-dyck1/1", "tanh1-dyck1/0", "exact-linear")
PATIENCE = 60  # reruns, each of which waits for what is under way


def visit(**address):
    at = AppTest.from_file(FRAME, default_timeout=120)
    at.query_params.update(address)
    at.switch_page(str(ROOT / "pages" / "why.py"))
    return at.run()


def settle(at, key):
    """Run the page again until a figure that is made beside it has come."""
    for _ in range(PATIENCE):
        if figure_of(at, key) is not None:
            break
        at.run()
    return at


def figure_of(at, key):
    figures = [one.proto for one in at.get("plotly_chart")]
    found = next((one for one in figures if one.id.endswith(f"-{key}")), None)
    return found and json.loads(found.spec)


def said(at):
    return "\n".join(one.value for one in [*at.markdown, *at.caption])


def plain(text):
    return text.replace("\\", "")


def answer_of(at):
    return plain(at.markdown[0].value)


def expected(name, string=FIRST_STRING, precision="float64"):
    return trace(load(name), string, precision)


@pytest.mark.parametrize("name", CELLS)
def test_every_cell_is_shown_with_its_answer_its_step_and_its_diagnosis(name):
    at = visit(models=name)
    assert not at.exception
    assert not at.error
    done = expected(name)
    lost = find_no_return(done)
    assert lost.sentence("").strip() in answer_of(at)
    words = plain(said(at))
    assert measure_corridor(done).sentence() in words
    position = lost.position if lost.position is not None else len(FIRST_STRING) - 1
    assert step_in_numbers(done, position, 0).sentence() in words
    for line in diagnose(done).lines:
        assert f"**{line.title}.** {line.text}" in words
    assert figure_of(at, "corridor")
    assert figure_of(at, "round-trip")


def test_several_units_have_everything_but_an_axis_of_the_state():
    at = visit(models="gru5-dyck1", axis="state")
    assert not at.exception
    assert "a corridor of the state is that of one unit" in "\n".join(one.value for one in at.text)
    assert figure_of(at, "corridor")
    assert not [one for one in at.button_group if one.key == "axis"]


@pytest.mark.parametrize("name", ["lstm4-shuffle2", "lstm4-anbncn"])
def test_other_languages_are_shown_a_counter_at_a_time(name):
    at = visit(models=name)
    assert not at.exception
    assert figure_of(at, "corridor")
    closers = load(name).language.closers
    other = visit(models=name, counter=closers[1])
    assert not other.exception
    assert at.button_group(key="counter").options == list(closers)
    assert other.button_group(key="counter").value == closers[1]
    assert ("opened again" in said(at)) == ("anbncn" in name)


def test_the_axis_of_the_state_is_in_the_address():
    at = settle(visit(models="gru1-dyck1/0", axis="state"), "state-corridor")
    assert not at.exception
    drawn = figure_of(at, "state-corridor")
    assert "hidden state h" in json.dumps(drawn["layout"]["title"])
    at.button_group(key="axis").set_value("closes left").run()
    assert figure_of(at, "corridor")


def test_the_cursor_starts_at_the_point_of_no_return_and_the_address_moves_it():
    lost = find_no_return(expected("gru1-dyck1/0")).position
    at = visit(models="gru1-dyck1/0")
    titles = [one.value for one in at.subheader]
    assert f"Step {lost + 1} in numbers" in titles
    moved = visit(models="gru1-dyck1/0", at="7")
    assert "Step 7 in numbers" in [one.value for one in moved.subheader]
    moved.button(key="cursor-on").click().run()
    assert "Step 8 in numbers" in [one.value for one in moved.subheader]
    assert moved.query_params["at"] == ["8"] or moved.query_params["at"] == "8"


def test_the_precision_is_that_of_the_address():
    done = expected("gru1-dyck1/0", precision="bfloat16")
    at = visit(models="gru1-dyck1/0", precision="bfloat16")
    assert find_no_return(done).sentence("GRU-1") == answer_of(at)


@pytest.mark.parametrize(
    ("address", "words"),
    [({"axis": "up"}, "no axis named 'up'"), ({"counter": "x"}, "no counter named 'x'")],
)
def test_an_unknown_value_is_answered_with_a_sentence(address, words):
    at = visit(models="gru1-dyck1/0", **address)
    assert not at.exception
    assert words in "\n".join(one.value for one in at.text)


@pytest.mark.parametrize(
    "name", ["relu1-dyck1/0", "lstm1-dyck1/0@0", "gru1-dyck1/3", "tanh1-dyck1"]
)
@pytest.mark.parametrize("string", ["(", ")", "())(", "(()"])
def test_short_and_illegal_strings_are_answered_by_any_model(name, string):
    at = visit(models=name, s=string)
    assert not at.exception
    assert answer_of(at).endswith(".")
    assert "nan" not in said(at)


def test_a_string_of_20_000_symbols_is_shown_by_its_name():
    at = settle(visit(models="gru1-dyck1/0", s="random-20000-7"), "corridor")
    assert not at.exception
    done = expected("gru1-dyck1/0", make_string("random-20000-7"))
    assert find_no_return(done).sentence("GRU-1") == answer_of(at)
    assert len(figure_of(at, "corridor")["data"]) > 5


def make_model(units, scale):
    spec = Spec(language="dyck1", cell="relu", units=units)
    rng = np.random.default_rng(0)
    shapes = spec.parameter_shapes().items()
    return Model(name="m", spec=spec, parameters={k: scale * rng.normal(size=s) for k, s in shapes})


@pytest.mark.parametrize(("units", "scale"), [(64, 0.2), (1, 50.0), (64, 50.0)])
def test_many_units_and_states_that_overflow_get_sentences(
    units, scale, tmp_path, monkeypatch, make_family
):
    family = make_family([make_model(units, scale)], [float("nan")], name="wild-dyck1")
    save_family(family, tmp_path)
    monkeypatch.setenv("COUNTVIZ_CHECKPOINTS", str(tmp_path))
    at = visit(models="wild-dyck1/0", s="nested-400")
    assert not at.exception
    assert not at.error
    assert "nan" not in said(at)
    assert "Diagnosis" in [one.value for one in at.subheader]
