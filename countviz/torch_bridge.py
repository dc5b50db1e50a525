"""What PyTorch is needed for: the initial weights of a seed, and a reference to be held against."""

from collections.abc import Sequence

import numpy as np
import torch

from countviz.engine.parameters import Corpus
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


def reference_training(
    spec: Spec, seeds: Sequence[int], corpus: Corpus, order: np.ndarray
) -> np.ndarray:
    """Return the parameters [S, P] after one update a string, by PyTorch's autograd and Adam.

    The cells are written out in tensors with the seeds as their first axis: seeds do not meet, so
    one backward pass serves all of them.
    """
    dtype = torch.float64 if spec.recipe.precision == "float64" else torch.float32
    initial = [initial_parameters(spec, seed) for seed in seeds]
    parameters = {
        name: torch.tensor(np.stack([one[name] for one in initial])).to(dtype).requires_grad_()
        for name in initial[0]
    }
    optimiser = torch.optim.Adam(parameters.values(), lr=spec.recipe.learning_rate)
    for b in order:
        where = slice(corpus.starts[b], corpus.starts[b + 1])
        outputs = _outputs(spec.cell, parameters, corpus.symbols[where])
        errors = (outputs - torch.tensor(corpus.targets[where]).to(dtype)) ** 2  # [S, T, V]
        optimiser.zero_grad()
        errors.mean(dim=(1, 2)).sum().backward()
        optimiser.step()
    flat = [array.detach().reshape(len(initial), -1) for array in parameters.values()]
    return torch.cat(flat, dim=1).numpy()


def _outputs(cell: str, parameters: dict[str, torch.Tensor], symbols: np.ndarray) -> torch.Tensor:
    """Return the read-out [S, T, V] of every seed on one string."""
    w_ih, w_hh, b_ih, b_hh, readout, bias = parameters.values()
    h = c = torch.zeros(w_hh.shape[0], w_hh.shape[2], dtype=w_hh.dtype)
    states = []
    for symbol in symbols.tolist():
        a = w_ih[:, :, symbol] + b_ih
        r = torch.einsum("sgh,sh->sg", w_hh, h) + b_hh
        if cell == "lstm":
            i, f, g, o = (a + r).chunk(4, dim=1)
            c = f.sigmoid() * c + i.sigmoid() * g.tanh()
            h = o.sigmoid() * c.tanh()
        elif cell == "gru":
            (a_r, a_z, a_n), (r_r, r_z, r_n) = a.chunk(3, dim=1), r.chunk(3, dim=1)
            z = (a_z + r_z).sigmoid()
            h = (1 - z) * (a_n + (a_r + r_r).sigmoid() * r_n).tanh() + z * h
        else:
            h = {"relu": torch.relu, "tanh": torch.tanh, "linear": torch.clone}[cell](a + r)
        states.append(h)
    logits = torch.einsum("svh,sth->stv", readout, torch.stack(states, dim=1)) + bias[:, None]
    return logits.sigmoid()
