"""Work beside the page: done once, waited for briefly, and its errors told."""

import threading

import pytest
from streamlit.testing.v1 import AppTest

SCRIPT = """
import streamlit as st
from countviz.web import background
from tests_of_background import work

st.write(str(background.compute(st.query_params["key"], work, "Counting *everything*")))
"""


@pytest.fixture
def visit(monkeypatch):
    """Return what opens a page that asks for some work under a key."""
    import sys
    from types import ModuleType

    def visit(key, work):
        module = ModuleType("tests_of_background")
        module.work = work
        monkeypatch.setitem(sys.modules, "tests_of_background", module)
        at = AppTest.from_string(SCRIPT, default_timeout=30)
        at.query_params["key"] = key
        return at.run()

    return visit


def test_quick_work_is_there_at_once_and_done_only_once(visit):
    done = []

    def work():
        done.append(1)
        return 7

    assert [visit("quick", work).markdown[0].value for _ in range(3)] == ["7"] * 3
    assert len(done) == 1


def test_slow_work_is_announced_and_its_result_comes_when_it_is_done(visit):
    gate = threading.Event()

    def work():
        gate.wait(30)
        return 7

    at = visit("slow", work)
    assert at.markdown[0].value == "None"
    assert at.caption[0].value.startswith(r"Counting \*everything\* …")
    gate.set()
    while at.markdown[0].value == "None":
        at.run()
    assert at.markdown[0].value == "7"
    assert not at.caption


def test_work_that_fails_says_so_and_is_tried_again(visit):
    tried = []

    def work():
        tried.append(1)
        raise ValueError("no such count")

    for times in (1, 2):
        assert visit("fails", work).exception
        assert len(tried) == times
