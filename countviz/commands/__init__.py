"""The commands of ``python -m countviz``: a file for every group, asking beside showing."""

from countviz.commands import jobs, models, sets, studies, traces, training

__all__ = ["jobs", "models", "sets", "studies", "traces", "training"]
