"""Kinds of memory beside a controller: what there is to say about each, and what it is made of.

A memory is read before the controller moves, and what is done to it follows from the new hidden
state. Its numbers at a step stand side by side in one row, as ``rows`` lists them; what can be
seen of it is a number of cells, the top first, of ``shown`` numbers each.
"""

from math import inf
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, model_serializer
from pydantic import SerializerFunctionWrapHandler as Serialize

MOST_STACKS, WIDEST, LARGEST_LAYER = 10, 64, 256  # the last: numbers in one cell of all stacks
MOST_TOPS = 16  # pairs of a state and a symbol
MOST_WAYS = 3 * 10**9  # that the runs of an automaton are summed up over

Shapes = dict[str, tuple[int, ...]]


class Record(BaseModel):
    """Frozen data.

    Fields that came later are written down only where they differ from their default, so that
    what was trained before keeps its identity.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    later: ClassVar[frozenset[str]] = frozenset()

    @model_serializer(mode="wrap")
    def _leave_out_defaults(self, serialize: Serialize) -> dict[str, Any]:
        plain = type(self).model_fields
        usual = {one for one in self.later if getattr(self, one) == plain[one].default}
        return {key: value for key, value in serialize(self).items() if key not in usual}


class Stacks(Record):
    """The superposition stacks beside a controller (Joulin, Mikolov 2015, arXiv 1503.01007).

    ``stacks`` of them hold cells of ``width`` numbers, as many as the string is long or no more
    than ``depth``, beyond which what is pushed is lost; an empty cell reads as ``bottom``. A
    value that is pushed is ``learned``, sigmoid(D h + d), or the ``hidden`` state itself, as wide
    as the controller has units. ``noop`` adds an action that leaves the stack alone. What is on
    top ``reads`` into the controller's ``input``, beside the symbol (DuSell, Chiang 2022, arXiv
    2109.01982), or is added to its ``hidden`` state (Suzgun et al. 2019, arXiv 1911.03329).
    """

    later: ClassVar[frozenset[str]] = frozenset({"kind"})
    in_lanes: ClassVar[bool] = True  # trained by an adjoint of its own, many seeds at a time
    longest: ClassVar[float] = inf
    closable: ClassVar[float] = inf

    kind: Literal["superposition"] = "superposition"
    stacks: int = Field(default=1, ge=1, le=MOST_STACKS)
    width: int = Field(default=1, ge=1, le=WIDEST)
    push: Literal["learned", "hidden"] = "learned"
    noop: bool = True
    depth: int | None = Field(default=None, ge=1, le=1_000_000)
    bottom: Literal[0, -1] = 0
    reads: Literal["input", "hidden"] = "input"

    @property
    def actions(self) -> int:
        """How many things can be done to a stack: push, pop and perhaps nothing."""
        return 2 + self.noop

    @property
    def layer(self) -> int:
        """How many numbers are read: those in one cell of all stacks together."""
        return self.stacks * self.width

    @property
    def shown(self) -> int:
        """How many numbers a cell shows."""
        return self.width

    @property
    def rows(self) -> dict[str, int]:
        """The numbers of a stack at a step, by name and in their order."""
        return {"top": self.width, "actions": self.actions, "value": self.width}

    def takes(self, cells: float) -> float:
        """Return about how many seconds a step takes with so many cells of every stack in use."""
        return 2e-10 * min(cells, self.depth or cells) * self.layer

    def parameter_shapes(self, units: int) -> Shapes:
        """Return the shapes of the memory's own parameters, by name.

        Row k A + a of the actions is action a of stack k: push, pop, no-op.
        """
        actions = self.stacks * self.actions
        shapes = {
            "stack.read.weight": (units, self.layer),
            "stack.action.weight": (actions, units),
            "stack.action.bias": (actions,),
            "stack.push.weight": (self.layer, units),
            "stack.push.bias": (self.layer,),
        }
        if self.reads != "hidden":
            del shapes["stack.read.weight"]
        if self.push != "learned":
            del shapes["stack.push.weight"], shapes["stack.push.bias"]
        return shapes


class Strata(Record):
    """A stack of layers, each as thick as it was pushed (Grefenstette et al. 2015, 1506.02516).

    A layer is ``width`` numbers, tanh(D h + d), and a strength. At a step strength is taken off
    the top, sigmoid(u) of it; a layer of strength sigmoid(p) is put on; and the uppermost 1 of
    strength is read, its layers' numbers in the proportion of their shares.
    """

    later: ClassVar[frozenset[str]] = frozenset({"kind"})
    in_lanes: ClassVar[bool] = False

    kind: Literal["stratification"] = "stratification"
    width: int = Field(default=1, ge=1, le=WIDEST)

    stacks: ClassVar[int] = 1
    actions: ClassVar[int] = 2  # push, pop
    push: ClassVar[str] = "learned"
    reads: ClassVar[str] = "input"
    bottom: ClassVar[int] = 0
    longest: ClassVar[float] = inf
    closable: ClassVar[float] = inf
    depth: ClassVar[int | None] = None

    @property
    def layer(self) -> int:
        """How many numbers are read."""
        return self.width

    @property
    def shown(self) -> int:
        """How many numbers a layer shows: its own, and its strength."""
        return self.width + 1

    @property
    def rows(self) -> dict[str, int]:
        """The numbers of the stack at a step, by name and in their order."""
        return {"top": self.width, "actions": 2, "value": self.width}

    def takes(self, cells: float) -> float:
        """Return about how many seconds a step takes with so many layers."""
        return 1e-9 * cells * self.shown

    def parameter_shapes(self, units: int) -> Shapes:
        """Return the shapes of the memory's own parameters, by name; row 0 pushes, row 1 pops."""
        return {
            "stack.action.weight": (2, units),
            "stack.action.bias": (2,),
            "stack.push.weight": (self.width, units),
            "stack.push.bias": (self.width,),
        }


