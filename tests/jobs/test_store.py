"""The list of jobs: no job is lost, none is finished twice, and old claims are worth nothing."""

import sqlite3
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from countviz.jobs.epoch_files import job_folder, read_epoch, write_epoch
from countviz.jobs.problems import JobProblem, QueueFull
from countviz.jobs.store import MOST_A_SESSION, MOST_ATTEMPTS, MOST_WAITING, Claim, JobStore

EPOCHS = 2
IDS = st.sampled_from(["a", "b", "c", "d"])


@pytest.fixture
def store(tmp_path):
    return JobStore(tmp_path / "data")


def submit(store, id, session=None):
    store.submit(id, "{}", EPOCHS, session or id)


def test_no_list_is_made_before_the_first_job(store):
    assert (store.rows(), store.find("a"), store.claim()) == ([], None, None)
    assert not store.file.parent.exists()


def test_equal_orders_are_one_job(store):
    for session in range(30):
        submit(store, "a", str(session))
    assert [row["state"] for row in store.rows()] == ["queued"]


def test_jobs_are_claimed_in_the_order_they_came(store):
    for id in "cab":
        submit(store, id)
    assert [store.claim() for _ in range(4)] == [Claim("c", 1), Claim("a", 1), Claim("b", 1), None]


def test_a_job_that_was_cut_off_goes_before_those_that_wait(store):
    submit(store, "a")
    submit(store, "b")
    store.release(store.claim())
    assert store.claim() == Claim("a", 2)


def test_a_session_has_one_job_that_runs_and_one_that_waits(store):
    for id in "abc"[:MOST_A_SESSION]:
        submit(store, id, "student")
    with pytest.raises(QueueFull, match="CV-304 You have 2 trainings under way"):
        submit(store, "z", "student")
    submit(store, "a", "student")  # which is under way, so that nothing is added
    store.finish(store.claim(), "family")
    submit(store, "z", "student")


def test_the_queue_is_bounded_and_says_what_to_do(store):
    for number in range(MOST_WAITING):
        submit(store, str(number))
    with pytest.raises(QueueFull, match=f"CV-303 .* {MOST_WAITING} .* ready-made models"):
        submit(store, "one more")
    assert len(store.rows()) == MOST_WAITING


def test_a_job_that_gets_nowhere_is_given_up_and_can_be_resumed(store):
    submit(store, "a")
    for _ in range(MOST_ATTEMPTS):
        store.release(store.claim())
    assert store.find("a")["state"] == "failed"
    assert store.find("a")["error"].startswith("CV-309")
    store.resume("a")
    assert (store.find("a")["state"], store.find("a")["error"]) == ("queued", "")


def test_forty_cuts_do_not_end_a_job_that_gets_on(store):
    store.submit("a", "{}", 40, "student")
    for epoch in range(40):
        claim = store.claim()
        store.record(claim, epoch, 0.1)
        store.release(claim)
    assert (store.find("a")["state"], store.find("a")["epoch"]) == ("queued", 39)


def test_a_server_that_stops_is_no_fault_of_the_job(store):
    submit(store, "a")
    for _ in range(2 * MOST_ATTEMPTS):
        store.release(store.claim(), blame=False)
    assert (store.find("a")["state"], store.find("a")["attempt"]) == ("queued", 0)


def test_stopping_at_an_epoch_ends_where_going_on_begins(store):
    submit(store, "a")
    store.stop_at("a", 1)
    claim = store.claim()
    store.record(claim, 1, 0.1)
    store.halt(claim)
    assert (store.find("a")["state"], store.find("a")["stop_at"]) == ("paused", 1)
    store.resume("a")
    assert store.find("a")["stop_at"] == EPOCHS


def test_a_list_of_a_later_format_is_not_touched(store):
    submit(store, "a")
    with sqlite3.connect(store.file) as table:
        table.execute("PRAGMA user_version = 7")
    table.close()
    for look in (store.rows, store.claim, lambda: submit(store, "b")):
        with pytest.raises(JobProblem, match=r"CV-310 .*format 7; this one reads 1"):
            look()


def test_a_damaged_list_is_said_to_be_damaged(store):
    store.file.parent.mkdir()
    store.file.write_bytes(b"not a database" * 100)
    with pytest.raises(JobProblem, match="CV-311"):
        store.rows()


