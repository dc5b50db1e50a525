"""The memory study: a tiny one that is run, and made-up ones whose verdicts are known."""

import json
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest

from countviz.checkpoints import check_name, load_family
from countviz.languages import find_language
from countviz.models import Model
from countviz.next_symbols import BINS
from countviz.studies.memory import (
    BOTH,
    CONTROLLER,
    MEMORY,
    MODES,
    NOTHING,
    SYSTEMS,
    TASKS,
    Protocol,
    Setting,
    make_settings,
    make_spec,
    modes_of,
)
from countviz.studies.memory_claims import (
    NOT_SUPPORTED,
    SUPPORTED,
    UNDECIDED,
    judge_claims,
    make_checks,
)
from countviz.studies.memory_folder import BadStudy, Study, open_study, write_outcome
from countviz.studies.memory_report import tell_memory, tell_progress, write_memory
from countviz.studies.memory_run import choose_protocol, choose_settings, run_study
from countviz.studies.memory_scores import Outcome, make_tests, score_model
from countviz.studies.memory_summary import (
    compare_modes,
    compare_targets,
    find_bounds,
    find_luck,
    retention,
    spread_accuracy,
)
from countviz.studies.memory_targets import TARGETS
from countviz.training import train

TINY = Protocol(strings=20, validation=10, epochs=1, seeds=2, each=1)


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """Run a tiny study of one task and two systems; return its folder and that of the weights."""
    folder = tmp_path_factory.mktemp("study")
    run_study(
        folder / "memory",
        TINY,
        choose_settings(["count-3"], ["lstm", "jm-3.3.3"]),
        folder / "families",
        threads=2,
    )
    return folder / "memory", folder / "families"


def make_outcome(setting, accuracy, seeds=10, protocol=TINY):
    """Return an outcome whose seeds have accuracies by bin, some a little more and some less."""
    wobble = np.linspace(-0.001, 0.001, seeds)
    rows = tuple(tuple((one + wobble).tolist()) for one in accuracy)
    each = (1,) * seeds
    return Outcome(
        setting=setting,
        identity=make_spec(setting, protocol).identity,
        seeds=tuple(range(seeds)),
        rate=(0.01,) * seeds,
        best_epoch=each,
        last_epoch=each,
        diverged=(False,) * seeds,
        validation_perplexity=tuple(np.linspace(1.1, 1.2, seeds).tolist()),
        validation_accuracy=(0.9,) * seeds,
        accuracy=rows,
        perplexity=tuple((1.1,) * seeds for _ in BINS),
        solved=tuple((0.5,) * seeds for _ in BINS),
        seconds=1.0,
    )


def make_study(accuracy, tasks=TASKS):
    """Return a study whose families have the accuracies of their ways to freeze."""
    settings = [one for one in make_settings() if one.task in tasks and one.mode in accuracy]
    outcomes = {one: make_outcome(one, accuracy[one.mode]) for one in settings}
    return Study(protocol=replace(TINY, seeds=10), outcomes=outcomes)


def verdicts(study):
    return [claim.verdict for claim in judge_claims(study)]


def test_count_3_comes_first_and_an_lstm_has_no_memory_to_freeze():
    settings = [*make_settings()]
    assert {one.task for one in settings[:14]} == {"count-3"}
    assert len(settings) == len(set(settings)) == 7 * (2 + 3 * 4)
    assert modes_of("lstm") == (NOTHING, CONTROLLER)
    for one in settings:
        check_name(one.name)
    assert len({one.name for one in settings}) == len(settings)


def test_families_differ_in_nothing_but_what_is_frozen():
    for system in SYSTEMS:
        specs = [make_spec(Setting("count-3", system, mode), TINY) for mode in modes_of(system)]
        plain = [
            one.model_copy(update={"recipe": one.recipe.model_copy(update={"freeze": ()})})
            for one in specs
        ]
        assert len(set(plain)) == 1
        assert [one.recipe.freeze for one in specs] == [MODES[m] for m in modes_of(system)]


def test_a_family_has_the_bits_that_it_gets_alone_and_frozen_parts_keep_theirs(ran):
    for setting in choose_settings(["count-3"], ["jm-3.3.3"]):
        kept = load_family(setting.name, ran[1])
        alone = train(make_spec(setting, TINY), range(TINY.seeds), "alone", threads=1)
        frozen = kept.spec.frozen_parameters()
        assert kept.spec == alone.spec
        for seed in kept.seeds:
            best = kept.model(seed)
            assert best.weights_sha256 == alone.model(seed).weights_sha256
            start = kept.model(seed, 0).parameters
            same = {n for n in start if start[n].tobytes() == best.parameters[n].tobytes()}
            assert frozen <= same
            assert best.epoch == 0 or not same - frozen


