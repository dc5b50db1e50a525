"""Freezing: does a network with a stack generalise better if a part of it is left as drawn?"""

import streamlit as st

from countviz.web import freezing_panels, freezing_tables, show

st.header("Does a frozen memory generalise better?", anchor=False)
said = st.container(key="answer")
found = freezing_panels.find()
if found is None:
    st.stop()
said.markdown(show.escape(freezing_panels.answer(found)))
with st.container(horizontal=True, vertical_alignment="top", key="freezing-choices"):
    task, measure = freezing_panels.choose_task(), freezing_panels.choose_measure()

freezing_panels.show_seeds(found, task, measure)
freezing_panels.show_curves(found, task, measure)
freezing_tables.show_table(found, task, measure)
freezing_tables.show_claims(found)
freezing_panels.show_differences(found)
freezing_panels.show_counters(found)
freezing_tables.show_protocol(found)
