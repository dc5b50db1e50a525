"""Weights: what would make it count exactly?"""

import streamlit as st

from countviz.analysis import check_exactness
from countviz.analysis.weights.unit_weights import has_sliders
from countviz.web import cache, inside, show, weights_panels
from countviz.web.weights_address import read_changed
from countviz.web.weights_sliders import (
    choose_weights,
    offer_changed,
    offer_snaps,
    offer_undoing,
    unknown_groups,
)
from countviz.web.weights_table import show_sides

page = inside.open_page(at_most=2_000)
alone = has_sliders(page.model)
changed, problems = read_changed(page.model)
unknown = unknown_groups(page.model) if alone else ()
show.notify([*problems, *unknown, *weights_panels.unknown_slip(page)])

now = cache.measure(check_exactness, changed, page.precision)
effect = weights_panels.measure_change(page, changed)
st.header("What would make it count exactly?", anchor=False)
with st.container(key="answer"):
    st.markdown(f"{show.escape(now.sentence())} :gray-badge[{now.badge}]")

left, right = st.columns([13, 10], gap="large")
with left:
    weights_panels.show_checklist(page, changed, now)
    if alone:
        offer_snaps(page.model, changed, now)
    weights_panels.show_effect(page, effect)
    weights_panels.show_intervention(page, changed)
with right, st.container(key="sliders-figure"):
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader("What if a weight were different?", anchor=False)
        if alone:
            offer_changed(page.model, changed)
    if alone:
        choose_weights(page.model, changed)
        offer_undoing(possible=changed is not page.model)
    else:
        has = page.model.spec.units if page.model.spec.memory is None else "a memory too"
        st.caption(show.escape(f"Sliders are for one unit; {page.label} has {has}."))
with right:
    show_sides(effect)
    weights_panels.show_indicators(page)
