"""Hand many models to the kernels, thirty-two at a time, over a pool of threads.

The kernels release Python's lock, so that threads share the work of one process; a thread works on
one group of lanes or on one stretch of strings at a time.
"""

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from countviz.arithmetic.lanes import LANES, align


def to_lanes(values: np.ndarray) -> list[np.ndarray]:
    """Return values [M, ...] of M models as groups [..., 32], aligned, the last one filled up."""
    groups = []
    for first in range(0, len(values), LANES):
        group = values[first : first + LANES]
        filled = group[np.minimum(np.arange(LANES), len(group) - 1)]
        groups.append(align(np.moveaxis(filled, 0, -1)))
    return groups


def from_lanes(groups: Sequence[np.ndarray], models: int) -> np.ndarray:
    """Return groups [..., 32] as values [M, ...]: the inverse of ``to_lanes``."""
    return np.concatenate([np.moveaxis(group, -1, 0) for group in groups])[:models]


def usable_threads() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def work_through(work: Callable, tasks: Iterable[tuple], threads: int | None = None) -> list[Any]:
    """Return work(*task) of every task, in their order, done by `threads` threads at a time."""
    tasks = list(tasks)
    threads = min(usable_threads() if threads is None else threads, len(tasks))
    if threads <= 1:
        return [work(*task) for task in tasks]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(lambda task: work(*task), tasks))
