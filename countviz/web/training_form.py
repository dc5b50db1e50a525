"""What a person can set before a training: presets, a few fields, and what is wrong there."""

import re
from collections.abc import Mapping

import streamlit as st
from streamlit import session_state as state

from countviz.cells import CELLS
from countviz.jobs import JobProblem, Order, Queue, describe_problems
from countviz.jobs.orders import MOST_SEEDS
from countviz.languages import CONTINUATIONS, LANGUAGES, languages_scored_by
from countviz.models import Spec
from countviz.words import in_words

_ONE_A_LENGTH = ("anbn", "anbncn")  # their strings have to repeat
FIRST = {
    "cell": "lstm",
    "units": 1,
    "language": "dyck1",
    "lengths": "2 to 50",
    "seeds": "0 to 99",
    "epochs": 3,
    "rate": 0.01,
    "freeze": [],
    "stacks": 1,
    "width": 1,
    "batch": 1,
    "data": 0,
}
OF_A_MEMORY = {"superposition": ("stacks", "width"), "stratification": ("width",)}
_STACK = {"cell": "stack-rnn", "units": 4, "seeds": "0 to 31"}
PRESETS: dict[str, dict[str, object]] = {
    "a hundred LSTMs": {},
    "a hundred GRUs": {"cell": "gru"},
    "a hundred ReLUs": {"cell": "relu"},
    "the published 20 epochs": {"epochs": 20},
    "short strings only": {"lengths": "2 to 10", "epochs": 10},
    "too large a step": {"cell": "relu", "rate": 1.0},
    "five units": {"units": 5, "seeds": "0 to 31"},
    "two kinds of brackets": {"language": "shuffle2", "units": 4, "seeds": "0 to 31"},
    "a stack that learns": _STACK,
    "a stack that is frozen": _STACK | {"freeze": ["memory"]},
}
_OWN = "own settings"


def fill(values: Mapping[str, object]) -> None:
    """Put values into the fields; those that are not given get their usual ones."""
    for name, value in (FIRST | values).items():
        state[f"train-{name}"] = value


def fields_of(order: Order) -> dict[str, object]:
    """Return the fields that an order comes from."""
    spec, recipe = order.spec, order.spec.recipe
    return {
        "cell": spec.cell,
        "units": spec.units,
        "language": spec.language,
        "lengths": f"{recipe.shortest} to {recipe.longest}",
        "seeds": f"{order.seeds[0]} to {order.seeds[-1]}",
        "epochs": recipe.epochs,
        "rate": recipe.learning_rate,
        "freeze": list(recipe.freeze),
        "stacks": getattr(spec.memory, "stacks", FIRST["stacks"]),
        "width": getattr(spec.memory, "width", FIRST["width"]),
        "batch": recipe.batch_size,
        "data": recipe.data_seed,
    }


def show_fields(order: Order | None) -> None:
    """Show the fields; at first, and when another job is opened, they hold its order."""
    shown = order and order.identity
    if "train-cell" not in state or state.get("train-shown", shown) != shown:
        fill(fields_of(order) if order else {})
    state["train-shown"] = shown
    for name, value in FIRST.items():  # a field that was not shown is forgotten
        state.setdefault(f"train-{name}", value)
    cell = CELLS[state["train-cell"]]
    state["train-freeze"] = [part for part in state["train-freeze"] if part in cell.parts]
    state["train-preset"] = _name_preset()
    st.selectbox(
        "Preset",
        [*PRESETS, _OWN] if state["train-preset"] == _OWN else list(PRESETS),
        key="train-preset",
        on_change=lambda: fill(PRESETS.get(state["train-preset"], {})),
    )
    st.selectbox("Cell", list(CELLS), format_func=lambda name: CELLS[name].title, key="train-cell")
    st.number_input("Units", key="train-units", step=1)
    st.selectbox(
        "Language",
        list(languages_scored_by(CONTINUATIONS)),
        format_func=lambda name: LANGUAGES[name].title,
        key="train-language",
    )
    st.text_input("Training lengths", key="train-lengths", max_chars=20)
    st.text_input("Seeds", key="train-seeds", max_chars=30)
    st.number_input("Epochs", key="train-epochs", step=1)
    st.number_input("Learning rate", key="train-rate", step=0.001, format="%g")
    st.pills("What stays frozen", list(cell.parts), selection_mode="multi", key="train-freeze")
    for name in OF_A_MEMORY.get(cell.memory_kind, ()):
        label = {"stacks": "Stacks", "width": "Numbers a cell"}[name]
        st.number_input(label, key=f"train-{name}", step=1)
    with st.expander("More", key="train-more"):
        st.number_input("Batch size", key="train-batch", step=1)
        st.number_input("Seed of the strings", key="train-data", step=1)


