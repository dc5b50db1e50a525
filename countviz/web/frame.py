"""The frame around every page: the window's title, the style, the menu."""

from pathlib import Path

import streamlit as st

PAGES = Path(__file__).resolve().parents[2] / "pages"
STYLE = Path(__file__).with_name("style.css").read_text(encoding="utf-8")

st.set_page_config(page_title="countviz", page_icon="🧮", layout="wide")
st.html(f"<style>{STYLE}</style><div class='countviz-brand'>countviz</div>")
page = st.navigation(
    [
        st.Page(PAGES / "watch.py", title="Watch", url_path="watch", default=True),
        st.Page(PAGES / "seeds.py", title="Seeds", url_path="seeds"),
        st.Page(PAGES / "train.py", title="Train", url_path="train"),
    ],
    position="top",
)
page.run()
