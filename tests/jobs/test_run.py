"""A job that fails says why in words, keeps its epochs, and goes on from them."""

import errno

import pytest

from countviz.jobs import Order, Queue
from countviz.jobs.epoch_files import job_folder, list_epochs, read_epoch
from countviz.jobs.store import JobStore
from countviz.models import Spec, Training
from countviz.worker import work_off

RECIPE = Training(epochs=3, train_strings=20, validation_strings=10, longest=20, distinct=False)
ORDER = Order(spec=Spec(language="anbn", cell="relu", recipe=RECIPE), seeds=(0, 1))


@pytest.mark.parametrize(
    ("number", "code"), [(errno.ENOSPC, "CV-301"), (errno.EROFS, "CV-302"), (errno.EIO, "CV-308")]
)
def test_a_disk_that_fails_fails_the_job_and_keeps_what_was_there(
    tmp_path, monkeypatch, number, code
):
    queue, store = Queue(tmp_path), JobStore(tmp_path)
    queue.submit(ORDER, "student")
    queue.stop_at(ORDER.identity, 1)
    assert work_off(store, store.claim()) == 0
    queue.resume(ORDER.identity)

    def refuse(handle):
        raise OSError(number, "about a path", "/a/path")

    with monkeypatch.context() as failing:
        failing.setattr("os.fsync", refuse)
        assert work_off(store, store.claim()) == 0
    job, folder = queue.find(ORDER.identity), job_folder(tmp_path, ORDER.identity)
    assert (job.state, job.epoch, job.error[:6]) == ("failed", 1, code)
    assert [read_epoch(folder, epoch)["epoch"] for epoch in list_epochs(folder)] == [[0], [1]]
    queue.resume(ORDER.identity)
    assert work_off(store, store.claim()) == 0
    assert queue.find(ORDER.identity).state == "done"


def test_a_claim_that_was_lost_writes_nothing_into_the_list(tmp_path):
    queue, store = Queue(tmp_path), JobStore(tmp_path)
    queue.submit(ORDER, "student")
    claim = store.claim()
    queue.cancel(ORDER.identity)
    assert work_off(store, claim) == 0
    assert (queue.find(ORDER.identity).state, queue.find(ORDER.identity).epoch) == ("cancelled", -1)
