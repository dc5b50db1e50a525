"""A slip as a figure: it is drawn from where it happens."""

import numpy as np

from countviz.analysis import intervene
from countviz.exact import exact_relu
from countviz.figures import plot_intervention
from countviz.traces import trace


def test_a_slip_is_drawn_from_where_it_happens():
    found = intervene(trace(exact_relu(), "(" * 10 + ")" * 10), 4, 1.0)
    drawn = plot_intervention(found)
    patched = next(one for one in drawn.data if one.name == "patched")
    assert np.isnan(patched.y[:4]).all()
    np.testing.assert_array_equal(patched.y[4:], found.patched_counts[4:])
