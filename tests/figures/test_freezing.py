"""The pictures of the memory study show every seed, every bound and all that has not run."""

import math
import re

import numpy as np
import pytest

from countviz.analysis import Freezing, FreezingCurves, FreezingDifferences, FrozenCounters
from countviz.analysis.memory.freezing import Panel, Row
from countviz.analysis.memory.freezing_differences import BETTER, LEVEL, WORSE, Difference
from countviz.figures import plot_freezing, plot_freezing_curves, plot_freezing_differences
from countviz.figures.theme import THEMES

LIGHT = THEMES["light"]
STRINGS = ("40 to 100 symbols", "100 to 200 symbols", "200 to 400 symbols")
VALUES = np.array([[0.9, 0.92, 0.91], [0.8, 0.82, 0.81], [0.5, 0.7, 0.6]])


def make_panels(*, rising=True):
    bounds = ((0.6, 0.99), (0.62, 0.995), (0.65, 0.999)) if rising else ((1.4, 1.1),) * 3
    return tuple(
        Panel(title=title, measure="share", trivial=low, ceiling=high, rising=rising)
        for title, (low, high) in zip(STRINGS, bounds, strict=True)
    )


def make_row(system, cell, frozen, values=VALUES, paper=(0.95, 0.9, 0.8)):
    ran = {} if values is None else {"seeds": (0, 1, 2), "values": values, "best": 1}
    return Row(system=system, cell=cell, frozen=frozen, paper=paper, **ran)


@pytest.fixture
def freezing():
    return Freezing(
        task="count-3",
        panels=make_panels(),
        rows=(
            make_row("lstm", "lstm", "nothing"),
            make_row("lstm", "lstm", "controller", VALUES - 0.3),
            make_row("jm-10", "stack-lstm", "nothing"),
            make_row("jm-10", "stack-lstm", "memory", VALUES - 0.1, paper=None),
            make_row("jm-10", "stack-lstm", "controller", None),
        ),
    )


def series(figure, name):
    return [one for one in figure.data if one.name == name]


def notes(figure, name):
    return [one.text for one in figure.layout.annotations if one.name == name]


def numbers(figure):
    return [
        re.sub(r"</?b>|\u2002", "", text) for one in series(figure, "number") for text in one.text
    ]


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_all_are_drawn_in_both_themes(freezing, theme):
    for figure in (
        plot_freezing(freezing, theme),
        plot_freezing_curves(FreezingCurves(freezing=freezing), theme),
        plot_freezing_differences(make_differences(), theme),
    ):
        assert figure.layout.template.layout.font.color == theme.second
        assert 200 < figure.layout.height < 800


def test_every_seed_is_a_dot_and_the_best_one_is_ringed(freezing):
    figure = plot_freezing(freezing, LIGHT)
    best, seeds = {}, {}
    for found, name in ((best, "best"), (seeds, "seed")):
        for one in series(figure, name):
            for x, said in zip(one.x, one.customdata, strict=True):
                about = said.split(", seed ")[0], one.xaxis
                found.setdefault(about, []).append(float(x))
                hollow = one.marker.symbol.endswith("-open")
                assert name == "best" or hollow == ("nothing frozen" not in said)
    for row in freezing.ran:
        for place, axis in enumerate(("x", "x2", "x3")):
            about = f"{row.system}, {row.frozen} frozen", axis
            assert best[about] == [row.best_of(place)]
            assert seeds[about] == np.delete(row.values[place], row.best).tolist()
    means = [float(x) for one in series(figure, "mean")[:3] for x in one.x[::3]]
    np.testing.assert_allclose(means, [r.mean_of(p) for p in range(3) for r in freezing.ran])


def test_bounds_and_the_papers_numbers_stand_beside_the_seeds(freezing):
    figure = plot_freezing(freezing, LIGHT)
    for name, field in (("trivial", "trivial"), ("possible", "ceiling")):
        drawn = [one for one in series(figure, name) if one.x[0] is not None]
        assert [set(one.x) for one in drawn] == [{getattr(p, field)} for p in freezing.panels]
    paper = series(figure, "paper")
    assert [list(one.x) for one in paper] == [[value] * 4 for value in (0.95, 0.9, 0.8)]
    assert "trivial 0.600, possible 0.990" in notes(figure, "bounds")


def test_what_has_not_run_is_hatched_and_named(freezing):
    figure = plot_freezing(freezing, LIGHT)
    hatched = [one for one in figure.data if one.fillpattern.shape]
    assert len(hatched) == len(STRINGS)
    assert numbers(figure)[:5] == ["0.920", "0.620", "0.920", "0.820", "not run"]
    assert "One has not run." in freezing.sentence()
    curves = plot_freezing_curves(FreezingCurves(freezing=freezing), LIGHT)
    assert notes(curves, "missing") == ["not run: jm-10"]


def test_where_nothing_has_run_nothing_is_claimed():
    rows = (make_row("lstm", "lstm", "nothing", None), make_row("lstm", "lstm", "both", None))
    none = Freezing(task="count-3", panels=make_panels(), rows=rows)
    assert not series(plot_freezing(none, LIGHT), "best")
    assert none.sentence().startswith("Nothing of count-3 has run yet")
    curves = FreezingCurves(freezing=none)
    assert all(one.fillpattern.shape for one in plot_freezing_curves(curves, LIGHT).data[::3])
    assert "nothing has run" in curves.sentence()


