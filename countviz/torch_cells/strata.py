"""The stack of layers in tensors (Grefenstette et al. 2015, arXiv 1506.02516)."""

from collections.abc import Mapping

import torch

from countviz.memories import Strata


class Layers:
    """The layers of B strings, the lowest first; none is ever dropped."""

    def __init__(self, memory: Strata, like: torch.Tensor) -> None:
        """Begin with empty stacks, as many as `like` has rows."""
        self.values = like.new_zeros(len(like), 0, memory.width)  # [B, D, W]
        self.strengths = like.new_zeros(len(like), 0)  # [B, D]
        self.reading = like.new_zeros(len(like), memory.width)

    def move(self, named: Mapping[str, torch.Tensor], h: torch.Tensor) -> None:
        """Do to the stacks what follows from the hidden states [B, H], and read them."""
        actions = torch.addmm(named["stack.action.bias"], h, named["stack.action.weight"].T)
        push, pop = actions.sigmoid().unbind(dim=1)
        value = torch.addmm(named["stack.push.bias"], h, named["stack.push.weight"].T).tanh()
        left = (self.strengths - (pop[:, None] - self._above()).relu()).relu()
        self.strengths = torch.cat([left, push[:, None]], dim=1)
        self.values = torch.cat([self.values, value[:, None]], dim=1)
        shares = torch.minimum(self.strengths, (1 - self._above()).relu())
        self.reading = (shares[:, :, None] * self.values).sum(dim=1)

    def _above(self) -> torch.Tensor:
        """Return how much strength [B, D] lies above every layer."""
        return self.strengths.flip(1).cumsum(dim=1).flip(1) - self.strengths
