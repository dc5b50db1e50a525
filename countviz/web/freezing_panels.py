"""What the page of the memory study shows: a panel a question, task and measure in the URL."""

from collections import Counter
from collections.abc import Sequence

import streamlit as st

from countviz.figures import plot_freezing, plot_freezing_curves, plot_freezing_differences
from countviz.studies.memory import MEMORY, TASKS, make_settings
from countviz.web import cache, choices
from countviz.web.charts import current_theme, show_figure
from countviz.web.freezing_reports import (
    MEASURES,
    WRITE,
    Shown,
    find_study,
    make_counters,
    make_curves,
    make_differences,
    make_freezing,
)
from countviz.web.show import notify
from countviz.words import count_nouns, in_words, join_words

MEANINGS = {  # what a string of a task is
    "count-3": "aⁿ bⁿ cⁿ",
    "marked-reverse-and-copy": "w # wᴿ # w, where wᴿ is w backwards",
    "count-and-copy": "w #ⁿ w, with as many # as w has symbols",
    "marked-copy": "w # w",
    "unmarked-copy-different-alphabets": "w w, the second one in other symbols",
    "unmarked-reverse-and-copy": "w wᴿ w, where wᴿ is w backwards",
    "unmarked-copy": "w w",
}
_ANSWERS = {"supported": "Yes", "not supported": "No", "undecided": "Undecided so far"}


def find() -> Shown | None:
    """Return the study, or say why there is none and return None."""
    try:
        found = find_study()
    except (ValueError, OSError) as problem:
        text = str(problem)
        notify([f"{text[:1].upper()}{text[1:]}{'' if text.endswith('.') else '.'}"])
        return None
    allowed = {"task": TASKS, "measure": tuple(MEASURES)}
    notify(choices.unknown_values(allowed))
    if found.stale:
        notify([f"Families have run since the report was written; {WRITE} writes it anew."])
    return found


def answer(found: Shown) -> str:
    """Return the answer to the page's question, from the first claim's verdict."""
    differences = make_differences(found)
    pairs = len(differences.pick(MEMORY))
    said = "no pair of frozen and free has run yet"
    if pairs:
        said = (
            f"with the memory frozen, accuracy is {differences.tell(MEMORY)} of "
            f"{count_nouns(pairs, 'comparison')} between equal seeds"
        )
    ran, total = len(found.study.outcomes), sum(1 for _ in make_settings())
    run = f"All {total} families" if ran == total else f"{ran} of {total} families"
    verdicts = [claim["verdict"] for claim in found.claims]
    begin = _ANSWERS.get(verdicts[0] if verdicts else "", "Undecided so far")
    return f"{begin}: {said}. {run} have run. {_count_verdicts(verdicts)}"


def _count_verdicts(verdicts: Sequence[str]) -> str:
    """Say how many of the paper's claims have which verdict."""
    counts = Counter(verdicts)
    claims = f"paper's {in_words(len(verdicts))} claims"
    if len(counts) == 1:
        return f"The {claims} are all {verdicts[0]}."
    told = [f"{in_words(n)} {'is' if n == 1 else 'are'} {one}" for one, n in counts.items()]
    return f"Of the {claims}, {join_words(told)}." if told else ""


def choose_task() -> str:
    """Show which task is looked at, and return it."""
    return st.selectbox("Task", TASKS, key="task", bind="query-params", width=330)


def choose_measure() -> str:
    """Show by what is measured, and return it."""
    return st.segmented_control(
        "Measure",
        list(MEASURES),
        default=next(iter(MEASURES)),
        required=True,
        key="measure",
        bind="query-params",
    )


def show_seeds(found: Shown, task: str, measure: str) -> None:
    """Show every seed of a task."""
    freezing = make_freezing(found, task, measure)
    show_figure(
        cache.draw(plot_freezing, freezing, current_theme()),
        f"{task}, {MEANINGS[task]}: what does every seed reach?",
        freezing.sentence(),
        "freezing",
        table=freezing.to_frame,
        command=f"{found.command} --task {task}",
    )


def show_curves(found: Shown, task: str, measure: str) -> None:
    """Show what is left of it on longer strings."""
    curves = make_curves(make_freezing(found, task, measure))
    show_figure(
        cache.draw(plot_freezing_curves, curves, current_theme()),
        "What is left on longer strings?",
        curves.sentence(),
        "freezing-curves",
        table=curves.to_frame,
        command=f"{found.command} --task {task}",
    )


def show_differences(found: Shown) -> None:
    """Show what freezing changes over all tasks, beside what it changes in the paper."""
    differences = make_differences(found)
    show_figure(
        cache.draw(plot_freezing_differences, differences, current_theme()),
        "All tasks: what does freezing change?",
        differences.sentence(),
        "freezing-differences",
        table=differences.to_frame,
        command=found.command,
    )


def show_counters(found: Shown) -> None:
    """Show how the counters with a stack count, frozen and free."""
    counters = make_counters(found)
    show_figure(
        cache.draw(plot_freezing, counters, current_theme()),
        "Counters with a stack: do they still count if it is frozen?",
        counters.sentence(),
        "frozen-counters",
        table=counters.to_frame,
        command="python -m countviz reproduce memory --part counters",
    )
