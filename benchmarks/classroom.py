"""A class: thirty people who type at the same time, each in a session of their own.

A visitor here opens the websocket that a browser opens and speaks the same protocol, so the server
does all it would do for a person; only the drawing is missing. Each step types a string that nobody
typed before: nothing about it is in the server's caches. An answer counts when it carries the
player's data for that very string, and on the pages that look inside a model, figures. The status
is 1 if a target is missed.

    python -m benchmarks.classroom [--page why] [--sessions 30] [--steps 8] [--json]

The messages are Streamlit's private format: this file belongs to the version in requirements.txt.
"""

import argparse
import asyncio
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import NamedTuple

import numpy as np
import streamlit
import websockets
from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks.figures import Figure, report
from countviz.languages.dyck1 import uniform_member

ROOT = Path(__file__).resolve().parents[1]
ARRIVAL = 5.0  # seconds within which all come
WATCH = "watch"  # the first page
TARGETS = {WATCH: 100}  # ms for a step, p95
INSIDE = 300  # ms, on every other page
SETTLING = 10.0  # seconds in which a server that has just been started imports what trains
PATIENCE = 60.0  # seconds after which no answer is an error


@contextmanager
def serve(**environment: str) -> Iterator[tuple[str, int]]:
    """Start the dashboard on a free port; yields its address and process, and ends it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", ROOT / "app.py", f"--server.port={port}"]
    inherited = {name: text for name, text in os.environ.items() if name != "NUMBA_CACHE_DIR"}
    with tempfile.TemporaryFile("w+", encoding="utf-8") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env=inherited | environment, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            while not _answers(port) and process.poll() is None:
                time.sleep(0.01)
            yield f"http://127.0.0.1:{port}", process.pid
        finally:
            process.terminate()
            process.wait(10)
            log.seek(0)
            if "Traceback" in (written := log.read()):
                raise RuntimeError(f"the server failed:\n{written}")


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Times(NamedTuple):
    """What the class met with, in seconds."""

    loads: list[float]
    steps: list[float]
    errors: list[str]


class Visitor:
    """One session: it asks for a run of the page and reads until the run has ended."""

    def __init__(self, socket: websockets.ClientConnection, name: str = WATCH) -> None:
        self.socket, self.name = socket, name
        self.page = ""  # the page's hash, once the server has told it
        self.field = ""  # the string field's identity
        self.answer = b""  # the player's data as they came last
        self.figures = 0  # that came with the last answer

    async def ask(self, string: str | None = None) -> float:
        """Ask for the page, with a string typed into its field; return the seconds it took."""
        request = BackMsg()
        request.rerun_script.page_script_hash = self.page
        if not self.page and self.name != WATCH:
            request.rerun_script.page_name = self.name
        if string is not None:
            request.rerun_script.query_string = f"s={string}"  # as in the browser's address
            request.rerun_script.widget_states.widgets.add(id=self.field, string_value=string)
        self.figures = 0
        start = time.perf_counter()
        await self.socket.send(request.SerializeToString())
        while not self._read(ForwardMsg.FromString(await self.socket.recv())):
            pass
        taken = time.perf_counter() - start
        if self.name != WATCH:
            shown = self.figures > 0
        else:
            shown = string is None or json.dumps(string).encode() in self.answer
        if not shown:
            raise RuntimeError("the page does not show the string that was typed")
        return taken

    def _read(self, message: ForwardMsg) -> bool:
        """Note what a message says; return whether the run has ended."""
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self.page = message.new_session.page_script_hash
        elif kind == "navigation":
            self.page = message.navigation.page_script_hash
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            self._look_at(message.delta.new_element)
        return kind == "script_finished"  # nobody types while an answer is under way

    def _look_at(self, element) -> None:
        kind = element.WhichOneof("type")
        if kind == "text_input" and element.text_input.id.endswith("-s"):
            self.field = element.text_input.id
        elif kind == "bidi_component":
            self.answer = element.bidi_component.SerializeToString()
        elif kind == "plotly_chart":
            self.figures += 1
        elif kind == "exception":
            raise RuntimeError(f"{element.exception.type}: {element.exception.message}")
        elif kind == "alert" and element.alert.format in (Alert.ERROR, Alert.WARNING):
            raise RuntimeError(element.alert.body)


async def visit(
    url: str, page: str, strings: Sequence[str], pauses: Sequence[float], times: Times
) -> None:
    """Come to a page after the first pause, then type a string after each further one."""
    address = f"{url.rstrip('/').replace('http', 'ws', 1)}/_stcore/stream"
    await asyncio.sleep(pauses[0])
    try:
        async with asyncio.timeout(PATIENCE + sum(pauses)):
            start = time.perf_counter()
            door = websockets.connect(address, subprotocols=["streamlit"], open_timeout=None)
            async with door as socket:
                visitor = Visitor(socket, page)
                await visitor.ask()
                times.loads.append(time.perf_counter() - start)
                for string, pause in zip(strings, pauses[1:], strict=True):
                    await asyncio.sleep(pause)
                    times.steps.append(await visitor.ask(string))
    except (OSError, RuntimeError, websockets.WebSocketException) as error:
        times.errors.append(f"{type(error).__name__}: {error}")


async def hold_class(
    url: str, sessions: int, steps: int, think: float, page: str = WATCH, brackets: int = 200
) -> Times:
    """Let everybody come, think for `think` seconds on average before each step, and go."""
    rng, times = np.random.default_rng(), Times([], [], [])
    async with asyncio.TaskGroup() as group:
        for seat in range(sessions):
            strings = [uniform_member(rng, brackets) for _ in range(steps)]
            pauses = [ARRIVAL * seat / sessions, *rng.uniform(think / 2, 1.5 * think, steps)]
            group.create_task(visit(url, page, strings, pauses, times))
    return times


def read_process(pid: int | None) -> tuple[float, float] | None:
    """Return a process's CPU seconds and the most memory it ever had, in MiB, if Linux tells."""
    try:
        ticks = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
        memory = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    except OSError:
        return None
    return memory and (sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK"), int(memory[1]) / 1024)


def come_early(url: str, page: str = WATCH) -> None:
    """Visit a page as a teacher does before the class, while the server gets ready to train."""
    asyncio.run(hold_class(url, 1, 1, 0, page))
    time.sleep(SETTLING)


def measure(url: str, pid: int | None, chosen: argparse.Namespace) -> list[Figure]:
    """Hold a class and return what it met with and what it cost the server."""
    come_early(url, chosen.page)
    before = read_process(pid)
    sizes = chosen.sessions, chosen.steps, chosen.think, chosen.page, chosen.brackets
    times = asyncio.run(hold_class(url, *sizes))
    after = read_process(pid)
    for error in sorted(set(times.errors)):
        print(error, file=sys.stderr)
    limit_of_step = TARGETS.get(chosen.page, INSIDE)
    figures = [
        Figure(name=f"{name}, {label}", value=1e3 * np.quantile(s, q), unit="ms", target=target)
        for name, s, limit in (("load", times.loads, None), ("step", times.steps, limit_of_step))
        for label, q, target in (("p50", 0.5, None), ("p95", 0.95, limit), ("worst", 1, None))
        if s
    ]
    figures.append(Figure(name="errors", value=len(times.errors), unit="", target=0))
    if before and after:
        cpu, runs = after[0] - before[0], max(1, len(times.loads) + len(times.steps))
        figures += [
            Figure(name="server, processor time", value=cpu, unit="s"),
            Figure(name="server, processor time a run", value=1000 * cpu / runs, unit="ms"),
            Figure(name="server, most memory", value=after[1], unit="MiB"),
            Figure(name="of it before the class came", value=before[1], unit="MiB"),
        ]
    return figures


def main() -> int:
    """Measure, print, and return the status."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--url", help="a server that runs already; else one is started")
    options.add_argument("--pid", type=int, help="the process of that server")
    options.add_argument("--page", default=WATCH, help="watch, why, trajectories, saturation, …")
    options.add_argument("--brackets", type=int, default=200, help="of a string")
    options.add_argument("--sessions", type=int, default=30)
    options.add_argument("--steps", type=int, default=8, help="strings that each one types")
    options.add_argument("--think", type=float, default=2.0, help="mean seconds before each")
    options.add_argument("--json", action="store_true", help="print JSON instead of a table")
    chosen = options.parse_args()
    running = nullcontext((chosen.url, chosen.pid)) if chosen.url else serve()
    with running as server:
        figures = measure(*server, chosen)
    return report(figures, chosen.json, f"streamlit {streamlit.__version__}")


if __name__ == "__main__":
    sys.exit(main())
