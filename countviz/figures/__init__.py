"""What the reports look like: one Plotly figure a file, named as the analysis it draws.

``plot_x(report, theme)`` draws what `measure_x` and its like return. A figure computes nothing;
a name is loaded when it is first used, because Plotly is not needed on every page.
"""

from functools import wraps
from importlib import import_module

_HOME = {
    "plot_capacity": "capacity",
    "plot_cobweb": "cobweb",
    "plot_corridor": "corridor",
    "plot_dataset_card": "dataset_card",
    "plot_drift": "drift",
    "plot_drift_along": "drift_along",
    "plot_drift_failures": "drift",
    "plot_drift_outcomes": "drift",
    "plot_effect": "effect",
    "plot_endurance": "endurance",
    "plot_exactness": "exactness",
    "plot_failing": "failing",
    "plot_failure_by_depth": "failure_by_depth",
    "plot_forgetting": "forgetting",
    "plot_freezing": "freezing",
    "plot_freezing_curves": "freezing_curves",
    "plot_freezing_differences": "freezing_differences",
    "plot_horizons": "horizons",
    "plot_indicators": "indicators_against_failure",
    "plot_intervention": "intervention",
    "plot_lengths": "lengths",
    "plot_loss": "loss",
    "plot_luck": "luck",
    "plot_match": "match",
    "plot_prediction": "prediction",
    "plot_reach": "reach",
    "plot_round_trip": "round_trip",
    "plot_saturation": "saturation",
    "plot_saturation_bounds": "saturation_bounds",
    "plot_saturation_ends": "saturation_ends",
    "plot_saturation_heat": "saturation_heat",
    "plot_seed_saturation": "saturation_seeds",
    "plot_seed_trajectories": "seed_trajectories",
    "plot_spread": "spread",
    "plot_stack_picture": "stack_picture",
    "plot_state_corridor": "state_corridor",
    "plot_state_plane": "state_plane",
    "plot_steps": "steps",
    "plot_trajectory": "trajectory",
    "plot_zigzag": "zigzag",
}

__all__ = list(_HOME)


def __getattr__(name: str) -> object:
    """Load a figure when it is first drawn.

    It comes as a figure of Plotly's, every word of it checked; its ``draw`` is what the pages use,
    which takes a tenth of the time.
    """
    if name not in _HOME:
        raise AttributeError(f"there is no figure {name!r}; there are: {', '.join(__all__)}")
    draw = getattr(import_module(f"countviz.figures.{_HOME[name]}"), name)

    @wraps(draw)
    def plot(*report: object, **options: object) -> object:
        return draw(*report, **options).to_plotly()

    plot.draw = draw
    return globals().setdefault(name, plot)
