"""The server: `streamlit run app.py` or any ASGI server with `app:app`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st

from countviz.web.headers import SecurityHeaders
from countviz.web.show import show_unexpected, start_warming
from countviz.web.supervision import supervise_jobs


@asynccontextmanager
async def lifespan(app: st.App) -> AsyncIterator[None]:
    """Get the kernels ready while the server starts, and train beside it while it runs."""
    start_warming()
    async with supervise_jobs():
        yield


app = st.App(
    "countviz/web/frame.py",
    lifespan=lifespan,
    middleware=[SecurityHeaders],
    on_script_error=show_unexpected,
)
