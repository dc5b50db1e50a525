"""Saturation: how far on are the gates?"""

import streamlit as st

from countviz.traces import WHOLE
from countviz.web import inside, saturation_panels, show

page = inside.open_page(at_most=WHOLE)
show.notify(saturation_panels.unknown_values(page))
st.header("How far on are the gates?", anchor=False)
answer = st.container(key="answer")
unit = saturation_panels.choose_unit(page)

saturation = saturation_panels.measure(page, unit)
if saturation is None:
    st.stop()
with answer:
    st.markdown(show.escape(saturation.sentence()))

saturation_panels.show_strips(page, saturation)
saturation_panels.show_heat(page, saturation)
saturation_panels.show_bounds(page, saturation)
with st.container():
    seeds = saturation_panels.measure_seeds(page)
saturation_panels.show_ends(page, saturation, seeds)
if seeds is not None or page.model.spec.units > 1:
    gate = saturation_panels.choose_gate(page)
    saturation_panels.show_seeds(page, seeds, gate)
    saturation_panels.show_units(page, gate)
