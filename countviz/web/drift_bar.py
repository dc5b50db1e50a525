"""What can be chosen on Drift: how a count is read, and which strings get longer and longer."""

from dataclasses import dataclass

import streamlit as st

from countviz.analysis import ReadOut
from countviz.analysis.drift.drift import READINGS
from countviz.analysis.drift.string_families import STRING_FAMILIES
from countviz.languages.text import PAGE_LIMIT
from countviz.web.choices import unknown_values
from countviz.web.inside import Inside
from countviz.web.show import notify

READ_AS = ("automatic", *(name.replace("-", " ") for name in READINGS))  # as a person reads it
GOOD_FIT = 0.98  # R² from which a count that is fitted to the state is shown without being asked
PEAKS = (1, 2, 5, 10, 20, 50, 100, 200, 500)
DRAWS = (5, 10, 20, 50)
SEEDS = tuple(range(10))
USUAL_PEAK, USUAL_DRAWS = 10, 10
NAMED = ("nested-1000", "zigzag-10x50", "flat-1000", "random-1000-0", "random-1000000-0")


@dataclass(frozen=True, kw_only=True)
class Strings:
    """The strings that get longer: their family, and what a zigzag and a random one need."""

    family: str
    peak: int
    draws: int
    seed: int


def choose_reading(page: Inside, table: ReadOut) -> str:
    """Show how a count can be read, and return what is chosen, as far as the string allows it.

    Left to itself, the page reads the state where that is a count, and else the closes-left count.
    """
    chosen = st.segmented_control(
        "How the count is read",
        READ_AS,
        default=READ_AS[0],
        required=True,
        key="reading",
        bind="query-params",
        help="State: by construction, or by a linear fit to the state. "
        "Closes left: how many closing symbols the model still accepts. "
        "Automatic: the state, unless the fit is poor.",
    )
    state, closes_left = READINGS
    if len(page.string) > PAGE_LIMIT:
        if chosen == READ_AS[-1]:
            notify([f"Closes left is counted up to {PAGE_LIMIT:,} symbols; the state is read."])
        return state
    if chosen == READ_AS[0]:
        return state if table.r_squared is None or table.r_squared >= GOOD_FIT else closes_left
    return READINGS[READ_AS.index(chosen) - 1]


def offer_strings(page: Inside) -> None:
    """Offer strings by name for the bar above."""
    if page.language.name != "dyck1":
        return
    with st.container(horizontal=True, key="drift-strings", gap="small"):
        for name in NAMED:
            st.button(name, key=f"take-{name}", type="tertiary", on_click=_take, args=[name])


def _take(name: str) -> None:
    st.session_state["s"] = name
    st.query_params.pop("at", None)


def choose_strings() -> Strings:
    """Show the families of strings, and what the chosen one needs."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="drift-bar"):
        family = st.segmented_control(
            "Strings that get longer",
            STRING_FAMILIES,
            default=STRING_FAMILIES[0],
            required=True,
            key="family",
            bind="query-params",
            help="Nested: one peak. Zigzag: peaks of one height. Flat: ()()(). "
            "Random: drawn uniformly.",
        )
        peak, draws, seed = USUAL_PEAK, USUAL_DRAWS, 0
        if family == "zigzag":
            peak = _slide("Height of the peaks, in brackets", PEAKS, USUAL_PEAK, "peak")
        elif family == "random":
            draws = _slide("Strings of each length", DRAWS, USUAL_DRAWS, "draws")
            seed = _slide("Seed of the strings", SEEDS, 0, "draw")
    return Strings(family=family, peak=peak, draws=draws, seed=seed)


def _slide(label: str, values: tuple[int, ...], usual: int, key: str) -> int:
    chosen = st.select_slider(
        label, list(map(str, values)), str(usual), key=key, bind="query-params", width=240
    )
    return int(chosen)


def unknown_choices() -> tuple[str, ...]:
    """Return a sentence for each value in the URL that a widget of this page cannot take."""
    numbers = {"peak": PEAKS, "draws": DRAWS, "draw": SEEDS}
    allowed = {key: tuple(map(str, values)) for key, values in numbers.items()}
    return unknown_values({"reading": READ_AS, "family": STRING_FAMILIES, **allowed})
