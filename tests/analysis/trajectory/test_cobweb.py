"""The cobweb: exact counters shift by one, broken ones by what is known of them."""

import numpy as np
import pytest

from countviz.analysis import measure_cobweb
from countviz.analysis.count.fixed_points import find_fixed_points, fit_line
from countviz.checkpoints import load
from countviz.exact import exact_linear, exact_lstm, exact_relu
from countviz.languages.dyck1 import nested, uniform_member
from countviz.traces import trace

EXACT = {model.name: model for model in (exact_lstm(), exact_relu(), exact_linear())}
STRING = nested(20)


@pytest.mark.parametrize("model", EXACT.values(), ids=EXACT)
def test_an_exact_counter_has_slope_1_and_offset_1(model):
    opens, closes = measure_cobweb(trace(model, STRING)).steps
    assert (opens.slope, opens.offset) == pytest.approx((1, 1), abs=1e-12)
    assert (closes.slope, closes.offset) == pytest.approx((1, -1), abs=1e-12)
    assert not opens.fixed_points


def test_an_exact_lstm_steps_by_one_from_everywhere():
    cobweb = measure_cobweb(trace(exact_lstm(), STRING))
    for step, by in zip(cobweb.steps, (1, -1), strict=True):
        assert step.after == pytest.approx(cobweb.grid + by)
        assert not step.fixed_points
    assert cobweb.answer() == "( turns c into c + 1 and ) turns c into c \N{MINUS SIGN} 1."
    assert "h" in cobweb.others


def test_a_leaking_counter_has_the_slope_of_its_gate_and_the_fixed_point_that_follows():
    forget = 1 / (1 + np.exp(-4))
    opens, closes = measure_cobweb(trace(exact_lstm(gate_bias=4), nested(200))).steps
    assert opens.slope == pytest.approx(forget, rel=1e-6)
    (held,) = opens.fixed_points
    assert held.value == pytest.approx(forget / (1 - forget), rel=1e-3)
    assert held.stable
    assert closes.slope == pytest.approx(forget, rel=1e-6)


def test_a_relu_repairs_at_zero():
    closes = measure_cobweb(trace(exact_relu(), STRING)).steps[1]
    assert [(point.value, point.kind) for point in closes.fixed_points] == [(0, "stable")]


@pytest.mark.parametrize("name", ["gru1-dyck1", "relu1-dyck1", "tanh1-dyck1"])
def test_the_curve_of_a_single_number_runs_through_what_was_seen(name):
    cobweb = measure_cobweb(trace(load(name), uniform_member(np.random.default_rng(0), 200)))
    assert not cobweb.others
    for step in cobweb.steps:
        scale = np.ptp(cobweb.grid)
        between = np.interp(step.seen_before, cobweb.grid, step.after)
        assert np.abs(between - step.seen_after).max() < 0.01 * scale


def test_fixed_points_are_found_and_told_apart():
    grid = np.linspace(-2, 2, 81)

    def cubic(x):
        return x + 0.5 * (x - x**3)

    points = find_fixed_points(cubic, grid, cubic(grid))
    assert [point.value for point in points] == pytest.approx([-1, 0, 1], abs=1e-9)
    assert [point.stable for point in points] == [True, False, True]
    assert [point.multiplier for point in points] == pytest.approx([0, 1.5, 0], abs=1e-3)


def test_a_symbol_that_does_nothing_has_no_fixed_points_but_leaves_all(make_unit):
    keeps = make_unit("linear", inputs=[[1, 0]], recurrent=[[1]])
    closes = measure_cobweb(trace(keeps, STRING)).steps[1]
    assert closes.leaves_all
    assert closes.fixed_points == ()
    assert ") leaves every value as it is" in measure_cobweb(trace(keeps, STRING)).sentence()


def test_a_line_needs_two_values():
    assert np.isnan(fit_line(np.array([2.0, 2.0]), np.array([1.0, 3.0]))).all()
    assert fit_line(np.array([0.0, 1, 2]), np.array([1.0, 3, 5])) == pytest.approx((2, 1))


def test_a_dead_unit_has_no_line_and_says_so(make_unit):
    cobweb = measure_cobweb(trace(make_unit("relu"), STRING))
    assert all(np.isnan(step.slope) for step in cobweb.steps)
    assert "Too few values" in cobweb.answer()


def test_the_staircase_is_the_stretch():
    cobweb = measure_cobweb(trace(exact_relu(), STRING), start=3, stop=9)
    assert cobweb.path.tolist() == [3, 4, 5, 6, 7, 8, 9]


def test_other_units_are_held_and_named():
    done = trace(load("lstm5-dyck1"), STRING)
    cobweb = measure_cobweb(done, 2, "h")
    assert cobweb.others == ("c", "four other units")
    assert "c and four other units" in cobweb.sentence()


def test_of_a_long_string_the_steps_around_the_stretch_are_looked_at():
    done = trace(exact_relu(), nested(30_000))
    cobweb = measure_cobweb(done, start=30_000, stop=30_010)
    assert cobweb.path.tolist() == list(range(30_000, 29_989, -1))
    assert cobweb.steps[1].seen_before.min() == 20_000 + 1


def test_states_that_overflow_do_not_break_it(make_unit):
    runaway = make_unit("relu", inputs=[[1, 1]], recurrent=[[1e3]])
    cobweb = measure_cobweb(trace(runaway, "(" * 300))
    assert np.isfinite(cobweb.grid).all()
    assert cobweb.steps[0].slope == pytest.approx(1e3)
    late = measure_cobweb(trace(runaway, "(" * 30_000), start=29_000)
    assert "Too few values" in late.answer()
    assert np.isfinite(late.grid).all()


def test_an_unknown_number_or_unit_is_refused():
    done = trace(exact_lstm(), "()")
    with pytest.raises(ValueError, match="there are: c, h"):
        measure_cobweb(done, 0, "g")
    with pytest.raises(ValueError, match="has no unit 3; there are: 0 to 0"):
        measure_cobweb(done, 3)


def test_a_table_has_a_row_a_symbol_and_value():
    cobweb = measure_cobweb(trace(exact_lstm(), STRING))
    frame = cobweb.to_frame()
    assert len(frame) == 2 * cobweb.grid.size
    assert (frame.after - frame.before)[frame.symbol == "("].to_numpy() == pytest.approx(1)
