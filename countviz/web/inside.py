"""The head of every page that looks inside one model: string, models, precision, cursor.

All of it is the same on these pages and on Watch, and all of it is in the URL.
"""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from countviz.checkpoints import Family
from countviz.languages import Language
from countviz.languages.names import is_name
from countviz.languages.text import PAGE_LIMIT
from countviz.models import Model
from countviz.web import cache, choices, model_bar, show, string_bar
from countviz.web.looks import labels_of, noun_of

SPELT = 200  # symbols of a string that a command spells out


@dataclass(frozen=True, eq=False, kw_only=True)
class Inside:
    """What a page looks into.

    Attributes
    ----------
    models, labels
        All that are on show, and names that tell them apart.
    model, label, family
        The one that is looked into; a counter set by hand may have no family.
    families
        The library.
    language, noun, precision
        What it reads, what a symbol is called, and the number format.
    string
        At least one symbol; its tail may be illegal.
    at
        The cursor, a position from 0.

    """

    models: tuple[Model, ...]
    labels: Sequence[str]
    model: Model
    label: str
    family: Family | None
    families: Mapping[str, Family]
    language: Language
    noun: str
    precision: str
    string: str
    at: int

    def command(self, name: str, *options: object, reads: bool = True) -> str:
        """Return what does the same in a terminal; a long string without a name is piped in.

        Parameters
        ----------
        name, options
            Of the command.
        reads
            Whether it takes a string.

        """
        typed = st.session_state.get("s", "")
        string = typed if is_name(typed) else self.string
        spelt = "-" if len(string) > SPELT else string
        words = [name, self.model.name, *[spelt] * reads, "--precision", self.precision]
        line = f"python -m countviz {shlex.join([*words, *map(str, options)])}"
        return line + " < string.txt" * (reads and spelt == "-")


def open_page(at_most: int = PAGE_LIMIT, usual: Sequence[str] = choices.FIRST_MODELS) -> Inside:
    """Show the bar and the chips, and return what is chosen; stop the page if that is nothing.

    Parameters
    ----------
    at_most
        The longest string that the page can show, in symbols.
    usual
        The models that are shown where the URL names none.

    """
    show.wait_until_warm()
    bar, chips = st.container(key="bar"), st.container(horizontal=True, key="chips")
    families, damaged = cache.library()
    models, unknown = choices.models_of(families, usual)
    language = models[0].language
    show.notify([*choices.unknown_settings(), *_unknown_look(models), *unknown, *damaged])
    precision = choices.precision_of()
    with bar:
        string = string_bar.choose(language, models, precision, at_most)
    if string is None:
        with chips:
            model_bar.choose_one(models, families, 0)
        st.stop()
    if st.session_state.setdefault("inside-string", string) != string:
        st.session_state["inside-string"] = string
        st.query_params.pop("at", None)  # it meant a symbol of the string before
    with chips:
        first = _first_wrong(models, string, precision)
        index, precision = model_bar.choose_one(models, families, first)
    show.notify(choices.unknown_position(len(string)))
    model, labels = models[index], labels_of(models)
    return Inside(
        models=models,
        labels=labels,
        model=model,
        label=labels[index],
        family=families.get(model.name.partition("/")[0]),
        families=families,
        language=language,
        noun=noun_of(language),
        precision=precision,
        string=string,
        at=_find_cursor(model, string, precision),
    )


def set_at(position: int) -> None:
    """Write the cursor, from 0, into the URL."""
    st.query_params["at"] = str(position + 1)


def choose_at(page: Inside) -> None:
    """Show the cursor: a slider over the string, with a step to either side."""
    last = len(page.string) - 1
    key = f"cursor-{last}"
    st.session_state[key] = page.at + 1
    with st.container(horizontal=True, vertical_alignment="center", key="cursor"):
        for label, step, name in (("◀", -1, "back"), ("▶", 1, "on")):
            st.button(
                label,
                key=f"cursor-{name}",
                help=f"One {page.noun} {name}",
                disabled=not 0 <= page.at + step <= last,
                on_click=set_at,
                args=[page.at + step],
            )
        if last > 0:
            st.slider(
                f"The {page.noun} that is looked at",
                1,
                last + 1,
                key=key,
                on_change=lambda: set_at(st.session_state[key] - 1),
                label_visibility="collapsed",
            )


def _first_wrong(models: Sequence[Model], string: str, precision: str) -> int:
    """Return the place of the first model that errs on the string; 0 if none does."""
    failures = [cache.trace(model, string, precision).first_failure for model in models]
    return next((place for place, one in enumerate(failures) if one is not None), 0)


def _find_cursor(model: Model, string: str, precision: str) -> int:
    """Return where the cursor is: as the URL says, else at the first mistake, else at the end."""
    asked = choices.position_of(len(string))
    if asked >= 0:
        return asked
    failure = cache.trace(model, string, precision).first_failure
    return len(string) - 1 if failure is None else failure


def _unknown_look(models: Sequence[Model]) -> tuple[str, ...]:
    return choices.unknown_values({"look": [model.name for model in models]})
