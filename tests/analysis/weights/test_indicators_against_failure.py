"""Indicators against failure: the points are the measures, the line is the fit."""

import numpy as np
import pytest

from countviz.analysis import compare_indicators, fit_failure, measure_indicators
from countviz.checkpoints import load_family
from countviz.exact import exact_lstm
from countviz.published_sets import make_set
from countviz.traces import trace


@pytest.fixture(scope="module")
def leaking(make_family):
    """Counters that leak, the less the higher their gate bias; the last did not learn."""
    return make_family([exact_lstm(gate_bias=bias) for bias in (4, 5, 6, 7, 8)], [1, 1, 1, 1, 0.1])


@pytest.fixture(scope="module")
def report(leaking):
    return compare_indicators(leaking)


def test_every_checkpoint_is_a_point(report, leaking):
    assert report.seeds.tolist() == [0, 1, 2, 3, 4]
    assert report.epochs.tolist() == [20] * 5
    assert report.learned.tolist() == [True, True, True, True, False]
    lack = 1 / (1 + np.exp([4.0, 5, 6, 7, 8]))
    place = report.names.index("forget gate, worst")
    np.testing.assert_allclose(report.distance[:, place], lack, rtol=1e-9)
    strings = make_set("nested")[:2]
    failures = [trace(leaking.model(4), string, "float32").first_failure for string in strings]
    assert None not in failures
    assert report.mean_fpf[4] > report.mean_fpf[0]


def test_the_line_goes_through_those_that_learned(report):
    place = report.names.index("forget gate, worst")
    wanted = fit_failure(report.distance[:4, place], report.mean_fpf[:4])
    assert report.fits[place] == wanted
    assert wanted.slope > 0
    assert f"r² {wanted.r_squared:.2f}" in report.sentence(place)


def test_a_line_that_says_nothing_says_so():
    found = compare_indicators(load_family("relu1-dyck1"))
    assert len(found.names) == 3
    for place, fit in enumerate(found.fits):
        assert found.tells(place) == (fit.p <= 0.05 and fit.r_squared >= 0.1)
        if not found.tells(place):
            assert found.sentence(place).startswith("This line says next to nothing.")


def test_distances_of_zero_leave_no_line(make_family):
    alike = compare_indicators(make_family([exact_lstm(), exact_lstm()], [1, 1]))
    assert "too few, or too alike, for a line" in alike.sentence()


def test_points_are_those_of_the_family(report, leaking):
    indicators = measure_indicators(leaking, report.seeds.tolist(), report.epochs.tolist())
    assert set(report.names) <= {name.replace("-", "\N{MINUS SIGN}") for name in indicators.names}
    assert len(report.to_frame()) == 5


def test_a_cell_without_exact_weights_has_none():
    assert compare_indicators(load_family("tanh1-dyck1")) is None
