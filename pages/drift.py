"""Drift: how far is the count off, where, and on strings of which length?"""

import streamlit as st

from countviz.languages.text import COMMAND_LIMIT
from countviz.web import drift_bar, drift_panels, inside
from countviz.web.show import escape, notify

page = inside.open_page(at_most=COMMAND_LIMIT)
notify(drift_bar.unknown_choices())
st.header("How far off does the count drift?", anchor=False)
answer = st.container(key="answer")
left, right = st.columns([13, 10], gap="large")

with left:
    reading = drift_bar.choose_reading(page, drift_panels.read(page))
    along = drift_panels.follow(page, reading)
    drift_panels.show_along(page, along)
    inside.choose_at(page)
    drift_bar.offer_strings(page)
answer.markdown(escape(f"{page.label}: {along.answer()}"))
with right:
    drift_panels.show_read_out(page)
if page.language.name != "dyck1":
    st.info(
        f"{page.label} reads {page.language.title}. How drift grows with length and depth is "
        "measured on nested, zigzag, flat and random strings of Dyck-1."
    )
    st.stop()
with right:
    drift_panels.show_prediction(page)

drift_panels.show_by_length(page, drift_bar.choose_strings(), reading)
