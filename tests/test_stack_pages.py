"""Models with stacks on every page: panels where they fit, a sentence where they do not."""

import os
import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from countviz.checkpoints import save_family
from countviz.models import Spec, Stacks, Training
from countviz.training import train

ROOT = Path(__file__).parents[1]
FRAME = ROOT / "countviz" / "web" / "frame.py"
PAGES = ("watch", "why", "trajectories", "saturation", "drift", "weights")
SHIPPED = ("exact-stack-dyck1", "exact-stack-dyck2")
WORDS = {  # why a panel is not there
    "why": "what a round trip leaves behind lies in its stacks too",
    "trajectories": "there is no one curve",
    "weights": "has a memory too",
}


@pytest.fixture(scope="module")
def trained():
    """Two seeds of an LSTM with two stacks, trained for an epoch and kept beside the library."""
    spec = Spec(
        language="dyck1",
        cell="stack-lstm",
        units=2,
        memory=Stacks(stacks=2, width=2),
        recipe=Training(epochs=1, train_strings=50, validation_strings=20, batch_size=10),
    )
    name, root = "two-stacks", Path(os.environ["COUNTVIZ_DATA"], "families")
    save_family(train(spec, [0, 1], name), root, replace=True)
    yield name
    shutil.rmtree(root / name)


def visit(page, **address):
    at = AppTest.from_file(FRAME, default_timeout=300)
    at.query_params.update(address)
    at.switch_page(str(ROOT / "pages" / f"{page}.py"))
    return at.run()


def read(at):
    """Return all that is written on a page."""
    written = (at.markdown, at.caption, at.text, at.info, at.subheader)
    return "\n".join(one.value for kind in written for one in kind)


def check(at):
    assert not at.exception
    assert not at.error


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("model", SHIPPED)
def test_stacks_set_by_hand_are_shown(page, model):
    at = visit(page, models=model)
    check(at)
    assert not at.text
    if not (model.endswith("2") and page == "why"):
        assert WORDS.get(page, "") in read(at).replace("\\", "")


@pytest.mark.parametrize("page", [*PAGES, "seeds"])
def test_a_trained_stack_is_shown(trained, page):
    address = {"families": trained} if page == "seeds" else {"models": trained, "at": "7"}
    at = visit(page, **address)
    check(at)
    assert not at.text
    assert WORDS.get(page, "") in read(at).replace("\\", "")


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("string", [")", "nested-600", "random-3000-1"])
def test_stacks_read_any_string(page, string):
    check(visit(page, models="exact-stack-dyck1", s=string))
