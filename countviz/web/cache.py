"""What is computed once for everybody: the library, and what a model does on a string.

The values are shared by all sessions, so their arrays are read-only. The keys name the weights by
their SHA-256, so that a family that was replaced is never taken for the old one.
"""

import time
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from os import scandir
from types import FunctionType
from typing import TypeVar

import numpy as np
import streamlit as st

from countviz.analysis import (
    Failure,
    NestingHorizon,
    StateCount,
    find_failure,
    measure_closings,
    measure_nesting,
    read_out_state,
)
from countviz.checkpoints import Family, family_folders, family_roots, load_library
from countviz.figures.theme import Figure, Theme
from countviz.languages import Language, Reading
from countviz.models import Model
from countviz.packing import Actions
from countviz.traces import Trace
from countviz.traces import trace as run_trace

Report = TypeVar("Report")
LOOK_AGAIN = 1.0  # s, after which files that were changed in place are seen
LARGEST_COUNT = 1e6  # what reads as more has overflowed and is drawn as no count at all


@dataclass(frozen=True, eq=False, kw_only=True)
class Watched:
    """What one model did on one string, as far as it is drawn.

    Attributes
    ----------
    counts
        [T] float32, the decoded count; NaN where there is none: the model never closes, or its
        state has overflowed.
    says_open
        [T] bool: some closer may come, says the model.
    mistakes
        [T] bool.
    failure
        The first mistake, in words.

    """

    counts: np.ndarray
    says_open: np.ndarray
    mistakes: np.ndarray
    failure: Failure


def library() -> tuple[Mapping[str, Family], tuple[str, ...]]:
    """Return the families by name, and a sentence for each that cannot be read."""
    return _library(_sign(_sign_roots(), int(time.monotonic() / LOOK_AGAIN)))


def _sign_roots() -> tuple[tuple[str, int], ...]:
    """Return what changes as soon as a family comes or goes."""
    return tuple((str(r), r.stat().st_mtime_ns) for r in family_roots() if r.is_dir())


@lru_cache(maxsize=1)
def _sign(roots: tuple[tuple[str, int], ...], tick: int) -> str:
    """Return what changes when a file of a family does; looking at all of them takes its time."""
    folders = family_folders().values()
    files = [(one.path, one.stat().st_mtime_ns) for folder in folders for one in scandir(folder)]
    return repr(sorted(files))  # one text is hashed faster than a hundred numbers


@st.cache_resource(max_entries=2, show_spinner=False)
def _library(signature: str) -> tuple[dict[str, Family], tuple[str, ...]]:
    return load_library()


def watch(model: Model, string: str, precision: str, read_out: str) -> Watched:
    """Return what a model did on a string."""
    return _watch(
        name=model.name,
        sha256=model.weights_sha256,
        string=string,
        precision=precision,
        read_out=read_out,
        _model=model,
    )


@st.cache_resource(max_entries=256, show_spinner=False)
def _watch(
    name: str, sha256: str, string: str, precision: str, read_out: str, _model: Model
) -> Watched:
    done = trace(_model, string, precision)
    if read_out == "state":
        counts = state_count(_model, precision).read(done.whole)
    else:
        counts = measure_closings(done).total
    counts = np.where(abs(counts) < LARGEST_COUNT, counts, np.nan)
    language = _model.language
    closers = [language.alphabet.index(symbol) for symbol in language.closers]
    arrays = counts.astype(np.float32), done.verdicts[:, closers].any(axis=1), done.mistakes
    for array in arrays:
        array.flags.writeable = False
    return Watched(
        counts=arrays[0], says_open=arrays[1], mistakes=arrays[2], failure=find_failure(done)
    )


def state_count(model: Model, precision: str) -> StateCount:
    """Return how a count is read from a model's state."""
    return _state_count(
        name=model.name, sha256=model.weights_sha256, precision=precision, _model=model
    )


@st.cache_resource(max_entries=256, show_spinner=False)
def _state_count(name: str, sha256: str, precision: str, _model: Model) -> StateCount:
    return read_out_state(_model, precision)


def nesting(model: Model, precision: str) -> NestingHorizon | None:
    """Return a model's nesting horizon; None if its language has no nesting."""
    if model.language.name != "dyck1":
        return None
    return _nesting(name=model.name, sha256=model.weights_sha256, precision=precision, _model=model)


@st.cache_resource(max_entries=1024, show_spinner=False)
def _nesting(name: str, sha256: str, precision: str, _model: Model) -> NestingHorizon:
    return measure_nesting(_model, precision)


@st.cache_resource(max_entries=64, show_spinner=False)
def read(language_name: str, string: str, _language: Language) -> Reading:
    """Return the truth about a string."""
    return _language.read(string)


def trace(model: Model, string: str, precision: str, actions: Actions = "soft") -> Trace:
    """Return the trace of a model on a string; a memory may do the strongest actions alone."""
    return _trace(model.name, model.weights_sha256, string, precision, actions, _model=model)


@st.cache_resource(max_entries=32, show_spinner=False)
def _trace(
    name: str, sha256: str, string: str, precision: str, actions: Actions, _model: Model
) -> Trace:
    return run_trace(_model, string, precision, actions)


def measure(function: Callable[..., Report], model: Model, *rest: Hashable) -> Report:
    """Return what a function of a model, and of values that tell themselves apart, gives."""
    return _measure(_name(function), model.name, model.weights_sha256, rest, _of=(function, model))


def measure_trace(
    function: Callable[..., Report], model: Model, string: str, precision: str, *rest: Hashable
) -> Report:
    """Return what a function of a trace, and of values that tell themselves apart, gives."""

    def work(model: Model, string: str, precision: str, *rest: Hashable) -> Report:
        return function(trace(model, string, precision), *rest)

    key = model.name, model.weights_sha256, (string, precision, *rest)
    return _measure(_name(function), *key, _of=(work, model))


@st.cache_resource(max_entries=512, show_spinner=False)
def _measure(
    function: str, name: str, sha256: str, rest: tuple[Hashable, ...], _of: tuple[Callable, Model]
) -> Report:
    work, model = _of
    return work(model, *rest)


def _name(function: Callable) -> str:
    return f"{function.__module__}.{function.__qualname__}"


def draw(plot: Callable[..., Figure], report: object, theme: Theme, *rest: Hashable) -> Figure:
    """Return the figure of a report; it is shared, so nobody may change it."""
    return _draw(_name(plot), id(report), theme, rest, _of=(plot, report))[0]


@st.cache_resource(max_entries=256, show_spinner=False, hash_funcs={Theme: id, FunctionType: id})
def _draw(
    plot: str, identity: int, theme: Theme, rest: tuple[Hashable, ...], _of: tuple[Callable, object]
) -> tuple[Figure, object]:
    plotted, report = _of  # the report is kept too, so that no other gets its identity
    return plotted.draw(report, theme, *rest), report
