"""Freezing without a browser: a whole study, a part of one, none, damaged ones, any address."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from countviz.folders import RESULTS
from countviz.languages import Score
from countviz.next_symbols import BINS
from countviz.studies.memory import (
    BOTH,
    CONTROLLER,
    MEMORY,
    MODES,
    NOTHING,
    TASKS,
    Protocol,
    Setting,
    make_settings,
    make_spec,
)
from countviz.studies.memory_folder import Study, open_study, write_outcome
from countviz.studies.memory_report import describe_memory
from countviz.studies.memory_scores import Outcome
from countviz.studies.memory_summary import Bounds, compare_modes
from countviz.studies.memory_targets import TARGETS
from countviz.web.freezing_reports import (
    find_study,
    make_counters,
    make_differences,
    make_freezing,
)

ROOT = Path(__file__).parents[1]
FRAME = ROOT / "countviz" / "web" / "frame.py"
PROTOCOL = Protocol(strings=40, validation=10, epochs=2, seeds=3, each=1)
ACCURACY = {  # by what is frozen and bin, of the first seed
    NOTHING: (0.9, 0.8, 0.7),
    MEMORY: (0.85, 0.75, 0.65),
    CONTROLLER: (0.91, 0.9, 0.89),
    BOTH: (0.5, 0.5, 0.5),
}
BOUNDS = Bounds(
    trivial=Score(symbols=0.88, strings=0.0, perplexity=1.4, error=0.0),
    ceiling=Score(symbols=0.99, strings=1.0, perplexity=1.1, error=0.0),
)
COUNTERS = [
    {
        "language": language,
        "frozen": mode,
        "seed": seed,
        "best_epoch": 1,
        "validation": 1 - 0.2 * place - 0.01 * seed,
        "long": 0.9 - 0.2 * place - 0.01 * seed,
        "horizon": 100 - 10 * seed if language == "dyck1" else None,
    }
    for language in ("dyck1", "dyck2")
    for place, mode in enumerate(MODES)
    for seed in range(3)
]


def make_outcome(setting):
    some = (1,) * PROTOCOL.seeds
    return Outcome(
        setting=setting,
        identity=make_spec(setting, PROTOCOL).identity,
        seeds=tuple(range(PROTOCOL.seeds)),
        rate=(0.01,) * PROTOCOL.seeds,
        best_epoch=some,
        last_epoch=some,
        diverged=(False,) * PROTOCOL.seeds,
        validation_perplexity=(1.3, 1.2, 1.4),
        validation_accuracy=(0.9,) * PROTOCOL.seeds,
        accuracy=tuple((one, one + 0.01, one + 0.02) for one in ACCURACY[setting.mode]),
        perplexity=((1.2, 1.3, 1.25), (1.5, 40.0, 2.0), (3.0, float("inf"), 9.0)),
        solved=((0.5, 0.6, 0.7), (0.1, 0.2, 0.0), (0.0, 0.0, 0.0)),
        seconds=1.0,
    )


@pytest.fixture
def write_study(tmp_path, monkeypatch):
    """Return what writes a study of some tasks where the page looks for it."""
    monkeypatch.setenv("COUNTVIZ_RESULTS", str(tmp_path))
    for module in ("memory_report", "memory_claims"):
        monkeypatch.setattr(f"countviz.studies.{module}.find_bounds", lambda task, place: BOUNDS)

    def write(tasks=TASKS, counters=COUNTERS, modes=tuple(MODES)):
        folder = tmp_path / "memory"
        open_study(folder, PROTOCOL)
        for setting in make_settings():
            if setting.task in tasks and setting.mode in modes:
                write_outcome(folder, make_outcome(setting))
        document = describe_memory(open_study(folder)) | {"counters": counters}
        (folder / "report.json").write_text(json.dumps(document))
        return folder

    return write


def visit(**address):
    at = AppTest.from_file(FRAME, default_timeout=120)
    at.query_params.update(address)
    at.switch_page(str(ROOT / "pages" / "freezing.py"))
    return at.run()


def plain(text):
    return re.sub(r"\\(.)", r"\1", text)


def answer_of(at):
    return plain(at.markdown[0].value)


def captions(at):
    return "\n".join(plain(one.value) for one in at.caption)


def notices(at):
    return "\n".join(one.value for one in (*at.text, *at.error))


def table_of(at):
    return next(one.proto.body for one in at.get("html") if "what is frozen" in one.proto.body)


def titles(at):
    return [one.value for one in at.subheader]


def test_a_whole_study_answers_from_its_numbers(write_study):
    write_study()
    at = visit()
    assert not at.exception
    assert not notices(at)
    assert answer_of(at).startswith("No: with the memory frozen, accuracy is better in none, worse")
    assert "63 comparisons" in answer_of(at)
    assert "All 98 families have run" in answer_of(at)
    assert titles(at) == [
        "count-3, aⁿ bⁿ cⁿ: what does every seed reach?",
        "What is left on longer strings?",
        "count-3 in numbers: how far is it from the paper?",
        "What does the paper claim, and what is found here?",
        "All tasks: what does freezing change?",
        "Counters with a stack: do they still count if it is frozen?",
        "How does this study differ from the paper's?",
        "Are the numbers where they must be?",
    ]
    assert "not run" not in captions(at)


def test_every_claim_has_its_verdict_and_its_evidence(write_study):
    folder = write_study()
    at = visit()
    said = "\n".join(plain(one.value) for one in at.markdown)
    for claim in json.loads((folder / "report.json").read_text())["claims"]:
        assert f"{claim['verdict'].capitalize()}** · “{claim['text']}” ({claim['source']})" in said
        assert re.sub(r" -(?=\d)", " \N{MINUS SIGN}", claim["evidence"]).strip() in captions(at)


def test_what_has_not_run_is_said_to_have_not(write_study):
    write_study(tasks=TASKS[:1], modes=(NOTHING, MEMORY))
    at = visit()
    assert not at.exception
    assert "7 of 98 families have run" in answer_of(at)
    assert "Seven have not run." in captions(at)
    assert table_of(at).count("<i>not run</i> <small>paper 0.98</small>") > 3
    assert "as with nothing frozen</i> <small>paper 0.99" in table_of(at)
    other = visit(task="marked-copy", measure="perplexity")
    assert not other.exception
    assert "Nothing of marked-copy has run yet" in captions(other)


def test_without_a_counter_the_rest_is_shown(write_study):
    write_study(counters=[])
    at = visit()
    assert not at.exception
    assert "No counter has run yet." in captions(at)


@pytest.mark.parametrize("measure", ["accuracy", "perplexity", "solved"])
@pytest.mark.parametrize("task", [TASKS[0], TASKS[-1]])
def test_every_task_and_measure_is_shown(write_study, task, measure):
    write_study()
    at = visit(task=task, measure=measure)
    assert not at.exception
    assert not notices(at)
    assert at.selectbox(key="task").value == task
    assert titles(at)[0].startswith(f"{task}, ")


def test_another_task_can_be_chosen(write_study):
    write_study()
    at = visit()
    at.selectbox(key="task").set_value("marked-copy").run()
    assert not at.exception
    assert titles(at)[0].startswith("marked-copy, w # w")


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ({"task": "nobody"}, "no task named 'nobody'; there are: count-3, "),
        ({"measure": "luck"}, "no measure named 'luck'; there are: accuracy, perplexity, solved"),
        ({"task": "<b>**x**"}, "no task named '<b>**x**'"),
    ],
)
def test_an_unknown_value_is_answered_with_a_sentence_and_the_rest_stays(
    write_study, address, words
):
    write_study()
    at = visit(**address)
    assert not at.exception
    assert words in notices(at)
    assert len(titles(at)) == 8


def test_without_a_study_a_sentence_says_so(tmp_path, monkeypatch):
    monkeypatch.setenv("COUNTVIZ_RESULTS", str(tmp_path))
    at = visit()
    assert not at.exception
    assert f"There is no study in {tmp_path / 'memory'}" in notices(at)
    assert not titles(at)


def damage_card(folder):
    (folder / "study.json").write_text('{"format": 1')


def change_version(folder):
    card = json.loads((folder / "study.json").read_text())
    (folder / "study.json").write_text(json.dumps(card | {"kernel_version": 0}))


def take_card(folder):
    (folder / "study.json").unlink()


def cut_family(folder):
    path = folder / "families" / "count-3-lstm-free.json"
    path.write_text(path.read_text()[:100])


def take_report(folder):
    (folder / "report.json").unlink()


def cut_report(folder):
    path = folder / "report.json"
    path.write_text(path.read_text()[:100])


def take_bounds(folder):
    path = folder / "report.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"bounds": {}}))


def spoil_counters(folder):
    path = folder / "report.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"counters": [{"a": 1}]}))


def write_list(folder):
    (folder / "report.json").write_text("[]")


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (damage_card, "study.json is damaged"),
        (change_version, "is of another version: its families were trained by the loops"),
        (take_card, "holds families but no study.json"),
        (cut_family, "count-3-lstm-free.json is damaged"),
        (take_report, "report.json is missing"),
        (cut_report, "report.json is damaged or of another version"),
        (take_bounds, "report.json is damaged or of another version"),
        (spoil_counters, "report.json is damaged or of another version"),
        (write_list, "report.json is damaged or of another version"),
    ],
)
def test_a_study_that_cannot_be_read_is_named_and_left_as_it_is(write_study, harm, words):
    folder = write_study(tasks=TASKS[:1])
    harm(folder)
    before = {path: path.read_bytes() for path in folder.rglob("*.json")}
    at = visit()
    assert not at.exception
    assert words in notices(at)
    assert not titles(at)
    assert before == {path: path.read_bytes() for path in folder.rglob("*.json")}


def test_families_that_ran_after_the_report_are_shown_and_named(write_study):
    folder = write_study(tasks=TASKS[:1])
    write_outcome(folder, make_outcome(Setting(TASKS[1], "lstm", NOTHING)))
    at = visit()
    assert not at.exception
    assert "Families have run since the report was written" in notices(at)
    assert "15 of 98 families have run" in answer_of(at)


def test_the_numbers_shown_are_those_of_the_study(write_study):
    folder = write_study(tasks=TASKS[:1])
    found, study = find_study(), open_study(folder)
    for measure in ("accuracy", "perplexity", "solved"):
        freezing = make_freezing(found, TASKS[0], measure)
        assert [panel.trivial for panel in freezing.panels] == [
            getattr(
                BOUNDS.trivial, {"accuracy": "symbols", "solved": "strings"}.get(measure, measure)
            )
        ] * len(BINS)
        assert len(freezing.rows) == 14
        for row in freezing.rows:
            setting = Setting(TASKS[0], row.system, row.frozen)
            outcome = study.outcomes[setting]
            np.testing.assert_array_equal(row.values, getattr(outcome, measure))
            assert row.best == outcome.best == 1
            if measure != "solved":
                assert row.paper == getattr(TARGETS[setting], measure)


def test_the_differences_shown_are_those_of_the_study(write_study):
    folder = write_study()
    found = make_differences(find_study())
    study = open_study(folder)
    for mode in (MEMORY, CONTROLLER, BOTH):
        expected = list(compare_modes(study, mode))
        own = found.pick(mode)
        assert [one.mean for one in own] == [one.mean for one in expected]
        assert [one.verdict for one in own] == [one.verdict for one in expected]
    free = TARGETS[Setting("count-3", "lstm", NOTHING)].accuracy[2]
    assert TARGETS[Setting("count-3", "lstm", MEMORY)].accuracy[2] - free in found.paper[MEMORY, 2]


def test_the_counters_shown_are_those_of_the_report(write_study):
    write_study()
    counters = make_counters(find_study())
    assert len(counters.rows) == 8
    dyck1 = counters.rows[0]
    assert dyck1.values[0].tolist() == [1.0, 0.99, 0.98]
    assert dyck1.values[2].tolist() == [100, 90, 80]
    assert np.isnan(counters.rows[4].values[2]).all()
    assert "dyck1: nothing frozen 89%; memory frozen 69%, worse in 3 of 3" in counters.sentence()


def test_the_shipped_study_is_shown():
    study = open_study(RESULTS / "memory")
    assert isinstance(study, Study)
    at = visit()
    assert not at.exception
    assert not notices(at)
    assert re.search(rf"(All|{len(study.outcomes)} of) 98 families have run", answer_of(at))
