"""Trajectories: how does the state of a model move while it counts?"""

import streamlit as st

from countviz.web import inside, trajectory_bar, trajectory_panels
from countviz.web.show import escape

page = inside.open_page(at_most=1_000_000)
st.header("How does its state move?", anchor=False)
answer = st.container(key="answer")
view = trajectory_bar.choose(page)

trajectory = trajectory_panels.follow(page, view)
if trajectory is None:  # it is being followed, and the page comes back
    st.stop()
answer.markdown(escape(f"{page.label}: {trajectory.answer(view.unit)}"))
trajectory_panels.show_trajectory(page, view, trajectory)
inside.choose_at(page)
trajectory_bar.choose_stretch(page, view)

left, right = st.columns(2, gap="large")
with left:
    trajectory_panels.show_plane(page, view)
with right:
    trajectory_panels.show_cobweb(page, view)
trajectory_panels.show_matches(page, view)
trajectory_panels.show_seeds(page)
