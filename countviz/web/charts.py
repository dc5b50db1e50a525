"""How a page shows a figure: its question above, the answer below and as its description.

Beside the question stands what can be taken along: the numbers, the figure as a page of its own or
as a picture, and the command that makes it again.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

import streamlit as st

from countviz.figures.theme import THEMES, Figure, Theme, to_page
from countviz.web.show import escape, offer_table

if TYPE_CHECKING:
    import pandas as pd

_TOOLS = ["pan2d", "select2d", "lasso2d"]
PICTURES = ("svg", "png")


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
    command: str = "",
    selects: Literal["", "points", "boxes"] = "",
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
    command
        What makes the figure again in a terminal.
    selects
        How points can be chosen, if at all: by a click, or also by a box and a lasso. What the
        chosen ones carry as their ``customdata`` is returned.

    """
    with st.container(key=f"{key}-figure"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.subheader(title, anchor=False)
            picture = _offer(figure, sentence, key, table, command)
        event = st.plotly_chart(
            figure.unchecked(),
            key=key,
            theme=None,
            alt=sentence,
            config={
                "displayModeBar": True if selects == "boxes" else "hover",
                "modeBarButtons": [_TOOLS if selects == "boxes" else [], ["toImage"]],
                "toImageButtonOptions": {"format": picture, "filename": key, "scale": 2},
                "displaylogo": False,
            },
            on_select="rerun" if selects else "ignore",
            selection_mode=("points", "box", "lasso") if selects == "boxes" else "points",
        )
        st.caption(escape(sentence))
    points = event.selection.points if selects else []
    return [said for point in points if isinstance(said := point.get("customdata"), str)]


def _offer(
    figure: Figure,
    sentence: str,
    key: str,
    table: Callable[[], "pd.DataFrame"] | None,
    command: str,
) -> str:
    """Offer what can be taken along; return the kind of picture that the camera takes."""
    with st.popover("Data", key=f"{key}-data", type="tertiary", on_change="rerun") as popover:
        if not popover.open:
            return st.session_state.get(f"{key}-kind", PICTURES[0])
        if table is not None:
            offer_table(table().to_dict("list"), f"{key}.csv")
        theme = current_theme()
        st.download_button(
            "Download as a page",
            lambda: to_page(figure.to_plotly(), sentence, theme),
            f"{key}.html",
            "text/html",
            key=f"{key}-page",
        )
        kind = st.segmented_control(
            "The camera at the figure's corner takes a picture of this kind:",
            PICTURES,
            default=PICTURES[0],
            required=True,
            key=f"{key}-kind",
        )
        if command:
            st.caption("The same in a terminal:")
            st.code(command, language=None, wrap_lines=True)
    return kind


def say_instead(title: str, reason: object) -> None:
    """Say why there is no figure: a sentence, or an error that holds one."""
    text = str(reason)
    st.subheader(title, anchor=False)
    st.caption(escape(f"{text[0].upper()}{text[1:]}{'' if text.endswith('.') else '.'}"))
