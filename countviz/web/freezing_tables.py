"""The memory study in words and tables: ours beside the paper's, its claims, its protocol."""

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import streamlit as st

from countviz.analysis.memory.freezing import NOT_RUN, Freezing, Row
from countviz.studies.memory import (
    CONTROLLER,
    MODES,
    NOTHING,
    Setting,
    make_settings,
    make_spec,
    modes_of,
)
from countviz.studies.memory_targets import SOURCE, TABLES, TARGETS
from countviz.web.freezing_reports import INSIDE, MEASURES, Shown, make_freezing
from countviz.web.show import escape
from countviz.words import join_words

_GLYPHS = {"supported": "✓", "not supported": "✕", "undecided": "?"}


def show_table(found: Shown, task: str, measure: str) -> None:
    """Show a row a family: the best seed, mean and deviation, and the paper's number."""
    freezing = make_freezing(found, task, measure)
    with st.container(key="freezing-table-task"):
        st.subheader(f"{task} in numbers: how far is it from the paper?", anchor=False)
        st.html(_write_table(_write_head(freezing), list(_write_rows(freezing, measure))))
        st.caption(escape(_explain(measure)))


def _write_head(freezing: Freezing) -> list[str]:
    heads = ["system", "what is frozen"]
    for panel in freezing.panels:
        between = f"trivial {panel.spell(panel.trivial)}, possible {panel.spell(panel.ceiling)}"
        heads.append(f"{html.escape(panel.title)}<small>{between}</small>")
    first, last = freezing.panels[0], freezing.panels[-1]
    if first.retains:
        low, high = (
            b / a for a, b in ((first.trivial, last.trivial), (first.ceiling, last.ceiling))
        )
        heads.append(f"retained<small>trivial {low:.2f}, possible {high:.2f}</small>")
    return heads


def _write_rows(freezing: Freezing, measure: str) -> Iterator[list[str]]:
    ran = {(row.system, row.frozen): row for row in freezing.rows}
    printed = MEASURES[measure][-1]
    for system in freezing.systems:
        for mode in MODES:
            target = TARGETS.get(Setting(freezing.task, system, mode))
            paper = getattr(target, printed) if target and printed else None
            if mode not in modes_of(system) and paper is None:
                continue
            row = ran.get((system, mode)) or Row(system=system, cell="", frozen=mode, paper=paper)
            yield [f"<b>{html.escape(system)}</b>", mode, *_write_cells(freezing, row)]


def _write_cells(freezing: Freezing, row: Row) -> Iterator[str]:
    for place, panel in enumerate(freezing.panels):
        paper = "" if row.paper is None else f"paper {panel.spell_short(row.paper[place])}"
        if row.values is not None:
            spread = f"{panel.spell(row.mean_of(place))} ± {panel.spell(row.deviation_of(place))}"
            own = f"<b>{panel.spell(row.best_of(place))}</b> <span>{spread}</span>"
        else:
            own = f"<i>{_say_why(row)}</i>"
        yield f"{own} <small>{paper}</small>"
    if freezing.panels[0].retains:
        yield _write_retained(row, len(freezing.panels) - 1)


def _say_why(row: Row) -> str:
    if row.frozen in modes_of(row.system):
        return NOT_RUN
    return f"as with {CONTROLLER if 'controller' in MODES[row.frozen] else NOTHING} frozen"


def _write_retained(row: Row, last: int) -> str:
    paper = f"paper {row.paper[last] / row.paper[0]:.2f}" if row.paper else ""
    if row.values is None:
        return f"<i>{_say_why(row)}</i> <small>{paper}</small>"
    parts = row.values[last] / row.values[0].clip(1e-9)
    spread = f"{parts.mean():.2f} ± {parts.std(ddof=1):.2f}" if parts.size > 1 else ""
    return f"<b>{parts[row.best]:.2f}</b> <span>{spread}</span> <small>{paper}</small>"


