"""Get the compiled kernels ready before anybody waits for them.

From the disk cache that takes a fraction of a second; on a machine that has never run countviz it
takes some seconds a kernel.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from countviz.analysis.closing import measure_closings
from countviz.models import Model, Spec
from countviz.traces import trace


def warm_kernels(cells: Iterable[str], precisions: Iterable[str]) -> None:
    """Run what traces a model and counts its closings once for every cell at every precision."""
    precisions = tuple(precisions)
    for cell in cells:
        spec = Spec(language="dyck1", cell=cell)
        zeros = {name: np.zeros(shape) for name, shape in spec.parameter_shapes().items()}
        model = Model(name=cell, spec=spec, parameters=zeros)
        for precision in precisions:
            measure_closings(trace(model, "()", precision))
