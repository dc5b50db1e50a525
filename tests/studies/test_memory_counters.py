"""Counters with a stack, frozen and free: a tiny run, and its file."""

import json

import pytest

from countviz.studies.memory import MEMORY, MODES, NOTHING
from countviz.studies.memory_counters import COUNTERS, Counter, read_counters, run_counters
from countviz.studies.memory_counters import tell_counters as tell
from countviz.studies.memory_folder import BadStudy

TINY = {"seeds": 2, "strings": 30, "epochs": 1}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("counters")
    run_counters(path, **TINY)
    return path


def test_every_seed_of_every_way_to_freeze_is_measured_once(folder):
    rows = read_counters(folder, TINY)
    assert [(row.language, row.frozen, row.seed) for row in rows] == [
        (language, mode, seed) for language in COUNTERS for mode in MODES for seed in range(2)
    ]
    assert all(0 <= row.validation <= 1 and 0 <= row.long <= 1 for row in rows)
    assert {row.horizon is None for row in rows if row.language == "dyck2"} == {True}
    assert all(row.horizon >= 0 for row in rows if row.language == "dyck1")


def test_what_has_run_is_not_run_again(folder):
    before, remarks = (folder / "counters.json").read_bytes(), []
    assert run_counters(folder, **TINY, report=remarks.append) == read_counters(folder)
    assert remarks == []
    assert (folder / "counters.json").read_bytes() == before


def test_a_file_of_another_protocol_or_version_and_a_damaged_one_are_named(folder, tmp_path):
    with pytest.raises(BadStudy, match=r"holds counters of .*'epochs': 1.* Nothing was changed"):
        run_counters(folder, **TINY | {"epochs": 2})
    document = json.loads((folder / "counters.json").read_text())
    path = tmp_path / "counters.json"
    path.write_text(json.dumps(document | {"format": 0}))
    with pytest.raises(BadStudy, match="is of another version"):
        read_counters(tmp_path)
    path.write_text(json.dumps(document)[:-9])
    with pytest.raises(BadStudy, match=r"is damaged .*the counters run again"):
        read_counters(tmp_path)


def test_the_report_has_a_row_a_language_and_way_to_freeze():
    counters = [
        Counter(language="dyck1", frozen=mode, seed=seed, best_epoch=3, validation=share,
                long=share / part, horizon=depth)
        for mode, part in ((NOTHING, 2), (MEMORY, 4))
        for seed, share, depth in ((0, 1.0, 70), (1, 0.5, 10), (2, 0.0, 20))
    ]  # fmt: skip
    table, said = tell(counters)
    assert "| dyck1 | nothing | 50.0% ± 50.0%, 100.0% | 25.0% ± 25.0%, 50.0% | 20, 70 |" in table
    assert said.endswith("seeds with all free: memory frozen -12 points, worse in 2 of 3.")
    assert [*tell([])] == ["Not run."]