def test_a_perplexity_that_overflowed_is_drawn_at_the_edge_and_said():
    values = np.array([[1.2, 1.3], [2.0, math.inf], [math.inf, math.inf]])
    row = Row(system="lstm", cell="lstm", frozen="nothing", seeds=(0, 1), values=values, best=0)
    freezing = Freezing(task="count-3", panels=make_panels(rising=False), rows=(row,))
    figure = plot_freezing(freezing, LIGHT)
    assert numbers(figure) == ["1.20", "2.00", "overflow"]
    assert all(np.isfinite(np.asarray(one.x, float)).all() for one in series(figure, "best"))
    assert "at overflow" in freezing.sentence()
    assert np.isnan(FreezingCurves(freezing=freezing).follow(row)[1:]).all()
    plot_freezing_curves(FreezingCurves(freezing=freezing), LIGHT)


def test_the_sentence_counts_who_beats_the_trivial_predictor(freezing):
    assert freezing.sentence() == (
        "On strings of 200 to 400 symbols the best seed beats the trivial predictor (0.650; 0.999 "
        "is possible) in two of the 4 families that have run. Highest is lstm with nothing frozen, "
        "at 0.700. One has not run."
    )


def test_the_curves_are_the_means_and_their_sentence_says_what_is_retained(freezing):
    curves = FreezingCurves(freezing=freezing)
    figure = plot_freezing_curves(curves, LIGHT)
    for row in freezing.ran:
        drawn = [list(one.y) for one in series(figure, row.system)]
        assert curves.follow(row) in drawn
    assert "from 0.910 to 0.600 (66%) with nothing frozen" in curves.sentence()
    assert list(curves.modes) == ["nothing", "memory", "controller"]


def test_the_table_has_a_row_a_seed_and_one_for_what_has_not_run(freezing):
    table = freezing.to_frame()
    assert len(table) == 3 * (4 * 3 + 1)
    assert (table["seed"] == "not run").sum() == 3
    assert table[table["best by validation"] == True]["seed"].eq(1).all()  # noqa: E712
    assert len(FreezingCurves(freezing=freezing).to_frame()) == 3 * 5


def make_differences():
    def difference(frozen, place, mean, verdict, cell="stack-lstm"):
        return Difference(
            task="count-3",
            system="jm-10",
            cell=cell,
            frozen=frozen,
            place=place,
            mean=mean,
            error=0.01,
            verdict=verdict,
        )

    return FreezingDifferences(
        strings=STRINGS,
        modes=("memory", "controller"),
        ours=(
            difference("memory", 0, 0.1, BETTER),
            difference("memory", 0, 0.001, LEVEL),
            difference("memory", 0, 0.002, LEVEL, "lstm"),
            difference("memory", 2, -0.2, WORSE),
        ),
        paper={("memory", 0): (0.01, -0.03), ("controller", 1): (-0.3,)},
        rule="A rule.",
    )


def test_every_difference_is_a_mark_whose_form_is_its_verdict():
    found = make_differences()
    figure = plot_freezing_differences(found, LIGHT)
    for verdict, hollow in ((BETTER, False), (WORSE, False), (LEVEL, True)):
        marks = [one for one in series(figure, verdict) if one.error_x.array is not None]
        drawn = sorted(x for one in marks for x in one.x)
        expected = sorted(100 * one.mean for one in found.ours if one.verdict == verdict)
        np.testing.assert_allclose(drawn, expected)
        assert all(one.marker.symbol.endswith("-open") == hollow for one in marks)
    (errors,) = {error for one in figure.data for error in (one.error_x.array or ())}
    assert errors == 2.0
    ticks = sorted(x for one in series(figure, "paper") for x in one.x)
    np.testing.assert_allclose(ticks, [-30, -3, 1])
    assert notes(figure, "counts")[0] == "<b>1</b> · <b>0</b> · <b>2</b>"
    assert notes(figure, "counts").count("not run") == 4


def test_no_mark_of_a_difference_lies_on_another():
    figure = plot_freezing_differences(make_differences(), LIGHT)
    spots = [
        (round(x, 3), round(y, 3))
        for one in figure.data
        if one.error_x.array is not None
        for x, y in zip(one.x, one.y, strict=True)
    ]
    assert len({y for x, y in spots if abs(x) < 1}) == 2
    assert len(spots) == len(set(spots))


def test_the_sentence_of_differences_counts_the_verdicts():
    assert "with memory frozen better in one, worse in one, level in two" in (
        make_differences().sentence()
    )


def test_counters_say_how_many_seeds_get_worse():
    deep = Panel(title="nests", measure="horizon", trivial=None, ceiling=None, whole=True)
    rows = (
        make_row("dyck1", "stack-rnn", "nothing", paper=None),
        make_row("dyck1", "stack-rnn", "memory", VALUES - 0.5, paper=None),
        make_row("dyck2", "stack-rnn", "nothing", np.vstack([VALUES[:2], [[np.nan] * 3]]), None),
    )
    counters = FrozenCounters(task="counters", panels=(*make_panels()[:2], deep), rows=rows)
    figure = plot_freezing(counters, LIGHT)
    assert notes(figure, "unmeasured") == ["not measured"]
    assert "nothing frozen 81%; memory frozen 31%, worse in 3 of 3 seeds" in counters.sentence()
