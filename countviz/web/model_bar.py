"""The models on show: a chip each, with steppers for seed and epoch, and a table to add more."""

from collections.abc import Mapping, Sequence

import streamlit as st

from countviz.analysis.failure.nesting import DEEPEST_TRIED
from countviz.arithmetic.precision import PRECISIONS
from countviz.checkpoints import Family
from countviz.languages import CONTINUATIONS, find_language, languages_scored_by
from countviz.models import Model
from countviz.web.cache import nesting
from countviz.web.choices import MOST_MODELS, READ_OUTS, first_string, set_models
from countviz.web.looks import chip_of, is_hand_set

_NESTS = f"The largest n ≤ {DEEPEST_TRIED} up to which its best seed judges every (ⁿ )ⁿ right."


def choose(models: Sequence[Model], families: Mapping[str, Family]) -> tuple[str, str]:
    """Show the chips and the switches; return the precision and how counts are decoded."""
    chips = st.container(horizontal=True, key="models", width="content")
    precision, read_out = _choose_precision(), _choose_read_out()
    with chips:
        _show_chips(models, families, precision)
    return precision, read_out


def choose_one(
    models: Sequence[Model], families: Mapping[str, Family], first: int
) -> tuple[int, str]:
    """Show the chips, one of which is looked into; return its place and the precision.

    Without a choice in the URL it is the model at the place `first`.
    """
    chips = st.container(horizontal=True, key="models", width="content")
    precision = _choose_precision()
    names = [model.name for model in models]
    wanted = st.query_params.get("look")
    index = names.index(wanted) if wanted in names else first
    key = f"look-{','.join(names)}"
    st.session_state[key] = index

    def look() -> None:
        st.query_params["look"] = names[st.session_state[key]]

    with chips:
        st.pills(
            "Looked into",
            range(len(models)),
            format_func=lambda place: chip_of(models[place]),
            required=True,
            key=key,
            on_change=look,
            label_visibility="collapsed",
            help="Which of the models this page looks into.",
        )
        change = st.popover("Seed, epoch", key=f"chip-{index}", on_change="rerun")
        if change.open:
            with change:
                _show_chip(index, models, families)
        _offer_models(models, families, precision)
    return index, precision


def _choose_precision() -> str:
    return st.segmented_control(
        "Precision",
        list(PRECISIONS),
        default="float64",
        required=True,
        key="precision",
        bind="query-params",
        label_visibility="collapsed",
        help="The number format in which every model is run.",
    )


def _choose_read_out() -> str:
    return st.segmented_control(
        "Count",
        list(READ_OUTS),
        default=READ_OUTS[0],
        required=True,
        key="count",
        bind="query-params",
        label_visibility="collapsed",
        help="Closes left: how many closing symbols the model still accepts. "
        "State: a count read from the hidden state, by construction or by a linear fit.",
    )


def _show_chips(models: Sequence[Model], families: Mapping[str, Family], precision: str) -> None:
    for index, model in enumerate(models):
        chip = st.popover(chip_of(model), key=f"chip-{index}", on_change="rerun")
        if chip.open:
            with chip:
                _show_chip(index, models, families)
    _offer_models(models, families, precision)


def _offer_models(models: Sequence[Model], families: Mapping[str, Family], precision: str) -> None:
    adding = st.popover(r"\+ model", key="add-model", on_change="rerun")
    if adding.open:
        with adding:
            _show_table(models, families, precision)


def _show_chip(index: int, models: Sequence[Model], families: Mapping[str, Family]) -> None:
    """Show what can be done with one of the models on show."""
    model, addresses = models[index], [model.name for model in models]
    family = families.get(model.name.partition("/")[0])
    if family is not None and not is_hand_set(model):
        _show_steppers(index, model, family, addresses)
    else:
        st.caption("Set by hand: one set of weights.")
    st.button(
        "Remove",
        key=f"remove-{index}",
        disabled=len(models) == 1,
        on_click=lambda: set_models(addresses[:index] + addresses[index + 1 :]),
    )


def _show_steppers(index: int, model: Model, family: Family, addresses: list[str]) -> None:
    """Show the steppers of one model; they start at what the URL says."""
    st.session_state[f"seed-{index}"] = model.seed
    st.session_state[f"epoch-{index}"] = model.epoch

    def change(seed: int, epoch: int | None) -> None:
        epoch = family.best_epoch(seed) if epoch is None else epoch
        set_models([*addresses[:index], f"{family.name}/{seed}@{epoch}", *addresses[index + 1 :]])

    st.number_input(
        "Seed of the initial weights",
        min(family.seeds),
        max(family.seeds),
        key=f"seed-{index}",
        on_change=lambda: change(st.session_state[f"seed-{index}"], None),
    )
    st.number_input(
        "Epoch (0: untrained)",
        min(family.epochs),
        max(family.epochs),
        key=f"epoch-{index}",
        on_change=lambda: change(model.seed, st.session_state[f"epoch-{index}"]),
    )
    best = family.best_epoch(model.seed)
    st.caption(
        f"Right on {family.validation_accuracy(model.seed, model.epoch):.1%} of the validation "
        f"strings. Lowest validation loss: epoch {best}."
    )


def _show_table(models: Sequence[Model], families: Mapping[str, Family], precision: str) -> None:
    """Show the library as a table; a click on a row adds that family's best member."""
    full = len(models) == MOST_MODELS
    st.caption(
        f"{MOST_MODELS} models are shown at most: remove one first."
        if full
        else "Click a row to add its best seed. A model of another language takes the place of all."
    )
    shown = languages_scored_by(CONTINUATIONS)
    families = {name: one for name, one in families.items() if one.spec.language in shown}
    names = list(families)
    key = f"table-{','.join(model.name for model in models)}"

    def add() -> None:
        rows = st.session_state[key].selection.rows
        if not rows:
            return
        name = names[rows[0]]
        same = families[name].spec.language == models[0].spec.language
        if same and not full:
            set_models([*(model.name for model in models), name])
        elif not same:
            set_models([name])
            st.session_state["s"] = first_string(find_language(families[name].spec.language))

    st.dataframe(
        _table(families, precision),
        key=key,
        on_select=add,
        selection_mode="single-row",
        hide_index=True,
        width=720,
        column_config={"nests": st.column_config.TextColumn(help=_NESTS)},
    )


def _table(families: Mapping[str, Family], precision: str) -> list[dict[str, object]]:
    rows = []
    for name, family in families.items():
        best = family.model()
        horizon = nesting(best, precision)
        rows.append(
            {
                "family": name,
                "cell": best.cell.title,
                "units": family.spec.units,
                "language": best.language.title,
                "seeds": len(family.seeds),
                "right on validation": f"{family.validation_accuracy(best.seed):.1%}",
                "nests": "" if horizon is None else horizon.short(),
            }
        )
    return rows
