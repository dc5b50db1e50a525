"""What the address of a page says, and how a page changes it.

Every choice lives in the URL, so that a link reproduces the view. Whatever comes from there is
checked: an unknown value is answered with what exists, and the rest of the view stays.
"""

import re
from collections.abc import Mapping, Sequence

import numpy as np
import streamlit as st

from countviz.arithmetic.precision import PRECISIONS
from countviz.checkpoints import Family, UnknownModel, split_address
from countviz.exact import exact_lstm, exact_relu
from countviz.languages import Language, require_continuations
from countviz.models import Model

MOST_MODELS = 4
FIRST_STRING = "(()(()))()" + "(" * 30 + ")" * 30
BUILT_IN = {"exact-lstm": exact_lstm, "exact-relu": exact_relu}  # shown even without a library
FIRST_MODELS = (  # of each cell the first seed that learned, and a counter
    "lstm1-dyck1/0",
    "gru1-dyck1/0",
    "relu1-dyck1/1",
    "exact-lstm",
)
FIRST_STACKS = ("stack-rnn4-dyck1/1", "exact-stack-dyck1")  # of those with a memory
READ_OUTS = ("closes left", "state")
CARRIED = ("models", "look", "at")  # from page to page
SPEEDS, USUAL_SPEED = (2, 8, 30, 120), 8.0  # symbols a second


def first_string(language: Language) -> str:
    """Return the string that a visitor finds: for Dyck-1 one that fools every GRU shipped."""
    if language.name == "dyck1":
        return FIRST_STRING
    rng = np.random.default_rng(0)
    return max((language.sample(rng, 20, 40) for _ in range(20)), key=lambda s: len(set(s)))


def models_of(
    families: Mapping[str, Family], usual: Sequence[str] = FIRST_MODELS
) -> tuple[tuple[Model, ...], tuple[str, ...]]:
    """Return the models that the URL names, or the usual ones, and a sentence for each problem."""
    wanted = st.query_params.get("models")
    first = [one for one in usual if split_address(one)[0] in families] or list(BUILT_IN)
    addresses = [part for part in wanted.split(",") if part] if wanted is not None else first
    models, problems = find_models(addresses, families)
    return models or find_models(first, families)[0], problems


def find_models(
    addresses: Sequence[str], families: Mapping[str, Family]
) -> tuple[tuple[Model, ...], tuple[str, ...]]:
    """Return the models at some addresses, of one language and at most four, and the problems."""
    models: list[Model] = []
    problems: list[str] = []
    for address in addresses:
        try:
            name, seed, epoch = split_address(address)
            if name not in families and name not in BUILT_IN:
                raise UnknownModel(f"no model named {name[:80]}; there are: {', '.join(families)}")
            model = families[name].model(seed, epoch) if name in families else BUILT_IN[name]()
            require_continuations(model.spec.language, f"what is shown here of {address}")
        except ValueError as problem:
            problems.append(str(problem))
            continue
        if models and model.spec.language != models[0].spec.language:
            problems.append(
                f"{address} reads {model.spec.language}, the others read "
                f"{models[0].spec.language}: models of one language can be compared"
            )
        elif len(models) == MOST_MODELS:
            problems.append(f"{address} is one too many: up to {MOST_MODELS} models are shown")
        else:
            models.append(model)
    return tuple(models), tuple(problems)


def set_models(models: Sequence[str]) -> None:
    """Write the addresses of the chosen models into the URL."""
    st.query_params["models"] = ",".join(models)


def take_over(page: str) -> None:
    """Bring along what was chosen on the page before, unless the URL names models of its own.

    What a widget keeps in the URL comes along by itself.
    """
    before, kept = st.session_state.get("left-behind", (page, {}))
    if before != page and "models" not in st.query_params:
        st.query_params.update(kept)
    leave_behind(page)  # now already: the page may be left before it is through


def leave_behind(page: str) -> None:
    """Remember what is chosen on a page, for the next one."""
    kept = {key: st.query_params[key] for key in CARRIED if key in st.query_params}
    st.session_state["left-behind"] = page, kept


def unknown_settings() -> tuple[str, ...]:
    """Return a sentence for each value in the URL that a widget cannot take.

    The widgets themselves fall back to their first value without a word.
    """
    allowed = {
        "precision": tuple(PRECISIONS),
        "count": READ_OUTS,
        "speed": tuple(map(str, SPEEDS)),
    }
    problems = list(unknown_values(allowed))
    at = st.query_params.get("at")
    if at is not None and not _is_position(at):
        problems.append(f"at={at[:80]!r} is no position; a whole number from 1 on is")
    return tuple(problems)


def unknown_values(allowed: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Return a sentence for each key in the URL whose value is none of those allowed."""
    asked = {key: st.query_params.get(key) for key in allowed}
    return tuple(
        f"no {key} named {asked[key][:80]!r}; there are: {', '.join(values)}"
        for key, values in allowed.items()
        if asked[key] is not None and asked[key] not in values
    )


def _is_position(text: str) -> bool:
    return re.fullmatch(r"[1-9]\d{0,6}", text) is not None


def position_of(length: int) -> int:
    """Return the cursor's place in a string of `length` symbols, from 0; -1 if the URL has none."""
    text = st.query_params.get("at", "")
    return int(text) - 1 if _is_position(text) and int(text) <= length else -1


def unknown_position(length: int) -> tuple[str, ...]:
    """Return a sentence if the URL names a position that the string does not have."""
    text = st.query_params.get("at", "")
    if not _is_position(text) or int(text) <= length:
        return ()
    return (f"no position {text}; the string has {length:,}",)


def precision_of() -> str:
    """Return the number format, before its switch is shown."""
    text = st.query_params.get("precision", "")
    return text if text in PRECISIONS else "float64"


def speed_of() -> float:
    """Return the player's speed in symbols a second."""
    text = st.query_params.get("speed", "")
    return float(text) if text in map(str, SPEEDS) else USUAL_SPEED


def set_position(symbol: int, speed: float) -> None:
    """Write where the player came to rest into the URL, the position from 1."""
    wanted = {
        "at": str(symbol + 1) if symbol >= 0 else None,
        "speed": f"{speed:g}" if speed != USUAL_SPEED else None,
    }
    for key, value in wanted.items():
        if value is None:
            st.query_params.pop(key, None)
        elif st.query_params.get(key) != value:
            st.query_params[key] = value