def test_a_list_that_others_hold_is_said_to_be_in_use(store, monkeypatch):
    submit(store, "a")
    monkeypatch.setattr("countviz.jobs.store.PATIENCE", 0.01)
    other = sqlite3.connect(store.file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(JobProblem, match="CV-305"):
        submit(store, "b")
    assert store.find("a")["state"] == "queued"  # reading goes on
    other.close()


class JobLife(RuleBasedStateMachine):
    """People and trainers do what they like, in any order; trainers die whenever they like.

    A trainer writes an epoch before it notes it, as the worker does.
    """

    def __init__(self):
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.root = Path(self.folder.name)
        self.store = JobStore(self.root)
        self.states = {}  # what the table should hold
        self.held, self.lost = {}, []  # claims that are good, and that are not
        self.finished = []

    def teardown(self):
        self.folder.cleanup()

    def lose(self, id, state):
        self.states[id] = state
        if id in self.held:
            self.lost.append(self.held.pop(id))

    @rule(id=IDS, session=st.sampled_from("xyz"))
    def submit(self, id, session):
        try:
            submit(self.store, id, session)
        except QueueFull:
            return
        if self.states.get(id) not in ("running", "done"):
            self.states[id] = "queued"

    @rule()
    def claim(self):
        claim = self.store.claim()
        assert (claim is None) == ("queued" not in self.states.values())
        if claim:
            assert self.states[claim.id] == "queued"
            self.states[claim.id] = "running"
            self.held[claim.id] = claim

    @precondition(lambda self: self.held)
    @rule(data=st.data(), noted=st.booleans())
    def train_an_epoch(self, data, noted):
        claim = data.draw(st.sampled_from(sorted(self.held.values())))
        epoch = min(self.store.find(claim.id)["epoch"] + 1, EPOCHS)
        write_epoch(job_folder(self.root, claim.id), epoch, {"epoch": np.array([epoch])})
        if noted:
            assert self.store.record(claim, epoch, 0.1)
        if noted and epoch == EPOCHS:
            assert self.store.finish(claim, "family")
            self.finished.append(claim.id)
            self.lose(claim.id, "done")

    @precondition(lambda self: self.held)
    @rule(data=st.data(), blame=st.booleans())
    def die(self, data, blame):
        claim = data.draw(st.sampled_from(sorted(self.held.values())))
        attempt = self.store.find(claim.id)["attempt"] + blame
        assert self.store.release(claim, blame=blame)
        self.lose(claim.id, "queued" if attempt < MOST_ATTEMPTS else "failed")

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def fail(self, data):
        claim = data.draw(st.sampled_from(sorted(self.held.values())))
        assert self.store.fail(claim, "CV-308")
        self.lose(claim.id, "failed")

    @precondition(lambda self: self.lost)
    @rule(data=st.data())
    def act_though_taken_for_dead(self, data):
        claim = data.draw(st.sampled_from(sorted(self.lost)))
        steps = [
            self.store.beat(claim),
            self.store.record(claim, EPOCHS, 0.1),
            self.store.halt(claim),
            self.store.finish(claim, "another"),
            self.store.fail(claim, "CV-308"),
            self.store.release(claim),
        ]
        assert not any(steps)

    @rule(id=IDS)
    def cancel(self, id):
        if self.store.cancel(id):
            assert self.states[id] in ("queued", "running", "paused")
            self.lose(id, "cancelled")

    @rule(id=IDS)
    def pause(self, id):
        if self.store.pause(id):
            assert self.states[id] in ("queued", "running")
            self.lose(id, "paused")

    @rule(id=IDS)
    def resume(self, id):
        if self.store.resume(id):
            assert self.states[id] in ("paused", "failed", "cancelled")
            self.states[id] = "queued"

    @invariant()
    def no_job_is_lost_and_none_finishes_twice(self):
        assert {row["id"]: row["state"] for row in self.store.rows()} == self.states
        assert len(self.finished) == len(set(self.finished))

    @invariant()
    def what_is_noted_is_on_disk(self):
        for row in self.store.rows():
            for epoch in range(row["epoch"] + 1):
                assert read_epoch(job_folder(self.root, row["id"]), epoch)["epoch"] == [epoch]
            assert row["state"] != "done" or row["epoch"] == EPOCHS


TestJobLife = JobLife.TestCase
TestJobLife.settings = settings(max_examples=40, stateful_step_count=25)
