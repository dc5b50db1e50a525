"""Small multiples of seeds share their axes; failed seeds are hatched."""

import pytest

from countviz.analysis import measure_seed_trajectories
from countviz.checkpoints import load_family
from countviz.figures import plot_seed_trajectories
from countviz.figures.theme import THEMES
from countviz.languages.dyck1 import nested


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_twelve_seeds_stand_in_three_rows_on_the_same_scales(theme):
    figure = plot_seed_trajectories(
        measure_seed_trajectories(load_family("gru1-dyck1"), nested(40)), theme
    )
    rows = [figure.layout[f"yaxis{number}"] for number in ("", 2, 3)]
    assert len({row.range for row in rows}) == 1
    assert len({figure.layout[f"xaxis{number}"].range for number in ("", 2, 3)}) == 1
    assert all(len(one.x) <= 2_000 for one in figure.data)


def test_a_panel_says_what_became_of_its_seed(luck):
    report = measure_seed_trajectories(luck[1]["lstm1-dyck1"], nested(30))
    figure = plot_seed_trajectories(report)
    said = list(figure.layout.xaxis.ticktext)
    assert said[0] == f"seed 0<br>✕ at {report.first_failures[0] + 1}"
    assert said[3] == "seed 3<br>failed"
    assert len([one for one in figure.data if one.fillpattern.shape]) == 1


def test_a_curve_shows_the_internal():
    report = measure_seed_trajectories(load_family("lstm1-dyck1"), nested(5), seeds=(0, 1))
    curve = next(one for one in plot_seed_trajectories(report).data if one.name == "c of unit 1")
    assert curve.y[:10].tolist() == report.values[0, :, 0].tolist()
