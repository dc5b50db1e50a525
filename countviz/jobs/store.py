"""The list of jobs: one SQLite table, and every step that a job can take.

Whoever trains a job holds a claim on it. A claim has a number, which grows whenever the job is
claimed, and only the holder of the latest one can move the job on: a process that was taken for
dead and is not can do no harm. Whether a holder still lives is told by its heartbeat, a mere count;
who watches it uses a clock of his own, so that nobody's clock can be wrong.

The journal is a rollback journal, because write-ahead logs could lose data before SQLite 3.51.3
(sqlite.org/wal.html). It is kept between transactions, so that on a full disk, too, a job can be
said to have failed.
"""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from countviz.jobs import problems
from countviz.jobs.problems import JobProblem, QueueFull

VERSION = 1  # of the table
MOST_WAITING = 60
MOST_A_SESSION = 2  # one that runs and one that waits
MOST_ATTEMPTS = 3  # without finishing an epoch
LATEST = 100  # how many of the jobs that are no longer under way are listed
PATIENCE = 5.0  # seconds that a transaction waits for another
_SCHEMA = """
CREATE TABLE job (
    id TEXT PRIMARY KEY,
    request TEXT NOT NULL,               -- what is to be trained, as JSON
    epochs INTEGER NOT NULL,             -- how many there are to train
    session TEXT NOT NULL,               -- who asked first
    state TEXT NOT NULL CHECK
        (state IN ('queued', 'running', 'paused', 'done', 'failed', 'cancelled')),
    ticket INTEGER NOT NULL,             -- the smallest of those that wait is next
    claim INTEGER NOT NULL DEFAULT 0,
    beat INTEGER NOT NULL DEFAULT 0,
    attempt INTEGER NOT NULL DEFAULT 0,  -- how often it was cut off since its last epoch
    epoch INTEGER NOT NULL DEFAULT -1,   -- the last one that is on disk
    stop_at INTEGER NOT NULL,
    pace REAL,                           -- seconds an epoch
    error TEXT NOT NULL DEFAULT '',
    family TEXT,
    created REAL NOT NULL,               -- seconds since 1970, for people only
    updated REAL NOT NULL
) STRICT
"""
_HELD = "WHERE id = :id AND claim = :claim AND state = 'running'"


class Claim(NamedTuple):
    """The right to train a job, until somebody else claims it."""

    id: str
    number: int


def most_running() -> int:
    """Return how many jobs may run at a time: ``COUNTVIZ_WORKERS``, else all processors but one."""
    wished = os.environ.get("COUNTVIZ_WORKERS", "")
    return max(1, int(wished) if wished.isdigit() else (os.cpu_count() or 2) - 1)


