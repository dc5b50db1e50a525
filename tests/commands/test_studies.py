"""`reproduce memory`: a tiny study in parts, and what is refused before anything is trained."""

import json

import pytest

TINY = "--seeds", "2", "--strings", "20", "--epochs", "1"


def test_a_study_is_run_in_parts_and_reported(ask, tmp_path):
    out, weights = tmp_path / "study", tmp_path / "weights"
    where = "--out", str(out), "--families", str(weights)
    some = "--task", "count-3", "--system", "lstm"
    said = ask("reproduce", "memory", *TINY, *some, *where).out
    assert said.startswith("2 of 98 families have run; nothing of marked-reverse-and-copy,")
    assert {path.name for path in weights.iterdir()} == {
        "count-3-lstm-free",
        "count-3-lstm-controller-frozen",
    }
    files = {path: path.stat().st_mtime_ns for path in (out / "families").iterdir()}
    again = ask("reproduce", "memory", *some, *where, "--json").out  # its protocol is on disk
    assert json.loads(again)["protocol"]["strings"] == 20
    assert files == {path: path.stat().st_mtime_ns for path in (out / "families").iterdir()}
    assert ask("reproduce", "memory", "--report", "--out", str(out)).out[:30] == said[:30]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("memory --task count-4", "no task named 'count-4'; there are: count-3, marked-"),
        ("memory --system rns-3-3", "no system named 'rns-3-3'; there are: lstm, jm-10"),
        ("memory --part queues", "no part named 'queues'; there are: stacks, counters"),
        ("memory --report", "there is no study in results/memory"),
        ("memory --train", "the study of memory has no --train"),
        ("memory --strings 3", "Invalid value for '--strings'"),
        ("counting --task count-3", "the study of counting has no --task"),
        ("counting --report", "the study of counting has no --report"),
    ],
)
def test_what_cannot_be_done_is_answered_in_one_line(refuse, line, sentence, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert sentence in refuse("reproduce", *line.split())
    assert not [*tmp_path.iterdir()]


def test_a_damaged_study_is_named_before_anything_is_trained(refuse, tmp_path):
    (tmp_path / "study.json").write_text('{"format": 1, "kernel')
    said = refuse("reproduce", "memory", "--out", str(tmp_path))
    assert "study.json is damaged" in said
    assert [path.name for path in tmp_path.iterdir()] == ["study.json"]


def test_counters_are_a_part_that_needs_no_study(ask, tmp_path):
    said = ask("reproduce", "memory", "--part", "counters", *TINY, "--out", str(tmp_path)).out
    assert said.startswith(f"wrote {tmp_path}")
    assert [path.name for path in tmp_path.iterdir()] == ["counters.json"]
