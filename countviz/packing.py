"""A model's parameters as the compiled loops read them."""

from collections.abc import Mapping
from typing import Literal

import numpy as np

from countviz.arithmetic.precision import find_precision
from countviz.engine.advance import Packed
from countviz.engine.automaton import PackedAutomaton
from countviz.engine.stack import PackedStack
from countviz.engine.strata import PackedStrata
from countviz.engine.wiring import Wiring
from countviz.memories import Automaton, Memory, Stacks, Strata
from countviz.specs import Spec

Actions = Literal["soft", "hard"]
PackedModel = Packed | PackedStack | PackedStrata | PackedAutomaton
BOUNDLESS = 2**40  # cells; no stack ever has as many


def pack(
    parameters: Mapping[str, np.ndarray], memory: Memory | None, precision: str, actions: Actions
) -> PackedModel:
    """Return parameters, by PyTorch's names, rounded to a precision and in the loops' order.

    With ``hard`` actions a stack model does the strongest one alone.
    """
    to = find_precision(precision).round
    own = {name: to(array) for name, array in parameters.items()}
    symbols = own["readout.weight"].shape[0]
    w_ih, b_ih = own["rnn.weight_ih_l0"], own["rnn.bias_ih_l0"]
    packed = Packed(
        inputs=np.ascontiguousarray(to(w_ih[:, :symbols].T + b_ih)),
        recurrent=np.ascontiguousarray(own["rnn.weight_hh_l0"].T),
        bias=own["rnn.bias_hh_l0"],
        readout=own["readout.weight"],
        readout_bias=own["readout.bias"],
    )
    reading = np.ascontiguousarray(w_ih[:, symbols:].T)
    match memory:
        case Stacks():
            return _pack_stacks(packed, reading, own, memory, actions)
        case Strata():
            return PackedStrata(
                *packed,
                reading=reading,
                action=own["stack.action.weight"],
                action_bias=own["stack.action.bias"],
                push=own["stack.push.weight"],
                push_bias=own["stack.push.bias"],
                width=memory.width,
                reads_hidden=False,
            )
        case Automaton():
            return PackedAutomaton(
                *packed,
                reading=reading,
                transition=own["stack.transition.weight"],
                transition_bias=own["stack.transition.bias"],
                states=memory.states,
                symbols=memory.symbols,
                reads_hidden=False,
            )
    return packed


def _pack_stacks(
    packed: Packed,
    reading: np.ndarray,
    own: Mapping[str, np.ndarray],
    memory: Stacks,
    actions: Actions,
) -> PackedStack:
    hidden = memory.reads == "hidden"
    nothing = np.empty((0, packed.readout.shape[1]), packed.bias.dtype)
    return PackedStack(
        *packed,
        reading=np.ascontiguousarray(own["stack.read.weight"].T) if hidden else reading,
        action=own["stack.action.weight"],
        action_bias=own["stack.action.bias"],
        push=own.get("stack.push.weight", nothing),
        push_bias=own.get("stack.push.bias", nothing[:, 0].copy()),
        stacks=memory.stacks,
        width=memory.width,
        depth=memory.depth or BOUNDLESS,
        bottom=packed.bias.dtype.type(memory.bottom),
        reads_hidden=hidden,
        hard=actions == "hard",
    )


def wire(spec: Spec) -> Wiring:
    """Return how a spec's parameters are joined, as the loops that train in batches read it."""
    memory = spec.memory
    if memory is None:
        return Wiring(spec.units, 0, 0, 0, False, False, BOUNDLESS, 0.0)
    return Wiring(
        units=spec.units,
        stacks=memory.stacks,
        width=memory.width,
        actions=memory.actions,
        learned=memory.push == "learned",
        added=memory.reads == "hidden",
        depth=memory.depth or BOUNDLESS,
        bottom=float(memory.bottom),
    )
