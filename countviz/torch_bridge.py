"""What PyTorch is needed for: the initial weights of a seed, and a reference to be held against."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
import torch

from countviz.engine.parameters import Corpus
from countviz.languages import find_language
from countviz.languages.base import NEXT_SYMBOL
from countviz.models import Model
from countviz.specs import Spec, Stacks

LAYERS = ("stack.read.", "stack.action.", "stack.push.")  # of a memory


def _modules(spec: Spec) -> dict[str, torch.nn.Module]:
    """Return PyTorch's modules, freshly initialised, by how the names of their parameters begin."""
    symbols, units, memory = len(find_language(spec.language).alphabet), spec.units, spec.memory
    columns = symbols + (memory.layer if memory and memory.reads == "input" else 0)
    kind = "lstm" if spec.cell in ("ns-rnn", "strat-lstm") else spec.cell.removeprefix("stack-")
    if kind in ("lstm", "gru"):
        modules = {"rnn.": {"lstm": torch.nn.LSTM, "gru": torch.nn.GRU}[kind](columns, units)}
    else:  # PyTorch has no linear recurrent module; its parameters are those of the ReLU's
        squash = "tanh" if kind in ("tanh", "rnn") else "relu"
        modules = {"rnn.": torch.nn.RNN(columns, units, nonlinearity=squash)}
    own = memory.parameter_shapes(units) if memory else {}
    for name, shape in own.items():
        if name.endswith("weight"):
            prefix, (rows, inputs) = name.removesuffix("weight"), shape
            modules[prefix] = torch.nn.Linear(inputs, rows, bias=f"{prefix}bias" in own)
    return modules | {"readout.": torch.nn.Linear(units, symbols)}


def initial_parameters(spec: Spec, seed: int) -> dict[str, np.ndarray]:
    """Return the float32 weights that a seed starts from, after ``torch.manual_seed(seed)``.

    The modules are made one after the other, the recurrent one first, the read-out last. What
    PyTorch does by default is U(-1/sqrt(n), 1/sqrt(n)), with n the units of a recurrent module and
    the inputs of a linear one. By the other way, ``xavier``, all of the recurrent module is drawn
    from U(-0.1, 0.1), and so are an automaton's transitions; the linear ones are Xavier-uniform
    (Glorot, Bengio 2010) and their biases 0 (DuSell, Chiang 2023, arXiv 2210.01343).
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        modules = _modules(spec)
        if getattr(spec.recipe, "initialisation", "pytorch") == "xavier":
            for prefix, module in modules.items():
                _initialise(module, layer=prefix in ("readout.", *LAYERS))
    named = {
        prefix + name: parameter
        for prefix, module in modules.items()
        for name, parameter in module.named_parameters()
    }
    return {name: named[name].detach().numpy().copy() for name in spec.parameter_shapes()}


def _initialise(module: torch.nn.Module, *, layer: bool) -> None:
    for name, parameter in module.named_parameters():
        if not layer:
            torch.nn.init.uniform_(parameter, -0.1, 0.1)
        elif name == "weight":
            torch.nn.init.xavier_uniform_(parameter)
        else:
            torch.nn.init.zeros_(parameter)


def reference_run(model: Model, string: str, dtype: torch.dtype) -> tuple[np.ndarray, np.ndarray]:
    """Return the hidden states [T, H] and the logits [T, V] as PyTorch's own modules compute them.

    A linear cell has no module in PyTorch, nor has a stack; they are refused.
    """
    if model.spec.cell == "linear" or model.spec.memory:
        raise ValueError(f"PyTorch has no {model.spec.cell} module to compare with")
    rnn, readout = _modules(model.spec).values()
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
    spec: Spec,
    seeds: Sequence[int],
    corpus: Corpus,
    order: np.ndarray,
    cuts: Sequence[int] | None = None,
) -> np.ndarray:
    """Return the parameters [S, P] after one update a batch, by PyTorch's autograd and Adam.

    The cells are written out in tensors with the seeds as their first axis: seeds do not meet, so
    one backward pass serves all of them. A batch is order[cuts[n]:cuts[n + 1]], by default one
    string.
    """
    dtype = torch.float64 if spec.recipe.precision == "float64" else torch.float32
    initial = [initial_parameters(spec, seed) for seed in seeds]
    parameters = {
        name: torch.tensor(np.stack([one[name] for one in initial])).to(dtype)
        for name in initial[0]
    }
    trained = [p for n, p in parameters.items() if n not in spec.frozen_parameters()]
    for parameter in trained:
        parameter.requires_grad_()
    optimiser = torch.optim.Adam(trained, lr=spec.recipe.learning_rate)
    cuts = range(order.size + 1) if cuts is None else cuts
    for first, last in pairwise(cuts):
        optimiser.zero_grad()
        losses = [_loss(spec, parameters, corpus, b) for b in order[first:last]]
        torch.stack(losses).mean(dim=0).sum().backward()
        if spec.recipe.clip is not None:
            _shorten([parameter.grad for parameter in trained], spec.recipe.clip)
        optimiser.step()
    flat = [array.detach().reshape(len(initial), -1) for array in parameters.values()]
    return torch.cat(flat, dim=1).numpy()


def _loss(spec: Spec, parameters: dict[str, torch.Tensor], corpus: Corpus, b: int) -> torch.Tensor:
    """Return the loss [S] of every seed on one string."""
    where = slice(corpus.starts[b], corpus.starts[b + 1])
    symbols = corpus.symbols[where]
    if find_language(spec.language).scoring == NEXT_SYMBOL:
        logits = reference_logits(spec, parameters, symbols[:-1])
        expected = torch.tensor(symbols).expand(logits.shape[0], -1)
        return torch.nn.functional.cross_entropy(
            logits.transpose(1, 2), expected, reduction="none"
        ).sum(dim=1)
    outputs = reference_logits(spec, parameters, symbols)[:, 1:].sigmoid()
    errors = (outputs - torch.tensor(corpus.targets[where]).to(outputs.dtype)) ** 2  # [S, T, V]
    return errors.mean(dim=(1, 2))


def _shorten(gradients: Sequence[torch.Tensor], most: float) -> None:
    """Scale every seed's gradient to a norm of at most `most`."""
    squares = sum((one**2).reshape(one.shape[0], -1).sum(dim=1) for one in gradients)
    scale = (most / (squares.sqrt() + 1e-6)).clamp(max=1)
    for one in gradients:
        one *= scale.reshape(-1, *[1] * (one.dim() - 1))


