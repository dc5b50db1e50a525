"""What every page shows in the same way: its style, its notices, and what went wrong."""

import csv
import hashlib
import io
import logging
import re
import threading
import uuid
from collections.abc import Iterable, Mapping, Sequence

import streamlit as st

_LOG = logging.getLogger("countviz")
_warm = threading.Event()
_warming = threading.Lock()


def start_warming() -> None:
    """Load or compile the kernels of the first page in the background; once a process."""

    def work() -> None:
        with _warming:
            from countviz.warming import warm_first_page  # numba, while the browser loads the page

            warm_first_page()
            _warm.set()

    threading.Thread(target=work, name="countviz-warming", daemon=True).start()


def wait_until_warm() -> None:
    """Wait for kernels that are being compiled, and say so on the page meanwhile."""
    if _warm.is_set() or not _warming.locked():
        return
    with st.spinner("Compiling the counting kernels, once for this machine …", show_time=True):
        _warm.wait(timeout=120)


def escape(text: str) -> str:
    r"""Return a text that Markdown shows as it is.

    >>> escape("a*b [c](d)")
    'a\\*b \\[c\\](d)'
    """
    return re.sub(r"([\\`*_{}\[\]#<>$:|~!&])", r"\\\1", " ".join(text.split()))


def notify(sentences: Iterable[str]) -> None:
    """Show sentences that a person should read, one below the other, as plain text.

    They may quote what came in an address or was typed; Markdown would even make links of it.
    """
    text = "\n".join(sentences)
    if text:
        with st.container(
            border=True, key=f"notice-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
        ):
            st.text(text)


def offer_table(columns: Mapping[str, Sequence], file_name: str) -> None:
    """Show a figure's numbers as a table, and offer them as a CSV file; nan is an empty cell."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(columns)
    for row in zip(*columns.values(), strict=True):
        table.writerow("" if value != value else value for value in row)
    st.dataframe(dict(columns), hide_index=True, height=320, width=720)
    st.download_button("Download CSV", text.getvalue(), file_name, "text/csv")


def show_unexpected(error: Exception) -> bool:
    """Show an error that nobody foresaw as a code, and log what it was under the same code."""
    code = f"CV-900-{uuid.uuid4().hex[:8]}"
    _LOG.error("%s", code, exc_info=error)
    st.error(
        f"Something went wrong here that should not have ({code}). Your string and your models are "
        "still in the address; reload the page to try again."
    )
    return True