class JobStore:
    """The table of jobs in a data folder; it is made when the first job comes."""

    def __init__(self, root: Path) -> None:
        self.file = root / "jobs.sqlite3"

    # What people do

    def submit(self, id: str, request: str, epochs: int, session: str) -> None:
        """Let a job wait, unless it does already, runs or is done.

        Raises
        ------
        QueueFull
            If too many wait, or the session has too many under way.

        """
        with self._write() as table:
            known = table.execute("SELECT state FROM job WHERE id = ?", [id]).fetchone()
            if known and known["state"] in ("queued", "running", "done"):
                return
            self._check_room(table, session)
            table.execute(
                "INSERT INTO job (id, request, epochs, session, state, ticket, stop_at, created,"
                " updated) VALUES (:id, :request, :epochs, :session, 'queued',"
                " (SELECT IFNULL(MAX(ticket), 0) + 1 FROM job), :epochs, :now, :now)"
                " ON CONFLICT (id) DO UPDATE SET state = 'queued', session = :session,"
                " ticket = excluded.ticket, attempt = 0, error = '', stop_at = :epochs,"
                " updated = :now",
                {"id": id, "request": request, "epochs": epochs, "session": session, "now": _now()},
            )

    def _check_room(self, table: sqlite3.Connection, session: str) -> None:
        """Refuse one more waiting job where there is no room for it."""
        counting = "SELECT COUNT(*) FROM job WHERE state = 'queued'"
        waiting = table.execute(counting).fetchone()[0]
        if waiting >= MOST_WAITING:
            raise QueueFull(problems.QUEUE_FULL.format(count=waiting))
        counting = "SELECT COUNT(*) FROM job WHERE session = ? AND state IN ('queued', 'running')"
        own = table.execute(counting, [session]).fetchone()[0]
        if own >= MOST_A_SESSION:
            raise QueueFull(problems.SESSION_FULL.format(count=own))

    def cancel(self, id: str) -> bool:
        """End a job that waits, runs or is paused; whoever trains it learns it from the table."""
        return self._set("state = 'cancelled'", "state IN ('queued', 'running', 'paused')", id=id)

    def pause(self, id: str) -> bool:
        """Halt a job that waits or runs; it goes on after the last epoch on disk."""
        return self._set("state = 'paused'", "state IN ('queued', 'running')", id=id)

    def reopen(self, id: str) -> bool:
        """Make a job that was done an unfinished one, because its family is no longer there."""
        return self._set("state = 'paused', family = NULL", "state = 'done'", id=id)

    def resume(self, id: str) -> bool:
        """Let a job that was halted, ended or has failed wait again, at the end of the line."""
        return self._set(
            "state = 'queued', attempt = 0, error = '',"
            " ticket = (SELECT MAX(ticket) + 1 FROM job),"
            " stop_at = CASE WHEN epoch >= stop_at THEN epochs ELSE stop_at END",
            "state IN ('paused', 'failed', 'cancelled')",
            id=id,
        )

    def stop_at(self, id: str, epoch: int) -> bool:
        """Choose the epoch after which an unfinished job halts; its last one lets it finish."""
        return self._set("stop_at = MIN(:epoch, epochs)", "state <> 'done'", id=id, epoch=epoch)

    def _set(self, change: str, condition: str, **values: object) -> bool:
        return self._update(f"{change} WHERE id = :id AND {condition}", values)

    # What whoever trains does

    def claim(self, id: str | None = None) -> Claim | None:
        """Claim a waiting job, by default the one that is next; None if there is none."""
        if not self._select("WHERE state = 'queued' LIMIT 1"):
            return None
        with self._write() as table:
            row = table.execute(
                "UPDATE job SET state = 'running', claim = claim + 1, beat = 0, updated = :now"
                " WHERE id = (SELECT id FROM job WHERE state = 'queued'"
                " AND :id IN ('', id) ORDER BY ticket LIMIT 1) RETURNING id, claim",
                {"id": id or "", "now": _now()},
            ).fetchone()
        return Claim(*row) if row else None

    def beat(self, claim: Claim) -> bool:
        """Give a sign of life; False if the claim is no longer good."""
        return self._advance(claim, "beat = beat + 1")

    def record(self, claim: Claim, epoch: int, pace: float | None) -> bool:
        """Note that an epoch is on disk, and how many seconds it took if it was a usual one."""
        change = "epoch = :epoch, pace = IFNULL(:pace, pace), attempt = 0, beat = beat + 1"
        return self._advance(claim, change, epoch=epoch, pace=pace)

    def finish(self, claim: Claim, family: str) -> bool:
        """Note that a job is done and its family saved."""
        return self._advance(claim, "state = 'done', error = '', family = :family", family=family)

    def halt(self, claim: Claim) -> bool:
        """Note that a job has come to the epoch at which it was to stop."""
        return self._advance(claim, "state = 'paused'")

    def fail(self, claim: Claim, error: str) -> bool:
        """Note that a job has failed, and why."""
        return self._advance(claim, "state = 'failed', error = :error", error=error)

    def release(self, claim: Claim, *, blame: bool = True) -> bool:
        """Let a job wait again whose training was cut off; with blame only so many times."""
        return self._advance(
            claim,
            "attempt = attempt + :blame,"
            " state = CASE WHEN attempt + :blame < :most THEN 'queued' ELSE 'failed' END,"
            " error = CASE WHEN attempt + :blame < :most THEN '' ELSE :error END",
            blame=int(blame),
            most=MOST_ATTEMPTS,
            error=problems.GAVE_UP.format(count=MOST_ATTEMPTS),
        )

    def _advance(self, claim: Claim, change: str, **values: object) -> bool:
        return self._update(f"{change} {_HELD}", {"id": claim.id, "claim": claim.number, **values})

    def _update(self, clauses: str, values: dict[str, object]) -> bool:
        with self._write() as table:
            sql = f"UPDATE job SET updated = :now, {clauses}"
            return table.execute(sql, {"now": _now(), **values}).rowcount == 1

    # What anybody sees

    def find(self, id: str) -> sqlite3.Row | None:
        """Return a job's row."""
        rows = self._select("WHERE id = ?", id)
        return rows[0] if rows else None

    def rows(self, id: str = "") -> list[sqlite3.Row]:
        """Return the rows of a job, of all that are under way and of the latest, by ticket."""
        return self._select(
            "WHERE id = ? OR state IN ('queued', 'running')"
            " OR id IN (SELECT id FROM job ORDER BY updated DESC LIMIT ?) ORDER BY ticket",
            id,
            LATEST,
        )

    def running(self) -> list[sqlite3.Row]:
        """Return the rows of the jobs that run."""
        return self._select("WHERE state = 'running'")

    def restore(self, id: str, request: str, epochs: int, epoch: int, family: str | None) -> None:
        """Enter a job that only its files still tell of: done with a family, else paused."""
        with self._write() as table:
            table.execute(
                "INSERT OR IGNORE INTO job (id, request, epochs, session, state, ticket, epoch,"
                " stop_at, family, created, updated) VALUES (:id, :request, :epochs, '', :state,"
                " (SELECT IFNULL(MAX(ticket), 0) + 1 FROM job), :epoch, :epochs, :family, :now,"
                " :now)",
                {"id": id, "request": request, "epochs": epochs, "epoch": epoch, "family": family}
                | {"state": "done" if family else "paused", "now": _now()},
            )

    def _select(self, clauses: str, *values: object) -> list[sqlite3.Row]:
        if not self.file.exists():
            return []
        with self._open("rw") as table:
            if _check_version(table) == 0:
                return []
            return table.execute(f"SELECT * FROM job {clauses}", values).fetchall()

    @contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
        """Change the table in one transaction, or not at all."""
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise JobProblem(problems.explain(error)) from error
        with self._open("rwc") as table:
            table.execute("PRAGMA journal_mode = PERSIST")
            table.execute("PRAGMA synchronous = FULL")
            table.execute("BEGIN IMMEDIATE")
            if _check_version(table) == 0:
                table.execute(_SCHEMA)
                table.execute(f"PRAGMA user_version = {VERSION}")
            yield table
            table.execute("COMMIT")

    @contextmanager
    def _open(self, mode: str) -> Iterator[sqlite3.Connection]:
        """Open the table for a moment; closing it undoes what was not committed."""
        table = None
        try:
            address = f"{self.file.absolute().as_uri()}?mode={mode}"
            table = sqlite3.connect(address, uri=True, timeout=PATIENCE, isolation_level=None)
            table.row_factory = sqlite3.Row
            yield table
        except sqlite3.Error as error:
            raise JobProblem(problems.explain(error)) from error
        finally:
            if table is not None:
                table.close()


def _check_version(table: sqlite3.Connection) -> int:
    """Return the table's version, 0 if there is none yet; a later one than ours is refused."""
    found = table.execute("PRAGMA user_version").fetchone()[0]
    if found > VERSION:
        raise JobProblem(problems.NEWER_LIST.format(found=found, known=VERSION))
    return found


def _now() -> float:
    return time.time()
