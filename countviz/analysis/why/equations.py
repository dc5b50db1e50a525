"""How each cell makes its counting internal, as a person writes it: the one place that says so.

A cell without an entry is shown by its declared internals alone.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, kw_only=True)
class Equation:
    """What the counting internal becomes.

    Attributes
    ----------
    one, many
        For one unit and for one of several, with the letters in braces: those of gates are what
        they are at this step, those of the state what it was before. ``w`` is what the symbol
        feeds in, biases included, ``u`` the recurrent weight, ``r`` what all units feed back, ``s``
        what is read of the memory.
    hidden, needs
        Gives h from the internals of a step, where the counting internal is not h itself, and
        the names of those it needs beside it.

    """

    one: str
    many: str
    needs: tuple[str, ...] = ()
    hidden: Callable[[Mapping[str, float]], float] | None = None

    def write(self, units: int, values: Mapping[str, str] | None = None) -> str:
        """Return the right-hand side with its letters, or with what stands for them.

        >>> EQUATIONS["lstm"].write(1)
        'f·c + i·g'
        >>> EQUATIONS["relu"].write(1, {"w": "1", "u": "0.5", "h": "\N{MINUS SIGN}3"})
        'max(0, 1 + 0.5·\N{MINUS SIGN}3)'
        """
        text = self.one if units == 1 else self.many
        letters = {letter: letter for letter in "ifgorznchwuas"}
        written = text.format_map(letters if values is None else values)
        return written.replace("+ \N{MINUS SIGN}", "\N{MINUS SIGN} ")


def _hidden_of_lstm(internals: Mapping[str, float]) -> float:
    return float(internals["o"] * np.tanh(internals["c"]))


_ADD, _ADD_ALL = "{w} + {u}·{h}", "{w} + {r}"
_LSTM, _GRU = "{f}·{c} + {i}·{g}", "(1 \N{MINUS SIGN} {z})·{n} + {z}·{h}"
EQUATIONS = {
    "lstm": Equation(one=_LSTM, many=_LSTM, needs=("o",), hidden=_hidden_of_lstm),
    "gru": Equation(one=_GRU, many=_GRU),
    "relu": Equation(one=f"max(0, {_ADD})", many=f"max(0, {_ADD_ALL})"),
    "tanh": Equation(one=f"tanh({_ADD})", many=f"tanh({_ADD_ALL})"),
    "linear": Equation(one=_ADD, many=_ADD_ALL),
    "stack-rnn": Equation(one=f"tanh({_ADD} + {{s}})", many=f"tanh({_ADD_ALL} + {{s}})"),
}
EQUATIONS |= dict.fromkeys(("stack-lstm", "ns-rnn", "strat-lstm"), EQUATIONS["lstm"])
