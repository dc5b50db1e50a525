"""The counting study: on counters whose numbers are known beforehand."""

import csv
import json
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest

from countviz.exact import exact_lstm, exact_relu
from countviz.families import Family
from countviz.history import Progress
from countviz.studies import counting_report
from countviz.studies.counting import LAST, measure_counting
from countviz.studies.counting_claims import judge_claims
from countviz.studies.counting_families import load_families
from countviz.studies.counting_report import write_counting
from countviz.studies.counting_summary import compare, fit_checkpoints, summarise
from countviz.studies.counting_targets import MEASURES, REPLICATED

EPOCHS = tuple(range(LAST + 1))


def family_of(name, *models, accuracies):
    """Return a family with a model a seed, the same at every epoch; the loss falls as it goes."""
    return Family(
        name=name,
        spec=models[0].spec,
        seeds=tuple(range(len(models))),
        epochs=EPOCHS,
        weights={
            key: np.stack([np.repeat(m.parameters[key][None], len(EPOCHS), 0) for m in models])
            for key in models[0].parameters
        },
        history=tuple(
            Progress(
                seed=seed,
                epoch=epoch,
                train_loss=0.5 / (1 + epoch),
                validation_loss=0.5 / (1 + epoch),
                validation_accuracy=accuracy,
            )
            for seed, accuracy in enumerate(accuracies)
            for epoch in EPOCHS
        ),
    )


@pytest.fixture(scope="module")
def counting(make_unit):
    """Measure an exact LSTM and a leaking one, a GRU that cannot count, an exact ReLU unit."""
    families = {
        "lstm": family_of("made-lstm", exact_lstm(), exact_lstm(gate_bias=6), accuracies=(1, 1)),
        "gru": family_of("made-gru", make_unit("gru", at=-1), accuracies=(0,)),
        "relu": family_of("made-relu", exact_relu(), accuracies=(1,)),
    }
    return measure_counting(families, other_draws=[1])


def row_of(counting, cell, seed=0):
    return counting.seeds.set_index(["cell", "seed"]).loc[cell, seed]


@pytest.mark.parametrize("cell", ["lstm", "relu"])
def test_an_exact_counter_is_right_on_everything(counting, cell):
    row = row_of(counting, cell)
    assert [row[f"{name}_fpf"] for name in ("nested", "zigzag", "concatenated")] == [2_000] * 3
    assert row["train_accuracy"] == row["long_accuracy"] == row["nested_accuracy_last"] == 1
    assert (row["nesting_horizon"], row["beyond_horizon"]) == (500, "none")


def test_a_unit_that_cannot_count_is_the_constant_predictor(counting):
    row = row_of(counting, "gru")
    assert not row["learned"]
    assert row["constant_last"]
    assert row["nesting_horizon"] == 0
    assert row["beyond_horizon"] == "stuck open"
    for name, fpf in counting.constants.items():
        assert row[f"{name}_fpf"] == fpf
    assert counting.constants["zigzag"] == 455


def test_a_leaking_counter_says_zero_too_early(counting):
    row = row_of(counting, "lstm", 1)
    assert row["beyond_horizon"] == "early zero"
    assert row["nesting_horizon"] < 30
    kinds = counting.zigzags.query("cell == 'lstm' and seed == 1")["mistake"]
    assert set(kinds) == {"early zero"}


def test_every_fifth_epoch_is_a_checkpoint_and_failed_seeds_are_rows_too(counting):
    assert counting.checkpoints["epoch"].unique().tolist() == [5, 10, 15, 20]
    assert counting.checkpoints.groupby("cell").size().to_dict() == {
        "gru": 4,
        "lstm": 8,
        "relu": 4,
    }
    fits = fit_checkpoints(counting)
    assert fits["gru"].checkpoints == 0
    assert fits["pooled"].checkpoints == 12


