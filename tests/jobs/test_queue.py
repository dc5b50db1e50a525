"""Orders and the queue: what is accepted, what is shared, and what is said to people."""

import sqlite3

import numpy as np
import pytest
from pydantic import ValidationError

from countviz.checkpoints import load_family
from countviz.exact import exact_lstm
from countviz.jobs import Order, Queue, describe_problems
from countviz.jobs.epoch_files import job_folder, write_epoch
from countviz.jobs.problems import JobProblem, QueueFull, explain
from countviz.jobs.store import MOST_WAITING, JobStore
from countviz.models import Spec, Training
from countviz.weight_files import BadFile


def make_order(seeds=(0, 1), units=1, **recipe):
    spec = Spec(language="dyck1", cell="lstm", units=units, recipe=Training(**recipe))
    return Order(spec=spec, seeds=seeds)


@pytest.fixture
def queue(tmp_path):
    return Queue(tmp_path)


def test_equal_orders_are_one_job_whatever_the_order_of_their_seeds(queue):
    jobs = {queue.submit(make_order(seeds), str(seeds)).id for seeds in [(0, 1), (1, 0), (0, 1, 1)]}
    assert len(jobs) == 1
    assert len(queue.list()) == 1


@pytest.mark.parametrize("other", [{"seeds": (0,)}, {"units": 2}, {"data_seed": 1}])
def test_another_order_is_another_job(other):
    assert make_order(**other).identity != make_order().identity


def test_orders_of_other_kernels_are_other_jobs():
    assert make_order(kernel_version=1).identity != make_order(kernel_version=10**6).identity


@pytest.mark.parametrize(
    ("wrong", "sentences"),
    [
        ({"seeds": ()}, ["seeds is (); Tuple should have at least 1 item"]),
        ({"seeds": range(129)}, ["seeds is range(0, 129); Tuple should have at most 128 items"]),
        ({"seeds": [-1]}, ["seeds is -1; it should be greater than or equal to 0"]),
        ({"seeds": [2**70]}, ["seeds is 1180591620717411303424; it should be less than"]),
        ({"units": 17, "epochs": 101}, ["units is 17; at most 16", "epochs is 101; at most 100"]),
        ({"shortest": 60}, ["shortest is 60; at most 50 is right"]),
        ({"longest": 201}, ["longest is 201; at most 200 is right"]),
        (
            {"learning_rate": float("nan"), "batch_size": 0},
            ["learning_rate is nan; it should be", "batch_size is 0; it should be greater"],
        ),
        ({"learning_rate": float("inf")}, ["learning_rate is inf; it should be"]),
    ],
)
def test_every_wrong_field_gets_one_sentence(wrong, sentences):
    with pytest.raises(ValidationError) as refused:
        make_order(**wrong)
    said = describe_problems(refused.value)
    assert len(said) == len(sentences)
    for sentence, beginning in zip(said, sentences, strict=True):
        assert sentence.startswith(beginning)


def test_what_was_set_by_hand_cannot_be_ordered():
    with pytest.raises(ValidationError, match="a training is right"):
        Order(spec=exact_lstm().spec, seeds=(0,))


def test_places_are_counted_from_what_is_next(queue):
    orders = [make_order(data_seed=number) for number in range(3)]
    for order in orders:
        queue.submit(order, order.identity)
    JobStore(queue.root).claim()
    assert [job.place for job in queue.list()] == [0, 1, 2]
    assert [job.order for job in queue.list()] == orders
    queue.cancel(orders[1].identity)
    assert [job.place for job in queue.list()] == [0, 1, None]


def test_time_left_is_estimated_once_something_comparable_was_measured(queue, monkeypatch):
    monkeypatch.setenv("COUNTVIZ_WORKERS", "1")
    small, large, other = make_order(), make_order(seeds=range(64)), make_order(units=2)
    for order in (small, large, other):
        queue.submit(order, order.identity)
    assert [job.seconds_left for job in queue.list()] == [None] * 3
    store = JobStore(queue.root)
    claim = store.claim()
    store.record(claim, 0, None)
    assert queue.find(small.identity).seconds_left is None
    store.record(claim, 10, 2.0)
    assert [job.seconds_left for job in queue.list()] == [20.0, 20.0 + 21 * 4.0, None]


