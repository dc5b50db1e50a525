"""Questions asked of a trace or a model: one frozen report and one function a file."""

from countviz.analysis.closing import Closings, measure_closings
from countviz.analysis.comparison import Comparison, compare_models
from countviz.analysis.failure import Failure, find_failure
from countviz.analysis.nesting import NestingHorizon, measure_nesting
from countviz.analysis.state_count import StateCount, read_out_state

__all__ = [
    "Closings",
    "Comparison",
    "Failure",
    "NestingHorizon",
    "StateCount",
    "compare_models",
    "find_failure",
    "measure_closings",
    "measure_nesting",
    "read_out_state",
]
