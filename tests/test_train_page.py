"""The page Train without a browser: what it says and offers for each state of a training."""

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from countviz.jobs import Order, Queue
from countviz.jobs.store import MOST_A_SESSION, MOST_WAITING, JobStore
from countviz.memories import Stacks
from countviz.models import Spec, Training
from countviz.web.training_form import FIRST, PRESETS, fields_of, make_order
from countviz.worker import work_off

ROOT = Path(__file__).parents[1]
FRAME = ROOT / "countviz" / "web" / "frame.py"
PAGE = str(ROOT / "pages" / "train.py")
FIGURES = {"loss", "horizons", "steps", "lengths", "failing"}


def make_small(language="dyck1", cell="lstm", seeds=3, **recipe):
    """Return an order that is trained in a moment."""
    small = {"train_strings": 500, "validation_strings": 20, "longest": 20, "epochs": 2} | recipe
    spec = Spec(language=language, cell=cell, recipe=Training(**small))
    return Order(spec=spec, seeds=tuple(range(seeds)))


def train(queue, order):
    """Submit an order and work it off here."""
    job = queue.submit(order, "test")
    store = JobStore(queue.root)
    assert work_off(store, store.claim(job.id)) == 0
    return queue.find(job.id)


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """Return a queue with a finished training, one that halted after an epoch, and one in work."""
    queue = Queue(tmp_path_factory.mktemp("data"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COUNTVIZ_DATA", str(queue.root))
        done = train(queue, make_small())
        halted = queue.submit(make_small(data_seed=1), "test")
        queue.stop_at(halted.id, 1)
        store = JobStore(queue.root)
        work_off(store, store.claim(halted.id))
        yield queue, done.id, halted.id


@pytest.fixture
def empty(tmp_path, monkeypatch):
    monkeypatch.setenv("COUNTVIZ_DATA", str(tmp_path))
    return Queue(tmp_path)


def visit(**address):
    at = AppTest.from_file(FRAME, default_timeout=120)
    at.query_params.update(address)
    at.run()
    return at.switch_page(PAGE).run()


def answer(at):
    return re.sub(r"\\(.)", r"\1", at.markdown[0].value)


def captions(at):
    return re.sub(r"\\(.)", r"\1", "\n".join(one.value for one in at.caption))


def notices(at):
    return "\n".join(one.value for one in at.text)


def buttons(at):
    return {button.label.split(": ")[-1] for button in at.button}


def figures(at):
    return {chart.proto.id.rsplit("-", 1)[-1] for chart in at.get("plotly_chart")}


def press(at, label):
    return next(one for one in at.button if one.label.endswith(label)).click().run()


def test_the_first_visit_says_what_to_do_and_has_sound_fields(empty):
    at = visit()
    assert not at.exception
    assert at.header[0].value == "How do a hundred seeds learn to count?"
    assert "press Start" in answer(at)
    assert notices(at) == ""
    assert "Nothing ahead of you" in captions(at)
    assert len(at.get("plotly_chart")) == 3


def test_whoever_comes_later_sees_what_others_had_trained(empty, monkeypatch):
    small = make_small()
    monkeypatch.setattr("countviz.web.training_form.make_order", lambda values: (small, ()))
    train(empty, small)
    assert answer(visit()).startswith("At string 1,000, ")


def test_start_queues_the_fields_and_opens_the_job(empty):
    at = press(visit(), "Start")
    assert not at.exception
    (job,) = empty.list()
    assert job.order == make_order(FIRST)[0]
    assert at.query_params["job"] == job.id
    assert "You are next." in captions(at)
    assert {"Start again", "Cancel"} < buttons(at)


def test_all_visitors_who_press_start_share_one_job(empty):
    ids = {press(visit(), "Start").query_params["job"] for _ in range(5)}
    assert len(ids) == len(empty.list()) == 1


def test_a_preset_fills_the_fields(empty):
    at = visit()
    at.selectbox(key="train-preset").set_value("five units").run()
    assert at.number_input(key="train-units").value == 5
    assert at.text_input(key="train-seeds").value == "0 to 31"
    at.number_input(key="train-units").set_value(3).run()
    assert at.selectbox(key="train-preset").value == "own settings"


def test_a_memory_has_fields_of_its_own_and_parts_can_be_frozen(empty):
    at = visit()
    assert at.button_group(key="train-freeze").options == ["controller", "read-out"]
    at.selectbox(key="train-preset").set_value("a stack that is frozen").run()
    assert at.button_group(key="train-freeze").value == ["memory"]
    at.number_input(key="train-stacks").set_value(2).run()
    at = press(at, "Start")
    assert not at.exception
    (job,) = empty.list()
    assert job.order.spec.memory == Stacks(stacks=2)
    assert job.order.spec.recipe.freeze == ("memory",)
    again = visit(job=job.id)
    assert again.number_input(key="train-stacks").value == 2
    again.selectbox(key="train-cell").set_value("strat-lstm").run()
    assert [one.key for one in again.number_input if one.key == "train-width"]
    again.selectbox(key="train-cell").set_value("gru").run()
    assert not again.exception
    assert again.button_group(key="train-freeze").value == []
    again.button_group(key="train-freeze").set_value(["controller", "read-out"]).run()
    assert "read-out" in notices(again)


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_is_a_sound_order(name):
    order, problems = make_order(FIRST | PRESETS[name])
    assert problems == ()
    fields = fields_of(order)
    assert fields == FIRST | PRESETS[name]


def test_wrong_fields_are_said_and_nothing_is_queued(empty):
    at = visit()
    at.number_input(key="train-units").set_value(99).run()
    at.number_input(key="train-rate").set_value(-1.0).run()
    at.text_input(key="train-seeds").set_value("<b>all</b>").run()
    at = press(at, "Start")
    assert not at.exception
    for beginning in ("seeds are '<b>all</b>'", "units is 99", "learning rate is -1"):
        assert beginning in notices(at)
    assert empty.list() == ()


def test_a_finished_training_is_shown_with_all_that_can_be_done_next(trained):
    queue, done, _ = trained
    at = visit(job=done)
    assert not at.exception
    assert answer(at).startswith("At string 1,000, ")
    assert "of 3 seeds count deeper" in answer(at)
    assert len(at.get("plotly_chart")) == len(FIGURES)
    assert f"In the library as {queue.find(done).family}" in captions(at)
    assert {"Keep & change one thing", "Save", "Start again"} <= buttons(at)
    links = [link.proto for link in at.get("page_link")]
    assert [link.label for link in links] == [
        "Watch its best, middle and worst seed",
        "Compare all seeds",
    ]


def test_the_fields_of_an_opened_training_are_its_own(trained):
    at = visit(job=trained[1])
    assert at.text_input(key="train-lengths").value == "2 to 20"
    assert at.text_input(key="train-seeds").value == "0 to 2"
    assert at.number_input(key="train-epochs").value == 2


def test_the_cursor_in_the_address_decides_of_what_the_page_speaks(trained):
    at = visit(job=trained[1], string="250")
    assert answer(at).startswith("At string 250, ")
    assert "After 0 strings the median seed" in captions(at)
    assert answer(visit(job=trained[1], string="0")).startswith("Before the first string")


@pytest.mark.parametrize("wrong", ["-5", "many", "9" * 20, ""])
def test_a_cursor_that_is_no_number_stands_at_the_end(trained, wrong):
    assert answer(visit(job=trained[1], string=wrong)).startswith("At string 1,000, ")


def test_a_training_that_halted_shows_what_it_has_and_can_go_on(trained):
    at = visit(job=trained[2])
    assert not at.exception
    assert answer(at).startswith("At string 500, ")
    assert "Paused after epoch 1 of 2." in captions(at)
    assert {"Resume", "Cancel"} <= {label.split()[-1] for label in buttons(at)}


def test_a_training_can_be_cancelled_and_resumed(empty):
    at = press(visit(), "Start")
    at = press(at, "Cancel")
    assert "Cancelled before it began." in captions(at)
    at = press(at, "Resume")
    assert "You are next." in captions(at)
    at = press(at, "Pause")
    assert "Paused before the first epoch." in captions(at)


def test_a_failed_training_says_why(empty):
    job = empty.submit(make_small(), "test")
    store = JobStore(empty.root)
    store.fail(store.claim(job.id), "CV-301 The disk of the server is full.")
    at = visit(job=job.id)
    assert not at.exception
    assert "CV-301 The disk of the server is full." in captions(at)
    assert any(label.endswith("Resume") for label in buttons(at))


def test_a_kept_training_is_drawn_behind_and_the_difference_is_said(trained):
    _, done, halted = trained
    at = visit(job=halted, keep=done)
    assert not at.exception
    assert "Dashed: the training that is kept. Changed since: seed of the strings 0 → 1." in (
        captions(at)
    )
    drawn = [chart.proto.spec for chart in at.get("plotly_chart")]
    assert all('"8px,3px"' in spec for spec in drawn)
    at = press(at, "Drop it")
    assert "keep" not in at.query_params
    assert not any('"8px,3px"' in chart.proto.spec for chart in at.get("plotly_chart"))


def test_keeping_stays_with_the_training_until_one_thing_is_changed(trained):
    at = press(visit(job=trained[1]), "Keep & change one thing")
    assert at.query_params["keep"] == trained[1]
    assert "Change one thing and start" in captions(at)


def test_a_language_without_nesting_has_the_other_figures(empty):
    order = make_small("anbncn", distinct=False, longest=30)
    at = visit(job=train(empty, order).id)
    assert not at.exception
    assert "the median loss of 3 seeds" in answer(at)
    assert len(at.get("plotly_chart")) == 3
    assert [link.proto.label for link in at.get("page_link")] == [
        "Watch its best, middle and worst seed"
    ]


def test_diverged_seeds_are_said(empty):
    order = make_small(cell="relu", seeds=100, learning_rate=1.0, longest=50)
    at = visit(job=train(empty, order).id)
    assert not at.exception
    assert re.search(r"\d+ of 100 seeds diverged", captions(at))


def test_a_name_for_the_library_is_checked_and_taken(trained):
    at = visit(job=trained[1])
    at.text_input(key="save-name").set_value("no name!").run()
    assert "is no name for a family" in notices(press(at, "Save"))
    at.text_input(key="save-name").set_value("my-counter").run()
    assert "Saved as my-counter." in notices(press(at, "Save"))


def test_a_full_queue_is_said_and_ready_made_models_are_offered(empty):
    for number in range(MOST_WAITING):
        empty.submit(make_small(data_seed=number), f"session {number}")
    at = press(visit(), "Start")
    assert not at.exception
    assert f"CV-303 The queue is full: {MOST_WAITING}" in notices(at)
    assert [link.proto.label for link in at.get("page_link")] == ["Watch ready-made models"]


def test_one_session_can_have_only_so_many_trainings(empty):
    at = visit()
    for number in range(MOST_A_SESSION + 1):
        at.number_input(key="train-data").set_value(number).run()
        at = press(at, "Start" if number == 0 else "Start again")
    assert "CV-304" in notices(at)
    assert len(empty.list()) == MOST_A_SESSION


@pytest.mark.parametrize("id", ["nonsense", "<script>alert(1)</script>", "../..", "x" * 200])
def test_an_unknown_training_is_said(empty, id):
    at = visit(job=id, keep=id)
    assert not at.exception
    assert f"no training {id[:80]!r} here" in notices(at)
    assert "press Start" in answer(at)


def test_a_damaged_list_of_jobs_is_said(empty):
    empty.submit(make_small(), "test")
    (empty.root / "jobs.sqlite3").write_bytes(b"nothing like a database" * 100)
    at = visit(job="0" * 12)
    assert not at.exception
    assert "CV-311" in notices(at)


def test_a_damaged_epoch_is_said(empty):
    job = train(empty, make_small(data_seed=77))
    (file,) = (empty.root / "jobs" / job.id).glob("0001-*")
    file.write_bytes(b"nothing")
    at = visit(job=job.id)
    assert not at.exception
    assert "is damaged" in notices(at)


@pytest.mark.parametrize("name", ["this training", "zigzag"])
def test_a_set_of_strings_has_a_card(empty, name):
    at = visit()
    at.session_state["strings-popover"] = True
    at.session_state["strings-set"] = name
    at.run()
    assert not at.exception
    strings = {"this training": "10,000 strings of 2 to 50", "zigzag": "10 strings of 2,000"}
    assert strings[name] in captions(at)
