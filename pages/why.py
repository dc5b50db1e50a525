"""Why: when was it already lost?"""

import streamlit as st

from countviz.traces import WHOLE
from countviz.web import horizon_card, inside, show, why_panels

page = inside.open_page(at_most=WHOLE)
show.notify(why_panels.list_problems(page))
lost = why_panels.find_loss(page)
page = why_panels.place_cursor(page, lost)

st.header("When was it already lost?", anchor=False)
with st.container(key="answer"):
    st.markdown(show.escape(lost.sentence(f"{page.label[0].upper()}{page.label[1:]}")))
left, right = st.columns([13, 8], gap="large")
with left:
    why_panels.show_corridor(page, lost)
    inside.choose_at(page)
with right:
    why_panels.show_step(page, lost)
    why_panels.show_diagnosis(page)

left, right = st.columns(2, gap="large")
with left:
    why_panels.show_round_trip(page)
with right:
    horizon_card.show_horizon(page.model, page.precision)
