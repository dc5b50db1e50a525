"""All runs of a pushdown automaton in tensors (DuSell, Chiang 2022, arXiv 2109.01982).

Moments and blocks are those of ``engine.automaton``. What a step calculates is calculated again on
the way back rather than kept: kept, it would grow with the third power of the string.
"""

from collections.abc import Mapping

import torch
from torch.nn.utils.rnn import pad_sequence
from torch.utils.checkpoint import checkpoint

from countviz.memories import Automaton

NEVER = -1e30  # the logarithm of the weight of no run at all


class Runs:
    """The runs of B strings."""

    def __init__(self, memory: Automaton, like: torch.Tensor) -> None:
        """Begin with the bottom alone, for as many strings as `like` has rows."""
        self.memory, pairs = memory, memory.layer
        start = like.new_full((len(like), pairs), NEVER)
        start[:, 0] = 0
        block = like.new_full((1, len(like), pairs, pairs), NEVER)
        block[..., 0, 0] = 0
        self.ends = [start, start]  # by moment, the weight [B, QX] of all runs by their last pair
        self.blocks = [block[:0], block]  # by moment j, [j, B, QX, QX]
        self.reading = start.exp()

    def move(self, named: Mapping[str, torch.Tensor], h: torch.Tensor) -> None:
        """Go on by the transitions that follow from the hidden states [B, H], and read."""
        own = self.memory
        weight, bias = named["stack.transition.weight"], named["stack.transition.bias"]
        weights = torch.addmm(bias, h, weight.T)
        weights = weights.reshape(len(h), own.layer, own.states, 2 * own.symbols + 1)
        earlier = self.blocks[1:]
        if torch.is_grad_enabled():
            block = checkpoint(
                go_on, weights, *earlier, use_reentrant=False, preserve_rng_state=False
            )
        else:
            block = go_on(weights, *earlier)
        ways = torch.stack(self.ends)[..., None] + block  # [j, B, QX, QX]
        self.blocks.append(block)
        self.ends.append(ways.logsumexp(dim=(0, 2)).clamp(min=NEVER))
        self.reading = self.ends[-1].softmax(dim=1)


def go_on(weights: torch.Tensor, *earlier: torch.Tensor) -> torch.Tensor:
    """Return the blocks [j, B, QX, QX] of moment j with all earlier ones.

    From the logarithms [B, QX, Q, 2 X + 1] of the weights of all transitions, and the blocks of the
    moments 1 ... j - 1.
    """
    strings, pairs, states, actions = weights.shape
    symbols = actions // 2
    pushed, replaced, popped = weights.split([symbols, symbols, 1], dim=3)
    last = earlier[-1][..., None]  # [j - 1, B, QX, QX, 1]
    by_replacing = (last + replaced.reshape(strings, 1, pairs, pairs)).logsumexp(dim=3)
    found = [by_replacing, pushed.reshape(1, strings, pairs, pairs)]
    if len(earlier) > 1:
        gone = (last + popped.reshape(strings, 1, pairs, states)).logsumexp(dim=3)[1:]
        ways = pad_sequence(list(earlier[:-1]), padding_value=NEVER)  # [j - 2, j - 2, B, QX, QX]
        ways = ways.reshape(*ways.shape[:3], pairs, states, symbols, 1)
        gone = gone.reshape(-1, strings, 1, states, symbols, states)
        by_popping = (ways + gone).logsumexp(dim=(1, 4))  # [j - 2, B, QX, X, Q]
        by_popping = by_popping.transpose(3, 4).reshape(-1, strings, pairs, pairs)
        both = torch.logaddexp(by_replacing[:-1], by_popping)
        found[:1] = [both, by_replacing[-1:]]
    return torch.cat(found).clamp(min=NEVER)
