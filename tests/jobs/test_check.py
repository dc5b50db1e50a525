"""The check of everything that was trained: what is lost is found, what is damaged set aside."""

import pytest

from countviz.checkpoints import list_names, load_family
from countviz.jobs import Order, Queue
from countviz.jobs.check import check_storage
from countviz.jobs.epoch_files import job_folder, list_epochs
from countviz.jobs.run import run_job
from countviz.jobs.store import JobStore
from countviz.models import Spec, Training

RECIPE = Training(epochs=2, train_strings=20, validation_strings=10, longest=20, distinct=False)
DONE, STOPPED = (
    Order(spec=Spec(language="anbn", cell=cell, recipe=RECIPE), seeds=(0, 1))
    for cell in ("relu", "tanh")
)


@pytest.fixture
def queue(tmp_path, monkeypatch):
    """Return a queue with a job that is done and one that stopped after its first epoch."""
    monkeypatch.setenv("COUNTVIZ_DATA", str(tmp_path))
    queue, store = Queue(), JobStore(tmp_path)
    for order in (DONE, STOPPED):
        queue.submit(order, "student")
    queue.stop_at(STOPPED.identity, 1)
    while claim := store.claim():
        run_job(store, claim)
    assert [job.state for job in queue.list()] == ["paused", "done"]
    return queue


def test_sound_storage_stays_as_it_is(queue):
    before = queue.list()
    done = check_storage(queue.root)
    assert (done.problems, done.restored, done.quarantined) == ((), (), ())
    assert done.epochs == 3 + 2
    assert done.families == len(list_names())
    assert queue.list() == before


@pytest.mark.parametrize("damage", [None, b"not a database at all" * 50])
def test_a_list_that_is_lost_or_damaged_is_made_anew(queue, damage):
    file = queue.root / "jobs.sqlite3"
    file.unlink()
    if damage:
        file.write_bytes(damage)
    done = check_storage(queue.root)
    assert set(done.restored) == {DONE.identity, STOPPED.identity}
    assert [problem[:6] for problem in done.problems] == (["CV-311"] if damage else [])
    job, stopped = queue.find(DONE.identity), queue.find(STOPPED.identity)
    assert (job.state, job.epoch, job.family) == ("done", 2, DONE.family)
    assert (stopped.state, stopped.epoch, stopped.order) == ("paused", 1, STOPPED)
    assert check_storage(queue.root).restored == ()
    queue.resume(STOPPED.identity)
    store = JobStore(queue.root)
    run_job(store, store.claim())
    assert queue.find(STOPPED.identity).state == "done"


def test_what_is_damaged_is_set_aside_and_can_be_trained_again(queue):
    epoch = list_epochs(job_folder(queue.root, STOPPED.identity))[0]
    weights = queue.root / "families" / DONE.family / "weights.safetensors"
    for file in (epoch, weights):
        file.write_bytes(file.read_bytes()[:-1])
    done = check_storage(queue.root)
    assert sorted(DONE.family in problem for problem in done.problems) == [False, True]
    assert len(done.quarantined) == 2
    assert DONE.family not in list_names()
    assert check_storage(queue.root).problems == ()  # it was said once, and lies in quarantine
    assert queue.submit(DONE, "student").state == "queued"
    store = JobStore(queue.root)
    run_job(store, store.claim())
    assert load_family(DONE.family).seeds == DONE.seeds


def test_a_family_without_its_epochs_is_still_a_finished_job(queue):
    (queue.root / "jobs.sqlite3").unlink()
    for file in job_folder(queue.root, DONE.identity).iterdir():
        file.unlink()
    check_storage(queue.root)
    assert queue.find(DONE.identity).state == "done"
