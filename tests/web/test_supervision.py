"""The server keeps one supervisor of jobs, and takes it along when it ends."""

import asyncio
import os
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from countviz.web.supervision import supervise_jobs

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


def find_supervisor():
    for children in Path("/proc/self/task").glob("*/children"):
        for pid in children.read_text().split():
            if b"--supervise" in Path(f"/proc/{pid}/cmdline").read_bytes():
                return int(pid)
    return None


async def until(condition):
    deadline = time.monotonic() + 30
    while not (value := condition()):
        assert time.monotonic() < deadline, "this did not come about in time"
        await asyncio.sleep(0.02)
    return value


def test_a_supervisor_that_ends_is_followed_by_another_which_ends_with_the_server():
    async def serve():
        async with supervise_jobs():
            first = await until(find_supervisor)
            os.kill(first, signal.SIGKILL)
            return await until(lambda: (pid := find_supervisor()) != first and pid)

    with ThreadPoolExecutor(1) as pool:  # a loop of its own, whatever runs in this thread
        second = pool.submit(asyncio.run, serve()).result()
    assert not Path(f"/proc/{second}").exists()


def test_a_supervisor_that_cannot_be_started_is_tried_again(monkeypatch):
    python = sys.executable
    monkeypatch.setattr(sys, "executable", "/nowhere/python")

    async def serve():
        async with supervise_jobs():
            await asyncio.sleep(0)  # the first one is under way by now, in vain
            monkeypatch.setattr(sys, "executable", python)
            return await until(find_supervisor)

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(asyncio.run, serve()).result()
