"""Train on a cluster of computers: one dask task for every group of 32 seeds.

``COUNTVIZ_SCHEDULER=tcp://host:8786`` names the scheduler. Its workers need this package and what
it requires, in the same version, and no common disk: every group sends its epochs through a queue
of the scheduler, and whoever asked writes them down. Dask trusts its network, and so must you.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING
from uuid import uuid4

import numpy as np

from countviz.arithmetic.cache import kernel_version
from countviz.jobs.orders import LANES
from countviz.jobs.problems import CLUSTER, JobProblem
from countviz.jobs.recording import epoch_of, join_seeds, record_epochs, take_seeds
from countviz.models import Spec
from countviz.weight_files import read_own_arrays, write_arrays

if TYPE_CHECKING:
    from distributed import Client, Future, Queue

ANSWER = 5  # seconds in which a scheduler must answer
GLANCE = 1  # seconds between two looks whether a task still lives


def record_on_cluster(
    scheduler: str, spec: Spec, seeds: Sequence[int], after: Mapping[str, np.ndarray] | None
) -> Iterator[dict[str, np.ndarray]]:
    """Train seeds on a cluster and yield the arrays of every epoch, as ``record_epochs`` does."""
    from distributed import Client

    try:
        with Client(scheduler, timeout=ANSWER, set_as_default=False) as client:
            yield from _record(client, spec, seeds, after)
    except (OSError, RuntimeError, ValueError) as error:
        raise JobProblem(CLUSTER) from error


def _record(
    client: "Client", spec: Spec, seeds: Sequence[int], after: Mapping[str, np.ndarray] | None
) -> Iterator[dict[str, np.ndarray]]:
    from distributed import Queue

    run, tasks, mail = uuid4().hex, [], []
    for begin in range(0, len(seeds), LANES):
        group = slice(begin, begin + LANES)
        box = f"countviz-{run}-{begin}"
        mail.append(Queue(box, client=client))
        begun = None if after is None else write_arrays(take_seeds(after, group))
        request = spec.model_dump_json(), tuple(seeds[group]), begun, box, kernel_version()
        tasks.append(client.submit(train_group, *request, key=box, pure=False))
    first = 0 if after is None else epoch_of(after) + 1
    for epoch in range(first, spec.recipe.epochs + 1):
        yield join_seeds([_receive(*one, epoch) for one in zip(mail, tasks, strict=True)])


def _receive(box: "Queue", task: "Future", epoch: int) -> dict[str, np.ndarray]:
    """Wait for an epoch of a group; a task that was begun anew elsewhere sends some twice."""
    while True:
        try:
            arrays = read_own_arrays(box.get(timeout=GLANCE))
        except TimeoutError:
            if task.status in ("error", "lost", "cancelled"):
                task.result(timeout=ANSWER)
                raise RuntimeError(f"a task is {task.status}") from None
            continue
        if epoch_of(arrays) == epoch:
            return arrays


def train_group(
    spec: str, seeds: Sequence[int], after: bytes | None, box: str, version: str
) -> None:
    """Train a group of seeds on a computer of the cluster, as long as somebody waits for it."""
    from distributed import Queue, get_worker

    if version != kernel_version():
        raise RuntimeError(f"this computer trains by {kernel_version()}, not by {version}")
    worker, mail = get_worker(), Queue(box)
    begun = None if after is None else read_own_arrays(after)
    for arrays in record_epochs(Spec.model_validate_json(spec), seeds, begun, threads=1):
        task = worker.state.tasks.get(box)
        if task is None or task.state != "executing":  # whoever asked is gone
            mail.close()
            return
        mail.put(write_arrays(arrays))
