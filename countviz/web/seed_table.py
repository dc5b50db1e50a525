"""All seeds as a table: sorted by a click on a heading, filtered by outcome, offered as CSV."""

import streamlit as st

from countviz.analysis.seeds.endurance import Endurance
from countviz.web.family_bar import OUTCOMES
from countviz.web.seed_reports import tabulate

_FORMATS = {
    "right on validation": "percent",
    "validation loss": "%.1e",
    "mean first point of failure": "%.0f",
}


def show_table(endurance: Endurance) -> list[str]:
    """Show a row a seed, and return the addresses of the rows that are chosen."""
    st.subheader("Which seed did what?", anchor=False)
    with st.container(horizontal=True, vertical_alignment="center", key="table-bar"):
        outcome = st.segmented_control(
            "Outcome",
            OUTCOMES,
            default=OUTCOMES[0],
            required=True,
            key="outcome",
            bind="query-params",
            label_visibility="collapsed",
        )
        table = tabulate(endurance)
        if outcome != OUTCOMES[0]:
            table = table[table["learned"] == (outcome == OUTCOMES[1])]
        csv = table.to_csv(index=False)
        st.download_button("Download CSV", csv, "seeds.csv", "text/csv", on_click="ignore")
    rows = st.dataframe(
        table,
        key=f"seeds-{outcome}",
        hide_index=True,
        height=320,
        on_select="rerun",
        selection_mode="multi-row",
        column_config={
            name: st.column_config.NumberColumn(format=form) for name, form in _FORMATS.items()
        },
    ).selection.rows
    st.caption(
        f"{len(table):,} of {endurance.luck.seeds:,} seeds. A click on a heading sorts, a click "
        "at the left end of a row chooses it. The horizon and the mean first point of failure are "
        "measured in float32."
    )
    return [str(table["model"].iloc[row]) for row in rows if row < len(table)]
