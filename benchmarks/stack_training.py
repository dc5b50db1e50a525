"""Training with stacks: what a seed costs, beside PyTorch's loops over the symbols.

One thread and CPU time. The contenders take turns; a number is the median over the rounds. The
status is 1 if a target is missed.

    python -m benchmarks.stack_training [--quick] [--json]
"""

import os

os.environ["OMP_NUM_THREADS"] = "1"  # read when numpy and torch are imported

import argparse
import sys
from collections.abc import Callable
from itertools import pairwise

import numba
import numpy as np
import torch

from benchmarks.figures import Figure, report
from benchmarks.train import measure
from countviz.arithmetic.lanes import LANES, align
from countviz.corpora import make_batches, make_corpora
from countviz.engine.groups import to_lanes
from countviz.engine.parameters import Corpus
from countviz.models import Spec, Training
from countviz.specs import Stacks
from countviz.torch_bridge import initial_parameters
from countviz.trainers import find_trainer
from countviz.vectors import flatten_parameters

torch.set_num_threads(1)

SMALL = Spec(
    language="dyck1",
    cell="stack-rnn",
    units=4,
    memory=Stacks(depth=104, noop=False, reads="hidden"),
    recipe=Training(train_strings=1_000, validation_strings=1),
)
LARGE = Spec(
    language="marked-reverse-and-copy",
    cell="stack-lstm",
    units=20,
    memory=Stacks(push="hidden", width=20),
    recipe=Training(
        batch_size=10, shortest=40, longest=80, distinct=False, clip=5.0, initialisation="xavier",
        train_strings=200, validation_strings=1,
    ),
)  # fmt: skip
TARGETS = {SMALL: 10_000, LARGE: 30}
PEER_STRINGS = {SMALL: 8, LARGE: 40}


class TokenByToken(torch.nn.Module):
    """A stack RNN as one writes it down: all cells of the stack, one symbol of one string a call.

    Suzgun et al. (2019, arXiv 1911.03329).
    """

    def __init__(self, spec: Spec) -> None:
        super().__init__()
        units, layer, self.depth = spec.units, spec.memory.layer, spec.memory.depth
        self.read = torch.nn.Linear(layer, units, bias=False)
        self.rnn = torch.nn.RNN(2, units)
        self.action = torch.nn.Linear(units, 2)
        self.push = torch.nn.Linear(units, layer)
        self.readout = torch.nn.Linear(units, 2)

    def start(self) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the hidden state and the stack before a string."""
        units, layer = self.push.in_features, self.push.out_features
        return torch.zeros(1, 1, units), torch.zeros(self.depth, layer)

    def forward(
        self, symbol: torch.Tensor, h: torch.Tensor, stack: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Return the outputs, the hidden state and the stack after a symbol."""
        _, h = self.rnn(symbol.view(1, 1, -1), self.read(stack[0]).view(1, 1, -1) + h)
        push, pop = torch.softmax(self.action(h.view(-1)), dim=0)
        value = torch.sigmoid(self.push(h.view(-1))).view(1, -1)
        pushed = torch.cat([value, stack[:-1]])
        popped = torch.cat([stack[1:], torch.zeros_like(value)])
        return torch.sigmoid(self.readout(h.view(-1))), h, push * pushed + pop * popped


