"""Whether stacks that are left as they were drawn generalise better: systems, tasks, modes.

Das and Mali (2024, arXiv 2410.03154) train an LSTM with and without superposition stacks on seven
languages whose next symbol is to be foretold, with all parameters free or with a part of them
frozen at its random start, and test on strings up to five times as long. The protocol is that of
DuSell and Chiang (2023, arXiv 2210.01343). Here every way to freeze has the same seeds: the same
initial weights, learning rates and strings, so that a difference is a difference of freezing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from countviz.protocols import FORETELLING
from countviz.specs import Part, Spec, Stacks

UNITS = 20
TASKS = (
    "count-3",
    "marked-reverse-and-copy",
    "count-and-copy",
    "marked-copy",
    "unmarked-copy-different-alphabets",
    "unmarked-reverse-and-copy",
    "unmarked-copy",
)
SYSTEMS: dict[str, Stacks | None] = {
    "lstm": None,
    "jm-10": Stacks(width=10),
    "jm-3.3.3": Stacks(stacks=3, width=3),
    "jm-hidden": Stacks(push="hidden", width=UNITS),
}
NOTHING, MEMORY, CONTROLLER, BOTH = "nothing", "memory", "controller", "memory and controller"
MODES: dict[str, tuple[Part, ...]] = {  # called by what is frozen
    NOTHING: (),
    MEMORY: ("memory",),
    CONTROLLER: ("controller",),
    BOTH: ("controller", "memory"),
}
SLUGS = {
    NOTHING: "free",
    MEMORY: "memory-frozen",
    CONTROLLER: "controller-frozen",
    BOTH: "both-frozen",
}


@dataclass(frozen=True, kw_only=True)
class Protocol:
    """What is the same for every family of the study.

    Attributes
    ----------
    strings
        How many strings an epoch has; the paper's 10,000, or fewer to be done sooner.
    validation
        How many strings the best epoch is chosen by.
    epochs
        How many there are at most; a seed stops earlier after 10 without improvement.
    seeds
        How many restarts: seeds 0, 1, and so on.
    each
        How many test strings there are of every length.

    """

    strings: int = 10_000
    validation: int = 1_000
    epochs: int = 60
    seeds: int = 10
    each: int = 20


@dataclass(frozen=True, order=True)
class Setting:
    """One family of the study: a task, a system, and what is frozen of it."""

    task: str
    system: str
    mode: str

    @property
    def name(self) -> str:
        """The family's name."""
        return f"{self.task}-{self.system.replace('.', '-')}-{SLUGS[self.mode]}"


def modes_of(system: str) -> tuple[str, ...]:
    """Return the ways to freeze a system: an LSTM has no memory that could be."""
    return (NOTHING, CONTROLLER) if SYSTEMS[system] is None else tuple(MODES)


def make_settings() -> Iterator[Setting]:
    """Yield every family of the study, in the order in which they are trained."""
    for task in TASKS:
        for system in SYSTEMS:
            for mode in modes_of(system):
                yield Setting(task, system, mode)


def make_spec(setting: Setting, protocol: Protocol) -> Spec:
    """Return what a family of the study is."""
    recipe = FORETELLING.model_copy(
        update={
            "train_strings": protocol.strings,
            "validation_strings": protocol.validation,
            "epochs": protocol.epochs,
            "freeze": MODES[setting.mode],
        }
    )
    memory = SYSTEMS[setting.system]
    return Spec(
        language=setting.task,
        cell="lstm" if memory is None else "stack-lstm",
        units=UNITS,
        memory=memory,
        recipe=recipe,
    )
