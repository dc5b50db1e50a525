"""The pair that says how far a model can be trusted: right on every string up to, wrong on one."""

import streamlit as st

from countviz.analysis.failure.horizon import Horizon, find_horizon
from countviz.models import Model
from countviz.web import background
from countviz.web.show import escape
from countviz.words import count_nouns

WATCHED = 2_000  # symbols of a failing string that are put into the string bar


def show_horizon(model: Model, precision: str) -> None:
    """Show a model's horizon as a card: two claims with their badges, and the failing string."""

    def work() -> Horizon:
        return find_horizon(model, precision)

    with st.container(key="horizon"):
        st.subheader("What is the shortest string that fools it?", anchor=False)
        key = f"horizon {model.name} {model.weights_sha256} {precision}"
        found = background.compute(key, work, "Trying every short string")
        if found is not None:
            _show(found)


def _show(found: Horizon) -> None:
    if found.certified_length:
        up_to = count_nouns(found.certified_length, found.noun).replace(" ", "** ", 1)
        st.markdown(f"Right on **every** string of up to **{up_to} :gray-badge[proved]")
    if found.failing_string is None:
        st.markdown("None that fools it was found :gray-badge[not certified beyond]")
    else:
        badge = "checked: no shorter one exists" if found.settled else "checked"
        wrong = f"Wrong on this string of **{found.shortest_failing_length:,}**"
        st.markdown(f"{wrong} :gray-badge[{badge}]")
        st.code(found.failing_string, language=None, wrap_lines=True)
        if len(found.failing_string) <= WATCHED:
            st.button("Put it into the string bar", on_click=_take, args=[found.failing_string])
    st.caption(escape(f"{found.sentence()} In {found.precision}; rests on: {found.engine}."))


def _take(string: str) -> None:
    st.session_state["s"] = string
    st.query_params.pop("at", None)
