"""Changed weights in the URL: whose they are, and every code with its number.

As in ``w=3fa2c1~fb:40,gh:0``: six digits of the SHA-256 of the weights they change, so that they
are never taken for another model's, then the changes. Whatever comes from there is checked.
"""

import re
from collections.abc import Mapping

import streamlit as st

from countviz.analysis.weights.unit_weights import BadChange, change_weights, find_changes
from countviz.models import Model

KEY = "w"
_FORM = re.compile(r"(?P<whose>[0-9a-f]{6})~(?P<changes>[a-z0-9:.,+-]{1,1000})")
_CHANGE = re.compile(r"([a-z][0-9a-z]{1,3}):(-?\d{1,7}(?:\.\d{1,20})?(?:e[+-]?\d{1,3})?)")


def read_changed(model: Model) -> tuple[Model, tuple[str, ...]]:
    """Return a model with the changes that the URL has for it, and a sentence for each problem."""
    text = st.query_params.get(KEY)
    if not text:
        return model, ()
    form = _FORM.fullmatch(text)
    parts = [_CHANGE.fullmatch(part) for part in form["changes"].split(",")] if form else [None]
    if None in parts:
        shown = f"w={text[:80]!r} is no change of weights"
        return model, (f"{shown}; w={_digits(model)}~ and codes with numbers, as in hb:0.5, is",)
    if form["whose"] != _digits(model):
        return model, (f"The weights in the address change another model than {model.name}.",)
    try:
        return change_weights(model, {part[1]: float(part[2]) for part in parts}), ()
    except BadChange as problem:
        return model, (str(problem),)


def write_changed(model: Model, changed: Model) -> None:
    """Write into the URL what makes one model of another; nothing where they are alike."""
    changes = find_changes(model, changed)
    if changes:
        st.query_params[KEY] = f"{_digits(model)}~{_write(changes)}"
    else:
        st.query_params.pop(KEY, None)


def _write(changes: Mapping[str, float]) -> str:
    """Return changes in the shortest digits that give the same numbers again."""
    return ",".join(f"{code}:{_shorten(value)}" for code, value in changes.items())


def _shorten(value: float) -> str:
    text = repr(float(value))
    return text.removesuffix(".0").replace("e+", "e")


def _digits(model: Model) -> str:
    return model.weights_sha256[:6]
