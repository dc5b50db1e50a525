"""See how a recurrent network counts, and exactly where, when and why it stops counting.

>>> import countviz
>>> done = countviz.trace(countviz.load("exact-lstm"), "(())")
>>> done.reading.counts[:, 0].tolist(), done.first_failure
([1, 2, 1, 0], None)
"""

from importlib import import_module

_HOME = {
    "load": "checkpoints",
    "load_library": "checkpoints",
    "load_file": "weight_files",
    "export_file": "weight_files",
    "trace": "traces",
    "train": "training",
    "Spec": "models",
    "Training": "models",
    "Stacks": "models",
    "Model": "models",
    "exact_lstm": "exact",
    "exact_relu": "exact",
    "exact_linear": "exact",
    "exact_stack_dyck1": "exact_stacks",
    "exact_stack_dyck2": "exact_stacks",
    "find_horizon": "analysis",
    "find_failure": "analysis",
    "find_no_return": "analysis",
    "measure_corridor": "analysis",
    "measure_state_corridor": "analysis",
    "step_in_numbers": "analysis",
    "diagnose": "analysis",
    "round_trip": "analysis",
    "plot_corridor": "figures",
    "plot_state_corridor": "figures",
    "plot_round_trip": "figures",
    "measure_drift": "analysis",
    "measure_drift_along": "analysis",
    "measure_drift_seeds": "analysis",
    "measure_failure_by_depth": "analysis",
    "read_out": "analysis",
    "predict_horizon": "analysis",
    "plot_drift": "figures",
    "plot_drift_along": "figures",
    "plot_drift_outcomes": "figures",
    "plot_drift_failures": "figures",
    "plot_failure_by_depth": "figures",
    "plot_prediction": "figures",
    "measure_saturation": "analysis",
    "plot_saturation": "figures",
    "measure_trajectory": "analysis",
    "measure_state_plane": "analysis",
    "measure_cobweb": "analysis",
    "match_state": "analysis",
    "measure_seed_trajectories": "analysis",
    "plot_trajectory": "figures",
    "plot_state_plane": "figures",
    "plot_cobweb": "figures",
    "plot_match": "figures",
    "plot_seed_trajectories": "figures",
    "check_exactness": "analysis",
    "snap_to_exact": "analysis",
    "change_weights": "analysis",
    "intervene": "analysis",
    "plot_exactness": "figures",
    "plot_intervention": "figures",
}

__all__ = list(_HOME)


def __getattr__(name: str) -> object:
    """Load a public name when it is first used, so that the import itself costs nothing."""
    if name not in _HOME:
        raise AttributeError(f"countviz has no {name!r}; it has: {', '.join(__all__)}")
    return getattr(import_module(f"countviz.{_HOME[name]}"), name)
