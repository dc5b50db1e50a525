"""Questions asked of a trace or a model: one frozen report and one function a file."""

from countviz.analysis.closing import Closings, measure_closings
from countviz.analysis.comparison import Comparison, compare_models
from countviz.analysis.dataset_card import DatasetCard, describe_set
from countviz.analysis.endurance import Endurance, measure_endurance
from countviz.analysis.evaluation import Evaluation, evaluate_model
from countviz.analysis.failing import Failing, summarise_failing
from countviz.analysis.failure import Failure, find_failure
from countviz.analysis.first_mistakes import FirstMistakes, classify_mistakes
from countviz.analysis.foretelling import Foretelling, foretell
from countviz.analysis.horizons import Horizons, summarise_horizons
from countviz.analysis.indicators import Indicators, measure_indicators
from countviz.analysis.learning import Learning, join_learnings, measure_learning
from countviz.analysis.lengths import Lengths, summarise_lengths
from countviz.analysis.loss import Loss, summarise_loss
from countviz.analysis.loss_against_failure import LossAgainstFailure, fit_failure
from countviz.analysis.luck import Luck, measure_luck
from countviz.analysis.nesting import NestingHorizon, measure_nesting
from countviz.analysis.reach import Reach, measure_reach
from countviz.analysis.spread import Spread, spread_over_seeds
from countviz.analysis.state_count import StateCount, read_out_state
from countviz.analysis.steps import Steps, measure_steps
from countviz.analysis.training_depth import find_training_depth
from countviz.analysis.zigzag import Zigzag, measure_zigzags

__all__ = [
    "Closings",
    "Comparison",
    "DatasetCard",
    "Endurance",
    "Evaluation",
    "Failing",
    "Failure",
    "FirstMistakes",
    "Foretelling",
    "Horizons",
    "Indicators",
    "Learning",
    "Lengths",
    "Loss",
    "LossAgainstFailure",
    "Luck",
    "NestingHorizon",
    "Reach",
    "Spread",
    "StateCount",
    "Steps",
    "Zigzag",
    "classify_mistakes",
    "compare_models",
    "describe_set",
    "evaluate_model",
    "find_failure",
    "find_training_depth",
    "fit_failure",
    "foretell",
    "join_learnings",
    "measure_closings",
    "measure_endurance",
    "measure_indicators",
    "measure_learning",
    "measure_luck",
    "measure_nesting",
    "measure_reach",
    "measure_steps",
    "measure_zigzags",
    "read_out_state",
    "spread_over_seeds",
    "summarise_failing",
    "summarise_horizons",
    "summarise_lengths",
    "summarise_loss",
]