def reference_logits(
    spec: Spec, parameters: Mapping[str, torch.Tensor], symbols: np.ndarray
) -> torch.Tensor:
    """Return the logits [S, T + 1, V] of every seed, before a string and after each symbol.

    The parameters have the seeds as their first axis.
    """
    named = {name.removesuffix("_l0"): one for name, one in parameters.items()}
    weight_hh, bias_hh = named["rnn.weight_hh"], named["rnn.bias_hh"]
    seeds, _, units = weight_hh.shape
    h = c = weight_hh.new_zeros(seeds, units)
    states, stacks = [h], _ReferenceStacks(spec.memory, h) if spec.memory else None
    alphabet = len(find_language(spec.language).alphabet)
    for symbol in symbols.tolist():
        a = named["rnn.weight_ih"][:, :, symbol] + named["rnn.bias_ih"]
        heard = h
        if stacks and spec.memory.reads == "hidden":
            heard = h + _times(named["stack.read.weight"], stacks.top)
        elif stacks:
            a = a + _times(named["rnn.weight_ih"][:, :, alphabet:], stacks.top)
        h, c = _move(spec.cell, a, _times(weight_hh, heard) + bias_hh, h, c)
        states.append(h)
        if stacks:
            stacks.move(named, h)
    logits = torch.einsum("svh,sth->stv", named["readout.weight"], torch.stack(states, dim=1))
    return logits + named["readout.bias"][:, None]


def _times(matrices: torch.Tensor, vectors: torch.Tensor) -> torch.Tensor:
    """Return every seed's matrix times its vector."""
    return torch.einsum("sij,sj->si", matrices, vectors)


def _move(
    cell: str, a: torch.Tensor, r: torch.Tensor, h: torch.Tensor, c: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the state after a step, from the input and the recurrent part of every gate."""
    if cell in ("lstm", "stack-lstm"):
        i, f, g, o = (a + r).chunk(4, dim=1)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        return o.sigmoid() * c.tanh(), c
    if cell == "gru":
        (a_r, a_z, a_n), (r_r, r_z, r_n) = a.chunk(3, dim=1), r.chunk(3, dim=1)
        z = (a_z + r_z).sigmoid()
        return (1 - z) * (a_n + (a_r + r_r).sigmoid() * r_n).tanh() + z * h, c
    squash = {"relu": torch.relu, "linear": torch.clone}.get(cell, torch.tanh)
    return squash(a + r), c


class _ReferenceStacks:
    """Every seed's stacks [S, K, D, W], which grow by a cell a step up to the depth limit."""

    def __init__(self, memory: Stacks, like: torch.Tensor) -> None:
        self.memory = memory
        self.cells = like.new_full((len(like), memory.stacks, 1, memory.width), memory.bottom)

    @property
    def top(self) -> torch.Tensor:
        """What is on top [S, K W]."""
        return self.cells[:, :, 0].flatten(1)

    def move(self, named: Mapping[str, torch.Tensor], h: torch.Tensor) -> None:
        """Do to the stacks what follows from the hidden states [S, H]."""
        memory, seeds = self.memory, len(h)
        strengths = _times(named["stack.action.weight"], h) + named["stack.action.bias"]
        strengths = strengths.reshape(seeds, memory.stacks, memory.actions).softmax(dim=2)
        value = h.repeat(1, memory.stacks)
        if memory.push == "learned":
            value = (_times(named["stack.push.weight"], h) + named["stack.push.bias"]).sigmoid()
        value = value.reshape(seeds, memory.stacks, 1, memory.width)
        empty = torch.full_like(value, memory.bottom)
        same = torch.cat([self.cells, empty], dim=2)
        pushed = torch.cat([value, self.cells], dim=2)
        popped = torch.cat([self.cells[:, :, 1:], empty, empty], dim=2)
        push, pop, *noop = strengths[..., None, None].unbind(dim=2)
        cells = push * pushed + pop * popped + (noop[0] * same if noop else 0)
        self.cells = cells[:, :, : memory.depth]
