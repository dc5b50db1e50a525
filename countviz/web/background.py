"""Work that takes longer than a click may: done once for everybody, beside the page.

What is not ready within half a second goes on in a thread of its own, and the page says so and
comes back by itself. One piece of work runs at a time; it must not call Streamlit.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import TypeVar

import streamlit as st

from countviz.web.show import escape
from countviz.web.turns import step_aside

T = TypeVar("T")
PATIENCE = 0.5  # s; up to here a page waits
KEPT = 64  # results
_LOCK = threading.Lock()


def compute(key: str, work: Callable[[], T], doing: str) -> T | None:
    """Return what some work gives; None, and a line on the page, as long as it is not done.

    Parameters
    ----------
    key
        What the result follows from: the same key is the same work.
    work
        What is done, without an argument.
    doing
        What is being done, in words, as in "Reading 1,000 strings".

    """
    future, since = _start(key, work)
    with step_aside():
        wait([future], timeout=PATIENCE)
    if not future.done():
        _show_progress(future, since, doing)
        return None
    try:
        return future.result()
    except Exception:
        with _LOCK:
            _works().pop(key, None)
        raise


def _start(key: str, work: Callable[[], T]) -> tuple["Future[T]", float]:
    """Return the work of a key and since when it is under way; begin it if nobody has."""
    works = _works()
    with _LOCK:
        if key not in works:
            finished = [name for name, (future, _) in works.items() if future.done()]
            for name in finished[: max(len(works) - KEPT + 1, 0)]:
                del works[name]
            works[key] = _pool().submit(work), time.monotonic()
        works.move_to_end(key)
        return works[key]


@st.fragment(run_every=1)
def _show_progress(future: Future, since: float, doing: str) -> None:
    if future.done():
        st.rerun()
    waiting = "" if future.running() else " (waiting for its turn)"
    st.caption(escape(f"{doing} … {time.monotonic() - since:.0f} s{waiting}"))


@st.cache_resource(show_spinner=False)
def _works() -> OrderedDict[str, tuple[Future, float]]:
    return OrderedDict()


@st.cache_resource(show_spinner=False)
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, thread_name_prefix="countviz-background")
