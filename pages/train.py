"""Train: how do a hundred seeds learn to count?"""

import streamlit as st

from countviz.jobs import Queue
from countviz.models import Training
from countviz.web import show, string_sets, training_bar, training_form, training_view

queue = Queue()
job, kept, problems = training_view.find_jobs(queue)

head = st.container(horizontal=True, vertical_alignment="bottom")
said = head.container()
with st.container(key="train-shown" if job else "train-empty"):
    left, right = st.columns([268, 908], gap="medium")
with left, st.container(key="train-form"):
    training_form.show_fields(job and job.order)
    order, wrong = training_form.read_order()
    started = st.button(
        "Start again" if job else "Start", key="start", type="primary", width="stretch"
    )
    if started and order is not None:
        training_view.submit(queue, order)
        st.rerun()
    show.notify(wrong)
    st.caption(show.escape(training_form.describe_queue(queue)))

with said:
    st.header("How do a hundred seeds learn to count?", anchor=False)
    with st.container(key="answer"):
        answer = st.empty()
    show.notify(problems)
    training_bar.show_refusal()
if order is not None:
    with head:
        string_sets.offer_strings(order.spec)
with right, st.container(key="train-right"):
    if job is None:
        answer.markdown("Pick a preset and press Start: nothing is trained yet.")
        training_view.show_nothing(order.spec.recipe if order else Training())
    else:
        training_view.show_training(queue, job, kept, answer)
