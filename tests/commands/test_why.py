"""The commands that say when and why a count was lost."""

import csv

import pytest

from countviz.analysis import diagnose, find_no_return, measure_corridor, round_trip
from countviz.checkpoints import load
from countviz.languages.dyck1 import nested
from countviz.traces import trace
from countviz.weight_files import export_file

GRU = load("gru1-dyck1/0")


def test_failure_names_the_first_mistake_its_kind_and_the_point_of_no_return(ask_json, ask):
    found = ask_json("failure", "gru1-dyck1/0", "nested-80")
    lost = find_no_return(trace(GRU, nested(40)))
    assert found["first_failure"] == found["position"] == lost.first_failure
    assert found["point_of_no_return"] == lost.position
    assert found["kind"] == "early-zero"
    said = ask("failure", "gru1-dyck1/0", "nested-80").out
    assert f"bracket {lost.first_failure + 1} it says: closed" in said
    assert "(early-zero)" in said


def test_an_exact_counter_has_no_failure_of_any_kind(ask_json):
    found = ask_json("failure", "exact-lstm", "nested-30000", "--precision", "float32")
    assert [found[key] for key in ("first_failure", "kind", "point_of_no_return")] == [None] * 3


def test_a_dead_unit_is_stuck_open_and_may_come_from_a_file(ask_json, tmp_path):
    assert ask_json("failure", "relu1-dyck1/0", "()")["kind"] == "stuck-open"
    file = tmp_path / "dead.safetensors"
    export_file(load("relu1-dyck1/0"), file)
    of_file = "--cell", "relu", "--language", "dyck1"
    found = ask_json("failure", str(file), "()", *of_file)
    assert found["kind"] == "stuck-open"


def test_no_return_gives_the_report(ask_json, ask):
    found = ask_json("no-return", "gru1-dyck1/0", "nested-80")
    lost = find_no_return(trace(GRU, nested(40)))
    assert {key: found[key] for key in vars(lost)} == vars(lost)
    said = ask("no-return", "gru1-dyck1/0", "nested-80").out
    assert said.startswith(lost.sentence())
    assert lost.reason() in said


def test_the_corridor_can_be_written_as_a_page_a_table_and_a_document(ask, ask_json, tmp_path):
    page, table = tmp_path / "corridor.html", tmp_path / "corridor.csv"
    said = ask("corridor", "gru1-dyck1/0", "nested-80", "--out", str(page)).out
    report = measure_corridor(trace(GRU, nested(40)))
    assert said.startswith(report.sentence())
    assert "plotly" in page.read_text()
    ask("corridor", "gru1-dyck1/0", "nested-80", "--out", str(table))
    rows = list(csv.DictReader(table.read_text().splitlines()))
    assert [float(row["error"]) for row in rows] == report.errors.tolist()
    found = ask_json("corridor", "gru1-dyck1/0", "nested-80")
    assert found["values"] == report.values.tolist()
    assert found["model"] == GRU.name
    state = ask_json("corridor", "gru1-dyck1/0", "nested-80", "--axis", "state")
    assert state["internal"] == "h"


def test_a_corridor_that_there_is_not_is_refused(refuse):
    assert "no axis named 'up'" in refuse("corridor", "exact-lstm", "()", "--axis", "up")
    assert "one unit" in refuse("corridor", "lstm5-dyck1", "()", "--axis", "state")
    both = "corridor", "exact-lstm", "()", "--axis", "state", "--counter", "0"
    assert "--counter 0 came beside --axis state" in refuse(*both)
    assert "counter 3 came" in refuse("corridor", "exact-lstm", "()", "--counter", "3")


def test_round_trip_prints_a_row_a_count(ask, ask_json, refuse, tmp_path):
    trip = round_trip(GRU, deepest=4)
    lines = ask("round-trip", "gru1-dyck1/0", "--deepest", "4").out.splitlines()
    assert lines[0] == trip.sentence()
    assert len(lines) == 2 + 1 + 5
    found = ask_json("round-trip", "gru1-dyck1/0", "--deepest", "4")
    assert found["multipliers"] == trip.multipliers.tolist()
    page = tmp_path / "trip.html"
    ask("round-trip", "gru1-dyck1/0", "--deepest", "4", "--out", str(page))
    assert page.stat().st_size > 1_000_000
    assert "opened again" in refuse("round-trip", "lstm4-anbncn")


@pytest.mark.parametrize("precision", ["float64", "float16"])
def test_diagnosis_prints_three_lines(ask, ask_json, precision):
    found = diagnose(trace(GRU, nested(40), precision))
    address = "gru1-dyck1/0", "nested-80", "--precision", precision
    lines = ask("diagnosis", *address).out.splitlines()
    assert lines == [f"{k}. {one.title}. {one.text}" for k, one in enumerate(found.lines, 1)]
    document = ask_json("diagnosis", *address)
    assert document["cause"] == "bounded state"
    assert document["first_failures"] == dict(found.first_failures)
