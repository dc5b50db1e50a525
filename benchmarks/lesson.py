"""A lesson on training: thirty orders at once, while thirty people use the pages.

Starts a server with an empty data folder. Thirty sessions ask for the same training, which must
become one job; then for thirty different ones, which must all be done, while a class types on
Watch. The status is 1 if a target is missed.

    python -m benchmarks.lesson [--sessions 30] [--json]
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import streamlit

from benchmarks.classroom import come_early, hold_class, serve
from benchmarks.figures import Figure, report
from countviz.jobs import Job, Order, Queue
from countviz.models import Spec, Training

EPOCHS = 3
PATIENCE = 300.0  # seconds until a job that is not done counts as lost


def make_order(seeds: range, epochs: int = EPOCHS) -> Order:
    """Return an order for LSTM-1 seeds, by the published protocol."""
    return Order(
        spec=Spec(language="dyck1", cell="lstm", recipe=Training(epochs=epochs)), seeds=tuple(seeds)
    )


def submit_at_once(queue: Queue, orders: list[Order]) -> list[Job]:
    """Submit orders at the same time, each in a session of its own."""
    with ThreadPoolExecutor(len(orders)) as pool:
        numbered = enumerate(orders)
        return list(pool.map(lambda one: queue.submit(one[1], f"session {one[0]}"), numbered))


def wait_for(happened: Callable[[], bool]) -> float:
    """Return the seconds until something has happened."""
    started = time.perf_counter()
    while not happened():
        if time.perf_counter() - started > PATIENCE:
            raise TimeoutError(f"nothing happened within {PATIENCE:.0f} s")
        time.sleep(0.02)
    return time.perf_counter() - started


def ask_for_the_same(queue: Queue, sessions: int) -> list[Figure]:
    """Let all ask for one preset."""
    jobs = submit_at_once(queue, [make_order(range(100))] * sessions)
    id = jobs[0].id
    first = wait_for(lambda: 0 in queue.recorded(id))
    rest = wait_for(lambda: queue.find(id).state == "done")
    return [
        Figure(name="jobs that equal orders became", value=len(queue.list()), unit="", target=1),
        Figure(name="order to first recorded point", value=first, unit="s", target=4),
        Figure(name="order to done: 100 seeds, 3 epochs", value=first + rest, unit="s"),
    ]


def cancel_one(queue: Queue) -> list[Figure]:
    """Cancel a long training under way, and see when the next one begins."""
    long = queue.submit(make_order(range(5000, 5100), epochs=100), "canceller")
    wait_for(lambda: 1 in queue.recorded(long.id))
    queue.cancel(long.id)
    after = queue.submit(make_order(range(6000, 6001), epochs=1), "next in line")
    freed = wait_for(lambda: queue.find(after.id).state in ("running", "done"))
    return [Figure(name="cancel to the next one's start", value=freed, unit="s", target=2)]


def ask_for_different(queue: Queue, url: str, sessions: int) -> list[Figure]:
    """Let each ask for another training, and the class type until about the end."""
    started = time.perf_counter()
    jobs = submit_at_once(
        queue, [make_order(range(100 * k, 100 * k + 100)) for k in range(1, sessions + 1)]
    )
    steps = asyncio.run(hold_class(url, sessions, 8, 2.0))
    states = {job.id: job.state for job in queue.list()}
    under_way = sum(states[job.id] in ("queued", "running") for job in jobs)
    wait_for(lambda: all(queue.find(job.id).state not in ("queued", "running") for job in jobs))
    finished = time.perf_counter() - started
    done = sum(queue.find(job.id).state == "done" for job in jobs)
    for error in sorted(set(steps.errors)):
        print(error, file=sys.stderr)
    return [
        Figure(name="different orders done", value=done, unit="", target=sessions, at_least=True),
        Figure(name="all of them done after", value=finished, unit="s"),
        Figure(name="not done when the class ended", value=under_way, unit=""),
        Figure(name="page step meanwhile, p50", value=1e3 * np.median(steps.steps), unit="ms"),
        Figure(
            name="page step meanwhile, p95", value=1e3 * np.quantile(steps.steps, 0.95), unit="ms",
            target=150,
        ),
        Figure(name="errors", value=len(steps.errors), unit="", target=0),
    ]  # fmt: skip


def main() -> int:
    """Hold the lesson and report it."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--sessions", type=int, default=30)
    options.add_argument("--json", action="store_true")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder, serve(COUNTVIZ_DATA=folder) as (url, _):
        queue = Queue(Path(folder))
        come_early(url)
        figures = ask_for_the_same(queue, chosen.sessions)
        figures += cancel_one(queue)
        figures += ask_for_different(queue, url, chosen.sessions)
    return report(figures, chosen.json, f"streamlit {streamlit.__version__}")


if __name__ == "__main__":
    sys.exit(main())
