"""Workers and their supervisor, as real processes: whatever is killed, no job is lost."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from countviz.checkpoints import load_family
from countviz.jobs import Order, Queue
from countviz.jobs.epoch_files import job_folder, list_epochs
from countviz.jobs.store import JobStore
from countviz.jobs.supervisor import LEASE, Supervisor
from countviz.models import Spec, Training
from countviz.training import train

ROOT = Path(__file__).parents[1]
RECIPE = Training(epochs=3, train_strings=40, validation_strings=20, longest=20, distinct=False)
SPEC = Spec(language="anbn", cell="relu", recipe=RECIPE)


def make_order(data_seed, **recipe):
    recipe = RECIPE.model_copy(update={"data_seed": data_seed, **recipe})
    return Order(spec=SPEC.model_copy(update={"recipe": recipe}), seeds=(0, 1, 2))


LONG = {"epochs": 100, "train_strings": 20_000}  # long enough to be met while it runs


@pytest.fixture(scope="module")
def supervisor(tmp_path_factory):
    supervisor = Supervisor(tmp_path_factory.mktemp("data"), limit=1)
    yield supervisor
    supervisor.stop()


@pytest.fixture
def queue(supervisor):
    return Queue(supervisor.root)


@pytest.fixture
def until(supervisor):
    """Return what lets the supervisor work until something holds."""

    def work(condition, seconds=60):
        deadline = time.monotonic() + seconds
        while not (value := condition()):
            assert time.monotonic() < deadline, "this did not come about in time"
            supervisor.tick()
            time.sleep(0.02)
        return value

    return work


@pytest.fixture
def reach(queue, until):
    """Return what lets the supervisor work until a job is in a state, or at an epoch."""

    def reach(order, state=None, epoch=None):
        def reached():
            job = queue.find(order.identity)
            assert not job.error or state == "failed", job.error
            return (job.epoch >= epoch if state is None else job.state == state) and job

        return until(reached)

    return reach


def worker_of(supervisor, order):
    return next(w.process for w in supervisor.workers if w.claim and w.claim.id == order.identity)


def assert_complete(queue, job):
    """See that a job's epochs and its family are those of training without any interruption."""
    order, family = job.order, load_family(job.family, queue.root / "families")
    expected = train(order.spec, order.seeds, job.family)
    assert (family.spec, family.seeds, family.epochs) == (order.spec, order.seeds, expected.epochs)
    for name, array in expected.weights.items():
        np.testing.assert_array_equal(family.weights[name], array)
    assert queue.recorded(job.id) == expected.epochs
    for epoch in expected.epochs:
        arrays = queue.epoch_arrays(job.id, epoch)
        assert arrays["learning.strings"].size == arrays["strings"].size


def test_an_order_becomes_a_verified_family(queue, reach):
    order = make_order(0)
    queue.submit(order, "student")
    assert_complete(queue, reach(order, "done"))


def test_a_job_killed_resumes(supervisor, queue, reach, until):
    order = make_order(1, train_strings=2_000)
    queue.submit(order, "student")
    for epoch in range(2):
        reach(order, epoch=epoch)
        process = worker_of(supervisor, order)
        process.kill()
        until(lambda process=process: process not in {w.process for w in supervisor.workers})
        assert queue.find(order.identity).epoch >= epoch
    assert_complete(queue, reach(order, "done"))


def test_a_cancelled_job_ends_and_can_be_resumed(supervisor, queue, reach, until):
    order = make_order(2, **LONG)
    queue.submit(order, "student")
    reach(order, epoch=0)
    process = worker_of(supervisor, order)
    queue.cancel(order.identity)
    until(lambda: process.poll() is not None)
    recorded = queue.recorded(order.identity)
    assert queue.find(order.identity).state == "cancelled"
    queue.resume(order.identity)
    reach(order, epoch=recorded[-1] + 1)
    queue.cancel(order.identity)


def test_a_job_stops_at_an_epoch_and_goes_on_from_there(queue, reach):
    order = make_order(3)
    queue.submit(order, "student")
    queue.stop_at(order.identity, 1)
    assert reach(order, "paused").epoch == 1
    assert queue.recorded(order.identity) == (0, 1)
    queue.resume(order.identity)
    assert_complete(queue, reach(order, "done"))


