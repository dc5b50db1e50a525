"""Cells that PyTorch's autograd trains: those whose memory has no adjoint of its own."""

from countviz.torch_cells.trainer import find_autograd_trainer

__all__ = ["find_autograd_trainer"]
