"""The pages without a browser: what they say for each address, and that no address breaks them."""

import json
import re
import shutil
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from countviz.analysis import compare_models, find_failure, measure_closings
from countviz.checkpoints import load, load_library
from countviz.folders import SHIPPED
from countviz.languages import LANGUAGES
from countviz.languages.dyck1 import nested
from countviz.traces import trace
from countviz.web.choices import FIRST_MODELS, FIRST_STRING, MOST_MODELS, READ_OUTS, SPEEDS
from countviz.web.looks import label_of
from countviz.web.show import escape

ROOT = Path(__file__).parents[1]
FRAME = ROOT / "countviz" / "web" / "frame.py"
PAGES = sorted((ROOT / "pages").glob("*.py"))
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![x](http://evil.example/p.png)",
    "[x](javascript:alert(1))",
    r"$\href{javascript:alert(1)}{x}$",
    ":red[x] :material/home: `x` **x** ~~x~~ &lt;",
]
MARKUP = re.compile(r"(?<!\\)(?:\\\\)*([<\[\]`$*_~]|:\w|&\w+;)")


def visit(**address):
    """Open the dashboard at an address, with the chips of all models unfolded."""
    at = AppTest.from_file(FRAME, default_timeout=120)
    at.query_params.update(address)
    for chip in ("chip-0", "chip-1", "chip-2", "chip-3"):
        at.session_state[chip] = True
    return at.run()


def alerts(at):
    return [*at.text, *at.info, *at.error]


def texts(at):
    """List all that is shown as Markdown, as it is sent."""
    popovers = [block.proto.popover for block in at.get("popover")]
    labels = [one.label for one in (*at.button, *popovers)]
    return [one.value for one in (*at.info, *at.error, *at.markdown, *at.caption)] + labels


def notices(at):
    """Return the notices as a person reads them."""
    return "\n".join(one.value for one in alerts(at))


def answer_of(at):
    """Return the sentence under the heading as a person reads it."""
    return re.sub(r"\\(.)", r"\1", at.markdown[0].value)


def player_of(at):
    """Unpack what the player was sent: its header, and truth and counts as [1 + rows, T]."""
    sent = at.get_by_key("player").proto.bytes
    (size,) = struct.unpack_from("<I", sent)
    header = json.loads(sent[4 : 4 + size])
    shape = 1 + len(header["rows"]), len(header["string"])
    counts = np.frombuffer(sent, "<f4", shape[0] * shape[1], 4 + size).reshape(shape)
    return header, counts


def labels_of(at):
    return [row["label"] for row in player_of(at)[0]["rows"]]


def has_player(at):
    return bool(at.get("bidi_component"))


def expected_answer(names, string, precision="float64"):
    """Say through the public functions what the page should say."""
    models = [load(name) for name in names]
    failures = [find_failure(trace(model, string, precision)) for model in models]
    return compare_models([label_of(model) for model in models], failures).sentence()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_runs(page):
    at = visit()
    at.switch_page(str(page)).run()
    assert not at.exception
    assert not at.error
    assert at.header or at.title


def test_the_first_screen_says_where_the_gru_goes_wrong():
    at = visit()
    assert answer_of(at) == expected_answer(FIRST_MODELS, FIRST_STRING)
    verdicts = trace(load(FIRST_MODELS[1]), FIRST_STRING).verdicts[:, 1]
    still_open = np.cumsum([1 if symbol == "(" else -1 for symbol in FIRST_STRING]) > 0
    first = np.flatnonzero(verdicts != still_open)[0] + 1
    assert f"GRU-1 says “closed” at bracket {first}, while" in answer_of(at)


def test_the_first_screen_shows_the_truth_and_four_models_without_a_notice():
    at = visit()
    header, counts = player_of(at)
    assert header["string"] == FIRST_STRING
    assert labels_of(at) == ["LSTM-1", "GRU-1", "ReLU-1", "exact LSTM"]
    assert counts[0].tolist() == LANGUAGES["dyck1"].read(FIRST_STRING).counts[:, 0].tolist()
    assert not alerts(at)
    assert at.caption[0].value == "70 brackets, deepest 30, all closed"


