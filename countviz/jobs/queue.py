"""The queue, as pages and commands see it: submit an order, and follow the job it became.

Nothing here trains. The queue is a table and a folder of files; whoever trains reads the one and
writes the other, in a process of its own.
"""

import math
import shutil
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from sqlite3 import Row

import numpy as np

from countviz.checkpoints import FAMILIES, family_folders, save_as
from countviz.folders import data_folder
from countviz.jobs import problems
from countviz.jobs.epoch_files import job_folder, list_epochs, read_epoch
from countviz.jobs.orders import LANES, Order
from countviz.jobs.problems import JobProblem
from countviz.jobs.store import JobStore, most_running

SPACE = 64 * 2**20  # bytes that must be free before a job is accepted


@dataclass(frozen=True, kw_only=True)
class Job:
    """A job as it stands.

    Attributes
    ----------
    id, order
        What it is.
    state
        queued, running, paused, done, failed or cancelled.
    place
        0 if it runs, 1 if it is next, and so on; None if it does neither.
    epoch
        The last finished one; -1 before the first.
    stop_at
        The epoch after which it halts.
    error
        A coded sentence if it has failed, else empty.
    attempt
        How often it was cut off since its last epoch.
    family
        The name of what came of it, once it is done.
    created, updated
        Seconds since 1970.
    seconds_left
        An estimate, waiting included; None where nothing comparable was measured yet.

    """

    id: str
    order: Order
    state: str
    place: int | None
    epoch: int
    stop_at: int
    error: str
    attempt: int
    family: str | None
    created: float
    updated: float
    seconds_left: float | None


class Queue:
    """The jobs of a data folder; all sessions and processes see the same."""

    def __init__(self, root: Path | None = None) -> None:
        self.root = data_folder() if root is None else root
        self._store = JobStore(self.root)

    def submit(self, order: Order, session: str) -> Job:
        """Queue an order; if an equal one waits, runs or is done, that is the job.

        Raises
        ------
        QueueFull
            If too many wait, or this session has too many under way.
        JobProblem
            If the disk is full, or the data folder cannot be written to. Both are ``ValueError``.

        """
        self._check_space()
        known = self._store.find(order.identity)
        if known and known["state"] == "done" and known["family"] not in family_folders():
            self._store.reopen(order.identity)
        epochs = order.spec.recipe.epochs
        self._store.submit(order.identity, order.model_dump_json(), epochs, session)
        return self.find(order.identity)

    def _check_space(self) -> None:
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            free = shutil.disk_usage(self.root).free
        except OSError as error:
            raise JobProblem(problems.explain(error)) from error
        if free < SPACE:
            raise JobProblem(problems.DISK_FULL)

    def find(self, id: str) -> Job | None:
        """Return a job as it stands."""
        return next((job for job in _make_jobs(self._store.rows(id)) if job.id == id), None)

    def list(self) -> tuple[Job, ...]:
        """Return what runs, what waits in its order, then the rest, the latest first."""
        jobs = _make_jobs(self._store.rows())
        under_way = [job for job in jobs if job.place is not None]
        others = [job for job in jobs if job.place is None]
        under_way.sort(key=lambda job: job.place)
        others.sort(key=lambda job: job.updated, reverse=True)
        return (*under_way, *others)

    def cancel(self, id: str) -> None:
        """End a job; its epochs stay on disk, and it can be resumed."""
        self._store.cancel(id)

    def pause(self, id: str) -> None:
        """Halt a job; resumed, it goes on after its last epoch."""
        self._store.pause(id)

    def resume(self, id: str) -> None:
        """Let a job that was paused, cancelled or has failed go on after its last epoch."""
        self._check_space()
        self._store.resume(id)

    def stop_at(self, id: str, epoch: int) -> None:
        """Let a job halt after an epoch, or after the one in work if that is later."""
        self._store.stop_at(id, max(0, epoch))

    def save_as(self, id: str, name: str) -> str:
        """Save the family of a finished job under another name, and return it."""
        job = self.find(id)
        if job is None:
            raise JobProblem(problems.NO_JOB.format(id=id))
        if job.family is None:
            raise ValueError(f"the training is {job.state}; once it is done it can be saved")
        save_as(job.family, name, self.root / FAMILIES)
        return name

    def recorded(self, id: str) -> tuple[int, ...]:
        """Return the epochs of a job that are on disk."""
        return tuple(list_epochs(job_folder(self.root, id)))

    def epoch_arrays(self, id: str, epoch: int) -> dict[str, np.ndarray]:
        """Return what was recorded in an epoch, verified and read-only.

        Raises
        ------
        BadFile
            If it is not there, or damaged.

        """
        return read_epoch(job_folder(self.root, id), epoch)


def _make_jobs(rows: list[Row]) -> tuple[Job, ...]:
    """Return the rows of the table, in the order of their tickets, as jobs."""
    orders = {row["id"]: _read_order(row["request"]) for row in rows}
    places = {row["id"]: 0 for row in rows if row["state"] == "running"}
    waiting = [row["id"] for row in rows if row["state"] == "queued"]
    places |= {id: place for place, id in enumerate(waiting, 1)}
    left = _estimate(rows, orders)
    copied = "id", "state", "epoch", "stop_at", "error", "attempt", "family", "created", "updated"
    return tuple(
        Job(
            **{name: row[name] for name in copied},
            order=orders[row["id"]],
            place=places.get(row["id"]),
            seconds_left=left.get(row["id"]),
        )
        for row in rows
    )


@lru_cache(maxsize=1024)  # pages ask every second
def _read_order(request: str) -> Order:
    return Order.model_validate_json(request)


def _estimate(rows: list[Row], orders: dict[str, Order]) -> dict[str, float]:
    """Estimate when the jobs under way are finished, from how long epochs took."""
    known: dict[tuple, float] = {}
    for row in sorted(rows, key=lambda row: row["updated"]):
        if row["pace"]:
            kind, work = _weigh(orders[row["id"]])
            known[kind] = row["pace"] / work
    left: dict[str, float] = {}
    lines = [0.0] * most_running()  # when each worker is free
    for row in sorted(rows, key=lambda row: (row["state"] != "running", row["ticket"])):
        if row["state"] in ("running", "queued"):
            kind, work = _weigh(orders[row["id"]])
            pace = row["pace"] or known.get(kind, math.inf) * work
            first = min(range(len(lines)), key=lines.__getitem__)
            lines[first] += pace * max(1, row["stop_at"] - row["epoch"])
            left[row["id"]] = lines[first]
    return {id: seconds for id, seconds in left.items() if math.isfinite(seconds)}


def _weigh(order: Order) -> tuple[tuple, int]:
    """Return with which orders one can be compared, and how much there is to do an epoch."""
    spec, recipe = order.spec, order.spec.recipe
    kind = spec.cell, spec.units, spec.language, recipe.precision, recipe.batch_size > 1
    groups = math.ceil(len(order.seeds) / LANES)
    return kind, groups * recipe.train_strings * (recipe.shortest + recipe.longest)
