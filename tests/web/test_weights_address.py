"""Changed weights in an address: read back as written, and never taken at their word."""

import pytest
from streamlit.testing.v1 import AppTest


def show():
    import streamlit as st

    from countviz.analysis import list_weights
    from countviz.exact import exact_lstm
    from countviz.web.weights_address import read_changed

    changed, problems = read_changed(exact_lstm())
    st.text("\n".join(problems))
    st.json({one.code: one.value for one in list_weights(changed)})


def write():
    import math

    import streamlit as st

    from countviz.analysis.weights.unit_weights import change_weights, find_changes
    from countviz.exact import exact_lstm
    from countviz.web.weights_address import read_changed, write_changed

    wanted = {"fb": 17.0, "gh": -math.pi, "oh": 1e-300, "y1w": 123456.789, "i0": 1 / 3}
    write_changed(exact_lstm(), change_weights(exact_lstm(), wanted))
    changed, problems = read_changed(exact_lstm())
    st.text(str(find_changes(exact_lstm(), changed) == wanted and not problems))
    write_changed(exact_lstm(), exact_lstm())
    st.text(str("w" in st.query_params))


def visit(script, **address):
    at = AppTest.from_function(script)
    at.query_params.update(address)
    at.run()
    assert not at.exception
    return at


def test_what_is_written_is_read_again_to_the_last_digit():
    assert [one.value for one in visit(write).text] == ["True", "False"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ""),
        ("fb:17", "is no change of weights; w="),
        ("<script>alert(1)</script>", "is no change of weights"),
        ("__SHA__~fb", "is no change of weights"),
        ("__SHA__~fb:nan", "is no change of weights"),
        ("__SHA__~fb:inf", "is no change of weights"),
        ("__SHA__~fb:1e400", "fb cannot be inf"),
        ("__SHA__~fb:1e-400", ""),
        ("__SHA__~fb:1e300", "cannot be"),
        ("__SHA__~fb:9999999", "fb cannot be 1e+07; a number within ±1,000,000 can"),
        ("__SHA__~hh:1", "has no weight 'hh'; there are: i0, i1, ih, ib, f0"),
        ("__SHA__~y9w:1", "has no weight 'y9w'"),
        ("__SHA__~fb:1,", "is no change of weights"),
        ("__SHA__~" + "fb:1," * 400 + "fb:1", "is no change of weights"),
        ("abcdef~fb:1", "The weights in the address change another model than exact-lstm."),
    ],
)
def test_a_hostile_value_is_answered_and_changes_nothing(text, words):
    from countviz.exact import exact_lstm

    at = visit(show, w=text.replace("__SHA__", exact_lstm().weights_sha256[:6]))
    assert words in at.text[0].value
    assert bool(words) == bool(at.text[0].value)