def test_what_has_run_is_read_back_and_not_run_again(ran):
    folder, families = ran
    before = {path: path.read_bytes() for path in folder.rglob("*.json")}
    remarks = []
    settings = choose_settings(["count-3"], ["lstm", "jm-3.3.3"])
    run_study(folder, TINY, settings, families, threads=1, report=remarks.append)
    assert remarks == []
    assert before == {path: path.read_bytes() for path in folder.rglob("*.json")}
    study = open_study(folder)
    assert study.protocol == TINY
    assert [*study.outcomes] == [*settings]
    for setting, outcome in study.outcomes.items():
        family = load_family(setting.name, families)
        assert outcome.best_epoch == tuple(map(family.best_epoch, family.seeds))
        assert family.seeds[outcome.best] == family.best_seed()
        assert outcome.identity == family.spec.identity
    rates = {one.rate for one in study.outcomes.values()}
    assert len(rates) == 1  # a seed has one rate, whatever is frozen


def test_a_model_that_always_says_a_is_right_on_every_a():
    spec = make_spec(Setting("count-3", "lstm", NOTHING), TINY)
    zeros = {n: np.zeros(s, np.float32) for n, s in spec.parameter_shapes().items()}
    zeros["readout.bias"][0] = 1
    strings = make_tests("count-3", 1)[0]
    scores = score_model(Model(name="mute", spec=spec, parameters=zeros), strings)
    assert (scores.right == scores.lengths // 3).all()
    symbols = len(find_language("count-3").alphabet)
    assert scores.perplexity > symbols - 1
    assert not scores.solved.any()


def write_whole(folder, setting=Setting("count-3", "lstm", NOTHING), seeds=TINY.seeds):  # noqa: B008
    open_study(folder, TINY)
    write_outcome(folder, make_outcome(setting, [0.9, 0.8, 0.7], seeds))
    return folder / "families" / f"{setting.name}.json"


def test_an_outcome_comes_back_as_it_was_written(tmp_path):
    write_whole(tmp_path)
    (outcome,) = open_study(tmp_path).outcomes.values()
    assert outcome == make_outcome(outcome.setting, [0.9, 0.8, 0.7], TINY.seeds)
    overflowed = replace(outcome, perplexity=((1.0, np.inf),) * len(BINS))
    write_outcome(tmp_path, overflowed)
    assert open_study(tmp_path).outcomes[outcome.setting] == overflowed


def test_a_half_written_family_is_named_and_nothing_is_lost(tmp_path):
    path = write_whole(tmp_path)
    path.write_bytes(path.read_bytes()[:200])
    before = path.read_bytes()
    with pytest.raises(BadStudy, match=r"count-3-lstm-free\.json is damaged .*trained again"):
        open_study(tmp_path, TINY)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"format": 2}, "of another version: format 2; 1 is read here"),
        ({"identity": "0"}, r"of another version: what was trained \(0\)"),
        ({"mode": MEMORY}, "is not of count-3-lstm-free with 2 seeds"),
        ({"seeds": [0]}, "is not of count-3-lstm-free with 2 seeds"),
        ({"bins": []}, "is not of count-3-lstm-free"),
        ({"rate": None}, "is damaged"),
    ],
)
def test_a_family_that_does_not_belong_there_is_named(tmp_path, change, sentence):
    path = write_whole(tmp_path)
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(BadStudy, match=sentence):
        open_study(tmp_path)


def test_another_study_in_the_folder_is_left_alone(tmp_path):
    path = write_whole(tmp_path)
    with pytest.raises(BadStudy, match=r"holds a study of strings 20; 30 came\. Nothing was"):
        open_study(tmp_path, replace(TINY, strings=30))
    with pytest.raises(BadStudy, match="of seeds 2; 3 came"):
        open_study(tmp_path, choose_protocol(tmp_path, seeds=3, strings=None, epochs=None))
    card = tmp_path / "study.json"
    card.write_text(card.read_text().replace('"kernel_version": ', '"kernel_version": 9'))
    with pytest.raises(BadStudy, match="trained by the loops of version 9"):
        open_study(tmp_path)
    card.unlink()
    with pytest.raises(BadStudy, match=r"holds families but no study\.json"):
        open_study(tmp_path, TINY)
    assert path.exists()
    with pytest.raises(BadStudy, match="there is no study in"):
        open_study(tmp_path / "nowhere")


def test_only_what_there_is_can_be_chosen():
    with pytest.raises(ValueError, match="no task named 'count-4'; there are: count-3, marked-"):
        choose_settings(["count-4"], [])
    with pytest.raises(ValueError, match=r"no system named 'rns'; there are: lstm, jm-10, jm-3\.3"):
        choose_settings([], ["rns"])


