"""What the page of seeds shows: of which families, at which epoch; all of it stands in the URL."""

from collections.abc import Mapping, Sequence

import streamlit as st

from countviz.families import Family
from countviz.models import Training
from countviz.published_sets import PEAKS

MOST_FAMILIES = 4
FIRST_FAMILIES = ("lstm1-dyck1", "gru1-dyck1", "relu1-dyck1")
BEST = "best"
SHOWN = 6  # seeds a page
USUAL_PEAK = 500
OUTCOMES = ("all", "learned", "did not learn")


def trained_counters(families: Mapping[str, Family]) -> dict[str, Family]:
    """Return the families of Dyck-1 that were trained, by name."""
    return {
        name: family
        for name, family in families.items()
        if family.spec.language == "dyck1" and isinstance(family.spec.recipe, Training)
    }


def find_families(
    names: Sequence[str], counters: Mapping[str, Family]
) -> tuple[tuple[Family, ...], tuple[str, ...]]:
    """Return the families of these names, at most four, and a sentence for each problem."""
    found: dict[str, Family] = {}
    problems: list[str] = []
    for name in names:
        if name not in counters:
            there = ", ".join(counters) or "none"
            problems.append(f"no family of bracket counters named {name[:80]}; there are: {there}")
        elif len(found) == MOST_FAMILIES and name not in found:
            problems.append(f"{name} is one too many: up to {MOST_FAMILIES} families are shown")
        else:
            found[name] = counters[name]
    return tuple(found.values()), tuple(problems)


def families_of(library: Mapping[str, Family]) -> tuple[tuple[Family, ...], tuple[str, ...]]:
    """Return the families that the URL names, or the first ones, and a sentence a problem."""
    counters = trained_counters(library)
    if not counters:
        return (), ("There are no trained bracket counters here to compare.",)
    wanted = st.query_params.get("families")
    first = [name for name in FIRST_FAMILIES if name in counters] or list(counters)[:1]
    names = [part for part in wanted.split(",") if part] if wanted is not None else first
    families, problems = find_families(names, counters)
    return families or find_families(first, counters)[0], problems


def set_families(names: Sequence[str]) -> None:
    """Write the names of the chosen families into the URL."""
    st.query_params["families"] = ",".join(names)


def epochs_of(families: Sequence[Family]) -> list[str]:
    """Return what the epoch may be: the best, or one that all of the families keep."""
    shared = set.intersection(*(set(family.epochs) for family in families))
    return [BEST, *map(str, sorted(shared))]


def seeds_of(families: Sequence[Family]) -> list[int]:
    """Return the seeds that any of the families has."""
    return sorted(set().union(*(family.seeds for family in families)))


def choose_peak() -> int:
    """Show which of the published zigzag strings there are, and return how deep the chosen one."""
    n = st.segmented_control(
        "Brackets up to each peak",
        PEAKS[::-1],
        default=USUAL_PEAK,
        required=True,
        key="n",
        bind="query-params",
    )
    return int(n)


def unknown_values(families: Sequence[Family]) -> tuple[str, ...]:
    """Return a sentence for each value in the URL that its widget cannot take."""
    if not families:
        return ()
    pages = -(-len(seeds_of(families)) // SHOWN)
    allowed = {
        "epoch": epochs_of(families),
        "page": list(map(str, range(1, pages + 1))),
        "n": list(map(str, PEAKS)),
        "outcome": list(OUTCOMES),
    }
    return tuple(
        f"no {key} {value[:80]!r} here; there are: {shorten(values)}"
        for key, values in allowed.items()
        if (value := st.query_params.get(key)) is not None and value not in values
    )


def shorten(values: Sequence[str], most: int = 12) -> str:
    """Return a list in words; of a long one its beginning and its end."""
    return ", ".join(values if len(values) <= most else [*values[: most - 2], "…", values[-1]])


def choose(families: Sequence[Family], library: Mapping[str, Family]) -> int | None:
    """Show what chooses families and epoch; return the epoch, None for each seed's best."""
    epoch = st.select_slider(
        "After which epoch?",
        epochs_of(families),
        key="epoch",
        bind="query-params",
        help="Best: each seed's own, with its lowest validation loss.",
        width=200,
    )
    _choose_families([family.name for family in families], list(trained_counters(library)))
    return None if epoch == BEST else int(epoch)


def _choose_families(shown: list[str], names: list[str]) -> None:
    popover = st.popover("Families", key="families-popover", on_change="rerun")
    if not popover.open:
        return
    st.session_state["families-shown"] = shown

    def change() -> None:
        set_families(st.session_state["families-shown"][:MOST_FAMILIES] or shown)

    with popover:
        st.pills(
            f"Up to {MOST_FAMILIES} families",
            names,
            selection_mode="multi",
            key="families-shown",
            on_change=change,
        )


def choose_columns(families: Sequence[Family]) -> tuple[int, ...]:
    """Show which of the seeds are shown, six a page, and return them; the last page is full."""
    seeds = seeds_of(families)
    pages, page = -(-len(seeds) // SHOWN), 1
    if pages > 1:
        page = st.pagination(pages, key="page", bind="query-params")
    first = max(0, min(SHOWN * (page - 1), len(seeds) - SHOWN))
    return tuple(seeds[first : first + SHOWN])
