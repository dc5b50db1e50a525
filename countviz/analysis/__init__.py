"""Questions asked of a trace or a model: one frozen report and one function a file."""

from countviz.analysis.count.affine_count import AffineCount, FirstFailure, find_first_failure
from countviz.analysis.count.closing import Closings, measure_closings
from countviz.analysis.count.decision_line import DecisionLine
from countviz.analysis.count.fine_closing import refine_closings
from countviz.analysis.count.first_mistakes import FirstMistakes, classify_mistakes
from countviz.analysis.count.fixed_points import FixedPoint
from countviz.analysis.count.probe_steps import ProbeSteps, take_steps
from countviz.analysis.count.read_out import ReadOut, UnitReading, read_out
from countviz.analysis.count.stack_reading import hear
from countviz.analysis.count.state_count import StateCount, read_out_state
from countviz.analysis.count.stepper import Stepper, make_stepper
from countviz.analysis.drift.drift import READINGS, Drift, measure_drift
from countviz.analysis.drift.drift_along import DriftAlong, measure_drift_along
from countviz.analysis.drift.drift_run import RunDrift, measure_run
from countviz.analysis.drift.drift_seeds import DriftSeeds, measure_drift_seeds
from countviz.analysis.drift.failure_by_depth import FailureByDepth, measure_failure_by_depth
from countviz.analysis.drift.prediction import Prediction, predict_horizon
from countviz.analysis.drift.string_families import STRING_FAMILIES, make_symbols
from countviz.analysis.failure.comparison import Comparison, compare_models
from countviz.analysis.failure.failure import Failure, find_failure
from countviz.analysis.failure.horizon import Horizon, find_horizon
from countviz.analysis.failure.nesting import NestingHorizon, measure_nesting
from countviz.analysis.memory.filling import fill_cells
from countviz.analysis.memory.forgetting import Forgetting, measure_forgetting
from countviz.analysis.memory.freezing import Freezing
from countviz.analysis.memory.freezing_curves import FreezingCurves
from countviz.analysis.memory.freezing_differences import FreezingDifferences
from countviz.analysis.memory.frozen_counters import FrozenCounters
from countviz.analysis.memory.parts import PartOfModel, list_parts
from countviz.analysis.memory.stack_picture import StackPicture, measure_stack
from countviz.analysis.saturation.saturation import Saturation, measure_saturation
from countviz.analysis.saturation.saturation_bounds import GateBounds, bound_gates
from countviz.analysis.saturation.saturation_ends import SaturationEnds, gather_ends
from countviz.analysis.saturation.saturation_heat import SaturationHeat, map_saturation
from countviz.analysis.saturation.saturation_seeds import SeedSaturation, measure_seed_saturation
from countviz.analysis.saturation.saturation_words import tell_bounds, tell_gates
from countviz.analysis.saturation.saturation_zones import find_thresholds
from countviz.analysis.seeds.capacity import Capacity, measure_capacity
from countviz.analysis.seeds.dataset_card import DatasetCard, describe_set
from countviz.analysis.seeds.endurance import Endurance, measure_endurance
from countviz.analysis.seeds.evaluation import Evaluation, evaluate_model
from countviz.analysis.seeds.failing import Failing, summarise_failing
from countviz.analysis.seeds.foretelling import Foretelling, foretell
from countviz.analysis.seeds.horizons import Horizons, summarise_horizons
from countviz.analysis.seeds.learning import Learning, join_learnings, measure_learning
from countviz.analysis.seeds.lengths import Lengths, summarise_lengths
from countviz.analysis.seeds.loss import Loss, summarise_loss
from countviz.analysis.seeds.loss_against_failure import LossAgainstFailure, fit_failure
from countviz.analysis.seeds.luck import Luck, measure_luck
from countviz.analysis.seeds.reach import Reach, measure_reach
from countviz.analysis.seeds.spread import Spread, spread_over_seeds
from countviz.analysis.seeds.steps import Steps, measure_steps
from countviz.analysis.seeds.training_depth import find_training_depth
from countviz.analysis.seeds.zigzag import Zigzag, measure_zigzags
from countviz.analysis.trajectory.cobweb import Cobweb, measure_cobweb
from countviz.analysis.trajectory.corpus import Corpus, draw_strings, record_corpus
from countviz.analysis.trajectory.match import Matches, match_state
from countviz.analysis.trajectory.runs import search_runs, suggest_stretch
from countviz.analysis.trajectory.seed_trajectories import (
    SeedTrajectories,
    measure_seed_trajectories,
)
from countviz.analysis.trajectory.state_plane import StatePlane, list_axes, measure_state_plane
from countviz.analysis.trajectory.trajectory import Trajectory, measure_trajectory
from countviz.analysis.weights.condition import Condition
from countviz.analysis.weights.effect import Effect, measure_effect
from countviz.analysis.weights.exact_conditions import list_conditions
from countviz.analysis.weights.exactness import Exactness, check_exactness
from countviz.analysis.weights.indicators import Indicators, measure_indicators
from countviz.analysis.weights.indicators_against_failure import (
    IndicatorsAgainstFailure,
    compare_indicators,
)
from countviz.analysis.weights.intervention import Intervention, find_bracket, intervene
from countviz.analysis.weights.snapping import snap_to_exact
from countviz.analysis.weights.unit_weights import change_weights, list_weights
from countviz.analysis.why.causes import CAUSES, Case, Finding, find_cause
from countviz.analysis.why.corridor import Corridor, measure_corridor
from countviz.analysis.why.diagnosis import Diagnosis, diagnose
from countviz.analysis.why.digits import in_digits, tell_apart
from countviz.analysis.why.equations import EQUATIONS, Equation
from countviz.analysis.why.no_return import NoReturn, find_no_return
from countviz.analysis.why.quantities import Quantity, list_quantities
from countviz.analysis.why.round_trip import RoundTrip, round_trip
from countviz.analysis.why.state_corridor import StateCorridor, measure_state_corridor
from countviz.analysis.why.state_interval import StateInterval, find_interval
from countviz.analysis.why.step_in_numbers import StepInNumbers, step_in_numbers

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
    "Forgetting",
    "Freezing",
    "FreezingCurves",
    "FreezingDifferences",
    "FrozenCounters",
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
    "PartOfModel",
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
    "StackPicture",
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
    "fill_cells",
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
    "hear",
    "in_digits",
    "intervene",
    "join_learnings",
    "list_axes",
    "list_conditions",
    "list_parts",
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
    "measure_forgetting",
    "measure_indicators",
    "measure_learning",
    "measure_luck",
    "measure_nesting",
    "measure_reach",
    "measure_run",
    "measure_saturation",
    "measure_seed_saturation",
    "measure_seed_trajectories",
    "measure_stack",
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
