"""Memory: what does its stack hold, and does freezing change it?"""

import streamlit as st

from countviz.traces import WHOLE
from countviz.web import choices, inside, memory_panels, show

page = inside.open_page(at_most=WHOLE, usual=choices.FIRST_STACKS)
show.notify(memory_panels.list_problems(page))
if page.model.spec.memory is None:
    memory_panels.offer_memories(page)
    st.stop()

st.header("What does its stack hold?", anchor=False)
said = st.container(key="answer")
with st.container(horizontal=True, vertical_alignment="bottom", key="memory-bar"):
    actions = memory_panels.choose_actions()
    other = memory_panels.choose_beside(page)
models = [page.model] if other is None else [page.model, other]
pictures = [memory_panels.measure(page, model, actions) for model in models]
with said:
    st.markdown(show.escape(memory_panels.answer(pictures, page.noun)))

for column, picture, key in zip(
    st.columns(len(models), gap="large"), pictures, ("stack", "stack-beside"), strict=False
):
    with column:
        memory_panels.show_stack(page, picture, key)
inside.choose_at(page)
memory_panels.show_forgetting(page, models, actions)
memory_panels.show_parts(models)
