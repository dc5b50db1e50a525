"""The string bar: what a person types, pastes or picks, and what is said about it."""

from collections.abc import Mapping, Sequence

import numpy as np
import streamlit as st

from countviz.languages import Language, Reading
from countviz.languages.dyck1 import flat, nested, uniform_member, zigzag
from countviz.languages.names import BadName, is_name, make_string, measure_length
from countviz.languages.text import (
    COMMAND_LIMIT,
    PAGE_LIMIT,
    TooLong,
    check_length,
    has_lookalikes,
    read_text,
    replace_lookalikes,
)
from countviz.models import Model
from countviz.web.cache import nesting, read
from countviz.web.choices import FIRST_STRING, first_string
from countviz.web.looks import label_of, note_of, noun_of
from countviz.web.show import notify


def choose(
    language: Language, models: Sequence[Model], precision: str, at_most: int = PAGE_LIMIT
) -> str | None:
    """Show the bar and return the string; None, and why, if there is nothing to count.

    A string of up to `at_most` symbols is read, or as many as the models' memories can stand; long
    ones have names.
    """
    memories = [model.spec.memory for model in models if model.spec.memory is not None]
    stand = [one.closable if language.closers else one.longest for one in memories]
    at_most = min([at_most, *stand])
    with st.container(horizontal=True, key="string-row"):
        typed = st.text_input(
            "String",
            first_string(language),
            max_chars=COMMAND_LIMIT + 1,  # more would not reach the server; it is refused below
            key="s",
            live="300ms",
            bind="query-params",
            label_visibility="collapsed",
            placeholder=f"Type or paste: {' '.join(language.alphabet)}",
            autocomplete="off",
        )
        examples = st.popover("Examples", key="examples", on_change="rerun")
    if examples.open:
        with examples, st.container(gap="xsmall"):
            _offer(_examples(language, models, precision, at_most))
    string = _take(typed or "", language, at_most)
    if string is not None:
        with st.container(key="string-note", width="content"):
            reading = read(language.name, string, language)
            st.caption(describe_string(string, reading, noun_of(language)))
    return string


def _take(typed: str, language: Language, at_most: int) -> str | None:
    """Return the string in what was typed, or None after saying what is wrong."""
    try:
        if len(typed) > COMMAND_LIMIT:
            raise TooLong(
                f"More than {COMMAND_LIMIT:,} symbols came; at most {at_most:,} are read here. "
                "Nothing was counted."
            )
        if language.name == "dyck1" and is_name(typed):
            return _build(typed, at_most)
        check_length(typed, at_most)
    except (TooLong, BadName) as problem:
        notify([str(problem)])
        return None
    text = read_text(typed, language)
    if text.foreign_count:
        notify([text.sentence()])
        if has_lookalikes(typed, language):
            st.button(
                "Replace look-alikes",
                on_click=_set_string,
                args=[replace_lookalikes(typed, language)],
            )
        return None
    notify([text.sentence()] if text.skipped else [])
    if not text.string:
        st.info("Nothing to count yet. Type a string above, or start from one of these:")
        rng = np.random.default_rng(0)
        three = [FIRST_STRING, flat(10), nested(12)]
        if language.name != "dyck1":
            three = [language.sample(rng, 6, longest) for longest in (12, 24, 48)]
        with st.container(horizontal=True):
            for k, string in enumerate(three):
                st.button(_shorten(string), key=f"start-{k}", on_click=_set_string, args=[string])
        return None
    return text.string


def _build(name: str, at_most: int) -> str:
    """Return the string of a name, unless it would be too long, or empty."""
    length = measure_length(name)
    check_length(range(length), at_most)
    if length == 0:
        raise BadName(f"{name.strip()} has no symbols; there would be nothing to count")
    return make_string(name)


def describe_string(string: str, reading: Reading, noun: str) -> str:
    """Return a string's length, depth and end in words."""
    length = f"{len(string):,} {noun}{'s' if len(string) > 1 else ''}"
    if reading.legal < len(string):
        return f"{length}, {noun} {reading.legal + 1:,} is illegal"
    total = reading.closings.sum(axis=1)
    left = int(total[-1])
    return f"{length}, deepest {total.max():,}, {f'{left:,} still open' if left else 'all closed'}"


def _set_string(string: str) -> None:
    st.session_state["s"] = string


def _shorten(string: str, most: int = 24) -> str:
    return string if len(string) <= most else f"{string[: most - 1]}…"


def _offer(examples: Mapping[str, str]) -> None:
    for label, string in examples.items():
        st.button(
            label, width="stretch", on_click=_set_string, args=[string], key=f"example-{label}"
        )


def _examples(
    language: Language, models: Sequence[Model], precision: str, at_most: int
) -> dict[str, str]:
    """Return strings worth watching, by what they are; for each model one that fools it."""
    rng = np.random.default_rng(2)
    if language.name != "dyck1":
        return {
            f"a member of {n} symbols or fewer": language.sample(rng, 3, n) for n in (20, 60, 150)
        }
    examples = {
        "the first string": FIRST_STRING,
        "deep: 60 in, 60 out": nested(60),
        "zigzag: 10 deep, 10 times": zigzag(10, 10),
        "flat: 100 pairs": flat(100),
        "random: 200 brackets": uniform_member(rng, 200),
        f"by name: random, {at_most:,}": f"random-{at_most}-0",
        "illegal: one ) too many": "(()))((",
    }
    for model in models:
        fooled_by = nesting(model, precision).fooled_by
        if fooled_by is not None:
            examples[f"fools {label_of(model)}, {note_of(model)}: {len(fooled_by) // 2} deep"] = (
                fooled_by
            )
    return examples
