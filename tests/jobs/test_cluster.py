"""A cluster trains the same: a real scheduler and two workers, as processes of this machine."""

import importlib.util
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from countviz.checkpoints import load_family
from countviz.jobs import Order, Queue
from countviz.jobs.supervisor import Supervisor
from countviz.models import Spec, Training
from countviz.training import train

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("distributed") is None,
    reason="dask.distributed is not installed (requirements.txt has it, to develop countviz)",
)
ROOT = Path(__file__).parents[2]
RECIPE = Training(epochs=3, train_strings=500, validation_strings=20, longest=20, distinct=False)
ORDER = Order(spec=Spec(language="anbn", cell="relu", recipe=RECIPE), seeds=range(40))


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """Return the address of a scheduler with two workers of one thread each, and these."""
    folder, address = tmp_path_factory.mktemp("cluster"), f"tcp://127.0.0.1:{free_port()}"
    python = [sys.executable, "-m"]
    options = {"cwd": folder, "env": {**os.environ, "PYTHONPATH": str(ROOT)}}
    quiet = ["--no-dashboard", "--host=127.0.0.1"]
    scheduler = ["distributed.cli.dask_scheduler", *quiet, f"--port={address.rpartition(':')[2]}"]
    worker = ["distributed.cli.dask_worker", address, *quiet, "--nthreads=1", "--no-nanny"]
    processes = [
        subprocess.Popen([*python, *command], stderr=subprocess.DEVNULL, **options)
        for command in (scheduler, worker, worker)
    ]
    yield address, processes[1:]
    for process in reversed(processes):
        process.terminate()
        process.wait(30)


@pytest.fixture
def queue(tmp_path, cluster, monkeypatch):
    monkeypatch.setenv("COUNTVIZ_SCHEDULER", cluster[0])
    return Queue(tmp_path)


def wait_for(queue, condition, seconds=90):
    """Supervise the queue until a condition on its job holds."""
    supervisor, deadline = Supervisor(queue.root, limit=1), time.monotonic() + seconds
    try:
        while not condition(job := queue.find(ORDER.identity)):
            assert not job.error, job.error
            assert time.monotonic() < deadline, "this did not come about in time"
            supervisor.tick()
            time.sleep(0.02)
    finally:
        supervisor.stop()
    return job


def test_a_cluster_trains_the_same_family_through_cuts_and_lost_workers(queue, cluster):
    queue.submit(ORDER, "student")
    wait_for(queue, lambda job: job.epoch >= 1)  # and the job is cut off there
    _, workers = cluster
    workers[0].kill()
    job = wait_for(queue, lambda job: job.state == "done")
    family = load_family(job.family, queue.root / "families")
    expected = train(ORDER.spec, ORDER.seeds, job.family)
    assert (family.seeds, family.epochs) == (ORDER.seeds, expected.epochs)
    for name, array in expected.weights.items():
        np.testing.assert_array_equal(family.weights[name], array)
    assert queue.epoch_arrays(job.id, 3)["learning.train_loss"].shape[0] == len(ORDER.seeds)


def test_a_cluster_that_does_not_answer_fails_the_job_in_words(tmp_path, monkeypatch):
    monkeypatch.setenv("COUNTVIZ_SCHEDULER", f"tcp://127.0.0.1:{free_port()}")
    queue = Queue(tmp_path)
    queue.submit(ORDER, "student")
    supervisor, deadline = Supervisor(queue.root, limit=1), time.monotonic() + 60
    while not (error := queue.find(ORDER.identity).error):
        assert time.monotonic() < deadline
        supervisor.tick()
        time.sleep(0.02)
    supervisor.stop()
    assert error.startswith("CV-314")