def test_numbers_are_shares_and_means_over_the_seeds_that_learned(counting):
    ours = summarise(counting)
    assert (ours["success", "lstm"], ours["success", "gru"]) == (1, 0)
    assert ours["nested_fpf_last", "constant"] == counting.constants["nested"]
    assert ours["horizon_most", "lstm"] == 500
    assert ours["early_zigzags", "lstm"] == 1
    assert np.isnan(ours["long_accuracy", "gru"])
    assert ours["|U - 1|", "relu"] == 0


def test_a_number_is_held_against_its_range_and_its_target(counting):
    found = {(one.measure.key, one.cell): one for one in compare(counting)}
    assert found["success", "lstm"].inside
    assert not found["success", "gru"].inside
    assert found["success", "gru"].differs
    assert found["zigzag_fpf_last", "constant"].inside is None
    assert not found["zigzag_fpf_last", "constant"].differs
    assert found["long_accuracy", "gru"].inside is False  # nothing was measured
    close = replace(found["horizon_median", "relu"], ours=47.0)
    assert not close.differs
    assert replace(close, ours=48.0).differs


def test_a_share_of_few_seeds_differs_from_its_target_only_beyond_chance(counting):
    one = next(one for one in compare(counting) if one.measure.key == "success")
    error = np.sqrt(2 * 0.5 * 0.5 / REPLICATED["seeds"]["lstm"])
    one = replace(one, target=0.5, seeds=REPLICATED["seeds"]["lstm"])
    assert not replace(one, ours=0.5 + 1.9 * error).differs
    assert replace(one, ours=0.5 + 2.1 * error).differs


def test_every_measure_that_is_wanted_is_measured(counting):
    ours = summarise(counting)
    wanted = {(m.key, cell) for m in MEASURES for cell in (*m.targets, *m.accepted)}
    assert wanted <= ours.keys()


def test_claims_are_judged_by_the_numbers(counting):
    by_text = {claim.text: claim for claim in judge_claims(counting)}
    fails = by_text["LSTMs fail on strings far longer than those of training."]
    assert not fails.holds  # one of the two is exact
    assert "50.00% of the nested ones" in fails.evidence
    assert not by_text[
        "Neither the LSTM's gates saturate nor do ReLU weights reach the counting configuration."
    ].holds


def test_the_files_hold_what_was_measured(counting, tmp_path):
    files = write_counting(counting, tmp_path / "study")
    assert sorted(files) == sorted((tmp_path / "study").iterdir())
    with (tmp_path / "study" / "seeds.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [(row["cell"], row["seed"], row["learned"]) for row in rows] == [
        ("lstm", "0", "True"),
        ("lstm", "1", "True"),
        ("gru", "0", "False"),
        ("relu", "0", "True"),
    ]
    document = json.loads((tmp_path / "study" / "counting.json").read_text())
    assert document["constant_predictor_fpf"] == counting.constants
    assert len(document["comparisons"]) == len(compare(counting))
    for name in ("loss.svg", "horizons.svg", "zigzag.svg"):
        picture = ElementTree.parse(tmp_path / "study" / name).getroot()
        assert picture.find("{http://www.w3.org/2000/svg}desc").text


def test_the_report_names_the_failed_seeds_and_what_lies_outside(counting):
    report = counting_report.tell_counting(counting)
    assert "1 of 1 GRU seeds did not learn: 0." in report
    held = [one for one in compare(counting) if one.accepted]
    inside = sum(one.inside for one in held)
    assert f"{inside} of {len(held)} numbers lie in their accepted range. Outside: " in report
    assert "nan" not in report.lower().split()


def test_the_library_has_the_families_of_the_study():
    families = load_families(2)
    assert {cell: family.spec.cell for cell, family in families.items()} == {
        "lstm": "lstm",
        "gru": "gru",
        "relu": "relu",
    }
    assert all(family.seeds == (0, 1) for family in families.values())
    assert {row.seed for row in families["gru"].history} == {0, 1}
    with pytest.raises(ValueError, match=r"lstm1-dyck1 has 100 seeds .* needs 101"):
        load_families(101)
