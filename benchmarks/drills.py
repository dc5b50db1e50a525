"""Kill what trains on demand, fill its disk, and count what was lost: it should be nothing.

``python -m benchmarks.drills`` takes about five minutes; Linux only. ``--only`` runs one drill.
"""

import argparse
import contextlib
import os
import random
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from benchmarks.figures import Figure, report
from countviz.checkpoints import FAMILIES, load_family
from countviz.durable import DRAFT
from countviz.jobs import Job, Order, Queue
from countviz.jobs.epoch_files import job_folder, list_epochs, read_epoch, write_epoch
from countviz.jobs.store import MOST_ATTEMPTS, JobStore
from countviz.jobs.supervisor import Supervisor
from countviz.models import Spec, Training
from countviz.training import train
from countviz.weight_files import BadFile
from countviz.worker import work_off

ROOT = Path(__file__).resolve().parents[1]
UNDER_WAY = "queued", "running"
CHANCE = random.Random(0)


def small_order(data_seed: int, epochs: int = 60, seeds: int = 32, units: int = 1) -> Order:
    """Return an order whose epochs take some hundredths of a second."""
    strings = {"train_strings": 3_000, "validation_strings": 500, "distinct": False}
    recipe = Training(epochs=epochs, longest=30, data_seed=data_seed, **strings)
    spec = Spec(language="anbn", cell="lstm", units=units, recipe=recipe)
    return Order(spec=spec, seeds=range(seeds))


def wait(condition: Callable[[], object], seconds: float = 300, tick=lambda: time.sleep(0.01)):
    """Return the first true value of a condition."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise TimeoutError("a drill did not come to its end")
        tick()
    return value


def count_lost(queue: Queue, orders: list[Order]) -> tuple[int, int]:
    """Return how many jobs are not done, and how many families are not what training gives."""
    jobs = [queue.find(order.identity) for order in orders]
    lost = sum(job is None or job.state != "done" for job in jobs)
    wrong = sum(differs(queue, job) for job in jobs if job and job.state == "done")
    return lost, wrong


def differs(queue: Queue, job: Job) -> bool:
    """Whether a family is not, bit by bit, that of training without any interruption."""
    family = load_family(job.family, queue.root / FAMILIES)
    whole = train(job.order.spec, job.order.seeds, job.family)
    pairs = ((family.weights[name], whole.weights[name]) for name in whole.weights)
    return not all(np.array_equal(*pair) for pair in pairs)


def kill_workers(root: Path, kills: int = 40) -> list[Figure]:
    """Kill a worker at a moment by chance, again and again, while six jobs are under way.

    A job that is cut off three times without finishing an epoch is given up, which is right and is
    said; so it is not killed a third time before it has finished one.
    """
    queue, supervisor = Queue(root), Supervisor(root, limit=2)
    orders = [small_order(number) for number in range(6)]
    for order in orders:
        queue.submit(order, order.identity)
    killed = repeats = 0
    done_by: dict[str, int] = {}

    def tick() -> None:
        nonlocal repeats
        supervisor.tick()
        for row in supervisor.store.rows():
            if row["state"] == "done":
                repeats += done_by.setdefault(row["id"], row["claim"]) != row["claim"]
        time.sleep(0.02)

    while killed < kills:
        until = time.monotonic() + CHANCE.uniform(0.1, 1.0)
        wait(lambda until=until: time.monotonic() > until, tick=tick)
        rows = {row["id"]: row for row in supervisor.store.running()}
        busy = [worker for worker in supervisor.workers if worker.claim and worker.claim.id in rows]
        busy = [one for one in busy if rows[one.claim.id]["attempt"] < MOST_ATTEMPTS - 1]
        if busy:
            CHANCE.choice(busy).process.kill()
            killed += 1
        elif not any(job.state in UNDER_WAY for job in queue.list()):
            orders.append(small_order(len(orders)))
            queue.submit(orders[-1], "more")
    wait(lambda: not any(job.state in UNDER_WAY for job in queue.list()), tick=tick)
    supervisor.stop()
    lost, wrong = count_lost(queue, orders)
    return [
        Figure(name=f"kill -9 of a worker, with {len(orders)} jobs", value=killed, unit="times"),
        Figure(name="  jobs lost", value=lost, unit="jobs", target=0),
        Figure(name="  jobs done twice", value=repeats, unit="jobs", target=0),
        Figure(name="  jobs whose weights are other ones", value=wrong, unit="jobs", target=0),
    ]


@contextlib.contextmanager
def serve(root: Path) -> Iterator[subprocess.Popen]:
    """Run the dashboard on a free port, with a data folder of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={port}"]
    environment = {
        **os.environ,
        "COUNTVIZ_DATA": str(root),
        "STREAMLIT_SERVER_HEADLESS": "true",
    }
    options = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, **options)
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def kill_servers(root: Path, kills: int = 5) -> list[Figure]:
    """Kill the server, not the processes beneath it, while four jobs are under way."""
    queue, orders, pauses = Queue(root), [small_order(n, epochs=100) for n in range(4)], []
    for order in orders:
        queue.submit(order, order.identity)

    def finished() -> int:
        return sum(max(0, job.epoch) for job in queue.list())

    for _ in range(kills):
        with serve(root) as server:
            began, before = time.monotonic(), finished()
            wait(lambda before=before: finished() > before)
            pauses.append(time.monotonic() - began)
            time.sleep(CHANCE.uniform(0, 1))
            server.kill()
    with serve(root):
        wait(lambda: not any(job.state in UNDER_WAY for job in queue.list()))
    lost, wrong = count_lost(queue, orders)
    return [
        Figure(name=f"kill -9 of the server, with {len(orders)} jobs", value=kills, unit="times"),
        Figure(name="  jobs lost", value=lost, unit="jobs", target=0),
        Figure(name="  jobs whose weights are other ones", value=wrong, unit="jobs", target=0),
        Figure(name="  from its start to the next epoch, at most", value=max(pauses), unit="s"),
    ]


