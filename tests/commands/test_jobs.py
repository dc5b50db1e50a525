"""``jobs`` and ``fsck``: what is under way, and whether what is there is sound."""

import pytest

from countviz.jobs import Order, Queue
from countviz.models import Spec, Training

ORDER = Order(spec=Spec(language="dyck1", cell="lstm", recipe=Training()), seeds=range(3))


@pytest.fixture
def queue(tmp_path, monkeypatch):
    monkeypatch.setenv("COUNTVIZ_DATA", str(tmp_path))
    return Queue()


def test_without_jobs_there_is_an_empty_list(queue, ask, ask_json):
    assert ask("jobs").err == "there are no jobs\n"
    assert ask_json("jobs") == {"jobs": []}
    assert not queue.root.joinpath("jobs.sqlite3").exists()


def test_jobs_are_listed_cancelled_and_resumed(queue, ask, ask_json):
    id = queue.submit(ORDER, "student").id
    (job,) = ask_json("jobs")["jobs"]
    assert Order.model_validate(job["order"]) == ORDER
    assert (job["id"], job["state"], job["place"]) == (id, "queued", 1)
    assert ask("jobs", "cancel", id).out == f"{id} is cancelled\n"
    assert ask_json("jobs", "resume", id)["state"] == "queued"
    heading, line = ask("jobs").out.splitlines()
    assert heading.split()[:2] == ["id", "state"]
    assert line.split()[:3] == [id, "queued", "1"]


def test_an_unknown_job_is_refused(queue, refuse):
    assert refuse("jobs", "cancel", "nothing") == "error: CV-313 There is no job nothing.\n"


def test_fsck_says_what_is_sound_and_what_is_not(queue, ask, ask_json):
    found = ask_json("fsck")
    assert (found["problems"], found["restored"], found["quarantined"]) == ([], [], [])
    (queue.root / "jobs.sqlite3").write_bytes(b"damaged" * 100)
    out, err = ask("fsck")
    assert out.startswith(f"sound: {found['families']} families and 0 epochs\nin quarantine: ")
    assert err.startswith("CV-311 ")
    assert ask("fsck").err == ""
