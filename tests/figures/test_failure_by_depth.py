"""First mistakes by depth are drawn as the report has them."""

import pytest

from countviz.analysis import measure_failure_by_depth
from countviz.figures import plot_failure_by_depth
from countviz.figures.drift import SYMBOLS
from countviz.figures.theme import THEMES


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_marks_are_first_mistakes_and_their_shapes_the_kinds(theme, luck):
    family = luck[1]["lstm1-dyck1"]
    report = measure_failure_by_depth(family.model(0), "float32", length=100, family=family)
    figure = plot_failure_by_depth(report, theme)
    lines = {one.name: one for one in figure.data}
    assert lines["model"].x.tolist() == report.depths.tolist()
    wrong = ~report.right
    assert lines["model"].y[wrong].tolist() == (report.position[wrong] + 1).tolist()
    assert list(lines["model"].marker.symbol) == [SYMBOLS[kind] for kind in report.kind]
    assert lines["always “open”"].y.tolist() == (report.constant + 1).tolist()
    assert set(lines["exact counter: none"].y) == {100}
    assert lines["median seed"].y == pytest.approx(report.seeds.median + 1)
