"""``trajectory``, ``state-plane``, ``cobweb``, ``match`` and ``seed-trajectories``."""

import csv

import numpy as np

from countviz.languages.dyck1 import nested


def test_a_trajectory_of_an_exact_counter_holds_the_count(ask_json):
    found = ask_json("trajectory", "exact-lstm", "(())")
    assert found["model"] == "exact-lstm/0@0"
    assert found["internals"] == ["i", "f", "g", "o", "c", "h"]
    assert np.array(found["values"])[:, 4, 0].tolist() == [1, 2, 1, 0]
    assert found["counts"] == [[1], [2], [1], [0]]
    assert (found["start"], found["stop"], found["every"]) == (0, 4, 1)


def test_a_stretch_of_a_named_string_is_followed(ask_json, ask):
    found = ask_json("trajectory", "exact-relu", "nested-60000", "--start", "100", "--stop", "110")
    assert np.ravel(found["counts"]).tolist() == list(range(101, 111))
    assert "1 of 30 steps shown" in ask("trajectory", "exact-relu", "nested-60000").out


def test_a_trajectory_is_written_as_a_page_and_as_a_table(ask, tmp_path):
    page, table = tmp_path / "t.html", tmp_path / "t.csv"
    ask("trajectory", "gru1-dyck1/0", nested(3), "--out", str(page))
    assert "r, z, n and h of 1 unit along 6 brackets" in page.read_text(encoding="utf-8")
    ask("trajectory", "gru1-dyck1/0", nested(3), "--out", str(table))
    rows = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
    assert len(rows) == 5 * 6
    assert rows[0] == {"position": "0", "quantity": "count", "value": "1.0"}


def test_a_state_plane_has_the_axes_asked_for(ask_json, refuse):
    found = ask_json("state-plane", "relu2-dyck1", "(())", "--axes", "h_1,a_0")
    assert found["axes"] == ["h_1", "a_0"]
    assert np.shape(found["points"]) == (4, 2)
    assert ask_json("state-plane", "lstm2-dyck1", "(())")["axes"] == ["PC1", "PC2"]
    assert "no axis 'x'; there are: h_0, h_1" in refuse(
        "state-plane", "relu2-dyck1", "()", "--axes", "x,h_0"
    )


def test_a_cobweb_needs_no_string(ask_json, ask):
    found = ask_json("cobweb", "exact-lstm")
    assert [(round(one["slope"], 9), round(one["offset"], 9)) for one in found["steps"]] == [
        (1, 1),
        (1, -1),
    ]
    said = ask("cobweb", "exact-relu", "nested-20").out
    assert "( turns h into h + 1" in said
    assert "Fixed points: ) holds 0 (stable)" in said


def test_a_cobweb_of_another_unit_and_number(ask_json, refuse):
    found = ask_json("cobweb", "lstm5-dyck1", "(())", "--unit", "3", "--internal", "h")
    assert (found["unit"], found["internal"]) == (3, "h")
    assert "no unit 5; there are: 0 to 4" in refuse("cobweb", "lstm5-dyck1", "--unit", "5")


def test_the_staircase_of_a_cobweb_follows_the_stretch(ask_json, refuse):
    found = ask_json("cobweb", "exact-relu", "(()())", "--start", "1", "--stop", "4")
    assert (found["path_start"], found["path"]) == (1, [1, 2, 1, 2])
    said = refuse("cobweb", "exact-relu", "(())", "--start", "2", "--stop", "9")
    assert "from 2 to 9 came; one within 0 to 4 is right" in said


def test_a_match_finds_the_stretch_itself(ask_json):
    argv = "match", "exact-lstm", "((()))(())()", "--start", "1", "--stop", "4", "--strings", "20"
    found = ask_json(*argv)
    assert (found["where"][0], found["starts"][0], found["stops"][0]) == (-1, 1, 4)
    assert found["threshold"] == 1.5
    assert found["units"] == [{"unit": 0, "sign": 1}]
    assert found["strings"] == 21
    assert ask_json(*argv, "--threshold", "2.5")["units"] == []


def test_a_match_is_refused_what_is_no_threshold(refuse):
    words = "lstm1-dyck1", "(())", "--start", "1", "--stop", "3", "--threshold", "nan"
    assert "the threshold nan came" in refuse("match", *words)


def test_a_match_without_a_threshold_that_fits_is_null(ask_json):
    argv = "match", "relu1-dyck1/0", "(())", "--start", "1", "--stop", "3", "--strings", "0"
    assert ask_json(*argv)["threshold"] is None


def test_seeds_are_followed_on_a_string(ask, ask_json):
    found = ask_json("seed-trajectories", "lstm1-dyck1", "(())")
    assert found["seeds"] == list(range(12))
    some = ask_json("seed-trajectories", "lstm1-dyck1", "(())", "--seeds", "12-14")
    assert some["seeds"] == [12, 13, 14]
    assert "Of 12 seeds" in ask("seed-trajectories", "gru1-dyck1", "nested-60").out
