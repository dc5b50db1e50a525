"""What all pages that look inside a model have in common: the head, the cursor, what is carried."""

from itertools import product
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from countviz.checkpoints import load
from countviz.traces import trace
from countviz.web.choices import FIRST_MODELS, FIRST_STRING
from countviz.web.looks import chip_of

ROOT = Path(__file__).parents[1]
FRAME = ROOT / "countviz" / "web" / "frame.py"
INSIDE = ("why", "trajectories", "saturation", "drift", "weights")
STRANGE = {"models": "nobody", "look": "<b>", "precision": "float8", "at": "-3"}


def visit(page, **address):
    at = AppTest.from_file(FRAME, default_timeout=120)
    at.query_params.update(address)
    at.switch_page(str(ROOT / "pages" / f"{page}.py"))
    return at.run()


def notices(at):
    return "\n".join(one.value for one in at.text)


def looked_into(at):
    """Return the chip that is pressed."""
    pills = next(one for one in at.pills if one.label == "Looked into")
    return pills.options[pills.value]


@pytest.mark.parametrize("page", INSIDE)
def test_the_first_model_that_errs_is_looked_into_unless_the_address_names_another(page):
    models = [load(name) for name in FIRST_MODELS]
    wrong = next(m for m in models if trace(m, FIRST_STRING).first_failure is not None)
    at = visit(page)
    assert not at.exception
    assert not at.error
    assert looked_into(at) == chip_of(wrong)
    assert looked_into(visit(page, look=models[0].name)) == chip_of(models[0])


@pytest.mark.parametrize("page", INSIDE)
def test_strange_values_in_the_address_get_a_sentence_each_and_the_page_stays(page):
    at = visit(page, **STRANGE)
    assert not at.exception
    assert at.header
    assert all(value in notices(at) for value in STRANGE.values())


@pytest.mark.parametrize(
    ("page", "string"),
    [*product(["why"], ["", "(x)", "nested-7", "nested-0"]), *product(INSIDE, ["random-8000000"])],
)
def test_a_string_that_cannot_be_read_gets_a_sentence_and_its_chips(page, string):
    at = visit(page, s=string)
    assert not at.exception
    assert notices(at) or at.info
    assert at.pills


@pytest.mark.parametrize("page", INSIDE)
@pytest.mark.parametrize("string", [")", "(", "())(", "nested-2000"])
def test_an_illegal_a_short_and_a_named_string_are_shown(page, string):
    at = visit(page, s=string, models="lstm1-dyck1/0,exact-relu")
    assert not at.exception
    assert at.header
