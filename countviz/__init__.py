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
}

__all__ = list(_HOME)


def __getattr__(name: str) -> object:
    """Load a public name when it is first used, so that the import itself costs nothing."""
    if name not in _HOME:
        raise AttributeError(f"countviz has no {name!r}; it has: {', '.join(__all__)}")
    return getattr(import_module(f"countviz.{_HOME[name]}"), name)
