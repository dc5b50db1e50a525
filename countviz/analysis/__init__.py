"""Questions asked of a trace or a model: one frozen report and one function a file."""

from countviz.analysis.affine_count import AffineCount, FirstFailure, find_first_failure
from countviz.analysis.capacity import Capacity, measure_capacity
from countviz.analysis.causes import CAUSES, Case, Finding, find_cause
from countviz.analysis.closing import Closings, measure_closings
from countviz.analysis.cobweb import Cobweb, measure_cobweb
from countviz.analysis.comparison import Comparison, compare_models
from countviz.analysis.condition import Condition
from countviz.analysis.corpus import Corpus, draw_strings, record_corpus
from countviz.analysis.corridor import Corridor, measure_corridor
from countviz.analysis.dataset_card import DatasetCard, describe_set
from countviz.analysis.decision_line import DecisionLine
from countviz.analysis.diagnosis import Diagnosis, diagnose
from countviz.analysis.digits import in_digits, tell_apart
from countviz.analysis.drift import READINGS, Drift, measure_drift
from countviz.analysis.drift_along import DriftAlong, measure_drift_along
from countviz.analysis.drift_run import RunDrift, measure_run
from countviz.analysis.drift_seeds import DriftSeeds, measure_drift_seeds
from countviz.analysis.effect import Effect, measure_effect
from countviz.analysis.endurance import Endurance, measure_endurance
from countviz.analysis.equations import EQUATIONS, Equation
from countviz.analysis.evaluation import Evaluation, evaluate_model
from countviz.analysis.exact_conditions import list_conditions
from countviz.analysis.exactness import Exactness, check_exactness
from countviz.analysis.failing import Failing, summarise_failing
from countviz.analysis.failure import Failure, find_failure
from countviz.analysis.failure_by_depth import FailureByDepth, measure_failure_by_depth
from countviz.analysis.fine_closing import refine_closings
from countviz.analysis.first_mistakes import FirstMistakes, classify_mistakes
from countviz.analysis.fixed_points import FixedPoint
from countviz.analysis.foretelling import Foretelling, foretell
from countviz.analysis.horizon import Horizon, find_horizon
from countviz.analysis.horizons import Horizons, summarise_horizons
from countviz.analysis.indicators import Indicators, measure_indicators
from countviz.analysis.indicators_against_failure import (
    IndicatorsAgainstFailure,
    compare_indicators,
)
from countviz.analysis.intervention import Intervention, find_bracket, intervene
from countviz.analysis.learning import Learning, join_learnings, measure_learning
from countviz.analysis.lengths import Lengths, summarise_lengths
from countviz.analysis.loss import Loss, summarise_loss
from countviz.analysis.loss_against_failure import LossAgainstFailure, fit_failure
from countviz.analysis.luck import Luck, measure_luck
from countviz.analysis.match import Matches, match_state
from countviz.analysis.nesting import NestingHorizon, measure_nesting
from countviz.analysis.no_return import NoReturn, find_no_return
from countviz.analysis.prediction import Prediction, predict_horizon
from countviz.analysis.probe_steps import ProbeSteps, take_steps
from countviz.analysis.quantities import Quantity, list_quantities
from countviz.analysis.reach import Reach, measure_reach
from countviz.analysis.read_out import ReadOut, UnitReading, read_out
from countviz.analysis.round_trip import RoundTrip, round_trip
from countviz.analysis.runs import search_runs, suggest_stretch
from countviz.analysis.saturation import Saturation, measure_saturation
from countviz.analysis.saturation_bounds import GateBounds, bound_gates
from countviz.analysis.saturation_ends import SaturationEnds, gather_ends
from countviz.analysis.saturation_heat import SaturationHeat, map_saturation
from countviz.analysis.saturation_seeds import SeedSaturation, measure_seed_saturation
from countviz.analysis.saturation_words import tell_bounds, tell_gates
from countviz.analysis.saturation_zones import find_thresholds
from countviz.analysis.seed_trajectories import SeedTrajectories, measure_seed_trajectories
from countviz.analysis.snapping import snap_to_exact
from countviz.analysis.spread import Spread, spread_over_seeds
from countviz.analysis.state_corridor import StateCorridor, measure_state_corridor
from countviz.analysis.state_count import StateCount, read_out_state
from countviz.analysis.state_interval import StateInterval, find_interval
from countviz.analysis.state_plane import StatePlane, list_axes, measure_state_plane
from countviz.analysis.step_in_numbers import StepInNumbers, step_in_numbers
from countviz.analysis.stepper import Stepper, make_stepper
from countviz.analysis.steps import Steps, measure_steps
from countviz.analysis.string_families import STRING_FAMILIES, make_symbols
from countviz.analysis.training_depth import find_training_depth
from countviz.analysis.trajectory import Trajectory, measure_trajectory
from countviz.analysis.unit_weights import change_weights, list_weights
from countviz.analysis.zigzag import Zigzag, measure_zigzags

