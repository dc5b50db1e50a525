"""Train one job: from its last epoch on disk to its family in the library."""

import math
import os
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from countviz.checkpoints import (
    FAMILIES,
    QUARANTINE,
    family_folders,
    load_family,
    quarantine_family,
    save_family,
)
from countviz.corpora import make_corpora
from countviz.durable import write_file
from countviz.epochs import Epoch
from countviz.jobs.cluster import record_on_cluster
from countviz.jobs.epoch_files import ORDER, job_folder, read_epoch, sound_epochs, write_epoch
from countviz.jobs.orders import LANES, Order
from countviz.jobs.problems import OUTDATED, UNTRAINABLE, JobProblem
from countviz.jobs.recording import epoch_of, record_epochs
from countviz.jobs.store import Claim, JobStore
from countviz.models import KERNEL_VERSION, Spec, Training
from countviz.training import make_family
from countviz.weight_files import BadFile


def get_ready() -> None:
    """Do now what would take seconds after a click: draw the published strings, load kernels."""
    spec = Spec(language="dyck1", cell="lstm", recipe=Training(epochs=1))
    for _ in record_epochs(spec, [0], None, threads=1):
        break


def run_job(store: JobStore, claim: Claim) -> None:
    """Put the epochs on disk that are not there yet, and the family after the last one."""
    root, request = store.file.parent, store.find(claim.id)["request"]
    order, folder = Order.model_validate_json(request), job_folder(root, claim.id)
    _check(order)
    _keep_order(folder, request)
    done = sound_epochs(folder, root / QUARANTINE)
    last = read_epoch(folder, done[-1]) if done else None
    began = time.monotonic()
    for arrays in _epochs(order, last):
        epoch, last_epoch = epoch_of(arrays), order.spec.recipe.epochs
        write_epoch(folder, epoch, arrays)
        seconds, began = time.monotonic() - began, time.monotonic()
        if not store.record(claim, epoch, seconds if epoch else None):
            return  # it was cancelled, paused, or taken over
        if last_epoch > epoch >= store.find(claim.id)["stop_at"]:
            store.halt(claim)
            return
    store.finish(claim, _save(order, folder, root))


def _check(order: Order) -> None:
    """Refuse what this countviz cannot train: too few strings of such lengths, or other kernels."""
    if order.spec.recipe.kernel_version != KERNEL_VERSION:
        raise JobProblem(OUTDATED)
    try:
        make_corpora(order.spec)
    except ValueError as error:
        raise JobProblem(UNTRAINABLE.format(reason=error)) from error


def _keep_order(folder: Path, request: str) -> None:
    """Keep beside the epochs what they are epochs of, should the table get lost."""
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / ORDER).exists():
        write_file(folder / ORDER, request.encode())


def _epochs(
    order: Order, last: Mapping[str, np.ndarray] | None
) -> Iterator[Mapping[str, np.ndarray]]:
    """Train here with a thread for every group of seeds, or on the cluster if there is one."""
    scheduler = os.environ.get("COUNTVIZ_SCHEDULER")
    if scheduler:
        return record_on_cluster(scheduler, order.spec, order.seeds, last)
    groups, spare = math.ceil(len(order.seeds) / LANES), (os.cpu_count() or 1) - 1
    threads = max(1, min(groups, spare))  # one processor is left to the pages
    return record_epochs(order.spec, order.seeds, last, threads)


def _save(order: Order, folder: Path, root: Path) -> str:
    """Save the family that the epochs make, unless it is there; return its name once verified."""
    name, families = order.family, root / FAMILIES
    if name in family_folders(families):
        try:
            family = load_family(name, families)
            if (family.spec, family.seeds) == (order.spec, order.seeds):
                return name
        except BadFile as problem:
            quarantine_family(name, root, str(problem))
    every = range(order.spec.recipe.epochs + 1)
    epochs = [Epoch.from_arrays(read_epoch(folder, epoch)) for epoch in every]
    save_family(make_family(name, order.spec, order.seeds, epochs), families)
    return load_family(name, families).name
