"""From chosen seeds to Watch: a button that opens up to four of them on one string."""

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from countviz.analysis.seeds.luck import Luck
from countviz.web.choices import FIRST_STRING, MOST_MODELS
from countviz.web.show import escape

_WATCH = Path(__file__).resolve().parents[2] / "pages" / "watch.py"


def offer_watch(addresses: Sequence[str], luck: Luck, how: str, key: str) -> None:
    """Offer to watch the models at some addresses; `how` says how to choose some.

    They are opened on the shortest nested string that fools one of them.
    """
    chosen = list(dict.fromkeys(addresses))
    shown = chosen[:MOST_MODELS]
    with st.container(horizontal=True, vertical_alignment="center", key=f"watch-{key}"):
        pressed = st.button(
            "Watch these", key=f"watch-{key}-button", type="primary", disabled=not shown
        )
        more = f"{len(chosen):,} chosen, the first {MOST_MODELS} are opened: "
        named = (more if len(chosen) > MOST_MODELS else "") + ", ".join(shown)
        st.caption(escape(named or how), width="content")
    if pressed:
        string = luck.find_fooling(shown) or FIRST_STRING
        st.switch_page(_WATCH, query_params={"models": ",".join(shown), "s": string})