def _name_preset() -> str:
    now = {name: state[f"train-{name}"] for name in FIRST}
    same = (name for name, values in PRESETS.items() if FIRST | values == now)
    return next(same, _OWN)


def read_order() -> tuple[Order | None, tuple[str, ...]]:
    """Return the order that the fields describe, or a sentence for each field that is wrong."""
    return make_order({name: state[f"train-{name}"] for name in FIRST})


def make_order(values: Mapping[str, object]) -> tuple[Order | None, tuple[str, ...]]:
    """Return the order that the fields describe, or a sentence for each field that is wrong.

    >>> make_order(FIRST | {"seeds": "0 to 2"})[0].seeds
    (0, 1, 2)
    """
    lengths, seeds = read_range(str(values["lengths"])), read_range(str(values["seeds"]))
    problems = []
    if lengths is None:
        problems.append(f"lengths are {values['lengths']!r}; two numbers such as 2 to 50 are right")
    if seeds is None:
        problems.append(f"seeds are {values['seeds']!r}; a range such as 0 to 99 is right")
    elif not 0 <= seeds[1] - seeds[0] < MOST_SEEDS:
        problems.append(
            f"seeds are {values['seeds']}, {seeds[1] - seeds[0] + 1:,} of them; "
            f"1 to {MOST_SEEDS} are right"
        )
    shortest, longest = lengths or (2, 50)
    recipe = {
        "kind": "training",
        "epochs": values["epochs"],
        "learning_rate": values["rate"],
        "batch_size": values["batch"],
        "data_seed": values["data"],
        "shortest": shortest,
        "longest": longest,
        "distinct": values["language"] not in _ONE_A_LENGTH,
        "freeze": values["freeze"],
    }
    spec = {name: values[name] for name in ("language", "cell", "units")} | {"recipe": recipe}
    memory = OF_A_MEMORY.get(CELLS[values["cell"]].memory_kind, ())
    if memory:
        spec["memory"] = {name: values[name] for name in memory}
    numbers = range(seeds[0], seeds[1] + 1) if seeds and not problems else range(1)
    try:
        order = Order(spec=Spec(**spec), seeds=tuple(numbers))
    except ValueError as error:
        return None, (*problems, *(one.replace("_", " ") for one in describe_problems(error)))
    return (None, tuple(problems)) if problems else (order, ())


def describe_queue(queue: Queue) -> str:
    """Say how long the queue is."""
    try:
        waiting = sum(job.place is not None for job in queue.list())
    except JobProblem as problem:
        return str(problem)
    if waiting:
        return f"{in_words(waiting).capitalize()} in the queue, all together."
    return "Nothing ahead of you in the queue. Equal settings share one training."


def read_range(text: str) -> tuple[int, int] | None:
    """Return the two numbers of a range, or one number twice; None if the text is no range.

    >>> read_range("0 to 99"), read_range("7-9"), read_range("few")
    ((0, 99), (7, 9), None)
    """
    found = re.fullmatch(r"\s*(\d{1,9})(?:\s*(?:[-\u2010-\u2015]|to)\s*(\d{1,9}))?\s*", text)
    return (int(found[1]), int(found[2] or found[1])) if found else None
