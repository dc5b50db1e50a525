"""Frozen counters: what is left of a stack that counts brackets if a part of it is frozen."""

from dataclasses import dataclass

import numpy as np

from countviz.analysis.memory.freezing import Freezing, Row


@dataclass(frozen=True, eq=False, kw_only=True)
class FrozenCounters(Freezing):
    """Counters with a stack; here a system is the language that it reads."""

    def sentence(self) -> str:
        """Say how much freezing changes on longer strings, seed by seed."""
        said = [
            f"{language}: {self._compare(rows)}"
            for language, rows in self.systems.items()
            if rows and rows[0].values is not None
        ]
        if not said:
            return "No counter has run yet."
        return (
            f"Strings right of {self.panels[1].title}, beside the same seeds with nothing frozen. "
            f"{' '.join(said)} A string is right if every set of next symbols is; the trivial "
            "predictor, which always says the same, gets none right."
        )

    def _compare(self, rows: list[Row]) -> str:
        free = rows[0]
        said = [f"{free.frozen} frozen {free.mean_of(1):.0%}"]
        for row in rows[1:]:
            if row.values is None or row.seeds != free.seeds:
                continue
            apart = np.asarray(row.values)[1] - np.asarray(free.values)[1]
            said.append(
                f"{row.frozen} frozen {row.mean_of(1):.0%}, worse in {int((apart < 0).sum())} of "
                f"{apart.size} seeds"
            )
        return f"{'; '.join(said)}."
