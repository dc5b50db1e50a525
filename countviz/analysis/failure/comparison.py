"""Several models on one string, in one sentence."""

from collections.abc import Sequence
from dataclasses import dataclass

from countviz.analysis.failure.failure import Failure
from countviz.words import in_words


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """What each of several models got wrong on one string.

    Attributes
    ----------
    labels, failures
        The models' names and their failures, in the same order.
    noun
        What one symbol is called, as in "bracket".

    """

    labels: tuple[str, ...]
    failures: tuple[Failure, ...]
    noun: str

    def sentence(self) -> str:
        """Say how many models are right, and what the others say where; positions count from 1."""
        if not any(failure.symbols for failure in self.failures):
            return "No string of the language starts like this, so no model is judged."
        wrong = [
            (label, failure)
            for label, failure in zip(self.labels, self.failures, strict=True)
            if failure.position is not None
        ]
        sentences = [self._how_many_are_right(len(self.labels) - len(wrong))]
        for k, (label, failure) in enumerate(wrong):
            where = f"at {self.noun} {failure.position + 1:,}"
            if k == 0:
                sentences.append(f"{label} says “{failure.says}” {where}, while {failure.truth}.")
            else:
                sentences.append(f"{label} first errs {where}.")
        judged = self.failures[0].symbols
        if judged < self.failures[0].length:
            sentences.append(
                f"Only its first {judged:,} count: {self.noun} {judged + 1:,} is illegal."
            )
        return " ".join(sentences)

    def _how_many_are_right(self, right: int) -> str:
        models = len(self.labels)
        if models == 1:
            return f"{self.labels[0]} judges this string {'correctly' if right else 'wrongly'}."
        if models == 2 and right != 1:
            who, verb = ("Both", "judge") if right else ("Neither of the two", "judges")
        elif right in (0, models):
            who, verb = ("All", "judge") if right else ("None of the", "judges")
            who = f"{who} {in_words(models)}"
        else:
            who = f"{in_words(right).capitalize()} of {in_words(models)}"
            verb = "judges" if right == 1 else "judge"
        return f"{who} models {verb} this string correctly."


def compare_models(
    labels: Sequence[str], failures: Sequence[Failure], noun: str = "bracket"
) -> Comparison:
    """Compare what several models got wrong on one string; `noun` is what a symbol is called."""
    return Comparison(labels=tuple(labels), failures=tuple(failures), noun=noun)
