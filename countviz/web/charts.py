"""How a page shows a figure: its question above, the answer below and as its description."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import streamlit as st

from countviz.figures.theme import THEMES, Figure, Theme
from countviz.web.show import escape, offer_table

if TYPE_CHECKING:
    import pandas as pd

_WITH_TOOLS = {"displayModeBar": True, "modeBarButtons": [["pan2d", "select2d", "lasso2d"]]}


def current_theme() -> Theme:
    """Return the theme that the browser shows; the light one before it has said which."""
    return THEMES["dark" if st.context.theme.type == "dark" else "light"]


def show_figure(
    figure: Figure,
    title: str,
    sentence: str,
    key: str,
    *,
    table: Callable[[], "pd.DataFrame"] | None = None,
    selects: bool = False,
) -> list[str]:
    """Show a figure below its title and above the sentence that it makes plain.

    Parameters
    ----------
    figure, title, sentence
        The sentence is what a screen reader reads; no figure goes without.
    key
        Of the element.
    table
        Returns the numbers behind the figure, which are then offered beside the title.
    selects
        Whether points can be chosen, by a click, a box or a lasso; then what the chosen ones carry
        as their ``customdata`` is returned.

    """
    with st.container(key=f"{key}-figure"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.subheader(title, anchor=False)
            if table is not None:
                _offer_data(table, key)
        event = st.plotly_chart(
            figure,
            key=key,
            theme=None,
            alt=sentence,
            config=_WITH_TOOLS if selects else {"displayModeBar": False},
            on_select="rerun" if selects else "ignore",
        )
        st.caption(escape(sentence))
    points = event.selection.points if selects else []
    return [said for point in points if isinstance(said := point.get("customdata"), str)]


def _offer_data(table: Callable[[], "pd.DataFrame"], key: str) -> None:
    popover = st.popover("Data", key=f"{key}-data", type="tertiary", on_change="rerun")
    if popover.open:
        with popover:
            offer_table(table().to_dict("list"), f"{key}.csv")
