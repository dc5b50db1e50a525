"""Memory without a browser: two stacks side by side, whatever is asked."""

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from countviz.analysis import measure_forgetting, measure_stack
from countviz.checkpoints import load
from countviz.traces import trace

ROOT = Path(__file__).parents[1]
FRAME = ROOT / "countviz" / "web" / "frame.py"
STRING = "(()(()))(())"
FREE, FROZEN = "stack-rnn4-dyck1", "stack-rnn4-dyck1-frozen-memory"


def visit(**address):
    at = AppTest.from_file(FRAME, default_timeout=120)
    at.query_params.update({"s": STRING} | address)
    at.switch_page(str(ROOT / "pages" / "memory.py"))
    at.run()
    assert not at.exception
    assert not at.error
    return at


def plain(text):
    """Return words as they were before they were escaped; all spaces are alike."""
    return re.sub(r"\\(.)", r"\1", text).replace("\N{NO-BREAK SPACE}", " ")


def captions(at):
    return "\n".join(plain(one.value) for one in at.caption)


def notices(at):
    return "\n".join(one.value for one in at.text)


def pictures(at):
    return [chart.proto.id for chart in at.get("plotly_chart")]


def test_a_visitor_finds_a_free_stack_beside_a_frozen_one_of_the_same_seed():
    at = visit()
    assert at.header[0].value == "What does its stack hold?"
    assert at.selectbox(key=f"beside-{FREE}").value == FROZEN
    said = plain(at.markdown[0].value)
    assert "seed 1 · nothing frozen: right on all 12 brackets" in said
    first = trace(load(f"{FROZEN}/1"), STRING).first_failure
    assert f"seed 1 · memory frozen: first mistake at bracket {first + 1}" in said
    assert len(pictures(at)) == 3


def test_the_captions_are_those_of_the_reports():
    at = visit(models=f"{FREE}/3")
    for name in (f"{FREE}/3", f"{FROZEN}/3"):
        model = load(name)
        assert plain(measure_stack(trace(model, STRING)).sentence()) in captions(at)
        assert plain(measure_forgetting(model).sentence()) in captions(at)


def test_hard_actions_can_be_chosen():
    at = visit(models=f"{FREE}/1", actions="hard", beside="nothing")
    model = load(f"{FREE}/1")
    hard = measure_stack(trace(model, STRING, actions="hard"))
    assert plain(hard.sentence()) in captions(at)
    assert plain(measure_forgetting(model, actions="hard").sentence()) in captions(at)
    assert len(pictures(at)) == 2


def test_it_says_what_belongs_to_which_part_and_what_was_frozen():
    table = visit(models=f"{FROZEN}/1", beside="nothing").dataframe[0].value
    assert table["part"].tolist() == ["controller", "memory", "read-out"]
    assert table["in training"].tolist() == ["learned", "frozen", "learned"]
    assert table["numbers"].sum() == sum(one.size for one in load(FROZEN).parameters.values())


@pytest.mark.parametrize("name", ["exact-stack-dyck1", "exact-stack-dyck2", "stack-rnn8-dyck2/2"])
def test_every_stack_of_the_library_is_shown(name):
    at = visit(models=name)
    assert "Fuller cells hold more" in captions(at)


def test_a_model_without_a_memory_is_offered_those_that_have_one():
    at = visit(models="lstm1-dyck1/0")
    assert "has no memory beside its state" in plain(at.markdown[0].value)
    at.button(key=f"offer-{FREE}").click().run()
    assert at.header[0].value == "What does its stack hold?"
    assert len(pictures(at)) == 3


def test_a_language_without_memories_says_so():
    at = visit(models="lstm4-shuffle2/0", s="([)]")
    assert "No model of this language has a memory" in captions(at)


@pytest.mark.parametrize(
    ("address", "answer"),
    [
        ({"actions": "wild"}, "no actions named 'wild'"),
        ({"beside": "nobody"}, "no beside named 'nobody'"),
        ({"at": "900"}, "900"),
    ],
)
def test_what_is_not_there_is_said(address, answer):
    assert answer in notices(visit(**address))


@pytest.mark.parametrize("string", ["", "(", ")", "())((", "nested-3000"])
def test_any_string_is_shown_or_refused_in_words(string):
    at = visit(s=string)
    assert notices(at) or pictures(at) or at.info


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_every_precision_is_shown(precision):
    assert len(pictures(visit(precision=precision))) == 3