def test_the_player_draws_what_each_model_counts():
    _, counts = player_of(visit())
    for name, row in zip(FIRST_MODELS, counts[1:], strict=True):
        closings = measure_closings(trace(load(name), FIRST_STRING)).total
        assert np.array_equal(row, closings.astype("f4"), equal_nan=True)


def test_an_address_chooses_everything_on_the_page():
    at = visit(
        s="(()",
        models="gru1-dyck1/3@7,exact-relu",
        precision="bfloat16",
        count="state",
        at="2",
        speed="120",
    )
    assert not alerts(at)
    header, counts = player_of(at)
    assert header["string"] == "(()"
    assert [row["note"] for row in header["rows"]] == ["seed 3 · epoch 7", "hand-set"]
    assert (header["position"], header["speed"]) == (1, 120)
    assert at.segmented_control(key="precision").value == "bfloat16"
    assert at.segmented_control(key="count").value == "state"
    assert counts[2].tolist() == [1, 2, 1]
    names = ["gru1-dyck1/3@7", "exact-relu"]
    assert answer_of(at) == expected_answer(names, "(()", "bfloat16")


@pytest.mark.parametrize("epoch", [0, 16, 20])
@pytest.mark.parametrize("precision", ["float64", "float16", "bfloat16"])
def test_a_model_that_exploded_in_training_is_shown_like_any_other(precision, epoch):
    at = visit(models=f"relu1-dyck1/2@{epoch}", precision=precision, count="state")
    assert not at.exception
    assert has_player(at)


@pytest.mark.parametrize(
    ("key", "value", "exists"),
    [
        ("models", "nobody", [*load_library()[0]]),
        ("models", "gru1-dyck1,../../etc/passwd", ["family/seed@epoch"]),
        ("models", "gru1-dyck1/100", ["0-99"]),
        ("models", "gru1-dyck1/3@77", ["0-20"]),
        ("models", "gru1-dyck1@x", ["family/seed@epoch"]),
        ("models", "gru1-dyck1,lstm4-shuffle2", ["one language"]),
        ("models", ",".join(["exact-lstm"] * 5), [str(MOST_MODELS)]),
        ("precision", "float8", ["float64", "float32", "float16", "bfloat16"]),
        ("count", "fingers", [*READ_OUTS]),
        ("speed", "1e9", [str(speed) for speed in SPEEDS]),
        ("speed", "nan", [str(speed) for speed in SPEEDS]),
        ("at", "0", ["from 1 on"]),
        ("at", "-3", ["from 1 on"]),
        ("at", "second", ["from 1 on"]),
        ("at", "\u0661", ["from 1 on"]),
    ],
)
def test_a_bad_value_is_answered_with_what_exists_and_the_page_goes_on(key, value, exists):
    at = visit(**{key: value})
    assert not at.exception
    assert all(word in notices(at) for word in exists)
    assert has_player(at)
    assert player_of(at)[0]["string"] == FIRST_STRING


@pytest.mark.parametrize("key", ["models", "precision", "count", "speed", "at"])
def test_an_endless_value_is_not_repeated_in_full(key):
    at = visit(**{key: "x" * 100_000})
    assert has_player(at)
    assert len(notices(at)) < 1_000


def test_an_unknown_key_in_the_address_is_ignored():
    assert not alerts(visit(page="<script>", n="1e9"))


@pytest.mark.parametrize("value", ["", ",", ",,"])
def test_no_model_in_the_address_means_the_first_ones(value):
    assert labels_of(visit(models=value)) == labels_of(visit())


@pytest.mark.parametrize("family", ["lstm4-anbncn", "lstm4-shuffle2"])
def test_a_link_to_a_model_of_another_language_alone_shows_it(family):
    at = visit(models=family)
    assert has_player(at)
    assert set(player_of(at)[0]["string"]) == set(load(family).language.alphabet)


def test_the_longest_string_is_counted():
    at = visit(s=nested(10_000))
    assert len(player_of(at)[0]["string"]) == 20_000


