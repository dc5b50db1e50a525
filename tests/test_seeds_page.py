"""Seeds without a browser: what it says for each address, and that no address breaks it."""

import re
import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from countviz.analysis import Luck, measure_luck
from countviz.checkpoints import load_family, save_family
from countviz.folders import SHIPPED
from countviz.web.family_bar import FIRST_FAMILIES
from countviz.web.looks import label_of_family

ROOT = Path(__file__).parents[1]
FRAME = ROOT / "countviz" / "web" / "frame.py"


def visit(**address):
    at = AppTest.from_file(FRAME, default_timeout=120)
    at.query_params.update(address)
    at.switch_page(str(ROOT / "pages" / "seeds.py"))
    return at.run()


def answer_of(at):
    return re.sub(r"\\(.)", r"\1", at.markdown[0].value)


def captions(at):
    return [re.sub(r"\\(.)", r"\1", one.value) for one in at.caption]


def zigzag_of(at):
    return next(one for one in captions(at) if "first errs" in one)


def notices(at):
    return "\n".join(one.value for one in (*at.text, *at.error))


def titles(at):
    return [one.value for one in at.subheader]


def expected_luck(names, epoch=None):
    families = [load_family(name) for name in names]
    groups = tuple(measure_luck(family, epoch) for family in families)
    return Luck(labels=tuple(map(label_of_family, families)), groups=groups)


def test_the_first_screen_answers_from_the_numbers():
    at = visit()
    luck = expected_luck(FIRST_FAMILIES)
    assert not at.exception
    assert not notices(at)
    assert at.header[0].value == "Is it luck?"
    assert answer_of(at) == luck.sentence()
    assert titles(at) == [
        "Six seeds each: how many can it close again?",
        f"All {luck.seeds} seeds: how deep can it count?",
        "Does a low loss mean a long count?",
        "Where does a zigzag fool them?",
        "Which seed did what?",
    ]
    assert captions(at)[1] == luck.horizon_sentence()
    assert len(at.dataframe[0].value) == luck.seeds


def test_an_epoch_of_the_address_is_shown():
    assert answer_of(visit(epoch="3")) == expected_luck(FIRST_FAMILIES, 3).sentence()


def test_before_training_nobody_counts():
    at = visit(epoch="0", families="lstm1-dyck1")
    assert not at.exception
    assert answer_of(at) == expected_luck(["lstm1-dyck1"], 0).sentence()
    assert answer_of(at).endswith("no LSTM-1 learned to count.")


def test_the_slider_moves_through_the_epochs():
    at = visit(families="gru1-dyck1")
    at.select_slider(key="epoch").set_value("1").run()
    assert answer_of(at) == expected_luck(["gru1-dyck1"], 1).sentence()


def test_one_family_can_be_shown_alone():
    at = visit(families="gru1-dyck1")
    assert not notices(at)
    assert answer_of(at) == expected_luck(["gru1-dyck1"]).sentence()


def test_families_are_chosen_by_their_names_and_the_address_follows():
    at = AppTest.from_file(FRAME, default_timeout=120)
    at.switch_page(str(ROOT / "pages" / "seeds.py"))
    at.session_state["families-popover"] = True
    at.run()
    at.button_group(key="families-shown").set_value(["tanh1-dyck1"]).run()
    assert not at.exception
    assert at.query_params["families"] == "tanh1-dyck1"
    assert answer_of(at) == expected_luck(["tanh1-dyck1"]).sentence()


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ({"epoch": "99"}, "no epoch '99' here; there are: best, 0, 1"),
        ({"epoch": "best of"}, "no epoch 'best of' here"),
        ({"page": "0"}, "no page '0' here"),
        ({"n": "7"}, "no n '7' here; there are: 1000, 500"),
        ({"outcome": "lucky"}, "no outcome 'lucky' here; there are: all, learned, did not learn"),
        ({"families": "nobody"}, "no family of bracket counters named nobody; there are: "),
        ({"families": "lstm4-anbncn"}, "no family of bracket counters named lstm4-anbncn"),
        ({"families": "exact-lstm"}, "no family of bracket counters named exact-lstm"),
        ({"families": "<b>&amp;**x**"}, "no family of bracket counters named <b>&amp;**x**"),
    ],
)
def test_an_unknown_value_is_answered_with_a_sentence_and_the_rest_stays(address, words):
    at = visit(**address)
    assert not at.exception
    assert words in notices(at)
    assert answer_of(at) == expected_luck(FIRST_FAMILIES).sentence()


def test_the_zigzag_can_be_changed():
    at = visit(n="50")
    assert not notices(at)
    before = zigzag_of(at)
    at.segmented_control(key="n").set_value(100).run()
    assert zigzag_of(at) != before


def test_the_table_can_be_filtered_by_outcome():
    luck = expected_luck(FIRST_FAMILIES)
    learned = sum(group.learned.sum() for group in luck.groups)
    assert len(visit(outcome="learned").dataframe[0].value) == learned
    failed = visit(outcome="did not learn").dataframe[0].value
    assert len(failed) == luck.seeds - learned
    assert not failed["learned"].any()


def test_a_family_of_three_seeds_is_shown(tmp_path, monkeypatch, make_family, luck):
    family = luck[1]["lstm1-dyck1"]
    three = make_family([family.model(seed) for seed in range(3)], [1, 0.995, 0.5])
    save_family(three, tmp_path)
    monkeypatch.setenv("COUNTVIZ_CHECKPOINTS", str(tmp_path))
    at = visit()
    assert not at.exception
    assert not notices(at)
    assert titles(at)[0] == "Three seeds each: how many can it close again?"
    assert answer_of(at) == expected_luck(["lstm1-dyck1"]).sentence()


def test_a_fifth_family_is_turned_away_by_name(tmp_path, monkeypatch):
    names = [f"gru1-dyck1-{k}" for k in range(5)]
    for name in names:
        shutil.copytree(SHIPPED / "gru1-dyck1", tmp_path / name)
    monkeypatch.setenv("COUNTVIZ_CHECKPOINTS", str(tmp_path))
    at = visit(families=",".join(names))
    assert "gru1-dyck1-4 is one too many: up to 4 families are shown" in notices(at)
    assert "GRU-1-0" in answer_of(at)


def test_without_trained_counters_the_page_says_so(tmp_path, monkeypatch):
    monkeypatch.setenv("COUNTVIZ_CHECKPOINTS", str(tmp_path))
    at = visit()
    assert not at.exception
    assert "no trained bracket counters" in notices(at)
