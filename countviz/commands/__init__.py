"""The commands of ``python -m countviz``: a file for every group, asking beside showing."""

from countviz.commands import (
    drift,
    horizon,
    jobs,
    memory,
    models,
    saturation,
    sets,
    studies,
    traces,
    training,
    trajectory,
    weights,
    why,
)

__all__ = [
    "drift",
    "horizon",
    "jobs",
    "memory",
    "models",
    "saturation",
    "sets",
    "studies",
    "traces",
    "training",
    "trajectory",
    "weights",
    "why",
]
