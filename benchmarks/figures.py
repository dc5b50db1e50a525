"""What every benchmark ends with: the machine, its figures, their targets and a verdict."""

import json
import os
import platform
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One line of the table; a target is the largest value, or with `at_least` the least."""

    name: str
    value: float
    unit: str
    target: float | None = None
    at_least: bool = False

    @property
    def missed(self) -> bool:
        """Whether the value breaks its target."""
        worse = self.value.__lt__ if self.at_least else self.value.__gt__
        return self.target is not None and bool(worse(self.target))

    def __str__(self) -> str:
        line = f"{self.name:<52}{self.value:>10,.1f} {self.unit}"
        sign, verdict = "≥" if self.at_least else "≤", "MISSED" if self.missed else "met"
        return line if self.target is None else f"{line:<73}{sign} {self.target:>3}  {verdict}"


def report(figures: Sequence[Figure], as_json: bool, *versions: str) -> int:
    """Print the machine and the figures; return the status."""
    listed = Path("/proc/cpuinfo")  # Linux keeps the processor's name here, others answer
    text = listed.read_text(encoding="utf-8") if listed.exists() else ""
    cpu = re.search(r"model name\s*: (.*)", text)
    machine = [cpu[1] if cpu else platform.processor(), f"{os.cpu_count()} cores"]
    machine += [platform.system(), f"Python {platform.python_version()}"]
    machine = " · ".join([*machine, *versions])
    if as_json:
        rows = [vars(f) | {"value": float(f.value), "missed": f.missed} for f in figures]
        print(json.dumps({"machine": machine, "figures": rows}, indent=2))
    else:
        print(machine, *figures, sep="\n")
    return int(any(figure.missed for figure in figures))
