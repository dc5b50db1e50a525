"""The frame around every page: the window's title, the style, the menu."""

from pathlib import Path

import streamlit as st

from countviz.languages.text import TooLong
from countviz.web import choices, show
from countviz.web.turns import take_turn

PAGES = Path(__file__).resolve().parents[2] / "pages"
STYLE = Path(__file__).with_name("style.css").read_text(encoding="utf-8")

st.set_page_config(page_title="countviz", page_icon="🧮", layout="wide")
st.html(f"<style>{STYLE}</style><div class='countviz-brand'>countviz</div>")
MENU = (
    "watch",
    "why",
    "trajectories",
    "saturation",
    "drift",
    "weights",
    "memory",
    "seeds",
    "train",
    "freezing",
)
page = st.navigation(
    [
        st.Page(PAGES / f"{name}.py", title=name.title(), url_path=name, default=name == MENU[0])
        for name in MENU
    ],
    position="top",
)
looks = page.url_path not in ("seeds", "train", "freezing")  # at some models on one string
with take_turn():
    if looks:
        choices.take_over(page.url_path)
    try:
        page.run()
    except TooLong as problem:  # for a memory that takes its time
        show.notify([str(problem)])
    finally:  # a page may stop early
        if looks:
            choices.leave_behind(page.url_path)
