"""What PyTorch is needed for: the initial weights of a seed, and a reference to be held against."""

import numpy as np
import torch

from countviz.languages import find_language
from countviz.models import Model, Spec


def _modules(spec: Spec) -> tuple[torch.nn.Module, torch.nn.Linear]:
    """Return PyTorch's recurrent module and read-out, freshly initialised."""
    symbols = len(find_language(spec.language).alphabet)
    if spec.cell in ("lstm", "gru"):
        kind = {"lstm": torch.nn.LSTM, "gru": torch.nn.GRU}[spec.cell]
        rnn = kind(symbols, spec.units)
    else:  # PyTorch has no linear recurrent module; its parameters are those of the ReLU's
        rnn = torch.nn.RNN(
            symbols, spec.units, nonlinearity="tanh" if spec.cell == "tanh" else "relu"
        )
    return rnn, torch.nn.Linear(spec.units, symbols)


def initial_parameters(spec: Spec, seed: int) -> dict[str, np.ndarray]:
    """Return PyTorch's default initial weights after ``torch.manual_seed(seed)``.

    The recurrent module is made first, then the read-out: float32, U(-1/sqrt(H), 1/sqrt(H)).
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        rnn, readout = _modules(spec)
    named = {f"rnn.{name}": p for name, p in rnn.named_parameters()}
    named |= {f"readout.{name}": p for name, p in readout.named_parameters()}
    return {name: named[name].detach().numpy().copy() for name in spec.parameter_shapes()}


def reference_run(model: Model, string: str, dtype: torch.dtype) -> tuple[np.ndarray, np.ndarray]:
    """Return the hidden states [T, H] and the logits [T, V] as PyTorch's own modules compute them.

    A linear cell has no module in PyTorch and is refused.
    """
    if model.spec.cell == "linear":
        raise ValueError("PyTorch has no linear recurrent module to compare with")
    rnn, readout = _modules(model.spec)
    weights = {name: torch.tensor(np.array(array)) for name, array in model.parameters.items()}
    for prefix, module in (("rnn.", rnn), ("readout.", readout)):
        own = {n.removeprefix(prefix): w for n, w in weights.items() if n.startswith(prefix)}
        module.load_state_dict(own)
        module.to(dtype)
    symbols = torch.tensor(model.language.encode(string), dtype=torch.long)
    one_hot = torch.nn.functional.one_hot(symbols, len(model.language.alphabet)).to(dtype)
    with torch.no_grad():
        hidden = rnn(one_hot[:, None])[0][:, 0]
        return hidden.numpy(), readout(hidden).numpy()