def _write_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table; what is already HTML in its cells stays so."""
    head = "".join(f"<th>{one}</th>" for one in heads)
    body, before = "", None
    for row in rows:
        begins = row[0] != before
        first = row[0] if begins else ""
        cells = "".join(
            f"<td{' class=unknown' if f'<i>{NOT_RUN}' in one else ''}>{one}</td>"
            for one in (first, *row[1:])
        )
        body += f"<tr{' class=begins' if begins else ''}>{cells}</tr>"
        before = row[0]
    return f"<div><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"


def _explain(measure: str) -> str:
    tables = join_words([f"{number} ({mode} frozen)" for mode, number in TABLES.items()])
    meanings = {
        "accuracy": "Accuracy is the share of all symbols, the end included, that were expected "
        "most; retained is that on the longest strings over that on the shortest.",
        "perplexity": "Perplexity is the exponential of the mean surprise at a symbol: 1 is none.",
        "solved": "Solved is the share of strings with every symbol right that what came before "
        "tells; the paper does not have it.",
    }
    first = "First the best seed by validation, then mean ± standard deviation"
    if not MEASURES[measure][-1]:
        return f"{meanings[measure]} {first}."
    return (
        f"{meanings[measure]} {first}, then what {SOURCE} prints for its best of ten restarts in "
        f"tables {tables}. It also prints numbers for an LSTM with a frozen memory, which an LSTM "
        "does not have: how far they are from those of its free LSTM shows what luck does."
    )


def show_claims(found: Shown) -> None:
    """Show each claim of the paper with its verdict and the evidence."""
    st.subheader("What does the paper claim, and what is found here?", anchor=False)
    for first in range(0, len(found.claims), 2):
        pair = found.claims[first : first + 2]
        for column, claim in zip(st.columns(2, gap="small"), pair, strict=False):
            with column.container(border=True, height="stretch"):
                verdict = claim["verdict"]
                st.markdown(
                    f"**{_GLYPHS.get(verdict, '?')} {escape(verdict.capitalize())}** · "
                    f"“{escape(claim['text'])}” ({escape(claim['source'])})"
                )
                st.caption(escape(re.sub(r" -(?=\d)", " \N{MINUS SIGN}", claim["evidence"])))


def show_protocol(found: Shown) -> None:
    """Show where the protocol differs from the paper's, and numbers that tell whether it fits."""
    left, right = st.columns(2, gap="large")
    with left, st.container(key="freezing-table-protocol"):
        st.subheader("How does this study differ from the paper's?", anchor=False)
        rows = [[f"<b>{what}</b>", here, there] for what, here, there in _list_deviations(found)]
        st.html(_write_table(["", "here", "paper"], rows))
        st.caption(escape(_tell_recipe(found)))
    with right, st.container(key="freezing-table-checks"):
        st.subheader("Are the numbers where they must be?", anchor=False)
        heads = ["the best seed's accuracy", "ours", "must be", ""]
        st.html(_write_table(heads, [_write_check(check) for check in found.checks]))


def _list_deviations(found: Shown) -> tuple[tuple[str, str, str], ...]:
    own = found.study.protocol
    return (
        ("strings an epoch", f"{own.strings:,}", "10,000"),
        ("validation strings", f"{own.validation:,}", "1,000"),
        ("which strings", "the same for all seeds", "drawn anew by restart"),
        ("epochs at most", f"{own.epochs}", "200"),
        ("restarts", f"{own.seeds} seeds, all shown", "10, the best printed"),
        ("initial weights and rates", "a seed's are equal whatever is frozen", "drawn by restart"),
        ("test strings", f"{own.each} of every length", "not stated"),
        ("nondeterministic stack rns-3-3", "left out", "tested"),
        ("columns that read the stack", "belong to the controller", "not stated"),
    )


def _tell_recipe(found: Shown) -> str:
    recipe = make_spec(next(make_settings()), found.study.protocol).recipe
    low, high = recipe.rates
    return (
        f"Equal, and the same for all: Adam, batches of {recipe.batch_size} strings of one length, "
        f"{recipe.shortest} to {recipe.longest} symbols, gradients clipped to a norm of "
        f"{recipe.clip:g}, a learning rate per seed drawn log-uniformly from {low:g} to {high:g}, "
        f"times {recipe.decay:g} after {recipe.decay_after} epochs without improvement and no more "
        f"after {recipe.stop_after} (DuSell and Chiang 2023, arXiv 2210.01343). What is frozen "
        "stays as it was drawn. The memory is what decides on the actions and on what is pushed."
    )


def _write_check(check: Mapping[str, Any]) -> list[str]:
    ours = check["ours"]
    return [
        html.escape(check["text"].replace(": accuracy of the best seed", "")),
        f"<i>{NOT_RUN}</i>" if ours is None else f"<b>{ours:.3f}</b>",
        f"{check['target']:.3f} ± {check['within']:g}",
        INSIDE[check["holds"]],
    ]
