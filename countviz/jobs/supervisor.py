"""Hand waiting jobs to workers, and end workers whose job is no longer theirs.

One supervisor works at a time in a data folder; another one waits for its turn. It reads the table
several times a second and starts processes; it trains nothing and imports little. It ends with
whoever holds the other end of its standard input, and its workers end with it.
"""

import contextlib
import logging
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from countviz.durable import remove_leftovers
from countviz.jobs.problems import TIME_LIMIT, JobProblem
from countviz.jobs.store import Claim, JobStore, most_running

TICK = 0.2  # seconds between two looks at the table
LEASE = 6.0  # seconds without a heartbeat until a worker counts as dead
LONGEST_RUN = 900.0  # seconds that a job may take
_ROOT = Path(__file__).resolve().parents[2]
_LOG = logging.getLogger("countviz.jobs.supervisor")


@dataclass
class Worker:
    """A process that trains what its standard input names: a claim since some moment, or none."""

    process: subprocess.Popen
    claim: Claim | None = None
    since: float = 0.0


@dataclass
class Supervisor:
    """The workers of a data folder, and what was last seen of jobs that are in other hands."""

    root: Path
    limit: int = field(default_factory=most_running)
    longest_run: float = LONGEST_RUN
    workers: list[Worker] = field(default_factory=list)
    seen: dict[tuple[str, int, int], float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.store = JobStore(self.root)

    def tick(self) -> None:
        """Bring the workers in line with the table, and the table in line with the workers."""
        for worker in [*self.workers]:
            self._check(worker, time.monotonic())
        self._release_abandoned(time.monotonic())
        self._keep_one_ready()
        self._hand_out()

    def _check(self, worker: Worker, now: float) -> None:
        """Let go of a worker that has ended, or of one whose claim is no longer good."""
        if worker.process.poll() is not None:
            if worker.claim:
                self.store.release(worker.claim)
            self._end(worker)
        elif worker.claim:
            state = self._state_of(worker.claim)
            if state == "done":
                worker.claim = None
            elif state != "running":
                self._end(worker)
            elif now - worker.since > self.longest_run:
                self.store.fail(worker.claim, TIME_LIMIT.format(minutes=self.longest_run / 60))
                self._end(worker)

    def _state_of(self, claim: Claim) -> str | None:
        """Return the state of a claimed job; None if the claim is no longer good."""
        row = self.store.find(claim.id)
        return row["state"] if row and row["claim"] == claim.number else None

    def _release_abandoned(self, now: float) -> None:
        """Let jobs wait again that nobody here trains and that give no sign of life."""
        own = {worker.claim for worker in self.workers}
        rows = [(row["id"], row["claim"], row["beat"]) for row in self.store.running()]
        foreign = [row for row in rows if Claim(*row[:2]) not in own]
        self.seen = {row: self.seen.get(row, now) for row in foreign}
        for (id, number, _), since in self.seen.items():
            if now - since > LEASE:
                self.store.release(Claim(id, number))

    def _keep_one_ready(self) -> None:
        """Keep one idle worker, which has imported everything when a job comes."""
        idle = [worker for worker in self.workers if not worker.claim]
        for worker in idle[1:]:
            self._end(worker)
        if not idle:
            command = [sys.executable, "-m", "countviz.worker"]
            environment = {**os.environ, "COUNTVIZ_DATA": str(self.root), "OMP_NUM_THREADS": "1"}
            process = subprocess.Popen(
                command, stdin=subprocess.PIPE, cwd=_ROOT, env=environment, text=True
            )
            self.workers.append(Worker(process))

    def _hand_out(self) -> None:
        """Give the next waiting job to the idle worker, if not too many are at work."""
        for worker in self.workers:
            busy = sum(other.claim is not None for other in self.workers)
            if worker.claim is None and busy < self.limit and (claim := self.store.claim()):
                worker.claim, worker.since = claim, time.monotonic()
                with contextlib.suppress(BrokenPipeError):  # it has just ended: seen next time
                    print(*claim, file=worker.process.stdin, flush=True)

    def _end(self, worker: Worker) -> None:
        self.workers.remove(worker)
        with contextlib.suppress(BrokenPipeError), worker.process:  # which closes and waits
            worker.process.kill()

    def stop(self) -> None:
        """End all workers; their jobs wait for the next supervisor."""
        for worker in [*self.workers]:
            self._end(worker)
            if worker.claim:
                with contextlib.suppress(JobProblem):  # else they are found abandoned
                    self.store.release(worker.claim, blame=False)


def supervise(root: Path) -> int:
    """Supervise the jobs of a data folder until standard input ends."""
    ended, said = _watch_input(), ""
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, lambda number, frame: ended.set())
    supervisor = Supervisor(root)
    with _sole_supervisor(root, ended) as alone:
        try:
            while alone and not ended.wait(TICK):
                try:
                    supervisor.tick()
                except (JobProblem, OSError) as problem:  # a full disk, a busy table: it may pass
                    if str(problem) != said:
                        _LOG.error("%s", said := str(problem))
                    ended.wait(1)
        finally:
            supervisor.stop()
    return 0


def _watch_input() -> threading.Event:
    """Return an event that comes when the process at the other end of a pipe has ended."""
    ended = threading.Event()
    if stat.S_ISFIFO(os.fstat(sys.stdin.fileno()).st_mode):

        def wait() -> None:
            sys.stdin.buffer.read()
            ended.set()

        threading.Thread(target=wait, daemon=True).start()
    return ended


@contextlib.contextmanager
def _sole_supervisor(root: Path, ended: threading.Event) -> Iterator[bool]:
    """Wait until no other process supervises this folder; False if the wait was in vain.

    The lock is a transaction, which SQLite lets go of on every system when its process ends.
    """
    lock = None
    while not ended.wait(TICK):
        with contextlib.suppress(OSError, sqlite3.Error):
            root.mkdir(parents=True, exist_ok=True)
            lock = sqlite3.connect(root / "supervisor.lock", timeout=0, isolation_level=None)
            lock.execute("BEGIN EXCLUSIVE")
            remove_leftovers(root)
            break
    yield not ended.is_set()
    if lock is not None:
        lock.close()
