"""The weights of a one-unit model on sliders, gate by gate; what is changed stands in the URL."""

from collections.abc import Callable

import streamlit as st

from countviz.analysis import snap_to_exact
from countviz.analysis.weights.exactness import Exactness
from countviz.analysis.weights.unit_weights import (
    READ_OUT,
    Weight,
    change_weights,
    find_changes,
    list_weights,
    name_groups,
)
from countviz.models import Model
from countviz.web.choices import unknown_values
from countviz.web.show import escape
from countviz.web.weights_address import KEY, write_changed
from countviz.weight_files import write_arrays

_GATED, _PLAIN = 50.0, 2.0  # how far sliders reach at least: a saturated gate, a recurrent weight
_STEPS = 1_000


def unknown_groups(model: Model) -> tuple[str, ...]:
    """Return a sentence if the URL names a gate that a one-unit model does not have."""
    return unknown_values({"gate": list(name_groups(model))})


def choose_weights(model: Model, changed: Model) -> None:
    """Show a slider and a field for every weight of one gate; a change of one is written down."""
    names = name_groups(model)
    key, wanted = f"gate-{model.spec.cell}", st.query_params.get("gate")
    st.session_state[key] = wanted if wanted in names else next(iter(names))

    def look() -> None:
        st.query_params["gate"] = st.session_state[key]

    group = st.segmented_control(
        "Which weights",
        list(names),
        format_func=lambda one: names[one],
        required=True,
        key=key,
        on_change=look,
        label_visibility="collapsed",
    )
    before = {one.code: one.value for one in list_weights(model)}
    for weight in list_weights(changed):
        if weight.group == group:
            _choose(model, changed, weight, before[weight.code])


def _choose(model: Model, changed: Model, weight: Weight, before: float) -> None:
    reach = _find_reach(model, weight, before)
    keys = f"slide-{weight.code}", f"type-{weight.code}"
    for key in keys:
        st.session_state[key] = weight.value

    def take(key: str) -> None:
        value = st.session_state[key]
        if value is not None:
            write_changed(model, change_weights(changed, {weight.code: value}))

    moved = "" if weight.value == before else f" (was {before:.4g})".replace("-", "\N{MINUS SIGN}")
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        _show_both(weight, reach, keys, f"{weight.name}{moved}", take)


def _show_both(
    weight: Weight,
    reach: float,
    keys: tuple[str, str],
    label: str,
    take: Callable[[str], None],
) -> None:
    """Show one weight as a slider, and beside it as a number with all its digits."""
    st.slider(
        escape(label),
        -reach,
        reach,
        step=reach / _STEPS,
        format="%.4g",
        key=keys[0],
        on_change=take,
        args=[keys[0]],
    )
    st.number_input(
        escape(f"{weight.name}, as a number"),
        step=None,
        format="%.6g",
        key=keys[1],
        on_change=take,
        args=[keys[1]],
        label_visibility="collapsed",
        width=128,
    )


def _find_reach(model: Model, weight: Weight, before: float) -> float:
    """Return how far to either side of 0 a slider reaches; it stays the same while it is moved."""
    least = _GATED if len(model.cell.gates) > 1 or weight.group == READ_OUT else _PLAIN
    reach = max(2 * abs(before), least)
    while abs(weight.value) > reach:
        reach *= 2
    return float(f"{reach:.1g}") if float(f"{reach:.1g}") >= reach else float(f"{2 * reach:.1g}")


def offer_snaps(model: Model, changed: Model, now: Exactness) -> None:
    """Show a button for every condition that is not met, and one for all of them."""
    unmet = [one for one in now.conditions if not one.met]
    if not unmet:
        return

    def snap(*keys: str) -> None:
        snapped = changed
        for key in keys:
            snapped = snap_to_exact(snapped, key, now.precision)
        write_changed(model, snapped)

    st.caption("Make one condition exact, and leave the other weights alone:")
    with st.container(horizontal=True, gap="small", key="snaps"):
        for one in unmet:
            st.button(
                escape(one.name),
                key=f"snap-{one.key}",
                help=one.meaning,
                on_click=snap,
                args=[one.key],
            )
        keys = [one.key for one in now.conditions]
        st.button("All of them", key="snap-all", type="primary", on_click=snap, args=keys)


def offer_changed(model: Model, changed: Model) -> None:
    """Offer the changed weights as a file and as code."""
    popover = st.popover("Take along", key="weights-code", type="tertiary", on_change="rerun")
    if not popover.open:
        return
    with popover:
        st.download_button(
            "Download .safetensors",
            write_arrays(changed.parameters),
            "weights.safetensors",
            key="weights-file",
            on_click="ignore",
        )
        st.caption("The same weights in Python:")
        st.code(_write_code(model, find_changes(model, changed)), "python", wrap_lines=True)


def offer_undoing(*, possible: bool) -> None:
    """Offer to go back to the weights that the model has."""
    st.button(
        "Undo all changes",
        key="weights-reset",
        disabled=not possible,
        on_click=lambda: st.query_params.pop(KEY, None),
    )


def _write_code(model: Model, changes: dict[str, float]) -> str:
    given = ", ".join(f'"{code}": {value!r}' for code, value in changes.items())
    return (
        f'import countviz\n\nmodel = countviz.load("{model.name}")\n'
        f"changed = countviz.change_weights(model, {{{given}}})\n"
        "print(countviz.check_exactness(changed).sentence())"
    )