def test_a_full_queue_leaves_what_is_there_as_it_was(queue):
    for number in range(MOST_WAITING):
        queue.submit(make_order(data_seed=number), str(number))
    with pytest.raises(QueueFull, match=r"CV-303 .*ready-made models"):
        queue.submit(make_order(data_seed=MOST_WAITING), "one more")
    assert [job.state for job in queue.list()] == ["queued"] * MOST_WAITING


def test_nothing_is_queued_on_a_full_disk(queue, monkeypatch):
    monkeypatch.setattr("countviz.jobs.queue.SPACE", 2**80)
    with pytest.raises(JobProblem, match=r"CV-301 .* full"):
        queue.submit(make_order(), "student")
    assert queue.list() == ()


def test_nothing_is_queued_where_nothing_can_be_written(tmp_path):
    (tmp_path / "file").write_text("in the way")
    queue = Queue(tmp_path / "file" / "data")
    assert queue.list() == ()
    with pytest.raises(JobProblem, match="CV-302"):
        queue.submit(make_order(), "student")


def test_a_job_whose_family_was_deleted_is_trained_again(queue):
    job = queue.submit(make_order(), "student")
    store = JobStore(queue.root)
    store.finish(store.claim(), "gone")
    assert queue.find(job.id).state == "done"
    assert queue.submit(make_order(), "student").state == "queued"


def test_only_a_finished_job_can_be_saved_under_a_name(queue):
    job = queue.submit(make_order(), "student")
    with pytest.raises(ValueError, match="the training is queued; once it is done"):
        queue.save_as(job.id, "mine")
    with pytest.raises(JobProblem, match="CV-313 There is no job nothing"):
        queue.save_as("nothing", "mine")


def test_a_finished_family_is_saved_under_a_name_that_is_free(tmp_path, monkeypatch):
    monkeypatch.setenv("COUNTVIZ_DATA", str(tmp_path))
    queue = Queue()
    job = queue.submit(make_order(), "student")
    store = JobStore(queue.root)
    store.finish(store.claim(), "exact-lstm")
    assert queue.save_as(job.id, "mine") == "mine"
    assert load_family("mine").spec == load_family("exact-lstm").spec
    for taken in ("mine", "exact-relu"):
        with pytest.raises(ValueError, match=f"there is a family named {taken} already"):
            queue.save_as(job.id, taken)
    for hostile in ("../mine", "Mine", "", "a" * 65):
        with pytest.raises(ValueError, match="is no name for a family"):
            queue.save_as(job.id, hostile)


def test_recorded_epochs_are_read_back(queue):
    order = make_order()
    assert queue.recorded(order.identity) == ()
    write_epoch(job_folder(queue.root, order.identity), 0, {"epoch": np.array([0.0])})
    assert queue.recorded(order.identity) == (0,)
    assert queue.epoch_arrays(order.identity, 0)["epoch"] == [0]
    with pytest.raises(BadFile, match=r"epoch 1 of the job .* is not on disk"):
        queue.epoch_arrays(order.identity, 1)


def sqlite3_error(name):
    error = sqlite3.OperationalError("about /a/path")
    error.sqlite_errorcode = getattr(sqlite3, name)
    return error


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (OSError(28, "No space left on device", "/a/path"), "CV-301"),
        (OSError(27, "File too large", "/a/path"), "CV-301"),
        (sqlite3_error("SQLITE_FULL"), "CV-301"),
        (OSError(30, "Read-only file system", "/a/path"), "CV-302"),
        (PermissionError(13, "Permission denied", "/a/path"), "CV-302"),
        (sqlite3_error("SQLITE_READONLY_DIRECTORY"), "CV-302"),
        (sqlite3_error("SQLITE_BUSY"), "CV-305"),
        (MemoryError(), "CV-307"),
        (np.exceptions.AxisError("about /a/path"), "CV-308"),
        (OSError(5, "Input/output error", "/a/path"), "CV-308"),
    ],
)
def test_every_failure_has_a_coded_sentence_without_a_path(error, code):
    said = explain(error)
    assert said.startswith(f"{code} ")
    assert said.endswith(".")
    assert "/" not in said
    assert "\n" not in said
