"""Before and after a change of weights, side by side: what was foretold and what was measured."""

import streamlit as st

from countviz.analysis.drift.prediction import DEEPEST_FORETOLD, Prediction
from countviz.analysis.weights.effect import Effect, Side


def show_sides(effect: Effect) -> None:
    """Show the measures of a model, and beside them those of what changing it made of it."""
    sides = {"now": effect.after}
    if effect.changed:
        sides = {"before": effect.before, "changed": effect.after}
    rows = {name: _tell(side) for name, side in sides.items()}
    names = list(next(iter(rows.values())))
    with st.container(key="sides"):
        st.table({"": names} | {name: list(row.values()) for name, row in rows.items()})
        if effect.after.horizon is not None:
            st.caption(
                "The zigzags are the ten published ones of 2,000 brackets; a model that always "
                f"answers “open” has {effect.constant:,.0f} there."
            )


def _foretell(prediction: Prediction) -> str:
    """Return how deep a model should nest."""
    if not prediction.can_foretell:
        return "nothing to go by"
    depth = prediction.foretold_depth
    return f"≥ {DEEPEST_FORETOLD:,}" if depth is None else f"{depth - 1:,}"


def _tell(side: Side) -> dict[str, str]:
    """Return the measures of one side in words."""
    said = {"on this string": side.say_failure()}
    if side.ability is not None:
        said["nests, foretold"] = _foretell(side.ability.prediction)
        said["nests, measured"] = side.horizon.short()
        said["mean first failure on zigzags"] = f"{side.ability.mean_fpf:,.0f}"
    return said