@pytest.mark.parametrize("symbols", [20_001, 5_000_000])
def test_a_longer_string_is_refused_with_both_numbers_and_nothing_is_counted(symbols):
    at = visit()
    at.text_input(key="s").set_value("(" * symbols).run()
    assert not at.exception
    assert re.search(rf"{symbols:,} |More than 1,000,000 ", notices(at))
    assert "at most 20,000" in notices(at)
    assert "Nothing was counted" in notices(at)
    assert not has_player(at)


def test_white_space_is_skipped_and_said_so():
    at = visit(s=" ( (\t)\n)\u3000")
    assert player_of(at)[0]["string"] == "(())"
    assert "5 white-space characters were skipped" in notices(at)


def test_a_full_width_bracket_is_named_by_its_code_point():
    at = visit(s="\uff08)")
    assert "character 1 is U+FF08 FULLWIDTH LEFT PARENTHESIS" in notices(at)
    assert "\uff08" not in notices(at)
    assert not has_player(at)


def test_a_button_replaces_look_alikes():
    at = visit(s="\uff08(\u207e\uff09")
    (button,) = [one for one in at.button if one.label == "Replace look-alikes"]
    button.click().run()
    assert at.text_input(key="s").value == "(())"
    assert player_of(at)[0]["string"] == "(())"
    assert not alerts(at)


@pytest.mark.parametrize("typed", ["", "  \t ", "\u3000"])
def test_an_empty_string_offers_three_examples_and_each_works(typed):
    starts = [b.key for b in visit(s=typed).button if b.key.startswith("start-")]
    assert len(starts) == 3
    shown = set()
    for key in starts:
        at = visit(s=typed)
        assert not has_player(at)
        at.button(key=key).click().run()
        string = player_of(at)[0]["string"]
        assert string in LANGUAGES["dyck1"]
        assert at.text_input(key="s").value == string
        shown.add(string)
    assert len(shown) == 3


@pytest.mark.parametrize("string", ["(", ")", "()", "((((", "))))"])
def test_a_string_of_a_few_symbols_is_shown(string):
    at = visit(s=string)
    assert player_of(at)[0]["string"] == string
    assert not alerts(at)


def test_an_illegal_string_is_shown_with_its_balance_and_where_it_stops_being_legal():
    at = visit(s="())(")
    header, counts = player_of(at)
    assert header["legal"] == 2
    assert counts[0].tolist() == [1, 0, -1, 0]
    assert at.caption[0].value == "4 brackets, bracket 3 is illegal"


def test_a_string_that_is_illegal_from_the_start_judges_nobody():
    assert "no model is judged" in answer_of(visit(s=")("))


@pytest.mark.parametrize("key", ["s", "models", "precision", "count", "speed", "at"])
@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_hostile_text_is_never_markup(hostile, key):
    at = visit(**{key: hostile})
    assert not at.exception
    assert alerts(at)
    for text in texts(at):
        assert not MARKUP.search(text), text


def test_the_markup_pattern_sees_what_is_not_escaped():
    for hostile in HOSTILE:
        assert MARKUP.search(hostile)
        assert not MARKUP.search(escape(hostile))


def test_two_sessions_do_not_see_each_other():
    one, other = visit(s="(())"), visit()
    other.text_input(key="s").set_value("()()()").run()
    one.run()
    assert player_of(one)[0]["string"] == "(())"
    one.segmented_control(key="precision").set_value("float32").run()
    other.run()
    assert player_of(other)[0]["string"] == "()()()"
    assert other.segmented_control(key="precision").value == "float64"
    assert player_of(visit())[0]["string"] == FIRST_STRING


def test_typing_another_string_counts_that_one():
    at = visit()
    at.text_input(key="s").set_value("()").run()
    assert player_of(at)[0]["string"] == "()"
    assert answer_of(at) == expected_answer(FIRST_MODELS, "()")


