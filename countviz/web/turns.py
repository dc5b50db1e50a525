"""Runs of pages take turns: who comes first is served first.

Python runs one thread at a time. Where thirty people ask at once and all their runs progress
together, each of them takes as long as the whole crowd; one after the other, most of them have
their answer long before the last one does, and the last one has it no later.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

PATIENCE = 0.25  # s; a run that has waited so long for a slow one goes on beside it
_TURN = threading.Lock()
_THREAD = threading.local()  # whether it has the turn


@contextmanager
def take_turn() -> Iterator[None]:
    """Do something in turn."""
    _take()
    try:
        yield
    finally:
        _give_back()


@contextmanager
def step_aside() -> Iterator[None]:
    """Let others have the turn, if it is ours, while there is nothing to do but wait."""
    ours = _give_back()
    try:
        yield
    finally:
        if ours:
            _take()


def _take() -> None:
    _THREAD.turn = _TURN.acquire(timeout=PATIENCE)


def _give_back() -> bool:
    """Say whether the turn was ours; it no longer is."""
    ours = getattr(_THREAD, "turn", False)
    if ours:
        _THREAD.turn = False
        _TURN.release()
    return ours
