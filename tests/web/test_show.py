"""Texts that Markdown shows as they are, and errors that nobody foresaw."""

import logging
import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from countviz.web.show import escape

# All that Markdown, and what is added to it here (math, colours, emoji, HTML), gives a meaning to
# within a line.
ACTIVE = "\\`*_{}[]<>$:~!&#|"


@given(st.text(alphabet=ACTIVE + string.ascii_letters + " ().;/'\u200b\u202e漢", max_size=60))
def test_taking_the_backslashes_away_gives_the_text_back(text):
    assert re.sub(rf"\\([{re.escape(string.punctuation)}])", r"\1", escape(text)) == " ".join(
        text.split()
    )


@given(st.text(alphabet=ACTIVE + "ab ()", max_size=60))
def test_every_active_character_is_escaped(text):
    bare = re.sub(rf"\\[{re.escape(string.punctuation)}]", "", escape(text))
    assert not set(bare) & set(ACTIVE)


@given(st.text(max_size=60))
def test_an_escaped_text_stays_on_its_line(text):
    assert len(escape(text).splitlines()) <= 1


@pytest.mark.parametrize("text", ["Three of four count", "(()) 70, “closed”", "1,000.5; a-b"])
def test_a_plain_sentence_is_left_alone(text):
    assert escape(text) == text


def fail_unexpectedly():
    from countviz.web.show import show_unexpected

    try:
        raise KeyError("/home/me/secret.csv")
    except KeyError as error:
        show_unexpected(error)


def test_an_unexpected_error_is_shown_as_a_code_and_nothing_else():
    at = AppTest.from_function(fail_unexpectedly).run()
    (error,) = at.error
    assert re.search(r"CV-900-[0-9a-f]{8}", error.value)
    assert not re.search(r"secret|KeyError|Traceback|/", error.value)
    assert not at.exception


def test_the_log_has_the_error_under_the_code_that_was_shown(caplog):
    with caplog.at_level(logging.ERROR, "countviz"):
        at = AppTest.from_function(fail_unexpectedly).run()
    code = re.search(r"CV-900-\w+", at.error[0].value)[0]
    (record,) = [one for one in caplog.records if one.name == "countviz"]
    assert record.getMessage() == code
    assert record.exc_info[0] is KeyError


def notify_of_texts():
    import streamlit as st

    from countviz.web.show import notify

    notify([])
    notify(["one [a](b)", "two <b>"])
    st.write("end")


def test_notices_are_plain_text_and_none_is_shown_for_nothing():
    at = AppTest.from_function(notify_of_texts).run()
    assert [one.value for one in at.text] == ["one [a](b)\ntwo <b>"]