def test_the_seed_stepper_changes_the_model():
    at = visit(models="gru1-dyck1/0,exact-lstm")
    at.number_input(key="seed-0").set_value(6).run()
    assert player_of(at)[0]["rows"][0]["note"].startswith("seed 6 ·")
    best = load("gru1-dyck1/6")
    assert at.query_params["models"] == f"{best.name},exact-lstm/0@0"
    assert answer_of(at) == expected_answer([best.name, "exact-lstm"], FIRST_STRING)


def test_the_epoch_stepper_changes_the_model():
    at = visit(models="exact-lstm,gru1-dyck1/0")
    at.number_input(key="epoch-1").set_value(0).run()
    assert player_of(at)[0]["rows"][1]["note"] == "seed 0 · epoch 0"
    assert answer_of(at) == expected_answer(["exact-lstm", "gru1-dyck1/0@0"], FIRST_STRING)


def test_a_chip_can_be_removed_but_not_the_last():
    at = visit()
    for left in (["GRU-1", "ReLU-1", "exact LSTM"], ["ReLU-1", "exact LSTM"], ["exact LSTM"]):
        at.button(key="remove-0").click().run()
        assert labels_of(at) == left
    assert at.button(key="remove-0").disabled


def test_a_fifth_model_is_turned_away_by_name():
    names = ["exact-lstm", "exact-relu", "gru1-dyck1", "lstm1-dyck1", "relu1-dyck1"]
    at = visit(models=",".join(names))
    assert len(labels_of(at)) == MOST_MODELS
    assert "relu1-dyck1 is one too many" in notices(at)


def copy_families(target, *names):
    for name in names:
        shutil.copytree(SHIPPED / name, target / name)


def test_a_damaged_family_is_named_and_the_rest_works(tmp_path, monkeypatch):
    copy_families(tmp_path, "gru1-dyck1", "lstm1-dyck1", "exact-lstm")
    weights = tmp_path / "gru1-dyck1" / "weights.safetensors"
    data = weights.read_bytes()
    weights.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    monkeypatch.setenv("COUNTVIZ_CHECKPOINTS", str(tmp_path))
    at = visit()
    assert "gru1-dyck1/weights.safetensors is damaged" in notices(at)
    assert labels_of(at) == ["LSTM-1", "exact LSTM"]
    at = visit(models="gru1-dyck1,lstm1-dyck1")
    assert labels_of(at) == ["LSTM-1"]


def test_a_notice_names_no_folder_of_the_server(tmp_path, monkeypatch):
    copy_families(tmp_path, "lstm1-dyck1")
    (tmp_path / "lstm1-dyck1" / "spec.json").write_text("{}")
    monkeypatch.setenv("COUNTVIZ_CHECKPOINTS", str(tmp_path))
    at = visit()
    assert "lstm1-dyck1/spec.json is damaged" in notices(at)
    assert str(tmp_path) not in notices(at)


def test_a_family_that_is_added_appears_without_a_restart(tmp_path, monkeypatch):
    monkeypatch.setenv("COUNTVIZ_CHECKPOINTS", str(tmp_path))
    copy_families(tmp_path, "exact-lstm")
    assert "there are: exact-lstm" in notices(visit(models="gru1-dyck1"))
    copy_families(tmp_path, "gru1-dyck1")
    assert labels_of(visit(models="gru1-dyck1")) == ["GRU-1"]


@pytest.mark.parametrize("folder", ["empty", "missing"])
def test_without_a_library_the_exact_counters_are_shown(tmp_path, monkeypatch, folder):
    (tmp_path / "empty").mkdir()
    monkeypatch.setenv("COUNTVIZ_CHECKPOINTS", str(tmp_path / folder))
    at = visit()
    assert labels_of(at) == ["exact LSTM", "exact ReLU"]
    assert answer_of(at) == "Both models judge this string correctly."
    at.button(key="remove-1").click().run()
    assert labels_of(at) == ["exact LSTM"]


def test_the_pages_never_import_torch():
    code = (
        "import sys; from streamlit.testing.v1 import AppTest; "
        f"at = AppTest.from_file({str(FRAME)!r}, default_timeout=120).run(); "
        "assert at.header and not at.exception; assert 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