__all__ = [
    "CAUSES",
    "EQUATIONS",
    "READINGS",
    "STRING_FAMILIES",
    "AffineCount",
    "Capacity",
    "Case",
    "Closings",
    "Cobweb",
    "Comparison",
    "Condition",
    "Corpus",
    "Corridor",
    "DatasetCard",
    "DecisionLine",
    "Diagnosis",
    "Drift",
    "DriftAlong",
    "DriftSeeds",
    "Effect",
    "Endurance",
    "Equation",
    "Evaluation",
    "Exactness",
    "Failing",
    "Failure",
    "FailureByDepth",
    "Finding",
    "FirstFailure",
    "FirstMistakes",
    "FixedPoint",
    "Foretelling",
    "GateBounds",
    "Horizon",
    "Horizons",
    "Indicators",
    "IndicatorsAgainstFailure",
    "Intervention",
    "Learning",
    "Lengths",
    "Loss",
    "LossAgainstFailure",
    "Luck",
    "Matches",
    "NestingHorizon",
    "NoReturn",
    "Prediction",
    "ProbeSteps",
    "Quantity",
    "Reach",
    "ReadOut",
    "RoundTrip",
    "RunDrift",
    "Saturation",
    "SaturationEnds",
    "SaturationHeat",
    "SeedSaturation",
    "SeedTrajectories",
    "Spread",
    "StateCorridor",
    "StateCount",
    "StateInterval",
    "StatePlane",
    "StepInNumbers",
    "Stepper",
    "Steps",
    "Trajectory",
    "UnitReading",
    "Zigzag",
    "bound_gates",
    "change_weights",
    "check_exactness",
    "classify_mistakes",
    "compare_indicators",
    "compare_models",
    "describe_set",
    "diagnose",
    "draw_strings",
    "evaluate_model",
    "find_bracket",
    "find_cause",
    "find_failure",
    "find_first_failure",
    "find_horizon",
    "find_interval",
    "find_no_return",
    "find_thresholds",
    "find_training_depth",
    "fit_failure",
    "foretell",
    "gather_ends",
    "in_digits",
    "intervene",
    "join_learnings",
    "list_axes",
    "list_conditions",
    "list_quantities",
    "list_weights",
    "make_stepper",
    "make_symbols",
    "map_saturation",
    "match_state",
    "measure_capacity",
    "measure_closings",
    "measure_cobweb",
    "measure_corridor",
    "measure_drift",
    "measure_drift_along",
    "measure_drift_seeds",
    "measure_effect",
    "measure_endurance",
    "measure_failure_by_depth",
    "measure_indicators",
    "measure_learning",
    "measure_luck",
    "measure_nesting",
    "measure_reach",
    "measure_run",
    "measure_saturation",
    "measure_seed_saturation",
    "measure_seed_trajectories",
    "measure_state_corridor",
    "measure_state_plane",
    "measure_steps",
    "measure_trajectory",
    "measure_zigzags",
    "predict_horizon",
    "read_out",
    "read_out_state",
    "record_corpus",
    "refine_closings",
    "round_trip",
    "search_runs",
    "snap_to_exact",
    "spread_over_seeds",
    "step_in_numbers",
    "suggest_stretch",
    "summarise_failing",
    "summarise_horizons",
    "summarise_lengths",
    "summarise_loss",
    "take_steps",
    "tell_apart",
    "tell_bounds",
    "tell_gates",
]