def fork(work: Callable[[], None]) -> int:
    """Run something in a copy of this process, and return its id."""
    if pid := os.fork():
        return pid
    with contextlib.suppress(BaseException):
        work()
    os._exit(0)


def kill_writers(root: Path, kills: int = 200) -> list[Figure]:
    """Kill a process that writes epochs of 300 kB and says so after each."""
    arrays = {"weights": np.zeros((32, 2_300), np.float32)}
    lost = unreadable = acknowledged = 0
    for number in range(kills):
        folder = job_folder(root, f"{number:012x}")
        reading, writing = os.pipe()

        def write(folder: Path = folder, writing: int = writing) -> None:
            for epoch in range(10_000):
                write_epoch(folder, epoch, arrays | {"epoch": np.array([epoch])})
                os.write(writing, b".")

        pid = fork(write)
        os.close(writing)
        time.sleep(CHANCE.uniform(0.005, 0.05))
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        with os.fdopen(reading, "rb") as said:
            noted = len(said.read())
        acknowledged += noted
        there = list_epochs(folder)
        lost += sum(epoch not in there for epoch in range(noted))
        for epoch in there:
            try:
                read_epoch(folder, epoch)
            except BadFile:
                unreadable += 1
    drafts = len(list(root.glob(f"**/{DRAFT}*")))
    return [
        Figure(name="kill -9 while writing", value=kills, unit="times"),
        Figure(name="  epochs acknowledged", value=acknowledged, unit="files"),
        Figure(name="  of these lost", value=lost, unit="files", target=0),
        Figure(name="  epochs that cannot be read", value=unreadable, unit="files", target=0),
        Figure(name="  drafts left, to be swept after an hour", value=drafts, unit="files"),
    ]


def spoil(
    root: Path, name: str, code: str, limit: Callable[[], None], seeds: int = 32, units: int = 1
) -> list[Figure]:
    """Train a job to its end, then another one under a limit that it must run into."""
    queue, store = Queue(root), JobStore(root)
    earlier, later = small_order(0, epochs=2), small_order(1, seeds=seeds, units=units)
    for order in (earlier, later):  # not through the queue, which would see that there is no room
        epochs = order.spec.recipe.epochs
        store.submit(order.identity, order.model_dump_json(), epochs, order.identity)
    work_off(store, store.claim())

    def work() -> None:
        limit()
        work_off(store, store.claim())

    os.waitpid(fork(work), 0)
    job = queue.find(later.identity)
    noted = (job.state, job.error[:6]) == ("failed", code)
    lost, wrong = count_lost(queue, [earlier])
    sound = [queue.epoch_arrays(job.id, epoch) for epoch in queue.recorded(job.id)]
    return [
        Figure(name=f"{name}: said as {code}", value=noted, unit="yes", target=1, at_least=True),
        Figure(name="  earlier families harmed", value=lost + wrong, unit="families", target=0),
        Figure(name="  epochs of the failed job, all sound", value=len(sound), unit="files"),
    ]


def limit_files(root: Path) -> list[Figure]:
    """Let no file grow beyond 128 kB."""

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (2**17, 2**17))

    return spoil(root, "RLIMIT_FSIZE", "CV-301", limit)


def limit_memory(root: Path) -> list[Figure]:
    """Let a process have 12 MB more than it has, for 128 seeds of 16 units."""

    def limit() -> None:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        size = pages * resource.getpagesize() + 12 * 2**20
        resource.setrlimit(resource.RLIMIT_AS, (size, resource.RLIM_INFINITY))

    return spoil(root, "RLIMIT_AS", "CV-307", limit, seeds=128, units=16)


def fill_disk(root: Path) -> list[Figure]:
    """Train on a disk of 1 MB until it is full; needs the right to mount one."""
    mount = ["mount", "-t", "tmpfs", "-o", "size=1M", "tmpfs", str(root)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        return [Figure(name="full disk: none could be mounted", value=0, unit="disks")]
    try:
        return spoil(root, "full disk", "CV-301", lambda: None)
    finally:
        subprocess.run(["umount", str(root)], check=False)


DRILLS = {
    "workers": kill_workers,
    "servers": kill_servers,
    "writers": kill_writers,
    "files": limit_files,
    "memory": limit_memory,
    "disk": fill_disk,
}


def main() -> int:
    """Run the drills and print what they found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=DRILLS)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    figures = []
    for name, drill in DRILLS.items():
        if options.only in (None, name):
            with tempfile.TemporaryDirectory() as folder:
                figures += drill(Path(folder))
    return report(figures, options.json)


if __name__ == "__main__":
    sys.exit(main())
