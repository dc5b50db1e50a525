"""An LSTM that controls a memory, in tensors, over strings of one length."""

from collections.abc import Mapping

import torch

from countviz.memories import Automaton, Strata
from countviz.specs import Spec
from countviz.torch_cells.automaton import Runs
from countviz.torch_cells.strata import Layers

MEMORIES = {Strata: Layers, Automaton: Runs}


def run_controlled(
    spec: Spec, named: Mapping[str, torch.Tensor], symbols: torch.Tensor
) -> torch.Tensor:
    """Return the logits [B, T + 1, V] before B strings, symbols [B, T], and after each symbol.

    Parameters are named as in PyTorch, and are those of one model.
    """
    weight_ih, weight_hh = named["rnn.weight_ih_l0"], named["rnn.weight_hh_l0"]
    alphabet = named["readout.bias"].numel()
    fed = weight_ih[:, :alphabet].T + named["rnn.bias_ih_l0"] + named["rnn.bias_hh_l0"]
    h = c = weight_hh.new_zeros(len(symbols), spec.units)
    memory, states = MEMORIES[type(spec.memory)](spec.memory, h), [h]
    for x in symbols.T:
        z = fed[x] + memory.reading @ weight_ih[:, alphabet:].T + h @ weight_hh.T
        i, f, g, o = z.chunk(4, dim=1)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        h = o.sigmoid() * c.tanh()
        memory.move(named, h)
        states.append(h)
    return torch.stack(states, dim=1) @ named["readout.weight"].T + named["readout.bias"]
