"""What the reports look like: one Plotly figure a file, named as the analysis it draws.

``plot_x(report, theme)`` draws what `measure_x` and its like return. A figure computes nothing;
a name is loaded when it is first used, because Plotly is not needed on every page.
"""

from importlib import import_module

_HOME = {
    "plot_dataset_card": "dataset_card",
    "plot_endurance": "endurance",
    "plot_failing": "failing",
    "plot_horizons": "horizons",
    "plot_lengths": "lengths",
    "plot_loss": "loss",
    "plot_luck": "luck",
    "plot_reach": "reach",
    "plot_spread": "spread",
    "plot_steps": "steps",
    "plot_zigzag": "zigzag",
}

__all__ = list(_HOME)


def __getattr__(name: str) -> object:
    """Load a figure when it is first drawn."""
    if name not in _HOME:
        raise AttributeError(f"there is no figure {name!r}; there are: {', '.join(__all__)}")
    return getattr(import_module(f"countviz.figures.{_HOME[name]}"), name)
