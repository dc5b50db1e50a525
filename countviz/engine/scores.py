"""How wrong a read-out is: by the continuations it names, or by the next symbol it expects.

Both ways leave the loss's derivatives by the logits, and both count mistakes. Continuations are
judged after every symbol, each by the squared error of its sigmoid (El-Naggar, Madhyastha, Weyde
2022, arXiv 2211.16429). The next symbol is expected before every symbol, the first one too, and
judged by the cross-entropy of a softmax (DuSell, Chiang 2023, arXiv 2210.01343).
"""

from countviz.arithmetic.instructions import (
    at_least,
    at_most,
    borrowing,
    choose,
    constant,
    fma,
    inlined,
)
from countviz.arithmetic.number import complement, exp, log, sigmoid, zero_like
from countviz.engine.stack_backward import set_zero


@inlined
def score_run(corpus, abreast, logits, slopes, next_symbol, batch, losses):
    """Replace the logits [N + E, V] of strings side by side by their slopes; sum up the losses.

    losses[b] of every string receives its mean squared error, or the sum of its cross-entropies
    in nats. The loss of a batch is the mean over its strings.
    """
    blocks, later = abreast.blocks, 0 if next_symbol else 1
    for b in range(blocks[1]):
        losses[abreast.places[b]] = zero_like(losses[0])
    for t in range(blocks.size - 1 - later):
        for row in range(blocks[t + later], blocks[t + later + 1]):
            b = row - blocks[t + later]
            at, place = abreast.begins[b] + t, abreast.places[b]
            if next_symbol:
                share = constant(1.0 / batch, losses[0])
                loss = _surprise(logits[row], corpus.symbols[at], slopes[row], share)
            else:
                verdicts = constant(1.0 / (abreast.steps[b] * slopes.shape[1]), losses[0])
                share = verdicts * constant(2.0 / batch, losses[0])
                loss = verdicts * _miss(logits[row], corpus.targets[at], slopes[row], share)
            losses[place] += loss
    if not next_symbol:
        set_zero(slopes[: blocks[1]])  # nothing is said before the first symbol


@borrowing
def _surprise(logits, symbol, slopes, share):
    """Return the cross-entropy of a symbol, and leave its slopes times `share`."""
    largest, total = logits[0], zero_like(share)
    for v in range(1, logits.size):
        largest = at_least(logits[v], largest)
    for v in range(logits.size):
        slopes[v] = exp(logits[v] - largest)
        total += slopes[v]
    for v in range(logits.size):
        expected = slopes[v] / total
        slopes[v] = share * (expected - constant(1.0, share) if v == symbol else expected)
    return log(total) - (logits[symbol] - largest)


@borrowing
def _miss(logits, targets, slopes, share):
    """Return the squared error of all continuations, and leave its slopes times `share` / 2."""
    error = zero_like(share)
    for v in range(logits.size):
        y = sigmoid(logits[v])
        off = y - targets[v]
        error = fma(off, off, error)
        slopes[v] = share * off * y * complement(y)
    return error


@inlined
def count_mistakes(corpus, abreast, logits, next_symbol, mistakes):
    """Count the wrong verdicts of every string, or the symbols that were not expected most."""
    blocks, later = abreast.blocks, 0 if next_symbol else 1
    for b in range(blocks[1]):
        mistakes[abreast.places[b]] = zero_like(mistakes[0])
    for t in range(blocks.size - 1 - later):
        for row in range(blocks[t + later], blocks[t + later + 1]):
            b = row - blocks[t + later]
            at, place = abreast.begins[b] + t, abreast.places[b]
            if next_symbol:
                mistakes[place] += _is_unexpected(logits[row], corpus.symbols[at])
            else:
                mistakes[place] += _wrong_verdicts(logits[row], corpus.targets[at])


@borrowing
def _is_unexpected(logits, symbol):
    """Return 0 where the symbol has the largest logit, the first of equals, else 1."""
    one = constant(1.0, logits[0])
    zero = zero_like(one)
    wrong, own = zero, logits[symbol]
    for v in range(logits.size):
        if v < symbol:
            wrong += choose(logits[v] - own, one, zero)
        elif v > symbol:
            wrong += choose(own - logits[v], zero, one)
    return at_most(wrong, one)


@borrowing
def _wrong_verdicts(logits, targets):
    """Return how many continuations are judged wrong."""
    one = constant(1.0, logits[0])
    zero = zero_like(one)
    wrong = zero
    for v in range(logits.size):
        missed = choose(logits[v], zero, one) if targets[v] > 0 else choose(logits[v], one, zero)
        wrong += missed
    return wrong