def test_the_paper_contradicts_itself_on_frozen_memory():
    assert compare_targets(MEMORY, 0) == {"better": 1, "worse": 21, "level": 6}
    assert compare_targets(MEMORY, 1)["worse"] == 16
    assert find_luck() == pytest.approx(0.07)  # count-and-copy, 200 to 400 symbols
    free, frozen = (TARGETS[Setting("count-3", "lstm", mode)] for mode in (CONTROLLER, BOTH))
    assert free.accuracy == frozen.accuracy == (0.96, 0.98, 0.99)


def test_differences_are_those_between_equal_seeds():
    study = make_study({NOTHING: [0.9, 0.8, 0.7], MEMORY: [0.9, 0.9, 0.6]}, ["count-3"])
    found = [*compare_modes(study, MEMORY)]
    assert len(found) == 3 * len(BINS)
    assert [one.verdict for one in found[:3]] == ["level", "better", "worse"]
    np.testing.assert_allclose([one.mean for one in found[:3]], [0, 0.1, -0.1], atol=1e-12)
    assert max(one.error for one in found) < 1e-12
    outcome = study.outcomes[Setting("count-3", "jm-10", NOTHING)]
    one = spread_accuracy(outcome, 0)
    assert (one.best, one.least) == (outcome.accuracy[0][0],) * 2
    assert retention(outcome).mean == pytest.approx(0.7 / 0.9, abs=1e-4)


def test_claims_are_supported_where_the_numbers_say_so():
    study = make_study(
        {
            NOTHING: [0.95, 0.6, 0.4],
            MEMORY: [0.96, 0.95, 0.94],
            CONTROLLER: [0.96, 0.98, 0.99],
        }
    )
    assert verdicts(study) == [SUPPORTED] * 4


def test_claims_are_refuted_where_the_numbers_say_so():
    study = make_study(
        {NOTHING: [0.95, 0.9, 0.9], MEMORY: [0.9, 0.8, 0.7], CONTROLLER: [0.5, 0.5, 0.5]}
    )
    assert verdicts(study) == [NOT_SUPPORTED] * 4


def test_claims_are_undecided_while_little_has_run():
    nothing = Study(protocol=TINY, outcomes={})
    assert verdicts(nothing) == [UNDECIDED] * 4
    some = make_study({NOTHING: [0.95, 0.9, 0.9], MEMORY: [0.9, 0.8, 0.7]}, ["count-3"])
    assert verdicts(some) == [UNDECIDED] * 4
    assert "3 of 21 pairs have run" in judge_claims(some)[0].evidence


def test_checks_hold_where_numbers_are_near_enough():
    trivial = [find_bounds("count-3", place).trivial.symbols for place in range(len(BINS))]
    study = make_study({NOTHING: [0.98, 0.9, 0.8], CONTROLLER: trivial}, ["count-3"])
    target = {Setting("count-3", "lstm", NOTHING): 0.99, Setting("count-3", "lstm", MEMORY): 0.9}
    assert [check.holds for check in make_checks(study, target)] == [True, None, True, True, True]


def test_the_report_says_what_has_run_and_what_has_not(ran, tmp_path):
    study = open_study(ran[0])
    files = write_memory(study, tmp_path)
    assert {path.name for path in files} == {
        "RESULTS.md", "report.json", "seeds.csv", "count-3.svg",
    }  # fmt: skip
    text = (tmp_path / "RESULTS.md").read_text()
    assert "6 of 98 families have run; nothing of marked-reverse-and-copy," in text
    assert text.count("| not run") == 98 - 6 + 1  # a check of jm-hidden too
    assert "40 to 100: trivial 0.958, possible 0.987" in text
    assert "paper 0.81" in text
    document = json.loads((tmp_path / "report.json").read_text())
    assert [one["run"] for one in document["families"]].count(True) == 6
    assert {claim["verdict"] for claim in document["claims"]} <= {UNDECIDED, NOT_SUPPORTED}
    rows = (tmp_path / "seeds.csv").read_text().splitlines()
    assert len(rows) == 1 + 6 * TINY.seeds * len(BINS)
    ElementTree.parse(tmp_path / "count-3.svg")


def test_a_seed_that_overflowed_is_reported():
    study = make_study({NOTHING: [0.98, 0.9, 0.8]}, ["count-3"])
    setting, outcome = next(iter(study.outcomes.items()))
    lost = replace(outcome, diverged=(True, *outcome.diverged[1:]))
    study = Study(protocol=study.protocol, outcomes={setting: lost})
    assert "1 seeds of count-3-lstm-free overflowed" in tell_progress(study)
    assert "## Counters with a stack\n\nNot run.\n" in tell_memory(study)
