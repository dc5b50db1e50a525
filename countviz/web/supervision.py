"""Keep the process that trains alive for as long as the server lives; the server trains nothing."""

import asyncio
import contextlib
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from pathlib import Path

PAUSE = 1.0  # seconds between the end of a supervisor and the start of the next
_ROOT = Path(__file__).resolve().parents[2]


@contextlib.asynccontextmanager
async def supervise_jobs() -> AsyncIterator[None]:
    """Run a supervisor of jobs, and another one whenever it has ended."""
    task = asyncio.create_task(_keep_alive())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _keep_alive() -> None:
    while True:
        with contextlib.suppress(OSError):  # what cannot be started now may be so in a second
            await _supervise()
        await asyncio.sleep(PAUSE)


async def _supervise() -> None:
    command = sys.executable, "-m", "countviz.worker", "--supervise"
    # It ends when this pipe does, so that not even kill -9 of the server leaves it behind.
    process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, cwd=_ROOT)
    try:
        await process.wait()
    finally:
        process.stdin.close()
        await process.wait()
