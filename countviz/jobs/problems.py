"""What can go wrong with a job, as sentences for people: a code, what it means, what is kept.

None of them holds a path or a trace; those are for the log.
"""

import errno
import sqlite3

DISK_FULL = (
    "CV-301 The disk of the server is full. Earlier models and finished epochs are safe; "
    "make room and resume."
)
READ_ONLY = (
    "CV-302 The data folder of the server cannot be written to, so nothing can be trained here; "
    "the ready-made models can be used."
)
QUEUE_FULL = (
    "CV-303 The queue is full: {count} trainings are waiting. Try one of the ready-made models, or "
    "come back in some minutes."
)
SESSION_FULL = (
    "CV-304 You have {count} trainings under way, as many as one person may have. Wait for one to "
    "finish or cancel it; the ready-made models are there meanwhile."
)
LOCKED = "CV-305 The list of jobs is in use by others and did not answer; try again in a moment."
TIME_LIMIT = (
    "CV-306 The training took longer than the time limit of {minutes:.0f} minutes and was stopped. "
    "Finished epochs are safe; resume to go on."
)
OUT_OF_MEMORY = (
    "CV-307 The training needed more memory than one job may have. Finished epochs are safe; train "
    "fewer seeds or units."
)
UNKNOWN = (
    "CV-308 The training failed for a reason that nobody foresaw; the server's log has it. "
    "Finished epochs are safe; resume to try again."
)
GAVE_UP = (
    "CV-309 The training was cut off {count} times without finishing an epoch, so it is not tried "
    "again by itself. Finished epochs are safe; resume to try again."
)
NEWER_LIST = (
    "CV-310 The list of jobs was written by a newer countviz (format {found}; this one reads "
    "{known}); update countviz."
)
DAMAGED_LIST = (
    "CV-311 The list of jobs is damaged. Trained models are safe; `python -m countviz fsck` makes "
    "the list anew."
)
UNTRAINABLE = "CV-312 This cannot be trained: {reason}."
OUTDATED = (
    "CV-315 This was ordered from an earlier countviz, which trained differently; order it anew."
)
NO_JOB = "CV-313 There is no job {id}."
CLUSTER = (
    "CV-314 The cluster of computers that trains did not answer or failed. Finished epochs are "
    "safe; resume to try again."
)

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_SQLITE = {
    sqlite3.SQLITE_FULL: DISK_FULL,
    sqlite3.SQLITE_IOERR: DISK_FULL,
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: READ_ONLY,
    sqlite3.SQLITE_PERM: READ_ONLY,
    sqlite3.SQLITE_BUSY: LOCKED,
    sqlite3.SQLITE_LOCKED: LOCKED,
    sqlite3.SQLITE_CORRUPT: DAMAGED_LIST,
    sqlite3.SQLITE_NOTADB: DAMAGED_LIST,
}


class JobProblem(ValueError):
    """A coded sentence: what went wrong with a job, and what can be done."""


class QueueFull(JobProblem):
    """No more jobs are accepted now, of anybody or of this session."""


def explain(error: BaseException) -> str:
    """Return the coded sentence for an error.

    >>> explain(OSError(28, "No space left on device"))[:6], explain(KeyError("x"))[:6]
    ('CV-301', 'CV-308')
    """
    if isinstance(error, JobProblem):
        return str(error)
    if isinstance(error, MemoryError) or "allocate memory" in str(error):
        return OUT_OF_MEMORY
    if isinstance(error, sqlite3.Error):
        return _SQLITE.get((getattr(error, "sqlite_errorcode", None) or 0) & 0xFF, UNKNOWN)
    if isinstance(error, OSError):
        return DISK_FULL if error.errno in _FULL else READ_ONLY if _refused(error) else UNKNOWN
    return UNKNOWN


def _refused(error: OSError) -> bool:
    return error.errno in (errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOTDIR)