def test_a_paused_job_does_nothing_until_it_is_resumed(supervisor, queue, reach, until):
    order, other = make_order(4, **LONG), make_order(5)
    queue.submit(order, "student")
    reach(order, epoch=0)
    process = worker_of(supervisor, order)
    queue.pause(order.identity)
    until(lambda: process.poll() is not None)
    recorded = queue.recorded(order.identity)
    queue.submit(other, "student")
    reach(other, "done")
    assert queue.recorded(order.identity) == recorded
    queue.cancel(order.identity)


def test_a_damaged_epoch_is_trained_again(queue, reach):
    order = make_order(6)
    queue.submit(order, "student")
    queue.stop_at(order.identity, 2)
    reach(order, "paused")
    folder = job_folder(queue.root, order.identity)
    list_epochs(folder)[1].write_bytes(b"damaged")
    queue.resume(order.identity)
    assert_complete(queue, reach(order, "done"))
    (reason,) = (queue.root / "quarantine").glob("*/reason.txt")
    assert f"{order.identity}/0001" in reason.read_text()


def test_a_runaway_job_is_stopped_and_the_queue_moves_on(supervisor, queue, reach, monkeypatch):
    monkeypatch.setattr(supervisor, "longest_run", 0.5)
    order, other = make_order(7, **LONG), make_order(8, epochs=1)
    queue.submit(order, "student")
    assert reach(order, "failed").error.startswith("CV-306")
    monkeypatch.undo()
    queue.submit(other, "student")
    reach(other, "done")


def test_strings_that_do_not_exist_are_refused_in_words(queue, reach):
    order = make_order(9, distinct=True)
    queue.submit(order, "student")
    error = reach(order, "failed").error
    assert error.startswith("CV-312 This cannot be trained: 5,060 distinct strings of anbn")


def test_a_job_that_nobody_trains_any_more_is_found(supervisor, queue, reach, until, monkeypatch):
    order, store = make_order(10), JobStore(queue.root)
    until(lambda: not any(worker.claim for worker in supervisor.workers))
    queue.submit(order, "student")
    claim = store.claim(order.identity)  # by somebody who gives no sign of life
    supervisor.tick()
    assert queue.find(order.identity).state == "running"
    monkeypatch.setattr(time, "monotonic", lambda now=time.monotonic: now() + LEASE + 1)
    until(lambda: store.find(order.identity)["claim"] > claim.number)
    assert not store.finish(claim, "late")
    reach(order, "done")


def run_worker(queue, *argv, **options):
    return subprocess.Popen(
        [sys.executable, "-m", "countviz.worker", *argv],
        env={**os.environ, "COUNTVIZ_DATA": str(queue.root)},
        cwd=ROOT,
        text=True,
        **options,
    )


def test_a_worker_trains_the_job_that_it_is_given(tmp_path):
    queue, order = Queue(tmp_path), make_order(11)
    queue.submit(order, "student")
    assert run_worker(queue, order.identity).wait(60) == 0
    assert_complete(queue, queue.find(order.identity))
    again = run_worker(queue, order.identity, stderr=subprocess.PIPE)
    assert again.communicate(timeout=60)[1] == f"there is no waiting job {order.identity}\n"
    assert again.returncode == 2


def wait_until(condition, seconds=60):
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, "this did not come about in time"
        time.sleep(0.02)
    return value


def children_of(pid):
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_workers_end_with_their_supervisor_and_another_one_takes_over(tmp_path):
    queue, order = Queue(tmp_path), make_order(12, epochs=20, train_strings=5_000)
    queue.submit(order, "student")
    first, second = (run_worker(queue, "--supervise", stdin=subprocess.PIPE) for _ in range(2))
    try:
        wait_until(lambda: queue.find(order.identity).epoch >= 0)
        supervisors = [process for process in (first, second) if children_of(process.pid)]
        assert len(supervisors) == 1, "only one may supervise"
        workers = children_of(supervisors[0].pid)
        os.kill(supervisors[0].pid, signal.SIGKILL)
        wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in workers))
        job = wait_until(lambda: (job := queue.find(order.identity)).state == "done" and job)
        assert_complete(queue, job)
        assert JobStore(queue.root).find(order.identity)["claim"] == 2
    finally:
        for process in (first, second):
            process.stdin.close()
        assert sorted(process.wait(30) for process in (first, second)) == [-signal.SIGKILL, 0]
