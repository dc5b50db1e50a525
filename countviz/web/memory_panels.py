"""The panels of the page of memories: two stacks over time, how sure they are, and their parts."""

from collections.abc import Sequence

import streamlit as st

from countviz.analysis import measure_forgetting, measure_stack
from countviz.analysis.memory.forgetting import Forgetting
from countviz.analysis.memory.parts import list_parts, say_frozen
from countviz.analysis.memory.stack_picture import StackPicture
from countviz.figures import plot_forgetting, plot_stack_picture
from countviz.memories import Stacks
from countviz.models import Model
from countviz.web import cache, choices
from countviz.web.charts import current_theme, show_figure
from countviz.web.inside import Inside
from countviz.web.looks import is_hand_set, label_of, mark_of
from countviz.web.show import escape

ACTIONS = ("soft", "hard")
ALONE = "nothing"
_FROZEN = "-frozen-memory"  # how the families end whose memory stayed as it began


def list_problems(page: Inside) -> tuple[str, ...]:
    """Return a sentence for each value in the URL that this page cannot take."""
    allowed = {"actions": ACTIONS, "beside": [ALONE, *_others(page)]}
    return choices.unknown_values(allowed)


def choose_actions() -> str:
    """Show whether the strongest action is done alone; return soft or hard."""
    return st.segmented_control(
        "Actions",
        ACTIONS,
        default=ACTIONS[0],
        required=True,
        key="actions",
        bind="query-params",
        help="Soft: a little of every action, as in training. Hard: the strongest one alone.",
    )


def choose_beside(page: Inside) -> Model | None:
    """Show which other family stands beside the model, with the same seed; return its member."""
    names = _others(page)
    if not names:
        return None
    own = page.model.name.partition("/")[0]
    twin = own.removesuffix(_FROZEN) if own.endswith(_FROZEN) else own + _FROZEN
    options = [ALONE, *names]
    key = f"beside-{own}"
    asked = st.query_params.get("beside")
    first = twin if twin in names else ALONE
    st.session_state[key] = asked if asked in options else first

    def change() -> None:
        st.query_params["beside"] = st.session_state[key]

    name = st.selectbox("Beside it", options, key=key, on_change=change, width=320)
    if name == ALONE:
        return None
    family = page.families[name]
    return family.model(page.model.seed if page.model.seed in family.seeds else None)


def _others(page: Inside) -> list[str]:
    """Return the families of the same language that have a memory, but for the model's own."""
    own = page.model.name.partition("/")[0]
    return [
        name
        for name, family in page.families.items()
        if name != own
        and family.spec.memory is not None
        and family.spec.language == page.model.spec.language
    ]


def offer_memories(page: Inside) -> None:
    """Say that the model has no memory, and offer the families that have one."""
    st.header("What does its stack hold?", anchor=False)
    st.markdown(
        escape(f"{page.label} has no memory beside its state. These have one, and read the same:")
    )
    names = [
        name
        for name, family in page.families.items()
        if family.spec.memory is not None and family.spec.language == page.model.spec.language
    ]
    if not names:
        st.caption("No model of this language has a memory; on the page Train one can be made.")
    for name in names:
        model = page.families[name].model()
        st.button(
            f"{mark_of(model).filled} {name}",
            key=f"offer-{name}",
            on_click=choices.set_models,
            args=[[model.name]],
        )


def describe(model: Model) -> str:
    """Return what tells a model from the one beside it."""
    if is_hand_set(model):
        return label_of(model)
    return f"{label_of(model)} · seed {model.seed} · {say_frozen(model)}"


def measure(page: Inside, model: Model, actions: str) -> StackPicture:
    """Return what the first stack of a model did, around the cursor."""
    return cache.measure(_measure, model, page.string, page.precision, actions, page.at)


def _measure(model: Model, string: str, precision: str, actions: str, at: int) -> StackPicture:
    return measure_stack(cache.trace(model, string, precision, actions), 0, at)


def answer(pictures: Sequence[StackPicture], noun: str) -> str:
    """Say of each model where it errs first, and what it does at each symbol."""
    told = []
    for picture in pictures:
        first = picture.first_failure
        length = len(picture.string)
        right = (
            f"right on all {length:,} {noun}s"
            if first is None
            else (f"first mistake at {noun} {first + 1:,}")
        )
        name = describe(picture.model)
        told.append(f"{name[0].upper()}{name[1:]}: {right}; it {picture.say_actions()}.")
    return " ".join(told)


def show_stack(page: Inside, picture: StackPicture, key: str) -> None:
    """Show one stack over time."""
    model = picture.model
    options = ["--actions", "hard"] if picture.hard else []
    command = page.command("stack", *options).replace(page.model.name, model.name)
    show_figure(
        cache.draw(plot_stack_picture, picture, current_theme(), page.at),
        f"{mark_of(model).filled} {describe(model)}",
        f"{picture.sentence()} Fuller cells hold more; the outline is where the stack should end.",
        key,
        table=picture.to_frame,
        command=command,
    )


def show_forgetting(page: Inside, models: Sequence[Model], actions: str) -> None:
    """Show how soon each superposition stack forgets, foretold and measured."""
    found: list[tuple[str, Forgetting]] = []
    for model in models:
        if isinstance(model.spec.memory, Stacks):
            one = cache.measure(measure_forgetting, model, page.precision, actions)
            if one is not None:
                found.append((describe(model), one))
    title = "How sure is it, and how soon does it forget?"
    if not found:
        st.subheader(title, anchor=False)
        st.caption(
            "Only of a superposition stack, in a language of openers and closers, can it be said "
            "how soon it forgets."
        )
        return
    said = " ".join(f"{label[0].upper()}{label[1:]}: {one.sentence()}" for label, one in found)
    show_figure(
        plot_forgetting.draw(found, current_theme()),
        title,
        f"{said} A ring is foretold, a dot measured.",
        "forgetting",
        command=page.command("forgetting", "--actions", actions, reads=False),
    )


def show_parts(models: Sequence[Model]) -> None:
    """Show which parameters belong to which part, and what was frozen in training."""
    st.subheader("What can be frozen, and what was?", anchor=False)
    rows = [
        {
            "model": describe(model),
            "part": one.part,
            "parameters": ", ".join(one.parameters),
            "numbers": one.numbers,
            "in training": "frozen" if one.frozen else "learned",
        }
        for model in models
        for one in list_parts(model)
    ]
    if all(is_hand_set(model) for model in models):
        st.caption("Weights set by hand were not trained.")
    st.dataframe(rows, hide_index=True, key="parts")
