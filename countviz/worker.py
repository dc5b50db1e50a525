"""The process that trains: ``python -m countviz.worker JOB``, or without JOB as it is told.

It may be killed at any moment: an epoch is on disk whole or not at all, and whoever trains the job
next goes on after the last one. So it has nothing to tidy up, and to cancel a job is to kill it.

``--supervise`` makes it the one process that hands waiting jobs to others; see ``supervisor``.
"""

import ctypes
import logging
import os
import select
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from countviz.folders import data_folder
from countviz.jobs.problems import JobProblem, explain
from countviz.jobs.store import Claim, JobStore
from countviz.jobs.supervisor import supervise

HEARTBEAT = 1.0  # seconds
QUIET = 1.0  # seconds without a job after which there is time to get ready
MEMORY = 4 * 2**30  # bytes of address space
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG
_LOG = logging.getLogger("countviz.worker")


def main(argv: Sequence[str]) -> int:
    """Train the job that is named, or one after the other as standard input names them."""
    logging.basicConfig(format="%(asctime)s %(name)s %(message)s")
    if list(argv) == ["--supervise"]:
        return supervise(data_folder())
    store = JobStore(data_folder())
    _be_modest()
    if not argv:
        return _work_as_told(store)
    claim = store.claim(argv[0])
    if claim is None:
        print(f"there is no waiting job {argv[0]}", file=sys.stderr)
        return 2
    return work_off(store, claim)


def _be_modest() -> None:
    """Let everything else go first, and bound the memory."""
    if os.name == "posix":
        os.nice(10)
        if hasattr(os, "SCHED_IDLE"):  # Linux: a page that wants the processor gets it at once
            os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
        _bound_memory(MEMORY)


def _bound_memory(size: int | None = None) -> None:
    """Bound the address space, in bytes; None lifts the bound as far as the system lets."""
    if os.name == "posix":
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (most if size is None else size, most))


def _work_as_told(store: JobStore) -> int:
    """Get ready, and train what the supervisor writes to standard input; end when it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the supervisor
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    from countviz.jobs.run import get_ready  # which takes seconds

    if os.name == "posix" and not select.select([sys.stdin], [], [], QUIET)[0]:
        get_ready()
    for line in sys.stdin:
        id, number = line.split()
        if status := work_off(store, Claim(id, int(number))):
            return status
    return 0


def work_off(store: JobStore, claim: Claim) -> int:
    """Train a job to its end and return 0; whatever goes wrong is noted in the table.

    A status other than 0 says that nothing could be noted: the claim is then to be released.
    """
    with _heartbeat(store, claim):
        try:
            from countviz.jobs.run import run_job

            run_job(store, claim)
        except Exception as error:
            _bound_memory()  # to note that there was too little takes some, too
            _LOG.exception("job %s", claim.id)
            try:
                store.fail(claim, explain(error))
            except JobProblem:
                return 1
    return 0


@contextmanager
def _heartbeat(store: JobStore, claim: Claim) -> Iterator[None]:
    """Give a sign of life every second."""
    done = threading.Event()

    def beat() -> None:
        while not done.wait(HEARTBEAT):
            try:
                store.beat(claim)
            except JobProblem:
                continue  # the table was busy: the next beat will do

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