class Automaton(Record):
    """All runs at once of a pushdown automaton, each with its weight (DuSell, Chiang 2022).

    The automaton (arXiv 2109.01982, as amended in arXiv 2210.01343) has ``states`` Q and stack
    ``symbols`` X. It starts in state 0 with symbol 0 as the bottom, which can be replaced but not
    popped. In state q with x on top it goes to state r and pushes y, replaces x by y, or pops x;
    the weight of each is exp(w h + b), that of a run their product. What is read is the share of
    every pair of state and top symbol in the weight of all runs.
    """

    later: ClassVar[frozenset[str]] = frozenset({"kind"})
    in_lanes: ClassVar[bool] = False

    kind: Literal["nondeterministic"] = "nondeterministic"
    states: int = Field(default=2, ge=1, le=4)
    symbols: int = Field(default=2, ge=1, le=8)

    stacks: ClassVar[int] = 1
    actions: ClassVar[int] = 3  # push, pop, replace
    reads: ClassVar[str] = "input"

    @property
    def layer(self) -> int:
        """How many numbers are read: one a pair of state and symbol, state after state."""
        return self.states * self.symbols

    @property
    def shown(self) -> int:
        """How many numbers a cell shows: one a symbol."""
        return self.symbols

    @property
    def longest(self) -> int:
        """How many symbols there may be: the work grows with the third power of that."""
        return int((6 * MOST_WAYS / (self.states * self.layer**2)) ** (1 / 3))

    @property
    def closable(self) -> int:
        """Up to how many symbols closers are counted: the work grows with the fourth power."""
        return int((MOST_WAYS / (self.states * self.layer**2)) ** (1 / 4))

    def takes(self, cells: float) -> float:
        """Return about how many seconds a step takes after so many others."""
        return 1e-9 * cells**2 * self.states * self.layer**2

    @property
    def transitions(self) -> int:
        """How many transitions there are: from q and x to r by pushing, replacing or popping."""
        return self.layer * self.states * (2 * self.symbols + 1)

    @property
    def rows(self) -> dict[str, int]:
        """The numbers of the automaton at a step, by name and in their order."""
        own = {"top": self.layer, "transitions": self.transitions}
        return own | {"actions": self.actions, "value": self.symbols}

    def parameter_shapes(self, units: int) -> Shapes:
        """Return the shapes of the memory's own parameters, by name.

        Row ((q X + x) Q + r) (2 X + 1) + v of the transitions pushes y for v = y, puts it in the
        place of x for v = X + y, and pops x for v = 2 X.
        """
        return {
            "stack.transition.weight": (self.transitions, units),
            "stack.transition.bias": (self.transitions,),
        }


Memory = Annotated[Stacks | Strata | Automaton, Field(discriminator="kind")]
MEMORIES = {"superposition": Stacks, "stratification": Strata, "nondeterministic": Automaton}