class OverTime(torch.nn.Module):
    """An LSTM with a stack of its hidden states, a batch of strings of one length at a time.

    DuSell and Chiang (2022, arXiv 2109.01982).
    """

    def __init__(self, spec: Spec, symbols: int) -> None:
        super().__init__()
        self.units = spec.units
        self.lstm = torch.nn.LSTMCell(symbols + spec.units, spec.units)
        self.action = torch.nn.Linear(spec.units, 3)
        self.readout = torch.nn.Linear(spec.units, symbols)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the logits [T + 1, B, V] before and after each symbol [T, B, V]."""
        h = c = x.new_zeros(x.shape[1], self.units)
        stack = x.new_zeros(x.shape[1], 1, self.units)  # it grows by a cell a step
        empty, states = x.new_zeros(x.shape[1], 1, self.units), [h]
        for symbol in x:
            h, c = self.lstm(torch.cat([symbol, stack[:, 0]], dim=1), (h, c))
            states.append(h)
            push, pop, noop = torch.softmax(self.action(h), dim=1)[:, :, None, None].unbind(1)
            pushed = torch.cat([h[:, None], stack], dim=1)
            popped = torch.cat([stack[:, 1:], empty, empty], dim=1)
            stack = push * pushed + pop * popped + noop * torch.cat([stack, empty], dim=1)
        return self.readout(torch.stack(states))


def prepare_ours(spec: Spec, corpus: Corpus) -> Callable[[], object]:
    """Return an epoch of 32 seeds, from their initial weights each time."""
    start = np.stack(
        [flatten_parameters(initial_parameters(spec, seed), "float32") for seed in range(LANES)]
    )
    order, cuts = make_batches(spec, 1, corpus.starts.size - 1)
    losses = align(np.empty((order.size, LANES), np.float32))
    rate = align(np.full((1, LANES), spec.recipe.learning_rate, np.float32))
    free = align(np.empty((0, LANES), np.float32))
    learn = find_trainer(spec, corpus)

    def run() -> None:
        (vectors,) = to_lanes(start)
        state = vectors, align(np.zeros_like(vectors)), align(np.zeros_like(vectors))
        learn(state, free, rate, 0, order, cuts, losses)

    return run


def prepare_token_by_token(spec: Spec, corpus: Corpus, strings: int) -> Callable[[], object]:
    """Return the training of one seed on some strings, symbol by symbol."""
    net = TokenByToken(spec)
    optimiser = torch.optim.Adam(net.parameters(), lr=spec.recipe.learning_rate)
    one_hot, targets = torch.eye(2)[torch.tensor(corpus.symbols)], torch.tensor(corpus.targets)

    def run() -> None:
        for first, last in pairwise(corpus.starts[: strings + 1]):
            h, stack = net.start()
            outputs = []
            for t in range(first, last):
                y, h, stack = net(one_hot[t], h, stack)
                outputs.append(y)
            optimiser.zero_grad()
            torch.nn.functional.mse_loss(torch.stack(outputs), targets[first:last]).backward()
            optimiser.step()

    return run


def prepare_over_time(spec: Spec, corpus: Corpus, strings: int) -> Callable[[], object]:
    """Return the training of one seed on some strings, a batch of one length at a time."""
    symbols, batch = corpus.targets.shape[1], spec.recipe.batch_size
    net = OverTime(spec, symbols)
    optimiser = torch.optim.Adam(net.parameters(), lr=spec.recipe.learning_rate)
    each = [torch.tensor(corpus.symbols[a:b]) for a, b in pairwise(corpus.starts[: strings + 1])]
    batches = [torch.stack(each[n : n + batch], dim=1) for n in range(0, strings, batch)]

    def run() -> None:
        for one in batches:
            logits = net(torch.eye(symbols)[one[:-1]])
            loss = torch.nn.functional.cross_entropy(
                logits.flatten(0, 1), one.flatten(), reduction="sum"
            )
            optimiser.zero_grad()
            (loss / batch).backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), spec.recipe.clip)
            optimiser.step()

    return run


PEERS = {
    SMALL: ("token by token", prepare_token_by_token),
    LARGE: ("over time", prepare_over_time),
}


def compare(spec: Spec, rounds: int) -> list[Figure]:
    """Return what a symbol of one seed costs, and how many times as much a symbol of the peer."""
    corpus, _ = make_corpora(spec)
    way, prepare = PEERS[spec]
    strings = PEER_STRINGS[spec]
    runs = {"ours": prepare_ours(spec, corpus), "peer": prepare(spec, corpus, strings)}
    seconds = measure(runs, rounds)
    ours = seconds["ours"] / LANES / corpus.symbols.size
    peer = seconds["peer"] / corpus.starts[strings]
    name, epoch = (
        f"{spec.cell}-{spec.units}",
        10_000 * corpus.symbols.size / (corpus.starts.size - 1),
    )
    return [
        Figure(name=f"{name}: one seed, one symbol", value=1e9 * ours, unit="ns"),
        Figure(name=f"{name}: one seed, 10,000 strings", value=1e3 * ours * epoch, unit="ms"),
        Figure(
            name=f"{name} : {way}", value=peer / ours, unit="times", target=TARGETS[spec],
            at_least=True,
        ),
    ]  # fmt: skip


def main() -> int:
    """Measure everything and report it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer rounds: numbers scatter")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    rounds = 3 if arguments.quick else 9
    figures = [figure for spec in TARGETS for figure in compare(spec, rounds)]
    versions = f"torch {torch.__version__}", f"numba {numba.__version__}"
    return report(figures, arguments.json, *versions)


if __name__ == "__main__":
    sys.exit(main())
